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
    buttons(pen, state, edited, rows.next());
    rows.paragraph(pen, Tone::Faint, &format!("$ {}", edited.command(state)));
}

fn buttons(pen: &mut Pen<'_>, state: &State, edited: &EditDialog, row: Rect) {
    let words = &state.words;
    let mut left = row;
    for stop in edited.stops() {
        let (tone, id) = match stop {
            EditStop::Again if edited.is_draft() => (Tone::Plain, "edit-back"),
            EditStop::Again => (Tone::Plain, "edit-again"),
            EditStop::Apply => (Tone::Good, "edit-apply"),
            EditStop::Draft => (Tone::Plain, "edit-as-draft"),
            EditStop::Keep if edited.is_draft() => (Tone::Plain, "leave-keep"),
            EditStop::Keep => (Tone::Plain, "edit-keep"),
            EditStop::Discard => (Tone::Bad, "edit-discard"),
        };
        let used = pen.line(left, &[piece(tone, format!("[{}]", words.say(id, &[])))]);
        if *stop == edited.at {
            pen.reverse(Rect { width: used, ..left });
        }
        let used = (used + 1).min(left.width);
        left = Rect { x: left.x + used, width: left.width - used, ..left };
    }
}
