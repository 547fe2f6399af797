//! Why a run is still in the queue.

use rpa_engine::run::RunStatus;
use rpa_ipc::fault::{Said, count};
use rpa_ipc::said;
use rpa_ipc::why::Telling;

use super::facts::{Facts, at};
use crate::store::StoreError;

/// Runs that are counted of those that stand before one.
const MOST_COUNTED: usize = 10_000;

pub fn standing(facts: &Facts<'_>) -> Result<Vec<Telling>, StoreError> {
    let mut told = vec![Telling::new(Some(facts.head.accepted_ms), None, place(facts)?)];
    if let Some(order) = &facts.row.paused {
        let on = facts.command("resume", "");
        let what =
            said!("why-run-queued-paused", by = order.by, at = at(order.at_ms), command = on);
        told.push(Telling::new(Some(order.at_ms), None, what));
    }
    Ok(told)
}

fn place(facts: &Facts<'_>) -> Result<Said, StoreError> {
    if facts.daemon.draining {
        return Ok(said!("why-run-queued-draining"));
    }
    let priority = facts.definition.priority;
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
