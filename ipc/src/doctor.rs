//! What `rpa doctor` finds.

use serde::{Deserialize, Serialize};

use crate::fault::Said;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Looked at, and as it should be.
    Ok,
    /// Good to know; nothing has to be done.
    Note,
    /// Goes well now, and will not for ever; or a person is waited for.
    Warning,
    /// Something does not work, or work may be lost.
    Error,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Severity::Ok => "ok",
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was looked at: `store`, `disk`, `clock` and so on.
    pub check: String,
    pub severity: Severity,
    pub what: Said,
    /// A path, or empty.
    pub place: String,
    pub remedy: Option<Said>,
}

impl Finding {
    pub fn new(check: &str, severity: Severity, what: Said) -> Finding {
        Finding { check: check.to_owned(), severity, what, place: String::new(), remedy: None }
    }

    pub fn at(mut self, place: impl std::fmt::Display) -> Finding {
        self.place = place.to_string();
        self
    }

    pub fn remedy(mut self, remedy: Said) -> Finding {
        self.remedy = Some(remedy);
        self
    }
}
