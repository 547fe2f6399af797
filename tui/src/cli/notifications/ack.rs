//! `rpa notifications ack`: a person has seen them.

use rpa_ipc::fault::count;
use rpa_ipc::notifications::{AckRequest, Acknowledged, NotificationFilter, NotificationsQuery};
use rpa_ipc::service::RpadClient;
use rpa_ipc::{Fault, FaultCode, fault};

use super::super::exit::{Exit, Failure};
use super::super::json::AcknowledgedDocument;
use super::super::session::Session;
use super::super::text::number;

/// Ids that are named when they are not there.
const NAMED: usize = 10;

/// Say that notifications were seen
#[derive(Debug, clap::Args)]
#[command(after_help = "\
With --all, what is there when the command begins: what comes meanwhile stays
unread. Nothing else changes: an approval still waits, a trigger stays paused.
When some ids are not there, the others were seen all the same, and it ends
with 2.

Examples:
  rpa notifications ack 12 15
  rpa notifications ack --all
  rpa notifications ack --all --workflow disk-report
  rpa notifications ack --all --upto 31")]
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

    /// What has happened after this number stays unread
    #[arg(long, value_name = "NUMBER")]
    pub upto: Option<u64>,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let Args { ids, all, workflow, upto } = args;
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
    let upto = match (upto, all) {
        (Some(upto), _) => upto,
        (None, true) => link.call(look).await?.newest,
        // whoever names one by its id means whatever it has become
        (None, false) => u64::MAX,
    };
    let ids = (!all).then_some(ids);
    let request = AckRequest { namespace, ids, workflow, upto };
    let call = async |rpc: &RpadClient, context| rpc.acknowledge(context, request.clone()).await;
    let done = link.call(call).await?;
    let Acknowledged { count, missing } = done;
    let exit = if missing.is_empty() { Exit::OK } else { Exit::INVALID };
    if session.json {
        session.out.document(&AcknowledgedDocument { acknowledged: count, missing })?;
        return Ok(exit);
    }
    session.out.line(match count {
        0 => "nothing was unread".to_owned(),
        1 => "1 notification was seen".to_owned(),
        count => format!("{} notifications were seen", number(count)),
    })?;
    match missing.as_slice() {
        [] => Ok(exit),
        missing => Err(not_there(missing).into()),
    }
}

/// Some of the ids are of no notification; the others were seen.
fn not_there(missing: &[u64]) -> Fault {
    let mut ids: Vec<String> = missing.iter().take(NAMED).map(ToString::to_string).collect();
    if missing.len() > NAMED {
        ids.push("…".to_owned());
    }
    let (ids, count) = (ids.join(", "), count(missing.len()));
    fault!(FaultCode::NoNotification, "no-notification", id = ids, count = count)
}
