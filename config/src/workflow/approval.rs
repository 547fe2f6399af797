//! `approval`: people are asked, and the run waits for them.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::workflow::Approval;
use rpa_engine::{Action, Ident, OnTimeout, Template, Value};

use super::body::Body;
use super::fields::{Fields, Keys, shown};
use super::limits::{MAX_APPROVER, QUORUM};
use super::node::{Data, Node};
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::Reader;
use super::templates::Slot;
use super::variables::{FORM, Variables};

pub(crate) const KEYS: Keys = Keys {
    owner: "`approval`",
    known: &[
        "message",
        "show",
        "form",
        "approvers",
        "quorum",
        "self_approval",
        "timeout",
        "on_timeout",
    ],
    later: &[],
};

/// `approve` is said of the step as a whole: it goes on.
pub(crate) const ON_TIMEOUT: [(&str, OnTimeout); 3] =
    [("fail", OnTimeout::Fail), ("approve", OnTimeout::Continue), ("reject", OnTimeout::Reject)];

const EXAMPLE: &str = "write for example {message: \"Delete all?\"}";

impl<'a> Reader<'a> {
    pub(crate) fn approval(&mut self, node: &'a Node, step: usize) -> Option<Body> {
        let approval = match &node.data {
            Data::Map(_) => self.asked(node, step),
            Data::Scalar(_) if node.text().is_some() => self.plain_question(node, step),
            Data::Scalar(_) | Data::List(_) => {
                let message =
                    format!("`approval` is a message or a map; here is {}", node.described());
                self.wrong_type(node.at, message, EXAMPLE);
                None
            }
        };
        Some(Body::pure(Action::Approval(Box::new(approval?))))
    }

    /// `approval: "Delete all?"`
    fn plain_question(&mut self, node: &'a Node, step: usize) -> Option<Approval> {
        Some(Approval {
            message: self.question(node, "`approval`", step)?,
            show: BTreeMap::new(),
            form: Variables::new(),
            approvers: Vec::new(),
            quorum: 1,
            self_approval: true,
            timeout_ms: None,
            on_timeout: OnTimeout::Fail,
        })
    }

    /// Each key is read before one that is wrong ends it, so that all are reported.
    fn asked(&mut self, node: &'a Node, step: usize) -> Option<Approval> {
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let message = fields.require("message", EXAMPLE, &mut self.problems);
        let message = message.and_then(|node| self.question(node, "`message`", step));
        let show = fields.get("show").map(|node| self.shown_values(node, step));
        let form = fields.get("form").map(|node| self.approval_form(node));
        let approvers = fields.get("approvers").map(|node| self.approvers(node, step));
        let quorum = fields.get("quorum").map(|node| self.count(node, "`quorum`", &QUORUM));
        let own = fields.get("self_approval").map(|node| self.boolean(node, "`self_approval`"));
        let (timeout, on_timeout) = self.patience(&fields, &ON_TIMEOUT);
        let approval = Approval {
            message: message?,
            show: show.unwrap_or_default(),
            form: form.unwrap_or_default(),
            approvers: approvers.unwrap_or(Some(Vec::new()))?,
            quorum: quorum.unwrap_or(Some(1))?,
            self_approval: own.unwrap_or(Some(true))?,
            timeout_ms: timeout?,
            on_timeout: on_timeout?,
        };
        self.reachable_quorum(&approval, &fields);
        Some(approval)
    }

    /// `timeout` and `on_timeout` of something that waits for the world.
    pub(crate) fn patience(
        &mut self,
        fields: &Fields<'a>,
        words: &[(&'static str, OnTimeout)],
    ) -> (Option<Option<u64>>, Option<OnTimeout>) {
        let timeout = match fields.get("timeout") {
            Some(node) => self.timeout_ms(node, "`timeout`").map(Some),
            None => Some(None),
        };
        let Some(entry) = fields.entry("on_timeout") else {
            return (timeout, Some(OnTimeout::Fail));
        };
        let on_timeout = self.choice(&entry.node, "`on_timeout`", words);
        if fields.get("timeout").is_none() {
            self.useless_without(entry.key_at, "on_timeout", "timeout");
        }
        (timeout, on_timeout)
    }

    /// Text that people read.
    fn question(&mut self, node: &'a Node, what: &str, step: usize) -> Option<Template> {
        self.filled_text(node, what)?;
        Some(self.template(node, Slot::new(Some(step), Place::Approval)))
    }

    fn shown_values(&mut self, node: &'a Node, step: usize) -> BTreeMap<String, Template> {
        let Data::Map(entries) = &node.data else {
            let message = format!("`show` is a map; here is {}", node.described());
            self.wrong_type(node.at, message, "write names and expressions");
            return BTreeMap::new();
        };
        let slot = Slot::new(Some(step), Place::Approval);
        let mut show = BTreeMap::new();
        for entry in entries {
            let name = self.name::<Ident>(&entry.key, entry.key_at, "shown value");
            let template = self.template(&entry.node, slot);
            show.extend(name.map(|name| (name.into(), template)));
        }
        show
    }

    fn approval_form(&mut self, node: &'a Node) -> Variables {
        self.declarations(node, &FORM)
    }

    /// Users and groups, or expressions that give them; one or a list.
    fn approvers(&mut self, node: &'a Node, step: usize) -> Option<Vec<Template>> {
        let items = match &node.data {
            Data::List(items) if items.is_empty() => {
                let hint =
                    "name somebody, or take it out: then everybody who may use rpad can approve";
                self.wrong_type(node.at, "`approvers` is empty", hint);
                return None;
            }
            Data::List(items) => &items[..],
            Data::Scalar(_) | Data::Map(_) => std::slice::from_ref(node),
        };
        let mut seen = BTreeSet::new();
        let found: Vec<_> = items.iter().map(|item| self.approver(item, step, &mut seen)).collect();
        found.into_iter().collect()
    }

    fn approver(
        &mut self,
        node: &'a Node,
        step: usize,
        seen: &mut BTreeSet<&'a str>,
    ) -> Option<Template> {
        let text = self.filled_text(node, "an approver")?;
        let template = self.template(node, Slot::new(Some(step), Place::Approvers));
        if template.as_literal().is_none() || text.contains("{{") {
            return Some(template);
        }
        self.person(node, text, "approver", seen)?;
        Some(template)
    }

    /// A user, or a group with `@` before it; `what` names it in messages.
    pub(crate) fn person(
        &mut self,
        node: &Node,
        text: &'a str,
        what: &str,
        seen: &mut BTreeSet<&'a str>,
    ) -> Option<&'a str> {
        let name = text.strip_prefix('@').unwrap_or(text);
        let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ':' | '/');
        if name.is_empty()
            || name.starts_with('@')
            || name.contains(odd)
            || text.len() > MAX_APPROVER
        {
            let message = format!("{:?} is no name of a user or a group", shown(text));
            let hint = "write for example [alice, \"@ops\"], a group with @ before it";
            self.problems.error(ProblemCode::BadName, node.at, message, hint);
            return None;
        }
        if !seen.insert(text) {
            let message = format!("the {what} {:?} is named twice", shown(text));
            self.problems.error(ProblemCode::Duplicate, node.at, message, "keep one of the two");
        }
        Some(text)
    }

    /// Where all approvers are users by name, there are at least as many as are needed.
    fn reachable_quorum(&mut self, approval: &Approval, fields: &Fields<'a>) {
        let Approval { approvers, quorum, .. } = approval;
        let is_user = |approver: &Template| match approver {
            Template::Literal(Value::Text(name)) => !name.starts_with('@'),
            _ => false,
        };
        let count = approvers.len();
        let fits = usize::try_from(*quorum).is_ok_and(|quorum| quorum <= count);
        if count == 0 || fits || !approvers.iter().all(is_user) {
            return;
        }
        let at = fields.get("quorum").map_or(fields.at, |node| node.at);
        let message = format!("`quorum` is {quorum}, and `approvers` names only {count}");
        self.wrong_type(at, message, "lower it, or name more approvers or a group");
    }
}
