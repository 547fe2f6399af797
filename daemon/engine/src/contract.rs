//! What a task type promises: its inputs, outputs and effect class.
//!
//! Types only. The list of task types is `rpa-config`'s catalogue, which both
//! `rpa check` and the daemon read; their code is in `rpa-tasks`.

use crate::workflow::EffectClass;

/// The contract of one task type.
#[derive(Clone, Copy, Debug)]
pub struct TaskContract {
    /// As written after `uses:`, for example `http.request`.
    pub kind: &'static str,
    pub summary: &'static str,
    pub effect: EffectRule,
    pub inputs: &'static [Field],
    pub outputs: &'static [Field],
    /// A complete `with:` block, for the manual.
    pub example: &'static str,
}

/// The default effect class when the step declares none.
#[derive(Clone, Copy, Debug)]
pub enum EffectRule {
    Always(EffectClass),
    /// By the value of a text input: the first rule that matches
    /// (case-insensitively), else the last field. An input that is not a
    /// literal gets the last one as well.
    ByInput {
        field: &'static str,
        rules: &'static [(&'static str, EffectClass)],
        otherwise: EffectClass,
    },
}

#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub kind: FieldKind,
    pub required: bool,
    /// Shown as the default; empty when there is none.
    pub default: &'static str,
    pub summary: &'static str,
    /// Evaluated once for each item of the input `each`, with `item` and
    /// `loop` in scope, rather than once.
    pub per_item: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Number,
    Boolean,
    /// Milliseconds once read; written `90s`, `1h30m`.
    Duration,
    /// Bytes once read; written `64KiB`.
    Size,
    List,
    /// Map of text to text.
    TextMap,
    /// Any document.
    Any,
    /// One of these words.
    Choice(&'static [&'static str]),
}

impl FieldKind {
    pub fn word(self) -> &'static str {
        match self {
            FieldKind::Text => "string",
            FieldKind::Number => "number",
            FieldKind::Boolean => "boolean",
            FieldKind::Duration => "duration",
            FieldKind::Size => "size",
            FieldKind::List => "list",
            FieldKind::TextMap => "map of strings",
            FieldKind::Any => "any",
            FieldKind::Choice(_) => "one of",
        }
    }
}
