//! `switch`.

use rpa_engine::workflow::Switch;
use rpa_engine::{Action, Template};

use super::{codes, file, report, step};

#[test]
fn cases_are_text_in_the_order_of_the_file() {
    let source = file(
        "- id: s\n  switch: '{{ run.id }}'\n  cases:\n    80: [{id: a, run: x}]\n    true: [{id: b, run: x}, {id: c, run: x}]\n  \
           default: [{id: d, run: x}]\n  outputs: {a: '{{ steps.a.output.stdout }}', d: '{{ steps.d.status }}'}\n",
    );
    let Action::Switch(Switch { on, cases, default }) = step(&source, "s").action else {
        panic!("no switch")
    };
    assert!(matches!(on, Template::Expr(_)));
    let cases: Vec<_> = cases.iter().map(|c| (c.value.as_str(), c.steps.len())).collect();
    assert_eq!(cases, [("80", 1), ("true", 2)]);
    assert_eq!(default[0].id.as_str(), "d");
    let plain =
        step(&file("- {id: s, switch: '{{ run.id }}', cases: {a: [{id: a, run: x}]}}"), "s");
    let Action::Switch(Switch { default, .. }) = plain.action else { panic!("no switch") };
    assert_eq!(default, []);
}

#[test]
fn what_a_switch_refuses() {
    let source = file(
        "- {id: a, switch: vars.kind, cases: {a: [{id: x, run: x}]}}\n\
         - {id: b, switch: 5, cases: {a: [{id: x, run: x}]}}\n\
         - {id: c, switch: '{{ run.id }}'}\n\
         - {id: d, switch: '{{ run.id }}', cases: {}}\n\
         - {id: e, switch: '{{ run.id }}', cases: [a]}\n\
         - {id: f, switch: '{{ run.id }}', cases: {a: [], b: x}, default: []}\n\
         - {id: g, switch: '{{ secrets.s }}', cases: {a: [{id: x, run: x}]}}\n\
         - {id: h, switch: '{{ run.id }}', cases: {a: [{id: x, run: x}], b: [{id: y, run: x, if: steps.x.output.stdout == ''}]}}\n\
         - {id: i, run: x, switch: '{{ run.id }}', cases: {a: [{id: x, run: x}]}}\n\
         - {id: j, for_each: [1], switch: '{{ run.id }}', cases: {a: [{id: x, run: x}]}}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:19 RPA0305 `switch` is an expression; here is a string
        write "{{ vars.kind }}"
    5:19 RPA0305 `switch` is an expression; here is a number
        write for example "{{ vars.kind }}"
    6:3 RPA0316 the required key `cases` is missing
        write for example `cases: {"80": [{id: usual, run: echo usual}]}`
    7:42 RPA0316 `cases` is empty
        write for example `cases: {"80": [{id: usual, run: echo usual}]}`
    8:42 RPA0305 `cases` is a map; here is a list
        write for example `cases: {"80": [{id: usual, run: echo usual}]}`
    9:46 RPA0316 the case "a" is empty
        write at least one step: `- {id: hello, run: echo hello}`
    9:53 RPA0305 the case "b" is a list of steps; here is a string
        write a list: `- {id: hello, run: echo hello}`
    9:66 RPA0316 `default` is empty
        write at least one step: `- {id: hello, run: echo hello}`
    10:23 RPA0320 `secrets.s` is secret and cannot be used in `switch`
        a secret goes to `env`, to the `with` of a task that acts outside, or to `set`
    11:89 RPA0310 step `x` stands in another list of the same step
        what stands in one case cannot name another
    12:19 RPA0308 the step has `run` and `switch`; it can have only one
        make a step of each
    13:26 RPA0308 `for_each` repeats `steps`, not `switch`
        write it as a step inside: `steps: [{id: …, switch: …}]`
    "#);
}

#[test]
fn an_expression_that_cannot_be_read_is_one_problem() {
    assert_eq!(
        codes("- {id: a, switch: '{{ vars. }}', cases: {a: [{id: x, run: x}]}}"),
        ["RPA0312"]
    );
}
