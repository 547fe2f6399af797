//! What fires within a day, over all triggers.

use std::collections::HashMap;

use jiff::Timestamp;
use rpa_ipc::Fault;
use rpa_ipc::triggers::{ComingSlot, MOST_SLOTS};

use super::super::{Cursor, State, moving};
use super::TriggerName;
use crate::console::time;
use crate::console::view::layout;

/// How far is looked ahead.
pub const AHEAD_MS: u64 = 24 * HOUR_MS;
const HOUR_MS: u64 = 3_600_000;

#[derive(Clone, Debug, Default)]
pub struct UpcomingScreen {
    /// Whether the daemon has told it at least once.
    pub known: bool,
    /// The next first.
    pub bunches: Vec<Bunch>,
    /// Why the daemon does not tell.
    pub fault: Option<Fault>,
    pub cursor: Cursor,
}

/// The slots of one trigger within one hour of the reader's clock: a schedule that fires
/// each minute takes one row, not sixty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bunch {
    pub name: TriggerName,
    /// When that hour begins.
    pub hour_ms: u64,
    /// The first of them, and when it fires.
    pub slot_ms: u64,
    pub due_ms: u64,
    /// When the last of them fires.
    pub last_due_ms: u64,
    pub count: usize,
    /// There may be more of them than the daemon has told.
    pub cut: bool,
}

impl UpcomingScreen {
    pub fn ids(&self) -> Vec<String> {
        let id = |bunch: &Bunch| {
            format!("{} {} {}", bunch.hour_ms, bunch.name.workflow, bunch.name.trigger)
        };
        self.bunches.iter().map(id).collect()
    }

    pub fn selected(&self) -> Option<&Bunch> {
        self.bunches.get(self.cursor.index)
    }

    /// When a countdown on the screen says something else next.
    pub fn wake_at(&self, state: &State) -> Option<u64> {
        let shown = self.bunches.iter().skip(self.cursor.top).take(layout::list_rows(state));
        shown.filter_map(|bunch| time::countdown_changes(bunch.due_ms, state.now_ms)).min()
    }
}

pub fn got(state: &mut State, slots: &[ComingSlot]) {
    let bunches = bunches(state, slots);
    let screen = &mut state.upcoming;
    (screen.bunches, screen.known, screen.fault) = (bunches, true, None);
    moving::settle(state);
}

fn bunches(state: &State, slots: &[ComingSlot]) -> Vec<Bunch> {
    let mut all: Vec<Bunch> = Vec::new();
    let mut totals: HashMap<(&str, &str), (usize, usize)> = HashMap::new();
    for slot in slots {
        let hour_ms = hour(state, slot.due_ms);
        let name = (slot.workflow.as_str(), slot.trigger.as_str());
        let (total, at) = totals.entry(name).or_insert((0, all.len()));
        *total += 1;
        match all.get_mut(*at).filter(|bunch| bunch.hour_ms == hour_ms) {
            Some(bunch) => (bunch.count, bunch.last_due_ms) = (bunch.count + 1, slot.due_ms),
            None => {
                *at = all.len();
                let (workflow, trigger) = (slot.workflow.clone(), slot.trigger.clone());
                all.push(Bunch {
                    name: TriggerName { workflow, trigger },
                    hour_ms,
                    slot_ms: slot.slot_ms,
                    due_ms: slot.due_ms,
                    last_due_ms: slot.due_ms,
                    count: 1,
                    cut: false,
                });
            }
        }
    }
    // the daemon gives each trigger that fires an equal share of its answer: one that has as
    // many slots as that may have more of them, after the last one told
    let may_fire = |status: &str| matches!(status, "armed" | "broken");
    let firing = state.triggers.rows.iter().filter(|view| may_fire(&view.status)).count();
    let share = MOST_SLOTS as usize / firing.max(totals.len()).max(1);
    for (total, at) in totals.into_values() {
        all[at].cut = total >= share;
    }
    all
}

/// When the hour in which that moment lies begins, as the reader's clock shows it.
fn hour(state: &State, ms: u64) -> u64 {
    let at = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    // zones may be half an hour apart
    let offset = at.map_or(0, |at| i64::from(state.zone.to_offset(at).seconds()) * 1_000);
    let hour = i64::try_from(HOUR_MS).unwrap_or(1);
    let past = i64::try_from(ms).map_or(0, |ms| ms.saturating_add(offset).rem_euclid(hour));
    ms.saturating_sub(u64::try_from(past).unwrap_or(0))
}
