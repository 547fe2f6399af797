//! What a person reads: lines of styled, harmless text.
//!
//! Nothing reaches a terminal except through [`Line`], and every text that goes
//! into a [`Line`] passes [`crate::text::sanitize`]: there is no second way.

mod beside;
mod calls;
mod line;
mod look;
mod status;
mod table;

pub use beside::beside;
pub use calls::{ALONE, Calls};
pub use line::{Line, Style};
pub use look::Look;
pub use rpa_ipc::size;
pub use status::{glyph, status};
pub use table::{Column, Table};

pub use crate::text::{
    ago, cells, clock, count, duration, fit, json_safe, local, number, sanitize, took, wrapped,
};
