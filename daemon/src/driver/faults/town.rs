//! Runs of every kind under one driver, moved on by a seeded town of clients, people,
//! tasks and time. Everything is decided by the seed: the same one writes the same bytes.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rpa_config::calendar::Calendars;
use rpa_config::expr::Evaluator;
use rpa_config::schedule::Plan;
use rpa_engine::actor::{Actor, Origin};
use rpa_engine::catalog::{Cause, Stage};
use rpa_engine::notification::Kind as NotificationKind;
use rpa_engine::run::{EventId, Input, Published, Resolution, RunStatus, StepState, Vote};
use rpa_engine::trigger::Slot;
use rpa_engine::{
    AttemptId, ErrorClass, Label, Outcome, RunId, StepPath, TaskError, Value, Workflow,
};
use tokio::sync::{mpsc, oneshot, watch};

use super::desk::Desk;
use crate::blobs::Blobs;
use crate::driver::{
    Acknowledgement, Answer, Application, Arrival, Changes, Driver, Envelope, Message, Orders,
    Parts, Publication, Rearming, Slots, Submission, TriggerOrder, Wish,
};
use crate::evaluate::Expressions;
use crate::health::Health;
use crate::reserve::{Least, Reserve};
use crate::rundir::RunDirs;
use crate::runlog::Logs;
use crate::secrets::SecretDir;
use crate::store::audit::{self, Depth};
use crate::store::faults::{Disk, Dump, Random, dump};
use crate::store::{NotificationRow, RequestRow, RunFilter, Store, StoreError};

const WORKFLOWS: &str = include_str!("town.yaml");
/// The first moment, in milliseconds since the epoch.
pub const FIRST_MS: u64 = 1_795_000_000_000;

thread_local! {
    static CLOCK: Cell<u64> = const { Cell::new(FIRST_MS) };
}

fn clock() -> u64 {
    CLOCK.get()
}

/// From now on drivers on this thread see this time.
pub fn set_clock(at_ms: u64) {
    CLOCK.set(at_ms);
}

pub struct Town {
    pub disk: Disk,
    pub store: Arc<Store>,
    driver: Driver,
    desk: Desk,
    expressions: Expressions,
    next_due: watch::Receiver<Option<u64>>,
    pub random: Random,
    dir: tempfile::TempDir,
    requests: u64,
    pub acknowledged: Acknowledged,
    /// Requests that were not answered: their clients ask again.
    unanswered: Vec<String>,
}

/// What was acknowledged to those who asked for it.
#[derive(Clone, Debug, Default)]
pub struct Acknowledged {
    /// The runs of requests.
    runs: BTreeMap<String, RunId>,
    /// The numbers of deliveries, by what their senders call them.
    deliveries: BTreeMap<String, u64>,
}

impl Town {
    /// A town with its workflows in place.
    pub fn new(seed: u64) -> Town {
        CLOCK.set(FIRST_MS);
        let disk = Disk::empty();
        let mut town = Town::on(disk, seed);
        let applied = town.turn(vec![Message::Apply(applications())]).expect("a sound disk");
        assert!(applied.iter().all(Result::is_ok), "{applied:?}");
        let (namespace, name) = (label("default"), label("crm"));
        town.turn(vec![Message::SizePool { namespace, name, size: Some(3) }]).expect("sound");
        town
    }

    /// A town that goes on with what is on the disk.
    pub fn on(disk: Disk, seed: u64) -> Town {
        let store = Arc::new(Store::on(disk.clone()).expect("the store opens"));
        let dir = tempfile::tempdir().expect("a temporary directory");
        let desk = Desk::default();
        let (driver, next_due) = driver(&store, &desk, dir.path());
        let dirs = RunDirs::new(dir.path());
        let expressions = Expressions::new(
            Evaluator::default(),
            Box::new(SecretDir::new(dir.path().join("secrets"))),
            store.clone(),
            Blobs::new(dirs),
        );
        Town {
            disk,
            store,
            driver,
            desk,
            expressions,
            next_due,
            random: Random::new(seed),
            dir,
            requests: 0,
            acknowledged: Acknowledged::default(),
            unanswered: Vec::new(),
        }
    }

    /// From now on it is an hour later than at the beginning.
    pub fn an_hour_later() {
        CLOCK.set(FIRST_MS + 3_600_000);
    }

    /// As after a start of the daemon.
    pub fn recover(&mut self) -> Result<(), StoreError> {
        self.driver.recover()
    }

    /// The process is killed, and the next one recovers: what lay on the desk is lost.
    pub fn restart(&mut self) -> Result<(), StoreError> {
        self.desk = Desk::default();
        (self.driver, self.next_due) = driver(&self.store, &self.desk, self.dir.path());
        self.driver.recover()
    }

    /// What has failed is told to the driver, which survives it or gives up.
    pub fn survive(&mut self, error: StoreError) -> Result<(), StoreError> {
        self.desk.papers().jobs.clear();
        self.driver.survive(error, &mut Vec::new())
    }

    /// One transaction of the driver: its answers, or why there are none.
    pub fn turn(
        &mut self,
        messages: Vec<Message>,
    ) -> Result<Vec<Result<Answer, rpa_ipc::Fault>>, StoreError> {
        let mut replies = Vec::new();
        let mut batch = Vec::new();
        let ids = messages.iter().map(|message| (request_of(message), delivery_of(message)));
        let ids: Vec<_> = ids.collect();
        for message in messages {
            let (reply, answer) = oneshot::channel();
            replies.push(answer);
            batch.push(Envelope { message, reply: Some(reply) });
        }
        self.driver.turn(&mut batch)?;
        let mut answers = Vec::new();
        for (mut reply, (request, delivery)) in replies.into_iter().zip(ids) {
            let answer = reply.try_recv().expect("every caller is answered");
            if let (Some(request), Ok(Answer::Accepted { run, .. })) = (request, &answer) {
                let known = self.acknowledged.runs.insert(request, *run);
                assert!(known.is_none_or(|known| known == *run), "two runs of one request");
            } else if let (Some(id), Ok(Answer::Delivered(told))) = (delivery, &answer) {
                let known = self.acknowledged.deliveries.insert(id, told.number);
                assert!(known.is_none_or(|known| known == told.number), "it was delivered twice");
            }
            answers.push(answer);
        }
        Ok(answers)
    }

    /// A few things happen at once.
    pub fn round(&mut self) -> Result<(), StoreError> {
        let step_ms = [0, 1, 20, 300, 1500][self.random.below(5)];
        CLOCK.set(clock() + step_ms);
        let mut messages = Vec::new();
        for _ in 0..=self.random.below(4) {
            messages.extend(self.something());
        }
        if self.random.percent(20) {
            messages.extend(self.person()?);
        }
        let requests: Vec<String> = messages.iter().filter_map(request_of).collect();
        let result = self.turn(messages);
        if result.is_err() {
            self.unanswered.extend(requests);
        }
        result.map(|_| ())
    }

    /// Goes on without new runs until nothing is open, at most so many rounds.
    pub fn settle(&mut self, most: usize) -> Result<(), StoreError> {
        for _ in 0..most {
            CLOCK.set(clock() + 1000);
            let mut messages: Vec<Message> = std::iter::from_fn(|| self.result()).collect();
            messages.extend(self.due());
            messages.extend(self.heal()?);
            // as the daemon does: what is held for want of space waits for that
            if self.driver.parts.reserve.is_released() {
                messages.push(Message::Housekeep);
            }
            let idle = messages.is_empty() && self.desk.papers().attempts.is_empty();
            if idle && self.next_due.borrow().is_none() {
                return Ok(());
            }
            self.turn(messages)?;
        }
        panic!("runs are still open after {most} rounds: {:?}", self.open());
    }

    /// Whether every run that was acknowledged is there and has ended.
    pub fn assert_all_ended(&self) {
        let reader = self.store.read().expect("readable");
        let namespace = reader.namespace(&label("default")).expect("readable").expect("there");
        for (id, number) in &self.acknowledged.deliveries {
            let key = format!("{} heard/hook {id}", namespace.0);
            let known = reader.request(&key).expect("readable");
            assert_eq!(known, Some(RequestRow::Delivery(*number)), "delivery {id} is lost");
        }
        for (request, run) in &self.acknowledged.runs {
            let head = reader.head(*run).expect("readable");
            assert!(head.is_some(), "run {run} of request {request} was acknowledged and is lost");
            let row = reader.row(*run).expect("readable");
            let status = reader.status(&row).expect("a status");
            assert!(status.ended(), "run {run} of request {request} is {}", status.word());
        }
        self.assert_told();
    }

    /// Each run that has failed, and that nobody has called, is counted in one notification,
    /// and nobody is told that one waits which has ended.
    fn assert_told(&self) {
        let reader = self.store.read().expect("readable");
        let namespace = reader.namespace(&label("default")).expect("readable").expect("there");
        let statuses = [RunStatus::Failed].into();
        let filter = RunFilter { statuses, ..RunFilter::default() };
        let failed = reader.runs(namespace, &filter).expect("readable").filter(|run| {
            let run = *run.as_ref().expect("readable");
            let lineage = reader.head(run).expect("readable").expect("there").lineage;
            lineage.parent.is_none() || lineage.detached
        });
        let failed = failed.count() as u64;
        let rows = reader.notifications().expect("readable");
        let rows = rows.map(|row| row.expect("readable").1.expect("a sound row"));
        let rows: Vec<_> = rows.collect();
        let of = |row: &&NotificationRow| {
            matches!(row.kind(), NotificationKind::RunFailed | NotificationKind::RunTimedOut)
        };
        let told: u64 = rows.iter().filter(of).map(|row| row.count).sum();
        assert_eq!(told, failed, "{rows:#?}");
        let waits = |row: &&NotificationRow| {
            let asks = [NotificationKind::ApprovalWaiting, NotificationKind::RunInDoubt];
            asks.contains(&row.kind()) && row.settled.is_none()
        };
        assert_eq!(rows.iter().find(waits), None, "all runs have ended");
    }

    /// Nothing in the store contradicts anything else.
    pub fn audit(&self, about: &str) {
        let report = audit::of(&self.store, Depth::Journal).expect("readable");
        assert!(report.is_clean(), "{about}: {report:#?}");
    }

    pub fn dump(&self) -> Dump {
        dump(&self.store).expect("readable")
    }

    fn open(&self) -> Vec<String> {
        let reader = self.store.read().expect("readable");
        let namespace = reader.namespace(&label("default")).expect("readable").expect("there");
        let runs = reader.runs(namespace, &RunFilter::default()).expect("readable");
        let mut open = Vec::new();
        for run in runs {
            let run = run.expect("readable");
            let row = reader.row(run).expect("readable");
            let status = reader.status(&row).expect("a status");
            if !status.ended() {
                open.push(format!("{run} {} {:?}", status.word(), row.phase));
            }
        }
        open
    }

    fn something(&mut self) -> Option<Message> {
        match self.random.below(100) {
            0..20 => Some(self.submission()),
            20..85 => self.result(),
            85..95 => self.due(),
            95 => Some(self.publication()),
            96 => Some(self.arrival()),
            97 => self.slots().ok(),
            98 => Some(match self.random.below(2) {
                0 => Message::Housekeep,
                _ => self.order_trigger(),
            }),
            _ => {
                let size = Some(2 + u32::try_from(self.random.below(3)).expect("small"));
                let (namespace, name) = (label("default"), label("crm"));
                Some(Message::SizePool { namespace, name, size })
            }
        }
    }

    fn submission(&mut self) -> Message {
        let known = self.acknowledged.runs.len();
        // some clients ask again, as they do after a time-out
        if known > 0 && self.random.percent(10) {
            let at = self.random.below(known);
            let (request, run) = self.acknowledged.runs.iter().nth(at).expect("counted");
            return submit(request, *run, "seq", 1);
        }
        if let Some(request) = self.unanswered.pop() {
            let run = self.new_run();
            return submit(&request, run, "seq", 1);
        }
        self.requests += 1;
        let names = ["seq", "par", "each", "sub", "ask", "lock", "event", "gate", "fits"];
        let name = names[self.random.below(names.len())];
        let run = self.new_run();
        submit(&format!("request-{}", self.requests), run, name, 1)
    }

    fn new_run(&mut self) -> RunId {
        RunId(u128::from(clock()) << 80 | 0x7 << 76 | 0b10 << 62 | self.salt())
    }

    /// What makes the ids of runs of one moment differ.
    fn salt(&mut self) -> u128 {
        u128::from(self.random.number() >> 8)
    }

    /// An expression is evaluated, an attempt ends, or the end of one is told.
    fn result(&mut self) -> Option<Message> {
        let told = self.desk.papers().ends.pop_front();
        if let Some((attempt, outcome)) = told {
            let run = attempt.run;
            return Some(Message::Run { run, input: Input::AttemptEnded { attempt, outcome } });
        }
        let job = self.desk.papers().jobs.pop_front();
        if let Some(job) = job {
            let evaluation = self.expressions.evaluate(&job);
            if Expressions::is_unread(&evaluation) {
                // as the evaluator does: it waits for the store to come back
                self.desk.papers().jobs.push_back(job);
                return None;
            }
            return Some(Message::Run { run: job.run, input: Input::Evaluated(evaluation) });
        }
        let running: Vec<AttemptId> = {
            let papers = self.desk.papers();
            let running = papers.attempts.iter().filter(|(_, end)| end.is_none());
            running.map(|(id, _)| id.clone()).collect()
        };
        let attempt = running.get(self.random.below(running.len()))?.clone();
        let outcome = self.outcome();
        self.desk.end(&attempt, outcome);
        self.result()
    }

    fn outcome(&mut self) -> Outcome {
        let error = TaskError {
            class: ErrorClass::Exit(3),
            code: "RPA0401".into(),
            message: "exited with 3".into(),
        };
        match self.random.below(20) {
            0..16 => {
                let text = "x".repeat(self.random.below(300));
                let fields = [("exit_code", Value::Int(0)), ("stdout", Value::text(text))];
                Outcome::Succeeded { output: Value::from(fields) }
            }
            16 | 17 => Outcome::Failed { error, output: Value::Null },
            18 => Outcome::Lost { why: "no answer from town: reset".into() },
            _ => Outcome::NeverStarted { error },
        }
    }

    fn due(&mut self) -> Option<Message> {
        let up_to_ms = (*self.next_due.borrow()).filter(|due| *due <= clock())?;
        Some(Message::Due { up_to_ms })
    }

    /// The clock has come to slots of a schedule.
    fn slots(&mut self) -> Result<Message, StoreError> {
        let reader = self.store.read()?;
        let mut triggers = reader.triggers()?;
        triggers.retain(|(_, row)| row.state.schedule().is_some());
        let (key, row) = triggers[self.random.below(triggers.len())].clone();
        let revision = row.armed.unwrap_or(1);
        let definition = reader.definition(key.namespace, &key.workflow, revision)?;
        let trigger = definition.triggers.iter().find(|trigger| trigger.id == key.trigger);
        let schedule = trigger.and_then(|trigger| trigger.source.schedule()).expect("a schedule");
        let plan = Plan::new(schedule, &key.seed(), &Calendars::default()).expect("a plan");
        let now_ms = clock();
        let upto_ms = row.state.schedule().expect("of a schedule").upto_ms;
        let slots = plan.after(upto_ms).take_while(|slot| slot.at_ms <= now_ms);
        let slots: Vec<Slot> = slots.take(20).collect();
        let upto_ms = slots.last().filter(|_| slots.len() == 20).map_or(now_ms, |s| s.at_ms);
        Ok(Message::Slots(Box::new(Slots { trigger: key, revision, slots, upto_ms })))
    }

    /// Somebody says something of a trigger.
    fn order_trigger(&mut self) -> Message {
        let note = || "town".to_owned();
        let wish = match self.random.below(5) {
            4 => {
                let newest_ms = clock() / 3_000 * 3_000;
                let slots = (0..4).map(|n| newest_ms - n * 3_000);
                let slot = |at_ms| Slot { at_ms, due_ms: at_ms, passed: None };
                Wish::Backfill(slots.map(slot).collect())
            }
            0 => Wish::Enable,
            1 => Wish::Disable { note: note() },
            2 => Wish::Pause { note: note() },
            _ => Wish::Resume,
        };
        let names = [
            ("tick", "queue"),
            ("tick", "cancel"),
            ("tick", "allow"),
            ("heard", "batch"),
            ("heard", "few"),
            ("heard", "chain"),
            ("heard", "hook"),
        ];
        let (workflow, trigger) = names[self.random.below(names.len())];
        let trigger = trigger.parse().expect("a name");
        let workflow =
            rpa_engine::WorkflowRef { namespace: label("default"), name: label(workflow) };
        Message::Trigger(Box::new(TriggerOrder { workflow, trigger, wish, actor: actor() }))
    }

    /// Something from outside reaches a trigger, now and then what has come before.
    fn arrival(&mut self) -> Message {
        let n = self.random.below(40);
        let reader = self.store.read().expect("readable");
        let mut triggers = reader.triggers().expect("readable");
        triggers.retain(|(key, _)| key.trigger.as_str() == "hook");
        let (trigger, _) = triggers.pop().expect("the hook");
        let (id, what) = (Some(format!("d{n}")), "town".to_owned());
        let body = Value::from([("n", Value::Int(i64::try_from(n % 5).expect("small")))]);
        let data = [("body".to_owned(), body)].into();
        let arrival =
            Arrival { trigger, revision: None, id, what, data, hops: 0, seen: Vec::new() };
        Message::Deliver(Box::new(arrival))
    }

    fn publication(&mut self) -> Message {
        let event = Published {
            id: EventId(self.salt()),
            name: "order.paid".parse().expect("a name"),
            data: Value::Int(7),
            by: actor(),
            at: "2026-11-21T00:00:00Z".into(),
        };
        let (namespace, event) = (label("default"), Arc::new(event));
        Message::Publish(Box::new(Publication { namespace, event, from: None, behind: None }))
    }

    /// Somebody decides what waits for a person, or halts a run.
    fn person(&mut self) -> Result<Option<Message>, StoreError> {
        let reader = self.store.read()?;
        let namespace = reader.namespace(&label("default"))?.expect("the namespace is there");
        let by = actor();
        if let Some((run, path)) = reader.doubts(namespace, None, 1)?.pop() {
            let resolution = match self.random.below(3) {
                0 => Resolution::Done { output: BTreeMap::new() },
                1 => Resolution::Retry,
                _ => Resolution::Fail,
            };
            return Ok(Some(run_input(run, Input::Resolve { path, resolution, by })));
        }
        if let Some((run, path)) = reader.approvals(namespace, None, 1)?.pop() {
            return self.vote(&reader, run, path);
        }
        let runs = reader.runs(namespace, &RunFilter::default())?;
        let newest: Vec<RunId> = runs.take(8).collect::<Result<_, _>>()?;
        let Some(run) = newest.get(self.random.below(newest.len())).copied() else {
            return Ok(None);
        };
        if self.random.percent(10) {
            let (ids, workflow) = (None, None);
            let upto = reader.notification_counts()?.last;
            let asked =
                Acknowledgement { ids, namespace: label("default"), workflow, upto, from: 0, by };
            return Ok(Some(Message::Acknowledge(Box::new(asked))));
        }
        let row = reader.row(run)?;
        if row.paused.is_some() {
            return Ok(Some(run_input(run, Input::Resume { by })));
        }
        Ok(match self.random.below(12) {
            0 => Some(run_input(run, Input::Cancel { by })),
            1 => Some(run_input(run, Input::Pause { by })),
            _ => None,
        })
    }

    /// Everything that waits for a person is decided, and what is paused goes on.
    fn heal(&mut self) -> Result<Vec<Message>, StoreError> {
        let reader = self.store.read()?;
        let namespace = reader.namespace(&label("default"))?.expect("the namespace is there");
        let by = actor();
        let statuses = [RunStatus::Paused].into();
        let paused = RunFilter { statuses, ..RunFilter::default() };
        let mut messages = Vec::new();
        for run in reader.runs(namespace, &paused)? {
            messages.push(run_input(run?, Input::Resume { by: by.clone() }));
        }
        for (run, path) in reader.doubts(namespace, None, 100)? {
            let resolution = Resolution::Done { output: BTreeMap::new() };
            messages.push(run_input(run, Input::Resolve { path, resolution, by: by.clone() }));
        }
        for (run, path) in reader.approvals(namespace, None, 100)? {
            messages.extend(self.vote(&reader, run, path)?);
        }
        Ok(messages)
    }

    fn vote(
        &mut self,
        reader: &crate::store::Reader,
        run: RunId,
        path: StepPath,
    ) -> Result<Option<Message>, StoreError> {
        let Some(StepState::Asking(asking)) = reader.state(run, &path)? else { return Ok(None) };
        let vote = Vote {
            by: Actor { who: "bob".into(), origin: Origin::Cli },
            approves: self.random.percent(70),
            fields: BTreeMap::new(),
            comment: String::new(),
            at: "2026-11-21T00:00:00Z".into(),
        };
        let digest = asking.request.digest.clone();
        let groups = Default::default();
        Ok(Some(run_input(run, Input::Vote { path, vote, groups, digest })))
    }
}

/// A driver without a daemon, at the time of [`set_clock`].
pub fn driver(
    store: &Arc<Store>,
    desk: &Desk,
    dir: &std::path::Path,
) -> (Driver, watch::Receiver<Option<u64>>) {
    let (next_due, due) = watch::channel(None);
    let dirs = RunDirs::new(dir);
    let driver = Driver::new(Parts {
        store: store.clone(),
        health: Arc::new(Health::default()),
        changes: Arc::new(Changes::since(FIRST_MS)),
        logs: Arc::new(Logs::new(dirs.clone(), 1 << 20)),
        reserve: Arc::new(Reserve::new(dir, 0, Least::default())),
        blobs: Blobs::new(dirs),
        dispatch: Box::new(desk.clone()),
        clock,
        next_due,
        rearmed: Rearming::default(),
        evaluator: Evaluator::default(),
        calendars: Arc::default(),
        secrets: SecretDir::new(dir.join("secrets")),
        inbox: mpsc::channel(1).1,
        orders: Arc::new(Orders::default()),
        max_active: 6,
    });
    (driver, due)
}

fn applications() -> Vec<Application> {
    let application = |source: &str| {
        let checked = rpa_config::workflow::check(source, "town.yaml", &label("default"));
        let workflow: Option<Workflow> = checked.workflow;
        Application {
            workflow: workflow.unwrap_or_else(|| panic!("{:?}", checked.problems)),
            source: source.to_owned(),
            file: "town.yaml".into(),
            note: String::new(),
            cause: Cause::Apply,
            stage: Stage::Live,
            base: None,
            actor: actor(),
        }
    };
    WORKFLOWS.split("---\n").map(application).collect()
}

fn submit(request: &str, run: RunId, name: &str, revision: u32) -> Message {
    let workflow = rpa_engine::WorkflowRef { namespace: label("default"), name: label(name) };
    let vars = match name {
        "seq" => [("n".parse().expect("a name"), Value::Int(1))].into(),
        _ => BTreeMap::new(),
    };
    Message::Submit(Box::new(Submission {
        run,
        workflow,
        revision,
        vars,
        request_id: request.to_owned(),
        digest: [7; 32],
        actor: actor(),
        taken_over: None,
    }))
}

fn request_of(message: &Message) -> Option<String> {
    match message {
        Message::Submit(submission) => Some(submission.request_id.clone()),
        _ => None,
    }
}

fn delivery_of(message: &Message) -> Option<String> {
    match message {
        Message::Deliver(arrival) => arrival.id.clone(),
        _ => None,
    }
}

fn run_input(run: RunId, input: Input) -> Message {
    Message::Run { run, input }
}

pub fn label(text: &str) -> Label {
    text.parse().expect("a label")
}

fn actor() -> Actor {
    Actor { who: "ann".into(), origin: Origin::Cli }
}
