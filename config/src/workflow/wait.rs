//! `wait`: for a while, or until a moment.

use jiff::{Timestamp, Zoned};
use rpa_engine::workflow::Wait;

use super::fields::{Fields, Keys, shown};
use super::node::{Data, Node};
use super::place::Place;
use super::reader::Reader;
use super::templates::Slot;

pub(crate) const KEYS: Keys = Keys { owner: "`wait`", known: &["until"], later: &["event"] };

const EXAMPLE: &str = "\"2026-12-01T09:00[Europe/Sofia]\" or \"2026-12-01T07:00:00Z\"";

impl<'a> Reader<'a> {
    pub(crate) fn wait(&mut self, node: &'a Node, step: usize) -> Option<Wait> {
        let Data::Map(_) = node.data else {
            return self.duration_ms(node, "`wait`").map(|ms| Wait::For { ms });
        };
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        if fields.entry("event").is_some() && fields.entry("until").is_none() {
            return None;
        }
        let hint = format!("write {{until: {EXAMPLE}}}, or a duration such as 90s");
        let until = fields.require("until", &hint, &mut self.problems)?;
        self.filled_text(until, "`until`")?;
        let template = self.template(until, Slot::new(Some(step), Place::Wait));
        if let Some(text) = until.text().filter(|_| template.as_literal().is_some()) {
            self.moment(text, until)?;
        }
        Some(Wait::Until(template))
    }

    /// A literal moment: a civil time alone would be another one on each machine.
    fn moment(&mut self, text: &str, node: &Node) -> Option<()> {
        if text.parse::<Zoned>().is_ok() || text.parse::<Timestamp>().is_ok() {
            return Some(());
        }
        let message = match text.parse::<jiff::civil::DateTime>() {
            Ok(_) if !text.contains('[') => format!("{:?} has no time zone", shown(text)),
            _ => format!("{:?} is no moment", shown(text)),
        };
        self.wrong_type(node.at, message, format!("write for example {EXAMPLE}"));
        None
    }
}
