//! Lists of runs from several ranges of the index, joined newest first: those of the
//! live store, then of one archive after the other.

use std::collections::BTreeSet;
use std::sync::Arc;

use redb::Range;
use rpa_engine::run::RunStatus;
use rpa_engine::{Label, RunId};

use super::archive::View;
use super::error::StoreError;
use super::query::Reader;
use super::run_rows::RunRows;
use super::schema::{NamespaceId, status_code};
use crate::day::Day;

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
pub struct Newest<'r> {
    reader: &'r Reader,
    namespace: NamespaceId,
    filter: RunFilter,
    live: Ranges,
    archived: Ranges,
    /// The archive that is being read.
    view: Option<Arc<View>>,
    /// Archives that are still to be read, the newest last.
    days: Vec<Day>,
}

/// Ranges of one index, joined.
struct Ranges(Vec<Head>);

/// A range of the index with its newest run taken out.
struct Head {
    newest: RunId,
    rest: Range<'static, Key, ()>,
}

impl std::fmt::Debug for Newest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Newest")
    }
}

impl RunFilter {
    /// Statuses as keys have them.
    fn codes(&self) -> impl Iterator<Item = u8> {
        let any = self.statuses.is_empty().then_some(0);
        any.into_iter().chain(self.statuses.iter().map(|s| status_code(*s)))
    }
}

impl Reader {
    /// Ids of runs, newest first.
    pub fn runs(
        &self,
        namespace: NamespaceId,
        filter: &RunFilter,
    ) -> Result<Newest<'_>, StoreError> {
        let archives = self.archives()?.iter();
        let wanted = archives.filter(|(day, row)| {
            let has = |code| match code {
                0 => row.counts.keys().any(|(of, _)| *of == namespace),
                code => row.counts.contains_key(&(namespace, code)),
            };
            !row.dropping
                && filter.codes().any(has)
                && filter.before.is_none_or(|before| *day.ids().start() < before)
                && filter.from.is_none_or(|from| *day.ids().end() >= from)
        });
        let days = wanted.map(|(day, _)| *day).collect();
        let live = Ranges::of(&self.live, namespace, filter)?;
        let (filter, archived) = (filter.clone(), Ranges(Vec::new()));
        Ok(Newest { reader: self, namespace, filter, live, archived, view: None, days })
    }
}

impl Ranges {
    fn of(
        rows: &RunRows,
        namespace: NamespaceId,
        filter: &RunFilter,
    ) -> Result<Ranges, StoreError> {
        let workflow = filter.workflow.as_ref().map_or("", Label::as_str);
        let from = filter.from.map_or(0, |run| run.0);
        let end = filter.before.map_or(u128::MAX, |run| run.0);
        let mut ranges = Vec::new();
        for code in filter.codes() {
            let key = |run| (namespace.0, workflow, code, run);
            ranges.extend(Head::of(rows.index.range(key(from)..key(end))?)?);
        }
        Ok(Ranges(ranges))
    }

    fn newest(&self) -> Option<RunId> {
        self.0.iter().map(|head| head.newest).max()
    }

    fn take(&mut self) -> Result<Option<RunId>, StoreError> {
        // a run is in one of the ranges only: it has one status
        let newest = self.0.iter().enumerate().max_by_key(|(_, head)| head.newest);
        let Some((at, _)) = newest else { return Ok(None) };
        let Head { newest, rest } = self.0.swap_remove(at);
        self.0.extend(Head::of(rest)?);
        Ok(Some(newest))
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

impl Newest<'_> {
    fn step(&mut self) -> Result<Option<RunId>, StoreError> {
        loop {
            self.look_further()?;
            let (live, archived) = (self.live.newest(), self.archived.newest());
            if live >= archived {
                return self.live.take();
            }
            // a copy of one that has not left the live store is nobody's
            if let Some(run) = self.archived.take()?
                && !self.reader.live.has(run)?
            {
                return Ok(Some(run));
            }
        }
    }

    /// Opens the next archive, once nothing that was read before it can be newer than
    /// what is in there.
    fn look_further(&mut self) -> Result<(), StoreError> {
        while self.archived.0.is_empty() {
            let live = self.live.newest();
            let Some(day) = self.days.pop_if(|day| live.is_none_or(|run| run <= *day.ids().end()))
            else {
                return Ok(());
            };
            self.view = self.reader.archive(day)?;
            if let Some(view) = &self.view {
                self.archived = Ranges::of(&view.rows, self.namespace, &self.filter)?;
            }
        }
        Ok(())
    }
}

impl Iterator for Newest<'_> {
    type Item = Result<RunId, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}
