//! Rows, indexes, golden bytes, other versions.

use std::collections::BTreeMap;
use std::sync::Arc;

use rpa_engine::actor::{Actor, Origin};
use rpa_engine::catalog::{Cause, Entry, Mark, Shelf, Switch};
use rpa_engine::lock::Claim;
use rpa_engine::run::{
    Acceptance, ApprovalRequest, Asked, Asking, Awaiting, Calling, Claimant, Claiming, Cx,
    Evaluation, Event, EventId, Gate, Hold, Input, LoopStage, Looping, Parent, Phase, Promise,
    Published, Run, RunEnd, RunStatus, SkipReason, Stage, Stands, StepState, Time, Tokens, Vote,
};
use rpa_engine::{
    Action, AttemptId, Backoff, BlobRef, EffectClass, ErrorClass, Expr, Handlers, Label, OnError,
    Outcome, Piece, Priority, Reads, Retry, RunId, Sealed, Step, StepPath, TaskError, Template,
    Value, Variable, VariableKind, Wait, When, Workflow, WorkflowRef,
};

use super::journal::JournalRow;
use super::rows::{
    ArchiveRow, Fired, RequestRow, RevisionHead, RevisionRow, RunHead, RunRow, StepRow, WorkflowRow,
};
use super::*;

pub(super) fn label(text: &str) -> Label {
    text.parse().unwrap()
}

fn actor() -> Actor {
    Actor { who: "ann".into(), origin: Origin::Cli }
}

fn revision_head(at_ms: u64) -> RevisionHead {
    let made = Mark { at_ms, by: actor() };
    let (file, note) = ("flow.yaml".into(), "why".into());
    RevisionHead { file, note, cause: Cause::Apply, made: made.clone(), published: Some(made) }
}

fn step(id: &str, needs: &[&str], effect: EffectClass, action: Action) -> Step {
    Step {
        id: id.parse().unwrap(),
        name: String::new(),
        needs: needs.iter().map(|n| (n.parse().unwrap(), When::Completed)).collect(),
        condition: None,
        vars: BTreeMap::new(),
        action,
        effect,
        timeout_ms: None,
        retry: Retry::NONE,
        on_error: OnError::Fail,
        claims: None,
        compensate: Vec::new(),
        outputs: BTreeMap::new(),
    }
}

fn task() -> Action {
    Action::Task { kind: "noop".into(), with: Template::empty_map(), env: BTreeMap::new() }
}

fn workflow() -> Arc<Workflow> {
    let set = Template::Literal(Value::Int(7));
    Arc::new(Workflow {
        name: WorkflowRef { namespace: label("default"), name: label("flow") },
        description: String::new(),
        tags: Vec::new(),
        variables: BTreeMap::new(),
        steps: vec![
            step("a", &[], EffectClass::Once, task()),
            step("b", &["a"], EffectClass::Pure, Action::Wait(Wait::For { ms: 500 })),
            step("c", &["b"], EffectClass::Pure, Action::Set([("n".parse().unwrap(), set)].into())),
        ],
        outputs: BTreeMap::new(),
        timeout_ms: None,
        priority: Priority::Normal,
        category: String::new(),
        concurrency: None,
        sla: None,
        handlers: Handlers::default(),
        triggers: Vec::new(),
    })
}

pub(super) fn accept(store: &Store, id: u128) -> Run {
    let run = accept_only(RunId(id));
    insert(store, &run, &[]);
    run
}

fn insert(store: &Store, run: &Run, events: &[Event]) {
    store
        .transact(|tables| {
            let namespace = tables.namespace(&label("default"))?;
            let revision = RevisionRow {
                head: revision_head(1),
                source: "version: 1".into(),
                definition: (*workflow()).clone(),
            };
            tables.put_revision(namespace, &label("flow"), 1, &revision)?;
            let (inputs, lineage) = (&run.vars, Lineage::default());
            let entered = Entered { namespace, inputs, events, taken_over: None, lineage };
            tables.insert_run(run, entered, 1000)
        })
        .unwrap();
}

/// One input, committed as the driver would.
fn give(store: &Store, run: &mut Run, now_ms: u64, input: Input) {
    let decision = run.step(Cx { now_ms, hold: false }, input).unwrap();
    store
        .transact(|tables| {
            let namespace = tables.namespace(&label("default"))?;
            tables.save_events(namespace, run, &decision.events, now_ms)?;
            tables.save_row(namespace, run, 0)
        })
        .unwrap();
}

fn load(store: &Store, id: RunId) -> Run {
    let loaded = store.transact(|tables| {
        tables.load_run(id, |tables, head| {
            Ok(Arc::new(tables.definition(head.namespace, &head.workflow, head.revision)?))
        })
    });
    loaded.unwrap().unwrap().1
}

/// All inputs of one run's life, with a doubt on the way.
fn life(run: RunId) -> Vec<(u64, Input)> {
    let path: StepPath = "a".parse().unwrap();
    let attempt = AttemptId { run, path: path.clone(), number: 1 };
    let lost = Outcome::Lost { why: "gone".into() };
    let output = [("receipt".to_owned(), Value::Int(17))].into();
    let set = [("n".parse().unwrap(), Value::Int(7))].into();
    let asked = |path: &str, asked| {
        Input::Evaluated(Evaluation::Asked { path: path.parse().unwrap(), result: Ok(asked) })
    };
    vec![
        (1100, Input::Start),
        (1200, Input::AttemptEnded { attempt, outcome: lost }),
        (
            1300,
            Input::Resolve {
                path,
                resolution: rpa_engine::run::Resolution::Done { output },
                by: actor(),
            },
        ),
        (1400, asked("b", Asked::Wait { until_ms: None })),
        (1900, Input::Wake { up_to_ms: 1900 }),
        (2000, asked("c", Asked::Set(set))),
    ]
}

/// A run that has completed.
pub(super) fn completed(store: &Store, id: u128) -> RunId {
    let mut run = accept(store, id);
    for (now_ms, input) in life(run.id) {
        give(store, &mut run, now_ms, input);
    }
    assert_eq!(run.status(), RunStatus::Completed);
    run.id
}

#[test]
fn what_is_committed_is_what_is_loaded_and_what_the_journal_folds_to() {
    let store = Store::in_memory();
    let mut run = accept(&store, 42);
    assert_eq!(load(&store, run.id), run);
    for (now_ms, input) in life(run.id) {
        give(&store, &mut run, now_ms, input);
        assert_eq!(load(&store, run.id), run, "rows at {now_ms}");
        assert_eq!(store.read().unwrap().seq(run.id).unwrap(), run.seq, "events at {now_ms}");
        let mut folded = accept_only(run.id);
        for row in store.read().unwrap().journal(run.id).unwrap() {
            folded.apply(&row.event, row.at_ms);
        }
        assert_eq!(folded, run, "journal at {now_ms}");
    }
    assert_eq!(run.status(), RunStatus::Completed);
}

/// All that a store tells of one run, and of it alone.
fn told(store: &Store, id: RunId) -> impl PartialEq + std::fmt::Debug {
    let (active, queued, timer) = store
        .transact(|tables| Ok((tables.active()?, tables.oldest_queued()?, tables.next_timer()?)))
        .unwrap();
    let reader = store.read().unwrap();
    let namespace = reader.namespace(&label("default")).unwrap().unwrap();
    let found: Vec<_> = RunStatus::ALL
        .into_iter()
        .flat_map(|status| [(status, None), (status, Some(label("flow")))])
        .filter(|(status, workflow)| {
            let (workflow, statuses) = (workflow.clone(), [*status].into());
            let filter = RunFilter { workflow, statuses, ..RunFilter::default() };
            !ids(&reader, namespace, &filter, 9).is_empty()
        })
        .collect();
    let mut counts = reader.counts().unwrap();
    counts.retain(|_, n| *n > 0);
    let rows = (reader.head(id).unwrap(), reader.row(id).unwrap(), reader.journal(id).unwrap());
    (load(store, id), rows, (active, queued, timer), found, counts)
}

#[test]
fn a_run_that_begins_as_it_is_accepted_is_stored_as_one_that_waited() {
    let (waited, begun) = (Store::in_memory(), Store::in_memory());
    let mut run = accept(&waited, 42);
    give(&waited, &mut run, 1000, Input::Start);
    let mut run = accept_only(run.id);
    let decision = run.step(Cx { now_ms: 1000, hold: false }, Input::Start).unwrap();
    assert!(!decision.events.is_empty());
    insert(&begun, &run, &decision.events);
    assert_eq!(told(&begun, run.id), told(&waited, run.id));
}

fn accept_only(id: RunId) -> Run {
    Run::accept(Acceptance {
        id,
        revision: 1,
        definition: workflow(),
        actor: actor(),
        request_id: format!("r{}", id.0),
        accepted_ms: 1000,
        parent: None,
        priority: Priority::Normal,
        vars: BTreeMap::new(),
        kept: Vec::new(),
    })
}

#[test]
fn indexes_follow_every_transition() {
    let store = Store::in_memory();
    let mut run = accept(&store, 42);
    for (now_ms, input) in life(run.id) {
        give(&store, &mut run, now_ms, input);
        let status = run.status();
        let reader = store.read().unwrap();
        let namespace = reader.namespace(&label("default")).unwrap().unwrap();
        for wanted in RunStatus::ALL {
            for workflow in [None, Some(label("flow"))] {
                let statuses = [wanted].into();
                let filter = RunFilter { workflow, statuses, ..RunFilter::default() };
                let found = ids(&reader, namespace, &filter, 9);
                assert_eq!(!found.is_empty(), wanted == status, "{wanted:?} at {now_ms}");
            }
        }
        let counts: Vec<_> = reader.counts().unwrap().into_iter().filter(|(_, n)| *n > 0).collect();
        assert_eq!(counts, [(status, 1)]);
        let doubts = reader.doubts(namespace, None, 9).unwrap();
        assert_eq!(doubts.is_empty(), status != RunStatus::InDoubt);
        drop(reader);
        store
            .transact(|tables| {
                assert_eq!(tables.next_timer()?, run.next_wake().map(|at| (at, run.id)));
                assert_eq!(tables.active()?.is_empty(), status.ended());
                assert_eq!(tables.oldest_queued()?, None);
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn runs_are_found_by_any_suffix() {
    let store = Store::in_memory();
    for id in [0x10a_bc00, 0x20a_bc00, 0xabc01] {
        accept(&store, id);
    }
    let reader = store.read().unwrap();
    let count = |suffix: &str| reader.runs_ending(suffix, 9).unwrap().len();
    assert_eq!([count("abc00"), count("10abc00"), count("1"), count("f")], [2, 1, 1, 0]);
    assert_eq!(count(&format!("{:032x}", 0x10a_bc00)), 1);
}

fn ids(reader: &Reader, namespace: NamespaceId, filter: &RunFilter, most: usize) -> Vec<RunId> {
    reader.runs(namespace, filter).unwrap().take(most).map(Result::unwrap).collect()
}

#[test]
fn pages_of_runs_join_without_gap_or_overlap() {
    let store = Store::in_memory();
    for id in 1..=10 {
        accept(&store, id);
    }
    let reader = store.read().unwrap();
    let namespace = reader.namespace(&label("default")).unwrap().unwrap();
    let mut filter = RunFilter::default();
    let mut seen = Vec::new();
    loop {
        let page = ids(&reader, namespace, &filter, 3);
        let Some(last) = page.last() else { break };
        filter.before = Some(*last);
        seen.extend(page.iter().map(|r| r.0));
    }
    assert_eq!(seen, (1..=10).rev().collect::<Vec<_>>());
}

#[test]
fn several_statuses_are_joined_newest_first() {
    let store = Store::in_memory();
    for id in 1..=9 {
        let mut run = accept(&store, id);
        match id % 3 {
            0 => {}
            1 => give(&store, &mut run, 1100, Input::Start),
            _ => give(&store, &mut run, 1100, Input::Cancel { by: actor() }),
        }
    }
    let reader = store.read().unwrap();
    let namespace = reader.namespace(&label("default")).unwrap().unwrap();
    let [queued, running, cancelled] =
        [RunStatus::Queued, RunStatus::Running, RunStatus::Cancelled];
    let some = |statuses: &[RunStatus], from: u128, before: u128| {
        let statuses = statuses.iter().copied().collect();
        let (from, before) = (Some(RunId(from)), Some(RunId(before)));
        let filter = RunFilter { workflow: None, statuses, before, from };
        ids(&reader, namespace, &filter, 99).into_iter().map(|run| run.0).collect::<Vec<_>>()
    };
    assert_eq!(some(&[queued], 0, 99), [9, 6, 3]);
    assert_eq!(some(&[queued, running], 0, 99), [9, 7, 6, 4, 3, 1]);
    assert_eq!(some(&[cancelled, queued, running], 3, 8), [7, 6, 5, 4, 3]);
    assert_eq!(some(&[], 3, 8), [7, 6, 5, 4, 3]);
    assert_eq!(some(&[], 8, 3), [0; 0], "nothing is both newer and older");
}

#[test]
fn the_states_of_steps_are_read_without_what_they_gave() {
    let store = Store::in_memory();
    let mut run = accept(&store, 1);
    for (now_ms, input) in life(run.id) {
        give(&store, &mut run, now_ms, input);
        let ids = ["a", "b", "c"].map(|id| id.parse().unwrap());
        let states = store.read().unwrap().top_states(run.id, &ids).unwrap();
        let pending = |(_, state): &(&StepPath, &StepState)| !matches!(state, StepState::Pending);
        let wanted = run.steps.iter().filter(pending).map(|(path, s)| (path.clone(), s.clone()));
        assert_eq!(states, wanted.collect::<Vec<_>>(), "at {now_ms}");
    }
}

#[test]
fn a_history_is_read_newest_first_and_in_pages() {
    let store = Store::in_memory();
    store
        .transact(|tables| {
            let namespace = tables.namespace(&label("default"))?;
            for revision in 1..=5 {
                let head = revision_head(revision.into());
                let definition = (*workflow()).clone();
                let row = RevisionRow { head, source: "version: 1".into(), definition };
                tables.put_revision(namespace, &label("flow"), revision, &row)?;
                // neighbours in the order of keys
                tables.put_revision(namespace, &label("flo"), revision, &row)?;
                tables.put_revision(namespace, &label("flow2"), revision, &row)?;
            }
            Ok(())
        })
        .unwrap();
    let reader = store.read().unwrap();
    let namespace = reader.namespace(&label("default")).unwrap().unwrap();
    let page = |before, most| {
        let page = reader.history(namespace, &label("flow"), before, most).unwrap();
        page.into_iter().map(|(number, head)| (number, head.made.at_ms)).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 2), [(5, 5), (4, 4)]);
    assert_eq!(page(Some(4), 9), [(3, 3), (2, 2), (1, 1)]);
    assert_eq!(page(Some(1), 9), []);
    assert_eq!(reader.history(namespace, &label("none"), None, 9).unwrap(), []);
}

#[test]
fn an_aborted_transaction_leaves_nothing() {
    let store = Store::in_memory();
    let failed = store.transact(|tables| {
        tables.namespace(&label("lost"))?;
        Err::<(), _>(StoreError::corrupt("made up"))
    });
    assert!(failed.is_err());
    assert_eq!(store.read().unwrap().namespace(&label("lost")).unwrap(), None);
}

#[test]
fn a_newer_store_is_refused_untouched() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), 1 << 20).unwrap();
    store.transact(|tables| tables.set_format(FORMAT + 1)).unwrap();
    store.settle().unwrap();
    drop(store);
    let path = dir.path().join(FILE);
    let before = fs::read(&path).unwrap();
    let error = Store::open(dir.path(), 1 << 20).unwrap_err();
    assert_eq!(error.problem, Problem::Newer);
    assert_eq!(error.fault(&path).code.exit(), 78);
    assert_eq!(fs::read(&path).unwrap(), before);
}

/// The bytes of every stored type: a change here makes old stores unreadable.
/// Enums are append-only, and fields never move; what must change gets a new row
/// version and a migration.
fn looping(items: &Value) -> StepState {
    StepState::Looping(Box::new(Looping {
        since_ms: 1,
        items: items.clone(),
        turns: 5,
        next: 4,
        open: 1,
        failed: 2,
        cancelled: 0,
        first_failure: None,
        stage: LoopStage::Pausing { until_ms: 6 },
        deadline_ms: Some(7),
        timed_out: false,
    }))
}

fn claimant() -> Claimant {
    Claimant { run: RunId(9), path: "use".parse().unwrap() }
}

fn published() -> Published {
    Published {
        id: EventId(5),
        name: "order.paid".parse().unwrap(),
        data: Value::Int(1),
        by: actor(),
        at: "t".into(),
    }
}

fn request() -> ApprovalRequest {
    ApprovalRequest {
        message: "m".into(),
        shown: [("a".to_owned(), Value::Int(1))].into(),
        approvers: vec!["@ops".into()],
        digest: "d".into(),
    }
}

fn vote() -> Vote {
    Vote {
        by: actor(),
        approves: true,
        fields: [("f".to_owned(), Value::Int(1))].into(),
        comment: "c".into(),
        at: "t".into(),
    }
}

/// Events of what runs ask of people and of each other.
fn asking_events(path: &StepPath) -> Vec<Event> {
    let (path, lock) = (path.clone(), label("sap"));
    vec![
        Event::ClaimsAsked { path: path.clone() },
        Event::ClaimsBegun {
            path: path.clone(),
            wanted: vec![(lock.clone(), Tokens::Lock), (label("crm"), Tokens::Some(3))],
            until_ms: Some(2),
        },
        Event::ClaimWaits { path: path.clone(), lock: lock.clone(), holder: Some(claimant()) },
        Event::ClaimGranted { path: path.clone(), lock },
        Event::ClaimsHeld { path: path.clone(), until_ms: None },
        Event::LeaseEnded { path: path.clone() },
        Event::StepCalled {
            path: path.clone(),
            attempt: 1,
            run: RunId(8),
            workflow: WorkflowRef::parse("billing", &label("default")).unwrap(),
            revision: 3,
            input: Value::from("in"),
            deadline_ms: Some(4),
        },
        Event::CallStands { path: path.clone(), stands: Stands::Doubts },
        Event::CallTimedOut { path: path.clone() },
        Event::StepAwaiting { path: path.clone(), until_ms: Some(4) },
        Event::EventOffered { path: path.clone(), event: EventId(5) },
        Event::EventDeclined { path: path.clone(), event: EventId(5), failed: true },
        Event::ApprovalAsked { path: path.clone(), request: request(), until_ms: None },
        Event::ApprovalVoted { path, vote: vote() },
        Event::GateWaits { key: "k".into(), active: 2 },
        Event::GatePassed { key: "k".into() },
        Event::TurnedAway { key: "k".into(), reason: "r".into() },
        Event::PromiseBroken { promise: Promise::Finish },
    ]
}

fn asking_states() -> Vec<StepState> {
    vec![
        StepState::Claiming(Box::new(Claiming {
            since_ms: 1,
            until_ms: Some(2),
            wanted: vec![(label("sap"), Tokens::Lock)],
            granted: 1,
        })),
        StepState::Calling(Box::new(Calling {
            attempt: 1,
            run: RunId(8),
            since_ms: 2,
            deadline_ms: Some(3),
            timed_out: true,
            stands: Stands::Asks,
            input: Value::from("in"),
        })),
        StepState::Awaiting(Box::new(Awaiting {
            since_ms: 1,
            until_ms: None,
            offered: vec![EventId(5)],
            failed: 2,
        })),
        StepState::Asking(Box::new(Asking {
            since_ms: 1,
            until_ms: Some(2),
            request: request(),
            votes: vec![vote()],
        })),
    ]
}

#[test]
fn stored_bytes_never_change() {
    let error = TaskError {
        class: ErrorClass::Exit(2),
        code: "RPA0401".into(),
        message: "exited with 2".into(),
    };
    let path: StepPath = "each[3]/a".parse().unwrap();
    let reads = Reads { vars: ["x".parse().unwrap()].into(), status: true, ..Reads::default() };
    let expr = Expr { source: "vars.x".into(), reads };
    let values = Value::from(vec![
        Value::Null,
        Value::Bool(true),
        Value::Int(-3),
        Value::Float(1.5),
        Value::from("text"),
        Value::from([("k", Value::Int(1))]),
        Value::Blob(BlobRef { hash: "ab".repeat(32).try_into().unwrap(), bytes: 9 }),
        Value::Sealed(Box::new(Sealed {
            template: Template::Text(vec![Piece::Text("a".into()), Piece::Expr(expr.clone())]),
            scope: BTreeMap::new(),
        })),
    ]);
    let event = |event| JournalRow { at_ms: 5, events: vec![event] };
    let input = Value::from("in");
    let output = Value::from("out");
    let events = [
        Event::Started,
        Event::StepReady { path: path.clone() },
        Event::StepSkipped { path: path.clone(), reason: SkipReason::Condition },
        Event::StepStarted { path: path.clone(), attempt: 1, input: input.clone() },
        Event::StepConfirmed { path: path.clone(), attempt: 1, output: output.clone() },
        Event::StepCompleted {
            path: path.clone(),
            attempt: 1,
            output: output.clone(),
            set: BTreeMap::new(),
        },
        Event::StepWaiting { path: path.clone(), until_ms: 6 },
        Event::StepRetrying { path: path.clone(), attempt: 1, error: error.clone(), due_ms: 7 },
        Event::StepInDoubt { path: path.clone(), attempt: 1, reason: "lost".into() },
        Event::StepFailed { path: path.clone(), attempt: 1, error: error.clone(), output },
        Event::StepCancelled { path: path.clone() },
        Event::DoubtResolved { path: path.clone(), decision: "done".into(), by: actor() },
        Event::CancelRequested { by: actor() },
        Event::Finishing,
        Event::Ended { end: RunEnd::Cancelled },
        Event::Ended { end: RunEnd::Completed { outputs: BTreeMap::new() } },
        Event::Ended { end: RunEnd::Failed { step: Some(path.clone()), error: error.clone() } },
        Event::ScopeOpened { path: path.clone(), case: Some(1), deadline_ms: Some(2) },
        Event::ScopeClosing { path: path.clone() },
        Event::ScopeTimedOut { path: path.clone() },
        Event::LoopOpened {
            path: path.clone(),
            items: values.clone(),
            turns: 3,
            deadline_ms: None,
        },
        Event::LoopAsking { path: path.clone() },
        Event::LoopPausing { path: path.clone(), until_ms: 4 },
        Event::LoopGathering { path: path.clone() },
        Event::TimedOut,
        Event::PauseRequested { by: actor() },
        Event::Resumed { by: actor() },
        Event::StageEntered { stage: Stage::Handle, end: RunEnd::Cancelled },
        Event::UndoOpened { path: path.clone() },
        Event::UndoEnded { path: path.clone(), error: Some(error.clone()) },
        Event::HandlersStopped { by: actor() },
    ];
    let events = events.into_iter().chain(asking_events(&path));
    let needs = SkipReason::Needs { step: "a".parse().unwrap(), was: "failed".into() };
    let states = [
        StepState::Pending,
        StepState::Ready,
        StepState::Running { attempt: 1, since_ms: 2, input: input.clone() },
        StepState::Waiting { since_ms: 2, until_ms: 3 },
        StepState::Retrying {
            attempt: 1,
            since_ms: 2,
            due_ms: 3,
            error: error.clone(),
            input: input.clone(),
        },
        StepState::Confirmed { attempt: 1, since_ms: 2, output: Value::Null },
        StepState::InDoubt { attempt: 1, since_ms: 2, doubted_ms: 3, reason: "lost".into(), input },
        StepState::Completed { attempt: 1, since_ms: 2, ended_ms: 3 },
        StepState::Failed { attempt: 1, since_ms: 2, ended_ms: 3, error },
        StepState::Skipped { reason: needs, ended_ms: 3 },
        StepState::Cancelled { attempt: 1, ended_ms: 3 },
        StepState::Open { since_ms: 1, case: Some(2), deadline_ms: Some(3), timed_out: true },
        StepState::Closing { since_ms: 1 },
        looping(&values),
    ];
    let states = states.into_iter().chain(asking_states());
    let mut definition = (*workflow()).clone();
    definition.steps[0].condition = Some(expr);
    definition.steps[0].retry = Retry {
        attempts: 3,
        backoff: Backoff::Exponential,
        delay_ms: 100,
        max_delay_ms: 1000,
        declared_on_step: true,
        ..Retry::NONE
    };
    let secret = Variable {
        default: Some(values.clone()),
        description: "d".into(),
        ..Variable::of(VariableKind::Secret)
    };
    definition.variables.insert("x".parse().unwrap(), secret);
    let mut golden = String::new();
    let mut add = |name: &str, bytes: Vec<u8>| {
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        golden.push_str(&format!("{name}: {hex}\n"));
    };
    let claim = Claim {
        by: claimant(),
        tokens: Tokens::Some(3),
        since_ms: 1,
        granted_ms: Some(2),
        callers: vec![Parent { run: RunId(8), path: "bill".parse().unwrap() }],
    };
    add("claim", codec::encode(&claim).unwrap());
    add("event", codec::encode(&published()).unwrap());
    for row in events.map(event) {
        add("journal", codec::encode(&row).unwrap());
    }
    for state in states {
        add("step", codec::encode(&StepRow { state, output: None, boot: "b".into() }).unwrap());
    }
    let namespace = NamespaceId(3);
    let workflow = definition.name.clone();
    let head = RunHead {
        namespace,
        workflow,
        revision: 2,
        actor: actor(),
        request_id: "r".into(),
        accepted_ms: 1,
        rerun_of: None,
        lineage: Lineage {
            parent: Some(Parent { run: RunId(8), path: "bill".parse().unwrap() }),
            detached: true,
            depth: 1,
            pins: [(definition.name.clone(), 2)].into(),
            fired: Some(Fired {
                trigger: "daily".parse().unwrap(),
                of: 3,
                is_of_slot: true,
                by_hand: true,
            }),
            hops: 2,
        },
        priority: Priority::High,
    };
    add("head", codec::encode(&head).unwrap());
    let ended = Phase::Ended { started_ms: Some(1), ended_ms: 2, end: RunEnd::Cancelled };
    let closing =
        Phase::Closing { started_ms: 1, stage: Stage::Undo, end: RunEnd::Cancelled, stop: true };
    let place: StepPath = "bill".parse().unwrap();
    let hold = Hold {
        locks: vec![label("sap")],
        since_ms: 1,
        until_ms: Some(2),
        over: true,
        broken: false,
    };
    for phase in [
        Phase::Queued,
        Phase::Active { started_ms: 1 },
        Phase::Finishing { started_ms: 1 },
        ended,
        closing,
    ] {
        let row = RunRow {
            seq: 1,
            status: 2,
            phase,
            gate: Gate::Held { key: "k".into() },
            stands: Stands::Asks,
            holds: [(place.clone(), hold.clone())].into(),
            cancel: None,
            paused: None,
            time: Time::default(),
            wake_ms: Some(4),
            log_bytes: 5,
            held: false,
        };
        add("run", codec::encode(&row).unwrap());
    }
    let causes = [
        Cause::Apply,
        Cause::Rollback { of: 1 },
        Cause::Clone { of: definition.name.clone(), revision: 2 },
        Cause::Import,
    ];
    for cause in causes {
        let head = RevisionHead { cause, ..revision_head(3) };
        let revision = RevisionRow { head, source: "s".into(), definition: definition.clone() };
        add("revision", codec::encode(&revision).unwrap());
    }
    let mut entry = Entry { newest: 3, live: Some(1), draft: Some(3), ..Entry::default() };
    let mut workflow = |entry: &Entry| {
        let (name, last_left) = (label("flow"), Some(RunId(7)));
        let row = WorkflowRow { name, entry: entry.clone(), last_left };
        add("workflow", codec::encode(&row).unwrap());
    };
    workflow(&entry);
    let last = Mark { at_ms: 4, by: actor() };
    entry.switch = Switch::Disabled(last.clone());
    entry.shelf = Shelf::Listed(Some(last.clone()));
    workflow(&entry);
    entry.switch = Switch::Enabled(Some(last.clone()));
    entry.shelf = Shelf::Archived(last);
    workflow(&entry);
    add("request", codec::encode(&RequestRow::Run { run: RunId(7), digest: [1; 32] }).unwrap());
    add("request", codec::encode(&RequestRow::Delivery(9)).unwrap());
    let counts = [((NamespaceId(1), 6), 300)].into();
    let archive = ArchiveRow { counts, last_end_ms: 9, file_bytes: 10, dropping: true };
    add("archive", codec::encode(&archive).unwrap());
    add("value", codec::encode(&values).unwrap());
    add("restored", codec::encode(&RestoredRow { taken_ms: 1, restored_ms: 2 }).unwrap());
    let backed_up = BackedUpRow { taken_ms: 1, file: "a.tar".into() };
    add("backup", codec::encode(&backed_up).unwrap());
    insta::assert_snapshot!(golden);
}
