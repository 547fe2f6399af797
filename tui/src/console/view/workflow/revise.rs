//! The dialog before another revision becomes the one that new runs are of.

use super::super::dialog::{self, Rows};
use super::super::pen::{Pen, piece};
use super::super::{layout, names};
use crate::console::state::{Revise, Revision, State};
use crate::console::theme::Tone;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, revise: &Revise) {
    let words = &state.words;
    let name = names::workflow(state, &revise.workflow);
    let revision = revise.revision;
    let (title, consequence, go) = match revise.what {
        Revision::Publish => (
            say!(words, "publish-title", name = name, revision = revision),
            say!(words, "publish-consequence", revision = revision),
            say!(words, "publish-do"),
        ),
        Revision::RollBack => (
            say!(words, "rollback-title", name = name, revision = revision),
            say!(words, "rollback-consequence", revision = revision),
            say!(words, "rollback-do"),
        ),
    };
    let inner = dialog::open(pen, layout::dialog(state, 76, 12), &title);
    let mut rows = Rows::new(inner);
    rows.paragraph(pen, Tone::Plain, &consequence);
    let now = match revise.live {
        Some(live) => say!(words, "revise-live", live = live),
        None => say!(words, "revise-none-live"),
    };
    rows.paragraph(pen, Tone::Plain, &now);
    rows.skip();
    rows.line(pen, &[piece(Tone::Faint, format!("$ {}", revise.command(state)))]);
    rows.skip();
    dialog::keep_or_do(pen, rows.next(), &say!(words, "revise-keep"), &go, revise.yes);
}
