//! Events that steps wait for, and those that somebody looks at.

use redb::{ReadTransaction, ReadableTable};
use rpa_engine::run::{Awaiting, Published};
use rpa_engine::{EventName, StepPath};

use super::run::Kept;
use super::{Audit, Kind};
use crate::store::codec::decode;
use crate::store::error::StoreError;
use crate::store::rows::{BackedUpRow, RestoredRow};
use crate::store::schema;

impl Audit {
    /// What the store says of itself.
    pub(super) fn meta(&mut self, txn: &ReadTransaction) -> Result<(), StoreError> {
        let meta = txn.open_table(schema::META)?;
        for name in ["epoch", "publications"] {
            let Some(bytes) = meta.get(name)? else { continue };
            match (name, bytes.value().try_into().map(u64::from_le_bytes)) {
                ("publications", Ok(number)) => self.publications = number,
                (_, Ok(_)) => {}
                (_, Err(_)) => {
                    let text = format!("{name} is not a number");
                    self.find(Kind::Unreadable, "meta", None, text);
                }
            }
        }
        let restored = meta.get("restored")?;
        let restored = restored.map(|row| decode::<RestoredRow>("restored", row.value()));
        let is_restored = restored.is_some();
        self.readable("meta", None, restored.transpose())?;
        if !is_restored && self.held.table.first()?.is_some() {
            let text = "runs are held, and it does not say that it was restored";
            self.find(Kind::Astray, "held", None, text);
        }
        let backed_up = meta.get("backed_up")?;
        let backed_up = backed_up.map(|row| decode::<BackedUpRow>("backup", row.value()));
        self.readable("meta", None, backed_up.transpose())?;
        Ok(())
    }

    /// Whether a step that waits for an event is told of it.
    pub(super) fn awaits(
        &mut self,
        kept: &Kept,
        path: &StepPath,
        name: &EventName,
    ) -> Result<bool, StoreError> {
        let key = (kept.head.namespace.0, name.as_str(), kept.id.0, path.as_str());
        let since = self.awaiting.table.get(key)?.map(|since| since.value());
        if since.is_some_and(|since| since > self.publications) {
            let text = format!("{path} waits for publications that are still to come");
            self.find(Kind::Astray, "awaiting", kept.id, text);
        }
        self.awaiting.has(key)
    }

    /// What a step looks at is there, and knows that it does.
    pub(super) fn offers(
        &mut self,
        kept: &Kept,
        path: &StepPath,
        name: &EventName,
        awaiting: &Awaiting,
    ) -> Result<(), StoreError> {
        let (run, id, ns) = (kept.id, kept.id.0, kept.head.namespace.0);
        for event in &awaiting.offered {
            let there = [
                ("event_offers", self.offers.has((id, path.as_str(), event.0))?),
                ("events_offered", self.offered.has((event.0, id, path.as_str()))?),
                ("events", self.events.table.get((ns, event.0))?.is_some()),
            ];
            for (table, _) in there.into_iter().filter(|(_, there)| !there) {
                let text = format!("the event {:032x} that {path} looks at is missing", event.0);
                self.find(Kind::Astray, table, run, text);
            }
        }
        let crowded = (ns, name.as_str(), id, path.as_str());
        if awaiting.is_crowded() && !self.crowded.has(crowded)? {
            let text = format!("{path} is offered as much as it may, and nobody knows");
            self.find(Kind::Astray, "crowded", run, text);
        }
        Ok(())
    }

    /// Events that are kept can be read, and somebody looks at each.
    pub(super) fn events(&mut self) -> Result<(), StoreError> {
        for entry in self.events.all()? {
            let (key, event) = entry?;
            let (_, id) = key.value();
            let event = decode::<Published>("event", event.value());
            let Some(event) = self.readable("events", None, event)? else { continue };
            let next = self.offered.table.range((id, 0, "")..)?.next().transpose()?;
            let is_offered = next.is_some_and(|(key, _)| key.value().0 == id);
            if event.id.0 != id || !is_offered {
                let text = format!("the event {id:032x} is kept, and nobody looks at it");
                self.find(Kind::Stray, "events", None, text);
            }
        }
        Ok(())
    }
}
