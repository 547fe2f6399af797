//! Settings, paths, and the workflow file format.

pub mod catalogue;
pub mod expr;
pub mod paths;
pub mod settings;
pub mod workflow;
