//! What a new run takes over from one that has ended: `rpa retry`, `rpa rerun --from`.
//!
//! A step of the workflow's own list is kept when all of this holds; every other one
//! runs again:
//!
//! | it | |
//! |---|---|
//! | has settled well | completed; failed but tolerated, or saved by its fallback; skipped by its own condition, or because of a step that is kept |
//! | means the same | its definition is that of the earlier run |
//! | stands on kept ground | every step that it needs is kept |
//! | was not undone | the run has failed and it has `compensate` |
//! | asks nobody | unless the run is the same again: what people have approved is for nothing else |
//! | is not asked for | it is not the step to begin from, and does not come after it |

use std::collections::{BTreeMap, BTreeSet};

use super::event::SkipReason;
use super::state::StepState;
use crate::name::Ident;
use crate::workflow::{Action, EffectClass, OnError, Step, Workflow};

/// A run that has ended, and what is to be run now.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    pub before: &'a Workflow,
    /// The states of the steps of the workflow's own list.
    pub states: &'a BTreeMap<Ident, StepState>,
    /// Its completed steps that can be undone have been.
    pub failed: bool,
    pub now: &'a Workflow,
    /// Begin from this step; without it, from all that did not settle well.
    pub from: Option<&'a Ident>,
    /// With the same revision and the same variables, and from no step in particular.
    pub unchanged: bool,
}

/// What becomes of the steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub kept: BTreeSet<Ident>,
    /// Steps that may have done what must not be repeated, and would run again.
    pub repeated: BTreeSet<Ident>,
}

impl Earlier<'_> {
    /// `None` when there is no step [`Earlier::from`].
    pub fn kept(&self) -> Option<Kept> {
        if let Some(from) = self.from {
            find(self.now, from)?;
        }
        let after = self.after();
        let may_stay = |step: &&Step| {
            !after.contains(&step.id)
                && find(self.before, &step.id) == Some(step)
                && (!self.failed || step.compensate.is_empty())
                && (self.unchanged || !asks(step))
        };
        let stays = self.now.steps.iter().filter(may_stay);
        let mut kept: BTreeSet<Ident> = stays.map(|step| step.id.clone()).collect();
        // ends: each round takes at least one away
        loop {
            let goes = |id: &&Ident| !find(self.now, id).is_some_and(|s| self.holds(s, &kept));
            let gone: Vec<Ident> = kept.iter().filter(goes).cloned().collect();
            if gone.is_empty() {
                break;
            }
            gone.iter().for_each(|id| _ = kept.remove(id));
        }
        let repeated = self.before.steps.iter().filter(|step| {
            let began = self
                .states
                .get(&step.id)
                .is_some_and(|s| !matches!(s, StepState::Pending | StepState::Skipped { .. }));
            began && !kept.contains(&step.id) && find(self.now, &step.id).is_some() && is_once(step)
        });
        let repeated = repeated.map(|step| step.id.clone()).collect();
        Some(Kept { kept, repeated })
    }

    /// The step to begin from, and all that comes after it.
    fn after(&self) -> BTreeSet<Ident> {
        let mut after: BTreeSet<Ident> = self.from.cloned().into_iter().collect();
        loop {
            let comes_after = |step: &&Step| {
                !after.contains(&step.id) && step.needs.keys().any(|need| after.contains(need))
            };
            let more: Vec<Ident> =
                self.now.steps.iter().filter(comes_after).map(|s| s.id.clone()).collect();
            if more.is_empty() {
                return after;
            }
            after.extend(more);
        }
    }

    /// Whether the step has settled well, on ground that is kept.
    fn holds(&self, step: &Step, kept: &BTreeSet<Ident>) -> bool {
        let needs = step.needs.keys().all(|need| kept.contains(need));
        needs
            && match self.states.get(&step.id) {
                Some(StepState::Completed { .. }) => true,
                Some(StepState::Failed { .. }) => match &step.on_error {
                    OnError::Fail => false,
                    OnError::Continue => true,
                    OnError::Fallback(target) => {
                        let saved = self.states.get(target);
                        kept.contains(target) && !matches!(saved, Some(StepState::Skipped { .. }))
                    }
                },
                Some(StepState::Skipped { reason, .. }) => match reason {
                    SkipReason::Condition => true,
                    SkipReason::Needs { step, .. } | SkipReason::NotInvoked { step } => {
                        kept.contains(step)
                    }
                },
                _ => false,
            }
    }
}

fn find<'d>(workflow: &'d Workflow, id: &Ident) -> Option<&'d Step> {
    workflow.steps.iter().find(|step| step.id == *id)
}

/// Whether people are asked by it, or by a step in its body: what they have approved is
/// no other run's.
fn asks(step: &Step) -> bool {
    matches!(step.action, Action::Approval(_)) || step.action.body().any(asks)
}

/// Whether it, or a step in its body, must not be repeated.
fn is_once(step: &Step) -> bool {
    step.effect == EffectClass::Once || step.action.body().any(is_once)
}

#[cfg(test)]
mod tests {
    use super::super::tests::build::{flow, ident, task};
    use super::*;
    use crate::outcome::{ErrorClass, TaskError};

    fn done() -> StepState {
        StepState::Completed { attempt: 1, since_ms: 1, ended_ms: 2 }
    }

    fn failed() -> StepState {
        let error = TaskError {
            class: ErrorClass::Exit(1),
            code: "RPA0401".into(),
            message: "it broke".into(),
        };
        StepState::Failed { attempt: 1, since_ms: 1, ended_ms: 2, error }
    }

    fn skipped(reason: SkipReason) -> StepState {
        StepState::Skipped { reason, ended_ms: 2 }
    }

    /// The steps that are kept, then those that would be repeated, as words.
    fn check(
        steps: &[Step],
        states: &[(&str, StepState)],
        from: Option<&str>,
        expected: (&str, &str),
    ) {
        let workflow = flow(steps);
        let states = states.iter().map(|(id, state)| (ident(id), state.clone())).collect();
        let from = from.map(ident);
        let earlier = Earlier {
            before: &workflow,
            states: &states,
            failed: true,
            now: &workflow,
            from: from.as_ref(),
            unchanged: from.is_none(),
        };
        let words =
            |ids: BTreeSet<Ident>| ids.iter().map(Ident::as_str).collect::<Vec<_>>().join(" ");
        let Kept { kept, repeated } = earlier.kept().unwrap();
        assert_eq!((words(kept).as_str(), words(repeated).as_str()), expected);
    }

    #[test]
    fn a_retry_keeps_what_stands_on_kept_ground() {
        let steps = [task("a"), task("b").after(&["a"]), task("c").after(&["b"]), task("d")];
        let states = [("a", done()), ("b", failed()), ("c", done()), ("d", done())];
        check(&steps, &states, None, ("a d", ""));
        check(&steps, &states, Some("a"), ("d", ""));
        check(&steps, &states, Some("d"), ("a", ""));
    }

    #[test]
    fn skipped_and_tolerated_steps_have_settled() {
        let steps = [
            task("a").on_error(OnError::Continue),
            task("b").after(&["a"]),
            task("c"),
            task("d").after(&["c"]),
        ];
        let needs =
            |step: &str, was: &str| SkipReason::Needs { step: ident(step), was: was.into() };
        let states = [
            ("a", failed()),
            ("b", skipped(SkipReason::Condition)),
            ("c", failed()),
            ("d", skipped(needs("c", "failed"))),
        ];
        check(&steps, &states, None, ("a b", ""));
    }

    #[test]
    fn a_step_saved_by_its_fallback_is_kept_with_it() {
        let steps = [task("a").on_error(OnError::Fallback(ident("f"))), task("f"), task("x")];
        check(&steps, &[("a", failed()), ("f", done()), ("x", failed())], None, ("a f", ""));
        check(&steps, &[("a", failed()), ("f", failed()), ("x", failed())], None, ("", ""));
    }

    #[test]
    fn what_was_undone_runs_again_and_once_is_named() {
        let steps = [
            task("pay").undone_by([task("refund")]).with_effect(EffectClass::Once),
            task("mail").with_effect(EffectClass::Once),
            task("x"),
        ];
        let states = [("pay", done()), ("mail", done()), ("x", failed())];
        check(&steps, &states, None, ("mail", "pay"));
        check(&steps, &states, Some("mail"), ("", "mail pay"));
    }

    #[test]
    fn a_step_that_means_something_else_now_runs_again() {
        let (before, now) = (flow([task("a"), task("b")]), flow([task("a"), task("b").within(5)]));
        let states = [(ident("a"), done()), (ident("b"), done())].into();
        let earlier = Earlier {
            before: &before,
            states: &states,
            failed: false,
            now: &now,
            from: None,
            unchanged: true,
        };
        assert_eq!(earlier.kept().unwrap().kept, [ident("a")].into());
        assert_eq!(Earlier { from: Some(&ident("none")), ..earlier }.kept(), None);
    }
}
