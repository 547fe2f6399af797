//! Triggers as people see them: what they wait for, what has become of their slots, what
//! comes next, and what a person says of them.

mod found;
mod ledger;
mod list;
mod orders;
mod slots;
mod upcoming;
mod view;

pub use ledger::ledger;
pub use list::{Standing, list, standings};
pub use orders::{backfill, order};
pub use slots::{preview, slots};
pub use upcoming::upcoming;

pub(in crate::rpc) use found::{Found, find, not_declared, one};
pub(in crate::rpc) use slots::{missed, passed, slot_view};
pub(in crate::rpc) use view::view;
