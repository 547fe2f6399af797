//! What can be wrong with an expression, when it is read and when it is evaluated.

use std::ops::Range;

/// Why a template cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    pub kind: ParseErrorKind,
    /// Byte range in the given text.
    pub start: usize,
    pub end: usize,
    pub message: String,
    /// What to do; may be empty.
    pub hint: String,
}

impl ParseError {
    pub(super) fn new(
        kind: ParseErrorKind,
        range: Range<usize>,
        message: impl Into<String>,
    ) -> ParseError {
        let Range { start, end } = range;
        ParseError { kind, start, end, message: message.into(), hint: String::new() }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> ParseError {
        ParseError { hint: hint.into(), ..self }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseErrorKind {
    Syntax,
    /// Longer, deeper or larger than allowed.
    Limit,
    /// A root that is no namespace, or an unknown filter or function.
    Undefined,
    /// A namespace of a later version.
    NotSupported,
}

/// Why an evaluation failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EvalError {
    #[error("{0}")]
    Failed(String),
    #[error("{0}")]
    Limit(String),
    #[error("secret {0:?} is not there")]
    NoSecret(String),
    #[error("secret {name:?} cannot be read: {why}")]
    Secret { name: String, why: String },
}
