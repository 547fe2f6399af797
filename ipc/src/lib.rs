//! The wire contract between `rpad` and everything that talks to it.
//!
//! One tarpc service ([`service::Rpad`]) over a Unix socket, preceded by a short
//! handshake ([`hello`]), plus a framed log stream ([`logs`]) and one of a
//! backup ([`backup`]). Everything that can go wrong is a [`fault::Fault`] with a stable code and a page.

pub mod asking;
pub mod backup;
pub mod catalog;
pub mod client;
pub mod codec;
pub mod doctor;
pub mod fault;
pub mod hello;
pub mod language;
pub mod logs;
pub mod notifications;
pub mod overview;
mod progress;
pub mod recording;
pub mod restored;
pub mod service;
mod size;
pub mod triggers;
pub mod view;
pub mod why;

pub use fault::{Fault, FaultCode};
pub use language::Language;
pub use progress::Progress;
pub use size::size;
