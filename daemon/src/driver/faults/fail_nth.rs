//! The Nth operation of the disk fails, for every N until none is left to fail: callers
//! are told, the store is opened anew, and the driver goes on.

use super::Town;
use crate::store::audit::{self, Depth};
use crate::store::faults::{Disk, Dump, Random, Trouble, Way, dump};
use crate::store::{Problem, Store, StoreError};

/// Rounds before anything fails, and rounds in which something does.
const BEFORE: usize = 15;
const ROUNDS: usize = 8;
/// Of so many failures one is followed by the rest of the life, to its end.
const GO_ON: u64 = 16;

#[test]
fn whatever_fails_nothing_is_lost_and_the_driver_goes_on() {
    for seed in Random::range(1) {
        let base = base(seed);
        let states = states(&base, seed);
        for way in Way::ALL {
            let mut failures = 0;
            for nth in 1.. {
                let trouble = Trouble { from: nth, times: 1, way };
                let about = format!("RPA_SEED={seed}, {way:?}, operation {nth}");
                if !life(&base, &states, seed, trouble, &about) {
                    break;
                }
                failures += 1;
            }
            println!("{way:?}: {failures} operations failed, one at a time");
            assert!(failures >= ROUNDS as u64, "{way:?}: only {failures} failed");
        }
    }
}

/// A store with runs in all states.
fn base(seed: u64) -> Vec<u8> {
    let mut town = Town::new(seed);
    for _ in 0..BEFORE {
        town.round().expect("a sound disk");
    }
    town.disk.image()
}

fn begun(base: &[u8], seed: u64) -> Town {
    // every life begins at the same moment
    Town::an_hour_later();
    let mut town = Town::on(Disk::of(base.to_vec()), seed);
    town.recover().expect("a sound disk");
    town
}

/// What is stored after each round of a life in which nothing fails.
fn states(base: &[u8], seed: u64) -> Vec<Dump> {
    let mut town = begun(base, seed);
    let mut states = vec![town.dump()];
    for _ in 0..ROUNDS {
        town.round().expect("a sound disk");
        states.push(town.dump());
    }
    states
}

/// One life; whether something has failed in it.
fn life(base: &[u8], states: &[Dump], seed: u64, trouble: Trouble, about: &str) -> bool {
    let (nth, way) = (trouble.from, trouble.way);
    let mut town = begun(base, seed);
    town.disk.arm(Some(trouble));
    let mut failed = None;
    for at in 0..ROUNDS {
        if let Err(error) = town.round() {
            failed = Some((at, error));
        }
        if town.disk.struck() > 0 {
            break;
        }
    }
    if town.disk.struck() == 0 {
        assert!(failed.is_none(), "{about}: {failed:?}");
        return false;
    }
    // an evaluation that could not read waits, and nothing else has happened
    if let Some((at, error)) = failed {
        let wanted = match way {
            Way::NoSpace => Problem::DiskFull,
            Way::Io | Way::Short | Way::Sync => Problem::Io,
        };
        assert_eq!(error.problem, wanted, "{about}: {error}");
        town.store.reopen().unwrap_or_else(|e| panic!("{about}: {e}"));
        let found = town.dump();
        // what failed to be acknowledged may be durable: whole, or not at all
        assert!(
            found == states[at] || found == states[at + 1],
            "{about}: {:?}",
            states[at].differs(&found)
        );
        town.survive(error).unwrap_or_else(|e| panic!("{about}: {e}"));
    }
    town.audit(about);
    // the disk is sound again, and then the power fails
    for _ in 0..2 {
        town.round().unwrap_or_else(|e| panic!("{about}: {e}"));
    }
    let acknowledged = town.dump();
    town.disk.lose_power();
    let disk = Disk::of(town.disk.image());
    let left = open(&disk, about);
    let found = dump(&left).unwrap_or_else(|e| panic!("{about}, then a loss of power: {e}"));
    let differs = acknowledged.differs(&found);
    assert!(differs.is_empty(), "{about}, then a loss of power: {differs:?}");
    drop(left);
    if nth % GO_ON == 0 {
        let known = std::mem::take(&mut town.acknowledged);
        let mut town = Town::on(disk, seed);
        town.acknowledged = known;
        town.recover().expect("a sound disk");
        town.settle(2000).expect("a sound disk");
        town.assert_all_ended();
        town.audit(about);
    }
    true
}

fn open(disk: &Disk, about: &str) -> Store {
    Store::on(disk.clone()).unwrap_or_else(|e| panic!("{about}: {e}"))
}

#[test]
fn an_opening_that_fails_changes_nothing() {
    let seed = 1;
    let image = {
        let mut town = Town::new(seed);
        for _ in 0..BEFORE {
            town.round().expect("a sound disk");
        }
        // as a kill leaves it: to be repaired when it is opened
        town.disk.image()
    };
    let sound = dump(&open(&Disk::of(image.clone()), "sound")).expect("readable");
    for way in Way::ALL {
        let mut failures = 0;
        for nth in 1.. {
            let disk = Disk::of(image.clone());
            disk.arm(Some(Trouble { from: nth, times: 1, way }));
            let opened: Result<Store, StoreError> = Store::on(disk.clone());
            let about = format!("{way:?}, operation {nth} of the opening");
            let struck = disk.struck() > 0;
            if let Err(error) = &opened {
                assert_ne!(error.problem, Problem::Corrupt, "{about}: {error}");
            }
            drop(opened);
            disk.arm(None);
            disk.forget_cache();
            let store = open(&disk, &about);
            assert_eq!(dump(&store).expect("readable").differs(&sound), [""; 0], "{about}");
            let report = audit::of(&store, Depth::Rows).expect("readable");
            assert!(report.is_clean(), "{about}: {report:#?}");
            if !struck {
                break;
            }
            failures += 1;
        }
        println!("{way:?}: {failures} operations of the opening failed, one at a time");
        assert!(failures > 0, "{way:?}");
    }
}

#[test]
fn a_disk_that_fails_for_a_while_is_waited_for() {
    for way in Way::ALL {
        let base = base(2);
        let mut town = begun(&base, 2);
        town.disk.arm(Some(Trouble { from: 1, times: 3, way }));
        let error = loop {
            if let Err(error) = town.round() {
                break error;
            }
        };
        town.survive(error).unwrap_or_else(|e| panic!("{way:?}: {e}"));
        town.settle(2000).expect("a sound disk");
        town.assert_all_ended();
        town.audit(&format!("{way:?}"));
    }
}
