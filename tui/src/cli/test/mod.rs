//! `rpa test`: tests of workflows, without the daemon and without touching the world.
//!
//! A file `NAME.test.yaml` says what the steps of `NAME.yaml` give and what must come of
//! it. The workflow is read by the reader that the daemon uses, its run is decided by the
//! engine that the daemon uses, expressions are evaluated by the same code ([`play`]);
//! only attempts are answered from the file ([`answer`]), as are people, events and the runs
//! that steps call ([`asked`]), and the clock is the test's own.

mod answer;
mod asked;
mod compare;
mod files;
mod judge;
mod memory;
mod outside;
mod play;
mod record;
mod report;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use rpa_config::testfile::{Called, Test};
use rpa_engine::{Label, Workflow};
use rpa_ipc::{FaultCode, fault, said};

use super::checking::Report;
use super::exit::{Exit, Failure};
use super::session::Session;
use compare::Mismatch;
use files::Loaded;
use play::Stuck;

/// Run the tests of workflows, without the daemon and without touching the world
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  rpa test                            every *.test.yaml below this folder
  rpa test disk-report.test.yaml jobs/
  rpa test -k \"full disk\"             those with this in their name
  rpa test record 4444 -o disk-report.test.yaml
                                      make one from a run, secrets masked

The format is told by man 5 rpa-test. Exits with 3 when a test fails, with 2
when a file has an error."
)]
pub struct Args {
    #[command(subcommand)]
    pub verb: Option<Verb>,

    /// Files of tests, their workflows, or folders; . if none is given
    #[arg(value_name = "FILE|DIR", value_hint = clap::ValueHint::AnyPath)]
    pub files: Vec<String>,

    /// Only tests in whose names this stands
    #[arg(short = 'k', long = "named", value_name = "TEXT")]
    pub named: Option<String>,
}

#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    Record(record::Args),
}

/// What came of one file.
#[derive(Debug)]
struct Ran {
    file: Loaded,
    tests: Vec<Tested>,
}

/// What came of one test.
#[derive(Debug)]
struct Tested {
    name: String,
    line: u32,
    took: Duration,
    verdict: Verdict,
}

#[derive(Debug, PartialEq)]
enum Verdict {
    Ok,
    /// Something else came than was expected.
    Differs(Vec<Mismatch>),
    /// It could not be played to its end.
    Stuck(Stuck),
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    if let Some(Verb::Record(args)) = &args.verb {
        return record::run(args, session).await;
    }
    let files = files::find(&args.files)?;
    let begun = Instant::now();
    let wanted = |test: &&Test| {
        args.named.as_ref().is_none_or(|text| test.name.value.contains(text.as_str()))
    };
    let mut all = Vec::new();
    for file in &files {
        let file = files::load(file, &session.namespace);
        let tests = match &file.workflow {
            Some(workflow) => file
                .tests
                .iter()
                .filter(wanted)
                .map(|test| judged(test, workflow, &file.called))
                .collect(),
            None => Vec::new(),
        };
        all.push(Ran { file, tests });
    }
    let bad = all.iter().any(|ran| ran.file.workflow.is_none());
    let failed = all.iter().flat_map(|ran| &ran.tests).any(|test| test.verdict != Verdict::Ok);
    if let Some(text) = &args.named
        && !bad
        && all.iter().all(|ran| ran.tests.is_empty())
    {
        return Err(fault!(FaultCode::Usage, "tests-none-named", text = text)
            .hint(said!("hint-tests-named"))
            .into());
    }
    report::tell(&all, begun.elapsed(), session)?;
    Ok(match (bad, failed) {
        (true, _) => Exit::INVALID,
        (false, true) => Exit::FAILED,
        (false, false) => Exit::OK,
    })
}

/// What is wrong with a file of tests, and with the workflow that it is of.
pub fn check(file: &str, namespace: &Label) -> Vec<Report> {
    files::load(file, namespace).reports
}

fn judged(test: &Test, workflow: &Arc<Workflow>, called: &Called) -> Tested {
    let begun = Instant::now();
    let verdict = match play::play(test, workflow, called) {
        Err(stuck) => Verdict::Stuck(stuck),
        Ok(played) => match judge::judge(test, &played) {
            found if found.is_empty() => Verdict::Ok,
            found => Verdict::Differs(found),
        },
    };
    let (name, line) = (test.name.value.clone(), test.name.at.line);
    Tested { name, line, took: begun.elapsed(), verdict }
}
