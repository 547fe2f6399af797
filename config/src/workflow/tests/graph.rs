//! Edges, cycles, and what is upstream.

use super::{codes, file, report};

#[test]
fn unknown_needs_are_one_problem() {
    let source = file(
        "- {id: usage, run: x}\n\
         - {id: b, needs: [usag], run: x, env: {A: '{{ steps.usage.output.stdout }}'}}\n\
         - {id: c, needs: b, run: x, env: {A: '{{ steps.usage.output.stdout }}'}}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    5:19 RPA0310 there is no step "usag"
        did you mean usage?
    "#);
}

#[test]
fn an_edge_that_cannot_be_read_is_one_problem() {
    let read = "run: x, env: {A: '{{ steps.a.output.stdout }}'}";
    for (needs, code) in [
        ("[{step: a, when: faild}]", "RPA0305"),
        ("[{when: failed}]", "RPA0316"),
        ("[{step: a, if: failed}]", "RPA0303"),
        ("[{step: a, when: failed}, a]", "RPA0307"),
        ("[5]", "RPA0305"),
        ("''", "RPA0305"),
    ] {
        assert_eq!(
            codes(&format!("- {{id: a, run: x}}\n- {{id: b, needs: {needs}, {read}}}")),
            [code]
        );
    }
}

#[test]
fn a_step_with_a_bad_name_can_be_needed() {
    assert_eq!(codes("- {id: a-b, run: x}\n- {id: c, needs: a-b, run: x}"), ["RPA0306"]);
}

#[test]
fn references_must_be_upstream() {
    let source = file(
        "- {id: a, needs: [], run: x}\n\
         - {id: b, needs: [a], run: x}\n\
         - {id: c, needs: [b], run: x, env: {A: '{{ steps.a.output.stdout }}'}}\n\
         - {id: d, needs: [a], run: x, env: {A: 'see {{ steps.b.output.stdout }}'}}\n\
         - {id: e, needs: [a], run: x, env: {A: '{{ steps.bb.output.stdout }}', B: '{{ steps.e.output.stdout }}'}}\n",
    );
    insta::assert_snapshot!(report(&source), @"
    7:48 RPA0310 step `b` need not have ended when this is read
        add b to `needs` of step d
    8:44 RPA0310 there is no step `bb`
        an expression can name the steps of this file
    8:79 RPA0310 step `e` names itself
        in a step's `outputs`, write `output` for what it gave
    ");
}

#[test]
fn cycles_are_named_once() {
    let source = file(
        "- {id: a, needs: [c], run: x}\n\
         - {id: b, needs: a, run: x}\n\
         - {id: c, needs: [b], run: x}\n\
         - {id: d, needs: [d], run: x}\n\
         - {id: e, needs: [d, a], run: x, env: {A: '{{ steps.b.output.stdout }}'}}\n\
         - {id: f, needs: [g], run: x}\n\
         - {id: g, needs: [f, e], run: x}\n",
    );
    insta::assert_snapshot!(report(&source), @"
    4:19 RPA0311 these steps wait for each other: a -> c -> b -> a
        take one of these `needs` out
    7:19 RPA0311 these steps wait for each other: d -> d
        take one of these `needs` out
    9:19 RPA0311 these steps wait for each other: f -> g -> f
        take one of these `needs` out
    ");
}

#[test]
fn unmeant_parallel_starts_are_warned_of() {
    let source = file(
        "- {id: a, run: x}\n- {id: b, run: x}\n- {id: c, needs: [a], run: x}\n- {id: d, needs: [], run: x}",
    );
    insta::assert_snapshot!(report(&source), @r#"
    5:8 warning RPA0319 "b" has no `needs`, so it starts at once, while other steps wait
        add `needs`, or write `needs: []` to say that this is meant
    "#);
}

#[test]
fn two_branches_cannot_set_one_variable() {
    let source = file(
        "- {id: a, needs: [], set: {v: 1}}\n\
         - {id: b, needs: [], set: {v: 2}}\n\
         - {id: c, needs: [a, b], set: {v: 3}}\n",
    );
    insta::assert_snapshot!(report(&source), @"
    5:28 RPA0318 `v` is also set by step `a`, maybe at the same time
        add a to `needs` of step b, or set another variable
    ");
}
