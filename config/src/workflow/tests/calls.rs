//! `workflow`: runs of other workflows as steps.

use rpa_engine::workflow::Call;
use rpa_engine::{Action, EffectClass, Retry, Template, Value};

use super::{EVERY_FEATURE, codes, file, found, report, step, workflow};

fn call(source: &str, id: &str) -> Call {
    match step(source, id).action {
        Action::Call(call) => call,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_part_is_read() {
    let bill = call(EVERY_FEATURE, "bill");
    assert_eq!((bill.workflow.to_string().as_str(), bill.detached), ("finance/billing", false));
    assert_eq!(bill.with["days"], Template::Literal(Value::Int(14)));
    assert_eq!(bill.with["token"].reads().secrets.len(), 1, "a secret goes to a variable");
    let step = step(EVERY_FEATURE, "bill");
    assert_eq!((step.effect, step.timeout_ms), (EffectClass::Unknown, Some(3_600_000)));
    assert!(step.retry.declared_on_step && step.retry.attempts == 2);
    assert_eq!((step.compensate.len(), step.outputs.len()), (1, 1));
    let others = call(EVERY_FEATURE, "tell_others");
    assert!(others.detached);
    assert_eq!(others.workflow.to_string(), "ops/tell-others", "the namespace of the file");
}

#[test]
fn defaults_are_for_tasks() {
    let step = step(EVERY_FEATURE, "tell_others");
    assert_eq!((step.timeout_ms, step.retry), (None, Retry::NONE));
}

#[test]
fn a_bare_name_is_of_the_namespace_of_the_file() {
    let steps = "- {id: a, workflow: billing}";
    assert_eq!(call(&file(steps), "a").workflow.to_string(), "default/billing");
    let source = format!("namespace: finance\n{}", file(steps));
    assert_eq!(call(&source, "a").workflow.to_string(), "finance/billing");
}

#[test]
fn all_calls_of_a_workflow_are_known() {
    let source = file(
        "- {id: a, workflow: x, compensate: {id: u, workflow: n/y}}\n\
         - {id: g, for_each: [1, 2], steps: [{id: b, workflow: x, with: {n: '{{ item }}'}}]}\n",
    ) + "handlers: {finally: [{id: f, workflow: z, detached: true}]}\n";
    let workflow = workflow(&source);
    let calls: Vec<String> = workflow.calls().iter().map(ToString::to_string).collect();
    assert_eq!(calls, ["default/x", "default/z", "n/y"]);
}

#[test]
fn what_is_wrong_is_said() {
    let source = file(
        "- {id: a, workflow: Billing Now}\n\
         - {id: b, workflow: a/b/c}\n\
         - {id: c, workflow: '{{ vars.which }}'}\n\
         - {id: d, workflow: 5}\n\
         - {id: e, workflow: x, with: [a], detached: 'yes'}\n\
         - {id: f, workflow: x, with: {Big-One: 1, ok: '{{ vars.nope }}'}}\n\
         - {id: g, workflow: w}\n\
         - {id: h, workflow: default/w, detached: true}\n\
         - {id: i, workflow: other/w}\n\
         - {id: j, workflow: ''}\n\
         - {id: k, workflow: Bad/x y}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:21 RPA0306 the called workflow "Billing Now" must match [a-z0-9][a-z0-9_-]{0,63}
        use small letters, digits, - and _
    5:21 RPA0306 the called workflow "a/b/c" is not NAME or NAMESPACE/NAME
        write for example billing or finance/billing
    6:21 RPA0305 `workflow` is the name of a workflow, and takes no expression
        to choose between several, write `switch` with a step for each
    7:21 RPA0305 `workflow` is a string; here is a number
        write it in quotes: "5"
    8:30 RPA0305 `with` is a map; here is a list
        write the variables of the workflow and their values
    8:45 RPA0305 `detached` is a boolean; here is a string
        write true or false
    9:31 RPA0306 the variable "Big-One" must match [a-z_][a-z0-9_]*
        use small letters, digits and _, for example disk_2
    9:51 RPA0313 there is no variable `nope`
        declare nope in `variables`, or `set` it in an earlier step
    10:21 RPA0311 the workflow calls itself: default/w -> default/w
        its runs would never end: repeat steps with `while` or `repeat`
    11:21 RPA0311 the workflow calls itself: default/w -> default/w
        its runs would never end: repeat steps with `while` or `repeat`
    13:21 RPA0305 `workflow` is empty
        write something or take it out
    14:21 RPA0306 the namespace "Bad" must match [a-z0-9][a-z0-9_-]{0,63}
        use small letters, digits, - and _
    14:21 RPA0306 the called workflow "x y" must match [a-z0-9][a-z0-9_-]{0,63}
        use small letters, digits, - and _
    "#);
}

#[test]
fn keys_that_a_call_has_no_use_for() {
    let source = file(
        "- {id: a, workflow: x, effect: once}\n\
         - {id: b, workflow: x, detached: true, timeout: 1h, retry: conservative}\n\
         - {id: c, workflow: x, env: {A: b}, shell: sh}\n\
         - {id: d, run: x, detached: true}\n\
         - {id: e, for_each: [1], workflow: x}\n\
         - {id: f, workflow: x, uses: log}\n",
    );
    insta::assert_snapshot!(report(&source), @"
    4:24 RPA0308 `effect` has no meaning on a `workflow` step
        take it out: the steps of the workflow that is called have their own
    5:40 RPA0308 `timeout` has no meaning on a detached `workflow` step
        give the workflow that is called a `timeout`
    6:24 RPA0308 `env` has no meaning on a `workflow` step
        take it out
    6:37 RPA0308 `shell` has no meaning on a `workflow` step
        take it out
    7:19 RPA0308 `detached` has no meaning on a `run` step
        take it out: it belongs to `workflow`
    8:26 RPA0308 `for_each` repeats `steps`, not `workflow`
        write it as a step inside: `steps: [{id: …, workflow: …}]`
    9:24 RPA0308 the step has `uses` and `workflow`; it can have only one
        make a step of each
    ");
}

#[test]
fn outputs_of_a_detached_call_are_its_run() {
    let source = file(
        "- {id: a, workflow: x, outputs: {n: '{{ output.anything.at.all }}', r: '{{ run.id }}'}}\n\
         - {id: b, workflow: x, detached: true, outputs: {n: '{{ output.run }} {{ run.id }}', m: '{{ output.total }}'}}\n\
         - {id: c, set: {x: '{{ steps.a.output.whatever }} {{ steps.b.output.run }} {{ steps.b.output.n }}', \
                         y: '{{ steps.b.output.total }}'}}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    5:93 RPA0313 step `b` gives no "total"
        it gives: run
    6:108 RPA0313 step `b` gives no "total"
        it gives: run, m, n
    "#);
    assert_eq!(
        found(&file("- {id: a, workflow: x, outputs: {n: '{{ total }}'}}")),
        [(4, "RPA0313")]
    );
    assert_eq!(codes("- {id: a, workflow: x, detached: false, timeout: 1h}"), [""; 0]);
}
