//! `retry`: how often a failed step is tried again, and after which pause.

use rpa_engine::workflow::Cause;
use rpa_engine::{Backoff, Retry};

use super::fields::{Fields, Keys, shown};
use super::limits::RETRY_ATTEMPTS;
use super::node::{Data, Node, ScalarKind};
use super::presets::{PRESETS, Preset};
use super::problem::Pos;
use super::reader::Reader;
use crate::suggest;

pub(crate) const KEYS: Keys = Keys {
    owner: "`retry`",
    known: &["preset", "attempts", "policy", "delay", "max_delay", "jitter", "total", "on"],
    later: &[],
};

const DELAY_MS: u64 = 1_000;
const MAX_DELAY_MS: u64 = 300_000;
/// What `jitter: true` means.
const JITTER_PERCENT: u8 = 20;
const EXAMPLE: &str = "write a preset such as conservative, or for example {attempts: 3, delay: 5s, policy: exponential}";

/// `policy` in the file; `None` switches retrying off.
type Policy = Option<Backoff>;

pub(crate) const POLICIES: [(&str, Policy); 4] = [
    ("none", None),
    ("fixed", Some(Backoff::Fixed)),
    ("linear", Some(Backoff::Linear)),
    ("exponential", Some(Backoff::Exponential)),
];

/// The fields that a map says itself.
struct Own {
    policy: Option<Policy>,
    attempts: Option<u32>,
    delay_ms: Option<u64>,
    max_delay_ms: Option<u64>,
    jitter_percent: Option<u8>,
    total_ms: Option<u64>,
    on: Option<Vec<Cause>>,
}

impl<'a> Reader<'a> {
    /// A preset by its name, or a map. `on_step` says whether the step itself has it.
    pub(crate) fn retry(&mut self, node: &'a Node, on_step: bool) -> Option<Retry> {
        let retry = match &node.data {
            Data::Map(_) => self.retry_map(node),
            Data::Scalar(scalar) if scalar.kind == ScalarKind::Text => {
                self.preset(&scalar.text, node.at).map(Preset::retry)
            }
            Data::Scalar(_) | Data::List(_) => {
                let hint = match node.scalar().map(|scalar| scalar.kind) {
                    Some(ScalarKind::Int(n)) if RETRY_ATTEMPTS.contains(&n) => {
                        format!("write {{attempts: {n}}}")
                    }
                    _ => EXAMPLE.to_owned(),
                };
                let message = format!("`retry` is a preset or a map; here is {}", node.described());
                self.wrong_type(node.at, message, hint);
                None
            }
        };
        retry.map(|retry| Retry { declared_on_step: on_step, ..retry })
    }

    fn preset(&mut self, word: &str, at: Pos) -> Option<&'static Preset> {
        let found = Preset::find(word);
        if found.is_none() {
            let names = PRESETS.iter().map(|preset| preset.name);
            let hint = suggest::hint(word, "presets", names);
            self.wrong_type(at, format!("there is no retry preset {:?}", shown(word)), hint);
        }
        found
    }

    fn retry_map(&mut self, node: &'a Node) -> Option<Retry> {
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let preset = match fields.get("preset") {
            Some(node) => {
                let word = self.text(node, "`preset`")?;
                Some(self.preset(word, node.at)?)
            }
            None => None,
        };
        let own = self.own_fields(&fields)?;
        let is_none = own.policy == Some(None)
            || own.policy.is_none() && preset.is_some_and(|preset| preset.attempts == 1);
        if is_none {
            let others = KEYS.known.iter().filter(|key| !matches!(**key, "preset" | "policy"));
            if let Some(entry) = others.filter_map(|key| fields.entry(key)).next() {
                let message = format!("`{}` contradicts a retry of none", entry.key);
                self.wrong_type(entry.key_at, message, "write `retry: none`");
            }
            return Some(Retry::NONE);
        }
        let base = match preset {
            Some(preset) => preset.retry(),
            None => {
                fields.require("attempts", EXAMPLE, &mut self.problems)?;
                Retry { delay_ms: DELAY_MS, max_delay_ms: MAX_DELAY_MS, ..Retry::NONE }
            }
        };
        self.overridden(base, own, &fields)
    }

    /// Each field is read before any that is wrong ends it, so that all are reported.
    fn own_fields(&mut self, fields: &Fields<'a>) -> Option<Own> {
        let policy = fields.get("policy").map(|node| self.choice(node, "`policy`", &POLICIES));
        let attempts = fields.get("attempts").map(|node| self.attempts(node));
        let delay = fields.get("delay").map(|node| self.duration_ms(node, "`delay`"));
        let max_delay = fields.get("max_delay").map(|node| self.duration_ms(node, "`max_delay`"));
        let jitter = fields.get("jitter").map(|node| self.jitter(node));
        let total = fields.get("total").map(|node| self.timeout_ms(node, "`total`"));
        let on = fields.get("on").map(|node| self.causes(node));
        Some(Own {
            policy: known(policy)?,
            attempts: known(attempts)?,
            delay_ms: known(delay)?,
            max_delay_ms: known(max_delay)?,
            jitter_percent: known(jitter)?,
            total_ms: known(total)?,
            on: known(on)?,
        })
    }

    fn overridden(&mut self, base: Retry, own: Own, fields: &Fields<'a>) -> Option<Retry> {
        let at = |key: &str| fields.entry(key).map_or(fields.at, |entry| entry.node.at);
        let delay_ms = own.delay_ms.unwrap_or(base.delay_ms);
        if own.max_delay_ms.is_some_and(|longest| longest < delay_ms) {
            let message = "`max_delay` is shorter than `delay`";
            self.wrong_type(at("max_delay"), message, "make it longer");
            return None;
        }
        let total_ms = own.total_ms.or(base.total_ms);
        if total_ms.is_some_and(|total| total < delay_ms) {
            let key = if own.total_ms.is_some() { "total" } else { "delay" };
            let message = "`total` is shorter than `delay`, so nothing would be tried again";
            self.wrong_type(at(key), message, "make `total` longer");
            return None;
        }
        Some(Retry {
            attempts: own.attempts.unwrap_or(base.attempts),
            backoff: own.policy.flatten().unwrap_or(base.backoff),
            delay_ms,
            max_delay_ms: own.max_delay_ms.unwrap_or(base.max_delay_ms.max(delay_ms)),
            jitter_percent: own.jitter_percent.unwrap_or(base.jitter_percent),
            total_ms,
            on: own.on.or(base.on),
            declared_on_step: false,
        })
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

    /// `20%`, or whether there is any.
    fn jitter(&mut self, node: &'a Node) -> Option<u8> {
        let percent = match node.scalar().map(|s| (s.kind, s.text.strip_suffix('%'))) {
            Some((ScalarKind::Bool(jitter), _)) => Some(if jitter { JITTER_PERCENT } else { 0 }),
            Some((ScalarKind::Text, Some(digits))) => {
                let plain = digits.bytes().all(|b| b.is_ascii_digit());
                digits.parse().ok().filter(|percent| plain && *percent <= 100)
            }
            _ => None,
        };
        if percent.is_none() {
            let message = "`jitter` is a percentage or a boolean";
            let hint = format!("write 0% to 100%; true means {JITTER_PERCENT}%");
            self.wrong_type(node.at, message, hint);
        }
        percent
    }
}

/// `None` when a key is there whose value could not be read.
#[expect(clippy::option_option, reason = "a key may be absent, unreadable or read")]
fn known<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        Some(None) => None,
        Some(value) => Some(value),
        None => Some(None),
    }
}
