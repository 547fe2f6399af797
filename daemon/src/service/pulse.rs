//! The watchdog's sign of life: the driver was asked through its inbox, has read from the
//! store, and has answered. No timer says so by itself.
//!
//! A disk that takes long is no reason to be killed, as a kill makes no disk faster and
//! the next start waits for it as well: while a commit or the opening of the store is
//! under way the sign is given too, and the status says what is waited for.

use std::time::Duration;

use rpa_engine::run::RunStatus;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::{notify, patience};
use crate::driver::{Inbox, Message};
use crate::rpc::{self, Office};
use crate::runner::Which;
use crate::store::{Reader, Store};

/// How often the status is looked at where there is no watchdog.
const LOOK: Duration = Duration::from_secs(10);
/// How long the disk may take for one commit, or for a piece of opening the store.
const DISK: Duration = Duration::from_secs(300);
/// From when on a commit is named in the status.
const NAMED: Duration = Duration::from_secs(5);

/// Gives signs until the daemon ends; nothing where no manager listens.
pub async fn keep(office: Office) {
    if !notify::is_heard() {
        return;
    }
    let watchdog = sd_notify::watchdog_enabled();
    let mut look = interval(watchdog.map_or(LOOK, |time| time / 3));
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut said = String::new();
    loop {
        let lives = lives(&office.inbox, &office.store, &mut look, watchdog.is_some()).await;
        if lives && watchdog.is_some() {
            notify::alive();
        }
        let now = status(&office);
        if now != said {
            notify::status(&now);
            said = now;
        }
    }
}

/// Whether the driver has answered. While it has not, but its disk is at work, a sign is
/// given for it.
async fn lives(inbox: &Inbox, store: &Store, look: &mut Interval, watched: bool) -> bool {
    look.tick().await;
    let answer = inbox.ask(Message::Pulse);
    tokio::pin!(answer);
    loop {
        tokio::select! {
            // what it says does not matter: it was there to say it
            _ = &mut answer => return true,
            _ = look.tick() => {
                let Some(waits) = waits_for_disk(store) else { continue };
                if watched {
                    notify::alive();
                }
                if waits > NAMED {
                    notify::status(&format!("waiting for the disk for {} s", waits.as_secs()));
                }
            }
        }
    }
}

fn waits_for_disk(store: &Store) -> Option<Duration> {
    let commit = store.writing_for().filter(|time| *time < DISK);
    commit.or_else(|| store.is_opening().then(patience::since_last).filter(|time| *time < DISK))
}

/// `ready; runs: 3 active, 1 queued, 0 in doubt; steps: 2 running`
pub fn status(office: &Office) -> String {
    let (state, reason) = office.health.get();
    let mut said = match reason.as_str() {
        "" => state.word().to_owned(),
        reason => format!("{}: {reason}", state.word()),
    };
    // while the store is being opened anew there is nothing to count
    let counts = rpc::glance(office, Reader::counts).unwrap_or_default();
    let count = |wanted: &[RunStatus]| -> u64 {
        counts.iter().filter(|(status, _)| wanted.contains(status)).map(|(_, n)| *n).sum()
    };
    let active = count(&[RunStatus::Running, RunStatus::Waiting]);
    let (queued, doubts) = (count(&[RunStatus::Queued]), count(&[RunStatus::InDoubt]));
    let steps = office.runner.running(Which::All);
    said += &format!("; runs: {active} active, {queued} queued, {doubts} in doubt; ");
    said += &format!("steps: {steps} running");
    if let Some(reload) = office.health.reload() {
        said += &format!("; {reload}");
    }
    said
}
