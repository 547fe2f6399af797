//! Why a run is still in the queue: for room among all runs, or among those of its
//! workflow.

use rpa_engine::run::{Gate, RunStatus};
use rpa_ipc::fault::{Said, count};
use rpa_ipc::said;
use rpa_ipc::why::Telling;

use super::facts::{Facts, and_more, at};
use crate::store::{GateKey, StoreError};

/// Runs that are counted of those that stand before one.
const MOST_COUNTED: usize = 10_000;
/// Runs that are named of those that go on at a gate.
const MOST_HOLDERS: usize = 10;

pub fn standing(facts: &Facts<'_>) -> Result<Vec<Telling>, StoreError> {
    let mut told = match &facts.row.gate {
        Gate::Asking => vec![Telling::new(None, None, said!("why-run-asks-gate"))],
        Gate::Waiting { key } => at_the_gate(facts, key)?,
        Gate::Open | Gate::Held { .. } | Gate::TurnedAway { .. } => {
            vec![Telling::new(Some(facts.head.accepted_ms), None, place(facts)?)]
        }
    };
    if let Some(order) = &facts.row.paused {
        let on = facts.command("resume", "");
        let what =
            said!("why-run-queued-paused", by = order.by, at = at(order.at_ms), command = on);
        told.push(Telling::new(Some(order.at_ms), None, what));
    }
    Ok(told)
}

/// As many runs of the workflow go on as may.
fn at_the_gate(facts: &Facts<'_>, key: &str) -> Result<Vec<Telling>, StoreError> {
    let workflow = facts.head.workflow.name.as_str();
    let gate = GateKey { namespace: facts.head.namespace, workflow, key };
    let (reader, priority) = (facts.reader, facts.head.priority);
    let active = reader.active_at(gate)?;
    let before = reader.waits_before(gate, facts.run, priority, MOST_COUNTED)?;
    let before = count(before);
    let limit = facts.definition.concurrency.as_ref().map_or(active, |rule| rule.limit);
    let what = match key.is_empty() {
        true => said!("why-run-at-gate", active = active, limit = limit, before = before),
        false => said!(
            "why-run-at-gate-with-key",
            active = active,
            limit = limit,
            key = key,
            before = before
        ),
    };
    let mut told = vec![Telling::new(Some(facts.head.accepted_ms), None, what)];
    for run in reader.passed(gate, MOST_HOLDERS)? {
        let status = reader.status(&reader.row(run)?)?.word();
        let what = said!("why-holds-gate", run = run.short(), status = status);
        told.push(Telling::new(None, None, what));
    }
    told.extend(and_more((active as usize).saturating_sub(MOST_HOLDERS)));
    Ok(told)
}

fn place(facts: &Facts<'_>) -> Result<Said, StoreError> {
    if facts.daemon.draining {
        return Ok(said!("why-run-queued-draining"));
    }
    let priority = facts.head.priority;
    let before = facts.reader.queued_before(facts.run, priority, MOST_COUNTED)?.unwrap_or(0);
    let active = facts.reader.counts()?.get(&RunStatus::Running).copied().unwrap_or(0);
    let most = u64::from(facts.daemon.max_active);
    let word = priority.word();
    Ok(if active < most {
        said!("why-run-queued-next", active = count(active), most = most, before = count(before))
    } else if before < MOST_COUNTED {
        said!(
            "why-run-queued",
            active = count(active),
            most = most,
            before = count(before),
            priority = word
        )
    } else {
        let before = count(before);
        said!(
            "why-run-queued-far",
            active = count(active),
            most = most,
            before = before,
            priority = word
        )
    })
}
