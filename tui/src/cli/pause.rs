//! `rpa pause` and `rpa resume`: nothing new begins in a run, and goes on again.

use rpa_ipc::service::RpadClient;

use super::exit::{Exit, Failure};
use super::json::RunDocument;
use super::outcome;
use super::restored;
use super::session::{Session, now_ms};
use crate::steps::is_task;

/// Begin nothing new in a run until `rpa resume`; steps that run go on to their end
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa pause 444455556666
  rpa resume 444455556666")]
pub struct PauseArgs {
    /// A run's id, or a unique ending of it
    pub run: String,
}

/// Let a paused run go on, or all that is held since a restore
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa resume 444455556666
  rpa resume --restored --dry-run   what is held since a restore
  rpa resume --restored             let it go on

Runs that were open in a backup come back held: what was done after the backup
is not known, and would be done again. Cancel what should not go on before.")]
pub struct ResumeArgs {
    /// A run's id, or a unique ending of it
    #[arg(required_unless_present = "restored", conflicts_with = "restored")]
    pub run: Option<String>,

    /// All runs that are held since the store was restored from a backup
    #[arg(long)]
    pub restored: bool,

    /// Show what would go on, and let nothing go on
    #[arg(long, requires = "restored", conflicts_with = "run")]
    pub dry_run: bool,
}

pub async fn pause(args: &PauseArgs, session: &mut Session) -> Result<Exit, Failure> {
    let run = session.run_ref(&args.run);
    let call = async |rpc: &RpadClient, context| rpc.pause(context, run.clone()).await;
    let detail = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&RunDocument::of(&detail))?;
        return Ok(Exit::OK);
    }
    session.out.line(outcome::headline(&detail, &session.out.look, now_ms()))?;
    if detail.steps.iter().any(|step| step.status == "running" && is_task(step)) {
        session.out.line("  steps that run go on to their end; nothing new begins")?;
    }
    Ok(Exit::OK)
}

pub async fn resume(args: &ResumeArgs, session: &mut Session) -> Result<Exit, Failure> {
    let Some(run) = &args.run else { return restored::resume(args.dry_run, session).await };
    let run = session.run_ref(run);
    let call = async |rpc: &RpadClient, context| rpc.resume(context, run.clone()).await;
    let detail = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&RunDocument::of(&detail))?;
    } else {
        session.out.line(outcome::headline(&detail, &session.out.look, now_ms()))?;
    }
    Ok(Exit::OK)
}
