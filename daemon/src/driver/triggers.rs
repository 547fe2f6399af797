//! Triggers: what a workflow declares is armed, slots are given their fates, and the runs
//! that they start are accepted, all in the transaction in which it is decided.
//!
//! Which moments a schedule names is reckoned by the clock (`triggers/clock.rs`), which
//! tells them here in order. When a declaration changes, slots before that moment are still
//! those of the old one: the new one comes into force when they have been taken.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rpa_config::calendar::Calendars;
use rpa_config::schedule::Plan;
use rpa_engine::actor::{Actor, Origin};
use rpa_engine::catalog::Mark;
use rpa_engine::run::{self, Acceptance, Cx, Run, RunStatus};
use rpa_engine::trigger::{self, Fate, How, Schedule, Slot, Start, Trigger};
use rpa_engine::{Label, Map, RunId, Value, Workflow, WorkflowRef};
use rpa_ipc::fault::remarks;
use rpa_ipc::service::GivenValue;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::accept::Newcomer;
use super::message::{Answer, Slots, TriggerOrder, Wish};
use super::take::Taken;
use super::{Driver, Outbox, catalog};
use crate::store::{
    NamespaceId, Order, SlotRow, StoreError, Switch, Tables, TriggerKey, TriggerRow,
};
use crate::variables;

/// A trigger that is armed, with what it declares.
struct Armed {
    key: TriggerKey,
    revision: u32,
    definition: Arc<Workflow>,
    /// Its place among the triggers of the definition.
    place: usize,
}

impl Armed {
    fn declared(&self) -> &Trigger {
        &self.definition.triggers[self.place]
    }

    fn schedule(&self) -> Option<&Schedule> {
        self.declared().source.schedule()
    }
}

/// The triggers of a workflow are those that its live revision declares; without one it
/// has none that are armed.
pub(super) fn declare(
    tables: &mut Tables<'_>,
    now_ms: u64,
    namespace: NamespaceId,
    workflow: &Label,
    live: Option<(u32, &Workflow)>,
    out: &mut Outbox,
) -> Result<(), StoreError> {
    let known = tables.triggers_of(namespace, workflow)?;
    let declared = live.map(|(_, definition)| definition.triggers.as_slice()).unwrap_or_default();
    let key = |trigger: &Trigger| TriggerKey {
        namespace,
        workflow: workflow.clone(),
        trigger: trigger.id.clone(),
    };
    for trigger in declared {
        let key = key(trigger);
        if !known.iter().any(|(known, _)| *known == key) {
            let row = TriggerRow::armed(None, now_ms);
            settle(tables, now_ms, key, row, live, out)?;
        }
    }
    for (key, row) in known {
        settle(tables, now_ms, key, row, live, out)?;
    }
    Ok(())
}

/// Why a workflow cannot be live: a schedule of it names no moments here, where the
/// calendars are known.
pub(super) fn refuse(calendars: &Calendars, live: &[&Workflow]) -> Option<Fault> {
    for definition in live {
        for trigger in &definition.triggers {
            let Some(schedule) = trigger.source.schedule() else { continue };
            if let Err(error) = Plan::new(schedule, "", calendars) {
                let (workflow, trigger) = (&definition.name, trigger.id.as_str());
                let fault = fault!(
                    FaultCode::BadTrigger,
                    "schedule-broken",
                    workflow = workflow,
                    trigger = trigger,
                    error = error
                );
                return Some(fault.hint(said!("hint-schedule", hint = error.hint())));
            }
        }
    }
    None
}

/// A trigger is armed as the live revision and the people say.
fn settle(
    tables: &mut Tables<'_>,
    now_ms: u64,
    key: TriggerKey,
    row: TriggerRow,
    live: Option<(u32, &Workflow)>,
    out: &mut Outbox,
) -> Result<(), StoreError> {
    let mut row = row;
    let declared = |definition: &Workflow| {
        definition.triggers.iter().find(|trigger| trigger.id == key.trigger).cloned()
    };
    let wanted = live.and_then(|(revision, definition)| Some((revision, declared(definition)?)));
    let wanted = wanted
        .filter(|(_, trigger)| row.ordered.as_ref().map_or(trigger.enabled, |order| order.enabled));
    let to = wanted.as_ref().map(|(revision, _)| *revision);
    let before = match row.armed {
        Some(revision) => {
            let stored = tables.revision(key.namespace, &key.workflow, revision)?;
            stored.and_then(|stored| declared(&stored.definition))
        }
        None => None,
    };
    let same = before.as_ref().map(|trigger| &trigger.source)
        == wanted.as_ref().map(|(_, trigger)| &trigger.source);
    match row.armed {
        Some(_) if same && row.next.is_none() => row.armed = to,
        Some(_) => row.next = Some(Switch { to, at_ms: now_ms }),
        None => {
            (row.armed, row.next) = (to, None);
            row.state.upto_ms = row.state.upto_ms.max(now_ms);
        }
    }
    tables.put_trigger(&key, &row)?;
    out.rearmed.insert(key);
    Ok(())
}

impl Driver {
    /// The clock has come to these slots.
    pub(super) fn slots(
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
        self.drive(tables, cx, &armed, &mut row, inputs, out)?;
        if let Some(switch) = row.next.filter(|switch| told.upto_ms >= switch.at_ms) {
            if switch.to.is_none() {
                let inputs = vec![trigger::Input::Disarm];
                self.drive(tables, cx, &armed, &mut row, inputs, out)?;
            }
            (row.armed, row.next) = (switch.to, None);
        }
        tables.put_trigger(&told.trigger, &row)?;
        Ok(Ok(Answer::Done))
    }

    /// A run that a trigger may have fired has ended.
    pub(super) fn fired_has_ended(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        run: RunId,
        status: RunStatus,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let Some(key) = tables.fired_by(run)? else { return Ok(()) };
        let Some(mut row) = tables.trigger(&key)? else { return Ok(()) };
        let failed = match status {
            RunStatus::Failed => Some(true),
            RunStatus::Completed => Some(false),
            _ => None,
        };
        let ended = trigger::Input::Ended { run, failed };
        match self.armed(tables, &key, &row)? {
            Some(armed) => self.drive(tables, cx, &armed, &mut row, vec![ended], out)?,
            None => row.state.forget(run),
        }
        tables.put_trigger(&key, &row)?;
        out.rearmed.insert(key);
        Ok(())
    }

    /// What a person says of a trigger.
    pub(super) fn order_trigger(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        order: &TriggerOrder,
        out: &mut Outbox,
    ) -> Taken {
        let TriggerOrder { workflow, trigger, wish, actor } = order;
        let absent = || {
            let (code, trigger) = (FaultCode::NoTrigger, trigger.as_str());
            Ok(Err(fault!(code, "no-trigger", workflow = workflow, trigger = trigger)))
        };
        let Some(namespace) = tables.known_namespace(&workflow.namespace)? else {
            return absent();
        };
        let (name, trigger) = (workflow.name.clone(), trigger.clone());
        let key = TriggerKey { namespace, workflow: name, trigger };
        let Some(mut row) = tables.trigger(&key)? else { return absent() };
        let mut inputs = Vec::new();
        match wish {
            Wish::Enable | Wish::Disable { .. } => {
                let mark = Mark { at_ms: cx.now_ms, by: actor.clone() };
                let (enabled, note) = match wish {
                    Wish::Disable { note } => (false, note.clone()),
                    _ => (true, String::new()),
                };
                row.ordered = Some(Order { enabled, mark, note });
                let live = match catalog::live(tables, workflow)? {
                    Some((_, revision)) => {
                        Some((revision, self.definition(tables, namespace, workflow, revision)?))
                    }
                    None => None,
                };
                let live = live.as_ref().map(|(revision, definition)| (*revision, &**definition));
                settle(tables, cx.now_ms, key.clone(), row.clone(), live, out)?;
                row = tables.trigger(&key)?.unwrap_or(row);
            }
            Wish::Pause { note } => {
                inputs.push(trigger::Input::Pause { by: actor.clone(), note: note.clone() });
            }
            Wish::Resume => inputs.push(trigger::Input::Resume),
            Wish::Backfill(slots) => {
                for slot in slots {
                    if tables.slot(&key, slot.at_ms)?.is_none_or(|row| row.is_free()) {
                        inputs.push(trigger::Input::Backfill { slot: *slot });
                    }
                }
            }
        }
        match self.armed(tables, &key, &row)? {
            Some(armed) => self.drive(tables, cx, &armed, &mut row, inputs, out)?,
            None if inputs.is_empty() => {}
            None => {
                let code = FaultCode::TriggerNotArmed;
                let trigger = key.trigger.as_str();
                let fault =
                    fault!(code, "trigger-not-armed", workflow = workflow, trigger = trigger);
                return Ok(Err(fault));
            }
        }
        tables.put_trigger(&key, &row)?;
        out.rearmed.insert(key);
        out.touch(&workflow.namespace);
        Ok(Ok(Answer::Done))
    }

    /// What a trigger declares as it is in force.
    fn armed(
        &mut self,
        tables: &Tables<'_>,
        key: &TriggerKey,
        row: &TriggerRow,
    ) -> Result<Option<Armed>, StoreError> {
        let Some(revision) = row.armed else { return Ok(None) };
        let definition = self.revision(tables, key.namespace, &key.workflow, revision)?;
        let place = definition.triggers.iter().position(|t| t.id == key.trigger);
        Ok(place.map(|place| Armed { key: key.clone(), revision, definition, place }))
    }

    /// Inputs, and then whatever is due, one run after the other.
    fn drive(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        armed: &Armed,
        row: &mut TriggerRow,
        inputs: Vec<trigger::Input>,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let Some(schedule) = armed.schedule() else { return Ok(()) };
        let when = trigger::Cx {
            now_ms: cx.now_ms,
            up_since_ms: self.up_since_ms,
            restored_ms: tables.released_ms()?,
        };
        let mut open = inputs;
        open.push(trigger::Input::Look);
        open.reverse();
        while let Some(input) = open.pop() {
            let decision = row.state.step(schedule, when, input);
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
        let declared = armed.declared();
        let refused = |fault: Fault| trigger::Input::Refused {
            start,
            code: fault.code.to_string(),
            message: fault.message,
        };
        if !self.parts.reserve.accepts() {
            return Ok(refused(self.no_space()));
        }
        if let Err(fault) = catalog::admit(tables, &armed.definition.name)? {
            return Ok(refused(fault));
        }
        let scope = scope(declared, start);
        match self.wants(declared, &scope) {
            Ok(true) => {}
            Ok(false) => return Ok(trigger::Input::Unwanted { start }),
            Err(fault) => return Ok(refused(fault)),
        }
        let id = RunId::of_slot(&armed.definition.name, &declared.id, start.slot.at_ms, cx.now_ms);
        let vars = self.given(&armed.definition, declared, &scope);
        let vars = vars.and_then(|vars| {
            let error = |e| fault!(FaultCode::Io, "value-not-stored", error = e);
            self.parts.blobs.spill_map(id, vars).map_err(error)
        });
        let vars = match vars {
            Ok(vars) => vars,
            Err(fault) => return Ok(refused(fault)),
        };
        let definition = armed.definition.clone();
        let pins = self.pins(tables, &definition)?;
        let at = moment(start.slot.at_ms, &TimeZone::UTC);
        let run = Run::accept(Acceptance {
            id,
            revision: armed.revision,
            priority: definition.priority,
            actor: Actor { who: declared.id.to_string(), origin: Origin::Trigger },
            request_id: format!("{}@{at}", declared.id),
            definition,
            accepted_ms: cx.now_ms,
            parent: None,
            vars: vars.clone(),
            kept: Vec::new(),
        });
        let lineage = crate::store::Lineage {
            pins,
            fired: Some((declared.id.clone(), start.slot.at_ms)),
            ..Default::default()
        };
        let namespace = armed.key.namespace;
        let newcomer = Newcomer { run, namespace, inputs: &vars, lineage, submission: None };
        self.enter(tables, cx, newcomer, out)?;
        Ok(trigger::Input::Accepted { start, run: id })
    }

    fn wants(&self, trigger: &Trigger, scope: &Map) -> Result<bool, Fault> {
        let Some(condition) = &trigger.condition else { return Ok(true) };
        self.parts.evaluator.condition(condition, scope).map_err(|error| {
            let trigger = trigger.id.as_str();
            fault!(FaultCode::BadTrigger, "trigger-condition", trigger = trigger, error = error)
        })
    }

    /// Values for all variables of the run.
    fn given(
        &self,
        definition: &Workflow,
        trigger: &Trigger,
        scope: &Map,
    ) -> Result<std::collections::BTreeMap<rpa_engine::Ident, Value>, Fault> {
        let mut given = Vec::new();
        for (name, template) in &trigger.vars {
            let value = self.parts.evaluator.eval(template, scope).map_err(|error| {
                let (code, trigger) = (FaultCode::BadTrigger, trigger.id.as_str());
                fault!(code, "trigger-variable", trigger = trigger, name = name, error = error)
            })?;
            given.push((name.to_string(), GivenValue::Typed(value)));
        }
        let wrong = |wrong: variables::Wrong| {
            let (name, problems) = (&definition.name, remarks(wrong.problems));
            fault!(wrong.code, "variables-wrong", workflow = name, problems = problems)
        };
        variables::values(&definition.variables, given, &self.parts.secrets).map_err(wrong)
    }
}

/// What expressions of a trigger read.
fn scope(trigger: &Trigger, start: Start) -> Map {
    let Start { slot: Slot { at_ms, due_ms, .. }, how } = start;
    let zone = trigger.source.schedule().and_then(|s| TimeZone::get(&s.timezone).ok());
    let zone = zone.unwrap_or(TimeZone::UTC);
    let number = |ms: u64| i64::try_from(ms).map_or(Value::Null, Value::Int);
    let fields = [
        ("id", Value::text(trigger.id.as_str())),
        ("kind", Value::text(trigger.source.word())),
        ("slot", number(at_ms)),
        ("scheduled_at", Value::text(moment(at_ms, &zone))),
        ("due_at", Value::text(moment(due_ms, &zone))),
        ("caught_up", Value::Bool(how == How::CaughtUp)),
        ("backfilled", Value::Bool(how == How::Backfilled)),
    ];
    Map::from([("trigger".to_owned(), Value::from(fields))])
}

/// RFC 3339, without fractions.
fn moment(at_ms: u64, zone: &TimeZone) -> String {
    let instant = i64::try_from(at_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    instant.map_or_else(String::new, |instant| {
        instant.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
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
