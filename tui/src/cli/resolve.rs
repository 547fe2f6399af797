//! `rpa resolve`: says of a step in doubt how it ended.

use clap::ValueEnum;
use rpa_engine::StepPath;
use rpa_ipc::service::{Decision, ResolveRequest, RpadClient};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::exit::{Exit, Failure};
use super::json::RunDocument;
use super::session::{Session, now_ms};
use super::text::{Line, Style, status};
use super::{outcome, variables};

/// Say of a step in doubt how it ended, so that its run can go on
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa resolve 6666 send done                   it was done; go on
  rpa resolve 6666 send done --output id=4711  and this is what it gave
  rpa resolve 6666 send retry                  it was not; run it again
  rpa resolve 6666 send fail                   treat it as failed

Look first what waits, and why: rpa doubts.")]
pub struct Args {
    /// A run's id, or a unique ending of it
    pub run: String,

    /// The step, as rpa doubts shows it
    pub path: StepPath,

    /// What became of it
    pub decision: Verdict,

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

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let request = ResolveRequest {
        run: session.run_ref(&args.run),
        path: args.path.clone(),
        decision: decision(&args)?,
    };
    let call = async |rpc: &RpadClient, context| rpc.resolve(context, request.clone()).await;
    let detail = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&RunDocument::of(&detail))?;
        return Ok(Exit::OK);
    }
    if let Some(step) = detail.steps.iter().find(|step| step.path == args.path) {
        let now = status(&step.status, &session.out.look);
        let place = Line::new().push(Style::Bold, step.path.as_str()).plain(": ");
        session.out.line(place.append(now))?;
    }
    session.out.line(outcome::headline(&detail, &session.out.look, now_ms()))?;
    Ok(Exit::OK)
}

fn decision(args: &Args) -> Result<Decision, Fault> {
    if args.decision != Verdict::Done && !args.outputs.is_empty() {
        let fault = fault!(FaultCode::Usage, "output-without-done");
        return Err(fault.hint(said!("hint-no-output")));
    }
    Ok(match args.decision {
        Verdict::Done => Decision::Done { output: variables::collect(&args.outputs, None)? },
        Verdict::Retry => Decision::Retry,
        Verdict::Fail => Decision::Fail,
    })
}
