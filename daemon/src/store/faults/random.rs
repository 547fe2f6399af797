//! A small generator, so that a failing test can be run again from its seed.

use std::time::{Duration, Instant};

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

    /// The seeds of one test: the one in `RPA_SEED`, else from 0 on as many as `RPA_SEEDS`
    /// says, else as many as is `usual`, and more until `RPA_MINUTES` are over.
    pub fn range(usual: u64) -> impl Iterator<Item = u64> {
        let number = |name: &str| {
            let text = std::env::var(name).ok()?;
            Some(text.parse::<f64>().unwrap_or_else(|_| panic!("{name} is a number")))
        };
        let (first, end) = match number("RPA_SEED") {
            Some(seed) => (seed as u64, seed as u64 + 1),
            None => (0, number("RPA_SEEDS").map_or(usual, |seeds| seeds as u64)),
        };
        let time = Duration::from_secs_f64(number("RPA_MINUTES").unwrap_or(0.0) * 60.0);
        let deadline = Instant::now() + time;
        (first..).take_while(move |seed| *seed < end || Instant::now() < deadline)
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
