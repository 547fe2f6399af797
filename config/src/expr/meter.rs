//! What an expression may read and make.
//!
//! Everything is counted in bytes: texts by their length, list items and map
//! entries [`NODE`] more each. Reading stands for time and making for memory;
//! neither is ever given back, so what an expression does at all is bounded, in
//! whatever order it does it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use minijinja::value::{Object, Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

use super::limits::{MAX_MADE, MAX_WORK, MAX_WORK_ITEMS, NODE};

/// Under what the meter lies in the scope. No expression can write this name.
pub(super) const METER: &str = "meter()";

#[derive(Debug)]
pub(super) struct Meter {
    /// Whether what is read counts for all expressions of a call together.
    shared: bool,
    work: AtomicUsize,
    made: AtomicUsize,
    /// What the operands of `+` added up to so far.
    terms: AtomicUsize,
}

impl Object for Meter {}

impl Meter {
    /// A meter for each expression by itself, or for those of all items.
    pub(super) fn new(shared: bool) -> Meter {
        let [work, made, terms] = Default::default();
        Meter { shared, work, made, terms }
    }

    pub(super) fn of(state: &State<'_, '_>) -> Result<Arc<Meter>, Error> {
        state
            .lookup(METER)
            .and_then(|value| value.downcast_object::<Meter>())
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "not in an evaluation"))
    }

    /// Begins the next expression: what the one before made is gone.
    pub(super) fn begin(&self) {
        if !self.shared {
            self.work.store(0, Ordering::Relaxed);
        }
        self.made.store(0, Ordering::Relaxed);
        self.terms.store(0, Ordering::Relaxed);
    }

    /// Counts `bytes` that are about to be read.
    pub(super) fn read(&self, bytes: usize) -> Result<(), Error> {
        let limit = if self.shared { MAX_WORK_ITEMS } else { MAX_WORK };
        add(&self.work, bytes, limit, "the expression takes too long")
    }

    /// Counts `bytes` that are about to be made.
    pub(super) fn make(&self, bytes: usize) -> Result<(), Error> {
        self.read(bytes)?;
        add(&self.made, bytes, MAX_MADE, "the expression makes too much data")
    }

    /// Counts an operand of `+`: it is copied, and so is the sum so far.
    pub(super) fn add_term(&self, bytes: usize) -> Result<(), Error> {
        self.make(bytes)?;
        let so_far = self.terms.fetch_add(bytes, Ordering::Relaxed);
        self.read(so_far)
    }

    /// Counts `value` with all that is in it, however often it is in it.
    pub(super) fn read_deep(&self, value: &Value) -> Result<(), Error> {
        self.read(size(value))?;
        match value.kind() {
            ValueKind::Seq | ValueKind::Iterable => {
                value.try_iter()?.checked().try_for_each(|item| self.read_deep(&item?))
            }
            ValueKind::Map => value.try_iter()?.checked().try_for_each(|key| {
                let key = key?;
                self.read_deep(&key)?;
                self.read_deep(&value.get_item(&key)?)
            }),
            _ => Ok(()),
        }
    }

    /// Counts putting `keys` in order: each is compared some log2(n) times, and
    /// comparing without regard to case is slow.
    pub(super) fn sort(&self, keys: &[Value]) -> Result<(), Error> {
        let before = self.work.load(Ordering::Relaxed);
        keys.iter().try_for_each(|key| self.read_deep(key))?;
        let once = self.work.load(Ordering::Relaxed) - before;
        self.read(once.saturating_mul(2 * (keys.len().max(1).ilog2() as usize + 1)))
    }
}

fn add(counter: &AtomicUsize, bytes: usize, limit: usize, message: &str) -> Result<(), Error> {
    let before = counter.fetch_add(bytes.min(limit), Ordering::Relaxed);
    if before.saturating_add(bytes) <= limit {
        return Ok(());
    }
    Err(over(format!("{message}: the limit is {} MiB", limit >> 20)))
}

/// The error of a limit that was reached; it becomes `EvalError::Limit`.
pub(super) fn over(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::OutOfFuel, message.into())
}

/// The size of `value` without what its items hold.
pub(super) fn size(value: &Value) -> usize {
    match value.kind() {
        ValueKind::String => value.as_str().map_or(0, str::len),
        ValueKind::Bytes => value.as_bytes().map_or(0, <[u8]>::len),
        ValueKind::Seq | ValueKind::Iterable => value.len().unwrap_or(0).saturating_mul(NODE),
        ValueKind::Map => value.len().unwrap_or(0).saturating_mul(2 * NODE),
        _ => NODE,
    }
}
