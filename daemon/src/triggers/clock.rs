//! The clock of schedules: which slots have come, told to the driver in order.
//!
//! It knows of each armed schedule up to which instant its slots were taken, and when
//! something of it is due next. It sleeps until then, on the clock that nobody sets, but
//! for [`SWEEP`] at most: a wall clock that was set, or a machine that slept, is noticed
//! by the next sweep. What it tells twice the driver takes once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use rpa_config::calendar::Calendars;
use rpa_config::schedule::Plan;
use rpa_engine::trigger::Schedule;
use tokio::sync::mpsc;

use crate::driver::{Inbox, Message, Rearmed, Slots, now_ms};
use crate::store::{Store, StoreError, TriggerKey, TriggerRow};

/// Longest sleep.
const SWEEP: Duration = Duration::from_secs(1);
/// Rows after which others have their turn.
const READ_AT_ONCE: usize = 32;
/// Slots that are told at once.
const AT_ONCE: usize = 500;

/// The schedules that are armed.
pub struct Clock {
    store: Arc<Store>,
    calendars: Arc<Calendars>,
    inbox: Inbox,
    armed: BTreeMap<TriggerKey, Armed>,
    /// When each is to be looked at, the earliest first.
    due: BTreeSet<(u64, TriggerKey)>,
}

struct Armed {
    revision: u32,
    plan: Plan,
    upto_ms: u64,
    /// From here on another declaration is in force.
    end_ms: Option<u64>,
    due_ms: u64,
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clock").field("armed", &self.armed.len()).finish_non_exhaustive()
    }
}

impl Clock {
    pub fn new(store: Arc<Store>, calendars: Arc<Calendars>, inbox: Inbox) -> Clock {
        Clock { store, calendars, inbox, armed: BTreeMap::new(), due: BTreeSet::new() }
    }

    /// Runs until the driver has ended.
    pub async fn run(mut self, mut rearmed: mpsc::UnboundedReceiver<Rearmed>) {
        let mut stale = BTreeSet::from([None]);
        loop {
            self.read(&mut stale).await;
            self.tell().await;
            let wait = match self.due.first() {
                Some((due_ms, _)) => Duration::from_millis(due_ms.saturating_sub(now_ms())),
                None => SWEEP,
            };
            let news = tokio::time::timeout(wait.min(SWEEP), rearmed.recv()).await;
            let mut next = match news {
                Ok(None) => return,
                Ok(Some(news)) => Some(news),
                Err(_) => None,
            };
            while let Some(news) = next {
                stale.insert(match news {
                    Rearmed::One(key) => Some(key),
                    Rearmed::All => None,
                });
                next = rearmed.try_recv().ok();
            }
        }
    }

    /// Reads the rows of these triggers, of all for `None`. What cannot be read now is read
    /// at the next look.
    async fn read(&mut self, stale: &mut BTreeSet<Option<TriggerKey>>) {
        if stale.is_empty() {
            return;
        }
        let read = |clock: &Clock| -> Result<Vec<(TriggerKey, Option<TriggerRow>)>, StoreError> {
            let reader = clock.store.read()?;
            if stale.contains(&None) {
                let all = reader.triggers()?;
                return Ok(all.into_iter().map(|(key, row)| (key, Some(row))).collect());
            }
            let keys = stale.iter().flatten();
            keys.map(|key| Ok((key.clone(), reader.trigger(key)?))).collect()
        };
        // whoever needs the store says what is wrong with it
        let Ok(rows) = read(self) else { return };
        if stale.contains(&None) {
            self.armed.clear();
            self.due.clear();
        }
        for (index, (key, row)) in rows.into_iter().enumerate() {
            self.arm(key, row);
            // thousands of plans take a second, and others use this thread
            if index % READ_AT_ONCE == READ_AT_ONCE - 1 {
                tokio::task::yield_now().await;
            }
        }
        stale.clear();
    }

    fn arm(&mut self, key: TriggerKey, row: Option<TriggerRow>) {
        let before = self.armed.remove(&key);
        if let Some(before) = &before {
            self.due.remove(&(before.due_ms, key.clone()));
        }
        let Some(row) = row else { return };
        let Some(revision) = row.armed else { return };
        let same = before.filter(|before| before.revision == revision).map(|armed| armed.plan);
        let found = self.schedule(&key, revision);
        let Some(schedule) = found else { return };
        let plan = match same {
            Some(plan) => plan,
            None => match Plan::new(&schedule, &key.seed(), &self.calendars) {
                Ok(plan) => plan,
                Err(error) => {
                    let (workflow, trigger) = (&key.workflow, &key.trigger);
                    tracing::error!(%workflow, %trigger, "the schedule names no moments: {error}");
                    return;
                }
            },
        };
        let end_ms = row.next.map(|switch| switch.at_ms);
        let next_ms = plan.after(row.state.upto_ms).next().map(|slot| slot.at_ms);
        let waits_ms = row.state.next_look(&schedule);
        let due_ms = [next_ms, end_ms, waits_ms].into_iter().flatten().min();
        let Some(due_ms) = due_ms else { return };
        self.due.insert((due_ms, key.clone()));
        self.armed
            .insert(key, Armed { revision, plan, upto_ms: row.state.upto_ms, end_ms, due_ms });
    }

    fn schedule(&self, key: &TriggerKey, revision: u32) -> Option<Schedule> {
        let reader = self.store.read().ok()?;
        let definition = reader.definition(key.namespace, &key.workflow, revision).ok()?;
        let trigger = definition.triggers.iter().find(|trigger| trigger.id == key.trigger)?;
        trigger.source.schedule().cloned()
    }

    /// Tells the driver what has come. A schedule of which it takes nothing is told again
    /// at the next sweep.
    async fn tell(&mut self) {
        let now_ms = now_ms();
        let mut told = Vec::new();
        while let Some((_, key)) = self.due.first().filter(|(due_ms, _)| *due_ms <= now_ms) {
            let key = key.clone();
            self.due.pop_first();
            told.push(key);
        }
        for key in told {
            let Some(armed) = self.armed.get_mut(&key) else { continue };
            armed.due_ms = now_ms + SWEEP.as_millis() as u64;
            self.due.insert((armed.due_ms, key.clone()));
            let end_ms = armed.end_ms.map_or(now_ms, |end_ms| end_ms.min(now_ms));
            let slots = armed.plan.after(armed.upto_ms);
            let mut slots: Vec<_> =
                slots.take_while(|slot| slot.at_ms <= end_ms).take(AT_ONCE).collect();
            let upto_ms = match slots.len() {
                AT_ONCE => slots.last().map_or(end_ms, |last| last.at_ms),
                _ => end_ms,
            };
            slots.shrink_to_fit();
            let slots = Slots { trigger: key, revision: armed.revision, slots, upto_ms };
            // nobody waits for the answer: the row says what has become of it
            self.inbox.tell(Message::Slots(Box::new(slots))).await;
        }
    }
}
