//! What fires next, over all triggers that are armed.
//!
//! Each has an equal share of the answer, so that one that fires each second leaves room for
//! those that fire each day. Where its slots are folded, those of one hour, say, are counted
//! and shown as one: the whole time that is asked for fits then.

use std::collections::BTreeMap;

use rpa_config::schedule::Plan;
use rpa_engine::trigger::Slot;
use rpa_ipc::service::Reply;
use rpa_ipc::triggers::{ComingSlot, Folded, LeftOut, MOST_SLOTS, Stretches, UpcomingQuery};

use super::found::{Found, all};
use super::slots::coming;
use crate::driver::now_ms;
use crate::rpc::{Office, views};
use crate::store::{Reader, StoreError};

/// Slots of each trigger among those that come next, if it has as many.
const LEAST_SHOWN: usize = 3;
/// Slots that a look at what comes next passes over before it gives up.
pub(super) const LOOKED_AT: usize = 10_000;
/// The same where they are counted only.
const COUNTED: usize = 40_000;
/// Slots of one stretch that are counted at least.
const LEAST_COUNTED: usize = 10;
/// The shortest stretch: to look for where each begins has its price.
const SHORTEST_MS: u64 = 60_000;

/// A slot, and those that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    slot: Slot,
    folded: Option<Folded>,
}

impl Shown {
    fn alone(slot: Slot) -> Shown {
        Shown { slot, folded: None }
    }

    fn count(&self) -> u64 {
        self.folded.map_or(1, |folded| folded.count)
    }
}

pub async fn upcoming(office: &Office, query: UpcomingQuery) -> Reply<Vec<ComingSlot>> {
    let from_ms = now_ms();
    let own = office.clone();
    views::read(office, move |reader| next_of_all(reader, &own, &query, from_ms)).await
}

fn next_of_all(
    reader: &Reader,
    office: &Office,
    query: &UpcomingQuery,
    from_ms: u64,
) -> Result<Vec<ComingSlot>, StoreError> {
    let most = query.limit.clamp(1, MOST_SLOTS) as usize;
    let firing: Vec<Found> = all(reader, &query.namespace)?.into_iter().filter(is_firing).collect();
    let share = (most / firing.len().max(1)).max(LEAST_SHOWN);
    let each_looked_at = LOOKED_AT / firing.len().max(1) + share;
    let each_counted = COUNTED / firing.len().max(1);
    let mut next = Vec::new();
    let mut all_of = BTreeMap::new();
    for found in &firing {
        let Ok(Some(plan)) = found.plan(office) else { continue };
        let name = (found.workflow.to_string(), found.key.trigger.to_string());
        let Some(state) = found.row.state.schedule() else { continue };
        let waiting = state.pending.iter().map(|pending| pending.slot);
        let waiting = waiting.filter(|slot| slot.due_ms < query.until_ms).map(Shown::alone);
        let (after_ms, until_ms) = (state.upto_ms.max(from_ms), query.until_ms);
        let (fires, counted_ms) = match query.fold {
            Some(fold) => folded(&plan, after_ms, until_ms, fold, each_counted),
            None => one_by_one(&plan, after_ms, until_ms, each_looked_at),
        };
        let fires: Vec<Shown> = waiting.chain(fires).collect();
        next.extend(
            fires
                .iter()
                .take(share)
                .map(|shown| ComingSlot { folded: shown.folded, ..coming(&name, shown.slot) }),
        );
        let count = fires.iter().map(Shown::count).sum();
        all_of.insert(name, LeftOut { count, until_ms: counted_ms });
    }
    next.sort_by_key(|slot| (slot.due_ms, slot.slot_ms));
    next.truncate(most);
    // the last one that is shown says how many are not
    for slot in &next {
        if let Some(left) = all_of.get_mut(&(slot.workflow.clone(), slot.trigger.clone())) {
            let count = slot.folded.map_or(1, |folded| folded.count);
            left.count = left.count.saturating_sub(count);
        }
    }
    for slot in next.iter_mut().rev() {
        let left = all_of.remove(&(slot.workflow.clone(), slot.trigger.clone()));
        slot.more = left.filter(|left| left.count > 0);
    }
    Ok(next)
}

/// So many slots at most, and up to when there are no others.
fn one_by_one(plan: &Plan, after_ms: u64, until_ms: u64, most: usize) -> (Vec<Shown>, u64) {
    let to_come = plan.after(after_ms).take(LOOKED_AT);
    let to_come = to_come.take_while(|slot| slot.at_ms < until_ms);
    let fires = to_come.filter(|slot| slot.passed.is_none()).take(most);
    let fires: Vec<Slot> = fires.filter(|slot| slot.due_ms < until_ms).collect();
    let counted_ms = match (fires.len() < most, fires.last()) {
        (false, Some(last)) => last.due_ms,
        _ => until_ms,
    };
    (fires.into_iter().map(Shown::alone).collect(), counted_ms)
}

/// One for each stretch in which there are some. Of each as many are counted as leave as
/// many for the others: then the next stretch is looked at.
fn folded(
    plan: &Plan,
    after_ms: u64,
    until_ms: u64,
    fold: Stretches,
    most: usize,
) -> (Vec<Shown>, u64) {
    let fold = Stretches { length_ms: fold.length_ms.max(SHORTEST_MS), ..fold };
    let stretches = until_ms.saturating_sub(after_ms) / fold.length_ms + 2;
    let stretches = usize::try_from(stretches).unwrap_or(most);
    let each = (most / stretches.max(1)).max(LEAST_COUNTED);
    let mut all: Vec<Shown> = Vec::new();
    let (mut after_ms, mut looked_at) = (after_ms, 0);
    while looked_at < most {
        let mut stretch = Stretch { end_ms: 0, shown: None };
        let mut goes_on = false;
        for slot in plan.after(after_ms).take(LOOKED_AT) {
            looked_at += 1;
            if slot.at_ms >= until_ms {
                break;
            }
            if stretch.end_ms == 0 {
                stretch.end_ms = fold.end_ms(slot.at_ms);
            }
            if slot.at_ms >= stretch.end_ms || stretch.is_full(each) {
                goes_on = true;
                break;
            }
            if slot.passed.is_none() && slot.due_ms < until_ms {
                stretch.add(slot);
            }
        }
        all.extend(stretch.shown);
        if !goes_on {
            return (all, until_ms);
        }
        after_ms = stretch.end_ms - 1;
    }
    (all, after_ms)
}

/// What there is within one stretch.
struct Stretch {
    end_ms: u64,
    shown: Option<Shown>,
}

impl Stretch {
    /// Whether no more are counted; it is asked where there is one more.
    fn is_full(&mut self, most: usize) -> bool {
        let Some(folded) = self.shown.as_mut().and_then(|shown| shown.folded.as_mut()) else {
            return false;
        };
        let full = folded.count >= most as u64;
        folded.at_least |= full;
        full
    }

    fn add(&mut self, slot: Slot) {
        let Some(shown) = &mut self.shown else {
            self.shown = Some(Shown::alone(slot));
            return;
        };
        let (count, last_due_ms) = (1, shown.slot.due_ms);
        let folded = shown.folded.get_or_insert(Folded { count, last_due_ms, at_least: false });
        folded.count += 1;
        folded.last_due_ms = folded.last_due_ms.max(slot.due_ms);
    }
}

fn is_firing(found: &Found) -> bool {
    found.row.armed.is_some() && found.row.state.paused().is_none() && !found.held
}

#[cfg(test)]
mod tests {
    use rpa_config::workflow::check;

    use super::*;

    const MINUTE: u64 = 60_000;
    const HOUR: u64 = 60 * MINUTE;
    /// 2026-11-20 00:10 UTC.
    const NOW: u64 = 1_795_133_400_000;

    fn plan(schedule: &str) -> Plan {
        let text = format!(
            "version: 1\nname: w\ntriggers:\n  - schedule: {schedule}\n\
             steps: [{{id: s, uses: noop}}]\n"
        );
        let checked = check(&text, "w.yaml", &"default".parse().unwrap());
        let workflow = checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems));
        let schedule = workflow.triggers[0].source.schedule().unwrap();
        Plan::new(schedule, "w", &rpa_config::calendar::Calendars::default()).unwrap()
    }

    fn counts(schedule: &str, hours: u64, most: usize) -> Vec<(u64, bool)> {
        let fold = Stretches::of(HOUR, 0);
        let (all, _) = folded(&plan(schedule), NOW, NOW + hours * HOUR, fold, most);
        let count = |shown: &Shown| (shown.count(), shown.folded.is_some_and(|f| f.at_least));
        all.iter().map(count).collect()
    }

    #[test]
    fn each_hour_has_its_place_however_often_it_fires() {
        let often = counts("{every: 20s}", 24, 40_000);
        // the rest of this hour, whole ones, and the beginning of the last
        assert_eq!(often.len(), 25);
        assert!(often[1..24].iter().all(|counted| *counted == (180, false)), "{often:?}");
        let each_second = counts("{every: 1s}", 24, 2_600);
        assert_eq!(each_second.len(), 25);
        assert!(each_second[..24].iter().all(|counted| *counted == (100, true)), "{each_second:?}");
        assert_eq!(counts("{cron: '30 * * * *'}", 3, 40_000), [(1, false); 3]);
        assert_eq!(counts("{cron: '0,30 12 * * *'}", 48, 40_000), [(2, false); 2]);
        assert_eq!(counts("{cron: '0 12 29 2 *'}", 48, 40_000), []);
    }

    #[test]
    fn what_is_folded_says_its_last() {
        let fold = Stretches::of(HOUR, 0);
        let (all, _) = folded(&plan("{cron: '*/15 * * * *'}"), NOW, NOW + HOUR, fold, 1_000);
        let at = |minutes: u64| NOW - 10 * MINUTE + minutes * MINUTE;
        let seen: Vec<_> = all.iter().map(|s| (s.slot.at_ms, s.folded)).collect();
        let of = |count, last| Some(Folded { count, last_due_ms: at(last), at_least: false });
        assert_eq!(seen, [(at(15), of(3, 45)), (at(60), None)]);
        // half an hour ahead of UTC
        let fold = Stretches::of(HOUR, 5 * 3_600 + 1_800);
        assert_eq!(fold.end_ms(at(15)), at(30));
        assert_eq!(fold.end_ms(at(30)), at(90));
    }
}
