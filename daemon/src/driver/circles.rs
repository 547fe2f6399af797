//! Workflows that would start each other round about are refused when they become live,
//! and told of by what only tries it.

use std::collections::BTreeSet;

use rpa_engine::calls::{self, Edges};
use rpa_engine::trigger::Source;
use rpa_engine::{Workflow, WorkflowRef};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::catalog::live;
use crate::store::{StoreError, Tables};

/// How a run of one workflow leads to a run of another.
#[derive(Clone, Copy, Debug)]
pub enum Link {
    /// A step calls it.
    Call,
    /// A trigger waits for the end of the other. What is said is whom a workflow waits for.
    Chain,
}

impl Link {
    const ALL: [Link; 2] = [Link::Call, Link::Chain];

    /// What a workflow names in this way.
    pub fn of(self, workflow: &Workflow) -> BTreeSet<WorkflowRef> {
        match self {
            Link::Call => workflow.calls().into_iter().cloned().collect(),
            Link::Chain => {
                let waits = workflow.triggers.iter().filter_map(|trigger| match &trigger.source {
                    Source::After(chain) => Some(chain.workflow.clone()),
                    _ => None,
                });
                waits.collect()
            }
        }
    }

    fn fault(self, circle: &[WorkflowRef]) -> Fault {
        let circle = calls::shown(circle);
        match self {
            Link::Call => fault!(FaultCode::WorkflowCircle, "workflow-circle", circle = circle),
            Link::Chain => fault!(FaultCode::TriggerCircle, "trigger-chain", circle = circle)
                .hint(said!("hint-trigger-chain")),
        }
    }
}

/// The fault of the first circle that would be there with `new` live.
pub(super) fn refuse(tables: &Tables<'_>, new: &[&Workflow]) -> Result<Option<Fault>, StoreError> {
    circle(new, |link, name| {
        Ok(match live(tables, name)? {
            Some((namespace, revision)) => link.of(&tables.definition(namespace, name, revision)?),
            None => BTreeSet::new(),
        })
    })
}

/// As [`refuse`], for those who only look: `live` says what the live revision of a
/// workflow names.
pub fn circle(
    new: &[&Workflow],
    live: impl Fn(Link, &WorkflowRef) -> Result<BTreeSet<WorkflowRef>, StoreError>,
) -> Result<Option<Fault>, StoreError> {
    for link in Link::ALL {
        let mut edges = Edges::new();
        for workflow in new {
            edges.insert(workflow.name.clone(), link.of(workflow));
        }
        // what is reached from the new ones, and no more: there was no circle before
        let mut open: BTreeSet<WorkflowRef> = edges.values().flatten().cloned().collect();
        while let Some(name) = open.pop_first() {
            if edges.contains_key(&name) {
                continue;
            }
            let named = live(link, &name)?;
            open.extend(named.iter().cloned());
            edges.insert(name, named);
        }
        if let Some(circle) = calls::cycles(&edges).into_iter().next() {
            return Ok(Some(link.fault(&circle)));
        }
    }
    Ok(None)
}
