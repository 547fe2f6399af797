//! The console without a terminal: states in, painted screens out.

mod again;
mod fire;
mod home;
mod keys;
mod paper;
mod sample;
mod screens;
mod sizes;
mod triggers;
mod vote;
mod words;
