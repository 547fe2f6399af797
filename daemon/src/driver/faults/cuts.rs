//! Loss of power at any moment: what was acknowledged is there, and nothing by halves.

use super::Town;
use crate::store::Store;
use crate::store::faults::{Cut, Disk, Dump, Random, dump};

/// Moments of a loss in one life of a town, and rounds of that life.
const CUTS: usize = 100;
const ROUNDS: usize = 60;
/// Of so many losses one is followed by the rest of the life, to its end.
const GO_ON: usize = 20;

#[test]
fn a_loss_of_power_keeps_what_was_acknowledged_and_nothing_by_halves() {
    let mut cuts = 0;
    for seed in Random::range(10) {
        cuts += life(seed);
    }
    println!("{cuts} losses of power");
}

/// The losses of one life.
fn life(seed: u64) -> usize {
    let mut town = Town::new(seed);
    let mut states = vec![town.dump()];
    town.disk.record();
    let mut acknowledged = vec![town.acknowledged.clone()];
    for _ in 0..ROUNDS {
        town.round().expect("a sound disk");
        town.disk.mark();
        states.push(town.dump());
        acknowledged.push(town.acknowledged.clone());
        if town.random.percent(4) {
            town.restart().expect("a sound disk");
            town.disk.mark();
            states.push(town.dump());
            acknowledged.push(town.acknowledged.clone());
        }
    }
    let tape = town.disk.tape().expect("it was on record");
    let mut random = Random::new(seed ^ 0x5eed);
    let mut cuts = 0;
    tape.cut(CUTS, &mut random, |cut| {
        cuts += 1;
        let about = format!(
            "RPA_SEED={seed}, cut {cuts}, {} acknowledged, {} unsynced",
            cut.acknowledged, cut.unsynced
        );
        let disk = reopened(&states, &cut, &about);
        if cuts % GO_ON == 0 {
            let mut town = Town::on(disk, seed);
            town.acknowledged = acknowledged[cut.acknowledged].clone();
            town.recover().expect("a sound disk");
            town.settle(2000).expect("a sound disk");
            town.assert_all_ended();
            town.audit(&about);
        }
    });
    cuts
}

/// Opens what is left, and looks at it: the state that was acknowledged last, or the one
/// that was being committed.
fn reopened(states: &[Dump], cut: &Cut, about: &str) -> Disk {
    let disk = Disk::of(cut.image.clone());
    let store = Store::on(disk.clone()).unwrap_or_else(|e| panic!("{about}: {e}"));
    let found = dump(&store).unwrap_or_else(|e| panic!("{about}: {e}"));
    let last = &states[cut.acknowledged];
    let next = states.get(cut.acknowledged + 1);
    assert!(
        found == *last || next == Some(&found),
        "{about}: neither what was acknowledged nor what was being committed: {:?}",
        last.differs(&found)
    );
    let report = crate::store::audit::of(&store, crate::store::audit::Depth::Journal);
    let report = report.unwrap_or_else(|e| panic!("{about}: {e}"));
    assert!(report.is_clean(), "{about}: {report:#?}");
    drop(store);
    disk
}

#[test]
fn one_seed_is_one_life() {
    let life = |seed| {
        let mut town = Town::new(seed);
        for _ in 0..20 {
            town.round().expect("a sound disk");
        }
        (town.dump(), town.disk.image().len())
    };
    let ((one, bytes), (same, as_many)) = (life(3), life(3));
    // the identity of a store is its own
    assert_eq!((one.differs(&same), bytes), (vec!["meta: 3 and 3 rows".to_owned()], as_many));
    assert!(one.differs(&life(4).0).len() > 5);
}
