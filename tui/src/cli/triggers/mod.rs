//! `rpa triggers`: what starts workflows, and what a person says of it.

mod fire;
mod list;
mod order;
mod standing;

use clap::Subcommand;
pub use fire::would_start;
use rpa_ipc::triggers::TriggerRef;
use rpa_ipc::{FaultCode, fault};
pub use standing::{head, notes, reason};

pub use super::text::count;

use super::exit::{Exit, Failure};
use super::output::Form;
use super::session::Session;

/// List the triggers: how each stands, when it fires next, and what became of the last
#[derive(Debug, clap::Args)]
#[command(after_help = "\
An armed trigger fires. One that is paused skips its slots, as rpa slots shows;
one that is disabled has none. What a person says here is kept when another
revision goes live.

Examples:
  rpa triggers
  rpa -n ops triggers
  rpa triggers pause disk-report --note 'the disks are being replaced'
  rpa triggers resume disk-report
  rpa triggers disable disk-report nightly
  rpa triggers enable disk-report nightly
  rpa triggers fire disk-report --follow
  rpa triggers --json")]
pub struct Args {
    #[command(flatten)]
    pub form: Form,

    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Enable(order::EnableArgs),
    Disable(order::DisableArgs),
    Pause(order::PauseArgs),
    Resume(order::ResumeArgs),
    Fire(fire::FireArgs),
    Test(fire::TestArgs),
}

/// The trigger that a command is about.
#[derive(Clone, Debug, clap::Args)]
pub struct Which {
    /// The workflow: NAME or NAMESPACE/NAME
    pub workflow: String,

    /// Its trigger; may be left out when it has only one
    pub trigger: Option<String>,
}

impl Which {
    pub fn of(&self, session: &Session) -> TriggerRef {
        TriggerRef {
            namespace: session.namespace.clone(),
            workflow: self.workflow.clone(),
            trigger: self.trigger.clone(),
        }
    }
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    if args.command.is_some() && args.form.output.is_some() {
        return Err(fault!(FaultCode::Usage, "output-no-list").into());
    }
    match args.command {
        None => list::run(args.form, session).await,
        Some(Command::Enable(args)) => order::enable(&args, session).await,
        Some(Command::Disable(args)) => order::disable(args, session).await,
        Some(Command::Pause(args)) => order::pause(args, session).await,
        Some(Command::Resume(args)) => order::resume(&args, session).await,
        Some(Command::Fire(args)) => fire::fire(args, session).await,
        Some(Command::Test(args)) => fire::test(args, session).await,
    }
}
