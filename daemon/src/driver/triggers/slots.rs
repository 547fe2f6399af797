//! Slots of schedules: the clock tells of them, the engine decides their fates.

use jiff::tz::TimeZone;
use rpa_engine::actor::{Actor, Origin};
use rpa_engine::run::{self, Cx};
use rpa_engine::trigger::{self, Fate, Start, Trigger};
use rpa_engine::{RunId, WorkflowRef};

use super::super::message::{Answer, Slots, Wish};
use super::super::take::Taken;
use super::super::{Driver, Outbox};
use super::begin::{Asked, by_trigger};
use super::{Armed, come_into_force, declared, paused};
use crate::store::{SlotRow, StoreError, Tables, TriggerKey, TriggerRow, TriggerState};
use crate::triggers::facts::{self, moment};

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
        let slots = told.slots.iter().filter(|slot| slot.at_ms <= end_ms);
        let mut inputs: Vec<_> = slots.map(|slot| trigger::Input::Slot(*slot)).collect();
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
            restored_ms: tables.released_ms()?,
        };
        let mut open = inputs;
        open.push(trigger::Input::Look);
        open.reverse();
        while let Some(input) = open.pop() {
            let TriggerState::Schedule(state) = &mut row.state else { return Ok(()) };
            let decision = state.step(schedule, when, input);
            for (at_ms, fate) in decision.fates {
                tell(&armed.definition.name, armed.declared(), at_ms, &fate);
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
        Ok(())
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

/// What a person's wish means for a schedule.
pub(super) fn inputs(
    tables: &Tables<'_>,
    key: &TriggerKey,
    now_ms: u64,
    wish: &Wish,
    actor: &Actor,
) -> Result<Vec<trigger::Input>, StoreError> {
    Ok(match wish {
        Wish::Pause { note } => {
            let trigger::Paused { by, note, .. } = paused(actor, note, now_ms);
            vec![trigger::Input::Pause { by, note }]
        }
        Wish::Resume => vec![trigger::Input::Resume],
        Wish::Backfill(slots) => {
            let mut inputs = Vec::new();
            for slot in slots {
                if tables.slot(key, slot.at_ms)?.is_none_or(|row| row.is_free()) {
                    inputs.push(trigger::Input::Backfill { slot: *slot });
                }
            }
            inputs
        }
        Wish::Enable | Wish::Disable { .. } => Vec::new(),
    })
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
