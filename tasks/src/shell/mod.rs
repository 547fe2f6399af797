//! `shell`: a command in the step's directory.
//!
//! The command text becomes a file, `.rpad-script`, that the shell reads: an
//! argument could hold no more than 128 KiB and would be open to every user of
//! the machine in `/proc`; and with a file the shell's errors name the line, as
//! in `.rpad-script: 3: foo: not found`.
//!
//! A command that is one program by its full path, with plain words, needs no shell
//! and is started without one, as make(1) does: that is twice as fast.
//!
//! The step ends when its shell exits. What is then left of its process group is
//! ended, with a warning; what has left the group is not the step's any more, and
//! is not waited for even if it holds the step's output open.

mod env;
mod lines;
mod pipes;
mod pump;
mod result;
mod script;
mod supervise;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use rpa_engine::{ErrorClass, Map, TaskError, Value};
use tokio::process::Child;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::Task;
use crate::context::{self, Context, Ended, Footprint, LogLevel, LogStream, Marker};
use crate::fail::{self, code};
use crate::input::Input;
use crate::process::{Environment, Running, SpawnError};
use pipes::Pipes;
use pump::{Tap, pump};
use supervise::End;

const HELD: &str =
    "a process that left the step's group still holds its output open; it is not read on";

#[derive(Debug)]
pub(crate) struct Shell;

impl Task for Shell {
    fn kind(&self) -> &'static str {
        "shell"
    }

    fn run<'a>(&'a self, ctx: &'a Context, input: Map) -> BoxFuture<'a, Ended> {
        async move { run(ctx, &Input::new(input)).await.into() }.boxed()
    }
}

async fn run(ctx: &Context, input: &Input) -> Result<Value, Ended> {
    let launch = Launch {
        command: input.required_text("command")?.to_owned(),
        argv: script::argv(input.value("shell"))?,
        direct: script::direct(input.value("shell"), input.required_text("command")?),
        env: env::environment(ctx)?,
        dir: ctx.dir.clone(),
        marker: ctx.marker.clone(),
        runtime: Handle::current(),
    };
    if ctx.cancel.is_cancelled() {
        return Err(Ended::Stopped);
    }
    let started = spawn_blocking(move || launch.start()).await;
    let broken =
        |e| Ended::NeverStarted(fail::io("cannot start the command", &io::Error::other(e)));
    follow(ctx, started.map_err(broken)??).await
}

/// All that a command needs to begin; it touches files, so it begins off the runtime.
struct Launch {
    command: String,
    argv: Vec<String>,
    /// The command itself, where it needs no shell.
    direct: Option<Vec<String>>,
    env: Environment,
    dir: PathBuf,
    marker: Arc<dyn Marker>,
    runtime: Handle,
}

impl Launch {
    fn start(self) -> Result<Started, Ended> {
        self.marker.about_to_act(Footprint::Processes).map_err(|e| context::not_marked(&e))?;
        let started = match self.directly() {
            Some(started) => started,
            None => {
                script::write(&self.dir, &self.command)?;
                self.spawn(&self.argv, &self.env)
                    .map_err(|e| Ended::NeverStarted(spawn_error(&e)))?
            }
        };
        let group = &started.running.group;
        if let Err(error) = self.marker.began(group) {
            // found by its tag all the same
            tracing::warn!(%error, %group, "a process group is not on record");
        }
        Ok(started)
    }

    /// `None` as well when it cannot be started so: the shell knows how to go on, or
    /// says why not.
    fn directly(&self) -> Option<Started> {
        let argv = self.direct.as_ref()?;
        let mut env = self.env.clone();
        // as a shell would
        env.insert("PWD".into(), self.dir.clone().into());
        self.spawn(argv, &env).ok()
    }

    fn spawn(&self, argv: &[String], env: &Environment) -> Result<Started, SpawnError> {
        let _reactor = self.runtime.enter();
        let mut running = Running::start(argv, env, &self.dir)?;
        let pipes = pipes(&mut running.child);
        Ok(Started { running, pipes })
    }
}

/// A command that has begun.
struct Started {
    running: Running,
    /// Looked at from its first moment: which of them it wrote to first nobody knows later.
    pipes: io::Result<Pipes>,
}

fn pipes(child: &mut Child) -> io::Result<Pipes> {
    let stdout = child.stdout.take().expect("standard output is a pipe");
    let stderr = child.stderr.take().expect("standard error is a pipe");
    Pipes::new(stdout.into_owned_fd()?, stderr.into_owned_fd()?)
}

/// Pumps the output while the process runs, and puts both together.
async fn follow(ctx: &Context, started: Started) -> Result<Value, Ended> {
    let Started { mut running, pipes } = started;
    let pipes = match pipes {
        Ok(pipes) => pipes,
        Err(e) => {
            running.group.end(ctx.grace).await;
            return Err(Ended::Lost(format!("the command's output could not be read: {e}")));
        }
    };
    let gone = CancellationToken::new();
    let tap = Tap::new(ctx, gone.clone());
    let leader = async {
        let end = supervise::until_gone(ctx, &mut running).await;
        gone.cancel();
        end
    };
    let (end, (out, err)) = tokio::join!(leader, pump(&tap, pipes));
    let (status, leftovers) = match end {
        End::Exited { status, leftovers } => (status, leftovers),
        End::Stopped => return Err(Ended::Stopped),
        End::Lost(why) => return Err(Ended::Lost(why)),
    };
    let held = (out.held || err.held).then(|| HELD.to_owned());
    for remark in leftovers.into_iter().chain(held) {
        tap.line(LogStream::Log, LogLevel::Warn, remark).await;
    }
    result::result(status, out, err)
}

fn spawn_error(e: &SpawnError) -> TaskError {
    let class = match e {
        SpawnError::NotFound { .. } | SpawnError::NotExecutable { .. } | SpawnError::TooLarge => {
            ErrorClass::InvalidInput
        }
        SpawnError::Io(_) => ErrorClass::System,
    };
    fail::error(class, code::SPAWN, format!("cannot start the command: {e}"))
}
