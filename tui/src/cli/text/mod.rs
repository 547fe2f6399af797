//! What a person reads: lines of styled, harmless text.
//!
//! Nothing reaches a terminal except through [`Line`], and every text that goes
//! into a [`Line`] passes [`sanitize`]: there is no second way.

mod line;
mod look;
mod sanitize;
mod status;
mod table;
mod time;
mod width;

pub use line::{Line, Style};
pub use look::Look;
pub use sanitize::{json_safe, sanitize};
pub use status::status;
pub use table::{Column, Table};
pub use time::{ago, clock, duration, local, took};
pub use width::{cells, fit};
