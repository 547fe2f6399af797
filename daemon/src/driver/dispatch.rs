//! Carrying out effects, after the commit.

use std::collections::BTreeSet;
use std::sync::Arc;

use rpa_engine::run::{Effect, RemarkLevel};
use rpa_engine::{AttemptId, RunId};
use tokio::sync::mpsc;

use crate::evaluate::Job;
use crate::failpoint::failpoint;
use crate::runlog::{Entry, Logs};
use crate::runner::Runner;

/// Who carries out effects, and keeps attempts until their ends are durable.
pub trait Hands: Send {
    /// `disk_full`: attempts are turned away with a named fault, so that a run
    /// ends and says why instead of failing in odd ways.
    fn carry_out(&self, run: RunId, effect: Effect, disk_full: bool);
    /// The end of an attempt is durable.
    fn confirm(&self, attempt: &AttemptId);
    /// The attempts whose ends are not.
    fn inventory(&self) -> Vec<AttemptId>;
    /// Ends the attempts that no run knows of as running.
    fn stop_all_but(&self, running: &BTreeSet<AttemptId>);
    /// Tells the ends again that were told and are not durable.
    fn resend(&self);
    /// Reports an attempt lost, once its process group is dead.
    fn reclaim(&self, attempt: AttemptId, same_boot: bool);
}

/// Where effects go.
pub struct Dispatch {
    pub runner: Runner,
    /// Unbounded on purpose: there is at most one evaluation per active step, of one that
    /// awaits an event one per event that it is offered, whose number is bounded; and the
    /// driver must never wait for an evaluator that waits for the driver.
    pub evaluations: mpsc::UnboundedSender<Job>,
    pub logs: Arc<Logs>,
}

impl std::fmt::Debug for Dispatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dispatch")
    }
}

impl Hands for Dispatch {
    fn carry_out(&self, run: RunId, effect: Effect, disk_full: bool) {
        match effect {
            Effect::Evaluate(job) => {
                // closed only when the daemon ends: recovery asks again
                let _ = self.evaluations.send(Job(job));
            }
            Effect::Start(attempt) => {
                failpoint!("before-offer");
                self.runner.offer(attempt, disk_full);
                failpoint!("after-offer");
            }
            Effect::Stop { attempt, why } => self.runner.stop(&attempt, why),
            Effect::Remark { path, attempt, level, text } => {
                let level = match level {
                    RemarkLevel::Info => "info",
                    RemarkLevel::Warn => "warn",
                    RemarkLevel::Error => "error",
                };
                let path = path.map_or_else(|| "-".to_owned(), |p| p.to_string());
                let entry = Entry { path, attempt, stream: "rpad", level, text };
                if let Err(error) = self.logs.append(run, &[entry]) {
                    tracing::warn!(%run, %error, "a remark could not be written to the run's log");
                }
            }
        }
    }

    fn confirm(&self, attempt: &AttemptId) {
        self.runner.confirm(attempt);
    }

    fn inventory(&self) -> Vec<AttemptId> {
        self.runner.inventory()
    }

    fn stop_all_but(&self, running: &BTreeSet<AttemptId>) {
        self.runner.stop_all_but(running);
    }

    fn resend(&self) {
        self.runner.resend();
    }

    fn reclaim(&self, attempt: AttemptId, same_boot: bool) {
        self.runner.reclaim(attempt, same_boot);
    }
}
