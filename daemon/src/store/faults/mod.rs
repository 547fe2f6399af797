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
