//! What things look like: the terminal's own 16 colours, and never a colour alone.
//!
//! A state is a glyph, a word and a colour; what is selected is reversed. No white,
//! no black and no background are used: they would vanish on somebody's terminal.

use ratatui::style::{Color, Modifier, Style};

use crate::text::{Feel, sign};

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Glyphs beyond ASCII.
    pub unicode: bool,
    pub colour: bool,
    /// Nothing faint, and all colours bold.
    pub contrast: bool,
}

/// Meaning, not colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    /// Titles and what has the focus.
    Strong,
    /// Beside the point.
    Faint,
    Good,
    Bad,
    /// Wants attention.
    Warn,
    /// Going on.
    Busy,
    /// Keys, and what can be done.
    Key,
}

/// How one status shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub glyph: &'static str,
    pub tone: Tone,
}

impl Look {
    pub fn style(&self, tone: Tone) -> Style {
        let style = Style::new();
        let bold = if self.contrast { style.add_modifier(Modifier::BOLD) } else { style };
        let colour = |colour| if self.colour { bold.fg(colour) } else { bold };
        match tone {
            Tone::Plain => style,
            Tone::Strong => style.add_modifier(Modifier::BOLD),
            Tone::Faint if self.contrast => style,
            Tone::Faint => style.add_modifier(Modifier::DIM),
            Tone::Good => colour(Color::Green),
            Tone::Bad => colour(Color::Red).add_modifier(Modifier::BOLD),
            Tone::Warn => colour(Color::Yellow),
            Tone::Busy => colour(Color::Cyan),
            Tone::Key => colour(Color::Blue).add_modifier(Modifier::BOLD),
        }
    }

    /// One of two glyphs of one cell.
    pub fn glyph(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.unicode { unicode } else { ascii }
    }

    /// The mark of a status of a run, a step or a trigger, or of what became of a slot.
    pub fn mark(&self, status: &str) -> Mark {
        let (unicode, ascii, tone) = match status {
            "running" => ("●", "*", Tone::Busy),
            "queued" | "ready" | "pending" => ("○", "o", Tone::Faint),
            "waiting" => ("◷", "w", Tone::Busy),
            "retrying" => ("↻", "r", Tone::Warn),
            "paused" => ("=", "=", Tone::Warn),
            "in_doubt" => ("?", "?", Tone::Warn),
            "completed" => ("✓", "+", Tone::Good),
            "failed" => ("✗", "x", Tone::Bad),
            "skipped" => ("-", "-", Tone::Faint),
            "cancelled" => ("■", "#", Tone::Warn),
            other => match sign(other) {
                Some(sign) => (sign.unicode, sign.ascii, tone(sign.feel)),
                None => ("·", ".", Tone::Plain),
            },
        };
        Mark { glyph: self.glyph(unicode, ascii), tone }
    }

    pub fn ellipsis(&self) -> &'static str {
        self.glyph("…", "~")
    }
}

fn tone(feel: Feel) -> Tone {
    match feel {
        Feel::Good => Tone::Good,
        Feel::Bad => Tone::Bad,
        Feel::Warn => Tone::Warn,
        Feel::Dim => Tone::Faint,
    }
}

#[cfg(test)]
mod tests {
    use rpa_ipc::view::{RUN_STATUSES, STEP_STATUSES};

    use super::*;
    use crate::text::{FATES, OUTCOMES, TRIGGER_STATUSES, cells};

    #[test]
    fn a_slot_is_known_by_its_mark_alone() {
        for unicode in [true, false] {
            let look = Look { unicode, colour: false, contrast: false };
            let mut marks: Vec<&str> = FATES.iter().map(|fate| look.mark(fate).glyph).collect();
            marks.sort_unstable();
            marks.dedup();
            assert_eq!(marks.len(), FATES.len(), "{marks:?}");
        }
    }

    #[test]
    fn every_status_has_a_mark_of_one_cell() {
        for unicode in [true, false] {
            let look = Look { unicode, colour: true, contrast: false };
            let all = RUN_STATUSES.iter().chain(&STEP_STATUSES).chain(&TRIGGER_STATUSES);
            for status in all.chain(&FATES).chain(&OUTCOMES) {
                let mark = look.mark(status);
                assert_eq!(cells(mark.glyph), 1, "{status}");
                assert!(unicode || mark.glyph.is_ascii(), "{status}");
                assert_ne!(mark.glyph, look.mark("unheard of").glyph, "{status}");
            }
        }
    }

    #[test]
    fn no_tone_has_a_background_or_one_of_the_two_extremes() {
        for tone in [Tone::Plain, Tone::Strong, Tone::Faint, Tone::Good, Tone::Bad, Tone::Warn] {
            let style = Look { unicode: true, colour: true, contrast: false }.style(tone);
            assert_eq!(style.bg, None);
            assert!(!matches!(style.fg, Some(Color::White | Color::Black | Color::Rgb(..))));
            assert_eq!(Look { unicode: true, colour: false, contrast: false }.style(tone).fg, None);
        }
    }
}
