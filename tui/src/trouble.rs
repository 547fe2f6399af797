//! What wants a person, of a trigger and of a notification: said by the command line and by
//! the console alike.

use rpa_ipc::triggers::TriggerView;

/// Why a trigger wants a person, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Its source hears nothing for now.
    Failing,
    Broken,
    /// Its runs failed, and the daemon has paused it.
    PausedItself,
    /// The last that came was to have a run, and was refused.
    Refused,
    /// A slot of a day ago or later has had no run, or the last one however old, and nobody
    /// meant that.
    Missed,
}

impl Trouble {
    pub const ALL: [Trouble; 5] = [
        Trouble::Failing,
        Trouble::Broken,
        Trouble::PausedItself,
        Trouble::Refused,
        Trouble::Missed,
    ];

    /// Of one that a person has paused or disabled nothing is wanted.
    pub fn of(view: &TriggerView) -> Option<Trouble> {
        let last = view.last.as_ref().map(|slot| slot.fate.as_str());
        match (view.status.as_str(), last) {
            ("failing", _) => Some(Trouble::Failing),
            ("broken", _) => Some(Trouble::Broken),
            ("paused", _) if view.paused_by_itself => Some(Trouble::PausedItself),
            ("armed", Some("refused")) => Some(Trouble::Refused),
            ("armed", Some("missed")) => Some(Trouble::Missed),
            ("armed", _) if view.missed > 0 => Some(Trouble::Missed),
            _ => None,
        }
    }

    /// The console's message that counts triggers with it.
    pub fn words(self) -> &'static str {
        match self {
            Trouble::Failing => "trouble-failing",
            Trouble::Broken => "trouble-broken",
            Trouble::PausedItself => "trouble-paused",
            Trouble::Refused => "trouble-refused",
            Trouble::Missed => "trouble-missed",
        }
    }
}

/// How many have which trouble, the most urgent first.
pub fn troubles(rows: &[TriggerView]) -> Vec<(Trouble, usize)> {
    let of = |trouble| rows.iter().filter(|view| Trouble::of(view) == Some(trouble)).count();
    let all = Trouble::ALL.into_iter().map(|trouble| (trouble, of(trouble)));
    all.filter(|(_, count)| *count > 0).collect()
}

/// The status that a notification's kind is known by from lists and steps; none of one that
/// is about something else, and of a kind of a newer daemon.
pub fn status_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "run_failed" | "run_timed_out" => "failed",
        "run_in_doubt" => "in_doubt",
        "trigger_paused" => "paused",
        "trigger_failing" => "failing",
        "slot_missed" => "missed",
        "slot_skipped" => "skipped",
        "slot_refused" | "delivery_refused" => "refused",
        _ => return None,
    })
}
