//! One trigger: how it stands, what became of its slots or deliveries, what comes.

use ratatui::layout::Rect;
use rpa_ipc::triggers::{ComingSlot, TriggerView};

use super::super::pen::{Pen, piece};
use super::super::table::{self, Column, Row};
use super::super::{banner, layout, names, nothing};
use super::list::standing;
use super::{past, strip};
use crate::console::state::{State, TriggerPane, TriggerScreen, trigger_lines, under_way};
use crate::console::theme::Tone;
use crate::say;
use crate::text::moment;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &TriggerScreen) {
    let body = layout::body(state);
    if let Some(fault) = &open.fault {
        return nothing::refused(pen, state, body, fault);
    }
    let Some(view) = &open.view else {
        let text = match state.link.is_up() {
            true => say!(state.words, "list-asking"),
            false => banner::unknown(state),
        };
        return nothing::text(pen, body, &text);
    };
    let areas = layout::trigger(state, open);
    title(pen, state, open, view, areas.title);
    let lines = trigger_lines(state, view, usize::from(areas.head.width.saturating_sub(2)));
    for (y, line) in (areas.head.y..areas.head.bottom()).zip(&lines) {
        let row = Rect { x: areas.head.x + 1.min(areas.head.width), y, height: 1, ..areas.head };
        pen.text(Rect { width: row.width.saturating_sub(2), ..row }, line.tone, &line.text);
    }
    strip::draw(pen, state, open, areas.strip, areas.legend);
    rules(pen, state, open, &areas);
    past::draw(pen, state, open, view, areas.past);
    past::note(pen, state, open, areas.note);
    coming(pen, state, open, view, areas.coming);
}

fn title(pen: &mut Pen<'_>, state: &State, open: &TriggerScreen, view: &TriggerView, area: Rect) {
    let mut pieces = vec![
        piece(Tone::Strong, format!(" {}", names::trigger(state, &open.name))),
        piece(Tone::Plain, "  "),
    ];
    pieces.extend(standing(state, view));
    pieces.push(piece(Tone::Faint, format!("  {}", names::kind(state, &view.kind))));
    if let Some(revision) = view.revision {
        pieces.push(piece(Tone::Faint, format!("  r{revision}")));
    }
    if !view.timezone.is_empty() {
        pieces.push(piece(Tone::Faint, format!("  {}", view.timezone)));
    }
    let under_way = under_way(state, view);
    if !under_way.is_empty() {
        pieces.push(piece(Tone::Busy, format!("  {under_way}")));
    }
    pen.line(area, &pieces);
}

/// The names of the lists; where only one is shown, the other one as well.
fn rules(pen: &mut Pen<'_>, state: &State, open: &TriggerScreen, areas: &layout::TriggerAreas) {
    let words = &state.words;
    let name = |pane: TriggerPane, text: String| {
        piece(if open.pane == pane { Tone::Strong } else { Tone::Faint }, text)
    };
    let more = if open.more { "+" } else { "" };
    let mut past = vec![match open.has_slots() {
        true => name(TriggerPane::Past, say!(words, "pane-slots")),
        false => name(TriggerPane::Past, say!(words, "pane-deliveries")),
    }];
    if !open.past.is_empty() {
        let place = format!("  {}/{}{more}", open.cursor.index + 1, open.past.len());
        past.push(piece(Tone::Faint, place));
    }
    if !open.has_slots() {
        return pen.rule(areas.rule, &past);
    }
    let coming = name(TriggerPane::Coming, say!(words, "pane-coming"));
    if areas.coming_rule.is_empty() {
        past.push(piece(Tone::Plain, "   "));
        past.push(coming);
        return pen.rule(areas.rule, &past);
    }
    pen.rule(areas.rule, &past);
    pen.rule(areas.coming_rule, &[coming]);
}

fn coming(pen: &mut Pen<'_>, state: &State, open: &TriggerScreen, view: &TriggerView, area: Rect) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    let slots = match &open.coming {
        Some(Ok(slots)) if !slots.is_empty() => slots,
        Some(Ok(_)) => return nothing::text(pen, area, &say!(words, "coming-none")),
        Some(Err(fault)) => return nothing::refused(pen, state, area, fault),
        None if open.known => return nothing::text(pen, area, &say!(words, "coming-none")),
        None => return nothing::text(pen, area, &say!(words, "list-asking")),
    };
    let columns = [
        Column::new(say!(words, "col-slot")),
        Column::new(say!(words, "col-note")).least(8).spare(1),
    ];
    let height = usize::from(area.height.saturating_sub(1)).max(1);
    let window = slots.iter().skip(open.coming_top).take(height);
    let zone = moment::zone(view);
    let at: Vec<u64> = window.clone().map(|slot| slot.slot_ms).collect();
    let row = |(slot, at): (&ComingSlot, String)| {
        let note = match &slot.passed {
            Some(why) => {
                let why = names::said(state, why);
                piece(Tone::Warn, say!(words, "coming-passed", reason = why))
            }
            None => match moment::other(slot.due_ms, slot.slot_ms, &zone) {
                same if same.is_empty() => piece(Tone::Plain, ""),
                due => piece(Tone::Plain, say!(words, "coming-due", due = due)),
            },
        };
        let tone = if slot.passed.is_some() { Tone::Faint } else { Tone::Plain };
        Row { cells: vec![vec![piece(tone, at)], vec![note]], ..Row::default() }
    };
    let rows: Vec<Row> = window.zip(moment::column(&at, &zone)).map(row).collect();
    table::draw(pen, area, &columns, &rows, false);
}
