//! The list of what people are asked to approve, over the screen.

use rpa_ipc::asking::ApprovalView;

use super::dialog::{self, Rows};
use super::pen::{Pen, piece};
use super::table::{self, Column, Row};
use super::{banner, layout, names};
use crate::console::state::{Cursor, State, fault_text, have};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, cursor: &Cursor) {
    let words = &state.words;
    let asked = &state.asked;
    let area = layout::asked(state);
    let inner = dialog::open(pen, area, &say!(words, "act-approvals"));
    let mut rows = Rows::new(inner);
    if let Some(fault) = &asked.fault {
        return rows.paragraph(pen, Tone::Bad, &fault_text(state, fault));
    }
    if asked.rows.is_empty() {
        let text = match (asked.known, state.link.is_up()) {
            (true, _) => say!(words, "asked-none"),
            (false, true) => say!(words, "list-asking"),
            (false, false) => banner::unknown(state),
        };
        return rows.paragraph(pen, Tone::Plain, &text);
    }
    let columns = [
        Column::new(say!(words, "col-run")).spare(2),
        Column::new(say!(words, "col-workflow")).least(10),
        Column::new(say!(words, "col-step")).least(8),
        Column::new(say!(words, "col-have")).right(),
        Column::new(say!(words, "col-since")).spare(3),
        Column::new(say!(words, "col-message")).least(12).spare(1),
    ];
    let height = layout::asked_rows(state);
    let shown = asked.rows.iter().enumerate().skip(cursor.top).take(height);
    let lines: Vec<Row> = shown
        .map(|(at, asked)| Row {
            cells: cells(state, asked),
            marked: false,
            selected: at == cursor.index,
        })
        .collect();
    table::draw(pen, layout::asked_table(state), &columns, &lines, true);
    if asked.more {
        let last =
            ratatui::layout::Rect { y: inner.bottom().saturating_sub(1), height: 1, ..inner };
        pen.text(last, Tone::Faint, &say!(words, "asked-more", count = asked.rows.len()));
    }
}

fn cells(state: &State, asked: &ApprovalView) -> Vec<table::Cell> {
    let plain = |text: String| vec![piece(Tone::Plain, text)];
    let message = asked.message.lines().next().unwrap_or_default();
    vec![
        plain(asked.run.short()),
        vec![piece(Tone::Strong, names::workflow(state, &asked.workflow))],
        plain(asked.path.to_string()),
        vec![piece(Tone::Warn, format!("{}/{}", have(asked), asked.quorum))],
        plain(time::moment(state, asked.since_ms)),
        plain(message.to_owned()),
    ]
}
