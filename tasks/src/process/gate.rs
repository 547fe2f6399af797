//! A child that does nothing until its process group is on record.
//!
//! Between the start of a process and the record of its group the daemon may die,
//! and the process would be an orphan that no later daemon knows. So the child is
//! first a small shell that waits for one line on its standard input:
//!
//! 1. [`Gate::close`] starts the shell and reads the identity of its group;
//! 2. the caller records [`Gate::group`];
//! 3. [`Gate::open`] writes the line, and the shell becomes the command.
//!
//! If the daemon dies before the third step the pipe closes, and the shell exits
//! with 125: the command has never run.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin, Command};

use super::group::Group;
use super::resolve::{DEFAULT_PATH, resolve};

const GATE: &str = r#"read -r rpad_gate || exit 125; exec "$@" </dev/null"#;

/// The child's environment, complete: nothing is inherited.
pub type Environment = BTreeMap<OsString, OsString>;

/// A child behind its gate. Dropped unopened, it is killed and never runs.
#[derive(Debug)]
pub struct Gate {
    child: Child,
    line: ChildStdin,
    group: Group,
}

/// A child that has become the command. Dropped, its leader is killed; the group
/// is for the owner to end.
#[derive(Debug)]
pub struct Running {
    /// Standard output and standard error are pipes.
    pub child: Child,
    pub group: Group,
}

/// Why a command could not be started; it has not run.
#[derive(Debug, thiserror::Error)]
pub enum SpawnError {
    #[error("{program}: no such program")]
    NotFound { program: String },
    #[error("{program}: not executable")]
    NotExecutable { program: String },
    #[error("the command line and the environment are too large together")]
    TooLarge,
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl Gate {
    /// Starts the gate of `argv`, in a process group of its own, in `dir`, with
    /// `env` and nothing else. The program is looked up now.
    pub fn close(argv: &[String], env: &Environment, dir: &Path) -> Result<Gate, SpawnError> {
        let program = argv.first().map_or("", String::as_str);
        let path =
            env.get(OsStr::new("PATH")).map_or(OsStr::new(DEFAULT_PATH), OsString::as_os_str);
        resolve(program, path, dir)?;
        let mut child = Command::new("/bin/sh")
            .args(["-c", GATE, "rpad-gate"])
            .args(argv)
            .env_clear()
            .envs(env)
            .current_dir(dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| match e.kind() {
                io::ErrorKind::ArgumentListTooLong => SpawnError::TooLarge,
                _ => SpawnError::Io(e),
            })?;
        let line = child.stdin.take().expect("standard input is a pipe");
        let leader = child.id().expect("a child that nobody waited for has an id");
        let group = Group::led_by(leader.cast_signed())?;
        Ok(Gate { child, line, group })
    }

    pub fn group(&self) -> &Group {
        &self.group
    }

    /// Lets the command run. An error means that it did not.
    pub async fn open(mut self) -> io::Result<Running> {
        // three bytes into an empty pipe: all or nothing, and never a wait
        self.line.write_all(b"go\n").await?;
        Ok(Running { child: self.child, group: self.group })
    }

    /// Closes the pipe, as the daemon's death would, and waits for the gate to go:
    /// it exits with 125.
    pub async fn abandon(self) -> io::Result<ExitStatus> {
        let Gate { mut child, line, .. } = self;
        drop(line);
        child.wait().await
    }
}
