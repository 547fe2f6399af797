//! Commands of `rpa` in the console: their arguments in a form, what they print in a
//! reader.

mod composer;
mod reader;

pub use composer::{Composer, Slot, candidates};
pub use reader::{Asked, Printed, Reader, Told};

pub(super) use composer::{key as composer_key, open as compose, paste as composer_paste};
pub(super) use reader::{key as reader_key, paste as reader_paste, printed, start};
