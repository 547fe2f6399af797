//! `shell`: a command in the step's directory.
//!
//! The command text becomes a file, `.rpad-script`, that the shell reads: an
//! argument could hold no more than 128 KiB and would be open to every user of
//! the machine in `/proc`; and with a file the shell's errors name the line, as
//! in `.rpad-script: 3: foo: not found`.
//!
//! The step ends when its shell exits. What is then left of its process group is
//! ended, with a warning; what has left the group is not the step's any more, and
//! is not waited for even if it holds the step's output open.

mod env;
mod lines;
mod pump;
mod result;
mod script;
mod supervise;

use futures::FutureExt;
use futures::future::BoxFuture;
use rpa_engine::{ErrorClass, Map, TaskError, Value};
use tokio_util::sync::CancellationToken;

use crate::Task;
use crate::context::{Context, Ended, LogLevel, LogStream};
use crate::fail::{self, code};
use crate::input::Input;
use crate::process::{Gate, Running, SpawnError};
use pump::{Pump, Tap};
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
    let command = input.required_text("command")?;
    let argv = script::argv(input.value("shell"))?;
    let env = env::environment(ctx)?;
    if ctx.cancel.is_cancelled() {
        return Err(Ended::Stopped);
    }
    script::write(&ctx.dir, command).await?;
    let gate =
        Gate::close(&argv, &env, &ctx.dir).map_err(|e| Ended::NeverStarted(spawn_error(&e)))?;
    let marked = ctx.mark(Some(gate.group())).await;
    if marked.is_err() || ctx.cancel.is_cancelled() {
        // the gate reads the end of its pipe and exits; the command never ran
        let _ = gate.abandon().await;
        return Err(marked.err().unwrap_or(Ended::Stopped));
    }
    let running = gate.open().await.map_err(|e| {
        let message = format!("the command's gate was lost: {e}");
        Ended::NeverStarted(fail::error(ErrorClass::System, code::SPAWN, message))
    })?;
    follow(ctx, running).await
}

/// Pumps the output while the process runs, and puts both together.
async fn follow(ctx: &Context, mut running: Running) -> Result<Value, Ended> {
    let stdout = running.child.stdout.take().expect("standard output is a pipe");
    let stderr = running.child.stderr.take().expect("standard error is a pipe");
    let gone = CancellationToken::new();
    let tap = Tap::new(ctx, gone.clone());
    let leader = async {
        let end = supervise::until_gone(ctx, &mut running).await;
        gone.cancel();
        end
    };
    let (end, out, err) = tokio::join!(
        leader,
        Pump::new(&tap, LogStream::Out).run(stdout),
        Pump::new(&tap, LogStream::Err).run(stderr),
    );
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
