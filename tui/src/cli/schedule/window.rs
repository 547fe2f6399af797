//! Which slots of a plan are shown.

use jiff::civil::Date;
use rpa_config::schedule::{Change, Plan};
use rpa_engine::trigger::Slot;

const MINUTE_MS: u64 = 60_000;

const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

/// How far is looked back for slots before a day: a job that comes once a year has one.
const BACK_MS: u64 = 400 * DAY_MS;

/// Slots one after the other, and the changes of the clock between the first and the last.
#[derive(Debug)]
pub struct Window {
    pub slots: Vec<Slot>,
    pub changes: Vec<Change>,
}

impl Window {
    /// The first `limit` slots after an instant.
    pub fn after(plan: &Plan, after_ms: u64, limit: usize) -> Window {
        let slots: Vec<Slot> = plan.after(after_ms).take(limit).collect();
        let last_ms = slots.last().map_or(after_ms, |slot| slot.at_ms);
        let changes = plan.changes(after_ms, last_ms).collect();
        Window { slots, changes }
    }

    /// Half of the slots before the change of the clock that is on that day or beside it,
    /// half from there on; without one, around its midnight.
    pub fn around(plan: &Plan, date: Date, limit: usize) -> Window {
        let midnight = plan.zone().to_ambiguous_timestamp(date.at(0, 0, 0, 0)).compatible();
        let midnight_ms = midnight.map_or(0, |at| at.as_millisecond());
        let midnight_ms = u64::try_from(midnight_ms).unwrap_or(0);
        let near = plan.changes(midnight_ms.saturating_sub(DAY_MS), midnight_ms + 2 * DAY_MS);
        let middle_ms = near
            .min_by_key(|change| change.at_ms.abs_diff(midnight_ms + DAY_MS / 2))
            .map_or(midnight_ms, |change| change.at_ms);
        Window::after(plan, before(plan, middle_ms, limit / 2), limit)
    }
}

/// The instant after which there are so many slots before `middle_ms`, if there are.
fn before(plan: &Plan, middle_ms: u64, count: usize) -> u64 {
    let mut back_ms = MINUTE_MS;
    loop {
        let from_ms = middle_ms.saturating_sub(back_ms);
        let slots = plan.after(from_ms).take_while(|slot| slot.at_ms < middle_ms);
        let slots: Vec<Slot> = slots.collect();
        if slots.len() >= count || back_ms >= BACK_MS {
            let first = slots.len().saturating_sub(count);
            let first_ms = slots.get(first).map_or(middle_ms, |slot| slot.at_ms);
            return first_ms.saturating_sub(1);
        }
        back_ms *= 2;
    }
}
