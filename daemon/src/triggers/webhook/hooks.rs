//! The webhooks that are armed, by the paths at which they are heard.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rpa_engine::Label;
use rpa_engine::trigger::Webhook;
use rpa_ipc::fault::Said;
use rpa_ipc::said;
use tokio::sync::mpsc;

use super::rate::Bucket;
use crate::driver::Rearmed;
use crate::store::{Reader, Store, StoreError, TriggerKey, TriggerRow};
use crate::triggers::standing::Standings;

/// What a path of a webhook begins with; the namespace and its own path follow.
const BEFORE: &str = "/hooks/";
/// News that are read together.
const AT_ONCE: usize = 256;

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
#[derive(Debug, Default)]
pub struct Hooks {
    by_path: Mutex<BTreeMap<String, Arc<Hook>>>,
}

impl Hooks {
    /// Who is heard at a path, as it stands in a request.
    pub fn at(&self, path: &str) -> Option<Arc<Hook>> {
        self.table().get(path).cloned()
    }

    /// Reads all of them: before it is served, so that a path which is there is known.
    pub fn load(&self, store: &Store, standings: &Standings) -> Result<(), StoreError> {
        let reader = store.read()?;
        let mut found = BTreeMap::new();
        for (key, row) in reader.triggers()? {
            let Some((path, hook)) = self.armed(&reader, &key, &row)? else { continue };
            // whoever becomes live later is refused; this one came from elsewhere
            if let Some(first) = found.get(&path) {
                let first: &Arc<Hook> = first;
                standings.failed(&key, taken(&first.key, &path));
                continue;
            }
            standings.works(&key);
            found.insert(path, Arc::new(hook));
        }
        *self.table() = found;
        Ok(())
    }

    /// Follows what the driver says of triggers, until it has ended.
    pub async fn follow(
        self: Arc<Self>,
        store: Arc<Store>,
        standings: Arc<Standings>,
        mut news: mpsc::UnboundedReceiver<Rearmed>,
    ) {
        let mut told = Vec::new();
        while news.recv_many(&mut told, AT_ONCE).await > 0 {
            let news = std::mem::take(&mut told);
            let (hooks, store, standings) = (self.clone(), store.clone(), standings.clone());
            let read = tokio::task::spawn_blocking(move || hooks.renew(&store, &standings, &news));
            // whoever needs the store says what is wrong with it; what was armed is heard
            // until then, and the driver decides
            if let Ok(Err(error)) = read.await {
                tracing::warn!(%error, "webhooks are heard as they were before");
            }
        }
    }

    fn renew(
        &self,
        store: &Store,
        standings: &Standings,
        news: &[Rearmed],
    ) -> Result<(), StoreError> {
        let mut keys = BTreeSet::new();
        for told in news {
            match told {
                Rearmed::All => return self.load(store, standings),
                Rearmed::One(key) => keys.insert(key.clone()),
            };
        }
        let reader = store.read()?;
        for key in keys {
            let row = reader.trigger(&key)?;
            let armed = match &row {
                // each delivery tells of its trigger: most often nothing is new
                Some(row) if self.is_known(&key, row) => continue,
                Some(row) => self.armed(&reader, &key, row)?,
                None => None,
            };
            let had = self.forget(&key);
            let was_refused = armed.as_ref().is_some_and(|(path, _)| self.at(path).is_some());
            if (had && armed.is_none()) || was_refused {
                // another one may have waited for its path
                return self.load(store, standings);
            }
            if let Some((path, hook)) = armed {
                standings.works(&key);
                self.table().insert(path, Arc::new(hook));
            }
        }
        Ok(())
    }

    fn is_known(&self, key: &TriggerKey, row: &TriggerRow) -> bool {
        let table = self.table();
        let known = table.values().find(|hook| hook.key == *key);
        known.map(|hook| hook.revision) == row.armed && known.is_some()
    }

    fn forget(&self, key: &TriggerKey) -> bool {
        let mut table = self.table();
        let before = table.len();
        table.retain(|_, hook| hook.key != *key);
        table.len() < before
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
        let known = self.table().values().find(|hook| hook.key == *key).cloned();
        let bucket = known.map(|hook| hook.bucket.clone()).unwrap_or_default();
        let webhook = webhook.clone();
        Ok(Some((path, Hook { key: key.clone(), revision, webhook, bucket })))
    }

    fn table(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Hook>>> {
        // the table is whole whatever a panicking holder was doing
        self.by_path.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn path(namespace: &Label, path: &str) -> String {
    format!("{BEFORE}{namespace}/{path}")
}

fn taken(by: &TriggerKey, path: &str) -> Said {
    let (workflow, trigger) = (&by.workflow, by.trigger.as_str());
    said!("webhook-path-lost", path = path, workflow = workflow, trigger = trigger)
}
