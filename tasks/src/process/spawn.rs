//! Starting the command of a step, in a process group of its own.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::process::Stdio;

use tokio::process::{Child, Command};

use super::group::Group;
use super::resolve::{DEFAULT_PATH, resolve};

/// The child's environment, complete: nothing is inherited.
pub type Environment = BTreeMap<OsString, OsString>;

/// A command that runs. Dropped, its leader is killed; the group is for the owner
/// to end.
#[derive(Debug)]
pub struct Running {
    /// Standard output and standard error are pipes, standard input is empty.
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

impl Running {
    /// As [`Running::start_into`], with a pipe for each that the child has the other end of.
    pub fn start(argv: &[String], env: &Environment, dir: &Path) -> Result<Running, SpawnError> {
        Running::start_into(argv, env, dir, [Stdio::piped(), Stdio::piped()])
    }

    /// Starts `argv` in `dir`, with `env` and nothing else. The program is looked up
    /// in the child's own `PATH`. What it writes goes to `stdout` and `stderr`.
    pub fn start_into(
        argv: &[String],
        env: &Environment,
        dir: &Path,
        [stdout, stderr]: [Stdio; 2],
    ) -> Result<Running, SpawnError> {
        let (program, args) = argv.split_first().map_or(("", &[][..]), |(p, a)| (p.as_str(), a));
        let path =
            env.get(OsStr::new("PATH")).map_or(OsStr::new(DEFAULT_PATH), OsString::as_os_str);
        let child = Command::new(resolve(program, path, dir)?)
            .arg0(program)
            .args(args)
            .env_clear()
            .envs(env)
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| match e.kind() {
                io::ErrorKind::ArgumentListTooLong => SpawnError::TooLarge,
                _ => SpawnError::Io(e),
            })?;
        let leader = child.id().expect("a child that nobody waited for has an id");
        let group = Group::led_by(leader.cast_signed())?;
        Ok(Running { child, group })
    }
}
