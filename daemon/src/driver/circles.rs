//! Workflows that would call themselves round about are refused when they become live,
//! and told of by what only tries it.

use std::collections::BTreeSet;

use rpa_engine::calls::{self, Edges};
use rpa_engine::{Workflow, WorkflowRef};
use rpa_ipc::{Fault, FaultCode, fault};

use super::catalog::live;
use crate::store::{StoreError, Tables};

/// The fault of the first circle that would be there with `new` live.
pub(super) fn refuse(tables: &Tables<'_>, new: &[&Workflow]) -> Result<Option<Fault>, StoreError> {
    circle(new, |name| {
        Ok(match live(tables, name)? {
            Some((namespace, revision)) => called(&tables.definition(namespace, name, revision)?),
            None => BTreeSet::new(),
        })
    })
}

/// As [`refuse`], for those who only look: `live` says what the live revision of a
/// workflow calls.
pub fn circle(
    new: &[&Workflow],
    live: impl Fn(&WorkflowRef) -> Result<BTreeSet<WorkflowRef>, StoreError>,
) -> Result<Option<Fault>, StoreError> {
    let mut edges = Edges::new();
    for workflow in new {
        edges.insert(workflow.name.clone(), called(workflow));
    }
    // what is reached from the new ones, and no more: there was no circle before
    let mut open: BTreeSet<WorkflowRef> = edges.values().flatten().cloned().collect();
    while let Some(name) = open.pop_first() {
        if edges.contains_key(&name) {
            continue;
        }
        let calls = live(&name)?;
        open.extend(calls.iter().cloned());
        edges.insert(name, calls);
    }
    let circle = calls::cycles(&edges).into_iter().next();
    Ok(circle.map(|circle| {
        let circle = calls::shown(&circle);
        fault!(FaultCode::WorkflowCircle, "workflow-circle", circle = circle)
    }))
}

/// What a workflow calls.
pub fn called(workflow: &Workflow) -> BTreeSet<WorkflowRef> {
    workflow.calls().into_iter().cloned().collect()
}
