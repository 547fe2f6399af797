//! The workflow file, version 1: from text to a validated [`Workflow`].
//!
//! ```text
//! text -> tree (YAML events, limits) -> fields (known keys) -> outline (drafts of
//!      steps, in lists in lists) -> world (ids; for each list a graph: edges, cycles)
//!      -> references (what expressions name) -> Workflow
//! ```
//!
//! A check goes on after each problem and reports all of them, each with its
//! place and a remedy. It reads no files and evaluates nothing.

pub(crate) mod approval;
mod body;
mod build;
mod call;
mod catch_up;
mod causes;
mod chain;
pub(crate) mod claims;
mod concurrency;
mod constraints;
mod days;
pub(crate) mod effect;
mod facts;
mod fallbacks;
pub(crate) mod fields;
mod file;
mod file_watch;
mod finish;
mod flow;
mod foreign;
pub(crate) mod form;
mod given;
mod graph;
mod handlers;
mod ids;
mod input;
mod inputs;
mod interpolation;
pub mod limits;
mod lists;
mod locals;
pub(crate) mod locate;
pub(crate) mod loops;
mod manual;
mod moments;
mod needs;
pub(crate) mod node;
pub(crate) mod on_error;
pub(crate) mod outline;
mod passages;
mod place;
mod plans;
pub(crate) mod presets;
pub(crate) mod problem;
pub(crate) mod reader;
mod refs;
pub(crate) mod retry;
pub(crate) mod scalar;
mod schedules;
pub(crate) mod schema;
mod sees;
mod sets;
mod shell;
mod sla;
pub(crate) mod step;
pub(crate) mod step_keys;
mod subscription;
mod switch;
mod taint;
mod templates;
mod together;
pub(crate) mod tree;
mod trigger_vars;
mod triggers;
mod unmeant;
mod variables;
pub(crate) mod wait;
mod webhook;
mod world;
mod zone;

use rpa_engine::{Label, Workflow};

pub use constraints::unfit;
pub use passages::{Passage, passages};
pub use presets::{PRESETS, Preset};
pub use problem::{Pos, Problem, ProblemCode};
pub use schema::schema;
pub use sees::trigger_fields;
pub use together::{CallSite, together};
#[cfg(test)]
pub(crate) use {file::KEYS as FILE_KEYS, step::KEYS as STEP_KEYS};

use problem::Problems;
use reader::Reader;

/// The result of a check.
#[derive(Clone, Debug)]
pub struct Checked {
    /// There exactly when no problem is more than a warning.
    pub workflow: Option<Workflow>,
    /// Where it calls other workflows, for [`together`]; none in a file that cannot be
    /// read to its end.
    pub calls: Vec<CallSite>,
    /// In the order of the file.
    pub problems: Vec<Problem>,
}

/// Checks the text of a workflow file. `file` is named in the problems;
/// `namespace` is the workflow's when the file says none.
pub fn check(source: &str, file: &str, namespace: &Label) -> Checked {
    let mut problems = Problems::new(file);
    let root = tree::parse(source, &mut problems);
    let Some(root) = &root else {
        return Checked::unread(problems);
    };
    Reader::new(source, problems).workflow(root, namespace)
}

/// The same of a text whose document has been read, without any problem.
pub(crate) fn check_read(
    source: &str,
    file: &str,
    root: &node::Node,
    namespace: &Label,
) -> Checked {
    Reader::new(source, Problems::new(file)).workflow(root, namespace)
}

/// Checks the bytes of a workflow file, which must be UTF-8.
pub fn check_bytes(bytes: &[u8], file: &str, namespace: &Label) -> Checked {
    let mut problems = Problems::new(file);
    // a file that is too large is refused as such, whatever is in it
    if tree::fits(bytes.len(), &mut problems) {
        match std::str::from_utf8(bytes) {
            Ok(source) => return check(source, file, namespace),
            Err(error) => problems.error(
                ProblemCode::FileUnreadable,
                locate::end_of(&String::from_utf8_lossy(&bytes[..error.valid_up_to()])),
                "the file is not UTF-8 from here on",
                "save it as UTF-8",
            ),
        }
    }
    Checked::unread(problems)
}

impl Checked {
    /// Of a file in which no keys can be found.
    fn unread(problems: Problems) -> Checked {
        Checked { workflow: None, calls: Vec::new(), problems: problems.into_sorted() }
    }
}

#[cfg(test)]
mod tests;
