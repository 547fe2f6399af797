//! What has happened to a run: when, to which step, what, and whose doing it was.

use ratatui::layout::Rect;
use rpa_engine::StepPath;
use rpa_ipc::why::Telling;

use super::pen::{Pen, Piece, piece};
use super::table::{self, Column, Row};
use super::{layout, names};
use crate::console::state::{Focus, RunScreen, State, event_text, event_who, fault_text};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, run: &RunScreen, area: Rect) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    let pane = &run.events;
    if let Some(fault) = &pane.fault {
        pen.paragraph(area, Tone::Bad, &fault_text(state, fault));
        return;
    }
    if pane.rows.is_empty() {
        let id = match (pane.known, state.link.is_up()) {
            (false, true) => "list-asking",
            (false, false) => "list-unknown",
            (true, _) => "events-none",
        };
        pen.text(area, Tone::Faint, &format!(" {}", say!(words, id)));
        return;
    }
    let (area, note) = layout::events(state);
    let columns = [
        Column::new(say!(words, "col-when")),
        Column::new(say!(words, "col-step")).least(8).spare(2),
        Column::new(say!(words, "col-what")).least(12),
        Column::new(say!(words, "col-by")).least(4).spare(3),
    ];
    let height = layout::event_rows(state);
    let shown = pane.rows.iter().enumerate().skip(pane.top).take(height);
    let rows: Vec<Row> = shown
        .map(|(i, at)| Row {
            cells: cells(state, &pane.all[*at]),
            selected: i == pane.at,
            marked: false,
        })
        .collect();
    table::draw(pen, area, &columns, &rows, run.focus == Focus::Lower);
    if let Some(telling) = pane.selected() {
        let inner =
            Rect { x: note.x + 2.min(note.width), width: note.width.saturating_sub(4), ..note };
        pen.paragraph(inner, Tone::Plain, &event_text(state, telling));
    }
}

fn cells(state: &State, telling: &Telling) -> Vec<table::Cell> {
    let moment = telling.at_ms.map_or_else(|| "-".to_owned(), |ms| time::moment(state, ms));
    let path = telling.path.as_ref().map_or("-", StepPath::as_str);
    vec![
        vec![piece(Tone::Faint, moment)],
        vec![piece(Tone::Key, path)],
        vec![piece(tone(&telling.kind), event_text(state, telling))],
        vec![piece(Tone::Plain, event_who(telling))],
    ]
}

fn tone(kind: &str) -> Tone {
    match kind {
        "step_failed" | "ended_failed" | "not_undone" | "time_of_run_out" | "time_of_step_out"
        | "event_failed" | "no_key" => Tone::Bad,
        "step_retries"
        | "step_again"
        | "step_doubted"
        | "step_cancelled"
        | "cancel_asked"
        | "pause_asked"
        | "ended_cancelled"
        | "approval_asked"
        | "start_promise_broken"
        | "finish_promise_broken"
        | "lease_ended"
        | "rejected" => Tone::Warn,
        "step_completed" | "ended_completed" | "approved" | "undone" => Tone::Good,
        _ => Tone::Plain,
    }
}

/// How many there are, what is looked for, whether the newest is followed.
pub fn standing(state: &State, run: &RunScreen) -> Vec<Piece> {
    let words = &state.words;
    let pane = &run.events;
    let mut pieces = Vec::new();
    if !pane.filter.is_empty() {
        let typed = crate::text::fit(&pane.filter, 16, state.look.ellipsis());
        pieces.push(piece(Tone::Key, format!("/{typed}  ")));
    }
    if pane.follow && run.is_live() {
        pieces.push(piece(Tone::Busy, format!("{}  ", say!(words, "log-follow"))));
    }
    let place = (pane.at + 1).min(pane.rows.len());
    let (place, all) = (names::number(place as u64), names::number(pane.rows.len() as u64));
    pieces.push(piece(Tone::Faint, format!("{place}/{all}")));
    if pane.left_out > 0 {
        let older = say!(words, "events-older", count = names::number(pane.left_out));
        pieces.push(piece(Tone::Faint, format!("  {older}")));
    }
    pieces
}
