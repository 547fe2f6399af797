//! `debounce`, `batch`, `throttle` and `pause_on_failure` of a trigger: how many runs its
//! deliveries become.

use rpa_engine::Template;
use rpa_engine::trigger::{Excess, Flow, Gather, Rate, Throttle};

use super::fields::{Fields, Keys};
use super::limits::{BATCH, MAX_GATHER_MS, PAUSE_ON_FAILURE, THROTTLE};
use super::node::{Data, Node};
use super::problem::ProblemCode;
use super::reader::Reader;
use super::schedules::given;
use super::sees::{Asks, Kind, Sees, looks_at_trigger};
use super::templates::Slot;

pub(crate) const DEBOUNCE_KEYS: Keys =
    Keys { owner: "`debounce`", known: &["wait", "max", "key"], later: &[] };
pub(crate) const BATCH_KEYS: Keys = Keys { owner: "`batch`", known: &["size", "wait"], later: &[] };
pub(crate) const THROTTLE_KEYS: Keys =
    Keys { owner: "`throttle`", known: &["limit", "per", "excess"], later: &[] };

/// The keys of a trigger that are read here.
const ALL: [&str; 4] = ["debounce", "batch", "throttle", "pause_on_failure"];

const DEBOUNCE: &str = "write for example 5s, or {wait: 5s, max: 1m}";
const BATCH_EXAMPLE: &str = "write for example {size: 100, wait: 10s}";
const THROTTLE_EXAMPLE: &str = "write for example {limit: 10, per: 1m}";

impl<'a> Reader<'a> {
    /// Each key is read before one that is wrong ends it, so that all are reported.
    pub(crate) fn flow(&mut self, fields: &Fields<'a>, sees: Sees) -> Option<Flow> {
        self.has_flow(fields, sees);
        let debounce = fields.get("debounce").map(|node| self.debounce(node, sees));
        let batch = fields.get("batch").map(|node| self.batch(node));
        if let (Some(first), Some(second)) = (fields.entry("debounce"), fields.entry("batch")) {
            let message = "`debounce` and `batch` exclude each other";
            let hint = "keep `debounce` if the newest stands for all, `batch` if each counts";
            self.wrong_type(first.key_at.max(second.key_at), message, hint);
        }
        let throttle = fields.get("throttle").map(|node| self.throttle(node));
        let pause = fields
            .get("pause_on_failure")
            .map(|node| self.count(node, "`pause_on_failure`", &PAUSE_ON_FAILURE));
        Some(Flow {
            gather: given(debounce.or(batch))?,
            throttle: given(throttle)?,
            pause_on_failure: given(pause)?,
        })
    }

    /// Slots and what people start by hand are not delivered.
    fn has_flow(&mut self, fields: &Fields<'a>, sees: Sees) {
        let Some(kind @ (Kind::Schedule | Kind::Manual)) = sees.kind else { return };
        for entry in ALL.iter().filter_map(|key| fields.entry(key)) {
            let message = format!("`{}` has no meaning on {}", entry.key, kind.noun());
            let hint = match (kind, entry.key.as_str()) {
                (Kind::Manual, _) => "take it out: what a person starts begins at once",
                (_, "pause_on_failure") => {
                    "write it inside: `schedule: {cron: …, pause_on_failure: 3}`"
                }
                _ => "take it out: `overlap` of the schedule says what becomes of its slots",
            };
            self.wrong_type(entry.key_at, message, hint);
        }
    }

    /// A duration, or a map.
    fn debounce(&mut self, node: &'a Node, sees: Sees) -> Option<Gather> {
        let Data::Map(_) = node.data else {
            let Data::Scalar(_) = node.data else {
                let message =
                    format!("`debounce` is a time or a map; here is {}", node.described());
                self.wrong_type(node.at, message, DEBOUNCE);
                return None;
            };
            let wait_ms = self.up_to(node, "`debounce`", MAX_GATHER_MS, "7d")?;
            return Some(Gather::Debounce { wait_ms, max_ms: None, key: None });
        };
        let fields = Fields::read(node, &DEBOUNCE_KEYS, &mut self.problems)?;
        let wait = fields.require("wait", DEBOUNCE, &mut self.problems);
        let wait_ms = wait.and_then(|node| self.up_to(node, "`wait`", MAX_GATHER_MS, "7d"));
        let max = fields.get("max").map(|node| self.up_to(node, "`max`", MAX_GATHER_MS, "7d"));
        let key = fields.get("key").map(|node| self.debounce_key(node, sees));
        if let (Some(wait_ms), Some(Some(max_ms)), Some(node)) = (wait_ms, max, fields.get("max"))
            && max_ms < wait_ms
        {
            let hint = "write a longer one: it counts from the first, `wait` from the newest";
            self.wrong_type(node.at, "`max` is shorter than `wait`", hint);
        }
        Some(Gather::Debounce { wait_ms: wait_ms?, max_ms: given(max)?, key: given(key)? })
    }

    fn debounce_key(&mut self, node: &'a Node, sees: Sees) -> Option<Template> {
        let text = self.filled_text(node, "`key`")?;
        let template = self.template(node, Slot::of_trigger(sees.asked(Asks::Key)));
        // an expression that cannot be read has been reported
        let is_read = !text.contains("{{") || template.as_literal().is_none();
        if is_read && !looks_at_trigger(&template.reads()) {
            let message = "`key` does not look at `trigger`: it is the same for all";
            let hint =
                format!("write for example \"{{{{ {}.id }}}}\", or take it out", sees.value());
            self.wrong_type(node.at, message, hint);
        }
        Some(template)
    }

    fn batch(&mut self, node: &'a Node) -> Option<Gather> {
        let fields = Fields::read(node, &BATCH_KEYS, &mut self.problems)?;
        let size = fields.require("size", BATCH_EXAMPLE, &mut self.problems);
        let size = size.and_then(|node| self.count(node, "`size`", &BATCH));
        let wait = fields.require("wait", BATCH_EXAMPLE, &mut self.problems);
        let wait_ms = wait.and_then(|node| self.up_to(node, "`wait`", MAX_GATHER_MS, "7d"));
        Some(Gather::Batch { size: size?, wait_ms: wait_ms? })
    }

    fn throttle(&mut self, node: &'a Node) -> Option<Throttle> {
        let fields = Fields::read(node, &THROTTLE_KEYS, &mut self.problems)?;
        let limit = fields.require("limit", THROTTLE_EXAMPLE, &mut self.problems);
        let limit = limit.and_then(|node| self.count(node, "`limit`", &THROTTLE));
        let per = fields.require("per", THROTTLE_EXAMPLE, &mut self.problems);
        let per_ms = per.and_then(|node| self.up_to(node, "`per`", MAX_GATHER_MS, "7d"));
        let words = Excess::ALL.map(|excess| (excess.word(), excess));
        let excess = fields.get("excess").map(|node| self.choice(node, "`excess`", &words));
        Some(Throttle {
            rate: Rate { limit: limit?, per_ms: per_ms? },
            excess: given(excess)?.unwrap_or_default(),
        })
    }

    /// A duration of more than nothing, and of no more than `most_ms`.
    pub(crate) fn up_to(
        &mut self,
        node: &'a Node,
        what: &str,
        most_ms: u64,
        most: &str,
    ) -> Option<u64> {
        let ms = self.timeout_ms(node, what)?;
        if ms > most_ms {
            let message = format!("{what} is longer than {most}");
            self.problems.error(
                ProblemCode::FileLimit,
                node.at,
                message,
                format!("write at most {most}"),
            );
            return None;
        }
        Some(ms)
    }
}
