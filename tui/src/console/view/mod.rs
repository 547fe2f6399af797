//! How a state looks. Painting changes nothing, and the same state always looks
//! the same.
//!
//! Every screen fits any size from [`crate::console::state::SMALLEST`] on; where
//! there is little room, columns and panes are left out, the least important first.

mod asked;
mod banner;
mod boxes;
mod chrome;
mod composer;
mod confirm;
mod data;
mod dialog;
mod editor;
mod events;
mod find;
mod form;
mod groups;
mod help;
mod hints;
mod home;
mod keyboard;
mod lanes;
pub mod layout;
mod locks;
mod log;
pub(super) mod names;
mod nothing;
mod notifications;
mod palette;
pub(super) mod pen;
mod reader;
mod refusal;
mod repeat;
mod resolve;
mod run;
mod run_graph;
mod runs;
mod table;
mod timeline;
mod triggers;
mod tuning;
mod vote;
mod welcome;
mod why;
mod workflow;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::state::{Overlay, Root, State};
pub use lanes::{in_order_of_lanes, step_needs};
pub use log::room as log_room;
use pen::{Pen, Spot};

/// Paints the whole screen.
pub fn draw(state: &State, frame: &mut Frame<'_>) {
    if let Some(position) = draw_on(state, frame.buffer_mut()) {
        frame.set_cursor_position(position);
    }
}

/// Paints the whole screen on a buffer of any size; returns where text is typed.
pub fn draw_on(state: &State, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let area = buffer.area;
    let mut pen = Pen::new(buffer, state);
    // a resize is painted once the state knows of it
    if state.size != (area.width, area.height) || state.too_small() {
        chrome::too_small(&mut pen, area);
        return None;
    }
    paint(state, &mut pen);
    pen.cursor
}

/// What lies at a cell, if it can be clicked.
pub fn hit(state: &State, x: u16, y: u16) -> Option<Spot> {
    let at = |(area, _): &&(Rect, Spot)| area.contains((x, y).into());
    spots(state).iter().rev().find(at).map(|(_, spot)| *spot)
}

/// The place of the selected row among those with the focus that are painted.
pub fn selected_row(state: &State) -> Option<usize> {
    spots(state).iter().find_map(|(_, spot)| match spot {
        Spot::Row { at, selected: true, focus: true } => Some(*at),
        _ => None,
    })
}

fn spots(state: &State) -> Vec<(Rect, Spot)> {
    let mut buffer = Buffer::empty(Rect::new(0, 0, state.size.0, state.size.1));
    let mut pen = Pen::new(&mut buffer, state);
    paint(state, &mut pen);
    pen.spots
}

/// Paints without asking whether there is room.
pub(super) fn paint(state: &State, pen: &mut Pen<'_>) {
    chrome::draw(pen, state);
    banner::draw(pen, state);
    match (&state.run, &state.trigger, &state.workflow, state.root) {
        (Some(run), ..) => run::draw(pen, state, run),
        (None, Some(trigger), ..) => triggers::one::draw(pen, state, trigger),
        (None, None, Some(open), _) => workflow::one::draw(pen, state, open),
        (None, None, None, Root::Home) => home::draw(pen, state),
        (None, None, None, Root::Runs) => runs::draw(pen, state),
        (None, None, None, Root::Workflows) => workflow::list::draw(pen, state),
        (None, None, None, Root::Triggers) => triggers::list::draw(pen, state),
        (None, None, None, Root::Upcoming) => triggers::upcoming::draw(pen, state),
        (None, None, None, Root::Locks) => locks::draw(pen, state),
        (None, None, None, Root::Approvals) => asked::draw(pen, state),
        (None, None, None, Root::Slots) => triggers::ledger::draw(pen, state),
        (None, None, None, Root::Notifications) => notifications::draw(pen, state),
    }
    match &state.overlay {
        Some(Overlay::Help(help)) => help::draw(pen, state, help),
        Some(Overlay::Palette(palette)) => palette::draw(pen, state, palette),
        Some(Overlay::Composer(form)) => composer::draw(pen, state, form),
        Some(Overlay::Reader(open)) => reader::draw(pen, state, open),
        Some(Overlay::Prompt(prompt)) => chrome::prompt(pen, state, prompt),
        Some(Overlay::Confirm(dialog)) => confirm::draw(pen, state, dialog),
        Some(Overlay::Form(form)) => form::draw(pen, state, form),
        Some(Overlay::Resolve(dialog)) => resolve::draw(pen, state, dialog),
        Some(Overlay::Why(pane)) => why::draw(pen, state, pane),
        Some(Overlay::Vote(dialog)) => vote::draw(pen, state, dialog),
        Some(Overlay::Retry(dialog)) => repeat::retry(pen, state, dialog),
        Some(Overlay::Repeat(dialog)) => repeat::draw(pen, state, dialog),
        Some(Overlay::Order(dialog)) => triggers::order::draw(pen, state, dialog),
        Some(Overlay::Backfill(dialog)) => triggers::backfill::draw(pen, state, dialog),
        Some(Overlay::Fire(dialog)) => triggers::fire::draw(pen, state, dialog),
        Some(Overlay::Find(open)) => find::draw(pen, state, open),
        Some(Overlay::Ack(open)) => notifications::dialog(pen, state, open),
        Some(Overlay::Lock(open)) => locks::dialog(pen, state, open),
        Some(Overlay::Tuning(open)) => tuning::draw(pen, state, open),
        Some(Overlay::Revise(dialog)) => workflow::revise::draw(pen, state, dialog),
        Some(Overlay::Edited(dialog)) => workflow::edited::draw(pen, state, dialog),
        Some(Overlay::Editor(open)) => editor::dialog(pen, state, open),
        Some(Overlay::Keyboard(at)) => keyboard::draw(pen, state, *at),
        Some(Overlay::Refusal(fault)) => refusal::draw(pen, state, fault),
        None => {}
    }
}
