//! Child processes of steps: each in a process group of its own, begun behind a
//! gate, ended as a group.
//!
//! | part | what it is for |
//! |---|---|
//! | [`Group`] | the identity of a group, on disk and after a restart: alive? end it |
//! | [`Gate`] | a child that waits, doing nothing, until its group is on record |
//! | [`resolve`] | finds a program beforehand, so that "not found" is never an exit code |
//!
//! A process that leaves its group (`setsid`) is no longer the step's: nothing
//! here follows it.

mod ending;
mod gate;
mod group;
mod resolve;
mod stat;

pub use gate::{Environment, Gate, Running, SpawnError};
pub use group::{Group, GroupError, boot_id};
pub use resolve::{DEFAULT_PATH, resolve};
