//! Deliveries: what reaches a trigger that is no schedule, and what becomes of it.

use rpa_config::expr::weight;
use rpa_engine::run::Cx;
use rpa_engine::trigger::delivery::{self, DeliveryState, HeldFor, Outcome};
use rpa_engine::trigger::{Gather, Trigger};
use rpa_engine::{Expr, Map, RunId, Value, WorkflowRef};
use rpa_ipc::fault::count;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::super::message::{Answer, Arrival, Delivered};
use super::super::take::Taken;
use super::super::{Driver, Outbox, catalog};
use super::begin::{Asked, by_trigger};
use super::holds::Gate;
use super::lost::Lost;
use super::{Armed, declared, not_armed};
use crate::store::{
    DeliveryRow, RequestRow, StoreError, Tables, TriggerKey, TriggerRow, TriggerState,
};
use crate::triggers::facts::{self, Facts};

/// Longest key of a debounce that is kept as it is, in bytes; of a longer one its hash. Up
/// to [`delivery::MOST_HELD`] of them are in one row, which each delivery writes anew.
const LONGEST_KEY: usize = 128;

/// What a delivery is worth to its trigger.
enum Weighed {
    /// It is none of its.
    Stranger,
    Unwanted,
    /// With the key under which it gathers with others.
    Wanted {
        key: Option<String>,
    },
}

impl Driver {
    /// Something from outside has reached a trigger. When it is not taken, nothing of it is
    /// remembered, and whoever brought it may bring it again.
    pub(in super::super) fn take_delivery(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        arrival: &Arrival,
        out: &mut Outbox,
    ) -> Taken {
        let id = arrival.id.as_ref().map(|id| request_id(&arrival.trigger, id));
        if let Some(id) = &id
            && let Some(RequestRow::Delivery(number)) = tables.request(id)?
        {
            let row = tables.delivery(&arrival.trigger, number)?;
            let outcome = row.map(|row| row.outcome);
            return Ok(Ok(Answer::Delivered(Delivered { number, outcome, repeated: true })));
        }
        if self.hold {
            return Ok(Err(fault!(FaultCode::Draining, "no-new-runs")));
        }
        if self.held.restored {
            let fault = fault!(FaultCode::Busy, "trigger-restored");
            return Ok(Err(fault.hint(said!("hint-trigger-restored"))));
        }
        if !self.parts.reserve.accepts() {
            return Ok(Err(self.no_space()));
        }
        let row = tables.trigger(&arrival.trigger)?;
        let armed = match &row {
            Some(row) => self.armed(tables, &arrival.trigger, row)?,
            None => None,
        };
        let (Some(row), Some(armed)) = (row, armed) else {
            return Ok(Err(not_armed(&arrival.trigger.workflow, &arrival.trigger)));
        };
        if let Err(fault) = catalog::admit(tables, &armed.definition.name)? {
            return Ok(Err(fault));
        }
        if let Some(revision) = arrival.revision.filter(|revision| *revision != armed.revision) {
            let (key, source) = (&arrival.trigger, &armed.declared().source);
            let asked = self.revision(tables, key.namespace, &key.workflow, revision)?;
            if declared(&asked, key).is_none_or(|trigger| trigger.source != *source) {
                let fault = fault!(FaultCode::Busy, "trigger-changed", trigger = key.trigger);
                return Ok(Err(fault.hint(said!("hint-trigger-changed"))));
            }
        }
        let bytes = weight_of(&arrival.data);
        if let Some(state) = row.state.deliveries().filter(|state| !state.has_room(bytes)) {
            return Ok(Err(full(&arrival.trigger, state)));
        }
        let Some(number) = self.deliver(tables, cx, arrival, None, out)? else {
            return Ok(Err(not_armed(&arrival.trigger.workflow, &arrival.trigger)));
        };
        if let Some(id) = &id {
            tables.put_request(id, &RequestRow::Delivery(number))?;
        }
        for (path, file) in &arrival.seen {
            tables.put_seen_file(&arrival.trigger, path, file.as_ref())?;
        }
        let outcome = tables.delivery(&arrival.trigger, number)?.map(|row| row.outcome);
        Ok(Ok(Answer::Delivered(Delivered { number, outcome, repeated: false })))
    }

    /// Gives something to a trigger that is armed, and its number in return. What does not
    /// match `fits` is none of its, and not told of.
    pub(super) fn deliver(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        arrival: &Arrival,
        fits: Option<&Expr>,
        out: &mut Outbox,
    ) -> Result<Option<u64>, StoreError> {
        let Some(mut row) = tables.trigger(&arrival.trigger)? else { return Ok(None) };
        let Some(armed) = self.armed(tables, &arrival.trigger, &row)? else { return Ok(None) };
        let Some(state) = row.state.deliveries() else { return Ok(None) };
        let number = state.last + 1;
        let facts = facts::of_delivery(armed.declared(), number, cx.now_ms, arrival.data.clone());
        let input = match self.weigh(armed.declared(), fits, &facts) {
            Ok(Weighed::Stranger) => return Ok(None),
            Ok(Weighed::Unwanted) => delivery::Input::Unwanted,
            // whoever brings something from outside has been told before
            Ok(Weighed::Wanted { key }) => match catalog::admit(tables, &armed.definition.name)? {
                Ok(()) => delivery::Input::Arrived { key, bytes: weight_of(&arrival.data) },
                Err(fault) => broken(fault),
            },
            Err(fault) => broken(fault),
        };
        self.note(tables, cx, &mut row, number, arrival)?;
        self.drive_deliveries(tables, cx, &armed, &mut row, vec![input], out)?;
        tables.put_trigger(&arrival.trigger, &row)?;
        Ok(Some(number))
    }

    /// Writes what has come into the ledger: what becomes of it is decided next.
    pub(super) fn note(
        &self,
        tables: &mut Tables<'_>,
        cx: Cx,
        row: &mut TriggerRow,
        number: u64,
        arrival: &Arrival,
    ) -> Result<(), StoreError> {
        let delivery = DeliveryRow {
            at_ms: cx.now_ms,
            what: arrival.what.clone(),
            outcome: Outcome::Held(HeldFor::Gathering),
            decided_ms: cx.now_ms,
            hops: arrival.hops,
            data: Some(arrival.data.clone()),
        };
        tables.put_delivery(&arrival.trigger, row, number, &delivery)
    }

    fn weigh(
        &self,
        trigger: &Trigger,
        fits: Option<&Expr>,
        facts: &Facts,
    ) -> Result<Weighed, Fault> {
        if !self.expressions().is_true(trigger, fits, facts)? {
            return Ok(Weighed::Stranger);
        }
        if !self.expressions().is_true(trigger, trigger.condition.as_ref(), facts)? {
            return Ok(Weighed::Unwanted);
        }
        let Some(Gather::Debounce { key: Some(key), .. }) = &trigger.flow.gather else {
            return Ok(Weighed::Wanted { key: None });
        };
        let key = key_of(self.expressions().value(trigger, "debounce", key, facts)?);
        Ok(Weighed::Wanted { key: Some(key) })
    }

    /// Inputs, and then whatever is due, one run after the other. What may not begin now
    /// stays held: it was acknowledged, and what keeps it from its run passes. The row is
    /// still to be written.
    pub(super) fn drive_deliveries(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        armed: &Armed,
        row: &mut TriggerRow,
        inputs: Vec<delivery::Input>,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let flow = &armed.declared().flow;
        let mut open = inputs;
        open.push(delivery::Input::Look);
        open.reverse();
        let mut gate = None;
        let (mut lost, was_paused) = (Lost::default(), row.state.is_paused_by_itself());
        while let Some(input) = open.pop() {
            let TriggerState::Deliveries(state) = &mut row.state else { return Ok(()) };
            let looks = input == delivery::Input::Look && !state.held.is_empty();
            let input = match looks {
                true => match *gate.insert(self.gate(tables, armed)?) {
                    Gate::Open => input,
                    Gate::Shut | Gate::ShutUntilTold => delivery::Input::Closed,
                },
                false => input,
            };
            let decision = state.step(flow, cx.now_ms, input);
            if let Some(numbers) = decision.start {
                let begun = self.start(tables, cx, armed, numbers, out)?;
                match begun {
                    delivery::Input::Postponed { .. } => gate = Some(Gate::Shut),
                    _ => open.push(delivery::Input::Look),
                }
                open.push(begun);
            }
            for (number, outcome) in decision.outcomes {
                tell(&armed.definition.name, armed.declared(), number, &outcome);
                lost.delivery(&armed.key, &armed.definition.name, &outcome);
                let Some(known) = tables.delivery(&armed.key, number)? else { continue };
                let data = known.data.filter(|_| matches!(outcome, Outcome::Held(_)));
                let told = DeliveryRow { outcome, decided_ms: cx.now_ms, data, ..known };
                tables.put_delivery(&armed.key, row, number, &told)?;
            }
        }
        let due_ms = row.state.deliveries().and_then(|state| state.next_look(flow, cx.now_ms));
        let gate = gate.unwrap_or(Gate::Open);
        self.holds.set(&armed.key, due_ms.and_then(|due_ms| gate.look_ms(due_ms, cx.now_ms)));
        self.notify_of_lost(tables, cx.now_ms, lost, out)?;
        let of = (&armed.key, &armed.definition.name);
        self.notify_of_pause(tables, cx.now_ms, of, (was_paused, &row.state), out)
    }

    /// Deliveries start their run, or it is said why not.
    fn start(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        armed: &Armed,
        numbers: Vec<u64>,
        out: &mut Outbox,
    ) -> Result<delivery::Input, StoreError> {
        let declared = armed.declared();
        let (mut all, mut hops) = (Vec::new(), 0);
        for number in &numbers {
            let Some(row) = tables.delivery(&armed.key, *number)? else { continue };
            hops = hops.max(row.hops);
            let data = row.data.unwrap_or_default();
            all.push((*number, row.at_ms, data));
        }
        let newest = numbers.last().copied().unwrap_or_default();
        let facts = match declared.flow.gather {
            Some(Gather::Batch { .. }) => facts::of_batch(declared, all),
            Some(Gather::Debounce { .. }) | None => {
                let (number, at_ms, data) = all.pop().unwrap_or_default();
                facts::of_delivery(declared, number, at_ms, data)
            }
        };
        let id = RunId::of_delivery(&armed.definition.name, &declared.id, newest, cx.now_ms);
        let asked = Asked {
            id,
            of: newest,
            by_hand: false,
            actor: by_trigger(declared),
            request_id: format!("{}#{newest}", declared.id),
            hops,
            facts,
        };
        let begun = match hops {
            0..super::listening::MOST_HOPS => self.begin(tables, cx, armed, asked, out)?,
            _ => Err(super::listening::too_far(&armed.definition.name, declared)),
        };
        Ok(match begun {
            Ok(()) => delivery::Input::Accepted { numbers, run: id },
            Err(fault) if passes(&fault) => {
                let (workflow, trigger) = (&armed.definition.name, declared.id.as_str());
                tracing::warn!(%workflow, trigger, code = %fault.code, "no run for now: {}", fault.message);
                delivery::Input::Postponed { numbers }
            }
            Err(fault) => delivery::Input::Refused {
                numbers,
                code: fault.code.to_string(),
                message: fault.message,
            },
        })
    }
}

/// Why a delivery from outside is not taken.
fn full(key: &TriggerKey, state: &DeliveryState) -> Fault {
    let mib = |bytes: u64| bytes >> 20;
    let fault = fault!(
        FaultCode::Busy,
        "trigger-full",
        trigger = key.trigger.as_str(),
        held = count(state.held.len()),
        size = mib(state.held_bytes()),
        most = count(delivery::MOST_HELD),
        largest = mib(delivery::MOST_HELD_BYTES)
    );
    fault.hint(said!("hint-trigger-full"))
}

fn broken(fault: Fault) -> delivery::Input {
    delivery::Input::Broken { code: fault.code.to_string(), message: fault.message }
}

/// Whether what kept a run from beginning passes by itself, or when somebody mends it.
fn passes(fault: &Fault) -> bool {
    matches!(fault.code, FaultCode::DiskFull | FaultCode::Io)
}

/// The text under which a delivery gathers with others.
fn key_of(given: Value) -> String {
    let text = match given {
        Value::Text(text) => text,
        other => other.to_string(),
    };
    match text.len() {
        ..=LONGEST_KEY => text,
        _ => format!("blake3-{}", blake3::hash(text.as_bytes()).to_hex()),
    }
}

/// What a delivery counts where what is held, or what becomes one run, is limited.
fn weight_of(data: &Map) -> u64 {
    data.iter().map(|(name, value)| (name.len() + weight(value)) as u64).sum()
}

/// The id under which a delivery is remembered: no id of a person's request has a space.
pub(super) fn request_id(key: &TriggerKey, id: &str) -> String {
    format!("{} {}/{} {id}", key.namespace.0, key.workflow, key.trigger)
}

/// What an operator would want to find in the daemon's log.
fn tell(workflow: &WorkflowRef, trigger: &Trigger, number: u64, outcome: &Outcome) {
    let trigger = trigger.id.as_str();
    match outcome {
        Outcome::Refused { code, message } => {
            tracing::warn!(%workflow, trigger, number, code, "delivery refused: {message}");
        }
        Outcome::Skipped(delivery::Unwanted::TooManyHeld) => {
            tracing::warn!(%workflow, trigger, number, "delivery skipped: too many are held");
        }
        Outcome::Skipped(_) | Outcome::Merged { .. } | Outcome::Held(_) | Outcome::Started(_) => {
            tracing::debug!(%workflow, trigger, number, ?outcome, "delivery");
        }
    }
}
