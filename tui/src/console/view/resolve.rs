//! The dialog that decides about a step in doubt.

use ratatui::layout::Rect;

use super::dialog::{self, Rows};
use super::layout;
use super::pen::{Pen, piece};
use crate::console::state::{Choice, Resolve, State, reason_text, resolve_command};
use crate::console::theme::Tone;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, resolve: &Resolve) {
    let words = &state.words;
    let area = layout::dialog(state, 76, if resolve.others.is_some() { 16 } else { 15 });
    let title = say!(words, "resolve-title", step = resolve.path.as_str());
    let mut rows = Rows::new(dialog::open(pen, area, &title));
    let reason = match resolve.reason.is_empty() {
        true => say!(words, "resolve-why"),
        false => reason_text(state, &resolve.reason).into_owned(),
    };
    rows.paragraph(pen, Tone::Warn, &reason);
    rows.paragraph(pen, Tone::Plain, &say!(words, "resolve-find-out", effect = &*resolve.effect));
    rows.skip();
    for (number, choice) in (1..).zip(Choice::ALL) {
        let chosen = resolve.choice == Some(choice);
        let row = rows.next();
        let about = words.say(&format!("resolve-{}", choice.word()), &[]);
        pen.line(
            row,
            &[
                piece(Tone::Key, format!("{} {number} ", if chosen { ">" } else { " " })),
                piece(Tone::Strong, format!("{:<6}", choice.word())),
                piece(Tone::Plain, about),
            ],
        );
        if chosen {
            pen.reverse(row);
        }
    }
    if let Some(others) = &resolve.others {
        let count = format!("{}{}", others.count, if others.more { "+" } else { "" });
        let about = say!(words, "resolve-all", count = count, of = others.of.as_str());
        let mark = if resolve.all { "x" } else { " " };
        let pieces = [piece(Tone::Key, "  4 "), piece(Tone::Strong, format!("[{mark}]   "))];
        let row = rows.next();
        let used = pen.line(row, &pieces);
        let rest = Rect { x: row.x + used, width: row.width - used, ..row };
        pen.line(rest, &[piece(Tone::Plain, about)]);
    }
    if resolve.choice == Some(Choice::Done) {
        let row = rows.next();
        let label = say!(words, "resolve-outputs");
        let used = pen.line(row, &[piece(Tone::Faint, format!("    {label}: "))]);
        let field = Rect { x: row.x + used, width: row.width - used, ..row };
        let (text, at) = resolve.output.visible(usize::from(field.width));
        pen.text(field, Tone::Strong, text);
        if !field.is_empty() {
            pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
        }
    } else {
        rows.skip();
    }
    match &resolve.problem {
        Some(problem) => rows.paragraph(pen, Tone::Bad, problem),
        None => rows.skip(),
    }
    rows.paragraph(pen, Tone::Faint, &format!("$ {}", resolve_command(state, resolve)));
}
