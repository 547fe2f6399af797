//! The command line `rpa`: parse, run, and turn what happened into an exit code.
//!
//! One file per verb holds its arguments, its help and what it does. Beside them:
//! [`text`] is what people read, [`json`] what scripts read, [`wire`] how the
//! daemon is asked. A verb returns an [`Exit`] or a [`Failure`]; [`report`] alone
//! says what becomes of them.

pub mod args;
pub mod asked;
pub mod attend;
pub mod bundle;
pub mod change;
pub mod checking;
pub mod complete;
pub mod confirm;
pub mod data;
pub mod each;
pub mod exit;
pub mod input;
pub mod json;
pub mod live;
pub mod nearest;
pub mod next;
pub mod outcome;
pub mod output;
pub mod paging;
pub mod printer;
pub mod problems;
pub mod report;
pub mod restored;
#[cfg(test)]
pub(crate) mod sample;
pub mod screen;
pub mod session;
pub mod submit;
pub mod text;
pub mod variables;
pub mod vote;
pub mod wire;

pub mod apply;
pub mod approvals;
pub mod approve;
pub mod archive;
pub mod backup;
pub mod cancel;
pub mod check;
pub mod clone;
pub mod completions;
pub mod deliveries;
pub mod dial;
pub mod diff;
pub mod disable;
pub mod doctor;
pub mod doubts;
pub mod enable;
pub mod event;
pub mod example;
pub mod explain;
pub mod export;
pub mod fmt;
pub mod grouped;
pub mod help;
pub mod history;
pub mod import;
pub mod init;
pub mod locks;
pub mod logs;
pub mod man;
pub mod notifications;
pub mod overview;
pub mod pause;
pub mod plan;
pub mod publish;
pub mod reject;
pub mod rerun;
pub mod resolve;
pub mod restore;
pub mod rollback;
pub mod run;
pub mod runs;
pub mod schedule;
pub mod schema;
pub mod show;
pub mod slots;
pub mod source;
pub mod status;
pub mod tasks;
pub mod test;
pub mod triggers;
pub mod upcoming;
pub mod why;
pub mod workflows;

use crate::remote;
pub use crate::text::moment;

use std::ffi::OsString;
use std::process::ExitCode;

use args::{Cli, Command};
use clap::Parser;
use exit::{Exit, Failure};
use rpa_ipc::{FaultCode, said};
use session::Session;

/// The whole program.
pub fn main() -> ExitCode {
    report::panics_are_faults();
    if completions::answered() {
        return ExitCode::SUCCESS;
    }
    command(std::env::args_os().collect())
}

/// One command, the first word being the name of the program.
fn command(words: Vec<OsString>) -> ExitCode {
    done(words, over_there)
}

/// The same for the console, whose words are in no argument, and shall not get there: no
/// other program takes this one's place.
pub fn of_console(words: Vec<OsString>) -> ExitCode {
    done(words, |failure, _, _| failure)
}

fn done(
    words: Vec<OsString>,
    failed: impl FnOnce(Failure, &Session, &[OsString]) -> Failure,
) -> ExitCode {
    let cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(e) => return report::usage(&nearest::suggested(e), words.into_iter()).into(),
    };
    let mut session = Session::new(cli.global);
    let ended = run(cli.command, &words, &mut session);
    let ended = ended.map_err(|failure| failed(failure, &session, &words));
    report::end(ended, &mut session).into()
}

/// A daemon of another machine that speaks another protocol is served by its own `rpa`:
/// this process becomes it.
fn over_there(failure: Failure, session: &Session, words: &[OsString]) -> Failure {
    match (&failure, session.host()) {
        (Failure::Fault(fault), Ok(Some(host))) if fault.code == FaultCode::Protocol => {
            remote::instead(&host, session.err.look.language, words).into()
        }
        _ => failure,
    }
}

fn run(command: Command, words: &[OsString], session: &mut Session) -> Result<Exit, Failure> {
    // one connection and one thing to wait for: a second thread would only
    // cost the time to start it
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Failure::internal(said!("cannot-start", error = e)))?;
    runtime.block_on(async {
        match dispatch(command, session).await {
            Ok(exit) => Ok(exit),
            Err(failure) => Err(nearest::with_hint(failure, words, session).await),
        }
    })
}

async fn dispatch(command: Command, session: &mut Session) -> Result<Exit, Failure> {
    match command {
        Command::Init(args) => init::run(&args, session).await,
        Command::Check(args) => check::run(&args, session),
        Command::Fmt(args) => fmt::run(&args, session),
        Command::Test(args) => test::run(&args, session).await,
        Command::Plan(args) => plan::run(&args, session).await,
        Command::Apply(args) => apply::run(&args, session).await,
        Command::Publish(args) => publish::run(&args, session).await,
        Command::Workflows(args) => workflows::run(args, session).await,
        Command::History(args) => history::run(args, session).await,
        Command::Diff(args) => diff::run(&args, session).await,
        Command::Source(args) => source::run(&args, session).await,
        Command::Rollback(args) => rollback::run(&args, session).await,
        Command::Clone(args) => clone::run(&args, session).await,
        Command::Enable(args) => enable::run(&args, session).await,
        Command::Disable(args) => disable::run(&args, session).await,
        Command::Archive(args) => archive::run(&args, session).await,
        Command::Restore(args) => restore::run(&args, session).await,
        Command::Export(args) => export::run(&args, session).await,
        Command::Import(args) => import::run(&args, session).await,
        Command::Run(args) => run::run(args, session).await,
        Command::Runs(args) => runs::run(args, session).await,
        Command::Show(args) => show::run(&args, session).await,
        Command::Why(args) => why::run(args, session).await,
        Command::Logs(args) => logs::run(args, session).await,
        Command::Cancel(args) => cancel::run(&args, session).await,
        Command::Triggers(args) => triggers::run(args, session).await,
        Command::Slots(args) => slots::run(args, session).await,
        Command::Deliveries(args) => deliveries::run(args, session).await,
        Command::Upcoming(args) => upcoming::run(args, session).await,
        Command::Schedule(args) => schedule::run(args, session).await,
        Command::Schema(args) => schema::run(&args, session),
        Command::Retry(args) => rerun::retry(args, session).await,
        Command::Rerun(args) => rerun::rerun(args, session).await,
        Command::Pause(args) => pause::pause(&args, session).await,
        Command::Resume(args) => pause::resume(&args, session).await,
        Command::Doubts(args) => doubts::run(args, session).await,
        Command::Resolve(args) => resolve::run(args, session).await,
        Command::Approvals(args) => approvals::run(args, session).await,
        Command::Approve(args) => approve::run(&args, session).await,
        Command::Reject(args) => reject::run(&args, session).await,
        Command::Locks(args) => locks::run(args, session).await,
        Command::Event(args) => event::run(args, session).await,
        Command::Tasks(args) => tasks::run(&args, session),
        Command::Notifications(args) => notifications::run(args, session).await,
        Command::Overview(args) => overview::run(&args, session).await,
        Command::Example(args) => example::run(&args, session),
        Command::Status(args) => status::run(&args, session).await,
        Command::Doctor(args) => doctor::run(&args, session).await,
        Command::Backup(args) => backup::run(&args, session).await,
        Command::Explain(args) => explain::run(&args, session),
        Command::Help(args) => help::run(&args, session),
        Command::Dial(args) => dial::run(&args, session).await,
        Command::Completions(args) => completions::run(&args, session),
        Command::Man(args) => man::run(&args, session),
    }
}
