//! What comes of a text that was edited, and what is done with it.

use ratatui::layout::Rect;

use super::super::dialog::{self, Rows};
use super::super::pen::{Pen, piece};
use super::super::{layout, names};
use crate::console::state::{EditDialog, EditStage, EditStop, State};
use crate::console::theme::Tone;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, edited: &EditDialog) {
    let words = &state.words;
    let name = names::workflow(state, &edited.edit.workflow);
    let title = match &edited.stage {
        EditStage::Problems(problems) => {
            let count = problems.iter().filter(|problem| !problem.warning).count();
            say!(words, "edited-problems", name = name, count = count)
        }
        EditStage::Stale { newest, .. } => {
            say!(words, "edited-stale", name = name, revision = *newest)
        }
        _ => say!(words, "edited-plan", name = name),
    };
    let area = layout::edited(state, edited);
    let inner = dialog::open(pen, area, &title);
    if inner.is_empty() {
        return;
    }
    let (height, count) = layout::edited_rows(state, edited);
    let lines = edited.lines(state, usize::from(inner.width));
    let top = edited.top.min(lines.len().saturating_sub(1));
    let text = Rect { height: u16::try_from(height).unwrap_or(0).min(inner.height), ..inner };
    for (y, line) in (text.y..text.bottom()).zip(lines.iter().skip(top)) {
        pen.text(Rect { y, height: 1, ..text }, line.tone, &line.text);
    }
    let below = Rect { y: text.bottom(), height: inner.height - text.height, ..inner };
    let mut rows = Rows::new(below);
    let rule = rows.next();
    pen.rule(rule, &[]);
    if count > height {
        let place = format!(" {}/{count} ", (top + height).min(count));
        pen.right(rule, &[piece(Tone::Warn, place)]);
    }
    rows.line(pen, &[piece(Tone::Faint, edited.path.display().to_string())]);
    let labels = labels(state, edited);
    let area = rows.several(dialog::button_rows(&labels, inner.width));
    dialog::buttons(pen, area, &labels);
    rows.paragraph(pen, Tone::Faint, &format!("$ {}", edited.command(state)));
}

/// What can be chosen, as buttons.
pub fn labels(state: &State, edited: &EditDialog) -> Vec<(bool, Tone, String)> {
    let label = |stop: &EditStop| {
        let (tone, id) = match stop {
            EditStop::Again if edited.is_draft() => (Tone::Plain, "edit-back"),
            EditStop::Again => (Tone::Plain, "edit-again"),
            EditStop::Apply => (Tone::Good, "edit-apply"),
            EditStop::Draft => (Tone::Plain, "edit-as-draft"),
            EditStop::Keep if edited.is_draft() => (Tone::Plain, "leave-keep"),
            EditStop::Keep => (Tone::Plain, "edit-keep"),
            EditStop::Discard => (Tone::Bad, "edit-discard"),
        };
        (*stop == edited.at, tone, state.words.say(id, &[]))
    };
    edited.stops().iter().map(label).collect()
}
