//! `switch`: one of several lists of steps, by a value.

use rpa_engine::workflow::{Case, Switch};
use rpa_engine::{Action, Template};

use super::body::Body;
use super::fields::{Fields, shown};
use super::node::{Data, Node};
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::Reader;
use super::templates::Slot;

const CASES: &str = "write for example `cases: {\"80\": [{id: usual, run: echo usual}]}`";

impl<'a> Reader<'a> {
    /// The lists of the cases come first among the bodies, that of `default` last.
    pub(crate) fn switch(
        &mut self,
        on: &'a Node,
        fields: &Fields<'a>,
        index: usize,
    ) -> Option<Body> {
        let on = self.switched(on, index);
        let cases = fields.require("cases", CASES, &mut self.problems);
        let cases = cases.and_then(|node| self.cases(node, index));
        if let Some(node) = fields.get("default") {
            self.inner_list(node, index, "`default`");
        }
        let (on, cases) = (on?, cases?);
        Some(Body::pure(Action::Switch(Switch { on, cases, default: Vec::new() })))
    }

    fn switched(&mut self, node: &'a Node, index: usize) -> Option<Template> {
        let template = self.template(node, Slot::new(Some(index), Place::Switch));
        if matches!(template, Template::Expr(_) | Template::Text(_)) {
            return Some(template);
        }
        // an expression that cannot be read has been reported
        if !node.text().is_some_and(|text| text.contains("{{")) {
            let message = format!("`switch` is an expression; here is {}", node.described());
            let hint = match node.text() {
                Some(text) => format!("write \"{{{{ {} }}}}\"", shown(text.trim())),
                None => "write for example \"{{ vars.kind }}\"".to_owned(),
            };
            self.wrong_type(node.at, message, hint);
        }
        None
    }

    fn cases(&mut self, node: &'a Node, index: usize) -> Option<Vec<Case>> {
        let entries = match &node.data {
            Data::Map(entries) if !entries.is_empty() => entries,
            Data::Map(_) => {
                let message = "`cases` is empty";
                self.problems.error(ProblemCode::MissingKey, node.at, message, CASES);
                return None;
            }
            _ => {
                let message = format!("`cases` is a map; here is {}", node.described());
                self.wrong_type(node.at, message, CASES);
                return None;
            }
        };
        let mut cases = Vec::new();
        for entry in entries {
            self.inner_list(&entry.node, index, &format!("the case {:?}", shown(&entry.key)));
            cases.push(Case { value: entry.key.clone(), steps: Vec::new() });
        }
        Some(cases)
    }
}
