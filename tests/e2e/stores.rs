//! Stores of each format that there ever was: they open, show what was in them, and go on.
//!
//! `make fixture` writes the one of this version, see `tests/stores/README.md`.

use std::fs;
use std::path::Path;
use std::process::Command;

use redb::{Builder, Database, TableDefinition};
use rpa_tests::{Daemon, Options, World, root};
use serde_json::{Value, json};

/// The formats that there were.
const FORMATS: [u32; 1] = [1];

const DONE: &str = "version: 1\nname: done\nvariables: {n: {type: number, default: 7}}\nsteps:\n  \
    - {id: small, run: echo hello}\n  - {id: large, run: 'head -c 100000 /dev/zero | tr \"\\0\" x'}\n  \
    - {id: each, for_each: [1, 2, 3], steps: [{id: s, uses: noop}]}\n\
    outputs: {said: \"{{ steps.small.output.stdout }}\", n: \"{{ vars.n }}\"}\n";
const FAILED: &str = "version: 1\nname: failed\nsteps:\n  - {id: s, run: 'echo oh >&2; exit 3'}\n";
const NAP: &str =
    "version: 1\nname: nap\nsteps:\n  - {id: s, wait: 3650d}\n  - {id: t, uses: noop}\n";
const DOUBT: &str = "version: 1\nname: doubt\nsteps:\n  \
    - {id: s, effect: once, timeout: 200ms, lock: desk, run: sleep 60}\n  - {id: t, uses: noop}\n";
const ASKS: &str = "version: 1\nname: asks\nsteps:\n  - {id: s, approval: {message: may it}}\n";

/// Runs of every kind; which is which.
fn fill(world: &World, daemon: Daemon) -> Value {
    for (name, text) in
        [("done", DONE), ("failed", FAILED), ("nap", NAP), ("doubt", DOUBT), ("asks", ASKS)]
    {
        world.apply(name, text);
    }
    let run = |name: &str, status: &str| {
        let run = world.submit([name]);
        world.until(&run, status);
        run
    };
    let runs = json!({
        "done": run("done", "completed"),
        "failed": run("failed", "failed"),
        "nap": run("nap", "waiting"),
        "doubt": run("doubt", "in_doubt"),
        "asks": run("asks", "waiting"),
    });
    let paused = world.submit(["nap"]);
    world.until(&paused, "waiting");
    assert_eq!(world.rpa(["pause", &paused]).code, 0);
    let cancelled = world.submit(["nap"]);
    world.until(&cancelled, "waiting");
    assert_eq!(world.rpa(["cancel", &cancelled]).code, 0);
    assert!(daemon.stop().success());
    let mut runs = runs;
    runs["paused"] = paused.into();
    runs["cancelled"] = cancelled.into();
    runs
}

/// What must be seen of it, and that it goes on.
fn shows(world: &World, runs: &Value) {
    let id = |name: &str| runs[name].as_str().unwrap().to_owned();
    let daemon = world.start();
    let statuses = [
        ("done", "completed"),
        ("failed", "failed"),
        ("nap", "waiting"),
        ("doubt", "in_doubt"),
        ("asks", "waiting"),
        ("paused", "paused"),
        ("cancelled", "cancelled"),
    ];
    for (name, status) in statuses {
        assert_eq!(world.show(&id(name))["status"], status, "{name}");
    }
    let done = world.show(&id("done"));
    assert_eq!(done["outputs"], json!({"said": "hello\n", "n": 7}), "{done:#}");
    let step = |id: &str| {
        let steps = done["steps"].as_array().unwrap();
        steps
            .iter()
            .find(|step| step["id"] == id)
            .unwrap_or_else(|| panic!("{id}: {done:#}"))
            .clone()
    };
    assert_eq!(step("small")["output"]["stdout"], "hello\n");
    assert_eq!(step("each")["turns"]["total"], 3, "{done:#}");
    let failed = world.show(&id("failed"));
    assert_eq!(failed["error"]["code"], "RPA0401");
    assert!(world.rpa(["logs", &id("failed")]).stdout.contains("! oh"));
    assert_eq!(world.rpa(["why", &id("failed")]).code, 0);
    assert_eq!(world.json(["runs"])["runs"].as_array().unwrap().len(), 7);
    assert_eq!(world.json(["runs", "--status", "waiting"])["runs"].as_array().unwrap().len(), 2);
    assert_eq!(world.json(["workflows"])["workflows"].as_array().unwrap().len(), 5);
    assert_eq!(world.json(["locks"])["locks"][0]["name"], "desk");
    let doctor = world.json(["doctor"]);
    let store = doctor["findings"].as_array().unwrap().iter().find(|f| f["check"] == "store");
    assert_eq!(store.unwrap()["severity"], "ok", "{doctor:#}");
    // all of it goes on
    assert_eq!(world.rpa(["resolve", &id("doubt"), "s", "done"]).code, 0);
    world.until(&id("doubt"), "completed");
    let approved = world.rpa(["approve", &id("asks"), "s", "--yes"]);
    assert_eq!(approved.code, 0, "{approved:?}");
    world.until(&id("asks"), "completed");
    assert_eq!(world.rpa(["resume", &id("paused")]).code, 0);
    world.until(&id("paused"), "waiting");
    assert_eq!(world.rpa(["cancel", &id("nap")]).code, 0);
    world.until(&id("nap"), "cancelled");
    let again = world.rpa(["rerun", &id("done"), "--from", "each", "--wait"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(world.rpa(["run", "done", "--wait"]).code, 0);
    assert!(daemon.stop().success());
}

fn tar(args: &[&str], dir: &Path) {
    let status = Command::new("tar").args(args).current_dir(dir).status().unwrap();
    assert!(status.success(), "tar {args:?}");
}

#[test]
fn a_store_of_this_version_shows_what_was_put_into_it() {
    let world = World::new();
    let daemon = world.start();
    let runs = fill(&world, daemon);
    if let Some(folder) = std::env::var_os("RPA_FIXTURE") {
        world.file("runs.json", &format!("{runs:#}\n"));
        let file =
            root().join(folder).join(format!("format-{}.tar.gz", FORMATS[FORMATS.len() - 1]));
        let exclude = ["--exclude=state/reserve", "--exclude=state/rpad.lock"];
        let file = file.to_str().unwrap();
        tar(&[exclude[0], exclude[1], "-czf", file, "runs.json", "state"], world.path());
    }
    shows(&world, &runs);
}

#[test]
fn stores_of_every_format_open_and_go_on() {
    for format in FORMATS {
        let world = World::new();
        let file = root().join(format!("tests/stores/format-{format}.tar.gz"));
        tar(&["-xzf", file.to_str().unwrap()], world.path());
        let runs = serde_json::from_str(&world.read("runs.json")).unwrap();
        shows(&world, &runs);
        assert_eq!(
            world.read("state/rpad.redb.format").trim(),
            FORMATS[FORMATS.len() - 1].to_string()
        );
    }
}

const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");

fn set_format(db: &Database, format: u32) {
    let txn = db.begin_write().unwrap();
    txn.open_table(META).unwrap().insert("format", format.to_le_bytes().as_slice()).unwrap();
    txn.commit().unwrap();
}

#[test]
fn a_newer_store_is_refused_and_not_a_byte_of_it_changed() {
    for closed in [true, false] {
        let world = World::new();
        assert!(world.start().stop().success());
        let path = world.state().join("rpad.redb");
        let db = Builder::new().open(&path).unwrap();
        set_format(&db, 2);
        // as a kill would leave it
        let image = fs::read(&path).unwrap();
        drop(db);
        if !closed {
            fs::write(&path, image).unwrap();
            fs::write(world.state().join("rpad.redb.format"), "2\n").unwrap();
        }
        let before = fs::read(&path).unwrap();
        let refused = world.rpad(&Options::default()).output().unwrap();
        assert_eq!(refused.status.code(), Some(78), "{refused:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("RPA0202"), "{refused:?}");
        assert!(fs::read(&path).unwrap() == before, "closed: {closed}: it was written to");
        // and the doctor knows why there is no daemon
        let state = world.state();
        let doctor = world.json(["doctor", "--state-dir", state.to_str().unwrap()]);
        assert_eq!(doctor["daemon"], false);
        let findings = doctor["findings"].as_array().unwrap();
        assert_eq!(findings[0]["check"], "daemon", "that comes first: {doctor:#}");
        let told =
            findings.iter().any(|f| f["check"] == "starts" && f.to_string().contains("RPA0202"));
        assert!(told, "{doctor:#}");
        assert_eq!(world.rpa(["doctor"]).code, 69);
    }
}
