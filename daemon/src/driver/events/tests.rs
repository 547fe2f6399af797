//! Publications by the real driver over a store in memory. The tests are the evaluator:
//! nothing is looked at before they say so.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use std::sync::Arc;

use rpa_config::expr::{Evaluator, SecretSource};
use rpa_engine::catalog::{Cause, Stage};
use rpa_engine::run::{EvalJob, EventId, Published, Purpose, RunStatus, StepState};
use rpa_engine::{Actor, ErrorClass, Ident, Label, Origin, RunId, StepPath, Value, WorkflowRef};
use rpa_ipc::Fault;
use rpa_tasks::{NobodyListens, Registry};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot, watch};

use super::*;
use crate::blobs::Blobs;
use crate::driver::{
    Application, Changes, Dispatch, Envelope, Inbox, Message, Orders, Parts, Publication, Rearming,
    Submission, now_ms,
};
use crate::evaluate::{Expressions, Job};
use crate::health::Health;
use crate::reserve::{Least, Reserve};
use crate::rundir::RunDirs;
use crate::runlog::Logs;
use crate::runner::{Equipment, Place, Runner};
use crate::secrets::SecretDir;
use crate::store::audit::{self, Depth};
use crate::store::{EventRows, Store};

const HOUR_MS: u64 = 3_600_000;

/// Waits of every kind and every end, all at once.
const WAITS: &str = "version: 1\nname: waits\nsteps:\n  \
    - {id: any, needs: [], wait: {event: paid}}\n  \
    - {id: fits, needs: [], wait: {event: paid, match: event.data.n > 5}, outputs: {n: \"{{ data.n }}\"}}\n  \
    - {id: late, needs: [], wait: {event: paid, match: event.data.n > 7, timeout: 1h, on_timeout: continue}}\n  \
    - {id: sent, needs: [], wait: {event: sent, match: event.data.n > 7}}\n  \
    - id: within\n    needs: []\n    timeout: 2h\n    steps:\n      \
    - {id: inner, wait: {event: paid, match: event.data.n > 8}}\n  \
    - id: each\n    needs: []\n    for_each: \"{{ range(3) }}\"\n    max_parallel: 3\n    steps:\n      \
    - {id: turn, wait: {event: paid, match: event.data.n == item}}\n";

const FITTING: &str = "version: 1\nname: waits\nsteps:\n  \
    - {id: fits, wait: {event: paid, match: event.data.n == 1}}\n";

const ANY: &str = "version: 1\nname: waits\nsteps:\n  - {id: any, wait: {event: paid}}\n";

struct NoSecrets;

impl SecretSource for NoSecrets {
    fn get(&self, _: &Ident) -> Result<Option<String>, String> {
        Ok(None)
    }
}

/// A driver without a daemon. What it asks to be evaluated is kept until a test does it.
struct World {
    driver: Driver,
    store: Arc<Store>,
    expressions: Arc<Expressions>,
    jobs: mpsc::UnboundedReceiver<Job>,
    pending: Vec<EvalJob>,
    runs: Vec<RunId>,
    published: u128,
    _runtime: Runtime,
    _dir: TempDir,
}

fn label(text: &str) -> Label {
    text.parse().unwrap()
}

fn actor() -> Actor {
    Actor { who: "ann".into(), origin: Origin::Cli }
}

impl World {
    fn of(source: &str) -> World {
        let dir = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let store = Arc::new(Store::in_memory());
        let dirs = RunDirs::new(dir.path());
        let blobs = Blobs::new(dirs.clone());
        let logs = Arc::new(Logs::new(dirs.clone(), 1 << 20));
        let secrets = Box::new(NoSecrets);
        let expressions =
            Expressions::new(Evaluator::default(), secrets, store.clone(), blobs.clone());
        let expressions = Arc::new(expressions);
        let (inbox, messages) = Inbox::new();
        let equipment = Equipment {
            place: Place {
                registry: Arc::new(Registry::builtin()),
                publisher: Arc::new(NobodyListens),
                dirs,
            },
            expressions: expressions.clone(),
            blobs: blobs.clone(),
            logs: logs.clone(),
            inbox,
            instance: [0; 16],
            grace: Duration::ZERO,
            output_limit: 1 << 20,
            dir_limit: 1 << 30,
            log_limit: 1 << 20,
            inherited: Arc::default(),
            slots: 1,
        };
        let runner = Runner::new(equipment, None, runtime.handle().clone());
        let (evaluations, jobs) = mpsc::unbounded_channel();
        let driver = Driver::new(Parts {
            store: store.clone(),
            health: Arc::new(Health::default()),
            changes: Arc::new(Changes::since(now_ms())),
            logs: logs.clone(),
            reserve: Arc::new(Reserve::new(dir.path(), 0, Least::default())),
            blobs,
            dispatch: Box::new(Dispatch { runner, evaluations, logs }),
            clock: now_ms,
            next_due: watch::channel(None).0,
            rearmed: Rearming::default(),
            evaluator: Evaluator::default(),
            calendars: Arc::default(),
            secrets: SecretDir::new(dir.path().join("secrets")),
            inbox: messages,
            orders: Arc::new(Orders::default()),
            max_active: 100_000,
        });
        let (pending, runs, published) = (Vec::new(), Vec::new(), 0);
        let (_runtime, _dir) = (runtime, dir);
        let mut world =
            World { driver, store, expressions, jobs, pending, runs, published, _runtime, _dir };
        world.apply(source);
        world
    }

    fn ask_all(&mut self, messages: Vec<Message>) -> Vec<Result<Answer, Fault>> {
        let (mut batch, mut answers) = (Vec::new(), Vec::new());
        for message in messages {
            let (reply, answer) = oneshot::channel();
            batch.push(Envelope { message, reply: Some(reply) });
            answers.push(answer);
        }
        self.driver.turn(&mut batch).unwrap();
        while let Ok(Job(job)) = self.jobs.try_recv() {
            self.pending.push(job);
        }
        answers.into_iter().map(|mut answer| answer.try_recv().unwrap()).collect()
    }

    fn ask(&mut self, message: Message) -> Result<Answer, Fault> {
        self.ask_all(vec![message]).remove(0)
    }

    fn apply(&mut self, source: &str) {
        let workflow = rpa_config::workflow::check(source, "f.yaml", &label("default")).workflow;
        let application = Application {
            workflow: workflow.unwrap(),
            source: source.into(),
            file: "f.yaml".into(),
            note: String::new(),
            cause: Cause::Apply,
            stage: Stage::Live,
            base: None,
            actor: actor(),
        };
        self.ask(Message::Apply(vec![application])).unwrap();
    }

    /// One more run, whose steps do not wait yet.
    fn submission(&mut self) -> Message {
        let run = RunId(self.runs.len() as u128 + 1);
        self.runs.push(run);
        let submission = Submission {
            run,
            workflow: WorkflowRef { namespace: label("default"), name: label("waits") },
            revision: 1,
            vars: BTreeMap::new(),
            request_id: run.to_string(),
            digest: [0; 32],
            actor: actor(),
            taken_over: None,
        };
        Message::Submit(Box::new(submission))
    }

    fn input(&mut self, run: RunId, input: Input) -> Result<Answer, Fault> {
        self.ask(Message::Run { run, input })
    }

    fn event(&mut self, name: &str, data: Value) -> Arc<Published> {
        self.published += 1;
        let (id, name) = (EventId(self.published), name.parse().unwrap());
        Arc::new(Published { id, name, data, by: actor(), at: "now".into() })
    }

    /// The first transaction of a publication, or a further one.
    fn tell(
        &mut self,
        event: &Arc<Published>,
        behind: Option<Behind>,
    ) -> Result<(u32, u32, Option<Behind>), Fault> {
        let (namespace, event) = (label("default"), event.clone());
        match self.ask(Message::Publish(Box::new(Publication {
            namespace,
            event,
            from: None,
            behind,
        })))? {
            Answer::Published { took, looking, behind, .. } => Ok((took, looking, behind)),
            other => panic!("{other:?}"),
        }
    }

    fn publish(&mut self, name: &str, data: Value) -> Result<(u32, u32), Fault> {
        let event = self.event(name, data);
        let (took, looking, behind) = self.tell(&event, None)?;
        assert_eq!(behind, None);
        Ok((took, looking))
    }

    fn answer(&self, job: &EvalJob) -> Message {
        let evaluation = self.expressions.evaluate_patiently(job);
        Message::Run { run: job.run, input: Input::Evaluated(evaluation) }
    }

    fn evaluate(&mut self, place: usize) {
        let job = self.pending.remove(place);
        let answer = self.answer(&job);
        self.ask(answer).unwrap();
    }

    /// Evaluates these jobs, and what follows from them, until nothing of it is left.
    fn evaluate_all(&mut self, which: fn(&EvalJob) -> bool) {
        loop {
            let (jobs, others): (Vec<_>, Vec<_>) =
                std::mem::take(&mut self.pending).into_iter().partition(which);
            self.pending = others;
            if jobs.is_empty() {
                return;
            }
            let answers = jobs.iter().map(|job| self.answer(job)).collect();
            self.ask_all(answers);
        }
    }

    /// `count` runs whose steps wait.
    fn wait(&mut self, count: usize) {
        let submissions = (0..count).map(|_| self.submission()).collect();
        self.ask_all(submissions);
        self.evaluate_all(|job| !matches!(job.purpose, Purpose::Fits { .. }));
    }

    /// Whatever was offered is looked at.
    fn look(&mut self) {
        self.evaluate_all(|_| true);
    }

    /// As after a crash: nothing is known but what is durable.
    fn restart(&mut self) {
        self.driver.forget();
        self.pending.clear();
        self.driver.recover().unwrap();
        while let Ok(Job(job)) = self.jobs.try_recv() {
            self.pending.push(job);
        }
    }

    fn rows(&self) -> EventRows {
        self.store.read().unwrap().event_rows().unwrap()
    }

    /// What the rows must be, read from the states of all steps.
    fn expected(&self) -> EventRows {
        let mut rows = EventRows::default();
        let load = |tables: &mut Tables<'_>| {
            let load = |id: &RunId| {
                tables.load_run(*id, |tables, head| {
                    let (name, revision) = (&head.workflow, head.revision);
                    Ok(Arc::new(tables.definition(head.namespace, name, revision)?))
                })
            };
            self.runs.iter().map(load).collect::<Result<Vec<_>, _>>()
        };
        for (_, run) in self.store.transact(load).unwrap().into_iter().flatten() {
            let id = &run.id;
            for (path, state) in &run.steps {
                let StepState::Awaiting(awaiting) = state else { continue };
                rows.awaiting.insert((*id, path.clone()));
                for event in &awaiting.offered {
                    rows.events.insert(*event);
                    rows.offered.insert((*event, *id, path.clone()));
                    rows.offers.insert((*event, *id, path.clone()));
                }
                if awaiting.is_crowded() {
                    rows.crowded.insert((*id, path.clone()));
                }
            }
        }
        rows
    }

    fn check(&self, after: &str) {
        assert_eq!(self.rows(), self.expected(), "after {after}");
        let report = audit::of(&self.store, Depth::Journal).unwrap();
        assert!(report.is_clean(), "after {after}: {report:#?}");
    }

    fn act(&mut self, what: u8, how: u8) {
        let run = self.runs.get(usize::from(how) % self.runs.len().max(1)).copied();
        let n = i64::from(how % 12);
        match (what % 24, run) {
            (0..3, _) if self.runs.len() < 5 => {
                let submission = self.submission();
                self.ask(submission).unwrap();
            }
            (0..7, _) => {
                let name = if how > 200 { "sent" } else { "paid" };
                let data = match how % 4 {
                    0 => Value::text("of another shape"),
                    _ => Value::from([("n", Value::Int(n))]),
                };
                self.publish(name, data).unwrap();
            }
            (7..18, _) if !self.pending.is_empty() => {
                self.evaluate(usize::from(how) % self.pending.len());
            }
            (18, Some(run)) => _ = self.input(run, Input::Cancel { by: actor() }),
            (19, _) => {
                let hours = 1 + u64::from(how % 2);
                let up_to_ms = now_ms() + hours * HOUR_MS + HOUR_MS / 2;
                self.ask(Message::Due { up_to_ms }).unwrap();
            }
            (20, Some(run)) => _ = self.input(run, Input::Pause { by: actor() }),
            (21, Some(run)) => _ = self.input(run, Input::Resume { by: actor() }),
            (22, _) => self.restart(),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_event_is_kept_exactly_as_long_as_somebody_is_offered_it(
        acts in prop::collection::vec((any::<u8>(), any::<u8>()), 20..100),
    ) {
        let mut world = World::of(WAITS);
        world.wait(2);
        for (what, how) in acts {
            world.act(what, how);
            world.check(&format!("{what} {how}"));
        }
        for run in world.runs.clone() {
            // one that has ended is cancelled no more
            let _ = world.input(run, Input::Cancel { by: actor() });
        }
        prop_assert_eq!(world.rows(), EventRows::default(), "a row stays when all runs have ended");
        world.look();
        prop_assert_eq!(world.rows(), EventRows::default(), "an answer that came too late");
    }
}

#[test]
fn every_end_of_a_wait_takes_its_events_away() {
    let number = |n| Value::from([("n", Value::Int(n))]);
    type End = fn(&mut World);
    let ends: [(&str, End); 5] = [
        ("it fits", World::look),
        ("a cancel", |world| {
            world.input(RunId(1), Input::Cancel { by: actor() }).unwrap();
        }),
        ("its time", |world| {
            world.ask(Message::Due { up_to_ms: now_ms() + 2 * HOUR_MS }).unwrap();
        }),
        ("a cancel after a restart", |world| {
            world.restart();
            world.input(RunId(1), Input::Cancel { by: actor() }).unwrap();
        }),
        ("it fits after a restart", |world| {
            world.restart();
            world.look();
        }),
    ];
    for (name, end) in ends {
        let mut world = World::of(&FITTING.replace("n == 1}", "n == 1, timeout: 1h}"));
        world.wait(1);
        for n in [0, 0, 1, 2] {
            assert_eq!(world.publish("paid", number(n)).unwrap(), (0, 1), "{name}");
        }
        assert_eq!(world.rows().events.len(), 4, "{name}");
        end(&mut world);
        assert_eq!(world.rows(), EventRows::default(), "{name}");
    }
}

#[test]
fn an_event_is_stored_once_however_many_look_at_it() {
    let mut world = World::of(FITTING);
    world.wait(300);
    let data = Value::from([("n", Value::Int(0)), ("text", Value::text("x".repeat(60_000)))]);
    let event = world.event("paid", data);
    let (_, looking, behind) = world.tell(&event, None).unwrap();
    assert_eq!(looking, 256);
    assert_eq!(world.tell(&event, behind).unwrap(), (0, 44, None));
    world.check("the publication");
    let reader = world.store.read().unwrap();
    for run in &world.runs {
        let path: StepPath = "fits".parse().unwrap();
        let journal = format!("{:?}", reader.journal(*run).unwrap());
        let row = format!("{:?}", reader.step(*run, &path).unwrap());
        assert!(journal.len() + row.len() < 4_000, "{journal}\n{row}");
    }
    drop(reader);
    world.look();
    world.check("the last has looked");
    assert!(world.rows().events.is_empty());
}

#[test]
fn who_looks_in_another_transaction_finds_the_event_again() {
    let mut world = World::of(FITTING);
    world.wait(257);
    let event = world.event("paid", Value::from([("n", Value::Int(1))]));
    let (_, _, behind) = world.tell(&event, None).unwrap();
    // all that were told by now have taken it, and the row is gone
    world.look();
    assert!(world.rows().events.is_empty());
    assert_eq!(world.tell(&event, behind).unwrap(), (0, 1, None));
    world.evaluate(0);
    for run in world.runs.clone() {
        let row = world.store.read().unwrap().row(run).unwrap();
        let status = world.store.read().unwrap().status(&row).unwrap();
        assert_eq!(status, RunStatus::Completed, "run {run}");
    }
}

#[test]
fn a_step_sees_only_what_is_published_after_it_began_to_wait() {
    for source in [ANY, FITTING] {
        let mut world = World::of(source);
        world.wait(300);
        let event = world.event("paid", Value::from([("n", Value::Int(0))]));
        let (took, looking, behind) = world.tell(&event, None).unwrap();
        assert_eq!(took + looking, 256);
        let behind = behind.unwrap();
        // they stand behind those that were told, in the order in which all are told
        world.wait(3);
        let (took, looking, rest) = world.tell(&event, Some(behind.clone())).unwrap();
        assert_eq!((took + looking, rest), (44, None));
        world.check("the publication");
        // the same over a restart, and for a clock that nobody asks
        world.restart();
        let (took, looking, _) = world.tell(&event, Some(behind)).unwrap();
        assert_eq!(took, 0, "those that were told are told no more, the others not at all");
        assert_eq!(looking, if source == ANY { 0 } else { 44 });
        let (took, looking) = {
            let event = world.event("paid", Value::from([("n", Value::Int(0))]));
            let (mut told, mut behind) = ((0, 0), None);
            loop {
                let (took, looking, rest) = world.tell(&event, behind).unwrap();
                told = (told.0 + took, told.1 + looking);
                match rest {
                    Some(rest) => behind = Some(rest),
                    None => break told,
                }
            }
        };
        assert_eq!((took, looking), if source == ANY { (3, 0) } else { (0, 303) });
    }
}

#[test]
fn a_publication_is_refused_whole_while_a_step_is_crowded() {
    let mut world = World::of(FITTING);
    world.wait(2);
    let other = world.runs[1];
    let number = |n| Value::from([("n", Value::Int(n))]);
    for _ in 0..4 {
        let one = |world: &mut World| {
            let (namespace, event) = (label("default"), world.event("paid", number(0)));
            Message::Publish(Box::new(Publication { namespace, event, from: None, behind: None }))
        };
        let some = (0..MOST_OFFERED / 4).map(|_| one(&mut world)).collect();
        for answer in world.ask_all(some) {
            let told = matches!(answer, Ok(Answer::Published { took: 0, looking: 2, .. }));
            assert!(told, "{answer:?}");
        }
    }
    let refused = world.publish("paid", number(1)).unwrap_err();
    assert_eq!(refused.code, FaultCode::Busy);
    assert!(refused.message.contains("nothing was published"), "{refused:?}");
    assert_eq!(world.publish("sent", number(1)).unwrap(), (0, 0), "of another name");
    assert_eq!(world.rows().events.len(), MOST_OFFERED, "it was offered to nobody");
    world.check("the refusal");
    // one that waits no longer stands in nobody's way, the other one still does
    world.input(other, Input::Cancel { by: actor() }).unwrap();
    assert_eq!(world.publish("paid", number(1)).unwrap_err().code, FaultCode::Busy);
    let first = |job: &EvalJob| job.run == RunId(1);
    let place = world.pending.iter().position(first).unwrap();
    world.evaluate(place);
    assert_eq!(world.publish("paid", number(1)).unwrap(), (0, 1));
    assert_eq!(world.publish("paid", number(1)).unwrap_err().code, FaultCode::Busy);
    world.check("there was room for one");
}

#[test]
fn who_publishes_hears_who_took_it_and_who_looks() {
    let mut world = World::of(WAITS);
    let nothing = world.publish("paid", Value::Null).unwrap();
    assert_eq!(nothing, (0, 0));
    world.wait(1);
    assert_eq!(world.publish("paid", Value::Null).unwrap(), (1, 6));
    assert_eq!(world.publish("paid", Value::Null).unwrap(), (0, 6), "who took it waits no more");
    assert_eq!(world.publish("sent", Value::Null).unwrap(), (0, 1));
    let seen: BTreeSet<StepPath> =
        world.rows().offered.into_iter().map(|(_, _, path)| path).collect();
    assert_eq!(seen.len(), 7);
}

#[test]
fn a_secret_that_the_check_did_not_see_is_not_published() {
    let source = "version: 1\nname: waits\nvariables: {x: {type: json}}\nsteps:\n  \
        - {id: say, uses: event.publish, with: {name: paid, data: {x: \"{{ vars.x }}\"}}}\n";
    let mut world = World::of(source);
    let Message::Submit(mut submission) = world.submission() else { panic!("no submission") };
    let secret = rpa_config::expr::secret_reference(&"token".parse().unwrap());
    submission.vars.insert("x".parse().unwrap(), secret);
    world.ask(Message::Submit(submission)).unwrap();
    world.look();
    let World { driver, _runtime: runtime, .. } = &mut world;
    let told = runtime.block_on(driver.parts.inbox.recv()).unwrap().message;
    let Message::Run { input: Input::AttemptEnded { outcome, .. }, .. } = told else {
        panic!("{told:?}");
    };
    let rpa_engine::Outcome::NeverStarted { error } = outcome else { panic!("{outcome:?}") };
    assert_eq!((error.code.as_str(), error.class), ("RPA0409", ErrorClass::InvalidInput));
}
