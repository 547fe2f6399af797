//! What a person or a script types at.
//!
//! [`cli`] is the command line `rpa`, [`console`] the interactive `rpa-tui`:
//! everything they know of the daemon comes over the wire (`rpa-ipc`), everything
//! they know of files from `rpa-config`.

pub mod cli;
pub mod console;
mod replace;
mod steps;
pub mod text;
pub mod words;
mod write_all;
