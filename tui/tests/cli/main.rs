//! The binary `rpa`, run against a daemon that does what a test tells it.

mod daemon;
mod rpa;
#[path = "../../src/cli/sample/mod.rs"]
#[expect(dead_code, reason = "not every sample is for both suites")]
mod sample;

mod catalog;
mod console;
mod faults;
mod files;
mod interrupted;
mod lists;
mod logs;
mod offline;
mod reconnect;
mod streams;
mod triggers;
mod votes;
mod wait;
