//! The console without a terminal: states in, painted screens out.

mod again;
mod fire;
mod home;
mod keys;
mod ledger;
mod palette;
mod paper;
mod pointer;
mod sample;
mod screens;
mod sizes;
mod triggers;
mod vote;
mod words;
mod workflow;
mod workflow_sample;
mod workflow_screens;
