//! The life of a run, told in tables: inputs in, every event and effect out.
//!
//! [`play::Play`] is the one helper. It fails on any event or effect that a test
//! does not name, so that nothing can happen unseen.

pub(super) mod build;
mod play;

mod attempts;
mod cancel;
mod doubt;
mod flow;
mod hold;
mod outputs;
mod stale;
mod status;
mod time;
