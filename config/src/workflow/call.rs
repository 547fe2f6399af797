//! `workflow`: a run of another workflow, as a step.

use std::collections::BTreeMap;

use rpa_engine::workflow::Call;
use rpa_engine::{Action, EffectClass, Ident, Template, WorkflowRef};

use super::body::Body;
use super::fields::{Fields, shown};
use super::node::{Data, Node, ScalarKind};
use super::place::Place;
use super::problem::{Pos, ProblemCode};
use super::reader::Reader;
use super::templates::Slot;

/// Where a file calls a workflow. What that one takes is known only with its file.
#[derive(Debug)]
pub(crate) struct Site<'a> {
    pub(crate) workflow: WorkflowRef,
    pub(crate) step: usize,
    pub(crate) at: Pos,
    pub(crate) with: Vec<Given<'a>>,
}

/// A variable that a call gives.
#[derive(Debug)]
pub(crate) struct Given<'a> {
    pub(crate) name: Ident,
    pub(crate) key_at: Pos,
    pub(crate) node: &'a Node,
    pub(crate) template: Template,
}

impl<'a> Reader<'a> {
    pub(crate) fn call(
        &mut self,
        node: &'a Node,
        fields: &Fields<'a>,
        index: usize,
    ) -> Option<Body> {
        let workflow = self.called(node);
        let given = fields.get("with").map(|with| self.given_variables(with, index));
        let detached = match fields.get("detached") {
            Some(node) => self.boolean(node, "`detached`"),
            None => Some(false),
        };
        let workflow = workflow?;
        let given = given.unwrap_or_default();
        let with: BTreeMap<String, Template> =
            given.iter().map(|g| (g.name.as_str().to_owned(), g.template.clone())).collect();
        self.sites.push(Site { workflow: workflow.clone(), step: index, at: node.at, with: given });
        let call = Call { workflow, with, detached: detached? };
        // what that run does is known only where it is described
        Some(Body { action: Action::Call(call), effect: EffectClass::Unknown })
    }

    /// Which workflows a file calls is known before it runs.
    fn called(&mut self, node: &'a Node) -> Option<WorkflowRef> {
        let hint = "to choose between several, write `switch` with a step for each";
        let called = self.workflow_name(node, "`workflow`", "called workflow", hint)?;
        if self.own_name.as_ref() == Some(&called) {
            let message = format!("the workflow calls itself: {called} -> {called}");
            let hint = "its runs would never end: repeat steps with `while` or `repeat`";
            self.problems.error(ProblemCode::Cycle, node.at, message, hint);
            return None;
        }
        Some(called)
    }

    /// `NAME` or `NAMESPACE/NAME`. `what` names it in messages, without an article; `instead`
    /// says what to do for want of expressions.
    pub(crate) fn workflow_name(
        &mut self,
        node: &'a Node,
        key: &str,
        what: &str,
        instead: &str,
    ) -> Option<WorkflowRef> {
        let text = self.filled_text(node, key)?;
        if text.contains("{{") {
            let message = format!("{key} is the name of a workflow, and takes no expression");
            self.wrong_type(node.at, message, instead);
            return None;
        }
        if text.matches('/').count() > 1 {
            let message = format!("the {what} {:?} is not NAME or NAMESPACE/NAME", shown(text));
            let hint = "write for example finance/billing";
            self.problems.error(ProblemCode::BadName, node.at, message, hint);
            return None;
        }
        match text.split_once('/') {
            None => Some(WorkflowRef {
                namespace: self.namespace.clone()?,
                name: self.name(text, node.at, what)?,
            }),
            Some((namespace, name)) => {
                let namespace = self.name(namespace, node.at, "namespace");
                let name = self.name(name, node.at, what);
                Some(WorkflowRef { namespace: namespace?, name: name? })
            }
        }
    }

    fn given_variables(&mut self, node: &'a Node, step: usize) -> Vec<Given<'a>> {
        let Data::Map(entries) = &node.data else {
            let message = format!("`with` is a map; here is {}", node.described());
            let hint = "write the variables of the workflow and their values";
            self.wrong_type(node.at, message, hint);
            return Vec::new();
        };
        let slot = Slot::new(Some(step), Place::CallWith);
        let mut given = Vec::new();
        for entry in entries {
            let name = self.name::<Ident>(&entry.key, entry.key_at, "variable");
            let template = self.template(&entry.node, slot);
            let Some(name) = name else { continue };
            given.push(Given { name, key_at: entry.key_at, node: &entry.node, template });
        }
        given
    }
}

/// Whether a step says that nobody waits for the run that it calls.
pub(crate) fn is_detached(fields: &Fields<'_>) -> bool {
    let scalar = fields.get("detached").and_then(Node::scalar);
    scalar.is_some_and(|scalar| scalar.kind == ScalarKind::Bool(true))
}
