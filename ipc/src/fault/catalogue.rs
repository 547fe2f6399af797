//! The closed list of fault codes, each with its exit code, hint and page.
//!
//! Codes are never reused. The pages are plain text for `rpa explain`, one file
//! per code in `pages/`.

use serde::{Deserialize, Serialize};

/// The manual page of one fault.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    pub title: &'static str,
    /// What it means, why it happens, what to do: text in lines of at most 78.
    pub text: &'static str,
}

macro_rules! faults {
    ($($variant:ident = $code:literal, page $page:literal, exit $exit:literal, $title:literal, hint $hint:literal;)+) => {
        /// A stable fault code, written `RPA0101`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "u16", into = "u16")]
        pub enum FaultCode { $($variant = $code),+ }

        impl FaultCode {
            pub const ALL: &'static [FaultCode] = &[$(FaultCode::$variant),+];

            /// The exit code of `rpa` and `rpad` when this fault ends them.
            pub fn exit(self) -> u8 {
                match self { $(FaultCode::$variant => $exit),+ }
            }

            /// The usual remedy in one line; empty where only the message can say it.
            pub fn hint(self) -> &'static str {
                match self { $(FaultCode::$variant => $hint),+ }
            }

            pub fn page(self) -> Page {
                match self {
                    $(FaultCode::$variant => Page {
                        title: $title,
                        text: include_str!(concat!("pages/RPA", $page, ".txt")),
                    }),+
                }
            }
        }
    };
}

faults! {
    Internal = 1, page "0001", exit 70, "a bug in rpad", hint "report it with the daemon's log";
    Usage = 2, page "0002", exit 2, "the command line cannot be understood", hint "see --help";
    Io = 3, page "0003", exit 74, "a file could not be read or written", hint "";

    Unreachable = 101, page "0101", exit 69, "the daemon does not answer", hint "start one with `rpad` (or `systemctl start rpad` where it is installed as a service), or name its socket with --socket or RPA_SOCKET";
    Protocol = 102, page "0102", exit 69, "client and daemon speak different protocols", hint "install the same version of rpa and rpad, and restart the daemon";
    Denied = 103, page "0103", exit 77, "not permitted", hint "ask to be added to the group rpad";
    Busy = 104, page "0104", exit 75, "the daemon has too much queued", hint "try again in a moment";
    Deadline = 105, page "0105", exit 124, "no answer in time", hint "look at `rpa status` and the daemon's log";
    Draining = 106, page "0106", exit 75, "the daemon is shutting down", hint "try again when it is back";
    TooLarge = 107, page "0107", exit 2, "a request is too large", hint "pass large data as a path to a file";

    StoreCorrupt = 201, page "0201", exit 65, "the store is damaged", hint "copy the state directory away before anything else";
    StoreNewer = 202, page "0202", exit 78, "the store was written by a newer rpad", hint "start the newer rpad, or put back the copy from before the upgrade";
    DiskFull = 203, page "0203", exit 74, "no space is left for the store", hint "free some space; the daemon goes on by itself";
    StoreIo = 204, page "0204", exit 74, "the store could not be read or written", hint "look at the disk, then `systemctl restart rpad`";
    StateInUse = 205, page "0205", exit 75, "another daemon uses this state directory", hint "stop the other one, or use another state directory";
    StateDenied = 206, page "0206", exit 77, "the state directory cannot be used", hint "it must belong to the daemon's user, with mode 0700";
    Settings = 207, page "0207", exit 78, "the settings are not valid", hint "see rpad.toml(5)";

    FileUnreadable = 301, page "0301", exit 2, "a workflow file cannot be read", hint "";
    Yaml = 302, page "0302", exit 2, "the file is not valid YAML", hint "";
    UnknownKey = 303, page "0303", exit 2, "a key that no workflow file has", hint "";
    NotSupported = 304, page "0304", exit 2, "a key that this version does not support yet", hint "leave it out, or use a version that has it";
    WrongType = 305, page "0305", exit 2, "a value of the wrong type or out of range", hint "";
    BadName = 306, page "0306", exit 2, "a name that cannot be used", hint "";
    Duplicate = 307, page "0307", exit 2, "an id used twice", hint "rename one of them";
    StepForm = 308, page "0308", exit 2, "a step needs exactly one form", hint "one of run, uses, set, wait";
    UnknownTask = 309, page "0309", exit 2, "no such task type", hint "see `rpa tasks`";
    StepReference = 310, page "0310", exit 2, "a reference to a step that cannot have run", hint "name that step in `needs`";
    Cycle = 311, page "0311", exit 2, "steps that wait for each other", hint "remove one `needs` of the circle";
    ExprSyntax = 312, page "0312", exit 2, "an expression that cannot be read", hint "";
    UndefinedReference = 313, page "0313", exit 2, "a reference to something undefined", hint "";
    ExprInRun = 314, page "0314", exit 2, "an expression inside run:", hint "pass the value through `env` and write \"$NAME\"";
    FileLimit = 315, page "0315", exit 2, "the file is too large, too deep or expands too far", hint "move data and scripts into files of their own";
    MissingKey = 316, page "0316", exit 2, "something required is missing", hint "";
    LiteralSecret = 317, page "0317", exit 2, "a secret written out", hint "store it as a secret and refer to it by name";
    SetConflict = 318, page "0318", exit 2, "two steps may write one variable at once", hint "let one of them need the other";
    UnmeantParallel = 319, page "0319", exit 2, "steps that start at once, maybe unmeant", hint "write `needs: []` where it is meant";
    SecretPlace = 320, page "0320", exit 2, "a secret where it may not stand", hint "pass it through `env`";

    Exit = 401, page "0401", exit 3, "a command ended with an error", hint "see what it printed with `rpa logs`";
    StepTimeout = 402, page "0402", exit 3, "a step took too long", hint "see how far it came with `rpa logs`, or raise its `timeout`";
    Spawn = 403, page "0403", exit 3, "a command could not be started", hint "is the program there, and in the daemon's PATH?";
    ExprFailed = 404, page "0404", exit 3, "an expression failed", hint "look at the values with `rpa show RUN --json`";
    ExprLimit = 405, page "0405", exit 3, "an expression used too much", hint "leave heavy work to a step";
    NoSecret = 406, page "0406", exit 3, "a secret is not there", hint "put it into the daemon's secrets directory";
    HttpStatus = 407, page "0407", exit 3, "an HTTP answer that counts as failure", hint "see the answer with `rpa show RUN --json`";
    Connection = 408, page "0408", exit 3, "a connection failed", hint "try the address from the daemon's machine";
    TaskInput = 409, page "0409", exit 3, "a task cannot use its input", hint "see `rpa tasks KIND`";
    TaskFile = 410, page "0410", exit 3, "a task could not read or write a file", hint "the task works as the daemon's user: check the path and its rights";
    RunDiskFull = 411, page "0411", exit 3, "a run stopped because the disk is full", hint "free some space, then run it again";
    OutputTooLarge = 412, page "0412", exit 3, "a step's output is too large", hint "write it to a file and give the path";
    InDoubt = 413, page "0413", exit 5, "nobody saw how a step ended", hint "find out whether it was done, then `rpa resolve`";
    Drained = 414, page "0414", exit 3, "a step was ended by a shutdown", hint "run it again";
    Cancelled = 415, page "0415", exit 4, "a run was cancelled", hint "";
    ResolvedFailed = 416, page "0416", exit 3, "a person declared a step failed", hint "";
    TaskPanic = 417, page "0417", exit 3, "a task broke", hint "report it with the daemon's log";

    NoWorkflow = 501, page "0501", exit 2, "no such workflow", hint "see `rpa workflows`";
    NoRun = 502, page "0502", exit 2, "no such run", hint "see `rpa runs`";
    AmbiguousRun = 503, page "0503", exit 2, "several runs end like that", hint "give more of the id";
    MissingVariable = 504, page "0504", exit 2, "a required variable is missing", hint "give it with --var NAME=VALUE";
    BadVariable = 505, page "0505", exit 2, "a variable is unknown or of the wrong type", hint "see the variables in `rpa workflows --json`";
    NotInDoubt = 506, page "0506", exit 2, "the step is not in doubt", hint "see `rpa doubts`";
    RunEnded = 507, page "0507", exit 2, "the run has already ended", hint "see how with `rpa show RUN`";
    RequestReused = 508, page "0508", exit 2, "a request id was used for something else", hint "leave --request-id out, or choose another";
    NoStep = 509, page "0509", exit 2, "the run has no such step", hint "see `rpa show RUN`";
    BadCursor = 510, page "0510", exit 2, "a cursor that is not from this list", hint "start again without --cursor";
    NoFault = 511, page "0511", exit 2, "no such fault code", hint "see `rpa explain`";
    NoTask = 512, page "0512", exit 2, "no such task type", hint "see `rpa tasks`";
    NoLog = 513, page "0513", exit 74, "a run's log cannot be read", hint "steps and outputs are in `rpa show RUN`";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_code_shows_the_page_of_its_own_file() {
        let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/fault/pages");
        for code in FaultCode::ALL {
            let file = pages.join(format!("{code}.txt"));
            let text = std::fs::read_to_string(&file).expect("a page for every code");
            assert_eq!(code.page().text, text, "{code} includes another code's page");
        }
        let files: BTreeSet<String> = std::fs::read_dir(&pages)
            .expect("the pages")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        let wanted = FaultCode::ALL.iter().map(|code| format!("{code}.txt")).collect();
        assert_eq!(files, wanted, "one file per code and none beside");
    }

    #[test]
    fn pages_fit_a_terminal_and_say_what_to_do() {
        for code in FaultCode::ALL {
            let Page { title, text } = code.page();
            let lines = text.lines().count();
            assert!((6..=20).contains(&lines), "{code}: {lines} lines");
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{code}: end of file");
            for line in text.lines() {
                assert!(line.chars().count() <= 78, "{code}: {line}");
                assert_eq!(line, line.trim_end(), "{code}: trailing space");
                assert!(line.is_ascii() && !line.contains('\t'), "{code}: {line}");
            }
            let does = text.contains("What to do") || text.contains("rpa ");
            assert!(does, "{code} names nothing that a person can do");
            assert!(!title.is_empty() && title.len() <= 60, "{code}: {title}");
        }
    }

    #[test]
    fn codes_are_in_order_and_used_once() {
        let numbers: Vec<u16> = FaultCode::ALL.iter().map(|code| code.number()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    }
}
