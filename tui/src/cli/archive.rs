//! `rpa archive`: puts a workflow away.

use rpa_ipc::service::RpadClient;

use super::change;
use super::exit::{Exit, Failure};
use super::session::Session;

/// Put a workflow away: out of the lists, without new runs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa archive disk-report
  rpa workflows --archived            the archived ones as well
  rpa restore disk-report             the way back

Nothing is deleted: its runs and its revisions stay readable.")]
pub struct Args {
    /// The workflow: NAME or NAMESPACE/NAME
    #[arg(value_name = "NAME")]
    pub workflow: String,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let name = session.workflow_name(&args.workflow);
    let call = async |rpc: &RpadClient, context| rpc.archive(context, name.clone()).await;
    let changed = session.link()?.call(call).await?;
    change::say(&changed, "is archived", session)
}
