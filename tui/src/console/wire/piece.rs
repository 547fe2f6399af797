//! A piece of a log, put together from several answers.
//!
//! With a filter the daemon passes over lines that are not wanted for a limited time only, so that one answer may hold fewer lines than were asked for, or none.

use rpa_ipc::service::LogAnchor;
use rpa_ipc::view::LogWindow;

use crate::console::state::LogWant;

/// Lines that one question may ask for.
const MOST: u32 = 1_000;
/// So many lines behind the tail, catching up would take longer than it lasts.
const FAR_BEHIND: u64 = 100_000;

/// What is asked next: a place, lines before it, lines from it on.
pub type Question = (LogAnchor, u32, u32);

#[derive(Clone, Debug)]
pub struct Piece {
    pub window: LogWindow,
    /// Where the lines before and those after meet.
    anchor: u64,
    before: usize,
    after: usize,
}

impl Piece {
    /// The first answer to a want.
    pub fn new(want: &LogWant, window: LogWindow) -> Piece {
        let anchor = match want.anchor {
            LogAnchor::Tail => window.total,
            LogAnchor::Line(line) => line.min(window.total),
        };
        let size = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        Piece { window, anchor, before: size(want.before), after: size(want.after) }
    }

    /// What is missing on either side, as long as there is something to be looked at.
    pub fn missing(&self) -> Option<Question> {
        let lines = &self.window.lines;
        let above = lines.partition_point(|line| line.number < self.anchor);
        let count = |n: usize| u32::try_from(n).unwrap_or(MOST).min(MOST);
        let before = count(self.before.saturating_sub(above));
        if before > 0 && self.window.from > 0 {
            return Some((LogAnchor::Line(self.window.from), before, 0));
        }
        let after = count(self.after.saturating_sub(lines.len() - above));
        let more = after > 0 && self.window.to < self.window.total;
        more.then_some((LogAnchor::Line(self.window.to), 0, after))
    }

    /// Whether lines that come at the end may belong to the piece.
    pub fn is_open(&self) -> bool {
        let lines = &self.window.lines;
        let above = lines.partition_point(|line| line.number < self.anchor);
        lines.len() - above < self.after
    }

    /// Lines that have come at the end and are not known. `None`: there are so many
    /// that only the newest are worth reading.
    pub fn newer(&self) -> Option<Question> {
        let behind = self.window.total.saturating_sub(self.window.to);
        (behind <= FAR_BEHIND).then_some((LogAnchor::Line(self.window.to), 0, MOST))
    }

    /// Joins an answer on the side on which it was asked for.
    pub fn join(&mut self, answer: LogWindow) {
        let window = &mut self.window;
        if answer.to <= window.from {
            window.lines.splice(0..0, answer.lines);
            window.from = answer.from;
        } else {
            window.lines.extend(answer.lines);
            window.to = answer.to;
        }
        (window.total, window.bytes, window.ended) = (answer.total, answer.bytes, answer.ended);
    }

    /// The tail has moved on: what it leaves behind is forgotten.
    pub fn follow(&mut self) {
        self.anchor = self.window.total;
        let excess = self.window.lines.len().saturating_sub(self.before);
        if excess > 0 {
            self.window.lines.drain(..excess);
            self.window.from = self.window.lines.first().map_or(self.window.to, |l| l.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use rpa_engine::RunId;
    use rpa_ipc::view::LogLine;

    use super::*;

    fn want(anchor: LogAnchor, before: u32, after: u32) -> LogWant {
        let step = Some("a".parse().expect("a path"));
        LogWant { run: RunId(1), step, troubles: false, anchor, before, after, epoch: 0 }
    }

    fn window(numbers: &[u64], from: u64, to: u64, total: u64) -> LogWindow {
        let line = |number: &u64| LogLine {
            number: *number,
            time_ms: 0,
            path: "a".into(),
            attempt: 1,
            stream: "out".into(),
            level: "info".into(),
            text: String::new(),
        };
        let lines = numbers.iter().map(line).collect();
        LogWindow { lines, from, to, total, bytes: 0, ended: false }
    }

    fn numbers(piece: &Piece) -> Vec<u64> {
        piece.window.lines.iter().map(|line| line.number).collect()
    }

    #[test]
    fn what_is_missing_is_asked_for_until_an_end_is_reached() {
        let mut piece = Piece::new(&want(LogAnchor::Tail, 3, 0), window(&[], 900, 1_000, 1_000));
        assert_eq!(piece.missing(), Some((LogAnchor::Line(900), 3, 0)));
        piece.join(window(&[850], 800, 900, 1_000));
        assert_eq!(piece.missing(), Some((LogAnchor::Line(800), 2, 0)));
        piece.join(window(&[2, 5], 2, 800, 1_000));
        assert_eq!((numbers(&piece), piece.missing()), (vec![2, 5, 850], None));
        let mut piece =
            Piece::new(&want(LogAnchor::Line(50), 2, 2), window(&[48, 60], 0, 70, 1_000));
        assert_eq!(piece.missing(), Some((LogAnchor::Line(70), 0, 1)));
        piece.join(window(&[], 70, 1_000, 1_000));
        assert_eq!((numbers(&piece), piece.missing()), (vec![48, 60], None));
    }

    #[test]
    fn a_growing_tail_is_read_from_where_it_was() {
        let mut piece = Piece::new(&want(LogAnchor::Tail, 3, 0), window(&[7, 9], 0, 10, 10));
        piece.window.total = 40;
        assert_eq!(piece.newer(), Some((LogAnchor::Line(10), 0, MOST)));
        piece.join(window(&[11, 12, 20], 10, 40, 40));
        piece.follow();
        assert_eq!((numbers(&piece), piece.window.from), (vec![11, 12, 20], 11));
        piece.window.total = 40 + FAR_BEHIND + 1;
        assert_eq!(piece.newer(), None, "the tail is asked for anew");
    }
}
