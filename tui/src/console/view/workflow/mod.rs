//! Workflows: the list of them, one of them, its texts, and what is asked about them.

pub mod edited;
pub(super) mod graph;
pub mod list;
pub mod one;
pub mod revise;
mod revisions;
pub(super) mod steps;
pub mod text;
mod triggers;
