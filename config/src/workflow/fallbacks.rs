//! Which step stands in for which when it fails: at most one for each, and each
//! for at most one.

use std::collections::BTreeMap;

use super::fields::shown;
use super::on_error::OnFailure;
use super::problem::{Pos, ProblemCode, Problems};
use super::step::Draft;
use crate::suggest;

/// The fallbacks of a list of steps, by their places in it.
#[derive(Debug)]
pub(crate) struct Fallbacks {
    /// The step that stands in for this one.
    of: Vec<Option<usize>>,
    /// The step for which this one stands in.
    guarded: Vec<Option<usize>>,
}

impl Fallbacks {
    pub(crate) fn find(
        steps: &[&Draft<'_>],
        by_id: &BTreeMap<&str, usize>,
        problems: &mut Problems,
    ) -> Fallbacks {
        let none = vec![None; steps.len()];
        let mut found = Fallbacks { of: none.clone(), guarded: none };
        for (place, step) in steps.iter().enumerate() {
            let OnFailure::Fallback(id, at) = step.on_failure else { continue };
            match by_id.get(id) {
                None => unknown(id, at, by_id, problems),
                Some(target) => found.add(place, *target, at, steps, problems),
            }
        }
        found.refuse_cycles(steps, problems);
        found
    }

    /// The step for which the one at `place` stands in.
    pub(crate) fn guarded(&self, place: usize) -> Option<usize> {
        self.guarded[place]
    }

    /// What runs when the step at `place` fails, and when that fails, and so on.
    pub(crate) fn chain(&self, place: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.of[place], |next| self.of[*next])
    }

    fn add(
        &mut self,
        place: usize,
        target: usize,
        at: Pos,
        steps: &[&Draft<'_>],
        problems: &mut Problems,
    ) {
        let id = steps[target].id_text;
        let needs = steps[target].needs.iter().flatten().next();
        let (message, hint) = if target == place {
            let message = format!("step `{id}` is its own fallback");
            (message, "to try it again, write `retry`".to_owned())
        } else if needs.is_some() {
            let message = format!("step `{id}` is a fallback and has `needs` of its own");
            let hint = "take its `needs` out: it runs when the other has failed, and only then";
            (message, hint.to_owned())
        } else if let Some(other) = self.guarded[target] {
            let other = steps[other].id_text;
            let message = format!("step `{id}` is the fallback of step `{other}` already");
            (message, "give each step a fallback of its own".to_owned())
        } else {
            self.of[place] = Some(target);
            self.guarded[target] = Some(place);
            return;
        };
        problems.error(ProblemCode::StepReference, at, message, hint);
    }

    /// Each step has at most one fallback and is at most one, so that what is
    /// followed is a line or a ring.
    fn refuse_cycles(&mut self, steps: &[&Draft<'_>], problems: &mut Problems) {
        let mut seen = vec![false; steps.len()];
        for start in 0..steps.len() {
            let mut names = Vec::new();
            let mut next = Some(start);
            while let Some(place) = next.filter(|place| !seen[*place]) {
                seen[place] = true;
                names.push(steps[place].id_text);
                next = self.of[place];
            }
            // a line that was entered in its middle ends where it has been seen
            if next != Some(start) || names.is_empty() {
                continue;
            }
            names.push(steps[start].id_text);
            let at = match steps[start].on_failure {
                OnFailure::Fallback(_, at) => at,
                OnFailure::Fail | OnFailure::Continue => steps[start].at,
            };
            let message = format!("these steps stand in for each other: {}", names.join(" -> "));
            problems.error(ProblemCode::Cycle, at, message, "take one of these fallbacks out");
            let ring: Vec<usize> = self.ring(start);
            for place in ring {
                self.of[place] = None;
                self.guarded[place] = None;
            }
        }
    }

    fn ring(&self, start: usize) -> Vec<usize> {
        let mut ring = vec![start];
        ring.extend(self.chain(start).take_while(|place| *place != start));
        ring
    }
}

fn unknown(id: &str, at: Pos, by_id: &BTreeMap<&str, usize>, problems: &mut Problems) {
    if problems.is_full() {
        return;
    }
    let message = format!("there is no step {:?} in this list", shown(id));
    let hint = match suggest::nearest(id, by_id.keys().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => "a fallback is a step of the same list".to_owned(),
    };
    problems.error(ProblemCode::StepReference, at, message, hint);
}
