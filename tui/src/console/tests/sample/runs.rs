//! Runs: the list, one with steps, one with steps in steps.

use rpa_engine::{RunId, Value};
use rpa_ipc::Language;
use rpa_ipc::view::{ErrorView, RunDetail, RunSummary, StepView, TurnsView};

use super::{NOW, asking, connected, log, press, state, tell, variables};
use crate::console::keys::Key;
use crate::console::state::{News, State};

/// One that shows the list of runs.
pub fn with_runs(size: (u16, u16), language: Language) -> State {
    let mut state = connected(size, language);
    press(&mut state, Key::Char('2'));
    let want = state.wants().runs.expect("runs are wanted");
    tell(&mut state, News::Runs { want, rows: runs(), more: true });
    state.notice = None;
    state
}

/// One that has a run with steps in steps open.
pub fn with_nested(size: (u16, u16), language: Language) -> State {
    let mut state = with_run(size, language);
    state.run = None;
    press(&mut state, Key::Enter);
    tell(&mut state, News::Run(nested("running")));
    log(&mut state, 400, 1_000_000);
    state.notice = None;
    state
}

/// One that has the failed run open, with its log.
pub fn with_run(size: (u16, u16), language: Language) -> State {
    let mut state = with_runs(size, language);
    press(&mut state, Key::Down);
    press(&mut state, Key::Enter);
    tell(&mut state, News::Run(detail("failed")));
    log(&mut state, 400, 1_000_000);
    state.notice = None;
    state
}

/// One that has a run open of which a step asks for approval.
pub fn with_asking(size: (u16, u16), language: Language) -> State {
    let mut state = with_run(size, language);
    tell(&mut state, News::Run(asking()));
    state
}

pub(super) fn run(n: u128, status: &str, minutes: u64) -> RunSummary {
    let accepted_ms = NOW - minutes * 60_000;
    let over = matches!(status, "completed" | "failed" | "cancelled");
    RunSummary {
        run: RunId(0x019d_b7b6_7a20_7222_8333_4444_5555_0000 + n),
        workflow: "default/disk-report".into(),
        revision: 3,
        status: status.into(),
        accepted_ms,
        started_ms: (status != "queued").then_some(accepted_ms + 7),
        ended_ms: over.then_some(accepted_ms + 61_234),
        actor: "tihomir".into(),
        origin: "console".into(),
        error: (status == "failed").then(|| exit_two("step biggest: ")),
        steps_done: if over { 4 } else { 1 },
        steps_total: 4,
        at_step: match status {
            "failed" => "biggest".into(),
            "running" => "parse".into(),
            "in_doubt" => "send".into(),
            _ => String::new(),
        },
        needs_person: status == "in_doubt",
        broken: Vec::new(),
        called: false,
        turned_away: None,
        alike: (status == "failed").then(|| "f00dfeed0001".into()),
        held: false,
    }
}

pub fn runs() -> Vec<RunSummary> {
    let fixed = ["running", "failed", "in_doubt", "completed", "cancelled", "queued"];
    let statuses = fixed.iter().copied().chain(std::iter::repeat_n("completed", 60));
    (0..).zip(statuses).map(|(n, status)| run(n, status, 1 + n as u64 * 37)).collect()
}

/// As a run has it, after the step that it names, or as the step has it.
pub(super) fn exit_two(step: &str) -> ErrorView {
    ErrorView {
        code: "RPA0401".into(),
        class: "exit(2)".into(),
        message: format!("{step}exited with 2: du: cannot read /mnt/архив"),
    }
}

fn step(id: &str, kind: &str, needs: &[&str], status: &str) -> StepView {
    StepView {
        id: id.into(),
        path: id.parse().expect("a path"),
        name: String::new(),
        kind: kind.into(),
        effect: "unknown".into(),
        needs: needs.iter().map(|n| (*n).to_owned()).collect(),
        status: status.into(),
        attempts: u32::from(status != "skipped"),
        started_ms: Some(NOW - 60_000),
        ended_ms: (status != "running").then_some(NOW - 58_750),
        due_ms: None,
        reason: String::new(),
        error: None,
        output: None,
        depth: 0,
        turns: None,
        called: None,
        approval: None,
        holds: Vec::new(),
    }
}

/// The second run of [`runs`], as it would be with this status.
pub fn detail(status: &str) -> RunDetail {
    let mut send = step("send", "http.request", &["parse", "biggest"], "skipped");
    "needs biggest, which failed".clone_into(&mut send.reason);
    let mut biggest = step("biggest", "shell", &["usage"], "failed");
    biggest.error = Some(exit_two(""));
    biggest.attempts = 3;
    let mut usage = step("usage", "shell", &[], "completed");
    usage.output = Some(Value::from([
        ("exit_code", Value::Int(0)),
        ("stdout", Value::from("Mounted on Use%\n/ 81%\n/mnt/архив 93%")),
    ]));
    if status == "in_doubt" {
        biggest.status = "completed".into();
        biggest.error = None;
        send.status = "in_doubt".into();
        send.effect = "once".into();
        "the daemon ended while it ran; its processes were ended".clone_into(&mut send.reason);
    }
    let summary = RunSummary { run: runs()[1].run, ..run(1, status, 38) };
    RunDetail {
        summary,
        seq: 9,
        inputs: vec![("limit".into(), Value::Int(80)), ("mail".into(), Value::from("ops@x.bg"))],
        variables: vec![("limit".into(), Value::Int(90)), ("mail".into(), Value::from("ops@x.bg"))],
        outputs: Vec::new(),
        steps: vec![usage, step("parse", "data.transform", &["usage"], "completed"), biggest, send],
        workflow_state: state("live"),
        log_lines: 1_000_000,
        log_path: "/var/lib/rpad/runs/2026-11-21/log".into(),
        rerun_of: None,
        parent: None,
        gate: String::new(),
        masked: Vec::new(),
        declared: variables(),
        held_ms: None,
    }
}

/// The same run with steps in steps: a loop that goes on and one that has trouble, what
/// one group has undone, and a handler with names of its own.
pub fn nested(status: &str) -> RunDetail {
    let inside = |path: &str, kind: &str, needs: &[&str], status: &str| {
        let depth = path.split('/').map(|part| 1 + u32::from(part.contains('['))).sum::<u32>();
        let lists = path.split('/').filter(|part| part.starts_with('@')).count() as u32;
        let last = path.rsplit('/').next().expect("a part");
        let last = last.rsplit('[').next().expect("a part").trim_end_matches(']');
        StepView {
            path: path.parse().expect("a path"),
            depth: depth - 1 - lists,
            id: last.to_owned(),
            ..step("inside", kind, needs, status)
        }
    };
    let turns =
        |total, begun, open, failed, shown| Some(TurnsView { total, begun, open, failed, shown });
    let mut mail = inside("mail", "for_each", &["pay"], "running");
    mail.turns = turns(12_000, 10_003, 2, 0, 2);
    let mut each = inside("each", "for_each", &["usage"], "running");
    each.turns = turns(10, 7, 2, 1, 3);
    let mut poll = inside("each[6]/poll", "repeat", &[], "running");
    poll.turns = turns(20, 3, 0, 0, 0);
    poll.due_ms = Some(NOW + 20_000);
    let mut send = inside("each[2]/send", "http.request", &[], "failed");
    send.error = Some(exit_two(""));
    let mut first = inside("pay/first", "shell", &[], "failed");
    first.error = Some(exit_two(""));
    let mut doubt = inside("each[5]/send", "http.request", &[], "running");
    if status == "in_doubt" {
        doubt.status = "in_doubt".into();
        doubt.effect = "once".into();
        "the daemon ended while it ran; its processes were ended".clone_into(&mut doubt.reason);
    }
    let mut detail = detail("failed");
    detail.summary =
        RunSummary { run: runs()[1].run, at_step: "each".into(), ..run(1, status, 38) };
    detail.steps = vec![
        step("usage", "shell", &[], "completed"),
        each,
        inside("each[2]", "turn", &[], "failed"),
        send,
        inside("each[5]", "turn", &[], "running"),
        doubt,
        inside("each[6]", "turn", &[], "running"),
        poll,
        step("pay", "group", &["usage"], "completed"),
        first,
        // of another list than the one it needs by that name
        inside("pay/usage", "shell", &["first"], "completed"),
        inside("pay/@undo/refund", "shell", &[], "completed"),
        mail,
        inside("mail[10001]", "turn", &[], "running"),
        inside("mail[10001]/send", "http.request", &[], "running"),
        inside("mail[10002]", "turn", &[], "running"),
        step("done", "log", &["each", "mail"], "pending"),
        inside("@failure/usage", "shell", &[], "running"),
    ];
    detail
}
