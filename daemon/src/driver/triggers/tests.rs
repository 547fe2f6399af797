//! Deliveries by the real driver over a store in memory: what is acknowledged is kept over
//! whatever keeps it from its run, and nothing of it is without bounds.

use std::cell::Cell;
use std::sync::Arc;

use rpa_config::expr::Evaluator;
use rpa_engine::catalog::{self, Cause, Stage};
use rpa_engine::run::{EventId, Published};
use rpa_engine::trigger::delivery::{HeldFor, MOST_GATHERED_BYTES, Outcome, Unwanted};
use rpa_engine::{Actor, Label, Map, Origin, RunId, Value, WorkflowRef};
use rpa_ipc::Fault;
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot, watch};

use crate::blobs::Blobs;
use crate::driver::faults::Desk;
use crate::driver::{
    Answer, Application, Arrival, Change, Changes, Driver, Envelope, Firing, Message, Orders,
    Parts, Publication, Rearming, TriggerOrder, Wish,
};
use crate::health::Health;
use crate::reserve::{Least, Reserve};
use crate::rundir::RunDirs;
use crate::runlog::Logs;
use crate::secrets::SecretDir;
use crate::store::audit::{self, Depth};
use crate::store::{DeliveryRow, RestoredRow, RunFilter, Store, TriggerKey, TriggerRow};

const FIRST_MS: u64 = 1_800_000_000_000;
const SECOND_MS: u64 = 1_000;
const KIB: usize = 1024;

thread_local! {
    static CLOCK: Cell<u64> = const { Cell::new(FIRST_MS) };
}

fn clock() -> u64 {
    CLOCK.get()
}

/// A driver without a daemon, with one workflow of one trigger, `t`.
struct World {
    driver: Driver,
    store: Arc<Store>,
    reserve: Arc<Reserve>,
    next_due: watch::Receiver<Option<u64>>,
    dir: TempDir,
    published: u128,
}

fn label(text: &str) -> Label {
    text.parse().unwrap()
}

fn actor() -> Actor {
    Actor { who: "ann".into(), origin: Origin::Cli }
}

fn name() -> WorkflowRef {
    WorkflowRef { namespace: label("default"), name: label("flow") }
}

/// A workflow whose trigger is as `trigger` says, and whose runs see `vars`.
fn source(trigger: &str) -> String {
    format!(
        "version: 1\nname: flow\nvariables: {{got: {{type: json, default: 0}}}}\n\
         triggers: [{{id: t, {trigger}}}]\nsteps: [{{id: a, uses: noop}}]\n"
    )
}

fn driver(
    store: &Arc<Store>,
    reserve: &Arc<Reserve>,
    dir: &TempDir,
) -> (Driver, watch::Receiver<Option<u64>>) {
    let (next_due, due) = watch::channel(None);
    let dirs = RunDirs::new(dir.path());
    let driver = Driver::new(Parts {
        store: store.clone(),
        health: Arc::new(Health::default()),
        changes: Arc::new(Changes::since(FIRST_MS)),
        logs: Arc::new(Logs::new(dirs.clone(), 1 << 20)),
        reserve: reserve.clone(),
        blobs: Blobs::new(dirs),
        dispatch: Box::new(Desk::default()),
        clock,
        next_due,
        rearmed: Rearming::default(),
        evaluator: Evaluator::default(),
        calendars: Arc::default(),
        secrets: SecretDir::new(dir.path().join("secrets")),
        inbox: mpsc::channel(1).1,
        orders: Arc::new(Orders::default()),
        max_active: 100_000,
    });
    (driver, due)
}

impl World {
    fn new(trigger: &str) -> World {
        CLOCK.set(FIRST_MS);
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::in_memory());
        let reserve = Arc::new(Reserve::new(dir.path(), 0, Least::default()));
        let (driver, next_due) = driver(&store, &reserve, &dir);
        let mut world = World { driver, store, reserve, next_due, dir, published: 0 };
        world.apply(trigger);
        world
    }

    fn try_ask(&mut self, message: Message) -> Result<Answer, Fault> {
        let (reply, mut answer) = oneshot::channel();
        self.driver.turn(&mut [Envelope { message, reply: Some(reply) }]).unwrap();
        answer.try_recv().unwrap()
    }

    fn ask(&mut self, message: Message) -> Answer {
        self.try_ask(message).unwrap()
    }

    fn apply(&mut self, trigger: &str) {
        let source = source(trigger);
        let checked = rpa_config::workflow::check(&source, "f.yaml", &label("default"));
        let workflow = checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems));
        self.ask(Message::Apply(vec![Application {
            workflow,
            source,
            file: "f.yaml".into(),
            note: String::new(),
            cause: Cause::Apply,
            stage: Stage::Live,
            base: None,
            actor: actor(),
        }]));
    }

    fn key(&self) -> TriggerKey {
        self.store.read().unwrap().triggers().unwrap().remove(0).0
    }

    fn row(&self) -> TriggerRow {
        self.store.read().unwrap().trigger(&self.key()).unwrap().unwrap()
    }

    /// What the ledger has, the oldest first.
    fn ledger(&self) -> Vec<DeliveryRow> {
        let mut rows =
            self.store.read().unwrap().deliveries(&self.key(), u64::MAX, 20_000).unwrap();
        rows.reverse();
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn outcomes(&self) -> Vec<Outcome> {
        self.ledger().into_iter().map(|row| row.outcome).collect()
    }

    fn runs(&self) -> usize {
        let reader = self.store.read().unwrap();
        let namespace = reader.namespace(&label("default")).unwrap().unwrap();
        reader.runs(namespace, &RunFilter::default()).unwrap().count()
    }

    fn deliver(&mut self, body: Value) -> Result<Answer, Fault> {
        let data = Map::from([("body".to_owned(), body)]);
        let (trigger, what) = (self.key(), "test".to_owned());
        let arrival =
            Arrival { trigger, revision: None, id: None, what, data, hops: 0, seen: Vec::new() };
        self.try_ask(Message::Deliver(Box::new(arrival)))
    }

    fn publish(&mut self, event: &str) -> u32 {
        self.published += 1;
        let (id, name) = (EventId(self.published), event.parse().unwrap());
        let event = Published { id, name, data: Value::Int(1), by: actor(), at: "now".into() };
        let (namespace, event) = (label("default"), Arc::new(event));
        let publication = Publication { namespace, event, from: None, behind: None };
        match self.ask(Message::Publish(Box::new(publication))) {
            Answer::Published { triggers, .. } => triggers,
            other => panic!("{other:?}"),
        }
    }

    fn fire(&mut self) {
        self.published += 1;
        let firing = Firing {
            workflow: name(),
            trigger: "t".parse().unwrap(),
            data: Map::new(),
            actor: actor(),
            request_id: format!("fire {}", self.published),
            digest: [0; 32],
        };
        self.ask(Message::Fire(Box::new(firing)));
    }

    fn order(&mut self, wish: Wish) {
        let (workflow, trigger) = (name(), "t".parse().unwrap());
        self.ask(Message::Trigger(Box::new(TriggerOrder {
            workflow,
            trigger,
            wish,
            actor: actor(),
        })));
    }

    fn change(&mut self, input: catalog::Input) {
        self.ask(Message::Change(Box::new(Change { workflow: name(), input, actor: actor() })));
    }

    /// Time goes by, and the timer tells of what is due.
    fn pass(&mut self, ms: u64) {
        let end_ms = clock() + ms;
        for _ in 0..1_000 {
            let due = *self.next_due.borrow_and_update();
            let Some(up_to_ms) = due.filter(|due_ms| *due_ms <= end_ms) else {
                CLOCK.set(end_ms);
                return;
            };
            CLOCK.set(clock().max(up_to_ms));
            self.ask(Message::Due { up_to_ms });
        }
        panic!("it is due for ever");
    }

    /// As after a kill.
    fn restart(&mut self) {
        (self.driver, self.next_due) = driver(&self.store, &self.reserve, &self.dir);
        self.driver.recover().unwrap();
    }

    fn audit(&self) {
        let report = audit::of(&self.store, Depth::Journal).unwrap();
        assert!(report.is_clean(), "{report:#?}");
    }
}

fn text(bytes: usize) -> Value {
    Value::text("x".repeat(bytes))
}

fn started(outcome: &Outcome) -> RunId {
    match outcome {
        Outcome::Started(run) => *run,
        other => panic!("{other:?}"),
    }
}

const WEBHOOK: &str = "webhook: {path: p, verify: none}";

#[test]
fn a_long_key_of_a_debounce_is_kept_as_its_hash() {
    let trigger = format!("{WEBHOOK}, debounce: {{wait: 1h, key: \"{{{{ trigger.body }}}}\"}}");
    let mut world = World::new(&trigger);
    let long = |n: usize| Value::text(format!("{}{n}", "x".repeat(256 * KIB)));
    for n in [1, 2, 1] {
        world.deliver(long(n)).unwrap();
    }
    world.deliver(Value::text("y".repeat(128))).unwrap();
    let row = world.row();
    let held = &row.state.deliveries().unwrap().held;
    let keys: Vec<&str> = held.iter().map(|held| held.key.as_deref().unwrap()).collect();
    assert!(keys.iter().all(|key| key.len() <= 128), "{keys:?}");
    assert_eq!(keys[2], "y".repeat(128), "a short one is kept as it is");
    assert_eq!(world.outcomes()[0], Outcome::Merged { into: 3 }, "hashes stand for the keys");
    world.audit();
}

#[test]
fn a_batch_takes_no_more_than_its_expressions_may_read() {
    let trigger = format!(
        "{WEBHOOK}, batch: {{size: 1000, wait: 10m}}, vars: {{got: \"{{{{ trigger.events | length }}}}\"}}"
    );
    let mut world = World::new(&trigger);
    for _ in 0..40 {
        world.deliver(text(500 * KIB)).unwrap();
    }
    // many small values weigh more than their bytes
    for _ in 0..4 {
        world.deliver(Value::List(vec![Value::Int(0); 100_000])).unwrap();
    }
    world.pass(600 * SECOND_MS);
    let runs: Vec<RunId> = world.outcomes().iter().map(started).collect();
    let sizes: Vec<usize> = runs.chunk_by(|a, b| a == b).map(<[RunId]>::len).collect();
    assert!(sizes.iter().all(|size| size * 500 * KIB <= MOST_GATHERED_BYTES as usize), "{sizes:?}");
    assert_eq!((sizes.len(), sizes.iter().sum::<usize>()), (5, 44), "{sizes:?}");
    world.audit();
}

#[test]
fn who_sends_much_is_sent_away_before_the_store_is_full_of_it() {
    let mut world = World::new(&format!(
        "{WEBHOOK}, debounce: {{wait: 1h, key: \"{{{{ trigger.number }}}}\"}}"
    ));
    let taken = (0..100).take_while(|_| world.deliver(text(1024 * KIB)).is_ok()).count();
    assert_eq!(taken, 63, "64 MiB, with what else is counted");
    let fault = world.deliver(text(1024 * KIB)).unwrap_err();
    assert!(fault.message.contains("63 deliveries of 63 MiB"), "{}", fault.message);
    world.deliver(text(10)).unwrap();
}

#[test]
fn what_is_held_waits_while_its_workflow_is_out_of_service() {
    let mut world = World::new(&format!("{WEBHOOK}, debounce: {{wait: 5s}}"));
    world.deliver(text(1)).unwrap();
    world.change(catalog::Input::Disable);
    world.pass(60 * SECOND_MS);
    assert_eq!(world.outcomes(), [Outcome::Held(HeldFor::Closed)]);
    assert_eq!(*world.next_due.borrow(), None, "who takes it into service tells of it");
    world.restart();
    world.pass(60 * SECOND_MS);
    assert_eq!(world.outcomes(), [Outcome::Held(HeldFor::Closed)]);
    world.change(catalog::Input::Enable);
    world.pass(0);
    started(&world.outcomes()[0]);
    world.audit();
}

#[test]
fn what_comes_while_the_workflow_is_out_of_service_is_refused() {
    let mut world = World::new("event: paid, batch: {size: 2, wait: 5s}");
    world.change(catalog::Input::Disable);
    world.publish("paid");
    assert!(matches!(world.outcomes()[0], Outcome::Refused { .. }), "{:?}", world.outcomes());
    assert!(world.row().state.deliveries().unwrap().held.is_empty());
    world.audit();
}

#[test]
fn what_is_held_waits_while_there_is_no_space() {
    let mut world = World::new("event: paid");
    world.reserve.release();
    assert_eq!(world.publish("paid"), 1);
    assert_eq!(world.outcomes(), [Outcome::Held(HeldFor::Closed)]);
    world.pass(60 * SECOND_MS);
    assert_eq!((world.outcomes(), world.runs()), (vec![Outcome::Held(HeldFor::Closed)], 0));
    assert!(world.reserve.restore());
    world.pass(10 * SECOND_MS);
    started(&world.outcomes()[0]);
    world.audit();
}

#[test]
fn what_cannot_be_written_for_now_is_tried_again() {
    let mut world = World::new(&format!("{WEBHOOK}, vars: {{got: \"{{{{ trigger.body }}}}\"}}"));
    let runs = world.dir.path().join("runs");
    std::fs::write(&runs, "in the way").unwrap();
    // what is taken is held, not refused for good
    world.deliver(text(100 * KIB)).unwrap();
    world.pass(60 * SECOND_MS);
    assert_eq!(world.outcomes(), [Outcome::Held(HeldFor::Closed)]);
    std::fs::remove_file(&runs).unwrap();
    world.pass(10 * SECOND_MS);
    started(&world.outcomes()[0]);
    world.audit();
}

#[test]
fn a_restored_store_starts_nothing_of_what_was_held() {
    let mut world = World::new("event: paid, debounce: {wait: 5s, key: \"{{ trigger.number }}\"}");
    world.publish("paid");
    let restored = RestoredRow { taken_ms: clock(), restored_ms: clock() };
    world.store.transact(|tables| tables.hold_open(&restored)).unwrap();
    CLOCK.set(clock() + 60 * SECOND_MS);
    world.restart();
    assert_eq!(*world.next_due.borrow(), None, "nothing is due");
    // nor does anything else that has the trigger look
    world.ask(Message::Due { up_to_ms: clock() });
    world.order(Wish::Pause { note: String::new() });
    world.order(Wish::Resume);
    world.publish("paid");
    world.pass(60 * SECOND_MS);
    assert_eq!(world.runs(), 0);
    world.ask(Message::Release);
    assert_eq!(world.outcomes()[0], Outcome::Skipped(Unwanted::Restored));
    world.pass(0);
    started(&world.outcomes()[1]);
    world.audit();
}

#[test]
fn what_was_held_before_a_start_is_looked_at_without_other_news() {
    let mut world = World::new("event: paid, debounce: 5s");
    world.publish("paid");
    world.restart();
    assert_eq!(*world.next_due.borrow(), Some(FIRST_MS + 5 * SECOND_MS));
}

#[test]
fn what_another_declaration_has_let_in_starts_nothing() {
    let mut world = World::new("event: paid, debounce: 5s");
    world.publish("paid");
    // another flow is no other source
    world.apply("event: paid, debounce: 10s");
    assert_eq!(world.outcomes(), [Outcome::Held(HeldFor::Gathering)]);
    world.apply("event: sent, debounce: 10s");
    world.pass(60 * SECOND_MS);
    assert_eq!((world.outcomes(), world.runs()), (vec![Outcome::Skipped(Unwanted::Changed)], 0));
    world.publish("sent");
    world.pass(60 * SECOND_MS);
    started(&world.outcomes()[1]);
    world.audit();
}

#[test]
fn a_trigger_that_was_a_schedule_meanwhile_counts_on() {
    let mut world = World::new("event: paid");
    world.publish("paid");
    let first = world.outcomes();
    world.order(Wish::Disable { note: String::new() });
    world.apply("schedule: {every: 1h}");
    world.order(Wish::Enable);
    world.order(Wish::Disable { note: String::new() });
    // the slots of the schedule up to now are taken first
    let (trigger, revision) = (world.key(), world.row().armed.unwrap());
    let slots = crate::driver::Slots { trigger, revision, slots: Vec::new(), upto_ms: clock() };
    world.ask(Message::Slots(Box::new(slots)));
    world.apply("event: paid, throttle: {limit: 9, per: 1s}");
    world.order(Wish::Enable);
    world.publish("paid");
    assert_eq!(world.outcomes()[..1], first, "what was told of is not written over");
    assert_eq!(world.outcomes().len(), 2);
    world.audit();
}

#[test]
fn a_run_by_hand_is_counted_by_no_throttle() {
    let mut world = World::new("event: paid, throttle: {limit: 1, per: 1h, excess: skip}");
    world.fire();
    world.publish("paid");
    world.publish("paid");
    let outcomes = world.outcomes();
    started(&outcomes[0]);
    started(&outcomes[1]);
    assert_eq!(outcomes[2], Outcome::Skipped(Unwanted::Throttle));
}
