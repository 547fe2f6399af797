//! States for tests, with what is awkward in them.

use rpa_engine::{RunId, StepPath, Value};
use rpa_ipc::asking::{ApprovalView, VoteView};
use rpa_ipc::catalog::{Trace, WorkflowState};
use rpa_ipc::fault::Arg;
use rpa_ipc::triggers::{Backfilled, ComingSlot, DeliveryView, FailingView, SlotView, TriggerView};
use rpa_ipc::view::{
    ErrorView, LogLine, LogWindow, RunDetail, RunSummary, StatusView, StepOutline, StepView,
    TurnsView, VariableView, WorkflowView,
};
use rpa_ipc::why::{Telling, Why, WhyQuery};
use rpa_ipc::{Fault, FaultCode, Language, fault, said};

use crate::cli::sample as cli;
use crate::console::keys::Key;
use crate::console::settings::{Settings, Start};
use crate::console::state::{
    Call, Done, Effect, FireStage, Msg, News, Overlay, Past, State, has_deliveries, update,
};
use crate::console::theme::Look;

/// 2026-11-21 03:10:00 UTC.
pub const NOW: u64 = 1_795_230_600_000;
const HOUR: u64 = 3_600_000;

/// A console that has just been started, in a language and of a size.
pub fn fresh(size: (u16, u16), language: Language) -> State {
    // most tests are about lists: the dashboard has its own
    let start = Start::Workflows;
    let settings = Settings { language, start, ..Settings::default() };
    let look = Look { unicode: true, colour: true, contrast: false };
    let mut state = State::new(NOW, size, settings, look);
    state.zone = jiff::tz::TimeZone::UTC;
    state.socket = "/run/rpad/rpad.sock".into();
    state
}

/// One that is connected and knows the samples.
pub fn connected(size: (u16, u16), language: Language) -> State {
    let mut state = fresh(size, language);
    tell(&mut state, News::Up);
    tell(&mut state, News::Status(status()));
    tell(&mut state, News::Workflows(workflows()));
    state
}

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

/// Answers what the log pane asks for, from a log of `total` lines.
pub fn log(state: &mut State, most: u64, total: u64) {
    let Some(want) = state.wants().log else { return };
    let from = match want.anchor {
        rpa_ipc::service::LogAnchor::Tail => total.saturating_sub(most),
        rpa_ipc::service::LogAnchor::Line(line) => {
            line.saturating_sub(u64::from(want.before)).min(total)
        }
    };
    let to = (from + most).min(total);
    let window = LogWindow {
        lines: (from..to).map(line).collect(),
        from,
        to,
        total,
        bytes: total * 40,
        ended: true,
    };
    tell(state, News::Log { want, window });
}

pub fn tell(state: &mut State, news: News) -> Vec<Effect> {
    update(state, NOW, Msg::News(Box::new(news)))
}

pub fn press(state: &mut State, key: Key) -> Vec<Effect> {
    let now = state.now_ms;
    update(state, now, Msg::Key(key))
}

pub fn type_text(state: &mut State, text: &str) {
    for c in text.chars() {
        press(state, Key::Char(c));
    }
}

pub fn away() -> Fault {
    Fault::new(FaultCode::Unreachable, "no daemon: nothing answers at /run/rpad/rpad.sock")
}

fn line(number: u64) -> LogLine {
    let (stream, level, text) = match number % 7 {
        3 => ("err", "info", "warning: /mnt/архив is 93% full".to_owned()),
        5 => (
            "rpad",
            "warn",
            "attempt 1 failed: exited with 2 [RPA0401]; next try in 5 s".to_owned(),
        ),
        _ => ("out", "info", format!("line {number} of a long log, with 東京 in it")),
    };
    LogLine {
        number,
        time_ms: NOW - HOUR + number,
        path: if number.is_multiple_of(2) { "usage".into() } else { "parse".into() },
        attempt: 1,
        stream: stream.into(),
        level: level.into(),
        text,
    }
}

pub fn status() -> StatusView {
    StatusView {
        version: "0.1.0".into(),
        pid: 4_711,
        instance: "i".into(),
        state_dir: "/var/lib/rpad".into(),
        socket: "/run/rpad/rpad.sock".into(),
        http: vec!["/run/rpad/http.sock".into()],
        started_ms: NOW - 48 * HOUR,
        state: "ready".into(),
        reason: String::new(),
        runs: vec![
            ("running".into(), 1),
            ("in_doubt".into(), 1),
            ("completed".into(), 12_345),
            ("failed".into(), 2),
        ],
        workflows: 3,
        store_bytes: 1,
        disk_free_bytes: 1,
        attempts_running: 1,
        runner: None,
        restored: None,
        backup: Default::default(),
        kept: Default::default(),
    }
}

fn outline(id: &str, kind: &str, needs: &[&str]) -> StepOutline {
    let needs = needs.iter().map(|n| (*n).to_owned()).collect();
    StepOutline { id: id.into(), name: String::new(), kind: kind.into(), needs }
}

fn variable(name: &str, kind: &str, required: bool, default: Option<Value>) -> VariableView {
    let description = format!("what {name} is for");
    VariableView {
        name: name.into(),
        kind: kind.into(),
        required,
        default,
        description,
        sensitive: false,
    }
}

pub fn variables() -> Vec<VariableView> {
    vec![
        variable("limit", "number", false, Some(Value::Int(80))),
        variable("mounts", "list", false, None),
        variable("mail", "string", true, None),
        variable("dry", "boolean", false, Some(Value::Bool(true))),
        variable("token", "secret", false, None),
    ]
}

pub fn state(word: &str) -> WorkflowState {
    let live = (word != "draft").then_some(3);
    let change = Trace { at_ms: NOW - HOUR, who: "ann".into(), origin: "cli".into() };
    let change = (word != "live").then_some(change);
    let draft = (word == "draft").then_some(3);
    WorkflowState { word: word.into(), change, live, draft }
}

pub fn workflows() -> Vec<WorkflowView> {
    let report = WorkflowView {
        workflow: "default/disk-report".into(),
        revision: 3,
        state: state("live"),
        description: "Which file systems are nearly full, and what fills them".into(),
        tags: vec!["ops".into(), "disk".into()],
        category: "operations".into(),
        applied_ms: NOW - 30 * HOUR,
        applied_by: "tihomir".into(),
        variables: variables(),
        steps: vec![
            outline("usage", "shell", &[]),
            outline("parse", "data.transform", &["usage"]),
            outline("biggest", "shell", &["usage"]),
            outline("send", "http.request", &["parse", "biggest"]),
        ],
        last_run: Some(runs().remove(1)),
    };
    let plain = |name: &str, description: &str| WorkflowView {
        workflow: format!("default/{name}"),
        revision: 12,
        description: description.into(),
        tags: Vec::new(),
        variables: Vec::new(),
        steps: vec![outline("only", "noop", &[])],
        last_run: None,
        ..report.clone()
    };
    vec![
        plain("backup-rotate", "Нощно копие на базата и изтриване на старите"),
        report.clone(),
        plain("log-digest", ""),
    ]
}

fn run(n: u128, status: &str, minutes: u64) -> RunSummary {
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
        held: false,
    }
}

/// Answers what is asked of why, with a history of so many retries.
pub fn why(state: &mut State, retries: u64) {
    let Some(query) = state.wants().why else { return };
    let why = why_of(&query, retries);
    tell(state, News::Why { query, why });
}

pub fn why_of(query: &WhyQuery, retries: u64) -> Why {
    let path: StepPath = "biggest".parse().expect("a path");
    let error = || Arg::Error(exit_two(""));
    let failed =
        || said!("why-step-failed", step = path, tries = Arg::Count(retries + 1), error = error());
    let of_step = |at_ms, what| Telling::new(Some(at_ms), Some(path.clone()), what);
    let ended = NOW - HOUR / 2;
    let now = match &query.path {
        Some(step) => {
            let needs = Arg::Reason("needs biggest, which was failed".into());
            let skipped = said!("why-step-skipped", step = step, reason = needs);
            let first = said!("why-at-the-root", first = skipped, root = failed());
            vec![of_step(ended, first), of_step(ended, failed())]
        }
        None => {
            let at = Arg::Moment(ended);
            let what = said!("why-run-failed", at = at, cause = failed());
            vec![Telling::new(Some(ended), None, what)]
        }
    };
    let retry = |n: u64| {
        let due = Arg::Moment(ended - HOUR + n * 1_000);
        let what =
            said!("why-step-retries", step = path, attempt = n + 1, error = error(), due = due);
        of_step(ended - HOUR + n * 1_000, what)
    };
    let by = "tihomir (console)";
    let accepted = said!("why-accepted", by = by, revision = 3, priority = "high");
    let tellings = std::iter::once(Telling::new(Some(NOW - 30 * HOUR), None, accepted))
        .chain((0..retries).map(retry))
        .chain([of_step(ended, failed())]);
    Why {
        run: query.run.id.parse().expect("a full id"),
        workflow: "default/disk-report".into(),
        path: query.path.clone(),
        status: "failed".into(),
        ended: true,
        now,
        tellings: tellings.collect(),
        next: None,
    }
}

/// As a run has it, after the step that it names, or as the step has it.
fn exit_two(step: &str) -> ErrorView {
    ErrorView {
        code: "RPA0401".into(),
        class: "exit(2)".into(),
        message: format!("{step}exited with 2: du: cannot read /mnt/архив"),
    }
}

pub fn runs() -> Vec<RunSummary> {
    let fixed = ["running", "failed", "in_doubt", "completed", "cancelled", "queued"];
    let statuses = fixed.iter().copied().chain(std::iter::repeat_n("completed", 60));
    (0..).zip(statuses).map(|(n, status)| run(n, status, 1 + n as u64 * 37)).collect()
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
    "needs biggest, which was failed".clone_into(&mut send.reason);
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

pub fn approval() -> ApprovalView {
    let vote = VoteView {
        by: "ann".into(),
        at: "2026-11-21T02:58:00Z".into(),
        comment: "tested on staging".into(),
        fields: Vec::new(),
    };
    ApprovalView {
        run: runs()[1].run,
        workflow: "default/disk-report".into(),
        path: "send".parse().expect("a path"),
        started_by: "tihomir".into(),
        since_ms: NOW - 20 * 60_000,
        due_ms: Some(NOW + HOUR),
        message: "Release 1.4 to production?\nМагазинът спира за минута.".into(),
        shown: vec![
            ("hosts".into(), Value::List(vec!["web1".into(), "web2".into()])),
            ("version".into(), "1.4".into()),
        ],
        form: vec![
            variable("ticket", "string", true, None),
            variable("window", "string", false, Some("night".into())),
        ],
        approvers: vec!["ann".into(), "@release".into()],
        quorum: 2,
        self_approval: false,
        votes: vec![vote],
        digest: "0123456789abcdef".repeat(4),
    }
}

/// The second run of [`runs`], asking for an approval.
pub fn asking() -> RunDetail {
    let mut detail = detail("in_doubt");
    detail.summary = waiting("send");
    detail.summary.broken = vec!["finish".into()];
    let send = detail.steps.last_mut().expect("a step");
    (send.status, send.kind, send.ended_ms) = ("waiting".into(), "approval".into(), None);
    send.reason = format!("waits for approval: {}", approval().message);
    send.approval = Some(Box::new(approval()));
    detail
}

/// The same, waiting for one that it has called and for a lock.
pub fn calling(called: RunId) -> RunDetail {
    let mut detail = detail("in_doubt");
    detail.summary = waiting("biggest");
    let biggest = &mut detail.steps[2];
    (biggest.status, biggest.kind, biggest.ended_ms) = ("waiting".into(), "workflow".into(), None);
    biggest.reason = "people are asked in the run that it has called".into();
    biggest.called = Some(called);
    biggest.holds = vec!["prod-db".into()];
    let send = &mut detail.steps[3];
    (send.status, send.ended_ms) = ("waiting".into(), None);
    (send.reason, send.due_ms) = ("waits for prod-db".into(), Some(NOW + 20_000));
    detail
}

fn waiting(at: &str) -> RunSummary {
    RunSummary { at_step: at.into(), needs_person: true, ..run(1, "waiting", 38) }
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

/// One of each kind; of those that are armed the next slot is to come.
pub fn triggers() -> Vec<TriggerView> {
    let mut rows = cli::triggers();
    for (view, hours) in rows.iter_mut().filter(|view| view.next.is_some()).zip(1..) {
        let at = NOW + hours * HOUR;
        view.next = view.next.take().map(|next| coming(&next.workflow, &next.trigger, at));
    }
    let mut itself = cli::trigger("paused");
    (itself.workflow, itself.trigger) = ("default/vat-export".into(), "quarter".into());
    itself.why = Some(said!(
        "trigger-paused-by",
        by = "rpad (daemon)",
        at = "2026-11-20T16:04:11Z",
        note = "3 runs failed one after the other"
    ));
    (itself.failures, itself.paused_by_itself) = (3, true);
    // the newest was fired: those before it were not
    let mut missed = cli::trigger("armed");
    (missed.workflow, missed.trigger) = ("default/zip".into(), "hourly".into());
    missed.missed = 7;
    let mut hook = cli::trigger("armed");
    (hook.workflow, hook.trigger, hook.kind) =
        ("default/zip".into(), "hook".into(), "webhook".into());
    (hook.what, hook.next, hook.timezone) = ("POST /h/zip, signed".into(), None, String::new());
    let mut failing = cli::deliveries().trigger;
    (failing.workflow, failing.trigger) = ("default/deploys".into(), "pushed".into());
    (failing.next, failing.last) = (None, None);
    failing.failing = failing.failing.map(|failing| FailingView {
        since_ms: NOW - 90 * 60_000,
        next_ms: Some(NOW + 42_000),
        ..failing
    });
    failing.rejected.iter_mut().for_each(|rejected| rejected.last_ms = NOW - 60_000);
    rows.extend([itself, missed, hook, failing]);
    rows
}

fn coming(workflow: &str, trigger: &str, at_ms: u64) -> ComingSlot {
    ComingSlot {
        workflow: workflow.into(),
        trigger: trigger.into(),
        slot_ms: at_ms,
        due_ms: at_ms,
        passed: None,
        more: None,
    }
}

/// What fires next: one each ten seconds, some each hour, one that has jitter.
pub fn upcoming() -> Vec<ComingSlot> {
    let of = |workflow: &str, trigger: &str, after: u64| {
        coming(&format!("default/{workflow}"), trigger, NOW + after)
    };
    let mut slots: Vec<ComingSlot> =
        (1..=20).map(|n| of("heartbeat", "ten-seconds", n * 10_000)).collect();
    let mut nightly = of("disk-report", "nightly", 20 * 60_000);
    nightly.due_ms += 42_000;
    slots.push(nightly);
    slots.extend((1..23).map(|n| of("zip", "hourly", n * HOUR - 600_000)));
    slots.push(of("a-workflow-with-a-long-name", "every-quarter-of-an-hour", HOUR));
    slots.sort_by_key(|slot| slot.due_ms);
    slots
}

/// One that shows the list of triggers.
pub fn with_triggers(size: (u16, u16), language: Language) -> State {
    let mut state = connected(size, language);
    press(&mut state, Key::Char('5'));
    tell(&mut state, News::Triggers(triggers()));
    state.notice = None;
    state
}

/// One that shows what fires next.
pub fn with_upcoming(size: (u16, u16), language: Language) -> State {
    let mut state = with_triggers(size, language);
    press(&mut state, Key::Char('6'));
    tell(&mut state, News::Upcoming(upcoming()));
    state.notice = None;
    state
}

/// One that has the trigger of that name open, with slots of each fate, or deliveries.
pub fn with_trigger_of(name: &str, size: (u16, u16), language: Language) -> State {
    let mut state = with_triggers(size, language);
    select(&mut state, name);
    press(&mut state, Key::Enter);
    match state.meant_trigger().is_some_and(has_deliveries) {
        true => answer_deliveries(&mut state, 40, false),
        false => answer_trigger(&mut state, 40, false),
    }
    state.notice = None;
    state
}

pub fn with_trigger(size: (u16, u16), language: Language) -> State {
    with_trigger_of("nightly", size, language)
}

/// Answers what is asked of the open trigger, with so many slots.
pub fn answer_trigger(state: &mut State, slots: usize, more: bool) {
    let Some(want) = state.wants().trigger else { return };
    // one that is asked for by its name alone is not known yet
    let view = state.trigger.as_ref().and_then(|open| open.view.clone());
    let Some(view) = view else { return };
    let preview = cli::preview(NOW, 10).slots;
    let coming = (view.kind == "schedule").then(|| {
        let mut slots = preview;
        slots[3].due_ms += 42_000;
        Ok(slots)
    });
    tell(state, News::Trigger { want, view, past: Past::Slots(slots_of(slots)), more, coming });
}

/// One that has a trigger open whose source fails, with deliveries of each outcome.
pub fn with_deliveries(size: (u16, u16), language: Language) -> State {
    with_trigger_of("pushed", size, language)
}

/// Answers what is asked of the open trigger, with so many deliveries.
pub fn answer_deliveries(state: &mut State, count: u64, more: bool) {
    let Some(want) = state.wants().trigger else { return };
    let view = state.trigger.as_ref().and_then(|open| open.view.clone()).expect("a trigger");
    let kinds = cli::deliveries().deliveries;
    let newest = kinds[0].number;
    let delivery = |n: u64| DeliveryView {
        number: newest - n,
        at_ms: NOW - (n + 1) * 60_000,
        ..kinds[n as usize % kinds.len()].clone()
    };
    let past = Past::Deliveries((0..count).map(delivery).collect());
    tell(state, News::Trigger { want, view, past, more, coming: None });
}

/// Selects the trigger of that name in the list.
pub fn select(state: &mut State, name: &str) {
    let at = state.triggers.shown().position(|view| view.trigger == name).expect("a trigger");
    press(state, Key::Home);
    (0..at).for_each(|_| {
        press(state, Key::Down);
    });
}

fn slots_of(count: usize) -> Vec<SlotView> {
    const DAY: u64 = 24 * HOUR;
    let kinds = cli::slots().slots;
    let newest = kinds[0].slot_ms;
    let slot =
        |n: usize| SlotView { slot_ms: newest - n as u64 * DAY, ..kinds[n % kinds.len()].clone() };
    (0..count).map(slot).collect()
}

/// Asks the open dialog's daemon which slots they are; there are so many.
pub fn show_backfill(state: &mut State, slots: u64) {
    let effects: Vec<Effect> =
        [Key::Tab, Key::Tab, Key::Enter].into_iter().flat_map(|key| press(state, key)).collect();
    let [Effect::Call(Call::Backfill { asking, dry_run: true })] = &effects[..] else {
        panic!("{effects:?}");
    };
    let slots = (0..slots).map(|n| coming("default/disk-report", "nightly", NOW - (n + 1) * HOUR));
    let filled = Backfilled { slots: slots.rev().collect(), had: 2, forgotten: 0, to_come: 0 };
    tell(state, News::Done(Box::new(Done::Backfilled(asking.clone(), true, Ok(filled)))));
}

/// A dialog that shows what would come of the trigger that is open; of one whose `match`
/// does not fit, or which cannot be.
pub fn with_tested(size: (u16, u16), language: Language, fits: bool) -> State {
    let mut state = with_deliveries(size, language);
    press(&mut state, Key::Char('s'));
    let Some(Overlay::Fire(dialog)) = &state.overlay else { panic!("no dialog") };
    let FireStage::Asked(trying) = dialog.stage.clone() else { panic!("nothing was asked") };
    let mut tested = cli::tested();
    tested.trigger.status = "failing".into();
    if !fits {
        tested.trigger.status = "armed".into();
        tested.fits = Some(Ok(false));
        let fault = fault!(FaultCode::BadTrigger, "no-triggers", workflow = "default/deploys");
        tested.variables = Err(fault);
    }
    tell(&mut state, News::Done(Box::new(Done::Tested(trying, Ok(Box::new(tested))))));
    state
}
