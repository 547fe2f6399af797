//! What a newcomer sees: three steps to an example that runs, each with its command.

use ratatui::layout::Rect;
use rpa_config::examples::WELCOME;

use super::dialog::Rows;
use super::pen::{Pen, piece};
use crate::console::keys::Scope;
use crate::console::state::{State, Welcome};
use crate::console::theme::Tone;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, area: Rect, stage: Welcome) {
    let words = &state.words;
    let inner = Rect { x: area.x + 2.min(area.width), width: area.width.saturating_sub(4), ..area };
    let mut rows = Rows::new(inner);
    // in the least room the steps matter most
    let roomy = area.height >= 15;
    if roomy {
        rows.skip();
    }
    rows.paragraph(pen, Tone::Strong, &say!(words, "welcome-title"));
    rows.paragraph(pen, Tone::Plain, &say!(words, "welcome-text", name = WELCOME));
    for step in Welcome::ALL {
        if roomy {
            rows.skip();
        }
        let key = state.keys.binding(step.action(), &[Scope::Welcome]).and_then(|b| b.keys.first());
        let key = key.map(ToString::to_string).unwrap_or_default();
        let (sign, tone) = match step.cmp(&stage) {
            std::cmp::Ordering::Less => (state.look.glyph("✓", "+"), Tone::Faint),
            std::cmp::Ordering::Equal => (">", Tone::Strong),
            std::cmp::Ordering::Greater => (" ", Tone::Faint),
        };
        let text = match step {
            Welcome::Apply => say!(words, "welcome-apply", name = WELCOME),
            Welcome::Run => say!(words, "welcome-run"),
            Welcome::Watch => say!(words, "welcome-watch"),
        };
        rows.line(
            pen,
            &[
                piece(tone, format!("{sign} ")),
                piece(if step == stage { Tone::Key } else { Tone::Faint }, key),
                piece(tone, format!("  {text}")),
            ],
        );
        rows.line(pen, &[piece(Tone::Faint, format!("     $ {}", step.command(state)))]);
    }
    if roomy {
        rows.skip();
    }
    rows.paragraph(pen, Tone::Faint, &say!(words, "welcome-own"));
}
