//! Starts that failed: a line each, beside the store, for whoever asks afterwards.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rpa_ipc::doctor::{Finding, Severity};
use rpa_ipc::{Fault, FaultCode, said};

const FILE: &str = "failed-starts";
/// Lines that are kept, the newest.
const KEPT: usize = 20;
/// Starts that are told of are not older.
const LATELY_MS: u64 = 7 * 24 * 3600 * 1000;

/// Remembers why the daemon did not start; as well as it can.
pub fn remember(state_dir: &Path, fault: &Fault) {
    // what is not ours, or is in somebody's hands, is left alone
    if matches!(fault.code, FaultCode::StateInUse | FaultCode::StateDenied | FaultCode::Usage)
        || !state_dir.is_dir()
    {
        return;
    }
    let path = state_dir.join(FILE);
    let before = fs::read_to_string(&path).unwrap_or_default();
    let message = fault.message.replace(['\n', '\r'], " ");
    let now = rpa_config::units::stamp(crate::driver::now_ms());
    let line = format!("{now} {} {message}", fault.code);
    let mut lines: Vec<&str> = before.lines().collect();
    lines.push(&line);
    let first = lines.len().saturating_sub(KEPT);
    let text = lines[first..].join("\n") + "\n";
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(&path);
    if let Err(error) = file.and_then(|mut file| file.write_all(text.as_bytes())) {
        tracing::debug!(%error, "a failed start could not be remembered");
    }
}

pub fn look(state_dir: &Path, found: &mut Vec<Finding>) {
    let path = state_dir.join(FILE);
    let text = fs::read_to_string(&path).unwrap_or_default();
    let since = crate::driver::now_ms().saturating_sub(LATELY_MS);
    let is_late = |line: &&str| {
        let at = line.split(' ').next().and_then(|at| at.parse::<jiff::Timestamp>().ok());
        at.is_some_and(|at| u64::try_from(at.as_millisecond()).is_ok_and(|ms| ms >= since))
    };
    let lately: Vec<&str> = text.lines().filter(is_late).collect();
    let Some(last) = lately.last() else {
        found.push(Finding::new("starts", Severity::Ok, said!("doctor-starts-fine")));
        return;
    };
    let what =
        said!("doctor-failed-starts", count = rpa_ipc::fault::count(lately.len()), last = last);
    let finding = Finding::new("starts", Severity::Warning, what).at(path.display());
    found.push(finding.remedy(said!("doctor-see-log")));
}
