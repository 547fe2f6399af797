//! One life: the driver of a run, what it knows and what a crash leaves of it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::Seen;
use super::others::Others;
use super::random;
use super::rng::Rng;
use super::witness::Witness;
use crate::name::{AttemptId, RunId};
use crate::outcome::{Outcome, StopReason};
use crate::run::tests::build::{RUN, ana, path};
use crate::run::{
    Acceptance, Cx, Decision, Effect, EvalJob, Event, Input, Parent, Phase, Run, RunStatus,
    StepState,
};
use crate::workflow::Priority;

/// Rounds after which a life in good order must have come to its end.
const CALM_ROUNDS: u32 = 2000;
/// Inputs remembered, to come again when nobody expects them.
const HISTORY: usize = 64;

/// What kind of world it is: where one thing happens nearly always, the rare
/// things behind it happen too.
#[derive(Clone, Copy)]
pub(super) enum Mood {
    Kind,
    Mixed,
    /// Ends are hardly ever seen.
    Lossy,
}

/// An attempt with the runner.
#[derive(Default)]
pub(super) struct Held {
    pub(super) begun: bool,
    pub(super) stop: Option<StopReason>,
    /// Kept until the driver confirms that it is durable.
    pub(super) outcome: Option<Outcome>,
}

pub(super) struct World {
    pub(super) rng: Rng,
    pub(super) mood: Mood,
    told: bool,
    pub(super) now_ms: u64,
    pub(super) hold: bool,
    pub(super) live: Run,
    /// Durable: what a crash leaves.
    accepted: Run,
    journal: Vec<(u64, Event)>,
    pub(super) witness: Witness,
    /// Whether each attempt had begun in the world: what its marker file says.
    pub(super) begun: BTreeMap<AttemptId, bool>,
    /// Committed, not yet carried out.
    outbox: VecDeque<Effect>,
    pub(super) evaluations: Vec<EvalJob>,
    pub(super) held: BTreeMap<AttemptId, Held>,
    /// Durable as well.
    pub(super) others: Others,
    pub(super) inbox: Vec<Input>,
    pub(super) history: Vec<Input>,
    /// Gives each result its own value, so that no two can be confused.
    pub(super) results: i64,
}

impl World {
    pub(super) fn new(seed: u64, told: bool) -> World {
        let mut rng = Rng::new(seed);
        let definition = Arc::new(random::workflow(&mut rng));
        let accepted = Run::accept(Acceptance {
            id: RUN,
            revision: 1,
            definition,
            actor: ana(),
            request_id: "request".into(),
            accepted_ms: 0,
            parent: rng.percent(30).then(|| Parent { run: RunId(7), path: path("call") }),
            priority: Priority::Normal,
            vars: BTreeMap::new(),
            kept: Vec::new(),
        });
        if told {
            println!("{:#?}", accepted.definition);
        }
        let mood = *rng.pick(&[Mood::Kind, Mood::Kind, Mood::Mixed, Mood::Mixed, Mood::Lossy]);
        World {
            rng,
            mood,
            told,
            now_ms: 1_000_000,
            hold: false,
            live: accepted.clone(),
            witness: Witness::new(accepted.clone()),
            accepted,
            journal: Vec::new(),
            begun: BTreeMap::new(),
            outbox: VecDeque::new(),
            evaluations: Vec::new(),
            held: BTreeMap::new(),
            others: Others::default(),
            inbox: Vec::new(),
            history: Vec::new(),
            results: 0,
        }
    }

    pub(super) fn journal(&self) -> &[(u64, Event)] {
        &self.journal
    }

    pub(super) fn seen(&self) -> &Seen {
        &self.witness.seen
    }

    /// Trouble first, then order; the run must come to its end.
    pub(super) fn live(&mut self) {
        self.step_and_commit(&Input::Offer);
        for _ in 0..self.rng.below(200) {
            self.trouble();
        }
        if self.hold || self.rng.percent(50) {
            self.restart();
        }
        self.calm();
    }

    fn trouble(&mut self) {
        match self.rng.below(100) {
            0..18 => self.carry_out_next(),
            18..30 => self.evaluate_one(),
            30..35 => _ = self.others_move(false),
            35..37 => _ = self.somebody_answers(),
            37..54 => self.runner_moves(),
            54..80 => self.drive(),
            80..83 => self.clock_moves(),
            83..87 => self.timer_fires(),
            87..89 => self.something_stale(),
            89..94 => self.person_decides(),
            94 if self.rng.percent(40) => self.inbox.push(Input::Cancel { by: ana() }),
            98..100 => self.person_pauses(),
            95 if self.rng.percent(30) => self.drain(),
            96 if self.rng.percent(60) => {
                self.witness.saw("driver: crash after the commit");
                self.restart();
            }
            97 if self.rng.percent(40) => self.storage_error(),
            _ => {}
        }
    }

    /// Everything is delivered and nothing is lost any more.
    fn calm(&mut self) {
        for round in 0.. {
            assert!(round < CALM_ROUNDS, "came to no end: {:#?}", self.live);
            while !self.outbox.is_empty() {
                self.carry_out_next();
            }
            while !self.evaluations.is_empty() {
                self.evaluate_one();
            }
            while self.held.values().any(|h| h.outcome.is_none()) {
                self.runner_moves();
            }
            self.resend();
            if self.inbox.is_empty() && self.outbox.is_empty() {
                if self.live.status().ended() {
                    return;
                }
                if self.others_move(true) {
                } else if self.live.paused.is_some() {
                    self.inbox.push(Input::Resume { by: ana() });
                } else if let Some(due_ms) = self.live.next_wake() {
                    self.fire(due_ms);
                } else if !self.somebody_answers() {
                    self.only_a_person_can_help();
                    self.resolve_a_doubt();
                }
            }
            while let Some(input) = self.rng.take(&mut self.inbox) {
                self.step_and_commit(&input);
            }
        }
    }

    /// With nothing under way, only a doubt keeps a run from its end.
    fn only_a_person_can_help(&self) {
        assert_eq!(self.live.status(), RunStatus::InDoubt, "stuck: {:#?}", self.live);
    }

    // the driver

    fn cx(&self) -> Cx {
        Cx { now_ms: self.now_ms, hold: self.hold }
    }

    /// Takes one input from the inbox, whichever: results overtake one another.
    fn drive(&mut self) {
        let Some(input) = self.rng.take(&mut self.inbox) else { return };
        self.history.push(input.clone());
        if self.history.len() > HISTORY {
            self.history.remove(0);
        }
        if self.rng.percent(3) {
            // decided, but the machine goes down before that is durable
            let _ = self.live.step(self.cx(), input);
            self.witness.saw("driver: crash before the commit");
            self.restart();
        } else {
            self.step_and_commit(&input);
        }
    }

    pub(super) fn step_and_commit(&mut self, input: &Input) {
        let before = self.witness.run.clone();
        let mut twin = before.clone();
        let result = self.live.step(self.cx(), input.clone());
        assert_eq!(twin.step(self.cx(), input.clone()), result, "decided otherwise");
        if self.told {
            println!("{} {input:?}\n    -> {result:?}", self.now_ms);
        }
        match result {
            Ok(decision) => {
                self.note_stale(input, &decision);
                self.live.prune();
                self.drop_events();
                self.witness.committed(self.cx(), input, &decision, &self.live);
                if let Input::AttemptEnded { attempt, .. } = input {
                    // durable: the runner may forget it
                    self.held.remove(attempt);
                }
                self.journal.extend(decision.events.into_iter().map(|e| (self.now_ms, e)));
                self.outbox.extend(decision.effects);
                if self.live.is_in_line() && !self.inbox.contains(&Input::Start) {
                    // the queue admits it some day
                    self.inbox.push(Input::Start);
                }
                self.deliver(decision.messages);
            }
            Err(refusal) => {
                assert!(matches!(
                    input,
                    Input::Cancel { .. }
                        | Input::Resolve { .. }
                        | Input::ResolveAll { .. }
                        | Input::Pause { .. }
                        | Input::Resume { .. }
                        | Input::Vote { .. }
                ));
                assert_eq!(self.live, before, "refused, yet it changed the run");
                self.witness.saw(match refusal {
                    crate::run::Refusal::RunEnded => "refused: the run has already ended",
                    crate::run::Refusal::NoStep => "refused: the run has no such step",
                    crate::run::Refusal::NotInDoubt => "refused: the step is not in doubt",
                    crate::run::Refusal::NotAsking => "refused: nobody is asked",
                    crate::run::Refusal::OtherDigest => "refused: another digest",
                    crate::run::Refusal::NotApprover => "refused: not an approver",
                    crate::run::Refusal::OwnRun => "refused: the own run",
                    crate::run::Refusal::Voted => "refused: voted already",
                    crate::run::Refusal::OtherFields => "refused: other fields",
                    crate::run::Refusal::Unheld => unreachable!("nobody takes a lock away"),
                    crate::run::Refusal::NothingInDoubt => "refused: nothing there is in doubt",
                    crate::run::Refusal::Paused => "refused: the run is paused already",
                    crate::run::Refusal::NotPaused => "refused: the run is not paused",
                    crate::run::Refusal::Cancelling => {
                        "refused: the run is being cancelled, so the step cannot be run again"
                    }
                });
            }
        }
    }

    fn note_stale(&mut self, input: &Input, decision: &Decision) {
        if *decision == Decision::default() {
            match input {
                Input::Evaluated(_) => self.witness.saw("stale: an answer"),
                Input::Wake { .. } => self.witness.saw("stale: a timer"),
                _ => {}
            }
        }
    }

    fn carry_out_next(&mut self) {
        match self.outbox.pop_front() {
            Some(Effect::Evaluate(job)) => {
                // may be done twice
                if self.rng.percent(10) {
                    self.evaluations.push(job.clone());
                }
                self.evaluations.push(job);
            }
            Some(Effect::Start(attempt)) => {
                let fresh = self.begun.insert(attempt.id.clone(), false).is_none();
                assert!(fresh, "{} was handed to the runner twice", attempt.id);
                self.held.insert(attempt.id, Held::default());
            }
            Some(Effect::Stop { attempt, why }) => {
                if let Some(held) = self.held.get_mut(&attempt) {
                    held.stop.get_or_insert(why);
                }
            }
            Some(Effect::Remark { .. }) | None => {}
        }
    }

    fn drain(&mut self) {
        self.witness.saw("driver: drain");
        self.hold = true;
        for held in self.held.values_mut() {
            held.stop.get_or_insert(StopReason::Drain);
        }
    }

    /// All that was not committed is gone. The runner is gone as well, or has
    /// outlived the daemon.
    fn restart(&mut self) {
        if self.rng.percent(70) {
            self.held.clear();
        }
        self.recover(false);
    }

    /// The store failed; the runner of the same process goes on.
    fn storage_error(&mut self) {
        self.witness.saw("driver: storage error, runner alive");
        let hold = self.hold;
        self.recover(hold);
    }

    fn recover(&mut self, hold: bool) {
        self.hold = hold;
        self.outbox.clear();
        self.evaluations.clear();
        self.inbox.clear();
        let mut folded = self.accepted.clone();
        let often = self.rng.percent(50);
        for (at_ms, event) in &self.journal {
            folded.apply(event, *at_ms);
            // when it forgets makes no difference
            if often {
                folded.prune();
            }
        }
        folded.prune();
        assert_eq!(folded, self.witness.run, "left: the journal, right: the state");
        let loaded = self.loaded();
        assert_eq!(loaded, folded, "left: the rows, right: the journal");
        self.live = loaded;
        if self.told {
            println!("{} recovers, hold: {hold}", self.now_ms);
        }
        // before anything new is begun, which would look just the same
        let lost: Vec<AttemptId> = self
            .live
            .steps
            .iter()
            .filter_map(|(path, state)| match state {
                StepState::Running { attempt, .. } => {
                    Some(AttemptId { run: RUN, path: path.clone(), number: *attempt })
                }
                _ => None,
            })
            .filter(|id| !self.held.contains_key(id))
            .collect();
        match self.live.phase {
            Phase::Queued
            | Phase::Active { .. }
            | Phase::Finishing { .. }
            | Phase::Closing { .. } => {
                self.step_and_commit(&Input::Recover);
            }
            Phase::Ended { .. } => {}
        }
        for id in lost {
            // reclaimed: its end is reported by what the marker says
            let begun = *self.begun.entry(id.clone()).or_insert(false);
            let outcome = if begun || self.rng.percent(30) {
                Outcome::Orphaned { why: "the runner was lost".into() }
            } else {
                Outcome::LostBeforeStart { why: "the runner was lost".into() }
            };
            self.held.insert(id, Held { begun, stop: None, outcome: Some(outcome) });
        }
        self.resend();
    }

    /// The run as it comes out of the store: its header, and the rows of all steps ever.
    fn loaded(&self) -> Run {
        let mut run = self.accepted.clone();
        let header = self.witness.run.clone();
        let steps = std::mem::take(&mut run.steps);
        run = Run { steps, ..header };
        run.steps.extend(self.witness.ever.iter().map(|(p, s)| (p.clone(), s.clone())));
        run.restore([]);
        run
    }

    /// Results that are not durable come (again).
    fn resend(&mut self) {
        for (id, held) in &self.held {
            if let Some(outcome) = &held.outcome {
                let (attempt, outcome) = (id.clone(), outcome.clone());
                self.inbox.push(Input::AttemptEnded { attempt, outcome });
            }
        }
    }
}
