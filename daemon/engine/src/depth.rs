//! Reading nested documents within a bound.
//!
//! A positional codec recurses with the document, and what comes over a socket may
//! nest as deep as a frame has bytes: without a bound that is the end of the stack,
//! and of the process.

use std::cell::Cell;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Deepest nesting that is read. Documents have at most `MAX_DEPTH` levels where
/// they come in; sealing and journaling add some.
const DEEPEST: usize = 4 * crate::value::MAX_DEPTH;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// One level, given back however the reading ends.
struct Level;

impl Level {
    fn enter() -> Option<Level> {
        DEPTH.with(|depth| {
            let now = depth.get();
            (now < DEEPEST).then(|| {
                depth.set(now + 1);
                Level
            })
        })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}

/// For the fields of a type through which it contains itself.
pub fn bounded<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let Some(_level) = Level::enter() else {
        return Err(D::Error::custom(format_args!("nested deeper than {DEEPEST} levels")));
    };
    T::deserialize(deserializer)
}
