//! The webhooks that are armed, by the paths at which they are heard.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rpa_engine::Label;
use rpa_engine::trigger::Webhook;
use rpa_ipc::{Fault, FaultCode, fault};

use super::key::Keys;
use super::rate::Bucket;
use super::signature::Rounds;
use crate::driver::{Rearmed, RearmedNews, now_ms};
use crate::secrets::SecretDir;
use crate::store::{Reader, Store, StoreError, TriggerKey, TriggerRow};
use crate::triggers::standing::Standings;

/// What a path of a webhook begins with; the namespace and its own path follow.
const BEFORE: &str = "/hooks/";
/// Before rows that could not be read are read again.
const PAUSE: Duration = Duration::from_millis(200);

/// A webhook that is armed.
#[derive(Debug)]
pub struct Hook {
    pub key: TriggerKey,
    /// Whose declaration this is.
    pub revision: u32,
    pub webhook: Webhook,
    /// Of the trigger, over all its revisions.
    pub bucket: Arc<Mutex<Bucket>>,
}

/// Which webhook is heard where. Cheap to ask; told of news by [`Hooks::follow`].
#[derive(Debug)]
pub struct Hooks {
    store: Arc<Store>,
    secrets: SecretDir,
    standings: Standings,
    table: Mutex<Table>,
}

/// All of them have the same hooks.
#[derive(Debug, Default)]
struct Table {
    by_path: BTreeMap<String, Arc<Hook>>,
    by_key: BTreeMap<TriggerKey, String>,
    /// By how many secrets they have: the last one is what each request costs.
    by_secrets: BTreeSet<(usize, String)>,
}

impl Table {
    fn hook(&self, key: &TriggerKey) -> Option<&Arc<Hook>> {
        self.by_path.get(self.by_key.get(key)?)
    }

    fn put(&mut self, path: String, hook: Hook) {
        self.by_key.insert(hook.key.clone(), path.clone());
        self.by_secrets.insert((hook.webhook.secrets.len(), path.clone()));
        self.by_path.insert(path, Arc::new(hook));
    }

    fn forget(&mut self, key: &TriggerKey) -> bool {
        let Some(path) = self.by_key.remove(key) else { return false };
        let Some(hook) = self.by_path.remove(&path) else { return false };
        self.by_secrets.remove(&(hook.webhook.secrets.len(), path))
    }

    fn costs(&self) -> Costs {
        let most = self.by_secrets.last().and_then(|(_, path)| self.by_path.get(path));
        Costs { most: most.cloned() }
    }
}

/// What a request costs, whomever it is for: as much as one for the webhook with most
/// secrets.
#[derive(Debug)]
pub struct Costs {
    most: Option<Arc<Hook>>,
}

impl Costs {
    /// Keys that it is compared with.
    pub fn rounds(&self) -> Rounds {
        Rounds::of(self.most.as_ref().map_or(0, |hook| hook.webhook.secrets.len()))
    }

    /// Whose secrets are read where a webhook has fewer.
    pub fn webhook(&self) -> Option<&Webhook> {
        self.most.as_ref().map(|hook| &hook.webhook)
    }
}

impl Hooks {
    /// Knows none of them yet.
    pub fn new(store: Arc<Store>, secrets: SecretDir, standings: Standings) -> Hooks {
        Hooks { store, secrets, standings, table: Mutex::default() }
    }

    /// Who is heard at a path, as it stands in a request.
    pub fn at(&self, path: &str) -> Option<Arc<Hook>> {
        self.table().by_path.get(path).cloned()
    }

    /// What a request costs now.
    pub fn costs(&self) -> Costs {
        self.table().costs()
    }

    /// Reads all of them: before it is served, so that a path which is there is known.
    pub fn load(&self) -> Result<(), StoreError> {
        let reader = self.store.read()?;
        let mut found = Table::default();
        for (key, row) in reader.triggers()? {
            let Some((path, hook)) = self.armed(&reader, &key, &row)? else { continue };
            match found.by_path.get(&path) {
                // whoever becomes live later is refused; this one came from elsewhere
                Some(first) => {
                    let fault = taken(&first.key, &path);
                    self.standings.fails(&key, fault, now_ms(), None);
                }
                None => {
                    self.tell(&hook);
                    found.put(path, hook);
                }
            }
        }
        *self.table() = found;
        Ok(())
    }

    /// Follows what the driver says of triggers, until it has ended.
    pub async fn follow(self: Arc<Self>, mut news: RearmedNews) {
        while let Some(told) = news.next().await {
            let told: Arc<BTreeSet<Rearmed>> = Arc::new(told.into_keys().collect());
            loop {
                let (hooks, told) = (self.clone(), told.clone());
                let read = tokio::task::spawn_blocking(move || hooks.renew(&told)).await;
                let Ok(Err(error)) = read else { break };
                // until it is read, whom a declaration does not believe any more is believed
                tracing::error!(%error, "webhooks could not be read: tried again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    fn renew(&self, news: &BTreeSet<Rearmed>) -> Result<(), StoreError> {
        let mut keys = BTreeMap::new();
        for told in news {
            let (key, is_switched) = match told {
                Rearmed::All => {
                    // the store was opened anew: what was told last may be lost
                    self.standings.tell_again();
                    return self.load();
                }
                Rearmed::One(key) => (key, false),
                Rearmed::Switched(key) => (key, true),
            };
            *keys.entry(key).or_insert(false) |= is_switched;
        }
        let reader = self.store.read()?;
        for (key, is_switched) in keys {
            let row = reader.trigger(key)?;
            let known = self.table().hook(key).map(|hook| hook.revision);
            let armed = match &row {
                // each delivery tells of its trigger, and changes nothing here
                Some(row) if !is_switched && known.is_some() && known == row.armed => continue,
                Some(row) => self.armed(&reader, key, row)?,
                None => None,
            };
            let is_disarmed = row.as_ref().is_none_or(|row| row.armed.is_none());
            if armed.is_some() {
                // what people were told of the declaration before is over: they hear of this
                // one, though it fails with the same
                self.standings.begins_anew(key);
            } else if is_disarmed || known.is_some() {
                // those of other kinds that are armed say themselves how they stand
                self.standings.forget(key);
            }
            let mut table = self.table();
            let gave_up = table.forget(key);
            match armed {
                Some((path, hook)) if !table.by_path.contains_key(&path) && !gave_up => {
                    self.tell(&hook);
                    table.put(path, hook);
                }
                None if !gave_up => {}
                // one that goes, or moves, may leave its path to another
                Some(_) | None => {
                    drop(table);
                    return self.load();
                }
            }
        }
        Ok(())
    }

    /// Whether it has its secrets is said when it is armed, not when somebody sends.
    fn tell(&self, hook: &Hook) {
        Keys::of(&hook.webhook, &self.secrets).tell(&self.standings, &hook.key, now_ms());
    }

    /// The webhook of a trigger, if it is one and armed, with its path.
    fn armed(
        &self,
        reader: &Reader,
        key: &TriggerKey,
        row: &TriggerRow,
    ) -> Result<Option<(String, Hook)>, StoreError> {
        let Some(revision) = row.armed else { return Ok(None) };
        let definition = reader.definition(key.namespace, &key.workflow, revision)?;
        let declared = definition.triggers.iter().find(|trigger| trigger.id == key.trigger);
        let Some(webhook) = declared.and_then(|trigger| trigger.source.webhook()) else {
            return Ok(None);
        };
        let path = path(&definition.name.namespace, &webhook.path);
        let bucket = self.table().hook(key).map(|hook| hook.bucket.clone()).unwrap_or_default();
        let webhook = webhook.clone();
        Ok(Some((path, Hook { key: key.clone(), revision, webhook, bucket })))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // the table is whole whatever a panicking holder was doing
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn path(namespace: &Label, path: &str) -> String {
    format!("{BEFORE}{namespace}/{path}")
}

fn taken(by: &TriggerKey, path: &str) -> Fault {
    let (workflow, trigger) = (&by.workflow, by.trigger.as_str());
    fault!(
        FaultCode::PathTaken,
        "webhook-path-lost",
        path = path,
        workflow = workflow,
        trigger = trigger
    )
}
