//! `rpa doctor`: what is planted is found, with what to do about it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rpa_tests::{Options, World};
use serde_json::Value;

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
    assert!(shown.stdout.contains("ok      store       the store is sound"), "{shown:?}");
    let bulgarian = world.rpa(["--lang", "bg", "doctor"]).stdout;
    assert!(bulgarian.contains("хранилището е изправно"), "{bulgarian}");
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
        shown.stdout.starts_with("error   daemon      the daemon does not answer"),
        "{shown:?}"
    );
    for wanted in ["a socket that nobody listens at", "which is gone", "the store is there"] {
        assert!(shown.stdout.contains(wanted), "no {wanted:?} in {shown:?}");
    }
}
