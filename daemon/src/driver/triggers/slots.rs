//! Slots of schedules: the clock tells of them, the engine decides their fates.

use jiff::tz::TimeZone;
use rpa_engine::actor::{Actor, Origin};
use rpa_engine::run::{self, Cx};
use rpa_engine::trigger::{self, Fate, ScheduleState, Slot, Start, Trigger};
use rpa_engine::{RunId, WorkflowRef};
use rpa_ipc::fault::count;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::super::message::{Answer, Slots, Wish};
use super::super::take::Taken;
use super::super::{Driver, Outbox};
use super::begin::{Asked, by_trigger};
use super::lost::Lost;
use super::{Armed, come_into_force, declared, paused};
use crate::store::{SlotRow, StoreError, Tables, TriggerKey, TriggerRow, TriggerState, Wanted};
use crate::triggers::facts::{self, moment};

#[cfg(test)]
mod tests;

/// A store that was let go on so far ahead of now was so by a clock that was ahead: that says
/// nothing of slots to come.
const ASTRAY_MS: u64 = 24 * 3_600_000;

impl Driver {
    /// The clock has come to these slots.
    pub(in super::super) fn slots(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        told: &Slots,
        out: &mut Outbox,
    ) -> Taken {
        // they are told again, and are late then
        if self.hold || self.held.restored {
            return Ok(Ok(Answer::Done));
        }
        out.rearmed.insert(told.trigger.clone());
        let Some(mut row) = tables.trigger(&told.trigger)? else { return Ok(Ok(Answer::Done)) };
        let armed = self.armed(tables, &told.trigger, &row)?;
        let Some(armed) = armed.filter(|armed| armed.revision == told.revision) else {
            return Ok(Ok(Answer::Done));
        };
        let end_ms = row.next.map_or(u64::MAX, |switch| switch.at_ms);
        let mut inputs = Vec::with_capacity(told.slots.len() + 1);
        for slot in told.slots.iter().filter(|slot| slot.at_ms <= end_ms) {
            // taken by a clock that was ahead, see `rewind`
            let known = tables.slot(&told.trigger, slot.at_ms)?;
            inputs.push(match known.is_some_and(|row| row.has_had_its_run()) {
                true => trigger::Input::Upto { at_ms: slot.at_ms },
                false => trigger::Input::Slot(*slot),
            });
        }
        inputs.push(trigger::Input::Upto { at_ms: told.upto_ms.min(end_ms) });
        self.drive_slots(tables, cx, &armed, &mut row, inputs, out)?;
        if let Some(switch) = row.next.filter(|switch| told.upto_ms >= switch.at_ms) {
            let (namespace, workflow) = (told.trigger.namespace, &told.trigger.workflow);
            let to = match switch.to {
                Some(revision) => {
                    Some((revision, self.revision(tables, namespace, workflow, revision)?))
                }
                None => None,
            };
            let to = to.as_ref().and_then(|(revision, definition)| {
                Some((*revision, declared(definition, &told.trigger)?))
            });
            come_into_force(tables, cx.now_ms, &told.trigger, &mut row, to, out)?;
        }
        tables.put_trigger(&told.trigger, &row)?;
        Ok(Ok(Answer::Done))
    }

    /// A restored store goes on: what waited in it may have been fired by the original.
    pub(in super::super) fn release_slots(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        for (key, mut row) in tables.all_triggers()? {
            let TriggerState::Schedule(state) = &mut row.state else { continue };
            let missed = state.released(cx.now_ms);
            if missed.is_empty() {
                continue;
            }
            let (workflow, trigger, slots) = (&key.workflow, &key.trigger, missed.len());
            tracing::warn!(%workflow, %trigger, slots, "slots that waited in the backup are missed");
            let of = self.armed_workflow(tables, &key, &row)?;
            let mut lost = Lost::default();
            for (at_ms, fate) in missed {
                if let Some(workflow) = &of {
                    lost.slot(&key, workflow, at_ms, &fate);
                }
                let slot = SlotRow { fate, decided_ms: cx.now_ms };
                tables.put_slot(&key, &mut row, at_ms, &slot)?;
            }
            tables.put_trigger(&key, &row)?;
            self.notify_of_lost(tables, cx.now_ms, lost, out)?;
            out.rearmed.insert(key);
        }
        Ok(())
    }

    /// Inputs, and then whatever is due, one run after the other.
    pub(super) fn drive_slots(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        armed: &Armed,
        row: &mut TriggerRow,
        inputs: Vec<trigger::Input>,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let Some(schedule) = armed.declared().source.schedule() else { return Ok(()) };
        let when = trigger::Cx {
            now_ms: cx.now_ms,
            up_since_ms: self.up_since_ms,
            restored_ms: Some(tables.released_ms()?)
                .filter(|released_ms| *released_ms <= cx.now_ms.saturating_add(ASTRAY_MS))
                .unwrap_or(0),
        };
        let mut open = inputs;
        // what waits in a store that was restored is decided about when that goes on
        if !self.held.restored {
            open.push(trigger::Input::Look);
        }
        open.reverse();
        let (mut lost, was_paused) = (Lost::default(), row.state.is_paused_by_itself());
        while let Some(input) = open.pop() {
            let TriggerState::Schedule(state) = &mut row.state else { break };
            let decision = state.step(schedule, when, input);
            for (at_ms, fate) in decision.fates {
                tell(&armed.definition.name, armed.declared(), at_ms, &fate);
                lost.slot(&armed.key, &armed.definition.name, at_ms, &fate);
                let slot = SlotRow { fate, decided_ms: cx.now_ms };
                tables.put_slot(&armed.key, row, at_ms, &slot)?;
            }
            for run in decision.cancel {
                let who = format!("{}/{}", armed.definition.name, armed.declared().id);
                let by = Actor { who, origin: Origin::Trigger };
                // one that has ended needs no order
                let _ = self.run_input(tables, cx, run, run::Input::Cancel { by }, out)?;
            }
            if let Some(start) = decision.start {
                // what has become of it comes first, then what else is due
                open.push(trigger::Input::Look);
                open.push(self.fire(tables, cx, armed, start, out)?);
            }
        }
        self.notify_of_lost(tables, cx.now_ms, lost, out)?;
        let of = (&armed.key, &armed.definition.name);
        self.notify_of_pause(tables, cx.now_ms, of, (was_paused, &row.state), out)
    }

    /// A slot starts its run, or it is said why not.
    fn fire(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        armed: &Armed,
        start: Start,
        out: &mut Outbox,
    ) -> Result<trigger::Input, StoreError> {
        let (declared, workflow) = (armed.declared(), &armed.definition.name);
        let at_ms = start.slot.at_ms;
        let facts = facts::of_slot(declared, start);
        let wanted = self.expressions().is_true(declared, declared.condition.as_ref(), &facts);
        let id = RunId::of_slot(workflow, &declared.id, at_ms, cx.now_ms);
        let asked = Asked {
            id,
            of: at_ms,
            by_hand: false,
            actor: by_trigger(declared),
            request_id: format!("{}@{}", declared.id, moment(at_ms, &TimeZone::UTC)),
            hops: 0,
            facts,
        };
        let begun = match wanted {
            Ok(true) => self.begin(tables, cx, armed, asked, out)?,
            Ok(false) => return Ok(trigger::Input::Unwanted { start }),
            Err(fault) => Err(fault),
        };
        Ok(match begun {
            Ok(()) => trigger::Input::Accepted { start, run: id },
            Err(fault) => trigger::Input::Refused {
                start,
                code: fault.code.to_string(),
                message: fault.message,
            },
        })
    }
}

/// A person enables a schedule of which a clock that was ahead has taken slots: those that are
/// still to come are taken when they come, but for those that have had a run.
pub(super) fn rewind(
    tables: &mut Tables<'_>,
    now_ms: u64,
    key: &TriggerKey,
    row: &mut TriggerRow,
) -> Result<(), StoreError> {
    let TriggerState::Schedule(state) = &mut row.state else { return Ok(()) };
    if state.upto_ms <= now_ms {
        return Ok(());
    }
    tracing::warn!(workflow = %key.workflow, trigger = %key.trigger, "slots from now on are taken again");
    state.rewind(now_ms);
    tables.forget_slots_after(key, row, now_ms)
}

/// What a person's wish means for a schedule.
pub(super) fn inputs(now_ms: u64, wish: &Wish, actor: &Actor) -> Vec<trigger::Input> {
    match wish {
        Wish::Pause { note } => {
            let trigger::Paused { by, note, .. } = paused(actor, note, now_ms);
            vec![trigger::Input::Pause { by, note }]
        }
        Wish::Resume => vec![trigger::Input::Resume],
        Wish::Backfill(_) | Wish::Enable | Wish::Disable { .. } => Vec::new(),
    }
}

/// Runs of those of these slots that have had none, or why there is no room for all of them.
pub(super) fn backfill(
    tables: &Tables<'_>,
    key: &TriggerKey,
    row: &TriggerRow,
    slots: &[Slot],
) -> Result<Result<Vec<trigger::Input>, Fault>, StoreError> {
    let room = row.state.schedule().map_or(0, ScheduleState::room);
    let mut inputs = Vec::new();
    for slot in slots {
        let known = tables.slot(key, slot.at_ms)?;
        if row.wants(slot.at_ms, known.as_ref()) == Wanted::Free {
            inputs.push(trigger::Input::Backfill { slot: *slot });
        }
    }
    Ok(match inputs.len() <= room {
        true => Ok(inputs),
        false => Err(no_room(inputs.len(), room)),
    })
}

/// Why nothing is filled in while a restored store is held.
pub fn restored() -> Fault {
    fault!(FaultCode::Busy, "trigger-restored").hint(said!("hint-trigger-restored"))
}

/// Why so many slots are not filled in.
pub fn no_room(slots: usize, room: usize) -> Fault {
    let most = count(trigger::MOST_QUEUED);
    let (slots, room) = (count(slots), count(room));
    fault!(FaultCode::Busy, "backfill-no-room", slots = slots, room = room, most = most)
        .hint(said!("hint-backfill-no-room"))
}

/// What an operator would want to find in the daemon's log.
fn tell(workflow: &WorkflowRef, trigger: &Trigger, at_ms: u64, fate: &Fate) {
    let slot = moment(at_ms, &TimeZone::UTC);
    let trigger = trigger.id.as_str();
    match fate {
        Fate::Refused { code, message } => {
            tracing::warn!(%workflow, trigger, slot, code, "slot refused: {message}");
        }
        Fate::Missed(why) => tracing::warn!(%workflow, trigger, slot, ?why, "slot missed"),
        Fate::Skipped(why) => tracing::info!(%workflow, trigger, slot, ?why, "slot skipped"),
        Fate::Fired { run, how, .. } => {
            tracing::debug!(%workflow, trigger, slot, %run, ?how, "slot fired");
        }
        Fate::Waiting { .. } | Fate::PassedOver(_) => {
            tracing::debug!(%workflow, trigger, slot, ?fate, "slot");
        }
    }
}
