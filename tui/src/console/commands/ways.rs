//! What the console does for each command of `rpa`.

use crate::console::keys::Action;

/// How a command is done in the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The console does it itself, as the key of this action does. What is typed after it
    /// and means nothing to the console makes it a command that is run.
    Here(Action),
    /// It is run, and what it prints is read.
    Read,
    /// It makes sense in a shell only, where it can be pasted.
    Shell,
}

/// The path, what is done, and whether that changes what others see. A test holds it
/// against the commands that there are.
const WAYS: &[(&str, Way, bool)] = &[
    ("init", Way::Shell, true),
    ("check", Way::Read, false),
    ("fmt", Way::Read, false),
    ("test", Way::Read, false),
    ("test record", Way::Read, false),
    ("plan", Way::Read, false),
    ("apply", Way::Read, true),
    ("publish", Way::Read, true),
    ("workflows", Way::Here(Action::GoWorkflows), false),
    ("history", Way::Read, false),
    ("diff", Way::Read, false),
    ("source", Way::Read, false),
    ("rollback", Way::Read, true),
    ("clone", Way::Read, true),
    ("enable", Way::Read, true),
    ("disable", Way::Read, true),
    ("archive", Way::Read, true),
    ("restore", Way::Read, true),
    ("export", Way::Read, false),
    ("import", Way::Read, true),
    ("run", Way::Here(Action::RunWorkflow), true),
    ("runs", Way::Here(Action::GoRuns), false),
    ("show", Way::Read, false),
    ("why", Way::Here(Action::Why), false),
    ("logs", Way::Here(Action::Log), false),
    ("cancel", Way::Here(Action::Cancel), true),
    ("pause", Way::Here(Action::Pause), true),
    ("resume", Way::Here(Action::Resume), true),
    ("retry", Way::Here(Action::Retry), true),
    ("rerun", Way::Here(Action::Rerun), true),
    ("doubts", Way::Here(Action::GoDoubts), false),
    ("resolve", Way::Here(Action::Resolve), true),
    ("approvals", Way::Here(Action::GoApprovals), false),
    ("approve", Way::Here(Action::GoApprovals), true),
    ("reject", Way::Here(Action::GoApprovals), true),
    ("locks", Way::Here(Action::GoLocks), false),
    ("locks set", Way::Here(Action::Resize), true),
    ("locks drop", Way::Read, true),
    ("locks release", Way::Here(Action::Release), true),
    ("notifications", Way::Here(Action::GoNotifications), false),
    ("notifications ack", Way::Here(Action::Acknowledge), true),
    ("event publish", Way::Read, true),
    ("tasks", Way::Read, false),
    ("triggers", Way::Here(Action::GoTriggers), false),
    ("triggers enable", Way::Read, true),
    ("triggers disable", Way::Read, true),
    ("triggers pause", Way::Here(Action::PauseTrigger), true),
    ("triggers resume", Way::Here(Action::ResumeTrigger), true),
    ("triggers fire", Way::Here(Action::FireTrigger), true),
    ("triggers test", Way::Here(Action::TestTrigger), false),
    ("slots", Way::Here(Action::GoSlots), false),
    ("deliveries", Way::Here(Action::GoSlots), false),
    ("upcoming", Way::Here(Action::GoUpcoming), false),
    ("schedule backfill", Way::Here(Action::Backfill), true),
    ("schedule preview", Way::Read, false),
    ("schema", Way::Read, false),
    ("overview", Way::Here(Action::GoHome), false),
    ("example", Way::Read, false),
    ("status", Way::Read, false),
    ("doctor", Way::Read, false),
    ("backup", Way::Read, false),
    ("explain", Way::Read, false),
    ("help", Way::Read, false),
    ("completions", Way::Shell, false),
    ("dial", Way::Shell, false),
    ("man", Way::Shell, false),
];

/// One that nobody has thought of is run after it was asked for, as one that changes
/// something.
pub(super) fn of(path: &str) -> (Way, bool) {
    let found = WAYS.iter().find(|(known, ..)| *known == path);
    found.map_or((Way::Read, true), |(_, way, changes)| (*way, *changes))
}

#[cfg(test)]
pub(super) fn known() -> impl Iterator<Item = &'static str> {
    WAYS.iter().map(|(path, ..)| *path)
}
