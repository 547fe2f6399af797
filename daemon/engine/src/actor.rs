//! Who caused an input, and how it came.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// For a local user `name` or `uid:N`, by the socket's peer credentials.
    pub who: String,
    pub origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    Cli,
    Console,
    Http,
    Trigger,
    /// The daemon itself, for example on recovery.
    Daemon,
}

/// Whether a user of these groups is named, or a group of theirs with an `@` before it. An
/// empty list names everybody.
pub fn is_among(names: &[String], who: &str, groups: &BTreeSet<String>) -> bool {
    let is_meant = |name: &String| match name.strip_prefix('@') {
        Some(group) => groups.contains(group),
        None => name == who,
    };
    names.is_empty() || names.iter().any(is_meant)
}

impl Origin {
    pub fn word(self) -> &'static str {
        match self {
            Origin::Cli => "cli",
            Origin::Console => "console",
            Origin::Http => "http",
            Origin::Trigger => "trigger",
            Origin::Daemon => "daemon",
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.who, self.origin.word())
    }
}
