//! The dialogs before a run is retried: with which revision, and before steps of the class
//! `once` are repeated.

use super::dialog::{self, Rows};
use super::pen::{Pen, Piece, piece};
use super::{layout, names};
use crate::console::command;
use crate::console::state::{Repeat, Retry, State, fault_text};
use crate::console::theme::Tone;
use crate::say;

/// Refusals that are named; of the others there is the number.
const NAMED: usize = 4;

pub fn retry(pen: &mut Pen<'_>, state: &State, retry: &Retry) {
    let words = &state.words;
    let area = layout::dialog(state, 76, 12);
    let title = say!(words, "retry-one-title", run = retry.run.short());
    let mut rows = Rows::new(dialog::open(pen, area, &title));
    let name = names::workflow(state, &retry.workflow);
    let (revision, live) = (retry.revision, retry.live);
    let text = say!(words, "retry-live", name = name, revision = revision, live = live);
    rows.paragraph(pen, Tone::Plain, &text);
    rows.skip();
    let options = [
        say!(words, "form-pinned", revision = revision),
        say!(words, "form-newest", revision = live),
    ];
    rows.line(pen, &choice(state, &options, retry.newest));
    rows.skip();
    let about = if retry.newest { "retry-about-live" } else { "retry-about-own" };
    rows.paragraph(pen, Tone::Faint, &say!(words, about));
    let command = command::again(&state.namespace, &retry.again());
    rows.paragraph(pen, Tone::Faint, &format!("$ {command}"));
}

/// The two revisions, with the chosen one marked.
pub(super) fn choice(state: &State, options: &[String; 2], newest: bool) -> [Piece; 3] {
    let option = |chosen: bool, text: &str| {
        let mark = if chosen { "(x)" } else { "( )" };
        piece(if chosen { Tone::Strong } else { Tone::Plain }, format!("{mark} {text}  "))
    };
    [
        piece(Tone::Strong, format!("{} ", say!(state.words, "form-revision"))),
        option(!newest, &options[0]),
        option(newest, &options[1]),
    ]
}

pub fn draw(pen: &mut Pen<'_>, state: &State, repeat: &Repeat) {
    let words = &state.words;
    let more = u16::try_from(repeat.refused.len().min(NAMED + 1)).unwrap_or(1);
    let area = layout::dialog(state, 76, 11 + more);
    let mut rows = Rows::new(dialog::open(pen, area, &say!(words, "repeat-title")));
    for (_, fault) in repeat.refused.iter().take(NAMED) {
        rows.paragraph(pen, Tone::Warn, &fault_text(state, fault));
    }
    if let Some(more) = repeat.refused.len().checked_sub(NAMED).filter(|more| *more > 0) {
        rows.paragraph(pen, Tone::Warn, &say!(words, "cancel-more", count = more));
    }
    rows.skip();
    rows.paragraph(pen, Tone::Plain, &say!(words, "repeat-consequence"));
    let all = repeat.repeated();
    let command = command::each_again(&state.namespace, &all[..1.min(all.len())]);
    rows.paragraph(pen, Tone::Faint, &format!("$ {command}"));
    rows.skip();
    let (keep, go) = (say!(words, "repeat-keep"), say!(words, "repeat-do"));
    dialog::keep_or_do(pen, rows.next(), &keep, &go, repeat.yes);
}
