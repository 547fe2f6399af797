//! What a person or a script types at.
//!
//! [`cli`] is the command line `rpa`: everything it knows of the daemon comes
//! over the wire (`rpa-ipc`), everything it knows of files from `rpa-config`.

pub mod cli;
