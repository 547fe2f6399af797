//! The driver: an input, all that follows from it, one transaction; then effects.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::entities::{Answers, Entities, GateKey};
use super::random;
use super::store::Store;
use super::witness::{Fact, Witness};
use crate::actor::{Actor, Origin};
use crate::name::{AttemptId, Label, RunId, StepPath};
use crate::outcome::{Outcome, StopReason};
use crate::queue::Queue;
use crate::run::simulation::rng::Rng;
use crate::run::tests::build::{ana, is_offered, label};
use crate::run::{
    Acceptance, Called, ChildOrder, Cx, Effect, EvalJob, Event, EventId, GateAnswer, Input,
    Message, Parent, Phase, Published, Run, StepState,
};
use crate::workflow::{Priority, Workflow};

/// Rounds after which a life in good order must have come to its end.
const CALM_ROUNDS: u32 = 5000;
/// Runs of one town: a call beyond that is not taken.
const MOST_RUNS: usize = 20;

/// An attempt with the runner.
#[derive(Default)]
pub(super) struct Held {
    pub(super) begun: bool,
    pub(super) stop: Option<StopReason>,
    /// Kept until the driver confirms that it is durable.
    pub(super) outcome: Option<Outcome>,
}

/// What the driver takes up next in a transaction.
pub(super) enum Work {
    Input(RunId, Input),
    /// Of that run.
    Message(RunId, Message),
    Submit(Box<Acceptance>),
    Publish(Published),
    Resize(Label, u32),
}

/// One transaction, until it is durable.
#[derive(Default)]
pub(super) struct Tx {
    pub(super) facts: Vec<Fact>,
    pub(super) rows: BTreeMap<(RunId, StepPath), StepState>,
    pub(super) touched: BTreeSet<RunId>,
    effects: Vec<Effect>,
}

pub(super) struct Town {
    pub(super) rng: Rng,
    told: bool,
    pub(super) now_ms: u64,
    pub(super) hold: bool,
    pub(super) workflows: Vec<Vec<Arc<Workflow>>>,
    /// Runs at work at once.
    pub(super) limit: u32,
    pub(super) runs: BTreeMap<RunId, Run>,
    /// Those that have not ended.
    pub(super) open: BTreeSet<RunId>,
    pub(super) order: BTreeMap<RunId, u64>,
    pub(super) entities: Entities,
    store: Store,
    /// Events that steps are offered, and no others; durable.
    pub(super) events: BTreeMap<EventId, Published>,
    pub(super) journal: Vec<(RunId, u64, Event)>,
    pub(super) witness: Witness,
    tx: Tx,
    /// Committed, not yet carried out.
    outbox: VecDeque<Effect>,
    /// Runs that wait for others that were cancelled for them, with their gates.
    replacing: Vec<(GateKey, RunId)>,
    pub(super) evaluations: Vec<EvalJob>,
    pub(super) held: BTreeMap<AttemptId, Held>,
    pub(super) inbox: Vec<(RunId, Input)>,
    /// Gives each result and each event its own value, so that no two can be confused.
    pub(super) results: i64,
}

impl Town {
    pub(super) fn new(seed: u64, told: bool) -> Town {
        let mut rng = Rng::new(seed);
        let workflows = random::workflows(&mut rng);
        let limit = 1 + u32::try_from(rng.below(3)).expect("small");
        if told {
            println!("{workflows:#?}\nat work at once: {limit}");
        }
        let mut town = Town {
            rng,
            told,
            now_ms: 1_000_000,
            hold: false,
            workflows,
            limit,
            runs: BTreeMap::new(),
            open: BTreeSet::new(),
            order: BTreeMap::new(),
            entities: Entities::default(),
            store: Store::default(),
            events: BTreeMap::new(),
            journal: Vec::new(),
            witness: Witness::new(limit),
            tx: Tx::default(),
            outbox: VecDeque::new(),
            replacing: Vec::new(),
            evaluations: Vec::new(),
            held: BTreeMap::new(),
            inbox: Vec::new(),
            results: 0,
        };
        for pool in random::POOLS {
            let size = 1 + u32::try_from(town.rng.below(random::LARGEST_POOL)).expect("small");
            town.transact(Work::Resize(label(pool), size));
        }
        town
    }

    /// Trouble first, then order; every run must come to its end.
    pub(super) fn live(&mut self) {
        self.submit();
        for _ in 0..self.rng.below(160) {
            self.trouble();
        }
        if self.hold || self.rng.percent(50) {
            self.restart();
        }
        self.calm();
        self.witness.over(&self.runs, &self.entities);
    }

    /// Everything is delivered and nothing is lost any more.
    fn calm(&mut self) {
        for round in 0.. {
            assert!(round < CALM_ROUNDS, "came to no end: {:#?}", self.open());
            while self.carry_out_next() {}
            while self.evaluate_one() {}
            while self.held.values().any(|h| h.outcome.is_none()) {
                self.runner_moves();
            }
            self.resend();
            if !self.inbox.is_empty() {
                while self.drive() {}
                continue;
            }
            if !self.outbox.is_empty() || !self.evaluations.is_empty() {
                continue;
            }
            if self.open().is_empty() {
                return;
            }
            if !self.fire_next() {
                self.only_people_can_help();
            }
        }
    }

    /// Runs that have not ended.
    pub(super) fn open(&self) -> Vec<RunId> {
        self.open.iter().copied().collect()
    }

    pub(super) fn open_runs(&self) -> impl Iterator<Item = &Run> {
        self.open.iter().map(|id| &self.runs[id])
    }

    fn cx(&self) -> Cx {
        Cx { now_ms: self.now_ms, hold: self.hold }
    }

    // one transaction

    /// Takes one input from the inbox, whichever: results overtake one another.
    pub(super) fn drive(&mut self) -> bool {
        let Some((run, input)) = self.rng.take(&mut self.inbox) else { return false };
        self.transact(Work::Input(run, input));
        true
    }

    pub(super) fn transact(&mut self, work: Work) {
        let confirmed = match &work {
            Work::Input(_, Input::AttemptEnded { attempt, .. }) => Some(attempt.clone()),
            _ => None,
        };
        self.decide(work);
        if self.rng.percent(1) {
            // decided, but the machine goes down before that is durable
            self.witness.saw("driver: crash before the commit");
            return self.restart();
        }
        self.commit();
        if let Some(attempt) = confirmed {
            // durable: the runner may forget it
            self.held.remove(&attempt);
        }
    }

    /// All that follows from `work`, in order, to its end.
    fn decide(&mut self, work: Work) {
        let mut queue = VecDeque::from([work]);
        loop {
            while let Some(work) = queue.pop_front() {
                self.take_up(work, &mut queue);
            }
            if let Some((gate, run)) = self.replacing.pop() {
                let error = self.entities.replaces_for_ever(&self.runs, &gate, run);
                let away = |error| GateAnswer::TurnedAway { key: gate.1, error, fails: true };
                queue.extend(error.map(|error| Work::Input(run, Input::Gated(away(error)))));
                continue;
            }
            match self.admitted() {
                Some(run) => queue.push_back(Work::Input(run, Input::Start)),
                None => break,
            }
        }
        self.entities.tidy();
    }

    fn commit(&mut self) {
        let tx = std::mem::take(&mut self.tx);
        let mut store = std::mem::take(&mut self.store);
        store.save(self, &tx);
        self.store = store;
        let offered = |id: &EventId| {
            let states = self.open.iter().flat_map(|run| self.runs[run].steps.values());
            states.into_iter().any(|state| is_offered(state, *id))
        };
        self.events.retain(|id, _| offered(id));
        let (now_ms, hold) = (self.now_ms, self.hold);
        self.witness.committed(hold, &tx.facts, &self.runs, &self.entities);
        for fact in tx.facts {
            if let Fact::Event(run, event) = fact {
                self.journal.push((run, now_ms, event));
            }
        }
        self.outbox.extend(tx.effects);
    }

    fn take_up(&mut self, work: Work, queue: &mut VecDeque<Work>) {
        let now_ms = self.now_ms;
        match work {
            Work::Input(run, input) => self.step(run, &input, queue),
            Work::Message(from, message) => self.deliver(from, message, queue),
            Work::Submit(acceptance) => self.accept(*acceptance, None, queue),
            Work::Publish(event) => {
                self.tx.facts.push(Fact::Published(event.clone()));
                self.events.insert(event.id, event.clone());
                let event = Arc::new(event);
                for run in self.open_runs() {
                    for (path, state) in &run.steps {
                        if let StepState::Awaiting(_) = state {
                            let (path, event) = (path.clone(), event.clone());
                            queue.push_back(Work::Input(run.id, Input::Published { path, event }));
                        }
                    }
                }
            }
            Work::Resize(pool, size) => {
                self.tx.facts.push(Fact::Resized(pool.clone(), size));
                let answers = self.entities.resize(now_ms, &self.runs, &pool, size);
                answer(queue, answers);
            }
        }
    }

    fn step(&mut self, id: RunId, input: &Input, queue: &mut VecDeque<Work>) {
        let cx = self.cx();
        let run = self.runs.get_mut(&id).expect("a run that was accepted");
        if self.told {
            println!("{} {} {} {input:?}", cx.now_ms, id.0, run.definition.name);
        }
        match run.step(cx, input.clone()) {
            Ok(decision) => {
                if self.told {
                    println!("    -> {:?}\n    => {:?}", decision.events, decision.messages);
                }
                self.tx.touched.insert(id);
                for path in decision.events.iter().filter_map(Event::path) {
                    let of = path.as_turn().map(|(of, _)| of);
                    for path in [Some(path.clone()), of].into_iter().flatten() {
                        if let Some(state) = run.steps.get(&path) {
                            self.tx.rows.insert((id, path), state.clone());
                        }
                    }
                }
                run.forget(&decision.events);
                if let Phase::Ended { .. } = run.phase {
                    self.open.remove(&id);
                }
                self.tx.facts.extend(decision.events.into_iter().map(|e| Fact::Event(id, e)));
                self.tx.effects.extend(decision.effects);
                queue.extend(decision.messages.into_iter().map(|m| Work::Message(id, m)));
            }
            Err(refusal) => {
                if self.told {
                    println!("    -> refused: {refusal}");
                }
                self.witness.refused(input, refusal);
            }
        }
    }

    fn deliver(&mut self, from: RunId, message: Message, queue: &mut VecDeque<Work>) {
        let now_ms = self.now_ms;
        match message {
            Message::Call(called) => self.call(*called, queue),
            Message::Order { run, order } => {
                let input = match order {
                    ChildOrder::Cancel { by } => Input::Cancel { by },
                    ChildOrder::Pause { by } => Input::Pause { by },
                    ChildOrder::Resume { by } => Input::Resume { by },
                };
                queue.push_back(Work::Input(run, input));
            }
            Message::News { to, from, news } => {
                let input = Input::Called { path: to.path, run: from, news };
                queue.push_back(Work::Input(to.run, input));
            }
            Message::Claim { lock, by, tokens } => {
                self.tx.facts.push(Fact::Claimed(lock.clone(), by.clone(), tokens));
                answer(queue, self.entities.claim(now_ms, &self.runs, &lock, &by, tokens));
            }
            Message::Release { lock, by } => {
                self.tx.facts.push(Fact::Released(lock.clone(), by.clone()));
                answer(queue, self.entities.release(now_ms, &lock, &by));
            }
            Message::Enter { key } => {
                let (said, cancelled) = self.entities.enter(&self.runs, &self.runs[&from], key);
                if let GateAnswer::Waits { .. } = said
                    && !cancelled.is_empty()
                {
                    self.tx.facts.push(Fact::Replaced(cancelled.clone()));
                    let GateAnswer::Waits { key, .. } = &said else { unreachable!() };
                    let gate = (self.runs[&from].definition.name.clone(), key.clone());
                    self.replacing.push((gate, from));
                }
                queue.push_back(Work::Input(from, Input::Gated(said)));
                let by = Actor { who: "concurrency".into(), origin: Origin::Daemon };
                let cancel = |run| Work::Input(run, Input::Cancel { by: by.clone() });
                queue.extend(cancelled.into_iter().map(cancel));
            }
            Message::Leave { key } => {
                let answers = self.entities.leave(&self.runs, &self.runs[&from], key);
                answer(queue, answers);
            }
        }
    }

    fn call(&mut self, called: Called, queue: &mut VecDeque<Work>) {
        let revisions = self.workflows.iter().find(|w| w[0].name == called.workflow);
        let definition = revisions.expect("a workflow")[called.revision as usize].clone();
        let priority = definition.priority.max(called.priority);
        let acceptance = Acceptance {
            id: called.run,
            revision: called.revision,
            definition,
            actor: called.actor,
            request_id: "called".into(),
            accepted_ms: self.now_ms,
            parent: (!called.detached).then(|| called.by.clone()),
            priority,
            vars: BTreeMap::new(),
            kept: Vec::new(),
        };
        self.accept(acceptance, Some(called.by), queue);
    }

    fn accept(&mut self, acceptance: Acceptance, by: Option<Parent>, queue: &mut VecDeque<Work>) {
        let id = acceptance.id;
        let run = Run::accept(acceptance);
        assert!(!self.runs.contains_key(&id), "two runs with one id");
        let order = self.entities.place();
        self.order.insert(id, order);
        self.tx.touched.insert(id);
        self.tx.facts.push(Fact::Accepted {
            run: id,
            definition: run.definition.clone(),
            priority: run.priority,
            parent: run.parent.clone(),
            by,
        });
        self.runs.insert(id, run);
        self.open.insert(id);
        queue.push_back(Work::Input(id, Input::Offer));
    }

    /// The next run that is begun, if there is room for it.
    fn admitted(&mut self) -> Option<RunId> {
        let at_work = self.open_runs().filter(|run| run.is_at_work()).count();
        let active = u32::try_from(at_work).expect("few");
        let mut queue = Queue { active, limit: self.limit, hold: self.hold };
        let in_line = self.open_runs().filter(|run| run.is_in_line());
        let first = in_line.min_by_key(|r| (std::cmp::Reverse(r.priority), self.order[&r.id]));
        let run = queue.admit(first.map(|run| run.id))?;
        self.tx.facts.push(Fact::Admitted(run, super::agree::at_work(&self.open, &self.runs)));
        Some(run)
    }

    // after the commit

    pub(super) fn carry_out_next(&mut self) -> bool {
        match self.outbox.pop_front() {
            Some(Effect::Evaluate(job)) => {
                // may be done twice
                if self.rng.percent(10) {
                    self.evaluations.push(job.clone());
                }
                self.evaluations.push(job);
            }
            Some(Effect::Start(attempt)) => {
                let fresh = self.held.insert(attempt.id, Held::default()).is_none();
                assert!(fresh, "handed to the runner twice");
            }
            Some(Effect::Stop { attempt, why }) => {
                if let Some(held) = self.held.get_mut(&attempt) {
                    held.stop.get_or_insert(why);
                }
            }
            Some(Effect::Remark { .. }) => {}
            None => return false,
        }
        true
    }

    pub(super) fn drain(&mut self) {
        self.witness.saw("driver: drain");
        self.hold = true;
        for held in self.held.values_mut() {
            held.stop.get_or_insert(StopReason::Drain);
        }
    }

    /// All that was not committed is gone. The runner is gone as well, or has outlived the
    /// daemon.
    pub(super) fn restart(&mut self) {
        if self.told {
            println!("{} crashes", self.now_ms);
        }
        let decided = std::mem::take(&mut self.tx);
        let (runs, entities) = (self.store.runs(), self.store.entities());
        if decided.facts.is_empty() && decided.touched.is_empty() {
            for (id, run) in &mut self.runs {
                // when it forgets makes no difference
                run.prune();
                assert_eq!(*run, runs[id], "left: in memory, right: stored");
            }
            assert_eq!(self.entities, entities, "left: in memory, right: stored");
        }
        self.hold = false;
        self.runs = runs;
        let open = |run: &&Run| !matches!(run.phase, Phase::Ended { .. });
        self.open = self.runs.values().filter(open).map(|run| run.id).collect();
        self.entities = entities;
        self.order = self.store.order();
        self.outbox.clear();
        self.evaluations.clear();
        self.inbox.clear();
        if self.rng.percent(70) {
            self.held.clear();
        }
        self.recover();
    }

    fn recover(&mut self) {
        for id in self.open() {
            // before anything new is begun, which would look just the same
            let lost: Vec<AttemptId> = self.runs[&id]
                .steps
                .iter()
                .filter_map(|(path, state)| match state {
                    StepState::Running { attempt, .. } => {
                        Some(AttemptId { run: id, path: path.clone(), number: *attempt })
                    }
                    _ => None,
                })
                .filter(|id| !self.held.contains_key(id))
                .collect();
            for id in lost {
                let why = "the runner was lost".to_owned();
                let outcome = match self.rng.percent(30) {
                    true => Outcome::Orphaned { why },
                    false => Outcome::LostBeforeStart { why },
                };
                self.held.insert(id, Held { begun: true, stop: None, outcome: Some(outcome) });
            }
        }
        for id in self.open() {
            self.transact_surely(Work::Input(id, Input::Recover));
        }
        self.resend();
    }

    /// As [`Town::transact`], without a crash: recovery ends some day.
    fn transact_surely(&mut self, work: Work) {
        self.decide(work);
        self.commit();
    }

    /// Results that are not durable come (again).
    pub(super) fn resend(&mut self) {
        for (id, held) in &self.held {
            if let Some(outcome) = &held.outcome {
                let (attempt, outcome) = (id.clone(), outcome.clone());
                self.inbox.push((id.run, Input::AttemptEnded { attempt, outcome }));
            }
        }
    }

    pub(super) fn submit(&mut self) {
        if self.is_full() {
            return;
        }
        let revisions = self.rng.pick(&self.workflows).clone();
        let revision = self.rng.index(revisions.len());
        let definition = revisions[revision].clone();
        let id = RunId(u128::from(self.entities.next_place() + 1) << 64);
        let priority = match self.rng.percent(20) {
            true => *self.rng.pick(&Priority::ALL),
            false => definition.priority,
        };
        self.transact(Work::Submit(Box::new(Acceptance {
            id,
            revision: u32::try_from(revision).expect("small"),
            definition,
            actor: ana(),
            request_id: "request".into(),
            accepted_ms: self.now_ms,
            parent: None,
            priority,
            vars: BTreeMap::new(),
            kept: Vec::new(),
        })));
    }

    pub(super) fn is_full(&self) -> bool {
        self.runs.len() >= MOST_RUNS
    }
}

fn answer(queue: &mut VecDeque<Work>, answers: Answers) {
    queue.extend(answers.into_iter().map(|(run, input)| Work::Input(run, input)));
}
