//! Notifications: what deserves a person's attention, each once.
//!
//! | a notification | is `open` | is `done` |
//! |---|---|---|
//! | of something that stands: an approval waits, a trigger is paused | until that ends, whoever has seen it | when it has ended by itself |
//! | of something that has happened: a run failed, a slot was missed | until somebody has seen it | when somebody has seen it, or reruns have mended all that is counted in it |
//!
//! What happens again alike is counted in the one that is there, see [`folds`].

use serde::{Deserialize, Serialize};

use crate::outcome::TaskError;
use crate::run::Promise;
use crate::trigger::Missed;

/// An alike happening is counted in the notification that is there when the last one was
/// no longer ago: a schedule of each hour that fails is one.
pub const ALIKE_MS: u64 = 2 * 3_600_000;
/// Whatever goes on for longer than a day is told again, once a day.
pub const ONE_MS: u64 = 24 * 3_600_000;
/// Longest text of others in a notification, in characters: whoever wants all of it opens
/// what it is about.
pub const LONGEST_TEXT: usize = 300;

/// What a notification is about. Append-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    RunFailed,
    RunTimedOut,
    /// Steps of a run may have done their work or not: a person must decide.
    RunInDoubt,
    ApprovalWaiting,
    ApprovalTimedOut,
    SlaBroken,
    SlotMissed,
    SlotSkipped,
    SlotRefused,
    DeliveryDropped,
    DeliveryRefused,
    /// A trigger was paused by failures of its runs.
    TriggerPaused,
    /// The source of a trigger does not work: it hears nothing.
    TriggerFailing,
    /// The daemon came back, and had not been stopped.
    DaemonReturned,
    StoreRestored,
    DiskLow,
    BackupFailed,
    /// There were more than are kept: some that nobody has seen were let go.
    NotificationsDropped,
}

/// How much it wants of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    Information,
    Warning,
    /// Somebody is waited for.
    Question,
    Error,
}

/// What has happened, with what is to be said of it beside whom it concerns. Append-only.
/// Texts are those of others, cut to [`LONGEST_TEXT`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    RunFailed {
        error: TaskError,
    },
    RunTimedOut {
        error: TaskError,
    },
    RunInDoubt {
        reason: String,
    },
    ApprovalWaiting {
        message: String,
        until_ms: Option<u64>,
    },
    ApprovalTimedOut,
    SlaBroken {
        promise: Promise,
    },
    SlotMissed {
        why: Missed,
    },
    /// More slots waited than may.
    SlotSkipped,
    SlotRefused {
        code: String,
        message: String,
    },
    /// More deliveries were held than may be.
    DeliveryDropped,
    DeliveryRefused {
        code: String,
        message: String,
    },
    TriggerPaused {
        failures: u32,
    },
    TriggerFailing {
        code: String,
        message: String,
    },
    DaemonReturned {
        /// Runs that were open and go on.
        runs: u32,
        /// Attempts that nobody has seen the end of.
        lost: u32,
        /// The machine went down as well.
        machine: bool,
    },
    StoreRestored {
        /// Open runs that are held.
        runs: u32,
    },
    DiskLow,
    BackupFailed {
        why: String,
    },
    NotificationsDropped,
}

/// How something that stood came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Settled {
    /// A person has decided.
    Decided,
    TimedOut,
    /// Its run has ended.
    Ended,
    /// Of each failed run that it tells of a rerun has completed.
    Rerun,
    /// The trigger goes on, or is not armed any more.
    Resumed,
    /// A person has let the restored store go on.
    Released,
    /// It is over: there is space again, a source works, a backup was made.
    Over,
}

/// Where a notification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Standing {
    /// Nobody has seen it, and it has not ended by itself.
    Unread,
    /// Somebody has seen it, and what it is about still stands.
    Open,
    Done,
}

impl Kind {
    pub const ALL: [Kind; 18] = [
        Kind::RunFailed,
        Kind::RunTimedOut,
        Kind::RunInDoubt,
        Kind::ApprovalWaiting,
        Kind::ApprovalTimedOut,
        Kind::SlaBroken,
        Kind::SlotMissed,
        Kind::SlotSkipped,
        Kind::SlotRefused,
        Kind::DeliveryDropped,
        Kind::DeliveryRefused,
        Kind::TriggerPaused,
        Kind::TriggerFailing,
        Kind::DaemonReturned,
        Kind::StoreRestored,
        Kind::DiskLow,
        Kind::BackupFailed,
        Kind::NotificationsDropped,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Kind::RunFailed => "run_failed",
            Kind::RunTimedOut => "run_timed_out",
            Kind::RunInDoubt => "run_in_doubt",
            Kind::ApprovalWaiting => "approval_waiting",
            Kind::ApprovalTimedOut => "approval_timed_out",
            Kind::SlaBroken => "sla_broken",
            Kind::SlotMissed => "slot_missed",
            Kind::SlotSkipped => "slot_skipped",
            Kind::SlotRefused => "slot_refused",
            Kind::DeliveryDropped => "delivery_dropped",
            Kind::DeliveryRefused => "delivery_refused",
            Kind::TriggerPaused => "trigger_paused",
            Kind::TriggerFailing => "trigger_failing",
            Kind::DaemonReturned => "daemon_returned",
            Kind::StoreRestored => "store_restored",
            Kind::DiskLow => "disk_low",
            Kind::BackupFailed => "backup_failed",
            Kind::NotificationsDropped => "notifications_dropped",
        }
    }

    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether it is about something that lasts until it ends, rather than about something
    /// that has happened.
    pub fn stands(self) -> bool {
        match self {
            Kind::RunInDoubt
            | Kind::ApprovalWaiting
            | Kind::TriggerPaused
            | Kind::TriggerFailing
            | Kind::StoreRestored
            | Kind::DiskLow
            | Kind::BackupFailed => true,
            Kind::RunFailed
            | Kind::RunTimedOut
            | Kind::ApprovalTimedOut
            | Kind::SlaBroken
            | Kind::SlotMissed
            | Kind::SlotSkipped
            | Kind::SlotRefused
            | Kind::DeliveryDropped
            | Kind::DeliveryRefused
            | Kind::DaemonReturned
            | Kind::NotificationsDropped => false,
        }
    }
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Severity::Information => "information",
            Severity::Warning => "warning",
            Severity::Question => "question",
            Severity::Error => "error",
        }
    }
}

impl Settled {
    pub fn word(self) -> &'static str {
        match self {
            Settled::Decided => "decided",
            Settled::TimedOut => "timed_out",
            Settled::Ended => "ended",
            Settled::Rerun => "rerun",
            Settled::Resumed => "resumed",
            Settled::Released => "released",
            Settled::Over => "over",
        }
    }
}

impl Standing {
    /// `acknowledged` by a person, `settled` by itself.
    pub fn of(kind: Kind, acknowledged: bool, settled: bool) -> Standing {
        match (acknowledged, settled) {
            (_, true) => Standing::Done,
            (false, false) => Standing::Unread,
            (true, false) if kind.stands() => Standing::Open,
            (true, false) => Standing::Done,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Standing::Unread => "unread",
            Standing::Open => "open",
            Standing::Done => "done",
        }
    }
}

impl What {
    pub fn kind(&self) -> Kind {
        match self {
            What::RunFailed { .. } => Kind::RunFailed,
            What::RunTimedOut { .. } => Kind::RunTimedOut,
            What::RunInDoubt { .. } => Kind::RunInDoubt,
            What::ApprovalWaiting { .. } => Kind::ApprovalWaiting,
            What::ApprovalTimedOut => Kind::ApprovalTimedOut,
            What::SlaBroken { .. } => Kind::SlaBroken,
            What::SlotMissed { .. } => Kind::SlotMissed,
            What::SlotSkipped => Kind::SlotSkipped,
            What::SlotRefused { .. } => Kind::SlotRefused,
            What::DeliveryDropped => Kind::DeliveryDropped,
            What::DeliveryRefused { .. } => Kind::DeliveryRefused,
            What::TriggerPaused { .. } => Kind::TriggerPaused,
            What::TriggerFailing { .. } => Kind::TriggerFailing,
            What::DaemonReturned { .. } => Kind::DaemonReturned,
            What::StoreRestored { .. } => Kind::StoreRestored,
            What::DiskLow => Kind::DiskLow,
            What::BackupFailed { .. } => Kind::BackupFailed,
            What::NotificationsDropped => Kind::NotificationsDropped,
        }
    }

    pub fn severity(&self) -> Severity {
        match self {
            What::RunFailed { .. }
            | What::RunTimedOut { .. }
            | What::SlotRefused { .. }
            | What::DeliveryDropped
            | What::DeliveryRefused { .. }
            | What::TriggerPaused { .. }
            | What::TriggerFailing { .. }
            | What::DiskLow
            | What::BackupFailed { .. } => Severity::Error,
            What::RunInDoubt { .. } | What::ApprovalWaiting { .. } | What::StoreRestored { .. } => {
                Severity::Question
            }
            What::ApprovalTimedOut
            | What::SlaBroken { .. }
            | What::SlotMissed { .. }
            | What::SlotSkipped
            | What::NotificationsDropped => Severity::Warning,
            What::DaemonReturned { lost: 0, .. } => Severity::Information,
            What::DaemonReturned { .. } => Severity::Warning,
        }
    }

    /// What tells apart two that are else about the same: of errors their code.
    pub fn fault(&self) -> &str {
        match self {
            What::RunFailed { error } | What::RunTimedOut { error } => &error.code,
            What::SlotRefused { code, .. } | What::DeliveryRefused { code, .. } => code,
            What::SlaBroken { promise } => promise.word(),
            What::RunInDoubt { .. }
            | What::ApprovalWaiting { .. }
            | What::ApprovalTimedOut
            | What::SlotMissed { .. }
            | What::SlotSkipped
            | What::DeliveryDropped
            | What::TriggerPaused { .. }
            | What::TriggerFailing { .. }
            | What::DaemonReturned { .. }
            | What::StoreRestored { .. }
            | What::DiskLow
            | What::BackupFailed { .. }
            | What::NotificationsDropped => "",
        }
    }
}

/// Whether one more is counted in the notification that is there, rather than being one of
/// its own. `acknowledged`: somebody has seen that one.
///
/// What stands is one as long as it stands. What has happened again after somebody has seen
/// it is news.
pub fn folds(kind: Kind, acknowledged: bool, first_ms: u64, last_ms: u64, now_ms: u64) -> bool {
    let is_near = now_ms.saturating_sub(last_ms) <= ALIKE_MS;
    let is_young = now_ms.saturating_sub(first_ms) <= ONE_MS;
    kind.stands() || (!acknowledged && is_near && is_young)
}

/// A text of others, no longer than [`LONGEST_TEXT`].
pub fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT - 1) {
        Some((at, _)) if text[at..].chars().nth(1).is_some() => format!("{}…", &text[..at]),
        Some(_) | None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_kinds_are_their_own() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
        assert_eq!(Kind::from_word("none"), None);
    }

    #[test]
    fn what_stands_is_open_after_it_was_seen_and_what_has_happened_is_done() {
        let of = |kind, seen, over| Standing::of(kind, seen, over);
        assert_eq!(of(Kind::ApprovalWaiting, false, false), Standing::Unread);
        assert_eq!(of(Kind::ApprovalWaiting, true, false), Standing::Open);
        assert_eq!(of(Kind::ApprovalWaiting, false, true), Standing::Done);
        assert_eq!(of(Kind::RunFailed, false, false), Standing::Unread);
        assert_eq!(of(Kind::RunFailed, true, false), Standing::Done);
        assert_eq!(of(Kind::RunFailed, false, true), Standing::Done);
    }

    #[test]
    fn what_fails_each_minute_is_one_a_day() {
        let minute = 60_000;
        let (mut first, mut last, mut count) = (0, 0, 1);
        for now in (minute..=3 * ONE_MS).step_by(minute as usize) {
            if !folds(Kind::RunFailed, false, first, last, now) {
                (first, count) = (now, count + 1);
            }
            last = now;
        }
        assert_eq!(count, 3);
        assert!(!folds(Kind::RunFailed, false, 0, 0, ALIKE_MS + 1), "long ago");
        assert!(!folds(Kind::RunFailed, true, 0, 0, 1), "it was seen: this one is news");
        assert!(folds(Kind::ApprovalWaiting, true, 0, 0, 10 * ONE_MS), "as long as it stands");
        assert!(folds(Kind::RunFailed, false, 5, 5, 1), "a clock that was set back");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(cut("short"), "short");
        let exact = "я".repeat(LONGEST_TEXT);
        assert_eq!(cut(&exact), exact);
        let cut = cut(&"я".repeat(LONGEST_TEXT + 1));
        assert_eq!(cut.chars().count(), LONGEST_TEXT);
        assert!(cut.ends_with('…'));
    }
}
