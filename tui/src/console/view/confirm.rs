//! The dialog before something is done to runs.

use ratatui::layout::Rect;

use super::dialog::{self, Rows};
use super::pen::{Pen, piece};
use super::{layout, names, repeat};
use crate::console::command;
use crate::console::state::{Confirm, State, Verb};
use crate::console::theme::Tone;
use crate::say;

/// Runs that are named; of the others there is the number.
const NAMED: usize = 5;
/// Rows that what is said below them may need: how many more, a blank, what comes of it,
/// the command.
const BELOW: u16 = 6;

pub fn draw(pen: &mut Pen<'_>, state: &State, confirm: &Confirm) {
    let words = &state.words;
    let count = confirm.runs.len();
    let named = u16::try_from(count.min(NAMED + 1)).unwrap_or(1);
    let verb = confirm.verb.word();
    let title = format!("{verb}-title");
    let choice = if confirm.revision.is_some() { 3 } else { 0 };
    let area = layout::dialog(state, 72, named + 9 + choice);
    let inner = dialog::open(pen, area, &say!(words, &title, count = count));
    // where there is little room, what is to be answered stays in sight
    let last = inner.height.min(1);
    let above = Rect { height: inner.height - last, ..inner };
    let answer = Rect { y: above.bottom(), height: last, ..inner };
    let most = usize::from(above.height.saturating_sub(BELOW + choice)).clamp(1, NAMED);
    let mut rows = Rows::new(above);
    for (run, workflow) in confirm.runs.iter().take(most) {
        let name = names::workflow(state, workflow);
        rows.line(
            pen,
            &[piece(Tone::Strong, run.short()), piece(Tone::Plain, format!("  {name}"))],
        );
    }
    if count > most {
        let more = say!(words, "cancel-more", count = count - most);
        rows.line(pen, &[piece(Tone::Faint, more)]);
    }
    rows.skip();
    rows.paragraph(pen, Tone::Plain, &say!(words, &format!("{verb}-consequence")));
    if let Some(chosen) = confirm.revision {
        rows.skip();
        rows.line(pen, &[piece(Tone::Plain, say!(words, "retry-other", count = chosen.other))]);
        let options = [say!(words, "retry-own"), say!(words, "retry-newest")];
        rows.line(pen, &repeat::choice(state, &options, chosen.newest));
    }
    let command = match confirm.verb {
        Verb::Retry => command::each_again(&state.namespace, &confirm.retries()[..1]),
        _ => command::each(&state.namespace, verb, &confirm.ids()[..1]),
    };
    rows.line(pen, &[piece(Tone::Faint, format!("$ {command}"))]);
    if confirm.is_typed() {
        let row = answer;
        let ask = say!(words, "cancel-type", count = count);
        let used = pen.line(row, &[piece(Tone::Warn, format!("{ask} "))]);
        let field = Rect { x: row.x + used, width: row.width - used, ..row };
        let (text, at) = confirm.typed.visible(usize::from(field.width));
        pen.text(field, Tone::Strong, text);
        pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
        return;
    }
    let (keep, end) = (say!(words, "cancel-keep"), say!(words, "cancel-do"));
    dialog::keep_or_do(pen, answer, &keep, &end, confirm.yes);
}
