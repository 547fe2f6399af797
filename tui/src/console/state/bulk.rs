//! The same for several runs: asked for with one word, told of with one sentence.

use std::collections::BTreeSet;

use rpa_engine::RunId;
use rpa_ipc::{Fault, FaultCode};

use super::{Again, Call, Done, Effect, State, again, fault_text};
use crate::console::command;
use crate::console::theme::Tone;
use crate::say;

/// What is done to runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Cancel,
    Pause,
    Resume,
    Retry,
}

impl Verb {
    pub const ALL: [Verb; 4] = [Verb::Cancel, Verb::Pause, Verb::Resume, Verb::Retry];

    /// In the catalogue, and of `rpa`.
    pub fn word(self) -> &'static str {
        match self {
            Verb::Cancel => "cancel",
            Verb::Pause => "pause",
            Verb::Resume => "resume",
            Verb::Retry => "retry",
        }
    }

    fn call(self, run: RunId) -> Call {
        match self {
            Verb::Cancel => Call::Cancel { run },
            Verb::Pause => Call::Pause { run },
            Verb::Resume => Call::Resume { run },
            Verb::Retry => Call::Again(Again::retry(run)),
        }
    }
}

/// What was asked for several runs, and how far it is.
#[derive(Clone, Debug)]
pub struct Bulk {
    pub verb: Verb,
    /// Without an answer so far.
    open: BTreeSet<RunId>,
    done: usize,
    refused: usize,
    /// The first refusal: the others are mostly like it.
    why: Option<Fault>,
    /// What would repeat steps that act only once: a person is asked at the end.
    would_repeat: Vec<(Again, Fault)>,
}

/// Asks for all of them. Of a single one the answer is told as ever.
pub fn send(state: &mut State, verb: Verb, runs: &[RunId]) -> Vec<Effect> {
    let command = command::each(&state.namespace, verb.word(), runs);
    let calls = runs.iter().map(|run| verb.call(*run)).collect();
    begin(state, verb, runs, command, calls)
}

/// The same of runs that run again, each in its way.
pub fn send_again(state: &mut State, all: Vec<Again>) -> Vec<Effect> {
    let runs: Vec<RunId> = all.iter().map(|again| again.run).collect();
    let command = command::each_again(&state.namespace, &all);
    let calls = all.into_iter().map(Call::Again).collect();
    begin(state, Verb::Retry, &runs, command, calls)
}

fn begin(
    state: &mut State,
    verb: Verb,
    runs: &[RunId],
    command: String,
    calls: Vec<Call>,
) -> Vec<Effect> {
    let text = say!(state.words, &format!("{}-asked", verb.word()), count = runs.len());
    state.tell(Tone::Busy, text, command);
    if state.run.is_none() {
        state.runs.cursor.marks.clear();
    }
    if runs.len() > 1 {
        let open = runs.iter().copied().collect();
        let would_repeat = Vec::new();
        state.bulk.push(Bulk { verb, open, done: 0, refused: 0, why: None, would_repeat });
    }
    state.calls += calls.len();
    calls.into_iter().map(Effect::Call).collect()
}

/// Whether the answer is one of several, and is told of with the others.
pub fn done(state: &mut State, done: &Done) -> bool {
    let (verb, run, fault) = match done {
        Done::Cancelled(run, answer) => (Verb::Cancel, *run, answer.as_ref().err()),
        Done::Paused(run, answer) => (Verb::Pause, *run, answer.as_ref().err()),
        Done::Resumed(run, answer) => (Verb::Resume, *run, answer.as_ref().err()),
        Done::Again(again, answer) => (Verb::Retry, again.run, answer.as_ref().err()),
        _ => return false,
    };
    let of = state.bulk.iter_mut().position(|bulk| bulk.verb == verb && bulk.open.contains(&run));
    let Some(at) = of else { return false };
    let is_dialog = state.overlay.is_some();
    let bulk = &mut state.bulk[at];
    bulk.open.remove(&run);
    match (fault, done) {
        (None, _) => bulk.done += 1,
        (Some(fault), Done::Again(again, _)) if fault.code == FaultCode::WouldRepeat => {
            bulk.would_repeat.push((again.clone(), fault.clone()));
        }
        (Some(fault), _) => bulk.refuse(fault),
    }
    if bulk.open.is_empty() {
        let mut bulk = state.bulk.remove(at);
        let ask = match is_dialog {
            // somebody is busy with another one
            true => {
                for (_, fault) in std::mem::take(&mut bulk.would_repeat) {
                    bulk.refuse(&fault);
                }
                Vec::new()
            }
            false => std::mem::take(&mut bulk.would_repeat),
        };
        tell(state, &bulk);
        if !ask.is_empty() {
            let told = state.notice.take();
            again::ask_to_repeat(state, ask);
            state.notice = told;
        }
    }
    true
}

impl Bulk {
    fn refuse(&mut self, fault: &Fault) {
        self.refused += 1;
        self.why.get_or_insert_with(|| fault.clone());
    }
}

fn tell(state: &mut State, bulk: &Bulk) {
    let done = say!(state.words, &format!("{}-done", bulk.verb.word()), count = bulk.done);
    let command = command::runs(&state.namespace, &state.runs.filter.options());
    match &bulk.why {
        None => state.tell(Tone::Good, done, command),
        Some(fault) => {
            let why = fault_text(state, fault);
            let refused = say!(state.words, "bulk-refused", count = bulk.refused, why = why);
            state.tell(Tone::Bad, format!("{done}; {refused}"), command);
        }
    }
}
