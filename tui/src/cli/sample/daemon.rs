//! The daemon itself, and what it sees at once.

use rpa_ipc::overview::{FailureView, HourView, Overview};
use rpa_ipc::view::{BackupView, ErrorView, KeptView, RunnerView, StatusView};

use super::{ACCEPTED, NOW, asking, failed};

pub(crate) fn status() -> StatusView {
    StatusView {
        version: "0.1.0".into(),
        pid: 4711,
        instance: "b9c1".into(),
        state_dir: "/var/lib/rpad".into(),
        socket: "/run/rpad/rpad.sock".into(),
        http: ["/run/rpad/http.sock", "127.0.0.1:8088"].map(str::to_owned).into(),
        started_ms: ACCEPTED,
        state: "ready".into(),
        reason: String::new(),
        runs: vec![("running".into(), 1), ("completed".into(), 120)],
        workflows: 4,
        store_bytes: 1_048_576,
        disk_free_bytes: 9_000_000_000,
        attempts_running: 1,
        runner: Some(RunnerView {
            pid: 4712,
            version: "0.1.0".into(),
            state: "ready".into(),
            reason: String::new(),
            attempts: 1,
        }),
        restored: None,
        backup: BackupView::default(),
        kept: KeptView {
            live_ended: 20,
            archived: 100,
            archives: 3,
            archive_bytes: 3_145_728,
            oldest_ms: Some(NOW - 3 * 86_400_000),
            next_look_ms: NOW + 42_000,
        },
    }
}

/// A day with some of everything.
pub(crate) fn overview() -> Overview {
    let hour = 3_600_000;
    let since_ms = (NOW / hour - 23) * hour;
    let view = |n: u64| HourView {
        from_ms: since_ms + n * hour,
        completed: [40, 0, 3, 900][usize::try_from(n % 4).unwrap_or(0)],
        failed: if n.is_multiple_of(7) { n } else { 0 },
        cancelled: u64::from(n == 9),
    };
    let failed = failed().summary;
    let error = failed.error.clone().expect("it failed");
    let error = ErrorView { message: "exited with 2: df: no such file: /mnt/x".into(), ..error };
    let failure = |workflow: &str, step: &str, count, ago| FailureView {
        workflow: workflow.into(),
        alike: format!("{:012x}", 0x000a_f1c2_d3e4_b500_u64 + count),
        step: step.into(),
        error: error.clone(),
        count,
        newest: failed.run,
        newest_ms: NOW - ago,
        oldest_ms: NOW - ago * count,
    };
    let mut doubt = asking().summary;
    (doubt.status, doubt.at_step, doubt.workflow) =
        ("in_doubt".into(), "send".into(), "default/mail".into());
    let mut running = asking().summary;
    (running.status, running.needs_person, running.at_step) =
        ("running".into(), false, "each[3]/fetch".into());
    let mut waiting = running.clone();
    (waiting.status, waiting.workflow) =
        ("waiting".into(), "ops/a-workflow-with-a-long-name".into());
    Overview {
        since_ms,
        counts: vec![("running".into(), 1), ("waiting".into(), 1), ("completed".into(), 5_432)],
        failures: vec![
            failure("default/disk-report", "usage", 1, 90_000),
            failure("ops/a-workflow-with-a-long-name", "", 1_204, 7_500_000),
        ],
        failed: 1_205,
        failures_cut: true,
        doubts: vec![doubt],
        open: vec![running, waiting],
        hours: (0..24).map(view).collect(),
        counted_from_ms: since_ms,
    }
}
