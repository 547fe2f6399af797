//! What a test says must come of its run.

use std::collections::BTreeMap;

use rpa_engine::run::{Promise, RunStatus, StepStatus};
use rpa_engine::{Map, StepPath, Value};

use super::read::Tests;
use super::{At, Expect, ExpectStep};
use crate::workflow::fields::{Fields, Keys};
use crate::workflow::node::{Data, Node};

pub(super) const EXPECT_KEYS: Keys = Keys {
    owner: "`expect`",
    known: &["status", "error", "path", "steps", "inputs", "outputs", "within", "late"],
    later: &[],
};

pub(super) const ERROR_KEYS: Keys =
    Keys { owner: "an expected error", known: &["code", "class", "message", "step"], later: &[] };

pub(super) const STEP_KEYS: Keys = Keys {
    owner: "an expected step",
    known: &["status", "attempts", "output", "error"],
    later: &[],
};

pub(super) const INPUT_KEYS: Keys = Keys {
    owner: "an expected input",
    known: &["with", "env", "message", "show", "approvers"],
    later: &[],
};

pub(super) const PROMISE_WORDS: [Promise; 2] = [Promise::Start, Promise::Finish];

/// In which a run of a test can be when nothing more happens.
pub(super) const RUN_WORDS: [RunStatus; 4] =
    [RunStatus::Completed, RunStatus::Failed, RunStatus::Cancelled, RunStatus::InDoubt];

/// In which a step can be then.
pub(super) const STEP_WORDS: [StepStatus; 6] = [
    StepStatus::Completed,
    StepStatus::Failed,
    StepStatus::Skipped,
    StepStatus::Cancelled,
    StepStatus::InDoubt,
    StepStatus::Pending,
];

impl Expect {
    /// What is expected when nothing is said.
    pub fn completed() -> Expect {
        Expect {
            status: RunStatus::Completed,
            error: None,
            path: None,
            steps: BTreeMap::new(),
            inputs: BTreeMap::new(),
            outputs: None,
            within_ms: None,
            late: None,
        }
    }
}

impl<'a> Tests<'a> {
    pub(super) fn expect(&mut self, node: &'a Node) -> Option<Expect> {
        let fields = Fields::read(node, &EXPECT_KEYS, &mut self.reader.problems)?;
        let words = RUN_WORDS.map(|status| (status.word(), status));
        let status =
            fields.get("status").and_then(|node| self.reader.choice(node, "`status`", &words));
        let error = fields.get("error").and_then(|node| self.expected_error(node));
        let path = fields.get("path").and_then(|node| self.expected_path(node));
        let steps = fields.get("steps").map(|node| self.expected_steps(node));
        let inputs = fields.get("inputs").map(|node| self.expected_inputs(node));
        let outputs = fields.get("outputs").and_then(|node| self.any_map(node, "`outputs`"));
        let within =
            fields.get("within").and_then(|node| self.reader.duration_ms(node, "`within`"));
        let late = fields.get("late").and_then(|node| self.expected_late(node));
        let usual = if error.is_some() { RunStatus::Failed } else { RunStatus::Completed };
        Some(Expect {
            status: status.unwrap_or(usual),
            error,
            path,
            steps: steps.unwrap_or_default(),
            inputs: inputs.unwrap_or_default(),
            outputs,
            within_ms: within,
            late,
        })
    }

    fn expected_late(&mut self, node: &'a Node) -> Option<Vec<Promise>> {
        let Data::List(items) = &node.data else {
            let message = format!("`late` is a list; here is {}", node.described());
            self.reader.wrong_type(node.at, message, "write for example [finish]");
            return None;
        };
        let words = PROMISE_WORDS.map(|promise| (promise.word(), promise));
        let mut late: Vec<Promise> = items
            .iter()
            .filter_map(|item| self.reader.choice(item, "a promise of `late`", &words))
            .collect();
        late.sort_unstable();
        late.dedup();
        Some(late)
    }

    fn expected_error(&mut self, node: &'a Node) -> Option<Map> {
        let fields = Fields::read(node, &ERROR_KEYS, &mut self.reader.problems)?;
        for key in ERROR_KEYS.known {
            if let Some(node) = fields.get(key) {
                self.reader.text(node, &format!("`{key}`"));
            }
        }
        self.any_map(node, "`error`")
    }

    fn expected_path(&mut self, node: &'a Node) -> Option<Vec<At<StepPath>>> {
        let Data::List(items) = &node.data else {
            let message = format!("`path` is a list; here is {}", node.described());
            self.reader.wrong_type(node.at, message, "write for example [fetch, parse]");
            return None;
        };
        let path = |item: &'a Node| {
            let text = self.reader.text(item, "a step of `path`")?;
            let value = self.path(text, item.at)?;
            Some(At { at: item.at, value })
        };
        Some(items.iter().filter_map(path).collect())
    }

    fn expected_steps(&mut self, node: &'a Node) -> BTreeMap<StepPath, At<ExpectStep>> {
        let mut steps = BTreeMap::new();
        for entry in self.entries(node, "`steps` of `expect`") {
            let path = self.path::<StepPath>(&entry.key, entry.key_at);
            if let (Some(path), Some(value)) = (path, self.expected_step(&entry.node)) {
                steps.insert(path, At { at: entry.key_at, value });
            }
        }
        steps
    }

    /// A word for the status, or a map.
    fn expected_step(&mut self, node: &'a Node) -> Option<ExpectStep> {
        let words = STEP_WORDS.map(|status| (status.word(), status));
        if node.text().is_some() {
            let status = Some(self.reader.choice(node, "`status`", &words)?);
            return Some(ExpectStep { status, ..ExpectStep::default() });
        }
        let fields = Fields::read(node, &STEP_KEYS, &mut self.reader.problems)?;
        let status =
            fields.get("status").and_then(|node| self.reader.choice(node, "`status`", &words));
        let attempts = fields.get("attempts");
        let attempts = attempts.and_then(|node| self.number(node, "`attempts`", 0..=1_000_000));
        let error = fields.get("error").and_then(|node| self.expected_error(node));
        Some(ExpectStep {
            status,
            attempts: attempts.and_then(|n| u32::try_from(n).ok()),
            output: fields.get("output").map(Node::literal),
            error,
        })
    }

    fn expected_inputs(&mut self, node: &'a Node) -> BTreeMap<StepPath, At<Value>> {
        let mut inputs = BTreeMap::new();
        for entry in self.entries(node, "`inputs` of `expect`") {
            let path = self.path::<StepPath>(&entry.key, entry.key_at);
            let fields = Fields::read(&entry.node, &INPUT_KEYS, &mut self.reader.problems);
            if let (Some(path), Some(_)) = (path, fields) {
                inputs.insert(path, At { at: entry.key_at, value: entry.node.literal() });
            }
        }
        inputs
    }

    fn any_map(&mut self, node: &'a Node, what: &str) -> Option<Map> {
        match node.literal() {
            Value::Map(fields) => Some(fields),
            _ => {
                self.entries(node, what);
                None
            }
        }
    }
}
