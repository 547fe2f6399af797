//! Signals, and being stopped and continued like any other job of a shell.

use super::console::Console;
use crate::cli::exit::Exit;
use crate::console::state::Msg;
use crate::console::terminal::{self, Signal};

/// 128 and the signal's number, as a shell says it of a program that it ended.
const SIGNALLED: u8 = 128;
/// The terminal is gone, whether its signal reached us or not.
pub(super) const GONE: Exit = Exit(SIGNALLED + 1);

impl Console {
    pub(super) fn signal(&mut self, signal: Signal) -> Option<Exit> {
        match signal {
            Signal::End(number) => Some(Exit(SIGNALLED + number)),
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
