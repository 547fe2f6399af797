//! `rpa approve`: says yes to what a step asks.

use super::exit::{Exit, Failure};
use super::session::Session;
use super::variables;
use super::vote::{Ballot, Word, vote};

/// Approve what a step of a run asks for
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Shows exactly what is approved, then asks, when there is a terminal. The word
counts for just that: when something else is asked by then, it is refused.

Examples:
  rpa approve 6666
  rpa approve 6666 sign_off --comment 'tested on staging'
  rpa approve 6666 sign_off --field ticket=OPS-7 --field plan=@plan.txt
  rpa approve 6666 --digest 0123456789ab   what rpa approvals has shown")]
pub struct Args {
    #[command(flatten)]
    pub ballot: Ballot,

    /// A field that is asked for; K=@FILE takes the content of a file
    #[arg(long = "field", value_name = "K=V")]
    pub fields: Vec<String>,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let fields = variables::collect(&args.fields, None)?;
    vote(&args.ballot, Word::Approves, fields, session).await
}
