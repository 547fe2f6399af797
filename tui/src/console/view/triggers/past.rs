//! What has reached a trigger, the newest first: its slots, or what was delivered to it.

use ratatui::layout::Rect;
use rpa_engine::RunId;
use rpa_ipc::fault::Said;
use rpa_ipc::triggers::{DeliveryView, SlotView, TriggerView};

use super::super::pen::{Pen, piece};
use super::super::table::{self, Cell, Column, Row};
use super::super::{names, nothing};
use crate::console::state::{Past, State, TriggerPane, TriggerScreen};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;
use crate::text::{LATE_MS, moment};

pub fn draw(
    pen: &mut Pen<'_>,
    state: &State,
    open: &TriggerScreen,
    view: &TriggerView,
    area: Rect,
) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    if open.past.is_empty() {
        let text = match (open.known, open.has_slots()) {
            (false, _) => say!(words, "list-asking"),
            (true, true) => say!(words, "slots-none"),
            (true, false) => say!(words, "deliveries-none"),
        };
        return nothing::text(pen, area, &text);
    }
    let height = usize::from(area.height.saturating_sub(1)).max(1);
    let top = open.cursor.top;
    let (columns, cells) = match &open.past {
        Past::Slots(all) => {
            let window = &all[top.min(all.len())..(top + height).min(all.len())];
            (slot_columns(state), slots(state, view, window))
        }
        Past::Deliveries(all) => {
            let window = &all[top.min(all.len())..(top + height).min(all.len())];
            (delivery_columns(state), deliveries(state, window))
        }
    };
    let row = |(i, cells)| Row { cells, selected: i == open.cursor.index, marked: false };
    let rows: Vec<Row> = (top..).zip(cells).map(row).collect();
    table::draw(pen, area, &columns, &rows, open.pane == TriggerPane::Past);
}

fn slot_columns(state: &State) -> Vec<Column> {
    let words = &state.words;
    vec![
        Column::new(say!(words, "col-slot")),
        Column::new(say!(words, "col-fate")),
        Column::new(say!(words, "col-late")).right().spare(1),
        // a slot has a run or a reason for having none: together they have more room
        Column::new(say!(words, "col-outcome")).least(12),
    ]
}

fn slots(state: &State, view: &TriggerView, window: &[SlotView]) -> Vec<Vec<Cell>> {
    let at: Vec<u64> = window.iter().map(|slot| slot.slot_ms).collect();
    let at = moment::column(&at, &moment::zone(view));
    let cells = |(slot, at): (&SlotView, String)| {
        let late = match slot.by_ms {
            ..LATE_MS => String::new(),
            ms => time::duration(&state.words, ms),
        };
        let fate = vec![names::status(state, &slot.fate)];
        vec![plain(at), fate, plain(late), outcome(state, slot.run, slot.reason.as_ref())]
    };
    window.iter().zip(at).map(cells).collect()
}

fn delivery_columns(state: &State) -> Vec<Column> {
    let words = &state.words;
    vec![
        Column::new(say!(words, "col-number")).right(),
        Column::new(say!(words, "col-when")).spare(1),
        Column::new(say!(words, "col-what")).least(10),
        Column::new(say!(words, "col-became")),
        Column::new(say!(words, "col-outcome")).least(12),
    ]
}

fn deliveries(state: &State, window: &[DeliveryView]) -> Vec<Vec<Cell>> {
    let cells = |delivery: &DeliveryView| {
        vec![
            plain(delivery.number.to_string()),
            plain(time::moment(state, delivery.at_ms)),
            plain(delivery.what.clone()),
            vec![names::status(state, &delivery.outcome)],
            outcome(state, delivery.run, delivery.reason.as_ref()),
        ]
    };
    window.iter().map(cells).collect()
}

pub fn outcome(state: &State, run: Option<RunId>, reason: Option<&Said>) -> Cell {
    let run = run.map(|run| run.short());
    let why = reason.map(|why| names::said(state, why));
    plain(run.into_iter().chain(why).collect::<Vec<_>>().join(": "))
}

fn plain(text: String) -> Cell {
    vec![piece(Tone::Plain, text)]
}

/// What the row of the selected one may have no room for.
pub fn note(pen: &mut Pen<'_>, state: &State, open: &TriggerScreen, area: Rect) {
    let Some(told) = open.selected() else { return };
    let words = &state.words;
    let text = match (told.reason, told.run) {
        (Some(why), _) => names::said(state, why),
        (None, Some(run)) => say!(words, "slot-run", run = run.short()),
        (None, None) => return,
    };
    let decided = say!(words, "slot-decided", moment = time::moment(state, told.decided_ms));
    let text = match told.what {
        None => format!("{text} ({decided})"),
        Some(what) => format!("{what}: {text} ({decided})"),
    };
    let area = Rect { x: area.x + 2.min(area.width), width: area.width.saturating_sub(4), ..area };
    pen.paragraph(area, Tone::Faint, &text);
}
