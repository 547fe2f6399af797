//! Faults and errors in the reader's language.

use std::borrow::Cow;

use rpa_ipc::view::ErrorView;
use rpa_ipc::{Fault, FaultCode};

use super::State;
use crate::say;
use crate::text::sanitize;

/// What is wrong, on one line.
pub fn fault_text(state: &State, fault: &Fault) -> String {
    let said = fault.message_in(state.words.language());
    let text = format!("{} {}", fault.code, one_line(&said));
    text.trim_end().to_owned()
}

/// What can be done about a fault.
pub fn fault_hint(state: &State, fault: &Fault) -> String {
    one_line(&fault.hint_in(state.words.language()))
}

/// The error of a run or a step, in lines.
pub fn error_text(state: &State, error: &ErrorView) -> String {
    rpa_ipc::fault::error_in(state.words.language(), error)
}

/// Why a step stands as it does.
pub fn reason_text<'a>(state: &State, reason: &'a str) -> Cow<'a, str> {
    rpa_ipc::fault::reason_in(state.words.language(), reason)
}

/// What of its promises a run has not kept; a newer daemon's as it comes.
pub fn late_text(state: &State, broken: &str) -> String {
    match broken {
        "start" => say!(state.words, "run-late-start"),
        "finish" => say!(state.words, "run-late-finish"),
        newer => newer.to_owned(),
    }
}

/// What can usually be done about faults of this code.
pub fn hint_of(state: &State, code: FaultCode) -> String {
    code.hint(state.words.language()).into_owned()
}

fn one_line(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| sanitize(line.trim())).collect();
    lines.join(" ")
}
