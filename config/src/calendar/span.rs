//! Days from one to another.

use jiff::civil::Date;

/// Both ends are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub first: Date,
    pub last: Date,
}

/// In order, without those that overlap or touch.
pub(super) fn merged(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut all: Vec<Span> = spans.collect();
    all.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(all.len());
    for span in all {
        match merged.last_mut() {
            Some(open) if open.last.tomorrow().is_ok_and(|next| span.first <= next) => {
                open.last = open.last.max(span.last);
            }
            _ => merged.push(span),
        }
    }
    merged
}

/// `spans` as [`merged`] gives them.
pub(super) fn contain(spans: &[Span], date: Date) -> bool {
    let after = spans.partition_point(|span| span.first <= date);
    after.checked_sub(1).is_some_and(|at| date <= spans[at].last)
}
