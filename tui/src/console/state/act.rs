//! What each action does, whichever way it was asked for.

use rpa_ipc::Language;

use super::{
    EditWay, Editor, Effect, FirePurpose, Help, Overlay, Palette, Prompt, Root, State, again,
    confirm, copy, editor, events, find, folds, form, freeze, locks, moving, notifications,
    palette, pause, places, prefer, readonly, resolve, run_graph, runs, saved, timeline, trail,
    triggers, tuning, welcome, why, workflow,
};
use crate::console::graph::Way;
use crate::console::keys::{Action, Scope};
use crate::console::settings::Glyphs;
use crate::console::view::layout;

pub fn perform(state: &mut State, action: Action) -> Vec<Effect> {
    if readonly::refuses(state, action) {
        return Vec::new();
    }
    match action {
        Action::Help => state.overlay = Some(Overlay::Help(Help::default())),
        Action::Palette => state.overlay = Some(Overlay::Palette(Palette::default())),
        Action::Back => return places::back(state),
        Action::Quit => return quit(state),
        Action::GoHome => places::go(state, Root::Home),
        Action::GoWorkflows => places::go(state, Root::Workflows),
        Action::GoRuns => places::go(state, Root::Runs),
        Action::GoTriggers => places::go(state, Root::Triggers),
        Action::GoUpcoming => places::go(state, Root::Upcoming),
        Action::GoSlots => places::go(state, Root::Slots),
        Action::GoLocks => places::go(state, Root::Locks),
        Action::GoNotifications => places::go(state, Root::Notifications),
        Action::Acknowledge => return notifications::acknowledge(state),
        Action::AckAll => notifications::ask(state),
        Action::Standing => notifications::next_filter(state),
        Action::Settings => tuning::open(state),
        Action::Find => find::open(state, ""),
        Action::Release => locks::release(state),
        Action::Resize => locks::resize(state),
        Action::GoDoubts => places::only(state, "status:in_doubt"),
        Action::GoApprovals => places::go(state, Root::Approvals),
        Action::Mouse => return prefer::switch_mouse(state),
        Action::WayBack => trail::step(state, false),
        Action::WayOn => trail::step(state, true),
        Action::LastPlace => trail::last(state),
        Action::Views => palette::begin(state, "view "),
        Action::Copy => return copy::id(state),
        Action::CopyCommand => return copy::shown_command(state),
        Action::Refetch => return refetch(state),
        Action::Freeze => return freeze::toggle(state),
        Action::Redraw => return vec![Effect::Redraw],
        Action::Suspend => return vec![Effect::Suspend],
        Action::SwitchLanguage => {
            let other = match state.settings.language {
                Language::English => Language::Bulgarian,
                Language::Bulgarian => Language::English,
            };
            return prefer::speak(state, other);
        }
        Action::SwitchGlyphs => {
            let other = if state.look.unicode { Glyphs::Ascii } else { Glyphs::Unicode };
            return prefer::set_glyphs(state, other);
        }
        Action::SwitchLayout => prefer::offer_layouts(state),
        Action::Up => moving::step(state, -1),
        Action::Down => moving::step(state, 1),
        Action::PageUp => moving::page(state, -1),
        Action::PageDown => moving::page(state, 1),
        Action::Top => moving::to_end(state, true),
        Action::Bottom => moving::to_end(state, false),
        Action::Left => moving::sideways(state, false),
        Action::Right => moving::sideways(state, true),
        Action::ApplyExample => return welcome::apply(state),
        Action::Open => match welcome::stage(state) {
            Some(stage) => return welcome::go_on(state, stage),
            None => return places::open(state),
        },
        Action::Filter => {
            let prompt = match &state.run {
                Some(run) => Prompt::events(&run.events.filter),
                None => Prompt::filter(state),
            };
            state.overlay = Some(Overlay::Prompt(prompt));
        }
        Action::Mark if state.scopes()[0] == Scope::Revisions => workflow::mark(state),
        Action::Mark if state.root == Root::Notifications => notifications::mark(state),
        Action::Mark => mark(state),
        Action::Invert => invert(state),
        Action::Group => runs::group(state),
        Action::RunWorkflow => run_workflow(state),
        Action::RunsOfWorkflow => {
            meant_workflow(state).iter().for_each(|name| places::runs_of(state, name));
        }
        Action::Cancel => confirm::ask(state),
        Action::Pause => return pause::pause(state),
        Action::Resume => return pause::resume(state),
        Action::PauseTrigger => return triggers::pause(state),
        Action::ResumeTrigger => return triggers::resume(state),
        Action::OnOff => return triggers::on_off(state),
        Action::FireTrigger => return triggers::fire(state, FirePurpose::Fire),
        Action::TestTrigger => return triggers::fire(state, FirePurpose::Test),
        Action::Backfill => triggers::backfill(state),
        Action::Retry => return again::retry(state),
        Action::Rerun => again::rerun(state),
        Action::Earlier => places::origin(state),
        Action::Log => places::log(state),
        Action::Why => why::open(state),
        Action::NextPane => places::next_pane(state),
        Action::Data => places::data(state),
        Action::Resolve => resolve::ask(state),
        Action::Zoom => places::zoom(state),
        Action::Unfold if state.run.is_none() => workflow::unfold(state),
        Action::Unfold => folds::unfold(state),
        Action::Fold if state.run.is_none() => workflow::fold(state),
        Action::Fold => folds::fold(state),
        Action::Edit => return workflow::edit(state, EditWay::Visual),
        Action::EditText if state.editor().is_some() => return editor::edit_text(state),
        Action::EditText => return workflow::edit(state, EditWay::Text),
        Action::AddStep => return editor::add(state, false),
        Action::AddBeside => return editor::add(state, true),
        Action::Link => return editor::link(state),
        Action::Unlink => return editor::unlink(state),
        Action::MoveStep => return editor::move_step(state),
        Action::Remove => return editor::remove(state),
        Action::Undo => return editor::undo(state),
        Action::Redo => return editor::redo(state),
        Action::NextProblem => editor::next_problem(state),
        Action::SaveDraft => return editor::save(state),
        Action::Change => return editor::change(state),
        Action::OtherValue => return editor::other_value(state),
        Action::Clear => return editor::clear(state),
        Action::NewWorkflow => state.overlay = Some(Overlay::Prompt(Prompt::name())),
        Action::Graph if state.run.is_some() => run_graph::switch(state),
        Action::Graph => workflow::switch_view(state),
        Action::Scale if state.run.is_some() => run_graph::scale(state),
        Action::Scale => workflow::scale(state),
        Action::GoUp => graph_go(state, Way::Up),
        Action::GoDown => graph_go(state, Way::Down),
        Action::GoLeft => graph_go(state, Way::Left),
        Action::GoRight => graph_go(state, Way::Right),
        Action::PanUp => graph_pan(state, Way::Up),
        Action::PanDown => graph_pan(state, Way::Down),
        Action::PanLeft => graph_pan(state, Way::Left),
        Action::PanRight => graph_pan(state, Way::Right),
        Action::Timeline => timeline::switch(state),
        Action::Closer => timeline::zoom(state, true),
        Action::Wider => timeline::zoom(state, false),
        Action::Events => places::events(state),
        Action::Diff => return workflow::diff(state),
        Action::Publish => workflow::ask_publish(state),
        Action::RollBack => workflow::ask_rollback(state),
        Action::Pager if state.run.is_some() => return saved::page(state),
        Action::Pager => return workflow::page(state),
        Action::Search => {
            let of_text = || Some(state.workflow.as_ref()?.text.as_ref()?.needle.clone());
            let needle = state.run.as_ref().map(|run| run.log.needle.clone()).or_else(of_text);
            let prompt = needle.map(|needle| Overlay::Prompt(Prompt::search(&needle)));
            state.overlay = prompt;
        }
        Action::FindNext => seek(state, false),
        Action::FindPrevious => seek(state, true),
        Action::PreviousTrouble => seek_trouble(state, true),
        Action::NextTrouble => seek_trouble(state, false),
        Action::SaveLog => return saved::ask(state),
        Action::Follow => {
            let height = layout::log_rows(state);
            state.run.iter_mut().for_each(|run| run.log.toggle_follow(height));
        }
        Action::Wrap => state.run.iter_mut().for_each(|run| run.log.wrap = !run.log.wrap),
        Action::Times => state.run.iter_mut().for_each(|run| run.log.times = !run.log.times),
        Action::OnlyTroubles => {
            let height = layout::log_rows(state);
            state.run.iter_mut().for_each(|run| run.log.switch_troubles(height));
        }
        Action::AllSteps => {
            if let Some(run) = &mut state.run {
                run.all_steps = !run.all_steps;
                run.log.restart();
            }
            events::choose(state);
        }
    }
    Vec::new()
}

/// Among the boxes of the run, or of the workflow.
fn graph_go(state: &mut State, way: Way) {
    match state.run.is_some() {
        true => run_graph::go(state, way),
        false => workflow::graph_go(state, way),
    }
}

fn graph_pan(state: &mut State, way: Way) {
    match state.run.is_some() {
        true => run_graph::pan(state, way),
        false => workflow::pan(state, way),
    }
}

/// What was changed and not saved asks first.
fn quit(state: &mut State) -> Vec<Effect> {
    match state.editor().is_some_and(Editor::is_changed) && state.run.is_none() {
        true => editor::leave(state, true),
        false => vec![Effect::Quit],
    }
}

fn refetch(state: &mut State) -> Vec<Effect> {
    if state.link.retries(state.now_ms, true) {
        return vec![Effect::Connect];
    }
    state.run.iter_mut().for_each(|run| run.log.refetch());
    vec![Effect::Refetch]
}

fn mark(state: &mut State) {
    let Some(id) = state.runs.selected().map(|r| r.run.to_string()) else { return };
    state.runs.cursor.toggle_mark(&id);
    let next = state.runs.cursor.index + 1;
    let pinned = next.min(state.runs.rows.len().saturating_sub(1));
    moving::select_row(state, pinned);
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
        let name = detail.summary.workflow.clone();
        let (inputs, masked) = (detail.inputs.clone(), detail.masked.clone());
        return form::open(state, &name, &inputs, &masked);
    }
    meant_workflow(state).iter().for_each(|name| form::open(state, name, &[], &[]));
}

/// The workflow of the selected row, or of the open trigger.
fn meant_workflow(state: &State) -> Option<String> {
    let of_trigger = || Some(state.meant_trigger()?.workflow.clone());
    if let Some(open) = state.shown_workflow() {
        return Some(open.name.clone());
    }
    match (&state.trigger, state.root) {
        (Some(_), _) | (None, Root::Triggers | Root::Upcoming) => of_trigger(),
        (None, Root::Home) => state.home_workflow(),
        (None, Root::Workflows) => state.workflows.selected().map(|w| w.workflow.clone()),
        (None, Root::Runs) => state.runs.selected().map(|r| r.workflow.clone()),
        (None, Root::Slots) => Some(state.ledger_selected()?.name.workflow.clone()),
        (None, Root::Notifications) => {
            let named = state.notification().map(|view| view.workflow.clone());
            named.filter(|name| !name.is_empty())
        }
        (None, Root::Approvals) => Some(state.asked.selected()?.workflow.clone()),
        (None, Root::Locks) => Some(state.locks.selected()?.claim()?.workflow.clone()),
    }
}

/// The next line of the log that tells of trouble.
fn seek_trouble(state: &mut State, backwards: bool) {
    let height = layout::log_rows(state);
    state.run.iter_mut().for_each(|run| run.log.seek_trouble(backwards, height));
}

fn seek(state: &mut State, backwards: bool) {
    let height = layout::log_rows(state);
    match &mut state.run {
        Some(run) => run.log.seek(backwards, height),
        None => workflow::text_seek(state, backwards),
    }
}
