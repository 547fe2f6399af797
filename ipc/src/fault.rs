//! Everything that can go wrong, as one type with a stable code.

mod catalogue;
mod code;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use catalogue::{FaultCode, Page};
pub use code::UnknownCode;

/// What went wrong, and what a person can do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct Fault {
    pub code: FaultCode,
    /// One sentence: what is wrong, with the names of the things involved.
    pub message: String,
    /// An action the person can take; empty when the message says it.
    pub hint: String,
    /// Further facts, as name and value.
    pub context: Vec<(String, String)>,
}

impl Fault {
    pub fn new(code: FaultCode, message: impl Into<String>) -> Fault {
        Fault { code, message: message.into(), hint: code.hint().to_owned(), context: Vec::new() }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Fault {
        self.hint = hint.into();
        self
    }

    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Fault {
        self.context.push((name.to_owned(), value.to_string()));
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}
