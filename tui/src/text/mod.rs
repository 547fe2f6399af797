//! Texts that both the command line and the console need: made harmless, measured
//! in cells, numbers, times and durations, the locale.

mod locale;
mod number;
mod sanitize;
mod shell;
mod time;
mod width;
mod wrap;

pub use locale::is_utf8;
pub use number::number;
pub use sanitize::{is_dangerous, json_safe, sanitize};
pub use shell::quoted;
pub use time::{ago, clock, duration, local, took};
pub use width::{cells, fit};
pub use wrap::wrapped;
