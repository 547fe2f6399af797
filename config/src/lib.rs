//! Settings, paths, and the workflow file format.
//!
//! What a person writes is read here and nowhere else: the daemon, `rpa check`
//! and the console share one reader, so they never disagree about a file.

pub mod calendar;
pub mod catalogue;
pub mod edit;
pub mod evaluate;
pub mod examples;
pub mod expr;
pub mod file_watch;
pub mod format;
pub mod json;
pub mod paths;
pub mod rename;
pub mod rows;
pub mod said;
pub mod schedule;
pub mod settings;
pub mod suggest;
pub mod testfile;
pub mod trigger;
pub mod units;
pub mod workflow;
pub mod yaml;
