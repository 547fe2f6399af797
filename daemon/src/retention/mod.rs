//! Retention: finished runs leave the live store for archives, archives are dropped when
//! their time is over, triggers that nothing declares are forgotten, and files that belong to
//! no run are removed.
//!
//! All of it goes on in the background, in pieces: copies are written by a thread of
//! their own, and the driver is asked for one [`crate::driver::Errand`] at a time, of few
//! rows, with a pause after each for as long as others want it. Whatever is interrupted
//! is begun again at the next look; see `store::archive` for why that is safe.

mod dropping;
mod moving;
mod orphans;
mod triggers;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rpa_config::settings;
use rpa_engine::RunId;
use rpa_ipc::{Fault, FaultCode, fault};
use tokio::time::Instant;

use crate::driver::{self, Answer, Errand, Inbox, Message, NOTIFICATIONS_AT_ONCE};
use crate::reserve::Reserve;
use crate::rundir::RunDirs;
use crate::runlog::Logs;
use crate::store::{Reader, Store, StoreError};

/// Between two looks, unless runs are kept for a shorter time than ten of these.
const LOOK: Duration = Duration::from_secs(60);
const SHORTEST_LOOK: Duration = Duration::from_millis(200);
/// How often files that belong to no run are looked for.
const SWEEP: Duration = Duration::from_secs(3600);
/// The driver's time that retention takes while others want it: one part in so many.
const SHARE: u32 = 5;

/// How long and how many are kept.
#[derive(Clone, Debug)]
pub struct Limits {
    pub live_age: Duration,
    pub live_runs: u64,
    pub archive_age: Duration,
    pub archive_runs: u64,
    pub archive_bytes: u64,
}

impl From<&settings::Retention> for Limits {
    fn from(settings: &settings::Retention) -> Limits {
        Limits {
            live_age: settings.live_age,
            live_runs: settings.live_runs,
            archive_age: settings.archive_age,
            archive_runs: settings.archive_runs,
            archive_bytes: settings.archive_bytes,
        }
    }
}

/// When retention looks next, for `rpa status`; in milliseconds since the epoch.
#[derive(Clone, Debug, Default)]
pub struct NextLook(Arc<AtomicU64>);

impl NextLook {
    pub fn at_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What retention needs of the daemon.
#[derive(Clone, Debug)]
pub struct Keeper {
    pub store: Arc<Store>,
    pub inbox: Inbox,
    pub dirs: RunDirs,
    pub logs: Arc<Logs>,
    pub reserve: Arc<Reserve>,
    pub limits: Limits,
    pub next_look: NextLook,
}

impl Keeper {
    /// Until the daemon ends.
    pub async fn keep(self) {
        let pause = (self.limits.live_age / 10).clamp(SHORTEST_LOOK, LOOK);
        let mut swept = None::<Instant>;
        let mut said = String::new();
        loop {
            let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            self.next_look.0.store(driver::now_ms() + pause_ms, Ordering::Relaxed);
            tokio::time::sleep(pause).await;
            let is_due = swept.is_none_or(|at| at.elapsed() >= SWEEP.min(pause * 10));
            if is_due {
                swept = Some(Instant::now());
            }
            match self.look(is_due).await {
                Ok(()) => said.clear(),
                Err(fault) if fault.code == FaultCode::Draining => return,
                // it is tried again at the next look
                Err(fault) if fault.message == said => {}
                Err(fault) => {
                    tracing::error!(code = %fault.code, "retention: {}", fault.message);
                    said = fault.message;
                }
            }
        }
    }

    /// Forgets notifications of what happened longer ago than archives are kept.
    async fn forget_notifications(&self) -> Result<(), Fault> {
        let age_ms = u64::try_from(self.limits.archive_age.as_millis()).unwrap_or(u64::MAX);
        let before_ms = driver::now_ms().saturating_sub(age_ms);
        let old = self.read(move |_, reader| reader.old_notifications(before_ms)).await?;
        for numbers in old.chunks(NOTIFICATIONS_AT_ONCE) {
            self.errand(Errand::Notifications { before_ms, numbers: numbers.to_vec() }).await?;
        }
        Ok(())
    }

    async fn look(&self, sweep: bool) -> Result<(), Fault> {
        // first what makes room
        self.drop_archives().await?;
        // copies need space before any is won
        if !self.reserve.is_released() {
            self.move_runs().await?;
        }
        if sweep {
            self.forget_triggers().await?;
            self.forget_notifications().await?;
            self.sweep().await?;
        }
        Ok(())
    }

    /// Asks the driver, then leaves it to others for a while if they want it.
    async fn errand(&self, errand: Errand) -> Result<Answer, Fault> {
        let (before, begun) = (self.store.unsettled(), Instant::now());
        let answer = self.inbox.ask(Message::Errand(errand)).await?;
        // one commit is ours
        if self.store.unsettled() > before + 1 {
            tokio::time::sleep(begun.elapsed() * (SHARE - 1)).await;
        }
        Ok(answer)
    }

    /// Runs `work` on a snapshot, off the runtime.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Keeper, &Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Fault> {
        let keeper = self.clone();
        let result = tokio::task::spawn_blocking(move || {
            let store = &keeper.store;
            let done = store.read().and_then(|reader| work(&keeper, &reader));
            done.map_err(|e| e.fault(store.path()))
        });
        result.await.map_err(|e| fault!(FaultCode::Internal, "unexpected", detail = e))?
    }
}

/// Whether a directory of files belongs to a run that is anywhere.
fn is_known(reader: &Reader, run: RunId) -> Result<bool, StoreError> {
    Ok(reader.head(run)?.is_some())
}
