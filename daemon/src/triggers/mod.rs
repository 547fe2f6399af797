//! What starts runs by itself, as far as it looks at the world outside of the store: the
//! clock of schedules, watched directories. What becomes of what it sees is decided by the
//! driver (`driver/triggers/`).

mod agenda;
pub mod cadence;
pub mod clock;
pub mod expressions;
pub mod facts;
pub mod files;
#[cfg(test)]
mod simulation;
pub mod standing;
pub mod turned;
pub mod webhook;
