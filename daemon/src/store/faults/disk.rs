//! One disk with one file on it, and the memory of the machine in front of it.
//!
//! Processes see the *cache*. What has been synced is on the *platter*; what has not
//! is there in part, or not at all, when the power fails. After a sync that failed the
//! kernel takes what it could not write for clean: later syncs do not write it again, so
//! that the cache shows what the platter never gets (`fsyncgate`, 2018).

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redb::StorageBackend;

use super::random::Random;
use super::tape::{Record, Tape};

/// The disk; all clones are one. A backend of redb, and what stays when that is closed.
#[derive(Clone)]
pub struct Disk(Arc<Mutex<Machine>>);

#[derive(Default)]
struct Machine {
    cache: Vec<u8>,
    platter: Vec<u8>,
    /// What has been written since the last sync.
    unsynced: Vec<Change>,
    /// Operations that could have failed since trouble was armed.
    operations: u64,
    trouble: Option<Trouble>,
    /// How often trouble has struck.
    struck: u64,
    tape: Option<Tape>,
}

/// Something that changes the file.
#[derive(Clone, Debug)]
pub enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Length(usize),
}

/// What goes wrong, and when.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// The first operation that fails, counted from 1.
    pub from: u64,
    /// How many fail, from there on.
    pub times: u64,
    pub way: Way,
}

/// How operations fail. Those that a way does not concern succeed, and are not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Reads, writes and syncs end with an I/O error.
    Io,
    /// No space is left: for writes and for a longer file.
    NoSpace,
    /// A write ends after the first half of what was to be written.
    Short,
    /// A sync fails, and of what it was to write some is on the platter and the rest
    /// never will be.
    Sync,
}

impl Way {
    pub const ALL: [Way; 4] = [Way::Io, Way::NoSpace, Way::Short, Way::Sync];

    fn concerns(self, operation: Operation) -> bool {
        match (self, operation) {
            (Way::Io, _) => true,
            (Way::NoSpace, Operation::Write | Operation::Length)
            | (Way::Short, Operation::Write)
            | (Way::Sync, Operation::Sync) => true,
            (Way::NoSpace, Operation::Read | Operation::Sync)
            | (Way::Short, Operation::Read | Operation::Length | Operation::Sync)
            | (Way::Sync, Operation::Read | Operation::Write | Operation::Length) => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Read,
    Write,
    Length,
    Sync,
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disk").field("bytes", &self.machine().cache.len()).finish()
    }
}

impl Disk {
    /// A disk with this file, all of it synced.
    pub fn of(image: Vec<u8>) -> Disk {
        let machine = Machine { platter: image.clone(), cache: image, ..Machine::default() };
        Disk(Arc::new(Mutex::new(machine)))
    }

    pub fn empty() -> Disk {
        Disk::of(Vec::new())
    }

    /// The file as processes see it.
    pub fn image(&self) -> Vec<u8> {
        self.machine().cache.clone()
    }

    /// From now on everything is on record.
    pub fn record(&self) {
        let mut machine = self.machine();
        assert!(machine.unsynced.is_empty(), "a record begins with a synced file");
        machine.tape = Some(Tape::new(machine.platter.clone()));
    }

    /// Says on the record that everything up to here was acknowledged.
    pub fn mark(&self) {
        if let Some(tape) = &mut self.machine().tape {
            tape.push(Record::Mark);
        }
    }

    /// The record; it ends.
    pub fn tape(&self) -> Option<Tape> {
        self.machine().tape.take()
    }

    pub fn arm(&self, trouble: Option<Trouble>) {
        let mut machine = self.machine();
        machine.operations = 0;
        machine.struck = 0;
        machine.trouble = trouble;
    }

    /// How often trouble has struck since it was armed.
    pub fn struck(&self) -> u64 {
        self.machine().struck
    }

    /// What a process that drops its clean pages reads then: after a sync that failed,
    /// only that tells it what is on the disk.
    pub fn forget_cache(&self) {
        let mut machine = self.machine();
        let Machine { platter, unsynced, cache, .. } = &mut *machine;
        cache.clone_from(platter);
        for change in unsynced.iter() {
            change.apply(cache);
        }
    }

    /// The machine loses power: of what was not synced nothing is left.
    pub fn lose_power(&self) {
        let mut machine = self.machine();
        machine.unsynced.clear();
        machine.cache = machine.platter.clone();
    }

    fn machine(&self) -> MutexGuard<'_, Machine> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Machine {
    /// Counts an operation that could fail; `true` when it does.
    fn fails(&mut self, operation: Operation) -> bool {
        let Some(trouble) = &self.trouble else { return false };
        if !trouble.way.concerns(operation) {
            return false;
        }
        self.operations += 1;
        let fails = self.operations >= trouble.from && self.struck < trouble.times;
        self.struck += u64::from(fails);
        fails
    }

    fn error(&self) -> io::Error {
        let kind = match self.trouble.as_ref().map(|trouble| trouble.way) {
            Some(Way::NoSpace) => io::ErrorKind::StorageFull,
            Some(Way::Short) => io::ErrorKind::WriteZero,
            Some(Way::Io | Way::Sync) | None => io::ErrorKind::Other,
        };
        io::Error::new(kind, "the disk of this test has failed")
    }

    fn change(&mut self, change: Change) {
        change.apply(&mut self.cache);
        if let Some(tape) = &mut self.tape {
            tape.push(Record::Change(change.clone()));
        }
        self.unsynced.push(change);
    }
}

impl Change {
    /// Beyond the end of the file nothing is written.
    pub fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Change::Length(length) => file.resize(*length, 0),
            Change::Write { offset, bytes } => {
                let end = (offset + bytes.len()).min(file.len());
                if let Some(room) = file.get_mut(*offset..end) {
                    room.copy_from_slice(&bytes[..room.len()]);
                }
            }
        }
    }
}

fn at(offset: u64) -> usize {
    usize::try_from(offset).expect("files of tests are small")
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.machine().cache.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut machine = self.machine();
        if machine.fails(Operation::Read) {
            return Err(machine.error());
        }
        let offset = at(offset);
        let there = machine.cache.get(offset..offset + out.len());
        let there = there.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        out.copy_from_slice(there);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut machine = self.machine();
        let longer = at(len) > machine.cache.len();
        if longer && machine.fails(Operation::Length) {
            return Err(machine.error());
        }
        machine.change(Change::Length(at(len)));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut machine = self.machine();
        let fails = machine.fails(Operation::Sync);
        let changes = std::mem::take(&mut machine.unsynced);
        if fails {
            let mut random = Random::new(machine.operations);
            for change in changes.iter().filter(|_| random.percent(50)) {
                change.apply(&mut machine.platter);
            }
            return Err(machine.error());
        }
        for change in &changes {
            change.apply(&mut machine.platter);
        }
        if let Some(tape) = &mut machine.tape {
            tape.push(Record::Sync);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut machine = self.machine();
        let fails = machine.fails(Operation::Write);
        let short = machine.trouble.as_ref().is_some_and(|t| t.way == Way::Short);
        let written = match (fails, short) {
            (false, _) => data,
            (true, true) => &data[..data.len() / 2],
            (true, false) => &[],
        };
        let offset = at(offset);
        if offset + data.len() > machine.cache.len() {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        if !written.is_empty() {
            machine.change(Change::Write { offset, bytes: written.to_vec() });
        }
        if fails { Err(machine.error()) } else { Ok(()) }
    }
}
