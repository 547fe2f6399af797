//! The top level of a workflow file, and the workflow that comes out of it.

use std::collections::BTreeMap;

use rpa_engine::{Ident, Label, Step, Workflow, WorkflowRef};

use super::fields::{Fields, Keys};
use super::graph::Graph;
use super::limits::MAX_STEPS;
use super::node::{Data, Node, ScalarKind};
use super::place::Place;
use super::problem::{Problem, ProblemCode};
use super::reader::Reader;
use super::refs::World;
use super::step::{Defaults, Draft};
use super::taint::Taint;
use super::templates::Slot;
use super::variables::Variables;

const KEYS: Keys = Keys {
    owner: "a workflow",
    known: &[
        "version",
        "namespace",
        "name",
        "description",
        "tags",
        "variables",
        "defaults",
        "steps",
        "outputs",
    ],
    later: &["triggers", "concurrency", "priority", "timeout", "sla", "handlers"],
};

const DEFAULT_KEYS: Keys =
    Keys { owner: "`defaults`", known: &["timeout", "retry", "shell"], later: &[] };

/// The only version of the format so far.
const VERSION: i64 = 1;

impl<'a> Reader<'a> {
    /// Reads the whole file. The workflow is there when nothing was wrong.
    pub(crate) fn workflow(
        mut self,
        root: &'a Node,
        namespace: &Label,
    ) -> (Option<Workflow>, Vec<Problem>) {
        let workflow = self.file(root, namespace);
        let workflow = workflow.filter(|_| !self.problems.failed());
        (workflow, self.problems.into_sorted())
    }

    fn file(&mut self, root: &'a Node, namespace: &Label) -> Option<Workflow> {
        if self.is_other_version(root) {
            return None;
        }
        let fields = Fields::read(root, &KEYS, &mut self.problems)?;
        fields.require("version", "begin the file with `version: 1`", &mut self.problems);
        let name =
            fields.require("name", "write for example `name: disk-report`", &mut self.problems);
        let name = name.and_then(|node| self.label(node, "workflow name"));
        let namespace = match fields.get("namespace") {
            Some(node) => self.label(node, "namespace"),
            None => Some(namespace.clone()),
        };
        let description =
            fields.get("description").and_then(|node| self.text(node, "`description`"));
        let tags = fields.get("tags").map(|node| self.tags(node)).unwrap_or_default();
        let variables =
            fields.get("variables").map(|node| self.variables(node)).unwrap_or_default();
        let defaults = fields.get("defaults").map(|node| self.defaults(node)).unwrap_or_default();
        let drafts = self.drafts(&fields, &defaults);
        let slot = Slot::new(None, Place::RunOutput);
        let outputs =
            fields.get("outputs").map(|node| self.outputs(node, slot)).unwrap_or_default();
        let graph = self.checked_graph(&drafts, &variables);
        Some(Workflow {
            name: WorkflowRef { namespace: namespace?, name: name? },
            description: description.unwrap_or_default().to_owned(),
            tags,
            variables,
            steps: finish(drafts, &graph)?,
            outputs,
        })
    }

    /// Another version has other keys: they would all be reported as unknown.
    fn is_other_version(&mut self, root: &'a Node) -> bool {
        let Data::Map(entries) = &root.data else { return false };
        let Some(entry) = entries.iter().find(|e| e.key == "version") else { return false };
        let (message, other) = match entry.node.scalar().map(|s| s.kind) {
            Some(ScalarKind::Int(VERSION)) => return false,
            Some(ScalarKind::Int(n)) => (format!("this is a file of version {n}"), true),
            _ => (format!("`version` is a number; here is {}", entry.node.described()), false),
        };
        let hint = "this rpad reads version 1: write `version: 1`";
        self.wrong_type(entry.node.at, message, hint);
        other
    }

    fn label(&mut self, node: &'a Node, what: &str) -> Option<Label> {
        let text = self.text(node, &format!("the {what}"))?;
        self.name(text, node.at, what)
    }

    fn tags(&mut self, node: &'a Node) -> Vec<String> {
        let Data::List(items) = &node.data else {
            let message = format!("`tags` is a list; here is {}", node.described());
            self.wrong_type(node.at, message, "write for example [disk, nightly]");
            return Vec::new();
        };
        items.iter().filter_map(|item| self.filled_text(item, "a tag")).map(str::to_owned).collect()
    }

    fn defaults(&mut self, node: &'a Node) -> Defaults {
        let Some(fields) = Fields::read(node, &DEFAULT_KEYS, &mut self.problems) else {
            return Defaults::default();
        };
        Defaults {
            timeout_ms: fields.get("timeout").and_then(|node| self.timeout_ms(node, "`timeout`")),
            retry: fields.get("retry").and_then(|node| self.retry(node, false)),
            shell: fields.get("shell").and_then(|node| self.shell(node)),
        }
    }

    fn drafts(&mut self, fields: &Fields<'a>, defaults: &Defaults) -> Vec<Draft<'a>> {
        const HINT: &str = "a workflow has at least one step: `- {id: hello, run: echo hello}`";
        let Some(node) = fields.require("steps", HINT, &mut self.problems) else {
            return Vec::new();
        };
        let items = match &node.data {
            Data::List(items) if items.len() > MAX_STEPS => {
                let message = format!("{} steps; at most {MAX_STEPS} are allowed", items.len());
                let hint = "split the workflow";
                self.problems.error(ProblemCode::FileLimit, node.at, message, hint);
                return Vec::new();
            }
            Data::List(items) if !items.is_empty() => items,
            Data::List(_) => {
                self.problems.error(ProblemCode::MissingKey, node.at, "`steps` is empty", HINT);
                return Vec::new();
            }
            _ => {
                let message = format!("`steps` is a list; here is {}", node.described());
                self.wrong_type(node.at, message, HINT);
                return Vec::new();
            }
        };
        let mut drafts = Vec::new();
        for item in items {
            let index = drafts.len();
            drafts.extend(self.step(item, index, defaults));
        }
        drafts
    }

    /// Everything that can be said only when all steps are known.
    fn checked_graph(&mut self, drafts: &[Draft<'a>], variables: &Variables) -> Graph<'a> {
        let graph = Graph::build(drafts, &mut self.problems);
        let taint = Taint::of(variables, &self.writes);
        let mut writers = BTreeMap::<Ident, Vec<usize>>::new();
        for write in &self.writes {
            writers.entry(write.variable.clone()).or_default().push(write.step);
        }
        let world = World { drafts, variables, graph: &graph, taint: &taint, writers: &writers };
        self.references(&world);
        self.written_variables(&world);
        graph
    }
}

/// The steps with their edges; `None` when one could not be read.
fn finish(drafts: Vec<Draft<'_>>, graph: &Graph<'_>) -> Option<Vec<Step>> {
    let ids: Vec<Ident> = drafts.iter().map(|draft| draft.id.clone()).collect::<Option<_>>()?;
    let steps = drafts.into_iter().enumerate().map(|(step, draft)| {
        Some(Step {
            id: ids[step].clone(),
            name: draft.name.to_owned(),
            needs: graph.parents[step].iter().map(|parent| ids[*parent].clone()).collect(),
            condition: draft.condition,
            action: draft.action?,
            effect: draft.effect,
            timeout_ms: draft.timeout_ms,
            retry: draft.retry,
            outputs: draft.outputs,
        })
    });
    steps.collect()
}
