//! The end of triggers that no live revision declares any more: what became of their slots,
//! what was delivered to them, and the files that they have seen.

use std::time::Duration;

use rpa_ipc::Fault;

use super::Keeper;
use crate::driver::{Answer, Errand, now_ms};
use crate::store::{Reader, StoreError, TriggerKey};

/// They are kept for as long as ids of deliveries are remembered: a trigger that is declared
/// anew counts its deliveries from one again.
const LEAST: Duration = Duration::from_secs(7 * 24 * 3600);

impl Keeper {
    /// Forgets triggers that have been undeclared for as long as archives are kept: their
    /// runs have gone by then.
    pub(super) async fn forget_triggers(&self) -> Result<(), Fault> {
        let age = self.limits.archive_age.max(LEAST);
        let age_ms = u64::try_from(age.as_millis()).unwrap_or(u64::MAX);
        let before_ms = now_ms().saturating_sub(age_ms);
        for trigger in self.read(move |_, reader| undeclared(reader, before_ms)).await? {
            let errand = || Errand::Undeclared { trigger: trigger.clone(), before_ms };
            while let Answer::More = self.errand(errand()).await? {}
        }
        Ok(())
    }
}

/// Triggers that nothing has declared since before this moment, and of which nothing goes on.
fn undeclared(reader: &Reader, before_ms: u64) -> Result<Vec<TriggerKey>, StoreError> {
    let triggers = reader.triggers()?.into_iter();
    let over = triggers.filter(|(_, row)| {
        row.is_at_rest() && row.undeclared_ms.is_some_and(|since_ms| since_ms < before_ms)
    });
    Ok(over.map(|(key, _)| key).collect())
}
