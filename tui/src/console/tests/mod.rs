//! The console without a terminal: states in, painted screens out.

/// A snapshot of what a function makes of a size and a language, in each of both, and in
/// ASCII: `check!("runs", with_runs)`. It is named after the module that it stands in.
macro_rules! check {
    ($name:expr, $make:expr $(,)?) => {
        $crate::console::tests::paper::check(module_path!(), $name, $make)
    };
}

mod again;
mod editor;
mod editor_screens;
mod field_words;
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
mod reading;
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
