//! The interactive console `rpa-tui`.
//!
//! ```text
//!  terminal ---- keys, size ---+                        +--> view --> one write a frame
//!  signals --------------------+--> update(state, msg) -+
//!  wire ---- news of the daemon+         |              +--> wants, effects --> wire
//!                                   state (no I/O)
//! ```
//! [`state`] is everything the console knows, and [`state::update`] the only thing
//! that changes it: no clock, no terminal, no socket. [`view`] paints a state and
//! changes nothing. [`wire`] keeps what the state wants from the daemon coming.
//! [`event_loop`] is the one loop that joins them; it paints only when something
//! changed, and not more often than the terminal can take.

pub mod args;
pub mod command;
pub mod commands;
mod drafts;
pub mod event_loop;
pub mod frames;
mod graph;
pub mod keys;
mod private;
pub mod settings;
pub mod state;
pub mod terminal;
pub mod theme;
pub mod time;
pub mod view;
pub mod wire;

#[cfg(test)]
mod tests;

pub use event_loop::main;
