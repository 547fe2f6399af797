//! A run of a trigger now, whatever it waits for; or only what would come of it.
//!
//! ```text
//! Typing --Test--> Asked --answer--> Tested --Fire--> Sent --answer--> closed, the run opens
//!   |  ^              `---refused--> Typing, with the refusal <--refused--'
//!   |  `-- a key in the field: what was told is of other data
//!   `--Fire--> Sent
//! ```

use rpa_engine::Map;
use rpa_ipc::triggers::Tested;
use rpa_ipc::view::Started;
use rpa_ipc::{Fault, FaultCode};

use super::super::{Call, Effect, Input, Overlay, State, news};
use super::{TriggerName, order};
use crate::cli::data;
use crate::console::command;
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::console::view::{layout, names};
use crate::say;

/// The data of most: a document without fields.
pub const NO_FIELDS: &str = "{}";

/// What a trigger is told of.
#[derive(Clone, Debug, PartialEq)]
pub struct Trying {
    pub name: TriggerName,
    /// What its expressions read as `trigger`, beside what all triggers have.
    pub data: Map,
}

/// Where the focus can be, in the order of the Tab key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FireStop {
    Data,
    Test,
    Fire,
    Close,
}

impl FireStop {
    const ALL: [FireStop; 4] = [FireStop::Data, FireStop::Test, FireStop::Fire, FireStop::Close];

    fn step(self, forward: bool) -> FireStop {
        let all = FireStop::ALL;
        let by = if forward { 1 } else { all.len() - 1 };
        all[(self as usize + by) % all.len()]
    }
}

/// What the dialog was opened for: what Enter in the field leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Fire,
    Test,
}

#[derive(Clone, Debug)]
pub enum FireStage {
    Typing,
    /// What would come of it was asked.
    Asked(Trying),
    Tested(Box<Tested>),
    /// Its run was asked for.
    Sent(Trying),
}

#[derive(Clone, Debug)]
pub struct Fire {
    pub name: TriggerName,
    pub purpose: Purpose,
    /// JSON; empty for a document without fields.
    pub data: Input,
    pub at: FireStop,
    pub stage: FireStage,
    /// Why what was typed cannot be given.
    pub problem: Option<String>,
    /// Why the daemon refused.
    pub fault: Option<Fault>,
    /// The first line of what was told that is shown.
    pub top: usize,
}

impl Fire {
    /// What would come of it, when it was told.
    pub fn tested(&self) -> Option<&Tested> {
        match &self.stage {
            FireStage::Tested(tested) => Some(tested),
            FireStage::Typing | FireStage::Asked(_) | FireStage::Sent(_) => None,
        }
    }

    /// As `--data` takes it.
    pub fn typed(&self) -> &str {
        match self.data.text().trim() {
            "" => NO_FIELDS,
            text => text,
        }
    }

    /// Whether the data is the usual one, which commands need not say.
    pub fn is_plain(&self) -> bool {
        self.typed() == NO_FIELDS
    }

    fn trying(&self) -> Result<Trying, Fault> {
        let value = data::parse(self.typed().as_bytes(), FaultCode::Usage)?;
        Ok(Trying { name: self.name.clone(), data: data::fields(value)? })
    }

    /// What was told is of other data.
    fn edited(&mut self) {
        (self.stage, self.top) = (FireStage::Typing, 0);
        (self.problem, self.fault) = (None, None);
    }

    /// Of what is under way the answer is awaited.
    fn waits(&self) -> bool {
        matches!(self.stage, FireStage::Asked(_) | FireStage::Sent(_))
    }
}

pub fn open(state: &mut State, purpose: Purpose) -> Vec<Effect> {
    let view = match state.meant_trigger() {
        Some(view) if view.status != "gone" => view,
        view => {
            let view = view.cloned();
            return order::stands_so(state, view.as_ref());
        }
    };
    let mut dialog = Box::new(Fire {
        name: TriggerName::of(view),
        purpose,
        data: Input::default(),
        at: FireStop::Data,
        stage: FireStage::Typing,
        problem: None,
        fault: None,
        top: 0,
    });
    state.notice = None;
    let effects = match purpose {
        Purpose::Fire => Vec::new(),
        // it starts nothing, and most of them need no data
        Purpose::Test => test(state, &mut dialog),
    };
    state.overlay = Some(Overlay::Fire(dialog));
    effects
}

pub fn key(state: &mut State, mut dialog: Box<Fire>, key: Key) -> Vec<Effect> {
    let (page, lines) = layout::fire_rows(state, &dialog);
    let mut effects = Vec::new();
    match (key, dialog.at) {
        (Key::Esc, _) | (Key::Enter, FireStop::Close) => return effects,
        (Key::F(8), _) | (Key::Enter, FireStop::Fire) => effects = fire(state, &mut dialog),
        (Key::Enter, FireStop::Test) => effects = test(state, &mut dialog),
        (Key::Enter, FireStop::Data) => match dialog.purpose {
            Purpose::Fire => dialog.at = FireStop::Fire,
            Purpose::Test => effects = test(state, &mut dialog),
        },
        (Key::PageDown, _) => dialog.top = (dialog.top + page).min(lines.saturating_sub(page)),
        (Key::PageUp, _) => dialog.top = dialog.top.saturating_sub(page),
        (Key::Down | Key::Tab, _) => dialog.at = dialog.at.step(true),
        (Key::Up | Key::BackTab, _) => dialog.at = dialog.at.step(false),
        (Key::Right, FireStop::Test | FireStop::Fire) => dialog.at = dialog.at.step(true),
        (Key::Left, FireStop::Fire | FireStop::Close) => dialog.at = dialog.at.step(false),
        (_, FireStop::Data) => {
            if !dialog.waits() && dialog.data.key(key) {
                dialog.edited();
            }
        }
        (_, FireStop::Test | FireStop::Fire | FireStop::Close) => {}
    }
    state.overlay = Some(Overlay::Fire(dialog));
    effects
}

pub fn paste(dialog: &mut Fire, text: &str) {
    if dialog.at == FireStop::Data && !dialog.waits() {
        dialog.data.paste(text);
        dialog.edited();
    }
}

fn test(state: &mut State, dialog: &mut Fire) -> Vec<Effect> {
    let Some(trying) = asked(state, dialog) else { return Vec::new() };
    dialog.stage = FireStage::Asked(trying.clone());
    state.calls += 1;
    vec![Effect::Call(Call::Test(trying))]
}

fn fire(state: &mut State, dialog: &mut Fire) -> Vec<Effect> {
    let Some(trying) = asked(state, dialog) else { return Vec::new() };
    let text = say!(state.words, "trigger-asked", name = names::trigger(state, &trying.name));
    state.tell(Tone::Busy, text, fire_command(state, dialog));
    dialog.stage = FireStage::Sent(trying.clone());
    dialog.at = FireStop::Close;
    state.calls += 1;
    vec![Effect::Call(Call::Fire(trying))]
}

/// What is asked about, unless something is under way or what was typed cannot be given.
fn asked(state: &State, dialog: &mut Fire) -> Option<Trying> {
    if dialog.waits() {
        return None;
    }
    dialog.edited();
    match dialog.trying() {
        Ok(trying) => Some(trying),
        Err(fault) => {
            // its hint is for who types a command
            let problem = fault.message_in(state.words.language()).into_owned();
            (dialog.problem, dialog.at) = (Some(problem), FireStop::Data);
            None
        }
    }
}

/// The command that does what the dialog is for, with what was typed.
pub fn fire_command(state: &State, dialog: &Fire) -> String {
    let data = (!dialog.is_plain()).then(|| dialog.typed());
    let verb = match (dialog.purpose, &dialog.stage) {
        (Purpose::Fire, _) | (_, FireStage::Sent(_)) => "fire",
        (Purpose::Test, _) if dialog.at == FireStop::Fire => "fire",
        (Purpose::Test, _) => "test",
    };
    command::fire(&state.namespace, &dialog.name, verb, data)
}

/// The daemon has told what would come of it, or not. Of a dialog that was closed nobody
/// wants to know.
pub fn tested(state: &mut State, asked: &Trying, answer: Result<Box<Tested>, Fault>) {
    let Some(Overlay::Fire(dialog)) = &mut state.overlay else { return };
    if !matches!(&dialog.stage, FireStage::Asked(trying) if trying == asked) {
        return;
    }
    (dialog.stage, dialog.fault) = match answer {
        Ok(tested) => (FireStage::Tested(tested), None),
        Err(fault) => (FireStage::Typing, Some(fault)),
    };
}

/// The daemon has taken the run, or not.
pub fn fired(state: &mut State, asked: &Trying, answer: Result<Started, Fault>) {
    let waiting = match &mut state.overlay {
        Some(Overlay::Fire(dialog)) => match &dialog.stage {
            FireStage::Sent(trying) if trying == asked => Some(dialog),
            _ => None,
        },
        _ => None,
    };
    match (answer, waiting) {
        (Ok(started), waiting) => {
            if waiting.is_some() {
                state.overlay = None;
            }
            news::started(state, &started);
        }
        (Err(fault), Some(dialog)) => {
            (dialog.stage, dialog.fault) = (FireStage::Typing, Some(fault));
            dialog.at = FireStop::Fire;
            state.notice = None;
        }
        (Err(fault), None) => news::refused(state, &fault),
    }
}
