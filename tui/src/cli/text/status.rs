//! Statuses as a glyph, a word and a colour: none of them alone. Those of runs and steps,
//! of triggers, and what has become of a slot.

use super::{Line, Look, Style};

/// `✓ completed`. A word of a newer daemon gets no glyph, but is shown.
pub fn status(word: &str, look: &Look) -> Line {
    let (glyph, ascii, style) = match word {
        "completed" => ("✓", "+", Style::Good),
        "failed" => ("✗", "x", Style::Bad),
        "in_doubt" => ("?", "?", Style::Warn),
        "cancelled" => ("■", "#", Style::Warn),
        "running" => ("●", "*", Style::Busy),
        "retrying" => ("↻", "r", Style::Warn),
        "waiting" => ("◌", "w", Style::Busy),
        "paused" | "held" => ("=", "=", Style::Warn),
        "queued" | "ready" => ("○", "o", Style::Plain),
        "pending" => ("·", ".", Style::Dim),
        "skipped" | "suppressed" | "gone" => ("-", "-", Style::Dim),
        "armed" => ("●", "*", Style::Good),
        "disabled" => ("■", "#", Style::Warn),
        "broken" | "failing" | "refused" => ("✗", "x", Style::Bad),
        "fired" => ("✓", "+", Style::Good),
        "late" => ("✓", "+", Style::Warn),
        "caught_up" | "backfilled" | "by_hand" => ("↻", "r", Style::Good),
        "missed" => ("!", "!", Style::Bad),
        _ => (" ", " ", Style::Plain),
    };
    Line::new().push(style, format!("{} {word}", if look.utf8 { glyph } else { ascii }))
}

#[cfg(test)]
mod tests {
    use rpa_ipc::view::{RUN_STATUSES, STEP_STATUSES};

    use super::*;

    const TRIGGER_STATUSES: [&str; 7] =
        ["armed", "paused", "disabled", "held", "gone", "broken", "failing"];
    const FATES: [&str; 10] = [
        "fired",
        "late",
        "caught_up",
        "backfilled",
        "by_hand",
        "waiting",
        "skipped",
        "suppressed",
        "refused",
        "missed",
    ];

    #[test]
    fn every_status_has_a_glyph_of_one_cell_in_both_alphabets() {
        let ascii = Look { utf8: false, ..Look::PLAIN };
        let of_triggers = TRIGGER_STATUSES.iter().chain(&FATES);
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
