//! Signals; being stopped and continued like any other job of a shell; the terminal lent to
//! an editor.

use std::io;
use std::process::ExitStatus;

use rustix::process::{Pid, Signal as Os, kill_process};

use super::console::Console;
use crate::cli::exit::Exit;
use crate::console::state::{Edited, Msg};
use crate::console::terminal::{self, Signal};

/// 128 and the signal's number, as a shell says it of a program that it ended.
const SIGNALLED: u8 = 128;
/// The terminal is gone, whether its signal reached us or not.
pub(super) const GONE: Exit = Exit(SIGNALLED + 1);

impl Console {
    pub(super) fn signal(&mut self, signal: Signal) -> Option<Exit> {
        match signal {
            // what is typed in an editor is for the editor
            Signal::End(number) if self.handed.is_some() && is_typed(number) => None,
            Signal::End(number) => {
                self.end_handed();
                Some(Exit(SIGNALLED + number))
            }
            // the editor has stopped, and the shell waits for all of us
            Signal::Suspend if self.handed.is_some() => {
                terminal::stop_or_go_on();
                None
            }
            Signal::Continue if self.handed.is_some() => None,
            Signal::Suspend => self.suspend(),
            Signal::Continue => self.go_on(),
            Signal::Resized => {
                let (width, height) = terminal::size();
                self.take(vec![Msg::Resize(width, height)])
            }
        }
    }

    /// Only where there is a shell that can wake us up again.
    pub(super) fn suspend(&mut self) -> Option<Exit> {
        if terminal::can_suspend() {
            self.stopping = true;
            return None;
        }
        self.take(vec![Msg::CannotSuspend])
    }

    /// Stops here. What follows comes with SIGCONT, as after a stop by others.
    pub(super) async fn stop(&mut self) -> Option<Exit> {
        self.stopping = false;
        self.writer.finish().await;
        self.stopped = true;
        self.guard.lend();
        match terminal::stop_the_group() {
            Ok(()) => None,
            Err(_) => self.go_on(),
        }
    }

    /// Lends the terminal to another program. Nothing is painted and no key is read until
    /// it has ended; what the daemon tells is taken in as ever.
    pub(super) async fn hand(&mut self) -> Option<Exit> {
        let job = self.handing.take()?;
        self.writer.finish().await;
        self.keys.pause();
        self.stopped = true;
        self.guard.lend();
        match job.start() {
            Ok(handed) => {
                self.handed = Some(handed);
                None
            }
            Err(edited) => self.came_back(*edited),
        }
    }

    /// The program has ended.
    pub(super) fn take_back(&mut self, status: io::Result<ExitStatus>) -> Option<Exit> {
        let handed = self.handed.take()?;
        self.came_back(handed.ended(status))
    }

    fn came_back(&mut self, edited: Edited) -> Option<Exit> {
        self.keys.go_on();
        let exit = self.go_on();
        exit.or_else(|| self.take(vec![Msg::Edited(Box::new(edited))]))
    }

    /// Whoever ends us ends what works for us; its file stays.
    fn end_handed(&mut self) {
        let pid = self.handed.as_ref().and_then(|handed| handed.child.id());
        let pid = pid.and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
        if let Some(pid) = pid {
            // it may have ended by itself
            let _ = kill_process(pid, Os::TERM);
        }
    }

    /// The terminal is ours again, and nobody knows what was done with it.
    fn go_on(&mut self) -> Option<Exit> {
        if self.guard.retake().is_err() {
            return Some(GONE);
        }
        self.stopped = false;
        self.screen.redraw();
        let (width, height) = terminal::size();
        self.take(vec![Msg::Resize(width, height), Msg::Resumed])
    }
}

/// Signals that a terminal makes of keys: SIGINT and SIGQUIT.
fn is_typed(number: u8) -> bool {
    [Os::INT, Os::QUIT].iter().any(|signal| i32::from(number) == signal.as_raw())
}
