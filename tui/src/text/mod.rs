//! Texts that both the command line and the console need: made harmless, measured
//! in cells, numbers, times and durations, the locale.

mod bars;
mod locale;
pub mod moment;
mod needle;
mod number;
mod reason;
mod sanitize;
mod shell;
mod sign;
mod time;
mod width;
mod wrap;

pub use bars::bars;
pub use locale::is_utf8;
pub use needle::column_for;
pub use number::{count, number};
pub use reason::reason;
pub use sanitize::{is_dangerous, json_safe, sanitize};
pub use shell::quoted;
pub use sign::{FATES, Feel, LATE_MS, OUTCOMES, Sign, TRIGGER_STATUSES, sign};
pub use time::{ago, clock, duration, local, took};
pub use width::{cells, fit};
pub use wrap::{hanging, wrapped};
