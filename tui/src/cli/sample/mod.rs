//! Views for tests, with what is awkward in them: one file for each subject.

mod asking;
mod catalog;
mod daemon;
mod runs;
mod triggers;

pub(crate) use asking::*;
pub(crate) use catalog::*;
pub(crate) use daemon::*;
pub(crate) use runs::*;
pub(crate) use triggers::*;

/// 2026-11-20 01:10:04 UTC.
const ACCEPTED: u64 = 1_795_137_004_000;
pub(crate) const NOW: u64 = ACCEPTED + 200_000;
/// 2026-11-20 03:30 in Sofia: soon.
pub(crate) const SLOT: u64 = 1_795_138_200_000;
const DAY: u64 = 86_400_000;
