//! Webhooks: what a trigger hears over HTTP, from a request to the answer of the driver.
//!
//! ```text
//! request -> its body, at most MOST_BODY -> a signature, by a secret as it is now
//!         -> the trigger's rate and size -> a document -> the driver -> commit -> 202
//! ```
//! Nothing of a request is read but its path and its bytes before its signature was found
//! to be good. Whoever has none is told the same as one who has asked for a path that
//! nobody has, after as much work.

mod answer;
mod body;
mod document;
mod headers;
mod hooks;
mod key;
mod rate;
mod receive;
mod replay;
mod respond;
mod signature;
mod taken;
#[cfg(test)]
mod tests;

pub use hooks::Hooks;
pub use receive::{Desk, Sender, receive};
pub use taken::{Taken, taken};
