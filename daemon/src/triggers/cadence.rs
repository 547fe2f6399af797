//! What is said of a schedule that does not fire as often as it is written to, from the newest
//! slots of its ledger; and the daemon's log, which says it when it changes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rpa_config::schedule::period;
use rpa_engine::trigger::{CADENCE_SLOTS, Cadence};
use rpa_ipc::Language;
use rpa_ipc::fault::{Said, remarks, say};
use rpa_ipc::said;

use crate::store::{Reader, StoreError, TriggerKey};

/// Slots of the ledger that are looked through: some of them say nothing of the cadence.
const READ: usize = 3 * CADENCE_SLOTS;
/// Time between two looks for the log: what fires each second needs none each second.
const PAUSE: Duration = Duration::from_secs(10);

/// How a schedule fires, if not as it is written.
pub fn cadence(reader: &Reader, key: &TriggerKey) -> Result<Option<Cadence>, StoreError> {
    let slots = reader.slots(key, u64::MAX, READ)?;
    Ok(Cadence::of(slots.iter().map(|(at_ms, row)| (*at_ms, &row.fate))))
}

/// The same in words: `fires every 10m instead of every 5m: ...`.
pub fn sentence(cadence: &Cadence) -> Said {
    let counted = [
        (cadence.overlapped, "cadence-overlapped"),
        (cadence.missed, "cadence-missed"),
        (cadence.refused, "cadence-refused"),
        (cadence.merged, "cadence-merged"),
    ];
    let why = counted.into_iter().filter(|(slots, _)| *slots > 0);
    let why = why.map(|(slots, id)| Said::new(id, [("slots", slots.to_string())]));
    let why = remarks(why.collect());
    let (all, lost) = (cadence.slots, cadence.slots - cadence.fired);
    let written = period(cadence.written_ms);
    match cadence.effective_ms() {
        None => said!("cadence-none", written = written, all = all, why = why),
        // it fires often enough, and too late
        Some(_) if lost == 0 => said!("cadence-late", late = cadence.late, all = all),
        Some(effective_ms) => {
            // no unit below a second for what is no more than a mean
            let effective = period(effective_ms.next_multiple_of(1_000));
            said!(
                "cadence-slower",
                effective = effective,
                written = written,
                lost = lost,
                all = all,
                why = why
            )
        }
    }
}

/// Says in the daemon's log when the cadence of a schedule changes, not of each slot.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Schedules of which something was decided since the last look.
    stirred: BTreeSet<TriggerKey>,
    looked: Option<Instant>,
    /// What was said of those that do not fire as written: which kinds of slots are lost.
    said: BTreeMap<TriggerKey, [bool; 5]>,
}

impl Watch {
    pub(super) fn stir(&mut self, key: TriggerKey) {
        self.stirred.insert(key);
    }

    /// Those that are to be looked at now.
    pub(super) fn due(&mut self) -> BTreeSet<TriggerKey> {
        let rests = self.looked.is_some_and(|looked| looked.elapsed() < PAUSE);
        if rests || self.stirred.is_empty() {
            return BTreeSet::new();
        }
        self.looked = Some(Instant::now());
        std::mem::take(&mut self.stirred)
    }

    pub(super) fn look(&mut self, reader: &Reader, key: &TriggerKey) -> Result<(), StoreError> {
        let now = cadence(reader, key)?;
        let (workflow, trigger) = (&key.workflow, &key.trigger);
        match now {
            Some(now) => {
                // numbers go up and down with each slot; what it is that goes wrong does not
                let kinds = [now.overlapped, now.missed, now.refused, now.merged, now.late];
                let kinds = kinds.map(|slots| slots > 0);
                if self.said.insert(key.clone(), kinds) != Some(kinds) {
                    let text = say(Language::English, &sentence(&now)).unwrap_or_default();
                    tracing::warn!(%workflow, %trigger, "the schedule {text}");
                }
            }
            None => {
                if self.said.remove(key).is_some() {
                    tracing::info!(%workflow, %trigger, "the schedule fires as it is written");
                }
            }
        }
        Ok(())
    }
}
