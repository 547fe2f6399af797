//! How often a schedule fires in truth, beside how often it is written to.
//!
//! It is read from the newest slots of the ledger. A slot that people or the schedule itself
//! did not want (a pause, a condition, a calendar, a change of the clock) says nothing of it,
//! nor does one that was filled in.

use super::state::{Fate, How, Skipped};
use super::{Missed, Passed};

/// Slots that are looked at, the newest: of a schedule of each five minutes an hour.
pub const CADENCE_SLOTS: usize = 12;
/// Of fewer slots nothing is said: one that was skipped is no cadence.
const LEAST: usize = 4;
/// From one in so many slots on that had no run, or were late, it is said.
const ONE_IN: usize = 4;

/// A schedule that does not fire as often, or not when, it is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// Slots that were to fire, at most [`CADENCE_SLOTS`].
    pub slots: usize,
    pub fired: usize,
    /// Of those that fired: late, or caught up.
    pub late: usize,
    /// Of those that did not.
    pub overlapped: usize,
    pub missed: usize,
    pub refused: usize,
    pub merged: usize,
    /// Time from slot to slot, as most of them have it.
    pub written_ms: u64,
}

impl Cadence {
    /// What is to be said of slots and their fates, the newest first; nothing of a schedule
    /// that fires as it is written.
    pub fn of<'a>(newest_first: impl IntoIterator<Item = (u64, &'a Fate)>) -> Option<Cadence> {
        let mut cadence = Cadence {
            slots: 0,
            fired: 0,
            late: 0,
            overlapped: 0,
            missed: 0,
            refused: 0,
            merged: 0,
            written_ms: 0,
        };
        let mut at = Vec::with_capacity(CADENCE_SLOTS);
        for (at_ms, fate) in newest_first {
            let counted = match fate {
                Fate::Fired { how: How::InTime, .. } => &mut cadence.fired,
                Fate::Fired { how: How::Late | How::CaughtUp, .. } => {
                    cadence.fired += 1;
                    &mut cadence.late
                }
                Fate::Skipped(
                    Skipped::Overlap { .. } | Skipped::Superseded | Skipped::QueueFull,
                ) => &mut cadence.overlapped,
                Fate::Missed(Missed::Down | Missed::Clock | Missed::Restore) => &mut cadence.missed,
                Fate::Refused { .. } => &mut cadence.refused,
                Fate::PassedOver(Passed::Merged) => &mut cadence.merged,
                Fate::Fired { how: How::Backfilled | How::ByHand, .. }
                | Fate::Waiting { .. }
                | Fate::PassedOver(Passed::Gap | Passed::Fold | Passed::Calendar)
                | Fate::Skipped(Skipped::Paused | Skipped::Condition | Skipped::Disarmed) => {
                    continue;
                }
            };
            *counted += 1;
            at.push(at_ms);
            if at.len() == CADENCE_SLOTS {
                break;
            }
        }
        cadence.slots = at.len();
        cadence.written_ms = most_usual(&at)?;
        let is_much = |slots: usize| slots > 0 && slots * ONE_IN >= cadence.slots;
        let differs = is_much(cadence.slots - cadence.fired) || is_much(cadence.late);
        (cadence.slots >= LEAST && differs).then_some(cadence)
    }

    /// Time from run to run; none when nothing has fired.
    pub fn effective_ms(&self) -> Option<u64> {
        let (slots, fired) = (self.slots as u64, self.fired as u64);
        self.written_ms.saturating_mul(slots).checked_div(fired)
    }
}

/// The median of the times between slots.
fn most_usual(newest_first: &[u64]) -> Option<u64> {
    let mut gaps: Vec<u64> =
        newest_first.windows(2).map(|pair| pair[0].saturating_sub(pair[1])).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::RunId;

    const MINUTE: u64 = 60_000;

    fn fired(how: How) -> Fate {
        Fate::Fired { run: RunId(1), how, by_ms: 0 }
    }

    fn skipped() -> Fate {
        Fate::Skipped(Skipped::Overlap { run: RunId(1) })
    }

    /// The fates of slots of each five minutes, the newest first.
    fn of(fates: &[Fate]) -> Option<Cadence> {
        let slots = fates.iter().enumerate();
        Cadence::of(slots.map(|(n, fate)| ((100 - n as u64) * 5 * MINUTE, fate)))
    }

    #[test]
    fn each_second_slot_that_is_skipped_is_half_the_cadence() {
        let fates: Vec<Fate> = (0..20).flat_map(|_| [skipped(), fired(How::InTime)]).collect();
        let cadence = of(&fates).unwrap();
        assert_eq!((cadence.slots, cadence.fired, cadence.overlapped), (12, 6, 6));
        assert_eq!((cadence.written_ms, cadence.effective_ms()), (5 * MINUTE, Some(10 * MINUTE)));
    }

    #[test]
    fn what_nobody_wanted_to_fire_and_a_slot_now_and_then_say_nothing() {
        let passed = Fate::PassedOver(Passed::Calendar);
        let paused = Fate::Skipped(Skipped::Paused);
        assert_eq!(of(&[passed.clone(), paused.clone(), passed, paused]), None);
        let mut fates = vec![fired(How::InTime); 12];
        fates[3] = skipped();
        fates[7] = Fate::Missed(Missed::Down);
        assert_eq!(of(&fates), None, "two of twelve");
        fates[9] = Fate::Refused { code: "RPA0203".into(), message: "full".into() };
        let cadence = of(&fates).unwrap();
        assert_eq!((cadence.overlapped, cadence.missed, cadence.refused), (1, 1, 1));
        assert_eq!(of(&vec![skipped(); 3]), None, "too few to tell");
        assert_eq!(of(&vec![skipped(); 4]).unwrap().effective_ms(), None);
    }

    #[test]
    fn runs_that_come_late_are_said_though_none_is_lost() {
        let fates = vec![fired(How::Late); 6];
        let cadence = of(&fates).unwrap();
        assert_eq!((cadence.late, cadence.fired, cadence.slots), (6, 6, 6));
        assert_eq!(cadence.effective_ms(), Some(5 * MINUTE));
    }
}
