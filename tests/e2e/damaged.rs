//! Damaged rows of one run: it is set aside and named, and all others go on.

use std::path::Path;

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use rpa_tests::{World, eventually};
use serde_json::Value;

/// All that there is of runs themselves: the run, a byte for the kind of the row, its name.
pub const ROWS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("run_rows");
const CHANGING: u8 = 1;
const STEP: u8 = 4;

const WAITS: &str = "version: 1\nname: waits\nsteps:\n  \
     - {id: use, lock: sap, steps: [{id: x, wait: {event: go}}]}\n";
const IDLES: &str =
    "version: 1\nname: idles\nsteps:\n  - {id: a, uses: noop}\n  - {id: x, wait: {event: go}}\n";

pub fn number(run: &str) -> u128 {
    u128::from_str_radix(&run.replace('-', ""), 16).expect("an id")
}

/// The key of what changes of a run with each transition.
pub fn changing(run: &str) -> Vec<u8> {
    key(run, CHANGING, "")
}

fn key(run: &str, kind: u8, name: &str) -> Vec<u8> {
    [&number(run).to_be_bytes(), [kind].as_slice(), name.as_bytes()].concat()
}

/// Flips a bit in the row at `key`; gives the row as it is then.
pub fn damage(state: &Path, key: &[u8]) -> Vec<u8> {
    let db = Database::open(state.join("rpad.redb")).expect("the daemon is down");
    let txn = db.begin_write().expect("a transaction");
    let row = {
        let mut table = txn.open_table(ROWS).expect("a table");
        let mut row = table.get(key).expect("readable").expect("there").value().to_vec();
        let last = row.len() - 1;
        row[last] ^= 4;
        table.insert(key, row.as_slice()).expect("written");
        row
    };
    txn.commit().expect("committed");
    row
}

fn row(state: &Path, run: &str) -> Vec<u8> {
    let db = Database::open(state.join("rpad.redb")).expect("the daemon is down");
    let txn = db.begin_read().expect("a snapshot");
    let table = txn.open_table(ROWS).expect("a table");
    table.get(changing(run).as_slice()).expect("readable").expect("there").value().to_vec()
}

fn listed(world: &World, run: &str) -> Value {
    let runs = world.json(["runs"]);
    let all = runs["runs"].as_array().expect("runs");
    all.iter().find(|r| r["run"] == run).unwrap_or_else(|| panic!("{run} of {runs:#}")).clone()
}

#[test]
fn a_run_whose_rows_are_damaged_is_set_aside_and_the_others_go_on() {
    let world = World::new();
    let daemon = world.start();
    world.apply("waits", WAITS);
    world.apply("idles", IDLES);
    let holder = world.submit(["waits", "--request-id", "first"]);
    world.until(&holder, "waiting");
    let behind = world.submit(["waits"]);
    let idle = world.submit(["idles"]);
    world.until(&idle, "waiting");
    let sound = world.submit(["idles"]);
    world.until(&sound, "waiting");
    assert!(daemon.stop().success());
    let left = damage(&world.state(), &changing(&holder));
    damage(&world.state(), &key(&idle, STEP, "a"));

    let daemon = world.start();
    let status = eventually("it has recovered what it can", || {
        let status = world.json(["status"]);
        (status["state"] == "degraded").then_some(status)
    });
    let reason = status["reason"].as_str().unwrap();
    for run in [&holder, &idle] {
        assert!(reason.contains("RPA0225") && reason.contains(&run[run.len() - 8..]), "{reason}");
        assert_eq!(listed(&world, run)["error"]["code"], "RPA0225");
        assert_eq!(listed(&world, run)["status"], "waiting", "as it was last known");
    }
    assert_eq!(listed(&world, &sound)["error"], Value::Null);
    for args in [["show", &holder], ["cancel", &holder], ["show", &idle], ["pause", &idle]] {
        let rpa = world.rpa(args);
        assert_eq!(rpa.code, 65, "{args:?}: {rpa:?}");
        assert!(rpa.stderr.contains("RPA0225"), "{args:?}: {rpa:?}");
    }
    let again = world.rpa(["run", "waits", "--request-id", "first"]);
    assert_eq!(again.code, 65, "not a second run of the request: {again:?}");

    // what waits for the same goes on, and what the run holds is given back by a person
    world.json(["event", "publish", "go"]);
    world.until(&sound, "completed");
    let rpa = world.rpa(["locks", "release", "sap", &holder, "use", "--yes"]);
    assert_eq!(rpa.code, 65, "it is given back; what there is to show of the run is damaged");
    eventually("the next has the lock", || {
        (world.show(&behind)["status"] == "waiting" && {
            world.json(["event", "publish", "go"]);
            world.show(&behind)["status"] == "completed"
        })
        .then_some(())
    });
    let fresh = world.submit(["idles"]);
    world.until(&fresh, "waiting");
    daemon.kill();
    let daemon = world.start();
    assert_eq!(listed(&world, &holder)["error"]["code"], "RPA0225", "also after a crash");
    assert!(daemon.stop().success());
    assert_eq!(row(&world.state(), &holder), left, "nothing was written over it");
}

/// What tells people of work is no reason for work to stop.
#[test]
fn a_notification_that_is_damaged_is_shown_as_such_until_somebody_has_seen_it() {
    const NOTIFICATIONS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("notifications");
    let world = World::new();
    let daemon = world.start();
    for name in ["one", "two"] {
        let source = format!("version: 1\nname: {name}\nsteps: [{{id: s, run: exit 1}}]\n");
        world.apply(name, &source);
        assert_eq!(world.rpa(["run", name, "--wait"]).code, 3);
    }
    assert!(daemon.stop().success());
    let number = {
        let db = Database::open(world.state().join("rpad.redb")).expect("the daemon is down");
        let txn = db.begin_write().expect("a transaction");
        let number = {
            let mut table = txn.open_table(NOTIFICATIONS).expect("a table");
            let (number, mut row) = {
                let (number, row) = table.first().expect("readable").expect("two of them");
                (number.value(), row.value().to_vec())
            };
            let middle = row.len() / 2;
            row[middle] ^= 4;
            table.insert(number, row.as_slice()).expect("written");
            number
        };
        txn.commit().expect("committed");
        number
    };

    let daemon = world.start();
    let status = eventually("it is told", || {
        let status = world.json(["status"]);
        (status["state"] == "degraded").then_some(status)
    });
    assert!(status["reason"].as_str().unwrap().contains("RPA0226"), "{status:#}");
    let found = world.json(["notifications"])["notifications"].clone();
    let kinds: Vec<_> = found.as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["run_failed", "unreadable"], "{found:#}");
    assert_eq!((&found[1]["id"], &found[1]["state"]), (&number.into(), &"unread".into()));
    let shown = world.rpa(["notifications"]);
    assert!(shown.stdout.contains("cannot be read"), "{shown:?}");
    assert_eq!(world.rpa(["run", "one", "--wait"]).code, 3, "work goes on, and is told");
    assert_eq!(world.json(["notifications", "ack", &number.to_string()])["acknowledged"], 1);
    eventually("all is well", || (world.json(["status"])["state"] == "ready").then_some(()));
    let left = world.json(["notifications", "--all"])["notifications"].clone();
    assert_eq!(left.as_array().map(Vec::len), Some(2), "{left:#}");
    assert!(daemon.stop().success());
}

/// A bit that flips in the file itself, where no row is.
#[test]
fn a_damaged_page_stops_the_daemon_before_anything_is_believed() {
    let world = World::new();
    let daemon = world.start();
    world.apply("idles", IDLES);
    let runs: Vec<String> = (0..20).map(|_| world.submit(["idles"])).collect();
    world.until(&runs[19], "waiting");
    assert!(daemon.stop().success());
    let path = world.state().join("rpad.redb");
    let mut file = std::fs::read(&path).unwrap();
    // the key of a run in an index without values
    let key = number(&runs[7]).to_le_bytes();
    let places: Vec<usize> =
        file.windows(16).enumerate().filter_map(|(at, w)| (w == key).then_some(at)).collect();
    assert!(!places.is_empty());
    for at in &places {
        file[at + 9] ^= 0x40;
    }
    std::fs::write(&path, &file).unwrap();
    let output = world.rpad(&rpa_tests::Options::default()).output().expect("rpad starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(65), "{said}");
    assert!(said.contains("RPA0201"), "{said}");
}
