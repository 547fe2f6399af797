//! The moments of a schedule, before its days and its jitter are looked at.

use std::sync::Arc;

use jiff::tz::TimeZone;
use rpa_engine::trigger::{DstGap, DstOverlap, Moments, Passed};

use super::cron::Cron;
use super::error::PlanError;
use super::stretch::{Showing, Stretch};

/// The least period of `every`.
const LEAST_PERIOD_MS: u64 = 1_000;

/// What names moments.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Cron {
        cron: Box<Cron>,
        zone: TimeZone,
        gap: DstGap,
        overlap: DstOverlap,
    },
    Every {
        period_ms: u64,
        from_ms: u64,
    },
    /// In order, each once.
    At(Arc<[u64]>),
}

/// A moment, and why it is none by the rule of the clock.
pub(super) type Raw = (u64, Option<Passed>);

impl Source {
    pub(super) fn of(
        moments: &Moments,
        zone: &TimeZone,
        gap: DstGap,
        overlap: DstOverlap,
    ) -> Result<Source, PlanError> {
        match moments {
            Moments::Cron(text) => {
                let cron = Box::new(Cron::read(text)?);
                Ok(Source::Cron { cron, zone: zone.clone(), gap, overlap })
            }
            Moments::Every { period_ms, .. } if *period_ms < LEAST_PERIOD_MS => {
                Err(PlanError::Period { period_ms: *period_ms })
            }
            Moments::Every { period_ms, from } => {
                Ok(Source::Every { period_ms: *period_ms, from_ms: from.at_ms })
            }
            Moments::At(bounds) => {
                let mut all: Vec<u64> = bounds.iter().map(|bound| bound.at_ms).collect();
                all.sort_unstable();
                all.dedup();
                if all.is_empty() { Err(PlanError::NoMoment) } else { Ok(Source::At(all.into())) }
            }
        }
    }

    /// Those from `from_ms` on and before `before_ms`, in order.
    pub(super) fn between(&self, from_ms: u64, before_ms: u64) -> Moving<'_> {
        match self {
            Source::Cron { cron, zone, gap, overlap } => {
                let next = i64::try_from(from_ms.div_ceil(1000)).unwrap_or(i64::MAX / 8);
                let before = i64::try_from(before_ms.div_ceil(1000)).unwrap_or(i64::MAX / 8);
                let stretch = Stretch::around(zone, next);
                Moving::Cron(Clock {
                    cron,
                    zone,
                    gap: *gap,
                    overlap: *overlap,
                    stretch,
                    next,
                    before,
                })
            }
            Source::Every { period_ms, from_ms: first_ms } => {
                let turns = from_ms.saturating_sub(*first_ms).div_ceil(*period_ms);
                let next_ms =
                    turns.checked_mul(*period_ms).and_then(|ms| ms.checked_add(*first_ms));
                Moving::Every { period_ms: *period_ms, next_ms, before_ms }
            }
            Source::At(all) => {
                let first = all.partition_point(|at| *at < from_ms);
                let last = all.partition_point(|at| *at < before_ms).max(first);
                Moving::At(all[first..last].iter())
            }
        }
    }
}

/// On its way through the moments.
#[derive(Debug)]
pub(super) enum Moving<'a> {
    Cron(Clock<'a>),
    Every { period_ms: u64, next_ms: Option<u64>, before_ms: u64 },
    At(std::slice::Iter<'a, u64>),
}

impl Iterator for Moving<'_> {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        match self {
            Moving::Cron(clock) => clock.next(),
            Moving::Every { period_ms, next_ms, before_ms } => {
                let at_ms = next_ms.filter(|at_ms| at_ms < before_ms)?;
                *next_ms = at_ms.checked_add(*period_ms);
                Some((at_ms, None))
            }
            Moving::At(all) => all.next().map(|at_ms| (*at_ms, None)),
        }
    }
}

/// On its way through the stretches of a zone.
#[derive(Debug)]
pub(super) struct Clock<'a> {
    cron: &'a Cron,
    zone: &'a TimeZone,
    gap: DstGap,
    overlap: DstOverlap,
    stretch: Stretch,
    /// All seconds before it are done.
    next: i64,
    before: i64,
}

impl Iterator for Clock<'_> {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        while self.next < self.before {
            if self.next >= self.stretch.end {
                self.stretch = Stretch::around(self.zone, self.next);
            }
            if let Some(at) = self.behind_a_gap() {
                let passed = match self.gap {
                    DstGap::RunAfter => None,
                    DstGap::Skip => Some(Passed::Gap),
                };
                return self.found(at, passed);
            }
            let (offset, end) = (self.stretch.offset, self.stretch.end.min(self.before));
            match self.cron.next(self.next + offset, end + offset) {
                Some(shown) => {
                    let passed = self.meant(shown - offset);
                    return self.found(shown - offset, passed);
                }
                None => self.next = end,
            }
        }
        None
    }
}

impl Clock<'_> {
    fn found(&mut self, at: i64, passed: Option<Passed>) -> Option<Raw> {
        self.next = at + 1;
        let at_ms = u64::try_from(at).ok()?.checked_mul(1000)?;
        Some((at_ms, passed))
    }

    /// The start of the stretch, where it stands for what the clock has leapt over, and
    /// the clock does not show it as a moment of its own.
    fn behind_a_gap(&self) -> Option<i64> {
        let gap = self.stretch.gap();
        if self.cron.elapsed || self.next != self.stretch.start || gap.is_empty() {
            return None;
        }
        let shown = self.cron.next(gap.end, gap.end + 1);
        let leapt = self.cron.next(gap.start, gap.end);
        (shown.is_none() && leapt.is_some()).then_some(self.stretch.start)
    }

    fn meant(&self, second: i64) -> Option<Passed> {
        let showing = self.stretch.showing(second);
        let other = match (self.overlap, showing) {
            _ if self.cron.elapsed => false,
            (_, Showing::Only) | (DstOverlap::Both, Showing::First | Showing::Second) => false,
            (DstOverlap::First, showing) => showing == Showing::Second,
            (DstOverlap::Second, showing) => showing == Showing::First,
        };
        other.then_some(Passed::Fold)
    }
}
