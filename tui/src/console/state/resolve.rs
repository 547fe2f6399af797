//! Deciding about a step of which nobody knows whether it was done; where none is, about
//! what a step asks ([`vote`]).

use rpa_engine::{RunId, StepPath};
use rpa_ipc::service::{Decision, GivenValue};
use rpa_ipc::view::StepView;

use super::{Call, Effect, Input, Overlay, RunScreen, State, vote};
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
    /// The loop around it, when more than one of its steps are in doubt.
    pub others: Option<Others>,
    /// Whether all of them are decided alike.
    pub all: bool,
    /// Nothing is chosen for a person: a decision is made.
    pub choice: Option<Choice>,
    /// `name=value`, several with blanks between: the outputs of a step that was done.
    pub output: Input,
    pub problem: Option<String>,
}

/// What is in doubt in one loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Others {
    pub of: StepPath,
    /// As far as it is shown.
    pub count: usize,
    /// Whether there may be more, in turns that are not shown.
    pub more: bool,
}

impl Others {
    /// The innermost loop around `path` in which several steps are in doubt.
    fn around(path: &StepPath, steps: &[StepView]) -> Option<Others> {
        let loops = steps
            .iter()
            .rev()
            .filter(|step| step.turns.is_some() && path.is_below(step.path.as_str()));
        let mut around = loops.map(|of| {
            let in_doubt = |step: &&StepView| {
                step.status == "in_doubt" && step.path.is_below(of.path.as_str())
            };
            let count = steps.iter().filter(in_doubt).count();
            let more = of.turns.is_some_and(|turns| turns.open > turns.shown);
            Others { of: of.path.clone(), count, more }
        });
        around.find(|others| others.count > 1)
    }
}

impl Resolve {
    /// What the decision is about.
    pub fn about(&self) -> &StepPath {
        match &self.others {
            Some(others) if self.all => &others.of,
            _ => &self.path,
        }
    }

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
    if let Some(asked) = state.run.as_ref().and_then(RunScreen::asking).cloned() {
        return vote::open(state, asked);
    }
    let found = state.run.as_ref().and_then(|run| Some((run.run, run.doubt()?)));
    let Some((run, step)) = found else {
        let id = match state.run.as_ref().and_then(|run| run.detail.as_ref()) {
            None => "list-asking",
            Some(detail) if detail.summary.needs_person => "resolve-in-called",
            Some(_) => "resolve-nothing",
        };
        let text = say!(state.words, id);
        return state.tell(Tone::Warn, text, String::new());
    };
    let steps = state.run.as_ref().and_then(|run| run.detail.as_ref());
    let others = steps.and_then(|detail| Others::around(&step.path, &detail.steps));
    let dialog = Resolve {
        run,
        others,
        all: false,
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
        Key::Char('4') if dialog.others.is_some() => dialog.all = !dialog.all,
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
    let path = dialog.about().clone();
    let text = say!(state.words, "resolve-asked", step = path.as_str());
    state.tell(Tone::Busy, text, resolve_command(state, dialog));
    state.calls += 1;
    vec![Effect::Call(Call::Resolve { run: dialog.run, path, all: dialog.all, decision })]
}

/// The command that says the same, as far as it has been chosen.
pub fn resolve_command(state: &State, dialog: &Resolve) -> String {
    let word = dialog.choice.map_or("done|retry|fail", Choice::word);
    let output = match dialog.choice {
        Some(Choice::Done) => dialog.outputs().unwrap_or_default(),
        _ => Vec::new(),
    };
    command::resolve(&state.namespace, dialog.run, dialog.about(), dialog.all, word, &output)
}
