//! The bytes of a frame: log lines that have come, then the steps, written over those of
//! the frame before. The cursor is left below the last of them.

use crate::cli::text::{Line, Look};

/// Begins and ends what a terminal that knows mode 2026 shows at once.
const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";
/// The rest of the screen below the cursor.
const CLEAR_BELOW: &str = "\x1b[J";
const CLEAR_LINE: &str = "\x1b[2K";

#[derive(Debug)]
pub(super) struct Frames {
    /// Log lines that no frame has shown yet.
    waiting: Vec<Line>,
    /// What stands on the terminal above the cursor: each line as it was written.
    shown: Vec<String>,
    /// Columns that it was written for.
    width: usize,
    /// Rows of the terminal.
    height: usize,
    /// Whether the terminal became narrower since.
    narrowed: bool,
}

impl Default for Frames {
    fn default() -> Frames {
        Frames { waiting: Vec::new(), shown: Vec::new(), width: 80, height: 24, narrowed: false }
    }
}

impl Frames {
    pub(super) fn log(&mut self, line: Line) {
        self.waiting.push(line);
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The terminal has so many columns and rows now. One that became narrower may have
    /// broken our lines, or cut them, as xterm does: nobody says which. So the next frame
    /// goes up by no more than its lines. Where they were broken a piece of the old frame
    /// stays above the new one; going further would take away what is not ours.
    pub(super) fn resize(&mut self, (width, height): (usize, usize)) {
        self.narrowed |= width < self.width && !self.shown.is_empty();
        (self.width, self.height) = (width, height);
    }

    /// What stands there is not ours any more: the next frame begins below it.
    pub(super) fn forget(&mut self) {
        self.shown.clear();
        self.narrowed = false;
    }

    /// The frame with `lines` at its end; `None` when it would change nothing.
    pub(super) fn frame(&mut self, lines: &[Line], look: &Look) -> Option<Vec<u8>> {
        let fitted: Vec<String> = lines
            .iter()
            .map(|line| line.clone().untabbed().fit(self.width, look.ellipsis()).render(look))
            .collect();
        if self.waiting.is_empty() && self.shown == fitted {
            return None;
        }
        let mut frame = String::from(BEGIN);
        let up = self.shown.len().min(self.height.saturating_sub(1));
        if up > 0 {
            frame.push_str(&format!("\x1b[{up}A"));
        }
        frame.push('\r');
        let log = std::mem::take(&mut self.waiting);
        if log.is_empty() && !self.narrowed {
            self.over(&fitted, &mut frame);
        } else {
            frame.push_str(CLEAR_BELOW);
            for line in log {
                frame.push_str(line.render(look).trim_end_matches(' '));
                frame.push_str("\r\n");
            }
            for line in &fitted {
                frame.push_str(line);
                frame.push_str("\r\n");
            }
        }
        frame.push_str(END);
        (self.shown, self.narrowed) = (fitted, false);
        Some(frame.into_bytes())
    }

    /// Only lines that differ are written.
    fn over(&self, lines: &[String], frame: &mut String) {
        for (index, line) in lines.iter().enumerate() {
            if self.shown.get(index) != Some(line) {
                frame.push_str(CLEAR_LINE);
                frame.push_str(line);
            }
            frame.push_str("\r\n");
        }
        if lines.len() < self.shown.len() {
            frame.push_str(CLEAR_BELOW);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Look = Look { width: Some(20), colour: true, ..Look::PLAIN };

    fn lines(texts: &[&str]) -> Vec<Line> {
        texts.iter().map(|text| Line::of(*text)).collect()
    }

    fn frame(frames: &mut Frames, texts: &[&str]) -> String {
        let bytes = frames.frame(&lines(texts), &LOOK).unwrap_or_default();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn only_what_differs_is_written_and_nothing_when_nothing_does() {
        let mut frames = Frames::default();
        frames.resize((20, 10));
        assert_eq!(
            frame(&mut frames, &["a", "b"]),
            "\x1b[?2026h\ra\x1b[?2026l".replace("\ra", "\r\x1b[2Ka\r\n\x1b[2Kb\r\n")
        );
        assert_eq!(frame(&mut frames, &["a", "b"]), "");
        assert_eq!(
            frame(&mut frames, &["a", "c"]),
            "\x1b[?2026h\x1b[2A\r\r\n\x1b[2Kc\r\n\x1b[?2026l"
        );
        assert_eq!(frame(&mut frames, &["a"]), "\x1b[?2026h\x1b[2A\r\r\n\x1b[J\x1b[?2026l");
    }

    #[test]
    fn log_lines_come_above_the_steps() {
        let mut frames = Frames::default();
        frames.resize((20, 10));
        frame(&mut frames, &["a", "b"]);
        frames.log(Line::of("\x1b[2Jlog\r\x1b[5A"));
        let shown = frame(&mut frames, &["a", "b"]);
        assert_eq!(shown, "\x1b[?2026h\x1b[2A\r\x1b[Jlog\\r\r\na\r\nb\r\n\x1b[?2026l");
    }

    #[test]
    fn on_a_narrower_terminal_nothing_is_taken_away_that_is_not_ours() {
        let mut frames = Frames::default();
        frames.resize((20, 10));
        frame(&mut frames, &["0123456789abcd", "b"]);
        frames.resize((6, 10));
        let shown = frame(&mut frames, &["0123456789abcd", "b"]);
        assert!(shown.starts_with("\x1b[?2026h\x1b[2A\r\x1b[J01234…\r\nb\r\n"), "{shown:?}");
        frames.forget();
        assert!(!frame(&mut frames, &["x"]).contains('A'), "nothing above is ours");
    }

    #[test]
    fn it_never_goes_up_further_than_the_screen() {
        let mut frames = Frames::default();
        frames.resize((20, 3));
        let many = ["1", "2", "3", "4"];
        frame(&mut frames, &many);
        assert!(frame(&mut frames, &["x"]).contains("\x1b[2A"));
    }
}
