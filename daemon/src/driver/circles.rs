//! Workflows that would call themselves round about are refused when they become live.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::{Workflow, WorkflowRef};
use rpa_ipc::{Fault, FaultCode, fault};

use super::catalog::live;
use crate::store::{StoreError, Tables};

/// The fault of the first of `new`, which are about to be live, that calls itself.
pub(super) fn refuse(tables: &Tables<'_>, new: &[&Workflow]) -> Result<Option<Fault>, StoreError> {
    let new: BTreeMap<&WorkflowRef, &Workflow> =
        new.iter().map(|workflow| (&workflow.name, *workflow)).collect();
    for name in new.keys() {
        if let Some(circle) = circle(tables, &new, name)? {
            let names: Vec<String> = circle.iter().map(WorkflowRef::to_string).collect();
            let circle = names.join(" -> ");
            return Ok(Some(fault!(FaultCode::WorkflowCircle, "workflow-circle", circle = circle)));
        }
    }
    Ok(None)
}

/// The way from `start` through what it calls back to itself.
fn circle(
    tables: &Tables<'_>,
    new: &BTreeMap<&WorkflowRef, &Workflow>,
    start: &WorkflowRef,
) -> Result<Option<Vec<WorkflowRef>>, StoreError> {
    let mut seen = BTreeSet::new();
    let mut open = vec![vec![start.clone()]];
    while let Some(way) = open.pop() {
        let Some(last) = way.last() else { continue };
        for call in calls(tables, new, last)? {
            let mut way = way.clone();
            way.push(call.clone());
            if call == *start {
                return Ok(Some(way));
            }
            if seen.insert(call) {
                open.push(way);
            }
        }
    }
    Ok(None)
}

fn calls(
    tables: &Tables<'_>,
    new: &BTreeMap<&WorkflowRef, &Workflow>,
    name: &WorkflowRef,
) -> Result<Vec<WorkflowRef>, StoreError> {
    if let Some(workflow) = new.get(name) {
        return Ok(workflow.calls().into_iter().cloned().collect());
    }
    let Some((namespace, revision)) = live(tables, name)? else { return Ok(Vec::new()) };
    let workflow = tables.definition(namespace, name, revision)?;
    Ok(workflow.calls().into_iter().cloned().collect())
}
