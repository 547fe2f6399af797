//! Why a run, or one of its steps, stands where it stands, in sentences.
//!
//! ```text
//!   journal ---> tell.rs ----> history.rs   what happened, a page at a time
//!   rows ------> step.rs  \
//!                waits.rs  +--> causes.rs     why it stands so now, down to the root,
//!                run.rs   /                   also in other runs
//!                queue.rs
//!   ledger ----> slot.rs              the same of a slot of a trigger
//! ```
//! Nothing is decided here and nothing guessed: what cannot be read from the journal,
//! the rows and the definition is not told.

mod causes;
mod facts;
mod history;
mod live;
mod pending;
mod queue;
mod run;
pub mod slot;
mod step;
mod tell;
#[cfg(test)]
mod tests;
mod waits;

use std::time::{Duration, Instant};

use rpa_engine::{RunId, StepPath};
use rpa_ipc::service::Reply;
use rpa_ipc::why::{Telling, Why, WhyQuery};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::Office;
use super::views::{bad_cursor, page_size, read};
use crate::health::State;
use crate::runner::Which;
use crate::store::{Reader, StoreError};
use facts::{Daemon, Facts};
use history::Wanted;

/// How long one call looks at events that it does not tell.
const LOOKING: Duration = Duration::from_millis(50);

pub async fn why(office: &Office, run: RunId, query: WhyQuery) -> Reply<Why> {
    let from = query.cursor.map(|c| c.parse::<u64>().map_err(|_| bad_cursor())).transpose()?;
    let wanted = Wanted { path: query.path, all: query.all, from, most: page_size(query.limit) };
    let (state, reason) = office.health.get();
    let daemon = Daemon {
        draining: state == State::Draining,
        trouble: if state == State::Degraded { reason } else { String::new() },
        max_active: office.max_active,
        attempts: office.runner.running(Which::All),
        max_attempts: office.max_attempts,
    };
    let seat = office.lookers.seat().await?;
    read(office, move |reader| {
        let _seat = seat;
        let facts = Facts::read(reader, run, daemon)?;
        let path = wanted.path.as_ref().filter(|path| !facts.has(path));
        match path {
            Some(path) => Ok(Err(no_step(run, path))),
            None => answer(reader, &facts, &wanted, Instant::now() + LOOKING).map(Ok),
        }
    })
    .await?
}

fn no_step(run: RunId, path: &StepPath) -> Fault {
    fault!(FaultCode::NoStep, "no-step", run = run.short(), step = path)
}

fn answer(
    reader: &Reader,
    facts: &Facts<'_>,
    wanted: &Wanted,
    deadline: Instant,
) -> Result<Why, StoreError> {
    // it is the answer to the whole question, and not to that for a further page
    let now = match (&wanted.path, wanted.from) {
        (_, Some(_)) => Vec::new(),
        (Some(path), None) => causes::of_step(facts, path)?,
        (None, None) => run::now(facts)?,
    };
    let held = facts.row.held && wanted.from.is_none();
    let held = held.then(|| Telling::new(None, None, said!("why-run-held")));
    let now = held.into_iter().chain(now).collect();
    let (tellings, next) = history::page(reader, facts, wanted, deadline)?;
    Ok(Why {
        run: facts.run,
        workflow: facts.head.workflow.to_string(),
        path: wanted.path.clone(),
        status: facts.status(wanted.path.as_ref())?,
        ended: facts.ended(),
        now,
        tellings,
        next: next.map(|seq| seq.to_string()),
    })
}
