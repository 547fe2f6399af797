//! `retry`: how often a failed step is tried again, and after which pause.

use rpa_engine::{Backoff, Retry};

use super::fields::{Fields, Keys, shown};
use super::limits::RETRY_ATTEMPTS;
use super::node::{Data, Node, ScalarKind};
use super::problem::{Pos, ProblemCode};
use super::reader::Reader;

const KEYS: Keys = Keys {
    owner: "`retry`",
    known: &["attempts", "delay", "max_delay", "policy"],
    later: &["jitter", "total", "on"],
};

/// Named policies of a later version.
const PRESETS: [&str; 6] =
    ["conservative", "aggressive", "api_call", "web_scraping", "database", "email"];

const DELAY_MS: u64 = 1_000;
const MAX_DELAY_MS: u64 = 300_000;
const EXAMPLE: &str = "write none, or for example {attempts: 3, delay: 5s, policy: exponential}";

/// `policy` in the file; `None` switches retrying off.
type Policy = Option<Backoff>;

impl<'a> Reader<'a> {
    /// `retry: none` or a map. `on_step` says whether the step itself has it.
    pub(crate) fn retry(&mut self, node: &'a Node, on_step: bool) -> Option<Retry> {
        match &node.data {
            Data::Map(_) => self.retry_map(node, on_step),
            Data::Scalar(scalar) if scalar.kind == ScalarKind::Text => {
                self.retry_word(&scalar.text, node.at, on_step)
            }
            Data::Scalar(scalar) => {
                let hint = match scalar.kind {
                    ScalarKind::Int(n) if RETRY_ATTEMPTS.contains(&n) => {
                        format!("write {{attempts: {n}}}")
                    }
                    _ => EXAMPLE.to_owned(),
                };
                let message = format!("`retry` is none or a map; here is {}", node.described());
                self.wrong_type(node.at, message, hint);
                None
            }
            Data::List(_) => {
                self.wrong_type(node.at, "`retry` is none or a map; here is a list", EXAMPLE);
                None
            }
        }
    }

    fn retry_word(&mut self, word: &str, at: Pos, on_step: bool) -> Option<Retry> {
        if word == "none" {
            return Some(Retry { declared_on_step: on_step, ..Retry::NONE });
        }
        if PRESETS.contains(&word) {
            let message = format!("the retry preset {word:?} is not supported yet");
            self.problems.error(ProblemCode::NotSupported, at, message, EXAMPLE);
        } else {
            self.wrong_type(at, format!("`retry` cannot be {:?}", shown(word)), EXAMPLE);
        }
        None
    }

    fn retry_map(&mut self, node: &'a Node, on_step: bool) -> Option<Retry> {
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let policy = match fields.get("policy") {
            Some(policy) => self.policy(policy)?,
            None => Some(Backoff::Fixed),
        };
        let Some(backoff) = policy else {
            if let Some(entry) =
                ["attempts", "delay", "max_delay"].iter().find_map(|k| fields.entry(k))
            {
                let message = format!("`{}` contradicts policy none", entry.key);
                self.wrong_type(entry.key_at, message, "write `retry: none`");
            }
            return Some(Retry { declared_on_step: on_step, ..Retry::NONE });
        };
        let attempts = fields.require("attempts", EXAMPLE, &mut self.problems);
        let attempts = attempts.and_then(|node| self.attempts(node));
        let delay = fields.get("delay").map(|node| self.duration_ms(node, "`delay`"));
        let max_delay =
            fields.get("max_delay").map(|node| (node, self.duration_ms(node, "`max_delay`")));
        let delay_ms = delay.unwrap_or(Some(DELAY_MS))?;
        let max_delay_ms = match max_delay {
            None => MAX_DELAY_MS.max(delay_ms),
            Some((node, Some(ms))) if ms < delay_ms => {
                self.wrong_type(node.at, "`max_delay` is shorter than `delay`", "make it longer");
                return None;
            }
            Some((_, ms)) => ms?,
        };
        Some(Retry {
            attempts: attempts?,
            backoff,
            delay_ms,
            max_delay_ms,
            declared_on_step: on_step,
        })
    }

    fn policy(&mut self, node: &'a Node) -> Option<Policy> {
        if node.text() == Some("linear") {
            self.problems.error(
                ProblemCode::NotSupported,
                node.at,
                "the retry policy linear is not supported yet",
                "write fixed or exponential",
            );
            return None;
        }
        let words = [
            ("none", None),
            ("fixed", Some(Backoff::Fixed)),
            ("exponential", Some(Backoff::Exponential)),
        ];
        self.choice(node, "`policy`", &words)
    }

    fn attempts(&mut self, node: &'a Node) -> Option<u32> {
        let found = match node.scalar().map(|s| s.kind) {
            Some(ScalarKind::Int(n)) if RETRY_ATTEMPTS.contains(&n) => u32::try_from(n).ok(),
            _ => None,
        };
        if found.is_none() {
            let (low, high) = (RETRY_ATTEMPTS.start(), RETRY_ATTEMPTS.end());
            self.wrong_type(
                node.at,
                format!("`attempts` is a whole number from {low} to {high}"),
                "it counts the first try; `retry: none` means just that one",
            );
        }
        found
    }
}
