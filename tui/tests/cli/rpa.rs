//! Runs the real binary in an environment of its own.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::process::{Child, Command};

/// Longer than any test needs; shorter than anybody's patience with a hang.
const LIMIT: Duration = Duration::from_secs(30);

pub(crate) struct Rpa {
    command: Command,
}

/// What a finished `rpa` left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Rpa {
    /// `line` is split at blanks.
    pub(crate) fn new(socket: &Path, line: &str) -> Rpa {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rpa"));
        command
            .env_clear()
            .env("TZ", "UTC")
            .env("LC_ALL", "C.UTF-8")
            .env("RPA_SOCKET", socket)
            .args(line.split_whitespace())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        Rpa { command }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Rpa {
        self.command.arg(arg);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Rpa {
        self.command.env(name, value);
        self
    }

    pub(crate) fn stdin(mut self, stdin: impl Into<Stdio>) -> Rpa {
        self.command.stdin(stdin);
        self
    }

    pub(crate) fn stdout(mut self, stdout: impl Into<Stdio>) -> Rpa {
        self.command.stdout(stdout);
        self
    }

    pub(crate) fn start(mut self) -> Child {
        self.command.spawn().expect("rpa starts")
    }

    pub(crate) async fn run(self) -> Ended {
        end(self.start()).await
    }
}

pub(crate) async fn end(child: Child) -> Ended {
    let output = tokio::time::timeout(LIMIT, child.wait_with_output());
    let output = output.await.expect("rpa ends in time").expect("rpa was waited for");
    Ended {
        exit: output.status.code().expect("rpa was not killed"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

impl Ended {
    /// The one JSON document on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in {self:#?}"))
    }
}
