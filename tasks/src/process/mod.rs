//! Child processes of steps: each in a process group of its own, recognised after a
//! restart, ended as a group.
//!
//! | part | what it is for |
//! |---|---|
//! | [`Group`] | the identity of a group, on disk and after a restart: alive? end it |
//! | [`Running`] | a command that has been started |
//! | [`Tag`] | finds the processes of an attempt whose group is not on record |
//! | [`resolve`] | finds a program beforehand, so that "not found" is never an exit code |
//!
//! A process that leaves its group (`setsid`) is no longer the step's: nothing
//! here follows it.

mod ending;
mod group;
mod resolve;
mod spawn;
mod stat;
mod tag;

pub use group::{Group, GroupError, boot_id};
pub use resolve::{DEFAULT_PATH, resolve};
pub use spawn::{Environment, Running, SpawnError};
pub use tag::Tag;
