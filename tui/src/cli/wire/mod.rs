//! How the daemon is asked, and asked again when it was away.

mod follow;
mod link;
mod outage;
mod settle;

pub use follow::Tail;
pub use link::{Link, Repeat};
pub use outage::Patience;
pub use settle::{is_over, settle, settle_told};
