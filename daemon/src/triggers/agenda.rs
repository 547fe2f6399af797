//! What the clock of schedules knows: of each that is armed up to which instant its slots
//! were taken, and when something of it is due next. It reads no clock and no store.

use std::collections::{BTreeMap, BTreeSet};

use rpa_config::schedule::Plan;
use rpa_engine::trigger::CatchUp;

use crate::driver::Slots;
use crate::store::{TriggerKey, TriggerRow};

/// What was told and has not been taken is told again after this time.
pub(super) const AGAIN_MS: u64 = 1_000;
/// Slots that are told at once.
const AT_ONCE: usize = 500;

/// The schedules that are armed.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    armed: BTreeMap<TriggerKey, Armed>,
    /// When each is to be looked at, the earliest first.
    due: BTreeSet<(u64, TriggerKey)>,
}

#[derive(Debug)]
struct Armed {
    revision: u32,
    /// None of one that names no moments here any more: nothing of it comes, but that another
    /// takes its place.
    planned: Option<Planned>,
    upto_ms: u64,
    /// From here on another declaration is in force.
    end_ms: Option<u64>,
    due_ms: u64,
}

/// What a revision declares, made ready.
#[derive(Debug)]
pub(super) struct Planned {
    pub plan: Plan,
    pub catch_up: CatchUp,
}

impl Agenda {
    pub(super) fn len(&self) -> usize {
        self.armed.len()
    }

    pub(super) fn clear(&mut self) {
        self.armed.clear();
        self.due.clear();
    }

    /// When the first of them is to be looked at.
    pub(super) fn next_ms(&self) -> Option<u64> {
        self.due.first().map(|(due_ms, _)| *due_ms)
    }

    /// A trigger is as its row says; `planned` is asked for a revision that is not known: one
    /// never changes, and most rows are of a schedule that has just fired. It gives nothing for
    /// one that names no moments here.
    pub(super) fn arm(
        &mut self,
        key: TriggerKey,
        row: Option<&TriggerRow>,
        now_ms: u64,
        planned: impl FnOnce(&TriggerKey, u32) -> Option<Planned>,
    ) {
        let before = self.armed.remove(&key);
        if let Some(before) = &before {
            self.due.remove(&(before.due_ms, key.clone()));
        }
        let armed = row.and_then(|row| Some((row, row.state.schedule()?, row.armed?)));
        let Some((row, state, revision)) = armed else { return };
        let same = before.filter(|before| before.revision == revision);
        let same = same.and_then(|before| before.planned);
        let planned = same.or_else(|| planned(&key, revision));
        let upto_ms = state.upto_ms;
        let end_ms = row.next.map(|switch| switch.at_ms);
        let of_plan = planned.as_ref().map(|planned| {
            let next_ms = planned.plan.after(upto_ms).next().map(|slot| slot.at_ms);
            [next_ms, state.next_look(&planned.catch_up, now_ms)]
        });
        let due_ms = of_plan.into_iter().flatten().chain([end_ms]).flatten().min();
        let Some(due_ms) = due_ms else { return };
        self.due.insert((due_ms, key.clone()));
        self.armed.insert(key, Armed { revision, planned, upto_ms, end_ms, due_ms });
    }

    /// The first that is due, and what is to be told of it. It stands again as due for the
    /// case that nobody takes it.
    pub(super) fn come(&mut self, now_ms: u64) -> Option<Slots> {
        let (due_ms, _) = self.due.first()?;
        if *due_ms > now_ms {
            return None;
        }
        let (_, key) = self.due.pop_first()?;
        let armed = self.armed.get_mut(&key)?;
        armed.due_ms = now_ms + AGAIN_MS;
        self.due.insert((armed.due_ms, key.clone()));
        let end_ms = armed.end_ms.map_or(now_ms, |end_ms| end_ms.min(now_ms));
        let slots = armed.planned.iter().flat_map(|planned| planned.plan.after(armed.upto_ms));
        let mut slots: Vec<_> =
            slots.take_while(|slot| slot.at_ms <= end_ms).take(AT_ONCE).collect();
        let upto_ms = match slots.len() {
            AT_ONCE => slots.last().map_or(end_ms, |last| last.at_ms),
            _ => end_ms,
        };
        slots.shrink_to_fit();
        Some(Slots { trigger: key, revision: armed.revision, slots, upto_ms })
    }
}

#[cfg(test)]
mod tests {
    use rpa_engine::trigger::ScheduleState;

    use super::*;
    use crate::store::{NamespaceId, Switch, TriggerState};

    #[test]
    fn one_that_names_no_moments_any_more_gives_way_to_another() {
        let (workflow, trigger) = ("w".parse().unwrap(), "t".parse().unwrap());
        let key = TriggerKey { namespace: NamespaceId(1), workflow, trigger };
        let mut row = TriggerRow {
            armed: Some(1),
            next: None,
            ordered: None,
            state: TriggerState::Schedule(ScheduleState::armed(100)),
            topic: None,
            slots: 0,
            deliveries: 0,
            forgotten_ms: 0,
            undeclared_ms: None,
        };
        let mut agenda = Agenda::default();
        agenda.arm(key.clone(), Some(&row), 100, |_, _| None);
        assert_eq!(agenda.next_ms(), None, "nothing of it comes");
        row.next = Some(Switch { to: Some(2), at_ms: 500 });
        agenda.arm(key.clone(), Some(&row), 100, |_, _| None);
        assert_eq!(agenda.next_ms(), Some(500));
        assert!(agenda.come(499).is_none());
        let told = agenda.come(1_000).expect("its end has come");
        assert_eq!((told.trigger, told.revision, told.upto_ms), (key, 1, 500));
        assert!(told.slots.is_empty());
    }
}
