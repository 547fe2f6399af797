//! Triggers: all of them, one of them, what fires next, and the dialogs about them.

pub mod backfill;
pub mod fire;
pub mod ledger;
pub mod list;
pub mod one;
pub mod order;
mod past;
mod strip;
pub mod upcoming;
