//! A stream of bytes, cut into log lines.

use crate::context::{MAX_LINE, Masking};
use crate::text;

/// Collects bytes until a line is complete or longer than [`MAX_LINE`].
#[derive(Debug, Default)]
pub(super) struct Lines {
    pending: Vec<u8>,
}

impl Lines {
    /// The lines and pieces of lines that `bytes` completes.
    pub(super) fn push(&mut self, bytes: &[u8], mask: &dyn Masking) -> Vec<String> {
        let mut lines = Vec::new();
        for part in bytes.split_inclusive(|b| *b == b'\n') {
            self.pending.extend_from_slice(part);
            if self.pending.pop_if(|b| *b == b'\n').is_some() {
                self.pending.pop_if(|b| *b == b'\r');
                self.cut_long(MAX_LINE, mask, &mut lines);
                self.emit(self.pending.len(), &mut lines);
            } else {
                // what follows decides whether a secret stands across the cut
                self.cut_long(MAX_LINE + mask.reach(), mask, &mut lines);
            }
        }
        lines
    }

    /// What is left when the stream ends without a line end.
    pub(super) fn finish(mut self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.pending.is_empty() {
            self.emit(self.pending.len(), &mut lines);
        }
        lines
    }

    fn cut_long(&mut self, limit: usize, mask: &dyn Masking, lines: &mut Vec<String>) {
        while self.pending.len() > limit {
            let end = text::whole_chars(&self.pending, MAX_LINE);
            let end = match mask.cut(&self.pending, end) {
                0 => end,
                cut => cut,
            };
            self.emit(end, lines);
        }
    }

    fn emit(&mut self, length: usize, lines: &mut Vec<String>) {
        let line = String::from_utf8_lossy(&self.pending[..length]);
        // what is not UTF-8 grows when it becomes U+FFFD
        lines.extend(text::pieces(&line, MAX_LINE).into_iter().map(str::to_owned));
        self.pending.drain(..length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Unmasked;

    fn lines(chunks: &[&[u8]]) -> Vec<String> {
        let mut lines = Lines::default();
        let mut all: Vec<String> =
            chunks.iter().flat_map(|chunk| lines.push(chunk, &Unmasked)).collect();
        all.extend(lines.finish());
        all
    }

    #[test]
    fn lines_survive_any_cut_of_the_stream() {
        let text = "one\r\n\nthree €\nlast".as_bytes();
        let expected = ["one", "", "three €", "last"];
        for cut in 0..=text.len() {
            assert_eq!(lines(&[&text[..cut], &text[cut..]]), expected, "cut at {cut}");
        }
        assert!(lines(&[]).is_empty());
        assert_eq!(lines(&[b"x\n"]), ["x"]);
    }

    #[test]
    fn long_lines_come_in_pieces_between_characters() {
        let exact = "a".repeat(MAX_LINE);
        assert_eq!(lines(&[exact.as_bytes(), b"\n"]), [exact.as_str()]);

        let euros = "€".repeat(MAX_LINE);
        let pieces = lines(&[euros.as_bytes(), b"\n"]);
        let (_last, full) = pieces.split_last().unwrap();
        assert!(full.iter().all(|p| p.len() <= MAX_LINE && p.len() > MAX_LINE - 3));
        assert_eq!(pieces.concat(), euros);

        let garbage = lines(&[&vec![0xff; MAX_LINE]]);
        assert!(garbage.iter().all(|p| p.len() <= MAX_LINE));
        assert_eq!(garbage.concat(), "\u{fffd}".repeat(MAX_LINE));
    }
}
