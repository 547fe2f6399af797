//! The log pane: a window on a log of any length.
//!
//! It knows a piece of the log around what is shown, never the whole. Lines have
//! their numbers in the run's log, so that a place stays the same place whatever
//! is appended and whichever steps are shown.

use rpa_engine::{RunId, StepPath};
use rpa_ipc::Fault;
use rpa_ipc::service::{LogAnchor, LogFindQuery, RunRef};
use rpa_ipc::view::{LogFound, LogLine, LogWindow};

use super::LogWant;
use crate::text::column_for;

/// A search in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// Being looked for; the place that the daemon has come to.
    Seeking {
        from: u64,
        backwards: bool,
        at: u64,
    },
    Hit(u64),
    /// Not from there to the end in that direction.
    Nothing {
        backwards: bool,
    },
}

#[derive(Clone, Debug)]
pub struct LogPane {
    pub window: Option<LogWindow>,
    pub fault: Option<Fault>,
    /// The newest line stays in sight.
    pub follow: bool,
    /// The first line shown, when not following.
    pub top: u64,
    /// Around which place the piece was asked for.
    anchor: LogAnchor,
    epoch: u64,
    /// Lines in the whole log, as last heard.
    pub total: u64,
    pub bytes: u64,
    pub ended: bool,
    pub wrap: bool,
    pub times: bool,
    /// Only lines that tell of trouble are shown.
    pub only_troubles: bool,
    /// Cells that are cut off at the left.
    pub column: usize,
    /// What is looked for; empty: nothing.
    pub needle: String,
    /// The search is for lines that tell of trouble, rather than for the needle.
    pub troubles: bool,
    pub search: Option<Search>,
    /// A hit was found, and its line has not been looked at: it may stand aside.
    aside: bool,
}

impl LogPane {
    pub fn new() -> LogPane {
        LogPane {
            window: None,
            fault: None,
            follow: true,
            top: 0,
            anchor: LogAnchor::Tail,
            epoch: 0,
            total: 0,
            bytes: 0,
            ended: false,
            wrap: false,
            times: true,
            only_troubles: false,
            column: 0,
            needle: String::new(),
            troubles: false,
            search: None,
            aside: false,
        }
    }

    /// Another step's log: the same view of other lines.
    pub fn restart(&mut self) {
        let kept = LogPane::new();
        *self = LogPane {
            wrap: self.wrap,
            times: self.times,
            only_troubles: self.only_troubles,
            needle: std::mem::take(&mut self.needle),
            total: self.total,
            bytes: self.bytes,
            ..kept
        };
    }

    /// Reads the same piece again: what was shown may be out of date.
    pub fn refetch(&mut self) {
        self.epoch += 1;
    }

    /// Only lines that tell of trouble, or all of them again: around the same place.
    pub fn switch_troubles(&mut self, height: usize) {
        if !self.follow {
            self.top = self.shown(height).first().map_or(self.top, |line| line.number);
            self.anchor = LogAnchor::Line(self.top);
        }
        self.only_troubles = !self.only_troubles;
        self.window = None;
    }

    pub fn want(&self, run: RunId, step: Option<StepPath>, height: usize) -> LogWant {
        // in steps, so that a resize does not ask anew for every row
        let page = u32::try_from(height.next_multiple_of(16)).unwrap_or(64).min(250);
        let (before, after) = match self.anchor {
            LogAnchor::Tail => (page * 2, 0),
            LogAnchor::Line(_) => (page * 2, page * 2),
        };
        LogWant {
            run,
            step,
            troubles: self.only_troubles,
            anchor: self.anchor,
            before,
            after,
            epoch: self.epoch,
        }
    }

    pub fn find_want(&self, run: RunRef, step: Option<StepPath>) -> Option<LogFindQuery> {
        let Some(Search::Seeking { from, backwards, .. }) = self.search else { return None };
        let text = if self.troubles { String::new() } else { self.needle.clone() };
        Some(LogFindQuery { run, step, text, troubles: self.troubles, from, backwards })
    }

    pub fn got(&mut self, window: LogWindow) {
        self.total = window.total;
        self.bytes = window.bytes;
        self.ended = window.ended;
        self.fault = None;
        self.window = Some(window);
    }

    pub fn grew(&mut self, total: u64, bytes: u64, ended: bool) {
        (self.total, self.bytes, self.ended) = (total, bytes, ended);
    }

    /// The line that a search has found, or the first of those on the screen.
    pub fn line(&self, height: usize) -> Option<&LogLine> {
        let hit = match self.search {
            Some(Search::Hit(number)) => self.lines().iter().find(|line| line.number == number),
            _ => None,
        };
        hit.or_else(|| self.shown(height).first())
    }

    pub fn lines(&self) -> &[LogLine] {
        self.window.as_ref().map_or(&[], |window| &window.lines)
    }

    /// The lines to show, from the first on.
    pub fn shown(&self, height: usize) -> &[LogLine] {
        let lines = self.lines();
        let first = self.first(height);
        &lines[first..lines.len().min(first + height)]
    }

    /// Where in the known lines the first one shown stands.
    fn first(&self, height: usize) -> usize {
        let lines = self.lines();
        if self.follow {
            return lines.len().saturating_sub(height);
        }
        lines.partition_point(|line| line.number < self.top).min(lines.len().saturating_sub(1))
    }

    /// Scrolls; upwards ends following, and reaching the end begins it again only
    /// where that is where one wanted to go.
    pub fn scroll(&mut self, rows: isize, height: usize) {
        let first = self.first(height);
        let last = self.lines().len().saturating_sub(1);
        if rows > 0 && self.follow {
            return;
        }
        let to = first.saturating_add_signed(rows).min(last);
        let Some(line) = self.lines().get(to) else { return };
        let at_end = self.window.as_ref().is_some_and(|w| w.to >= w.total);
        self.top = line.number;
        // the last page is shown in full
        if rows > 0 && at_end && to + height > last {
            self.top = self.lines()[(last + 1).saturating_sub(height)].number;
        }
        self.follow = false;
        self.reach(height);
    }

    /// Asks for another piece when the end of the known one comes near.
    fn reach(&mut self, height: usize) {
        let Some(window) = &self.window else { return };
        let first = self.first(height);
        let near_start = first < height && window.from > 0;
        let near_end = first + 2 * height > window.lines.len() && window.to < window.total;
        if near_start || near_end {
            self.anchor = LogAnchor::Line(self.top);
        }
    }

    pub fn to_start(&mut self) {
        self.follow = false;
        self.top = 0;
        self.anchor = LogAnchor::Line(0);
    }

    pub fn to_tail(&mut self) {
        self.follow = true;
        self.anchor = LogAnchor::Tail;
    }

    /// Follow on, or off where it is.
    pub fn toggle_follow(&mut self, height: usize) {
        if self.follow {
            self.top = self.shown(height).first().map_or(0, |line| line.number);
            self.follow = false;
        } else {
            self.to_tail();
        }
    }

    /// Lines of the whole log after the last one shown.
    pub fn unseen(&self, height: usize) -> u64 {
        match self.shown(height).last() {
            Some(last) if !self.follow => self.total.saturating_sub(last.number.saturating_add(1)),
            _ => 0,
        }
    }

    /// Whether more lines of what is shown follow, as far as is known.
    pub fn goes_on(&self, height: usize) -> bool {
        let Some(window) = self.window.as_ref().filter(|_| !self.follow) else { return false };
        let last = self.shown(height).last().map(|line| line.number);
        window.lines.last().map(|line| line.number) > last || window.to < window.total
    }

    /// Whether the daemon is still passing over lines of other steps.
    pub fn is_looking(&self) -> bool {
        self.window.as_ref().is_some_and(|w| w.lines.is_empty() && (w.from > 0 || w.to < w.total))
    }

    /// Looks for the needle: onwards from the last hit, or else from what is shown.
    pub fn seek(&mut self, backwards: bool, height: usize) {
        if self.needle.is_empty() {
            return;
        }
        self.go_on(false, backwards, height);
    }

    /// Looks for the next line that tells of trouble.
    pub fn seek_trouble(&mut self, backwards: bool, height: usize) {
        self.go_on(true, backwards, height);
    }

    fn go_on(&mut self, troubles: bool, backwards: bool, height: usize) {
        if self.troubles != troubles && !matches!(self.search, Some(Search::Hit(_))) {
            self.search = None;
        }
        self.troubles = troubles;
        let shown = self.shown(height);
        let edge = match backwards {
            true => shown.last().map_or(0, |line| line.number),
            false => shown.first().map_or(0, |line| line.number),
        };
        let from =
            match &self.search {
                Some(Search::Hit(line)) if backwards => match line.checked_sub(1) {
                    Some(before) => before,
                    None => {
                        self.search = Some(Search::Nothing { backwards });
                        return;
                    }
                },
                Some(Search::Hit(line)) => line.saturating_add(1),
                // once more: from the other end
                Some(Search::Nothing { backwards: before }) if *before == backwards => {
                    if backwards { self.total.saturating_sub(1) } else { 0 }
                }
                _ => edge,
            };
        self.search = Some(Search::Seeking { from, backwards, at: from });
    }

    pub fn found(&mut self, query: &LogFindQuery, found: &LogFound, height: usize) {
        let Some(Search::Seeking { from, backwards, at }) = &mut self.search else { return };
        let same = self.troubles == query.troubles && (self.troubles || self.needle == query.text);
        if *from != query.from || *backwards != query.backwards || !same {
            return;
        }
        match (found.line, found.done) {
            (Some(line), _) => {
                self.search = Some(Search::Hit(line));
                self.aside = true;
                // what was looked for by its text may be among the lines that are not shown
                if self.only_troubles && !self.troubles {
                    self.switch_troubles(height);
                }
                self.show(line, height);
            }
            (None, true) => self.search = Some(Search::Nothing { backwards: *backwards }),
            (None, false) => *at = found.next,
        }
    }

    /// The line of a hit that was not looked at yet.
    pub fn aside(&self) -> Option<&LogLine> {
        let Some(Search::Hit(number)) = self.search else { return None };
        self.lines().iter().find(|line| line.number == number).filter(|_| self.aside)
    }

    /// Moves the lines aside where what was found would stand beyond an edge of the `room`
    /// cells that its line has. Once for each hit: whoever moves them then means it.
    pub fn reveal(&mut self, room: usize) {
        let Some(line) = self.aside() else { return };
        if !self.troubles && !self.wrap {
            self.column = column_for(&line.text, &self.needle, self.column, room);
        }
        self.aside = false;
    }

    /// Brings a line into sight, a third from the top.
    fn show(&mut self, line: u64, height: usize) {
        let shown = self.shown(height);
        if shown.iter().any(|l| l.number == line) {
            if self.follow {
                self.toggle_follow(height);
            }
            return;
        }
        self.follow = false;
        let at = self.lines().iter().position(|l| l.number == line);
        match at {
            Some(at) => {
                self.top = self.lines()[at.saturating_sub(height / 3)].number;
                self.reach(height);
            }
            None => {
                self.top = line.saturating_sub(height as u64 / 3);
                self.anchor = LogAnchor::Line(line);
            }
        }
    }
}

impl Default for LogPane {
    fn default() -> LogPane {
        LogPane::new()
    }
}
