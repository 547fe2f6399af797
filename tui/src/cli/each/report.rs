//! A line for each row, as it comes: 100,000 of them are never held.

use std::time::{Duration, Instant};

use rpa_ipc::Fault;
use rpa_ipc::fault::error_in;
use rpa_ipc::view::{RUN_STATUSES, RunDetail, Started};
use serde::Serialize;

use super::tally::Tally;
use crate::cli::exit::Failure;
use crate::cli::json::{ErrorObject, FaultObject, RunObject};
use crate::cli::session::Session;
use crate::cli::text::{Line, Style, cells, number, status};

/// How often the line of progress changes: as often as an eye can follow.
const PACE: Duration = Duration::from_millis(100);
/// Cells of a short run id.
const RUN: usize = 12;
const GAP: &str = "  ";
/// The word for a row that became no run.
const REFUSED: &str = "refused";

/// One row with `--json`.
#[derive(Serialize)]
struct RowDocument<'a> {
    row: usize,
    request_id: &'a str,
    run: Option<String>,
    /// That of the run, or `refused`.
    status: &'a str,
    /// Whether the same request had started it before.
    repeated: bool,
    /// Why the row was not accepted.
    refused: Option<FaultObject<'a>>,
    /// Why the run has failed.
    error: Option<ErrorObject<'a>>,
}

#[derive(Debug)]
pub struct Report<'s> {
    pub tally: Tally,
    wait: bool,
    /// Of the column of row numbers.
    width: usize,
    begun: bool,
    progress: Progress,
    session: &'s mut Session,
}

/// The one line on a terminal that is written over and over.
#[derive(Debug)]
struct Progress {
    on: bool,
    /// When it changed last, and how wide it is; nothing stands there when 0.
    at: Option<Instant>,
    cells: usize,
}

impl<'s> Report<'s> {
    pub fn new(rows: usize, wait: bool, session: &'s mut Session) -> Report<'s> {
        let width = rows.to_string().len().max("ROW".len());
        let progress = Progress { on: session.err.look.terminal(), at: None, cells: 0 };
        Report { tally: Tally::new(rows), wait, width, begun: false, progress, session }
    }

    pub fn accepted(&mut self, row: usize, id: &str, started: &Started) -> Result<(), Failure> {
        self.tally.accepted(started.repeated);
        if self.wait {
            return self.tick();
        }
        if self.session.json {
            self.document(&RowDocument {
                row,
                request_id: id,
                run: Some(started.run.to_string()),
                status: &started.status,
                repeated: started.repeated,
                refused: None,
                error: None,
            })?;
        } else {
            let seen = if started.repeated { "(this request started it before)" } else { "" };
            let seen = Line::new().push(Style::Dim, seen);
            self.row(row, &started.run.short(), &started.status, seen)?;
        }
        self.tick()
    }

    pub fn refused(&mut self, row: usize, id: &str, fault: &Fault) -> Result<(), Failure> {
        self.tally.refused(fault.code.exit());
        if self.session.json {
            self.document(&RowDocument {
                row,
                request_id: id,
                run: None,
                status: REFUSED,
                repeated: false,
                refused: Some(FaultObject::of(fault)),
                error: None,
            })?;
        } else {
            let said = fault.message_in(self.session.out.look.language);
            self.row(row, "", REFUSED, Line::of(format!("{} {said}", fault.code)))?;
        }
        self.tick()
    }

    pub fn settled(&mut self, row: usize, id: &str, detail: &RunDetail) -> Result<(), Failure> {
        let run = &detail.summary;
        self.tally.settled(run);
        if self.session.json {
            self.document(&RowDocument {
                row,
                request_id: id,
                run: Some(run.run.to_string()),
                status: &run.status,
                repeated: false,
                refused: None,
                error: RunObject::of(run).error,
            })?;
        } else {
            let language = self.session.out.look.language;
            let why = run.error.as_ref().map(|error| error_in(language, error));
            self.row(row, &run.run.short(), &run.status, Line::of(why.unwrap_or_default()))?;
        }
        self.tick()
    }

    /// From now on it is told how many runs have ended, be it none.
    pub fn waiting(&mut self) -> Result<(), Failure> {
        self.progress.at = None;
        self.tick()
    }

    /// Ends the progress and says how many became what.
    pub fn summary(&mut self) -> Result<(), Failure> {
        self.clear()?;
        if !self.session.json {
            self.session.out.line(self.tally.summary(self.wait))?;
        }
        self.session.out.flush()
    }

    pub fn remark(&mut self, text: &str) -> Result<(), Failure> {
        self.session.note(text)
    }

    fn document(&mut self, row: &RowDocument<'_>) -> Result<(), Failure> {
        self.clear_before_output()?;
        self.session.out.document(row)
    }

    fn row(&mut self, row: usize, run: &str, word: &str, more: Line) -> Result<(), Failure> {
        self.clear_before_output()?;
        let statuses = RUN_STATUSES.iter().map(|status| status.len() + 2).max().unwrap_or(0);
        let columns = |row: Line, run: Line, status: Line, more: Line| {
            let line = row.pad_left(self.width).plain(GAP).append(run.pad(RUN)).plain(GAP);
            line.append(status.pad(statuses)).plain(GAP).append(more)
        };
        if !self.begun {
            self.begun = true;
            let dim = |title: &str| Line::new().push(Style::Dim, title);
            let titles = columns(dim("ROW"), dim("RUN"), dim("STATUS"), Line::new());
            self.session.out.line(titles)?;
        }
        let look = &self.session.out.look;
        let shown = match word {
            REFUSED => Line::new()
                .push(Style::Bad, if look.utf8 { "✗" } else { "x" })
                .plain(" ")
                .push(Style::Bad, word),
            word => status(word, look),
        };
        let line = columns(Line::of(row.to_string()), Line::of(run), shown, more.untabbed());
        let line = match look.width {
            Some(width) => line.fit(width, look.ellipsis()),
            None => line,
        };
        self.session.out.line(line)
    }

    /// Tells how far it is, at a bounded pace.
    fn tick(&mut self) -> Result<(), Failure> {
        let fresh = self.progress.at.is_some_and(|at| at.elapsed() < PACE);
        if !self.progress.on || fresh {
            return Ok(());
        }
        self.progress.at = Some(Instant::now());
        let (done, of, what) = if self.tally.submitted() < self.tally.rows {
            (self.tally.submitted(), self.tally.rows, "rows submitted")
        } else {
            (self.tally.ended(), self.tally.accepted, "runs ended")
        };
        let count = |n: usize| number(u64::try_from(n).unwrap_or(u64::MAX));
        // rows come before what is told of them
        self.session.out.flush()?;
        self.write_over(&format!("{} of {} {what}", count(done), count(of)))
    }

    /// On one terminal both go to, a row must not begin behind the progress.
    fn clear_before_output(&mut self) -> Result<(), Failure> {
        if self.session.out.look.terminal() { self.clear() } else { Ok(()) }
    }

    fn clear(&mut self) -> Result<(), Failure> {
        if self.progress.cells == 0 {
            return Ok(());
        }
        self.write_over("")?;
        self.session.err.raw(b"\r")?;
        self.session.err.flush()
    }

    /// Text of ours, in ASCII.
    fn write_over(&mut self, text: &str) -> Result<(), Failure> {
        let old = std::mem::replace(&mut self.progress.cells, cells(text));
        let padded = format!("\r{text:old$}");
        self.session.err.raw(padded.as_bytes())?;
        self.session.err.flush()
    }
}
