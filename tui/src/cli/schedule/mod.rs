//! `rpa schedule`: what starts workflows by itself.

mod preview;
mod window;

use clap::Subcommand;

use super::exit::{Exit, Failure};
use super::session::Session;

/// Show when a schedule fires, before it is anybody's
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Examples:
  rpa schedule preview --cron '0 7 * * MON-FRI' --timezone Europe/Sofia"
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Preview(preview::Args),
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    match &args.command {
        Command::Preview(args) => preview::run(args, session),
    }
}
