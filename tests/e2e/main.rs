//! The end-to-end suite: one binary, so that it is linked once.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod again;
mod approvals;
mod approve;
mod asking;
mod backup;
mod calls;
mod catalog;

mod console;
mod console_again;
mod console_approve;
mod console_log;
mod console_terminal;
mod crash;
mod damaged;
mod doctor;
mod each;
mod endings;
mod examples;
mod examples_asking;
mod examples_flow;
mod first_light;
mod gates;
mod groups;
mod kills;
mod load;
mod locks;
mod loops;
mod loops_crash;
mod pressure;
mod previews;
mod refusals;
mod retention;
mod runner;
mod schedules;
mod stops;
mod stores;
mod tidy;
mod variables;
mod waits;
mod why;
mod why_others;
mod windows;
mod words;
mod workflow_tests;
