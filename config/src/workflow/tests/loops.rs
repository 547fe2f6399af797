//! `for_each`, `while`, `repeat`, groups, and what is known inside of them.

use rpa_engine::workflow::{ForEach, OnItemError, Repeat, While};
use rpa_engine::{Action, EffectClass, Retry, Step, Template, Value};

use super::{codes, file, report, step};

fn each(source: &str, id: &str) -> ForEach {
    let Action::ForEach(each) = step(source, id).action else { panic!("no for_each") };
    each
}

fn ids(steps: &[Step]) -> Vec<&str> {
    steps.iter().map(|step| step.id.as_str()).collect()
}

#[test]
fn a_for_each_with_everything() {
    let source = file(
        "- id: list\n  set: {hosts: [a, b]}\n\
         - id: each\n  name: All of them\n  for_each: '{{ vars.hosts }}'\n  as: host\n  \
           max_parallel: 4\n  on_item_error: {stop_after: 3}\n  timeout: 1h\n  steps:\n    \
           - {id: ping, run: x, env: {HOST: '{{ host.name }}'}}\n    \
           - {id: tell, uses: log, with: {message: '{{ loop.index }}/{{ loop.last }} {{ steps.ping.output.stdout }}'}}\n  \
           outputs: {text: '{{ host }} {{ steps.ping.output.stdout }}', at: '{{ loop.index }}'}\n",
    );
    let found = each(&source, "each");
    assert_eq!((found.item.as_str(), found.max_parallel), ("host", 4));
    assert_eq!(found.on_item_error, OnItemError::StopAfter(3));
    assert!(matches!(found.items, Template::Expr(_)));
    assert_eq!(ids(&found.steps), ["ping", "tell"]);
    assert_eq!(found.steps[1].needs.keys().map(|id| id.as_str()).collect::<Vec<_>>(), ["ping"]);
    let outer = step(&source, "each");
    assert_eq!((outer.effect, outer.timeout_ms), (EffectClass::Pure, Some(3_600_000)));
    assert_eq!(outer.retry, Retry::NONE);
    let reads = outer.outputs["text"].reads();
    assert!(reads.roots.contains("host"), "the item by its name: {reads:?}");
}

#[test]
fn what_a_for_each_has_unless_it_says_otherwise() {
    let found = each(&file("- {id: e, for_each: [1, 2], steps: [{id: a, run: x}]}"), "e");
    assert_eq!(found.items.as_literal(), Some(Value::List(vec![Value::Int(1), Value::Int(2)])));
    assert_eq!((found.item.as_str(), found.max_parallel), ("item", 1));
    assert_eq!(found.on_item_error, OnItemError::Fail);
    let map = each(&file("- {id: e, for_each: {a: 1}, steps: [{id: a, run: x}]}"), "e");
    assert!(map.items.as_literal().is_some_and(|value| value.as_map().is_some()));
}

#[test]
fn while_and_repeat() {
    let source = file(
        "- {id: begin, set: {n: 0}}\n\
         - {id: w, while: 'vars.n < 3 and loop.index < 5', max_iterations: 10, steps: [{id: a, set: {n: '{{ vars.n + 1 }}'}}]}\n\
         - {id: r, repeat: {count: 5, until: \"steps.ask.output.stdout == 'ok'\", every: 5s}, steps: [{id: ask, run: x}],\
           outputs: {last: '{{ steps.ask.output.stdout }}'}}\n\
         - {id: p, repeat: {count: 2}, steps: [{id: ask, run: x}]}\n",
    );
    let Action::While(While { condition, max_iterations, steps }) = step(&source, "w").action
    else {
        panic!("no while")
    };
    assert_eq!(condition.source, "vars.n < 3 and loop.index < 5");
    assert_eq!((max_iterations, ids(&steps)), (10, vec!["a"]));
    let Action::Repeat(Repeat { count, until, every_ms, steps }) = step(&source, "r").action else {
        panic!("no repeat")
    };
    assert_eq!((count, every_ms, ids(&steps)), (5, 5_000, vec!["ask"]));
    assert!(until.is_some());
    let Action::Repeat(Repeat { count, until, every_ms, .. }) = step(&source, "p").action else {
        panic!("no repeat")
    };
    assert_eq!((count, until, every_ms), (2, None, 0));
}

#[test]
fn groups_nest_and_see_what_is_around_them() {
    let source = file(
        "- {id: a, run: x}\n\
         - id: g\n  steps:\n  - {id: b, run: x}\n  - id: e\n    for_each: [1]\n    steps:\n    \
           - {id: c, run: x, env: {A: '{{ steps.a.output.stdout }}', B: '{{ steps.b.output.stdout }}'}}\n  \
           outputs: {all: '{{ steps.e.output }}', a: '{{ steps.a.output.stdout }}'}\n\
         - {id: z, run: x, env: {G: '{{ steps.g.output.all }}'}}\n",
    );
    let Action::Group(steps) = step(&source, "g").action else { panic!("no group") };
    assert_eq!(ids(&steps), ["b", "e"]);
}

#[test]
fn loops_have_bounds_and_a_body() {
    let source = file(
        "- {id: a, while: 'true', steps: [{id: x, run: x}]}\n\
         - {id: b, repeat: {until: 'true'}, steps: [{id: x, run: x}]}\n\
         - {id: c, repeat: 3, steps: [{id: x, run: x}]}\n\
         - {id: d, for_each: [1]}\n\
         - {id: e, for_each: [1], run: x}\n\
         - {id: f, for_each: [1], while: 'true', max_iterations: 0, steps: [{id: x, run: x}]}\n\
         - {id: g, steps: {id: x, run: x}}\n\
         - {id: h, for_each: '{{ vars.n }} x', steps: [{id: x, run: x}]}\n\
         - {id: i, for_each: vars.n, max_parallel: 0, steps: [{id: x, run: x}]}\n\
         - {id: j, for_each: [1], on_item_error: stop, steps: [{id: x, run: x}]}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:3 RPA0316 the required key `max_iterations` is missing
        a loop without bounds is refused: add for example `max_iterations: 100`
    5:19 RPA0316 the required key `count` is missing
        a loop without bounds is refused: write for example {count: 10}
    6:19 RPA0305 `repeat` is a map; here is a number
        write {count: 3}
    7:11 RPA0316 `for_each` has no `steps` to repeat
        add `steps: [{id: each, run: …}]`
    8:26 RPA0308 `for_each` repeats `steps`, not `run`
        write it as a step inside: `steps: [{id: …, run: …}]`
    9:26 RPA0308 the step has `for_each` and `while`; it can have only one
        put one loop into the `steps` of the other
    10:18 RPA0305 `steps` is a list of steps; here is a map
        write a list: `- {id: hello, run: echo hello}`
    11:21 RPA0305 `for_each` is a list or a map, and this gives text
        write one expression alone: "{{ … }}"
    11:25 RPA0313 there is no variable `n`
        declare n in `variables`, or `set` it in an earlier step
    12:21 RPA0305 `for_each` is a list, a map or an expression; here is a string
        write for example "{{ vars.hosts }}" or [a, b]
    12:43 RPA0305 `max_parallel` is a whole number from 1 to 1000
        write digits alone; no expression is evaluated here
    13:41 RPA0305 `on_item_error` is fail, continue or {stop_after: N}
        write fail, continue or {stop_after: 3}
    "#);
}

#[test]
fn keys_that_belong_elsewhere() {
    let source = file(
        "- {id: a, steps: [{id: x, run: x}], retry: conservative, env: {A: b}, effect: pure}\n\
         - {id: b, run: x, as: i, max_iterations: 3, cases: {}}\n\
         - {id: c, while: 'false', max_iterations: 3, as: i, steps: [{id: x, run: x}]}\n\
         - {id: d, repeat: {count: 3}, max_iterations: 3, steps: [{id: x, run: x}]}\n\
         - {id: e, set: {v: 1}, compensate: {id: y, run: y}}\n",
    );
    insta::assert_snapshot!(report(&source), @"
    4:37 RPA0308 `retry` has no meaning on a group of steps
        write it at the steps inside, or put `repeat` around them
    4:58 RPA0308 `env` has no meaning on a group of steps
        write it at the steps inside
    4:71 RPA0308 `effect` has no meaning on a group of steps
        write it at the steps inside
    5:19 RPA0308 `as` has no meaning on a `run` step
        take it out: it belongs to `for_each`
    5:26 RPA0308 `max_iterations` has no meaning on a `run` step
        take it out: it belongs to `while`
    5:45 RPA0308 `cases` has no meaning on a `run` step
        take it out: it belongs to `switch`
    6:46 RPA0308 `as` has no meaning on a `while` loop
        take it out: it belongs to `for_each`
    7:31 RPA0308 `max_iterations` has no meaning on a `repeat` loop
        take it out: the `count` of `repeat` is its limit
    8:24 RPA0308 `compensate` has no meaning on a `set` step
        take it out
    ");
}

#[test]
fn names_of_items() {
    let source = file(
        "- {id: a, for_each: [1], as: vars, steps: [{id: x, run: x}]}\n\
         - {id: b, for_each: [1], as: 'true', steps: [{id: x, run: x}]}\n\
         - {id: c, for_each: [1], as: a-b, steps: [{id: x, run: x}]}\n\
         - {id: d, for_each: [1], steps: [{id: e, for_each: [2], steps: [{id: x, run: x}]}]}\n\
         - {id: f, for_each: [1], as: h, steps: [{id: x, run: x, env: {A: '{{ item }}'}}]}\n\
         - {id: g, run: x, env: {A: '{{ h }}'}}\n\
         - {id: i, for_each: [1], as: h, steps: [{id: x, run: 'echo {{ h.name }}'}]}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:30 RPA0306 an item cannot be called "vars"
        expressions have another meaning for this word: choose another name
    5:30 RPA0306 an item cannot be called "true"
        expressions have another meaning for this word: choose another name
    6:30 RPA0306 the item "a-b" has a hyphen, which an expression reads as a minus
        write a_b
    7:52 RPA0306 an item of the loop around this one is called "item" too
        say `as` with another name
    8:70 RPA0313 `item` is known only where something is computed for each item
        the item of the loop around is called h
    9:32 RPA0313 "h" is not defined
        write vars.NAME for a variable, steps.ID.output for a step's output, and put text in quotes
    10:63 RPA0314 {{ h.name }} is not replaced in a command
        pass it as `env: {NAME: "{{ h.name }}"}` and write "$NAME"
    "#);
}

#[test]
fn what_is_known_of_loops() {
    let source = file(
        "- id: w\n  while: 'loop.first'\n  max_iterations: 2\n  steps:\n  - id: e\n    for_each: [1]\n    steps:\n    \
           - {id: a, run: x, if: loop.parent.index > 0 and loop.first and not loop.last}\n    \
           - {id: b, run: x, if: loop.parent.last}\n    \
           - {id: c, run: x, if: loop.parent.parent.index > 1}\n    \
           - {id: d, run: x, if: loop.indx > 1}\n\
         - {id: z, run: x, if: loop.index > 1}\n\
         - {id: g, steps: [{id: y, run: x}], outputs: {a: '{{ output }}', b: '{{ stdout }}', c: '{{ loop.index }}'}}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    5:11 RPA0313 `loop` has no "first" here
        nobody knows how many turns `while` and `repeat` will have: write loop.index
    12:27 RPA0313 `loop.parent` has no "last" here
        nobody knows how many turns `while` and `repeat` will have: write loop.index
    13:27 RPA0313 `loop.parent.parent`: there is no loop around step `w`
        `loop` alone is the innermost loop
    14:27 RPA0313 `loop` has no "indx" here
        did you mean "index"? it has: index, first, last, parent
    15:23 RPA0313 `loop` is known only inside of a loop
        for_each, while and repeat have it, and data.transform with `each` in `value` and `where`
    16:54 RPA0313 a step with steps inside has no output but its `outputs`
        name the steps inside: steps.ID.output
    16:73 RPA0313 "stdout" is not defined
        write vars.NAME for a variable, steps.ID.output for a step's output, and put text in quotes
    16:92 RPA0313 `loop` is known only inside of a loop
        for_each, while and repeat have it, and data.transform with `each` in `value` and `where`
    "#);
}

#[test]
fn steps_inside_are_not_known_outside() {
    let source = file(
        "- {id: e, for_each: [1], steps: [{id: a, run: x}, {id: b, run: x, if: steps.e.output == 1}]}\n\
         - {id: z, run: x, if: steps.a.output.stdout == ''}\n\
         - {id: f, for_each: '{{ steps.c.output }}', steps: [{id: c, run: x, if: steps.d.output.stdout == ''}, {id: d, run: x}]}\n\
         - {id: w, while: \"steps.q.output.stdout == ''\", max_iterations: 1, steps: [{id: q, run: x}]}\n\
         - {id: g, needs: [], steps: [{id: p, run: x, needs: [z]}]}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:71 RPA0310 step `e` is around this one and has not ended here
        name the steps inside of e that come before
    5:8 warning RPA0319 "z" has no `needs`, so it starts at once, while other steps wait
        add `needs`, or write `needs: []` to say that this is meant
    5:23 RPA0310 step `a` stands inside of step `e` and is not known outside
        give e `outputs` with what is needed, and read steps.e.output
    6:8 warning RPA0319 "f" has no `needs`, so it starts at once, while other steps wait
        add `needs`, or write `needs: []` to say that this is meant
    6:25 RPA0310 step `c` stands inside of step `f` and is not known outside
        give f `outputs` with what is needed, and read steps.f.output
    6:73 RPA0310 step `d` need not have ended when this is read
        move step d above step c
    7:8 warning RPA0319 "w" has no `needs`, so it starts at once, while other steps wait
        add `needs`, or write `needs: []` to say that this is meant
    7:19 RPA0310 step `q` has not run when `while` is asked for the first time
        `set` a variable inside and before, and name that; or write `repeat` with `until`
    8:54 RPA0310 step "z" is not in this list
        `needs` names steps of its own list: need the step that it stands in, or the step around this one
    "#);
}

#[test]
fn ids_are_clear_everywhere() {
    assert_eq!(
        codes(
            "- {id: e, for_each: [1], steps: [{id: a, run: x}]}\n- {id: f, for_each: [1], steps: [{id: a, run: x}]}"
        ),
        [""; 0]
    );
    let source = file(
        "- {id: a, run: x}\n\
         - {id: e, for_each: [1], steps: [{id: a, run: x}, {id: e, run: x}]}\n\
         - {id: s, switch: '{{ run.id }}', cases: {a: [{id: p, run: x}], b: [{id: p, run: x}]}, default: [{id: p, run: x}]}\n\
         - {id: g, steps: [{id: h, steps: [{id: i, run: x}, {id: z, run: x}]}, {id: i, run: x}]}\n\
         - {id: z, run: x}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    5:39 RPA0307 the step id "a" is used on line 4 already, by a step outside
        in lists that stand in one another each step has an id of its own
    5:56 RPA0307 the step id "e" is used on line 5 already, by a step outside
        in lists that stand in one another each step has an id of its own
    6:74 RPA0307 the step id "p" is used on line 6 already
        give each step an id of its own
    6:103 RPA0307 the step id "p" is used on line 6 already
        give each step an id of its own
    7:40 RPA0307 the step id "i" is used on line 7 already, by a step outside
        in lists that stand in one another each step has an id of its own
    7:57 RPA0307 the step id "z" is used on line 8 already, by a step outside
        in lists that stand in one another each step has an id of its own
    "#);
}

#[test]
fn conditions_of_loops_are_plain() {
    let body = "steps: [{id: x, run: x}]";
    for (step, code) in [
        ("while: always(), max_iterations: 2", "RPA0313"),
        ("repeat: {count: 2, until: failed()}", "RPA0313"),
        ("while: secrets.s == '', max_iterations: 2", "RPA0320"),
        ("repeat: {count: 2, until: secrets.s == ''}", "RPA0320"),
        ("for_each: '{{ secrets.s }}'", "RPA0320"),
        ("for_each: ['{{ secrets.s }}']", "RPA0320"),
        ("while: 5, max_iterations: 2", "RPA0305"),
        ("while: 1 + 1, max_iterations: 2", "RPA0312"),
        ("while: 'true', max_iterations: 1000001", "RPA0305"),
        ("for_each: [1], max_parallel: 1001", "RPA0305"),
        ("repeat: {count: 0}", "RPA0305"),
        ("repeat: {count: 1, evry: 5s}", "RPA0303"),
        ("for_each: [1], on_item_error: {stop_after: 0}", "RPA0305"),
        ("for_each: '{{ vars. }}'", "RPA0312"),
    ] {
        assert_eq!(codes(&format!("- {{id: a, {step}, {body}}}")), [code], "{step}");
    }
}

#[test]
fn secrets_keep_their_places_inside() {
    for (inner, code) in [
        ("{id: x, run: x, env: {A: '{{ secrets.s }}'}}", None),
        ("{id: x, uses: log, with: {message: '{{ secrets.s }}'}}", Some("RPA0320")),
        ("{id: x, run: x, if: vars.token == ''}", Some("RPA0320")),
    ] {
        let source = format!(
            "variables: {{token: {{type: secret}}}}\n{}handlers: {{finally: [{}]}}\n",
            file(&format!("- {{id: e, for_each: [1], steps: [{inner}]}}")),
            inner.replace("id: x", "id: y"),
        );
        let found: Vec<_> = super::found(&source).into_iter().map(|(_, code)| code).collect();
        assert_eq!(found, Vec::from_iter(code.into_iter().chain(code)), "{inner}");
    }
}

#[test]
fn sets_inside_of_others() {
    let source = file(
        "- {id: e, for_each: [1], max_parallel: 2, steps: [{id: g, steps: [{id: a, set: {v: 1}}]}]}\n\
         - {id: l, needs: [], steps: [{id: b, set: {w: 1}}]}\n\
         - {id: r, needs: [], for_each: [1], steps: [{id: c, set: {w: 1}}]}\n\
         - {id: j, needs: [l, r], run: x, env: {A: '{{ vars.w }}', B: '{{ vars.u }}'}}\n\
         - {id: s, needs: [j], switch: '{{ run.id }}', cases: {a: [{id: d, set: {w: 1}}], b: [{id: f, set: {w: 1, u: 2}}]}}\n\
         - {id: k, needs: [s], set: {w: 1}}\n",
    );
    insta::assert_snapshot!(report(&source), @"
    4:81 RPA0318 `v` is set for each item of `e`, and items run at once
        give e `outputs` and `set` from steps.e.output after it, or take `max_parallel` out
    6:59 RPA0318 `w` is also set by step `b`, maybe at the same time
        add l to `needs` of step r, or set another variable
    7:66 RPA0313 `vars.u` is set by step `f`, which need not have ended when this is read
        add s to `needs` of step j, or declare u in `variables`
    ");
}
