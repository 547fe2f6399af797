//! The one task that watches directories: which watch has its turn, who is told of what.
//!
//! A watch is at home or on its way: it looks (on a thread that may block), tells the
//! driver, and comes home with the moment at which it wants to look again. What happens
//! meanwhile waits for it. One that waits for the driver keeps no other from its turn.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rpa_engine::WorkflowRef;
use rpa_engine::trigger::FileWatch;
use rpa_ipc::fault::quoted;
use rpa_ipc::{Fault, FaultCode, said};
use tokio::sync::Semaphore;
use tokio::task::{Id, JoinSet};

use super::kernel::{Kernel, Touched};
use super::tell::tell;
use super::watch::{Tools, Watch};
use crate::driver::{Inbox, Rearmed, RearmedNews, now_ms};
use crate::store::{Reader, Store, StoreError, TriggerKey, TriggerRow};
use crate::triggers::standing::Standings;

/// Watches that look at once: a disk does not give more to more of them.
const LOOKS: usize = 2;
/// A watch rests so long between two looks: a file that is written all the time is looked
/// at fifty times a second.
const REST: Duration = Duration::from_millis(20);
/// What could not be read from the store is read again after this time.
const AGAIN: Duration = Duration::from_secs(1);

/// Watches the directories of all triggers that are armed.
#[derive(Debug)]
pub struct Watcher {
    shared: Arc<Shared>,
    places: BTreeMap<TriggerKey, Place>,
    away: JoinSet<Box<Watch>>,
    /// Triggers whose rows are to be read; `None` for all.
    stale: BTreeSet<Option<TriggerKey>>,
}

#[derive(Debug)]
struct Shared {
    tools: Tools,
    inbox: Inbox,
    standings: Standings,
    looks: Semaphore,
}

/// Where a watch is at home.
#[derive(Debug)]
struct Place {
    /// At home, or else away as this task.
    watch: Option<Box<Watch>>,
    away: Option<Id>,
    touched: Touched,
    /// Not before.
    rests_until: Instant,
    /// What is in force now: the watch is made anew when it is of another revision, and is
    /// no more when there is nothing.
    wanted: Option<Wanted>,
}

#[derive(Clone, Debug)]
struct Wanted {
    revision: u32,
    workflow: WorkflowRef,
    declared: FileWatch,
}

impl Watcher {
    pub fn new(store: Arc<Store>, inbox: Inbox, standings: Standings) -> Watcher {
        let (since, stop) = (Instant::now(), AtomicBool::new(false));
        let tools = Tools { store, kernel: Kernel::new(), stop, since };
        let shared = Shared { tools, inbox, standings, looks: Semaphore::new(LOOKS) };
        Watcher {
            shared: Arc::new(shared),
            places: BTreeMap::new(),
            away: JoinSet::new(),
            stale: BTreeSet::from([None]),
        }
    }

    /// Runs until the driver has ended.
    pub async fn run(mut self, mut rearmed: RearmedNews) {
        let shared = self.shared.clone();
        loop {
            self.read();
            self.send();
            let sleep = tokio::time::sleep_until(self.wakes().into());
            tokio::select! {
                news = rearmed.next() => {
                    let Some(news) = news else { break };
                    news.into_keys().for_each(|told| self.rearm(told));
                }
                Some(home) = self.away.join_next_with_id() => match home {
                    Ok((_, watch)) => self.come_home(watch),
                    Err(broken) => self.lose(broken.id(), &broken.to_string()),
                },
                touched = next_of(&shared.tools) => {
                    for (key, touched) in touched {
                        if let Some(place) = self.places.get_mut(&key) {
                            place.touched.add(touched);
                        }
                    }
                }
                () = sleep => {}
            }
        }
        shared.tools.stop.store(true, Ordering::Relaxed);
    }

    fn rearm(&mut self, news: Rearmed) {
        self.stale.insert(match news {
            Rearmed::One(key) => Some(key),
            Rearmed::Switched(key) => {
                // others say of theirs how they stand
                if self.places.contains_key(&key) {
                    self.shared.standings.begins_anew(&key);
                }
                Some(key)
            }
            Rearmed::All => None,
        });
    }

    /// Reads what is armed now. What cannot be read is read again.
    fn read(&mut self) {
        if self.stale.is_empty() {
            return;
        }
        let (stale, known) = (&self.stale, &self.places);
        let read = |reader: Reader| -> Result<Vec<(TriggerKey, Option<Wanted>)>, StoreError> {
            let mut found = Vec::new();
            if stale.contains(&None) {
                for key in known.keys() {
                    found.push((key.clone(), None));
                }
                for (key, row) in reader.triggers()? {
                    let wanted = wanted(&reader, &key, Some(&row))?;
                    found.push((key, wanted));
                }
                return Ok(found);
            }
            for key in stale.iter().flatten() {
                let wanted = wanted(&reader, key, reader.trigger(key)?.as_ref())?;
                found.push((key.clone(), wanted));
            }
            Ok(found)
        };
        // whoever needs the store says what is wrong with it
        let Ok(found) = self.shared.tools.store.read().and_then(read) else { return };
        self.stale.clear();
        let found: BTreeMap<_, _> = found.into_iter().collect();
        for (key, wanted) in found {
            self.settle(key, wanted);
        }
    }

    /// From now on this is what a trigger declares, or nothing.
    fn settle(&mut self, key: TriggerKey, wanted: Option<Wanted>) {
        match (self.places.get_mut(&key), wanted) {
            (Some(place), wanted) => {
                place.wanted = wanted;
                self.renew(&key);
            }
            (None, Some(wanted)) => self.make(key, wanted),
            (None, None) => {}
        }
    }

    fn make(&mut self, key: TriggerKey, wanted: Wanted) {
        let Wanted { revision, workflow, declared } = wanted.clone();
        let Some(watch) = Watch::new(key.clone(), workflow.clone(), revision, declared) else {
            let trigger = &key.trigger;
            tracing::error!(%workflow, %trigger, "its patterns cannot be read");
            return;
        };
        let place = Place {
            watch: Some(Box::new(watch)),
            away: None,
            touched: Touched::default(),
            rests_until: Instant::now(),
            wanted: Some(wanted),
        };
        self.places.insert(key, place);
    }

    /// A watch that is at home becomes what is wanted now.
    fn renew(&mut self, key: &TriggerKey) {
        let Some(place) = self.places.get(key) else { return };
        let Some(watch) = &place.watch else { return };
        let wanted = place.wanted.clone();
        if wanted.as_ref().is_some_and(|wanted| wanted.revision == watch.revision) {
            return;
        }
        self.places.remove(key);
        if let Ok(kernel) = &self.shared.tools.kernel {
            kernel.keep(key, &BTreeSet::new());
        }
        self.shared.standings.forget(key);
        if let Some(wanted) = wanted {
            self.make(key.clone(), wanted);
        }
    }

    /// Sends out those whose time has come.
    fn send(&mut self) {
        let now = Instant::now();
        for place in self.places.values_mut() {
            if place.due(&self.shared.tools).is_none_or(|due| due > now) {
                continue;
            }
            let Some(watch) = place.watch.take() else { continue };
            let touched = std::mem::take(&mut place.touched);
            let shared = self.shared.clone();
            let task = self.away.spawn(async move { round(&shared, watch, touched).await });
            place.away = Some(task.id());
        }
    }

    fn wakes(&self) -> Instant {
        let tools = &self.shared.tools;
        let next = self.places.values().filter_map(|place| place.due(tools)).min();
        let again = Instant::now() + AGAIN;
        match (next, self.stale.is_empty()) {
            (Some(next), true) => next,
            (None, true) => Instant::now() + Duration::from_secs(3600),
            (next, false) => next.map_or(again, |next| next.min(again)),
        }
    }

    fn come_home(&mut self, watch: Box<Watch>) {
        let key = watch.key.clone();
        let Some(place) = self.places.get_mut(&key) else { return };
        (place.watch, place.away) = (Some(watch), None);
        place.rests_until = Instant::now() + REST;
        self.renew(&key);
    }

    /// A watch broke: it is made anew from its rows.
    fn lose(&mut self, id: Id, why: &str) {
        let lost = self.places.iter().find(|(_, place)| place.away == Some(id));
        let Some(key) = lost.map(|(key, _)| key.clone()) else { return };
        let (workflow, trigger) = (&key.workflow, &key.trigger);
        tracing::error!(%workflow, %trigger, "the watch of its directory broke: {why}");
        self.places.remove(&key);
        self.stale.insert(Some(key));
    }
}

impl Place {
    /// When it is to look; never while it is away.
    fn due(&self, tools: &Tools) -> Option<Instant> {
        let watch = self.watch.as_ref()?;
        let due = tools.since + Duration::from_millis(watch.due_ms);
        let due =
            if self.touched.is_empty() || watch.has_failed() { due } else { self.rests_until };
        Some(due.max(self.rests_until))
    }
}

/// One look, and all that comes of it.
async fn round(shared: &Arc<Shared>, watch: Box<Watch>, touched: Touched) -> Box<Watch> {
    let Ok(permit) = shared.looks.acquire().await else { return watch };
    let own = shared.clone();
    let looked = tokio::task::spawn_blocking(move || {
        let mut watch = watch;
        let found = watch.look(&own.tools, touched);
        (watch, found)
    });
    let (mut watch, found) = match looked.await {
        Ok(looked) => looked,
        Err(broken) => std::panic::resume_unwind(Box::new(broken.to_string())),
    };
    drop(permit);
    let (complaint, failed) = match found {
        Ok(mut news) => {
            for name in std::mem::take(&mut news.odd) {
                let why = said!("watch-odd-name", name = quoted(&name));
                shared.standings.rejects(&watch.key, why, now_ms());
            }
            let complaint = news.complaint.take();
            let begins = news.watched.is_some();
            let told = tell(&shared.inbox, &watch.key, &watch.declared, news).await;
            watch.moved(told.moved);
            let failed = told.failed.is_some();
            if begins && !failed {
                let (workflow, trigger) = (&watch.workflow, &watch.key.trigger);
                let directory = &watch.declared.directory;
                tracing::info!(%workflow, %trigger, directory, files = watch.files(), "watching");
            }
            (told.failed.or(complaint), failed)
        }
        Err(fault) => (Some(fault), true),
    };
    watch.rest(&shared.tools, failed);
    say(shared, &watch, complaint);
    watch
}

/// How the trigger stands.
fn say(shared: &Shared, watch: &Watch, complaint: Option<Fault>) {
    // who has disarmed it knows, and a daemon that ends is no fault of a directory
    let is_news =
        |fault: &Fault| !matches!(fault.code, FaultCode::TriggerNotArmed | FaultCode::Draining);
    let Some(fault) = complaint.filter(is_news) else {
        // a look at a few files does not mend what one at everything found
        if !watch.is_hindered() {
            shared.standings.works(&watch.key);
        }
        return;
    };
    let was_well = shared.standings.of(&watch.key).failing.is_none();
    if was_well {
        let (workflow, trigger, code) = (&watch.workflow, &watch.key.trigger, fault.code);
        tracing::warn!(%workflow, %trigger, %code, "{}", fault.message);
    }
    let now = now_ms();
    let next_ms = now + watch.due_ms.saturating_sub(shared.tools.now_ms());
    shared.standings.fails(&watch.key, fault, now, Some(next_ms));
}

/// Where the kernel says that something has happened.
async fn next_of(tools: &Tools) -> BTreeMap<TriggerKey, Touched> {
    let Ok(kernel) = &tools.kernel else { return std::future::pending().await };
    match kernel.next().await {
        Ok(touched) => touched,
        Err(error) => {
            // what it did not tell is found by the sweep
            tracing::error!("inotify: {error}");
            tokio::time::sleep(AGAIN).await;
            BTreeMap::new()
        }
    }
}

/// What a trigger watches while it is armed.
fn wanted(
    reader: &Reader,
    key: &TriggerKey,
    row: Option<&TriggerRow>,
) -> Result<Option<Wanted>, StoreError> {
    let armed = row.filter(|row| row.state.deliveries().is_some()).and_then(|row| row.armed);
    let Some(revision) = armed else { return Ok(None) };
    let definition = reader.definition(key.namespace, &key.workflow, revision)?;
    let trigger = definition.triggers.iter().find(|trigger| trigger.id == key.trigger);
    let declared = trigger.and_then(|trigger| trigger.source.file_watch());
    let workflow = definition.name.clone();
    Ok(declared.map(|declared| Wanted { revision, workflow, declared: declared.clone() }))
}
