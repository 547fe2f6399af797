//! Notifications for tests, one of each sort that looks different.

use rpa_ipc::fault::{Arg, Said, count};
use rpa_ipc::notifications::{NotificationPage, NotificationView};
use rpa_ipc::said;
use rpa_ipc::view::ErrorView;

use crate::cli::sample::{NOW, SLOT, failed};

const MINUTE: u64 = 60_000;

pub(crate) fn notifications() -> NotificationPage {
    let error = Arg::Error(ErrorView {
        code: "RPA0401".into(),
        class: "exit(2)".into(),
        message: "exited with 2: df: \u{1b}[2J no such file: /mnt/a-place-with-a-long-name".into(),
    });
    let run = Some(failed().summary.run);
    let failed = NotificationView {
        number: 31,
        run,
        step: "usage".parse().ok(),
        count: 3,
        first_ms: NOW - 110 * MINUTE,
        ..view(
            12,
            "run_failed",
            "error",
            said!("notification-failed-at", step = "usage", error = error),
        )
    };
    let asks = said!(
        "notification-approval",
        step = "sign_off",
        message = "pay \u{1b}[31m€ 12,000 to ACME?"
    );
    let asks = NotificationView {
        run,
        step: "sign_off".parse().ok(),
        state: "open".into(),
        acknowledged: Some((NOW - MINUTE, "ana (cli)".into())),
        ..view(30, "approval_waiting", "question", asks)
    };
    let why = said!("slot-missed-down");
    let missed = said!("notification-slot-missed", slot = Arg::Moment(SLOT), why = why);
    let missed = NotificationView {
        trigger: "nightly".into(),
        slot_ms: Some(SLOT),
        count: 1_440,
        ..view(22, "slot_missed", "warning", missed)
    };
    let returned = said!("notification-returned", runs = count(2));
    let returned = NotificationView {
        workflow: String::new(),
        state: "done".into(),
        acknowledged: Some((NOW - MINUTE, "ана (console)".into())),
        ..view(20, "daemon_returned", "information", returned)
    };
    let paused = said!("notification-trigger-paused", failures = count(3));
    let paused = NotificationView {
        workflow: format!("ops/{}", "long-name-".repeat(5)),
        trigger: "nightly".into(),
        state: "done".into(),
        settled: Some((NOW - MINUTE, "resumed".into())),
        ..view(9, "trigger_paused", "error", paused)
    };
    let items = vec![failed, asks, missed, returned, paused];
    NotificationPage { items, next: Some("9".into()), unread: 2, open: 3, newest: 31 }
}

fn view(id: u64, kind: &str, severity: &str, what: Said) -> NotificationView {
    let last_ms = NOW - (40 - id) * MINUTE;
    NotificationView {
        id,
        number: id,
        kind: kind.into(),
        severity: severity.into(),
        state: "unread".into(),
        workflow: "default/disk-report".into(),
        run: None,
        step: None,
        trigger: String::new(),
        slot_ms: None,
        what,
        count: 1,
        mended: 0,
        first_ms: last_ms,
        last_ms,
        acknowledged: None,
        settled: None,
    }
}
