//! `rpa retry` and `rpa rerun`: a new run that takes over what an ended one has settled.

use rpa_ipc::catalog::RevisionName;
use rpa_ipc::client::CALL_DEADLINE;
use rpa_ipc::service::{RerunRequest, RpadClient};
use rpa_ipc::view::Started;
use rpa_ipc::{Fault, FaultCode};

use super::confirm::{agreed, is_somebody_there};
use super::exit::{Exit, Failure};
use super::run::{Stay, stay};
use super::session::Session;
use super::text::{Line, Style};
use super::variables;
use super::wire::{Link, Repeat};

/// Run again what did not settle well in a run, as a new run that keeps the rest
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Steps that completed are kept, with what they gave, unless something before
them runs again, their definition is another now, or the run has undone them.
A loop or a group that failed runs again as a whole, finished turns as well.

Examples:
  rpa retry 444455556666 --wait
  rpa retry 444455556666 --newest    with the revision that is live now")]
pub struct RetryArgs {
    /// A run's id, or a unique ending of it
    pub run: String,

    #[command(flatten)]
    pub again: Again,
}

/// Run a run again from a step on, as a new run that keeps what came before
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Steps before it that have not settled well run again too.

Examples:
  rpa rerun 444455556666 --from parse
  rpa rerun 444455556666 --from parse --var limit=90 --follow")]
pub struct RerunArgs {
    /// A run's id, or a unique ending of it
    pub run: String,

    /// The step to begin from; it and all that comes after it run again
    #[arg(long, value_name = "STEP")]
    pub from: String,

    #[command(flatten)]
    pub again: Again,
}

#[derive(Debug, clap::Args)]
pub struct Again {
    /// A variable that is another now; K=@FILE takes the content of a file
    #[arg(long = "var", value_name = "K=V")]
    pub vars: Vec<String>,

    /// With the revision that is live now, rather than that of the run
    #[arg(long)]
    pub newest: bool,

    /// Repeat steps of the class `once` without asking
    #[arg(long)]
    pub repeat_once: bool,

    #[command(flatten)]
    pub stay: Stay,
}

pub async fn retry(args: RetryArgs, session: &mut Session) -> Result<Exit, Failure> {
    again(&args.run, None, &args.again, session).await
}

pub async fn rerun(args: RerunArgs, session: &mut Session) -> Result<Exit, Failure> {
    again(&args.run, Some(args.from), &args.again, session).await
}

async fn again(
    run: &str,
    from: Option<String>,
    args: &Again,
    session: &mut Session,
) -> Result<Exit, Failure> {
    let mut request = RerunRequest {
        run: session.run_ref(run),
        from,
        newest: args.newest,
        variables: variables::collect(&args.vars, None)?,
        repeat_once: args.repeat_once,
        request_id: uuid::Uuid::now_v7().to_string(),
    };
    let mut link = session.link()?;
    let mut started = submit(&request, &mut link).await;
    if let Err(fault) = &started
        && fault.code == FaultCode::WouldRepeat
        && is_somebody_there(session)
        && agreed(&format!("{}\nRepeat them?", fault.message), session)?
    {
        request.repeat_once = true;
        started = submit(&request, &mut link).await;
    }
    let started = started?;
    if !args.newest && !session.json && session.err.look.terminal() {
        // beside the point where it cannot be had
        if let Ok(Some(note)) = other_live(&started, session, &mut link).await {
            session.note(Line::new().push(Style::Dim, note))?;
        }
    }
    stay(&started, &args.stay, session, &mut link).await
}

/// What to say where another revision is live than the run was begun with.
async fn other_live(
    started: &Started,
    session: &Session,
    link: &mut Link,
) -> Result<Option<String>, Fault> {
    let run = session.run_ref(&started.run.to_string());
    let show = async |rpc: &RpadClient, context| rpc.show(context, run.clone()).await;
    let revision = link.call(show).await?.summary.revision;
    let workflow = session.workflow_name(&started.workflow);
    let name = RevisionName { workflow, revision: None };
    let source = async |rpc: &RpadClient, context| rpc.source(context, name.clone()).await;
    let live = link.call(source).await?.state.live;
    Ok(live.filter(|live| *live != revision).map(|live| told(revision, live)))
}

fn told(revision: u32, live: u32) -> String {
    format!("with revision {revision}, as that run; {live} is live now, and --newest takes it")
}

async fn submit(request: &RerunRequest, link: &mut Link) -> Result<Started, Fault> {
    let call = async |rpc: &RpadClient, context| rpc.rerun(context, request.clone()).await;
    link.repeat(Repeat::Unanswered, CALL_DEADLINE, call).await
}
