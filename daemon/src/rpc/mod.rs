//! The socket: who comes in, what they may do, and the answers they get.

mod alike;
mod asked;
mod asking;
pub mod authorize;
mod backup;
mod catalog;
mod deliveries;
mod follow;
mod growth;
mod import;
mod logs;
mod lookers;
mod notifications;
mod overview;
mod patient;
mod peer;
mod plan;
mod recording;
mod rerun;
mod restored;
mod runs;
mod server;
mod service;
mod steps;
mod submit;
mod summary;
mod triggers;
mod views;
mod why;

pub use authorize::Members;
pub use lookers::Lookers;
pub use patient::Patient;
pub use peer::refuse_user_namespace;
pub use server::{CONNECTIONS, serve};
pub use service::bug;
pub use triggers::{Standing, standings};
pub use views::{detail as run_detail, glance};

use std::path::PathBuf;
use std::sync::Arc;

use rpa_config::calendar::Calendars;

use crate::backup::Backups;
use crate::blobs::Blobs;
use crate::doctor::Clock;
use crate::driver::{Changes, Inbox};
use crate::health::Health;
use crate::retention::NextLook;
use crate::runlog::Logs;
use crate::runner::Runner;
use crate::secrets::SecretDir;
use crate::store::Store;
use crate::triggers::standing::Standings;

/// What the calls work on. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Office {
    pub store: Arc<Store>,
    pub inbox: Inbox,
    pub changes: Arc<Changes>,
    pub logs: Arc<Logs>,
    pub lookers: Lookers,
    pub backups: Arc<Backups>,
    pub blobs: Blobs,
    pub secrets: SecretDir,
    pub runner: Runner,
    pub health: Arc<Health>,
    pub next_look: NextLook,
    pub members: Arc<Members>,
    pub calendars: Arc<Calendars>,
    /// How what triggers listen to stands.
    pub standings: Standings,
    /// As they were when the daemon started.
    pub clock: Clock,
    pub state_dir: PathBuf,
    pub socket: PathBuf,
    /// Where HTTP is spoken: the path of a socket, then addresses.
    pub http: Arc<[String]>,
    pub started_ms: u64,
    /// Runs that may be active at once.
    pub max_active: u32,
    /// Attempts that may run at once.
    pub max_attempts: usize,
}
