//! Why a text is not changed.

use crate::workflow::Problem;
use crate::yaml::Unkept;

/// What stands in the way. Words for people are the caller's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The text is no YAML that can be read: what a check says of it.
    Unread(Vec<Problem>),
    /// It is written in a way that cannot be kept.
    Unkept(Unkept),
    /// There is no such step.
    NoStep {
        path: String,
    },
    /// There is no such list, and none can be made there: `of` is the path of its step.
    NoList {
        of: String,
    },
    /// Not the id of a step: small letters, digits and `_`, at most 64.
    BadId {
        id: String,
    },
    /// The id is taken where the step would stand.
    IdTaken {
        id: String,
        by: String,
    },
    /// No kind of step.
    UnknownKind {
        kind: String,
    },
    /// The step has no such field.
    UnknownField {
        field: String,
    },
    /// The value is nothing that may stand there: why, in English, from the reader of YAML.
    BadValue {
        field: String,
        why: String,
    },
    /// The switch has that case already, or a `default`.
    CaseTaken {
        case: String,
    },
    /// A case without a value.
    BadCase,
    /// A list must keep one step.
    LastOfList {
        path: String,
    },
    /// A step would go into itself.
    IntoItself {
        path: String,
    },
    /// A step would need itself.
    ItsOwn {
        path: String,
    },
    /// The steps would wait for each other, in this order.
    Cycle {
        paths: Vec<String>,
    },
    /// Only steps of the same list need each other.
    OtherList {
        from: String,
        to: String,
    },
    AlreadyLinked {
        from: String,
        to: String,
    },
    NotLinked {
        from: String,
        to: String,
    },
    /// A fallback comes after the step that it stands in for, and is needed by none.
    Fallback {
        path: String,
        of: String,
    },
    /// The step is named elsewhere.
    Named {
        path: String,
        by: Vec<Mention>,
    },
    /// The step, or a part of it, is repeated elsewhere by `*anchor`, or is such a
    /// repetition.
    Shared {
        path: String,
        anchor: String,
    },
    /// It would make a valid text invalid, or a step worse: these problems are new.
    Invalid(Vec<Problem>),
    /// It would change more than was asked: this. Nothing that a person does wrong.
    Changed(&'static str),
}

/// A place that names a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The step that has it; empty for what belongs to the workflow.
    pub path: String,
    /// The key in which it stands: `needs`, `if`, `with.url`, `outputs.rows`.
    pub key: String,
    /// Counts from 1.
    pub line: u32,
}
