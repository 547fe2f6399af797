//! The run of a trigger: what its expressions give, and its acceptance.

use std::io;

use rpa_engine::RunId;
use rpa_engine::actor::{Actor, Origin};
use rpa_engine::run::{Acceptance, Cx, Run};
use rpa_engine::trigger::Trigger;
use rpa_ipc::{Fault, FaultCode, fault};

use super::super::accept::Newcomer;
use super::super::{Driver, Outbox, catalog};
use super::Armed;
use crate::store::{Fired, Lineage, StoreError, Tables};
use crate::triggers::expressions::Expressions;
use crate::triggers::facts::Facts;

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
    pub facts: Facts,
}

/// Who asks for the runs that a trigger starts by itself.
pub(super) fn by_trigger(trigger: &Trigger) -> Actor {
    Actor { who: trigger.id.to_string(), origin: Origin::Trigger }
}

fn not_stored(error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::FileTooLarge => {
            fault!(FaultCode::TooLarge, "values-too-large", error = error)
        }
        _ => fault!(FaultCode::Io, "value-not-stored", error = error),
    }
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
        let vars = self.expressions().variables(&armed.definition, declared, &facts);
        let vars = vars.and_then(|vars| {
            self.parts.blobs.spill_map(id, vars).map_err(|e| {
                // it is tried again under another id
                self.parts.blobs.forget(id);
                not_stored(&e)
            })
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

    /// What the trigger's expressions are evaluated with.
    pub(super) fn expressions(&self) -> Expressions<'_> {
        Expressions { evaluator: &self.parts.evaluator, secrets: &self.parts.secrets }
    }
}
