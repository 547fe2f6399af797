//! Expressions: syntax, references, secrets.

use super::{codes, file, report};

#[test]
fn problems_are_placed_inside_the_text() {
    let source = file(
        "- id: a\n  uses: log\n  with:\n    message: \"é {{ vars.nope }}\"\n\
         - id: b\n  uses: log\n  with:\n    message: |\n      first\n      second {{ nope.x }}\n\
         - id: c\n  if: 1 +\n  run: x\n\
         - id: d\n  uses: log\n  with: {message: 'a {{ b'}\n\
         - id: e\n  uses: log\n  with: {message: '{{ run.id | uper }}'}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    7:20 RPA0313 there is no variable `nope`
        declare nope in `variables`, or `set` it in an earlier step
    13:17 RPA0313 "nope" is not defined
        write vars.NAME for a variable, steps.ID.output for a step's output, and put text in quotes
    15:9 RPA0312 unexpected end of input, expected expression
    19:22 RPA0312 the expression after {{ does not end
        close it with }}; to write the braces themselves use {{ '{{' }}
    22:32 RPA0313 there is no filter "uper"
        did you mean "upper"?
    "#);
}

#[test]
fn what_fails_each_time_is_found_at_check() {
    let value = |expression: &str| {
        codes(&format!(
            "- {id}\n",
            id = format_args!(
                "{{id: a, uses: data.transform, with: {{value: \"{{{{ {expression} }}}}\"}}}}"
            )
        ))
    };
    assert_eq!(value("range(100000000) | list"), ["RPA0315"]);
    assert_eq!(value("'x' * 1000000000"), ["RPA0312"]);
    assert_eq!(value("1 / 0"), ["RPA0312"]);
    assert_eq!(value("range(3) | list"), [""; 0]);
    assert_eq!(codes("- {id: a, if: \"1 + 1\", run: x}\n"), ["RPA0312"], "it is no boolean");
}

#[test]
fn variables_must_exist_by_then() {
    let source = "version: 1\nname: w\nvariables: {limit: {type: number, default: 1}}\nsteps:\n\
        - {id: a, needs: [], if: vars.limt > 1, set: {full: 1}}\n\
        - {id: b, needs: [], if: vars.full > 1, run: x}\n\
        - {id: c, needs: [a], if: vars.full > vars.limit, run: x}\n\
        outputs: {full: '{{ vars.full }}', other: '{{ vars.other }}', s: '{{ steps.b.output.stdout }}'}\n";
    insta::assert_snapshot!(report(source), @"
    5:26 RPA0313 there is no variable `limt`
        did you mean vars.limit?
    6:26 RPA0313 `vars.full` is set by step `a`, which need not have ended when this is read
        add a to `needs` of step b, or declare full in `variables`
    8:47 RPA0313 there is no variable `other`
        declare other in `variables`, or `set` it in an earlier step
    ");
}

#[test]
fn item_and_output_have_their_places() {
    for (step, expected) in [
        ("uses: data.transform, with: {value: '{{ item }}'}", "RPA0313"),
        ("uses: data.transform, with: {value: 1, each: '{{ item }}'}", "RPA0313"),
        ("run: x, env: {A: '{{ loop.index }}'}", "RPA0313"),
        ("run: x, if: output.x == 1", "RPA0313"),
        ("run: x, if: stdout == ''", "RPA0313"),
        ("run: x, env: {A: '{{ always() }}'}", "RPA0313"),
        ("run: x, env: {A: '{{ trigger.x }}'}", "RPA0313"),
        ("run: x, env: {A: '{{ env.x }}'}", "RPA0304"),
    ] {
        assert_eq!(codes(&format!("- {{id: a, {step}}}")), [expected], "{step}");
    }
    for step in [
        "run: x, outputs: {a: '{{ stdout }}', b: '{{ output.stderr }}'}",
        "uses: http.request, with: {url: u}, outputs: {a: '{{ json }}', b: '{{ status }}'}",
        "run: x, if: 'always() or failed()'",
    ] {
        assert_eq!(codes(&format!("- {{id: a, {step}}}")), Vec::<&str>::new(), "{step}");
    }
    assert_eq!(
        codes("- {id: a, uses: log, with: {message: x}, outputs: {a: '{{ stdout }}'}}"),
        ["RPA0313"]
    );
}

#[test]
fn secrets_go_only_where_they_stay_sealed() {
    for (step, allowed) in [
        ("run: x, env: {A: '{{ secrets.s }}'}", true),
        ("uses: http.request, with: {url: '{{ secrets.s }}'}", true),
        ("uses: file.write, with: {path: p, content: '{{ secrets.s }}'}", true),
        ("set: {v: '{{ secrets.s }}'}", true),
        ("run: x, if: secrets.s == 'x'", false),
        ("run: x, outputs: {a: '{{ secrets.s }}'}", false),
        ("uses: data.transform, with: {value: '{{ secrets.s }}'}", false),
        ("uses: log, with: {message: '{{ secrets.s }}'}", false),
    ] {
        let expected: &[&str] = if allowed { &[] } else { &["RPA0320"] };
        assert_eq!(codes(&format!("- {{id: a, {step}}}")), expected, "{step}");
    }
}

#[test]
fn secrets_are_followed_through_variables() {
    let source = "version: 1\nname: w\nvariables: {token: {type: secret, default: t}, plain: {type: secret}}\nsteps:\n\
        - {id: a, set: {b: 'x {{ vars.token }}'}}\n\
        - {id: c, set: {d: '{{ vars.b }}'}}\n\
        - {id: e, run: x, if: vars.d == ''}\n\
        - {id: f, set: {plain: hunter2}}\n\
        - {id: g, set: {token: '{{ run.id }}'}}\n\
        outputs: {o: '{{ vars.token }}', p: '{{ secrets.q }}'}\n";
    insta::assert_snapshot!(report(source), @r#"
    7:23 RPA0320 `vars.d` is secret and cannot be used in `if`
        a secret goes to `env`, to the `with` of a task that acts outside, or to `set`
    8:24 RPA0317 `plain` is of type secret, and this is none
        write "{{ secrets.NAME }}", or set another variable
    9:24 RPA0317 `token` is of type secret, and this is none
        write "{{ secrets.NAME }}", or set another variable
    10:18 RPA0320 `vars.token` is secret and cannot be used in the run's `outputs`
        a secret goes to `env`, to the `with` of a task that acts outside, or to `set`
    10:41 RPA0320 `secrets.q` is secret and cannot be used in the run's `outputs`
        a secret goes to `env`, to the `with` of a task that acts outside, or to `set`
    "#);
}

#[test]
fn a_set_keeps_the_declared_type() {
    let variables = "variables: {n: {type: number}, s: {type: string}, l: {type: list}}\n";
    for (set, fits) in [
        ("n: 5", true),
        ("n: '{{ vars.s }}'", true),
        ("s: 'a {{ vars.n }}'", true),
        ("l: ['{{ vars.n }}']", true),
        ("n: text", false),
        ("n: 'a {{ vars.s }}'", false),
        ("l: {a: 1}", false),
    ] {
        let source = format!("{variables}{}", file(&format!("- {{id: a, set: {{{set}}}}}")));
        let codes: Vec<_> = super::found(&source).into_iter().map(|(_, code)| code).collect();
        assert_eq!(codes, if fits { vec![] } else { vec!["RPA0305"] }, "{set}");
    }
}
