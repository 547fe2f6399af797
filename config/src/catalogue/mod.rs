//! The task types of this build: what each takes, gives and risks.
//!
//! One file per task type. `rpa check` and the daemon read the same contracts;
//! the code that does the work is in `rpa-tasks`.

mod admit;
mod data_transform;
mod event_publish;
mod field;
mod file_read;
mod file_write;
mod http_request;
mod log;
mod noop;
mod shell;

use rpa_engine::contract::TaskContract;

pub use admit::{InputError, admit};
pub use shell::SHELLS;

/// Every task type, by kind.
pub const CATALOGUE: &[TaskContract] = &[
    data_transform::CONTRACT,
    event_publish::CONTRACT,
    file_read::CONTRACT,
    file_write::CONTRACT,
    http_request::CONTRACT,
    log::CONTRACT,
    noop::CONTRACT,
    shell::CONTRACT,
];

/// The contract of the task type `kind`.
pub fn find(kind: &str) -> Option<&'static TaskContract> {
    CATALOGUE.iter().find(|contract| contract.kind == kind)
}

/// Whether what a task of `kind` is given is stored, and shown to people, so that no secret
/// may be in it.
pub fn keeps_inputs(kind: &str) -> bool {
    kind == event_publish::CONTRACT.kind
}

/// Inputs of `kind` of which at most one may be given.
pub(crate) fn exclusive_inputs(kind: &str) -> &'static [&'static str] {
    match kind {
        "http.request" => http_request::BODIES,
        _ => &[],
    }
}

/// Inputs of `kind` that mean nothing without another: (input, what it needs).
pub(crate) fn dependent_inputs(kind: &str) -> &'static [(&'static str, &'static str)] {
    match kind {
        "data.transform" => data_transform::DEPENDENT,
        _ => &[],
    }
}

#[cfg(test)]
mod tests;
