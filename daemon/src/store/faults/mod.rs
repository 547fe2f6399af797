//! A disk that can fail, for tests: what redb writes goes to memory, and from there to
//! what a loss of power, an error or a flipped bit leaves of it.

mod disk;
mod dump;
mod random;
mod tape;

pub use disk::{Disk, Trouble, Way};
pub use dump::{Dump, dump};
pub use random::Random;
pub use tape::Cut;

use redb::ReadableTable as _;
use rpa_engine::RunId;

use super::parts::Part;
use super::{Store, schema};

impl Store {
    /// Flips a bit of what a run is now.
    pub fn damage(&self, run: RunId) {
        let txn = self.handle().unwrap().begin_write().unwrap();
        {
            let mut rows = txn.open_table(schema::RUN_ROWS).unwrap();
            let key = Part::Row.of(run);
            let mut row = rows.get(key.as_slice()).unwrap().unwrap().value().to_vec();
            let last = row.len() - 1;
            row[last] ^= 1;
            rows.insert(key.as_slice(), row.as_slice()).unwrap();
        }
        txn.commit().unwrap();
    }
}
