//! No text gets through, wherever it stands in a view.

use rpa_ipc::FaultCode;
use rpa_ipc::asking::VoteView;
use rpa_ipc::catalog::{CauseView, FireTimes, Fires, SecretNeed, Trace, WorkflowState};
use rpa_ipc::notifications::{NotificationFilter, NotificationPage};
use rpa_ipc::triggers::{
    Backfilled, ComingSlot, DeliveryView, RejectedView, SlotView, Tested, TriggerView, TriggerWish,
};
use rpa_ipc::view::{LogLine, Resolved, RunnerView, StepOutline, VariableView};

use super::*;
use crate::console::state::{
    Asking, Ballot, EditWay, ForWhat, LedgerWant, LogWant, NotificationsWant, Seen, TextWhat,
    TriggerName, TriggerWant, Trying, WorkflowWant,
};
use crate::definition::Outlined;
use crate::text::is_dangerous;
use rpa_ipc::service::{LogAnchor, run_ref};
use rpa_ipc::why::{Telling, WhyQuery};

/// Retitles, moves, turns around, and forges a line.
const HOSTILE: &str = "\u{1b}]0;x\u{7}a\tb\u{9b}2J\u{202e}\r\nforged\u{1b}[1;1H";

fn hostile() -> String {
    HOSTILE.to_owned()
}

fn bad_summary() -> RunSummary {
    RunSummary {
        run: "019db7b6-7a20-7222-8333-444455556666".parse().unwrap(),
        workflow: hostile(),
        revision: 1,
        status: hostile(),
        accepted_ms: 0,
        started_ms: None,
        ended_ms: None,
        actor: hostile(),
        origin: hostile(),
        error: Some(bad_error()),
        steps_done: 0,
        steps_total: 0,
        at_step: hostile(),
        needs_person: false,
        broken: vec![hostile()],
        called: false,
        turned_away: Some(hostile()),
        alike: Some(hostile()),
        held: false,
    }
}

fn bad_detail() -> RunDetail {
    let summary = bad_summary();
    let step = StepView {
        id: hostile(),
        path: "a".parse().unwrap(),
        name: hostile(),
        kind: hostile(),
        effect: hostile(),
        needs: vec![hostile()],
        status: hostile(),
        attempts: 1,
        started_ms: None,
        ended_ms: None,
        due_ms: None,
        reason: hostile(),
        error: summary.error.clone(),
        output: None,
        depth: 0,
        turns: None,
        called: None,
        approval: Some(Box::new(bad_approval())),
        holds: vec![hostile()],
    };
    RunDetail {
        summary,
        seq: 1,
        inputs: vec![(hostile(), rpa_engine::Value::Null)],
        variables: vec![(hostile(), rpa_engine::Value::Null)],
        outputs: vec![(hostile(), rpa_engine::Value::Null)],
        steps: vec![step],
        workflow_state: bad_state(),
        log_lines: 0,
        log_path: hostile(),
        rerun_of: None,
        parent: None,
        gate: hostile(),
        masked: Vec::new(),
        declared: bad_workflow().variables,
        held_ms: None,
    }
}

fn bad_approval() -> ApprovalView {
    ApprovalView {
        run: bad_summary().run,
        workflow: hostile(),
        path: "a".parse().unwrap(),
        started_by: hostile(),
        since_ms: 0,
        due_ms: None,
        message: hostile(),
        shown: vec![(hostile(), rpa_engine::Value::Null)],
        form: bad_workflow().variables,
        approvers: vec![hostile()],
        quorum: 1,
        self_approval: false,
        votes: vec![VoteView {
            by: hostile(),
            at: hostile(),
            comment: hostile(),
            fields: vec![(hostile(), rpa_engine::Value::Int(1))],
        }],
        digest: hostile(),
    }
}

/// Our own, which needs no scrubbing.
fn ballot() -> Ballot {
    Ballot {
        run: bad_summary().run,
        path: "a".parse().unwrap(),
        approves: true,
        digest: String::new(),
        fields: Vec::new(),
        comment: String::new(),
    }
}

fn bad_state() -> WorkflowState {
    let change = Some(Trace { at_ms: 0, who: hostile(), origin: hostile() });
    WorkflowState { word: hostile(), change, live: None, draft: None }
}

fn bad_workflow() -> WorkflowView {
    WorkflowView {
        workflow: hostile(),
        revision: 1,
        state: bad_state(),
        description: hostile(),
        tags: vec![hostile()],
        category: hostile(),
        applied_ms: 0,
        applied_by: hostile(),
        variables: vec![VariableView {
            name: hostile(),
            kind: hostile(),
            required: false,
            default: None,
            description: hostile(),
            sensitive: false,
        }],
        steps: vec![StepOutline {
            id: hostile(),
            name: hostile(),
            kind: hostile(),
            needs: vec![hostile()],
        }],
        last_run: Some(bad_summary()),
    }
}

fn bad_status() -> StatusView {
    StatusView {
        version: hostile(),
        pid: 1,
        instance: hostile(),
        state_dir: hostile(),
        socket: hostile(),
        http: vec![hostile()],
        started_ms: 0,
        state: hostile(),
        reason: hostile(),
        runs: vec![(hostile(), 1)],
        workflows: 0,
        store_bytes: 0,
        disk_free_bytes: 0,
        attempts_running: 0,
        runner: Some(RunnerView {
            pid: 1,
            version: hostile(),
            state: hostile(),
            reason: hostile(),
            attempts: 0,
        }),
        restored: None,
        backup: Default::default(),
        kept: Default::default(),
    }
}

fn bad_log(text: &str) -> (LogWant, LogWindow) {
    let run = bad_summary().run;
    let want = LogWant {
        run,
        step: None,
        troubles: false,
        anchor: LogAnchor::Tail,
        before: 1,
        after: 0,
        epoch: 0,
    };
    let line = LogLine {
        number: 0,
        time_ms: 0,
        path: hostile(),
        attempt: 1,
        stream: hostile(),
        level: hostile(),
        text: text.to_owned(),
    };
    (want, LogWindow { lines: vec![line], from: 0, to: 1, total: 1, bytes: 1, ended: false })
}

fn bad_why() -> News {
    let run = run_ref(&"default".parse().unwrap(), bad_summary().run);
    let query = WhyQuery { run, path: None, all: false, limit: 1, cursor: None };
    let what = bad_fault().said.map(|said| *said).unwrap();
    let telling = Telling { at_ms: None, path: None, kind: hostile(), text: hostile(), what };
    let why = Why {
        run: bad_summary().run,
        workflow: hostile(),
        path: None,
        status: hostile(),
        ended: true,
        now: vec![telling.clone()],
        tellings: vec![telling],
        next: None,
    };
    News::Why { query, why }
}

fn bad_trigger() -> TriggerView {
    let said = bad_fault().said.map(|said| *said);
    let rejected = said.clone().map(|why| RejectedView { count: 0, last_ms: 0, why });
    let (coming, slot) = (bad_coming(), bad_slot());
    TriggerView {
        workflow: hostile(),
        trigger: hostile(),
        description: hostile(),
        kind: hostile(),
        what: hostile(),
        cron: Some(hostile()),
        timezone: hostile(),
        status: hostile(),
        why: said.clone(),
        paused_by_itself: false,
        revision: None,
        next: Some(coming),
        last: Some(slot),
        missed: 0,
        failures: 0,
        open: Vec::new(),
        waiting: 0,
        deliveries: 0,
        failing: None,
        rejected,
        cadence: said,
    }
}

fn bad_coming() -> ComingSlot {
    let passed = bad_fault().said.map(|said| *said);
    ComingSlot {
        workflow: hostile(),
        trigger: hostile(),
        slot_ms: 0,
        due_ms: 0,
        passed,
        folded: None,
        more: None,
    }
}

fn bad_slot() -> SlotView {
    let reason = bad_fault().said.map(|said| *said);
    SlotView { slot_ms: 0, fate: hostile(), run: None, reason, by_ms: 0, decided_ms: 0 }
}

/// Our own, which needs no scrubbing.
fn trigger_name() -> TriggerName {
    TriggerName { workflow: "default/a".into(), trigger: "b".into() }
}

fn bad_one(coming: Result<Vec<ComingSlot>, Fault>) -> News {
    News::Trigger {
        want: TriggerWant { name: trigger_name(), rows: 1 },
        view: bad_trigger(),
        past: Past::Slots(vec![bad_slot()]),
        more: false,
        coming: Some(coming),
    }
}

fn trying() -> Trying {
    Trying { name: trigger_name(), data: [("a".to_owned(), "b".into())].into() }
}

fn bad_tested(broken: bool) -> News {
    let asked = || match broken {
        true => Some(Err(bad_fault())),
        false => Some(Ok(true)),
    };
    let variables = match broken {
        true => Err(bad_fault()),
        false => Ok(vec![(hostile(), hostile())]),
    };
    let (fits, wanted) = (asked(), asked());
    let tested = Tested { trigger: bad_trigger(), fits, wanted, variables, facts: hostile() };
    News::Done(Box::new(Done::Tested(trying(), Ok(Box::new(tested)))))
}

fn bad_firing(answer: Result<Started, Fault>) -> News {
    News::Done(Box::new(Done::Fired(trying(), answer)))
}

fn bad_deliveries() -> News {
    let reason = bad_fault().said.map(|said| *said);
    let delivery = DeliveryView {
        number: 1,
        at_ms: 0,
        what: hostile(),
        outcome: hostile(),
        run: None,
        reason,
        decided_ms: 0,
    };
    News::Trigger {
        want: TriggerWant { name: trigger_name(), rows: 1 },
        view: bad_trigger(),
        past: Past::Deliveries(vec![delivery]),
        more: false,
        coming: None,
    }
}

fn bad_backfill(answer: Result<Backfilled, Fault>) -> News {
    let asking = Asking { name: trigger_name(), from_ms: 0, to_ms: 1 };
    News::Done(Box::new(Done::Backfilled(asking, true, answer)))
}

fn bad_order(answer: Result<TriggerView, Fault>) -> News {
    News::Done(Box::new(Done::Ordered(trigger_name(), TriggerWish::Resume, answer)))
}

fn bad_error() -> ErrorView {
    ErrorView { code: hostile(), class: hostile(), message: hostile() }
}

fn bad_fault() -> Fault {
    let text = |text: String| Arg::Text(text);
    let remark = || Said { id: hostile(), args: vec![(hostile(), Arg::Text(hostile()))] };
    let args = vec![
        (hostile(), text(hostile())),
        (hostile(), Arg::Remarks(vec![remark()])),
        (hostile(), Arg::Lines(vec![remark()])),
        (hostile(), Arg::Count(1)),
        (hostile(), Arg::Moment(1)),
        (hostile(), Arg::Reason(hostile())),
        (hostile(), Arg::Error(bad_error())),
    ];
    let said = Said { id: hostile(), args };
    let fault = Fault::new(FaultCode::NoRun, hostile()).with(HOSTILE, HOSTILE);
    Fault {
        hint: hostile(),
        said: Some(Box::new(said.clone())),
        advice: Some(Box::new(said)),
        ..fault
    }
}

fn bad_revision() -> RevisionView {
    let trace = Trace { at_ms: 0, who: hostile(), origin: hostile() };
    RevisionView {
        workflow: hostile(),
        revision: 1,
        state: hostile(),
        made: trace.clone(),
        published: Some(trace),
        file: hostile(),
        note: hostile(),
        cause: CauseView { word: hostile(), workflow: Some(hostile()), revision: Some(1) },
    }
}

/// Of a source only what is around its text: that is edited as it is.
fn bad_source() -> SourceView {
    SourceView { revision: bad_revision(), source: String::new(), state: bad_state() }
}

fn bad_problem() -> ProblemView {
    ProblemView {
        code: hostile(),
        warning: false,
        file: hostile(),
        line: 1,
        column: 1,
        message: hostile(),
        hint: hostile(),
    }
}

fn bad_one_workflow() -> News {
    let facts = [Fact::Fallback, Fact::Until, Fact::While, Fact::Event, Fact::Calls];
    let step = Outlined {
        path: hostile(),
        label: hostile(),
        name: hostile(),
        kind: hostile(),
        effect: hostile(),
        needs: vec![(hostile(), hostile())],
        depth: 0,
        condition: Some(hostile()),
        facts: facts.map(|fact| fact(hostile())).into_iter().collect(),
        lines: None,
    };
    let definition = Definition {
        steps: vec![step],
        unread: Some(bad_problem()),
        priority: hostile(),
        ..Definition::default()
    };
    let told = WorkflowTold {
        source: bad_source(),
        definition,
        history: vec![bad_revision()],
        more: false,
        runs: vec![bad_summary()],
    };
    News::Workflow { want: WorkflowWant { workflow: String::new() }, told }
}

fn bad_plan() -> Planned {
    let item = || ItemChange { name: hostile(), word: hostile(), keys: vec![hostile()] };
    let fires = || Fires { timezone: hostile(), slots_ms: Vec::new() };
    Planned::Plan(Box::new(PlanView {
        workflow: hostile(),
        word: hostile(),
        state: Some(bad_state()),
        keys: vec![hostile()],
        steps: vec![item()],
        variables: vec![item()],
        triggers: vec![item()],
        fires: vec![FireTimes { trigger: hostile(), before: fires(), after: fires() }],
        secrets: vec![SecretNeed { name: hostile(), there: true }],
        runs: vec![(hostile(), 1)],
        dependents: vec![hostile()],
        warnings: vec![bad_problem()],
    }))
}

fn bad_catalog() -> Vec<Done> {
    let changed = Changed { workflow: hostile(), state: bad_state(), changed: true };
    let accepted = Applied::Accepted {
        workflow: hostile(),
        revision: 1,
        changed: true,
        draft: false,
        warnings: vec![bad_problem()],
    };
    let refused = || Applied::Refused { problems: vec![bad_problem()] };
    let file = || "/tmp/rpa-tui-1/a.yaml".to_owned();
    let sources = |answer| Done::Sources(String::new(), TextWhat::Source(1), answer);
    vec![
        sources(Ok(vec![bad_source()])),
        sources(Err(bad_fault())),
        Done::Newest(EditWay::Visual, Ok(bad_source())),
        Done::Newest(EditWay::Text, Err(bad_fault())),
        Done::Stale(file(), Box::new(bad_source())),
        Done::Published(Ok(changed)),
        Done::Published(Err(bad_fault())),
        Done::RolledBack(1, Ok(refused())),
        Done::RolledBack(1, Err(bad_fault())),
        Done::Applied(file(), Ok(accepted)),
        Done::Applied(file(), Ok(refused())),
        Done::Applied(file(), Err(bad_fault())),
        Done::Planned(file(), Ok(bad_plan())),
        Done::Planned(file(), Ok(Planned::Refused { problems: vec![bad_problem()] })),
        Done::Planned(file(), Err(bad_fault())),
    ]
}

fn bad_ledger() -> News {
    let SlotView { fate, reason, .. } = bad_slot();
    let row = LedgerRow {
        name: TriggerName { workflow: hostile(), trigger: hostile() },
        at_ms: 0,
        number: None,
        what: hostile(),
        became: fate,
        run: None,
        reason,
        decided_ms: 0,
    };
    News::Ledger { want: LedgerWant::default(), rows: vec![row], more: false }
}

fn bad_notifications() -> News {
    let what = Said { id: hostile(), args: vec![(hostile(), Arg::Text(hostile()))] };
    let view = NotificationView {
        id: 1,
        number: 1,
        kind: hostile(),
        severity: hostile(),
        state: hostile(),
        workflow: hostile(),
        run: None,
        step: None,
        trigger: hostile(),
        slot_ms: None,
        what,
        count: 1,
        mended: 0,
        first_ms: 0,
        last_ms: 0,
        acknowledged: Some((0, hostile())),
        settled: Some((0, hostile())),
    };
    let page = NotificationPage { items: vec![view], ..NotificationPage::default() };
    let filter = NotificationFilter::All;
    News::Notifications {
        want: NotificationsWant { filter, rows: 1, for_what: ForWhat::List },
        page,
    }
}

#[test]
fn nothing_hostile_is_left_in_any_news() {
    let (want, window) = bad_log(HOSTILE);
    let run = bad_summary().run;
    let all = [
        News::Lost(bad_fault()),
        News::RunsRefused(bad_fault()),
        News::RunRefused(bad_fault()),
        News::LogRefused(bad_fault()),
        News::Status(bad_status()),
        News::Workflows(vec![bad_workflow()]),
        News::Runs { want: Default::default(), rows: vec![bad_summary()], more: false },
        News::Run(bad_detail()),
        News::Asked { rows: vec![bad_approval()], more: false },
        News::AskedRefused(bad_fault()),
        News::Triggers(vec![bad_trigger()]),
        News::TriggersRefused(bad_fault()),
        bad_one(Ok(vec![bad_coming()])),
        bad_one(Err(bad_fault())),
        News::TriggerRefused(bad_fault()),
        bad_one_workflow(),
        News::WorkflowRefused(bad_fault()),
        bad_notifications(),
        News::NotificationsRefused(bad_fault()),
        News::Done(Box::new(Done::Acknowledged(
            Seen { ids: vec![1], upto: None, all: false },
            Err(bad_fault()),
        ))),
        bad_ledger(),
        News::LedgerRefused(bad_fault()),
        News::Upcoming(vec![bad_coming()]),
        News::UpcomingRefused(bad_fault()),
        bad_deliveries(),
        bad_tested(false),
        bad_tested(true),
        News::Done(Box::new(Done::Tested(trying(), Err(bad_fault())))),
        bad_firing(Err(bad_fault())),
        bad_firing(Ok(Started {
            run: bad_summary().run,
            workflow: hostile(),
            status: hostile(),
            repeated: false,
        })),
        bad_order(Ok(bad_trigger())),
        bad_order(Err(bad_fault())),
        bad_backfill(Ok(Backfilled {
            slots: vec![bad_coming()],
            had: 0,
            forgotten: 0,
            to_come: 0,
        })),
        bad_backfill(Err(bad_fault())),
        News::Log { want, window },
        bad_why(),
        News::WhyRefused(bad_fault()),
        News::Done(Box::new(Done::Started(Ok(Started {
            run,
            workflow: hostile(),
            status: hostile(),
            repeated: false,
        })))),
        News::Done(Box::new(Done::Started(Err(bad_fault())))),
        News::Done(Box::new(Done::Cancelled(run, Ok(bad_detail())))),
        News::Done(Box::new(Done::Cancelled(run, Err(bad_fault())))),
        News::Done(Box::new(Done::Paused(run, Ok(bad_detail())))),
        News::Done(Box::new(Done::Paused(run, Err(bad_fault())))),
        News::Done(Box::new(Done::Resumed(run, Ok(bad_detail())))),
        News::Done(Box::new(Done::Resumed(run, Err(bad_fault())))),
        News::Done(Box::new(Done::Resolved(
            run,
            "a".parse().unwrap(),
            Ok(Resolved { decided: 1, detail: bad_detail() }),
        ))),
        News::Done(Box::new(Done::Voted(ballot(), Ok(bad_detail())))),
        News::Done(Box::new(Done::Voted(ballot(), Err(bad_fault())))),
    ];
    let catalog = bad_catalog().into_iter().map(|done| News::Done(Box::new(done)));
    for mut told in all.into_iter().chain(catalog) {
        news(&mut told);
        // what is shown for debugging escapes what is hostile, and harmless texts not
        let shown = format!("{told:?}");
        for left in ["\\u{1b}", "\\u{9b}", "\\u{202e}", "\\u{7}", "\\t", "\\r"] {
            // a text that shows an escape has its backslash doubled
            let raw = shown.replace("\\\\", "");
            assert!(!raw.contains(left), "{left} in {shown}");
        }
    }
}

#[test]
fn line_breaks_are_left_in_messages_and_reasons_only() {
    let broken = "one\n two\tthree\r\nfour\n".to_owned();
    let (mut message, mut name) = (broken.clone(), broken);
    lines([&mut message]);
    words([&mut name]);
    assert_eq!((&*message, &*name), ("one\n two three\nfour", "one  two three  four"));
}

#[test]
fn tabs_of_a_log_are_filled_up_to_their_stops() {
    for (text, wanted) in [
        ("a\tb", "a       b"),
        ("\t|", "        |"),
        ("12345678\t|", "12345678        |"),
        ("東京\t|", "東京    |"),
        ("\u{1b}[31mred\u{1b}[0m\t|", "red     |"),
    ] {
        assert_eq!(log_text(text), wanted);
    }
}

#[test]
fn a_long_line_says_how_much_of_it_is_missing() {
    assert_eq!(log_text(&"x".repeat(LONGEST_LINE)).len(), LONGEST_LINE);
    let cut = log_text(&"x".repeat(LONGEST_LINE + 32 * 1024));
    assert!(cut.ends_with("x… +32 KiB"), "{}", &cut[cut.len() - 20..]);
    let wide = log_text(&"ж".repeat(LONGEST_LINE));
    assert!(wide.ends_with("ж… +16 KiB") && !wide.contains(is_dangerous));
}
