//! What deserves a person's attention, with who has seen it.
//!
//! ```text
//! notifications     number of the last happening -> NotificationRow
//! notification_index (namespace, standing, number)
//! meta              `notifications`              -> Counts
//! ```
//! Numbers are counted up with each happening, so that the newest stands last. The id of a
//! notification is the number of its first: it stays when more of the same is counted in it.
//! The index says of each where it stands, so that a page costs what is on it. How many are
//! kept the driver decides, see [`MOST_NOTIFICATIONS`].

mod change;
mod find;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rpa_engine::actor::Actor;
use rpa_engine::catalog::Mark;
use rpa_engine::notification::{Kind, Settled, Standing, What};
use rpa_engine::{Ident, RunId, StepPath, WorkflowRef};
use serde::{Deserialize, Serialize};

use super::codec::decode;
use super::error::{Problem, StoreError};
use super::schema::NamespaceId;

/// Notifications that are kept of what does not stand any more: a hundred a day for a quarter
/// of a year. All of them are read at a start, in a tenth of a second. What stands is kept
/// beside them: there is no more of it than runs that wait for a person, and triggers.
pub const MOST_NOTIFICATIONS: usize = 10_000;
/// Failed runs that a notification knows by their ids, the newest: a rerun of another one
/// mends nothing that it says.
pub const MOST_FAILED: usize = 50;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotificationRow {
    /// The number of its first happening.
    pub id: u64,
    /// None for one about the daemon itself, which is shown in all of them.
    pub namespace: Option<NamespaceId>,
    pub subject: Subject,
    /// Of the last happening.
    pub what: What,
    pub count: u64,
    /// So many of them were failures of runs of which a rerun has completed.
    pub mended: u64,
    /// The other runs that have failed, the newest last and at most [`MOST_FAILED`].
    pub failed: Vec<FailedRun>,
    pub first_ms: u64,
    pub last_ms: u64,
    pub acknowledged: Option<Mark>,
    pub settled: Option<(u64, Settled)>,
}

/// A run that has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedRun {
    pub run: RunId,
    /// The run whose work it did: itself, or what it was a rerun of in the first place.
    pub first: RunId,
}

/// What is stored of a notification: its row, or what is damaged about it.
pub type Stored = Result<NotificationRow, StoreError>;

/// A row of another version is no damage.
fn stored(bytes: &[u8]) -> Result<Stored, StoreError> {
    match decode("notification", bytes) {
        Err(error) if error.problem != Problem::Corrupt => Err(error),
        stored => Ok(stored),
    }
}

/// Whom a notification concerns: of several alike the newest; of failed runs the newest of
/// which no rerun has completed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub workflow: Option<WorkflowRef>,
    pub run: Option<RunId>,
    pub step: Option<StepPath>,
    pub trigger: Option<Ident>,
    pub slot_ms: Option<u64>,
}

/// How many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The number of the last happening.
    pub last: u64,
    pub all: u64,
    pub of: BTreeMap<Option<NamespaceId>, Unfinished>,
}

/// Of one namespace: those that nobody has seen, and all that are not done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    pub unread: u64,
    pub open: u64,
}

/// The life of a daemon that has not been stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// The kernel's id of the boot in which it began; empty when that cannot be told.
    pub boot: String,
    pub since_ms: u64,
}

impl NotificationRow {
    pub fn kind(&self) -> Kind {
        self.what.kind()
    }

    pub fn standing(&self) -> Standing {
        Standing::of(self.kind(), self.acknowledged.is_some(), self.settled.is_some())
    }

    /// Whether it is about something that lasts and has not ended.
    pub fn stands(&self) -> bool {
        self.kind().stands() && self.settled.is_none()
    }

    /// Its place in the index.
    pub(super) fn place(&self, number: u64) -> (u32, u8, u64) {
        (namespace_code(self.namespace), standing_code(self.standing()), number)
    }
}

impl Counts {
    /// One more that stands so.
    pub(super) fn enter(&mut self, namespace: Option<NamespaceId>, standing: Standing) {
        let (of, new) = (self.of.entry(namespace).or_default(), Unfinished::of(standing));
        (of.unread, of.open) = (of.unread + new.unread, of.open + new.open);
        self.drop_nothing(namespace);
        self.all += 1;
    }

    fn leave(&mut self, namespace: Option<NamespaceId>, standing: Standing) {
        let old = Unfinished::of(standing);
        if let Some(of) = self.of.get_mut(&namespace) {
            of.unread = of.unread.saturating_sub(old.unread);
            of.open = of.open.saturating_sub(old.open);
        }
        self.drop_nothing(namespace);
        self.all = self.all.saturating_sub(1);
    }

    fn drop_nothing(&mut self, namespace: Option<NamespaceId>) {
        if self.of.get(&namespace) == Some(&Unfinished::default()) {
            self.of.remove(&namespace);
        }
    }

    /// What is shown in a namespace: its own, and what concerns the daemon.
    pub fn shown_in(&self, namespace: Option<NamespaceId>) -> Unfinished {
        let own = namespace.and_then(|namespace| self.of.get(&Some(namespace)));
        let all = self.of.get(&None);
        [own, all].into_iter().flatten().fold(Unfinished::default(), |sum, of| Unfinished {
            unread: sum.unread + of.unread,
            open: sum.open + of.open,
        })
    }
}

/// Seen by `by` at that moment.
pub fn seen(by: &Actor, at_ms: u64) -> Mark {
    Mark { at_ms, by: by.clone() }
}

/// How a standing is written in keys.
pub(super) fn standing_code(standing: Standing) -> u8 {
    match standing {
        Standing::Unread => 1,
        Standing::Open => 2,
        Standing::Done => 3,
    }
}

pub(super) fn standing_of(code: u8) -> Option<Standing> {
    let all = [Standing::Unread, Standing::Open, Standing::Done];
    all.into_iter().find(|standing| standing_code(*standing) == code)
}

/// What is about the daemon itself stands in keys as of this namespace, which nobody makes.
const DAEMON: u32 = u32::MAX;

pub(super) fn namespace_code(namespace: Option<NamespaceId>) -> u32 {
    namespace.map_or(DAEMON, |NamespaceId(number)| number)
}

fn namespace_of(code: u32) -> Option<NamespaceId> {
    (code != DAEMON).then_some(NamespaceId(code))
}

impl Unfinished {
    fn of(standing: Standing) -> Unfinished {
        match standing {
            Standing::Unread => Unfinished { unread: 1, open: 1 },
            Standing::Open => Unfinished { unread: 0, open: 1 },
            Standing::Done => Unfinished::default(),
        }
    }
}
