//! Which finished runs are to leave the live store: the oldest first.

use std::collections::BTreeMap;

use redb::Range;
use rpa_engine::RunId;
use rpa_engine::run::{Phase, RunStatus};

use super::super::error::StoreError;
use super::super::query::Reader;
use super::super::schema::status_code;
use crate::day::Day;

type Key = (u32, &'static str, u8, u128);

/// Which of them may.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Those that have ended before, in milliseconds since the epoch.
    pub ended_before_ms: u64,
    /// So many whatever their age.
    pub over: u64,
    /// Runs of one answer, and rows that are copied for them: the last may have more.
    pub most_runs: usize,
    pub most_rows: u64,
    /// Runs that are looked at for it.
    pub looked_at: usize,
}

/// What a look has found.
#[derive(Clone, Debug, Default)]
pub struct Look {
    pub runs: BTreeMap<Day, Vec<RunId>>,
    /// Where the next look goes on; `None` when there is nothing more to be found.
    pub next: Option<RunId>,
}

impl Look {
    fn add(&mut self, run: RunId) {
        self.runs.entry(Day::of(run)).or_default().push(run);
    }
}

impl Reader {
    /// Ended runs in the live store, over all namespaces.
    pub fn live_ended(&self) -> Result<u64, StoreError> {
        let counts = self.counts()?.into_iter();
        let ended: u64 = counts.filter(|(s, _)| s.ended()).map(|(_, n)| n).sum();
        let archived: u64 =
            self.archives()?.values().filter(|row| !row.dropping).map(|row| row.runs()).sum();
        Ok(ended.saturating_sub(archived))
    }

    /// The oldest run in the live store.
    pub fn oldest_live(&self) -> Result<Option<RunId>, StoreError> {
        self.live.next_run(RunId(0))
    }

    /// Looks at ended runs behind `after` for those that may leave.
    pub fn may_leave(&self, rule: &Rule, after: Option<RunId>) -> Result<Look, StoreError> {
        let mut look = Look::default();
        let (mut runs, mut rows, mut last) = (0, 0, after);
        let mut oldest = Oldest::of(self, after)?;
        for _ in 0..rule.looked_at {
            let Some(run) = oldest.take()? else { return Ok(look) };
            let is_over = (runs as u64) < rule.over;
            // no run ends before it is accepted
            if !is_over && run.accepted_ms() >= rule.ended_before_ms {
                return Ok(look);
            }
            let is_dropping = self.archives()?.get(&Day::of(run)).is_some_and(|row| row.dropping);
            let row = self.live.row(run)?;
            let is_old = matches!(row.phase, Phase::Ended { ended_ms, .. } if ended_ms < rule.ended_before_ms);
            last = Some(run);
            if (is_over || is_old) && !is_dropping && !self.is_needed(run)? {
                look.add(run);
                runs += 1;
                rows += self.live.seq(run)?;
            }
            if runs >= rule.most_runs || rows >= rule.most_rows {
                break;
            }
        }
        look.next = last;
        Ok(look)
    }

    /// Whether something in the live store is not over with an ended run: the run that
    /// has called it goes on, or it holds something, or a person is to decide in it.
    fn is_needed(&self, run: RunId) -> Result<bool, StoreError> {
        let Some(head) = self.live.head(run)? else { return Ok(false) };
        if let Some(parent) = &head.lineage.parent
            && self.live.has(parent.run)?
            && !self.status(&self.live.row(parent.run)?)?.ended()
        {
            return Ok(true);
        }
        let row = self.live.row(run)?;
        let is_doubted = self.has_doubt(head.namespace, run)?;
        Ok(!row.holds.is_empty() || row.wake_ms.is_some() || is_doubted)
    }
}

/// Ended runs of all namespaces, oldest first.
struct Oldest(Vec<Head>);

struct Head {
    oldest: RunId,
    rest: Range<'static, Key, ()>,
}

impl Oldest {
    fn of(reader: &Reader, after: Option<RunId>) -> Result<Oldest, StoreError> {
        let from = after.map_or(0, |run| run.0.saturating_add(1));
        let mut heads = Vec::new();
        for namespace in reader.namespaces()? {
            for status in RunStatus::ALL.into_iter().filter(|status| status.ended()) {
                let key = |run| (namespace.0, "", status_code(status), run);
                heads.extend(Head::of(reader.live.index.range(key(from)..=key(u128::MAX))?)?);
            }
        }
        Ok(Oldest(heads))
    }

    fn take(&mut self) -> Result<Option<RunId>, StoreError> {
        let oldest = self.0.iter().enumerate().min_by_key(|(_, head)| head.oldest);
        let Some((at, _)) = oldest else { return Ok(None) };
        let Head { oldest, rest } = self.0.swap_remove(at);
        self.0.extend(Head::of(rest)?);
        Ok(Some(oldest))
    }
}

impl Head {
    fn of(mut rest: Range<'static, Key, ()>) -> Result<Option<Head>, StoreError> {
        let Some(entry) = rest.next() else { return Ok(None) };
        let oldest = RunId(entry?.0.value().3);
        Ok(Some(Head { oldest, rest }))
    }
}
