//! Carrying out effects, after the commit.

use std::collections::BTreeSet;
use std::sync::Arc;

use rpa_engine::run::{Effect, RemarkLevel};
use rpa_engine::{AttemptId, RunId};
use tokio::sync::mpsc;

use crate::evaluate::Job;
use crate::runlog::{Entry, Logs};
use crate::runner::Runner;

/// Where effects go.
pub struct Dispatch {
    pub runner: Runner,
    /// Unbounded on purpose: there is at most one evaluation per active step, and
    /// the driver must never wait for an evaluator that waits for the driver.
    pub evaluations: mpsc::UnboundedSender<Job>,
    pub logs: Arc<Logs>,
}

impl std::fmt::Debug for Dispatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dispatch")
    }
}

impl Dispatch {
    /// `disk_full`: attempts are turned away with a named fault, so that a run
    /// ends and says why instead of failing in odd ways.
    pub fn carry_out(&self, run: RunId, effect: Effect, disk_full: bool) {
        match effect {
            Effect::Evaluate(job) => {
                // closed only when the daemon ends: recovery asks again
                let _ = self.evaluations.send(Job(job));
            }
            Effect::Start(attempt) => self.runner.offer(attempt, disk_full),
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

    pub fn confirm(&self, attempt: &AttemptId) {
        self.runner.confirm(attempt);
    }

    pub fn inventory(&self) -> Vec<AttemptId> {
        self.runner.inventory()
    }

    pub fn stop_all_but(&self, running: &BTreeSet<AttemptId>) {
        self.runner.stop_all_but(running);
    }

    pub fn resend(&self) {
        self.runner.resend();
    }

    pub fn reclaim(&self, attempt: AttemptId, same_boot: bool) {
        self.runner.reclaim(attempt, same_boot);
    }
}
