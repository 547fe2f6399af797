//! The run of a trigger: what its expressions give, and its acceptance.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rpa_engine::actor::{Actor, Origin};
use rpa_engine::run::{Acceptance, Cx, Run};
use rpa_engine::trigger::Trigger;
use rpa_engine::{Expr, Ident, Map, RunId, Template, Value, Workflow};
use rpa_ipc::fault::remarks;
use rpa_ipc::service::GivenValue;
use rpa_ipc::{Fault, FaultCode, fault};

use super::super::accept::Newcomer;
use super::super::{Driver, Outbox, catalog};
use super::Armed;
use crate::store::{Fired, Lineage, StoreError, Tables};
use crate::variables;

/// A run that a trigger asks for.
pub(super) struct Asked {
    pub id: RunId,
    /// The instant of the slot, or the number of the newest delivery.
    pub of: u64,
    /// A person has fired the trigger.
    pub by_hand: bool,
    pub actor: Actor,
    pub request_id: String,
    pub hops: u8,
    /// What expressions of the trigger read as `trigger`.
    pub facts: Map,
}

/// Who asks for the runs that a trigger starts by itself.
pub(super) fn by_trigger(trigger: &Trigger) -> Actor {
    Actor { who: trigger.id.to_string(), origin: Origin::Trigger }
}

impl Driver {
    /// Accepts the run, or says why not.
    pub(super) fn begin(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        armed: &Armed,
        asked: Asked,
        out: &mut Outbox,
    ) -> Result<Result<(), Fault>, StoreError> {
        let declared = armed.declared();
        if !self.parts.reserve.accepts() {
            return Ok(Err(self.no_space()));
        }
        if let Err(fault) = catalog::admit(tables, &armed.definition.name)? {
            return Ok(Err(fault));
        }
        let Asked { id, of, by_hand, actor, request_id, hops, facts } = asked;
        let vars = self.given(&armed.definition, declared, &facts).and_then(|vars| {
            let error = |e| fault!(FaultCode::Io, "value-not-stored", error = e);
            self.parts.blobs.spill_map(id, vars).map_err(error)
        });
        let vars = match vars {
            Ok(vars) => vars,
            Err(fault) => return Ok(Err(fault)),
        };
        let definition = armed.definition.clone();
        let pins = self.pins(tables, &definition)?;
        let run = Run::accept(Acceptance {
            id,
            revision: armed.revision,
            priority: definition.priority,
            actor,
            request_id,
            definition,
            accepted_ms: cx.now_ms,
            parent: None,
            vars: vars.clone(),
            kept: Vec::new(),
        });
        let is_of_slot = declared.source.schedule().is_some();
        let fired = Some(Fired { trigger: declared.id.clone(), of, is_of_slot, by_hand });
        let lineage = Lineage { pins, fired, hops, ..Lineage::default() };
        let namespace = armed.key.namespace;
        let newcomer = Newcomer { run, namespace, inputs: &vars, lineage, submission: None };
        self.enter(tables, cx, newcomer, out)?;
        Ok(Ok(()))
    }

    /// Whether a condition of the trigger is true; none is.
    pub(super) fn is_true(
        &self,
        trigger: &Trigger,
        condition: Option<&Expr>,
        facts: &Map,
    ) -> Result<bool, Fault> {
        let Some(condition) = condition else { return Ok(true) };
        self.parts.evaluator.condition(condition, &scope(facts)).map_err(|error| {
            let trigger = trigger.id.as_str();
            fault!(FaultCode::BadTrigger, "trigger-condition", trigger = trigger, error = error)
        })
    }

    /// What a template of the trigger gives.
    pub(super) fn value_of(
        &self,
        trigger: &Trigger,
        name: &str,
        template: &Template,
        scope: &Map,
    ) -> Result<Value, Fault> {
        self.parts.evaluator.eval(template, scope).map_err(|error| {
            let (code, trigger) = (FaultCode::BadTrigger, trigger.id.as_str());
            fault!(code, "trigger-variable", trigger = trigger, name = name, error = error)
        })
    }

    /// Values for all variables of the run.
    fn given(
        &self,
        definition: &Workflow,
        trigger: &Trigger,
        facts: &Map,
    ) -> Result<BTreeMap<Ident, Value>, Fault> {
        let scope = scope(facts);
        let mut given = Vec::new();
        for (name, template) in &trigger.vars {
            let value = self.value_of(trigger, name.as_str(), template, &scope)?;
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
pub(super) fn scope(facts: &Map) -> Map {
    Map::from([("trigger".to_owned(), Value::Map(facts.clone()))])
}

/// RFC 3339, without fractions.
pub(super) fn moment(at_ms: u64, zone: &TimeZone) -> String {
    let instant = i64::try_from(at_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    instant.map_or_else(String::new, |instant| {
        instant.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    })
}
