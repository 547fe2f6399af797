//! What fires within a day: a row for each trigger and hour, with the time that is left.

use super::super::pen::{Pen, piece};
use super::super::table::{self, Column, Row};
use super::super::{banner, layout, names, nothing};
use crate::console::state::{Bunch, State};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State) {
    let screen = &state.upcoming;
    let (list, _) = layout::list(state);
    if let Some(fault) = &screen.fault {
        return nothing::refused(pen, state, list, fault);
    }
    let words = &state.words;
    if screen.bunches.is_empty() {
        let text = match (screen.known, state.link.is_up()) {
            (true, _) => say!(words, "upcoming-none"),
            (false, true) => say!(words, "list-asking"),
            (false, false) => banner::unknown(state),
        };
        return nothing::text(pen, list, &text);
    }
    let columns = [
        Column::new(say!(words, "col-hour")),
        Column::new(say!(words, "col-at")),
        Column::new(say!(words, "col-in")).right(),
        Column::new(say!(words, "col-workflow")).least(12),
        Column::new(say!(words, "col-trigger")).least(12),
        Column::new(say!(words, "col-times")).spare(1),
        Column::new(say!(words, "col-slot")).spare(2),
    ];
    let top = screen.cursor.top;
    let window = screen.bunches.iter().enumerate().skip(top).take(layout::list_rows(state));
    let rows: Vec<Row> = window
        .map(|(i, bunch)| {
            // the hour stands at its first row, and at the first one of the screen
            let before = i.checked_sub(1).filter(|_| i > top);
            let begins = before.is_none_or(|at| screen.bunches[at].hour_ms != bunch.hour_ms);
            Row {
                cells: cells(state, bunch, begins),
                selected: i == screen.cursor.index,
                marked: false,
            }
        })
        .collect();
    table::draw(pen, list, &columns, &rows, true);
}

fn cells(state: &State, bunch: &Bunch, begins: bool) -> Vec<table::Cell> {
    let plain = |text: String| vec![piece(Tone::Plain, text)];
    let hour = if begins { time::hour(state, bunch.hour_ms) } else { String::new() };
    let times = match (bunch.count, bunch.cut) {
        (1, false) => String::new(),
        (count, cut) => {
            let more = if cut { "+" } else { "" };
            let last = time::clock(state, bunch.last_due_ms);
            say!(state.words, "upcoming-times", count = format!("{count}{more}"), last = last)
        }
    };
    let slot = match bunch.slot_ms == bunch.due_ms {
        true => String::new(),
        false => time::moment(state, bunch.slot_ms),
    };
    vec![
        vec![piece(Tone::Faint, hour)],
        plain(time::clock(state, bunch.due_ms)),
        vec![piece(Tone::Busy, time::countdown(&state.words, bunch.due_ms, state.now_ms))],
        vec![piece(Tone::Strong, names::workflow(state, &bunch.name.workflow))],
        plain(bunch.name.trigger.clone()),
        plain(times),
        vec![piece(Tone::Faint, slot)],
    ]
}
