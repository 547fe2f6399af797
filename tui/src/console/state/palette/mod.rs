//! The palette: everything that can be done or opened, found by typing.

mod typed;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher};
use rpa_ipc::Language;

use super::{
    Effect, Input, Overlay, State, TriggerName, ViewAct, act, editor, find, form, has_deliveries,
    places, prefer, readonly, shell, triggers, views, workflow,
};
use crate::cli::help::pages::{TOPICS, Topic};
use crate::console::commands::{self, Leaf, Way};
use crate::console::keys::{Action, Key, Layout};
use crate::console::settings::{DEFINITIONS, Glyphs, words};
use crate::console::time;
use crate::console::view::names::{trigger as trigger_name, workflow as workflow_name};
use crate::say;
use crate::text::quoted;

pub(super) use typed::asked;

/// Most rows that are shown for what was typed.
const MOST: usize = 100;
/// Lines that were entered and can be had again.
const REMEMBERED: usize = 50;

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
    /// A command of `rpa`, with what is given to it.
    Command(&'static Leaf, Vec<String>),
    /// Opens, saves or deletes a view.
    View(ViewAct),
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
    /// Which of the lines that were entered before stands there, counted from the last.
    earlier: Option<usize>,
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
            Entry::View(act) => act.word(),
            Entry::Find(text) => format!("find {text}"),
            Entry::Command(leaf, args) => {
                let args: String = args.iter().map(|arg| format!(" {}", quoted(arg))).collect();
                format!("{}{args}", leaf.path)
            }
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
            Entry::View(ViewAct::Open(name)) => {
                let found = state.settings.views.iter().find(|(known, _)| known == name);
                found.map(|(_, place)| place.clone()).unwrap_or_default()
            }
            Entry::View(ViewAct::Save(_)) => say!(words, "palette-view-save"),
            Entry::View(ViewAct::Delete(_)) => say!(words, "palette-view-delete"),
            Entry::Command(leaf, args) => match args.first().and_then(|arg| topic(leaf, arg)) {
                Some(topic) => topic.about(words.language()).to_owned(),
                None => words.say(&leaf.about(), &[]),
            },
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
        let action = match self {
            Entry::Do(action) => *action,
            Entry::Command(Leaf { way: Way::Here(action), .. }, args) if args.is_empty() => *action,
            _ => return None,
        };
        state.keys.binding(action, &state.scopes())?.keys.first().copied()
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
        let meant = views::meant(state, typed);
        if !meant.is_empty() {
            return meant.into_iter().map(Entry::View).collect();
        }
        let command = self.command(state);
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
        let mut rows: Vec<Entry> = scored.into_iter().map(|(_, entry)| entry).collect();
        if let Some(command) = command {
            rows.retain(|entry| *entry != command);
            // what is known by a part of its name goes before what would be run as it stands
            let known = match &command {
                Entry::Command(leaf, args) if !args.is_empty() => {
                    let begins = format!("{} ", leaf.path);
                    let named = |entry: &Entry| {
                        let word = entry.word(state);
                        word.starts_with(&begins) && args.iter().all(|arg| word.contains(arg))
                    };
                    rows.iter().position(named)
                }
                _ => None,
            };
            let known = known.map(|at| rows.remove(at));
            rows.splice(..0, known.into_iter().chain([command]));
        }
        rows.truncate(MOST);
        rows
    }

    /// The command that was typed, if it is one; the action of the same name where there is
    /// one here, which has a key.
    fn command(&self, state: &State) -> Option<Entry> {
        let other = |leaf: &Leaf| state.words.say(&leaf.alias(), &[]);
        let (leaf, args) = commands::typed(self.input.text(), &other)?;
        // here the word may mean something nearer
        let scopes = state.scopes();
        let is = |action: &&Action| {
            action.word() == leaf.path && state.keys.binding(**action, &scopes).is_some()
        };
        Some(match Action::ALL.iter().find(is) {
            Some(action) if args.is_empty() => Entry::Do(*action),
            _ => Entry::Command(leaf, args),
        })
    }

    /// Another of the lines that were entered before.
    fn recall(&mut self, state: &State, earlier: Option<usize>) {
        let line = earlier.and_then(|back| state.entered.iter().rev().nth(back));
        if earlier.is_none() || line.is_some() {
            self.input = Input::of(line.map_or("", String::as_str));
            (self.earlier, self.at) = (earlier, 0);
        }
    }
}

/// Whether an action of the command's name can be done where one is.
fn is_the_action(state: &State, leaf: &Leaf, action: Action) -> bool {
    action.word() == leaf.path && state.keys.binding(action, &state.scopes()).is_some()
}

/// The page that `rpa help` would show.
fn topic(leaf: &Leaf, name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| leaf.path == "help" && topic.name == name)
}

fn label(entry: &Entry, state: &State) -> String {
    match entry {
        Entry::Do(action) => state.words.say(&action.label(), &[]),
        Entry::Command(leaf, _) => state.words.say(&leaf.alias(), &[]),
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
    let not_here = |leaf: &&Leaf| match leaf.way {
        Way::Here(action) => !is_the_action(state, leaf, action),
        Way::Read | Way::Shell => true,
    };
    all.extend(
        commands::all().iter().filter(not_here).map(|leaf| Entry::Command(leaf, Vec::new())),
    );
    let workflows = || state.workflows.rows.iter().map(|w| w.workflow.clone());
    all.extend(workflows().map(Entry::Workflow));
    all.extend(workflows().map(Entry::Run));
    all.extend(workflows().map(Entry::RunsOf));
    all.extend(drafts(state).into_iter().map(Entry::Draft));
    all.extend(state.triggers.rows.iter().map(|t| Entry::Past(TriggerName::of(t))));
    let runs = state.runs.rows.iter().take(MOST);
    all.extend(runs.map(|r| Entry::Show(r.run, r.workflow.clone())));
    all.extend(views::all(state).into_iter().map(Entry::View));
    if let Some(help) = commands::named("help") {
        let page = |topic: &Topic| Entry::Command(help, vec![topic.name.to_owned()]);
        all.extend(TOPICS.iter().map(page));
    }
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
        // above the first row lie the lines that were entered before
        Key::Up if palette.at == 0 => {
            let back = palette.earlier.map_or(0, |back| back + 1);
            palette.recall(state, Some(back));
        }
        Key::Down if palette.at == 0 && palette.earlier.is_some() => {
            let back = palette.earlier.and_then(|back| back.checked_sub(1));
            palette.recall(state, back);
        }
        Key::Up | Key::BackTab => palette.at = palette.at.saturating_sub(1),
        Key::Down => palette.at = (palette.at + 1).min(last),
        Key::PageUp => palette.at = palette.at.saturating_sub(10),
        Key::PageDown => palette.at = (palette.at + 10).min(last),
        Key::Tab => {
            if let Some(entry) = rows.get(palette.at) {
                palette.input = Input::of(&completed(state, &palette, entry));
                palette.at = 0;
            }
        }
        Key::Enter => {
            let Some(entry) = rows.get(palette.at) else { return Vec::new() };
            remember(state, entry.word(state));
            return choose(state, entry);
        }
        _ => {
            if palette.input.key(key) {
                (palette.at, palette.earlier) = (0, None);
            }
        }
    }
    state.overlay = Some(Overlay::Palette(palette));
    Vec::new()
}

/// The palette with the beginning of a line.
pub(super) fn begin(state: &mut State, text: &str) {
    let input = Input::of(text);
    state.overlay = Some(Overlay::Palette(Palette { input, ..Palette::default() }));
}

/// For the rest of this session: the last line once, and not too many of them.
fn remember(state: &mut State, line: String) {
    state.entered.retain(|known| *known != line);
    state.entered.push(line);
    let excess = state.entered.len().saturating_sub(REMEMBERED);
    state.entered.drain(..excess);
}

/// What Tab makes of the line: the word of the row, or the next argument of the command
/// that stands there.
fn completed(state: &State, palette: &Palette, entry: &Entry) -> String {
    let line = palette.input.text();
    // of a row that was found by other words the whole is taken
    if let Entry::Command(leaf, args) = entry
        && palette.command(state).as_ref() == Some(entry)
        && (!args.is_empty() || line.ends_with(' '))
    {
        let begun = if line.ends_with(' ') { "" } else { args.last().map_or("", String::as_str) };
        let place = args.len() - usize::from(!line.ends_with(' '));
        let positional = leaf.args.iter().filter(|arg| arg.option.is_none()).nth(place);
        let found = positional.map(|arg| shell::candidates(state, leaf, arg, begun));
        if let Some(word) = found.and_then(|words| words.into_iter().next()) {
            let before = line.strip_suffix(begun).unwrap_or(line);
            return format!("{before}{} ", quoted(&word));
        }
        return line.to_owned();
    }
    let blank =
        if matches!(entry, Entry::Command(leaf, _) if !leaf.args.is_empty()) { " " } else { "" };
    format!("{}{blank}", entry.word(state))
}

fn choose(state: &mut State, entry: &Entry) -> Vec<Effect> {
    match entry {
        Entry::Do(action) => return act::perform(state, *action),
        Entry::View(ViewAct::Save(name)) if name.is_empty() => begin(state, "view save "),
        Entry::View(act) => return views::act(state, act),
        Entry::Command(leaf, args) => return typed::go(state, leaf, args.clone()),
        Entry::Run(_) if readonly::refuses(state, Action::RunWorkflow) => {}
        Entry::Draft(_) if readonly::refuses(state, Action::Edit) => {}
        Entry::Draft(name) => {
            let base = state.drafts.of(name).map(|kept| kept.name.base);
            return base.map(|b| editor::resume(state, name, b.is_none())).unwrap_or_default();
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
