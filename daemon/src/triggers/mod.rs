//! What starts runs by itself, as far as it looks at the world outside of the store: the
//! clock of schedules. What becomes of what it sees is decided by the driver
//! (`driver/triggers.rs`).

mod agenda;
pub mod clock;
pub mod expressions;
pub mod facts;
#[cfg(test)]
mod simulation;
pub mod standing;
pub mod webhook;
