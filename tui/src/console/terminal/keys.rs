//! Keys, from a thread of their own.
//!
//! crossterm's reader waits inside a sequence that has begun, and goes round and
//! round on a terminal that was hung up: neither may happen on the loop's thread,
//! and the second not at all.

use std::io;
use std::thread;
use std::time::Duration;

use crossterm::event::{self, Event};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;
use tokio::sync::mpsc;

/// More keys than a person types while the loop paints; the rest of a flood waits
/// in the terminal.
const QUEUE: usize = 256;

/// Keys and pastes as they come. Closed when the terminal is gone: a hang-up's
/// signal does not reach everybody who lives on it.
pub fn keys() -> mpsc::Receiver<Event> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    // it ends with the process: nobody can call it back from its read
    thread::spawn(move || {
        // why it ended does not matter: no key will come
        let _ = read(&sender);
    });
    receiver
}

fn read(keys: &mpsc::Sender<Event>) -> io::Result<()> {
    let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
    while has_input()? {
        keys.blocking_send(event::read()?).map_err(|_| gone())?;
        // those that came with it
        while event::poll(Duration::ZERO)? {
            keys.blocking_send(event::read()?).map_err(|_| gone())?;
        }
    }
    Ok(())
}

/// Waits for bytes; `false` when the terminal was hung up.
fn has_input() -> io::Result<bool> {
    let input = stdin();
    loop {
        let mut terminal = [PollFd::new(&input, PollFlags::IN)];
        match poll(&mut terminal, None) {
            Ok(_) => {
                let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
                return Ok(!terminal[0].revents().intersects(gone));
            }
            Err(Errno::INTR) => {}
            Err(e) => return Err(e.into()),
        }
    }
}
