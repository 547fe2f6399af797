//! `rpa clone`: a copy of a workflow under another name.

use rpa_ipc::catalog::CloneRequest;
use rpa_ipc::service::RpadClient;

use super::apply;
use super::exit::{Exit, Failure};
use super::session::Session;

/// Copy a workflow under another name
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa clone disk-report disk-report-test
  rpa clone disk-report staging/disk-report
  rpa source disk-report-test > disk-report-test.yaml

In the copy the `name:` is another one, and so is a `namespace:` where the file
has one; everything else, comments included, is as it was.")]
pub struct Args {
    /// The workflow: NAME or NAMESPACE/NAME
    #[arg(value_name = "NAME")]
    pub workflow: String,

    /// The copy: NAME, in the same namespace, or NAMESPACE/NAME
    #[arg(value_name = "NEW")]
    pub new: String,

    /// Why, for the history
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub note: String,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let request = CloneRequest {
        workflow: session.workflow_name(&args.workflow),
        new: args.new.clone(),
        note: args.note.clone(),
    };
    let call = async |rpc: &RpadClient, context| rpc.clone_workflow(context, request.clone()).await;
    let applied = session.link()?.call(call).await?;
    apply::answer(applied, &args.workflow, session)
}
