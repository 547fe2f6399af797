//! Lists of runs from several ranges of the index, joined newest first.

use std::collections::BTreeSet;

use redb::Range;
use rpa_engine::run::RunStatus;
use rpa_engine::{Label, RunId};

use super::error::StoreError;
use super::query::Reader;
use super::schema::{NamespaceId, status_code};

type Key = (u32, &'static str, u8, u128);

/// Which runs a list wants, newest first.
#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    pub workflow: Option<Label>,
    /// Any of these; all when empty.
    pub statuses: BTreeSet<RunStatus>,
    /// Only runs older than this one.
    pub before: Option<RunId>,
    /// Only this run and newer ones.
    pub from: Option<RunId>,
}

/// Ids of runs, newest first. Reads only as far as it is asked.
pub struct Newest {
    ranges: Vec<Head>,
}

/// A range of the index with its newest run taken out.
struct Head {
    newest: RunId,
    rest: Range<'static, Key, ()>,
}

impl std::fmt::Debug for Newest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Newest")
    }
}

impl Reader {
    /// Ids of runs, newest first.
    pub fn runs(&self, namespace: NamespaceId, filter: &RunFilter) -> Result<Newest, StoreError> {
        let workflow = filter.workflow.as_ref().map_or("", Label::as_str);
        let any = filter.statuses.is_empty().then_some(0);
        let codes = any.into_iter().chain(filter.statuses.iter().map(|s| status_code(*s)));
        let from = filter.from.map_or(0, |run| run.0);
        let end = filter.before.map_or(u128::MAX, |run| run.0);
        let mut ranges = Vec::new();
        for code in codes {
            let key = |run| (namespace.0, workflow, code, run);
            ranges.extend(Head::of(self.index.range(key(from)..key(end))?)?);
        }
        Ok(Newest { ranges })
    }
}

impl Head {
    /// `None` for a range that has come to its end.
    fn of(mut rest: Range<'static, Key, ()>) -> Result<Option<Head>, StoreError> {
        let Some(entry) = rest.next_back() else { return Ok(None) };
        let newest = RunId(entry?.0.value().3);
        Ok(Some(Head { newest, rest }))
    }
}

impl Newest {
    fn step(&mut self) -> Result<Option<RunId>, StoreError> {
        // a run is in one of the ranges only: it has one status
        let newest = self.ranges.iter().enumerate().max_by_key(|(_, head)| head.newest);
        let Some((at, _)) = newest else { return Ok(None) };
        let Head { newest, rest } = self.ranges.swap_remove(at);
        self.ranges.extend(Head::of(rest)?);
        Ok(Some(newest))
    }
}

impl Iterator for Newest {
    type Item = Result<RunId, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}
