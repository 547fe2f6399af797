//! From drafts to the steps of the engine, lists in lists.

use rpa_engine::workflow::{ForEach, OnError, Repeat, While};
use rpa_engine::{Action, Ident, Step};

use super::graph::Graph;
use super::on_error::OnFailure;
use super::outline::Outline;
use super::step::Draft;

/// The outline with its edges.
pub(crate) struct Finisher<'w, 'a> {
    pub(crate) outline: &'w Outline<'a>,
    pub(crate) graphs: &'w [Graph<'a>],
}

impl<'a> Finisher<'_, 'a> {
    /// The steps of a list; `None` when one could not be read. Lists are nested no
    /// deeper than [`super::limits::MAX_LEVELS`].
    pub(crate) fn list(&self, list: usize) -> Option<Vec<Step>> {
        self.outline.steps(list).into_iter().map(|draft| self.step(draft, list)).collect()
    }

    fn step(&self, draft: &Draft<'a>, list: usize) -> Option<Step> {
        let parents = &self.graphs[list].parents[draft.place];
        let steps = &self.outline.lists[list].steps;
        let id = |place: usize| self.outline.drafts[steps[place]].id.clone();
        let needs = parents.iter().map(|(parent, when)| Some((id(*parent)?, *when)));
        let bodies = draft.bodies.iter().map(|list| self.list(*list));
        let mut action = draft.action.clone()?;
        fill(&mut action, bodies.collect::<Option<_>>()?);
        Some(Step {
            id: draft.id.clone()?,
            name: draft.name.to_owned(),
            needs: needs.collect::<Option<_>>()?,
            condition: draft.condition.clone(),
            vars: draft.vars.clone(),
            action,
            effect: draft.effect,
            timeout_ms: draft.timeout_ms,
            retry: draft.retry.clone(),
            on_error: match draft.on_failure {
                OnFailure::Fail => OnError::Fail,
                OnFailure::Continue => OnError::Continue,
                OnFailure::Fallback(id, _) => OnError::Fallback(id.parse::<Ident>().ok()?),
            },
            claims: draft.claims.clone(),
            compensate: match draft.compensate {
                Some(list) => self.list(list)?,
                None => Vec::new(),
            },
            outputs: draft.outputs.clone(),
        })
    }
}

/// Puts the bodies, in order, where the action has its lists.
fn fill(action: &mut Action, bodies: Vec<Vec<Step>>) {
    let mut bodies = bodies.into_iter();
    let mut next = || bodies.next().unwrap_or_default();
    match action {
        Action::Task { .. }
        | Action::Set(_)
        | Action::Wait(_)
        | Action::Call(_)
        | Action::Approval(_) => {}
        Action::Group(steps)
        | Action::ForEach(ForEach { steps, .. })
        | Action::While(While { steps, .. })
        | Action::Repeat(Repeat { steps, .. }) => *steps = next(),
        Action::Switch(switch) => {
            switch.cases.iter_mut().for_each(|case| case.steps = next());
            switch.default = next();
        }
    }
}
