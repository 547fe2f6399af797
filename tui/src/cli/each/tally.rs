//! What became of the rows, in numbers.

use std::collections::BTreeMap;

use rpa_ipc::view::RunSummary;

use crate::cli::exit::Exit;
use crate::text::count;

#[derive(Debug, Default)]
pub struct Tally {
    pub rows: usize,
    pub accepted: usize,
    /// Of those, the ones that the same request had started before.
    pub repeated: usize,
    pub refused: usize,
    /// Of the accepted ones, by the status in which they settled.
    pub settled: BTreeMap<String, usize>,
    worst: u8,
}

impl Tally {
    pub fn new(rows: usize) -> Tally {
        Tally { rows, ..Tally::default() }
    }

    pub fn accepted(&mut self, repeated: bool) {
        self.accepted += 1;
        self.repeated += usize::from(repeated);
    }

    pub fn refused(&mut self, exit: u8) {
        self.refused += 1;
        self.worst = self.worst.max(exit);
    }

    pub fn settled(&mut self, run: &RunSummary) {
        *self.settled.entry(run.status.clone()).or_default() += 1;
        self.worst = self.worst.max(Exit::of(run).0);
    }

    pub fn submitted(&self) -> usize {
        self.accepted + self.refused
    }

    pub fn ended(&self) -> usize {
        self.settled.values().sum()
    }

    /// Rows of which nobody knows yet what becomes of them.
    pub fn open(&self) -> usize {
        self.rows - self.refused - self.ended()
    }

    /// That of the worst row: the highest.
    pub fn exit(&self) -> Exit {
        Exit(self.worst)
    }

    /// `5 rows: 4 accepted (1 of them before), 1 refused`
    pub fn summary(&self, wait: bool) -> String {
        let mut parts = Vec::new();
        if wait {
            parts.extend(self.settled.iter().map(|(status, n)| format!("{n} {status}")));
            let open = self.accepted - self.ended();
            if open > 0 {
                parts.push(format!("{open} not ended"));
            }
        } else {
            parts.push(match self.repeated {
                0 => format!("{} accepted", self.accepted),
                n => format!("{} accepted ({n} of them before)", self.accepted),
            });
        }
        if self.refused > 0 {
            parts.push(format!("{} refused", self.refused));
        }
        let left = self.rows - self.submitted();
        if left > 0 {
            parts.push(format!("{left} not submitted"));
        }
        let rows = count(self.rows as u64, "row");
        if parts.is_empty() { rows } else { format!("{rows}: {}", parts.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    fn settled(status: &str) -> RunSummary {
        RunSummary { status: status.to_owned(), ..sample::failed().summary }
    }

    #[test]
    fn the_worst_row_decides() {
        let mut tally = Tally::new(6);
        tally.accepted(false);
        assert_eq!(tally.exit(), Exit::OK);
        tally.refused(2);
        assert_eq!(tally.exit(), Exit::INVALID);
        tally.settled(&settled("in_doubt"));
        tally.settled(&settled("failed"));
        assert_eq!(tally.exit(), Exit::NEEDS_PERSON);
    }

    #[test]
    fn a_summary_accounts_for_every_row() {
        let mut tally = Tally::new(7);
        tally.refused(2);
        for repeated in [true, false, false, false] {
            tally.accepted(repeated);
        }
        let said = "7 rows: 4 accepted (1 of them before), 1 refused, 2 not submitted";
        assert_eq!(tally.summary(false), said);
        for status in ["completed", "failed", "completed"] {
            tally.settled(&settled(status));
        }
        let said = "7 rows: 2 completed, 1 failed, 1 not ended, 1 refused, 2 not submitted";
        assert_eq!(tally.summary(true), said);
        assert_eq!(tally.open(), 3);
        assert_eq!(Tally::new(0).summary(true), "0 rows");
    }
}
