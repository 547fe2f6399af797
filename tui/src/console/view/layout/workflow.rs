//! Where the parts of a workflow stand, its texts, and the dialog about an edited one.

use ratatui::layout::Rect;

use super::{EditorAreas, WIDE};
use crate::console::state::{EditDialog, Pane, State};
use crate::console::view::dialog::button_rows;
use crate::console::view::workflow::edited::labels;

/// The parts of one workflow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorkflowAreas {
    /// Which it is and how it stands.
    pub title: Rect,
    /// What it is for.
    pub about: Rect,
    /// Its last runs, and what fires next.
    pub strip: Rect,
    /// Empty where the lower pane has the screen.
    pub steps: Rect,
    /// The rule with the names of the lower panes; empty with them.
    pub tabs: Rect,
    pub lower: Rect,
}

/// From so many rows of the body on, it is said what a workflow is for.
const ROOMY: u16 = 14;
/// Rows that the lower pane keeps, with its rule.
const LOWER: u16 = 5;

pub fn workflow(state: &State) -> WorkflowAreas {
    let body = super::body(state);
    if state.editor().is_some() {
        let EditorAreas { title, steps, rule, form, .. } = super::editor(state);
        return WorkflowAreas { title, steps, tabs: rule, lower: form, ..WorkflowAreas::default() };
    }
    let mut rest = body;
    let mut take = |rows: u16| {
        let rows = rows.min(rest.height);
        let taken = Rect { height: rows, ..rest };
        (rest.y, rest.height) = (rest.y + rows, rest.height - rows);
        taken
    };
    let title = take(1);
    let about = take(u16::from(body.height >= ROOMY));
    let strip = take(1);
    let rest = take(u16::MAX);
    let areas = WorkflowAreas { title, about, strip, ..WorkflowAreas::default() };
    let Some(open) = &state.workflow else { return areas };
    let with_tabs = |lower: Rect| {
        let tabs = Rect { height: lower.height.min(1), ..lower };
        let lower = Rect { y: lower.y + tabs.height, height: lower.height - tabs.height, ..lower };
        (tabs, lower)
    };
    if open.zoom && open.focus == Pane::Steps {
        return WorkflowAreas { steps: rest, ..areas };
    }
    if open.zoom {
        let (tabs, lower) = with_tabs(rest);
        return WorkflowAreas { tabs, lower, ..areas };
    }
    if body.width >= WIDE {
        let steps = Rect { width: rest.width / 2, ..rest };
        let x = steps.width + 1;
        let (tabs, lower) = with_tabs(Rect { x, width: rest.width - x, ..rest });
        return WorkflowAreas { steps, tabs, lower, ..areas };
    }
    let most = (rest.height * 3 / 5).min(rest.height.saturating_sub(LOWER)).max(3);
    let rows = match open.graph {
        Some(_) => most,
        // why there are none
        None if open.rows.is_empty() => most,
        None => u16::try_from(open.rows.len()).unwrap_or(u16::MAX).saturating_add(1),
    };
    let steps = Rect { height: rows.min(most).min(rest.height), ..rest };
    let lower = Rect { y: steps.bottom(), height: rest.height - steps.height, ..rest };
    let (tabs, lower) = with_tabs(lower);
    WorkflowAreas { steps, tabs, lower, ..areas }
}

/// Steps of a workflow on one screen; of the graph its rows.
pub fn workflow_rows(state: &State) -> usize {
    let graph = state.workflow.as_ref().is_some_and(|open| open.graph.is_some());
    let header = u16::from(!graph);
    usize::from(workflow(state).steps.height.saturating_sub(header)).max(1)
}

/// Rows of the pane below or beside the steps, without the header of a table.
pub fn workflow_lower_rows(state: &State) -> usize {
    let text = state.workflow.as_ref().is_some_and(|open| open.lower == Pane::Step);
    let header = u16::from(!text);
    usize::from(workflow(state).lower.height.saturating_sub(header)).max(1)
}

/// Rows that a page is of what has the focus.
pub fn workflow_page(state: &State) -> usize {
    let Some(open) = &state.workflow else { return 1 };
    match (&open.text, open.focus) {
        (Some(_), _) => text_rows(state),
        (None, Pane::Steps) => workflow_rows(state),
        (None, _) => workflow_lower_rows(state),
    }
}

/// Cells of a line of the selected step.
pub fn detail_width(state: &State) -> usize {
    usize::from(workflow(state).lower.width.saturating_sub(2)).max(1)
}

/// Lines of a source or a difference on one screen, without its title.
pub fn text_rows(state: &State) -> usize {
    usize::from(super::body(state).height.saturating_sub(1)).max(1)
}

/// Rows of the dialog about an edited text beside what it tells: its frame, the file, a
/// blank, the buttons, two of the command.
const EDITED_AROUND: u16 = 7;

/// The file of a draft has a long name: its command needs a row more. So may the buttons.
fn edited_around(state: &State, dialog: &EditDialog, width: u16) -> u16 {
    let buttons = button_rows(&labels(state, dialog), width);
    EDITED_AROUND + u16::from(dialog.is_draft()) + buttons.saturating_sub(1)
}

/// As high as what it tells.
pub fn edited(state: &State, dialog: &EditDialog) -> Rect {
    const WIDTH: u16 = 100;
    let width = super::dialog(state, WIDTH, 3).width.saturating_sub(4);
    let lines = dialog.lines(state, usize::from(width)).len();
    let rows = u16::try_from(lines).unwrap_or(u16::MAX);
    super::dialog(state, WIDTH, edited_around(state, dialog, width).saturating_add(rows))
}

/// Lines that it shows at a time, and how many there are.
pub fn edited_rows(state: &State, dialog: &EditDialog) -> (usize, usize) {
    let area = edited(state, dialog);
    let width = area.width.saturating_sub(4);
    let lines = dialog.lines(state, usize::from(width)).len();
    let around = edited_around(state, dialog, width);
    (usize::from(area.height.saturating_sub(around)).max(1), lines)
}
