//! What can be read and is hardly meant: a poll that ends when a try fails, and a look
//! into an output that there will never be.

use rpa_engine::{Action, Retry};

use super::on_error::OnFailure;
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::{Reader, Use};
use super::world::World;

/// Tasks that fail only by their inputs.
const HARMLESS: [&str; 3] = ["noop", "log", "data.transform"];

impl<'a> Reader<'a> {
    /// `until` over a step whose failure ends the loop before it is asked.
    pub(crate) fn poll(&mut self, used: &Use<'a>, world: &World<'_, 'a>) {
        let (Place::Until, Some(repeat)) = (used.place, used.step) else { return };
        let inside = || {
            let lists = world.draft(repeat).bodies.iter();
            lists.flat_map(|list| &world.outline.lists[*list].steps).copied()
        };
        for id in &used.reads.steps {
            let ends_it =
                |step: &usize| world.id(*step) == id.as_str() && fails_alone(*step, world);
            if inside().any(|step| ends_it(&step)) {
                let at = self.place_of(used.node, &format!("steps.{id}"));
                let message =
                    format!("the loop ends when step `{id}` fails: `until` is not asked then");
                let hint = format!(
                    "write `on_error: continue` on step {id} to try on, or `on_error: fail` if this is meant"
                );
                self.problems.warning(ProblemCode::UnmeantEnd, at, message, hint);
            }
        }
    }

    /// A look into the output of a step with steps inside that has no `outputs`.
    pub(crate) fn empty_output(&mut self, used: &Use<'a>, world: &World<'_, 'a>) {
        for (id, keys) in &used.parts {
            let Some(step) = world.ids.anywhere(id) else { continue };
            let draft = world.draft(step);
            // what stands in for it may give something
            let has_fallback = matches!(draft.on_failure, OnFailure::Fallback(..));
            if draft.says_outputs || draft.bodies.is_empty() || has_fallback {
                continue;
            }
            // a loop over items has a list all the same, of nulls
            let (least, message) = match &draft.action {
                Some(Action::ForEach(_)) => {
                    (2, format!("step `{id}` has no `outputs`, so each turn gives null"))
                }
                Some(_) => (1, format!("step `{id}` has no `outputs`, so it gives nothing")),
                None => continue,
            };
            if *keys >= least {
                let hint = format!(
                    "give step {id} `outputs` with what is needed of the steps inside: steps.ID.output"
                );
                self.undefined(used.node, &format!("steps.{id}"), &message, &hint);
            }
        }
    }
}

/// Whether the step can fail for reasons outside of it, and nothing is said of that.
fn fails_alone(step: usize, world: &World<'_, '_>) -> bool {
    let draft = world.draft(step);
    let is_harmless = match &draft.action {
        Some(Action::Task { kind, .. }) => HARMLESS.contains(&kind.as_str()),
        _ => true,
    };
    !is_harmless && !draft.says_on_error && draft.retry == Retry::NONE
}
