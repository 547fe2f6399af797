//! The service manager: what it hands over, and what it is told. Where there is none,
//! nothing of this happens.
//!
//! | module | what |
//! |---|---|
//! | [`given`] | sockets that it has opened, by name |
//! | [`notify`] | readiness, status, reloading, stopping |
//! | [`patience`] | more time for a start that goes on |
//! | [`reload`] | settings that are read anew |
//! | [`pulse`] | the watchdog: the driver was asked, and has answered |

pub mod given;
pub mod notify;
pub mod patience;
pub mod pulse;
pub mod reload;

pub use given::Given;
pub use reload::Source;
