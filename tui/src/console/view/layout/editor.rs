//! Where the parts of the visual editor stand.

use ratatui::layout::Rect;

use crate::console::state::{Pane, State, written_lines};

/// The parts of a workflow that is being edited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EditorAreas {
    /// Which it is, which revision it began with, what was changed.
    pub title: Rect,
    /// Empty where the form has the screen.
    pub steps: Rect,
    /// The rule above the form, with the step's name; empty with it.
    pub rule: Rect,
    pub form: Rect,
    /// What the selected field is for.
    pub about: Rect,
    /// The rule above the step as it is written; empty where there is no room for it.
    pub written_rule: Rect,
    pub written: Rect,
    /// What is wrong.
    pub problems: Rect,
}

/// From so many columns on, the form stands beside the steps.
const WIDE: u16 = 110;
/// Rows that the form keeps beside the steps, with its rule and what is said of a field.
const FORM: u16 = 6;
/// From so many rows on, the step is shown as it is written too.
const TALL: u16 = 20;

pub fn editor(state: &State) -> EditorAreas {
    let body = super::body(state);
    let title = Rect { height: body.height.min(1), ..body };
    let problems = u16::from(body.height > 2);
    let rest = Rect { y: title.bottom(), height: body.height.saturating_sub(1 + problems), ..body };
    let problems = Rect { y: rest.bottom(), height: problems, ..body };
    let areas = EditorAreas { title, problems, ..EditorAreas::default() };
    let Some(open) = &state.workflow else { return areas };
    if open.zoom {
        return match open.focus {
            Pane::Steps => EditorAreas { steps: rest, ..areas },
            _ => with_form(state, areas, rest, false),
        };
    }
    if body.width >= WIDE {
        let steps = Rect { width: rest.width / 2, ..rest };
        let x = steps.width + 1;
        let right = Rect { x, width: rest.width - x, ..rest };
        return with_form(state, EditorAreas { steps, ..areas }, right, true);
    }
    let most = match open.focus {
        Pane::Steps => rest.height.saturating_sub(FORM).max(rest.height / 2),
        _ => (rest.height * 2 / 5).max(3),
    };
    let wanted = match open.graph {
        Some(_) => most,
        None => u16::try_from(open.rows.len()).unwrap_or(u16::MAX).saturating_add(1),
    };
    let steps = Rect { height: wanted.min(most).min(rest.height), ..rest };
    let below = Rect { y: steps.bottom(), height: rest.height - steps.height, ..rest };
    with_form(state, EditorAreas { steps, ..areas }, below, rest.height >= TALL)
}

/// The form, what is said of its field, and the step as it is written, in an area.
fn with_form(state: &State, areas: EditorAreas, area: Rect, written: bool) -> EditorAreas {
    let lines = u16::try_from(written_lines(state).len()).unwrap_or(u16::MAX);
    let rule = Rect { height: area.height.min(1), ..area };
    let rest = Rect { y: rule.bottom(), height: area.height - rule.height, ..area };
    let about = match rest.height {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    let text = match written {
        true => (rest.height - about) * 2 / 5,
        false => 0,
    };
    // a rule and two lines of it, or nothing
    let text = if text < 3 { 0 } else { text.min(lines.saturating_add(1)) };
    let form = Rect { height: rest.height - about - text, ..rest };
    let about = Rect { y: form.bottom(), height: about, ..rest };
    let written_rule = Rect { y: about.bottom(), height: text.min(1), ..rest };
    let written = Rect { y: written_rule.bottom(), height: text.saturating_sub(1), ..rest };
    EditorAreas { rule, form, about, written_rule, written, ..areas }
}

/// Rows of the form on one screen.
pub fn form_rows(state: &State) -> usize {
    usize::from(editor(state).form.height).max(1)
}

/// The dialog in which several lines are typed.
pub fn area_box(state: &State) -> Rect {
    super::dialog(state, 110, super::screen(state).height)
}

/// What is inside of it, above the lines that are said of it.
pub fn area(state: &State) -> Rect {
    let outer = area_box(state);
    Rect {
        x: outer.x + 2.min(outer.width),
        y: outer.y + 1.min(outer.height),
        width: outer.width.saturating_sub(4),
        height: outer.height.saturating_sub(4),
    }
}
