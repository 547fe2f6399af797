//! What a fault says, before it is said in a language.
//!
//! The daemon says everything in English, for logs and programs, and sends along
//! what it said: a client then says the same to a person in theirs.

use std::fmt;

use rpa_engine::{NameError, depth};
use serde::{Deserialize, Serialize};

use crate::view::ErrorView;

/// A message of the catalogue and what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// As in `words/en.ftl`.
    pub id: String,
    pub args: Vec<(String, Arg)>,
}

/// One argument of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arg {
    /// A name, or what somebody else said: the same in every language.
    Text(String),
    /// A number that the words around it agree with.
    Count(u64),
    /// Remarks of ours, joined by semicolons.
    Remarks(#[serde(deserialize_with = "depth::bounded")] Vec<Said>),
    /// The same, each on a line of its own.
    Lines(#[serde(deserialize_with = "depth::bounded")] Vec<Said>),
    /// The error of a step or a run as it is stored, with its code.
    Error(ErrorView),
    /// The reason of a step's state as it is stored.
    Reason(String),
    /// A moment in milliseconds since the Unix epoch: UTC, unless [`Said::in_zone`]
    /// has put it as its reader does.
    Moment(u64),
}

impl Said {
    /// What another crate says, which has no catalogue.
    pub fn new<N: Into<String>>(id: &str, args: impl IntoIterator<Item = (N, String)>) -> Said {
        let args = args.into_iter().map(|(name, text)| (name.into(), Arg::Text(text)));
        Said { id: id.to_owned(), args: args.collect() }
    }

    /// The same with every moment as `show` puts it, in the time zone of the reader.
    pub fn in_zone(mut self, show: &dyn Fn(u64) -> String) -> Said {
        for (_, arg) in &mut self.args {
            match arg {
                Arg::Moment(ms) => *arg = Arg::Text(show(*ms)),
                Arg::Remarks(all) | Arg::Lines(all) => {
                    let inner = std::mem::take(all);
                    *all = inner.into_iter().map(|said| said.in_zone(show)).collect();
                }
                Arg::Text(_) | Arg::Count(_) | Arg::Error(_) | Arg::Reason(_) => {}
            }
        }
        self
    }

    /// What is wrong with a name: a piece of a sentence of which it is the subject.
    pub fn of_name(error: &NameError) -> Said {
        match error {
            NameError::Empty => said!("name-empty"),
            NameError::TooLong => said!("name-too-long", most = rpa_engine::MAX_NAME),
            NameError::Ident => said!("name-ident"),
            NameError::Hyphen(instead) => said!("name-hyphen", instead = quoted(instead)),
            NameError::Label => said!("name-label"),
            NameError::EventName => said!("name-event"),
            NameError::WorkflowRef => said!("name-workflow"),
            NameError::RunId => said!("name-run"),
            NameError::StepPath => said!("name-step-path"),
        }
    }
}

/// What can stand after the `=` of an argument: whatever can be shown, a remark, or
/// an [`Arg`].
pub trait ToArg {
    fn to_arg(&self) -> Arg;
}

impl<T: fmt::Display + ?Sized> ToArg for T {
    fn to_arg(&self) -> Arg {
        Arg::Text(self.to_string())
    }
}

impl ToArg for Said {
    fn to_arg(&self) -> Arg {
        Arg::Remarks(vec![self.clone()])
    }
}

impl ToArg for Arg {
    fn to_arg(&self) -> Arg {
        self.clone()
    }
}

/// What a fault advises: a message of the catalogue, or words of somebody else's.
#[derive(Clone, Debug)]
pub enum Advice {
    Said(Said),
    Text(String),
}

impl From<Said> for Advice {
    fn from(said: Said) -> Advice {
        Advice::Said(said)
    }
}

impl<T: Into<String>> From<T> for Advice {
    fn from(text: T) -> Advice {
        Advice::Text(text.into())
    }
}

/// A number that decides between singular and plural.
pub fn count(number: impl TryInto<u64>) -> Arg {
    Arg::Count(number.try_into().unwrap_or(u64::MAX))
}

/// Several remarks as one argument.
pub fn remarks(remarks: Vec<Said>) -> Arg {
    Arg::Remarks(remarks)
}

/// Several remarks as one argument of so many lines.
pub fn lines(remarks: Vec<Said>) -> Arg {
    Arg::Lines(remarks)
}

/// Text of a stranger inside quotation marks, which the message has: its own, and
/// control characters, are escaped.
pub fn quoted(text: &str) -> String {
    let debug = format!("{text:?}");
    debug[1..debug.len() - 1].to_owned()
}

/// `said!("no-run", id = wanted)`: a message of the catalogue with its arguments.
/// The id is written out, so that a test finds it in the source.
#[macro_export]
macro_rules! said {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::fault::Said {
            id: ::std::string::String::from($id),
            args: ::std::vec![$((
                ::std::string::String::from(stringify!($name)),
                $crate::fault::ToArg::to_arg(&$value),
            )),*],
        }
    };
}
use said;

/// `fault!(FaultCode::NoRun, "no-run", id = wanted)`: a fault that says this.
#[macro_export]
macro_rules! fault {
    ($code:expr, $($said:tt)+) => {
        $crate::fault::Fault::of($code, $crate::said!($($said)+))
    };
}
