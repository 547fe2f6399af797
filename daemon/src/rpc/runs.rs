//! The list of runs: by status, workflow and time from the index, by text row by row.

#[cfg(test)]
pub(super) mod tests;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rpa_engine::run::{Phase, RunStatus};
use rpa_engine::{Label, RunId, WorkflowRef};
use rpa_ipc::fault::quoted;
use rpa_ipc::overview::{FailuresView, MOST_FAILURES};
use rpa_ipc::service::{Reply, RunField, RunTerm, RunsQuery};
use rpa_ipc::view::{ErrorView, Page, RUN_STATUSES, RunSummary};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::Office;
use super::alike::Groups;
use super::overview;
use super::summary::{self, Summaries};
use super::views::{bad_cursor, bad_name, page_size, read};
use crate::store::{NamespaceId, Reader, RunFilter, RunHead, StoreError};

/// Rows that are looked at for one page of a search, and for how long.
const LOOKED_AT: usize = 10_000;
const LOOKING: Duration = Duration::from_millis(50);
/// Failed runs that are looked at for their groups, and for how long: they are asked for by
/// a person, and rarely.
const GROUPED: usize = 20_000;
const GROUPING: Duration = Duration::from_millis(250);
/// Conditions of one query: more than a person types.
const MOST_TERMS: usize = 20;
/// Longest text that is looked for, in bytes.
const LONGEST_TEXT: usize = 1024;
/// An id is made when a run is asked for, its time of acceptance when that is
/// written down: by so much may the id be older.
const ID_AGE_MS: u64 = 10 * 60 * 1000;

/// What the index cannot tell of a run.
#[derive(Debug, Default)]
struct Wanted {
    since_ms: u64,
    until_ms: Option<u64>,
    ended_since_ms: Option<u64>,
    alike: Option<String>,
    terms: Vec<Term>,
}

/// A condition, its value in lower case.
#[derive(Debug)]
struct Term {
    field: RunField,
    value: String,
    not: bool,
}

impl Wanted {
    fn of(query: &RunsQuery) -> Result<Wanted, Fault> {
        if query.terms.len() > MOST_TERMS {
            return Err(fault!(FaultCode::Usage, "too-many-terms", most = MOST_TERMS));
        }
        let term = |term: &RunTerm| -> Result<Term, Fault> {
            let value = match term.field {
                RunField::Workflow => full_name(&term.value, &query.namespace)?,
                _ => lower_case(&term.value)?,
            };
            Ok(Term { field: term.field, value, not: term.not })
        };
        let mut terms = query.terms.iter().map(term).collect::<Result<Vec<_>, _>>()?;
        let contains = query.contains.as_deref().map(lower_case).transpose()?;
        let text = |value| Term { field: RunField::Text, value, not: false };
        terms.extend(contains.filter(|text| !text.is_empty()).map(text));
        Ok(Wanted {
            since_ms: query.since_ms.unwrap_or(0),
            until_ms: query.until_ms,
            ended_since_ms: query.ended_since_ms,
            alike: query.alike.clone(),
            terms,
        })
    }

    /// Whether one that was accepted then is of the time that is asked for.
    fn has_time(&self, accepted_ms: u64) -> bool {
        accepted_ms >= self.since_ms && self.until_ms.is_none_or(|until| accepted_ms < until)
    }

    /// Whether many rows may be looked at for each that is found.
    fn is_search(&self) -> bool {
        self.alike.is_some() || self.ended_since_ms.is_some() || !self.terms.is_empty()
    }
}

/// The index's part of a query, and the namespace that it is in.
fn filter_of(query: &RunsQuery) -> Result<(Label, RunFilter), Fault> {
    let statuses = query.statuses.iter().map(|word| parse_status(word));
    let statuses = statuses.collect::<Result<BTreeSet<_>, _>>()?;
    let (namespace, workflow) = match &query.workflow {
        None => (query.namespace.clone(), None),
        Some(name) => {
            let workflow =
                WorkflowRef::parse(name, &query.namespace).map_err(|e| bad_name(name, &e))?;
            (workflow.namespace, Some(workflow.name))
        }
    };
    let cursor = query.cursor.as_ref();
    let cursor = cursor.map(|c| c.parse::<RunId>().map_err(|_| bad_cursor())).transpose()?;
    // an id is made before its run is accepted
    let until = query.until_ms.map(|ms| RunId(u128::from(ms).min((1 << 48) - 1) << 80));
    let before = cursor.into_iter().chain(until).min();
    let from = query.since_ms.map(oldest_id);
    Ok((namespace, RunFilter { workflow, statuses, before, from }))
}

pub async fn runs(office: &Office, query: RunsQuery) -> Reply<Page<RunSummary>> {
    let most = page_size(query.limit);
    let (namespace, filter) = filter_of(&query)?;
    let wanted = Wanted::of(&query)?;
    let seat = match wanted.is_search() {
        true => Some(office.lookers.seat().await?),
        false => None,
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

/// The failed ones of a list, by what and where.
pub async fn failures(office: &Office, query: RunsQuery) -> Reply<FailuresView> {
    let (namespace, filter) = filter_of(&query)?;
    let statuses = BTreeSet::from([RunStatus::Failed]);
    // nothing else can have failed
    let none = !filter.statuses.is_empty() && !filter.statuses.contains(&RunStatus::Failed);
    let filter = RunFilter { statuses, ..filter };
    let wanted = Wanted::of(&query)?;
    let seat = office.lookers.seat().await?;
    read(office, move |reader| {
        let _seat = seat;
        let Some(namespace) = reader.namespace(&namespace)?.filter(|_| !none) else {
            return Ok(FailuresView::default());
        };
        grouped(reader, namespace, &filter, &wanted, GROUPED, Instant::now() + GROUPING)
    })
    .await
}

/// The newest failures that are wanted, joined; at least one is looked at.
fn grouped(
    reader: &Reader,
    namespace: NamespaceId,
    filter: &RunFilter,
    wanted: &Wanted,
    most: usize,
    deadline: Instant,
) -> Result<FailuresView, StoreError> {
    let mut summaries = Summaries::new(reader);
    let mut groups = Groups::default();
    let mut cut = false;
    for (looked_at, run) in reader.runs(namespace, filter)?.enumerate() {
        if looked_at >= most || (looked_at > 0 && Instant::now() >= deadline) {
            cut = true;
            break;
        }
        let run = run?;
        let failure = match item(reader, namespace, &mut summaries, run, wanted)? {
            Some(_) => overview::failure(reader, namespace, run)?,
            None => None,
        };
        failure.into_iter().for_each(|failure| groups.add(failure));
    }
    Ok(FailuresView { failed: groups.runs(), groups: groups.newest(MOST_FAILURES), cut })
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
        let tired = wanted.is_search() && (looked_at >= LOOKED_AT || Instant::now() >= deadline);
        if let Some(last) = last.filter(|_| items.len() == most || tired) {
            return Ok(Page { items, next: Some(RunId::to_string(&last)) });
        }
        last = Some(run);
        items.extend(item(reader, namespace, &mut summaries, run, wanted)?);
    }
    Ok(Page { items, next: None })
}

/// The run as a list shows it, if it is wanted there; one whose rows are damaged by what is
/// still known of it.
fn item(
    reader: &Reader,
    namespace: NamespaceId,
    summaries: &mut Summaries<'_>,
    run: RunId,
    wanted: &Wanted,
) -> Result<Option<RunSummary>, StoreError> {
    match whole(reader, summaries, run, wanted) {
        Err(error) if error.run() == Some(run) => {
            let damaged = summary::damaged(reader, namespace, run, &error)?;
            let head = reader.head(run).ok().flatten();
            let fits = fits_as_known(summaries, &damaged, head.as_ref(), wanted);
            Ok(fits.then_some(damaged))
        }
        found => found,
    }
}

/// Whether a damaged run is wanted. What is not known of it is not so: when it ended, at
/// which step it is.
fn fits_as_known(
    summaries: &mut Summaries<'_>,
    damaged: &RunSummary,
    head: Option<&RunHead>,
    wanted: &Wanted,
) -> bool {
    let accepted_ms = head.map_or(damaged.accepted_ms, |head| head.accepted_ms);
    if !wanted.has_time(accepted_ms)
        || wanted.ended_since_ms.is_some()
        || wanted.alike.as_ref().is_some_and(|alike| Some(alike) != damaged.alike.as_ref())
    {
        return false;
    }
    let tags: &[String] = match head {
        Some(head) => summaries.tags(head).unwrap_or_default(),
        None => &[],
    };
    let known = Known { run: damaged.run, head, error: damaged.error.as_ref(), tags };
    wanted.terms.iter().all(|term| is_so(term, &known) != term.not)
}

fn whole(
    reader: &Reader,
    summaries: &mut Summaries<'_>,
    run: RunId,
    wanted: &Wanted,
) -> Result<Option<RunSummary>, StoreError> {
    let Some(head) = reader.head(run)? else { return Ok(None) };
    if !wanted.has_time(head.accepted_ms) {
        return Ok(None);
    }
    let row = reader.row(run)?;
    let ended_ms = match &row.phase {
        Phase::Ended { ended_ms, .. } => Some(*ended_ms),
        Phase::Queued | Phase::Active { .. } | Phase::Finishing { .. } | Phase::Closing { .. } => {
            None
        }
    };
    if wanted.ended_since_ms.is_some_and(|since| ended_ms.is_none_or(|at| at < since)) {
        return Ok(None);
    }
    if let Some(alike) = &wanted.alike
        && summary::alike_of(&head.workflow.to_string(), &row).as_ref() != Some(alike)
    {
        return Ok(None);
    }
    // steps are read for their condition alone, and after all others
    let (of_steps, others): (Vec<&Term>, Vec<&Term>) =
        wanted.terms.iter().partition(|term| term.field == RunField::Step);
    let error = match others.iter().any(|term| term.field == RunField::Text) {
        true => summary::error(&row.phase),
        false => None,
    };
    for term in others {
        let tags = match term.field {
            RunField::Tag => summaries.tags(&head)?,
            _ => &[],
        };
        let known = Known { run, head: Some(&head), error: error.as_ref(), tags };
        if is_so(term, &known) == term.not {
            return Ok(None);
        }
    }
    let summary = summaries.of_rows(run, &head, &row)?;
    let fits = of_steps.iter().all(|term| is_at(&summary.at_step, &term.value) != term.not);
    Ok(fits.then_some(summary))
}

/// What conditions look at.
struct Known<'a> {
    run: RunId,
    /// Absent where it cannot be read.
    head: Option<&'a RunHead>,
    error: Option<&'a ErrorView>,
    tags: &'a [String],
}

/// Whether what a condition looks at is its value. Of one about steps it never is.
fn is_so(term: &Term, known: &Known<'_>) -> bool {
    let value = &term.value;
    let of_head = |is: &dyn Fn(&RunHead) -> bool| known.head.is_some_and(is);
    match term.field {
        RunField::Text => holds(known, value),
        RunField::Workflow => of_head(&|head| head.workflow.to_string() == *value),
        RunField::By => of_head(&|head| {
            head.actor.who.to_lowercase() == *value || head.actor.origin.word() == value
        }),
        RunField::Trigger => of_head(&|head| {
            head.lineage.fired.as_ref().is_some_and(|fired| fired.trigger.as_str() == value)
        }),
        RunField::Tag => known.tags.contains(value),
        RunField::Step => false,
    }
}

/// Whether one of the steps that a path names, the innermost or one around it, is `id`.
fn is_at(path: &str, id: &str) -> bool {
    let path = path.to_lowercase();
    path == id || path.split('/').any(|part| part.split('[').next() == Some(id))
}

/// Whether `text`, in lower case, stands in what people know a run by.
fn holds(known: &Known<'_>, text: &str) -> bool {
    let Known { run, head, error, .. } = known;
    run.to_string().contains(text)
        || head.is_some_and(|head| {
            head.workflow.to_string().contains(text) || head.actor.who.to_lowercase().contains(text)
        })
        || error.is_some_and(|error| {
            error.code.to_lowercase().contains(text) || error.message.to_lowercase().contains(text)
        })
}

fn full_name(name: &str, namespace: &Label) -> Result<String, Fault> {
    let parsed = WorkflowRef::parse(name, namespace);
    parsed.map(|name| name.to_string()).map_err(|e| bad_name(name, &e))
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
