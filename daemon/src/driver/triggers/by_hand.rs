//! A person wants the run of a trigger now: whatever it waits for, and whatever else goes
//! on. Its `if` is not asked.

use rpa_engine::RunId;
use rpa_engine::run::Cx;
use rpa_engine::trigger::{self, How, Slot, Start, delivery};
use rpa_ipc::{FaultCode, fault};

use super::super::message::{Answer, Arrival, Firing};
use super::super::take::Taken;
use super::super::{Driver, Outbox};
use super::begin::Asked;
use super::{Armed, find, not_armed};
use crate::store::{RequestRow, SlotRow, StoreError, Tables, TriggerRow, TriggerState};
use crate::triggers::facts::{self, Facts};

impl Driver {
    pub(in super::super) fn fire_by_hand(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        firing: &Firing,
        out: &mut Outbox,
    ) -> Taken {
        let Firing { workflow, trigger, request_id, digest, .. } = firing;
        if let Some(repeated) = self.repeated(tables, request_id, digest)? {
            return Ok(repeated);
        }
        if self.hold {
            return Ok(Err(fault!(FaultCode::Draining, "no-new-runs")));
        }
        let Some(key) = find(tables, workflow, trigger)? else {
            let (code, trigger) = (FaultCode::NoTrigger, trigger.as_str());
            return Ok(Err(fault!(code, "no-trigger", workflow = workflow, trigger = trigger)));
        };
        let Some(mut row) = tables.trigger(&key)? else {
            return Ok(Err(not_armed(workflow, &key)));
        };
        let Some(armed) = self.armed(tables, &key, &row)? else {
            return Ok(Err(not_armed(workflow, &key)));
        };
        let begun = match row.state {
            TriggerState::Schedule(_) => {
                self.slot_by_hand(tables, cx, &armed, &mut row, firing, out)
            }
            TriggerState::Deliveries(_) => {
                self.delivery_by_hand(tables, cx, &armed, &mut row, firing, out)
            }
        };
        let run = match begun? {
            Ok(run) => run,
            Err(fault) => return Ok(Err(fault)),
        };
        tables.put_trigger(&key, &row)?;
        tables.put_request(request_id, &RequestRow::Run { run, digest: *digest })?;
        let status = tables.status(run)?;
        Ok(Ok(Answer::Accepted { run, status, repeated: false }))
    }

    fn slot_by_hand(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        armed: &Armed,
        row: &mut TriggerRow,
        firing: &Firing,
        out: &mut Outbox,
    ) -> Result<Result<RunId, rpa_ipc::Fault>, StoreError> {
        let mut at_ms = cx.now_ms;
        // its place in the ledger is none of another slot
        while tables.slot(&armed.key, at_ms)?.is_some() {
            at_ms += 1;
        }
        let slot = Slot { at_ms, due_ms: at_ms, passed: None };
        let start = Start { slot, how: How::ByHand };
        let declared = armed.declared();
        let mut facts = facts::of_slot(declared, start);
        facts.extend(firing.data.clone());
        let run = RunId::of_slot(&armed.definition.name, &declared.id, at_ms, cx.now_ms);
        if let Err(fault) = self.begin(tables, cx, armed, asked(firing, run, at_ms, facts), out)? {
            return Ok(Err(fault));
        }
        let accepted = vec![trigger::Input::Accepted { start, run }];
        self.drive_slots(tables, cx, armed, row, accepted, out)?;
        debug_assert!(matches!(tables.slot(&armed.key, at_ms), Ok(Some(SlotRow { .. }))));
        Ok(Ok(run))
    }

    fn delivery_by_hand(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        armed: &Armed,
        row: &mut TriggerRow,
        firing: &Firing,
        out: &mut Outbox,
    ) -> Result<Result<RunId, rpa_ipc::Fault>, StoreError> {
        let TriggerState::Deliveries(state) = &mut row.state else {
            return Ok(Err(not_armed(&firing.workflow, &armed.key)));
        };
        let number = state.by_hand();
        let what = firing.actor.who.clone();
        let (trigger, data) = (armed.key.clone(), firing.data.clone());
        let arrival =
            Arrival { trigger, revision: None, id: None, what, data, hops: 0, seen: Vec::new() };
        let facts = facts::of_delivery(armed.declared(), number, cx.now_ms, arrival.data.clone());
        let (workflow, id) = (&armed.definition.name, &armed.declared().id);
        let run = RunId::of_delivery(workflow, id, number, cx.now_ms);
        if let Err(fault) = self.begin(tables, cx, armed, asked(firing, run, number, facts), out)? {
            return Ok(Err(fault));
        }
        self.note(tables, cx, row, number, &arrival)?;
        let accepted = vec![delivery::Input::ByHand { number, run }];
        self.drive_deliveries(tables, cx, armed, row, accepted, out)?;
        Ok(Ok(run))
    }
}

fn asked(firing: &Firing, id: RunId, of: u64, facts: Facts) -> Asked {
    Asked {
        id,
        of,
        by_hand: true,
        actor: firing.actor.clone(),
        request_id: firing.request_id.clone(),
        hops: 0,
        facts,
    }
}
