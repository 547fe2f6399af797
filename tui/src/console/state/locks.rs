//! Locks and pools of tokens: who holds them, who waits, and what a person does about it.

use rpa_engine::{RunId, StepPath};
use rpa_ipc::Fault;
use rpa_ipc::asking::{ClaimView, LockView};
use rpa_ipc::view::RunDetail;

use super::confirm::{Answer, yes_or_no};
use super::{Call, Cursor, Effect, Input, Overlay, State, Visited, moving, news, places};
use crate::console::command;
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::say;

/// Most tokens of a pool.
pub const MOST_TOKENS: u32 = 1_000_000;

#[derive(Clone, Debug, Default)]
pub struct LocksScreen {
    /// Whether the daemon has told them at least once.
    pub known: bool,
    pub all: Vec<LockView>,
    /// Why the daemon does not list them.
    pub fault: Option<Fault>,
    pub cursor: Cursor,
}

/// A lock, and below it those who hold it, then those who wait.
#[derive(Clone, Copy, Debug)]
pub enum LockRow<'a> {
    Lock(&'a LockView),
    Holds(&'a LockView, &'a ClaimView),
    /// Its place among those who wait, from 1.
    Waits(&'a LockView, usize, &'a ClaimView),
}

impl<'a> LockRow<'a> {
    pub fn lock(&self) -> &'a LockView {
        match self {
            LockRow::Lock(lock) | LockRow::Holds(lock, _) | LockRow::Waits(lock, ..) => lock,
        }
    }

    pub fn claim(&self) -> Option<&'a ClaimView> {
        match self {
            LockRow::Lock(_) => None,
            LockRow::Holds(_, claim) | LockRow::Waits(_, _, claim) => Some(claim),
        }
    }

    fn id(&self) -> String {
        let name = &self.lock().name;
        match self.claim() {
            None => name.clone(),
            Some(claim) => format!("{name} {}/{}", claim.run, claim.path),
        }
    }
}

impl LocksScreen {
    pub fn rows(&self) -> Vec<LockRow<'_>> {
        fn of(lock: &LockView) -> impl Iterator<Item = LockRow<'_>> {
            let LockView { holders, waiting, .. } = lock;
            let holds = holders.iter().map(move |claim| LockRow::Holds(lock, claim));
            let waits = waiting.iter().enumerate();
            let waits = waits.map(move |(i, claim)| LockRow::Waits(lock, i + 1, claim));
            std::iter::once(LockRow::Lock(lock)).chain(holds).chain(waits)
        }
        self.all.iter().flat_map(of).collect()
    }

    pub fn ids(&self) -> Vec<String> {
        self.rows().iter().map(LockRow::id).collect()
    }

    pub fn selected(&self) -> Option<LockRow<'_>> {
        self.rows().get(self.cursor.index).copied()
    }
}

/// What a step holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub lock: String,
    pub run: RunId,
    pub path: StepPath,
}

/// What is asked before something is changed.
#[derive(Clone, Debug)]
pub enum LockDialog {
    /// Whether the yes has the focus.
    Release(Hold, bool),
    Drop(String, bool),
    /// A pool that is made, or gets another size.
    Size {
        name: Input,
        size: Input,
        /// The size has the focus.
        at_size: bool,
        /// What was typed is not a pool.
        wrong: bool,
    },
}

impl LockDialog {
    /// The command that does the same.
    pub fn command(&self, state: &State) -> String {
        let namespace = &state.namespace;
        match self {
            LockDialog::Release(hold, _) => command::release(namespace, hold),
            LockDialog::Drop(name, _) => command::size_pool(namespace, name, None),
            LockDialog::Size { name, size, .. } => {
                command::set_pool(namespace, name.text(), size.text())
            }
        }
    }
}

pub fn got(state: &mut State, all: Vec<LockView>) {
    (state.locks.all, state.locks.known, state.locks.fault) = (all, true, None);
    moving::settle(state);
}

/// The run that holds or waits, at the step that does.
pub fn open(state: &mut State) {
    let Some(claim) = state.locks.selected().and_then(|row| row.claim()) else {
        let text = say!(state.words, "lock-none-meant");
        return state.tell(Tone::Faint, text, String::new());
    };
    let (run, step) = (claim.run, Some(claim.path.to_string()));
    places::visit(state, Visited { run, step });
}

/// Asks before a step loses what it holds, or a pool goes away.
pub fn release(state: &mut State) {
    let dialog = match state.locks.selected() {
        Some(LockRow::Holds(lock, claim)) => {
            let (lock, run, path) = (lock.name.clone(), claim.run, claim.path.clone());
            LockDialog::Release(Hold { lock, run, path }, false)
        }
        Some(LockRow::Lock(lock)) if lock.size.is_some() => {
            LockDialog::Drop(lock.name.clone(), false)
        }
        _ => {
            let text = say!(state.words, "lock-nothing-held");
            return state.tell(Tone::Warn, text, String::new());
        }
    };
    state.overlay = Some(Overlay::Lock(dialog));
}

/// Asks for the size of the selected pool, or for a new one.
pub fn resize(state: &mut State) {
    let pool = state.locks.selected().map(|row| row.lock());
    let pool = pool.and_then(|lock| Some((lock.name.clone(), lock.size?)));
    let (name, size, at_size) = match pool {
        Some((name, size)) => (Input::of(&name), Input::of(&size.to_string()), true),
        None => (Input::default(), Input::default(), false),
    };
    let dialog = LockDialog::Size { name, size, at_size, wrong: false };
    state.overlay = Some(Overlay::Lock(dialog));
}

pub fn key(state: &mut State, dialog: LockDialog, key: Key) -> Vec<Effect> {
    let layout = state.settings.keyboard;
    let again = match dialog {
        LockDialog::Release(hold, yes) => match yes_or_no(key, yes, layout) {
            Answer::Yes => {
                let command = command::release(&state.namespace, &hold);
                return call(state, Call::Release(hold), command);
            }
            Answer::No => return Vec::new(),
            Answer::Switch => LockDialog::Release(hold, !yes),
            Answer::Other => LockDialog::Release(hold, yes),
        },
        LockDialog::Drop(name, yes) => match yes_or_no(key, yes, layout) {
            Answer::Yes => {
                let command = command::size_pool(&state.namespace, &name, None);
                return call(state, Call::SizePool { name, size: None }, command);
            }
            Answer::No => return Vec::new(),
            Answer::Switch => LockDialog::Drop(name, !yes),
            Answer::Other => LockDialog::Drop(name, yes),
        },
        LockDialog::Size { mut name, mut size, mut at_size, mut wrong } => {
            match key {
                Key::Esc => return Vec::new(),
                Key::Tab | Key::BackTab | Key::Up | Key::Down => at_size = !at_size,
                Key::Enter if !at_size => at_size = true,
                Key::Enter => {
                    let tokens = size.text().trim().parse::<u32>().ok();
                    let tokens = tokens.filter(|n| (1..=MOST_TOKENS).contains(n));
                    let pool = name.text().trim().to_owned();
                    if let Some(tokens) = tokens.filter(|_| !pool.is_empty()) {
                        let command = command::size_pool(&state.namespace, &pool, Some(tokens));
                        let asked = Call::SizePool { name: pool, size: Some(tokens) };
                        return call(state, asked, command);
                    }
                    wrong = true;
                }
                _ => {
                    let field = if at_size { &mut size } else { &mut name };
                    if field.key(key) {
                        wrong = false;
                    }
                }
            }
            LockDialog::Size { name, size, at_size, wrong }
        }
    };
    state.overlay = Some(Overlay::Lock(again));
    Vec::new()
}

pub fn paste(dialog: &mut LockDialog, text: &str) {
    if let LockDialog::Size { name, size, at_size, .. } = dialog {
        let field = if *at_size { size } else { name };
        field.paste(text);
    }
}

fn call(state: &mut State, call: Call, command: String) -> Vec<Effect> {
    let text = say!(state.words, "lock-asked");
    state.tell(Tone::Busy, text, command);
    state.calls += 1;
    vec![Effect::Call(call)]
}

pub fn released(state: &mut State, hold: &Hold, answer: Result<RunDetail, Fault>) -> Vec<Effect> {
    match answer {
        Ok(_) => {
            let (lock, step) = (hold.lock.as_str(), hold.path.as_str());
            let text = say!(state.words, "lock-released", lock = lock, step = step);
            state.tell(Tone::Good, text, command::locks(&state.namespace));
            vec![Effect::Refetch]
        }
        Err(fault) => {
            news::refused(state, &fault);
            Vec::new()
        }
    }
}

pub fn sized(
    state: &mut State,
    name: &str,
    size: Option<u32>,
    answer: Result<(), Fault>,
) -> Vec<Effect> {
    match answer {
        Ok(()) => {
            let text = match size {
                Some(size) => say!(state.words, "pool-sized", name = name, count = size),
                None => say!(state.words, "pool-dropped", name = name),
            };
            state.tell(Tone::Good, text, command::locks(&state.namespace));
            // a pool that nobody waits for makes no change of a run
            vec![Effect::Refetch]
        }
        Err(fault) => {
            news::refused(state, &fault);
            Vec::new()
        }
    }
}
