//! `rpa schedule`: the moments at which workflows start by themselves.

mod backfill;
mod preview;
mod window;

use clap::Subcommand;

use super::exit::{Exit, Failure};
use super::session::Session;

/// Show when a schedule fires; give runs to slots of the past that had none
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Examples:
  rpa schedule preview disk-report
  rpa schedule preview --cron '0 7 * * MON-FRI' --timezone Europe/Sofia
  rpa schedule backfill disk-report --from 2026-11-19 --to 2026-11-20 --dry-run"
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Preview(preview::Args),
    Backfill(backfill::Args),
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    match args.command {
        Command::Preview(args) => preview::run(&args, session).await,
        Command::Backfill(args) => backfill::run(args, session).await,
    }
}
