//! The life of a run, told in tables: inputs in, every event and effect out.
//!
//! [`play::Play`] is the one helper. It fails on any event or effect that a test
//! does not name, so that nothing can happen unseen.

pub(crate) mod build;
mod play;

mod approvals;
mod attempts;
mod awaits;
mod calls;
mod cancel;
mod claims;
mod claims_end;
mod doubt;
mod errors;
mod flow;
mod gating;
mod groups;
mod handlers;
mod hold;
mod loops;
mod outputs;
mod pause;
mod sla;
mod stale;
mod status;
mod switches;
mod time;
mod timeouts;
mod undo;
