//! The HTTP server: who may reach it, its connections, and what is asked where.
//!
//! | asked | by | answered |
//! |---|---|---|
//! | `GET /health` | anybody | 200 when the daemon is ready, else 503 |
//! | anything else | whoever can sign it | `triggers/webhook/` |
//!
//! It listens on a Unix socket always, and on the network when the settings say so. It may
//! not reach the tables except through what it is given, and does nothing that
//! [`crate::rpc::authorize`] was not asked for.

mod answer;
mod door;
mod listen;
mod routes;
mod serve;

pub use answer::{Answer, answer, later, not_found, wrong};
pub use door::{Large, Visitor};
pub use listen::{Listeners, Opened, bind, refuse};
pub use routes::Services;
pub use serve::serve;
