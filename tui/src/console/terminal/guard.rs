//! Taking the terminal and giving it back.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use rustix::stdio::{stdin, stdout};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::write_all::write_all;

/// Left on by a program that crashed, these would make every movement of the mouse
/// look like keys: buttons, drags, movements, and the form of the reports.
const MOUSE_OFF: &str = "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l";
/// Presses and the wheel, in the form without limits. Never movements.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
/// Whether the mouse is ours while the terminal is.
static MOUSE: AtomicBool = AtomicBool::new(false);
/// Alternate screen, bracketed paste, no cursor.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?25l";
/// Ends a frame that was cut off, then everything of [`ENTER`], backwards.
const LEAVE: &str = "\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?1049l\x1b[?25h";

/// A terminal that takes nothing any more must not keep the program from ending.
const PATIENCE: Duration = Duration::from_secs(1);

/// How the terminal was before; `None` while it is not ours.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// The terminal is ours as long as this lives.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    pub fn take() -> io::Result<Guard> {
        enter()?;
        Ok(Guard(()))
    }

    /// Takes it again, after a stop, or after somebody else had stopped us.
    pub fn retake(&self) -> io::Result<()> {
        enter()
    }

    /// Gives it back for the time being.
    pub fn lend(&self) {
        restore();
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// A panic shows on the terminal that the shell knows.
pub fn restore_on_panic() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        restore();
        report(info);
    }));
}

/// Whether there is a shell that would wake us up again: it gives each job a process
/// group, so that ours is not the one of the session's leader.
pub fn can_suspend() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

/// Returns when we have been continued. The whole group, and by the signal that
/// cannot be held up: a wrapper that runs us stops as well, and the shell sees it.
pub fn stop_the_group() -> io::Result<()> {
    Ok(kill_current_process_group(Signal::STOP)?)
}

/// Another program has stopped, and it is in our group: we stop with it. Where nobody
/// could wake us up, it goes on instead.
pub fn stop_or_go_on() {
    let signal = if can_suspend() { Signal::STOP } else { Signal::CONT };
    // nothing could be done about it
    let _ = kill_current_process_group(signal);
}

fn enter() -> io::Result<()> {
    let mut before = before();
    let now = tcgetattr(stdin())?;
    let mut raw = now.clone();
    raw.make_raw();
    // remembered once: the second time it may be ours already
    before.get_or_insert(now);
    tcsetattr(stdin(), OptionalActions::Now, &raw)?;
    write_all(stdout(), entering().as_bytes())
}

/// Nothing when the terminal is not ours: it may be called any number of times.
fn restore() {
    let Some(before) = before().take() else { return };
    let (done, written) = mpsc::channel();
    thread::spawn(move || {
        // a terminal that is gone needs no restoring
        let _ = write_all(stdout(), leaving().as_bytes());
        let _ = done.send(());
    });
    let _ = written.recv_timeout(PATIENCE);
    let _ = tcsetattr(stdin(), OptionalActions::Now, &before);
}

/// Says whether the mouse shall be ours whenever the terminal is; what to write so that it
/// becomes so now.
pub fn mouse(on: bool) -> &'static str {
    MOUSE.store(on, Ordering::Relaxed);
    if on { MOUSE_ON } else { MOUSE_OFF }
}

fn entering() -> String {
    let mouse = if MOUSE.load(Ordering::Relaxed) { MOUSE_ON } else { "" };
    format!("{MOUSE_OFF}{ENTER}{mouse}")
}

/// Mouse modes once more at the end: some terminals keep them per screen.
fn leaving() -> String {
    format!("{LEAVE}{MOUSE_OFF}")
}

/// A panic while it was held changes nothing about what it holds.
fn before() -> MutexGuard<'static, Option<Termios>> {
    BEFORE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_turned_on_is_turned_off_in_the_opposite_order() {
        let on: Vec<&str> = ENTER.split('\x1b').skip(1).collect();
        let off: Vec<String> = on.iter().rev().map(|mode| opposite(mode)).collect();
        let left: Vec<&str> = LEAVE.split('\x1b').skip(3).collect();
        // the cursor last: it belongs to the screen that comes back
        assert_eq!(left, [&*off[1], &*off[2], &*off[0]]);
    }

    fn opposite(mode: &str) -> String {
        match mode.strip_suffix('h') {
            Some(stem) => format!("{stem}l"),
            None => format!("{}h", mode.strip_suffix('l').expect("a mode")),
        }
    }

    #[test]
    fn mouse_modes_are_off_before_and_after_the_alternate_screen() {
        let place = |text: &str, mode: &str| text.find(mode).unwrap_or_else(|| panic!("{mode}"));
        for mode in ["1000", "1002", "1003", "1006"] {
            let mode = format!("\x1b[?{mode}l");
            assert!(place(&entering(), &mode) < place(&entering(), "\x1b[?1049h"));
            assert!(place(&leaving(), &mode) > place(&leaving(), "\x1b[?1049l"));
        }
        assert!(leaving().starts_with("\x1b[?2026l"), "a frame is not left open");
    }

    #[test]
    fn the_mouse_is_taken_only_when_it_is_wanted() {
        assert!(!entering().contains("h\x1b[?1006h"), "off by itself");
        assert_eq!(mouse(true), "\x1b[?1000h\x1b[?1006h");
        let on = entering();
        assert!(on.ends_with(MOUSE_ON), "{on:?}");
        assert!(!on.contains("?1002h") && !on.contains("?1003h"), "never movements: {on:?}");
        assert_eq!(mouse(false), MOUSE_OFF);
        assert!(!entering().contains("?1000h"));
    }

    #[test]
    fn what_is_not_ours_is_not_restored() {
        // would write to the terminal of whoever runs the tests
        restore();
        assert!(before().is_none());
    }
}
