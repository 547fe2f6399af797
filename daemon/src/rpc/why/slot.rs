//! Why one slot of a trigger has the fate that it has, and what would give it another.
//!
//! The fate is the ledger's, the moments are the plan's: a moment that is in neither is no
//! slot, and those beside it are named.

use rpa_engine::trigger::{Fate, How, Missed, Passed, Schedule, Skipped, WaitsFor};
use rpa_ipc::fault::{Arg, Said};
use rpa_ipc::said;
use rpa_ipc::service::Reply;
use rpa_ipc::why::{Telling, WhySlot, WhySlotQuery};

use super::facts::at;
use crate::rpc::triggers::{Found, find, passed, slot_view, view};
use crate::rpc::{Office, views};
use crate::store::{Reader, SlotRow, StoreError, Wanted};

/// How far back the slot before a moment is looked for: a day, a month, ten years.
const BACK_MS: [u64; 3] = [86_400_000, 31 * 86_400_000, 3_660 * 86_400_000];
/// Slots that are looked through on the way from there.
const LOOKED_AT: usize = 100_000;

pub async fn why(office: &Office, query: WhySlotQuery) -> Reply<WhySlot> {
    let own = office.clone();
    views::read(office, move |reader| {
        Ok(match find(reader, &query.of)? {
            Ok(found) => Ok(answer(reader, &own, &found, query.at_ms)?),
            Err(fault) => Err(fault),
        })
    })
    .await?
}

fn answer(
    reader: &Reader,
    office: &Office,
    found: &Found,
    at_ms: u64,
) -> Result<WhySlot, StoreError> {
    let trigger = view(reader, office, found)?;
    let row = reader.slot(&found.key, at_ms)?;
    let schedule = found.schedule();
    let plan = found.plan(office).ok().flatten();
    let mut now = Vec::new();
    let (mut before_ms, mut after_ms) = (None, None);
    match (&row, &plan) {
        (Some(row), _) => now.extend(of_fate(row, schedule, found)),
        (None, None) => now.push(said!("why-slot-unknown", at = at(at_ms))),
        (None, Some(plan)) => {
            let slot = plan.after(at_ms.saturating_sub(1)).next();
            let taken_ms = found.row.state.schedule().map_or(0, |state| state.upto_ms);
            match slot.filter(|slot| slot.at_ms == at_ms) {
                Some(slot) if at_ms > taken_ms => {
                    now.push(match slot.passed {
                        Some(why) => said!("why-slot-will-pass", reason = passed(why)),
                        None => said!("why-slot-to-come", due = at(slot.due_ms)),
                    });
                    if let Some(why) = slot.passed {
                        now.push(mends_passed(why));
                    }
                    // it comes only to one that is armed
                    now.extend(trigger.why.clone());
                }
                Some(_) => {
                    let oldest = reader.slots_after(&found.key, 0, 1)?.pop();
                    match (found.row.wants(at_ms, None), oldest) {
                        (Wanted::Forgotten, Some((oldest_ms, _))) => {
                            now.push(said!("why-slot-before-ledger", oldest = at(oldest_ms)));
                            now.push(by_hand(found));
                        }
                        _ => now.extend([said!("why-slot-not-armed"), backfill(found)]),
                    }
                }
                None => {
                    after_ms = slot.map(|slot| slot.at_ms);
                    before_ms = before(plan, at_ms);
                    now.push(said!("why-slot-none", at = at(at_ms)));
                    now.extend(neighbours(before_ms, after_ms));
                }
            }
        }
    }
    Ok(WhySlot {
        slot: row.map(|row| slot_view(at_ms, row)),
        trigger,
        at_ms,
        why: now.into_iter().map(|what| Telling::new(None, None, what)).collect(),
        before_ms,
        after_ms,
    })
}

/// The last slot before a moment, if one is within some years.
fn before(plan: &rpa_config::schedule::Plan, at_ms: u64) -> Option<u64> {
    BACK_MS.iter().find_map(|back_ms| {
        let from = plan.after(at_ms.saturating_sub(*back_ms));
        let slots = from.take(LOOKED_AT).take_while(|slot| slot.at_ms < at_ms);
        slots.last().map(|slot| slot.at_ms)
    })
}

fn neighbours(before_ms: Option<u64>, after_ms: Option<u64>) -> Option<Said> {
    match (before_ms, after_ms) {
        (Some(before), Some(after)) => {
            Some(said!("why-slot-neighbours", before = at(before), after = at(after)))
        }
        (Some(before), None) => Some(said!("why-slot-neighbour-before", before = at(before))),
        (None, Some(after)) => Some(said!("why-slot-neighbour-after", after = at(after))),
        (None, None) => None,
    }
}

/// The fate in a sentence, and what would change it.
fn of_fate(row: &SlotRow, schedule: Option<&Schedule>, found: &Found) -> Vec<Said> {
    let decided = at(row.decided_ms);
    let seconds = |by_ms: u64| Arg::Count(by_ms / 1000);
    let reason = || slot_view(0, row.clone()).reason.unwrap_or_else(|| said!("why-slot-not-armed"));
    let overlap = || schedule.map(|schedule| schedule.overlap.word()).unwrap_or_default();
    match &row.fate {
        Fate::Fired { run, how, by_ms } => {
            let run = run.short();
            let what = match how {
                How::InTime => said!("why-slot-fired", run = run, at = decided),
                How::Late => {
                    said!("why-slot-late", run = run, at = decided, seconds = seconds(*by_ms))
                }
                How::CaughtUp => said!("why-slot-caught-up", run = run, at = decided),
                How::Backfilled => said!("why-slot-backfilled", run = run, at = decided),
                How::ByHand => said!("why-slot-by-hand", run = run, at = decided),
            };
            vec![what, said!("why-slot-see-run", run = run)]
        }
        Fate::Waiting { why, .. } => {
            let what = said!("why-slot-waits", at = decided, reason = reason());
            match why {
                WaitsFor::Run => vec![what, said!("why-slot-mend-overlap", rule = overlap())],
                WaitsFor::Time | WaitsFor::CatchUp => vec![what],
            }
        }
        Fate::PassedOver(why) => {
            vec![said!("why-slot-passed", at = decided, reason = reason()), mends_passed(*why)]
        }
        Fate::Skipped(why) => {
            let mends = match why {
                Skipped::Overlap { .. } | Skipped::Superseded | Skipped::QueueFull => {
                    said!("why-slot-mend-overlap", rule = overlap())
                }
                Skipped::Paused => said!("why-slot-mend-pause"),
                Skipped::Condition => said!("why-slot-mend-condition"),
                Skipped::Disarmed => said!("why-slot-mend-disarmed"),
            };
            let what = said!("why-slot-skipped", at = decided, reason = reason());
            vec![what, mends, backfill(found)]
        }
        Fate::Refused { code, .. } => {
            let what = said!("why-slot-refused", at = decided, reason = reason());
            vec![what, said!("why-slot-mend-refusal", code = code), backfill(found)]
        }
        Fate::Missed(why) => {
            let what = said!("why-slot-missed", at = decided, reason = reason());
            let mends = schedule.map(|schedule| {
                said!("why-slot-mend-catch-up", policy = schedule.catch_up.policy.word())
            });
            let mends = mends.filter(|_| match why {
                Missed::Down | Missed::Clock => true,
                // whether the other daemon has fired it only a person can find out
                Missed::Restore => false,
            });
            [what].into_iter().chain(mends).chain([backfill(found)]).collect()
        }
    }
}

fn mends_passed(why: Passed) -> Said {
    match why {
        Passed::Gap => said!("why-slot-mend-gap"),
        Passed::Fold => said!("why-slot-mend-fold"),
        Passed::Calendar => said!("why-slot-mend-calendar"),
        Passed::Merged => said!("why-slot-mend-merged"),
    }
}

fn by_hand(found: &Found) -> Said {
    let (workflow, trigger) = (&found.workflow, found.key.trigger.as_str());
    said!("why-slot-forgotten", workflow = workflow, trigger = trigger)
}

fn backfill(found: &Found) -> Said {
    let (workflow, trigger) = (&found.workflow, found.key.trigger.as_str());
    said!("why-slot-backfill", workflow = workflow, trigger = trigger)
}
