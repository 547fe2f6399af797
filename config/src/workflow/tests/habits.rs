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

#[test]
fn schedules_of_other_tools_lead_to_ours() {
    let source = "on: {schedule: x}\nschedule: x\n".to_owned()
        + "triggers:\n\
           - {id: a, cron: '@daily'}\n\
           - {id: b, schedule: {crontab: '@daily'}}\n\
           - {id: c, schedule: {interval: 5m}}\n\
           - {id: d, schedule: {cron: '@daily', tz: UTC, catchup: false, calendar: x, until: x}}\n\
           - {id: e, schedule: {cron: '@daily', concurrencyPolicy: Forbid, start_date: x, splay: 5m}}\n"
        + &file("- {id: a, uses: noop}");
    insta::assert_snapshot!(report(&source), @r#"
    1:1 RPA0303 unknown key "on" in a workflow
        did you mean "triggers"?
    2:1 RPA0303 unknown key "schedule" in a workflow
        did you mean "triggers"?
    4:11 RPA0303 unknown key "cron" in a trigger
        did you mean "schedule"?
    5:22 RPA0303 unknown key "crontab" in `schedule`
        did you mean "cron"?
    6:22 RPA0303 unknown key "interval" in `schedule`
        did you mean "every"?
    7:38 RPA0303 unknown key "tz" in `schedule`
        did you mean "timezone"?
    7:47 RPA0303 unknown key "catchup" in `schedule`
        did you mean "catch_up"?
    7:63 RPA0303 unknown key "calendar" in `schedule`
        did you mean "days"?
    7:76 RPA0303 unknown key "until" in `schedule`
        did you mean "end"?
    8:38 RPA0303 unknown key "concurrencyPolicy" in `schedule`
        did you mean "overlap"?
    8:65 RPA0303 unknown key "start_date" in `schedule`
        did you mean "start"?
    8:80 RPA0303 unknown key "splay" in `schedule`
        did you mean "jitter"?
    "#);
}

#[test]
fn triggers_of_other_tools_lead_to_ours() {
    let source = "triggers:\n\
           - {id: a, http: {path: x}}\n\
           - {id: b, workflow_run: x}\n\
           - {id: c, file_watch: {path: /in, glob: '*.csv'}}\n\
           - {id: d, webhook: {path: x, signature: github}}\n\
           - {id: e, workflowDispatch: {}}\n\
           - {id: f, topic: x}\n"
        .to_owned()
        + &file("- {id: a, uses: noop}");
    insta::assert_snapshot!(report(&source), @r#"
    2:11 RPA0303 unknown key "http" in a trigger
        did you mean "webhook"?
    3:11 RPA0303 unknown key "workflow_run" in a trigger
        did you mean "after"?
    4:23 RPA0316 the required key `directory` is missing
        write for example {directory: /srv/in, include: "*.csv"}
    4:24 RPA0303 unknown key "path" in `file_watch`
        did you mean "directory"?
    4:35 RPA0303 unknown key "glob" in `file_watch`
        did you mean "include"?
    5:20 RPA0316 the required key `verify` is missing
        say which secrets sign: {secrets: [deploy_key]}; or `none`, which believes whoever reaches the path
    5:30 RPA0303 unknown key "signature" in `webhook`
        did you mean "verify"?
    6:11 RPA0303 unknown key "workflowDispatch" in a trigger
        did you mean "manual"?
    7:11 RPA0303 unknown key "topic" in a trigger
        did you mean "event"?
    "#);
}
