//! Runs as they stand, and why.

use rpa_engine::{StepPath, Value};
use rpa_ipc::fault::Arg;
use rpa_ipc::said;
use rpa_ipc::view::{ErrorView, RunDetail, RunSummary, StepDoubt, StepView, TurnsView};
use rpa_ipc::why::{Telling, Why};

use super::{ACCEPTED, NOW, approval, state};

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
                reason: "needs usage, which failed".into(),
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
