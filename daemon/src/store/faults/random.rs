//! A small generator, so that a failing test can be run again from its seed.

use std::ops::Range;

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        // neighbouring seeds begin far from each other
        let mut random = Random(seed.wrapping_mul(0xd134_2543_de82_ef95));
        random.number();
        random
    }

    /// How many seeds a long run takes: `RPA_SEEDS`, else `usual`.
    pub fn seeds(usual: u64) -> u64 {
        let given = std::env::var("RPA_SEEDS").ok();
        given.map_or(usual, |text| text.parse().expect("RPA_SEEDS is a number"))
    }

    /// The seeds of one test: the one in `RPA_SEED`, else from 0 on as many as `RPA_SEEDS`
    /// says.
    pub fn range(usual: u64) -> Range<u64> {
        match std::env::var("RPA_SEED") {
            Ok(text) => {
                let seed: u64 = text.parse().expect("RPA_SEED is a number");
                seed..seed + 1
            }
            Err(_) => 0..Random::seeds(usual),
        }
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.number() % end.max(1) as u64).expect("below a usize")
    }

    /// Whether something happens that does so `percent` times in a hundred.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}
