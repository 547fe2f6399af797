//! Views for tests, with what is awkward in them.

use rpa_engine::{StepPath, Value};
use rpa_ipc::asking::{ApprovalView, ClaimView, LockView, VoteView};
use rpa_ipc::catalog::{
    CauseView, FireTimes, Fires, ItemChange, PlanView, RevisionView, SecretNeed, Trace,
    WorkflowState,
};
use rpa_ipc::fault::{Arg, remarks};
use rpa_ipc::overview::{FailureView, HourView, Overview};
use rpa_ipc::said;
use rpa_ipc::triggers::{
    Backfilled, ComingSlot, DeliveryPage, DeliveryView, FailingView, Preview, RejectedView,
    SlotPage, SlotView, Tested, TriggerView,
};
use rpa_ipc::view::{
    BackupView, ErrorView, KeptView, RunDetail, RunSummary, RunnerView, StatusView, StepDoubt,
    StepOutline, StepView, TurnsView, VariableView, WorkflowView,
};
use rpa_ipc::why::{Telling, Why, WhySlot};

/// 2026-11-20 01:10:04 UTC.
const ACCEPTED: u64 = 1_795_137_004_000;
pub(crate) const NOW: u64 = ACCEPTED + 200_000;
/// 2026-11-20 03:30 in Sofia: soon.
pub(crate) const SLOT: u64 = 1_795_138_200_000;
const DAY: u64 = 86_400_000;

pub(crate) fn failed() -> RunDetail {
    let error = ErrorView {
        code: "RPA0401".into(),
        class: "exit(2)".into(),
        message: "exited with 2: df: no such file: /mnt/x".into(),
    };
    RunDetail {
        summary: RunSummary {
            run: "019db7b6-7a20-7222-8333-444455556666".parse().expect("valid"),
            workflow: "default/disk-report".into(),
            revision: 3,
            status: "failed".into(),
            accepted_ms: ACCEPTED,
            started_ms: Some(ACCEPTED + 5),
            ended_ms: Some(ACCEPTED + 1_239),
            actor: "tihomir".into(),
            origin: "cli".into(),
            error: Some(ErrorView {
                message: format!("step usage: {}", error.message),
                ..error.clone()
            }),
            steps_done: 2,
            steps_total: 2,
            at_step: "usage".into(),
            needs_person: false,
            broken: Vec::new(),
            called: false,
            turned_away: None,
            alike: Some("0af1c2d3e4b5".into()),
            held: false,
        },
        seq: 9,
        inputs: vec![("limit".into(), Value::Int(80))],
        variables: vec![("limit".into(), Value::Int(80))],
        outputs: Vec::new(),
        steps: vec![
            StepView {
                id: "usage".into(),
                path: "usage".parse().expect("valid"),
                name: "Disk usage".into(),
                kind: "shell".into(),
                effect: "unknown".into(),
                needs: Vec::new(),
                status: "failed".into(),
                attempts: 2,
                started_ms: Some(ACCEPTED + 10),
                ended_ms: Some(ACCEPTED + 1_210),
                due_ms: None,
                reason: String::new(),
                error: Some(error),
                output: Some(Value::from([("exit_code", Value::Int(2))])),
                depth: 0,
                turns: None,
                called: None,
                approval: None,
                holds: Vec::new(),
            },
            StepView {
                id: "parse".into(),
                path: "parse".parse().expect("valid"),
                name: String::new(),
                kind: "data.transform".into(),
                effect: "pure".into(),
                needs: vec!["usage".into()],
                status: "skipped".into(),
                attempts: 0,
                started_ms: None,
                ended_ms: None,
                due_ms: None,
                reason: "needs usage, which was failed".into(),
                error: None,
                output: None,
                depth: 0,
                turns: None,
                called: None,
                approval: None,
                holds: Vec::new(),
            },
        ],
        workflow_state: state("live"),
        log_lines: 214,
        log_path: "/var/lib/rpad/runs/019db7b6/log".into(),
        rerun_of: None,
        parent: None,
        gate: String::new(),
        masked: Vec::new(),
        declared: Vec::new(),
        held_ms: None,
    }
}

pub(crate) fn doubted() -> RunDetail {
    let mut detail = failed();
    detail.summary.status = "in_doubt".into();
    detail.summary.needs_person = true;
    detail.summary.ended_ms = None;
    detail.summary.error = None;
    detail.summary.steps_done = 0;
    let step = &mut detail.steps[0];
    step.status = "in_doubt".into();
    step.ended_ms = None;
    step.error = None;
    step.reason = "the daemon ended while it ran\u{1b}]0;x\u{7}".into();
    detail.steps[1].status = "pending".into();
    detail.steps[1].reason = String::new();
    detail
}

pub(crate) fn completed() -> RunDetail {
    let mut detail = failed();
    detail.summary.status = "completed".into();
    detail.summary.error = None;
    detail.summary.at_step = String::new();
    detail.outputs = vec![("mounts".into(), Value::Int(3))];
    for step in &mut detail.steps {
        step.status = "completed".into();
        step.error = None;
        step.reason = String::new();
    }
    detail
}

/// A run in which people are asked, in its first step, and that has called another.
pub(crate) fn asking() -> RunDetail {
    let mut detail = doubted();
    detail.summary.status = "waiting".into();
    detail.summary.needs_person = true;
    detail.summary.called = true;
    detail.summary.broken = vec!["start".into()];
    detail.summary.at_step = "sign_off".into();
    let caller = "019db7b6-7a20-7222-8333-444455551111".parse().expect("valid");
    detail.parent = Some((caller, "each[3]/release".parse().expect("valid")));
    let asked = approval();
    let step = &mut detail.steps[0];
    step.id = "sign_off".into();
    step.path = asked.path.clone();
    step.name = String::new();
    step.kind = "approval".into();
    step.status = "waiting".into();
    step.attempts = 1;
    step.output = None;
    step.reason = format!("waits for approval: {}", asked.message);
    step.due_ms = asked.due_ms;
    step.approval = Some(Box::new(asked));
    let step = &mut detail.steps[1];
    step.kind = "workflow".into();
    step.status = "running".into();
    step.attempts = 1;
    step.started_ms = Some(ACCEPTED + 1_210);
    step.called = Some("019db7b6-7a20-7222-8333-444455557777".parse().expect("valid"));
    step.holds = vec!["prod-db".into()];
    detail
}

pub(crate) fn approval() -> ApprovalView {
    let field = |name: &str, required, default, description: &str| VariableView {
        name: name.into(),
        kind: "string".into(),
        required,
        default,
        description: description.into(),
        sensitive: false,
    };
    ApprovalView {
        run: failed().summary.run,
        workflow: "default/disk-report".into(),
        path: "sign_off".parse().expect("valid"),
        started_by: "tihomir".into(),
        since_ms: ACCEPTED + 20_000,
        due_ms: Some(NOW + 3_600_000),
        message: "Release 1.4 to production?\nIt takes the shop down\u{1b}[2J".into(),
        shown: vec![
            ("hosts".into(), Value::List(vec!["web1".into(), "web2".into()])),
            ("version".into(), "1.4".into()),
        ],
        form: vec![
            field("ticket", true, None, "the change ticket"),
            field("window", false, Some("night".into()), ""),
        ],
        approvers: vec!["ann".into(), "@release".into()],
        quorum: 2,
        self_approval: false,
        votes: vec![VoteView {
            by: "ann".into(),
            at: "2026-11-20T01:12:00Z".into(),
            comment: "fine".into(),
            fields: Vec::new(),
        }],
        digest: "0123456789abcdef".repeat(4),
    }
}

pub(crate) fn locks() -> Vec<LockView> {
    let claim = |path: &str, tokens, status: &str| ClaimView {
        run: failed().summary.run,
        workflow: "default/disk-report".into(),
        path: path.parse().expect("valid"),
        tokens,
        since_ms: ACCEPTED + 10_000,
        granted_ms: (status != "waiting").then_some(ACCEPTED + 20_000),
        until_ms: None,
        status: status.into(),
    };
    let mut leased = claim("each[3]/call_the_other_side_of_it", Some(2), "running");
    leased.until_ms = Some(NOW + 60_000);
    vec![
        LockView {
            name: "api".into(),
            size: Some(1_000),
            taken: 2,
            holders: vec![leased],
            waiting: vec![claim("send", Some(999), "waiting")],
            waits: 151,
        },
        LockView {
            name: "prod-db".into(),
            size: None,
            taken: 1,
            holders: vec![claim("migrate", None, "in_doubt")],
            waiting: vec![claim("vacuum", None, "waiting"), claim("dump", None, "waiting")],
            waits: 2,
        },
        LockView {
            name: "printers".into(),
            size: Some(3),
            taken: 0,
            holders: Vec::new(),
            waiting: Vec::new(),
            waits: 0,
        },
    ]
}

/// A run that failed in a loop, with most turns left out, and what handled it.
pub(crate) fn nested() -> RunDetail {
    let mut detail = failed();
    let error = detail.steps[0].error.clone();
    let step = |path: &str, kind: &str, depth: u32, status: &str| {
        let last = path.rsplit('/').next().unwrap_or(path);
        let id = last.rsplit('[').next().unwrap_or(last).trim_end_matches(']');
        StepView {
            id: id.into(),
            path: path.parse().expect("valid"),
            name: String::new(),
            kind: kind.into(),
            needs: Vec::new(),
            status: status.into(),
            error: error.clone().filter(|_| status == "failed"),
            attempts: u32::from(status != "skipped"),
            output: None,
            depth,
            ..detail.steps[0].clone()
        }
    };
    let turns =
        |total, begun, open, failed, shown| Some(TurnsView { total, begun, open, failed, shown });
    let mut list = step("list", "shell", 0, "completed");
    list.attempts = 1;
    let mut each = step("each", "for_each", 0, "running");
    (each.ended_ms, each.turns) = (None, turns(12_000, 10_003, 2, 1, 3));
    let mut wait = step("each[10001]/poll", "repeat", 2, "running");
    (wait.ended_ms, wait.turns) = (None, turns(20, 3, 0, 0, 0));
    wait.due_ms = Some(NOW + 20_000);
    let mut last = step("each[10002]", "turn", 1, "running");
    last.ended_ms = None;
    let mut open = step("each[10001]", "turn", 1, "running");
    open.ended_ms = None;
    let mut count = step("count", "while", 0, "completed");
    count.turns = turns(1, 1, 0, 0, 1);
    detail.steps = vec![
        list,
        each,
        step("each[17]", "turn", 1, "failed"),
        step("each[17]/send", "http.request", 2, "failed"),
        open,
        wait,
        last,
        step("each[10002]/send", "http.request", 2, "running"),
        step("pay", "group", 0, "completed"),
        step("pay/first", "shell", 1, "failed"),
        step("pay/@undo/refund", "shell", 1, "completed"),
        count,
        step("count[0]", "turn", 1, "completed"),
        step("@failure/tell", "log", 0, "completed"),
    ];
    detail.summary.at_step = "each[17]/send".into();
    detail
}

pub(crate) fn workflow() -> WorkflowView {
    WorkflowView {
        workflow: "default/disk-report".into(),
        revision: 3,
        state: state("live"),
        description: "Which mounts are full".into(),
        tags: vec!["disk".into()],
        category: String::new(),
        applied_ms: ACCEPTED,
        applied_by: "tihomir".into(),
        variables: vec![VariableView {
            name: "limit".into(),
            kind: "number".into(),
            required: false,
            default: Some(Value::Int(80)),
            description: "percent used that counts as full".into(),
            sensitive: false,
        }],
        steps: vec![outline("usage", "shell", &[]), outline("parse", "data.transform", &["usage"])],
        last_run: Some(failed().summary),
    }
}

fn outline(id: &str, kind: &str, needs: &[&str]) -> StepOutline {
    let needs = needs.iter().map(|&need| need.to_owned()).collect();
    StepOutline { id: id.into(), name: String::new(), kind: kind.into(), needs }
}

pub(crate) fn state(word: &str) -> WorkflowState {
    let live = (word != "draft").then_some(3);
    let change = Trace { at_ms: ACCEPTED, who: "ann".into(), origin: "cli".into() };
    let change = (word != "live").then_some(change);
    let draft = (word == "draft").then_some(3);
    WorkflowState { word: word.into(), change, live, draft }
}

pub(crate) fn revision(revision: u32, state: &str) -> RevisionView {
    let made = Trace { at_ms: ACCEPTED, who: "ann".into(), origin: "cli".into() };
    let published = (state != "draft").then(|| made.clone());
    RevisionView {
        workflow: "default/disk-report".into(),
        revision,
        state: state.into(),
        made,
        published,
        file: "disk-report.yaml".into(),
        note: "a higher limit".into(),
        cause: CauseView { word: "rollback".into(), workflow: None, revision: Some(1) },
    }
}

pub(crate) fn plan() -> PlanView {
    let item = |name: &str, word: &str, keys: &[&str]| ItemChange {
        name: name.into(),
        word: word.into(),
        keys: keys.iter().map(|&key| key.to_owned()).collect(),
    };
    PlanView {
        workflow: "default/disk-report".into(),
        word: "changed".into(),
        state: Some(state("disabled")),
        keys: vec!["description".into()],
        steps: vec![
            item("send", "added", &[]),
            item("usage", "changed", &["action", "timeout"]),
            item("parse", "removed", &[]),
        ],
        variables: vec![item("mail", "added", &["newly required"])],
        triggers: vec![item("weekdays", "changed", &["cron", "timezone"])],
        fires: vec![FireTimes {
            trigger: "weekdays".into(),
            before: Fires {
                timezone: "Europe/Sofia".into(),
                slots_ms: vec![SLOT, SLOT + DAY, SLOT + 4 * DAY],
            },
            after: Fires { timezone: "UTC".into(), slots_ms: vec![SLOT + DAY, SLOT + 2 * DAY] },
        }],
        secrets: vec![
            SecretNeed { name: "key".into(), there: true },
            SecretNeed { name: "token".into(), there: false },
        ],
        runs: vec![("queued".into(), 5), ("running".into(), 1)],
        dependents: Vec::new(),
        warnings: Vec::new(),
    }
}

pub(crate) fn doubt() -> StepDoubt {
    StepDoubt {
        run: failed().summary.run,
        workflow: "default/disk-report".into(),
        path: "each[3]/send".parse().expect("valid"),
        attempt: 1,
        effect: "once".into(),
        since_ms: ACCEPTED + 1_000,
        reason: "the daemon ended while it ran".into(),
    }
}

pub(crate) fn status() -> StatusView {
    StatusView {
        version: "0.1.0".into(),
        pid: 4711,
        instance: "b9c1".into(),
        state_dir: "/var/lib/rpad".into(),
        socket: "/run/rpad/rpad.sock".into(),
        http: ["/run/rpad/http.sock", "127.0.0.1:8088"].map(str::to_owned).into(),
        started_ms: ACCEPTED,
        state: "ready".into(),
        reason: String::new(),
        runs: vec![("running".into(), 1), ("completed".into(), 120)],
        workflows: 4,
        store_bytes: 1_048_576,
        disk_free_bytes: 9_000_000_000,
        attempts_running: 1,
        runner: Some(RunnerView {
            pid: 4712,
            version: "0.1.0".into(),
            state: "ready".into(),
            reason: String::new(),
            attempts: 1,
        }),
        restored: None,
        backup: BackupView::default(),
        kept: KeptView {
            live_ended: 20,
            archived: 100,
            archives: 3,
            archive_bytes: 3_145_728,
            oldest_ms: Some(NOW - 3 * 86_400_000),
            next_look_ms: NOW + 42_000,
        },
    }
}

/// Why [`failed`] failed.
pub(crate) fn why() -> Why {
    let run = failed().summary.run;
    let error = || {
        let (code, class) = ("RPA0401".into(), "exit(2)".into());
        Arg::Error(ErrorView { code, class, message: "exited with 2".into() })
    };
    let path: StepPath = "usage".parse().expect("a path");
    let failed = said!("why-step-failed", step = path, tries = Arg::Count(2), error = error());
    let now = said!("why-run-failed", at = Arg::Moment(NOW - 3_000), cause = failed);
    let left = said!("why-could-not-run", count = Arg::Count(1), steps = "report");
    let by = "ann (cli)";
    let accepted = said!("why-accepted", by = by, revision = 3, priority = "normal");
    let due = Arg::Moment(NOW - 5_000);
    let again = said!("why-step-retries", step = path, attempt = 1, error = error(), due = due);
    let of_step = |at_ms, what| Telling::new(Some(at_ms), Some(path.clone()), what);
    Why {
        run,
        workflow: "default/disk-report".into(),
        path: None,
        status: "failed".into(),
        ended: true,
        now: vec![Telling::new(Some(NOW - 3_000), None, now), Telling::new(None, None, left)],
        tellings: vec![
            Telling::new(Some(NOW - 90_000_000), None, accepted),
            of_step(NOW - 6_000, again),
            of_step(NOW - 3_000, failed),
        ],
        next: Some("7".into()),
    }
}

/// A trigger that stands so, as the daemon would say it.
pub(crate) fn trigger(status: &str) -> TriggerView {
    let by = "ann (cli)";
    let at = "2026-11-19T16:04:11Z";
    let note = "the disks are being replaced, ask the people of the second floor";
    let why = match status {
        "paused" => Some(said!("trigger-paused-by", by = by, at = at, note = note)),
        "disabled" => Some(said!("trigger-disabled-by", by = by, at = at, note = "-")),
        "held" => Some(said!("trigger-held")),
        "gone" => Some(said!("trigger-gone")),
        "broken" => Some(said!("trigger-broken", problem = "there is no calendar \u{1b}[2J\"bg\"")),
        _ => None,
    };
    let is_there = status != "gone";
    TriggerView {
        workflow: "default/disk-report".into(),
        trigger: "nightly".into(),
        description: "Before people come".into(),
        kind: "schedule".into(),
        what: if is_there { "At 03:30, Monday through Friday (Europe/Sofia)" } else { "" }.into(),
        timezone: if is_there { "Europe/Sofia" } else { "" }.into(),
        status: status.into(),
        why,
        paused_by_itself: false,
        revision: is_there.then_some(3),
        next: (status == "armed").then(|| coming(SLOT, SLOT)),
        last: Some(slots_of().swap_remove(0)),
        missed: 0,
        failures: 2,
        open: vec![failed().summary.run],
        waiting: 0,
        deliveries: 0,
        failing: None,
        rejected: None,
        cadence: None,
    }
}

/// One of each kind.
pub(crate) fn triggers() -> Vec<TriggerView> {
    let named = |workflow: &str, trigger_name: &str, status: &str| TriggerView {
        workflow: format!("default/{workflow}"),
        trigger: trigger_name.into(),
        ..trigger(status)
    };
    let mut never = named("backup", "schedule", "disabled");
    never.why = Some(said!("trigger-disabled-in-file"));
    never.last = None;
    let mut caught_up = named("a-workflow-with-a-long-name", "every-quarter-of-an-hour", "armed");
    caught_up.last = slots_of().into_iter().find(|slot| slot.fate == "backfilled");
    let why = remarks(vec![said!("cadence-overlapped", slots = 6)]);
    caught_up.cadence = Some(said!(
        "cadence-slower",
        effective = "30m",
        written = "15m",
        lost = 6,
        all = 12,
        why = why
    ));
    vec![
        caught_up,
        never,
        named("disk-report", "nightly", "armed"),
        named("disk-report", "on-sundays", "paused"),
        named("invoices", "schedule", "broken"),
        named("mail", "schedule", "held"),
        named("old", "schedule", "gone"),
    ]
}

fn coming(slot_ms: u64, due_ms: u64) -> ComingSlot {
    let (workflow, trigger) = ("default/disk-report".into(), "nightly".into());
    ComingSlot { workflow, trigger, slot_ms, due_ms, passed: None, more: None }
}

pub(crate) fn upcoming() -> Vec<ComingSlot> {
    let mut elsewhere = coming(SLOT + 3_600_000, SLOT + 3_600_000);
    elsewhere.workflow = "ops/a-workflow-with-a-long-name".into();
    elsewhere.trigger = "every-quarter-of-an-hour".into();
    vec![coming(SLOT, SLOT + 42_000), elsewhere, coming(SLOT + DAY, SLOT + DAY)]
}

/// A day with some of everything.
pub(crate) fn overview() -> Overview {
    let hour = 3_600_000;
    let since_ms = (NOW / hour - 23) * hour;
    let view = |n: u64| HourView {
        from_ms: since_ms + n * hour,
        completed: [40, 0, 3, 900][usize::try_from(n % 4).unwrap_or(0)],
        failed: if n.is_multiple_of(7) { n } else { 0 },
        cancelled: u64::from(n == 9),
    };
    let failed = failed().summary;
    let error = failed.error.clone().expect("it failed");
    let error = ErrorView { message: "exited with 2: df: no such file: /mnt/x".into(), ..error };
    let failure = |workflow: &str, step: &str, count, ago| FailureView {
        workflow: workflow.into(),
        alike: format!("{:012x}", 0x000a_f1c2_d3e4_b500_u64 + count),
        step: step.into(),
        error: error.clone(),
        count,
        newest: failed.run,
        newest_ms: NOW - ago,
        oldest_ms: NOW - ago * count,
    };
    let mut doubt = asking().summary;
    (doubt.status, doubt.at_step, doubt.workflow) =
        ("in_doubt".into(), "send".into(), "default/mail".into());
    let mut running = asking().summary;
    (running.status, running.needs_person, running.at_step) =
        ("running".into(), false, "each[3]/fetch".into());
    let mut waiting = running.clone();
    (waiting.status, waiting.workflow) =
        ("waiting".into(), "ops/a-workflow-with-a-long-name".into());
    Overview {
        since_ms,
        counts: vec![("running".into(), 1), ("waiting".into(), 1), ("completed".into(), 5_432)],
        failures: vec![
            failure("default/disk-report", "usage", 1, 90_000),
            failure("ops/a-workflow-with-a-long-name", "", 1_204, 7_500_000),
        ],
        failed: 1_205,
        failures_cut: true,
        doubts: vec![doubt],
        open: vec![running, waiting],
        hours: (0..24).map(view).collect(),
        counted_from_ms: since_ms,
    }
}

/// One of each fate, the newest first.
fn slots_of() -> Vec<SlotView> {
    let run = failed().summary.run;
    let slot = |days: u64, fate: &str, has_run: bool, reason, by_ms| {
        let slot_ms = SLOT - days * DAY;
        let run = has_run.then_some(run);
        SlotView { slot_ms, fate: fate.into(), run, reason, by_ms, decided_ms: slot_ms + by_ms }
    };
    let refused = said!(
        "slot-refused",
        code = "RPA0502",
        message = "the workflow default/disk-report\u{1b}[2J is disabled since yesterday by ann"
    );
    vec![
        slot(1, "fired", true, None, 20),
        slot(2, "late", true, None, 184_000),
        slot(3, "waiting", false, Some(said!("slot-waits-run")), 0),
        slot(4, "skipped", false, Some(said!("slot-overlap", run = "444455556666")), 0),
        slot(5, "suppressed", false, Some(said!("slot-in-gap")), 0),
        slot(6, "refused", false, Some(refused), 0),
        slot(7, "missed", false, Some(said!("slot-missed-down")), 0),
        slot(8, "caught_up", true, None, 7_500_000),
        slot(9, "backfilled", true, None, 12 * DAY),
    ]
}

pub(crate) fn slots() -> SlotPage {
    let slots = slots_of();
    let next_ms = slots.last().map(|slot| slot.slot_ms);
    SlotPage { trigger: trigger("armed"), slots, next_ms }
}

/// A trigger that is no schedule, with one delivery of each outcome.
pub(crate) fn deliveries() -> DeliveryPage {
    let mut trigger = trigger("failing");
    trigger.kind = "webhook".into();
    trigger.what = "POST /hooks/default/deploys (github)".into();
    trigger.timezone = String::new();
    trigger.why = Some(said!("trigger-failing", problem = "no secret \u{1b}[2Jdeploy_key"));
    trigger.deliveries = 4711;
    trigger.failing =
        Some(FailingView { since_ms: NOW - DAY, attempts: 3, next_ms: Some(NOW + 42_000) });
    let why = said!("slot-condition");
    trigger.rejected = Some(RejectedView { count: 1200, last_ms: NOW - 60_000, why });
    let run = failed().summary.run;
    let refused = said!("slot-refused", code = "RPA0203", message = "the disk is nearly full");
    let all = [
        ("started", true, None),
        ("held", false, Some(said!("delivery-gathers"))),
        ("merged", false, Some(said!("delivery-merged", into = 4710))),
        ("skipped", false, Some(said!("slot-condition"))),
        ("refused", false, Some(refused)),
    ];
    let deliveries = (0..).zip(all).map(|(n, (outcome, has_run, reason))| DeliveryView {
        number: 4711 - n,
        at_ms: NOW - (n + 1) * 60_000,
        what: "push \u{1b}[2Jto a-repository-with-a-long-name".into(),
        outcome: outcome.into(),
        run: has_run.then_some(run),
        reason,
        decided_ms: NOW - n * 60_000,
    });
    DeliveryPage { trigger, deliveries: deliveries.collect(), next: Some(4707) }
}

pub(crate) fn tested() -> Tested {
    Tested {
        trigger: trigger("armed"),
        fits: Some(Ok(true)),
        wanted: Some(Ok(true)),
        variables: Ok(vec![("limit".into(), "80".into()), ("text".into(), "\"a\"".into())]),
        facts: r#"{"id":"nightly","kind":"schedule"}"#.into(),
    }
}

pub(crate) fn backfilled() -> Backfilled {
    let slots = [2, 1].map(|days| coming(SLOT - days * DAY, SLOT - days * DAY));
    Backfilled { slots: slots.into(), had: 1, forgotten: 2, to_come: 3 }
}

/// The slots after a moment, one for each day.
pub(crate) fn preview(after_ms: u64, limit: u32) -> Preview {
    let days = (after_ms + DAY).saturating_sub(SLOT % DAY) / DAY;
    let slots = (0..u64::from(limit)).map(|n| (days + n) * DAY + SLOT % DAY);
    let mut slots: Vec<ComingSlot> = slots.map(|at| coming(at, at)).collect();
    if let Some(second) = slots.get_mut(1) {
        second.passed = Some(said!("slot-off-calendar"));
    }
    Preview { trigger: trigger("armed"), slots }
}

/// Why a slot had no run.
pub(crate) fn why_slot() -> WhySlot {
    let slot = slots_of().into_iter().find(|slot| slot.fate == "skipped");
    let slot = slot.expect("one of each fate");
    let reason = slot.reason.clone().expect("it was skipped for a reason");
    let (at, workflow, trigger) = (Arg::Moment(slot.decided_ms), "default/disk-report", "nightly");
    let all = [
        said!("why-slot-skipped", at = at, reason = reason),
        said!("why-slot-mend-overlap", rule = "skip"),
        said!("why-slot-backfill", workflow = workflow, trigger = trigger),
    ];
    WhySlot {
        trigger: self::trigger("armed"),
        at_ms: slot.slot_ms,
        slot: Some(slot),
        why: all.into_iter().map(|what| Telling::new(None, None, what)).collect(),
        before_ms: None,
        after_ms: None,
    }
}
