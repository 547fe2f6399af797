//! Tells the driver which sources of triggers have begun to fail, and which work again.

use std::collections::BTreeSet;

use tokio::sync::mpsc;

use super::standing::Turned;
use crate::driver::{Inbox, Message};
use crate::store::{Store, StoreError, TriggerKey};

/// Sources of which people are told that they fail: of the others it is no news that they
/// work.
#[derive(Debug)]
pub struct Teller {
    failing: BTreeSet<TriggerKey>,
    inbox: Inbox,
}

impl Teller {
    /// Those of which an earlier life of the daemon has told.
    pub fn new(store: &Store, inbox: Inbox) -> Result<Teller, StoreError> {
        let failing = store.read()?.told_as_failing()?;
        Ok(Teller { failing, inbox })
    }

    /// Until the daemon ends.
    pub async fn tell(mut self, mut news: mpsc::UnboundedReceiver<Turned>) {
        while let Some(Turned { key, fault }) = news.recv().await {
            let is_news = match &fault {
                Some(_) => {
                    self.failing.insert(key.clone());
                    true
                }
                None => self.failing.remove(&key),
            };
            if is_news {
                let failing = fault.map(|fault| (fault.code.to_string(), fault.message));
                self.inbox.tell(Message::Source { trigger: key, failing }).await;
            }
        }
    }
}
