//! The list of triggers, and the selected one in a few lines.

use ratatui::layout::Rect;
use rpa_ipc::triggers::{SlotView, TriggerView};

use super::super::pen::{Pen, Piece, piece};
use super::super::table::{self, Column, Row};
use super::super::{banner, layout, names, nothing};
use crate::console::command;
use crate::console::state::{State, TriggerName, Trouble, trigger_lines, troubles, under_way};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State) {
    let (list, preview) = layout::list(state);
    let screen = &state.triggers;
    if let Some(fault) = &screen.fault {
        return nothing::refused(pen, state, layout::body(state), fault);
    }
    let shown: Vec<&TriggerView> = screen.shown().collect();
    if shown.is_empty() {
        return nothing::text(pen, layout::body(state), &empty(state));
    }
    let words = &state.words;
    let columns = [
        Column::new(say!(words, "col-workflow")).least(8),
        Column::new(say!(words, "col-trigger")).least(7),
        Column::new(say!(words, "col-kind")).spare(4),
        Column::new(say!(words, "col-status")),
        Column::new(say!(words, "col-what")).least(10).spare(3),
        Column::new(say!(words, "col-next")).spare(1),
        Column::new(say!(words, "col-last")).spare(2),
    ];
    let cursor = &screen.cursor;
    let window = shown.iter().enumerate().skip(cursor.top).take(layout::list_rows(state));
    let rows: Vec<Row> = window
        .map(|(i, view)| Row {
            cells: cells(state, view),
            selected: i == cursor.index,
            marked: false,
        })
        .collect();
    table::draw(pen, list, &columns, &rows, true);
    if let Some(view) = screen.selected() {
        detail(pen, state, preview, view, shown.len());
    }
}

fn empty(state: &State) -> String {
    let words = &state.words;
    match (&state.triggers, state.link.is_up()) {
        (screen, _) if screen.known && !screen.filter.is_empty() => {
            say!(words, "triggers-no-match", filter = &*screen.filter)
        }
        (screen, _) if screen.known => say!(words, "triggers-none"),
        (_, true) => say!(words, "list-asking"),
        (_, false) => banner::unknown(state),
    }
}

fn cells(state: &State, view: &TriggerView) -> Vec<table::Cell> {
    let plain = |text: String| vec![piece(Tone::Plain, text)];
    let none = || "-".to_owned();
    let next = view.next.as_ref().map_or_else(none, |next| time::moment(state, next.due_ms));
    let last = match &view.last {
        Some(slot) => vec![
            names::status(state, &slot.fate),
            piece(Tone::Plain, format!(" {}", time::moment(state, slot.slot_ms))),
        ],
        None => plain(none()),
    };
    vec![
        vec![piece(Tone::Strong, names::workflow(state, &view.workflow))],
        plain(view.trigger.clone()),
        vec![piece(Tone::Faint, names::kind(state, &view.kind))],
        standing(state, view),
        plain(names::what(state, view)),
        plain(next),
        last,
    ]
}

/// How it stands, with a sign where that does not tell that a person is wanted, and how
/// much was missed.
pub(in super::super) fn standing(state: &State, view: &TriggerView) -> Vec<Piece> {
    let status = names::status(state, &view.status);
    match (Trouble::of(view), view.missed) {
        (Some(Trouble::Refused | Trouble::Missed), missed @ 1..) => {
            vec![status, piece(Tone::Bad, format!(" !{}", names::number(missed.into())))]
        }
        (Some(Trouble::PausedItself | Trouble::Refused | Trouble::Missed), _) => {
            vec![status, piece(Tone::Bad, " !")]
        }
        (Some(Trouble::Failing | Trouble::Broken) | None, _) => vec![status],
    }
}

fn detail(pen: &mut Pen<'_>, state: &State, area: Rect, view: &TriggerView, shown: usize) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    let name = TriggerName::of(view);
    let place = format!("  {}/{shown}", state.triggers.cursor.index + 1);
    let mut title =
        vec![piece(Tone::Strong, names::trigger(state, &name)), piece(Tone::Faint, place)];
    for (trouble, count) in troubles(&state.triggers.rows) {
        let text = say!(words, trouble.words(), count = count);
        title.push(piece(Tone::Warn, format!("  {text}")));
    }
    pen.rule(area, &title);
    let mut inner = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height - 1,
    };
    let mut put = |pen: &mut Pen<'_>, tone: Tone, text: &str| {
        let rows = pen.paragraph(inner, tone, text);
        inner.y += rows;
        inner.height -= rows;
    };
    if let Some(slot) = &view.last {
        let (tone, text) = last(state, slot);
        put(pen, tone, &text);
    }
    for line in trigger_lines(state, view, usize::from(area.width.saturating_sub(2))) {
        put(pen, line.tone, &line.text);
    }
    let under_way = under_way(state, view);
    if !under_way.is_empty() {
        put(pen, Tone::Busy, &under_way);
    }
    put(pen, Tone::Faint, &format!("$ {}", command::past(&state.namespace, &name, Some(view))));
}

/// What became of its last slot, and why.
fn last(state: &State, slot: &SlotView) -> (Tone, String) {
    let words = &state.words;
    let (tone, word) = names::status(state, &slot.fate);
    let moment = time::moment(state, slot.slot_ms);
    let text = say!(words, "trigger-last", moment = moment, fate = word);
    let tone = if tone == Tone::Bad { Tone::Bad } else { Tone::Plain };
    match (&slot.run, &slot.reason) {
        (_, Some(why)) => (tone, format!("{text}: {}", names::said(state, why))),
        (Some(run), None) => (tone, format!("{text}: {}", run.short())),
        (None, None) => (tone, text),
    }
}
