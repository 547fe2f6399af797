//! `rpa disable`: no new runs of a workflow.

use rpa_ipc::service::RpadClient;

use super::change;
use super::exit::{Exit, Failure};
use super::session::Session;

/// Refuse new runs of a workflow; those that are there go on
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa disable disk-report
  rpa enable disk-report              the way back

Who disabled it, and when, is told to whoever wants to run it.")]
pub struct Args {
    /// The workflow: NAME or NAMESPACE/NAME
    #[arg(value_name = "NAME")]
    pub workflow: String,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let name = session.workflow_name(&args.workflow);
    let call = async |rpc: &RpadClient, context| rpc.disable(context, name.clone()).await;
    let changed = session.link()?.call(call).await?;
    change::say(&changed, "is disabled: it takes no new runs", session)
}
