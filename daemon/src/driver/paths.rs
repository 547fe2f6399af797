//! Workflows of which two would have one path of a webhook: the second is refused when it
//! becomes live.

use std::collections::BTreeSet;

use rpa_engine::{Workflow, WorkflowRef};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::catalog::live;
use crate::store::{StoreError, Tables, TriggerState};
use crate::triggers::webhook::{Taken, taken};

/// The fault of the first path that would be two triggers' with `new` live.
pub(super) fn refuse(tables: &Tables<'_>, new: &[&Workflow]) -> Result<Option<Fault>, StoreError> {
    let has_webhook = |workflow: &&&Workflow| {
        workflow.triggers.iter().any(|trigger| trigger.source.webhook().is_some())
    };
    let new: Vec<&Workflow> = new.iter().filter(has_webhook).copied().collect();
    let namespaces: BTreeSet<_> = new.iter().map(|workflow| &workflow.name.namespace).collect();
    let mut others = Vec::new();
    for namespace in namespaces {
        let Some(id) = tables.known_namespace(namespace)? else { continue };
        let mut names = BTreeSet::new();
        for (key, row) in tables.all_triggers()? {
            if key.namespace == id && matches!(row.state, TriggerState::Deliveries(_)) {
                names.insert(key.workflow);
            }
        }
        for name in names {
            let name = WorkflowRef { namespace: namespace.clone(), name };
            let Some((id, revision)) = live(tables, &name)? else { continue };
            others.push(tables.definition(id, &name, revision)?);
        }
    }
    Ok(taken(&new, &others).map(fault_of))
}

fn fault_of(taken: Taken) -> Fault {
    let Taken { path, workflow, trigger, by: (by, other) } = taken;
    let (trigger, other) = (trigger.as_str(), other.as_str());
    let fault = fault!(
        FaultCode::PathTaken,
        "webhook-path-taken",
        path = path,
        workflow = workflow,
        trigger = trigger,
        by = by,
        other = other
    );
    fault.hint(said!("hint-webhook-path-taken", by = by))
}
