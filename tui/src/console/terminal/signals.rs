//! Signals that the console heeds.

use std::io;

use tokio::signal::unix::{self, SignalKind, signal};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The number of one that ends the program.
    End(u8),
    /// SIGTSTP: stop, as Ctrl-Z does.
    Suspend,
    /// SIGCONT: the terminal may be ours again.
    Continue,
    /// SIGWINCH: the terminal may have another size.
    Resized,
}

#[derive(Debug)]
pub struct Signals {
    terminate: unix::Signal,
    hang_up: unix::Signal,
    interrupt: unix::Signal,
    quit: unix::Signal,
    stop: unix::Signal,
    go_on: unix::Signal,
    size: unix::Signal,
}

impl Signals {
    /// From now on they do nothing but come here.
    pub fn listen() -> io::Result<Signals> {
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            stop: signal(raw(rustix::process::Signal::TSTP))?,
            go_on: signal(raw(rustix::process::Signal::CONT))?,
            size: signal(SignalKind::window_change())?,
        })
    }

    pub async fn next(&mut self) -> Signal {
        let end = |kind: SignalKind| {
            // signal numbers are small
            Signal::End(u8::try_from(kind.as_raw_value()).unwrap_or(u8::MAX))
        };
        tokio::select! {
            biased;
            _ = self.terminate.recv() => end(SignalKind::terminate()),
            _ = self.hang_up.recv() => end(SignalKind::hangup()),
            _ = self.interrupt.recv() => end(SignalKind::interrupt()),
            _ = self.quit.recv() => end(SignalKind::quit()),
            _ = self.go_on.recv() => Signal::Continue,
            _ = self.stop.recv() => Signal::Suspend,
            _ = self.size.recv() => Signal::Resized,
        }
    }
}

fn raw(signal: rustix::process::Signal) -> SignalKind {
    SignalKind::from_raw(signal.as_raw())
}
