//! `ssh HOST rpa dial`, as a stream that leads to the daemon over there.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as Pair;
use std::path::Path;
use std::process::{Child, ChildStderr, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rpa_ipc::{Fault, FaultCode, fault, said};
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::sync::oneshot;

use super::ssh::{self, Terminal};
use super::{Host, MARK};

/// Lines of ssh's that are kept for the fault: a refusal says its reason last.
const LINES: usize = 5;
/// Most bytes of one of them.
const LINE: u64 = 4 * 1024;
/// Most bytes that a shell may print before `rpa dial` speaks.
const NOISE: usize = 64 * 1024;
/// How long after its end what ssh has said may still come. A connection that ssh
/// shares with others leaves somebody behind who never closes its error output.
const STRAGGLERS: Duration = Duration::from_millis(300);

/// A daemon over there. Nothing is started before it is opened.
#[derive(Clone, Debug)]
pub struct Door {
    host: Host,
    /// What the shell over there runs.
    line: String,
    place: String,
}

/// How an ssh ended that never led to a daemon.
#[derive(Debug)]
struct Ended {
    exit: Option<i32>,
    /// What it said last.
    said: Vec<String>,
}

impl Door {
    /// `socket` is a path over there; without it `rpa` over there finds it.
    pub fn new(host: Host, socket: Option<&Path>) -> Door {
        let socket = socket.map(|path| format!("--socket={}", path.display()));
        // a variable of that name over there would send it on and on
        let words = ["env", "RPA_HOST=", "rpa"].map(str::to_owned).into_iter();
        let line = ssh::line(words.chain(socket).chain(["dial".to_owned()]));
        let place = host.to_string();
        Door { host, line, place }
    }

    pub fn host(&self) -> &Host {
        &self.host
    }

    pub fn place(&self) -> &str {
        &self.place
    }

    /// A fault of the connection, with the machine that it is about.
    pub fn named(&self, fault: Fault) -> Fault {
        fault.with("host", &self.host)
    }

    /// A stream to the daemon over there. As ssh may ask a person, it takes its time:
    /// ssh itself knows when to give up. May be dropped; ssh then ends.
    pub async fn open(&self) -> Result<UnixStream, Fault> {
        let broken = |e: std::io::Error| fault!(FaultCode::Io, "cannot-start", error = e);
        let (ours, theirs) = Pair::pair().map_err(broken)?;
        ours.set_nonblocking(true).map_err(broken)?;
        let mut ours = UnixStream::from_std(ours).map_err(broken)?;
        let ended = self.started(theirs).map_err(|failed| match failed {
            Failed::Fault(fault) => fault,
            Failed::Io(e) => broken(e),
        })?;
        match marked(&mut ours).await {
            true => Ok(ours),
            false => {
                drop(ours);
                let lost = Ended { exit: None, said: Vec::new() };
                Err(self.explained(&ended.await.unwrap_or(lost)))
            }
        }
    }

    /// ssh, with the other end as its input and output; a thread waits for it.
    fn started(&self, theirs: Pair) -> Result<oneshot::Receiver<Ended>, Failed> {
        let output = theirs.try_clone()?;
        let mut command = ssh::command(&self.host, Terminal::Without, &self.line)?;
        command.stdin(OwnedFd::from(theirs)).stdout(OwnedFd::from(output)).stderr(Stdio::piped());
        let child = command.spawn().map_err(|e| ssh::not_started(&command, &e))?;
        // the command keeps its descriptors: ours would never see the end of theirs
        drop(command);
        let (tell, told) = oneshot::channel();
        thread::Builder::new().name("ssh".to_owned()).spawn(move || {
            // whoever asked may be gone
            let _ = tell.send(waited(child));
        })?;
        Ok(told)
    }

    /// Why ssh ended before there was a connection.
    fn explained(&self, ended: &Ended) -> Fault {
        let host = &self.host;
        if let Some(fault) = ended.said.iter().rev().find_map(|line| said_by_dial(line, host)) {
            return fault;
        }
        let why = ended.said.last().map_or("it said nothing", String::as_str);
        let too_old = || ended.said.iter().any(|line| line.contains("unrecognized subcommand"));
        let fault = match ended.exit {
            // ssh(1), EXIT STATUS
            Some(255) => {
                let fault = fault!(FaultCode::NoHost, "host-unreachable", host = host, why = why);
                match wanted_to_ask(&ended.said) && nobody_is_there() {
                    true => fault.hint(said!("hint-host-nobody")),
                    false => fault,
                }
            }
            Some(126 | 127) => fault!(FaultCode::NoHost, "host-without-rpa", host = host),
            Some(2) if too_old() => {
                fault!(FaultCode::Protocol, "host-old", host = host).hint(said!("hint-host-old"))
            }
            exit => {
                let exit = exit.map_or_else(|| "a signal".to_owned(), |exit| exit.to_string());
                fault!(FaultCode::NoHost, "host-ended", host = host, exit = exit, why = why)
            }
        };
        let beside = ended.said.iter().filter(|line| !fault.message.contains(line.as_str()));
        let beside: Vec<&String> = beside.collect();
        beside.into_iter().fold(fault, |fault, line| fault.with("ssh", line))
    }
}

/// Whether ssh would have asked for a password, or whether a machine is the right one.
fn wanted_to_ask(said: &[String]) -> bool {
    let refused = ["Permission denied", "Host key verification failed"];
    said.iter().any(|line| refused.iter().any(|words| line.contains(words)))
}

/// Without a terminal, as under the console or a timer, ssh asks nobody.
fn nobody_is_there() -> bool {
    std::fs::File::open("/dev/tty").is_err()
}

enum Failed {
    Fault(Fault),
    Io(std::io::Error),
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Failed {
        Failed::Fault(fault)
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Failed {
        Failed::Io(error)
    }
}

/// What `rpa dial` writes on standard error when its daemon is away.
#[derive(Deserialize)]
struct Refusal {
    error: Refused,
}

#[derive(Deserialize)]
struct Refused {
    code: String,
    message: String,
    hint: String,
}

fn said_by_dial(line: &str, host: &Host) -> Option<Fault> {
    let Refusal { error } = serde_json::from_str(line).ok()?;
    let code = error.code.parse().unwrap_or(FaultCode::NoHost);
    Some(Fault::of(code, said!("host-said", host = host, why = error.message)).hint(error.hint))
}

/// Reads up to the mark of `rpa dial`; false when the stream ends before that.
async fn marked(stream: &mut UnixStream) -> bool {
    let mut line = Vec::new();
    for _ in 0..NOISE {
        // a byte at a time: what follows the mark belongs to the daemon
        let Ok(byte) = stream.read_u8().await else { return false };
        line.push(byte);
        if line.ends_with(MARK) {
            return true;
        }
        let excess = line.len().saturating_sub(MARK.len());
        line.drain(..excess);
    }
    false
}

fn waited(mut child: Child) -> Ended {
    let said = Arc::new(Mutex::new(VecDeque::new()));
    let read = child.stderr.take().map(|stderr| reading(stderr, Arc::clone(&said)));
    let exit = child.wait().ok().and_then(|status| status.code());
    if let Some(read) = read {
        // closed when all was read
        let _ = read.recv_timeout(STRAGGLERS);
    }
    let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
    Ended { exit, said: said.drain(..).collect() }
}

/// Keeps the last lines; the channel is closed after the last one.
fn reading(stderr: ChildStderr, kept: Arc<Mutex<VecDeque<String>>>) -> Receiver<()> {
    let (done, end) = channel();
    thread::spawn(move || {
        let _done: std::sync::mpsc::Sender<()> = done;
        let mut stderr = BufReader::new(stderr);
        let mut line = Vec::new();
        while stderr.by_ref().take(LINE).read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            let text = String::from_utf8_lossy(&line).trim().to_owned();
            line.clear();
            if text.is_empty() {
                continue;
            }
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push_back(text);
            let excess = kept.len().saturating_sub(LINES);
            kept.drain(..excess);
        }
    });
    end
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    fn door() -> Door {
        Door::new("ops1".parse().unwrap(), None)
    }

    fn ended(exit: Option<i32>, said: &[&str]) -> Ended {
        Ended { exit, said: said.iter().map(|line| (*line).to_owned()).collect() }
    }

    #[test]
    fn why_there_is_no_connection() {
        let refused = "ssh: connect to host ops1 port 22: Connection refused";
        let away =
            r#"{"error":{"code":"RPA0101","message":"no daemon","hint":"start it","context":{}}}"#;
        let old = "error: unrecognized subcommand 'dial'";
        let table = [
            (ended(Some(255), &[refused]), FaultCode::NoHost, "Connection refused"),
            (ended(Some(127), &["sh: 1: rpa: not found"]), FaultCode::NoHost, "has no rpa"),
            (ended(Some(69), &["banner", away]), FaultCode::Unreachable, "on ops1: no daemon"),
            (ended(Some(2), &[old, "For more"]), FaultCode::Protocol, "too old"),
            (ended(Some(7), &[]), FaultCode::NoHost, "ended with 7"),
            (ended(None, &[]), FaultCode::NoHost, "a signal"),
        ];
        for (ended, code, words) in table {
            let fault = door().explained(&ended);
            assert_eq!(fault.code, code, "{ended:?}");
            assert!(fault.message.contains(words), "{fault}");
        }
    }

    #[test]
    fn what_ssh_would_have_asked_for_is_known_by_its_refusal() {
        let said = |line: &str| wanted_to_ask(&["banner".to_owned(), line.to_owned()]);
        assert!(said("me@ops1: Permission denied (publickey,password)."));
        assert!(said("Host key verification failed."));
        assert!(!said("ssh: connect to host ops1 port 22: Connection refused"));
    }

    #[test]
    fn the_path_of_a_socket_is_one_word_over_there() {
        let door = Door::new("ops1".parse().unwrap(), Some(Path::new("/run/my rpad/s")));
        assert_eq!(door.line, "env RPA_HOST= rpa '--socket=/run/my rpad/s' dial");
    }

    #[tokio::test]
    async fn what_a_profile_prints_is_skipped_and_an_end_is_seen() {
        let (mut ours, mut theirs) = UnixStream::pair().unwrap();
        theirs.write_all(b"Welcome!\nrpa-rpa-dial 1\nRPAD").await.unwrap();
        assert!(marked(&mut ours).await);
        let mut rest = [0; 4];
        ours.read_exact(&mut rest).await.unwrap();
        assert_eq!(&rest, b"RPAD");
        theirs.write_all(b"rpa-dial 2\n").await.unwrap();
        drop(theirs);
        assert!(!marked(&mut ours).await);
    }
}
