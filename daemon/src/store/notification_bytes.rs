//! Golden bytes of what is stored of notifications.

use std::fmt::Write;

use rpa_engine::actor::{Actor, Origin};
use rpa_engine::catalog::Mark;
use rpa_engine::notification::{Settled, What};
use rpa_engine::run::Promise;
use rpa_engine::trigger::Missed;
use rpa_engine::{ErrorClass, RunId, TaskError, WorkflowRef};
use serde::Serialize;

use super::codec;
use super::notifications::{Counts, Unfinished};
use super::*;

#[test]
fn stored_bytes_of_notifications_never_change() {
    let mut golden = String::new();
    fn add(golden: &mut String, name: &str, row: &impl Serialize) {
        let bytes = codec::encode(row).unwrap();
        let hex = bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        writeln!(golden, "{name}: {hex}").unwrap();
    }
    for what in whats() {
        add(&mut golden, what.kind().word(), &row(what));
    }
    for how in [
        Settled::Decided,
        Settled::TimedOut,
        Settled::Ended,
        Settled::Rerun,
        Settled::Resumed,
        Settled::Released,
        Settled::Over,
    ] {
        let row = NotificationRow { settled: Some((9, how)), ..row(What::DiskLow) };
        add(&mut golden, how.word(), &row);
    }
    let unfinished = Unfinished { unread: 1, open: 2 };
    let of = [(None, unfinished), (Some(NamespaceId(3)), unfinished)].into();
    add(&mut golden, "counts", &Counts { last: 4, all: 5, of });
    add(&mut golden, "life", &Life { boot: "b".into(), since_ms: 6 });
    insta::assert_snapshot!(golden);
}

fn row(what: What) -> NotificationRow {
    let by = Actor { who: "ana".into(), origin: Origin::Cli };
    NotificationRow {
        id: 1,
        namespace: Some(NamespaceId(2)),
        subject: Subject {
            workflow: Some(WorkflowRef {
                namespace: "ops".parse().unwrap(),
                name: "w".parse().unwrap(),
            }),
            run: Some(RunId(7)),
            step: Some("each[3]/a".parse().unwrap()),
            trigger: Some("t".parse().unwrap()),
            slot_ms: Some(3),
        },
        what,
        count: 4,
        mended: 1,
        failed: vec![FailedRun { run: RunId(7), first: RunId(6) }],
        first_ms: 5,
        last_ms: 6,
        acknowledged: Some(Mark { at_ms: 7, by }),
        settled: None,
    }
}

fn whats() -> [What; 18] {
    let (code, message, lost) = (|| "RPA0401".to_owned(), || "m".to_owned(), || "lost".to_owned());
    let error = || TaskError { class: ErrorClass::Exit(2), code: code(), message: message() };
    [
        What::RunFailed { error: error() },
        What::RunTimedOut { error: error() },
        What::RunInDoubt { reason: lost() },
        What::ApprovalWaiting { message: message(), until_ms: Some(1) },
        What::ApprovalTimedOut,
        What::SlaBroken { promise: Promise::Finish },
        What::SlotMissed { why: Missed::Clock },
        What::SlotSkipped,
        What::SlotRefused { code: code(), message: message() },
        What::DeliveryDropped,
        What::DeliveryRefused { code: code(), message: message() },
        What::TriggerPaused { failures: 3 },
        What::TriggerFailing { code: code(), message: message() },
        What::DaemonReturned { runs: 1, lost: 2, machine: true },
        What::StoreRestored { runs: 1 },
        What::DiskLow,
        What::BackupFailed { why: message() },
        What::NotificationsDropped,
    ]
}
