//! A YAML document as it is written: its nodes in their order, each with its comments.
//!
//! The reader of workflows ([`crate::workflow`]) asks what a file means; this asks how it
//! is written, so that it can be written again, formatted or changed, without losing a
//! comment. Places of nodes come from the same parser, so both agree about what is where.
//!
//! ```text
//! text -> parse -> Document -> (sort, insert, move, remove) -> print -> text
//! ```
//!
//! Entries and items own the comments above and beside them: who moves one moves them
//! along. Not kept is what says nothing: indentation, the style of line breaks, `---`.
//! Whoever writes a file holds its meaning against that of the one before
//! ([`crate::format`]); nothing here knows keys or types.

mod document;
mod names;
mod parse;
mod print;

pub use document::{Block, Body, Chomp, Document, Entry, Item, Lead, List, Map, Node, Note, Quote};
pub use names::Names;
pub(crate) use parse::{Told, events, read};
pub use parse::{Unkept, parse};
pub use print::{print, print_entry, print_item, print_short, print_value};

#[cfg(test)]
mod tests;
