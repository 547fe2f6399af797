//! Triggers: what a workflow declares is armed, what reaches a trigger is given a fate, and
//! the runs that it starts are accepted, all in the transaction in which it is decided.
//!
//! | file | what is in it |
//! |---|---|
//! | `mod` | a trigger comes into force, and what a person says of it |
//! | `slots` | schedules: the slots that the clock tells of |
//! | `deliveries` | the other kinds: what is delivered to them |
//! | `holds` | when what is held is looked at |
//! | `listening` | events and ends of runs, which reach triggers from inside |
//! | `by_hand` | a person fires a trigger |
//! | `begin` | a trigger's run |
//! | `lost` | what people are told of: work that was lost, a pause that nobody asked for |
//!
//! Which moments a schedule names is reckoned by the clock (`triggers/clock.rs`), which
//! tells them here in order. When its declaration changes, slots before that moment are
//! still those of the old one: the new one comes into force when they have been taken.

mod begin;
mod by_hand;
mod deliveries;
mod holds;
mod listening;
mod lost;
mod slots;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rpa_config::calendar::Calendars;
use rpa_config::schedule::Plan;
use rpa_engine::actor::Actor;
use rpa_engine::catalog::Mark;
use rpa_engine::run::{Cx, RunStatus};
use rpa_engine::trigger::delivery::{self, Unwanted};
use rpa_engine::trigger::{self, Paused, Trigger};
use rpa_engine::{Label, RunId, Workflow, WorkflowRef};
use rpa_ipc::{Fault, FaultCode, fault, said};

pub(super) use holds::Holds;
pub(super) use listening::{EndedRun, Listeners};
pub use slots::{no_room, restored};

use super::message::{Answer, TriggerOrder, Wish};
use super::take::Taken;
use super::{Driver, Outbox, catalog};
use crate::store::{
    NamespaceId, Order, SlotRow, StoreError, Switch, Tables, Topic, TriggerKey, TriggerRow,
    TriggerState,
};

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
    for trigger in declared {
        let id = trigger.id.clone();
        let key = TriggerKey { namespace, workflow: workflow.clone(), trigger: id };
        if !known.iter().any(|(known, _)| *known == key) {
            let row = TriggerRow::new(&trigger.source, now_ms);
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
    let wanted = live.and_then(|(revision, workflow)| Some((revision, declared(workflow, &key)?)));
    row.undeclared_ms = match wanted {
        Some(_) => None,
        None => row.undeclared_ms.or(Some(now_ms)),
    };
    let wanted = wanted
        .filter(|(_, trigger)| row.ordered.as_ref().map_or(trigger.enabled, |order| order.enabled));
    match (row.armed, &row.state) {
        // its slots up to now are to be taken first
        (Some(revision), TriggerState::Schedule(_)) => {
            let stored = tables.revision(key.namespace, &key.workflow, revision)?;
            let before = stored.as_ref().and_then(|stored| declared(&stored.definition, &key));
            let is_same =
                before.map(|trigger| &trigger.source) == wanted.map(|(_, trigger)| &trigger.source);
            let to = wanted.map(|(revision, _)| revision);
            match is_same && row.next.is_none() {
                true => row.armed = to,
                false => row.next = Some(Switch { to, at_ms: now_ms }),
            }
        }
        (Some(_), TriggerState::Deliveries(_)) | (None, _) => {
            come_into_force(tables, now_ms, &key, &mut row, wanted, out)?;
        }
    }
    tables.put_trigger(&key, &row)?;
    out.rearmed.insert(key);
    Ok(())
}

fn declared<'w>(workflow: &'w Workflow, key: &TriggerKey) -> Option<&'w Trigger> {
    workflow.triggers.iter().find(|trigger| trigger.id == key.trigger)
}

/// From now on this declaration is the trigger's, or none is. The row is still to be
/// written.
fn come_into_force(
    tables: &mut Tables<'_>,
    now_ms: u64,
    key: &TriggerKey,
    row: &mut TriggerRow,
    to: Option<(u32, &Trigger)>,
    out: &mut Outbox,
) -> Result<(), StoreError> {
    let goes_on = to.is_some_and(|(_, trigger)| row.state.is_of(&trigger.source));
    if row.armed.is_some() && !goes_on {
        disarm(tables, now_ms, key, row, Unwanted::Disarmed)?;
    } else if let (Some(revision), Some((_, trigger))) = (row.armed, to)
        && row.state.deliveries().is_some_and(|state| !state.held.is_empty())
    {
        // what was let in by another declaration may be let in by this one no more
        let stored = tables.revision(key.namespace, &key.workflow, revision)?;
        let before = stored.as_ref().and_then(|stored| declared(&stored.definition, key));
        if before.is_none_or(|before| before.source != trigger.source) {
            disarm(tables, now_ms, key, row, Unwanted::Changed)?;
        }
    }
    match to {
        Some((_, trigger)) if !goes_on => {
            row.state = TriggerState::new(&trigger.source, now_ms);
            if let TriggerState::Deliveries(state) = &mut row.state {
                // it was of this kind before: what is in its ledger keeps its numbers
                state.last = tables.newest_delivery(key)?;
            }
            if let TriggerState::Schedule(state) = &mut row.state {
                // it was one before, and runs of that time may still go on
                state.open = tables.open_of_slots(key)?;
            }
        }
        Some(_) | None => {}
    }
    if let (None, TriggerState::Schedule(state)) = (row.armed, &mut row.state) {
        state.upto_ms = state.upto_ms.max(now_ms);
    }
    (row.armed, row.next) = (to.map(|(revision, _)| revision), None);
    row.topic = to.and_then(|(_, trigger)| Topic::of(&trigger.source));
    out.resettled.insert(key.clone());
    Ok(())
}

/// What waits in it is told so; `why` is said of deliveries.
fn disarm(
    tables: &mut Tables<'_>,
    now_ms: u64,
    key: &TriggerKey,
    row: &mut TriggerRow,
    why: Unwanted,
) -> Result<(), StoreError> {
    match &mut row.state {
        TriggerState::Schedule(state) => {
            for (at_ms, fate) in state.disarm() {
                let slot = SlotRow { fate, decided_ms: now_ms };
                tables.put_slot(key, row, at_ms, &slot)?;
            }
        }
        TriggerState::Deliveries(state) => {
            let told = state.disarm(why);
            holds::tell_off(tables, now_ms, key, row, told)?;
        }
    }
    Ok(())
}

impl Driver {
    /// A run that a trigger has fired by itself has ended.
    pub(super) fn fired_has_ended(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        run: RunId,
        status: RunStatus,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let Some((key, is_of_slot)) = tables.fired_by(run)? else { return Ok(()) };
        let Some(mut row) = tables.trigger(&key)? else { return Ok(()) };
        // how the runs of a schedule end says nothing of what its trigger has become
        if row.state.schedule().is_some() != is_of_slot {
            return Ok(());
        }
        let failed = match status {
            RunStatus::Failed => Some(true),
            RunStatus::Completed => Some(false),
            _ => None,
        };
        match (self.armed(tables, &key, &row)?, &mut row.state) {
            (Some(armed), TriggerState::Schedule(_)) => {
                let ended = trigger::Input::Ended { run, failed };
                self.drive_slots(tables, cx, &armed, &mut row, vec![ended], out)?;
            }
            (Some(armed), TriggerState::Deliveries(_)) => {
                // nothing else asks how they end, and there may be thousands a second
                let counts = armed.declared().flow.pause_on_failure.is_some();
                let Some(failed) = failed.filter(|_| counts) else { return Ok(()) };
                let ended = delivery::Input::Ended { failed };
                self.drive_deliveries(tables, cx, &armed, &mut row, vec![ended], out)?;
            }
            (None, TriggerState::Schedule(state)) => state.forget(run),
            (None, TriggerState::Deliveries(_)) => return Ok(()),
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
        let Some(key) = find(tables, workflow, trigger)? else {
            let (code, trigger) = (FaultCode::NoTrigger, trigger.as_str());
            return Ok(Err(fault!(code, "no-trigger", workflow = workflow, trigger = trigger)));
        };
        let Some(mut row) = tables.trigger(&key)? else { return Ok(Ok(Answer::Done)) };
        let switched = match wish {
            Wish::Enable => Some((true, String::new())),
            Wish::Disable { note } => Some((false, note.clone())),
            Wish::Pause { .. } | Wish::Resume | Wish::Backfill(_) => None,
        };
        if let Some((enabled, note)) = switched {
            let mark = Mark { at_ms: cx.now_ms, by: actor.clone() };
            row.ordered = Some(Order { enabled, mark, note });
            if enabled {
                slots::rewind(tables, cx.now_ms, &key, &mut row)?;
            }
            let live = match catalog::live(tables, workflow)? {
                Some((namespace, revision)) => {
                    Some((revision, self.definition(tables, namespace, workflow, revision)?))
                }
                None => None,
            };
            let live = live.as_ref().map(|(revision, definition)| (*revision, &**definition));
            settle(tables, cx.now_ms, key, row, live, out)?;
            out.touch(&workflow.namespace);
            return Ok(Ok(Answer::Done));
        }
        let Some(armed) = self.armed(tables, &key, &row)? else {
            return Ok(Err(not_armed(workflow, &key)));
        };
        match row.state {
            TriggerState::Schedule(_) => {
                let inputs = match wish {
                    Wish::Backfill(_) if self.held.restored => Err(restored()),
                    Wish::Backfill(slots) => slots::backfill(tables, &key, &row, slots)?,
                    _ => Ok(slots::inputs(cx.now_ms, wish, actor)),
                };
                let inputs = match inputs {
                    Ok(inputs) => inputs,
                    Err(fault) => return Ok(Err(fault)),
                };
                self.drive_slots(tables, cx, &armed, &mut row, inputs, out)?;
            }
            TriggerState::Deliveries(_) => {
                let input = match wish {
                    Wish::Pause { note } => delivery::Input::Pause(paused(actor, note, cx.now_ms)),
                    Wish::Resume => delivery::Input::Resume,
                    Wish::Enable | Wish::Disable { .. } | Wish::Backfill(_) => {
                        let (code, trigger) = (FaultCode::TriggerNotArmed, key.trigger.as_str());
                        let kind = armed.declared().source.word();
                        let fault = fault!(
                            code,
                            "trigger-without-slots",
                            workflow = workflow,
                            trigger = trigger,
                            kind = kind
                        );
                        return Ok(Err(fault));
                    }
                };
                self.drive_deliveries(tables, cx, &armed, &mut row, vec![input], out)?;
            }
        }
        tables.put_trigger(&key, &row)?;
        out.rearmed.insert(key);
        out.touch(&workflow.namespace);
        Ok(Ok(Answer::Done))
    }

    /// The whole name of the workflow of a trigger that is armed.
    pub(super) fn armed_workflow(
        &mut self,
        tables: &Tables<'_>,
        key: &TriggerKey,
        row: &TriggerRow,
    ) -> Result<Option<WorkflowRef>, StoreError> {
        Ok(self.armed(tables, key, row)?.map(|armed| armed.definition.name.clone()))
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
        let armed = place.map(|place| Armed { key: key.clone(), revision, definition, place });
        Ok(armed.filter(|armed| row.state.is_of(&armed.declared().source)))
    }
}

fn find(
    tables: &Tables<'_>,
    workflow: &WorkflowRef,
    trigger: &rpa_engine::Ident,
) -> Result<Option<TriggerKey>, StoreError> {
    let Some(namespace) = tables.known_namespace(&workflow.namespace)? else { return Ok(None) };
    let (name, trigger) = (workflow.name.clone(), trigger.clone());
    let key = TriggerKey { namespace, workflow: name, trigger };
    Ok(tables.trigger(&key)?.map(|_| key))
}

fn paused(actor: &Actor, note: &str, now_ms: u64) -> Paused {
    Paused { by: actor.clone(), note: note.to_owned(), since_ms: now_ms }
}

fn not_armed(workflow: &impl std::fmt::Display, key: &TriggerKey) -> Fault {
    let (code, trigger) = (FaultCode::TriggerNotArmed, key.trigger.as_str());
    fault!(code, "trigger-not-armed", workflow = workflow, trigger = trigger)
}
