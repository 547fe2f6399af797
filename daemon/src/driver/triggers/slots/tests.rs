//! Schedules under the real driver: backfills, restores, clocks that were ahead, triggers that
//! become others. The test is the clock, and says when runs end.

use std::sync::Arc;

use rpa_config::expr::Evaluator;
use rpa_engine::catalog::{Cause, Stage};
use rpa_engine::trigger::{How, Missed, Slot};
use rpa_engine::{ErrorClass, Ident, Label, Outcome, TaskError, Value};
use rpa_ipc::{Fault, FaultCode};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::*;
use crate::blobs::Blobs;
use crate::driver::faults::{Desk, FIRST_MS, driver, set_clock};
use crate::driver::{Application, Envelope, Errand, Message, Slots, TriggerOrder};
use crate::evaluate::Expressions;
use crate::rundir::RunDirs;
use crate::secrets::SecretDir;
use crate::store::audit::{self, Depth};
use crate::store::{DeliveryRow, NamespaceId, RestoredRow, RunFilter, Store};

const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;
/// Before the first minute of a test.
const ZERO: u64 = FIRST_MS / MINUTE * MINUTE;

struct World {
    driver: Driver,
    store: Arc<Store>,
    desk: Desk,
    now_ms: u64,
    dir: TempDir,
}

fn label(text: &str) -> Label {
    text.parse().unwrap()
}

fn ident(text: &str) -> Ident {
    text.parse().unwrap()
}

fn person() -> Actor {
    Actor { who: "ana".into(), origin: Origin::Cli }
}

fn slot(at_ms: u64) -> Slot {
    Slot { at_ms, due_ms: at_ms, passed: None }
}

/// A workflow `w` with a trigger `t`.
fn workflow(trigger: &str) -> String {
    format!(
        "version: 1\nname: w\ntriggers:\n  - {{id: t, {trigger}}}\nsteps:\n  \
         - {{id: s, run: x, effect: idempotent}}\n"
    )
}

fn minutely(rest: &str) -> String {
    workflow(&format!("schedule: {{cron: \"* * * * *\"{rest}}}"))
}

impl World {
    fn of(source: &str) -> World {
        let (store, desk) = (Arc::new(Store::in_memory()), Desk::default());
        let dir = tempfile::tempdir().unwrap();
        let (driver, _) = driver(&store, &desk, dir.path());
        let mut world = World { driver, store, desk, now_ms: ZERO, dir };
        set_clock(world.now_ms);
        world.driver.recover().unwrap();
        world.apply(source);
        world
    }

    fn ask(&mut self, message: Message) -> Result<Answer, Fault> {
        set_clock(self.now_ms);
        let (reply, mut answer) = oneshot::channel();
        self.driver.turn(&mut [Envelope { message, reply: Some(reply) }]).unwrap();
        answer.try_recv().unwrap()
    }

    fn apply(&mut self, source: &str) {
        let checked = rpa_config::workflow::check(source, "w.yaml", &label("default"));
        let workflow = checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems));
        let application = Application {
            workflow,
            source: source.into(),
            file: "w.yaml".into(),
            note: String::new(),
            cause: Cause::Apply,
            stage: Stage::Live,
            base: None,
            actor: person(),
        };
        self.ask(Message::Apply(vec![application])).unwrap();
    }

    fn key(&self) -> TriggerKey {
        let namespace = self.store.read().unwrap().namespace(&label("default")).unwrap();
        let namespace: NamespaceId = namespace.expect("the namespace");
        TriggerKey { namespace, workflow: label("w"), trigger: ident("t") }
    }

    fn row(&self) -> TriggerRow {
        self.store.read().unwrap().trigger(&self.key()).unwrap().expect("the trigger")
    }

    fn state(&self) -> ScheduleState {
        self.row().state.schedule().expect("a schedule").clone()
    }

    fn fate(&self, minute: u64) -> Option<Fate> {
        let slot = self.store.read().unwrap().slot(&self.key(), ZERO + minute * MINUTE).unwrap();
        slot.map(|slot| slot.fate)
    }

    /// The clock tells of slots, and that there are no others up to now.
    fn tell(&mut self, slots: Vec<Slot>) {
        let revision = self.row().armed.expect("it is armed");
        let told = Slots { trigger: self.key(), revision, slots, upto_ms: self.now_ms };
        self.ask(Message::Slots(Box::new(told))).unwrap();
    }

    /// It is some minutes later, and the clock tells of each.
    fn pass(&mut self, minutes: u64) {
        let first = self.now_ms / MINUTE + 1;
        self.now_ms += minutes * MINUTE;
        let slots = (first..=self.now_ms / MINUTE).map(|minute| slot(minute * MINUTE));
        self.tell(slots.collect());
    }

    fn wish(&mut self, wish: Wish) -> Result<Answer, Fault> {
        let workflow = "default/w".to_owned();
        let workflow = WorkflowRef::parse(&workflow, &label("default")).unwrap();
        let order = TriggerOrder { workflow, trigger: ident("t"), wish, actor: person() };
        self.ask(Message::Trigger(Box::new(order)))
    }

    fn backfill(&mut self, minutes: impl IntoIterator<Item = u64>) -> Result<Answer, Fault> {
        let slots = minutes.into_iter().map(|minute| slot(ZERO + minute * MINUTE));
        self.wish(Wish::Backfill(slots.collect()))
    }

    /// All runs, the oldest first.
    fn runs(&self) -> Vec<RunId> {
        let (reader, namespace) = (self.store.read().unwrap(), self.key().namespace);
        let runs = reader.runs(namespace, &RunFilter::default()).unwrap();
        let mut runs: Vec<RunId> = runs.map(Result::unwrap).collect();
        runs.sort_unstable();
        runs
    }

    /// The only step of a run ends, and the run with it.
    fn end(&mut self, run: RunId, fails: bool) {
        let under_way: Vec<_> = self.desk.papers().attempts.keys().cloned().collect();
        let attempt = under_way.into_iter().find(|attempt| attempt.run == run);
        let attempt = attempt.expect("its step is under way");
        let outcome = match fails {
            true => {
                let (code, message) = ("RPA0401".into(), "no".into());
                let error = TaskError { class: ErrorClass::System, code, message };
                Outcome::Failed { error, output: Value::Null }
            }
            false => Outcome::Succeeded { output: Value::Null },
        };
        self.run(run, run::Input::AttemptEnded { attempt, outcome }).unwrap();
    }

    fn run(&mut self, run: RunId, input: run::Input) -> Result<Answer, Fault> {
        self.ask(Message::Run { run, input })
    }

    /// The store is one that was restored: what is open is held.
    fn restore(&mut self) {
        let row = RestoredRow { taken_ms: self.now_ms, restored_ms: self.now_ms };
        self.store.transact(|tables| tables.hold_open(&row).map(drop)).unwrap();
        self.desk = Desk::default();
        self.driver = driver(&self.store, &self.desk, self.dir.path()).0;
        self.driver.recover().unwrap();
    }

    fn release(&mut self) {
        self.ask(Message::Release).unwrap();
    }

    /// Expressions of runs are evaluated, until there are no more.
    fn evaluate(&mut self) {
        let dirs = RunDirs::new(self.dir.path());
        let secrets = Box::new(SecretDir::new(self.dir.path().join("secrets")));
        let (store, blobs) = (self.store.clone(), Blobs::new(dirs));
        let expressions = Expressions::new(Evaluator::default(), secrets, store, blobs);
        loop {
            let Some(job) = self.desk.papers().jobs.pop_front() else { return };
            let evaluation = expressions.evaluate_patiently(&job);
            self.run(job.run, run::Input::Evaluated(evaluation)).unwrap();
        }
    }

    fn check(&self) {
        let report = audit::of(&self.store, Depth::Journal).unwrap();
        assert!(report.is_clean(), "{report:#?}");
    }
}

fn is_fired(fate: Option<&Fate>, wanted: &How) -> bool {
    matches!(fate, Some(Fate::Fired { how, .. }) if how == wanted)
}

#[test]
fn what_the_ledger_has_forgotten_is_not_filled_in() {
    let mut world = World::of(&minutely(", overlap: allow, catch_up: none"));
    for _ in 0..3 {
        world.pass(1);
    }
    let runs = world.runs();
    assert_eq!(runs.len(), 3);
    world.pass(10_002);
    assert_eq!((world.fate(1), world.row().slots), (None, 10_000), "the ledger is full");
    let before = world.runs();
    world.backfill(1..=3).unwrap();
    assert_eq!(world.runs(), before, "slots that have had their run have another");
    world.check();
    // of the others it is known
    world.backfill([5_000]).unwrap();
    assert!(is_fired(world.fate(5_000).as_ref(), &How::Backfilled));
    world.backfill([5_000]).unwrap();
    assert_eq!(world.runs().len(), before.len() + 1);
    world.check();
}

#[test]
fn slots_that_wait_stay_in_the_ledger() {
    let mut world = World::of(&minutely(", overlap: queue_all"));
    world.pass(1);
    for _ in 0..5 {
        world.pass(1);
    }
    assert_eq!(world.state().pending.len(), 5);
    world.pass(11_000);
    let waits = |world: &World, minute| matches!(world.fate(minute), Some(Fate::Waiting { .. }));
    assert!((2..=6).all(|minute| waits(&world, minute)), "{:?}", world.fate(2));
    assert_eq!((world.fate(1), world.row().slots), (None, 10_000));
    world.check();
    let first = world.runs()[0];
    world.end(first, false);
    assert!(is_fired(world.fate(2).as_ref(), &How::Late));
    // it has had its run when its row has gone as well
    world.pass(1);
    let runs = world.runs().len();
    world.backfill([1, 2]).unwrap();
    assert_eq!((world.fate(2), world.runs().len()), (None, runs));
    world.check();
}

#[test]
fn no_more_are_filled_in_than_may_wait() {
    let mut world = World::of(&minutely(", overlap: skip, catch_up: none"));
    world.pass(1);
    world.pass(2_000);
    world.backfill(2..=600).unwrap();
    let refused = world.backfill(601..=1_500).unwrap_err();
    assert_eq!(refused.code, FaultCode::Busy);
    assert!(refused.message.contains("room for 401 more"), "{refused:?}");
    assert_eq!(world.state().pending.len(), 599);
    world.backfill(601..=1_001).unwrap();
    assert_eq!(world.state().room(), 0);
    world.check();
}

#[test]
fn a_slot_that_the_clock_has_yet_to_take_is_not_filled_in() {
    let mut world = World::of(&minutely(", overlap: allow"));
    world.pass(1);
    world.now_ms += MINUTE;
    world.backfill([2]).unwrap();
    assert_eq!(world.fate(2), None);
    world.tell(vec![slot(ZERO + 2 * MINUTE)]);
    assert!(is_fired(world.fate(2).as_ref(), &How::InTime));
    assert_eq!(world.runs().len(), 2);
    world.check();
}

#[test]
fn what_waited_in_a_backup_is_fired_neither_before_it_is_let_go_on_nor_after() {
    let mut world = World::of(&minutely(", overlap: queue_all, catch_up: none"));
    world.pass(3);
    world.pass(1);
    world.backfill([1]).unwrap();
    let waiting = world.state().pending.len();
    assert!(waiting >= 2, "{:?}", world.state());
    world.restore();
    let held = world.runs();
    world.now_ms += 10 * MINUTE;
    let refused = world.backfill([2]).unwrap_err();
    assert!(refused.message.contains("restored"), "{refused:?}");
    world.wish(Wish::Resume).unwrap();
    for run in &held {
        world.run(*run, run::Input::Cancel { by: person() }).unwrap();
        let ends: Vec<_> = world.desk.papers().ends.drain(..).collect();
        for (attempt, outcome) in ends {
            world.run(*run, run::Input::AttemptEnded { attempt, outcome }).unwrap();
        }
    }
    assert_eq!(world.state().open, []);
    assert_eq!((world.runs(), world.state().pending.len()), (held.clone(), waiting));
    world.release();
    world.tell(Vec::new());
    assert_eq!((world.runs(), world.state().pending.len()), (held, 0));
    let restored = Some(Fate::Missed(Missed::Restore));
    assert_eq!((world.fate(1), world.fate(4)), (restored.clone(), restored));
    world.check();
    world.pass(1);
    assert!(is_fired(world.fate(15).as_ref(), &How::InTime), "it goes on");
}

#[test]
fn a_person_enables_what_a_clock_far_ahead_has_silenced() {
    let mut world = World::of(&minutely(", overlap: allow"));
    world.pass(1);
    world.pass(10 * 24 * 60);
    let fired: Vec<u64> = (2..=10 * 24 * 60 + 1)
        .filter(|minute| matches!(world.fate(*minute), Some(Fate::Fired { .. })))
        .collect();
    assert_eq!(fired.len(), 3, "one is caught up, two are no minute behind");
    world.now_ms -= 10 * DAY;
    world.pass(1);
    assert_eq!(world.runs().len(), 4, "all of this was taken");
    world.wish(Wish::Enable).unwrap();
    assert_eq!(world.state().upto_ms, world.now_ms);
    assert_eq!(world.row().slots, 3, "what has had a run is remembered");
    world.check();
    world.pass(1);
    assert!(is_fired(world.fate(3).as_ref(), &How::InTime));
    let fates = |world: &World| fired.iter().map(|n| world.fate(*n)).collect::<Vec<_>>();
    let before = fates(&world);
    world.now_ms = ZERO + fired[0] * MINUTE - MINUTE;
    world.pass(5);
    assert_eq!(fates(&world), before, "they have had their runs");
    assert!(
        is_fired(world.fate(fired[2] + 1).as_ref(), &How::Late)
            || is_fired(world.fate(fired[2] + 2).as_ref(), &How::InTime)
    );
    world.check();
}

#[test]
fn a_schedule_that_becomes_another_trigger_and_one_again_knows_its_runs() {
    let schedule = minutely(", overlap: skip, pause_on_failure: 1");
    let mut world = World::of(&schedule);
    world.pass(1);
    let first = world.runs()[0];
    world.apply(&workflow("event: {name: paid}, pause_on_failure: 1"));
    world.now_ms += 1;
    world.tell(Vec::new());
    assert!(world.row().state.deliveries().is_some(), "{:?}", world.row());
    world.check();
    world.apply(&schedule);
    assert_eq!(world.state().open, [first]);
    world.pass(1);
    assert_eq!(world.fate(2), Some(Fate::Skipped(trigger::Skipped::Overlap { run: first })));
    world.check();
    world.apply(&workflow("event: {name: paid}, pause_on_failure: 1"));
    world.now_ms += 1;
    world.tell(Vec::new());
    world.end(first, true);
    let state = world.row().state;
    let failures = state.deliveries().map(|state| (state.failures, state.paused.is_some()));
    assert_eq!(failures, Some((0, false)), "the run was another trigger's");
    world.check();
}

#[test]
fn runs_that_end_in_one_transaction_are_told_in_that_order() {
    let mut world = World::of(&workflow("after: {workflow: other, status: [failed]}"));
    let other = "version: 1\nname: other\nsteps:\n  \
                 - {id: s, wait: {event: never, timeout: 1h}}\n";
    world.apply(other);
    let other = WorkflowRef { namespace: label("default"), name: label("other") };
    let runs: Vec<RunId> = (1..=3).map(|n| RunId(u128::from(ZERO) << 80 | n)).collect();
    for (n, run) in runs.iter().enumerate() {
        let submission = crate::driver::Submission {
            run: *run,
            workflow: other.clone(),
            revision: 1,
            vars: Default::default(),
            request_id: run.to_string(),
            digest: [0; 32],
            actor: person(),
            taken_over: None,
        };
        world.now_ms += n as u64;
        world.ask(Message::Submit(Box::new(submission))).unwrap();
        world.evaluate();
    }
    world.now_ms += 2 * 60 * MINUTE;
    world.ask(Message::Due { up_to_ms: world.now_ms }).unwrap();
    let deliveries = world.store.read().unwrap().deliveries(&world.key(), u64::MAX, 10).unwrap();
    let told: Vec<String> = deliveries.into_iter().rev().map(|(_, row)| row.what).collect();
    let ended: Vec<String> = runs.iter().map(|run| format!("failed {}", run.short())).collect();
    assert_eq!(told, ended);
}

#[test]
fn a_trigger_that_nothing_declares_is_forgotten_with_all_that_is_its() {
    let mut world = World::of(&minutely(", catch_up: none"));
    world.pass(1);
    world.pass(2_500);
    let key = world.key();
    let delivery = DeliveryRow {
        at_ms: 1,
        what: String::new(),
        outcome: trigger::delivery::Outcome::Started(RunId(1)),
        decided_ms: 1,
        hops: 0,
        data: None,
    };
    let file = crate::store::SeenFile { size: 1, modified_ns: 1, content: None };
    let put = |tables: &mut Tables<'_>| {
        let mut row = tables.trigger(&key)?.expect("the trigger");
        tables.put_delivery(&key, &mut row, 1, &delivery)?;
        tables.put_seen_file(&key, "a", Some(&file))?;
        tables.put_trigger(&key, &row)
    };
    world.store.transact(put).unwrap();
    world.apply("version: 1\nname: w\nsteps: [{id: s, run: x}]\n");
    world.now_ms += MINUTE;
    world.tell(Vec::new());
    let undeclared_ms = world.row().undeclared_ms.expect("nothing declares it");
    let forget = |world: &mut World, before_ms| {
        let errand = Errand::Undeclared { trigger: key.clone(), before_ms };
        world.ask(Message::Errand(errand)).unwrap()
    };
    assert!(matches!(forget(&mut world, undeclared_ms), Answer::Done));
    assert!(matches!(forget(&mut world, undeclared_ms + 1), Answer::Done));
    assert_eq!(world.row().slots, 2_501, "too young, and a run of it goes on");
    let run = world.runs()[0];
    world.end(run, false);
    let mut pieces = 0;
    while let Answer::More = forget(&mut world, undeclared_ms + 1) {
        pieces += 1;
        world.check();
    }
    assert_eq!(pieces, 2);
    let reader = world.store.read().unwrap();
    assert_eq!(reader.trigger(&key).unwrap(), None);
    assert!(reader.slots(&key, u64::MAX, 1).unwrap().is_empty());
    assert!(reader.deliveries(&key, u64::MAX, 1).unwrap().is_empty());
    assert!(reader.seen_files(&key).unwrap().is_empty());
    world.check();
    // one that is declared again begins anew
    world.apply(&minutely(""));
    world.pass(1);
    assert_eq!(world.row().slots, 1);
    world.check();
}
