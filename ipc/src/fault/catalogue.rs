//! The closed list of fault codes, each with its exit code and its page.
//!
//! Codes are never reused. The pages are plain text for `rpa explain`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The manual page of one fault.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    pub title: &'static str,
    /// What it means, why it happens, what to do: text in lines of at most 78.
    pub text: &'static str,
}

macro_rules! faults {
    ($($variant:ident = $code:literal, exit $exit:literal, $title:literal, hint $hint:literal, page $page:literal;)+) => {
        /// A stable fault code, written `RPA0101`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "u16", into = "u16")]
        pub enum FaultCode { $($variant = $code),+ }

        impl FaultCode {
            pub const ALL: &'static [FaultCode] = &[$(FaultCode::$variant),+];

            pub fn number(self) -> u16 {
                self as u16
            }

            /// The exit code of `rpa` and `rpad` when this fault ends them.
            pub fn exit(self) -> u8 {
                match self { $(FaultCode::$variant => $exit),+ }
            }

            /// The usual remedy in one line; empty where only the message can say it.
            pub fn hint(self) -> &'static str {
                match self { $(FaultCode::$variant => $hint),+ }
            }

            pub fn page(self) -> Page {
                match self { $(FaultCode::$variant => Page { title: $title, text: $page }),+ }
            }
        }
    };
}

faults! {
    Internal = 1, exit 70, "a bug in rpad", hint "report it with the daemon's log", page "";
    Usage = 2, exit 2, "the command line cannot be understood", hint "see --help", page "";
    Io = 3, exit 74, "a file could not be read or written", hint "", page "";

    Unreachable = 101, exit 69, "the daemon does not answer", hint "start it with `rpad`, or name its socket with --socket or RPA_SOCKET", page "";
    Protocol = 102, exit 69, "client and daemon speak different protocols", hint "install the same version of rpa and rpad", page "";
    Denied = 103, exit 77, "not permitted", hint "", page "";
    Busy = 104, exit 75, "the daemon has too much queued", hint "try again in a moment", page "";
    Deadline = 105, exit 124, "no answer in time", hint "look at `rpa status` and the daemon's log", page "";
    Draining = 106, exit 75, "the daemon is shutting down", hint "try again when it is back", page "";
    TooLarge = 107, exit 2, "a request is too large", hint "", page "";

    StoreCorrupt = 201, exit 65, "the store is damaged", hint "", page "";
    StoreNewer = 202, exit 78, "the store was written by a newer rpad", hint "", page "";
    DiskFull = 203, exit 74, "no space is left for the store", hint "free some space; the daemon goes on by itself", page "";
    StoreIo = 204, exit 74, "the store could not be read or written", hint "", page "";
    StateInUse = 205, exit 75, "another daemon uses this state directory", hint "", page "";
    StateDenied = 206, exit 77, "the state directory cannot be used", hint "", page "";
    Settings = 207, exit 78, "the settings are not valid", hint "", page "";

    FileUnreadable = 301, exit 2, "a workflow file cannot be read", hint "", page "";
    Yaml = 302, exit 2, "the file is not valid YAML", hint "", page "";
    UnknownKey = 303, exit 2, "a key that no workflow file has", hint "", page "";
    NotSupported = 304, exit 2, "a key that this version does not support yet", hint "", page "";
    WrongType = 305, exit 2, "a value of the wrong type or out of range", hint "", page "";
    BadName = 306, exit 2, "a name that cannot be used", hint "", page "";
    Duplicate = 307, exit 2, "an id used twice", hint "", page "";
    StepForm = 308, exit 2, "a step needs exactly one form", hint "", page "";
    UnknownTask = 309, exit 2, "no such task type", hint "", page "";
    StepReference = 310, exit 2, "a reference to a step that cannot have run", hint "", page "";
    Cycle = 311, exit 2, "steps that wait for each other", hint "", page "";
    ExprSyntax = 312, exit 2, "an expression that cannot be read", hint "", page "";
    UndefinedReference = 313, exit 2, "a reference to something undefined", hint "", page "";
    ExprInRun = 314, exit 2, "an expression inside run:", hint "", page "";
    FileLimit = 315, exit 2, "the file is too large, too deep or expands too far", hint "", page "";
    MissingKey = 316, exit 2, "something required is missing", hint "", page "";
    LiteralSecret = 317, exit 2, "a secret written out", hint "", page "";
    SetConflict = 318, exit 2, "two steps may write one variable at once", hint "", page "";
    UnmeantParallel = 319, exit 2, "steps that start at once, maybe unmeant", hint "", page "";
    SecretPlace = 320, exit 2, "a secret where it may not stand", hint "", page "";

    Exit = 401, exit 3, "a command ended with an error", hint "", page "";
    StepTimeout = 402, exit 3, "a step took too long", hint "", page "";
    Spawn = 403, exit 3, "a command could not be started", hint "", page "";
    ExprFailed = 404, exit 3, "an expression failed", hint "", page "";
    ExprLimit = 405, exit 3, "an expression used too much", hint "", page "";
    NoSecret = 406, exit 3, "a secret is not there", hint "", page "";
    HttpStatus = 407, exit 3, "an HTTP answer that counts as failure", hint "", page "";
    Connection = 408, exit 3, "a connection failed", hint "", page "";
    TaskInput = 409, exit 3, "a task cannot use its input", hint "", page "";
    TaskFile = 410, exit 3, "a task could not read or write a file", hint "", page "";
    RunDiskFull = 411, exit 3, "a run stopped because the disk is full", hint "", page "";
    OutputTooLarge = 412, exit 3, "a step's output is too large", hint "", page "";
    InDoubt = 413, exit 5, "nobody saw how a step ended", hint "", page "";
    Drained = 414, exit 3, "a step was ended by a shutdown", hint "", page "";
    Cancelled = 415, exit 4, "a run was cancelled", hint "", page "";
    ResolvedFailed = 416, exit 3, "a person declared a step failed", hint "", page "";
    TaskPanic = 417, exit 3, "a task broke", hint "", page "";

    NoWorkflow = 501, exit 2, "no such workflow", hint "see `rpa workflows`", page "";
    NoRun = 502, exit 2, "no such run", hint "see `rpa runs`", page "";
    AmbiguousRun = 503, exit 2, "several runs end like that", hint "give more of the id", page "";
    MissingVariable = 504, exit 2, "a required variable is missing", hint "", page "";
    BadVariable = 505, exit 2, "a variable is unknown or of the wrong type", hint "", page "";
    NotInDoubt = 506, exit 2, "the step is not in doubt", hint "see `rpa doubts`", page "";
    RunEnded = 507, exit 2, "the run has already ended", hint "", page "";
    RequestReused = 508, exit 2, "a request id was used for something else", hint "", page "";
    NoStep = 509, exit 2, "the run has no such step", hint "see `rpa show RUN`", page "";
    BadCursor = 510, exit 2, "a cursor that is not from this list", hint "start again without --cursor", page "";
    NoFault = 511, exit 2, "no such fault code", hint "", page "";
    NoTask = 512, exit 2, "no such task type", hint "see `rpa tasks`", page "";
    NoLog = 513, exit 74, "a run's log cannot be read", hint "", page "";
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RPA{:04}", self.number())
    }
}

impl FromStr for FaultCode {
    type Err = UnknownCode;

    /// Reads `RPA0101`, `rpa0101` or `101`.
    fn from_str(s: &str) -> Result<FaultCode, UnknownCode> {
        let digits = s.trim_start_matches(['R', 'r']).trim_start_matches(['P', 'p']);
        let digits = digits.trim_start_matches(['A', 'a']);
        digits.parse::<u16>().map_err(|_| UnknownCode).and_then(FaultCode::try_from)
    }
}

impl TryFrom<u16> for FaultCode {
    type Error = UnknownCode;
    fn try_from(n: u16) -> Result<FaultCode, UnknownCode> {
        FaultCode::ALL.iter().copied().find(|c| c.number() == n).ok_or(UnknownCode)
    }
}

impl From<FaultCode> for u16 {
    fn from(c: FaultCode) -> u16 {
        c.number()
    }
}

/// Not a fault code of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such fault code")]
pub struct UnknownCode;
