//! What fires within a day, over all triggers.

use std::collections::HashMap;

use jiff::Timestamp;
use rpa_ipc::Fault;
use rpa_ipc::triggers::{ComingSlot, Stretches};

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
    pub count: u64,
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
    let mut newest: HashMap<(&str, &str), usize> = HashMap::new();
    for slot in slots {
        let hour_ms = hour(state, slot.due_ms);
        let count = slot.folded.map_or(1, |folded| folded.count);
        let last_due_ms = slot.folded.map_or(slot.due_ms, |folded| folded.last_due_ms);
        // behind the last one that was told there are others
        let cut = slot.more.is_some() || slot.folded.is_some_and(|folded| folded.at_least);
        let at = newest.entry((slot.workflow.as_str(), slot.trigger.as_str())).or_insert(all.len());
        if let Some(bunch) = all.get_mut(*at).filter(|bunch| bunch.hour_ms == hour_ms) {
            bunch.count += count;
            bunch.last_due_ms = bunch.last_due_ms.max(last_due_ms);
            bunch.cut |= cut;
            continue;
        }
        *at = all.len();
        let (workflow, trigger) = (slot.workflow.clone(), slot.trigger.clone());
        let (slot_ms, due_ms) = (slot.slot_ms, slot.due_ms);
        let name = TriggerName { workflow, trigger };
        all.push(Bunch { name, hour_ms, slot_ms, due_ms, last_due_ms, count, cut });
    }
    all
}

/// The hours of the reader's clock.
pub fn hours(state: &State) -> Stretches {
    Stretches::of(HOUR_MS, state.zone.to_offset(instant(state.now_ms)).seconds())
}

fn instant(ms: u64) -> Timestamp {
    let at = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    at.unwrap_or(Timestamp::MAX)
}

/// When the hour in which that moment lies begins, as the reader's clock shows it.
fn hour(state: &State, ms: u64) -> u64 {
    // zones may be half an hour apart
    let hours = Stretches::of(HOUR_MS, state.zone.to_offset(instant(ms)).seconds());
    hours.end_ms(ms).saturating_sub(HOUR_MS)
}
