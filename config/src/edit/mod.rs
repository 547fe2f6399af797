//! Changes to the text of a workflow file, one at a time: what the console's editor does.
//!
//! ```text
//! text -> Sheet (the document as written, as meant, its steps) -> what the needs of a list
//!      must be -> pages: one text after the other, spliced -> Sheet -> held against the first
//! ```
//!
//! The text is changed, not written anew: comments, layout and whatever a person has done to
//! the rest stay. A text need not be valid, only readable as YAML. Whatever is made is read
//! again ([`hold`]), and refused when anything but what was asked would mean something else.
//!
//! Nothing here has words for people: refusals are data, and what fields are about comes
//! from the contracts of tasks and the schema of the format.

mod braces;
mod change;
mod draft;
mod find;
mod form;
mod graph;
mod hold;
mod kinds;
mod lists;
mod made;
mod mentions;
mod names;
mod needs;
mod place;
mod refused;
mod rename;
mod rows;
mod set;
mod sheet;
mod splice;
mod table;
mod turn;

pub use change::{Change, Changed, ListOf, Need, Place, apply};
pub use draft::Draft;
pub use form::{Field, Form, Kind, Source, form};
pub use kinds::{Shape, StepKind, kinds};
pub use refused::{Mention, Refused};
pub use rows::{Row, rows};

#[cfg(test)]
mod tests;
