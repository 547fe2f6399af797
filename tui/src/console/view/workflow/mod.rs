//! Workflows: the list of them, one of them, its texts, and what is asked about them.

pub mod edited;
mod graph;
pub mod list;
pub mod one;
pub mod revise;
mod revisions;
mod steps;
pub mod text;
mod triggers;
