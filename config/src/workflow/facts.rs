//! Names whose meaning depends on the place: items, `loop`, `output`, `event`, and what
//! `run` has when the steps have ended.

use rpa_engine::Action;

use super::fields::shown;
use super::outline::Part;
use super::place::Place;
use super::reader::{Fact, Reader, Use};
use super::world::World;
use crate::suggest;

/// Of `loop` in a `for_each`, and in the other loops.
const ITEM_FACTS: &[&str] = &["index", "first", "last", "parent"];
const TURN_FACTS: &[&str] = &["index", "parent"];
/// Of `loop` where data.transform has it.
const EACH_FACTS: &[&str] = &["index", "index0", "first", "last", "length"];
/// Of `run`, only in handlers.
const END_FACTS: &[&str] = &["status", "error"];
/// Of `run.error`.
const ERROR_FACTS: &[&str] = &["code", "class", "message", "step"];

impl<'a> Reader<'a> {
    /// A root that is not everywhere. Names of items were resolved when the
    /// expression was read.
    pub(crate) fn root(&mut self, used: &Use<'a>, root: &str, world: &World<'_, 'a>) {
        let loops = loops_around(used, world);
        let (message, hint) = match root {
            "item" | "loop" if used.place == Place::PerItem => return,
            "loop" if loops.is_empty() => (
                "`loop` is known only inside of a loop".to_owned(),
                "for_each, while and repeat have it, and data.transform with `each` in `value` and `where`".to_owned(),
            ),
            "item" if !loops.iter().any(|step| may_have_item(*step, world)) => {
                let other = loops.iter().find_map(|step| item_of(*step, world));
                let hint = match other {
                    Some(other) => format!("the item of the loop around is called {other}"),
                    None => "for_each has it in its `steps`, and data.transform with `each` in `value` and `where`".to_owned(),
                };
                let message =
                    "`item` is known only where something is computed for each item".to_owned();
                (message, hint)
            }
            "output" if used.place == Place::BodyOutput => (
                "a step with steps inside has no output but its `outputs`".to_owned(),
                "name the steps inside: steps.ID.output".to_owned(),
            ),
            "output" if used.place != Place::StepOutput => (
                "`output` is known only in the `outputs` of a step".to_owned(),
                "elsewhere, write steps.ID.output".to_owned(),
            ),
            "event" if used.place != Place::Match => (
                "`event` is known only in the `match` of a wait for an event".to_owned(),
                "elsewhere, read what the wait gave: steps.ID.output.data".to_owned(),
            ),
            _ => return,
        };
        self.undefined(used.node, root, &message, &hint);
    }

    pub(crate) fn fact(&mut self, used: &Use<'a>, fact: &Fact, world: &World<'_, 'a>) {
        let path = &fact.path;
        match fact.root {
            "loop" => self.loop_fact(used, path, world),
            "run" => self.run_fact(used, path, world),
            "steps" => self.step_fact(used, path, world),
            // elsewhere, that has been said
            "event" if used.place == Place::Match => self.event_fact(used, path),
            "event" => {}
            root => self.own_output_fact(used, root, path, world),
        }
    }

    /// `loop.parent.index`: each `parent` is one loop further out.
    fn loop_fact(&mut self, used: &Use<'a>, path: &[String], world: &World<'_, 'a>) {
        if used.place == Place::PerItem {
            let unknown = path.first().filter(|name| !EACH_FACTS.contains(&name.as_str()));
            if let Some(name) = unknown {
                self.no_loop_fact(used, "loop", name, EACH_FACTS);
            }
            return;
        }
        let mut loops = loops_around(used, world).into_iter();
        // where there is no loop at all, that has been said
        let Some(mut inner) = loops.next() else { return };
        let mut named = "loop".to_owned();
        for name in path {
            let known = match &world.draft(inner).action {
                Some(Action::ForEach(_)) => ITEM_FACTS,
                Some(_) => TURN_FACTS,
                // a loop that cannot be read has been reported
                None => return,
            };
            if !known.contains(&name.as_str()) {
                return self.no_loop_fact(used, &named, name, known);
            }
            named = format!("{named}.{name}");
            if name != "parent" {
                return;
            }
            let Some(outer) = loops.next() else {
                let message =
                    format!("`{named}`: there is no loop around step `{}`", world.id(inner));
                let hint = "`loop` alone is the innermost loop";
                return self.undefined(used.node, &named, &message, hint);
            };
            inner = outer;
        }
    }

    fn no_loop_fact(&mut self, used: &Use<'a>, named: &str, name: &str, known: &[&str]) {
        let message = format!("`{named}` has no {:?} here", shown(name));
        let hint = if known == TURN_FACTS && ITEM_FACTS.contains(&name) {
            "nobody knows how many turns `while` and `repeat` will have: write loop.index"
                .to_owned()
        } else {
            suggest::hint(name, "it has", known.iter().copied())
        };
        self.undefined(used.node, &format!("{named}.{name}"), &message, &hint);
    }

    fn run_fact(&mut self, used: &Use<'a>, path: &[String], world: &World<'_, 'a>) {
        let [name, rest @ ..] = path else { return };
        if used.place == Place::ConcurrencyKey && name == "started_at" {
            let message = "`run.started_at` is not known in the `key` of `concurrency`";
            let hint = "the run has not begun by then: take something of vars";
            return self.undefined(used.node, "run.started_at", message, hint);
        }
        if !END_FACTS.contains(&name.as_str()) {
            return;
        }
        let in_handler = used
            .step
            .is_some_and(|step| matches!(world.part(world.chain(step)[0].list), Part::Handler(_)));
        if !in_handler {
            let message = format!("`run.{name}` is known only in `handlers`");
            let hint = "it is said when all other steps have ended";
            return self.undefined(used.node, &format!("run.{name}"), &message, hint);
        }
        if let ("error", Some(field)) = (name.as_str(), rest.first())
            && !ERROR_FACTS.contains(&field.as_str())
        {
            let message = format!("`run.error` has no {:?}", shown(field));
            let hint = suggest::hint(field, "it has", ERROR_FACTS.iter().copied());
            self.undefined(used.node, &format!("run.error.{field}"), &message, &hint);
        }
    }
}

/// The loops around a place, from the innermost outwards.
fn loops_around(used: &Use<'_>, world: &World<'_, '_>) -> Vec<usize> {
    let Some(site) = used.step else { return Vec::new() };
    let mut loops = Vec::new();
    let mut inside = used.place.in_own_loop();
    for rung in world.chain(site).iter().rev() {
        let is_loop = world.draft(rung.step).action.as_ref().is_none_or(Action::is_loop);
        if inside && is_loop {
            loops.push(rung.step);
        }
        inside = matches!(world.part(rung.list), Part::Body(_));
    }
    loops
}

/// Whether an item of the loop is called `item`; of one that cannot be read it may be.
fn may_have_item(step: usize, world: &World<'_, '_>) -> bool {
    world.draft(step).action.is_none() || item_of(step, world) == Some("item")
}

/// What an item of the loop is called.
fn item_of<'w>(step: usize, world: &'w World<'_, '_>) -> Option<&'w str> {
    match &world.draft(step).action {
        Some(Action::ForEach(each)) => Some(each.item.as_str()),
        _ => None,
    }
}
