//! `rpa locks`: what steps hold and wait for, and what a person can do about it.

mod list;
mod pool;
mod release;

use clap::Subcommand;
use rpa_ipc::{FaultCode, fault};

use super::exit::{Exit, Failure};
use super::output::Form;
use super::session::Session;

/// List locks and pools of tokens, with who holds them and who waits
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A lock is there while a step holds it or waits for it. A pool of tokens is made
with rpa locks set, and stays. A step in doubt keeps what it holds.

Examples:
  rpa locks
  rpa locks set api 5                  at most 5 tokens of it at a time
  rpa locks drop api
  rpa locks release prod-db 6666 migrate
  rpa locks --json")]
pub struct Args {
    #[command(flatten)]
    pub form: Form,

    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Set(pool::SetArgs),
    Drop(pool::DropArgs),
    Release(release::Args),
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    if args.command.is_some() && args.form.output.is_some() {
        return Err(fault!(FaultCode::Usage, "output-no-list").into());
    }
    match args.command {
        None => list::run(args.form, session).await,
        Some(Command::Set(args)) => pool::set(args, session).await,
        Some(Command::Drop(args)) => pool::drop(args, session).await,
        Some(Command::Release(args)) => release::run(args, session).await,
    }
}
