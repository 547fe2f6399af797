//! What may be asked of a file, and what comes of it.

use std::fmt;

use rpa_engine::Label;
use rpa_engine::workflow::When;

use super::Refused;
use super::sheet::Sheet;
use super::turn::turn;

/// One change to a workflow file. Steps are named by their [paths](super::Row::path).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new step of a [kind](super::kinds), with what it must have as far as that can be
    /// known: what is missing, a check says.
    Add {
        place: Place,
        id: String,
        kind: String,
    },
    /// A step and all inside of it, with its comments. What needed it needs what it needed.
    Remove {
        path: String,
    },
    /// A step with all inside of it and its comments, to another place, of any list.
    Move {
        path: String,
        place: Place,
    },
    /// Another case of a switch, with a step in it that does nothing; without a value its
    /// `default`.
    AddCase {
        path: String,
        value: Option<String>,
    },
    /// A handler, or a case of a switch, with all its steps and their comments.
    RemoveList {
        list: ListOf,
    },
    /// A copy right behind the step, under another id.
    Duplicate {
        path: String,
        id: String,
    },
    /// Step `to` needs `from`, a step of the same list.
    Link {
        from: String,
        to: String,
    },
    Unlink {
        from: String,
        to: String,
    },
    /// Another id; whatever names the step follows.
    Rename {
        path: String,
        id: String,
    },
    /// A [field](super::Field) of a step: `timeout`, `with.url`, `retry.attempts`. Without a
    /// value, or with an empty one, it is taken out. How `value` is read depends on the
    /// field's [`Kind`](super::Kind); as [`Field::value`](super::Field::value) gives it, it
    /// changes nothing. An unknown name below a map is an entry of it: `env.HOME`.
    Set {
        path: String,
        field: String,
        value: Option<String>,
    },
}

/// Where a step goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Behind a step, in its list: what needed that one to complete needs the new one.
    After(String),
    /// Before a step, in its list: it takes over what that one needed.
    Before(String),
    /// A branch of its own beside a step: it needs what that one needs.
    Beside(String),
    /// Before all others of a list.
    First(ListOf),
    /// When all others of a list have ended.
    Last(ListOf),
}

/// A list of steps. One that is not there yet is made by the first step that goes there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ListOf {
    /// The file's own.
    Top,
    /// The steps of a group or a loop.
    Body(String),
    /// Those of the case of a switch with this value.
    Case(String, String),
    /// Those of a switch when no case fits.
    Default(String),
    /// What undoes a step.
    Undo(String),
    /// `success`, `failure`, `cancel` or `finally`.
    Handler(String),
}

impl ListOf {
    /// What the paths of its steps begin with; empty of the file's own.
    pub fn scope(&self) -> String {
        match self {
            ListOf::Top => String::new(),
            ListOf::Body(path) | ListOf::Case(path, _) | ListOf::Default(path) => path.clone(),
            ListOf::Undo(path) => format!("{path}/@undo"),
            ListOf::Handler(word) => format!("@{word}"),
        }
    }

    /// The step that has it.
    pub fn owner(&self) -> Option<&str> {
        match self {
            ListOf::Top | ListOf::Handler(_) => None,
            ListOf::Body(path)
            | ListOf::Case(path, _)
            | ListOf::Default(path)
            | ListOf::Undo(path) => Some(path),
        }
    }

    /// The label and kind of the row above it, where there is one.
    pub(super) fn heading(&self) -> Option<(String, &'static str)> {
        match self {
            ListOf::Top | ListOf::Body(_) | ListOf::Undo(_) => None,
            ListOf::Case(_, value) => Some((value.clone(), "case")),
            ListOf::Default(_) => Some(("default".to_owned(), "case")),
            ListOf::Handler(word) => Some((format!("@{word}"), "handler")),
        }
    }
}

/// As rows name it: `@failure`, `which:yes`, `which::default`; the path of a step for its
/// steps, with `/@undo` for what undoes it.
impl fmt::Display for ListOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ListOf::Top => Ok(()),
            ListOf::Body(path) => f.write_str(path),
            ListOf::Case(path, value) => write!(f, "{path}:{value}"),
            ListOf::Default(path) => write!(f, "{path}::default"),
            ListOf::Undo(path) => write!(f, "{path}/@undo"),
            ListOf::Handler(word) => write!(f, "@{word}"),
        }
    }
}

/// A text that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub text: String,
    /// The step that is meant now: the new one, the moved one under its new path, the one
    /// that took a removed one's place; empty when there is none.
    pub path: String,
}

/// `text` with one change. `namespace` is the workflow's where the text names none.
///
/// Everything but what was asked means what it meant, and every comment stays but those of
/// a step that was removed or a value that was replaced. Nearly all of the text stays byte
/// for byte; written anew are lists and maps in braces that get a step or a key of several
/// lines, up to the outermost brace, and a `compensate` of one step that becomes a list.
/// A valid text stays valid, but for what a new step misses and required keys taken out.
///
/// # Errors
///
/// When the change makes no sense, or would change more than it says.
pub fn apply(text: &str, change: &Change, namespace: &Label) -> Result<Changed, Refused> {
    let sheet = Sheet::read(text, namespace)?;
    let (after, path) = turn(&sheet, change)?;
    Ok(Changed { text: after.marked_text(), path })
}

/// A need, and how that step must have ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The path of a step of the same list.
    pub path: String,
    pub when: When,
}
