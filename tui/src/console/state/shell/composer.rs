//! A form with a field for each argument of a command, from clap's own declaration.

use rpa_ipc::FaultCode;

use super::super::{Effect, Input, Overlay, State, copy, palette};
use crate::cli::help::pages::TOPICS;
use crate::console::command;
use crate::console::commands::{self, Arg, Leaf, Way, split};
use crate::console::keys::Key;
use crate::say;

/// Most words that are suggested.
const MOST: usize = 200;

#[derive(Clone, Debug)]
pub struct Composer {
    pub leaf: &'static Leaf,
    pub slots: Vec<Slot>,
    /// The row with the focus; below the last the button.
    pub at: usize,
    /// What was typed and fits no field: short options.
    extra: Vec<String>,
    /// Why it is not a command.
    pub problem: Option<String>,
}

/// One field.
#[derive(Clone, Debug)]
pub struct Slot {
    pub arg: &'static Arg,
    pub input: Input,
    /// Whether a switch is on.
    pub on: bool,
}

impl Composer {
    /// The form with what was typed in its fields.
    pub fn new(leaf: &'static Leaf, args: &[String]) -> Composer {
        let slot = |arg: &'static Arg| Slot { arg, input: Input::default(), on: false };
        let slots = leaf.args.iter().map(slot).collect();
        let mut form = Composer { leaf, slots, at: 0, extra: Vec::new(), problem: None };
        let mut rest = args.iter();
        while let Some(word) = rest.next() {
            form.take(word, &mut rest);
        }
        let missing = |slot: &Slot| slot.arg.required && slot.input.text().is_empty();
        form.at = form.slots.iter().position(missing).unwrap_or(0);
        form
    }

    fn take<'a>(&mut self, word: &str, rest: &mut impl Iterator<Item = &'a String>) {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ => (word, None),
        };
        let named = |slot: &&mut Slot| slot.arg.option.as_deref() == Some(name);
        if let Some(slot) = self.slots.iter_mut().find(named) {
            if slot.arg.is_switch() {
                slot.on = true;
            } else if let Some(value) = value.or_else(|| rest.next().cloned()) {
                slot.add(&value);
            }
            return;
        }
        let free = |slot: &&mut Slot| {
            slot.arg.option.is_none() && (slot.arg.many || slot.input.text().is_empty())
        };
        match self.slots.iter_mut().find(free) {
            Some(slot) if !word.starts_with('-') || word == "-" => slot.add(word),
            _ => self.extra.push(word.to_owned()),
        }
    }

    /// The words after the command.
    pub fn args(&self) -> Vec<String> {
        let mut args = Vec::new();
        for slot in self.slots.iter().filter(|slot| slot.arg.option.is_none()) {
            args.extend(slot.values());
        }
        args.extend(self.extra.iter().cloned());
        for slot in &self.slots {
            let Some(option) = &slot.arg.option else { continue };
            if slot.on {
                args.push(option.clone());
            }
            for value in slot.values() {
                args.extend([option.clone(), value]);
            }
        }
        args
    }

    pub fn button(&self) -> usize {
        self.slots.len()
    }

    pub fn command(&self, state: &State) -> String {
        command::typed(&state.namespace, &self.leaf.path, &self.args())
    }

    /// Whether it can be pasted into a shell only.
    pub fn is_for_shells(&self) -> bool {
        self.leaf.way == Way::Shell
    }
}

impl Slot {
    fn add(&mut self, value: &str) {
        let value = if self.arg.many { crate::text::quoted(value) } else { value.to_owned() };
        let before = self.input.text();
        let blank = if before.is_empty() { "" } else { " " };
        self.input = Input::of(&format!("{before}{blank}{value}"));
    }

    fn values(&self) -> Vec<String> {
        match self.input.text().trim() {
            "" => Vec::new(),
            text if self.arg.many => split(text),
            text => vec![text.to_owned()],
        }
    }
}

/// What the argument can be, as far as it is known here, for what was typed so far.
pub fn candidates(state: &State, leaf: &Leaf, arg: &Arg, typed: &str) -> Vec<String> {
    let local = |name: &str| crate::console::view::names::workflow(state, name);
    let known: Vec<String> = match (leaf.path.as_str(), arg.id.as_str()) {
        _ if !arg.words.is_empty() => arg.words.clone(),
        (_, "workflow" | "workflows") => {
            state.workflows.rows.iter().map(|w| local(&w.workflow)).collect()
        }
        (_, "trigger") => state.triggers.rows.iter().map(|t| t.trigger.clone()).collect(),
        (_, "run") => state.runs.rows.iter().map(|run| run.run.short()).collect(),
        ("tasks", _) => {
            rpa_config::catalogue::CATALOGUE.iter().map(|t| t.kind.to_owned()).collect()
        }
        ("explain", _) => FaultCode::ALL.iter().map(ToString::to_string).collect(),
        ("help", _) => TOPICS.iter().map(|topic| topic.name.to_owned()).collect(),
        _ => Vec::new(),
    };
    let mut fits: Vec<String> = known.into_iter().filter(|word| word.starts_with(typed)).collect();
    fits.dedup();
    fits.truncate(MOST);
    fits
}

pub fn open(state: &mut State, leaf: &'static Leaf, args: &[String], problem: Option<String>) {
    state.notice = None;
    let mut form = Composer::new(leaf, args);
    // nothing is missing: one more key does it
    if problem.is_none() && form.slots.iter().all(|s| !s.arg.required || !s.values().is_empty()) {
        form.at = form.button();
    }
    form.problem = problem.filter(|_| !args.is_empty());
    state.overlay = Some(Overlay::Composer(Box::new(form)));
}

pub fn key(state: &mut State, mut form: Box<Composer>, key: Key) -> Vec<Effect> {
    let button = form.button();
    match key {
        Key::Esc => return Vec::new(),
        Key::Up | Key::BackTab => form.at = form.at.saturating_sub(1),
        Key::Down | Key::Tab => form.at = (form.at + 1).min(button),
        Key::PageUp => form.at = 0,
        Key::PageDown => form.at = button,
        Key::F(8) => return go(state, form),
        Key::Enter if form.at == button => return go(state, form),
        Key::Enter => form.at += 1,
        Key::Ctrl('y') => {
            let effects = copy::command(state, &form.command(state));
            state.overlay = Some(Overlay::Composer(form));
            return effects;
        }
        _ => typed(state, &mut form, key),
    }
    state.overlay = Some(Overlay::Composer(form));
    Vec::new()
}

fn typed(state: &State, form: &mut Composer, key: Key) {
    let leaf = form.leaf;
    let Some(slot) = form.slots.get_mut(form.at) else { return };
    form.problem = None;
    if slot.arg.is_switch() {
        if matches!(key, Key::Char(' ') | Key::Left | Key::Right) {
            slot.on = !slot.on;
        }
        return;
    }
    if key == Key::Right && slot.input.is_at_end() {
        let typed = slot.input.text().to_owned();
        if let Some(word) = candidates(state, leaf, slot.arg, &typed).into_iter().next() {
            slot.input = Input::of(&word);
        }
        return;
    }
    slot.input.key(key);
}

pub fn paste(form: &mut Composer, text: &str) {
    if let Some(slot) = form.slots.get_mut(form.at).filter(|slot| !slot.arg.is_switch()) {
        form.problem = None;
        slot.input.paste(text);
    }
}

/// Runs it, or copies what only a shell can run.
fn go(state: &mut State, mut form: Box<Composer>) -> Vec<Effect> {
    let args = form.args();
    if let Some(problem) = commands::problem(&form.leaf.path, &args) {
        form.problem = Some(problem);
        state.overlay = Some(Overlay::Composer(form));
        return Vec::new();
    }
    if form.is_for_shells() {
        return copy::command(state, &form.command(state));
    }
    palette::asked(state, form.leaf, args)
}

/// What stands below the fields.
impl Composer {
    pub fn note(&self, state: &State) -> String {
        let words = &state.words;
        if self.is_for_shells() {
            return say!(words, "composer-shell");
        }
        match self.slots.get(self.at) {
            Some(slot) => {
                let found = candidates(state, self.leaf, slot.arg, slot.input.text());
                let about = self.about(state, slot.arg);
                if found.is_empty() || slot.input.text() == found[0] {
                    return about;
                }
                format!("{about}  {}", found[..found.len().min(8)].join("  "))
            }
            None if self.leaf.changes => say!(words, "composer-changes"),
            None => String::new(),
        }
    }

    /// What an argument is, in the reader's language.
    fn about(&self, state: &State, arg: &Arg) -> String {
        let ids = self.leaf.arg_about(arg);
        ids.iter().find_map(|id| state.words.find(id)).unwrap_or_else(|| arg.help.clone())
    }
}
