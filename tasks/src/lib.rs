//! The task types that steps run: a module each, behind one trait.
//!
//! A task does its work and says how it ended. It never decides about retries,
//! never stores, and never learns which workflow language called it.

mod atomic;
pub mod context;
mod data;
mod event;
mod fail;
mod file;
pub mod http;
mod input;
mod log;
mod noop;
pub mod process;
pub mod registry;
mod shell;
mod text;

pub use context::{
    Context, Ended, Footprint, Inherited, LogLevel, LogLine, LogStream, MAX_LINE, Marker, Masking,
    NobodyListens, Publication, Publisher, Unmasked,
};
pub use registry::Registry;

use futures::future::BoxFuture;
use rpa_engine::Map;

/// One task type. Its contract (inputs, outputs, effect class) stands in
/// `rpa_config::catalogue` under the same kind.
pub trait Task: Send + Sync {
    fn kind(&self) -> &'static str;

    /// Whether the work stays inside the daemon and takes no time: a step of such a
    /// task costs no thread, and `ctx.dir` need not be there.
    fn is_inward(&self) -> bool {
        false
    }

    /// Does the work of one attempt. When `ctx.cancel` fires, the task ends what
    /// it began (see [`Context::grace`]) and says whether it saw it end.
    fn run<'a>(&'a self, ctx: &'a Context, input: Map) -> BoxFuture<'a, Ended>;
}
