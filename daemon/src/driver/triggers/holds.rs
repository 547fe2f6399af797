//! What triggers hold: when it is looked at, what keeps it from being looked at, and what
//! becomes of it when nothing is to come of it.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::run::Cx;
use rpa_engine::trigger::delivery::Outcome;

use super::super::{Driver, Outbox, catalog};
use super::Armed;
use crate::store::{DeliveryRow, StoreError, Tables, TriggerKey, TriggerRow, TriggerState};

/// Triggers that are looked at in one transaction because their time has come.
const LOOKED_AT_ONCE: usize = 64;
/// When it is tried again to begin what could not be begun for want of space.
const AGAIN_MS: u64 = 5_000;

/// When what triggers hold is to be looked at.
#[derive(Debug, Default)]
pub(in super::super) struct Holds {
    due: BTreeSet<(u64, TriggerKey)>,
    of: BTreeMap<TriggerKey, u64>,
}

impl Holds {
    pub fn next(&self) -> Option<u64> {
        self.due.first().map(|(due_ms, _)| *due_ms)
    }

    pub(super) fn set(&mut self, key: &TriggerKey, due_ms: Option<u64>) {
        if let Some(before_ms) = self.of.remove(key) {
            self.due.remove(&(before_ms, key.clone()));
        }
        if let Some(due_ms) = due_ms {
            self.of.insert(key.clone(), due_ms);
            self.due.insert((due_ms, key.clone()));
        }
    }

    fn due(&self, up_to_ms: u64) -> Vec<TriggerKey> {
        let due = self.due.iter().take_while(|(due_ms, _)| *due_ms <= up_to_ms);
        due.take(LOOKED_AT_ONCE).map(|(_, key)| key.clone()).collect()
    }
}

/// Whether runs of a trigger may begin now.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    Open,
    /// Nobody tells when: it is tried again after [`AGAIN_MS`].
    Shut,
    /// The triggers are read anew when they may: the workflow is taken into service, or the
    /// restored store is let go on.
    ShutUntilTold,
}

impl Gate {
    /// When what is due then is looked at; `None` when somebody tells.
    pub(super) fn look_ms(self, due_ms: u64, now_ms: u64) -> Option<u64> {
        match self {
            Gate::Open => Some(due_ms),
            Gate::Shut => Some(due_ms.max(now_ms + AGAIN_MS)),
            // what is said of it changes when its time has come
            Gate::ShutUntilTold => Some(due_ms).filter(|due_ms| *due_ms > now_ms),
        }
    }
}

impl Driver {
    /// Whether runs may begin now.
    pub(super) fn gate(&self, tables: &Tables<'_>, armed: &Armed) -> Result<Gate, StoreError> {
        if self.held.restored {
            return Ok(Gate::ShutUntilTold);
        }
        if !self.parts.reserve.accepts() {
            return Ok(Gate::Shut);
        }
        Ok(match catalog::admit(tables, &armed.definition.name)? {
            Ok(()) => Gate::Open,
            Err(_) => Gate::ShutUntilTold,
        })
    }

    /// What triggers hold and whose time has come is looked at.
    pub(in super::super) fn look_at_holds(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        up_to_ms: u64,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        // the daemon whose backup it is may have started what is held
        if self.held.restored {
            return Ok(());
        }
        for key in self.holds.due(up_to_ms) {
            self.holds.set(&key, None);
            let Some(mut row) = tables.trigger(&key)? else { continue };
            let Some(armed) = self.armed(tables, &key, &row)? else { continue };
            self.drive_deliveries(tables, cx, &armed, &mut row, Vec::new(), out)?;
            tables.put_trigger(&key, &row)?;
        }
        Ok(())
    }

    /// A restored store goes on. What was held when the backup was taken may have been
    /// started since by the daemon whose backup it is, and is told so; what has come since
    /// is started.
    pub(in super::super) fn release_holds(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        taken_ms: u64,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        for (key, mut row) in tables.all_triggers()? {
            let TriggerState::Deliveries(state) = &mut row.state else { continue };
            let told = state.forget_before(taken_ms);
            if told.is_empty() {
                continue;
            }
            tell_off(tables, cx.now_ms, &key, &mut row, told)?;
            tables.put_trigger(&key, &row)?;
            out.rearmed.insert(key);
        }
        self.find_triggers(tables, cx)
    }

    /// When what this trigger holds is to be looked at next.
    pub(super) fn find_hold(
        &mut self,
        tables: &Tables<'_>,
        cx: Cx,
        key: &TriggerKey,
        row: Option<&TriggerRow>,
    ) -> Result<(), StoreError> {
        let due_ms = match row {
            Some(row) if row.state.deliveries().is_some_and(|state| !state.held.is_empty()) => {
                let armed = self.armed(tables, key, row)?;
                armed.and_then(|armed| {
                    let flow = &armed.declared().flow;
                    row.state.deliveries()?.next_look(flow, cx.now_ms)
                })
            }
            Some(_) | None => None,
        };
        self.holds.set(key, due_ms);
        Ok(())
    }
}

/// Deliveries that were held have an outcome without a run. The row of their trigger is
/// still to be written.
pub(super) fn tell_off(
    tables: &mut Tables<'_>,
    now_ms: u64,
    key: &TriggerKey,
    row: &mut TriggerRow,
    told: Vec<(u64, Outcome)>,
) -> Result<(), StoreError> {
    for (number, outcome) in told {
        let Some(held) = tables.delivery(key, number)? else { continue };
        let told = DeliveryRow { outcome, decided_ms: now_ms, data: None, ..held };
        tables.put_delivery(key, row, number, &told)?;
    }
    Ok(())
}
