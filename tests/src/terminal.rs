//! A terminal of the test's own, with the console, or a shell, in it.
//!
//! A thread of the terminal's takes every byte as it comes: keeps it, and shows it on
//! a screen. Tests wait for what stands on the screen, or for the terminal to be
//! still; each wait has a deadline, and its failure shows the screen.

use std::fmt;
use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process};
use vt100::{Parser, Screen};

use crate::deadline::PATIENCE;
use crate::{World, binary, eventually};

/// Columns and rows.
pub type Size = (u16, u16);

/// How long the last words of a program are waited for.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What the usual terminal has.
pub const USUAL: Size = (80, 24);

/// How a program is started in a terminal.
#[derive(Clone, Debug)]
pub struct Terminal {
    pub size: Size,
    pub args: Vec<String>,
    /// Added to the hermetic environment; an empty value takes the variable out.
    pub env: Vec<(String, String)>,
    /// Bytes a second that it takes, as behind a thin line; `None`: all there are.
    pub rate: Option<u32>,
}

impl Default for Terminal {
    fn default() -> Terminal {
        Terminal { size: USUAL, args: Vec::new(), env: Vec::new(), rate: None }
    }
}

impl Terminal {
    pub fn of(size: Size) -> Terminal {
        Terminal { size, ..Terminal::default() }
    }

    #[must_use]
    pub fn arg(mut self, arg: &str) -> Terminal {
        self.args.push(arg.to_owned());
        self
    }

    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Terminal {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Behind a line that carries so many bytes a second.
    #[must_use]
    pub fn over(mut self, rate: u32) -> Terminal {
        self.rate = Some(rate);
        self
    }
}

/// What can be pressed beside characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
    /// 1 to 12.
    F(u8),
    Ctrl(char),
    Alt(char),
}

/// Bytes as xterm sends them.
#[derive(Clone, Debug)]
pub struct Keys(Vec<u8>);

impl From<&str> for Keys {
    fn from(text: &str) -> Keys {
        Keys(text.as_bytes().to_vec())
    }
}

impl From<Key> for Keys {
    fn from(key: Key) -> Keys {
        Keys(match key {
            Key::Enter => b"\r".to_vec(),
            Key::Esc => b"\x1b".to_vec(),
            Key::Tab => b"\t".to_vec(),
            Key::BackTab => b"\x1b[Z".to_vec(),
            Key::Backspace => b"\x7f".to_vec(),
            Key::Delete => b"\x1b[3~".to_vec(),
            Key::Up => b"\x1b[A".to_vec(),
            Key::Down => b"\x1b[B".to_vec(),
            Key::Right => b"\x1b[C".to_vec(),
            Key::Left => b"\x1b[D".to_vec(),
            Key::PageUp => b"\x1b[5~".to_vec(),
            Key::PageDown => b"\x1b[6~".to_vec(),
            Key::Home => b"\x1b[H".to_vec(),
            Key::End => b"\x1b[F".to_vec(),
            Key::F(number) => function_key(number),
            Key::Ctrl(letter) => vec![u8::try_from(letter).expect("ASCII") & 0x1f],
            Key::Alt(letter) => format!("\x1b{letter}").into_bytes(),
        })
    }
}

fn function_key(number: u8) -> Vec<u8> {
    match number {
        1..=4 => vec![b'\x1b', b'O', b'P' + number - 1],
        _ => {
            let code = [15, 17, 18, 19, 20, 21, 23, 24][usize::from(number) - 5];
            format!("\x1b[{code}~").into_bytes()
        }
    }
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub code: u32,
    /// The signal that killed it, in words.
    pub signal: Option<String>,
}

/// A program in a terminal. It is killed when the test forgets it.
pub struct Console {
    child: Box<dyn Child + Send + Sync>,
    ended: Option<Ended>,
    /// `None` when the terminal was closed.
    pty: Option<Pty>,
    seen: Arc<Seen>,
}

struct Pty {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    /// Has our end open as well.
    reader: JoinHandle<()>,
}

/// What has come, and who waits for more.
struct Seen {
    output: Mutex<Output>,
    more: Condvar,
}

struct Output {
    raw: Vec<u8>,
    parser: Parser,
    /// When the last byte came.
    last: Instant,
    /// Whether the terminal is to be closed.
    closing: bool,
}

impl World {
    /// The console on the usual terminal.
    pub fn console(&self) -> Console {
        self.console_on(&Terminal::default())
    }

    /// It begins with the list of workflows, unless something else is asked for.
    pub fn console_on(&self, terminal: &Terminal) -> Console {
        let mut terminal = terminal.clone();
        if !terminal.args.iter().any(|arg| arg == "--start") {
            terminal = terminal.arg("--start").arg("workflows");
        }
        self.in_terminal(binary("rpa-tui"), &terminal)
    }

    /// Any program, such as a shell with the console in it.
    pub fn in_terminal(&self, program: PathBuf, terminal: &Terminal) -> Console {
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        for (name, value) in self.terminal_env().iter().chain(&terminal.env) {
            match value.as_str() {
                "" => command.env_remove(name),
                value => command.env(name, value),
            }
        }
        command.cwd(self.path());
        command.args(&terminal.args);
        Console::start(command, terminal.size, terminal.rate)
    }

    /// Where the console keeps its settings in this world.
    pub fn console_settings(&self) -> PathBuf {
        self.path().join("xdg/config/rpa/tui.toml")
    }

    fn terminal_env(&self) -> Vec<(String, String)> {
        let below = |dir: &str| self.path().join(dir).display().to_string();
        let pairs = [
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", below("")),
            ("XDG_CONFIG_HOME", below("xdg/config")),
            ("XDG_DATA_HOME", below("xdg/data")),
            ("XDG_STATE_HOME", below("xdg/state")),
            ("XDG_CACHE_HOME", below("xdg/cache")),
            ("RPA_SOCKET", self.socket().display().to_string()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
            ("TZ", "UTC".to_owned()),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value)).to_vec()
    }
}

impl Console {
    fn start(command: CommandBuilder, (cols, rows): Size, rate: Option<u32>) -> Console {
        let pair = native_pty_system().openpty(pty_size((cols, rows))).expect("a terminal");
        let reader = pair.master.try_clone_reader().expect("the terminal's output");
        let writer = pair.master.take_writer().expect("the terminal's input");
        let (raw, parser, last) = (Vec::new(), parser((cols, rows)), Instant::now());
        let output = Output { raw, parser, last, closing: false };
        let seen = Arc::new(Seen { output: Mutex::new(output), more: Condvar::new() });
        let child = pair.slave.spawn_command(command).expect("the program starts");
        // with our own end open, the terminal would outlive the program
        drop(pair.slave);
        let taker = Arc::clone(&seen);
        // ends when nobody has the terminal any more
        let reader = thread::spawn(move || taker.take_all(reader, rate));
        let pty = Some(Pty { master: pair.master, writer, reader });
        Console { child, ended: None, pty, seen }
    }

    /// Characters, or one [`Key`].
    ///
    /// After [`Key::Esc`] wait for what it does: with what follows at once, it would
    /// be another key.
    pub fn press(&mut self, keys: impl Into<Keys>) {
        let Keys(bytes) = keys.into();
        let pty = self.pty.as_mut().expect("the terminal is open");
        pty.writer.write_all(&bytes).and_then(|()| pty.writer.flush()).expect("keys are taken");
    }

    /// As a terminal with bracketed paste sends it.
    pub fn paste(&mut self, text: &str) {
        self.press(format!("\x1b[200~{text}\x1b[201~").as_str());
    }

    pub fn resize(&mut self, size: Size) {
        // first the screen: what is painted for the new size must find it
        let (rows, cols) = screen_size(size);
        self.seen.lock().parser.screen_mut().set_size(rows, cols);
        let pty = self.pty.as_ref().expect("the terminal is open");
        pty.master.resize(pty_size(size)).expect("another size");
    }

    /// Closes the terminal, as a window is closed or a connection is cut.
    pub fn hang_up(&mut self) {
        let pty = self.pty.take().expect("the terminal is open");
        self.seen.lock().closing = true;
        // wakes the reader up, as if the program had written it
        let other_end = pty.master.tty_name().expect("its name");
        let not_ours = i32::try_from(OFlags::NOCTTY.bits()).expect("a flag");
        let mut other_end = File::options()
            .write(true)
            .custom_flags(not_ours)
            .open(other_end)
            .expect("its other end");
        other_end.write_all(b"\0").expect("a byte");
        pty.reader.join().expect("the reader ends");
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("the program was started")
    }

    /// # Panics
    /// When it has been seen to end.
    pub fn signal(&self, signal: Signal) {
        assert_eq!(self.ended, None, "it has ended");
        // a child that was not waited for keeps its pid
        let pid = i32::try_from(self.pid()).ok().and_then(Pid::from_raw);
        kill_process(pid.expect("a pid"), signal).expect("it is there");
    }

    /// The rows of the screen.
    pub fn screen(&self) -> String {
        text(self.seen.lock().parser.screen())
    }

    /// What the screen is besides text: colours, cursor, modes.
    pub fn look<T>(&self, ask: impl FnOnce(&Screen) -> T) -> T {
        ask(self.seen.lock().parser.screen())
    }

    /// Everything that was written so far.
    pub fn raw(&self) -> Vec<u8> {
        self.seen.lock().raw.clone()
    }

    /// How much was written so far.
    pub fn bytes(&self) -> u64 {
        self.seen.lock().raw.len() as u64
    }

    /// Waits until the text stands on the screen; returns the screen.
    ///
    /// # Panics
    /// When it does not in time.
    pub fn wait_for(&self, wanted: &str) -> String {
        self.wait_until(&format!("{wanted:?} is on the screen"), |screen| screen.contains(wanted))
    }

    /// Waits until the text no longer stands on the screen; returns the screen.
    ///
    /// # Panics
    /// When it stays there.
    pub fn wait_gone(&self, unwanted: &str) -> String {
        self.wait_until(&format!("{unwanted:?} is gone"), |screen| !screen.contains(unwanted))
    }

    /// Waits until the screen is as asked for; returns it.
    ///
    /// # Panics
    /// When it is not in time.
    pub fn wait_until(&self, what: &str, mut is_so: impl FnMut(&str) -> bool) -> String {
        self.wait(what, |output| {
            let screen = text(output.parser.screen());
            is_so(&screen).then_some(screen)
        })
    }

    /// Waits until what was written has what is asked for.
    ///
    /// # Panics
    /// When it has not in time.
    pub fn wait_raw<T>(&self, what: &str, mut ask: impl FnMut(&[u8]) -> Option<T>) -> T {
        self.wait(what, |output| ask(&output.raw))
    }

    /// Waits until nothing has been written for as long.
    ///
    /// # Panics
    /// When it never stops.
    pub fn settle(&self, quiet: Duration) {
        let deadline = Instant::now() + PATIENCE;
        let mut output = self.seen.lock();
        loop {
            let since = output.last.elapsed();
            if since >= quiet {
                return;
            }
            assert!(Instant::now() < deadline, "never still for {quiet:?}:\n{}", output.shown());
            output = self.seen.wait(output, quiet - since);
        }
    }

    /// What is written within this time; returns as soon as something is. `None` is
    /// what a test of silence wants.
    pub fn next_bytes(&self, window: Duration) -> Option<Vec<u8>> {
        let deadline = Instant::now() + window;
        let mut output = self.seen.lock();
        let before = output.raw.len();
        loop {
            if output.raw.len() > before {
                return Some(output.raw[before..].to_vec());
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            output = self.seen.wait(output, left);
        }
    }

    /// Waits for an end that comes by itself.
    ///
    /// # Panics
    /// When it does not come.
    pub fn wait_exit(&mut self) -> Ended {
        let ended = eventually(&format!("the program ends:\n{}", self.screen()), || self.ended());
        // what it wrote last may still be on its way to us: all of it is here when nobody has
        // the terminal any more, unless somebody it has started keeps it
        let begun = Instant::now();
        let is_all_here = |pty: &Pty| pty.reader.is_finished();
        while !self.pty.as_ref().is_none_or(is_all_here) && begun.elapsed() < LAST_WORDS {
            thread::sleep(Duration::from_millis(2));
        }
        self.settle(Duration::from_millis(50));
        ended
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<Ended> {
        if self.ended.is_none() {
            let status = self.child.try_wait().expect("wait");
            self.ended = status.map(|status| Ended {
                code: status.exit_code(),
                signal: status.signal().map(str::to_owned),
            });
        }
        self.ended.clone()
    }

    fn wait<T>(&self, what: &str, mut ask: impl FnMut(&Output) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut output = self.seen.lock();
        loop {
            if let Some(answer) = ask(&output) {
                return answer;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "not within {PATIENCE:?}: {what}\n{}", output.shown());
            output = self.seen.wait(output, left);
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.signal(Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Console");
        shown.field("ended", &self.ended).field("screen", &self.screen()).finish_non_exhaustive()
    }
}

impl Seen {
    /// A line that is thin carries a little at a time: what it has not taken waits with the
    /// program that writes.
    fn take_all(&self, mut reader: Box<dyn Read + Send>, rate: Option<u32>) {
        let mut buffer = vec![0; if rate.is_some() { 256 } else { 1 << 16 }];
        // an error: the other end is gone
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            if let Some(rate) = rate {
                thread::sleep(Duration::from_secs_f64(count as f64 / f64::from(rate)));
            }
            let mut output = self.lock();
            output.raw.extend_from_slice(&buffer[..count]);
            output.parser.process(&buffer[..count]);
            output.last = Instant::now();
            let closing = output.closing;
            drop(output);
            self.more.notify_all();
            if closing {
                return;
            }
        }
    }

    /// A test that failed while it held the lock changed nothing.
    fn lock(&self) -> MutexGuard<'_, Output> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, output: MutexGuard<'a, Output>, most: Duration) -> MutexGuard<'a, Output> {
        self.more.wait_timeout(output, most).unwrap_or_else(PoisonError::into_inner).0
    }
}

impl Output {
    /// For messages of failures.
    fn shown(&self) -> String {
        let screen = self.parser.screen();
        let (rows, cols) = screen.size();
        let line = "-".repeat(usize::from(cols.get()));
        format!("{cols}x{rows}, {} bytes:\n{line}\n{}{line}", self.raw.len(), text(screen))
    }
}

/// Every row, also the empty ones, without the blanks at its end.
fn text(screen: &Screen) -> String {
    let (_, cols) = screen.size();
    screen.rows(0, cols.get()).map(|row| format!("{}\n", row.trim_end())).collect()
}

fn parser(size: Size) -> Parser {
    let (rows, cols) = screen_size(size);
    Parser::new(rows, cols, 0)
}

fn screen_size((cols, rows): Size) -> (NonZeroU16, NonZeroU16) {
    let whole = |cells| NonZeroU16::new(cells).expect("a terminal has cells");
    (whole(rows), whole(cols))
}

fn pty_size((cols, rows): Size) -> PtySize {
    PtySize { rows, cols, ..PtySize::default() }
}
