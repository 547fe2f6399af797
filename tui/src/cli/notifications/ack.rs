//! `rpa notifications ack`: a person has seen them.

use rpa_ipc::notifications::{AckRequest, NotificationFilter, NotificationsQuery};
use rpa_ipc::service::RpadClient;

use super::super::exit::{Exit, Failure};
use super::super::json::AcknowledgedDocument;
use super::super::session::Session;
use super::super::text::number;

/// Say that notifications were seen
#[derive(Debug, clap::Args)]
#[command(after_help = "\
With --all, what is there when the command begins: what comes meanwhile stays
unread. Nothing else changes: an approval still waits, a trigger stays paused.

Examples:
  rpa notifications ack 12 15
  rpa notifications ack --all
  rpa notifications ack --all --workflow disk-report")]
pub struct Args {
    /// As rpa notifications shows them
    #[arg(value_name = "ID", required_unless_present = "all")]
    pub ids: Vec<u64>,

    /// All that there are
    #[arg(long, conflicts_with = "ids")]
    pub all: bool,

    /// With --all: only those of this workflow
    #[arg(long, value_name = "W", requires = "all", conflicts_with = "ids")]
    pub workflow: Option<String>,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let Args { ids, all, workflow } = args;
    let namespace = session.namespace.clone();
    let mut link = session.link()?;
    let query = NotificationsQuery {
        namespace: namespace.clone(),
        filter: NotificationFilter::Unread,
        workflow: None,
        limit: 1,
        cursor: None,
    };
    let look = async |rpc: &RpadClient, context| rpc.notifications(context, query.clone()).await;
    let upto = match all {
        true => link.call(look).await?.newest,
        // whoever names one by its id means whatever it has become
        false => u64::MAX,
    };
    let ids = (!all).then_some(ids);
    let request = AckRequest { namespace, ids, workflow, upto };
    let call = async |rpc: &RpadClient, context| rpc.acknowledge(context, request.clone()).await;
    let done = link.call(call).await?;
    if session.json {
        session.out.document(&AcknowledgedDocument { acknowledged: done.count })?;
        return Ok(Exit::OK);
    }
    session.out.line(match done.count {
        0 => "nothing was unread".to_owned(),
        1 => "1 notification was seen".to_owned(),
        count => format!("{} notifications were seen", number(count)),
    })?;
    Ok(Exit::OK)
}
