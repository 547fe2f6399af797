//! The console without a terminal: states in, painted screens out.

mod again;
mod editor;
mod editor_screens;
mod fire;
mod freeze;
mod groups;
mod home;
mod keys;
mod ledger;
mod marathon;
mod notifications;
mod palette;
mod panes;
mod paper;
mod pointer;
mod run_screens;
mod sample;
mod screens;
mod sizes;
mod trail;
mod triggers;
mod vote;
mod words;
mod workflow;
mod workflow_sample;
mod workflow_screens;
