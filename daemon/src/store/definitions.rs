//! What revisions mean, for readers: decoding a definition costs more than all other rows
//! that a submission reads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rpa_engine::{Label, Workflow};

use super::schema::NamespaceId;

/// Definitions that are kept; beyond that all are forgotten, and read again.
const MOST: usize = 256;

type Key = (NamespaceId, Label, u32);

/// Revisions that were asked for lately. Each never changes.
#[derive(Debug, Default)]
pub struct Definitions(Mutex<HashMap<Key, Arc<Workflow>>>);

impl Definitions {
    pub(super) fn get(
        &self,
        namespace: NamespaceId,
        name: &Label,
        revision: u32,
    ) -> Option<Arc<Workflow>> {
        self.known().get(&(namespace, name.clone(), revision)).cloned()
    }

    pub(super) fn keep(
        &self,
        namespace: NamespaceId,
        name: &Label,
        revision: u32,
        definition: Arc<Workflow>,
    ) {
        let mut known = self.known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert((namespace, name.clone(), revision), definition);
    }

    /// A store that is opened anew may be without the last of them.
    pub(super) fn forget(&self) {
        self.known().clear();
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Key, Arc<Workflow>>> {
        // entries are whole, whoever panicked
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
