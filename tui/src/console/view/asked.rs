//! The list of what people are asked to approve.

use ratatui::layout::Rect;
use rpa_ipc::asking::ApprovalView;

use super::pen::{Pen, piece};
use super::table::{self, Column, Row};
use super::{banner, layout, names, nothing};
use crate::console::state::{State, have};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State) {
    let (words, asked) = (&state.words, &state.asked);
    let (list, _) = layout::list(state);
    if let Some(fault) = &asked.fault {
        return nothing::refused(pen, state, list, fault);
    }
    if asked.rows.is_empty() {
        let text = match (asked.known, state.link.is_up()) {
            (true, _) => say!(words, "asked-none"),
            (false, true) => say!(words, "list-asking"),
            (false, false) => banner::unknown(state),
        };
        return nothing::text(pen, list, &text);
    }
    let columns = [
        Column::new(say!(words, "col-run")).spare(2),
        Column::new(say!(words, "col-workflow")).least(10),
        Column::new(say!(words, "col-step")).least(8),
        Column::new(say!(words, "col-have")).right(),
        Column::new(say!(words, "col-since")).spare(3),
        Column::new(say!(words, "col-message")).least(12).spare(1),
    ];
    let shown = asked.rows.iter().enumerate().skip(asked.cursor.top);
    let lines: Vec<Row> = shown
        .take(layout::list_rows(state))
        .map(|(at, one)| Row {
            cells: cells(state, one),
            marked: false,
            selected: at == asked.cursor.index,
        })
        .collect();
    table::draw(pen, list, &columns, &lines, true);
    let below = u16::try_from(lines.len() + 1).unwrap_or(u16::MAX);
    if asked.more && below < list.height {
        let row = Rect { x: list.x + 2, y: list.y + below, width: list.width - 2, height: 1 };
        pen.text(row, Tone::Faint, &say!(words, "asked-more", count = asked.rows.len()));
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
