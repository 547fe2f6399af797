//! The runner in a process of its own: what goes on without the daemon, and what does
//! not go on without the runner.

use std::fs;
use std::path::Path;

use rpa_tests::{Daemon, Options, World, eventually, runner_of};
use rustix::process::{Pid, Signal, getsid, kill_process};

use crate::first_light::files;

const CLASSES: [&str; 4] = ["pure", "idempotent", "unknown", "once"];

fn settings(text: &str) -> Options {
    Options { settings: text.to_owned(), ..Options::default() }
}

fn alive(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next());
    state.is_some_and(|s| s != "Z" && s != "X")
}

/// A workflow of one step, whose shell says who it is before it begins.
fn step(world: &World, name: &str, extra: &str, script: &str) -> String {
    let dir = world.path().display();
    let script: String = script.lines().map(|line| format!("      {line}\n")).collect();
    let text = format!(
        "version: 1\nname: {name}\nsteps:\n  - id: s\n{extra}    run: |\n      cd {dir}\n      \
         echo x >> {name}.ran\n      echo $$ > {name}.pid\n{script}"
    );
    world.apply(name, &text);
    world.submit([name])
}

/// The process of the step, as soon as it has begun.
fn begun(world: &World, name: &str) -> u32 {
    let pid = || world.read(&format!("{name}.pid"));
    eventually("the step runs", || pid().strip_suffix('\n').and_then(|pid| pid.parse().ok()))
}

/// What the step has printed, as the log of its run has it.
fn printed(world: &World, run: &str) -> Vec<String> {
    let days = fs::read_dir(world.state().join("runs")).expect("days");
    let mut logs = days.map(|day| day.expect("a day").path().join(run).join("log"));
    let log = logs.find(|log| log.exists()).map(fs::read_to_string);
    let log = log.transpose().expect("a log").unwrap_or_default();
    let line = |line: &str| {
        let mut words = line.splitn(5, ' ');
        let stream = words.nth(2).unwrap_or_else(|| panic!("a torn line {line:?}"));
        (stream == "out").then(|| words.nth(1).unwrap_or_default().to_owned())
    };
    log.lines().filter_map(line).collect()
}

fn go(world: &World) {
    fs::write(world.path().join("go"), "").unwrap();
}

#[test]
fn what_runs_goes_on_without_the_daemon_and_says_everything_once() {
    let world = World::new();
    let daemon = world.start();
    // a line every few milliseconds: some are under way whenever the daemon dies
    let script = "i=0\nuntil [ -e go ]; do i=$((i+1)); echo line $i; sleep 0.003; done\n\
                  echo last $i";
    let runs = CLASSES.map(|class| step(&world, class, &format!("    effect: {class}\n"), script));
    let pids = CLASSES.map(|class| begun(&world, class));
    let runner = daemon.runner().expect("a runner");
    let mut daemon = daemon;
    for _ in 0..5 {
        let before = printed(&world, &runs[0]).len();
        daemon.kill_alone();
        assert!(pids.iter().all(|pid| alive(*pid)), "a step went down with the daemon");
        daemon = world.start();
        assert_eq!(daemon.runner(), Some(runner), "the same runner");
        eventually("lines come again", || {
            (printed(&world, &runs[0]).len() > before + 10).then_some(())
        });
    }
    go(&world);
    for (class, run) in CLASSES.iter().zip(&runs) {
        let shown = world.until(run, "completed");
        assert_eq!(shown["steps"][0]["attempts"], 1, "{class}: {shown:#}");
        assert_eq!(world.read(&format!("{class}.ran")), "x\n", "{class} ran once");
        let lines = printed(&world, run);
        let (last, lines) = lines.split_last().expect("lines");
        assert_eq!(last, &format!("last {}", lines.len()), "{class}");
        for (i, line) in lines.iter().enumerate() {
            assert_eq!(line, &format!("line {}", i + 1), "{class}");
        }
    }
    assert_eq!(world.json(["doubts"])["doubts"].as_array().map(Vec::len), Some(0));
    assert!(daemon.stop().success());
}

#[test]
fn what_ends_without_the_daemon_is_told_the_next_one() {
    let world = World::new();
    let daemon = world.start();
    let script =
        "until [ -e go ]; do sleep 0.01; done\necho said without a daemon\nexit $(cat code)";
    let [good, bad] = [("good", "0"), ("bad", "3")].map(|(name, code)| {
        let run = step(&world, name, "    effect: once\n", &script.replace("$(cat code)", code));
        (run, begun(&world, name))
    });
    daemon.kill_alone();
    go(&world);
    eventually("both have ended", || (!alive(good.1) && !alive(bad.1)).then_some(()));
    let kept = || fs::read_dir(world.state().join("runner")).unwrap().count();
    eventually("both ends are on disk", || (kept() == 2).then_some(()));
    let daemon = world.start();
    world.until(&good.0, "completed");
    let failed = world.until(&bad.0, "failed");
    assert_eq!(failed["steps"][0]["error"]["class"], "exit(3)", "{failed:#}");
    for run in [&good.0, &bad.0] {
        assert_eq!(printed(&world, run), ["said without a daemon"]);
        assert_eq!(world.show(run)["steps"][0]["attempts"], 1);
    }
    eventually("nothing is kept any more", || (kept() == 0).then_some(()));
    assert!(daemon.stop().success());
}

#[test]
fn ends_outlive_the_runner_as_well_once_nobody_took_them() {
    let world = World::new();
    let daemon = world.start();
    let run = step(
        &world,
        "late",
        "    effect: once\n",
        "until [ -e go ]; do sleep 0.01; done\nseq 1 300000",
    );
    begun(&world, "late");
    let runner = daemon.runner().expect("a runner");
    daemon.kill_alone();
    go(&world);
    // SIGTERM: the runner goes when what it has is on disk
    eventually("the runner has ended", || {
        let kept = fs::read_dir(world.state().join("runner")).unwrap().count();
        if kept > 0 && !alive(begun(&world, "late")) {
            let _ = kill_process(Pid::from_raw(runner.cast_signed()).unwrap(), Signal::TERM);
        }
        (!alive(runner)).then_some(())
    });
    let daemon = world.start();
    assert_ne!(daemon.runner(), Some(runner));
    let shown = world.until(&run, "completed");
    assert_eq!(shown["steps"][0]["attempts"], 1);
    let lines = printed(&world, &run);
    assert!(lines.iter().enumerate().all(|(i, line)| *line == (i + 1).to_string()));
    assert_eq!(lines.len(), 300_000);
    assert!(daemon.stop().success());
}

/// More than memory is to hold, with secrets in it.
#[test]
fn what_is_said_without_a_daemon_is_kept_on_disk_and_masked() {
    let world = World::new();
    let secrets = world.path().join("secrets");
    fs::create_dir(&secrets).unwrap();
    let secret = "correct-horse-battery";
    fs::write(secrets.join("token"), secret).unwrap();
    for (path, mode) in [(&secrets, 0o700), (&secrets.join("token"), 0o400)] {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let daemon =
        world.start_with(&settings(&format!("[secrets]\ndirectory = \"{}\"\n", secrets.display())));
    let extra = "    env: {TOKEN: \"{{ secrets.token }}\"}\n";
    let script = "until [ -e go ]; do sleep 0.01; done\n\
                  seq 1 200000 | sed \"s/\\$/ of $TOKEN/\"\ntouch said\n\
                  until [ -e end ]; do sleep 0.01; done\necho $TOKEN\nexit 3";
    let run = step(&world, "secret", extra, script);
    begun(&world, "secret");
    daemon.kill_alone();
    go(&world);
    eventually("it has said it all", || world.path().join("said").exists().then_some(()));
    let spilled = fs::read_dir(world.state().join("runner")).unwrap();
    let bytes: u64 = spilled.map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    assert!(bytes > 1024 * 1024, "only {bytes} bytes are on disk");
    assert_no_secret(&world.state(), secret);
    fs::write(world.path().join("end"), "").unwrap();
    let daemon = world.start();
    let failed = world.until(&run, "failed");
    assert!(!failed.to_string().contains(secret));
    let lines = printed(&world, &run);
    assert_eq!(lines.len(), 200_001);
    for (i, line) in lines[..200_000].iter().enumerate() {
        assert_eq!(line, &format!("{} of ***", i + 1));
    }
    assert_no_secret(&world.state(), secret);
    assert!(daemon.stop().success());
}

fn assert_no_secret(dir: &Path, secret: &str) {
    for path in files(dir) {
        let bytes = fs::read(&path).unwrap_or_default();
        let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
        assert!(!found, "the secret is in {}", path.display());
    }
}

#[test]
fn the_loss_of_the_runner_is_decided_by_effect_class() {
    let world = World::new();
    let daemon = world.start();
    let runs = CLASSES.map(|class| {
        let script = format!("[ $(wc -l < {class}.ran) -ge 2 ] || sleep 1000");
        step(&world, class, &format!("    effect: {class}\n"), &script)
    });
    let pids = CLASSES.map(|class| begun(&world, class));
    let before = daemon.runner();
    daemon.kill_runner();
    for (i, status) in ["completed", "completed", "in_doubt", "in_doubt"].iter().enumerate() {
        world.until(&runs[i], status);
        assert!(!alive(pids[i]), "a process of {} lives", CLASSES[i]);
        let ran = world.read(&format!("{}.ran", CLASSES[i]));
        assert_eq!(ran.lines().count(), if i < 2 { 2 } else { 1 }, "{}", CLASSES[i]);
    }
    let shown = world.show(&runs[3]);
    let reason = shown["steps"][0]["reason"].as_str().unwrap_or_default();
    assert_eq!(reason, "the runner ended while it ran; its processes were ended", "{shown:#}");
    let status = world.json(["status"]);
    assert_eq!(status["state"], "ready", "{status:#}");
    assert_ne!(daemon.runner(), before, "another runner");
    assert!(daemon.stop().success());
}

#[test]
fn a_service_manager_restarts_the_daemon_below_running_steps() {
    let world = World::new();
    let daemon = world.start();
    let script = "until [ -e go ]; do sleep 0.01; done";
    let runs = ["one", "two"].map(|name| step(&world, name, "    effect: once\n", script));
    for name in ["one", "two"] {
        begun(&world, name);
    }
    let runner = daemon.runner().expect("a runner");
    assert!(daemon.stop().success());
    let log = world.read("rpad.log");
    let said = format!(
        "the runner, pid {runner}, goes on with its steps (2); the next start takes them back"
    );
    assert!(log.contains(&said), "{log}");
    let daemon = world.start();
    let status = world.json(["status"]);
    assert_eq!(status["runner"]["pid"], runner, "{status:#}");
    assert_eq!(status["runner"]["state"], "ready", "{status:#}");
    assert_eq!(status["runner"]["version"], status["version"], "{status:#}");
    assert_eq!(status["runner"]["attempts"], 2, "{status:#}");
    assert_eq!(status["attempts_running"], 2, "{status:#}");
    let told = world.rpa(["status"]).stdout;
    assert!(told.contains(&format!("pid {runner}, holds 2")), "{told}");
    go(&world);
    for run in &runs {
        assert_eq!(world.until(run, "completed")["steps"][0]["attempts"], 1);
    }
    assert!(daemon.stop().success());
}

#[test]
fn what_was_taken_back_can_be_cancelled() {
    let world = World::new();
    let daemon = world.start();
    let run = step(&world, "long", "", "sleep 1000");
    let pid = begun(&world, "long");
    daemon.kill_alone();
    let daemon = world.start();
    assert!(alive(pid));
    assert_eq!(world.rpa(["cancel", &run]).code, 0);
    world.until(&run, "cancelled");
    assert!(!alive(pid), "cancelled, but it lives");
    assert!(daemon.stop().success());
}

#[test]
fn time_runs_out_without_the_daemon_too() {
    let world = World::new();
    let daemon = world.start();
    let run = step(&world, "slow", "    effect: idempotent\n    timeout: 2s\n", "sleep 1000");
    let pid = begun(&world, "slow");
    daemon.kill_alone();
    eventually("its time has run out", || (!alive(pid)).then_some(()));
    let daemon = world.start();
    let shown = world.until(&run, "failed");
    assert_eq!(shown["steps"][0]["error"]["code"], "RPA0402", "{shown:#}");
    assert_eq!(shown["steps"][0]["attempts"], 1);
    assert!(daemon.stop().success());
}

/// Slots are of the daemon: what it took back holds some.
#[test]
fn what_was_taken_back_holds_its_slot() {
    let world = World::new();
    let one_at_once = settings("[runs]\nmax_attempts = 1\n");
    let daemon = world.start_with(&one_at_once);
    let first = step(&world, "first", "", "until [ -e go ]; do sleep 0.01; done");
    begun(&world, "first");
    daemon.kill_alone();
    let daemon = world.start_with(&one_at_once);
    let second = step(&world, "second", "", "true");
    eventually("the second waits for the slot", || {
        let why = world.rpa(["why", &second]).stdout;
        why.contains("max_attempts").then_some(())
    });
    assert_eq!(world.read("second.ran"), "", "it has begun beside the first");
    go(&world);
    world.until(&first, "completed");
    world.until(&second, "completed");
    assert!(daemon.stop().success());
}

#[test]
fn a_person_who_stops_the_daemon_stops_the_runner() {
    let world = World::new();
    let daemon = world.start();
    let run = step(&world, "short", "", "until [ -e go ]; do sleep 0.01; done");
    begun(&world, "short");
    let runner = daemon.runner().expect("a runner");
    daemon.signal(Signal::INT);
    eventually("it drains", || (world.json(["status"])["state"] == "draining").then_some(()));
    go(&world);
    assert!(daemon.wait().success());
    eventually("the runner has gone", || (!alive(runner)).then_some(()));
    assert!(!world.state().join("runner.sock").exists());
    let daemon = world.start();
    assert_eq!(world.until(&run, "completed")["steps"][0]["attempts"], 1);
    assert!(daemon.stop().success());
}

#[test]
fn a_runner_that_nobody_needs_goes_by_itself() {
    let world = World::new();
    let daemon = world.start_with(&settings("[runner]\nidle_exit = \"50ms\"\n"));
    let runner = daemon.runner().expect("a runner");
    let run = step(&world, "long", "", "until [ -e go ]; do sleep 0.01; done");
    begun(&world, "long");
    assert!(daemon.stop().success());
    go(&world);
    eventually("the runner has gone", || (!alive(runner)).then_some(()));
    let daemon = world.start();
    assert_eq!(world.until(&run, "completed")["steps"][0]["attempts"], 1);
    assert!(daemon.stop().success());
}

#[test]
fn steps_run_inside_the_daemon_when_the_settings_say_so() {
    let world = World::new();
    let daemon = world.start();
    let taken = step(&world, "taken", "", "until [ -e go ]; do sleep 0.01; done");
    begun(&world, "taken");
    let runner = daemon.runner().expect("a runner");
    daemon.kill_alone();
    // what an earlier daemon has left in its runner is taken back all the same
    let inside = settings("[runner]\nprocess = false\n");
    let daemon = world.start_with(&inside);
    let own = step(&world, "own", "", "sleep 1000");
    let pid = begun(&world, "own");
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let parent = stat.rsplit(')').next().unwrap().split_whitespace().nth(1).unwrap().to_owned();
    assert_eq!(parent, daemon.pid().to_string(), "a child of the daemon");
    go(&world);
    assert_eq!(world.until(&taken, "completed")["steps"][0]["attempts"], 1);
    eventually("the old runner has gone", || (!alive(runner)).then_some(()));
    daemon.kill_alone();
    let daemon = world.start_with(&inside);
    world.until(&own, "in_doubt");
    assert_eq!(daemon.runner(), None);
    assert_eq!(world.json(["status"])["runner"], serde_json::Value::Null);
    assert!(daemon.stop().success());
}

/// It is a process of its own in every respect, and gets nothing that it need not know.
#[test]
fn a_runner_inherits_neither_session_nor_secrets() {
    let world = World::new();
    let env = [
        ("API_TOKEN", "hush"),
        ("NOTIFY_SOCKET", "/run/systemd/notify"),
        ("LISTEN_FDS", "1"),
        ("TZ", "Europe/Sofia"),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let daemon = world.start_with(&Options { env, ..Options::default() });
    let runner = daemon.runner().expect("a runner");
    let environ = fs::read_to_string(format!("/proc/{runner}/environ")).unwrap();
    for name in ["API_TOKEN", "hush", "NOTIFY_SOCKET", "LISTEN_FDS"] {
        assert!(!environ.contains(name), "{environ}");
    }
    let number = Pid::from_raw(runner.cast_signed());
    assert_eq!(getsid(number).unwrap(), number.unwrap(), "it leads a session of its own");
    let shown = world
        .ended("zone", "version: 1\nname: zone\nsteps:\n  - {id: s, run: 'echo \"$TZ\"; env'}\n");
    let stdout = shown["steps"][0]["output"]["stdout"].as_str().unwrap_or_default().to_owned();
    assert!(stdout.starts_with("Europe/Sofia\n") && !stdout.contains("hush"), "{shown:#}");
    daemon.kill_alone();
    // a later daemon may have another environment: each step gets that of its daemon
    let env = vec![("TZ".to_owned(), "Asia/Tokyo".to_owned())];
    let daemon = world.start_with(&Options { env, ..Options::default() });
    assert_eq!(daemon.runner(), Some(runner));
    let shown = world.json(["run", "zone", "--wait"]);
    let stdout = shown["steps"][0]["output"]["stdout"].as_str().unwrap_or_default().to_owned();
    assert!(stdout.starts_with("Asia/Tokyo\n"), "{shown:#}");
    assert!(daemon.stop().success());
}

/// The daemon ends with the fault `code`, in English and in Bulgarian.
fn refused(world: &World, code: &str, exit: i32) -> String {
    let output = world.rpad(&Options::default()).output().expect("rpad starts");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(exit), "{stderr}");
    assert!(stderr.contains(code), "{stderr}");
    stderr
}

#[test]
fn a_daemon_without_a_runner_says_why() {
    let world = World::new();
    fs::create_dir(world.state()).unwrap();
    let lock = fs::File::create(world.state().join("runner.lock")).unwrap();
    lock.lock().unwrap();
    let stderr = refused(&world, "RPA0208", 74);
    assert!(stderr.contains("works for"), "it repeats what the runner said: {stderr}");
    drop(lock);
    assert!(world.start().stop().success());
}

#[test]
fn a_runner_works_for_one_store_only() {
    let world = World::new();
    let daemon = world.start();
    step(&world, "long", "", "sleep 1000");
    begun(&world, "long");
    let runner = daemon.runner().expect("a runner");
    daemon.kill_alone();
    for name in ["rpad.redb", "runs"] {
        fs::rename(world.state().join(name), world.path().join(name)).unwrap();
    }
    let stderr = refused(&world, "RPA0209", 75);
    assert!(stderr.contains(&format!("pid {runner}")), "{stderr}");
    // and nobody else starts one beside it
    let state = world.state();
    let mut command = world.rpad(&Options::default());
    let second = command.arg("runner").output().expect("rpad starts");
    let stderr = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(75), "{stderr}");
    assert!(stderr.contains("RPA0209") && stderr.contains(&runner.to_string()), "{stderr}");
    assert_eq!(runner_of(&state), Some(runner));
}

/// A copy of the program is another build of it.
#[test]
fn an_idle_runner_of_another_build_is_replaced() {
    let world = World::new();
    let daemon: Daemon = world.start();
    let runner = daemon.runner().expect("a runner");
    assert!(daemon.stop().success());
    let copy = world.path().join("upgraded");
    let made = std::process::Command::new("cp").arg(rpa_tests::binary("rpad")).arg(&copy).status();
    assert!(made.unwrap().success());
    let mut upgraded = std::process::Command::new(&copy);
    let usual = world.rpad(&Options::default());
    upgraded.args(usual.get_args()).env_clear();
    upgraded.envs(usual.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut upgraded = upgraded.stderr(std::process::Stdio::null()).spawn().unwrap();
    eventually("it answers", || (world.rpa(["status"]).code == 0).then_some(()));
    let now = world.json(["status"])["runner"]["pid"].as_u64();
    assert_ne!(now, Some(runner.into()));
    assert!(!alive(runner), "the old one has gone");
    upgraded.kill().unwrap();
    upgraded.wait().unwrap();
}
