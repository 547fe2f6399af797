//! Backups: hot, consistent, one at a time; and what a restore makes of one.
//!
//! [`take`] copies the store as of one moment, while work goes on, and the files that its
//! rows refer to. [`schedule`] does so by itself; over the wire `rpc/backup.rs` does, so
//! that the file belongs to whoever asked for it. [`restore`] works where no daemon runs.

pub mod restore;
pub mod schedule;
pub mod take;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rpa_ipc::view::BackupView;
use rpa_ipc::{Fault, FaultCode, fault};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What the daemon knows of its backups.
#[derive(Debug)]
pub struct Backups {
    /// Each reads the whole store: never two at once.
    seat: Arc<Semaphore>,
    /// Set when the daemon ends: a backup that is under way breaks off.
    over: AtomicBool,
    /// The last scheduled one did not come about: when, and why.
    failed: Mutex<Option<(u64, Fault)>>,
    scheduled: Option<schedule::Schedule>,
}

impl Backups {
    pub fn new(scheduled: Option<schedule::Schedule>) -> Backups {
        let (seat, over) = (Arc::new(Semaphore::new(1)), AtomicBool::new(false));
        Backups { seat, over, failed: Mutex::new(None), scheduled }
    }

    /// The right to make one, or that another one is being made.
    pub fn begin(&self) -> Result<OwnedSemaphorePermit, Fault> {
        let taken = |_| fault!(FaultCode::BackupBusy, "backup-busy");
        self.seat.clone().try_acquire_owned().map_err(taken)
    }

    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// For `rpa status`; the rest of it stands in the store.
    pub fn view(&self, last: Option<(u64, String)>) -> BackupView {
        let failed = self.failed().as_ref().map(|(at, fault)| (*at, fault.to_string()));
        let scheduled = self.scheduled.as_ref();
        BackupView {
            last,
            failed,
            under_way: self.seat.available_permits() == 0,
            every_ms: scheduled.map(|s| u64::try_from(s.every.as_millis()).unwrap_or(u64::MAX)),
            directory: scheduled.map_or_else(String::new, |s| s.directory.display().to_string()),
        }
    }

    fn failed(&self) -> MutexGuard<'_, Option<(u64, Fault)>> {
        // one value, whole whoever panicked
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
