//! What has reached all triggers, the newest first.

use super::super::pen::{Pen, piece};
use super::super::table::{self, Cell, Column, Row};
use super::super::{banner, layout, names, nothing};
use super::past::outcome;
use crate::console::state::{LedgerRow, State};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State) {
    let screen = &state.ledger;
    let (list, _) = layout::list(state);
    if let Some(fault) = &screen.fault {
        return nothing::refused(pen, state, list, fault);
    }
    let words = &state.words;
    let rows = state.ledger_rows();
    if rows.is_empty() {
        let text = match (screen.known, state.link.is_up()) {
            (true, _) if !screen.filter.is_empty() => {
                say!(words, "ledger-no-match", filter = screen.filter.text.as_str())
            }
            (true, _) => say!(words, "ledger-none"),
            (false, true) => say!(words, "list-asking"),
            (false, false) => banner::unknown(state),
        };
        return nothing::text(pen, list, &text);
    }
    let columns = [
        Column::new(say!(words, "col-when")),
        Column::new(say!(words, "col-workflow")).least(10),
        Column::new(say!(words, "col-trigger")).least(8),
        Column::new(say!(words, "col-became")),
        Column::new(say!(words, "col-what")).least(8).spare(1),
        Column::new(say!(words, "col-outcome")).least(12),
    ];
    let top = screen.cursor.top;
    let window = rows.iter().enumerate().skip(top).take(layout::list_rows(state));
    let lines: Vec<Row> = window
        .map(|(i, row)| Row {
            cells: cells(state, row),
            selected: i == screen.cursor.index,
            marked: false,
        })
        .collect();
    table::draw(pen, list, &columns, &lines, true);
}

fn cells(state: &State, row: &LedgerRow) -> Vec<Cell> {
    let plain = |text: String| vec![piece(Tone::Plain, text)];
    vec![
        plain(time::moment(state, row.at_ms)),
        vec![piece(Tone::Strong, names::workflow(state, &row.name.workflow))],
        plain(row.name.trigger.clone()),
        vec![names::status(state, &row.became)],
        plain(row.what.clone()),
        outcome(state, row.run, row.reason.as_ref()),
    ]
}
