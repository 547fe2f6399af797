//! `rpa enable`: a workflow takes new runs again.

use rpa_ipc::service::RpadClient;

use super::change;
use super::exit::{Exit, Failure};
use super::session::Session;

/// Let a disabled workflow take new runs again
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa enable disk-report
  rpa workflows                       which are disabled")]
pub struct Args {
    /// The workflow: NAME or NAMESPACE/NAME
    #[arg(value_name = "NAME")]
    pub workflow: String,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let name = session.workflow_name(&args.workflow);
    let call = async |rpc: &RpadClient, context| rpc.enable(context, name.clone()).await;
    let changed = session.link()?.call(call).await?;
    change::say(&changed, "takes new runs", session)
}
