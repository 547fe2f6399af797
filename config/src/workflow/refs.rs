//! Whether what an expression names will be there when it is evaluated.

use rpa_engine::Ident;

use super::node::Node;
use super::outline::{Part, Rung, TOP};
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::{Reader, Use};
use super::world::World;
use crate::suggest;

impl<'a> Reader<'a> {
    /// Checks every expression that was read.
    pub(crate) fn references(&mut self, world: &World<'_, 'a>, uses: &[Use<'a>]) {
        for used in uses {
            if self.problems.is_full() {
                return;
            }
            if let Place::Trigger(sees) = used.place {
                self.trigger_names(used, sees);
                continue;
            }
            used.reads.steps.iter().for_each(|id| self.step_reference(used, id, world));
            used.reads.vars.iter().for_each(|name| self.variable_reference(used, name, world));
            used.reads.secrets.iter().for_each(|name| self.secret_reference(used, name));
            used.reads.roots.iter().for_each(|root| self.root(used, root, world));
            used.facts.iter().for_each(|fact| self.fact(used, fact, world));
            self.poll(used, world);
            self.empty_output(used, world);
        }
    }

    fn step_reference(&mut self, used: &Use<'a>, id: &Ident, world: &World<'_, 'a>) {
        let id = id.as_str();
        if used.place == Place::ConcurrencyKey {
            let message = "the `key` of `concurrency` cannot name steps: none has run by then";
            let hint = "it sees vars, run and workflow";
            let at = self.place_of(used.node, &format!("steps.{id}"));
            return self.problems.error(ProblemCode::StepReference, at, message, hint);
        }
        let (message, hint) = match sight(used, id, world) {
            Sight::Clear(_) => return,
            Sight::Itself => {
                let hint = "in a step's `outputs`, write `output` for what it gave";
                (format!("step `{id}` names itself"), hint.to_owned())
            }
            Sight::Around => {
                let message = format!("step `{id}` is around this one and has not ended here");
                let hint = format!("name the steps inside of {id} that come before");
                (message, hint)
            }
            Sight::OtherCase => {
                let message = format!("step `{id}` stands in another list of the same step");
                (message, "what stands in one case cannot name another".to_owned())
            }
            Sight::NotYet(Rung { list, step }) => (
                format!("step `{id}` need not have ended when this is read"),
                earlier(id, world.id(step), list, world),
            ),
            Sight::Hidden(step) if is_turn_before(used, step, world) => (
                format!("step `{id}` has not run when `while` is asked for the first time"),
                "`set` a variable inside and before, and name that; or write `repeat` with `until`"
                    .to_owned(),
            ),
            Sight::Hidden(step) => hidden(id, step, world),
            Sight::Nowhere => {
                let hint = match suggest::nearest(id, in_sight(used, world)) {
                    Some(near) => format!("did you mean steps.{near}?"),
                    None => "an expression can name the steps of this file".to_owned(),
                };
                (format!("there is no step `{id}`"), hint)
            }
        };
        let at = self.place_of(used.node, &format!("steps.{id}"));
        self.problems.error(ProblemCode::StepReference, at, message, hint);
    }

    /// What is read of a step that is there, where that is known.
    pub(crate) fn step_fact(&mut self, used: &Use<'a>, path: &[String], world: &World<'_, 'a>) {
        if let Some(id) = path.first()
            && let Sight::Clear(step) = sight(used, id, world)
        {
            self.output_fact(used, path, world.draft(step));
        }
    }

    fn variable_reference(&mut self, used: &Use<'a>, name: &Ident, world: &World<'_, 'a>) {
        let needle = format!("vars.{name}");
        let owner = world.outline.local(name, used.step, used.place);
        if world.taint.holds_secret(owner, name) && !used.place.takes_secrets() {
            self.misplaced_secret(used, &needle);
        }
        if owner.is_some() || world.variables.contains_key(name) {
            return;
        }
        let writers = world.writers.get(name).map_or(&[][..], Vec::as_slice);
        match (writers.first(), used.step) {
            (Some(writer), None) if used.place == Place::ConcurrencyKey => {
                let message = format!(
                    "`vars.{name}` is set by step `{}`, which need not have ended when this is read",
                    world.id(*writer)
                );
                let hint = format!("declare {name} in `variables`");
                self.undefined(used.node, &needle, &message, &hint);
            }
            (Some(_), None) => {}
            (Some(_), Some(step)) if writers.iter().any(|w| is_set(*w, step, used, world)) => {}
            (Some(writer), Some(step)) => {
                let (before, after) = world.parting_steps(*writer, step);
                let (writer, before, after) =
                    (world.id(*writer), world.id(before), world.id(after));
                let message = format!(
                    "`vars.{name}` is set by step `{writer}`, which need not have ended when this is read"
                );
                let hint = format!(
                    "add {before} to `needs` of step {after}, or declare {name} in `variables`"
                );
                self.undefined(used.node, &needle, &message, &hint);
            }
            (None, _) => self.unknown_variable(used, name, world),
        }
    }

    pub(crate) fn secret_reference(&mut self, used: &Use<'a>, name: &Ident) {
        if !used.place.takes_secrets() {
            self.misplaced_secret(used, &format!("secrets.{name}"));
        }
    }

    fn misplaced_secret(&mut self, used: &Use<'a>, needle: &str) {
        let at = self.place_of(used.node, needle);
        let message = format!("`{needle}` is secret and cannot be used in {}", used.place.words());
        let hint = used.place.instead_of_a_secret();
        self.problems.error(ProblemCode::SecretPlace, at, message, hint);
    }

    pub(crate) fn undefined(&mut self, node: &Node, needle: &str, message: &str, hint: &str) {
        let at = self.place_of(node, needle);
        self.problems.error(ProblemCode::UndefinedReference, at, message, hint);
    }
}

/// What a step is to the place where it is named.
enum Sight {
    /// It is this one, and has ended there, or nobody can tell.
    Clear(usize),
    Itself,
    Around,
    OtherCase,
    /// It stands in a list around, beside this step of it.
    NotYet(Rung),
    /// It stands inside of a step, or in a handler.
    Hidden(usize),
    Nowhere,
}

fn sight(used: &Use<'_>, id: &str, world: &World<'_, '_>) -> Sight {
    let find = |list: usize| {
        let place = world.graphs[list].find(id)?;
        Some(world.outline.lists[list].steps[place])
    };
    let elsewhere = || world.ids.anywhere(id).map_or(Sight::Nowhere, Sight::Hidden);
    let Some(site) = used.step else {
        // the run's outputs come after all steps of the file's list
        return find(TOP).map_or_else(elsewhere, Sight::Clear);
    };
    let bodies = &world.draft(site).bodies;
    if used.place.sees_body()
        && let Some(found) = bodies.iter().find_map(|list| find(*list))
    {
        return Sight::Clear(found);
    }
    let mut undoing = false;
    for rung in world.chain(site).iter().rev() {
        let part = world.part(rung.list);
        if let Some(found) = find(rung.list) {
            return match found == rung.step {
                true if undoing => Sight::Clear(found),
                true if found == site => Sight::Itself,
                true => Sight::Around,
                false if world.may_be_upstream(found, rung.step) => Sight::Clear(found),
                false => Sight::NotYet(*rung),
            };
        }
        undoing = matches!(part, Part::Compensate(_));
        let beside = part.owner().map_or(&[][..], |owner| &world.draft(owner).bodies);
        if !undoing && beside.iter().any(|list| find(*list).is_some()) {
            return Sight::OtherCase;
        }
        if matches!(part, Part::Handler(_))
            && let Some(found) = find(TOP)
        {
            return Sight::Clear(found);
        }
    }
    elsewhere()
}

/// Why a step that exists cannot be named, and what can.
fn hidden(id: &str, step: usize, world: &World<'_, '_>) -> (String, String) {
    let outermost = world.chain(step)[0];
    let around = world.id(outermost.step);
    let message = match (world.part(outermost.list), world.outline.part_of(step)) {
        (_, Part::Compensate(owner)) => {
            format!("step `{id}` only undoes step `{}`", world.id(owner))
        }
        (Part::Handler(event), _) if step == outermost.step => {
            format!("step `{id}` stands in the handler `{}`", event.word())
        }
        _ => format!("step `{id}` stands inside of step `{around}` and is not known outside"),
    };
    let hint = match world.outline.part_of(step) {
        Part::Body(owner) => {
            let owner = world.id(owner);
            format!("give {owner} `outputs` with what is needed, and read steps.{owner}.output")
        }
        _ => "nothing outside can name it".to_owned(),
    };
    (message, hint)
}

/// Whether a `while` names a step of its own body.
fn is_turn_before(used: &Use<'_>, step: usize, world: &World<'_, '_>) -> bool {
    let around = |rung: &Rung| Some(rung.step) == used.step;
    used.place == Place::While && world.chain(step).iter().any(around)
}

/// The ids that could have been meant.
fn in_sight<'a>(used: &Use<'_>, world: &World<'_, 'a>) -> impl Iterator<Item = &'a str> + Clone {
    let inside = used.step.filter(|_| used.place.sees_body());
    let inside: &[usize] = inside.map_or(&[], |step| &world.draft(step).bodies);
    let chain = used.step.map_or(&[][..], |step| world.chain(step));
    let lists = inside.iter().copied().chain(chain.iter().rev().map(|rung| rung.list));
    // a handler names the steps of the file's own list
    let lists = lists.chain([TOP]);
    lists.flat_map(|list| world.graphs[list].ids()).collect::<Vec<_>>().into_iter()
}

/// Whether step `writer` has set its variables when `used` is read at `step`.
fn is_set(writer: usize, step: usize, used: &Use<'_>, world: &World<'_, '_>) -> bool {
    let inside = || {
        let body = &world.draft(step).bodies;
        world.chain(writer).iter().any(|rung| body.contains(&rung.list))
    };
    world.may_precede(writer, step) || used.place.sees_body() && inside()
}

/// How step `id` comes to end before step `reader` of `list`. Where no step has
/// `needs` the order of the file counts, and one `needs` would make all others start
/// at once.
fn earlier(id: &str, reader: &str, list: usize, world: &World<'_, '_>) -> String {
    if world.outline.steps(list).iter().all(|draft| draft.needs.is_none()) {
        format!("move step {id} above step {reader}")
    } else {
        format!("add {id} to `needs` of step {reader}")
    }
}
