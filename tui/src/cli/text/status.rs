//! Statuses as a glyph, a word and a colour: none of them alone. Those of runs and steps,
//! of triggers, and what has become of a slot.

use super::{Line, Look, Style};
use crate::text::{Feel, sign};

/// `✓ completed`. A word of a newer daemon gets no glyph, but is shown.
pub fn status(word: &str, look: &Look) -> Line {
    let (glyph, style) = sign_of(word, look);
    Line::new().push(style, format!("{glyph} {word}"))
}

/// `✓`: the glyph alone, one cell wide.
pub fn glyph(word: &str, look: &Look) -> Line {
    let (glyph, style) = sign_of(word, look);
    Line::new().push(style, glyph)
}

fn sign_of(word: &str, look: &Look) -> (&'static str, Style) {
    let (glyph, ascii, style) = match word {
        "completed" => ("✓", "+", Style::Good),
        "failed" => ("✗", "x", Style::Bad),
        "in_doubt" => ("?", "?", Style::Warn),
        "cancelled" => ("■", "#", Style::Warn),
        "running" => ("●", "*", Style::Busy),
        "retrying" => ("↻", "r", Style::Warn),
        "waiting" => ("◌", "w", Style::Busy),
        "paused" => ("=", "=", Style::Warn),
        "queued" | "ready" => ("○", "o", Style::Plain),
        "pending" => ("·", ".", Style::Dim),
        "skipped" => ("-", "-", Style::Dim),
        other => match sign(other) {
            Some(sign) => (sign.unicode, sign.ascii, style(sign.feel)),
            None => (" ", " ", Style::Plain),
        },
    };
    (if look.utf8 { glyph } else { ascii }, style)
}

fn style(feel: Feel) -> Style {
    match feel {
        Feel::Good => Style::Good,
        Feel::Bad => Style::Bad,
        Feel::Warn => Style::Warn,
        Feel::Dim => Style::Dim,
    }
}

#[cfg(test)]
mod tests {
    use rpa_ipc::view::{RUN_STATUSES, STEP_STATUSES};

    use super::*;
    use crate::text::{FATES, OUTCOMES, TRIGGER_STATUSES};

    #[test]
    fn every_status_has_a_glyph_of_one_cell_in_both_alphabets() {
        let ascii = Look { utf8: false, ..Look::PLAIN };
        let of_triggers = TRIGGER_STATUSES.iter().chain(&FATES).chain(&OUTCOMES);
        for word in RUN_STATUSES.iter().chain(&STEP_STATUSES).chain(of_triggers) {
            for look in [Look::PLAIN, ascii] {
                let line = status(word, &look);
                assert_eq!(line.cells(), word.len() + 2, "{word}");
                assert!(!line.text().starts_with(' '), "{word} has no glyph");
                assert!(look.utf8 || line.text().is_ascii(), "{word}");
            }
        }
        assert_eq!(status("hibernating", &Look::PLAIN).text(), "  hibernating");
    }
}
