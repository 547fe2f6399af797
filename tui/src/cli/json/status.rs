//! The daemon as `rpa status --json` prints it.

use std::collections::BTreeMap;

use rpa_ipc::view::{RunnerView, StatusView};
use serde::Serialize;

use super::time;

#[derive(Debug, Serialize)]
pub struct StatusDocument<'a> {
    pub version: &'a str,
    pub pid: u32,
    pub instance: &'a str,
    pub state: &'a str,
    pub reason: Option<&'a str>,
    pub state_dir: &'a str,
    pub socket: &'a str,
    pub started: Option<String>,
    pub runs: BTreeMap<&'a str, u64>,
    pub workflows: u64,
    pub store_bytes: u64,
    pub disk_free_bytes: u64,
    pub attempts_running: u64,
    /// Not when steps run inside the daemon.
    pub runner: Option<RunnerDocument<'a>>,
}

#[derive(Debug, Serialize)]
pub struct RunnerDocument<'a> {
    pub pid: Option<u32>,
    pub version: &'a str,
    pub state: &'a str,
    pub reason: Option<&'a str>,
    pub attempts: u64,
}

impl<'a> RunnerDocument<'a> {
    fn of(view: &'a RunnerView) -> RunnerDocument<'a> {
        RunnerDocument {
            pid: Some(view.pid).filter(|pid| *pid != 0),
            version: &view.version,
            state: &view.state,
            reason: Some(view.reason.as_str()).filter(|reason| !reason.is_empty()),
            attempts: view.attempts,
        }
    }
}

impl<'a> StatusDocument<'a> {
    pub fn of(view: &'a StatusView) -> StatusDocument<'a> {
        StatusDocument {
            version: &view.version,
            pid: view.pid,
            instance: &view.instance,
            state: &view.state,
            reason: Some(view.reason.as_str()).filter(|reason| !reason.is_empty()),
            state_dir: &view.state_dir,
            socket: &view.socket,
            started: time(view.started_ms),
            runs: view.runs.iter().map(|(word, n)| (word.as_str(), *n)).collect(),
            workflows: view.workflows,
            store_bytes: view.store_bytes,
            disk_free_bytes: view.disk_free_bytes,
            attempts_running: view.attempts_running,
            runner: view.runner.as_ref().map(RunnerDocument::of),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn the_shape_of_the_status() {
        let view = sample::status();
        insta::assert_snapshot!(serde_json::to_string_pretty(&StatusDocument::of(&view)).unwrap());
    }
}
