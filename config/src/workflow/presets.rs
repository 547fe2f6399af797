//! Named retry policies. The manual shows this table.

use rpa_engine::workflow::Cause;
use rpa_engine::{Backoff, Retry};

/// A retry policy with a name.
#[derive(Debug)]
pub struct Preset {
    pub name: &'static str,
    /// What it is meant for.
    pub summary: &'static str,
    pub attempts: u32,
    pub backoff: Backoff,
    pub delay_ms: u64,
    pub max_delay_ms: u64,
    pub jitter_percent: u8,
    pub total_ms: Option<u64>,
    /// All that may be tried again when empty.
    pub on: &'static [Cause],
}

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;

/// What a peer may say that is busy or broken for a while: `timeout`, `connection`,
/// `rate_limited`, `system`, `http(408)`, `http(425)`, `5xx`, and any exit code,
/// because a program has no other word for it.
const PASSING: &[Cause] = &[
    Cause::Timeout,
    Cause::Connection,
    Cause::RateLimited,
    Cause::System,
    Cause::Http(408, 408),
    Cause::Http(425, 425),
    Cause::Http(500, 599),
    Cause::Exit(None),
];

pub const PRESETS: [Preset; 7] = [
    Preset {
        name: "none",
        summary: "no second try",
        attempts: 1,
        backoff: Backoff::Fixed,
        delay_ms: 0,
        max_delay_ms: 0,
        jitter_percent: 0,
        total_ms: None,
        on: &[],
    },
    Preset {
        name: "conservative",
        summary: "a few tries, far apart: for what is dear or slow",
        attempts: 3,
        backoff: Backoff::Exponential,
        delay_ms: 5 * SECOND,
        max_delay_ms: MINUTE,
        jitter_percent: 20,
        total_ms: None,
        on: &[],
    },
    Preset {
        name: "aggressive",
        summary: "many tries, close together: for what is cheap and must get through",
        attempts: 10,
        backoff: Backoff::Exponential,
        delay_ms: 500,
        max_delay_ms: 30 * SECOND,
        jitter_percent: 20,
        total_ms: None,
        on: &[],
    },
    Preset {
        name: "api_call",
        summary: "a service that answers within seconds; its refusals are not tried again",
        attempts: 5,
        backoff: Backoff::Exponential,
        delay_ms: SECOND,
        max_delay_ms: 30 * SECOND,
        jitter_percent: 20,
        total_ms: Some(5 * MINUTE),
        on: PASSING,
    },
    Preset {
        name: "web_scraping",
        summary: "pages of others: patient, and never at a steady beat",
        attempts: 4,
        backoff: Backoff::Exponential,
        delay_ms: 5 * SECOND,
        max_delay_ms: 2 * MINUTE,
        jitter_percent: 50,
        total_ms: Some(15 * MINUTE),
        on: PASSING,
    },
    Preset {
        name: "database",
        summary: "locks and restarts of a server nearby: soon again, not for long",
        attempts: 6,
        backoff: Backoff::Exponential,
        delay_ms: 200,
        max_delay_ms: 10 * SECOND,
        jitter_percent: 20,
        total_ms: Some(2 * MINUTE),
        on: PASSING,
    },
    Preset {
        name: "email",
        summary: "mail servers that ask to come back later",
        attempts: 6,
        backoff: Backoff::Exponential,
        delay_ms: MINUTE,
        max_delay_ms: 30 * MINUTE,
        jitter_percent: 20,
        total_ms: Some(4 * 60 * MINUTE),
        on: PASSING,
    },
];

impl Preset {
    pub(crate) fn find(name: &str) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    pub(crate) fn retry(&self) -> Retry {
        Retry {
            attempts: self.attempts,
            backoff: self.backoff,
            delay_ms: self.delay_ms,
            max_delay_ms: self.max_delay_ms,
            jitter_percent: self.jitter_percent,
            total_ms: self.total_ms,
            on: (!self.on.is_empty()).then(|| self.on.to_vec()),
            declared_on_step: false,
        }
    }
}
