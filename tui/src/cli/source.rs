//! `rpa source`: prints what was applied.

use rpa_ipc::catalog::{RevisionName, SourceView};
use rpa_ipc::service::RpadClient;

use super::exit::{Exit, Failure};
use super::json::SourceDocument;
use super::session::Session;

/// Print the source of a workflow's revision
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa source disk-report              the live revision
  rpa source disk-report 3 > old.yaml

To a pipe or a file go the very bytes that were applied.")]
pub struct Args {
    /// The workflow: NAME or NAMESPACE/NAME
    #[arg(value_name = "NAME")]
    pub workflow: String,

    /// A revision; without it the live one, or the newest where none is live
    #[arg(value_name = "REV", value_parser = clap::value_parser!(u32).range(1..))]
    pub revision: Option<u32>,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let view = fetch(&args.workflow, args.revision, session).await?;
    if session.json {
        session.out.document(&SourceDocument::of(&view))?;
    } else {
        session.out.text(&view.source)?;
    }
    Ok(Exit::OK)
}

/// A revision with its source, and how its workflow stands.
pub async fn fetch(
    workflow: &str,
    revision: Option<u32>,
    session: &Session,
) -> Result<SourceView, Failure> {
    let wanted = RevisionName { workflow: session.workflow_name(workflow), revision };
    let call = async |rpc: &RpadClient, context| rpc.source(context, wanted.clone()).await;
    Ok(session.link()?.call(call).await?)
}
