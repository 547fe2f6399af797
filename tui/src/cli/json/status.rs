//! The daemon as `rpa status --json` prints it.

use std::collections::BTreeMap;

use rpa_ipc::view::{BackupView, RunnerView, StatusView};
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
    pub http: &'a [String],
    pub started: Option<String>,
    pub runs: BTreeMap<&'a str, u64>,
    pub workflows: u64,
    pub store_bytes: u64,
    pub disk_free_bytes: u64,
    pub attempts_running: u64,
    /// Not when steps run inside the daemon.
    pub runner: Option<RunnerDocument<'a>>,
    /// While runs of a backup that was restored are held.
    pub restored: Option<RestoredObject>,
    pub backup: BackupObject<'a>,
    pub kept: KeptObject,
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

#[derive(Debug, Serialize)]
pub struct RestoredObject {
    pub taken: Option<String>,
    pub restored: Option<String>,
    pub held: u64,
}

#[derive(Debug, Serialize)]
pub struct BackupObject<'a> {
    /// When the last good one was taken.
    pub last: Option<String>,
    pub file: Option<&'a str>,
    /// When the last scheduled one failed, and why.
    pub failed: Option<String>,
    pub error: Option<&'a str>,
    pub under_way: bool,
    pub every_ms: Option<u64>,
    pub directory: Option<&'a str>,
}

impl<'a> BackupObject<'a> {
    fn of(view: &'a BackupView) -> BackupObject<'a> {
        BackupObject {
            last: view.last.as_ref().and_then(|(at, _)| time(*at)),
            file: view.last.as_ref().map(|(_, file)| file.as_str()),
            failed: view.failed.as_ref().and_then(|(at, _)| time(*at)),
            error: view.failed.as_ref().map(|(_, error)| error.as_str()),
            under_way: view.under_way,
            every_ms: view.every_ms,
            directory: Some(view.directory.as_str()).filter(|directory| !directory.is_empty()),
        }
    }
}

/// What is kept of runs.
#[derive(Debug, Serialize)]
pub struct KeptObject {
    pub live_ended: u64,
    pub archived: u64,
    pub archives: u64,
    pub archive_bytes: u64,
    pub oldest: Option<String>,
    pub next_look: Option<String>,
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
            http: &view.http,
            started: time(view.started_ms),
            runs: view.runs.iter().map(|(word, n)| (word.as_str(), *n)).collect(),
            workflows: view.workflows,
            store_bytes: view.store_bytes,
            disk_free_bytes: view.disk_free_bytes,
            attempts_running: view.attempts_running,
            runner: view.runner.as_ref().map(RunnerDocument::of),
            restored: view.restored.as_ref().map(|view| RestoredObject {
                taken: time(view.taken_ms),
                restored: time(view.restored_ms),
                held: view.held,
            }),
            backup: BackupObject::of(&view.backup),
            kept: KeptObject {
                live_ended: view.kept.live_ended,
                archived: view.kept.archived,
                archives: view.kept.archives,
                archive_bytes: view.kept.archive_bytes,
                oldest: view.kept.oldest_ms.and_then(time),
                next_look: time(view.kept.next_look_ms),
            },
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
