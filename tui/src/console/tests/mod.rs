//! The console without a terminal: states in, painted screens out.

mod again;
mod fire;
mod home;
mod keys;
mod notifications;
mod paper;
mod sample;
mod screens;
mod sizes;
mod triggers;
mod vote;
mod words;
mod workflow;
mod workflow_sample;
mod workflow_screens;
