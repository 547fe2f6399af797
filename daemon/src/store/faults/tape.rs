//! Everything that was written to a disk, in order, and what of it a loss of power may
//! leave: of what was not synced some is there, some is not, some is torn.

use super::disk::Change;
use super::random::Random;

/// What a disk writes as one.
const SECTOR: usize = 512;

#[derive(Clone, Debug)]
pub enum Record {
    Change(Change),
    Sync,
    /// Everything up to here was acknowledged.
    Mark,
}

/// A synced file, and what happened to it since.
#[derive(Clone, Debug)]
pub struct Tape {
    first: Vec<u8>,
    records: Vec<Record>,
}

/// A moment at which the power fails.
#[derive(Clone, Debug)]
pub struct Cut {
    /// What is left of the file.
    pub image: Vec<u8>,
    /// How much was acknowledged before.
    pub acknowledged: usize,
    /// Changes that had not been synced.
    pub unsynced: usize,
}

impl Tape {
    pub fn new(first: Vec<u8>) -> Tape {
        Tape { first, records: Vec::new() }
    }

    pub fn push(&mut self, record: Record) {
        self.records.push(record);
    }

    /// Calls `look` with what is left after `cuts` random moments, in their order.
    pub fn cut(&self, cuts: usize, random: &mut Random, mut look: impl FnMut(Cut)) {
        let mut moments: Vec<usize> = (0..cuts).map(|_| self.moment(random)).collect();
        moments.sort_unstable();
        let mut synced = self.first.clone();
        let (mut at, mut acknowledged) = (0, 0);
        let mut unsynced: Vec<&Change> = Vec::new();
        for moment in moments {
            for record in &self.records[at..moment] {
                match record {
                    Record::Change(change) => unsynced.push(change),
                    Record::Sync => {
                        unsynced.drain(..).for_each(|change| change.apply(&mut synced));
                    }
                    Record::Mark => acknowledged += 1,
                }
            }
            at = moment;
            let image = left(&synced, &unsynced, random);
            look(Cut { image, acknowledged, unsynced: unsynced.len() });
        }
    }

    /// Most moments lie where something is under way: between the first write after a
    /// sync and the next one.
    fn moment(&self, random: &mut Random) -> usize {
        let at = random.below(self.records.len() + 1);
        let is_sync = |at: &usize| matches!(self.records[*at], Record::Sync);
        match random.below(3) {
            // just before a sync: all is written, nothing is safe
            0 => (at..self.records.len()).find(is_sync).unwrap_or(at),
            _ => at,
        }
    }
}

/// A file of which these changes were not synced.
fn left(synced: &[u8], unsynced: &[&Change], random: &mut Random) -> Vec<u8> {
    let mut file = synced.to_vec();
    // nothing and everything are moments as well
    let kept = [0, 10, 50, 90, 100][random.below(5)];
    let torn = [0, 0, 20, 60][random.below(4)];
    let mut order: Vec<&Change> = unsynced.to_vec();
    if random.percent(50) {
        random.shuffle(&mut order);
    }
    for change in order {
        if !random.percent(kept) {
            continue;
        }
        match change {
            Change::Write { offset, bytes } if random.percent(torn) => {
                for (at, sector) in bytes.chunks(SECTOR).enumerate() {
                    if random.percent(50) {
                        let offset = offset + at * SECTOR;
                        Change::Write { offset, bytes: sector.to_vec() }.apply(&mut file);
                    }
                }
            }
            whole => whole.apply(&mut file),
        }
    }
    file
}
