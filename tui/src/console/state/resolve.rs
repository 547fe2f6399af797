//! Deciding about a step of which nobody knows whether it was done.

use rpa_engine::{RunId, StepPath};
use rpa_ipc::service::{Decision, GivenValue};

use super::{Call, Effect, Input, Overlay, State};
use crate::console::command;
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::say;

/// What a person can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Done,
    Retry,
    Fail,
}

impl Choice {
    pub const ALL: [Choice; 3] = [Choice::Done, Choice::Retry, Choice::Fail];

    /// As `rpa resolve` names it.
    pub fn word(self) -> &'static str {
        match self {
            Choice::Done => "done",
            Choice::Retry => "retry",
            Choice::Fail => "fail",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Resolve {
    pub run: RunId,
    pub path: StepPath,
    pub effect: String,
    pub reason: String,
    /// Nothing is chosen for a person: a decision is made.
    pub choice: Option<Choice>,
    /// `name=value`, several with blanks between: the outputs of a step that was done.
    pub output: Input,
    pub problem: Option<String>,
}

impl Resolve {
    /// The outputs as typed, or what is wrong with them.
    pub fn outputs(&self) -> Result<Vec<(String, String)>, String> {
        let one = |word: &str| match word.split_once('=') {
            Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
            _ => Err(word.to_owned()),
        };
        self.output.text().split_whitespace().map(one).collect()
    }
}

pub fn ask(state: &mut State) {
    let found = state.run.as_ref().and_then(|run| Some((run.run, run.doubt()?)));
    let Some((run, step)) = found else {
        let known = state.run.as_ref().is_some_and(|run| run.detail.is_some());
        let text = say!(state.words, if known { "resolve-nothing" } else { "list-asking" });
        return state.tell(Tone::Warn, text, String::new());
    };
    let dialog = Resolve {
        run,
        path: step.path.clone(),
        effect: step.effect.clone(),
        reason: step.reason.clone(),
        choice: None,
        output: Input::default(),
        problem: None,
    };
    state.overlay = Some(Overlay::Resolve(dialog));
}

pub fn key(state: &mut State, mut dialog: Resolve, key: Key) -> Vec<Effect> {
    let at = dialog.choice.and_then(|c| Choice::ALL.iter().position(|k| *k == c));
    match key {
        Key::Esc => return Vec::new(),
        Key::Up | Key::BackTab => {
            dialog.choice = Some(Choice::ALL[at.map_or(0, |at| at.saturating_sub(1))]);
        }
        Key::Down | Key::Tab => {
            dialog.choice = Some(Choice::ALL[at.map_or(0, |at| (at + 1).min(2))]);
        }
        Key::Enter if dialog.choice.is_some() => match decision(&dialog) {
            Ok(decision) => return decide(state, &dialog, decision),
            Err(word) => {
                dialog.problem = Some(say!(state.words, "resolve-bad-output", text = word));
            }
        },
        Key::Enter => dialog.problem = Some(say!(state.words, "resolve-choose")),
        _ if dialog.choice == Some(Choice::Done) => {
            dialog.output.key(key);
            dialog.problem = None;
        }
        Key::Char(digit @ '1'..='3') => {
            dialog.choice = Some(Choice::ALL[digit as usize - '1' as usize]);
        }
        _ => {}
    }
    state.overlay = Some(Overlay::Resolve(dialog));
    Vec::new()
}

fn decision(dialog: &Resolve) -> Result<Decision, String> {
    Ok(match dialog.choice {
        Some(Choice::Retry) => Decision::Retry,
        Some(Choice::Fail) => Decision::Fail,
        Some(Choice::Done) | None => {
            let given = |(name, value)| (name, GivenValue::Text(value));
            Decision::Done { output: dialog.outputs()?.into_iter().map(given).collect() }
        }
    })
}

fn decide(state: &mut State, dialog: &Resolve, decision: Decision) -> Vec<Effect> {
    let text = say!(state.words, "resolve-asked", step = dialog.path.as_str());
    state.tell(Tone::Busy, text, resolve_command(state, dialog));
    state.calls += 1;
    vec![Effect::Call(Call::Resolve { run: dialog.run, path: dialog.path.clone(), decision })]
}

/// The command that says the same, as far as it has been chosen.
pub fn resolve_command(state: &State, dialog: &Resolve) -> String {
    let word = dialog.choice.map_or("done|retry|fail", Choice::word);
    let output = match dialog.choice {
        Some(Choice::Done) => dialog.outputs().unwrap_or_default(),
        _ => Vec::new(),
    };
    command::resolve(&state.namespace, dialog.run, &dialog.path, word, &output)
}
