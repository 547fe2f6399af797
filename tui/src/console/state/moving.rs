//! Moving: the selected row, the lines that are shown.

use super::{Lower, Root, State, TriggerPane, data_rows, events, run_graph, timeline, workflow};
use crate::console::keys::Scope;
use crate::console::view::layout;

/// Cells that one step sideways moves a log.
const SIDEWAYS: usize = 16;

/// The selected rows again, after the lists or the filter have changed.
pub fn settle(state: &mut State) {
    let height = layout::list_rows(state);
    let ids = state.workflows.ids();
    state.workflows.cursor.settle(&ids, height);
    let ids = state.runs.ids();
    state.runs.cursor.settle(&ids, height);
    if let Some(groups) = &mut state.runs.groups {
        let ids = groups.ids();
        groups.cursor.settle(&ids, height);
    }
    let ids = state.triggers.ids();
    state.triggers.cursor.settle(&ids, height);
    let ids = state.upcoming.ids();
    state.upcoming.cursor.settle(&ids, height);
    workflow::settle(state);
    let ids = state.locks.ids();
    state.locks.cursor.settle(&ids, height);
    let ids = state.asked.ids();
    state.asked.cursor.settle(&ids, height);
    let ids = state.ledger_ids();
    state.ledger.cursor.settle(&ids, height);
    let ids = state.notification_ids();
    state.notifications.cursor.settle(&ids, height);
    let ids = state.home_ids();
    state.home.cursor.settle(&ids, ids.len());
    let height = layout::past_rows(state);
    if let Some(trigger) = &mut state.trigger {
        let ids = trigger.ids();
        trigger.cursor.settle(&ids, height);
    }
    let height = layout::step_rows(state);
    if let Some(run) = &mut state.run {
        let ids = run.ids();
        run.steps.settle(&ids, height);
    }
    events::settle(state);
    run_graph::show(state);
}

/// Moves the selection, or the text, of what has the focus.
pub fn step(state: &mut State, rows: isize) {
    match &state.run {
        Some(run) if matches!(run.scope(), Scope::Run | Scope::Timeline) => {
            select_step(state, run.steps.index.saturating_add_signed(rows));
        }
        Some(run) if run.scope() == Scope::RunGraph => run_graph::scroll(state, rows),
        Some(_) => scroll(state, rows),
        None if state.trigger.is_some() => step_in_trigger(state, rows),
        None if state.workflow.is_some() => workflow::step(state, rows),
        None => {
            let at = match state.root {
                Root::Home => state.home.cursor.index,
                Root::Locks => state.locks.cursor.index,
                Root::Slots => state.ledger.cursor.index,
                Root::Approvals => state.asked.cursor.index,
                Root::Notifications => state.notifications.cursor.index,
                Root::Triggers => state.triggers.cursor.index,
                Root::Upcoming => state.upcoming.cursor.index,
                Root::Workflows => state.workflows.cursor.index,
                Root::Runs => {
                    let groups = state.runs.groups.as_ref();
                    groups.map_or(state.runs.cursor.index, |groups| groups.cursor.index)
                }
            };
            select_row(state, at.saturating_add_signed(rows));
        }
    }
}

pub fn page(state: &mut State, direction: isize) {
    let height = match &state.run {
        Some(run) if matches!(run.scope(), Scope::Run | Scope::Timeline | Scope::RunGraph) => {
            layout::step_rows(state)
        }
        Some(run) if run.scope() == Scope::Events => layout::event_rows(state),
        Some(_) => layout::log_rows(state),
        None if state.trigger.is_some() => layout::past_rows(state),
        None if state.workflow.is_some() => layout::workflow_page(state),
        None => layout::list_rows(state),
    };
    step(state, direction * isize::try_from(height.max(2) - 1).unwrap_or(1));
}

pub fn to_end(state: &mut State, top: bool) {
    let to = if top { 0 } else { usize::MAX };
    match &mut state.run {
        None if state.trigger.is_some() => {
            step_in_trigger(state, if top { isize::MIN } else { isize::MAX });
        }
        None if state.workflow.is_some() => workflow::to_end(state, top),
        None => select_row(state, to),
        Some(run) => match run.scope() {
            Scope::Log if top => run.log.to_start(),
            Scope::Log => run.log.to_tail(),
            Scope::Data | Scope::Events => {
                scroll(state, if top { isize::MIN } else { isize::MAX });
            }
            Scope::RunGraph => run_graph::to_end(state, top),
            _ => select_step(state, to),
        },
    }
}

pub fn select_row(state: &mut State, to: usize) {
    let height = layout::list_rows(state);
    match state.root {
        Root::Slots => {
            let ids = state.ledger_ids();
            state.ledger.cursor.go(to, &ids, height);
        }
        Root::Notifications => {
            let ids = state.notification_ids();
            state.notifications.cursor.go(to, &ids, height);
        }
        Root::Approvals => {
            let ids = state.asked.ids();
            state.asked.cursor.go(to, &ids, height);
        }
        Root::Locks => {
            let ids = state.locks.ids();
            state.locks.cursor.go(to, &ids, height);
        }
        Root::Home => {
            let ids = state.home_ids();
            state.home.cursor.go(to, &ids, ids.len());
        }
        Root::Workflows => {
            let ids = state.workflows.ids();
            state.workflows.cursor.go(to, &ids, height);
        }
        Root::Runs if state.runs.is_grouped() => {
            if let Some(groups) = &mut state.runs.groups {
                let ids = groups.ids();
                groups.cursor.go(to, &ids, height);
            }
        }
        Root::Runs => {
            let ids = state.runs.ids();
            state.runs.cursor.go(to, &ids, height);
        }
        Root::Triggers => {
            let ids = state.triggers.ids();
            state.triggers.cursor.go(to, &ids, height);
        }
        Root::Upcoming => {
            let ids = state.upcoming.ids();
            state.upcoming.cursor.go(to, &ids, height);
        }
    }
}

/// Among the slots or deliveries of a trigger, or those that come.
fn step_in_trigger(state: &mut State, rows: isize) {
    let height = layout::past_rows(state);
    let Some(trigger) = &mut state.trigger else { return };
    match trigger.pane {
        TriggerPane::Past => {
            let ids = trigger.ids();
            trigger.cursor.go(trigger.cursor.index.saturating_add_signed(rows), &ids, height);
        }
        TriggerPane::Coming => {
            let last = trigger.to_come().len().saturating_sub(height);
            trigger.coming_top = trigger.coming_top.saturating_add_signed(rows).min(last);
        }
    }
}

pub fn select_step(state: &mut State, to: usize) {
    let height = layout::step_rows(state);
    let Some(run) = &mut state.run else { return };
    let before = run.log_step();
    let ids = run.ids();
    run.steps.go(to, &ids, height);
    // a step stays selected, also the first: rows are not added above it
    run.steps.id = ids.get(run.steps.index).cloned();
    run.data_top = 0;
    if run.log_step() != before {
        run.log.restart();
        events::choose(state);
    }
}

/// The step at `path`, or what is around it where it has no row.
pub fn select_path(state: &mut State, path: &str) {
    let Some(run) = &mut state.run else { return };
    let before = run.log_step();
    run.steps.id = Some(path.to_owned());
    run.refold();
    run.data_top = 0;
    if run.log_step() != before {
        run.log.restart();
        events::choose(state);
    }
    let height = layout::step_rows(state);
    let Some(run) = &mut state.run else { return };
    let ids = run.ids();
    run.steps.settle(&ids, height);
}

pub fn scroll(state: &mut State, rows: isize) {
    let height = layout::log_rows(state);
    let is_data = state.run.as_ref().is_some_and(|run| run.lower == Lower::Data);
    let lines = if is_data { data_rows(state).len() } else { 0 };
    let Some(run) = &mut state.run else { return };
    match run.lower {
        Lower::Log => run.log.scroll(rows, height),
        Lower::Data => {
            let last = lines.saturating_sub(height);
            run.data_top = run.data_top.saturating_add_signed(rows).min(last);
        }
        Lower::Events => events::scroll(state, rows),
        Lower::Timeline => {}
    }
}

pub fn sideways(state: &mut State, right: bool) {
    if state.scopes()[0] == Scope::Timeline {
        return timeline::pan(state, right);
    }
    let text = state.workflow.as_mut().and_then(|open| open.text.as_mut());
    let column = match (&mut state.run, text) {
        (Some(run), _) => &mut run.log.column,
        (None, Some(text)) => &mut text.column,
        (None, None) => return,
    };
    *column = match right {
        true => *column + SIDEWAYS,
        false => column.saturating_sub(SIDEWAYS),
    };
}
