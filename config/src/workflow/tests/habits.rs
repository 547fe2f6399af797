//! Words of other tools.

use super::{codes, file, report};

#[test]
fn keys_of_other_tools_lead_to_ours() {
    let steps = "- {id: a, call: billing}\n\
         - {id: b, subworkflow: billing}\n\
         - {id: c, approve: ok}\n\
         - {id: d, manual: true}\n\
         - {id: e, run: x, mutex: sap}\n\
         - {id: f, run: x, semaphore: crm}\n\
         - {id: g, run: x, concurrency_group: sap}\n\
         - {id: h, waitFor: 5m}\n\
         - {id: i, uses: workflow, with: {name: billing}}\n\
         - {id: j, uses: Approval}\n\
         - {id: k, uses: sleep}\n";
    let source = file(steps) + "concurrency_group: w\nmutex: w\nmax_active_runs: 1\n";
    insta::assert_snapshot!(report(&source), @r#"
    4:11 RPA0303 unknown key "call" in a step
        did you mean "workflow"?
    5:11 RPA0303 unknown key "subworkflow" in a step
        did you mean "workflow"?
    6:11 RPA0303 unknown key "approve" in a step
        did you mean "approval"?
    7:11 RPA0303 unknown key "manual" in a step
        did you mean "approval"?
    8:19 RPA0303 unknown key "mutex" in a step
        did you mean "lock"?
    9:19 RPA0303 unknown key "semaphore" in a step
        did you mean "tokens"?
    10:19 RPA0303 unknown key "concurrency_group" in a step
        did you mean "lock"?
    11:11 RPA0303 unknown key "waitFor" in a step
        did you mean "wait"?
    12:17 RPA0309 there is no task type "workflow"
        it is a key of a step here: write `workflow: billing` without `uses`
    13:17 RPA0309 there is no task type "Approval"
        it is a key of a step here: write `approval: "Delete all?"` without `uses`
    14:17 RPA0309 there is no task type "sleep"
        it is a key of a step here: write `wait: 90s` without `uses`
    16:1 RPA0303 unknown key "concurrency_group" in a workflow
        did you mean "concurrency"?
    17:1 RPA0303 unknown key "mutex" in a workflow
        did you mean "concurrency"?
    18:1 RPA0303 unknown key "max_active_runs" in a workflow
        did you mean "concurrency"?
    "#);
}

#[test]
fn they_are_refused_all_the_same() {
    assert_eq!(codes("- {id: a, run: x, mutex: b}"), ["RPA0303"]);
}
