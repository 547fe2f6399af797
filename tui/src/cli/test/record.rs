//! `rpa test record`: a file of tests from a real run.
//!
//! The run's attempts become the results of the test. It is played at once: what comes
//! of it says in which order steps begin here, and whether the test says the same as the
//! run; where it does not, that is told.

mod made;
mod said;
mod yaml;

use std::path::Path;
use std::sync::Arc;

use rpa_config::testfile::{Called, SUFFIX, check_bytes, fit};
use rpa_config::workflow::check;
use rpa_engine::{Workflow, WorkflowRef};
use rpa_ipc::recording::Recording;
use rpa_ipc::service::RpadClient;
use rpa_ipc::{Fault, FaultCode, fault, said};
use serde::Serialize;

use super::super::checking::{Report, view};
use super::super::exit::{Exit, Failure};
use super::super::export::{save, unwritten};
use super::super::problems::{self, After};
use super::super::session::Session;
use super::super::text::{Line, Style};
use super::{judge, play};

/// Write a file of tests from a run that has settled, with secrets masked
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa test record 444455556666 -o disk-report.test.yaml
  rpa test record 6666                to the terminal

Values of secrets and of sensitive variables become ***, large documents are
cut. Look through the file before you share it.")]
pub struct Args {
    /// A run's id, or a unique ending of it
    pub run: String,

    /// The file to write, which must not be there yet
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: Option<String>,
}

#[derive(Serialize)]
struct Document<'a> {
    file: Option<&'a str>,
    workflow: &'a str,
    run: String,
    /// The file, when it was not written.
    text: Option<&'a str>,
    warnings: &'a [String],
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    if let Some(file) = args.output.as_ref().filter(|file| Path::new(file).exists()) {
        let fault = fault!(FaultCode::Usage, "tests-there", path = file);
        return Err(fault.hint(said!("hint-tests-there")).into());
    }
    let run = session.run_ref(&args.run);
    let call = async |rpc: &RpadClient, context| rpc.recording(context, run.clone()).await;
    let recording = session.link()?.call(call).await?;
    let workflow = Arc::new(workflow(&recording, session)?);
    let (text, warnings) = record(&recording, &workflow, args.output.as_deref());
    match &args.output {
        Some(file) => {
            save(Path::new(file), text.as_bytes()).map_err(|e| unwritten(file, &e))?;
        }
        None if !session.json => session.out.raw(text.as_bytes())?,
        None => {}
    }
    if session.json {
        let document = Document {
            file: args.output.as_deref(),
            workflow: &recording.workflow,
            run: recording.run.to_string(),
            text: args.output.is_none().then_some(text.as_str()),
            warnings: &warnings,
        };
        session.out.document(&document)?;
    } else {
        for warning in &warnings {
            session.note(Line::new().push(Style::Warn, "warning").plain(": ").plain(warning))?;
        }
        if let Some(file) = &args.output {
            session.out.line(Line::of(format!("{file}: from run {}", recording.run.short())))?;
        }
    }
    Ok(Exit::OK)
}

/// What the file of the run's revision means now.
fn workflow(recording: &Recording, session: &Session) -> Result<Workflow, Fault> {
    let namespace = WorkflowRef::parse(&recording.workflow, &session.namespace)
        .map_or_else(|_| session.namespace.clone(), |name| name.namespace);
    let checked = check(&recording.source, &recording.file, &namespace);
    checked.workflow.ok_or_else(|| {
        let report = Report {
            file: recording.file.clone(),
            source: recording.source.clone(),
            valid: None,
            problems: checked.problems.into_iter().map(view).collect(),
        };
        problems::fault([&report], After::Check)
    })
}

/// The text of the file, and what a person should know of it.
fn record(
    recording: &Recording,
    workflow: &Arc<Workflow>,
    output: Option<&str>,
) -> (String, Vec<String>) {
    let mut warnings = Vec::new();
    // what the run has called is in no file here; the recording has what came of it
    let called = Called::new();
    let mut test = made::test(recording, workflow, &mut warnings);
    let named = made::workflow_file(recording);
    match play::play(&test, workflow, &called) {
        Ok(played) => made::expect(recording, workflow, &mut test, &played, &mut warnings),
        Err(stuck) => {
            let why = super::report::message(&stuck);
            warnings.push(format!("the test does not come to an end as the run did: {why}"));
        }
    }
    let head = made::head(recording, &warnings);
    let beside = output.map(|file| file.strip_suffix(SUFFIX).unwrap_or(file).to_owned());
    let is_usual = beside.is_some_and(|stem| Some(named.as_str()) == file_name(&stem).as_deref());
    let text = yaml::write(&head, (!is_usual).then_some(named.as_str()), &test);
    // whatever was read in the run, what is written says the same, and passes
    let read = check_bytes(text.as_bytes(), "recording");
    match read.file {
        None => warnings.extend(read.problems.iter().map(|p| format!("the file is wrong: {p}"))),
        Some(file) => {
            warnings.extend(
                fit(&file, workflow, &called, "recording").iter().map(|p| p.message.clone()),
            );
            let again = file.tests.first().map(|test| (test, play::play(test, workflow, &called)));
            if let Some((test, Ok(played))) = again {
                let found = judge::judge(test, &played);
                warnings.extend(found.iter().map(|mismatch| {
                    format!("the test gives something else than the run: {}", mismatch.at)
                }));
            }
        }
    }
    (text, warnings)
}

/// `disk-report.yaml` of `jobs/disk-report`.
fn file_name(stem: &str) -> Option<String> {
    Some(format!("{}.yaml", Path::new(stem).file_name()?.to_string_lossy()))
}
