//! `catch_up` of a schedule: what becomes of slots that nobody was there to fire.

use rpa_engine::trigger::{CatchUp, CatchUpPolicy};

use super::fields::{Fields, Keys};
use super::limits::CATCH_UP;
use super::node::{Data, Node};
use super::reader::Reader;
use super::schedules::given;

pub(crate) const KEYS: Keys =
    Keys { owner: "`catch_up`", known: &["policy", "window", "max", "spread"], later: &[] };

/// Slots that are caught up at most when the file does not say: what a person can look
/// through.
pub(crate) const DEFAULT_MAX: u32 = 100;

impl<'a> Reader<'a> {
    /// A word, or a map.
    pub(crate) fn catch_up(&mut self, node: Option<&'a Node>) -> Option<CatchUp> {
        let plain = |policy| CatchUp { policy, window_ms: None, max: DEFAULT_MAX, spread_ms: 0 };
        let words = CatchUpPolicy::ALL.map(|policy| (policy.word(), policy));
        let Some(node) = node else { return Some(plain(CatchUpPolicy::default())) };
        match &node.data {
            Data::Map(_) => {}
            Data::Scalar(_) if node.text().is_some() => {
                return self.choice(node, "`catch_up`", &words).map(plain);
            }
            Data::Scalar(_) | Data::List(_) => {
                let message =
                    format!("`catch_up` is a word or a map; here is {}", node.described());
                let hint = "write none, last, all, or for example {policy: all, window: 6h}";
                self.wrong_type(node.at, message, hint);
                return None;
            }
        }
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let policy = fields.get("policy").map(|node| self.choice(node, "`policy`", &words));
        let window = fields.get("window").map(|node| self.timeout_ms(node, "`window`"));
        let max = fields.get("max").map(|node| self.count(node, "`max`", &CATCH_UP));
        let spread = fields.get("spread").map(|node| self.duration_ms(node, "`spread`"));
        if policy == Some(Some(CatchUpPolicy::None)) {
            let others =
                ["window", "max", "spread"].into_iter().filter_map(|key| fields.entry(key));
            for entry in others {
                let message = format!("`{}` means nothing with `policy: none`", entry.key);
                self.wrong_type(entry.key_at, message, "take it out: nothing is caught up then");
            }
        }
        Some(CatchUp {
            policy: given(policy)?.unwrap_or_default(),
            window_ms: given(window)?,
            max: given(max)?.unwrap_or(DEFAULT_MAX),
            spread_ms: given(spread)?.unwrap_or_default(),
        })
    }
}
