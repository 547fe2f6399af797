//! `rpa doctor`: what is planted is found, with what to do about it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use redb::{Database, TableDefinition};
use rpa_tests::{Options, World, eventually};
use serde_json::Value;

use crate::damaged::{ROWS, changing, damage, number};

/// Steps that wait for an event, by namespace, name, run and path.
const AWAITING: TableDefinition<'_, (u32, &str, u128, &str), u64> =
    TableDefinition::new("awaiting");

fn findings(world: &World) -> Vec<Value> {
    world.json(["doctor"])["findings"].as_array().unwrap().clone()
}

/// The findings of a check, but for those that are fine.
fn of<'f>(findings: &'f [Value], check: &str) -> Vec<&'f Value> {
    findings.iter().filter(|f| f["check"] == check && f["severity"] != "ok").collect()
}

#[test]
fn a_fresh_daemon_is_well_but_for_its_backups() {
    let world = World::new();
    let daemon = world.start();
    let found = findings(&world);
    for check in ["daemon", "store", "permissions", "disk", "limits", "runs", "starts"] {
        assert!(found.iter().any(|f| f["check"] == check), "{check} is not looked at: {found:#?}");
        assert!(of(&found, check).is_empty(), "{found:#?}");
    }
    assert_eq!(of(&found, "backup")[0]["severity"], "note");
    let shown = world.rpa(["doctor"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.stdout.contains("ok       store       the store is sound"), "{shown:?}");
    let bulgarian = world.rpa(["--lang", "bg", "doctor"]).stdout;
    assert!(bulgarian.contains("хранилището е изправно"), "{bulgarian}");
    assert!(bulgarian.contains("0 изпълнения съвпадат с журналите си"), "{bulgarian}");
    assert!(daemon.stop().success());
}

#[test]
fn what_is_planted_is_found() {
    let world = World::new();
    let settings = "[runs]\nmax_attempts = 10000\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    world.apply(
        "doubt",
        "version: 1\nname: doubt\nsteps:\n  - {id: s, effect: once, timeout: 200ms, run: sleep 60}\n",
    );
    let run = world.submit(["doubt"]);
    world.until(&run, "in_doubt");
    let open = |path: &std::path::Path| {
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
    };
    let secrets = world.state().join("secrets");
    fs::create_dir(&secrets).unwrap();
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(secrets.join("token"), "x").unwrap();
    open(&secrets.join("token"));
    open(&world.state().join("rpad.redb"));
    fs::write(
        world.state().join("failed-starts"),
        format!("{}\n", "2999-01-01T00:00:00.000Z RPA0201 the store is damaged"),
    )
    .unwrap();
    let found = findings(&world);
    let permissions = of(&found, "permissions");
    assert_eq!(permissions.len(), 2, "{found:#?}");
    for finding in permissions {
        assert_eq!(finding["severity"], "error");
        assert!(finding["remedy"].as_str().unwrap().contains("chmod go= "), "{finding}");
    }
    assert_eq!(of(&found, "runs")[0]["remedy"], "rpa doubts, then rpa resolve");
    assert_eq!(of(&found, "backup")[0]["severity"], "warning", "there is something to lose");
    assert!(of(&found, "starts")[0]["what"].as_str().unwrap().contains("RPA0201"));
    assert!(of(&found, "limits")[0]["what"].as_str().unwrap().contains("may open"), "{found:#?}");
    assert_eq!(world.rpa(["doctor"]).code, 3);
    let quiet = world.rpa(["doctor", "--quiet"]).stdout;
    assert!(!quiet.contains("ok "), "{quiet}");
    assert!(daemon.stop().success());
}

#[test]
fn without_a_daemon_it_says_so_first() {
    let world = World::new();
    let state = world.state();
    world.start().kill();
    let shown = world.rpa(["doctor", "--state-dir", state.to_str().unwrap()]);
    assert_eq!(shown.code, 69, "{shown:?}");
    assert!(
        shown.stdout.starts_with("error    daemon      the daemon does not answer"),
        "{shown:?}"
    );
    let wanted = [
        "a socket that nobody listens at",
        "which is gone",
        "the store is there",
        "not looked at, because only the daemon can: the rows of the store",
    ];
    for wanted in wanted {
        assert!(shown.stdout.contains(wanted), "no {wanted:?} in {shown:?}");
    }
}

const WAITS: &str = "version: 1\nname: waits\nsteps:\n  - {id: x, wait: {event: go}}\n";

#[test]
fn what_does_not_agree_in_the_store_is_told_by_run() {
    let world = World::new();
    let daemon = world.start();
    world.apply("waits", WAITS);
    let (unread, forgotten, sound) =
        (world.submit(["waits"]), world.submit(["waits"]), world.submit(["waits"]));
    for run in [&unread, &forgotten, &sound] {
        world.until(run, "waiting");
    }
    let fine = findings(&world);
    let agree = |f: &&Value| f["what"].as_str().unwrap().contains("3 runs agree");
    assert!(fine.iter().any(|f| agree(&f)), "{fine:#?}");
    assert!(of(&fine, "store").is_empty(), "{fine:#?}");
    assert!(daemon.stop().success());
    damage(&world.state(), &changing(&unread));
    let db = Database::open(world.state().join("rpad.redb")).expect("the daemon is down");
    let txn = db.begin_write().expect("a transaction");
    let mut table = txn.open_table(AWAITING).expect("a table");
    let key = (0, "go", number(&forgotten), "x");
    assert!(table.remove(key).expect("writable").is_some());
    drop(table);
    txn.commit().expect("committed");
    drop(db);

    let daemon = world.start();
    let found = findings(&world);
    let store = of(&found, "store");
    let short = |run: &str| run[run.len() - 12..].to_owned();
    let of_run = |run: &str| {
        let about = |f: &&&Value| f["what"].as_str().unwrap().contains(&short(run));
        store.iter().find(about).copied()
    };
    let text = |f: &Value, field: &str| f[field].as_str().unwrap().to_owned();
    let told = of_run(&unread).unwrap_or_else(|| panic!("{found:#?}"));
    assert_eq!(told["severity"], "error");
    assert!(text(told, "what").contains("cannot be read (table runs)"), "{told:#}");
    assert!(text(told, "remedy").contains(&format!("rpa logs {}", short(&unread))), "{told:#}");
    let told = of_run(&forgotten).unwrap_or_else(|| panic!("{found:#?}"));
    assert!(text(told, "what").contains("may wait for ever"), "{told:#}");
    let remedy = text(told, "remedy");
    assert!(remedy.starts_with(&format!("rpa cancel {}", short(&forgotten))), "{told:#}");
    assert!(of_run(&sound).is_none(), "{found:#?}");
    let rows = store.iter().find(|f| text(f, "what").contains("rows are damaged, see below"));
    assert!(rows.is_some(), "{found:#?}");
    assert_eq!(world.rpa(["doctor"]).code, 3);
    let bulgarian = world.rpa(["--lang", "bg", "doctor"]).stdout;
    assert!(bulgarian.contains("може да чака вечно"), "{bulgarian}");
    // and it is as the remedy says
    for args in [["cancel", &forgotten], ["retry", &forgotten]] {
        let rpa = world.rpa(args);
        assert_eq!(rpa.code, 0, "{rpa:?}");
    }
    let found = findings(&world);
    let about = |f: &&Value| f["what"].as_str().unwrap().contains(&short(&forgotten));
    assert!(!of(&found, "store").into_iter().any(|f| about(&f)), "{found:#?}");
    assert!(daemon.stop().success());
}

#[test]
fn archives_are_looked_at_as_well() {
    let world = World::new();
    let settings = "[retention]\nlive_age = \"1s\"\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    world.apply("idle", "version: 1\nname: idle\nsteps:\n  - {id: a, uses: noop}\n");
    let run = world.submit(["idle"]);
    eventually("the run is archived", || {
        (world.json(["status"])["kept"]["archived"] == 1).then_some(())
    });
    assert!(of(&findings(&world), "store").is_empty());
    assert!(daemon.stop().success());
    // retention looks once a minute from now on
    let daemon = world.start();
    assert!(of(&findings(&world), "store").is_empty());
    let archive = fs::read_dir(world.state().join("archive")).unwrap().next().unwrap().unwrap();
    assert!(daemon.stop().success());
    damage_archive(&archive.path(), &run);
    let daemon = world.start();
    let found = findings(&world);
    let told = of(&found, "store");
    assert_eq!(told.len(), 1, "{found:#?}");
    let told = told[0];
    assert_eq!(told["where"], archive.path().to_str().unwrap(), "{told:#}");
    let what = told["what"].as_str().unwrap();
    assert!(
        what.starts_with(&format!("run {} in this archive", &run[run.len() - 12..])),
        "{told:#}"
    );
    fs::remove_file(archive.path()).unwrap();
    assert!(daemon.stop().success());
    let daemon = world.start();
    let found = findings(&world);
    let told = of(&found, "store")[0];
    assert_eq!(told["severity"], "warning");
    assert!(told["what"].as_str().unwrap().contains("the run that it had is gone"), "{told:#}");
    assert!(daemon.stop().success());
}

fn damage_archive(path: &std::path::Path, run: &str) {
    let db = Database::open(path).expect("the daemon is down");
    let txn = db.begin_write().expect("a transaction");
    let mut table = txn.open_table(ROWS).expect("a table");
    assert!(
        table.insert(changing(run).as_slice(), [1; 20].as_slice()).expect("writable").is_some()
    );
    drop(table);
    txn.commit().expect("committed");
}
