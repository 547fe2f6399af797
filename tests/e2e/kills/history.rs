//! What is known at the end: what clients were told, what steps wrote, what `rpa` shows.
//! Plain data; nothing of the daemon's own code.

use std::collections::BTreeMap;

/// Everything that a checker sees.
#[derive(Clone, Debug, Default)]
pub struct History {
    pub told: Vec<Told>,
    /// Requests that were sent, answered or not, and the kind of run that each asked for.
    pub sent: BTreeMap<String, Kind>,
    /// In the order in which they were written.
    pub lines: Vec<Line>,
    /// Runs by id, as they are shown in the end.
    pub runs: BTreeMap<String, Shown>,
}

/// What the daemon has acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Accepted {
        request: String,
        run: String,
    },
    /// A person has approved what the run asks, or has rejected it.
    Voted {
        run: String,
        approves: bool,
    },
    /// A person has decided a doubt.
    Resolved {
        run: String,
        path: String,
        decision: Decision,
    },
    /// An event, with the runs that were seen waiting for one before it was published.
    Published {
        number: u64,
        waiting: Vec<String>,
    },
    /// The run was seen completed, with what it gave.
    Completed {
        run: String,
        outputs: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Done,
    Retry,
}

/// One line that an attempt has written, with one `write`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub run: String,
    pub path: String,
    pub attempt: u32,
    pub key: String,
    /// Milliseconds since the epoch, where the step says when.
    pub at_ms: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub kind: Kind,
    pub status: String,
    pub outputs: String,
    /// The run that has called it.
    pub parent: Option<String>,
    pub steps: BTreeMap<String, ShownStep>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownStep {
    pub status: String,
    pub attempts: u32,
    /// The run that it has called.
    pub called: Option<String>,
}

/// What may happen to a step whose attempt was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// It is run again.
    Again,
    /// A person decides.
    Doubt,
}

/// The workflows of the load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Seq,
    Par,
    Loop,
    Retry,
    Sub,
    Child,
    Ask,
    Nap,
    Event,
    Big,
}

pub const SEQ: usize = 10;
pub const PAR: usize = 8;
pub const LOOP: usize = 12;
/// The first attempt of a `retry` that succeeds.
pub const TRIES: u32 = 3;
pub const NAP_MS: u64 = 300;
pub const BIG: usize = 70_000;

impl Kind {
    /// Those that clients ask for.
    pub const ALL: [Kind; 9] = [
        Kind::Seq,
        Kind::Par,
        Kind::Loop,
        Kind::Retry,
        Kind::Sub,
        Kind::Ask,
        Kind::Nap,
        Kind::Event,
        Kind::Big,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Seq => "seq",
            Kind::Par => "par",
            Kind::Loop => "loop",
            Kind::Retry => "retry",
            Kind::Sub => "sub",
            Kind::Child => "child",
            Kind::Ask => "ask",
            Kind::Nap => "nap",
            Kind::Event => "event",
            Kind::Big => "big",
        }
    }

    pub fn of(name: &str) -> Option<Kind> {
        [Kind::Child].into_iter().chain(Kind::ALL).find(|kind| kind.name() == name)
    }

    /// The steps that write a line, in groups: those of one group have no order, and all
    /// of them come before those of the next.
    pub fn writers(self) -> Vec<Vec<(String, Class)>> {
        let one = |path: &str, class| vec![(path.to_owned(), class)];
        let cycle = |i: usize| if i.is_multiple_of(3) { Class::Again } else { Class::Doubt };
        match self {
            Kind::Seq => (0..SEQ).map(|i| one(&format!("s{i}"), cycle(i))).collect(),
            Kind::Par => vec![
                one("a", Class::Again),
                (0..PAR).map(|i| (format!("b{i}"), cycle(i))).collect(),
                one("z", Class::Again),
            ],
            Kind::Loop => vec![(0..LOOP).map(|i| (format!("each[{i}]/x"), Class::Again)).collect()],
            Kind::Retry => vec![one("r", Class::Again)],
            Kind::Sub => vec![one("before", Class::Again), one("after", Class::Again)],
            Kind::Child => vec![one("c0", Class::Again), one("c1", Class::Doubt)],
            Kind::Ask => vec![one("before", Class::Again), one("act", Class::Doubt)],
            Kind::Nap | Kind::Event => {
                vec![one("before", Class::Again), one("after", Class::Again)]
            }
            Kind::Big => vec![one("b", Class::Again)],
        }
    }
}
