//! `rpa publish`: makes a revision the live one.

use rpa_ipc::catalog::RevisionName;
use rpa_ipc::service::RpadClient;

use super::change;
use super::exit::{Exit, Failure};
use super::session::Session;

/// Make a draft, or any revision, the one that new runs are of
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa apply --draft disk-report.yaml
  rpa diff disk-report                what the draft would change
  rpa publish disk-report             the newest draft
  rpa publish disk-report 3           this revision

Running runs keep the revision that they began with.")]
pub struct Args {
    /// The workflow: NAME or NAMESPACE/NAME
    #[arg(value_name = "NAME")]
    pub workflow: String,

    /// A revision; without it the newest draft that is newer than what is live
    #[arg(value_name = "REV", value_parser = clap::value_parser!(u32).range(1..))]
    pub revision: Option<u32>,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let workflow = session.workflow_name(&args.workflow);
    let revision = RevisionName { workflow, revision: args.revision };
    let call = async |rpc: &RpadClient, context| rpc.publish(context, revision.clone()).await;
    let changed = session.link()?.call(call).await?;
    let number = changed.state.live.unwrap_or_default();
    change::say(&changed, &format!("revision {number} is live"), session)
}
