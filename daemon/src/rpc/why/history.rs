//! What happened to a run, in order, a page at a time: the journal is read row by row,
//! and no further than a page, a time and a size allow.

use std::time::Instant;

use rpa_engine::StepPath;
use rpa_engine::run::Event;
use rpa_ipc::said;
use rpa_ipc::why::Telling;

use super::facts::Facts;
use super::run;
use super::tell::{Told, tell};
use crate::store::{Reader, StoreError};

/// Bytes of sentences in one answer: it must fit a frame, with what they say.
const MOST_TEXT: usize = 1024 * 1024;

#[derive(Clone, Debug)]
pub struct Wanted {
    pub path: Option<StepPath>,
    pub all: bool,
    /// The event to go on with; none for the beginning.
    pub from: Option<u64>,
    pub most: usize,
}

impl Wanted {
    /// Events of the step and of what is inside it; of the run all.
    fn takes(&self, event: &Event) -> bool {
        let Some(wanted) = &self.path else { return true };
        event.path().is_some_and(|path| path == wanted || path.is_below(wanted.as_str()))
    }
}

/// The tellings of one page, and the event to go on with. At least one event is looked
/// at, also when no time is left.
pub fn page(
    reader: &Reader,
    facts: &Facts<'_>,
    wanted: &Wanted,
    deadline: Instant,
) -> Result<(Vec<Telling>, Option<u64>), StoreError> {
    let mut told = match (wanted.from, &wanted.path) {
        (None, None) => acceptance(facts)?,
        _ => Vec::new(),
    };
    let from = wanted.from.unwrap_or(0);
    let mut text = 0;
    for row in reader.journal_from(facts.run, from)? {
        let (seq, row) = row?;
        let tired = seq > from && Instant::now() >= deadline;
        if tired || told.len() >= wanted.most || text >= MOST_TEXT {
            return Ok((told, Some(seq)));
        }
        if !wanted.takes(&row.event) {
            continue;
        }
        let Told { what, decision } = tell(&row.event, &facts.definition);
        if decision || wanted.all {
            let telling = Telling::new(Some(row.at_ms), row.event.path().cloned(), what);
            text += telling.text.len();
            told.push(telling);
        }
    }
    Ok((told, None))
}

/// What was there before the first event.
fn acceptance(facts: &Facts<'_>) -> Result<Vec<Telling>, StoreError> {
    let head = &facts.head;
    let accepted = said!(
        "why-accepted",
        by = head.actor,
        revision = head.revision,
        priority = head.priority.word()
    );
    let again = head.rerun_of.map(|run| said!("why-takes-over", run = run.short()));
    let said = std::iter::once(accepted).chain(again);
    let told = said.map(|what| Telling::new(Some(head.accepted_ms), None, what));
    Ok(told.chain(run::called(facts)?).collect())
}
