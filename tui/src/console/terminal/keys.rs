//! Keys, from a thread of their own.
//!
//! crossterm's reader waits inside a sequence that has begun, and on a terminal that
//! was hung up it goes round and round for ever. The loop may do neither; and when
//! the terminal is gone a second thread says so, to make an end of both.
//!
//! While another program has the terminal, nothing of what is typed is read here: it is
//! not for us. So the reader itself waits for input beside a word from the loop.

use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crossterm::event::{self, Event};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::stdio::stdin;
use tokio::sync::mpsc;

/// More keys than a person types while the loop paints; the rest of a flood waits
/// in the terminal.
const QUEUE: usize = 256;
/// How long is waited until the reader has stopped: a sequence that was cut off could keep
/// it for ever.
const PATIENCE: Duration = Duration::from_secs(1);
/// Asked without any time, crossterm does not look at the keys that it has read already.
const A_MOMENT: Duration = Duration::from_millis(1);

/// Keys and pastes as they come; `None` when the terminal is gone. A hang-up's signal
/// does not reach everybody who lives on it.
///
/// The threads end with the process: nobody can call them back.
#[derive(Debug)]
pub struct Keys {
    pub events: mpsc::Receiver<Option<Event>>,
    turn: Arc<Turn>,
    /// A byte in it wakes the reader up.
    wake: OwnedFd,
}

/// Whose turn it is to read.
#[derive(Debug, Default)]
struct Turn {
    at: Mutex<At>,
    changed: Condvar,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    #[default]
    Reading,
    /// The reader shall stop.
    Asked,
    /// It has stopped.
    Stopped,
}

pub fn keys() -> std::io::Result<Keys> {
    let (sender, events) = mpsc::channel(QUEUE);
    // no editor needs it
    let (woken, wake) = pipe_with(PipeFlags::CLOEXEC)?;
    let turn = Arc::new(Turn::default());
    let (hang_up, its_turn) = (sender.clone(), Arc::clone(&turn));
    thread::spawn(move || {
        while wait(&woken, &its_turn) && read_all(&sender) {}
        let _ = sender.blocking_send(None);
    });
    thread::spawn(move || {
        wait_for_hang_up();
        let _ = hang_up.blocking_send(None);
    });
    Ok(Keys { events, turn, wake })
}

impl Keys {
    /// From now on the terminal's input is somebody else's.
    pub fn pause(&self) {
        let mut at = self.turn.lock();
        if *at != At::Reading {
            return;
        }
        *at = At::Asked;
        let _ = rustix::io::write(&self.wake, b"!");
        let is_on = |at: &mut At| *at == At::Asked;
        let _ = self.turn.changed.wait_timeout_while(at, PATIENCE, is_on);
    }

    /// It is ours again.
    pub fn go_on(&self) {
        *self.turn.lock() = At::Reading;
        self.turn.changed.notify_all();
    }
}

impl Turn {
    /// A panic while it was held changes nothing about what it holds.
    fn lock(&self) -> MutexGuard<'_, At> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for input, and through a pause; whether there may be something to read.
fn wait(woken: &OwnedFd, turn: &Turn) -> bool {
    let input = stdin();
    loop {
        let mut ends = [PollFd::new(&input, PollFlags::IN), PollFd::new(woken, PollFlags::IN)];
        match poll(&mut ends, None) {
            Err(Errno::INTR) => continue,
            Err(_) => return false,
            Ok(_) => {}
        }
        let is_woken = !ends[1].revents().is_empty();
        if !is_woken {
            return true;
        }
        let _ = rustix::io::read(woken, &mut [0; 16]);
        let mut at = turn.lock();
        if *at == At::Asked {
            *at = At::Stopped;
            turn.changed.notify_all();
        }
        while *at != At::Reading {
            at = turn.changed.wait(at).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// All keys of the input that is there: one read may have brought several.
fn read_all(sender: &mpsc::Sender<Option<Event>>) -> bool {
    loop {
        let Ok(event) = event::read() else { return false };
        if sender.blocking_send(Some(event)).is_err() {
            return false;
        }
        match event::poll(A_MOMENT) {
            Ok(true) => {}
            Ok(false) => return true,
            Err(_) => return false,
        }
    }
}

/// Hang-ups and errors are told without being asked for; input is not, so that
/// nothing wakes up here before the end.
fn wait_for_hang_up() {
    let input = stdin();
    loop {
        match poll(&mut [PollFd::new(&input, PollFlags::empty())], None) {
            Err(Errno::INTR) => {}
            Ok(_) | Err(_) => return,
        }
    }
}
