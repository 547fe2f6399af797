//! `rpa doctor`, as far as the daemon sees: one file per subject, each a list of findings.
//!
//! Nothing is changed, and the live store is only read. What is fine is said as well:
//! whoever asks wants to know what was looked at.

mod audit;
mod clock;
mod disk;
mod limits;
mod modes;
mod schedules;
mod standing;
pub mod starts;
mod store;

pub use clock::Clock;

use rpa_ipc::doctor::Finding;
use rpa_ipc::service::Reply;

use crate::rpc::Office;

/// Looks at everything. Takes as long as reading the store
/// three times, or as the audit may.
pub async fn examine(office: &Office) -> Reply<Vec<Finding>> {
    let office = office.clone();
    let looked = tokio::task::spawn_blocking(move || -> Reply<Vec<Finding>> {
        let mut found = Vec::new();
        store::look(&office, &mut found);
        modes::look(&office, &mut found);
        disk::look(&office, &mut found)?;
        clock::look(&office, &mut found)?;
        limits::look(&office, &mut found);
        standing::look(&office, &mut found)?;
        schedules::look(&office, &mut found)?;
        starts::look(&office.state_dir, &mut found);
        Ok(found)
    });
    looked.await.map_err(|e| crate::rpc::bug(&e.to_string()))?
}
