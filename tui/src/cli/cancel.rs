//! `rpa cancel`: ends a run.

use rpa_ipc::service::RpadClient;

use super::exit::{Exit, Failure};
use super::json::RunDocument;
use super::outcome;
use super::session::{Session, now_ms};

/// End a run, together with everything that its steps have started
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Handlers of the workflow run after a cancel; a second cancel ends them too.

Examples:
  rpa cancel 444455556666
  rpa cancel 6666 && rpa logs 6666 -f   until its last step has stopped")]
pub struct Args {
    /// A run's id, or a unique ending of it
    pub run: String,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let run = session.run_ref(&args.run);
    let call = async |rpc: &RpadClient, context| rpc.cancel(context, run.clone()).await;
    let detail = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&RunDocument::of(&detail))?;
        return Ok(Exit::OK);
    }
    session.out.line(outcome::headline(&detail, &session.out.look, now_ms()))?;
    if detail.summary.ended_ms.is_none() {
        session.out.line("  its running steps are being stopped")?;
    }
    Ok(Exit::OK)
}
