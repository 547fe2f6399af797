//! Tells the driver which sources of triggers have begun to fail, and which work again.

use std::collections::BTreeSet;
use std::time::Duration;

use rpa_ipc::FaultCode;

use super::standing::Turned;
use crate::driver::{Inbox, Message};
use crate::gathered::Hearer;
use crate::store::{Store, StoreError, TriggerKey};

/// Before a driver that could not write what it was told is told again.
const PAUSE: Duration = Duration::from_millis(500);

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
    pub async fn tell(mut self, mut news: Hearer<TriggerKey, Turned>) {
        while let Some(all) = news.next().await {
            for (key, fault) in all {
                let is_news = match &fault {
                    Some(_) => {
                        self.failing.insert(key.clone());
                        true
                    }
                    None => self.failing.remove(&key),
                };
                let failing = fault.map(|fault| (fault.code.to_string(), fault.message));
                if is_news && !self.write(key, failing).await {
                    return;
                }
            }
        }
    }

    /// Until it is durable; `false` when the daemon ends.
    async fn write(&self, trigger: TriggerKey, failing: Option<(String, String)>) -> bool {
        loop {
            let (trigger, failing) = (trigger.clone(), failing.clone());
            match self.inbox.ask(Message::Source { trigger, failing }).await {
                Ok(_) => return true,
                Err(fault) if fault.code == FaultCode::Draining => return false,
                // what comes meanwhile is gathered
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}
