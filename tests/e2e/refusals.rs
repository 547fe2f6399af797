//! Bad circumstances get a clear error with its exit code, and nothing is lost.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Stdio;

use rpa_tests::{Options, Rpa, World, eventually};
use rustix::process::Signal;

use crate::first_light::files;

const NOOP: &str = "version: 1\nname: noop\nsteps:\n  - {id: s, uses: noop}\n";

fn refused(world: &World, options: &Options) -> Rpa {
    let output = world.rpad(options).stdin(Stdio::null()).output().expect("rpad starts");
    Rpa::from(output)
}

#[test]
fn without_a_daemon_everything_says_how_to_start_one() {
    let world = World::new();
    for args in [&["status"][..], &["runs"], &["run", "x"], &["logs", "abc"]] {
        let rpa = world.rpa(args.iter().copied());
        assert_eq!(rpa.code, 69, "{args:?}: {rpa:?}");
        assert!(rpa.stderr.contains("RPA0101") && rpa.stderr.contains("rpad"), "{rpa:?}");
        assert!(rpa.stdout.is_empty());
    }
    let daemon = world.start();
    daemon.kill();
    let rpa = world.rpa(["--json", "status"]);
    assert_eq!(rpa.code, 69, "a socket that is left over: {rpa:?}");
    let document: serde_json::Value = serde_json::from_str(&rpa.stdout).unwrap();
    assert_eq!(document["error"]["code"], "RPA0101");
}

#[test]
fn a_second_daemon_names_the_first() {
    let world = World::new();
    let daemon = world.start();
    let second = refused(&world, &Options::default());
    assert_eq!(second.code, 75, "{second:?}");
    assert!(second.stderr.contains(&format!("pid {}", daemon.pid())), "{}", second.stderr);
    assert_eq!(world.rpa(["status"]).code, 0, "the first is unharmed");
    assert!(daemon.stop().success());
}

#[test]
fn what_it_makes_is_closed_to_others() {
    let world = World::new();
    let daemon = world.start();
    world.apply("noop", NOOP);
    world.json(["run", "noop", "--wait"]);
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&world.state()), 0o700);
    assert_eq!(mode(&world.state().join("rpad.redb")), 0o600);
    assert_eq!(mode(&world.socket()) & 0o007, 0, "others have no business at the socket");
    assert!(daemon.stop().success());
    assert!(!world.socket().exists(), "the socket goes with the daemon");
}

#[test]
fn a_damaged_store_is_refused_and_left_alone() {
    let world = World::new();
    world.start().stop();
    let path = world.state().join("rpad.redb");
    let good = fs::read(&path).unwrap();
    let mut cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("not a store", b"hello".repeat(2000)),
        ("cut", good[..good.len() / 2].to_vec()),
    ];
    let mut header = good;
    header[..512].fill(0);
    cases.push(("zeroed head", header));
    for (what, bytes) in cases {
        fs::write(&path, &bytes).unwrap();
        let rpad = refused(&world, &Options::default());
        assert_eq!(rpad.code, 65, "{what}: {rpad:?}");
        assert!(rpad.stderr.contains("RPA0201"), "{what}: {}", rpad.stderr);
        assert_eq!(fs::read(&path).unwrap(), bytes, "{what}: the file was changed");
    }
}

#[test]
fn settings_that_are_not_known_are_refused_with_a_suggestion() {
    let world = World::new();
    let settings = "[daemon]\ndrain_timeut = \"3s\"\n[runs]\nmax_active = 0\n";
    let rpad = refused(&world, &Options { settings: settings.into(), ..Options::default() });
    assert_eq!(rpad.code, 78, "{rpad:?}");
    assert!(rpad.stderr.contains("drain_timeout"), "suggestion: {}", rpad.stderr);
    assert!(
        rpad.stderr.contains("rpad.toml:2") && rpad.stderr.contains("rpad.toml:4"),
        "{}",
        rpad.stderr
    );
}

#[test]
fn a_state_directory_that_cannot_be_used_is_named() {
    let world = World::new();
    let file = world.file("taken", "");
    let options = Options { state_dir: Some(file), ..Options::default() };
    let rpad = refused(&world, &options);
    assert!([74, 77].contains(&rpad.code), "{rpad:?}");
    assert!(rpad.stderr.contains("taken"), "{rpad:?}");
}

/// Only root can become somebody else; everybody else is that somebody already.
#[test]
fn a_stranger_is_not_let_in() {
    let world = World::new();
    let daemon = world.start();
    fs::set_permissions(world.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = world.rpa_command(["status"]);
    if rustix::process::geteuid().is_root() {
        std::os::unix::process::CommandExt::uid(&mut command, 54321);
    } else {
        fs::set_permissions(world.socket(), fs::Permissions::from_mode(0o000)).unwrap();
    }
    // the binary itself may lie where a stranger cannot go
    let copy = world.path().join("rpa");
    fs::copy(command.get_program(), &copy).unwrap();
    let mut stranger = std::process::Command::new(&copy);
    stranger.args(["status"]).env("RPA_SOCKET", world.socket());
    if rustix::process::geteuid().is_root() {
        std::os::unix::process::CommandExt::uid(&mut stranger, 54321);
    }
    let rpa = Rpa::from(stranger.output().unwrap());
    assert_eq!(rpa.code, 77, "{rpa:?}");
    assert!(rpa.stderr.contains("RPA0103"), "{rpa:?}");
    drop(daemon);
}

#[test]
fn bad_files_are_refused_whole_with_positions() {
    let world = World::new();
    let daemon = world.start();
    let bad = world.file(
        "bad.yaml",
        "version: 1\nname: bad\nsteps:\n  - id: big-one\n    runn: echo\n  - id: two\n    run: echo {{ vars.x }}\n",
    );
    let good = world.file("good.yaml", NOOP);
    let rpa = world.rpa(["apply", good.to_str().unwrap(), bad.to_str().unwrap()]);
    assert_eq!(rpa.code, 2, "{rpa:?}");
    for part in ["bad.yaml:4:", "big_one", "bad.yaml:5:", "RPA0303", "bad.yaml:7:", "RPA0314"] {
        assert!(rpa.stdout.contains(part) || rpa.stderr.contains(part), "{part}: {rpa:?}");
    }
    assert_eq!(
        world.json(["workflows"])["workflows"],
        serde_json::json!([]),
        "nothing was applied"
    );
    assert!(daemon.stop().success());
}

#[test]
fn what_is_not_there_is_said_to_be_not_there() {
    let world = World::new();
    let daemon = world.start();
    world.apply("noop", NOOP);
    let run = world.json(["run", "noop", "--wait"])["run"].as_str().unwrap().to_owned();
    for (args, code) in [
        (&["logs", &run, "--step", "nosuch"][..], "RPA0509"),
        (&["resolve", &run, "nosuch", "done"], "RPA0509"),
        (&["resolve", &run, "s", "done"], "RPA0507"),
        (&["show", "ffffffffffff"], "RPA0502"),
        (&["show", "../../etc"], "RPA0502"),
        (&["runs", "--cursor", "zz"], "RPA0510"),
        (&["explain", "RPA9999"], "RPA0511"),
        (&["tasks", "htp"], "RPA0512"),
    ] {
        let fault = world.json(args.iter().copied());
        assert_eq!(fault["error"]["code"], code, "{args:?}: {fault}");
    }
    assert!(daemon.stop().success());
}

#[test]
fn a_request_that_no_frame_holds_is_not_sent() {
    let world = World::new();
    let daemon = world.start();
    world.apply("noop", &NOOP.replace("steps:", "variables: {t: {type: string}}\nsteps:"));
    let path = world.file("large", &"x".repeat(9 << 20));
    let rpa = world.rpa(["run", "noop", "--var", &format!("t=@{}", path.display())]);
    assert_eq!(rpa.code, 2, "{rpa:?}");
    assert!(rpa.stderr.contains("RPA0107") && rpa.stderr.contains("larger than 8 MiB"), "{rpa:?}");
    assert_eq!(world.json(["runs"])["runs"].as_array().unwrap().len(), 0);
    assert!(daemon.stop().success());
}

#[test]
fn variables_that_do_not_fit_are_all_named() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "typed",
        "version: 1\nname: typed\nvariables: {n: {type: number}, s: {type: string}, t: {type: secret, default: tok}}\nsteps:\n  - {id: s, uses: noop}\n",
    );
    let fault = world.json(["run", "typed", "--var", "n=abc", "--var", "zz=1"]);
    let message = fault["error"]["message"].as_str().unwrap();
    for part in ["n: expected a number", "zz: no such variable", "s: is required"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    let fault = world.json(["run", "typed", "--var", "n=1", "--var", "s=x", "--var", "t=Pa$$word"]);
    let message = fault["error"]["message"].as_str().unwrap();
    assert!(!message.contains("Pa$$word") && message.contains("name of a secret"), "{message}");
    let fault = world.json(["run", "typd"]);
    assert_eq!(fault["error"]["code"], "RPA0501");
    assert!(fault["error"]["hint"].as_str().unwrap().contains("typed"), "{fault}");
    assert!(daemon.stop().success());
}

#[test]
fn a_secret_that_was_pasted_for_its_name_goes_nowhere() {
    let world = World::new();
    let options = Options { settings: "[daemon]\nlog = \"trace\"\n".into(), ..Options::default() };
    let daemon = world.start_with(&options);
    let dir = world.state().join("secrets");
    fs::create_dir(&dir).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(dir.join("api_token"), "x").unwrap();
    world.apply(
        "x",
        "version: 1\nname: x\nvariables: {token: {type: secret}}\nsteps:\n  - {id: s, run: \"true\", env: {T: \"{{ vars.token }}\"}}\n",
    );
    // it could be a name, and is none
    let pasted = "hunter2_prod_key";
    let refused = world.json(["run", "x", "--var", &format!("token={pasted}")]);
    assert_eq!(refused["error"]["code"], "RPA0505", "{refused}");
    assert!(refused["error"]["message"].as_str().unwrap().contains("token: "), "{refused}");
    assert!(!refused.to_string().contains(pasted), "{refused}");
    assert_eq!(world.json(["runs"])["runs"], serde_json::json!([]));
    // one that cannot be read is there all the same: its step says why
    fs::set_permissions(dir.join("api_token"), fs::Permissions::from_mode(0o644)).unwrap();
    let shown = world.json(["run", "x", "--var", "token=api_token", "--wait"]);
    assert_eq!(shown["steps"][0]["error"]["code"], "RPA0406", "{shown:#}");
    assert!(daemon.stop().success());
    let mut written = files(&world.state());
    written.push(world.path().join("rpad.log"));
    for file in written {
        let bytes = fs::read(&file).unwrap();
        let found = bytes.windows(pasted.len()).any(|w| w == pasted.as_bytes());
        assert!(!found, "it stands in {}", file.display());
    }
}

/// A small file system of the test's own; needs root (user namespaces do not let
/// the daemon's socket be reached from outside).
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn mount(path: std::path::PathBuf) -> SmallDisk {
        fs::create_dir(&path).unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"])
            .arg(&path)
            .status()
            .unwrap();
        assert!(mounted.success(), "this test mounts a small file system: run it as root");
        SmallDisk(path)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_stops_the_run_with_a_named_fault_and_not_the_daemon() {
    let world = World::new();
    let disk = SmallDisk::mount(world.path().join("disk"));
    let options = Options {
        state_dir: Some(disk.0.join("state")),
        settings: "[store]\nfree_reserve = \"2MiB\"\n".into(),
        ..Options::default()
    };
    let daemon = world.start_with(&options);
    let go = world.path().join("go");
    let steps: String = (0..400)
        .map(|i| {
            format!("  - {{id: s{i}, uses: log, with: {{message: \"{}\"}}}}\n", "x".repeat(2000))
        })
        .collect();
    world.apply(
        "filling",
        &format!(
            "version: 1\nname: filling\nsteps:\n  - {{id: gate, run: \"until [ -e {} ]; do sleep 0.01; done\"}}\n{steps}",
            go.display()
        ),
    );
    world.apply("noop", NOOP);
    let acknowledged = world.submit(["noop"]);
    world.until(&acknowledged, "completed");
    let run = world.submit(["filling"]);
    // fill what is left, then let the run go on
    let ballast = disk.0.join("ballast");
    let _ = std::process::Command::new("dd")
        .args(["if=/dev/zero", "bs=64k", &format!("of={}", ballast.display())])
        .stderr(Stdio::null())
        .status();
    fs::write(&go, "").unwrap();
    let shown = world.until(&run, "failed");
    let code = shown["error"]["code"].as_str().unwrap();
    assert_eq!(code, "RPA0411", "{:#}", shown["error"]);
    let refused = world.json(["run", "noop"]);
    let status = world.json(["status"]);
    assert_eq!(status["state"], "degraded", "{status:#}");
    assert_eq!(refused["error"]["code"], "RPA0203", "{refused}");
    assert_eq!(world.show(&acknowledged)["status"], "completed");
    fs::remove_file(&ballast).unwrap();
    eventually("work is accepted again", || {
        (world.json(["status"])["state"] == "ready").then_some(())
    });
    let after = world.json(["run", "noop", "--wait"]);
    assert_eq!(after["status"], "completed", "{after:#}");
    daemon.signal(Signal::TERM);
    assert!(daemon.wait().success());
}
