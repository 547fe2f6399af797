//! The mouse, where somebody has asked for it.
//!
//! What lies under the pointer is asked of the view, which paints once more for it: what is
//! seen and what is hit cannot differ.

use super::{Effect, Focus, State, moving, update};
use crate::console::keys::Key;
use crate::console::view::{self, layout, pen::Spot};

/// Two clicks in this time at one place are one act.
const DOUBLE_MS: u64 = 500;
/// Rows that one notch of the wheel moves.
const NOTCH: isize = 3;
/// Most rows that one turn of the wheel moves, however much of it came at once.
const MOST: isize = 60;
/// Tries to reach the clicked row: it may lie beyond others that are not painted.
const TRIES: usize = 8;

/// A press of the left button on a cell.
pub fn click(state: &mut State, x: u16, y: u16) -> Vec<Effect> {
    if !state.settings.mouse || state.too_small() {
        return Vec::new();
    }
    let now_ms = state.now_ms;
    let before = state.clicked.replace((now_ms, x, y));
    let twice =
        before.is_some_and(|(at, of_x, of_y)| (of_x, of_y) == (x, y) && now_ms <= at + DOUBLE_MS);
    match view::hit(state, x, y) {
        Some(Spot::Key(key)) => update::pressed(state, key),
        Some(Spot::Row { .. }) => {
            focus_pane(state, x, y);
            let effects = select(state, x, y);
            if twice && effects.is_empty() {
                state.clicked = None;
                return update::pressed(state, Key::Enter);
            }
            effects
        }
        None => {
            focus_pane(state, x, y);
            Vec::new()
        }
    }
}

/// So many notches downwards, or upwards.
pub fn wheel(state: &mut State, notches: isize) -> Vec<Effect> {
    if !state.settings.mouse || state.too_small() {
        return Vec::new();
    }
    let rows = (notches.saturating_mul(NOTCH)).clamp(-MOST, MOST);
    if state.overlay.is_none() {
        moving::step(state, rows);
        return Vec::new();
    }
    turn(state, rows)
}

/// The same with the keys of the dialog.
fn turn(state: &mut State, rows: isize) -> Vec<Effect> {
    let key = if rows < 0 { Key::Up } else { Key::Down };
    (0..rows.unsigned_abs()).flat_map(|_| update::pressed(state, key)).collect()
}

/// Selects the row at that place, after its pane has got the focus.
fn select(state: &mut State, x: u16, y: u16) -> Vec<Effect> {
    let mut effects = Vec::new();
    for _ in 0..TRIES {
        let Some(Spot::Row { at, focus, .. }) = view::hit(state, x, y) else { break };
        if !focus {
            effects.extend(update::pressed(state, Key::Tab));
            continue;
        }
        let Some(selected) = view::selected_row(state) else { break };
        let by = isize::try_from(at).unwrap_or(0) - isize::try_from(selected).unwrap_or(0);
        if by == 0 {
            break;
        }
        match state.overlay {
            None => moving::step(state, by),
            Some(_) => effects.extend(turn(state, by)),
        }
    }
    effects
}

/// The pane of a run that lies there: the lower one has not always rows to be selected.
fn focus_pane(state: &mut State, x: u16, y: u16) {
    if state.overlay.is_some() {
        return;
    }
    let areas = layout::run(state);
    let Some(run) = &mut state.run else { return };
    run.focus = match (x, y).into() {
        at if areas.steps.contains(at) => Focus::Steps,
        at if areas.lower.contains(at) => Focus::Lower,
        _ => return,
    };
    moving::settle(state);
}
