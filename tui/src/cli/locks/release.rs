//! `rpa locks release`: takes from a step what it holds.

use rpa_engine::StepPath;
use rpa_ipc::asking::BreakRequest;
use rpa_ipc::service::RpadClient;

use super::super::confirm::{agreed, is_somebody_there};
use super::super::exit::{Exit, Failure};
use super::super::json::RunDocument;
use super::super::outcome;
use super::super::session::{Session, now_ms};
use super::super::text::{Line, Style};

/// Take a lock or tokens from a step that holds them, while it goes on
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The step is not stopped: others may hold the lock while it still works. To end
it, cancel its run instead; of a step in doubt say how it ended: rpa doubts.

Examples:
  rpa locks release prod-db 6666 migrate
  rpa locks release prod-db 6666 migrate --yes")]
pub struct Args {
    /// The lock or pool, as rpa locks shows it
    pub name: String,

    /// A run's id, or a unique ending of it
    pub run: String,

    /// The step that holds it, as rpa locks shows it
    pub step: StepPath,

    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let Args { name, run, step, yes } = args;
    let means = format!(
        "others may then hold {name} while {step} of run {run} still works: it is not stopped"
    );
    if !yes && is_somebody_there(session) {
        session.out.line(Line::new().push(Style::Warn, &means))?;
        if !agreed("release it?", session)? {
            session.note("nothing was released")?;
            return Ok(Exit::DETACHED);
        }
    }
    let request = BreakRequest { run: session.run_ref(&run), path: step, lock: name };
    let call = async |rpc: &RpadClient, context| rpc.break_lock(context, request.clone()).await;
    let detail = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&RunDocument::of(&detail))?;
        return Ok(Exit::OK);
    }
    let BreakRequest { path, lock, .. } = &request;
    let line = Line::new().push(Style::Bold, path.as_str());
    session.out.line(line.plain(format!(" does not hold {lock} any more, and goes on")))?;
    session.out.line(outcome::headline(&detail, &session.out.look, now_ms()))?;
    Ok(Exit::OK)
}
