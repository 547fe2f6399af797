//! How far long work is, on standard error: one line that is written over on a terminal,
//! elsewhere a line now and then, so that a log of hours stays short.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often a terminal is written to.
const REDRAWN: Duration = Duration::from_millis(200);
/// How often anything else is: what takes less says nothing.
const LOGGED: Duration = Duration::from_secs(5);

/// The line of one piece of work. Its end takes it away again.
pub struct Progress {
    /// `None`: nobody is to be told.
    to: Option<Box<dyn Write + Send>>,
    terminal: bool,
    last: Option<Instant>,
    shown: bool,
}

impl Progress {
    /// For a person at standard error, or whatever keeps it.
    pub fn stderr() -> Progress {
        let plain = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        Progress::to(Box::new(io::stderr()), io::stderr().is_terminal() && !plain)
    }

    /// Says nothing, for scripts.
    pub fn silent() -> Progress {
        Progress { to: None, terminal: false, last: None, shown: false }
    }

    fn to(to: Box<dyn Write + Send>, terminal: bool) -> Progress {
        Progress { to: Some(to), terminal, last: None, shown: false }
    }

    /// What is done of what, when it is time to say so; short, and harmless to a terminal.
    pub fn tell(&mut self, text: impl FnOnce() -> String) {
        self.tell_at(Instant::now(), text);
    }

    /// The first word on a terminal comes at once, elsewhere after a while.
    fn tell_at(&mut self, now: Instant, text: impl FnOnce() -> String) {
        let pause = if self.terminal { REDRAWN } else { LOGGED };
        let due = match self.last {
            Some(last) => now.saturating_duration_since(last) >= pause,
            None => {
                self.last = Some(now);
                self.terminal
            }
        };
        let Some(to) = self.to.as_mut().filter(|_| due) else { return };
        self.last = Some(now);
        let text = text();
        // a closed standard error is no reason to stop working
        let _ = match self.terminal {
            true => write!(to, "\r{text}\x1b[K"),
            false => writeln!(to, "{text}"),
        };
        let _ = to.flush();
        self.shown = self.terminal;
    }

    /// Takes the line away, so that others stand in its place.
    pub fn clear(&mut self) {
        if let Some(to) = self.to.as_mut().filter(|_| self.shown) {
            let _ = write!(to, "\r\x1b[K").and_then(|()| to.flush());
        }
        self.shown = false;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Progress").field("terminal", &self.terminal).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What was written for words at these milliseconds.
    fn written(terminal: bool, at: &[u64]) -> String {
        let shared = Shared::default();
        let began = Instant::now();
        let mut progress = Progress::to(Box::new(shared.clone()), terminal);
        for ms in at {
            progress.tell_at(began + Duration::from_millis(*ms), || format!("{ms} of 9"));
        }
        drop(progress);
        let bytes = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn a_terminal_has_one_line_that_goes_in_the_end() {
        let seen = written(true, &[0, 100, 250, 300]);
        assert_eq!(seen, "\r0 of 9\x1b[K\r250 of 9\x1b[K\r\x1b[K");
    }

    #[test]
    fn a_log_has_a_line_now_and_then_and_of_short_work_none() {
        assert_eq!(written(false, &[0, 100, 4_999]), "");
        assert_eq!(written(false, &[0, 5_000, 6_000, 10_500]), "5000 of 9\n10500 of 9\n");
    }
}
