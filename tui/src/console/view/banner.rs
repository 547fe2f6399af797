//! The daemon is away: since when, why, what is shown meanwhile, and what happens.

use ratatui::layout::Rect;

use super::layout;
use super::pen::{Pen, piece};
use crate::console::state::{Link, State, fault_hint, fault_text};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

/// Instead of what is not known yet: why, and what can be done.
pub fn unknown(state: &State) -> String {
    let text = say!(state.words, "list-unknown");
    match state.link.absence() {
        Some(absence) => format!("{text}\n\n{}", fault_hint(state, &absence.fault)),
        None => text,
    }
}

pub fn draw(pen: &mut Pen<'_>, state: &State) {
    let Some(absence) = state.link.absence() else { return };
    let area = layout::banner(state);
    let row = |i: u16| Rect { y: area.y + i, height: 1, ..area };
    let words = &state.words;
    let away = time::elapsed(words, state.now_ms.saturating_sub(absence.since_ms));
    let retry = match &state.link {
        Link::Away { retry_ms, .. } => {
            let pause = retry_ms.saturating_sub(state.now_ms).div_ceil(1_000) * 1_000;
            say!(words, "banner-retry", pause = time::elapsed(words, pause))
        }
        Link::Connecting { .. } | Link::Up => say!(words, "banner-trying"),
    };
    let known = state.status.is_some();
    let shown = match known {
        true => {
            let moment = time::moment(state, absence.since_ms);
            say!(words, "banner-shown", moment = moment)
        }
        // what can be done stands where there is room for it
        false => String::new(),
    };
    let cross = state.look.mark("failed").glyph;
    let head = say!(words, "banner-away", time = away);
    pen.line(
        row(0),
        &[
            piece(Tone::Bad, format!(" {cross} {head}")),
            piece(Tone::Plain, format!("  {}", fault_text(state, &absence.fault))),
        ],
    );
    let edge = pen.right(row(1), &[piece(Tone::Warn, format!("  {retry} "))]);
    let left = Rect { width: edge.saturating_sub(area.x), ..row(1) };
    pen.text(left, Tone::Faint, &format!("   {shown}"));
}
