//! A daemon of the test's own, and the command line that talks to it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::chown;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Mutex;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::{Sshd, binary, eventually};

/// A directory with everything one test has.
#[derive(Debug)]
pub struct World {
    dir: tempfile::TempDir,
    /// Of the daemons that were started: runners outlive them.
    states: Mutex<BTreeSet<PathBuf>>,
}

/// How a daemon is started.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Text of the settings file; none when empty.
    pub settings: String,
    /// Instead of `<world>/state`.
    pub state_dir: Option<PathBuf>,
    pub env: Vec<(String, String)>,
    /// The number of the user, and of the group, that the daemon belongs to: only root
    /// can start one for another.
    pub user: Option<u32>,
}

/// A running daemon. It is killed when the test forgets it.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    socket: PathBuf,
    state: PathBuf,
}

/// What a call of `rpa` gave.
#[derive(Clone, Debug)]
pub struct Rpa {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Default for World {
    fn default() -> Self {
        World::new()
    }
}

impl World {
    pub fn new() -> World {
        World { dir: tempfile::tempdir().expect("a temporary directory"), states: Mutex::default() }
    }

    /// A world below `dir`, for those who care on which disk it lies.
    pub fn within(dir: &Path) -> World {
        fs::create_dir_all(dir).expect("a directory for worlds");
        let dir = tempfile::tempdir_in(dir).expect("a temporary directory");
        World { dir, states: Mutex::default() }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn socket(&self) -> PathBuf {
        self.path().join("rpad.sock")
    }

    pub fn state(&self) -> PathBuf {
        self.path().join("state")
    }

    /// Writes a file of the test's and returns its path.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, text).expect("a file of the test");
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_default()
    }

    /// The command that starts a daemon here, for tests in which it must fail.
    pub fn rpad(&self, options: &Options) -> Command {
        let mut command = match options.user {
            None => Command::new(binary("rpad")),
            Some(user) => self.rpad_of(user),
        };
        hermetic(&mut command, self.path());
        if !options.settings.is_empty() {
            command.arg("--config").arg(self.file("rpad.toml", &options.settings));
        }
        let state = options.state_dir.clone().unwrap_or_else(|| self.state());
        command.arg("--state-dir").arg(state).arg("--socket").arg(self.socket());
        // how full this machine is is nothing to a test, unless it says so
        command.envs([("RPAD_STORE_LOW_DISK", "0B"), ("RPAD_STORE_LOW_DISK_PERCENT", "0")]);
        command.envs(options.env.iter().map(|(k, v)| (k, v)));
        command
    }

    /// The daemon of another user, to whom this world is given.
    fn rpad_of(&self, user: u32) -> Command {
        chown(self.path(), Some(user), Some(user)).expect("root gives the world away");
        let mut command = Command::new(self.copy("rpad"));
        command.uid(user).gid(user);
        command
    }

    /// A copy of a binary, for users who may not go where the binaries lie.
    fn copy(&self, name: &str) -> PathBuf {
        let copy = self.path().join(name);
        if !copy.exists() {
            // a process of its own: while this one had it open for writing, it would be
            // busy for whoever another test starts
            let made = Command::new("cp").arg(binary(name)).arg(&copy).status();
            assert!(made.expect("cp starts").success(), "no copy of {name}");
        }
        copy
    }

    pub fn start(&self) -> Daemon {
        self.start_with(&Options::default())
    }

    /// Starts a daemon and waits until it answers.
    ///
    /// # Panics
    /// When it ends instead; its log is in the message.
    pub fn start_with(&self, options: &Options) -> Daemon {
        let mut daemon = self.spawn(options);
        eventually("the daemon answers", || {
            if let Some(status) = daemon.child.try_wait().expect("wait") {
                panic!("rpad ended with {status}:\n{}", self.read("rpad.log"));
            }
            (self.rpa(["status"]).code == 0).then_some(())
        });
        daemon
    }

    /// Starts a daemon and does not wait for anything.
    pub fn spawn(&self, options: &Options) -> Daemon {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.path().join("rpad.log"))
            .expect("the daemon's log");
        let mut command = self.rpad(options);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        let state = options.state_dir.clone().unwrap_or_else(|| self.state());
        self.states.lock().expect("no test panics here").insert(state.clone());
        Daemon { child: child.expect("rpad starts"), socket: self.socket(), state }
    }

    /// Calls `rpa` in this world.
    pub fn rpa<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Rpa {
        let output = self.rpa_command(args).output().expect("rpa starts");
        Rpa::from(output)
    }

    pub fn rpa_command<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(binary("rpa"));
        hermetic(&mut command, self.path());
        command.env("RPA_SOCKET", self.socket()).args(args).stdin(Stdio::null());
        command
    }

    /// Calls `rpa` for the daemon that the user of an ssh server would find here. Of this
    /// side nothing leads to it but ssh.
    pub fn rpa_over<'a>(&self, sshd: &'a Sshd, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.rpa_command(["--host", sshd.destination()].into_iter().chain(args));
        command.env("RPA_SOCKET", self.path().join("of-nobody")).env("RPA_SSH", sshd.ssh());
        command
    }

    /// Calls `rpa` as the user, and in the group, with this number: only root can.
    pub fn rpa_as<'a>(&self, user: u32, args: impl IntoIterator<Item = &'a str>) -> Rpa {
        Rpa::from(self.rpa_command_as(user, args).output().expect("rpa starts"))
    }

    pub fn rpa_command_as<'a>(
        &self,
        user: u32,
        args: impl IntoIterator<Item = &'a str>,
    ) -> Command {
        let mut command = Command::new(self.copy("rpa"));
        hermetic(&mut command, self.path());
        command.env("RPA_SOCKET", self.socket()).args(args).stdin(Stdio::null());
        command.uid(user).gid(user);
        command
    }

    /// Calls `rpa --json` and reads its one document, whatever the exit code.
    ///
    /// # Panics
    /// When it printed no JSON.
    pub fn json<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Value {
        let rpa = self.rpa(["--json"].into_iter().chain(args));
        serde_json::from_str(&rpa.stdout).unwrap_or_else(|e| panic!("{e}: {rpa:?}"))
    }

    /// Writes a workflow file and applies it.
    ///
    /// # Panics
    /// When it is refused.
    pub fn apply(&self, name: &str, text: &str) {
        let path = self.file(&format!("{name}.yaml"), text);
        let rpa = self.rpa(["apply", path.to_str().expect("plain path")]);
        assert_eq!(rpa.code, 0, "{rpa:?}");
    }

    /// Starts a run and returns its id.
    ///
    /// # Panics
    /// When it is not accepted.
    pub fn submit<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> String {
        let started = self.json(["run"].into_iter().chain(args));
        started["run"].as_str().unwrap_or_else(|| panic!("not accepted: {started}")).to_owned()
    }

    /// Applies a workflow, runs it to its end, and gives what `rpa show` would.
    ///
    /// # Panics
    /// When it is refused, or does not end.
    pub fn ended(&self, name: &str, text: &str) -> Value {
        self.apply(name, text);
        let shown = self.json(["run", name, "--wait", "--timeout", "60s"]);
        assert!(shown["status"].is_string(), "{shown:#}\n{}", self.read("rpad.log"));
        shown
    }

    /// As [`World::ended`], for one that completes: its outputs.
    ///
    /// # Panics
    /// When it does not.
    pub fn outputs(&self, name: &str, text: &str) -> Value {
        let shown = self.ended(name, text);
        let log = || self.rpa(["logs", shown["run"].as_str().unwrap_or_default()]).stdout;
        assert_eq!(shown["status"], "completed", "{shown:#}\n{}", log());
        shown["outputs"].clone()
    }

    pub fn show(&self, run: &str) -> Value {
        self.json(["show", run])
    }

    /// Waits until the run has this status.
    ///
    /// # Panics
    /// When it ends with another.
    pub fn until(&self, run: &str, status: &str) -> Value {
        eventually(&format!("run {run} is {status}"), || {
            let shown = self.show(run);
            let now = shown["status"].as_str().unwrap_or_else(|| panic!("{shown}")).to_owned();
            if now == status {
                return Some(shown);
            }
            let ended = ["completed", "failed", "cancelled"].contains(&now.as_str());
            assert!(!ended, "wanted {status}: {shown:#}\n{}", self.rpa(["logs", run]).stdout);
            None
        })
    }
}

impl From<Output> for Rpa {
    fn from(output: Output) -> Rpa {
        let code = output.status.code();
        Rpa {
            code: code.unwrap_or_else(|| 128 + output.status.signal().unwrap_or(0)),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Daemon {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: Signal) {
        // a child that was not waited for keeps its pid
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).expect("the daemon is there");
    }

    /// The process id of its runner, if there is one.
    pub fn runner(&self) -> Option<u32> {
        runner_of(&self.state)
    }

    /// SIGKILL to the daemon and to its runner, as a crash of everything: no destructor,
    /// no flush.
    pub fn kill(self) {
        let runner = self.runner();
        self.kill_alone();
        if let Some(runner) = runner {
            kill_and_wait(runner);
        }
    }

    /// SIGKILL to the daemon; its runner lives.
    pub fn kill_alone(mut self) {
        self.signal(Signal::KILL);
        self.child.wait().expect("wait");
    }

    /// Its exit status, if it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("wait")
    }

    /// SIGKILL to the runner; the daemon lives.
    ///
    /// # Panics
    /// When there is none.
    pub fn kill_runner(&self) {
        kill_and_wait(self.runner().expect("a runner"));
    }

    /// SIGINT, and its exit status: the runner ends as well.
    pub fn interrupt(mut self) -> ExitStatus {
        self.signal(Signal::INT);
        self.child.wait().expect("wait")
    }

    /// SIGTERM, and its exit status: the runner lives.
    pub fn stop(mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        self.child.wait().expect("wait")
    }

    /// Waits for an end that comes by itself.
    pub fn wait(mut self) -> ExitStatus {
        self.child.wait().expect("wait")
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The runner of a state directory, if it lives.
pub fn runner_of(state: &Path) -> Option<u32> {
    let pid: u32 = fs::read_to_string(state.join("runner.lock")).ok()?.trim().parse().ok()?;
    let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    // the number may be somebody else's by now
    let has = |wanted: &[u8]| line.split(|b| *b == 0).any(|word| word == wanted);
    (has(b"runner") && has(state.as_os_str().as_bytes())).then_some(pid)
}

fn kill_and_wait(pid: u32) {
    let number = Pid::from_raw(pid.cast_signed()).expect("a process id");
    let _ = kill_process(number, Signal::KILL);
    eventually("a killed process is gone", || {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let state = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next());
        state.is_none_or(|state| state == "Z" || state == "X").then_some(())
    });
}

/// What the daemons have left runs no longer than the test.
impl Drop for World {
    fn drop(&mut self) {
        let states = self.states.lock().map(|states| states.clone()).unwrap_or_default();
        for runner in states.iter().filter_map(|state| runner_of(state)) {
            if let Some(pid) = Pid::from_raw(runner.cast_signed()) {
                let _ = kill_process(pid, Signal::TERM);
            }
        }
    }
}

/// Nothing of the user's own environment reaches the test.
fn hermetic(command: &mut Command, home: &Path) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command
        .env_clear()
        .env("PATH", path)
        .env("HOME", home)
        .env("LANG", "C.UTF-8")
        .env("TZ", "UTC")
        .current_dir(home);
}
