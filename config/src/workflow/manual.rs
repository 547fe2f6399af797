//! `manual` of a trigger: people, and what they may give.

use std::collections::BTreeSet;

use rpa_engine::Ident;
use rpa_engine::trigger::Manual;

use super::fields::{Fields, Keys};
use super::limits::MAX_WHO;
use super::node::{Data, Node};
use super::problem::ProblemCode;
use super::reader::Reader;
use super::schedules::given;
use super::variables::Variables;

pub(crate) const KEYS: Keys = Keys { owner: "`manual`", known: &["who", "variables"], later: &[] };

impl<'a> Reader<'a> {
    pub(crate) fn manual(&mut self, node: &'a Node, variables: &Variables) -> Option<Manual> {
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let who = fields.get("who").map(|node| self.who(node));
        let may_give = fields.get("variables").map(|node| self.may_give(node, variables));
        Some(Manual { who: given(who)?.unwrap_or_default(), variables: given(may_give)? })
    }

    /// Users and groups, one or a list.
    fn who(&mut self, node: &'a Node) -> Option<Vec<String>> {
        let items = match &node.data {
            Data::List(items) => &items[..],
            Data::Scalar(_) | Data::Map(_) => std::slice::from_ref(node),
        };
        if items.is_empty() {
            let hint =
                "name somebody, or take it out: then everybody who may use rpad can start it";
            self.wrong_type(node.at, "`who` is empty", hint);
            return None;
        }
        if let Some(item) = items.get(MAX_WHO) {
            let message = format!("`who` has more than {MAX_WHO} names");
            self.problems.error(ProblemCode::FileLimit, item.at, message, "name a group of them");
            return None;
        }
        let mut seen = BTreeSet::new();
        let people = items.iter().map(|item| {
            let text = self.filled_text(item, "an entry of `who`")?;
            self.person(item, text, "name", &mut seen).map(str::to_owned)
        });
        let people: Vec<_> = people.collect();
        people.into_iter().collect()
    }

    /// Variables that whoever starts it may give; an empty list is none.
    fn may_give(&mut self, node: &'a Node, variables: &Variables) -> Option<BTreeSet<Ident>> {
        let Data::List(items) = &node.data else {
            let message = format!("`variables` is a list of names; here is {}", node.described());
            self.wrong_type(node.at, message, "write for example [limit], or [] for none");
            return None;
        };
        let mut names = BTreeSet::new();
        for item in items {
            let Some(text) = self.filled_text(item, "an entry of `variables`") else { continue };
            let Some(name) = self.name::<Ident>(text, item.at, "variable") else { continue };
            if !variables.contains_key(&name) {
                self.no_variable(&name, item.at, variables);
            }
            if !names.insert(name) {
                let message = format!("`{text}` is in `variables` already");
                self.problems.error(ProblemCode::Duplicate, item.at, message, "take it out");
            }
        }
        Some(names)
    }
}
