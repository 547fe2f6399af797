//! What is counted as one.

use rpa_engine::StepPath;
use rpa_engine::notification::{Kind, What};

use crate::store::{NamespaceId, NotificationRow, Subject};

/// What two notifications have in common that are counted as one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Alike {
    pub namespace: Option<NamespaceId>,
    pub kind: Kind,
    pub of: String,
}

impl Alike {
    pub fn of(namespace: Option<NamespaceId>, subject: &Subject, what: &What) -> Alike {
        let kind = what.kind();
        let workflow = subject.workflow.as_ref().map(ToString::to_string).unwrap_or_default();
        let of = match kind {
            // a step that fails in each turn of a loop is one step
            Kind::RunFailed | Kind::RunTimedOut | Kind::SlaBroken => {
                let step = subject.step.as_ref().map(plain).unwrap_or_default();
                format!("{workflow} {step} {}", what.fault())
            }
            Kind::RunInDoubt | Kind::ApprovalWaiting | Kind::ApprovalTimedOut => {
                subject.run.map(|run| run.to_string()).unwrap_or_default()
            }
            Kind::SlotMissed
            | Kind::SlotSkipped
            | Kind::SlotRefused
            | Kind::DeliveryDropped
            | Kind::DeliveryRefused
            | Kind::TriggerPaused
            | Kind::TriggerFailing => {
                let trigger = subject.trigger.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("{workflow} {trigger} {}", what.fault())
            }
            Kind::DaemonReturned
            | Kind::StoreRestored
            | Kind::DiskLow
            | Kind::BackupFailed
            | Kind::NotificationsDropped => String::new(),
        };
        Alike { namespace, kind, of }
    }

    pub fn of_row(row: &NotificationRow) -> Alike {
        Alike::of(row.namespace, &row.subject, &row.what)
    }

    pub fn of_daemon(kind: Kind) -> Alike {
        Alike { namespace: None, kind, of: String::new() }
    }
}

/// A path without the numbers of turns.
fn plain(path: &StepPath) -> String {
    let is_outside = |(depth, c): &(u32, char)| *depth == 0 && *c != ']';
    let depths = path.as_str().chars().scan(0u32, |depth, c| {
        match c {
            '[' => *depth += 1,
            ']' => *depth = depth.saturating_sub(1),
            _ => {}
        }
        Some((*depth, c))
    });
    depths.filter(is_outside).map(|(_, c)| c).collect()
}
