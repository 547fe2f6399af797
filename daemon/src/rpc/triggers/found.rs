//! The triggers that there are, each with what it declares.

use std::sync::Arc;

use rpa_config::schedule::Plan;
use rpa_engine::trigger::{Schedule, Trigger};
use rpa_engine::{Ident, Label, Workflow, WorkflowRef};
use rpa_ipc::fault::quoted;
use rpa_ipc::triggers::{TriggerRef, TriggerView};
use rpa_ipc::{Fault, FaultCode, fault};

use super::view::view;
use crate::rpc::{Office, views};
use crate::store::{Reader, StoreError, TriggerKey, TriggerRow};

/// A trigger with what it declares, if anything does.
pub(in crate::rpc) struct Found {
    pub(in crate::rpc) workflow: WorkflowRef,
    pub(in crate::rpc) key: TriggerKey,
    pub(in crate::rpc) row: TriggerRow,
    /// Of the revision in force, or of the live one when it is not armed.
    pub declared: Option<Declared>,
    /// The store was restored, and nobody has let it go on.
    pub(super) held: bool,
}

pub(in crate::rpc) struct Declared {
    pub definition: Arc<Workflow>,
    pub trigger: Trigger,
    pub revision: u32,
}

impl Found {
    pub(in crate::rpc) fn schedule(&self) -> Option<&Schedule> {
        self.declared.as_ref().and_then(|declared| declared.trigger.source.schedule())
    }

    pub(in crate::rpc) fn plan(&self, office: &Office) -> Result<Option<Plan>, Fault> {
        let Some(schedule) = self.schedule() else { return Ok(None) };
        let plan = Plan::new(schedule, &self.key.seed(), &office.calendars);
        plan.map(Some).map_err(|error| {
            let (code, trigger) = (FaultCode::BadTrigger, self.key.trigger.as_str());
            fault!(
                code,
                "schedule-broken",
                workflow = self.workflow,
                trigger = trigger,
                error = error
            )
        })
    }
}

pub(in crate::rpc) async fn one(
    office: &Office,
    of: &TriggerRef,
) -> Result<(Found, TriggerView), Fault> {
    let (of, own) = (of.clone(), office.clone());
    views::read(office, move |reader| {
        Ok(match find(reader, &of)? {
            Ok(found) => {
                let view = view(reader, &own, &found)?;
                Ok((found, view))
            }
            Err(fault) => Err(fault),
        })
    })
    .await?
}

pub(super) fn all(reader: &Reader, namespace: &Label) -> Result<Vec<Found>, StoreError> {
    let Some(id) = reader.namespace(namespace)? else { return Ok(Vec::new()) };
    let rows = reader.triggers_in(id)?.into_iter();
    rows.map(|(key, row)| found(reader, namespace, key, row)).collect()
}

fn all_of(reader: &Reader, workflow: &WorkflowRef) -> Result<Vec<Found>, StoreError> {
    let Some(id) = reader.namespace(&workflow.namespace)? else { return Ok(Vec::new()) };
    let rows = reader.triggers_of(id, &workflow.name)?.into_iter();
    rows.map(|(key, row)| found(reader, &workflow.namespace, key, row)).collect()
}

fn found(
    reader: &Reader,
    namespace: &Label,
    key: TriggerKey,
    row: TriggerRow,
) -> Result<Found, StoreError> {
    let workflow = WorkflowRef { namespace: namespace.clone(), name: key.workflow.clone() };
    let live = reader.workflow(key.namespace, &key.workflow)?.and_then(|row| row.entry.live);
    let declared = match row.armed.or(live) {
        Some(revision) => {
            let definition = reader.definition(key.namespace, &key.workflow, revision)?;
            let trigger = definition.triggers.iter().find(|t| t.id == key.trigger);
            trigger.cloned().map(|trigger| Declared { definition, trigger, revision })
        }
        None => None,
    };
    let held = reader.restored()?.is_some();
    Ok(Found { workflow, key, row, declared, held })
}

/// The trigger that is meant, or why there is no such one.
pub(in crate::rpc) fn find(
    reader: &Reader,
    of: &TriggerRef,
) -> Result<Result<Found, Fault>, StoreError> {
    let workflow = match WorkflowRef::parse(&of.workflow, &of.namespace) {
        Ok(workflow) => workflow,
        Err(e) => return Ok(Err(views::bad_name(&of.workflow, &e))),
    };
    let mut triggers = all_of(reader, &workflow)?;
    let Some(name) = &of.trigger else {
        if triggers.len() > 1 {
            triggers.retain(|found| found.declared.is_some());
        }
        return Ok(match triggers.len() {
            1 => Ok(triggers.remove(0)),
            0 => Err(fault!(FaultCode::NoTrigger, "no-triggers", workflow = workflow)),
            _ => {
                let names: Vec<&str> = triggers.iter().map(|f| f.key.trigger.as_str()).collect();
                let names = names.join(", ");
                Err(fault!(
                    FaultCode::NoTrigger,
                    "which-trigger",
                    workflow = workflow,
                    names = names
                ))
            }
        });
    };
    let wanted = name.parse::<Ident>().ok();
    let place = triggers.iter().position(|found| Some(&found.key.trigger) == wanted.as_ref());
    Ok(match place {
        Some(place) => Ok(triggers.swap_remove(place)),
        None => {
            let code = FaultCode::NoTrigger;
            Err(fault!(code, "no-trigger", workflow = workflow, trigger = quoted(name)))
        }
    })
}

pub(in crate::rpc) fn not_declared(found: &Found) -> Fault {
    let code = FaultCode::TriggerNotArmed;
    let trigger = found.key.trigger.as_str();
    fault!(code, "trigger-not-armed", workflow = found.workflow, trigger = trigger)
}
