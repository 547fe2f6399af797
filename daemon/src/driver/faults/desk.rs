//! The hands of a driver in a test: effects lie on a desk until the town takes them up.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rpa_engine::run::{Effect, EvalJob};
use rpa_engine::{AttemptId, Outcome, RunId};

use crate::driver::Hands;

/// What lies there; all clones are one desk.
#[derive(Clone, Default)]
pub struct Desk(Arc<Mutex<Papers>>);

#[derive(Default)]
pub struct Papers {
    /// Expressions to be evaluated.
    pub jobs: VecDeque<EvalJob>,
    /// Attempts under way, and how they have ended once they have.
    pub attempts: BTreeMap<AttemptId, Option<Outcome>>,
    /// Ends that the driver has yet to be told.
    pub ends: VecDeque<(AttemptId, Outcome)>,
}

impl Desk {
    pub fn papers(&self) -> MutexGuard<'_, Papers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The attempt has ended.
    pub fn end(&self, attempt: &AttemptId, outcome: Outcome) {
        let mut papers = self.papers();
        papers.attempts.insert(attempt.clone(), Some(outcome.clone()));
        papers.ends.push_back((attempt.clone(), outcome));
    }
}

impl Hands for Desk {
    fn carry_out(&self, _: RunId, effect: Effect, disk_full: bool) {
        match effect {
            Effect::Evaluate(job) => self.papers().jobs.push_back(job),
            Effect::Start(attempt) => {
                let before = self.papers().attempts.insert(attempt.id.clone(), None);
                assert_eq!(before, None, "offered twice: {}", attempt.id);
                if disk_full {
                    self.end(
                        &attempt.id,
                        Outcome::LostBeforeStart {
                            why: "the daemon ended before the attempt had begun".into(),
                        },
                    );
                }
            }
            Effect::Stop { attempt, why } => {
                let runs = self.papers().attempts.get(&attempt) == Some(&None);
                if runs {
                    self.end(&attempt, Outcome::Stopped { why });
                }
            }
            Effect::Remark { .. } => {}
        }
    }

    fn confirm(&self, attempt: &AttemptId) {
        self.papers().attempts.remove(attempt);
    }

    fn stop_all_but(&self, running: &BTreeSet<AttemptId>) {
        let ended = |outcome: &Option<Outcome>| outcome.is_some();
        self.papers().attempts.retain(|id, outcome| ended(outcome) || running.contains(id));
    }

    fn inventory(&self) -> Vec<AttemptId> {
        self.papers().attempts.keys().cloned().collect()
    }

    fn resend(&self) {
        let mut papers = self.papers();
        let ended = |(id, end): (&AttemptId, &Option<Outcome>)| Some((id.clone(), end.clone()?));
        papers.ends = papers.attempts.iter().filter_map(ended).collect();
    }

    fn reclaim(&self, attempt: AttemptId, _: bool) {
        self.end(&attempt, Outcome::Orphaned { why: "the daemon ended while it ran".into() });
    }
}
