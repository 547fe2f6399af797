//! Commands of `rpa` that the console runs: this very program, told to be `rpa`.
//!
//! One at a time. What it prints comes in pieces of whole lines, through a bounded queue,
//! so that a command that prints without end waits for the loop.
//!
//! Its words go through its standard input: a value among them may be a secret, and
//! arguments are for everybody on the machine to read. It has a session of its own, so
//! that no program that it starts finds a terminal to ask on, over the console's screen.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use rpa_ipc::{FaultCode, fault};
use rustix::process::{Pid, Signal, kill_process, kill_process_group, setsid};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep, timeout};

use super::AS_RPA;
use crate::cli::{self, report};
use crate::console::state::{AskedCommand, Printed, State, Told};

/// Pieces on their way.
const QUEUE: usize = 16;
/// Bytes read at once.
const CHUNK: usize = 32 << 10;
/// A line without an end is cut into pieces of this size.
const LONGEST: usize = 64 << 10;
/// How long one that was told to end may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// For how long after its end nothing may come until the rest is not waited for: what it
/// has started may go on and hold its output open.
const STRAGGLERS: Duration = Duration::from_millis(300);
/// Bytes that are still read after its end: more than a pipe holds, so that nothing that
/// it has printed itself is lost.
const LAST: usize = 1 << 20;

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
        let command = command(state);
        let words = asked.words.clone();
        tokio::spawn(run(command, words, asked.number, self.sender.clone(), stopped));
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

/// The program as `rpa`, with the words that it is given on its standard input.
pub(super) fn as_rpa() -> ExitCode {
    // refused to a leader of a group, as one is that a shell has started
    let _ = setsid();
    let mut given = Vec::new();
    let read = io::stdin().read_to_end(&mut given);
    let words = read.and_then(|_| Ok(serde_json::from_slice::<Vec<String>>(&given)?));
    match words {
        Ok(words) => {
            let words = std::iter::once("rpa".to_owned()).chain(words);
            cli::of_console(words.map(OsString::from).collect())
        }
        Err(error) => {
            let fault = fault!(FaultCode::Usage, "as-rpa-words", error = error);
            report::fault(&fault, None).into()
        }
    }
}

fn command(state: &State) -> Command {
    // what it was started from may have been replaced meanwhile
    let program = PathBuf::from("/proc/self/exe");
    let program =
        if program.exists() { program } else { std::env::current_exe().unwrap_or_default() };
    let mut command = Command::new(program);
    command
        .arg(AS_RPA)
        .env("RPA_SOCKET", &state.socket)
        .env("RPA_NAMESPACE", state.namespace.as_str())
        .env("RPA_LANG", state.settings.language.code())
        .env_remove("RPA_HOST")
        // ssh(1): nor in a window, which nobody expects
        .env("SSH_ASKPASS_REQUIRE", "never")
        .stdin(Stdio::piped())
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
    words: Vec<String>,
    number: u64,
    sender: mpsc::Sender<Printed>,
    mut stopped: oneshot::Receiver<()>,
) {
    let tell = async |told: Told| {
        // fails only while the loop is ending
        let _ = sender.send(Printed { number, told }).await;
    };
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return tell(Told::Failed(error.to_string())).await,
    };
    let (input, out, err) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (ended, end_seen) = watch::channel(false);
    let pumps = async {
        tokio::join!(
            hand_over(input, &words),
            pump(out, &sender, number, Told::Out, end_seen.clone()),
            pump(err, &sender, number, Told::Err, end_seen.clone())
        )
    };
    tokio::pin!(pumps);
    let mut pumping = true;
    let status = loop {
        tokio::select! {
            _ = &mut pumps, if pumping => pumping = false,
            status = child.wait() => break status,
            _ = &mut stopped => return end(child).await,
        }
    };
    let _ = ended.send(true);
    if pumping {
        tokio::select! {
            _ = &mut pumps => {}
            _ = &mut stopped => return,
        }
    }
    match status {
        Ok(status) => tell(Told::Ended(status.code())).await,
        Err(error) => tell(Told::Failed(error.to_string())).await,
    }
}

/// One that ends before it has read them says why itself.
async fn hand_over(input: Option<ChildStdin>, words: &[String]) {
    let Some(mut input) = input else { return };
    if let Ok(words) = serde_json::to_vec(words) {
        let _ = input.write_all(&words).await;
    }
}

/// As Ctrl-C in a shell would, and then for good: it, and what it has started.
async fn end(mut child: Child) {
    let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
    signal(pid, Signal::TERM);
    if timeout(PATIENCE, child.wait()).await.is_err() {
        signal(pid, Signal::KILL);
    }
}

/// To its group; one that has only just begun has none of its own yet. Either may have
/// ended by itself.
fn signal(pid: Option<Pid>, signal: Signal) {
    if let Some(pid) = pid
        && kill_process_group(pid, signal).is_err()
    {
        let _ = kill_process(pid, signal);
    }
}

/// Whole lines, as they come; after the end of the command what it has left.
async fn pump(
    from: Option<impl AsyncRead + Unpin>,
    to: &mpsc::Sender<Printed>,
    number: u64,
    told: fn(String) -> Told,
    mut end_seen: watch::Receiver<bool>,
) {
    let Some(mut from) = from else { return };
    let mut kept: Vec<u8> = Vec::new();
    let mut left = LAST;
    loop {
        let before = kept.len();
        kept.resize(before + CHUNK, 0);
        let over = *end_seen.borrow();
        let quiet = async {
            // fails only when nobody waits for the command any more
            let _ = end_seen.wait_for(|ended| *ended).await;
            sleep(STRAGGLERS).await;
        };
        let read = tokio::select! {
            // what is there already goes before
            biased;
            read = from.read(&mut kept[before..]) => read.unwrap_or(0),
            () = quiet => 0,
        };
        kept.truncate(before + read);
        left = if over { left.saturating_sub(read) } else { left };
        let whole = match kept.iter().rposition(|byte| *byte == b'\n') {
            _ if read == 0 || left == 0 => kept.len(),
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
        if read == 0 || left == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(text: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", text]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    /// What a shell's script tells, until it has ended.
    async fn told_by(text: &str) -> Vec<Told> {
        let mut shell = Shell::default();
        let (stop, stopped) = oneshot::channel();
        shell.stop = Some(stop);
        let given = words(&["run", "--var", "token=hush"]);
        tokio::spawn(run(script(text), given, 7, shell.sender.clone(), stopped));
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

    fn printed(all: &[Told]) -> String {
        let out = |told: &Told| match told {
            Told::Out(text) => text.clone(),
            _ => String::new(),
        };
        all.iter().map(out).collect()
    }

    #[tokio::test]
    async fn lines_come_whole_and_the_end_last() {
        let all = told_by("printf 'a\nb'; printf 'wrong\n' >&2; exit 3").await;
        assert_eq!(printed(&all), "a\nb");
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
    async fn its_words_come_on_its_standard_input() {
        let all = told_by("cat; echo; tr '\\0' ' ' < /proc/$$/cmdline").await;
        let out = printed(&all);
        let (given, arguments) = out.split_once('\n').expect("two lines");
        assert_eq!(given, r#"["run","--var","token=hush"]"#);
        assert!(!arguments.contains("hush"), "{arguments}");
    }

    /// What it has started goes on, and holds its output open.
    #[tokio::test]
    async fn the_end_is_told_although_somebody_holds_the_output() {
        let all = timeout(Duration::from_secs(20), told_by("sleep 1000 & echo $!; exit 4")).await;
        let all = all.expect("nobody is waited for");
        assert_eq!(all.last(), Some(&Told::Ended(Some(4))));
        let left = printed(&all).trim().parse().ok().and_then(Pid::from_raw).expect("its id");
        kill_process(left, Signal::KILL).expect("it went on");
    }

    #[tokio::test]
    async fn somebody_who_never_stops_printing_is_left_as_well() {
        let all = timeout(Duration::from_secs(20), told_by("yes & echo $! >&2; exit 4")).await;
        assert_eq!(all.expect("there is an end").last(), Some(&Told::Ended(Some(4))));
    }

    #[tokio::test]
    async fn one_that_does_not_end_is_ended() {
        let mut shell = Shell::default();
        let (stop, stopped) = oneshot::channel();
        let text = script("echo on; exec sleep 1000");
        let task = tokio::spawn(run(text, Vec::new(), 1, shell.sender.clone(), stopped));
        assert_eq!(shell.told().await[0].told, Told::Out("on\n".to_owned()));
        drop(stop);
        timeout(Duration::from_secs(20), task).await.expect("it ends").expect("no panic");
    }
}
