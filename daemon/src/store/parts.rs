//! The rows of one run lie together: all of them are in one table, whose keys begin with
//! the run.
//!
//! ```text
//! key: run (16 bytes) | part (1 byte) | what tells the rows of a part apart
//!      numbers are big endian, so that keys are in the order of what they say
//! ```
//! A commit copies the page of each row that it changes, with all pages above it. What is
//! changed together is on one page here, not on one page of each of eight tables: that is
//! most of what a step costs.

use std::ops::Range;

use rpa_engine::{RunId, StepPath};

use super::error::StoreError;

const RUN: usize = 16;
/// Bytes before what tells the rows of a part apart.
const FRONT: usize = RUN + 1;
/// No path has it: it ends a path that something follows.
const END: u8 = 0;

/// A key, as bytes.
pub(super) type Key = Vec<u8>;

/// One row of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'k> {
    /// `RunHead`
    Head,
    /// `RunRow`
    Row,
    /// The variables that it was begun with.
    Inputs,
    /// Its variables, once a step has set any.
    Vars,
    /// `StepRow`; a step without one is pending.
    Step(&'k str),
    /// `JournalRow`, by the number of its last event.
    Events(u64),
    /// `UndoRow`, by order of completion.
    Undo(u64),
    /// The run that an attempt at a step has called.
    Call(&'k str, u32),
}

/// The parts of which a run has many rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Many {
    Steps,
    Journal,
    Undo,
    Calls,
}

impl Part<'_> {
    /// Never changed, and never used again.
    fn code(self) -> u8 {
        match self {
            Part::Head => 0,
            Part::Row => 1,
            Part::Inputs => 2,
            Part::Vars => 3,
            Part::Step(_) => Many::Steps.code(),
            Part::Events(_) => Many::Journal.code(),
            Part::Undo(_) => Many::Undo.code(),
            Part::Call(..) => Many::Calls.code(),
        }
    }

    pub(super) fn of(self, run: RunId) -> Key {
        let mut key = front(run, self.code());
        match self {
            Part::Head | Part::Row | Part::Inputs | Part::Vars => {}
            Part::Step(path) => key.extend_from_slice(path.as_bytes()),
            Part::Events(number) | Part::Undo(number) => {
                key.extend_from_slice(&number.to_be_bytes());
            }
            Part::Call(path, attempt) => {
                key.extend_from_slice(path.as_bytes());
                key.push(END);
                key.extend_from_slice(&attempt.to_be_bytes());
            }
        }
        key
    }
}

impl Many {
    fn code(self) -> u8 {
        match self {
            Many::Steps => 4,
            Many::Journal => 5,
            Many::Undo => 6,
            Many::Calls => 7,
        }
    }

    /// All rows of the part.
    pub(super) fn of(self, run: RunId) -> Range<Key> {
        front(run, self.code())..front(run, self.code() + 1)
    }
}

/// The rows of events from this number on.
pub(super) fn events_from(run: RunId, number: u64) -> Range<Key> {
    Part::Events(number).of(run)..Many::Journal.of(run).end
}

/// What attempts at one step have called.
pub(super) fn calls_of(run: RunId, path: &StepPath) -> Range<Key> {
    let mut first = front(run, Many::Calls.code());
    first.extend_from_slice(path.as_str().as_bytes());
    let mut end = first.clone();
    first.push(END);
    end.push(END + 1);
    first..end
}

/// All rows of a run.
pub(super) fn all_of(run: RunId) -> Range<Key> {
    let end = match run.0.checked_add(1) {
        Some(next) => next.to_be_bytes().to_vec(),
        // behind all keys
        None => vec![u8::MAX; FRONT],
    };
    run.0.to_be_bytes().to_vec()..end
}

fn front(run: RunId, code: u8) -> Key {
    let mut key = Vec::with_capacity(FRONT + 32);
    key.extend_from_slice(&run.0.to_be_bytes());
    key.push(code);
    key
}

/// The run of a key, whatever follows.
pub(super) fn run_of(key: &[u8]) -> Option<RunId> {
    key.first_chunk::<RUN>().map(|run| RunId(u128::from_be_bytes(*run)))
}

/// The run and the part of a key.
pub(super) fn read(key: &[u8]) -> Result<(RunId, Part<'_>), StoreError> {
    let (run, rest) = key.split_first_chunk::<RUN>().ok_or_else(|| torn("it is too short"))?;
    let run = RunId(u128::from_be_bytes(*run));
    let (code, rest) = rest.split_first().ok_or_else(|| torn("it ends after the run"))?;
    let number = || rest.try_into().map(u64::from_be_bytes).map_err(|_| torn("its number"));
    let part = match code {
        0 => Part::Head,
        1 => Part::Row,
        2 => Part::Inputs,
        3 => Part::Vars,
        4 => Part::Step(text(rest)?),
        5 => Part::Events(number()?),
        6 => Part::Undo(number()?),
        7 => {
            let (path, attempt) = rest.split_last_chunk::<4>().ok_or_else(|| torn("its call"))?;
            let path = path.strip_suffix(&[END]).ok_or_else(|| torn("its call"))?;
            Part::Call(text(path)?, u32::from_be_bytes(*attempt))
        }
        code => return Err(torn(&format!("there is no part {code}"))),
    };
    let is_one = matches!(part, Part::Head | Part::Row | Part::Inputs | Part::Vars);
    if is_one && !rest.is_empty() {
        return Err(torn("it goes on"));
    }
    Ok((run, part))
}

/// The step of a row of [`Many::Steps`].
pub(super) fn step_of(run: RunId, key: &[u8]) -> Result<StepPath, StoreError> {
    match read(key)?.1 {
        Part::Step(path) => step_path(run, path),
        _ => Err(torn("it is of no step")),
    }
}

pub(super) fn step_path(run: RunId, text: &str) -> Result<StepPath, StoreError> {
    text.parse().map_err(|e| StoreError::corrupt(format!("run {run}: step path {e}")))
}

/// The number of the last event of a row, or of a step to be undone.
pub(super) fn number_of(key: &[u8]) -> Result<u64, StoreError> {
    match read(key)?.1 {
        Part::Events(number) | Part::Undo(number) => Ok(number),
        _ => Err(torn("it has no number")),
    }
}

fn text(bytes: &[u8]) -> Result<&str, StoreError> {
    std::str::from_utf8(bytes).map_err(|_| torn("its path is no text"))
}

fn torn(why: &str) -> StoreError {
    StoreError::corrupt(format!("a key of a run's row: {why}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RUN_A: RunId = RunId(0x0193_f2a0_1111_7222_8333_4444_5555_6abc);

    fn parts<'k>(path: &'k str, number: u64, attempt: u32) -> [Part<'k>; 8] {
        [
            Part::Head,
            Part::Row,
            Part::Inputs,
            Part::Vars,
            Part::Step(path),
            Part::Events(number),
            Part::Undo(number),
            Part::Call(path, attempt),
        ]
    }

    proptest! {
        #[test]
        fn a_key_says_what_it_was_made_of(
            run: u128, path in "[a-z/\\[\\]0-9]{1,20}", number: u64, attempt: u32,
        ) {
            let run = RunId(run);
            for part in parts(&path, number, attempt) {
                let key = part.of(run);
                prop_assert_eq!(read(&key).unwrap(), (run, part));
                prop_assert!(all_of(run).contains(&key));
            }
        }

        #[test]
        fn ranges_hold_their_own(
            run: u128, path in "[a-c/]{1,4}", other in "[a-c/]{1,4}", number: u64, from: u64,
        ) {
            let run = RunId(run);
            for part in parts(&path, number, 1) {
                let key = part.of(run);
                let has = |many: Many| many.of(run).contains(&key);
                prop_assert_eq!(has(Many::Steps), matches!(part, Part::Step(_)));
                prop_assert_eq!(has(Many::Journal), matches!(part, Part::Events(_)));
                prop_assert_eq!(has(Many::Undo), matches!(part, Part::Undo(_)));
                prop_assert_eq!(has(Many::Calls), matches!(part, Part::Call(..)));
                let later = matches!(part, Part::Events(n) if n >= from);
                prop_assert_eq!(events_from(run, from).contains(&key), later);
                let called = other.parse::<StepPath>().is_ok_and(|step| {
                    calls_of(run, &step).contains(&key)
                });
                let same = other.parse::<StepPath>().is_ok() && path == other;
                prop_assert_eq!(called, matches!(part, Part::Call(..)) && same);
            }
        }
    }

    #[test]
    fn rows_of_another_run_are_outside() {
        for run in [RunId(0), RUN_A, RunId(u128::MAX)] {
            for part in parts("a/b", u64::MAX, u32::MAX) {
                for other in [run.0.wrapping_add(1), run.0.wrapping_sub(1)] {
                    assert!(!all_of(run).contains(&part.of(RunId(other))), "{part:?}");
                }
            }
        }
    }

    #[test]
    fn events_are_in_the_order_of_their_numbers() {
        assert!(Part::Events(255).of(RUN_A) < Part::Events(256).of(RUN_A));
        assert!(Part::Call("a", 9).of(RUN_A) < Part::Call("a", 10).of(RUN_A));
        assert!(Part::Call("a", 10).of(RUN_A) < Part::Call("a/b", 1).of(RUN_A));
    }

    #[test]
    fn what_is_no_key_is_said() {
        let run = RUN_A.0.to_be_bytes();
        let with = |rest: &[u8]| [run.as_slice(), rest].concat();
        let bad: [&[u8]; 7] = [
            b"",
            &with(b""),
            &with(&[8]),
            &with(&[0, 1]),
            &with(&[5, 1]),
            &with(&[4, 255]),
            &with(&[7, b'a', 0, 0, 0, 1]),
        ];
        for key in bad {
            assert!(read(key).is_err(), "{key:?}");
        }
    }
}
