//! What steps give whose outputs have the same names in every run: approvals, waits for
//! events, calls that nobody waits for.
//!
//! What a task or another workflow gives is not known here.

use rpa_engine::workflow::{Call, Wait};
use rpa_engine::{Action, Ident};

use super::fields::shown;
use super::on_error::OnFailure;
use super::place::Place;
use super::reader::{Reader, Use};
use super::step::Draft;
use super::world::World;
use crate::suggest;

/// `event` in the `match` of a wait, and what the wait gives.
pub(crate) const EVENT: &[&str] = &["name", "data", "id", "at", "by"];
pub(crate) const APPROVAL: &[&str] = &["decision", "by", "comment", "fields", "at"];
/// Of a call that nobody waits for. Not bare in its `outputs`: `run` is the run of the
/// file there.
pub(crate) const DETACHED: &[&str] = &["run"];

/// The names that an action gives, when they are known.
pub(crate) fn given(action: &Action) -> Option<&'static [&'static str]> {
    match action {
        Action::Approval(_) => Some(APPROVAL),
        Action::Wait(Wait::Event(_)) => Some(EVENT),
        Action::Call(Call { detached: true, .. }) => Some(DETACHED),
        Action::Call(_)
        | Action::Wait(Wait::For { .. } | Wait::Until(_))
        | Action::Task { .. }
        | Action::Set(_)
        | Action::Group(_)
        | Action::ForEach(_)
        | Action::While(_)
        | Action::Repeat(_)
        | Action::Switch(_) => None,
    }
}

impl<'a> Reader<'a> {
    /// `steps.ok.output.decision`: `step` is the one that is named.
    pub(crate) fn output_fact(&mut self, used: &Use<'a>, path: &[String], step: &Draft<'a>) {
        // a fallback gives what it likes
        if matches!(step.on_failure, OnFailure::Fallback(..)) {
            return;
        }
        let [id, member, rest @ ..] = path else { return };
        if member == "output" {
            let own = step.outputs.keys().map(String::as_str);
            self.given_fact(used, &format!("steps.{id}.output"), rest, step, own.collect());
        }
    }

    /// `output.decision`, or `fields.reason` alone, in the `outputs` of the step itself.
    pub(crate) fn own_output_fact(
        &mut self,
        used: &Use<'a>,
        root: &str,
        path: &[String],
        world: &World<'_, 'a>,
    ) {
        let Some(step) = used.step.filter(|_| used.place == Place::StepOutput) else { return };
        let step = world.draft(step);
        match root {
            "output" => self.given_fact(used, root, path, step, Vec::new()),
            _ => self.form_fact(used, root, path, step),
        }
    }

    /// `event.data` in a `match`.
    pub(crate) fn event_fact(&mut self, used: &Use<'a>, path: &[String]) {
        if let Some(name) = path.first().filter(|name| !EVENT.contains(&name.as_str())) {
            let message = format!("an event has no {:?}", shown(name));
            let hint = suggest::hint(name, "it has", EVENT.iter().copied());
            self.undefined(used.node, &format!("event.{name}"), &message, &hint);
        }
    }

    fn given_fact(
        &mut self,
        used: &Use<'a>,
        output: &str,
        path: &[String],
        step: &Draft<'a>,
        own: Vec<&str>,
    ) {
        let Some(names) = step.action.as_ref().and_then(given) else { return };
        let [name, rest @ ..] = path else { return };
        if own.contains(&name.as_str()) {
            return;
        }
        if !names.contains(&name.as_str()) {
            let message = format!("step `{}` gives no {:?}", step.id_text, shown(name));
            let all: Vec<&str> = names.iter().copied().chain(own).collect();
            let hint = suggest::hint(name, "it gives", all.iter().copied());
            self.undefined(used.node, &format!("{output}.{name}"), &message, &hint);
        } else if name == "fields" {
            self.form_fact(used, &format!("{output}.fields"), rest, step);
        }
    }

    /// A field of the form of an approval.
    fn form_fact(&mut self, used: &Use<'a>, fields: &str, path: &[String], step: &Draft<'a>) {
        let (Some(Action::Approval(approval)), [name, ..]) = (&step.action, path) else { return };
        let known = approval.form.keys().map(Ident::as_str);
        if known.clone().any(|field| field == name) {
            return;
        }
        let id = step.id_text;
        let message = format!("the form of step `{id}` has no field {:?}", shown(name));
        let hint = match approval.form.is_empty() {
            true => format!("give {id} a `form`"),
            false => suggest::hint(name, "fields", known),
        };
        self.undefined(used.node, &format!("{fields}.{name}"), &message, &hint);
    }
}
