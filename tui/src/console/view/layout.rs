//! Where things stand. The state asks as well: a page is what fits the screen.

use ratatui::layout::Rect;

use crate::console::state::{Root, State};

/// From so many columns on, panes stand side by side.
const WIDE: u16 = 160;
/// From so many rows of a list's body on, the selected row is shown in full below.
const TALL: u16 = 12;
/// Rows of that preview, with its rule.
const PREVIEW: u16 = 7;

/// The whole screen.
pub fn screen(state: &State) -> Rect {
    Rect::new(0, 0, state.size.0, state.size.1)
}

/// Row 0 and 1: where one is and how it stands.
pub fn head(state: &State) -> [Rect; 2] {
    let row = |y: u16| Rect::new(0, y, state.size.0, 1).intersection(screen(state));
    [row(0), row(1)]
}

/// The last two rows: what was done, what can be done.
pub fn foot(state: &State) -> [Rect; 2] {
    let (width, height) = state.size;
    let row =
        |up: u16| Rect::new(0, height.saturating_sub(up), width, 1).intersection(screen(state));
    [row(2), row(1)]
}

/// Rows in which it is said that the daemon is away.
pub fn banner(state: &State) -> Rect {
    let height = if state.link.absence().is_some() { 2 } else { 0 };
    Rect::new(0, 2, state.size.0, height).intersection(screen(state))
}

/// Between head and foot, below the banner.
pub fn body(state: &State) -> Rect {
    let top = 2 + banner(state).height;
    let height = state.size.1.saturating_sub(top + 2);
    Rect::new(0, top, state.size.0, height).intersection(screen(state))
}

/// A list and the preview of its selected row, which may be empty.
pub fn list(state: &State) -> (Rect, Rect) {
    let body = body(state);
    if body.width >= WIDE {
        let left = body.width * 3 / 5;
        let right = Rect { x: left + 1, width: body.width - left - 1, ..body };
        return (Rect { width: left, ..body }, right);
    }
    if body.height < TALL {
        return (body, Rect::default());
    }
    // of workflows there are few, and there is more to be said of each
    let share = if state.root == Root::Workflows { 2 } else { 4 };
    let preview = PREVIEW.max(body.height / share);
    let above = body.height - preview;
    let below = Rect { y: body.y + above, height: preview, ..body };
    (Rect { height: above, ..body }, below)
}

/// Rows of a list on one screen, without its header.
pub fn list_rows(state: &State) -> usize {
    usize::from(list(state).0.height.saturating_sub(1)).max(1)
}

/// The panes of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunAreas {
    /// Which run it is and how it stands.
    pub title: Rect,
    /// Empty where the lower pane has the whole screen.
    pub steps: Rect,
    /// The rule with the names of the lower panes.
    pub tabs: Rect,
    pub lower: Rect,
}

pub fn run(state: &State) -> RunAreas {
    let body = body(state);
    let title = Rect { height: body.height.min(1), ..body };
    let rest = Rect { y: body.y + title.height, height: body.height - title.height, ..body };
    let zoom = state.run.as_ref().is_some_and(|run| run.zoom);
    let steps = match zoom {
        true => Rect { width: 0, height: 0, ..rest },
        false if body.width >= WIDE => Rect { width: rest.width * 2 / 5, ..rest },
        false => Rect { height: steps_height(state, rest.height), ..rest },
    };
    let beside = !zoom && body.width >= WIDE;
    let lower = match beside {
        true => Rect { x: steps.width + 1, width: rest.width - steps.width - 1, ..rest },
        false => Rect { y: rest.y + steps.height, height: rest.height - steps.height, ..rest },
    };
    let tabs = Rect { height: lower.height.min(1), ..lower };
    let lower = Rect { y: lower.y + tabs.height, height: lower.height - tabs.height, ..lower };
    RunAreas { title, steps, tabs, lower }
}

/// All rows of steps where they fit into the upper half, with their header.
fn steps_height(state: &State, room: u16) -> u16 {
    let open = state.run.as_ref().filter(|run| run.detail.is_some());
    let steps = open.map_or(1, |run| run.rows.len());
    let wanted = u16::try_from(steps).unwrap_or(u16::MAX).saturating_add(1);
    wanted.min((room / 2).max(3)).min(room)
}

/// Steps on one screen.
pub fn step_rows(state: &State) -> usize {
    usize::from(run(state).steps.height.saturating_sub(1)).max(1)
}

/// Lines of the lower pane on one screen.
pub fn log_rows(state: &State) -> usize {
    usize::from(run(state).lower.height).max(1)
}

/// What is inside of the box that tells why.
pub fn why(state: &State) -> Rect {
    let outer = why_box(state);
    let (width, height) = (outer.width.saturating_sub(4), outer.height.saturating_sub(2));
    Rect { x: outer.x + 2.min(outer.width), y: outer.y + 1.min(outer.height), width, height }
}

pub fn why_box(state: &State) -> Rect {
    dialog(state, 120, screen(state).height)
}

/// A box in the middle, as large as asked for where there is room.
pub fn dialog(state: &State, width: u16, height: u16) -> Rect {
    let screen = screen(state);
    let width = width.min(screen.width.saturating_sub(2));
    let height = height.min(screen.height.saturating_sub(2));
    let x = (screen.width - width) / 2;
    let y = (screen.height - height) / 2;
    Rect { x, y, width, height }
}
