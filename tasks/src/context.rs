//! What a task is given, and the ways in which it can end.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use rpa_engine::{AttemptId, ErrorClass, EventName, TaskError, Value, WorkflowRef};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::fail;
use crate::process::{Group, Tag};

/// Everything one attempt may know and use.
pub struct Context {
    pub attempt: AttemptId,
    pub workflow: WorkflowRef,
    /// The same over all attempts of a step; sent along where a peer can use it.
    pub idempotency_key: String,
    /// The step's own directory, already there unless the task is inward; relative
    /// paths are below it.
    pub dir: PathBuf,
    /// The step's `env:`, secrets included: never log it.
    pub env: BTreeMap<String, String>,
    /// Variables of the daemon's own environment that child processes inherit.
    pub inherited: Arc<Inherited>,
    /// Fires on cancel, on time-out and on shutdown.
    pub cancel: CancellationToken,
    /// Time between TERM and KILL.
    pub grace: Duration,
    /// Bounded: a send waits while the log is being written. A closed channel
    /// means that the log cannot be written; `cancel` then fires as well.
    pub log: mpsc::Sender<LogLine>,
    pub marker: Arc<dyn Marker>,
    /// Where events go.
    pub publisher: Arc<dyn Publisher>,
    /// What may not be shown. The runner masks what comes out of a task; a task asks
    /// only before it cuts a text, as half a secret is not found any more.
    pub mask: Arc<dyn Masking>,
    /// Most bytes of standard output, standard error or response body that are
    /// kept as output.
    pub output_limit: usize,
}

/// Tells whoever listens of an event.
pub trait Publisher: fmt::Debug + Send + Sync {
    /// The same step publishes the same event, however often it is tried.
    fn publish<'a>(
        &'a self,
        ctx: &'a Context,
        name: EventName,
        data: Value,
    ) -> BoxFuture<'a, Result<Publication, TaskError>>;
}

/// An event that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    pub id: String,
    /// Triggers that were told of it.
    pub triggers: u32,
    /// Steps that waited for one of its name.
    pub steps: u32,
}

/// For where no step publishes: outside of the daemon.
#[derive(Clone, Copy, Debug)]
pub struct NobodyListens;

impl Publisher for NobodyListens {
    fn publish<'a>(
        &'a self,
        _: &'a Context,
        _: EventName,
        _: Value,
    ) -> BoxFuture<'a, Result<Publication, TaskError>> {
        let message = "events are published by the daemon alone";
        let error = fail::error(ErrorClass::System, fail::code::FILE, message);
        std::future::ready(Err(error)).boxed()
    }
}

/// Variables with their values, as they were in the daemon's environment.
pub type Inherited = Vec<(String, OsString)>;

/// Without the values of `env`: they may be secrets.
impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("attempt", &self.attempt)
            .field("workflow", &self.workflow)
            .field("dir", &self.dir)
            .field("env", &self.env.keys())
            .finish_non_exhaustive()
    }
}

impl Context {
    /// [`Marker::about_to_act`], off the runtime. An error is the end of the
    /// attempt: what is not on record must not begin.
    pub(crate) async fn mark(&self) -> Result<(), Ended> {
        let marker = self.marker.clone();
        let marked = spawn_blocking(move || marker.about_to_act(Footprint::Inside)).await;
        marked.map_err(io::Error::other).flatten().map_err(|e| not_marked(&e))
    }

    /// What all processes of this attempt carry in their environment.
    pub fn tag(&self) -> Tag {
        Tag::new(&self.attempt, &self.idempotency_key)
    }

    /// A remark of the task in the run's log. Waits while the log is full; a cancel
    /// ends the wait, and the remark is dropped.
    pub(crate) async fn remark(&self, level: LogLevel, text: String) {
        let line = LogLine { stream: LogStream::Log, level, text };
        tokio::select! {
            biased;
            _ = self.log.send(line) => {}
            () = self.cancel.cancelled() => {}
        }
    }
}

/// Records beside the run that this attempt is about to act on the outside.
///
/// No record after a crash of whoever carries the attempt out (not of the machine) means
/// that nothing was done.
pub trait Marker: Send + Sync {
    /// Called before the first effect.
    fn about_to_act(&self, footprint: Footprint) -> io::Result<()>;
    /// Called as soon as there is a process group. Until then its processes are found
    /// by their [`Tag`].
    fn began(&self, group: &Group) -> io::Result<()>;
}

/// Where an attempt acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Footprint {
    /// In the process that carries the attempt out: it ends with it.
    Inside,
    /// In processes of its own, which may outlive that one.
    Processes,
}

pub(crate) fn not_marked(error: &io::Error) -> Ended {
    Ended::NeverStarted(fail::io("cannot record that the step begins", error))
}

/// Finds secrets in texts.
pub trait Masking: Send + Sync {
    fn mask(&self, text: String) -> String;
    /// The last place up to `at` where `bytes` can be cut without cutting a secret.
    /// At least [`Masking::reach`] bytes behind `at` must be there, or the end.
    fn cut(&self, bytes: &[u8], at: usize) -> usize;
    /// Length of the longest secret in bytes.
    fn reach(&self) -> usize;
}

/// For work without secrets.
#[derive(Clone, Copy, Debug)]
pub struct Unmasked;

impl Masking for Unmasked {
    fn mask(&self, text: String) -> String {
        text
    }
    fn cut(&self, _bytes: &[u8], at: usize) -> usize {
        at
    }
    fn reach(&self) -> usize {
        0
    }
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

/// Longest text of a [`LogLine`] in bytes: a reader of the log can always take a
/// whole line.
pub const MAX_LINE: usize = 64 * 1024;

/// How the work of an attempt ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    Succeeded(Value),
    /// An answer came, and it is an error. `output` is what there was.
    Failed {
        error: TaskError,
        output: Value,
    },
    /// Nothing was begun.
    NeverStarted(TaskError),
    /// `cancel` fired, and everything that the attempt began was seen to end.
    Stopped,
    /// Something was begun, and nobody saw how it ended.
    Lost(String),
    /// As `Lost`, because the task's own time ran out: for work that may be repeated
    /// that is an ordinary time-out.
    NoAnswer {
        after: Duration,
        why: String,
    },
}

impl Ended {
    pub(crate) fn failed(error: TaskError) -> Ended {
        Ended::Failed { error, output: Value::Null }
    }
}

/// A task's work as most of them write it: a value, or another end by `?`.
impl From<Result<Value, Ended>> for Ended {
    fn from(work: Result<Value, Ended>) -> Ended {
        work.map_or_else(|end| end, Ended::Succeeded)
    }
}
