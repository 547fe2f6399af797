//! A daemon on another machine, over `ssh`.
//!
//! `rpa --host` stays here, with its files, its terminal and its exit code; only the
//! connection goes over there: `ssh HOST rpa dial` joins its standard input and
//! output to the daemon's socket. No port is opened, and who is asked for is whoever
//! ssh lets in. A daemon that speaks another protocol is served by its own `rpa`:
//! [`whole`] runs the command over there, as [`console`] always does.

mod console;
mod door;
mod host;
mod quote;
mod ssh;
mod way;
mod whole;

pub use console::console;
pub use door::Door;
pub use host::{HOST_ENV, Host};
pub use quote::words;
pub use ssh::SSH_ENV;
pub use way::Way;
pub use whole::instead;

/// What `rpa dial` writes first. What a shell over there has printed before it is
/// skipped: a profile that greets people must not spoil the connection.
pub const MARK: &[u8] = b"rpa-dial 1\n";
