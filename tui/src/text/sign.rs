//! Signs of how a trigger stands and of what has become of a slot. A row of slots shows
//! nothing but their signs, so each fate has one of its own in both alphabets.

/// How a trigger can stand.
pub const TRIGGER_STATUSES: [&str; 7] =
    ["armed", "paused", "disabled", "held", "gone", "broken", "failing"];

/// What can become of a slot.
pub const FATES: [&str; 10] = [
    "fired",
    "late",
    "caught_up",
    "backfilled",
    "by_hand",
    "waiting",
    "skipped",
    "suppressed",
    "refused",
    "missed",
];

/// What becomes of a delivery.
pub const OUTCOMES: [&str; 5] = ["started", "held", "merged", "skipped", "refused"];

/// From how much on a run counts as late: whatever starts takes a moment.
pub const LATE_MS: u64 = 1_000;

/// What a sign says beside its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feel {
    Good,
    Bad,
    /// Wants attention.
    Warn,
    /// Beside the point.
    Dim,
}

/// Of one cell, in two alphabets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    pub unicode: &'static str,
    pub ascii: &'static str,
    pub feel: Feel,
}

/// The sign of a word that only triggers and slots have: `waiting`, `paused` and `skipped`
/// are those of runs and steps. A newer daemon's word has none.
pub fn sign(word: &str) -> Option<Sign> {
    let (unicode, ascii, feel) = match word {
        "armed" => ("●", "*", Feel::Good),
        "disabled" => ("■", "#", Feel::Warn),
        "held" => ("=", "=", Feel::Warn),
        "gone" => ("-", "-", Feel::Dim),
        "broken" | "refused" => ("✗", "x", Feel::Bad),
        "fired" => ("✓", "+", Feel::Good),
        "late" => ("◑", "l", Feel::Warn),
        "caught_up" => ("↻", "r", Feel::Good),
        "backfilled" => ("↺", "b", Feel::Good),
        "by_hand" => ("◆", "h", Feel::Good),
        "started" => ("✓", "+", Feel::Good),
        "merged" => ("∪", "u", Feel::Dim),
        "failing" => ("!", "!", Feel::Bad),
        "suppressed" => ("~", "~", Feel::Dim),
        "missed" => ("!", "!", Feel::Bad),
        _ => return None,
    };
    Some(Sign { unicode, ascii, feel })
}
