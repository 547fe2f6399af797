//! `rpa restore`: brings an archived workflow back.

use rpa_ipc::service::RpadClient;

use super::change;
use super::exit::{Exit, Failure};
use super::session::Session;

/// Bring an archived workflow back, as it was
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa restore disk-report")]
pub struct Args {
    /// The workflow: NAME or NAMESPACE/NAME
    #[arg(value_name = "NAME")]
    pub workflow: String,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let name = session.workflow_name(&args.workflow);
    let call = async |rpc: &RpadClient, context| rpc.restore(context, name.clone()).await;
    let changed = session.link()?.call(call).await?;
    change::say(&changed, "is restored", session)
}
