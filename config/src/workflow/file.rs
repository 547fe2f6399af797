//! The top level of a workflow file, and the workflow that comes out of it.

use rpa_engine::workflow::{Handlers, Priority};
use rpa_engine::{Label, Workflow, WorkflowRef};

use super::Checked;
use super::fields::{Fields, Keys};
use super::finish::Finisher;
use super::graph::Graph;
use super::node::{Data, Node, ScalarKind};
use super::outline::{Event, Outline, Part};
use super::place::Place;
use super::reader::Reader;
use super::step::Defaults;
use super::templates::Slot;
use super::together::CallSite;
use super::variables::Variables;
use super::world::World;

pub(crate) const KEYS: Keys = Keys {
    owner: "a workflow",
    known: &[
        "version",
        "namespace",
        "name",
        "description",
        "tags",
        "category",
        "variables",
        "triggers",
        "priority",
        "timeout",
        "concurrency",
        "sla",
        "defaults",
        "steps",
        "outputs",
        "handlers",
    ],
    later: &[],
};

pub(crate) const DEFAULT_KEYS: Keys =
    Keys { owner: "`defaults`", known: &["timeout", "retry", "shell"], later: &[] };

/// The only version of the format so far.
const VERSION: i64 = 1;

impl<'a> Reader<'a> {
    /// Reads the whole file. The workflow is there when nothing was wrong.
    pub(crate) fn workflow(mut self, root: &'a Node, namespace: &Label) -> Checked {
        let (workflow, calls) = self.file(root, namespace).unzip();
        let workflow = workflow.filter(|_| !self.problems.failed());
        let calls = calls.unwrap_or_default();
        Checked { workflow, calls, problems: self.problems.into_sorted() }
    }

    fn file(&mut self, root: &'a Node, caller: &Label) -> Option<(Workflow, Vec<CallSite>)> {
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
            None => Some(caller.clone()),
        };
        self.namespace = namespace.clone().or(Some(caller.clone()));
        self.own_name = namespace
            .clone()
            .zip(name.clone())
            .map(|(namespace, name)| WorkflowRef { namespace, name });
        let description =
            fields.get("description").and_then(|node| self.text(node, "`description`"));
        let tags = fields.get("tags").map(|node| self.tags(node)).unwrap_or_default();
        let category = fields.get("category").map(|node| self.label(node, "category"));
        let variables =
            fields.get("variables").map(|node| self.variables(node)).unwrap_or_default();
        let triggers = fields.get("triggers").map(|node| self.triggers(node, &variables));
        let words = Priority::ALL.map(|priority| (priority.word(), priority));
        let priority =
            fields.get("priority").and_then(|node| self.choice(node, "`priority`", &words));
        let timeout_ms =
            fields.get("timeout").and_then(|node| self.timeout_ms(node, "the run's `timeout`"));
        let concurrency = fields.get("concurrency").and_then(|node| self.concurrency(node));
        let sla = fields.get("sla").and_then(|node| self.sla(node));
        self.defaults = fields.get("defaults").map(|node| self.defaults(node)).unwrap_or_default();
        let steps = fields.require("steps", STEPS, &mut self.problems);
        // there in any case: handlers can name what is in it
        let top = self.outline.add_list(Part::Top);
        let steps = steps.map(|node| self.fill_list(top, node, "`steps`"));
        let handlers = fields.get("handlers").map(|node| self.handlers(node)).unwrap_or_default();
        let slot = Slot::new(None, Place::RunOutput);
        let outputs =
            fields.get("outputs").map(|node| self.outputs(node, slot)).unwrap_or_default();
        let outline = std::mem::take(&mut self.outline);
        let (graphs, calls) = self.checked(&outline, &variables);
        let finisher = Finisher { outline: &outline, graphs: &graphs };
        let list_of = |event: Event| match handlers.iter().find(|(found, _)| *found == event) {
            Some((_, list)) => finisher.list(*list),
            None => Some(Vec::new()),
        };
        let workflow = Workflow {
            name: WorkflowRef { namespace: namespace?, name: name? },
            description: description.unwrap_or_default().to_owned(),
            tags,
            variables,
            steps: finisher.list(steps.map(|()| top)?)?,
            outputs,
            timeout_ms,
            priority: priority.unwrap_or_default(),
            category: category.flatten().map(String::from).unwrap_or_default(),
            concurrency,
            sla,
            handlers: Handlers {
                success: list_of(Event::Success)?,
                failure: list_of(Event::Failure)?,
                cancel: list_of(Event::Cancel)?,
                finally: list_of(Event::Finally)?,
            },
            triggers: triggers.unwrap_or_default(),
        };
        Some((workflow, calls))
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

    /// Everything that can be said only when all steps are known.
    fn checked(
        &mut self,
        outline: &Outline<'a>,
        variables: &Variables,
    ) -> (Vec<Graph<'a>>, Vec<CallSite>) {
        let (uses, writes) = (std::mem::take(&mut self.uses), std::mem::take(&mut self.writes));
        let sites = std::mem::take(&mut self.sites);
        let world = World::new(outline, variables, &writes, &mut self.problems);
        self.references(&world, &uses);
        self.written_variables(&world, &writes);
        self.nested_claims(&world);
        let calls = sites.into_iter().map(|site| CallSite::of(site, &world)).collect();
        (world.graphs, calls)
    }
}

const STEPS: &str = "a workflow has at least one step: `- {id: hello, run: echo hello}`";
