//! What lists, loops and runs come to: the tables of the engine told a second time, over
//! the states of all steps ever, none forgotten.

use super::witness::Witness;
use crate::name::{Ident, StepPath};
use crate::run::{LoopStage, Phase, Promise, RunEnd, StepState, StepStatus};
use crate::workflow::{Action, OnError, OnItemError, Step, When, Workflow};

/// What a step that has ended counts as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Good,
    /// Failed, and nobody minds.
    Shown,
    Bad,
    Left,
    Stopped,
}

/// What all steps of a list come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Comes {
    Good,
    Bad,
    Stopped,
}

/// The turns of one loop.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Turns {
    pub(super) begun: u32,
    pub(super) open: u32,
    pub(super) failed: u32,
    pub(super) stopped: u32,
}

/// Everything around `path`, up to where steps are undone: turns and loops both.
pub(super) fn around(path: &str) -> Vec<String> {
    let from = path.find("/@undo").map_or(0, |at| at + "/@undo".len() + 1);
    let cuts = path.char_indices().filter(|(at, c)| *at > from && matches!(c, '/' | '['));
    cuts.map(|(at, _)| path[..at].to_owned()).collect()
}

impl Witness {
    pub(super) fn state(&self, path: &StepPath) -> &StepState {
        self.ever.get(path).unwrap_or(&StepState::Pending)
    }

    pub(super) fn state_in(&self, scope: &str, id: &Ident) -> &StepState {
        self.state(&StepPath::within(scope, id))
    }

    pub(super) fn step(&self, path: &StepPath) -> &Step {
        self.run.definition_of(path).expect("the step is defined")
    }

    /// The list at `scope`, whether it is under way or has ended.
    pub(super) fn list<'d>(&self, definition: &'d Workflow, scope: &str) -> &'d [Step] {
        let case = |path: &StepPath| self.cases.get(path).copied();
        definition.list_at(scope, case).expect("a list")
    }

    pub(super) fn kind(&self, scope: &str, list: &[Step], id: &Ident) -> Option<Kind> {
        let step = list.iter().find(|s| s.id == *id).expect("in the list");
        match (self.state_in(scope, id).status(), &step.on_error) {
            (StepStatus::Completed, _) => Some(Kind::Good),
            (StepStatus::Skipped, _) => Some(Kind::Left),
            (StepStatus::Cancelled, _) => Some(Kind::Stopped),
            (StepStatus::Failed, OnError::Fail) => Some(Kind::Bad),
            (StepStatus::Failed, OnError::Continue) => Some(Kind::Shown),
            (StepStatus::Failed, OnError::Fallback(other)) => {
                let instead = self.kind(scope, list, other)?;
                Some(if instead == Kind::Left { Kind::Bad } else { instead })
            }
            _ => None,
        }
    }

    pub(super) fn comes_to(&self, scope: &str) -> Option<Comes> {
        let definition = self.run.definition.clone();
        let list = self.list(&definition, scope);
        if !list.iter().all(|s| self.state_in(scope, &s.id).ended()) {
            return None;
        }
        let kinds: Vec<Kind> = list.iter().filter_map(|s| self.kind(scope, list, &s.id)).collect();
        let cancelled =
            |s: &Step| matches!(self.state_in(scope, &s.id), StepState::Cancelled { .. });
        Some(if kinds.contains(&Kind::Bad) {
            Comes::Bad
        } else if list.iter().any(cancelled) {
            Comes::Stopped
        } else {
            Comes::Good
        })
    }

    /// Whether `id` may begin by its needs: none when that is open.
    pub(super) fn needs_met(&self, scope: &str, list: &[Step], step: &Step) -> Option<bool> {
        let mut met = true;
        for (need, when) in &step.needs {
            let kind = self.kind(scope, list, need)?;
            met &= match when {
                When::Completed => kind == Kind::Good || kind == Kind::Shown,
                When::Failed => kind == Kind::Bad || kind == Kind::Shown,
                When::Skipped => kind == Kind::Left,
                When::Always => true,
            };
        }
        let asks = step.condition.as_ref().is_some_and(|c| c.reads.status);
        for other in list {
            if other.on_error == OnError::Fallback(step.id.clone()) {
                let owner = self.state_in(scope, &other.id);
                if !owner.ended() {
                    return None;
                }
                if !matches!(owner, StepState::Failed { .. }) {
                    return Some(false);
                }
            }
        }
        Some(met || asks)
    }

    /// Whether a step failed that `path` depends on, near or far.
    pub(super) fn failed_before(&self, path: &StepPath) -> bool {
        if let Phase::Closing { end: RunEnd::Failed { .. }, .. } = self.run.phase {
            return true;
        }
        let mut at = Some(path.clone());
        while let Some(path) = at {
            let scope = path.scope();
            if self.failed_in(scope, &path) {
                return true;
            }
            let ends = scope.is_empty() || scope.starts_with('@') && !scope.contains('/');
            at = (!ends && !scope.ends_with("@undo")).then(|| scope.parse().expect("a path"));
        }
        false
    }

    fn failed_in(&self, scope: &str, path: &StepPath) -> bool {
        self.step(path).needs.keys().any(|need| {
            let need = StepPath::within(scope, need);
            matches!(self.state(&need), StepState::Failed { .. }) || self.failed_in(scope, &need)
        })
    }

    /// Whether what stands at `path` is to end.
    pub(super) fn halted(&self, path: &StepPath) -> bool {
        let out = |scope: &String| self.timed_out.contains(scope) || self.leases.contains(scope);
        around(path.as_str()).iter().any(out)
            || self.leases.contains(path.as_str())
            || match path.as_str().contains('@') {
                true => self.stopped,
                false => self.run.cancel.is_some() || self.run.time.is_out,
            }
    }

    /// As [`Witness::halted`], of a step with a body.
    pub(super) fn halted_at(&self, path: &StepPath) -> bool {
        self.timed_out.contains(path.as_str()) || self.halted(path)
    }

    pub(super) fn turns(&self, path: &StepPath) -> Turns {
        let mut turns = Turns::default();
        while let Some(state) = self.ever.get(&path.turn(turns.begun)) {
            turns.begun += 1;
            match state.status() {
                StepStatus::Failed => turns.failed += 1,
                StepStatus::Cancelled => turns.stopped += 1,
                StepStatus::Completed => {}
                _ => turns.open += 1,
            }
        }
        turns
    }

    /// Whether no turn may follow those that have gone wrong.
    pub(super) fn gone_wrong(&self, path: &StepPath) -> bool {
        let turns = self.turns(path);
        let wrong = turns.failed + turns.stopped;
        match &self.step(path).action {
            Action::ForEach(each) => match each.on_item_error {
                OnItemError::Fail => wrong > 0,
                OnItemError::Continue => false,
                OnItemError::StopAfter(most) => wrong >= most,
            },
            _ => wrong > 0,
        }
    }

    /// When time alone moves a step on.
    pub(super) fn due_ms(&self, state: &StepState) -> Option<u64> {
        let begins = self.run.paused.is_none();
        match state {
            StepState::Waiting { until_ms, .. } => Some(*until_ms),
            StepState::Retrying { due_ms, .. } if begins => Some(*due_ms),
            StepState::Open { deadline_ms, timed_out: false, .. } => *deadline_ms,
            StepState::Looping(looping) => {
                let over = looping.timed_out || looping.stage == LoopStage::Gathering;
                let deadline = looping.deadline_ms.filter(|_| !over);
                let pause = match looping.stage {
                    LoopStage::Pausing { until_ms } if begins => Some(until_ms),
                    _ => None,
                };
                deadline.into_iter().chain(pause).min()
            }
            StepState::Claiming(claiming) => claiming.until_ms,
            StepState::Awaiting(awaiting) => awaiting.until_ms,
            StepState::Asking(asking) => asking.until_ms,
            StepState::Calling(calling) if !calling.timed_out => calling.deadline_ms,
            _ => None,
        }
    }

    /// The earliest moment at which time alone moves the run on.
    pub(super) fn next_due_ms(&self) -> Option<u64> {
        let of_run = match self.run.phase {
            Phase::Active { started_ms }
                if self.doubts.is_empty() && self.run.cancel.is_none() && !self.run.time.is_out =>
            {
                self.run.definition.timeout_ms.map(|ms| started_ms + ms + self.doubted_ms)
            }
            _ => None,
        };
        let leases = self.run.holds.iter();
        let leases = leases.filter(|(path, _)| !self.leases.contains(path.as_str()));
        let leases = leases.filter_map(|(_, hold)| hold.until_ms);
        let states = self.ever.values().filter_map(|state| self.due_ms(state));
        states.chain(of_run).chain(leases).chain(self.promises()).min()
    }

    /// When promises that can still be kept are broken.
    fn promises(&self) -> impl Iterator<Item = u64> {
        let broken = |promise| self.run.time.broken.contains(&promise);
        let sla = self.run.definition.sla;
        let at = |within: Option<u64>| within.map(|ms| self.run.accepted_ms + ms);
        let start = sla.and_then(|sla| at(sla.start_within_ms));
        let start = start.filter(|_| self.run.phase == Phase::Queued && !broken(Promise::Start));
        let finish = sla.and_then(|sla| at(sla.finish_within_ms));
        let ended = matches!(self.run.phase, Phase::Ended { .. });
        let finish = finish.filter(|_| !ended && !broken(Promise::Finish));
        [start, finish].into_iter().flatten()
    }
}
