//! A daemon of this user's: by systemd where it has the unit, else in the background.

use std::env;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rpa_config::paths::{CONFIG_ENV, PathFlags, Paths, SOCKET_ENV, STATE_ENV, UserDirs};
use rpa_ipc::client::Client;
use rpa_ipc::fault::Said;
use rpa_ipc::hello::Via;
use rpa_ipc::{Fault, FaultCode, fault};
use tokio::time::{Instant, sleep};

use crate::cli::exit::Failure;
use crate::cli::session::Session;
use crate::cli::text::{Line, Style};

/// How long a daemon may take until it answers: one with a large store walks through it
/// after a crash.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(50);
/// Lines of its log that are shown when it does not come up.
const LOG_LINES: usize = 10;
/// Bytes at the end of the log in which these are looked for.
const LOG_BYTES: u64 = 16 * 1024;
/// The unit in `systemctl --user`.
const UNIT: &str = "rpad.service";

/// A daemon that was started and has answered.
#[derive(Debug)]
pub(super) struct Started {
    /// Of one in the background.
    pub(super) pid: Option<u32>,
    /// Where it writes to, if that is a file.
    pub(super) log: Option<PathBuf>,
    pub(super) stop: String,
}

impl Started {
    pub(super) fn lines(&self) -> Vec<Line> {
        let what = match self.pid {
            Some(pid) => format!("rpad runs in the background, pid {pid}"),
            None => "systemd has started rpad".to_owned(),
        };
        let mut lines = vec![Line::new().push(Style::Good, what)];
        let log = self.log.as_ref().map(|log| log.display().to_string());
        let log = log.unwrap_or_else(|| "journalctl --user -u rpad".to_owned());
        lines.push(Line::new().push(Style::Dim, "  its log    ").plain(log));
        lines.push(Line::new().push(Style::Dim, "  stop it    ").plain(&self.stop));
        lines
    }
}

/// Starts it and waits until it answers.
pub(super) async fn start(session: &mut Session) -> Result<Started, Failure> {
    let paths = paths(session)?;
    if has_unit(session) {
        by_systemd(&paths, session).await
    } else {
        in_background(&paths, session).await
    }
}

/// Those of a daemon that this user would start, with the socket that was asked for.
fn paths(session: &Session) -> Result<Paths, Fault> {
    let flags =
        PathFlags { socket: session.named_socket().map(Path::to_owned), ..PathFlags::default() };
    let env = |name: &str| env::var_os(name);
    Paths::resolve(&flags, &env, &UserDirs::detect()).map_err(|e| {
        let (said, advice) = e.said();
        let ours = |said: rpa_config::said::Said| Said::new(said.id, said.args);
        Fault::of(FaultCode::Usage, ours(said)).hint(ours(advice))
    })
}

/// Whether systemd knows our unit, and nothing asks for another daemon than that one.
fn has_unit(session: &Session) -> bool {
    let named = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    if session.named_socket().is_some()
        || [SOCKET_ENV, STATE_ENV, CONFIG_ENV].into_iter().any(named)
    {
        return false;
    }
    let mut ask = systemctl(&["cat", UNIT]);
    ask.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn systemctl(arguments: &[&str]) -> Command {
    let mut command = Command::new("systemctl");
    command.args(["--user", "--no-ask-password"]).args(arguments).stdin(Stdio::null());
    command
}

async fn by_systemd(paths: &Paths, session: &mut Session) -> Result<Started, Failure> {
    // a unit that notifies is started when it is ready, or systemd gives up on it
    let output = systemctl(&["start", UNIT]).output();
    let output = output.map_err(|e| fault!(FaultCode::NotStarted, "start-failed", error = e))?;
    let answers = output.status.success() && answers(&paths.socket, &mut || None).await;
    if !answers {
        let journal = Command::new("journalctl")
            .args(["--user", "--no-pager", "-u", "rpad", "-n", &LOG_LINES.to_string()])
            .stdin(Stdio::null())
            .output();
        let said = journal.map(|output| output.stdout).unwrap_or_default();
        show(&[output.stderr, said].concat(), session)?;
        return Err(fault!(FaultCode::NotStarted, "start-unit").into());
    }
    Ok(Started { pid: None, log: None, stop: "systemctl --user stop rpad".to_owned() })
}

async fn in_background(paths: &Paths, session: &mut Session) -> Result<Started, Failure> {
    let log = paths.state_dir.join("rpad.log");
    let (mut child, begun) =
        spawn(paths, &log).map_err(|e| fault!(FaultCode::NotStarted, "start-failed", error = e))?;
    let mut ended = || child.try_wait().ok().flatten();
    if answers(&paths.socket, &mut ended).await {
        let pid = child.id();
        return Ok(Started { pid: Some(pid), log: Some(log), stop: format!("kill {pid}") });
    }
    let pid = child.id();
    show(&tail(&log, begun).unwrap_or_default(), session)?;
    let log = log.display();
    Err(match child.try_wait() {
        Ok(Some(_)) => fault!(FaultCode::NotStarted, "start-ended", log = log),
        _ => {
            let seconds = PATIENCE.as_secs();
            fault!(FaultCode::NotStarted, "start-slow", seconds = seconds, pid = pid, log = log)
        }
    }
    .into())
}

/// The process and where in its log it begins.
fn spawn(paths: &Paths, log: &Path) -> io::Result<(Child, u64)> {
    DirBuilder::new().recursive(true).mode(0o700).create(&paths.state_dir)?;
    let out = OpenOptions::new().append(true).create(true).mode(0o600).open(log)?;
    let begun = out.metadata()?.len();
    let mut command = Command::new(program());
    command.arg("--state-dir").arg(&paths.state_dir);
    command.arg("--socket").arg(std::path::absolute(&paths.socket)?);
    if paths.config_is_named {
        command.arg("--config").arg(std::path::absolute(&paths.config_file)?);
    }
    // a group of its own: Ctrl-C in this terminal is not meant for it
    command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out).process_group(0);
    // a terminal's directory may be taken away under it
    command.current_dir("/");
    Ok((command.spawn()?, begun))
}

/// The `rpad` beside this program, else that of the PATH.
fn program() -> PathBuf {
    let own = env::current_exe().ok().map(|path| path.with_file_name("rpad"));
    own.filter(|path| path.is_file()).unwrap_or_else(|| "rpad".into())
}

/// Whether somebody answers at the socket before the daemon has ended or time is up.
async fn answers(
    socket: &Path,
    ended: &mut dyn FnMut() -> Option<std::process::ExitStatus>,
) -> bool {
    let until = Instant::now() + PATIENCE;
    loop {
        if Client::connect(socket, Via::Cli).await.is_ok() {
            return true;
        }
        if ended().is_some() || Instant::now() >= until {
            return false;
        }
        sleep(PAUSE).await;
    }
}

/// What the log has since `begun`, at most its end.
fn tail(log: &Path, begun: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(log)?;
    let end = file.metadata()?.len();
    file.seek(SeekFrom::Start(begun.max(end.saturating_sub(LOG_BYTES))))?;
    let mut bytes = Vec::new();
    file.take(LOG_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The last lines of what a daemon has said, on standard error.
fn show(said: &[u8], session: &mut Session) -> Result<(), Failure> {
    let text = String::from_utf8_lossy(said);
    let lines: Vec<&str> = text.lines().collect();
    for line in &lines[lines.len().saturating_sub(LOG_LINES)..] {
        session.note(Line::new().push(Style::Dim, "  | ").plain(line))?;
    }
    Ok(())
}
