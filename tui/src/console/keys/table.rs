//! The table of keys.
//!
//! A letter means the same on every screen that has it, unless what is looked at is of
//! another kind: `d` decides about a run, and shows what differs between texts. Each action can also be
//! reached with keys that every keyboard layout has, or from the palette (F2).
//! Never bound: Ctrl-A B G H I J M N O Q S T, which belong to multiplexers, to
//! flow control, or are other names of Tab and Enter.

use std::borrow::Cow;

use super::Action::{self, *};
use super::Key;
use super::Key::{Alt, BackTab, Char, Ctrl, Enter, Esc, F, Tab};

macro_rules! scopes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)+) => {
        /// Where a binding holds. Its word names it in `keys.toml`, and in the catalogue
        /// (`scope-WORD`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Scope { $($(#[$doc])* $variant),+ }

        impl Scope {
            pub const ALL: &'static [Scope] = &[$(Scope::$variant),+];

            pub fn word(self) -> &'static str {
                match self { $(Scope::$variant => $word),+ }
            }
        }
    };
}

scopes! {
    Everywhere = "everywhere",
    /// Whatever has rows or lines to move through.
    Moving = "moving",
    Home = "home",
    /// The dashboard while there is no workflow yet.
    Welcome = "welcome",
    Workflows = "workflows",
    Runs = "runs",
    /// The failures among the runs, by what and where.
    Groups = "groups",
    /// What people are asked to approve.
    Approvals = "approvals",
    Triggers = "triggers",
    /// One workflow, its steps having the focus, as lanes.
    Workflow = "workflow",
    /// The same as boxes.
    Graph = "graph",
    /// The selected step of a workflow.
    Step = "step",
    /// The steps of a draft, having the focus.
    Editor = "editor",
    /// The same as boxes, beside what holds for [`Scope::Editor`].
    EditorGraph = "editor-graph",
    /// The form of a step of a draft.
    EditorForm = "editor-form",
    /// The triggers of a workflow.
    ItsTriggers = "its-triggers",
    /// The revisions of a workflow.
    Revisions = "revisions",
    /// A source or a difference.
    Text = "text",
    /// What fires next.
    Upcoming = "upcoming",
    Locks = "locks",
    Notifications = "notifications",
    /// What has reached all triggers.
    Slots = "slots",
    /// One trigger.
    Trigger = "trigger",
    /// A run, its steps having the focus.
    Run = "run",
    /// The log of a run, in its pane or alone.
    Log = "log",
    /// The inputs and outputs of a run.
    Data = "data",
    /// The steps of a run as boxes.
    RunGraph = "run-graph",
    /// When each step of a run did what.
    Timeline = "timeline",
    /// What has happened to a run.
    Events = "events",
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub action: Action,
    pub scope: Scope,
    pub keys: Cow<'static, [Key]>,
    /// Place in the line of hints, the first being the last to be cut; 0: only in
    /// the help.
    pub hint: u8,
}

const fn bind(scope: Scope, action: Action, keys: &'static [Key], hint: u8) -> Binding {
    Binding { action, scope, keys: Cow::Borrowed(keys), hint }
}

pub const TABLE: &[Binding] = &[
    bind(Scope::Home, Open, &[Enter, Key::Right], 1),
    bind(Scope::Home, NextPane, &[Tab, BackTab], 2),
    bind(Scope::Home, Acknowledge, &[Char('a')], 3),
    bind(Scope::Home, Log, &[Char('l')], 4),
    bind(Scope::Home, RunsOfWorkflow, &[Char('r')], 5),
    bind(Scope::Home, RunWorkflow, &[Char('R')], 6),
    bind(Scope::Home, Find, &[Char('/'), F(3)], 7),
    bind(Scope::Welcome, Open, &[Enter], 1),
    bind(Scope::Welcome, ApplyExample, &[Char('a')], 2),
    bind(Scope::Welcome, RunWorkflow, &[Char('R')], 3),
    bind(Scope::Welcome, Log, &[Char('l')], 4),
    bind(Scope::Welcome, NewWorkflow, &[Char('n')], 5),
    bind(Scope::Workflows, Open, &[Enter, Key::Right], 1),
    bind(Scope::Workflows, RunWorkflow, &[Char('R')], 2),
    bind(Scope::Workflows, RunsOfWorkflow, &[Char('r')], 3),
    bind(Scope::Workflows, Filter, &[Char('/'), F(3)], 4),
    bind(Scope::Workflows, Edit, &[Char('e'), F(4)], 5),
    bind(Scope::Workflows, EditText, &[Char('E')], 0),
    bind(Scope::Workflows, NewWorkflow, &[Char('n')], 6),
    bind(Scope::Workflow, Graph, &[Char('v')], 1),
    bind(Scope::Workflow, NextPane, &[Tab, BackTab], 2),
    bind(Scope::Workflow, Edit, &[Char('e'), F(4)], 3),
    bind(Scope::Workflow, EditText, &[Char('E')], 0),
    bind(Scope::Workflow, RunWorkflow, &[Char('R')], 4),
    bind(Scope::Workflow, RunsOfWorkflow, &[Char('r')], 5),
    bind(Scope::Workflow, Open, &[Enter], 6),
    bind(Scope::Workflow, Unfold, &[Key::Right], 7),
    bind(Scope::Workflow, Fold, &[Key::Left], 8),
    bind(Scope::Workflow, Zoom, &[Char('f'), Char('+')], 9),
    bind(Scope::Graph, Graph, &[Char('v')], 1),
    bind(Scope::Graph, Open, &[Enter], 2),
    bind(Scope::Graph, Scale, &[Char('+'), Char('-')], 3),
    bind(Scope::Graph, NextPane, &[Tab, BackTab], 4),
    bind(Scope::Graph, Zoom, &[Char('f')], 5),
    bind(Scope::Graph, Edit, &[Char('e'), F(4)], 6),
    bind(Scope::Graph, EditText, &[Char('E')], 0),
    bind(Scope::Graph, RunWorkflow, &[Char('R')], 7),
    bind(Scope::Graph, RunsOfWorkflow, &[Char('r')], 8),
    bind(Scope::Graph, GoUp, &[Key::Up], 0),
    bind(Scope::Graph, GoDown, &[Key::Down], 0),
    bind(Scope::Graph, GoLeft, &[Key::Left], 0),
    bind(Scope::Graph, GoRight, &[Key::Right], 0),
    bind(Scope::Graph, PanUp, &[Char('k'), Key::ShiftUp], 0),
    bind(Scope::Graph, PanDown, &[Char('j'), Key::ShiftDown], 0),
    bind(Scope::Graph, PanLeft, &[Char('h'), Key::ShiftLeft], 0),
    bind(Scope::Graph, PanRight, &[Char('l'), Key::ShiftRight], 0),
    bind(Scope::Step, NextPane, &[Tab, BackTab], 1),
    bind(Scope::Step, Zoom, &[Char('f'), Char('+'), Enter], 2),
    bind(Scope::Step, Edit, &[Char('e'), F(4)], 3),
    bind(Scope::Step, EditText, &[Char('E')], 0),
    bind(Scope::Step, Graph, &[Char('v')], 4),
    bind(Scope::Step, RunWorkflow, &[Char('R')], 5),
    bind(Scope::Step, RunsOfWorkflow, &[Char('r')], 6),
    bind(Scope::Editor, Open, &[Enter, Char('e'), F(4)], 1),
    bind(Scope::Editor, AddStep, &[Char('a')], 2),
    bind(Scope::Editor, SaveDraft, &[F(8)], 3),
    bind(Scope::Editor, Link, &[Char('L')], 4),
    bind(Scope::Editor, MoveStep, &[Char('m')], 5),
    bind(Scope::Editor, Remove, &[Char('D'), Key::Delete], 6),
    bind(Scope::Editor, Undo, &[Char('u')], 7),
    bind(Scope::Editor, NextProblem, &[F(5)], 8),
    bind(Scope::Editor, AddBeside, &[Char('A')], 9),
    bind(Scope::Editor, Unlink, &[Char('K')], 10),
    bind(Scope::Editor, Redo, &[Char('U')], 11),
    bind(Scope::Editor, Graph, &[Char('v')], 12),
    bind(Scope::Editor, EditText, &[Char('E')], 13),
    bind(Scope::Editor, NextPane, &[Tab, BackTab], 14),
    bind(Scope::Editor, Zoom, &[Char('f')], 0),
    bind(Scope::Editor, Unfold, &[Key::Right], 0),
    bind(Scope::Editor, Fold, &[Key::Left], 0),
    bind(Scope::EditorGraph, Scale, &[Char('+'), Char('-')], 13),
    bind(Scope::EditorGraph, GoUp, &[Key::Up], 0),
    bind(Scope::EditorGraph, GoDown, &[Key::Down], 0),
    bind(Scope::EditorGraph, GoLeft, &[Key::Left], 0),
    bind(Scope::EditorGraph, GoRight, &[Key::Right], 0),
    bind(Scope::EditorGraph, PanUp, &[Char('k'), Key::ShiftUp], 0),
    bind(Scope::EditorGraph, PanDown, &[Char('j'), Key::ShiftDown], 0),
    bind(Scope::EditorGraph, PanLeft, &[Char('h'), Key::ShiftLeft], 0),
    bind(Scope::EditorGraph, PanRight, &[Char('l'), Key::ShiftRight], 0),
    bind(Scope::EditorForm, Change, &[Enter, Char('e'), F(4)], 1),
    bind(Scope::EditorForm, OtherValue, &[Char(' '), Key::Right], 2),
    bind(Scope::EditorForm, SaveDraft, &[F(8)], 3),
    bind(Scope::EditorForm, Clear, &[Char('D'), Key::Delete], 4),
    bind(Scope::EditorForm, Undo, &[Char('u')], 5),
    bind(Scope::EditorForm, NextPane, &[Tab, BackTab], 6),
    bind(Scope::EditorForm, NextProblem, &[F(5)], 7),
    bind(Scope::EditorForm, EditText, &[Char('E')], 8),
    bind(Scope::EditorForm, Redo, &[Char('U')], 9),
    bind(Scope::EditorForm, Zoom, &[Char('f')], 0),
    bind(Scope::ItsTriggers, Open, &[Enter, Key::Right], 1),
    bind(Scope::ItsTriggers, NextPane, &[Tab, BackTab], 2),
    bind(Scope::ItsTriggers, PauseTrigger, &[Char('p')], 3),
    bind(Scope::ItsTriggers, ResumeTrigger, &[Char('P')], 3),
    bind(Scope::ItsTriggers, OnOff, &[Char('o')], 4),
    bind(Scope::ItsTriggers, FireTrigger, &[Char('S')], 5),
    bind(Scope::ItsTriggers, TestTrigger, &[Char('s')], 5),
    bind(Scope::ItsTriggers, Backfill, &[Char('b')], 0),
    bind(Scope::ItsTriggers, RunWorkflow, &[Char('R')], 6),
    bind(Scope::ItsTriggers, RunsOfWorkflow, &[Char('r')], 7),
    bind(Scope::ItsTriggers, Edit, &[Char('e'), F(4)], 8),
    bind(Scope::ItsTriggers, EditText, &[Char('E')], 0),
    bind(Scope::ItsTriggers, Graph, &[Char('v')], 0),
    bind(Scope::ItsTriggers, Zoom, &[Char('f'), Char('+')], 0),
    bind(Scope::Revisions, Open, &[Enter, Key::Right], 1),
    bind(Scope::Revisions, Diff, &[Char('d')], 2),
    bind(Scope::Revisions, Mark, &[Char(' ')], 3),
    bind(Scope::Revisions, Publish, &[Char('L')], 4),
    bind(Scope::Revisions, RollBack, &[Char('B')], 5),
    bind(Scope::Revisions, Edit, &[Char('e'), F(4)], 6),
    bind(Scope::Revisions, EditText, &[Char('E')], 0),
    bind(Scope::Revisions, NextPane, &[Tab, BackTab], 7),
    bind(Scope::Revisions, RunWorkflow, &[Char('R')], 0),
    bind(Scope::Revisions, RunsOfWorkflow, &[Char('r')], 0),
    bind(Scope::Revisions, Graph, &[Char('v')], 0),
    bind(Scope::Revisions, Zoom, &[Char('f'), Char('+')], 0),
    bind(Scope::Text, Search, &[Char('/'), F(3)], 1),
    bind(Scope::Text, FindNext, &[Char('n')], 2),
    bind(Scope::Text, FindPrevious, &[Char('N')], 0),
    bind(Scope::Text, Pager, &[Char('|')], 3),
    bind(Scope::Text, Edit, &[Char('e'), F(4)], 4),
    bind(Scope::Text, EditText, &[Char('E')], 0),
    bind(Scope::Text, Left, &[Char('h'), Key::Left], 0),
    bind(Scope::Text, Right, &[Char('l'), Key::Right], 0),
    bind(Scope::Runs, Open, &[Enter, Key::Right], 1),
    bind(Scope::Runs, Log, &[Char('l')], 2),
    bind(Scope::Runs, Why, &[Char('W')], 2),
    bind(Scope::Runs, Cancel, &[Char('x'), Key::Delete], 3),
    bind(Scope::Runs, Group, &[Char('z')], 5),
    bind(Scope::Runs, Filter, &[Char('/'), F(3)], 4),
    bind(Scope::Runs, Mark, &[Char(' ')], 5),
    bind(Scope::Runs, Pause, &[Char('p')], 0),
    bind(Scope::Runs, Resume, &[Char('P')], 3),
    bind(Scope::Runs, Retry, &[Char('T')], 3),
    bind(Scope::Runs, Rerun, &[Char('b')], 0),
    bind(Scope::Runs, Invert, &[Char('*')], 0),
    bind(Scope::Runs, RunWorkflow, &[Char('R')], 6),
    bind(Scope::Groups, Open, &[Enter, Key::Right], 1),
    bind(Scope::Groups, Group, &[Char('z')], 2),
    bind(Scope::Groups, Filter, &[Char('/'), F(3)], 3),
    bind(Scope::Groups, Log, &[Char('l')], 4),
    bind(Scope::Triggers, Open, &[Enter, Key::Right], 1),
    bind(Scope::Triggers, PauseTrigger, &[Char('p')], 2),
    bind(Scope::Triggers, ResumeTrigger, &[Char('P')], 2),
    bind(Scope::Triggers, OnOff, &[Char('o')], 3),
    bind(Scope::Triggers, FireTrigger, &[Char('S')], 4),
    bind(Scope::Triggers, TestTrigger, &[Char('s')], 4),
    bind(Scope::Triggers, Backfill, &[Char('b')], 4),
    bind(Scope::Triggers, RunsOfWorkflow, &[Char('r')], 5),
    bind(Scope::Triggers, Filter, &[Char('/'), F(3)], 6),
    bind(Scope::Triggers, RunWorkflow, &[Char('R')], 7),
    bind(Scope::Upcoming, Open, &[Enter, Key::Right], 1),
    bind(Scope::Upcoming, PauseTrigger, &[Char('p')], 2),
    bind(Scope::Upcoming, ResumeTrigger, &[Char('P')], 2),
    bind(Scope::Upcoming, OnOff, &[Char('o')], 3),
    bind(Scope::Upcoming, FireTrigger, &[Char('S')], 4),
    bind(Scope::Upcoming, TestTrigger, &[Char('s')], 4),
    bind(Scope::Upcoming, Backfill, &[Char('b')], 0),
    bind(Scope::Upcoming, RunsOfWorkflow, &[Char('r')], 4),
    bind(Scope::Upcoming, RunWorkflow, &[Char('R')], 5),
    bind(Scope::Approvals, Open, &[Enter, Key::Right], 1),
    bind(Scope::Approvals, Log, &[Char('l')], 2),
    bind(Scope::Approvals, RunsOfWorkflow, &[Char('r')], 3),
    bind(Scope::Locks, Open, &[Enter, Key::Right], 1),
    bind(Scope::Locks, Release, &[Char('D'), Key::Delete], 2),
    bind(Scope::Locks, Resize, &[Char('e'), F(4)], 3),
    bind(Scope::Locks, RunsOfWorkflow, &[Char('r')], 4),
    bind(Scope::Slots, Open, &[Enter, Key::Right], 1),
    bind(Scope::Slots, Filter, &[Char('/'), F(3)], 2),
    bind(Scope::Slots, Backfill, &[Char('b')], 3),
    bind(Scope::Slots, RunsOfWorkflow, &[Char('r')], 4),
    bind(Scope::Slots, RunWorkflow, &[Char('R')], 5),
    bind(Scope::Notifications, Open, &[Enter, Key::Right], 1),
    bind(Scope::Notifications, Acknowledge, &[Char('a')], 2),
    bind(Scope::Notifications, AckAll, &[Char('A')], 3),
    bind(Scope::Notifications, Standing, &[Tab, BackTab], 4),
    bind(Scope::Notifications, Filter, &[Char('/'), F(3)], 5),
    bind(Scope::Notifications, Mark, &[Char(' ')], 6),
    bind(Scope::Notifications, RunsOfWorkflow, &[Char('r')], 7),
    bind(Scope::Trigger, Open, &[Enter, Key::Right], 1),
    bind(Scope::Trigger, NextPane, &[Tab, BackTab], 2),
    bind(Scope::Trigger, PauseTrigger, &[Char('p')], 3),
    bind(Scope::Trigger, ResumeTrigger, &[Char('P')], 3),
    bind(Scope::Trigger, OnOff, &[Char('o')], 4),
    bind(Scope::Trigger, FireTrigger, &[Char('S')], 5),
    bind(Scope::Trigger, TestTrigger, &[Char('s')], 5),
    bind(Scope::Trigger, Backfill, &[Char('b')], 5),
    bind(Scope::Trigger, RunsOfWorkflow, &[Char('r')], 6),
    bind(Scope::Trigger, RunWorkflow, &[Char('R')], 7),
    bind(Scope::Run, Open, &[Enter], 1),
    bind(Scope::Run, Resolve, &[Char('d'), F(5)], 2),
    bind(Scope::Run, Why, &[Char('W')], 2),
    bind(Scope::Run, Log, &[Char('l')], 3),
    bind(Scope::Run, Data, &[Char('i')], 4),
    bind(Scope::Run, Cancel, &[Char('x'), Key::Delete], 5),
    bind(Scope::Run, Pause, &[Char('p')], 0),
    bind(Scope::Run, Resume, &[Char('P')], 2),
    bind(Scope::Run, Retry, &[Char('T')], 5),
    bind(Scope::Run, Rerun, &[Char('b')], 6),
    bind(Scope::Run, Earlier, &[Char('E')], 4),
    bind(Scope::Run, Graph, &[Char('v')], 4),
    bind(Scope::Run, Timeline, &[Char('z')], 5),
    bind(Scope::Run, Events, &[Char('H')], 6),
    bind(Scope::Run, Unfold, &[Key::Right], 2),
    bind(Scope::Run, Fold, &[Key::Left], 0),
    bind(Scope::Run, NextPane, &[Tab, BackTab], 6),
    bind(Scope::Run, RunWorkflow, &[Char('R')], 7),
    bind(Scope::Run, AllSteps, &[Char('a')], 0),
    bind(Scope::Run, Zoom, &[Char('f'), Char('+')], 0),
    bind(Scope::Log, Follow, &[Char('F'), F(7)], 1),
    bind(Scope::Log, Search, &[Char('/'), F(3)], 2),
    bind(Scope::Log, FindNext, &[Char('n')], 3),
    bind(Scope::Log, FindPrevious, &[Char('N')], 0),
    bind(Scope::Log, NextTrouble, &[Char('>')], 0),
    bind(Scope::Log, PreviousTrouble, &[Char('<')], 0),
    bind(Scope::Log, OnlyTroubles, &[Char('L')], 0),
    bind(Scope::Log, Pager, &[Char('|')], 8),
    bind(Scope::Log, SaveLog, &[Char('S')], 0),
    bind(Scope::Log, AllSteps, &[Char('a')], 4),
    bind(Scope::Log, Wrap, &[Char('w')], 5),
    bind(Scope::Log, Times, &[Char('t')], 6),
    bind(Scope::Log, Zoom, &[Char('f'), Char('+'), Enter], 7),
    bind(Scope::Log, Why, &[Char('W')], 7),
    bind(Scope::Log, Data, &[Char('i')], 8),
    bind(Scope::Log, Left, &[Char('h'), Key::Left], 0),
    bind(Scope::Log, Right, &[Char('l'), Key::Right], 0),
    bind(Scope::Log, Graph, &[Char('v')], 0),
    bind(Scope::Log, Timeline, &[Char('z')], 0),
    bind(Scope::Log, Events, &[Char('H')], 0),
    bind(Scope::Log, NextPane, &[Tab, BackTab], 9),
    bind(Scope::Log, RunWorkflow, &[Char('R')], 0),
    bind(Scope::Log, Cancel, &[Char('x')], 0),
    bind(Scope::Log, Pause, &[Char('p')], 0),
    bind(Scope::Log, Resume, &[Char('P')], 0),
    bind(Scope::Log, Retry, &[Char('T')], 0),
    bind(Scope::Log, Rerun, &[Char('b')], 0),
    bind(Scope::Log, Earlier, &[Char('E')], 0),
    bind(Scope::Log, Resolve, &[Char('d'), F(5)], 0),
    bind(Scope::Data, Why, &[Char('W')], 1),
    bind(Scope::Data, Log, &[Char('l')], 1),
    bind(Scope::Data, Zoom, &[Char('f'), Char('+'), Enter], 2),
    bind(Scope::Data, Graph, &[Char('v')], 0),
    bind(Scope::Data, Timeline, &[Char('z')], 0),
    bind(Scope::Data, Events, &[Char('H')], 0),
    bind(Scope::Data, NextPane, &[Tab, BackTab], 3),
    bind(Scope::Data, RunWorkflow, &[Char('R')], 0),
    bind(Scope::Data, Cancel, &[Char('x')], 0),
    bind(Scope::Data, Pause, &[Char('p')], 0),
    bind(Scope::Data, Resume, &[Char('P')], 0),
    bind(Scope::Data, Retry, &[Char('T')], 0),
    bind(Scope::Data, Rerun, &[Char('b')], 0),
    bind(Scope::Data, Earlier, &[Char('E')], 0),
    bind(Scope::Data, Resolve, &[Char('d'), F(5)], 0),
    bind(Scope::Data, AllSteps, &[Char('a')], 0),
    bind(Scope::RunGraph, Graph, &[Char('v')], 1),
    bind(Scope::RunGraph, Open, &[Enter], 2),
    bind(Scope::RunGraph, Scale, &[Char('+'), Char('-')], 3),
    bind(Scope::RunGraph, Why, &[Char('W')], 3),
    bind(Scope::RunGraph, Log, &[Char('l')], 4),
    bind(Scope::RunGraph, Data, &[Char('i')], 5),
    bind(Scope::RunGraph, Timeline, &[Char('z')], 6),
    bind(Scope::RunGraph, Events, &[Char('H')], 7),
    bind(Scope::RunGraph, NextPane, &[Tab, BackTab], 8),
    bind(Scope::RunGraph, GoUp, &[Key::Up], 0),
    bind(Scope::RunGraph, GoDown, &[Key::Down], 0),
    bind(Scope::RunGraph, GoLeft, &[Key::Left], 0),
    bind(Scope::RunGraph, GoRight, &[Key::Right], 0),
    bind(Scope::RunGraph, PanUp, &[Char('k'), Key::ShiftUp], 0),
    bind(Scope::RunGraph, PanDown, &[Char('j'), Key::ShiftDown], 0),
    bind(Scope::RunGraph, PanLeft, &[Key::ShiftLeft], 0),
    bind(Scope::RunGraph, PanRight, &[Key::ShiftRight], 0),
    bind(Scope::RunGraph, RunWorkflow, &[Char('R')], 0),
    bind(Scope::RunGraph, Cancel, &[Char('x'), Key::Delete], 0),
    bind(Scope::RunGraph, Pause, &[Char('p')], 0),
    bind(Scope::RunGraph, Resume, &[Char('P')], 0),
    bind(Scope::RunGraph, Retry, &[Char('T')], 0),
    bind(Scope::RunGraph, Rerun, &[Char('b')], 0),
    bind(Scope::RunGraph, Earlier, &[Char('E')], 0),
    bind(Scope::RunGraph, Resolve, &[Char('d'), F(5)], 0),
    bind(Scope::Timeline, Open, &[Enter], 1),
    bind(Scope::Timeline, Closer, &[Char('+')], 2),
    bind(Scope::Timeline, Wider, &[Char('-')], 3),
    bind(Scope::Timeline, Left, &[Key::Left, Char('h')], 0),
    bind(Scope::Timeline, Right, &[Key::Right], 0),
    bind(Scope::Timeline, Log, &[Char('l')], 5),
    bind(Scope::Timeline, Data, &[Char('i')], 6),
    bind(Scope::Timeline, Why, &[Char('W')], 6),
    bind(Scope::Timeline, Events, &[Char('H')], 7),
    bind(Scope::Timeline, Graph, &[Char('v')], 8),
    bind(Scope::Timeline, Timeline, &[Char('z')], 9),
    bind(Scope::Timeline, NextPane, &[Tab, BackTab], 10),
    bind(Scope::Timeline, RunWorkflow, &[Char('R')], 0),
    bind(Scope::Timeline, Cancel, &[Char('x'), Key::Delete], 0),
    bind(Scope::Timeline, Pause, &[Char('p')], 0),
    bind(Scope::Timeline, Resume, &[Char('P')], 0),
    bind(Scope::Timeline, Retry, &[Char('T')], 0),
    bind(Scope::Timeline, Rerun, &[Char('b')], 0),
    bind(Scope::Timeline, Earlier, &[Char('E')], 0),
    bind(Scope::Timeline, Resolve, &[Char('d'), F(5)], 0),
    bind(Scope::Events, Open, &[Enter], 1),
    bind(Scope::Events, Filter, &[Char('/'), F(3)], 2),
    bind(Scope::Events, AllSteps, &[Char('a')], 3),
    bind(Scope::Events, Zoom, &[Char('f'), Char('+')], 4),
    bind(Scope::Events, Log, &[Char('l')], 5),
    bind(Scope::Events, Data, &[Char('i')], 6),
    bind(Scope::Events, Timeline, &[Char('z')], 7),
    bind(Scope::Events, Why, &[Char('W')], 7),
    bind(Scope::Events, Graph, &[Char('v')], 0),
    bind(Scope::Events, NextPane, &[Tab, BackTab], 8),
    bind(Scope::Events, RunWorkflow, &[Char('R')], 0),
    bind(Scope::Events, Cancel, &[Char('x'), Key::Delete], 0),
    bind(Scope::Events, Pause, &[Char('p')], 0),
    bind(Scope::Events, Resume, &[Char('P')], 0),
    bind(Scope::Events, Retry, &[Char('T')], 0),
    bind(Scope::Events, Rerun, &[Char('b')], 0),
    bind(Scope::Events, Earlier, &[Char('E')], 0),
    bind(Scope::Events, Resolve, &[Char('d'), F(5)], 0),
    bind(Scope::Moving, Up, &[Key::Up, Char('k')], 0),
    bind(Scope::Moving, Down, &[Key::Down, Char('j')], 0),
    bind(Scope::Moving, PageUp, &[Key::PageUp, Ctrl('u')], 0),
    bind(Scope::Moving, PageDown, &[Key::PageDown, Ctrl('d')], 0),
    bind(Scope::Moving, Top, &[Key::Home, Char('g')], 0),
    bind(Scope::Moving, Bottom, &[Key::End, Char('G')], 0),
    bind(Scope::Everywhere, Palette, &[Char(':'), F(2), Ctrl('p')], 20),
    bind(Scope::Everywhere, Help, &[Char('?'), F(1)], 21),
    bind(Scope::Everywhere, Back, &[Esc, Key::Backspace], 22),
    bind(Scope::Everywhere, GoHome, &[Char('0'), Alt('0')], 0),
    bind(Scope::Everywhere, GoWorkflows, &[Char('1'), Alt('1')], 0),
    bind(Scope::Everywhere, GoRuns, &[Char('2'), Alt('2')], 0),
    bind(Scope::Everywhere, GoDoubts, &[Char('3'), Alt('3')], 0),
    bind(Scope::Everywhere, GoApprovals, &[Char('4'), Alt('4')], 0),
    bind(Scope::Everywhere, GoTriggers, &[Char('5'), Alt('5')], 0),
    bind(Scope::Everywhere, GoUpcoming, &[Char('6'), Alt('6')], 0),
    bind(Scope::Everywhere, GoLocks, &[Char('7'), Alt('7')], 0),
    bind(Scope::Everywhere, GoSlots, &[Char('9'), Alt('9')], 0),
    bind(Scope::Everywhere, GoNotifications, &[Char('8'), Alt('8')], 0),
    bind(Scope::Everywhere, Find, &[F(6)], 0),
    bind(Scope::Everywhere, Settings, &[Char(',')], 0),
    bind(Scope::Everywhere, WayBack, &[Char('['), Key::AltLeft], 0),
    bind(Scope::Everywhere, WayOn, &[Char(']'), Key::AltRight], 0),
    bind(Scope::Everywhere, LastPlace, &[Char('-')], 0),
    bind(Scope::Everywhere, Views, &[], 0),
    bind(Scope::Everywhere, Copy, &[Char('y')], 0),
    bind(Scope::Everywhere, CopyCommand, &[Char('Y')], 0),
    bind(Scope::Everywhere, Mouse, &[F(9)], 0),
    bind(Scope::Everywhere, SwitchLanguage, &[F(12)], 0),
    bind(Scope::Everywhere, SwitchGlyphs, &[], 0),
    bind(Scope::Everywhere, SwitchLayout, &[], 0),
    bind(Scope::Everywhere, Refetch, &[Ctrl('r')], 0),
    bind(Scope::Everywhere, Freeze, &[F(7)], 0),
    bind(Scope::Everywhere, Redraw, &[Ctrl('l')], 0),
    bind(Scope::Everywhere, Suspend, &[Ctrl('z')], 0),
    bind(Scope::Everywhere, Quit, &[Char('q'), F(10), Ctrl('c')], 0),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_key_means_one_thing_in_a_scope() {
        let mut seen = HashSet::new();
        for binding in TABLE {
            for key in binding.keys.iter() {
                assert!(seen.insert((binding.scope, *key)), "{key} twice in {:?}", binding.scope);
            }
        }
    }

    #[test]
    fn scopes_have_words_of_their_own() {
        let words: HashSet<&str> = Scope::ALL.iter().map(|scope| scope.word()).collect();
        assert_eq!(words.len(), Scope::ALL.len());
        // the file of keys has both beside each other
        let actions: HashSet<&str> = Action::ALL.iter().map(|action| action.word()).collect();
        assert_eq!(actions.len(), Action::ALL.len());
    }

    #[test]
    fn every_action_has_its_place_in_the_table() {
        for action in Action::ALL {
            assert!(TABLE.iter().any(|b| b.action == *action), "{action:?}");
        }
    }

    #[test]
    fn keys_of_multiplexers_are_free() {
        for binding in TABLE {
            for key in binding.keys.iter() {
                let Ctrl(c) = key else { continue };
                assert!(!"abghijmnoqst".contains(*c), "{key}");
            }
        }
    }
}
