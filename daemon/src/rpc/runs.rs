//! The list of runs: by status, workflow and time from the index, by text row by row.

#[cfg(test)]
pub(super) mod tests;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rpa_engine::run::RunStatus;
use rpa_engine::{RunId, WorkflowRef};
use rpa_ipc::fault::quoted;
use rpa_ipc::service::{Reply, RunsQuery};
use rpa_ipc::view::{Page, RUN_STATUSES, RunSummary};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::Office;
use super::summary::{self, Summaries};
use super::views::{bad_cursor, bad_name, page_size, read};
use crate::store::{NamespaceId, Reader, RunFilter, RunHead, RunRow, StoreError};

/// Rows that are looked at for one page of a search, and for how long.
const LOOKED_AT: usize = 10_000;
const LOOKING: Duration = Duration::from_millis(50);
/// Longest text that is looked for, in bytes.
const LONGEST_TEXT: usize = 1024;
/// An id is made when a run is asked for, its time of acceptance when that is
/// written down: by so much may the id be older.
const ID_AGE_MS: u64 = 10 * 60 * 1000;

/// What the index cannot tell of a run.
#[derive(Debug)]
struct Wanted {
    since_ms: u64,
    /// In lower case.
    text: Option<String>,
}

pub async fn runs(office: &Office, query: RunsQuery) -> Reply<Page<RunSummary>> {
    let most = page_size(query.limit);
    let statuses = query.statuses.iter().map(|word| parse_status(word));
    let statuses = statuses.collect::<Result<BTreeSet<_>, _>>()?;
    let (namespace, workflow) = match query.workflow {
        None => (query.namespace, None),
        Some(name) => {
            let workflow =
                WorkflowRef::parse(&name, &query.namespace).map_err(|e| bad_name(&name, &e))?;
            (workflow.namespace, Some(workflow.name))
        }
    };
    let before = query.cursor.map(|c| c.parse::<RunId>().map_err(|_| bad_cursor())).transpose()?;
    let from = query.since_ms.map(oldest_id);
    let filter = RunFilter { workflow, statuses, before, from };
    let wanted = Wanted {
        since_ms: query.since_ms.unwrap_or(0),
        text: query
            .contains
            .as_deref()
            .map(lower_case)
            .transpose()?
            .filter(|text| !text.is_empty()),
    };
    let seat = match wanted.text {
        Some(_) => Some(office.lookers.seat().await?),
        None => None,
    };
    read(office, move |reader| {
        let _seat = seat;
        let Some(namespace) = reader.namespace(&namespace)? else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        page(reader, namespace, &filter, &wanted, most, Instant::now() + LOOKING)
    })
    .await
}

/// The next runs that are wanted; at least one is looked at.
fn page(
    reader: &Reader,
    namespace: NamespaceId,
    filter: &RunFilter,
    wanted: &Wanted,
    most: usize,
    deadline: Instant,
) -> Result<Page<RunSummary>, StoreError> {
    let mut summaries = Summaries::new(reader);
    let mut items = Vec::new();
    let mut last = None;
    for (looked_at, run) in reader.runs(namespace, filter)?.enumerate() {
        let run = run?;
        let tired = wanted.text.is_some() && (looked_at >= LOOKED_AT || Instant::now() >= deadline);
        if let Some(last) = last.filter(|_| items.len() == most || tired) {
            return Ok(Page { items, next: Some(RunId::to_string(&last)) });
        }
        last = Some(run);
        match item(reader, &mut summaries, run, wanted) {
            Ok(item) => items.extend(item),
            Err(error) if error.run() == Some(run) => {
                items.push(summary::damaged(reader, namespace, run, &error)?);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Page { items, next: None })
}

fn item(
    reader: &Reader,
    summaries: &mut Summaries<'_>,
    run: RunId,
    wanted: &Wanted,
) -> Result<Option<RunSummary>, StoreError> {
    let Some(head) = reader.head(run)? else { return Ok(None) };
    if head.accepted_ms < wanted.since_ms {
        return Ok(None);
    }
    let row = reader.row(run)?;
    if !wanted.text.as_ref().is_none_or(|text| holds(run, &head, &row, text)) {
        return Ok(None);
    }
    summaries.of_rows(run, &head, &row).map(Some)
}

/// Whether `text`, in lower case, stands in what people know a run by.
fn holds(run: RunId, head: &RunHead, row: &RunRow, text: &str) -> bool {
    run.to_string().contains(text)
        || head.workflow.to_string().contains(text)
        || head.actor.who.to_lowercase().contains(text)
        || summary::error(&row.phase).is_some_and(|error| {
            error.code.to_lowercase().contains(text) || error.message.to_lowercase().contains(text)
        })
}

pub(super) fn oldest_id(since_ms: u64) -> RunId {
    // the first 48 bits of a UUIDv7 are its time
    let ms = u128::from(since_ms.saturating_sub(ID_AGE_MS));
    RunId(ms.min((1 << 48) - 1) << 80)
}

fn lower_case(text: &str) -> Result<String, Fault> {
    if text.len() > LONGEST_TEXT {
        let fault = fault!(FaultCode::Usage, "text-too-long", most = LONGEST_TEXT);
        return Err(fault.hint(said!("hint-part-of-text")));
    }
    Ok(text.to_lowercase())
}

fn parse_status(word: &str) -> Result<RunStatus, Fault> {
    RunStatus::from_word(word).ok_or_else(|| {
        fault!(FaultCode::Usage, "no-run-status", word = quoted(word))
            .hint(said!("hint-run-status", words = RUN_STATUSES.join(", ")))
    })
}
