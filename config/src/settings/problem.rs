//! What can be wrong with the settings.

use std::fmt;
use std::path::PathBuf;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Line and column count from 1.
    File { path: PathBuf, line: u32, column: u32 },
    /// The file as a whole.
    Unreadable(PathBuf),
    /// The name of an environment variable.
    Environment(String),
    /// The name of a setting, `SECTION.KEY`.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Origin::Unreadable(path) => write!(f, "{}", path.display()),
            Origin::Environment(name) => write!(f, "environment variable {name}"),
            Origin::Flag(name) => write!(f, "flag for {name}"),
        }
    }
}

/// One thing that is wrong with the settings, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {message}")]
pub struct SettingsProblem {
    pub origin: Origin,
    pub message: String,
    /// May be empty.
    pub hint: String,
}
