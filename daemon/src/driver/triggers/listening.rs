//! What reaches triggers from inside: events that are published, and runs that end.
//!
//! It is delivered in the transaction in which it happens. A run that a trigger has started
//! may lead to another in the same way: how many of these came one after the other is
//! counted, and ended at [`MOST_HOPS`], so that a circle of them comes to an end and is told.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::run::{Cx, Published, RunEnd, RunStatus};
use rpa_engine::trigger::{Source, Trigger};
use rpa_engine::{Expr, Map, RunId, Value, WorkflowRef};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::super::message::Arrival;
use super::super::{Active, Driver, Outbox};
use super::deliveries;
use crate::store::{NamespaceId, RequestRow, StoreError, Tables, Topic, TriggerKey};

/// Most bytes of outputs that are read from files for those who wait for the end of a run.
const MOST_LOADED: u64 = 1 << 20;

/// Most runs that lead one to the next by triggers.
pub(super) const MOST_HOPS: u8 = 32;

/// Triggers that listen, by what they listen to.
#[derive(Debug, Default)]
pub(in super::super) struct Listeners {
    events: BTreeMap<(NamespaceId, Topic), BTreeSet<TriggerKey>>,
    ends: BTreeMap<WorkflowRef, BTreeSet<TriggerKey>>,
    of: BTreeMap<TriggerKey, Topic>,
}

impl Listeners {
    fn set(&mut self, key: &TriggerKey, topic: Option<&Topic>) {
        match self.of.remove(key) {
            Some(Topic::Ended(workflow)) => {
                self.ends.entry(workflow).or_default().remove(key);
            }
            Some(topic) => {
                self.events.entry((key.namespace, topic)).or_default().remove(key);
            }
            None => {}
        }
        let Some(topic) = topic else { return };
        self.of.insert(key.clone(), topic.clone());
        let all = match topic {
            Topic::Ended(workflow) => self.ends.entry(workflow.clone()).or_default(),
            Topic::Event(_) => self.events.entry((key.namespace, topic.clone())).or_default(),
        };
        all.insert(key.clone());
    }

    pub fn asks_for_ends(&self, workflow: &WorkflowRef) -> bool {
        self.ends.get(workflow).is_some_and(|keys| !keys.is_empty())
    }
}

/// A run that has ended, for triggers that wait for it.
pub(in super::super) struct EndedRun {
    pub run: RunId,
    pub status: RunStatus,
    pub workflow: WorkflowRef,
    /// What `trigger` has.
    facts: Map,
}

impl EndedRun {
    pub fn of(active: &Active, run: RunId) -> EndedRun {
        let run_of = &active.run;
        let status = run_of.status();
        let workflow = run_of.definition.name.clone();
        let time = |at_ms: Option<u64>| {
            at_ms.map_or(Value::Null, |ms| Value::Text(rpa_config::units::stamp(ms)))
        };
        let ended = run_of.ended();
        let (outputs, step, error) = match ended.map(|(_, end)| end) {
            Some(RunEnd::Completed { outputs }) => (outputs.clone(), Value::Null, Value::Null),
            Some(RunEnd::Failed { step, error }) => {
                let step = step.as_ref().map_or(Value::Null, |path| Value::text(path.as_str()));
                (Map::new(), step, Value::text(error.message.as_str()))
            }
            Some(RunEnd::Cancelled) | None => (Map::new(), Value::Null, Value::Null),
        };
        let facts = [
            ("workflow", Value::Text(workflow.to_string())),
            ("run", Value::Text(run.to_string())),
            ("status", Value::text(status.word())),
            ("outputs", Value::Map(outputs)),
            ("step", step),
            ("error", error),
            ("started_at", time(run_of.started_ms())),
            ("ended_at", time(ended.map(|(at_ms, _)| at_ms))),
        ];
        let facts = facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        EndedRun { run, status, workflow, facts }
    }
}

impl Driver {
    /// What is known of triggers beside their rows is read.
    pub(in super::super) fn find_triggers(
        &mut self,
        tables: &Tables<'_>,
        cx: Cx,
    ) -> Result<(), StoreError> {
        (self.listeners, self.holds) = Default::default();
        for (key, row) in tables.all_triggers()? {
            self.listeners.set(&key, row.topic.as_ref());
            self.find_hold(tables, cx, &key, Some(&row))?;
        }
        Ok(())
    }

    /// As [`Driver::find_triggers`], for those that a message has changed.
    pub(in super::super) fn find_resettled(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        for key in std::mem::take(&mut out.resettled) {
            let row = tables.trigger(&key)?;
            self.notify_of_switch(tables, cx.now_ms, &key, row.as_ref(), out)?;
            self.listeners.set(&key, row.as_ref().and_then(|row| row.topic.as_ref()));
            self.find_hold(tables, cx, &key, row.as_ref())?;
            out.switched.insert(key);
        }
        Ok(())
    }

    /// An event goes to all triggers that listen to it and want it; how many those are.
    pub(in super::super) fn deliver_event(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        namespace: NamespaceId,
        event: &Published,
        hops: u8,
        out: &mut Outbox,
    ) -> Result<u32, StoreError> {
        let topic = (namespace, Topic::Event(event.name.clone()));
        let keys: Vec<_> =
            self.listeners.events.get(&topic).into_iter().flatten().cloned().collect();
        let data = [
            ("event", Value::Text(event.name.to_string())),
            ("event_id", Value::Text(event.id.to_string())),
            ("data", event.data.clone()),
            ("by", Value::Text(event.by.who.clone())),
            ("published_at", Value::Text(event.at.clone())),
        ];
        let data: Map = data.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let mut told = 0;
        for key in keys {
            // a step that is tried again publishes the same event
            let id = deliveries::request_id(&key, &event.id.to_string());
            if tables.request(&id)?.is_some() {
                told += 1;
                continue;
            }
            let what = event.name.to_string();
            let arrival = Arrival {
                trigger: key,
                revision: None,
                id: None,
                what,
                data: data.clone(),
                hops,
                seen: Vec::new(),
            };
            let fits = |source: &Source| match source {
                Source::Event(subscription) => Some(subscription.fits.clone()),
                _ => None,
            };
            let is_told = self.deliver_fitting(tables, cx, &arrival, fits, out)?;
            if is_told && hops > 0 {
                tables.put_request(&id, &RequestRow::Delivery(0))?;
            }
            told += u32::from(is_told);
        }
        Ok(told)
    }

    /// A run that has ended goes to the triggers that wait for it.
    pub(in super::super) fn deliver_end(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        ended: &EndedRun,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let keys = self.listeners.ends.get(&ended.workflow).into_iter().flatten();
        let keys: Vec<_> = keys.cloned().collect();
        if keys.is_empty() {
            return Ok(());
        }
        let hops = tables.lineage(ended.run)?.hops.saturating_add(1);
        let facts = self.with_outputs(ended);
        for key in keys {
            let what = format!("{} {}", ended.status.word(), ended.run.short());
            let data = facts.clone();
            let arrival = Arrival {
                trigger: key,
                revision: None,
                id: None,
                what,
                data,
                hops,
                seen: Vec::new(),
            };
            let fits = |source: &Source| match source {
                Source::After(chain) if chain.is_about(&ended.workflow, ended.status) => {
                    Some(chain.fits.clone())
                }
                _ => None,
            };
            self.deliver_fitting(tables, cx, &arrival, fits, out)?;
        }
        Ok(())
    }

    /// The facts of a run that has ended, with outputs that lie in files: they are of that
    /// run, and those of another could not read them. Whoever reads one of those that are
    /// too large is told so by its expression.
    fn with_outputs(&self, ended: &EndedRun) -> Map {
        let mut facts = ended.facts.clone();
        let Some(Value::Map(outputs)) = facts.get_mut("outputs") else { return facts };
        let left = Cell::new(MOST_LOADED);
        for (name, value) in outputs.iter_mut().filter(|(_, value)| value.blob().is_some()) {
            match self.parts.blobs.load_some(ended.run, value.clone(), &left) {
                Ok(loaded) => *value = loaded,
                Err(error) => {
                    let run = ended.run;
                    tracing::warn!(%run, output = name, %error, "triggers do not see an output");
                }
            }
        }
        facts
    }

    /// Delivers what the trigger means, as its source says: nothing of it, or with a `match`.
    fn deliver_fitting(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        arrival: &Arrival,
        fits: impl Fn(&Source) -> Option<Option<Expr>>,
        out: &mut Outbox,
    ) -> Result<bool, StoreError> {
        let Some(row) = tables.trigger(&arrival.trigger)? else { return Ok(false) };
        let Some(armed) = self.armed(tables, &arrival.trigger, &row)? else { return Ok(false) };
        let Some(fits) = fits(&armed.declared().source) else { return Ok(false) };
        Ok(self.deliver(tables, cx, arrival, fits.as_ref(), out)?.is_some())
    }
}

/// Why a run is not started: it would be one of a chain without an end.
pub(super) fn too_far(workflow: &WorkflowRef, trigger: &Trigger) -> Fault {
    let (code, trigger) = (FaultCode::TriggerCircle, trigger.id.as_str());
    let fault =
        fault!(code, "trigger-too-far", workflow = workflow, trigger = trigger, most = MOST_HOPS);
    fault.hint(said!("hint-trigger-too-far"))
}
