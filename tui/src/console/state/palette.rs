//! The palette: everything that can be done or opened, found by typing.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher};
use rpa_ipc::Language;

use super::{
    Effect, Input, Overlay, State, TriggerName, act, editor, find, form, has_deliveries, places,
    prefer, readonly, triggers, workflow,
};
use crate::console::keys::{Action, Key, Layout};
use crate::console::settings::{DEFINITIONS, Glyphs, words};
use crate::console::time;
use crate::console::view::names::{trigger as trigger_name, workflow as workflow_name};
use crate::say;

/// Most rows that are shown for what was typed.
const MOST: usize = 100;

/// What a row of the palette does.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    Do(Action),
    /// Opens a workflow.
    Workflow(String),
    /// Opens the form that runs a workflow.
    Run(String),
    /// Opens the runs of a workflow.
    RunsOf(String),
    /// Goes on with the draft of a workflow.
    Draft(String),
    /// Opens a run.
    Show(rpa_engine::RunId, String),
    /// Looks for a text in everything.
    Find(String),
    /// Opens a trigger.
    Past(TriggerName),
    Language(Language),
    Layout(Layout),
    Glyphs(Glyphs),
    /// A setting, by its place among the definitions, and what it becomes.
    Setting(usize, &'static str),
    /// A panic on purpose: the test of the terminal's restoration.
    #[cfg(debug_assertions)]
    Panic,
}

#[derive(Clone, Debug, Default)]
pub struct Palette {
    pub input: Input,
    pub at: usize,
}

impl Entry {
    /// What is typed and shown: canonical words, the same in every language.
    pub fn word(&self, state: &State) -> String {
        match self {
            Entry::Do(action) => action.word().to_owned(),
            Entry::Workflow(name) => format!("workflow {}", workflow_name(state, name)),
            Entry::Run(workflow) => format!("run {}", workflow_name(state, workflow)),
            Entry::RunsOf(workflow) => format!("runs wf:{}", workflow_name(state, workflow)),
            Entry::Draft(workflow) => format!("edit {}", workflow_name(state, workflow)),
            Entry::Show(run, workflow) => {
                format!("show {} {}", run.short(), workflow_name(state, workflow))
            }
            Entry::Past(name) => {
                let word = if is_delivered_to(state, name) { "deliveries" } else { "slots" };
                format!("{word} {}", trigger_name(state, name))
            }
            Entry::Find(text) => format!("find {text}"),
            Entry::Language(language) => format!("set language {language}"),
            Entry::Layout(layout) => format!("set keyboard {}", layout.word()),
            Entry::Glyphs(glyphs) => format!("set glyphs {}", glyphs.word()),
            Entry::Setting(at, value) => format!("set {} {value}", DEFINITIONS[*at].name),
            #[cfg(debug_assertions)]
            Entry::Panic => "debug panic".to_owned(),
        }
    }

    /// What it does, in the reader's language.
    pub fn about(&self, state: &State) -> String {
        let words = &state.words;
        match self {
            Entry::Do(action) => words.say(&action.help(), &[]),
            Entry::Workflow(name) => {
                say!(words, "palette-workflow", name = workflow_name(state, name))
            }
            Entry::Run(name) => say!(words, "palette-run", name = workflow_name(state, name)),
            Entry::RunsOf(name) => {
                say!(words, "palette-runs-of", name = workflow_name(state, name))
            }
            Entry::Draft(name) => {
                let kept = state.drafts.of(name);
                let moment = kept.map(|kept| time::moment(state, kept.at_ms)).unwrap_or_default();
                say!(words, "palette-draft", name = workflow_name(state, name), moment = moment)
            }
            Entry::Show(run, _) => say!(words, "palette-show", run = run.short()),
            Entry::Find(text) => say!(words, "palette-find", text = text.as_str()),
            Entry::Past(name) if is_delivered_to(state, name) => {
                say!(words, "palette-deliveries", name = trigger_name(state, name))
            }
            Entry::Past(name) => {
                say!(words, "palette-slots", name = trigger_name(state, name))
            }
            Entry::Language(language) => language.own_name().to_owned(),
            Entry::Layout(_) => say!(words, "palette-keyboard"),
            Entry::Glyphs(_) => say!(words, "palette-glyphs"),
            Entry::Setting(at, _) => words.say(&format!("set-{}-help", DEFINITIONS[*at].name), &[]),
            #[cfg(debug_assertions)]
            Entry::Panic => String::new(),
        }
    }

    /// The key that does the same on the screen beneath.
    pub fn key(&self, state: &State) -> Option<Key> {
        let Entry::Do(action) = self else { return None };
        state.keys.binding(*action, &state.scopes())?.keys.first().copied()
    }
}

impl Palette {
    /// Everything, or what fits best to what was typed.
    pub fn rows(&self, state: &State) -> Vec<Entry> {
        let all = entries(state);
        let typed = self.input.text().trim();
        if typed.is_empty() {
            return all.into_iter().take(MOST).collect();
        }
        // as editors have it
        if typed == "w" && state.editor().is_some() && state.run.is_none() {
            return vec![Entry::Do(Action::SaveDraft)];
        }
        if let Some(text) = typed.strip_prefix("find ") {
            return vec![Entry::Find(text.trim().to_owned())];
        }
        let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, Entry)> = all
            .into_iter()
            .filter_map(|entry| {
                let text = format!(
                    "{} {} {}",
                    entry.word(state),
                    label(&entry, state),
                    entry.about(state)
                );
                let text = nucleo_matcher::Utf32Str::new(&text, &mut buffer);
                Some((pattern.score(text, &mut matcher)?, entry))
            })
            .collect();
        // a stable sort: among equals the order of the table holds
        scored.sort_by_key(|(score, entry)| {
            (!entry.word(state).starts_with(typed), std::cmp::Reverse(*score))
        });
        scored.into_iter().map(|(_, entry)| entry).take(MOST).collect()
    }
}

fn label(entry: &Entry, state: &State) -> String {
    match entry {
        Entry::Do(action) => state.words.say(&action.label(), &[]),
        _ => String::new(),
    }
}

fn is_delivered_to(state: &State, name: &TriggerName) -> bool {
    state.triggers.named(name).is_some_and(has_deliveries)
}

fn entries(state: &State) -> Vec<Entry> {
    let scopes = state.scopes();
    let here =
        |action: &&Action| state.keys.binding(**action, &scopes).is_some() && is_named(**action);
    let mut all: Vec<Entry> = Action::ALL.iter().filter(here).map(|a| Entry::Do(*a)).collect();
    let workflows = || state.workflows.rows.iter().map(|w| w.workflow.clone());
    all.extend(workflows().map(Entry::Workflow));
    all.extend(workflows().map(Entry::Run));
    all.extend(workflows().map(Entry::RunsOf));
    all.extend(drafts(state).into_iter().map(Entry::Draft));
    all.extend(state.triggers.rows.iter().map(|t| Entry::Past(TriggerName::of(t))));
    let runs = state.runs.rows.iter().take(MOST);
    all.extend(runs.map(|r| Entry::Show(r.run, r.workflow.clone())));
    all.extend(Language::ALL.map(Entry::Language));
    all.extend(Layout::ALL.map(Entry::Layout));
    all.extend(Glyphs::ALL.map(Entry::Glyphs));
    all.extend(settings());
    #[cfg(debug_assertions)]
    all.push(Entry::Panic);
    all
}

/// Workflows of which a draft is kept, but for the one that is open.
fn drafts(state: &State) -> Vec<String> {
    let open = state.editor().map(|editor| &editor.name.workflow);
    let mut names: Vec<String> = Vec::new();
    for kept in &state.drafts.kept {
        let name = &kept.name.workflow;
        if open != Some(name) && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Those that are one of some words, and have no entries of their own.
fn settings() -> impl Iterator<Item = Entry> {
    let own = |name: &str| matches!(name, "language" | "keyboard" | "glyphs");
    let all = DEFINITIONS.iter().enumerate().filter(move |(_, d)| !own(d.name));
    all.flat_map(|(at, definition)| {
        words(definition.name).iter().map(move |value| Entry::Setting(at, value))
    })
}

/// Moving is for keys; the palette is open already.
fn is_named(action: Action) -> bool {
    !matches!(
        action,
        Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::Left
            | Action::Right
            | Action::GoUp
            | Action::GoDown
            | Action::GoLeft
            | Action::GoRight
            | Action::PanUp
            | Action::PanDown
            | Action::PanLeft
            | Action::PanRight
            | Action::Palette
    )
}

pub fn key(state: &mut State, mut palette: Palette, key: Key) -> Vec<Effect> {
    let rows = palette.rows(state);
    let last = rows.len().saturating_sub(1);
    match key {
        Key::Esc => return Vec::new(),
        Key::Up | Key::BackTab => palette.at = palette.at.saturating_sub(1),
        Key::Down => palette.at = (palette.at + 1).min(last),
        Key::PageUp => palette.at = palette.at.saturating_sub(10),
        Key::PageDown => palette.at = (palette.at + 10).min(last),
        Key::Tab => {
            if let Some(entry) = rows.get(palette.at) {
                palette.input = Input::of(&entry.word(state));
                palette.at = 0;
            }
        }
        Key::Enter => {
            return rows.get(palette.at).map(|e| choose(state, e)).unwrap_or_default();
        }
        _ => {
            if palette.input.key(key) {
                palette.at = 0;
            }
        }
    }
    state.overlay = Some(Overlay::Palette(palette));
    Vec::new()
}

fn choose(state: &mut State, entry: &Entry) -> Vec<Effect> {
    match entry {
        Entry::Do(action) => return act::perform(state, *action),
        Entry::Run(_) if readonly::refuses(state, Action::RunWorkflow) => {}
        Entry::Draft(_) if readonly::refuses(state, Action::Edit) => {}
        Entry::Draft(name) => {
            let kept = state.drafts.of(name).map(|kept| kept.name.clone());
            return kept.map(|name| editor::go_on(state, &name)).unwrap_or_default();
        }
        Entry::Workflow(name) => workflow::open(state, name),
        Entry::Run(workflow) => form::open(state, workflow, &[], &[]),
        Entry::RunsOf(workflow) => places::runs_of(state, workflow),
        Entry::Show(run, _) => places::open_run(state, *run),
        Entry::Find(text) => find::open(state, text),
        Entry::Past(name) => triggers::open(state, name.clone()),
        Entry::Language(language) => return prefer::speak(state, *language),
        Entry::Layout(layout) => return prefer::set_layout(state, *layout),
        Entry::Glyphs(glyphs) => return prefer::set_glyphs(state, *glyphs),
        Entry::Setting(at, value) => return prefer::choose(state, &DEFINITIONS[*at], value),
        #[cfg(debug_assertions)]
        Entry::Panic => panic!("a panic on purpose"),
    }
    Vec::new()
}
