//! Much at once, large things, and clients that do not behave.

use std::fs;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::time::{Duration, Instant};

use rpa_tests::{Options, Rpa, World, eventually};
use rustix::process::Signal;

const NOOP: &str = "version: 1\nname: noop\nsteps:\n  - {id: s, uses: noop}\n";

fn settings(text: &str) -> Options {
    Options { settings: text.to_owned(), ..Options::default() }
}

#[test]
fn runs_that_wait_leave_their_place_to_others() {
    let world = World::new();
    let daemon = world.start_with(&settings("[runs]\nmax_active = 1\n"));
    world.apply(
        "doubtful",
        "version: 1\nname: doubtful\nsteps:\n  - {id: s, effect: once, timeout: 200ms, run: sleep 60}\n",
    );
    world.apply("nap", "version: 1\nname: nap\nsteps:\n  - {id: s, wait: 1h}\n");
    world.apply("noop", NOOP);
    let doubtful = world.submit(["doubtful"]);
    world.until(&doubtful, "in_doubt");
    let nap = world.submit(["nap"]);
    world.until(&nap, "waiting");
    let noop = world.submit(["noop"]);
    world.until(&noop, "completed");
    daemon.kill();
    let daemon = world.start_with(&settings("[runs]\nmax_active = 1\n"));
    let noop = world.submit(["noop"]);
    world.until(&noop, "completed");
    assert_eq!(world.show(&doubtful)["status"], "in_doubt");
    assert_eq!(world.show(&nap)["status"], "waiting");
    assert!(daemon.stop().success());
}

#[test]
fn queued_runs_get_their_turn_in_order() {
    let world = World::new();
    let daemon = world.start_with(&settings("[runs]\nmax_active = 2\n"));
    let order = world.path().join("order").display().to_string();
    world.apply(
        "turn",
        &format!(
            "version: 1\nname: turn\nvariables: {{n: {{type: string}}}}\nsteps:\n  \
             - {{id: s, run: \"echo $N >> {order}; sleep 0.05\", env: {{N: \"{{{{ vars.n }}}}\"}}}}\n"
        ),
    );
    let names: Vec<String> = (0..12).map(|n| format!("n={n}")).collect();
    let runs: Vec<_> = names.iter().map(|n| world.submit(["turn", "--var", n])).collect();
    for run in &runs {
        world.until(run, "completed");
    }
    let seen: Vec<usize> = world.read("order").lines().map(|l| l.parse().unwrap()).collect();
    assert_eq!(seen.len(), 12);
    // two at a time: nobody is overtaken by more than the one beside it
    assert!(seen.iter().enumerate().all(|(i, n)| i.abs_diff(*n) <= 1), "{seen:?}");
    assert!(daemon.stop().success());
}

#[test]
fn a_shutdown_does_not_begin_what_waits_for_a_slot() {
    let world = World::new();
    let daemon = world.start_with(&settings("[runs]\nmax_attempts = 1\n"));
    let dir = world.path().display();
    world.apply(
        "one",
        &format!(
            "version: 1\nname: one\nsteps:\n  - id: s\n    run: |\n      echo x >> {dir}/begun\n      \
             until [ -e {dir}/go ]; do sleep 0.01; done\n"
        ),
    );
    let runs: Vec<_> = (0..4).map(|_| world.submit(["one"])).collect();
    eventually("one step runs", || (world.read("begun") == "x\n").then_some(()));
    daemon.signal(Signal::INT);
    eventually("it drains", || (world.json(["status"])["state"] == "draining").then_some(()));
    fs::write(world.path().join("go"), "").unwrap();
    assert!(daemon.wait().success());
    assert_eq!(world.read("begun"), "x\n", "only the first was begun");
    let daemon = world.start();
    for run in &runs {
        world.until(run, "completed");
    }
    assert_eq!(world.read("begun"), "x\n".repeat(4));
    assert!(daemon.stop().success());
}

/// A loop whose steps hold their slot until each is let go by the file `one`, or all
/// by the file `go`; what has begun stands in `begun`.
fn wide_loop(dir: &str) -> String {
    format!(
        "version: 1\nname: wide\nsteps:\n  - id: each\n    for_each: \"{{{{ range(40) }}}}\"\n    \
         max_parallel: 1000\n    steps:\n      - id: slow\n        run: |\n          \
         echo x >> {dir}/begun\n          \
         until [ -e {dir}/go ] || rm {dir}/one 2>{dir}/no; do sleep 0.01; done\n"
    )
}

#[test]
fn an_urgent_run_does_not_wait_for_a_wide_loop() {
    let world = World::new();
    let daemon = world.start_with(&settings("[runs]\nmax_attempts = 1\n"));
    let begun = || world.read("begun").lines().count();
    world.apply("wide", &wide_loop(&world.path().display().to_string()));
    let short = "steps:\n  - {id: s, run: echo here}\n";
    world.apply("later", &format!("version: 1\nname: later\npriority: low\n{short}"));
    world.apply("alarm", &format!("version: 1\nname: alarm\npriority: urgent\n{short}"));
    let wide = world.submit(["wide"]);
    eventually("the loop has the slot", || (begun() == 1).then_some(()));
    let later = world.submit(["later"]);
    let alarm = world.submit(["alarm"]);
    eventually("the urgent run has ended", || {
        // one more step of the loop ends each time
        let ended = world.show(&alarm)["status"] == "completed";
        if !ended && world.show(&alarm)["steps"][0]["status"] == "running" {
            world.file("one", "");
        }
        ended.then_some(())
    });
    assert!(begun() < 10, "{} steps of the loop came before", begun());
    assert_eq!(world.show(&wide)["status"], "running");
    assert_eq!(world.show(&later)["status"], "running", "low waits for the loop");
    world.file("go", "");
    world.until(&wide, "completed");
    world.until(&later, "completed");
    assert!(daemon.stop().success());
}

#[test]
fn a_run_of_equal_priority_gets_a_slot_beside_a_wide_loop() {
    let world = World::new();
    let daemon = world.start_with(&settings("[runs]\nmax_attempts = 2\n"));
    let begun = || world.read("begun").lines().count();
    world.apply("wide", &wide_loop(&world.path().display().to_string()));
    world.apply("short", "version: 1\nname: short\nsteps:\n  - {id: s, run: echo here}\n");
    let wide = world.submit(["wide"]);
    eventually("the loop has both slots", || (begun() == 2).then_some(()));
    let waits = world.submit(["short"]);
    let cancelled = world.submit(["short"]);
    assert_eq!(world.rpa(["cancel", &cancelled]).code, 0);
    world.until(&cancelled, "cancelled");
    eventually("the other run has ended", || {
        let ended = world.show(&waits)["status"] == "completed";
        if !ended && world.show(&waits)["steps"][0]["status"] == "running" {
            world.file("one", "");
        }
        ended.then_some(())
    });
    assert!(begun() < 10, "{} steps of the loop came before", begun());
    world.file("go", "");
    world.until(&wide, "completed");
    assert!(daemon.stop().success());
}

#[test]
fn a_client_that_says_nothing_keeps_nobody() {
    let world = World::new();
    let daemon = world.start();
    let mut silent = Vec::new();
    for mode in [0u8, 1] {
        let mut stream = UnixStream::connect(world.socket()).unwrap();
        stream.write_all(&[b'R', b'P', b'A', b'D', 1, 0, mode]).unwrap();
        silent.push(stream);
    }
    silent.push(UnixStream::connect(world.socket()).unwrap());
    let before = Instant::now();
    assert!(daemon.stop().success());
    assert!(before.elapsed() < Duration::from_secs(20), "{:?}", before.elapsed());
}

#[test]
fn garbage_on_the_socket_changes_nothing() {
    let world = World::new();
    let daemon = world.start();
    for garbage in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"RPAD\xff\xff\x00",
        b"RPAD\x01\x00\x09",
        b"RPAD\x01\x00\x00\xff\xff\xff\xff",
        b"RPAD\x01\x00\x00\x00\x00\x00\x02\xff\xff",
        b"RPAD\x01\x00\x01\x00\x00\x00\x01\x00",
    ] {
        let mut stream = UnixStream::connect(world.socket()).unwrap();
        // the daemon may hang up first
        let _ = stream.write_all(garbage);
    }
    assert_eq!(world.rpa(["status"]).code, 0);
    assert!(daemon.stop().success());
}

#[test]
fn equal_large_outputs_at_once_do_not_meet() {
    let world = World::new();
    let daemon = world.start();
    let mut text = String::from("version: 1\nname: same\nsteps:\n");
    for i in 0..8 {
        text.push_str(&format!("  - {{id: s{i}, needs: [], run: seq 1 50000}}\n"));
    }
    text.push_str("outputs: {last: \"{{ steps.s7.output.stdout | lines | last }}\"}\n");
    world.apply("same", &text);
    for _ in 0..3 {
        let shown = world.json(["run", "same", "--wait"]);
        assert_eq!(shown["status"], "completed", "{:#}", shown["error"]);
        assert_eq!(shown["outputs"]["last"], "50000");
    }
    assert!(daemon.stop().success());
}

#[test]
fn many_large_variables_survive_a_crash() {
    let world = World::new();
    let daemon = world.start();
    let mut text = String::from(
        "version: 1\nname: hoard\nvariables: {big: {type: string}}\nsteps:\n  - id: keep\n    set:\n",
    );
    for i in 0..60 {
        text.push_str(&format!("      v{i}: \"{{{{ vars.big }}}}\"\n"));
    }
    text.push_str("  - {id: nap, wait: 1h}\n");
    world.apply("hoard", &text);
    let big = world.file("big", &"x".repeat(60_000));
    let given = format!("big=@{}", big.display());
    let run = world.submit(["hoard", "--var", &given]);
    world.until(&run, "waiting");
    daemon.kill();
    let daemon = world.start();
    assert_eq!(world.show(&run)["status"], "waiting");
    let store = fs::metadata(world.state().join("rpad.redb")).unwrap().len();
    assert!(store < 16 << 20, "the store has {store} bytes");
    assert!(daemon.stop().success());
}

#[test]
fn a_store_that_is_gone_is_not_replaced_by_an_empty_one() {
    let world = World::new();
    let daemon = world.start();
    world.apply("echo", "version: 1\nname: echo\nsteps:\n  - {id: s, run: echo x}\n");
    world.json(["run", "echo", "--wait"]);
    assert!(daemon.stop().success());
    fs::remove_file(world.state().join("rpad.redb")).unwrap();
    let rpad = Rpa::from(world.rpad(&Options::default()).output().unwrap());
    assert_eq!(rpad.code, 65, "{rpad:?}");
    assert!(rpad.stderr.contains("missing"), "{rpad:?}");
    assert!(!world.state().join("rpad.redb").exists());
}

#[test]
fn a_step_that_stretches_its_log_holds_nobody_up() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "stretch",
        "version: 1\nname: stretch\nsteps:\n  - {id: s, run: \"echo x; until [ -s ../../log ]; do sleep 0.01; done; truncate -s 1T ../../log\"}\n  - {id: nap, wait: 1h}\n",
    );
    world.apply("noop", NOOP);
    let run = world.submit(["stretch"]);
    let log = world.until(&run, "waiting")["log"]["path"].as_str().unwrap().to_owned();
    assert!(fs::metadata(log).unwrap().len() >= 1 << 40);
    let at_once = |what: &str| {
        let before = Instant::now();
        assert_eq!(world.json(["run", "noop", "--wait"])["status"], "completed", "{what}");
        assert_eq!(world.json(["status"])["state"], "ready", "{what}");
        assert_eq!(world.show(&run)["run"], run.as_str(), "{what}");
        world.rpa(["logs", &run]);
        assert!(before.elapsed() < Duration::from_secs(20), "{what}");
    };
    at_once("while it is written");
    daemon.kill();
    let daemon = world.start();
    at_once("after a crash");
    let followed = world.rpa(["logs", &run, "--follow"]);
    assert!(followed.stderr.contains("not a log that rpad wrote"), "{followed:?}");
    world.rpa(["cancel", &run]);
    world.until(&run, "cancelled");
    at_once("after its end");
    assert!(daemon.stop().success());
}

#[test]
fn a_quiet_step_is_followed_past_all_that_another_said() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "loud",
        "version: 1\nname: loud\nsteps:\n  - {id: loud, run: seq 1 300000}\n  - {id: quiet, run: echo here}\n",
    );
    let run = world.json(["run", "loud", "--wait"])["run"].as_str().unwrap().to_owned();
    for follow in [&["--follow"][..], &[], &["--tail", "5"]] {
        let args = ["logs", &run, "--step", "quiet"].into_iter().chain(follow.iter().copied());
        let log = world.rpa(args);
        assert!(log.stdout.contains("quiet#1 | here"), "{follow:?}: {log:?}");
    }
    assert!(daemon.stop().success());
}

/// More runs than one transaction takes wait for the very same moment.
#[test]
fn all_that_wait_for_one_moment_go_on() {
    let world = World::new();
    let _daemon = world.start();
    // time enough to submit them all
    let date = Command::new("date").args(["-u", "-d", "+12 seconds", "+%FT%TZ"]).output();
    let moment = String::from_utf8(date.expect("date runs").stdout).expect("plain text");
    world.apply(
        "alarm",
        &format!(
            "version: 1\nname: alarm\nsteps:\n  - {{id: s, wait: {{until: \"{}\"}}}}\n",
            moment.trim()
        ),
    );
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..75).for_each(|_| _ = world.submit(["alarm"])));
        }
    });
    eventually("all 300 have completed", || {
        let runs = world.json(["runs", "--status", "completed", "--limit", "400"]);
        (runs["runs"].as_array().map(Vec::len) == Some(300)).then_some(())
    });
}
