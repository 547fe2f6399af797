//! Keys, from a thread of their own.
//!
//! crossterm's reader waits inside a sequence that has begun, and on a terminal that
//! was hung up it goes round and round for ever. The loop may do neither; and when
//! the terminal is gone a second thread says so, to make an end of both.

use std::thread;

use crossterm::event::{self, Event};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;
use tokio::sync::mpsc;

/// More keys than a person types while the loop paints; the rest of a flood waits
/// in the terminal.
const QUEUE: usize = 256;

/// Keys and pastes as they come; `None` when the terminal is gone. A hang-up's signal
/// does not reach everybody who lives on it.
///
/// The threads end with the process: nobody can call them back.
pub fn keys() -> mpsc::Receiver<Option<Event>> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let hang_up = sender.clone();
    thread::spawn(move || {
        while let Ok(event) = event::read() {
            if sender.blocking_send(Some(event)).is_err() {
                return;
            }
        }
        let _ = sender.blocking_send(None);
    });
    thread::spawn(move || {
        wait_for_hang_up();
        let _ = hang_up.blocking_send(None);
    });
    receiver
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
