//! Where one is: lists, what was opened from them, and the way back.

use rpa_engine::RunId;

use super::moving::settle;
use super::{
    EditWay, Effect, Focus, LedgerFilter, Lower, Root, RunScreen, RunsFilter, State, TriggerPane,
    Visited, asked, events, home, locks, notifications, run_graph, runs, timeline, triggers,
    workflow,
};
use crate::console::command;
use crate::console::keys::Scope;
use crate::console::theme::Tone;
use crate::say;

/// One thing is taken back at a time; at a list without a filter, nothing: leaving
/// is for `q`.
pub fn back(state: &mut State) -> Vec<Effect> {
    let (before, told) = (here(state), state.notice.take());
    let effects = step_back(state);
    match (&state.notice, here(state)) {
        (Some(_), _) => {}
        (None, now) if now == before => state.notice = told,
        (None, now) => state.tell(Tone::Faint, String::new(), now),
    }
    effects
}

fn step_back(state: &mut State) -> Vec<Effect> {
    match (&mut state.run, state.root) {
        (Some(run), _) if run.zoom => {
            run.zoom = false;
            settle(state);
        }
        (Some(run), _) if run.focus == Focus::Lower && run.lower == Lower::Timeline => {
            timeline::switch(state);
        }
        (Some(run), _) if run.graph.is_some() && run.focus == Focus::Steps => {
            if !run_graph::out(state) {
                run_graph::switch(state);
            }
        }
        (Some(run), _) if run.focus == Focus::Lower => run.focus = Focus::Steps,
        (Some(run), _) => match run.way.pop() {
            Some(before) => {
                let way = std::mem::take(&mut run.way);
                open_at(state, before, way);
            }
            None => state.run = None,
        },
        (None, _) if state.trigger.is_some() => state.trigger = None,
        (None, _) if state.workflow.is_some() => return workflow::back(state),
        (None, Root::Runs) if state.runs.is_grouped() => runs::group(state),
        (None, Root::Runs) if !state.runs.cursor.marks.is_empty() => {
            state.runs.cursor.marks.clear();
        }
        (None, Root::Runs) if !state.runs.filter.is_empty() => {
            state.runs.set_filter(RunsFilter::default());
        }
        (None, Root::Notifications) if !state.notifications.cursor.marks.is_empty() => {
            state.notifications.cursor.marks.clear();
        }
        (None, Root::Notifications) if !state.notifications.words.is_empty() => {
            state.notifications.words.clear();
            settle(state);
        }
        (None, Root::Workflows) if !state.workflows.filter.is_empty() => {
            state.workflows.filter.clear();
            settle(state);
        }
        (None, Root::Triggers) if !state.triggers.filter.is_empty() => {
            state.triggers.filter.clear();
            settle(state);
        }
        (None, Root::Slots) if !state.ledger.filter.is_empty() => {
            state.ledger.filter = LedgerFilter::default();
            settle(state);
        }
        (None, root) if root != state.settings.start.root() => {
            state.root = state.settings.start.root();
            settle(state);
        }
        (None, _) => {
            let text = say!(state.words, "back-at-root");
            state.tell(Tone::Faint, text, String::new());
        }
    }
    Vec::new()
}

pub fn go(state: &mut State, root: Root) {
    (state.run, state.trigger, state.workflow) = (None, None, None);
    state.root = root;
    settle(state);
    tell_here(state);
}

/// The command that shows what is shown.
pub fn tell_here(state: &mut State) {
    let command = here(state);
    state.tell(Tone::Faint, String::new(), command);
}

fn here(state: &State) -> String {
    let namespace = &state.namespace;
    if let Some(run) = &state.run {
        return command::show(namespace, run.run);
    }
    if let Some(open) = &state.trigger {
        return command::past(namespace, &open.name, state.triggers.named(&open.name));
    }
    if let Some(open) = &state.workflow {
        return command::history(namespace, &open.name);
    }
    match state.root {
        Root::Home => command::overview(namespace),
        Root::Workflows => command::workflows(namespace),
        Root::Runs => {
            let options = state.runs.filter.options();
            let group = if state.runs.is_grouped() { " --group" } else { "" };
            command::runs(namespace, &format!("{options}{group}"))
        }
        Root::Triggers => command::triggers(namespace),
        Root::Upcoming => command::upcoming(namespace),
        Root::Locks => command::locks(namespace),
        Root::Slots => triggers::ledger_shown(state),
        Root::Approvals => command::approvals(namespace),
        Root::Notifications => command::notifications(namespace, state.notifications.filter),
    }
}

/// The runs that a filter of ours lets through.
pub fn only(state: &mut State, filter: &str) {
    if let Ok(filter) = RunsFilter::parse(filter, &state.words) {
        state.runs.groups = None;
        state.runs.set_filter(filter);
    }
    go(state, Root::Runs);
}

pub fn runs_of(state: &mut State, workflow: &str) {
    only(state, &format!("wf:{workflow}"));
}

/// The list of workflows, with this one selected.
pub fn show_workflow(state: &mut State, name: &str) {
    state.workflows.filter.clear();
    state.workflows.cursor.id = Some(name.to_owned());
    go(state, Root::Workflows);
}

pub fn open_run(state: &mut State, run: RunId) {
    state.run = Some(RunScreen::new(run));
    let command = command::show(&state.namespace, run);
    state.tell(Tone::Faint, String::new(), command);
}

fn open_at(state: &mut State, to: Visited, way: Vec<Visited>) {
    open_run(state, to.run);
    if let Some(run) = &mut state.run {
        run.steps.id = to.step;
        run.way = way;
    }
}

/// Goes to another run, from an open one so that Esc leads back. One that lies on the way
/// back is gone back to: going to and fro makes the way no longer.
pub fn visit(state: &mut State, to: Visited) {
    let Some(run) = &mut state.run else { return open_at(state, to, Vec::new()) };
    if run.run == to.run {
        return;
    }
    let mut way = std::mem::take(&mut run.way);
    way.push(Visited { run: run.run, step: run.steps.id.clone() });
    if let Some(at) = way.iter().position(|before| before.run == to.run) {
        way.truncate(at);
    }
    open_at(state, to, way);
}

/// The run that the open one took over from, or that has called it.
pub fn origin(state: &mut State) {
    let Some(run) = &state.run else { return };
    match run.origin() {
        Some(origin) => visit(state, origin),
        None => {
            let id = if run.detail.is_some() { "earlier-none" } else { "list-asking" };
            let text = say!(state.words, id);
            state.tell(Tone::Warn, text, String::new());
        }
    }
}

pub fn open(state: &mut State) -> Vec<Effect> {
    // a step that has called a run prints nothing itself
    let called = state.run.as_ref().and_then(|run| run.selected()?.called);
    if let Some(run) = called {
        visit(state, Visited { run, step: None });
        return Vec::new();
    }
    if state.run.is_none() && state.trigger.is_some() {
        triggers::open_past(state);
        return Vec::new();
    }
    if state.run.is_none() && state.workflow.is_some() {
        return workflow::open_selected(state);
    }
    match state.scopes()[0] {
        Scope::RunGraph if run_graph::into(state) => return Vec::new(),
        Scope::Events => {
            events::open_selected(state);
            return Vec::new();
        }
        _ => {}
    }
    match (&mut state.run, state.root) {
        (Some(run), _) => {
            run.focus = Focus::Lower;
            if run.lower == Lower::Timeline {
                run.lower = Lower::Log;
            }
            if run.all_steps && run.lower == Lower::Log {
                run.all_steps = false;
                run.log.restart();
            }
        }
        (None, Root::Runs) if state.runs.is_grouped() => runs::open_group(state),
        (None, Root::Runs) => {
            let selected = state.runs.selected().map(|r| r.run);
            selected.into_iter().for_each(|run| open_run(state, run));
        }
        (None, Root::Home) => home::open(state),
        (None, Root::Workflows) => {
            if state.workflows.selected_unsaved().is_some() {
                return workflow::edit(state, EditWay::Visual);
            }
            let name = state.workflows.selected().map(|w| w.workflow.clone());
            name.iter().for_each(|name| workflow::open(state, name));
        }
        (None, Root::Triggers | Root::Upcoming) => triggers::open_meant(state),
        (None, Root::Locks) => locks::open(state),
        (None, Root::Approvals) => asked::open(state),
        (None, Root::Slots) => triggers::open_ledger(state),
        (None, Root::Notifications) => notifications::open(state),
    }
    Vec::new()
}

/// The log: of the selected run, or the lower pane of an open one.
pub fn log(state: &mut State) {
    if state.run.is_none() {
        let meant = match state.root {
            Root::Home => state.home_run(),
            Root::Approvals => state.asked.selected().map(|asked| asked.run),
            _ => match &state.runs.groups {
                Some(groups) => groups.selected().map(|group| group.newest),
                None => state.runs.selected().map(|r| r.run),
            },
        };
        let Some(run) = meant else { return };
        open_run(state, run);
        state.run.iter_mut().for_each(|run| run.zoom = true);
    }
    let Some(run) = &mut state.run else { return };
    run.lower = Lower::Log;
    run.focus = Focus::Lower;
    let step = run.log_step();
    let (live, run) = (run.is_live(), run.run);
    settle(state);
    let command = command::logs(&state.namespace, run, step.as_ref(), live);
    state.tell(Tone::Faint, String::new(), command);
}

pub fn data(state: &mut State) {
    let Some(run) = &mut state.run else { return };
    run.lower = Lower::Data;
    run.focus = Focus::Lower;
    run.data_top = 0;
    let run = run.run;
    settle(state);
    let command = command::show(&state.namespace, run);
    state.tell(Tone::Faint, String::new(), command);
}

/// What has happened to the run.
pub fn events(state: &mut State) {
    let Some(run) = &mut state.run else { return };
    run.lower = Lower::Events;
    run.focus = Focus::Lower;
    let run = run.run;
    settle(state);
    let command = command::events(&state.namespace, run);
    state.tell(Tone::Faint, String::new(), command);
}

pub fn next_pane(state: &mut State) {
    if let (None, Some(trigger)) = (&state.run, &mut state.trigger) {
        trigger.pane = match trigger.pane {
            TriggerPane::Past if trigger.has_slots() => TriggerPane::Coming,
            TriggerPane::Past | TriggerPane::Coming => TriggerPane::Past,
        };
        return settle(state);
    }
    if state.at_home() {
        return home::next_section(state);
    }
    let Some(run) = &mut state.run else { return workflow::next_pane(state) };
    (run.focus, run.lower) = match (run.focus, run.lower) {
        (Focus::Steps, _) => (Focus::Lower, Lower::Log),
        (Focus::Lower, Lower::Log) => (Focus::Lower, Lower::Data),
        (Focus::Lower, Lower::Data) => (Focus::Lower, Lower::Timeline),
        (Focus::Lower, Lower::Timeline) => (Focus::Lower, Lower::Events),
        (Focus::Lower, Lower::Events) => (Focus::Steps, Lower::Log),
    };
    run.zoom = run.zoom && run.focus == Focus::Lower;
    settle(state);
}

pub fn zoom(state: &mut State) {
    let Some(run) = &mut state.run else {
        state.workflow.iter_mut().for_each(|open| open.zoom = !open.zoom);
        return settle(state);
    };
    if run.lower == Lower::Timeline {
        // it has the whole screen
        return;
    }
    run.zoom = !run.zoom;
    run.focus = Focus::Lower;
    // on the full screen there was no row for the steps
    settle(state);
}
