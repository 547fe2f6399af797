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
    /// What stands on the terminal above the cursor: each line as it was written, and its
    /// cells.
    shown: Vec<(String, usize)>,
    /// Columns that it was written for.
    width: usize,
    /// Rows of the terminal.
    height: usize,
    /// Rows that it takes, if more than its lines: since the terminal became narrower.
    rows: usize,
}

impl Default for Frames {
    fn default() -> Frames {
        Frames { waiting: Vec::new(), shown: Vec::new(), width: 80, height: 24, rows: 0 }
    }
}

impl Frames {
    pub(super) fn log(&mut self, line: Line) {
        self.waiting.push(line);
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The terminal has so many columns and rows now. One that became narrower has broken
    /// our lines, as most do.
    pub(super) fn resize(&mut self, (width, height): (usize, usize)) {
        if width < self.width {
            let rows = |cells: &usize| cells.div_ceil(width.max(1)).max(1);
            self.rows = self.shown.iter().map(|(_, cells)| rows(cells)).sum();
        }
        (self.width, self.height) = (width, height);
    }

    /// What stands there is not ours any more: the next frame begins below it.
    pub(super) fn forget(&mut self) {
        self.shown.clear();
        self.rows = 0;
    }

    /// The frame with `lines` at its end; `None` when it would change nothing.
    pub(super) fn frame(&mut self, lines: &[Line], look: &Look) -> Option<Vec<u8>> {
        let fitted: Vec<(String, usize)> = lines
            .iter()
            .map(|line| line.clone().untabbed().fit(self.width, look.ellipsis()))
            .map(|line| (line.render(look), line.cells()))
            .collect();
        if self.waiting.is_empty() && self.shown == fitted {
            return None;
        }
        let mut frame = String::from(BEGIN);
        let up = self.shown.len().max(self.rows).min(self.height.saturating_sub(1));
        if up > 0 {
            frame.push_str(&format!("\x1b[{up}A"));
        }
        frame.push('\r');
        let log = std::mem::take(&mut self.waiting);
        if log.is_empty() && self.rows <= self.shown.len() {
            self.over(&fitted, &mut frame);
        } else {
            frame.push_str(CLEAR_BELOW);
            for line in log {
                frame.push_str(line.render(look).trim_end_matches(' '));
                frame.push_str("\r\n");
            }
            for (line, _) in &fitted {
                frame.push_str(line);
                frame.push_str("\r\n");
            }
        }
        frame.push_str(END);
        (self.shown, self.rows) = (fitted, 0);
        Some(frame.into_bytes())
    }

    /// Only lines that differ are written.
    fn over(&self, lines: &[(String, usize)], frame: &mut String) {
        for (index, line) in lines.iter().enumerate() {
            if self.shown.get(index) != Some(line) {
                frame.push_str(CLEAR_LINE);
                frame.push_str(&line.0);
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
    fn a_narrower_terminal_has_broken_what_stood_there() {
        let mut frames = Frames::default();
        frames.resize((20, 10));
        frame(&mut frames, &["0123456789abcd", "b"]);
        frames.resize((6, 10));
        let shown = frame(&mut frames, &["0123456789abcd", "b"]);
        assert!(shown.starts_with("\x1b[?2026h\x1b[4A\r\x1b[J01234…\r\nb\r\n"), "{shown:?}");
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
