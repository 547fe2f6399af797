//! The dialog of settings.

use ratatui::layout::Rect;

use super::dialog::{self, Rows};
use super::layout;
use super::pen::{Pen, piece};
use crate::console::settings::{DEFINITIONS, Definition, Kind, Origin};
use crate::console::state::{State, Tuning};
use crate::console::theme::Tone;
use crate::say;
use crate::text::cells;

/// Cells of the column of values.
const VALUE: usize = 16;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &Tuning) {
    let words = &state.words;
    let count = u16::try_from(DEFINITIONS.len()).unwrap_or(0);
    let area = layout::dialog(state, 84, count + 7);
    let inner = dialog::open(pen, area, &say!(words, "settings-title"));
    // what is selected stays in sight where there is little room
    let below = 5;
    let room = usize::from(inner.height.saturating_sub(below)).max(1);
    let top = (open.at + 1).saturating_sub(room);
    let label = |definition: &Definition| words.say(&format!("set-{}", definition.name), &[]);
    let width = DEFINITIONS.iter().map(|d| cells(&label(d))).max().unwrap_or(0);
    let mut rows = Rows::new(inner);
    for (i, definition) in DEFINITIONS.iter().enumerate().skip(top).take(room) {
        let row = rows.next();
        let text = label(definition);
        let pad = " ".repeat(width - cells(&text));
        let selected = i == open.at;
        pen.row(row, selected, open.typed.is_none());
        let used = pen.line(row, &[piece(Tone::Plain, format!(" {text}{pad}  "))]);
        let rest = Rect { x: row.x + used, width: row.width.saturating_sub(used), ..row };
        if let Some(input) = open.typed.as_ref().filter(|_| selected) {
            let (text, at) = input.visible(usize::from(rest.width).max(1));
            pen.text(rest, Tone::Strong, text);
            if !rest.is_empty() {
                pen.cursor = Some((rest.x + u16::try_from(at).unwrap_or(0), rest.y));
            }
            continue;
        }
        let value = shown(state, definition);
        let pad = " ".repeat(VALUE.saturating_sub(cells(&value)));
        pen.line(
            rest,
            &[
                piece(Tone::Strong, format!("{value}{pad} ")),
                piece(Tone::Faint, origin(state, definition)),
            ],
        );
        if selected {
            pen.reverse(row);
        }
    }
    rows.skip();
    let definition = open.definition();
    let about = words.say(&format!("set-{}-help", definition.name), &[]);
    rows.paragraph(pen, Tone::Plain, &about);
    if let Kind::Words(words) = definition.kind {
        rows.paragraph(pen, Tone::Faint, &words.join("  "));
    } else {
        rows.paragraph(pen, Tone::Faint, &definition.kind.range());
    }
    let place = state.settings.place();
    if !place.is_empty() {
        rows.line(pen, &[piece(Tone::Faint, say!(words, "settings-file", path = place))]);
    }
}

fn shown(state: &State, definition: &Definition) -> String {
    let value = (definition.text)(&state.settings);
    if value.is_empty() { say!(state.words, "settings-none") } else { value }
}

fn origin(state: &State, definition: &Definition) -> String {
    let words = &state.words;
    match state.settings.origin(definition.name) {
        Origin::Default => say!(words, "origin-default"),
        Origin::File(line) => say!(words, "origin-file", line = line),
        Origin::Environment(name) => say!(words, "origin-environment", name = name),
        Origin::Flag => say!(words, "origin-flag"),
        Origin::Here => say!(words, "origin-here"),
    }
}
