//! What each action does, whichever way it was asked for.

use rpa_engine::RunId;
use rpa_ipc::Language;

use super::{
    Effect, Focus, Help, Lower, Overlay, Palette, Prompt, Root, RunScreen, RunsFilter, State,
    confirm, data_lines, form, resolve,
};
use crate::console::command;
use crate::console::keys::{Action, Layout};
use crate::console::settings::Glyphs;
use crate::console::theme::Tone;
use crate::console::view::layout;
use crate::say;
use crate::words::Words;

/// Cells that one step sideways moves a log.
const SIDEWAYS: usize = 16;

pub fn perform(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Help => state.overlay = Some(Overlay::Help(Help::default())),
        Action::Palette => state.overlay = Some(Overlay::Palette(Palette::default())),
        Action::Back => back(state),
        Action::Quit => return vec![Effect::Quit],
        Action::GoWorkflows => go(state, Root::Workflows),
        Action::GoRuns => go(state, Root::Runs),
        Action::GoDoubts => only(state, "status:in_doubt"),
        Action::Refetch => return refetch(state),
        Action::Redraw => return vec![Effect::Redraw],
        Action::Suspend => return vec![Effect::Suspend],
        Action::SwitchLanguage => {
            let other = match state.settings.language {
                Language::English => Language::Bulgarian,
                Language::Bulgarian => Language::English,
            };
            return speak(state, other);
        }
        Action::SwitchGlyphs => {
            let other = if state.look.unicode { Glyphs::Ascii } else { Glyphs::Unicode };
            return set_glyphs(state, other);
        }
        Action::SwitchLayout => offer_layouts(state),
        Action::Up => step(state, -1),
        Action::Down => step(state, 1),
        Action::PageUp => page(state, -1),
        Action::PageDown => page(state, 1),
        Action::Top => to_end(state, true),
        Action::Bottom => to_end(state, false),
        Action::Left => sideways(state, false),
        Action::Right => sideways(state, true),
        Action::Open => open(state),
        Action::Filter => state.overlay = Some(Overlay::Prompt(Prompt::filter(state))),
        Action::Mark => mark(state),
        Action::Invert => invert(state),
        Action::RunWorkflow => run_workflow(state),
        Action::RunsOfWorkflow => {
            let selected = state.workflows.selected().map(|w| w.workflow.clone());
            selected.iter().for_each(|name| runs_of(state, name));
        }
        Action::Cancel => confirm::ask(state),
        Action::Log => log(state),
        Action::NextPane => next_pane(state),
        Action::Data => data(state),
        Action::Resolve => resolve::ask(state),
        Action::Zoom => zoom(state),
        Action::Search => {
            let needle = state.run.as_ref().map(|run| run.log.needle.clone());
            let prompt = needle.map(|needle| Overlay::Prompt(Prompt::search(&needle)));
            state.overlay = prompt;
        }
        Action::FindNext => seek(state, false),
        Action::FindPrevious => seek(state, true),
        Action::Follow => {
            let height = layout::log_rows(state);
            state.run.iter_mut().for_each(|run| run.log.toggle_follow(height));
        }
        Action::Wrap => state.run.iter_mut().for_each(|run| run.log.wrap = !run.log.wrap),
        Action::Times => state.run.iter_mut().for_each(|run| run.log.times = !run.log.times),
        Action::AllSteps => {
            if let Some(run) = &mut state.run {
                run.all_steps = !run.all_steps;
                run.log.restart();
            }
        }
    }
    Vec::new()
}

/// One thing is taken back at a time; at a list without a filter, nothing: leaving
/// is for `q`.
fn back(state: &mut State) {
    match (&mut state.run, state.root) {
        (Some(run), _) if run.zoom => {
            run.zoom = false;
            settle(state);
        }
        (Some(run), _) if run.focus == Focus::Lower => run.focus = Focus::Steps,
        (Some(_), _) => state.run = None,
        (None, Root::Runs) if !state.runs.cursor.marks.is_empty() => {
            state.runs.cursor.marks.clear();
        }
        (None, Root::Runs) if !state.runs.filter.is_empty() => {
            state.runs.set_filter(RunsFilter::default());
        }
        (None, Root::Workflows) if !state.workflows.filter.is_empty() => {
            state.workflows.filter.clear();
            settle(state);
        }
        (None, Root::Runs) => state.root = Root::Workflows,
        (None, Root::Workflows) => {
            let text = say!(state.words, "back-at-root");
            state.tell(Tone::Faint, text, String::new());
        }
    }
}

fn go(state: &mut State, root: Root) {
    state.run = None;
    state.root = root;
    let command = match root {
        Root::Workflows => command::workflows(&state.namespace),
        Root::Runs => command::runs(&state.namespace, &state.runs.filter.options()),
    };
    state.tell(Tone::Faint, String::new(), command);
}

/// The runs that a filter of ours lets through.
fn only(state: &mut State, filter: &str) {
    if let Ok(filter) = RunsFilter::parse(filter, &state.words) {
        state.runs.set_filter(filter);
    }
    go(state, Root::Runs);
}

pub fn runs_of(state: &mut State, workflow: &str) {
    only(state, &format!("wf:{workflow}"));
}

pub fn open_run(state: &mut State, run: RunId) {
    state.run = Some(RunScreen::new(run));
    let command = command::show(&state.namespace, run);
    state.tell(Tone::Faint, String::new(), command);
}

fn refetch(state: &mut State) -> Vec<Effect> {
    if state.link.retries(state.now_ms, true) {
        return vec![Effect::Connect];
    }
    state.run.iter_mut().for_each(|run| run.log.refetch());
    vec![Effect::Refetch]
}

pub fn speak(state: &mut State, language: Language) -> Vec<Effect> {
    state.settings.language = language;
    state.words = Words::new(language);
    let text = say!(state.words, "language-set", name = language.own_name());
    state.tell(Tone::Good, text, format!("rpa-tui --lang {language}"));
    vec![Effect::Save]
}

pub fn set_layout(state: &mut State, layout: Layout) -> Vec<Effect> {
    state.settings.keyboard = layout;
    let text = say!(state.words, "keyboard-set", name = layout.word());
    state.tell(Tone::Good, text, format!("rpa-tui --keyboard {}", layout.word()));
    vec![Effect::Save]
}

pub fn set_glyphs(state: &mut State, glyphs: Glyphs) -> Vec<Effect> {
    state.settings.glyphs = glyphs;
    match glyphs {
        Glyphs::Unicode => state.look.unicode = true,
        Glyphs::Ascii => state.look.unicode = false,
        // what the terminal can show is found out at the next start
        Glyphs::Auto => {}
    }
    let text = say!(state.words, "glyphs-set", name = glyphs.word());
    state.tell(Tone::Good, text, format!("rpa-tui --glyphs {}", glyphs.word()));
    vec![Effect::Save]
}

pub fn offer_layouts(state: &mut State) {
    state.layout_offered = true;
    let now = Layout::ALL.iter().position(|l| *l == state.settings.keyboard);
    state.overlay = Some(Overlay::Keyboard(now.unwrap_or(0)));
}

/// The selected rows again, after the lists or the filter have changed.
pub fn settle(state: &mut State) {
    let height = layout::list_rows(state);
    let ids = state.workflows.ids();
    state.workflows.cursor.settle(ids.iter().map(String::as_str), height);
    let ids = state.runs.ids();
    state.runs.cursor.settle(ids.iter().map(String::as_str), height);
    let height = layout::step_rows(state);
    if let Some(run) = &mut state.run {
        let ids = run.ids();
        run.steps.settle(ids.iter().map(String::as_str), height);
    }
}

/// Moves the selection, or the text, of what has the focus.
pub fn step(state: &mut State, rows: isize) {
    match &state.run {
        Some(run) if run.scope() == crate::console::keys::Scope::Run => {
            select_step(state, run.steps.index.saturating_add_signed(rows));
        }
        Some(_) => scroll(state, rows),
        None => {
            let at = match state.root {
                Root::Workflows => state.workflows.cursor.index,
                Root::Runs => state.runs.cursor.index,
            };
            select_row(state, at.saturating_add_signed(rows));
        }
    }
}

fn page(state: &mut State, direction: isize) {
    let height = match &state.run {
        Some(run) if run.scope() == crate::console::keys::Scope::Run => layout::step_rows(state),
        Some(_) => layout::log_rows(state),
        None => layout::list_rows(state),
    };
    step(state, direction * isize::try_from(height.max(2) - 1).unwrap_or(1));
}

fn to_end(state: &mut State, top: bool) {
    let to = if top { 0 } else { usize::MAX };
    match &mut state.run {
        None => select_row(state, to),
        Some(run) => match run.scope() {
            crate::console::keys::Scope::Log if top => run.log.to_start(),
            crate::console::keys::Scope::Log => run.log.to_tail(),
            crate::console::keys::Scope::Data => {
                scroll(state, if top { isize::MIN } else { isize::MAX })
            }
            _ => select_step(state, to),
        },
    }
}

fn select_row(state: &mut State, to: usize) {
    let height = layout::list_rows(state);
    match state.root {
        Root::Workflows => {
            let ids = state.workflows.ids();
            state.workflows.cursor.go(to, ids.iter().map(String::as_str), height);
        }
        Root::Runs => {
            let ids = state.runs.ids();
            state.runs.cursor.go(to, ids.iter().map(String::as_str), height);
        }
    }
}

fn select_step(state: &mut State, to: usize) {
    let height = layout::step_rows(state);
    let Some(run) = &mut state.run else { return };
    let before = run.log_step();
    let ids = run.ids();
    run.steps.go(to, ids.iter().map(String::as_str), height);
    // a step stays selected, also the first: rows are not added above it
    run.steps.id = ids.get(run.steps.index).cloned();
    run.data_top = 0;
    if run.log_step() != before {
        run.log.restart();
    }
}

fn scroll(state: &mut State, rows: isize) {
    let height = layout::log_rows(state);
    let lines = data_lines(state).len();
    let Some(run) = &mut state.run else { return };
    match run.lower {
        Lower::Log => run.log.scroll(rows, height),
        Lower::Data => {
            let last = lines.saturating_sub(height);
            run.data_top = run.data_top.saturating_add_signed(rows).min(last);
        }
    }
}

fn sideways(state: &mut State, right: bool) {
    let Some(run) = &mut state.run else { return };
    run.log.column = match right {
        true => run.log.column + SIDEWAYS,
        false => run.log.column.saturating_sub(SIDEWAYS),
    };
}

fn open(state: &mut State) {
    match (&mut state.run, state.root) {
        (Some(run), _) => {
            run.focus = Focus::Lower;
            if run.all_steps && run.lower == Lower::Log {
                run.all_steps = false;
                run.log.restart();
            }
        }
        (None, Root::Runs) => {
            let selected = state.runs.selected().map(|r| r.run);
            selected.into_iter().for_each(|run| open_run(state, run));
        }
        (None, Root::Workflows) => {
            let last = state.workflows.selected().map(|w| w.workflow.clone());
            last.iter().for_each(|name| runs_of(state, name));
        }
    }
}

fn mark(state: &mut State) {
    let Some(id) = state.runs.selected().map(|r| r.run.to_string()) else { return };
    state.runs.cursor.toggle_mark(&id);
    let next = state.runs.cursor.index + 1;
    let pinned = next.min(state.runs.rows.len().saturating_sub(1));
    select_row(state, pinned);
}

fn invert(state: &mut State) {
    let marks = &state.runs.cursor.marks;
    let others = state.runs.ids().into_iter().filter(|id| !marks.contains(id)).collect();
    state.runs.cursor.marks = others;
}

/// The form for the workflow that is meant; with a run's values where one is.
fn run_workflow(state: &mut State) {
    if let Some(run) = &state.run {
        let Some(detail) = &run.detail else { return };
        let (name, inputs) = (detail.summary.workflow.clone(), detail.inputs.clone());
        return form::open(state, &name, &inputs);
    }
    let name = match state.root {
        Root::Workflows => state.workflows.selected().map(|w| w.workflow.clone()),
        Root::Runs => state.runs.selected().map(|r| r.workflow.clone()),
    };
    name.iter().for_each(|name| form::open(state, name, &[]));
}

/// The log: of the selected run, or the lower pane of an open one.
fn log(state: &mut State) {
    if state.run.is_none() {
        let Some(run) = state.runs.selected().map(|r| r.run) else { return };
        open_run(state, run);
        state.run.iter_mut().for_each(|run| run.zoom = true);
    }
    let Some(run) = &mut state.run else { return };
    run.lower = Lower::Log;
    run.focus = Focus::Lower;
    let step = run.log_step();
    let (live, run) = (run.is_live(), run.run);
    let command = command::logs(&state.namespace, run, step.as_ref(), live);
    state.tell(Tone::Faint, String::new(), command);
}

fn data(state: &mut State) {
    let Some(run) = &mut state.run else { return };
    run.lower = Lower::Data;
    run.focus = Focus::Lower;
    run.data_top = 0;
    let run = run.run;
    let command = command::show(&state.namespace, run);
    state.tell(Tone::Faint, String::new(), command);
}

fn next_pane(state: &mut State) {
    let Some(run) = &mut state.run else { return };
    (run.focus, run.lower) = match (run.focus, run.lower) {
        (Focus::Steps, _) => (Focus::Lower, Lower::Log),
        (Focus::Lower, Lower::Log) => (Focus::Lower, Lower::Data),
        (Focus::Lower, Lower::Data) => (Focus::Steps, Lower::Log),
    };
    run.zoom = run.zoom && run.focus == Focus::Lower;
    settle(state);
}

fn zoom(state: &mut State) {
    let Some(run) = &mut state.run else { return };
    run.zoom = !run.zoom;
    run.focus = Focus::Lower;
    // on the full screen there was no row for the steps
    settle(state);
}

fn seek(state: &mut State, backwards: bool) {
    let height = layout::log_rows(state);
    state.run.iter_mut().for_each(|run| run.log.seek(backwards, height));
}
