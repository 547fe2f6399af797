//! `rpa schedule`: the moments at which workflows start by themselves.

mod backfill;

use clap::Subcommand;

use super::exit::{Exit, Failure};
use super::session::Session;

/// Give runs to slots of the past that had none
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Examples:
  rpa schedule backfill disk-report --from 2026-11-19 --to 2026-11-20 --dry-run"
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Backfill(backfill::Args),
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    match args.command {
        Command::Backfill(args) => backfill::run(args, session).await,
    }
}
