//! `rpa reject`: says no to what a step asks.

use super::exit::{Exit, Failure};
use super::session::Session;
use super::vote::{Ballot, Word, vote};

/// Reject what a step of a run asks for: the step fails
#[derive(Debug, clap::Args)]
#[command(after_help = "\
One person who rejects is enough, however many have to approve.

Examples:
  rpa reject 6666
  rpa reject 6666 sign_off --comment 'the plan has no way back' --yes")]
pub struct Args {
    #[command(flatten)]
    pub ballot: Ballot,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    vote(&args.ballot, Word::Rejects, Vec::new(), session).await
}
