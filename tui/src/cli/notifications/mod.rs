//! `rpa notifications`: what deserves a person's attention, and what was seen.

mod ack;
mod list;
#[cfg(test)]
pub(crate) mod sample;

use clap::Subcommand;
use rpa_ipc::notifications::NotificationFilter;
use rpa_ipc::{FaultCode, fault};

use super::exit::{Exit, Failure};
use super::output::Form;
use super::paging::Paging;
use super::session::Session;

pub(super) use list::{level, source};

/// List what wants a person: failures, questions, lost slots, the daemon itself
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Those that are not done are shown. unread: nobody has seen it. open: somebody
has, and it still stands, as an approval that waits. done: it was seen, or has
ended by itself. Alike ones are counted in one, and shown as the newest.

Examples:
  rpa notifications
  rpa notifications --unread -o jsonl
  rpa notifications --all --workflow disk-report
  rpa notifications ack 12 15
  rpa notifications ack --all")]
pub struct Args {
    /// Those that are done as well
    #[arg(long)]
    pub all: bool,

    /// Only those that nobody has seen
    #[arg(long, conflicts_with = "all")]
    pub unread: bool,

    /// Only those of this workflow
    #[arg(long, value_name = "W")]
    pub workflow: Option<String>,

    #[command(flatten)]
    pub paging: Paging,

    #[command(flatten)]
    pub form: Form,

    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Ack(ack::Args),
}

impl Args {
    fn filter(&self) -> NotificationFilter {
        match (self.all, self.unread) {
            (true, _) => NotificationFilter::All,
            (false, true) => NotificationFilter::Unread,
            (false, false) => NotificationFilter::Open,
        }
    }
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    if args.command.is_some() && args.form.output.is_some() {
        return Err(fault!(FaultCode::Usage, "output-no-list").into());
    }
    match args.command {
        None => list::run(args, session).await,
        Some(Command::Ack(args)) => ack::run(args, session).await,
    }
}
