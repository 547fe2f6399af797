//! The clock of schedules: which slots have come, told to the driver in order.
//!
//! It sleeps until the first of them is due, on the clock that nobody sets, but for [`SWEEP`]
//! at most: a wall clock that was set, or a machine that slept, is noticed by the next sweep.
//! A sweep that finds nothing due reads nothing. What it tells twice the driver takes once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use rpa_config::calendar::Calendars;
use rpa_config::schedule::Plan;

use super::agenda::{Agenda, Planned};
use super::cadence::Watch;
use crate::driver::{Inbox, Message, Rearmed, RearmedNews, now_ms};
use crate::store::{Reader, Store, StoreError, TriggerKey, TriggerRow};

/// Longest sleep.
const SWEEP: Duration = Duration::from_secs(1);
/// Rows after which others have their turn.
const READ_AT_ONCE: usize = 32;

/// Tells the driver what has come.
pub struct Clock {
    store: Arc<Store>,
    calendars: Arc<Calendars>,
    inbox: Inbox,
    agenda: Agenda,
    watch: Watch,
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clock").field("armed", &self.agenda.len()).finish_non_exhaustive()
    }
}

impl Clock {
    pub fn new(store: Arc<Store>, calendars: Arc<Calendars>, inbox: Inbox) -> Clock {
        Clock { store, calendars, inbox, agenda: Agenda::default(), watch: Watch::default() }
    }

    /// Runs until the driver has ended.
    pub async fn run(mut self, mut rearmed: RearmedNews) {
        let mut stale = BTreeSet::from([None]);
        let mut seen_ms = now_ms();
        loop {
            // what is due later by a clock that was set back may be due now
            let before_ms = std::mem::replace(&mut seen_ms, now_ms());
            if seen_ms < before_ms {
                stale.insert(None);
            }
            self.read(&mut stale).await;
            self.tell().await;
            self.watch().await;
            let wait = match self.agenda.next_ms() {
                Some(due_ms) => Duration::from_millis(due_ms.saturating_sub(now_ms())),
                None => SWEEP,
            };
            let news = match tokio::time::timeout(wait.min(SWEEP), rearmed.next()).await {
                Ok(None) => return,
                Ok(Some(news)) => news,
                Err(_) => continue,
            };
            for told in news.into_keys() {
                stale.insert(match told {
                    Rearmed::One(key) | Rearmed::Switched(key) => {
                        self.watch.stir(key.clone());
                        Some(key)
                    }
                    Rearmed::All => None,
                });
            }
        }
    }

    /// Reads the rows of these triggers, of all for `None`. What cannot be read now is read
    /// at the next look.
    async fn read(&mut self, stale: &mut BTreeSet<Option<TriggerKey>>) {
        if stale.is_empty() {
            return;
        }
        let read = |reader: &Reader| -> Result<Vec<(TriggerKey, Option<TriggerRow>)>, StoreError> {
            if stale.contains(&None) {
                let all = reader.triggers()?;
                return Ok(all.into_iter().map(|(key, row)| (key, Some(row))).collect());
            }
            let keys = stale.iter().flatten();
            keys.map(|key| Ok((key.clone(), reader.trigger(key)?))).collect()
        };
        // whoever needs the store says what is wrong with it
        let Ok(reader) = self.store.read() else { return };
        let Ok(rows) = read(&reader) else { return };
        if stale.contains(&None) {
            self.agenda.clear();
        }
        for (index, (key, row)) in rows.into_iter().enumerate() {
            let planned =
                |key: &TriggerKey, revision| planned(&reader, &self.calendars, key, revision);
            self.agenda.arm(key, row.as_ref(), now_ms(), planned);
            // thousands of plans take a while, and others use this thread
            if index % READ_AT_ONCE == READ_AT_ONCE - 1 {
                tokio::task::yield_now().await;
            }
        }
        stale.clear();
    }

    /// Looks whether those of which something was decided fire as they are written.
    async fn watch(&mut self) {
        let due = self.watch.due();
        if due.is_empty() {
            return;
        }
        let Ok(reader) = self.store.read() else { return };
        for (index, key) in due.iter().enumerate() {
            // whoever needs the store says what is wrong with it
            if self.watch.look(&reader, key).is_err() {
                return;
            }
            if index % READ_AT_ONCE == READ_AT_ONCE - 1 {
                tokio::task::yield_now().await;
            }
        }
    }

    async fn tell(&mut self) {
        let now_ms = now_ms();
        while let Some(slots) = self.agenda.come(now_ms) {
            // nobody waits for the answer: the row says what has become of it
            self.inbox.tell(Message::Slots(Box::new(slots))).await;
        }
    }
}

/// What a revision declares, if it names moments here.
fn planned(
    reader: &Reader,
    calendars: &Calendars,
    key: &TriggerKey,
    revision: u32,
) -> Option<Planned> {
    let definition = reader.definition(key.namespace, &key.workflow, revision).ok()?;
    let trigger = definition.triggers.iter().find(|trigger| trigger.id == key.trigger)?;
    let schedule = trigger.source.schedule()?;
    match Plan::new(schedule, &key.seed(), calendars) {
        Ok(plan) => Some(Planned { plan, catch_up: schedule.catch_up }),
        Err(error) => {
            let (workflow, trigger) = (&key.workflow, &key.trigger);
            tracing::error!(%workflow, %trigger, "the schedule names no moments: {error}");
            None
        }
    }
}
