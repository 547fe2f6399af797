//! The canonical form of workflow files and of files of tests: what `rpa fmt` writes.
//!
//! The order of keys, indentation, empty lines and quotes change; comments stay with what
//! they stand before or beside. What a file means never changes: what would be written is
//! read again and held against what was there ([`meaning`]), and refused when anything
//! differs. Files that are no valid YAML are left alone, others may have problems.

mod layout;
pub(crate) mod meaning;
mod order;

pub use order::{STEP_ORDER, TEST_FILE_ORDER, TEST_ORDER, TOP_ORDER};

use crate::workflow::problem::{ProblemCode, Problems};
use crate::workflow::{Problem, locate, tree};
use crate::yaml;

/// Why a file is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be read; as a check says it.
    Unread(Vec<Problem>),
    /// It is written in a way that cannot be kept.
    Unkept(yaml::Unkept),
    /// It would come to mean something else: this.
    Changed(&'static str),
}

/// The canonical form of the bytes of a file. `file` is named in the problems.
pub fn format_bytes(bytes: &[u8], file: &str) -> Result<String, Refusal> {
    let mut problems = Problems::new(file);
    if !tree::fits(bytes.len(), &mut problems) {
        return Err(Refusal::Unread(problems.into_sorted()));
    }
    match std::str::from_utf8(bytes) {
        Ok(source) => format(source, file),
        Err(error) => {
            problems.error(
                ProblemCode::FileUnreadable,
                locate::end_of(&String::from_utf8_lossy(&bytes[..error.valid_up_to()])),
                "the file is not UTF-8 from here on",
                "save it as UTF-8",
            );
            Err(Refusal::Unread(problems.into_sorted()))
        }
    }
}

/// The canonical form of a file's text. `file` is named in the problems.
pub fn format(source: &str, file: &str) -> Result<String, Refusal> {
    let mut problems = Problems::new(file);
    let Some(root) = tree::parse(source, &mut problems).filter(|_| !problems.failed()) else {
        return Err(Refusal::Unread(problems.into_sorted()));
    };
    let plain = unmarked(source);
    let before = yaml::parse(&plain).map_err(Refusal::Unkept)?;
    let mut after = before.clone();
    order::sort(&mut after);
    layout::lay_out(&mut after);
    let text = yaml::print(&after);
    meaning::hold(source, &root, &before, &text)?;
    Ok(text)
}

/// Without a byte order mark, with `\n` for every line break.
fn unmarked(source: &str) -> String {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    if source.contains('\r') {
        source.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        source.to_owned()
    }
}

#[cfg(test)]
mod tests;
