//! Bits of the file flip while nobody looks: that is noticed, or makes no difference.

use std::cell::Cell;
use std::fmt;

use super::Town;
use crate::store::faults::{Disk, Dump, Random, dump};
use crate::store::{Problem, Store, StoreError};

const ROUNDS: usize = 40;
/// Flips in each of the two files.
const FLIPS: u64 = 500;

/// What flips led to.
#[derive(Default)]
struct Tally {
    harmless: Cell<u32>,
    refused: Cell<u32>,
    found: Cell<u32>,
    rolled_back: Cell<u32>,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { harmless, refused, found, rolled_back } = self;
        let [harmless, refused, found, rolled_back] =
            [harmless, refused, found, rolled_back].map(Cell::get);
        let flips = harmless + refused + found + rolled_back;
        write!(
            f,
            "{flips} flips, {harmless} harmless, {refused} refused when opened, {found} found \
             when read, {rolled_back} without the last transaction"
        )
    }
}

fn one_more(of: &Cell<u32>) {
    of.set(of.get() + 1);
}

#[test]
fn a_flipped_bit_in_a_store_at_rest_is_noticed_or_harmless() {
    let mut town = Town::new(1);
    for _ in 0..ROUNDS {
        town.round().expect("a sound disk");
    }
    let good = town.dump();
    let disk = town.disk.clone();
    town.store.settle().expect("a sound disk");
    drop(town);
    let tally = Tally::default();
    for seed in Random::range(FLIPS) {
        flip(&disk.image(), &good, None, seed, &tally);
    }
    println!("at rest: {tally}");
    assert_eq!(tally.rolled_back.get(), 0);
    assert!(tally.refused.get() > 0 && tally.harmless.get() > 0);
}

#[test]
fn a_flipped_bit_after_a_kill_is_noticed_or_harmless() {
    let mut town = Town::new(2);
    let mut before = town.dump();
    for _ in 0..ROUNDS {
        before = town.dump();
        town.round().expect("a sound disk");
    }
    let (good, image) = (town.dump(), town.disk.image());
    let tally = Tally::default();
    for seed in Random::range(FLIPS) {
        flip(&image, &good, Some(&before), seed, &tally);
    }
    println!("after a kill: {tally}");
    assert!(tally.refused.get() > 0 && tally.harmless.get() > 0);
}

/// Flips a bit, opens the file and reads all of it.
///
/// After a kill, damage to the last transaction looks just like one that was never
/// written whole: redb goes back to the one before it, which is `before`.
fn flip(image: &[u8], good: &Dump, before: Option<&Dump>, seed: u64, tally: &Tally) {
    let mut random = Random::new(seed);
    let mut bad = image.to_vec();
    // every other one in the first page, which says where everything is
    let end = if seed.is_multiple_of(8) { 512 } else { bad.len() };
    let bit = random.below(8);
    // most of what is zero belongs to nothing
    let mut at = random.below(end);
    for _ in 0..20 {
        if bad[at] == 0 {
            at = random.below(end);
        }
    }
    bad[at] ^= 1 << bit;
    let about = format!("RPA_SEED={seed}: bit {bit} of byte {at}");
    let noticed = |error: &StoreError| {
        let named = matches!(error.problem, Problem::Corrupt | Problem::Newer);
        assert!(named, "{about}: {:?}: {error}", error.problem);
    };
    let store = match Store::on(Disk::of(bad)) {
        Ok(store) => store,
        Err(error) => {
            noticed(&error);
            return one_more(&tally.refused);
        }
    };
    match dump(&store) {
        Err(error) => {
            noticed(&error);
            one_more(&tally.found);
        }
        Ok(read) if read == *good => one_more(&tally.harmless),
        Ok(read) if before == Some(&read) => one_more(&tally.rolled_back),
        Ok(read) => panic!("{about}: read without a word: {:?}", good.differs(&read)),
    }
}
