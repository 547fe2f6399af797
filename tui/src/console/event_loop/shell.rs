//! Commands of `rpa` that the console runs: this very program, told to be `rpa`.
//!
//! One at a time. What it prints comes in pieces of whole lines, through a bounded queue,
//! so that a command that prints without end waits for the loop.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::AS_RPA;
use crate::console::state::{AskedCommand, Printed, State, Told};

/// Pieces on their way.
const QUEUE: usize = 16;
/// Bytes read at once.
const CHUNK: usize = 32 << 10;
/// A line without an end is cut into pieces of this size.
const LONGEST: usize = 64 << 10;
/// How long one that was told to end may take.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(super) struct Shell {
    sender: mpsc::Sender<Printed>,
    told: mpsc::Receiver<Printed>,
    /// Tells the one that runs to end, also when it is dropped.
    stop: Option<oneshot::Sender<()>>,
}

impl Default for Shell {
    fn default() -> Shell {
        let (sender, told) = mpsc::channel(QUEUE);
        Shell { sender, told, stop: None }
    }
}

impl Shell {
    /// Runs it; one that runs is ended.
    pub(super) fn start(&mut self, state: &State, asked: &AskedCommand) {
        let (stop, stopped) = oneshot::channel();
        self.stop = Some(stop);
        let command = command(state, &asked.words);
        tokio::spawn(run(command, asked.number, self.sender.clone(), stopped));
    }

    pub(super) fn stop(&mut self) {
        self.stop = None;
    }

    /// What was printed; waits for something. May be dropped while it waits.
    pub(super) async fn told(&mut self) -> Vec<Printed> {
        let mut all = Vec::new();
        self.told.recv_many(&mut all, QUEUE).await;
        all
    }
}

fn command(state: &State, words: &[String]) -> Command {
    // what it was started from may have been replaced meanwhile
    let program = PathBuf::from("/proc/self/exe");
    let program =
        if program.exists() { program } else { std::env::current_exe().unwrap_or_default() };
    let mut command = Command::new(program);
    command
        .arg(AS_RPA)
        .args(words)
        .env("RPA_SOCKET", &state.socket)
        .env("RPA_NAMESPACE", state.namespace.as_str())
        .env("RPA_LANG", state.settings.language.code())
        .env_remove("RPA_HOST")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if let Some(zone) = &state.settings.time_zone {
        command.env("TZ", zone);
    }
    command
}

async fn run(
    mut command: Command,
    number: u64,
    sender: mpsc::Sender<Printed>,
    stopped: oneshot::Receiver<()>,
) {
    let tell = async |told: Told| {
        // fails only while the loop is ending
        let _ = sender.send(Printed { number, told }).await;
    };
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return tell(Told::Failed(error.to_string())).await,
    };
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let pumps = async {
        tokio::join!(pump(out, &sender, number, Told::Out), pump(err, &sender, number, Told::Err));
    };
    tokio::select! {
        () = pumps => {}
        _ = stopped => return end(child).await,
    }
    match child.wait().await {
        Ok(status) => tell(Told::Ended(status.code())).await,
        Err(error) => tell(Told::Failed(error.to_string())).await,
    }
}

/// As Ctrl-C in a shell would, and then for good.
async fn end(mut child: Child) {
    let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // it may have ended by itself
        let _ = kill_process(pid, Signal::TERM);
    }
    let _ = timeout(PATIENCE, child.wait()).await;
}

/// Whole lines, as they come.
async fn pump(
    from: Option<impl AsyncRead + Unpin>,
    to: &mpsc::Sender<Printed>,
    number: u64,
    told: fn(String) -> Told,
) {
    let Some(mut from) = from else { return };
    let mut kept: Vec<u8> = Vec::new();
    loop {
        let before = kept.len();
        kept.resize(before + CHUNK, 0);
        let read = from.read(&mut kept[before..]).await.unwrap_or(0);
        kept.truncate(before + read);
        let whole = match kept.iter().rposition(|byte| *byte == b'\n') {
            _ if read == 0 => kept.len(),
            Some(at) => at + 1,
            None if kept.len() >= LONGEST => kept.len(),
            None => 0,
        };
        if whole > 0 {
            let text = String::from_utf8_lossy(&kept[..whole]).into_owned();
            kept.drain(..whole);
            if to.send(Printed { number, told: told(text) }).await.is_err() {
                return;
            }
        }
        if read == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a shell's script tells, until it has ended.
    async fn told_by(script: &str) -> Vec<Told> {
        let mut shell = Shell::default();
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (stop, stopped) = oneshot::channel();
        shell.stop = Some(stop);
        tokio::spawn(run(command, 7, shell.sender.clone(), stopped));
        let mut all = Vec::new();
        loop {
            for printed in shell.told().await {
                assert_eq!(printed.number, 7);
                let ended = matches!(printed.told, Told::Ended(_) | Told::Failed(_));
                all.push(printed.told);
                if ended {
                    return all;
                }
            }
        }
    }

    #[tokio::test]
    async fn lines_come_whole_and_the_end_last() {
        let all = told_by("printf 'a\\nb'; printf 'wrong\\n' >&2; exit 3").await;
        let out: String = all
            .iter()
            .filter_map(|told| if let Told::Out(text) = told { Some(text.as_str()) } else { None })
            .collect();
        assert_eq!(out, "a\nb");
        assert!(all.contains(&Told::Err("wrong\n".to_owned())), "{all:?}");
        assert_eq!(all.last(), Some(&Told::Ended(Some(3))));
    }

    #[tokio::test]
    async fn a_line_without_an_end_comes_in_pieces() {
        let all = told_by("head -c 300000 /dev/zero | tr '\\0' x").await;
        let sizes: Vec<usize> = all
            .iter()
            .filter_map(|told| if let Told::Out(text) = told { Some(text.len()) } else { None })
            .collect();
        assert_eq!(sizes.iter().sum::<usize>(), 300_000);
        assert!(sizes.iter().all(|size| *size <= LONGEST + CHUNK), "{sizes:?}");
    }

    #[tokio::test]
    async fn one_that_does_not_end_is_ended() {
        let mut shell = Shell::default();
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "echo on; exec sleep 1000"]).stdout(Stdio::piped());
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(run(command, 1, shell.sender.clone(), stopped));
        assert_eq!(shell.told().await[0].told, Told::Out("on\n".to_owned()));
        drop(stop);
        timeout(Duration::from_secs(20), task).await.expect("it ends").expect("no panic");
    }
}
