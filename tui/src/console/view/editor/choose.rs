//! A list of which one row is chosen.

use ratatui::layout::Rect;

use super::super::dialog::{self, Rows};
use super::super::layout;
use super::super::pen::{Pen, piece};
use crate::console::state::{Choose, Choosing, State};
use crate::console::theme::Tone;
use crate::say;
use crate::text::cells;

/// Cells of the first column at most.
const WORD: usize = 30;

pub fn draw(pen: &mut Pen<'_>, state: &State, open: &Choose) {
    let words = &state.words;
    let title = match open.what {
        Choosing::Kind { .. } if state.selected_step().is_none() => {
            say!(words, "choose-kind-first")
        }
        Choosing::Kind { .. } if state.selected_step().is_some_and(|step| step.kind == "case") => {
            say!(words, "choose-kind-in", case = step(state))
        }
        Choosing::Kind { beside: false } => say!(words, "choose-kind", step = step(state)),
        Choosing::Kind { beside: true } => say!(words, "choose-kind-beside", step = step(state)),
        Choosing::Link => say!(words, "choose-link", step = step(state)),
        Choosing::Unlink => say!(words, "choose-unlink", step = step(state)),
        Choosing::Place => say!(words, "choose-place", step = step(state)),
        Choosing::Value => say!(words, "choose-value"),
    };
    let count = u16::try_from(open.offers.len()).unwrap_or(u16::MAX);
    let area = layout::dialog(state, 90, count.saturating_add(4).min(22));
    let inner = dialog::open(pen, area, &title);
    let mut rows = Rows::new(inner);
    let field = rows.next();
    let used = pen.line(field, &[piece(Tone::Key, "/ ")]);
    let field = Rect { x: field.x + used, width: field.width - used, ..field };
    let (text, at) = open.input.visible(usize::from(field.width));
    pen.text(field, Tone::Strong, text);
    pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
    let list = rows.rest();
    let found = open.rows();
    if found.is_empty() {
        pen.text(list, Tone::Faint, &say!(words, "palette-nothing"));
    }
    let indent = |depth: u32| "  ".repeat(usize::try_from(depth).unwrap_or(0).min(8));
    let width = open.offers.iter().map(|o| cells(&o.word) + cells(&indent(o.depth))).max();
    let width = width.unwrap_or(0).min(WORD);
    let top = (open.at + 1).saturating_sub(usize::from(list.height));
    for (y, (i, at)) in (list.y..list.bottom()).zip(found.iter().enumerate().skip(top)) {
        let offer = &open.offers[*at];
        let row = Rect { y, height: 1, ..list };
        let word = format!("{}{}", indent(offer.depth), offer.word);
        let word = crate::text::fit(&word, width.max(8), pen.look.ellipsis());
        let pad = " ".repeat(width.saturating_sub(cells(&word)));
        let about = piece(Tone::Faint, format!("{pad}  {}", offer.about));
        pen.line(row, &[piece(Tone::Strong, word), about]);
        if i == open.at {
            pen.reverse(row);
        }
    }
}

/// The selected step.
fn step(state: &State) -> String {
    state.selected_step().map(|step| step.label.clone()).unwrap_or_default()
}
