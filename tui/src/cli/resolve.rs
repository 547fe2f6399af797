//! `rpa resolve`: says of a step in doubt how it ended.

use clap::ValueEnum;
use rpa_engine::StepPath;
use rpa_ipc::service::{Decision, Doubts, ResolveRequest, RpadClient};
use rpa_ipc::view::{Resolved, StepView};
use rpa_ipc::{Fault, FaultCode, fault, said};
use serde::Serialize;

use super::exit::{Exit, Failure};
use super::json::RunDocument;
use super::session::{Session, now_ms};
use super::text::{Line, Style, status};
use super::{outcome, variables};
use crate::text::count;

/// Say of a step in doubt how it ended, so that its run can go on
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa resolve 6666 send done                   it was done; go on
  rpa resolve 6666 send done --output id=4711  and this is what it gave
  rpa resolve 6666 send retry                  it was not; run it again
  rpa resolve 6666 send fail                   treat it as failed
  rpa resolve 6666 each --all retry            all that is in doubt in a loop
  rpa resolve 6666 --all fail                  all of the run

Look first what waits, and why: rpa doubts.")]
pub struct Args {
    /// A run's id, or a unique ending of it
    pub run: String,

    /// The step, as rpa doubts shows it; with --all a loop or group, or left out
    #[arg(required_unless_present = "all")]
    pub path: Option<StepPath>,

    /// What became of it
    #[arg(required_unless_present = "all")]
    pub decision: Option<Verdict>,

    /// Decide all doubts below PATH alike, or of the whole run: all or none
    #[arg(long)]
    pub all: bool,

    /// With `done`: a field of the step's output; K=@FILE takes a file's content
    #[arg(long = "output", value_name = "K=V")]
    pub outputs: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Verdict {
    /// It was done
    Done,
    /// It was not done: run it again, with the same idempotency key
    Retry,
    /// It failed
    Fail,
}

/// The run after it, and how many steps were decided about.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    run: RunDocument<'a>,
    decided: u32,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let (path, verdict) = said(&args)?;
    let decision = decision(verdict, &args.outputs)?;
    let doubts = match (path.clone(), args.all) {
        (Some(path), false) => Doubts::One(path),
        (Some(path), true) => Doubts::Below(path),
        (None, _) => Doubts::All,
    };
    let request = ResolveRequest { run: session.run_ref(&args.run), doubts, decision };
    let call = async |rpc: &RpadClient, context| rpc.resolve(context, request.clone()).await;
    let Resolved { decided, detail } = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&Document { run: RunDocument::of(&detail), decided })?;
        return Ok(Exit::OK);
    }
    if args.all {
        session.out.line(format!("{} decided", count(decided.into(), "doubt")))?;
    }
    let found = |step: &&StepView| Some(&step.path) == path.as_ref();
    if let Some(step) = detail.steps.iter().find(found) {
        let now = status(&step.status, &session.out.look);
        let place = Line::new().push(Style::Bold, step.path.as_str()).plain(": ");
        session.out.line(place.append(now))?;
    }
    session.out.line(outcome::headline(&detail, &session.out.look, now_ms()))?;
    Ok(Exit::OK)
}

/// The step and the verdict. With `--all` the step may be left out, and then the one
/// word that is there is the verdict.
fn said(args: &Args) -> Result<(Option<StepPath>, Verdict), Fault> {
    match (&args.path, args.decision) {
        (path, Some(verdict)) => Ok((path.clone(), verdict)),
        (Some(word), None) => {
            let verdict = Verdict::from_str(word.as_str(), false);
            let verdict = verdict.map_err(|_| fault!(FaultCode::Usage, "resolve-what"))?;
            Ok((None, verdict))
        }
        (None, None) => Err(fault!(FaultCode::Usage, "resolve-what")),
    }
}

fn decision(verdict: Verdict, outputs: &[String]) -> Result<Decision, Fault> {
    if verdict != Verdict::Done && !outputs.is_empty() {
        let fault = fault!(FaultCode::Usage, "output-without-done");
        return Err(fault.hint(said!("hint-no-output")));
    }
    Ok(match verdict {
        Verdict::Done => Decision::Done { output: variables::collect(outputs, None)? },
        Verdict::Retry => Decision::Retry,
        Verdict::Fail => Decision::Fail,
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn with_all_the_step_may_be_left_out() {
        let table = [
            ("x 66 send done", Some((Some("send"), Verdict::Done))),
            ("x 66 each --all retry", Some((Some("each"), Verdict::Retry))),
            ("x 66 done --all retry", Some((Some("done"), Verdict::Retry))),
            ("x 66 --all fail", Some((None, Verdict::Fail))),
            ("x 66 fail --all", Some((None, Verdict::Fail))),
            ("x 66 --all", None),
            ("x 66 each --all", None),
        ];
        for (line, wanted) in table {
            let args = Line::try_parse_from(line.split(' ')).expect(line).args;
            let told = said(&args).ok();
            let told = told
                .as_ref()
                .map(|(path, verdict)| (path.as_ref().map(StepPath::as_str), *verdict));
            assert_eq!(told, wanted, "{line}");
        }
    }
}
