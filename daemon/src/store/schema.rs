//! Tables and keys. Names are never reused, key order is part of the contract.

use redb::{ReadTransaction, TableDefinition, TableError, WriteTransaction};
use rpa_engine::run::RunStatus;
use rpa_engine::{Priority, RunId};
use serde::{Deserialize, Serialize};

use super::error::{Problem, StoreError};

/// Version of the store as a whole; a newer one is refused.
pub const FORMAT: u32 = 1;

/// Namespaces are numbers in keys, so that they can be renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NamespaceId(pub u32);

type Bytes = &'static [u8];

/// `format`, `instance`, `epoch`, `publications`; `restored` → `RestoredRow`, while what was restored is held;
/// `backed_up` → `BackedUpRow`; `notifications` → their `Counts`; `life` → `Life`, while a
/// daemon works on it
pub(super) const META: TableDefinition<'_, &str, Bytes> = TableDefinition::new("meta");
/// namespace name → id
pub(super) const NAMESPACES: TableDefinition<'_, &str, u32> = TableDefinition::new("namespaces");
/// (namespace, workflow) → `WorkflowRow`
pub(super) const WORKFLOWS: TableDefinition<'_, (u32, &str), Bytes> =
    TableDefinition::new("workflows");
/// (namespace, workflow, revision) → `RevisionRow`
pub(super) const REVISIONS: TableDefinition<'_, (u32, &str, u32), Bytes> =
    TableDefinition::new("revisions");
/// `parts::Part` of a run → the row of that part: all that there is of the run itself
pub(super) const RUN_ROWS: TableDefinition<'_, &[u8], Bytes> = TableDefinition::new("run_rows");
/// (due time in ms, run)
pub(super) const TIMERS: TableDefinition<'_, (u64, u128), ()> = TableDefinition::new("timers");
/// runs that are active: what recovery loads
pub(super) const ACTIVE: TableDefinition<'_, u128, ()> = TableDefinition::new("active");
/// (3 - priority, run): runs that wait for their turn, the next one first
pub(super) const QUEUED: TableDefinition<'_, (u8, u128), ()> = TableDefinition::new("queue");
/// open runs of a backup that was restored: they are among neither of the two above and
/// have no timers, until a person lets them go on
pub(super) const HELD: TableDefinition<'_, u128, ()> = TableDefinition::new("held");
/// (namespace, workflow or "", status or 0, run): every list of runs
pub(super) const RUN_INDEX: TableDefinition<'_, (u32, &str, u8, u128), ()> =
    TableDefinition::new("run_index");
/// run id with its hex digits reversed: look-up by suffix in an archive; in the live store
/// all ids are looked at
pub(super) const SUFFIXES: TableDefinition<'_, u128, ()> = TableDefinition::new("run_suffixes");
/// (namespace, status) → number of runs
pub(super) const COUNTS: TableDefinition<'_, (u32, u8), u64> = TableDefinition::new("counts");
/// (namespace, run, step path) of every step in doubt
pub(super) const DOUBTS: TableDefinition<'_, (u32, u128, &str), ()> =
    TableDefinition::new("doubts");
/// (namespace, run, step path) of every step that asks for an approval
pub(super) const APPROVALS: TableDefinition<'_, (u32, u128, &str), ()> =
    TableDefinition::new("approvals");
/// (namespace, event name, run, step path) of every step that waits for an event → the
/// number of publications when it began to wait, see `Tables::publications`
pub(super) const AWAITING: TableDefinition<'_, (u32, &str, u128, &str), u64> =
    TableDefinition::new("awaiting");
/// (namespace, event id) → `Published`: events that are offered to somebody
pub(super) const EVENTS: TableDefinition<'_, (u32, u128), Bytes> = TableDefinition::new("events");
/// (event id, run, step path): to whom an event is offered
pub(super) const OFFERED: TableDefinition<'_, (u128, u128, &str), ()> =
    TableDefinition::new("events_offered");
/// (run, step path, event id): what a step is offered
pub(super) const OFFERS: TableDefinition<'_, (u128, &str, u128), ()> =
    TableDefinition::new("event_offers");
/// (namespace, event name, run, step path) of every step that is offered as much as it may
pub(super) const CROWDED: TableDefinition<'_, (u32, &str, u128, &str), ()> =
    TableDefinition::new("crowded");
/// (namespace, pool) → its tokens
pub(super) const POOLS: TableDefinition<'_, (u32, &str), u32> = TableDefinition::new("pools");
/// (namespace, lock or pool, place) → `Claim`
pub(super) const CLAIMS: TableDefinition<'_, (u32, &str, u64), Bytes> =
    TableDefinition::new("claims");
/// (namespace, workflow, key, run): runs that have passed the gate of their workflow
pub(super) const GATED: TableDefinition<'_, (u32, &str, &str, u128), ()> =
    TableDefinition::new("gated");
/// (namespace, workflow, key, 3 - priority, run): those that wait at it, the next one first
pub(super) const AT_GATE: TableDefinition<'_, (u32, &str, &str, u8, u128), ()> =
    TableDefinition::new("at_gate");
/// (namespace, workflow, key) → how many have passed, how many wait
pub(super) const GATES: TableDefinition<'_, (u32, &str, &str), (u32, u32)> =
    TableDefinition::new("gates");
/// (age, request id) → `RequestRow`, see `requests.rs`
pub(super) const REQUESTS: TableDefinition<'_, (u32, &str), Bytes> =
    TableDefinition::new("requests");
/// (namespace, workflow, trigger) → `TriggerRow`
pub(super) const TRIGGERS: TableDefinition<'_, (u32, &str, &str), Bytes> =
    TableDefinition::new("triggers");
/// (namespace, workflow, trigger, slot in ms) → `SlotRow`
pub(super) const SLOTS: TableDefinition<'_, (u32, &str, &str, u64), Bytes> =
    TableDefinition::new("slots");
/// (namespace, workflow, trigger, number) → `DeliveryRow`
pub(super) const DELIVERIES: TableDefinition<'_, (u32, &str, &str, u64), Bytes> =
    TableDefinition::new("deliveries");
/// (namespace, workflow, trigger, path) → `SeenFile`
pub(super) const SEEN_FILES: TableDefinition<'_, (u32, &str, &str, &str), Bytes> =
    TableDefinition::new("seen_files");
/// (namespace, workflow, trigger) → `WatchedRow`
pub(super) const WATCHED: TableDefinition<'_, (u32, &str, &str), Bytes> =
    TableDefinition::new("watched");
/// number of the last happening → `NotificationRow`
pub(super) const NOTIFICATIONS: TableDefinition<'_, u64, Bytes> =
    TableDefinition::new("notifications");
/// (namespace, standing, number) of every notification, see `notifications::standing_code`;
/// those about the daemon itself are of a namespace that nobody makes
pub(super) const NOTIFICATION_INDEX: TableDefinition<'_, (u32, u8, u64), ()> =
    TableDefinition::new("notification_index");
/// day → `ArchiveRow`
pub(super) const ARCHIVES: TableDefinition<'_, u32, Bytes> = TableDefinition::new("archives");
/// runs that are in an archive, and of which rows are left to be removed here
pub(super) const LEFTOVERS: TableDefinition<'_, u128, ()> = TableDefinition::new("leftovers");

/// The place of a run in the queue: by priority, then by age.
pub(super) fn queue_key(priority: Priority, run: RunId) -> (u8, u128) {
    (priority_key(priority), run.0)
}

/// Higher priorities stand first.
pub(super) fn priority_key(priority: Priority) -> u8 {
    3 - priority as u8
}

/// The byte of a status in keys and rows. 0 stands for any.
pub(super) fn status_code(status: RunStatus) -> u8 {
    match status {
        RunStatus::Queued => 1,
        RunStatus::Running => 2,
        RunStatus::Waiting => 3,
        RunStatus::Paused => 4,
        RunStatus::InDoubt => 5,
        RunStatus::Completed => 6,
        RunStatus::Failed => 7,
        RunStatus::Cancelled => 8,
    }
}

pub(super) fn status_of(code: u8) -> Result<RunStatus, StoreError> {
    RunStatus::ALL
        .into_iter()
        .find(|s| status_code(*s) == code)
        .ok_or_else(|| StoreError::corrupt(format!("run status {code} is unknown")))
}

/// The id with its 32 hex digits in reverse order, so that a suffix becomes a
/// prefix.
pub(super) fn reversed(run: RunId) -> u128 {
    let mut digits = run.0;
    let mut out = 0u128;
    for _ in 0..32 {
        out = (out << 4) | (digits & 0xf);
        digits >>= 4;
    }
    out
}

/// Makes the tables of a new archive, and gives it its format.
pub(super) fn make_archive(txn: &WriteTransaction) -> Result<(), StoreError> {
    txn.open_table(META)?.insert("format", FORMAT.to_le_bytes().as_slice())?;
    txn.open_table(RUN_ROWS)?;
    txn.open_table(RUN_INDEX)?;
    txn.open_table(SUFFIXES)?;
    Ok(())
}

/// The format written in the store; `None` in a new one.
pub(super) fn stored_format(txn: &ReadTransaction) -> Result<Option<u32>, StoreError> {
    let table = match txn.open_table(META) {
        Ok(table) => table,
        Err(TableError::TableDoesNotExist(_)) => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    let Some(bytes) = table.get("format")? else {
        return Err(StoreError::corrupt("it names no format"));
    };
    let bytes: [u8; 4] =
        bytes.value().try_into().map_err(|_| StoreError::corrupt("its format is not a number"))?;
    Ok(Some(u32::from_le_bytes(bytes)))
}

pub(super) fn check_format(found: Option<u32>) -> Result<(), StoreError> {
    match found {
        Some(newer) if newer > FORMAT => Err(StoreError::new(
            Problem::Newer,
            format!("its format is {newer}, this rpad knows {FORMAT}; nothing was changed"),
        )),
        Some(0) => Err(StoreError::corrupt("its format is 0")),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_have_codes_of_their_own() {
        for status in RunStatus::ALL {
            assert_eq!(status_of(status_code(status)).unwrap(), status);
        }
        assert!(status_of(0).is_err());
    }

    #[test]
    fn reversal_turns_a_suffix_into_a_prefix() {
        let run = RunId(0x0193_f2a0_1111_7222_8333_4444_5555_6abc);
        assert_eq!(reversed(run) >> 116, 0xcba);
        assert_eq!(reversed(RunId(reversed(run))), run.0);
    }
}
