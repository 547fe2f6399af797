//! Archives: finished runs in files of their own, one a day, that are dropped whole.
//!
//! ```text
//! archive/<day of acceptance, UTC>.redb      the tables of `RunRows`
//! ```
//! Rows are copied as they are. A copy is durable before its run leaves the live
//! store, which knows by `ArchiveRow` how many runs of which status have left for
//! which day: those counts and the leaving are one transaction. Until then the copy is
//! nobody's: a run that is in both places is one run, and the live store's. So a crash
//! at any moment neither loses a run nor shows one twice.
//!
//! | crash | what the next start finds |
//! |---|---|
//! | before the copy is durable | the run is live; at most there is part of an unknown file |
//! | before the leaving is durable | the run is live; the copy is written once more |
//! | after it | the run is archived; rows of it that are left in the live store are `leftovers` |
//! | while an archive is dropped | its row says so: nobody reads it, the rest is removed |
//!
//! A run belongs to the day in its id, so an archive holds a range of ids: a list reads
//! on from the live store into one day after the other, and opens no more of them than
//! it shows.

mod copy;
mod files;
mod leave;
mod oldest;
mod place;

#[cfg(test)]
mod tests;

pub use files::Archives;
pub(super) use files::View;
pub use leave::Departure;
pub use oldest::{Look, Rule};

pub(super) use place::Archived;
