//! The closed list of fault codes, each with its exit code and page.
//!
//! Codes are never reused. The pages are plain text for `rpa explain`, one file per
//! code and language in `pages/`; titles and hints are among the words.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::words;
use crate::Language;

macro_rules! faults {
    ($($variant:ident = $code:literal, page $page:literal, exit $exit:literal;)+) => {
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

            /// What it means, why it happens, what to do: text in lines of at most 78.
            pub fn page(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (FaultCode::$variant, Language::English) => {
                            include_str!(concat!("pages/en/RPA", $page, ".txt"))
                        }
                        (FaultCode::$variant, Language::Bulgarian) => {
                            include_str!(concat!("pages/bg/RPA", $page, ".txt"))
                        }
                    )+
                }
            }
        }
    };
}

impl FaultCode {
    /// What it is, in a few words.
    pub fn title(self, language: Language) -> Cow<'static, str> {
        words::plain(language, &format!("title-{self}")).unwrap_or_default()
    }

    /// The usual remedy in one line.
    pub fn hint(self, language: Language) -> Cow<'static, str> {
        words::plain(language, &format!("hint-{self}")).unwrap_or_default()
    }
}

faults! {
    Internal = 1, page "0001", exit 70;
    Usage = 2, page "0002", exit 2;
    Io = 3, page "0003", exit 74;

    Unreachable = 101, page "0101", exit 69;
    Protocol = 102, page "0102", exit 69;
    Denied = 103, page "0103", exit 77;
    Busy = 104, page "0104", exit 75;
    Deadline = 105, page "0105", exit 124;
    Draining = 106, page "0106", exit 75;
    TooLarge = 107, page "0107", exit 2;
    NoHost = 108, page "0108", exit 69;
    NotStarted = 109, page "0109", exit 69;

    StoreCorrupt = 201, page "0201", exit 65;
    StoreNewer = 202, page "0202", exit 78;
    DiskFull = 203, page "0203", exit 74;
    StoreIo = 204, page "0204", exit 74;
    StateInUse = 205, page "0205", exit 75;
    StateDenied = 206, page "0206", exit 77;
    Settings = 207, page "0207", exit 78;
    Runner = 208, page "0208", exit 74;
    RunnerTaken = 209, page "0209", exit 75;
    AddressTaken = 210, page "0210", exit 75;
    Activation = 214, page "0214", exit 78;
    UserNamespace = 215, page "0215", exit 78;
    BadBackup = 220, page "0220", exit 65;
    FileThere = 221, page "0221", exit 2;
    BackupBusy = 222, page "0222", exit 75;
    StoreThere = 223, page "0223", exit 2;
    RestoreUnfinished = 224, page "0224", exit 78;
    RunDamaged = 225, page "0225", exit 65;
    NotificationDamaged = 226, page "0226", exit 65;

    FileUnreadable = 301, page "0301", exit 2;
    Yaml = 302, page "0302", exit 2;
    UnknownKey = 303, page "0303", exit 2;
    NotSupported = 304, page "0304", exit 2;
    WrongType = 305, page "0305", exit 2;
    BadName = 306, page "0306", exit 2;
    Duplicate = 307, page "0307", exit 2;
    StepForm = 308, page "0308", exit 2;
    UnknownTask = 309, page "0309", exit 2;
    StepReference = 310, page "0310", exit 2;
    Cycle = 311, page "0311", exit 2;
    ExprSyntax = 312, page "0312", exit 2;
    UndefinedReference = 313, page "0313", exit 2;
    ExprInRun = 314, page "0314", exit 2;
    FileLimit = 315, page "0315", exit 2;
    MissingKey = 316, page "0316", exit 2;
    LiteralSecret = 317, page "0317", exit 2;
    SetConflict = 318, page "0318", exit 2;
    UnmeantParallel = 319, page "0319", exit 2;
    SecretPlace = 320, page "0320", exit 2;
    UnmeantEnd = 321, page "0321", exit 2;
    Schedule = 322, page "0322", exit 2;
    Unformatted = 330, page "0330", exit 2;

    Exit = 401, page "0401", exit 3;
    StepTimeout = 402, page "0402", exit 3;
    Spawn = 403, page "0403", exit 3;
    ExprFailed = 404, page "0404", exit 3;
    ExprLimit = 405, page "0405", exit 3;
    NoSecret = 406, page "0406", exit 3;
    HttpStatus = 407, page "0407", exit 3;
    Connection = 408, page "0408", exit 3;
    TaskInput = 409, page "0409", exit 3;
    TaskFile = 410, page "0410", exit 3;
    RunDiskFull = 411, page "0411", exit 3;
    OutputTooLarge = 412, page "0412", exit 3;
    InDoubt = 413, page "0413", exit 5;
    Drained = 414, page "0414", exit 3;
    Cancelled = 415, page "0415", exit 4;
    ResolvedFailed = 416, page "0416", exit 3;
    TaskPanic = 417, page "0417", exit 3;
    TooManyTurns = 419, page "0419", exit 3;
    RunTimedOut = 420, page "0420", exit 3;
    NoMoment = 421, page "0421", exit 3;
    NotItems = 422, page "0422", exit 3;
    NoCalled = 423, page "0423", exit 3;
    TooDeep = 424, page "0424", exit 3;
    CallCancelled = 425, page "0425", exit 3;
    Rejected = 426, page "0426", exit 3;
    ApprovalTimeout = 427, page "0427", exit 3;
    NoTokens = 428, page "0428", exit 3;
    LockWait = 429, page "0429", exit 3;
    LeaseEnded = 430, page "0430", exit 3;
    LockCircle = 431, page "0431", exit 3;
    TurnedAway = 432, page "0432", exit 3;
    CallInputs = 433, page "0433", exit 3;
    RunDirFull = 440, page "0440", exit 3;

    NoWorkflow = 501, page "0501", exit 2;
    NoRun = 502, page "0502", exit 2;
    AmbiguousRun = 503, page "0503", exit 2;
    MissingVariable = 504, page "0504", exit 2;
    BadVariable = 505, page "0505", exit 2;
    NotInDoubt = 506, page "0506", exit 2;
    RunEnded = 507, page "0507", exit 2;
    RequestReused = 508, page "0508", exit 2;
    NoStep = 509, page "0509", exit 2;
    BadCursor = 510, page "0510", exit 2;
    NoFault = 511, page "0511", exit 2;
    NoTask = 512, page "0512", exit 2;
    NoLog = 513, page "0513", exit 74;
    NoRevision = 514, page "0514", exit 2;
    NotPublished = 515, page "0515", exit 2;
    WorkflowDisabled = 516, page "0516", exit 2;
    WorkflowArchived = 517, page "0517", exit 2;
    WorkflowExists = 518, page "0518", exit 2;
    NoDraft = 519, page "0519", exit 2;
    CannotRename = 520, page "0520", exit 2;
    BadBundle = 521, page "0521", exit 2;
    Overtaken = 522, page "0522", exit 75;
    AlreadyPaused = 530, page "0530", exit 2;
    NotPaused = 531, page "0531", exit 2;
    RunNotEnded = 532, page "0532", exit 2;
    WouldRepeat = 533, page "0533", exit 2;
    NotAsking = 534, page "0534", exit 2;
    OtherDigest = 535, page "0535", exit 75;
    NotApprover = 536, page "0536", exit 77;
    OwnRun = 537, page "0537", exit 77;
    Voted = 538, page "0538", exit 2;
    PoolInUse = 539, page "0539", exit 2;
    NotHeld = 540, page "0540", exit 2;
    WorkflowCircle = 541, page "0541", exit 2;
    BadEvent = 542, page "0542", exit 2;
    NoTrigger = 543, page "0543", exit 2;
    TriggerNotArmed = 544, page "0544", exit 2;
    BadTrigger = 545, page "0545", exit 2;
    TriggerCircle = 546, page "0546", exit 2;
    DirectoryUnwatched = 547, page "0547", exit 2;
    PathTaken = 548, page "0548", exit 2;
    NotStarter = 549, page "0549", exit 77;
    NothingHeld = 550, page "0550", exit 2;
    NoNotification = 560, page "0560", exit 2;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_code_shows_the_page_of_its_own_file() {
        for language in Language::ALL {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/fault/pages");
            let folder = folder.join(language.code());
            for code in FaultCode::ALL {
                let text = std::fs::read_to_string(folder.join(format!("{code}.txt")))
                    .unwrap_or_else(|e| panic!("{code} has no page in {language}: {e}"));
                assert_eq!(code.page(language), text, "{code} includes another code's page");
            }
            let files: BTreeSet<String> = std::fs::read_dir(folder)
                .expect("the folder of the pages")
                .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
                .collect();
            let wanted = FaultCode::ALL.iter().map(|code| format!("{code}.txt")).collect();
            assert_eq!(files, wanted, "one file per code and none beside");
        }
    }

    #[test]
    fn pages_fit_a_terminal_and_say_what_to_do() {
        for (language, code) in in_each_language() {
            let text = code.page(language);
            let lines = text.lines().count();
            assert!((5..=20).contains(&lines), "{code}: {lines} lines in {language}");
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{code}: end of file");
            for line in text.lines() {
                assert!(line.chars().count() <= 78, "{code}: {line}");
                assert_eq!(line, line.trim_end(), "{code}: trailing space");
                assert!(!line.contains('\t'), "{code}: {line}");
                assert!(line.is_ascii() || language != Language::English, "{code}: {line}");
            }
            let does = text.contains("What to do") || text.contains("Какво да направите");
            assert!(does || text.contains("rpa "), "{code} names nothing that a person can do");
        }
    }

    #[test]
    fn pages_of_a_code_give_the_same_commands_in_each_language() {
        let commands = |code: FaultCode, language| -> BTreeSet<String> {
            // a command, blanks, and what it is for
            let lines = code.page(language).lines().filter_map(|line| line.strip_prefix("  rpa "));
            let commands = lines.filter_map(|line| line.split_once("  "));
            commands.map(|(command, _)| command.to_owned()).collect()
        };
        for code in FaultCode::ALL {
            let [english, bulgarian] = Language::ALL.map(|language| commands(*code, language));
            assert_eq!(english, bulgarian, "{code}");
        }
    }

    #[test]
    fn every_code_has_a_title_and_a_remedy_in_each_language() {
        for (language, code) in in_each_language() {
            let (title, hint) = (code.title(language), code.hint(language));
            let length = title.chars().count();
            assert!((1..=60).contains(&length), "{code} in {language}: {title:?}");
            assert!(!hint.is_empty() && !hint.ends_with('.'), "{code} in {language}: {hint:?}");
        }
    }

    fn in_each_language() -> impl Iterator<Item = (Language, FaultCode)> {
        let codes = |language| FaultCode::ALL.iter().map(move |code| (language, *code));
        Language::ALL.into_iter().flat_map(codes)
    }

    #[test]
    fn codes_are_in_order_and_used_once() {
        let numbers: Vec<u16> = FaultCode::ALL.iter().map(|code| code.number()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    }
}
