//! `after` of a trigger: runs of another workflow that have ended.

use rpa_engine::run::RunStatus;
use rpa_engine::trigger::Chain;

use super::fields::{Fields, Keys};
use super::node::{Data, Node};
use super::problem::ProblemCode;
use super::reader::Reader;
use super::schedules::given;
use super::sees::Kind;

pub(crate) const KEYS: Keys =
    Keys { owner: "`after`", known: &["workflow", "status", "match"], later: &[] };

/// What a run may have ended as.
pub(crate) const STATUSES: [RunStatus; 3] =
    [RunStatus::Completed, RunStatus::Failed, RunStatus::Cancelled];

impl<'a> Reader<'a> {
    /// The name of a workflow, or a map.
    pub(crate) fn chain(&mut self, node: &'a Node) -> Option<Chain> {
        let example = "write for example nightly-load, or {workflow: nightly-load, status: failed}";
        match &node.data {
            Data::Map(_) => {}
            Data::Scalar(_) if node.text().is_some() => {
                let workflow = self.chained(node, "`after`")?;
                return Some(Chain { workflow, statuses: vec![RunStatus::Completed], fits: None });
            }
            Data::Scalar(_) | Data::List(_) => {
                let message = format!(
                    "`after` is the name of a workflow or a map; here is {}",
                    node.described()
                );
                self.wrong_type(node.at, message, example);
                return None;
            }
        }
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let workflow = fields.require("workflow", example, &mut self.problems);
        let workflow = workflow.and_then(|node| self.chained(node, "`workflow`"));
        let words = STATUSES.map(|status| (status.word(), status));
        let statuses = fields.get("status").map(|node| self.choices_of(node, "status", &words));
        let fits = fields.get("match").map(|node| self.trigger_match(node, Kind::After));
        Some(Chain {
            workflow: workflow?,
            statuses: given(statuses)?.unwrap_or_else(|| vec![RunStatus::Completed]),
            fits: given(fits)?,
        })
    }

    /// Another workflow: after itself it would run for ever. Longer circles are found when
    /// it is published, where the other workflows are known.
    fn chained(&mut self, node: &'a Node, key: &str) -> Option<rpa_engine::WorkflowRef> {
        let hint = "make a trigger for each of the workflows";
        let workflow = self.workflow_name(node, key, "workflow", hint)?;
        if self.own_name.as_ref() == Some(&workflow) {
            let message = format!("the workflow would start after itself: {workflow}");
            let hint = "its runs would never end: write a `schedule` with `every`, or repeat steps with `repeat`";
            self.problems.error(ProblemCode::Cycle, node.at, message, hint);
            return None;
        }
        Some(workflow)
    }

    /// One of `words`, or a list of them, in their order. `key` stands without quotes.
    pub(crate) fn choices_of<T: Copy + PartialEq>(
        &mut self,
        node: &'a Node,
        key: &str,
        words: &[(&'static str, T)],
    ) -> Option<Vec<T>> {
        let items = match &node.data {
            Data::List(items) => &items[..],
            Data::Scalar(_) | Data::Map(_) => std::slice::from_ref(node),
        };
        if items.is_empty() {
            let allowed: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            let hint = format!("write one or more of {}", allowed.join(", "));
            self.problems.error(
                ProblemCode::MissingKey,
                node.at,
                format!("`{key}` is empty"),
                hint,
            );
            return None;
        }
        let (mut found, mut is_read) = (Vec::new(), true);
        for item in items {
            let Some(value) = self.choice(item, &format!("`{key}`"), words) else {
                is_read = false;
                continue;
            };
            if found.contains(&value) {
                let word = item.text().unwrap_or_default();
                let message = format!("{word:?} is in `{key}` already");
                self.problems.error(ProblemCode::Duplicate, item.at, message, "take it out");
            }
            found.push(value);
        }
        let in_order = words.iter().map(|(_, value)| *value).filter(|value| found.contains(value));
        is_read.then(|| in_order.collect())
    }
}
