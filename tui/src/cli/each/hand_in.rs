//! Submitting the rows, and waiting for their runs: a few calls at once, answers in
//! the order of the rows.

use std::cell::Cell;

use futures::{StreamExt, stream};
use rpa_config::rows::Rows;
use rpa_engine::{Label, RunId};
use rpa_ipc::service::{GivenValue, SubmitRequest, run_ref};
use rpa_ipc::view::Started;
use rpa_ipc::{Fault, FaultCode};

use super::pool::{AT_ONCE, Pool};
use super::report::Report;
use super::{Kinds, row_id, values};
use crate::cli::exit::Failure;
use crate::cli::submit::send;
use crate::cli::wire::{Repeat, settle};

/// What holds for all rows.
#[derive(Debug)]
pub struct Batch {
    pub namespace: Label,
    pub workflow: String,
    pub base: String,
    pub common: Vec<(String, GivenValue)>,
    pub kinds: Option<Kinds>,
    pub stop_on_error: bool,
    pub wait: bool,
}

/// A row that became a run, of which the end is awaited.
#[derive(Debug)]
pub struct Accepted {
    row: usize,
    run: RunId,
}

enum Answer {
    Accepted(Started),
    /// The row cannot be accepted; others can.
    Refused(Fault),
    /// What would befall every row.
    Broken(Fault),
    /// Not submitted, as the work has stopped.
    Left,
}

/// Submits all rows. Gives those that are to be waited for.
pub async fn hand_in(
    batch: &Batch,
    rows: Rows,
    pool: &Pool,
    report: &mut Report<'_>,
) -> Result<Vec<Accepted>, Failure> {
    let stopped = Cell::new(false);
    let submit = async |(at, cells): (usize, _)| {
        let row = at + 1;
        if stopped.get() {
            return (row, Answer::Left);
        }
        let request = SubmitRequest {
            namespace: batch.namespace.clone(),
            workflow: batch.workflow.clone(),
            variables: values(&batch.common, cells, batch.kinds.as_ref()),
            request_id: row_id(&batch.base, row),
        };
        let mut link = pool.take();
        // what was accepted is not started twice, whatever kept the answer
        let answer = answer(send(&request, Repeat::Away, &mut link).await);
        pool.give_back(link);
        let stops = match answer {
            Answer::Broken(_) => true,
            Answer::Refused(_) => batch.stop_on_error,
            Answer::Accepted(_) | Answer::Left => false,
        };
        stopped.set(stopped.get() || stops);
        (row, answer)
    };
    let mut answers =
        std::pin::pin!(stream::iter(rows.into_cells().enumerate()).map(submit).buffered(AT_ONCE));
    let mut accepted = Vec::new();
    let mut broken = None;
    while let Some((row, answer)) = answers.next().await {
        match answer {
            Answer::Accepted(started) => {
                if batch.wait {
                    accepted.push(Accepted { row, run: started.run });
                }
                report.accepted(row, &row_id(&batch.base, row), &started)?;
            }
            Answer::Refused(fault) => report.refused(row, &row_id(&batch.base, row), &fault)?,
            // of several the first says it
            Answer::Broken(fault) => _ = broken.get_or_insert(fault.with("row", row)),
            Answer::Left => {}
        }
    }
    match broken {
        Some(fault) => Err(fault.into()),
        None => Ok(accepted),
    }
}

fn answer(answer: Result<Started, Fault>) -> Answer {
    match answer {
        Ok(started) => Answer::Accepted(started),
        Err(fault) if is_of_the_row(fault.code) => Answer::Refused(fault),
        Err(fault) => Answer::Broken(fault),
    }
}

/// Whether a fault is about the values of one row; all others meet the next row too.
fn is_of_the_row(code: FaultCode) -> bool {
    matches!(
        code,
        FaultCode::BadVariable
            | FaultCode::MissingVariable
            | FaultCode::TooLarge
            | FaultCode::RequestReused
    )
}

/// Waits until all have settled; returns at once when there is nobody to wait for.
pub async fn await_all(
    batch: &Batch,
    accepted: Vec<Accepted>,
    pool: &Pool,
    report: &mut Report<'_>,
) -> Result<(), Failure> {
    if !accepted.is_empty() {
        report.waiting()?;
    }
    let namespace = match batch.workflow.split_once('/') {
        Some((namespace, _)) => namespace.parse().unwrap_or_else(|_| batch.namespace.clone()),
        None => batch.namespace.clone(),
    };
    let wait = async |Accepted { row, run }| {
        let mut link = pool.take();
        let settled = settle(&mut link, &run_ref(&namespace, run)).await;
        pool.give_back(link);
        (row, settled)
    };
    let mut settled = std::pin::pin!(stream::iter(accepted).map(wait).buffered(AT_ONCE));
    while let Some((row, detail)) = settled.next().await {
        let detail = detail.map_err(|fault| fault.with("row", row))?;
        report.settled(row, &row_id(&batch.base, row), &detail)?;
    }
    Ok(())
}
