//! Everything that a key, the help and the palette can do.

macro_rules! actions {
    ($($variant:ident = $word:literal,)+) => {
        /// One thing to do. Its word names it in the catalogue (`act-WORD` is its
        /// label, `act-WORD-help` its sentence) and in the palette.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $($variant),+ }

        impl Action {
            pub const ALL: &'static [Action] = &[$(Action::$variant),+];

            pub fn word(self) -> &'static str {
                match self { $(Action::$variant => $word),+ }
            }
        }
    };
}

actions! {
    // everywhere
    Help = "help",
    Palette = "palette",
    Back = "back",
    Quit = "quit",
    GoHome = "overview",
    GoWorkflows = "workflows",
    GoRuns = "runs",
    GoLocks = "locks",
    GoSlots = "slots",
    GoNotifications = "notifications",
    Settings = "settings",
    Find = "find",
    GoDoubts = "doubts",
    GoApprovals = "approvals",
    GoTriggers = "triggers",
    GoUpcoming = "upcoming",
    Copy = "copy",
    CopyCommand = "copy-command",
    WayBack = "way-back",
    WayOn = "way-on",
    LastPlace = "last",
    Views = "view",
    Refetch = "refetch",
    Mouse = "mouse",
    Freeze = "freeze",
    Redraw = "redraw",
    Suspend = "suspend",
    SwitchLanguage = "language",
    SwitchGlyphs = "glyphs",
    SwitchLayout = "keyboard",
    // moving
    Up = "up",
    Down = "down",
    PageUp = "page-up",
    PageDown = "page-down",
    Top = "top",
    Bottom = "bottom",
    Left = "left",
    Right = "right",
    // lists
    Open = "open",
    Filter = "filter",
    Mark = "mark",
    Invert = "invert",
    Group = "group",
    // workflows and runs
    ApplyExample = "example",
    RunWorkflow = "run",
    RunsOfWorkflow = "runs-of",
    Edit = "edit",
    EditText = "edit-text",
    NewWorkflow = "new",
    Cancel = "cancel",
    Pause = "pause",
    Resume = "resume",
    Retry = "retry",
    Rerun = "rerun",
    Earlier = "earlier",
    Log = "log",
    Why = "why",
    // triggers
    PauseTrigger = "pause-trigger",
    ResumeTrigger = "resume-trigger",
    OnOff = "on-off",
    FireTrigger = "fire",
    TestTrigger = "test",
    Backfill = "backfill",
    // locks
    Release = "release",
    Resize = "pool",
    // notifications
    Acknowledge = "ack",
    AckAll = "ack-all",
    Standing = "standing",
    // one workflow
    Graph = "graph",
    Scale = "scale",
    GoUp = "go-up",
    GoDown = "go-down",
    GoLeft = "go-left",
    GoRight = "go-right",
    PanUp = "pan-up",
    PanDown = "pan-down",
    PanLeft = "pan-left",
    PanRight = "pan-right",
    Diff = "diff",
    Publish = "publish",
    RollBack = "rollback",
    Pager = "pager",
    // its visual editor
    AddStep = "add",
    AddBeside = "add-beside",
    Link = "link",
    Unlink = "unlink",
    MoveStep = "move",
    Remove = "delete",
    Undo = "undo",
    Redo = "redo",
    NextProblem = "check",
    SaveDraft = "save",
    Change = "change",
    OtherValue = "other-value",
    Clear = "clear",
    // one run
    NextPane = "pane",
    Data = "data",
    Timeline = "timeline",
    Closer = "closer",
    Wider = "wider",
    Events = "events",
    Resolve = "resolve",
    Zoom = "zoom",
    Unfold = "unfold",
    Fold = "fold",
    // its log
    Search = "search",
    FindNext = "find-next",
    FindPrevious = "find-previous",
    PreviousTrouble = "previous-trouble",
    NextTrouble = "next-trouble",
    OnlyTroubles = "only-troubles",
    SaveLog = "save-log",
    Follow = "follow",
    Wrap = "wrap",
    Times = "times",
    AllSteps = "all-steps",
}

impl Action {
    /// The message that labels it.
    pub fn label(self) -> String {
        format!("act-{}", self.word())
    }

    /// The message that says what it does.
    pub fn help(self) -> String {
        format!("act-{}-help", self.word())
    }
}
