//! A small generator, so that a failing test can be run again from its seed.

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The seed in `RPA_SEED`, else one that differs from run to run; it is
    /// printed, and the harness shows it when the test fails.
    pub fn from_env() -> Random {
        let seed = match std::env::var("RPA_SEED") {
            Ok(text) => text.parse().expect("RPA_SEED is a number"),
            Err(_) => u64::from(std::process::id()) << 32 ^ clock(),
        };
        println!("seed: RPA_SEED={seed}");
        Random(seed)
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }
}

fn clock() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |d| u64::from(d.subsec_nanos()) ^ d.as_secs())
}
