//! `vars` of a step.

use super::{codes, file, report, step};

#[test]
fn every_form_takes_them() {
    let steps = "- {id: a, vars: {v: 1}, run: x, env: {V: '{{ vars.v }}'}, outputs: {o: '{{ vars.v }}'}}\n\
        - {id: b, vars: {v: 1}, if: vars.v == 1, uses: noop}\n\
        - {id: c, vars: {v: 1}, set: {x: '{{ vars.v }}'}}\n\
        - {id: d, vars: {v: '2026-12-01T07:00:00Z'}, wait: {until: '{{ vars.v }}'}}\n\
        - {id: e, vars: {v: 1}, wait: {event: e, match: event.data == vars.v}}\n\
        - {id: f, vars: {v: 1}, steps: [{id: f1, set: {y: '{{ vars.v }}'}}], outputs: {o: '{{ vars.v }}'}}\n\
        - {id: g, vars: {v: [1]}, for_each: '{{ vars.v }}', steps: [{id: g1, if: vars.v, uses: noop}]}\n\
        - {id: h, vars: {v: 1}, while: vars.v > 1, max_iterations: 2, steps: [{id: h1, uses: noop}]}\n\
        - {id: i, vars: {v: 1}, repeat: {count: 2, until: vars.v == 1}, steps: [{id: i1, uses: noop}]}\n\
        - {id: j, vars: {v: 1}, switch: '{{ vars.v }}', cases: {'1': [{id: j1, if: vars.v == 1, uses: noop}]}}\n\
        - {id: k, vars: {v: 1}, workflow: other, with: {n: '{{ vars.v }}'}}\n\
        - {id: l, vars: {v: [ann]}, approval: {message: '{{ vars.v }}?', approvers: '{{ vars.v }}'}}\n\
        - {id: m, vars: {v: 1}, uses: noop, lock: 'l{{ vars.v }}'}\n\
        - {id: n, vars: {v: 1}, run: x, compensate: {id: n1, set: {z: '{{ vars.v }}'}}}\n";
    assert_eq!(report(&file(steps)), "");
    assert_eq!(step(&file(steps), "l").vars.len(), 1);
}

#[test]
fn they_see_what_the_step_sees_without_them() {
    let good = "- {id: a, uses: noop}\n\
        - {id: b, vars: {a: '{{ steps.a.output }}'}, steps: [{id: c, vars: {a: '{{ vars.a }}', d: '{{ vars.a }}'}, set: {x: '{{ vars.d }}'}}]}\n\
        - {id: e, for_each: [1], steps: [{id: f, vars: {n: '{{ item }}{{ loop.index }}'}, set: {y: '{{ vars.n }}'}}]}\n";
    assert_eq!(report(&file(good)), "");
    let bad = "- {id: a, vars: {n: 1, m: '{{ vars.n }}', me: '{{ vars.me }}'}, uses: noop}\n\
        - {id: b, vars: {late: '{{ steps.d.output }}', itself: '{{ steps.b.output }}'}, uses: noop}\n\
        - {id: c, vars: {i: '{{ item }}', o: '{{ output }}', s: '{{ always() }}', t: '{{ vars.inner }}'}, for_each: [1], steps: [{id: c1, set: {inner: 1}}]}\n\
        - {id: d, set: {x: '{{ vars.n }}', y: '{{ vars.lable }}'}, vars: {label: 1, me: 1}}\n";
    let bad = file(bad)
        + "outputs: {o: '{{ vars.label }}'}\nconcurrency: {limit: 1, key: '{{ vars.label }}'}\n";
    insta::assert_snapshot!(report(&bad), @"
    4:31 RPA0313 `vars.n` stands in the same `vars`, whose values do not see each other
        write its expression out here, or put a group with `vars` around the step
    4:51 RPA0313 `vars.me` stands in the same `vars`, whose values do not see each other
        write its expression out here, or put a group with `vars` around the step
    5:28 RPA0310 step `d` need not have ended when this is read
        move step d above step b
    5:60 RPA0310 step `b` names itself
        in a step's `outputs`, write `output` for what it gave
    6:25 RPA0313 `item` is known only where something is computed for each item
        for_each has it in its `steps`, and data.transform with `each` in `value` and `where`
    6:42 RPA0313 `output` is known only in the `outputs` of a step
        elsewhere, write steps.ID.output
    6:61 RPA0313 always() belongs in if:
        a field has the value it has, whatever failed before
    6:82 RPA0313 `vars.inner` is set by step `c1`, which need not have ended when this is read
        add c1 to `needs` of step c, or declare inner in `variables`
    7:24 RPA0313 `vars.n` is known only in step `a`, whose `vars` have it
        write it in the `vars` of a step around both, or declare n in `variables`
    7:43 RPA0313 there is no variable `lable`
        did you mean vars.label?
    9:18 RPA0313 `vars.label` is known only in step `d`, whose `vars` have it
        give d `outputs` with it, and read steps.d.output.label
    10:34 RPA0313 `vars.label` is known only in step `d`, whose `vars` have it
        declare label in `variables`
    ");
}

#[test]
fn they_have_names_and_are_some() {
    for steps in [
        "- {id: a, vars: {}, uses: noop}",
        "- {id: a, vars: [], uses: noop}",
        "- {id: a, vars: '{{ vars.x }}', uses: noop}",
        "- {id: a, vars: null, uses: noop}",
    ] {
        assert_eq!(codes(steps), ["RPA0305"], "{steps}");
    }
    assert_eq!(codes("- {id: a, vars: {a-b: 1}, uses: noop}"), ["RPA0306"]);
    assert_eq!(codes("- {id: a, vars: {a: '{{ 1 / }}'}, uses: noop}"), ["RPA0312"]);
    for key in ["locals", "variables", "let"] {
        let told = report(&file(&format!("- {{id: a, {key}: {{a: 1}}, uses: noop}}")));
        assert!(told.contains("did you mean \"vars\"?"), "{told}");
    }
}

#[test]
fn set_writes_none_of_them() {
    let steps = "- {id: a, vars: {n: 1}, set: {n: 2}}\n\
        - {id: b, vars: {n: 1}, steps: [{id: c, set: {n: 2, m: 3}}], compensate: {id: u, set: {n: 5}}}\n\
        - {id: d, set: {n: 4}}\n";
    insta::assert_snapshot!(report(&file(steps)), @"
    4:31 RPA0306 `set` cannot write `n`: here it is a name that the `vars` of step `a` give an expression
        set a variable of another name, or rename the one in `vars`
    5:47 RPA0306 `set` cannot write `n`: here it is a name that the `vars` of step `b` give an expression
        set a variable of another name, or rename the one in `vars`
    5:88 RPA0306 `set` cannot write `n`: here it is a name that the `vars` of step `b` give an expression
        set a variable of another name, or rename the one in `vars`
    ");
}

#[test]
fn a_secret_is_seen_through_them() {
    let source = file(
        "- id: a\n  vars: {key: '{{ secrets.k }}', mine: '{{ vars.token }}', plain: 1}\n  steps:\n\
        \x20 - {id: b, vars: {deep: '{{ vars.key }}x'}, run: x, env: {K: '{{ vars.deep }}', M: '{{ vars.mine }}'}, outputs: {o: '{{ vars.deep }}', p: '{{ vars.plain }}'}}\n\
        \x20 - {id: c, if: vars.mine == 'x', uses: noop}\n\
        \x20 - {id: d, set: {held: '{{ vars.key }}'}}\n\
        \x20 - {id: e, vars: {h: '{{ vars.held }}', key: 1}, uses: noop, lock: '{{ vars.h }}', if: vars.key == 1}\n\
        \x20 - {id: f, approval: '{{ vars.key }}'}\n\
        \x20 - {id: g, vars: {token: 1}, set: {pass: '{{ vars.key }}', token: '{{ vars.mine }}'}}\n\
        \x20 - {id: h, set: {pass: '{{ vars.plain }}'}}\n",
    ) + "variables: {token: {type: secret}, pass: {type: secret}}\n";
    insta::assert_snapshot!(report(&source), @r#"
    7:122 RPA0320 `vars.deep` is secret and cannot be used in a step's `outputs`
        a secret goes to `env`, to the `with` of a task that acts outside, or to `set`
    8:17 RPA0320 `vars.mine` is secret and cannot be used in `if`
        a secret goes to `env`, to the `with` of a task that acts outside, or to `set`
    10:73 RPA0320 `vars.h` is secret and cannot be used in the name of a lock
        it would be stored and shown to people: write what may be seen
    11:27 RPA0320 `vars.key` is secret and cannot be used in what an approval shows
        it would be stored and shown to people: write what may be seen
    12:61 RPA0306 `set` cannot write `token`: here it is a name that the `vars` of step `g` give an expression
        set a variable of another name, or rename the one in `vars`
    13:25 RPA0317 `pass` is of type secret, and this is none
        write "{{ secrets.NAME }}", or set another variable
    "#);
}

#[test]
fn a_call_is_given_no_secret_through_them() {
    let caller = file(
        "- {id: a, vars: {key: '{{ secrets.k }}', one: 1}, workflow: other, with: {n: '{{ vars.key }}', m: '{{ vars.one }}'}}",
    );
    let other = "version: 1\nname: other\nvariables: {n: {type: string}, m: {type: secret}}\nsteps: [{id: x, uses: noop}]\n";
    let (caller, other) = (super::checked(&caller), super::checked(other));
    let problems = super::super::together(&[("caller", &caller), ("other", &other)]);
    let messages: Vec<_> = problems[0].iter().map(|p| p.to_string()).collect();
    insta::assert_snapshot!(messages.join("\n"), @"
    caller:4:78: RPA0320: `n` of default/other is not of type secret, and this is one
    caller:4:99: RPA0317: `m` is of type secret, and this is none
    ");
}
