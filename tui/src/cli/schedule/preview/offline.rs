//! The slots of a cron expression, without the daemon.

use std::collections::BTreeSet;

use rpa_config::calendar::Calendars;
use rpa_config::schedule::{Plan, PlanError, describe};
use rpa_engine::trigger::{
    CatchUp, CatchUpPolicy, DstGap, DstOverlap, Moments, Outside, Overlap, Passed, Schedule, Slot,
};
use rpa_ipc::fault::problem_fault;
use rpa_ipc::{Fault, FaultCode};

use super::super::super::text::duration;
use super::super::window::Window;
use super::Args;
use super::picture::{Fate, Picture, Shown};

const CODE: FaultCode = FaultCode::Schedule;

pub fn refused(error: &PlanError) -> Fault {
    problem_fault(CODE, &error.to_string(), &error.hint())
}

/// A schedule of which only its moments and its zone are known.
pub fn plain(moments: Moments, timezone: &str) -> Schedule {
    Schedule {
        moments,
        timezone: timezone.to_owned(),
        gap: DstGap::default(),
        fold: DstOverlap::default(),
        // how much later a slot is fired depends on whose it is
        jitter_ms: 0,
        start: None,
        end: None,
        days: None,
        outside: Outside::default(),
        catch_up: CatchUp {
            policy: CatchUpPolicy::default(),
            window_ms: None,
            max: 1,
            spread_ms: 0,
        },
        overlap: Overlap::default(),
        pause_on_failure: None,
    }
}

pub fn picture(cron: &str, args: &Args, now_ms: u64) -> Result<Picture, PlanError> {
    let (gap, fold) = (args.dst_gap, args.dst_overlap);
    let schedule = Schedule { gap, fold, ..plain(Moments::Cron(cron.to_owned()), &args.timezone) };
    let plan = |gap| {
        let schedule = Schedule { gap, ..schedule.clone() };
        Plan::new(&schedule, "", &Calendars::default())
    };
    let shown = |plan: &Plan| match args.around {
        Some(date) => Window::around(plan, date, args.limit.into()),
        None => Window::after(plan, now_ms, args.limit.into()),
    };
    let (own, skipping) = (plan(gap)?, plan(DstGap::Skip)?);
    let leapt = shown(&skipping).slots.into_iter();
    let leapt = leapt.filter(|slot| slot.passed == Some(Passed::Gap)).map(|slot| slot.at_ms);
    let rules = Rules {
        behind_gaps: leapt.collect(),
        fold,
        jitter_ms: args.jitter.map_or(0, |jitter| jitter.as_millis().try_into().unwrap_or(0)),
    };
    let Window { slots, changes } = shown(&own);
    Ok(Picture {
        said: describe(&schedule),
        zone: own.zone().clone(),
        slots: slots.iter().map(|slot| rules.shown(slot)).collect(),
        changes,
    })
}

/// What decides how a slot is told.
struct Rules {
    /// Slots that stand for times that the clock leaps over.
    behind_gaps: BTreeSet<u64>,
    fold: DstOverlap,
    jitter_ms: u64,
}

impl Rules {
    fn shown(&self, slot: &Slot) -> Shown {
        let jitter_ms = if slot.passed.is_none() { self.jitter_ms } else { 0 };
        Shown {
            at_ms: slot.at_ms,
            due_ms: slot.due_ms,
            due_latest_ms: slot.due_ms + jitter_ms,
            after_gap: Some(self.behind_gaps.contains(&slot.at_ms)),
            fate: self.fate(slot),
        }
    }

    fn fate(&self, slot: &Slot) -> Fate {
        let Some(passed) = slot.passed else {
            let behind = match self.behind_gaps.contains(&slot.at_ms) {
                true => " after the clock's gap",
                false => "",
            };
            let late = match self.jitter_ms {
                0 => String::new(),
                ms => format!(", up to {} later", duration(ms)),
            };
            return Fate::Fires(format!("{behind}{late}"));
        };
        let why = match passed {
            Passed::Gap => "in the clock's gap",
            Passed::Fold => match self.fold {
                DstOverlap::Second => "shown again later",
                DstOverlap::First | DstOverlap::Both => "shown before",
            },
            Passed::Calendar => "not on that day",
            Passed::Merged => "another stands for it",
        };
        Fate::Passed { word: passed.word().to_owned(), why: why.to_owned() }
    }
}
