//! What the reckoning of slots says of a schedule, which is what the daemon will say.

use rpa_engine::trigger::{CatchUp, Day, Days, Moments, Schedule};

use super::catch_up::DEFAULT_MAX;
use crate::calendar::Calendars;
use crate::schedule::{Plan, PlanError};

/// A rule that has come round so often has shown how near its slots are.
const LOOKED_AT: usize = 200;

/// The moments alone, in a zone without changes of the clock.
pub(super) fn plan(moments: &Moments) -> Result<Plan, PlanError> {
    planned(moments.clone(), None)
}

/// What is wrong with the days, as far as it does not hang on calendars: those are in the
/// settings of the daemon.
pub(super) fn refused_days(days: &Days) -> Option<PlanError> {
    let hangs = days.terms.iter().any(|(_, day)| matches!(day, Day::Calendar(_)));
    let daily = Moments::Cron("@daily".to_owned());
    (!hangs).then(|| planned(daily, Some(days.clone())).err()).flatten()
}

/// The shortest time between two slots that follow each other.
pub(super) fn shortest_ms(moments: &Moments) -> Option<u64> {
    match moments {
        Moments::Every { period_ms, .. } => Some(*period_ms),
        Moments::At(bounds) => bounds.windows(2).map(|pair| pair[1].at_ms - pair[0].at_ms).min(),
        Moments::Cron(_) => {
            let plan = plan(moments).ok()?;
            let slots: Vec<u64> = plan.after(0).take(LOOKED_AT).map(|slot| slot.at_ms).collect();
            slots.windows(2).map(|pair| pair[1] - pair[0]).min()
        }
    }
}

fn planned(moments: Moments, days: Option<Days>) -> Result<Plan, PlanError> {
    let schedule = Schedule {
        moments,
        timezone: "UTC".to_owned(),
        gap: Default::default(),
        fold: Default::default(),
        jitter_ms: 0,
        start: None,
        end: None,
        days,
        outside: Default::default(),
        catch_up: CatchUp {
            policy: Default::default(),
            window_ms: None,
            max: DEFAULT_MAX,
            spread_ms: 0,
        },
        overlap: Default::default(),
        pause_on_failure: None,
    };
    Plan::new(&schedule, "", &Calendars::default())
}
