//! `sla`: what is promised of a run's times.

use rpa_engine::workflow::{OnBreach, Sla};

use super::fields::{Fields, Keys};
use super::node::Node;
use super::problem::ProblemCode;
use super::reader::Reader;

pub(crate) const KEYS: Keys =
    Keys { owner: "`sla`", known: &["start_within", "finish_within", "on_breach"], later: &[] };

impl<'a> Reader<'a> {
    pub(crate) fn sla(&mut self, node: &'a Node) -> Option<Sla> {
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let start = fields.get("start_within");
        let start_within = start.map(|node| self.timeout_ms(node, "`start_within`"));
        let finish = fields.get("finish_within");
        let finish_within = finish.map(|node| self.timeout_ms(node, "`finish_within`"));
        let words = OnBreach::ALL.map(|on_breach| (on_breach.word(), on_breach));
        let on_breach = match fields.get("on_breach") {
            Some(node) => self.choice(node, "`on_breach`", &words),
            None => Some(OnBreach::Flag),
        };
        if start.is_none() && finish.is_none() {
            let hint =
                "write `start_within`, `finish_within` or both, for example {finish_within: 1h}";
            self.problems.error(ProblemCode::MissingKey, node.at, "`sla` has no time", hint);
            return None;
        }
        // what is there and cannot be read is a problem already
        let (start_within_ms, finish_within_ms) = (start_within.flatten(), finish_within.flatten());
        if let (Some(first), Some(last), Some(node)) = (start_within_ms, finish_within_ms, finish)
            && last < first
        {
            let message = "`finish_within` is shorter than `start_within`";
            self.wrong_type(
                node.at,
                message,
                "both count from the acceptance of the run: make it longer",
            );
            return None;
        }
        Some(Sla { start_within_ms, finish_within_ms, on_breach: on_breach? })
    }
}
