//! How a command ends: an exit code, or what kept it from ending well.

use std::io;
use std::process::ExitCode;

use rpa_ipc::fault::Said;
use rpa_ipc::view::RunSummary;
use rpa_ipc::{Fault, FaultCode};

/// Every exit code that `rpa` can end with, those below and those of faults, and what it
/// says. The manual and the page of `rpa help exit-codes` have a line for each, and tests
/// hold them.
pub const MEANINGS: &[(u8, &str)] = &[
    (0, "done; with --wait or --follow: the run completed"),
    (1, "something differs or would change (only with --exit-code)"),
    (2, "the command line, a file, a variable or a name is not valid"),
    (
        3,
        "the run failed (only with --wait or --follow, and logs -f); a test failed; \
         doctor found errors",
    ),
    (4, "the run was cancelled (likewise)"),
    (5, "the run waits for a person (likewise); doctor found warnings"),
    (65, "the store, or the file of a backup, is damaged"),
    (69, "the daemon or its machine cannot be reached, or speaks another protocol"),
    (70, "a bug"),
    (74, "reading or writing failed, or the disk is full"),
    (75, "not now; try again in a moment"),
    (77, "not permitted"),
    (78, "the settings are not valid, or a newer rpad wrote the store"),
    (124, "no answer in time, or --timeout ran out; the run goes on"),
    (130, "interrupted; the run goes on"),
    (141, "the reader of the output went away"),
];

/// The exit codes alone.
pub fn codes() -> impl Iterator<Item = u8> {
    MEANINGS.iter().map(|(code, _)| *code)
}

/// An exit code of `rpa`, as a script sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(pub u8);

impl Exit {
    pub const OK: Exit = Exit(0);
    /// Something differs, where `--exit-code` asked; as diff(1) ends.
    pub const DIFFERS: Exit = Exit(1);
    /// Usage, or a file that is not valid.
    pub const INVALID: Exit = Exit(2);
    pub const FAILED: Exit = Exit(3);
    pub const CANCELLED: Exit = Exit(4);
    /// The run waits for a person.
    pub const NEEDS_PERSON: Exit = Exit(5);
    /// 128 + SIGINT: we stopped looking; the run goes on.
    pub const DETACHED: Exit = Exit(130);
    /// 128 + SIGPIPE: the reader went away. Not 0: `rpa run --wait | head` must
    /// not claim that the run completed.
    pub const PIPE: Exit = Exit(141);

    /// What `--wait` and `--follow` make of how a run has settled.
    pub fn of(run: &RunSummary) -> Exit {
        match run.status.as_str() {
            "completed" => Exit::OK,
            "cancelled" => Exit::CANCELLED,
            "in_doubt" => Exit::NEEDS_PERSON,
            _ if run.needs_person => Exit::NEEDS_PERSON,
            // `failed`; and a newer daemon's word is not taken for success
            _ => Exit::FAILED,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.0)
    }
}

/// Why a command did not end well.
#[derive(Debug)]
pub enum Failure {
    Fault(Box<Fault>),
    /// Standard output is closed or full.
    Output(io::Error),
}

impl Failure {
    /// Something that cannot happen, or only to a machine that is out of order.
    pub fn internal(said: Said) -> Failure {
        Fault::of(FaultCode::Internal, said).into()
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure::Fault(Box::new(fault))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::cli::sample;

    #[test]
    fn the_table_of_codes_has_exactly_those_that_there_are() {
        let own = [
            Exit::OK,
            Exit::DIFFERS,
            Exit::INVALID,
            Exit::FAILED,
            Exit::CANCELLED,
            Exit::NEEDS_PERSON,
            Exit::DETACHED,
            Exit::PIPE,
        ];
        let faults = FaultCode::ALL.iter().map(|code| code.exit());
        let all: BTreeSet<u8> = own.iter().map(|exit| exit.0).chain(faults).collect();
        assert_eq!(all, codes().collect());
    }

    #[test]
    fn a_settled_run_has_an_exit_code() {
        let table = [
            ("completed", false, 0),
            ("failed", false, 3),
            ("cancelled", false, 4),
            ("in_doubt", true, 5),
            ("waiting", true, 5),
            ("new", false, 3),
        ];
        for (status, needs_person, wanted) in table {
            let failed = sample::failed().summary;
            let run = RunSummary { status: status.into(), needs_person, ..failed };
            assert_eq!(Exit::of(&run), Exit(wanted), "{status}");
        }
    }
}
