//! What a task is given, and the ways in which it can end.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rpa_engine::{AttemptId, TaskError, Value, WorkflowRef};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::process::Group;

/// Everything one attempt may know and use.
pub struct Context {
    pub attempt: AttemptId,
    pub workflow: WorkflowRef,
    /// The same over all attempts of a step; sent along where a peer can use it.
    pub idempotency_key: String,
    /// The step's own directory, already there; relative paths are below it.
    pub dir: PathBuf,
    /// The step's `env:`, secrets included: never log it.
    pub env: BTreeMap<String, String>,
    /// Names of the daemon's own variables that child processes inherit.
    pub inherit_env: Vec<String>,
    /// Fires on cancel, on time-out and on shutdown.
    pub cancel: CancellationToken,
    /// Time between TERM and KILL.
    pub grace: Duration,
    /// Bounded: a send waits while the log is being written. A closed channel
    /// means that the log cannot be written; `cancel` then fires as well.
    pub log: mpsc::Sender<LogLine>,
    pub marker: Arc<dyn Marker>,
    /// Most bytes of standard output, standard error or response body that are
    /// kept as output.
    pub output_limit: usize,
}

/// Records beside the run that this attempt is about to act on the outside.
///
/// Called before the first effect. No record after a crash of the daemon (not of
/// the machine) means that nothing was done.
pub trait Marker: Send + Sync {
    fn about_to_act(&self, group: Option<&Group>) -> io::Result<()>;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    pub stream: LogStream,
    pub level: LogLevel,
    /// Without its line end; at most 64 KiB.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogStream {
    Out,
    Err,
    /// The `log` task, or remarks of the task itself.
    Log,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

/// How the work of an attempt ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    Succeeded(Value),
    /// An answer came, and it is an error. `output` is what there was.
    Failed { error: TaskError, output: Value },
    /// Nothing was begun.
    NeverStarted(TaskError),
    /// `cancel` fired, and everything that the attempt began was seen to end.
    Stopped,
    /// Something was begun, and nobody saw how it ended.
    Lost(String),
}
