//! The options of every list that comes in pages.

use clap::Args;

use super::exit::Failure;
use super::session::Session;
use super::text::{Line, Style};

/// Most entries that the daemon gives at once. A longer list is asked for page after page.
pub const PAGE: u32 = 1_000;

#[derive(Debug, Args)]
pub struct Paging {
    /// Most entries to show, up to 100,000
    #[arg(
        long,
        value_name = "N",
        default_value_t = 50,
        value_parser = clap::value_parser!(u32).range(1..=100_000)
    )]
    pub limit: u32,

    /// Go on after an earlier page: the `next` that it ended with
    #[arg(long, value_name = "C")]
    pub cursor: Option<String>,
}

/// Says on standard error that a list goes on.
pub fn more(next: Option<&str>, session: &mut Session) -> Result<(), Failure> {
    match next {
        Some(cursor) => session.note(
            Line::new().push(Style::Dim, "there is more: add ").plain(format!("--cursor {cursor}")),
        ),
        None => Ok(()),
    }
}
