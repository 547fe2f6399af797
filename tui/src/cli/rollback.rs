//! `rpa rollback`: an earlier revision, as a new one.

use rpa_ipc::catalog::RollbackRequest;
use rpa_ipc::service::RpadClient;

use super::apply;
use super::exit::{Exit, Failure};
use super::session::Session;

/// Bring an earlier revision back, as a new live one
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa rollback disk-report 3
  rpa rollback disk-report 3 --note 'the new parser loses lines'
  rpa publish disk-report 3           the revision itself, without a new one

The new revision has the source of the old one, and means what that meant.")]
pub struct Args {
    /// The workflow: NAME or NAMESPACE/NAME
    #[arg(value_name = "NAME")]
    pub workflow: String,

    /// The revision that is brought back
    #[arg(value_name = "REV", value_parser = clap::value_parser!(u32).range(1..))]
    pub revision: u32,

    /// Why, for the history
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub note: String,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let request = RollbackRequest {
        workflow: session.workflow_name(&args.workflow),
        revision: args.revision,
        note: args.note.clone(),
    };
    let call = async |rpc: &RpadClient, context| rpc.rollback(context, request.clone()).await;
    let applied = session.link()?.call(call).await?;
    apply::answer(applied, &args.workflow, session)
}
