//! The terminal: taken, painted on, and given back as it was.
//!
//! [`Guard`] takes it and gives it back, whatever ends the program. [`Screen`]
//! makes the bytes of a frame from what a view paints, [`Writer`] hands them over.
//! [`keys`] are read by a thread of their own, [`Signals`] come from outside.

mod clipboard;
mod guard;
mod keys;
mod screen;
mod signals;
mod sink;
mod writer;

pub use clipboard::Between;
pub use guard::{Guard, can_suspend, mouse, restore_on_panic, stop_or_go_on, stop_the_group};
pub use keys::{Keys, keys};
pub use screen::Screen;
pub use signals::{Signal, Signals};
pub use writer::Writer;

/// Columns and rows; a serial line does not know its size.
pub fn size() -> (u16, u16) {
    match rustix::termios::tcgetwinsize(rustix::stdio::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
        _ => (80, 24),
    }
}
