//! `rpa triggers enable`, `disable`, `pause`, `resume`: what a person says of a trigger.

use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{TriggerRequest, TriggerWish};

use super::super::exit::{Exit, Failure};
use super::super::json::TriggerObject;
use super::super::session::{Session, now_ms};
use super::Which;
use super::standing::{head, notes};
use crate::text::count;

/// Arm a trigger, whatever the workflow file says
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Slots of the time in which it was disabled are not caught up; to have runs for
them: rpa schedule backfill.

Examples:
  rpa triggers enable disk-report
  rpa triggers enable ops/disk-report nightly")]
pub struct EnableArgs {
    #[command(flatten)]
    pub which: Which,
}

/// Disarm a trigger: it has no slots, in later revisions as well
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Runs that it has started go on. Who disabled it, when and why stands in
rpa triggers.

Examples:
  rpa triggers disable disk-report
  rpa triggers disable disk-report nightly --note 'moved to the other machine'")]
pub struct DisableArgs {
    #[command(flatten)]
    pub which: Which,

    /// Why, for those who will wonder
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub note: String,
}

/// Let a trigger skip its slots until it is resumed
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Runs that it has started go on. rpa slots shows what was skipped.

Examples:
  rpa triggers pause disk-report
  rpa triggers pause disk-report nightly --note 'the disks are being replaced'")]
pub struct PauseArgs {
    #[command(flatten)]
    pub which: Which,

    /// Why, for those who will wonder
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub note: String,
}

/// Let a paused trigger fire again, from now on
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa triggers resume disk-report
  rpa triggers resume disk-report nightly")]
pub struct ResumeArgs {
    #[command(flatten)]
    pub which: Which,
}

pub async fn enable(args: &EnableArgs, session: &mut Session) -> Result<Exit, Failure> {
    order(&args.which, TriggerWish::Enable, session).await
}

pub async fn disable(args: DisableArgs, session: &mut Session) -> Result<Exit, Failure> {
    order(&args.which, TriggerWish::Disable { note: args.note }, session).await
}

pub async fn pause(args: PauseArgs, session: &mut Session) -> Result<Exit, Failure> {
    order(&args.which, TriggerWish::Pause { note: args.note }, session).await
}

pub async fn resume(args: &ResumeArgs, session: &mut Session) -> Result<Exit, Failure> {
    order(&args.which, TriggerWish::Resume, session).await
}

async fn order(which: &Which, wish: TriggerWish, session: &mut Session) -> Result<Exit, Failure> {
    let request = TriggerRequest { of: which.of(session), wish };
    let call = async |rpc: &RpadClient, context| rpc.order_trigger(context, request.clone()).await;
    let view = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&TriggerObject::of(&view))?;
        return Ok(Exit::OK);
    }
    let line = head(&view, &session.namespace, &session.out.look, now_ms());
    let line = match u64::try_from(view.open.len()).unwrap_or(u64::MAX) {
        0 => line,
        open if is_quiet(&request.wish) => {
            line.plain(format!("; {} of it still under way", count(open, "run")))
        }
        _ => line,
    };
    session.out.line(line)?;
    // it stands otherwise than was wished: there is another reason, which comes first
    if view.status != wanted(&request.wish) {
        for note in notes(&view, &session.namespace, &session.err.look, now_ms()) {
            session.note(note)?;
        }
    }
    Ok(Exit::OK)
}

fn is_quiet(wish: &TriggerWish) -> bool {
    match wish {
        TriggerWish::Disable { .. } | TriggerWish::Pause { .. } => true,
        TriggerWish::Enable | TriggerWish::Resume => false,
    }
}

/// How a trigger stands when nothing else keeps it.
fn wanted(wish: &TriggerWish) -> &'static str {
    match wish {
        TriggerWish::Enable | TriggerWish::Resume => "armed",
        TriggerWish::Disable { .. } => "disabled",
        TriggerWish::Pause { .. } => "paused",
    }
}
