//! `concurrency`: how many runs of the workflow go on at once.

use rpa_engine::workflow::{Concurrency, OnLimit};
use rpa_engine::{Reads, Template};

use super::fields::{Fields, Keys};
use super::limits::{CONCURRENCY, MAX_QUEUE};
use super::node::{Data, Node};
use super::place::Place;
use super::reader::Reader;
use super::templates::Slot;

pub(crate) const KEYS: Keys =
    Keys { owner: "`concurrency`", known: &["limit", "key", "on_limit", "max_queue"], later: &[] };

const EXAMPLE: &str = "write for example `concurrency: 1`, or {limit: 1, on_limit: skip}";

impl<'a> Reader<'a> {
    /// A number of runs, or a map.
    pub(crate) fn concurrency(&mut self, node: &'a Node) -> Option<Concurrency> {
        match &node.data {
            Data::Map(_) => self.concurrency_map(node),
            Data::Scalar(_) if !node.is_null() && node.text().is_none() => {
                let limit = self.count(node, "`concurrency`", &CONCURRENCY)?;
                Some(Concurrency { limit, key: None, on_limit: OnLimit::Queue, max_queue: None })
            }
            Data::Scalar(_) | Data::List(_) => {
                let message = format!(
                    "`concurrency` is a number of runs or a map; here is {}",
                    node.described()
                );
                self.wrong_type(node.at, message, EXAMPLE);
                None
            }
        }
    }

    fn concurrency_map(&mut self, node: &'a Node) -> Option<Concurrency> {
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let limit = fields.require("limit", EXAMPLE, &mut self.problems);
        let limit = limit.and_then(|node| self.count(node, "`limit`", &CONCURRENCY));
        let key = match fields.get("key") {
            Some(node) => self.concurrency_key(node).map(Some),
            None => Some(None),
        };
        let words = OnLimit::ALL.map(|on_limit| (on_limit.word(), on_limit));
        let on_limit = match fields.get("on_limit") {
            Some(node) => self.choice(node, "`on_limit`", &words),
            None => Some(OnLimit::Queue),
        };
        let max_queue = match fields.get("max_queue") {
            Some(node) => self.count(node, "`max_queue`", &MAX_QUEUE).map(Some),
            None => Some(None),
        };
        if let (Some(entry), Some(OnLimit::Skip | OnLimit::CancelRunning | OnLimit::Fail)) =
            (fields.entry("max_queue"), on_limit)
        {
            let word = on_limit.map(OnLimit::word).unwrap_or_default();
            let message = format!("`max_queue` means nothing with `on_limit: {word}`");
            self.wrong_type(entry.key_at, message, "take it out: no run waits for its turn then");
        }
        Some(Concurrency { limit: limit?, key: key?, on_limit: on_limit?, max_queue: max_queue? })
    }

    fn concurrency_key(&mut self, node: &'a Node) -> Option<Template> {
        let text = self.filled_text(node, "`key`")?;
        let template = self.template(node, Slot::new(None, Place::ConcurrencyKey));
        if template.reads() == Reads::default() {
            // an expression that cannot be read has been reported
            if !text.contains("{{") || template.as_literal().is_none() {
                let message = "`key` is the same for every run";
                let hint = "write for example \"{{ vars.customer }}\", or take it out";
                self.wrong_type(node.at, message, hint);
            }
            return None;
        }
        Some(template)
    }
}
