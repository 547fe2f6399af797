//! The daemon under a service manager: real sockets that are handed over, a real socket
//! that hears its news, and the units against systemd's own judgement.

use std::fs;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rpa_tests::{Options, World, binary, eventually, root, runner_of};
use rustix::process::{Pid, Signal, kill_process};

/// Restarts of the daemon under clients that connect all the time.
const RESTARTS: usize = 100;

/// Where a manager hears what its service says.
struct Manager {
    news: Receiver<String>,
    path: String,
}

impl Manager {
    fn new(world: &World) -> Manager {
        let path = world.path().join("notify").display().to_string();
        let socket = UnixDatagram::bind(&path).unwrap();
        let (heard, news) = channel();
        // reads for as long as somebody listens to it
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length) = socket.recv(&mut bytes) {
                let text = String::from_utf8(bytes[..length].to_vec()).unwrap();
                if heard.send(text).is_err() {
                    return;
                }
            }
        });
        Manager { news, path }
    }

    /// The environment of a service, with a watchdog of this many milliseconds.
    fn env(&self, watchdog_ms: u64) -> Vec<(String, String)> {
        let mut env = vec![("NOTIFY_SOCKET".to_owned(), self.path.clone())];
        if watchdog_ms > 0 {
            env.push(("WATCHDOG_USEC".to_owned(), (watchdog_ms * 1000).to_string()));
        }
        env
    }

    /// The next datagram.
    fn hear(&self) -> String {
        self.news.recv_timeout(Duration::from_secs(60)).expect("news within a minute")
    }

    /// The next one of this kind, and what came before it.
    fn until(&self, wanted: &str) -> (String, Vec<String>) {
        let mut before = Vec::new();
        loop {
            let news = self.hear();
            if news.lines().any(|line| line.starts_with(wanted)) {
                return (news, before);
            }
            before.push(news);
        }
    }
}

fn options(env: Vec<(String, String)>) -> Options {
    Options { env, ..Options::default() }
}

#[test]
fn the_manager_hears_of_readiness_signs_of_life_reloads_and_the_end() {
    let world = World::new();
    let manager = Manager::new(&world);
    let settings = |text: &str| fs::write(world.path().join("rpad.toml"), text).unwrap();
    let first = Options {
        settings: "[daemon]\nlog = \"info\"\n".into(),
        env: manager.env(300),
        ..Options::default()
    };
    let daemon = world.spawn(&first);
    let (ready, before) = manager.until("READY=1");
    assert!(ready.contains("STATUS=ready; runs: 0 active, 0 queued, 0 in doubt; steps: 0 running"));
    assert!(!before.iter().any(|news| news.contains("WATCHDOG")), "{before:?}");
    // it is as ready as it says: a client is answered at once
    assert_eq!(world.rpa(["status"]).code, 0, "{}", world.read("rpad.log"));
    for _ in 0..5 {
        manager.until("WATCHDOG=1");
    }
    // an idle daemon writes nothing for its signs of life
    let written = || fs::metadata(world.state().join("rpad.redb")).unwrap().modified().unwrap();
    let settled = eventually("the store is at rest", || {
        let before = written();
        // longer than the daemon waits until it settles what was written last
        (0..20).for_each(|_| _ = manager.until("WATCHDOG=1"));
        (written() == before).then_some(before)
    });
    (0..20).for_each(|_| _ = manager.until("WATCHDOG=1"));
    assert_eq!(written(), settled, "a sign of life is no commit");

    settings("[daemon]\nlog = \"debug\"\n[runs]\nmax_active = 7\n");
    let reload = |log: &str| {
        daemon.signal(Signal::HUP);
        let (reloading, _) = manager.until("RELOADING=1");
        let usec = reloading.lines().find_map(|line| line.strip_prefix("MONOTONIC_USEC="));
        assert!(usec.is_some_and(|usec| usec.parse::<u64>().is_ok()), "{reloading}");
        let (ready, _) = manager.until("READY=1");
        assert!(world.read("rpad.log").contains(log), "{}", world.read("rpad.log"));
        ready
    };
    let ready = reload("the settings were read again");
    assert!(ready.contains("restart for runs.max_active"), "{ready}");
    // what takes effect at once: the log says more from now on
    world.ended("noop", "version: 1\nname: noop\nsteps:\n  - {id: s, uses: noop}\n");
    eventually("debug lines", || world.read("rpad.log").contains("DEBUG").then_some(()));
    settings("[daemon]\nlgo = \"debug\"\n");
    let ready = reload("the settings stay as they are");
    assert!(ready.contains("reload failed: RPA0207"), "{ready}");
    settings("[daemon]\nlog = \"info\"\n");
    assert!(!reload("the settings were read again").contains("reload"));

    daemon.signal(Signal::TERM);
    let (stopping, _) = manager.until("STOPPING=1");
    assert!(stopping.contains("EXTEND_TIMEOUT_USEC="), "{stopping}");
    assert!(daemon.wait().success());
}

#[test]
fn a_manager_that_does_not_read_keeps_nobody_from_work() {
    let world = World::new();
    let path = world.path().join("notify");
    let _unread = UnixDatagram::bind(&path).unwrap();
    let text = |value: &str| value.to_owned();
    let env = vec![
        (text("NOTIFY_SOCKET"), path.display().to_string()),
        (text("WATCHDOG_USEC"), text("3000")),
    ];
    let daemon = world.start_with(&options(env));
    // its queue in the kernel is full, and so is the daemon's own
    let full = "the service manager does not read";
    eventually("nobody reads", || world.read("rpad.log").contains(full).then_some(()));
    let step = "version: 1\nname: hello\nsteps:\n  - {id: s, run: echo hello}\n";
    assert_eq!(world.ended("hello", step)["status"], "completed");
    assert!(daemon.interrupt().success());
}

/// A large store that is walked through takes its time, and the manager leaves it to it.
#[test]
fn a_start_that_takes_long_asks_for_more_time_until_it_is_ready() {
    let world = World::new();
    let manager = Manager::new(&world);
    let mut env = manager.env(0);
    // longer than until the first request
    env.push(("FAILPOINTS".into(), "recovery-begins=sleep(7000)".into()));
    let daemon = world.spawn(&options(env));
    let (asked, before) = manager.until("EXTEND_TIMEOUT_USEC=");
    assert!(!before.iter().any(|news| news.contains("READY=1")), "{before:?}");
    assert!(asked.contains("EXTEND_TIMEOUT_USEC=30000000"), "{asked}");
    assert!(asked.contains("STATUS=starting: looking through the store"), "{asked}");
    let (ready, _) = manager.until("READY=1");
    // from then on it would be the time of the whole service
    assert!(!ready.contains("EXTEND_TIMEOUT_USEC"), "{ready}");
    assert_eq!(world.rpa(["status"]).code, 0);
    daemon.signal(Signal::TERM);
    let (_, between) = manager.until("STOPPING=1");
    assert!(!between.iter().any(|news| news.contains("EXTEND_TIMEOUT_USEC")), "{between:?}");
    assert!(daemon.wait().success());
}

/// A driver that hangs gives no sign, though every other thread is well.
#[test]
fn a_driver_that_hangs_gives_no_sign_of_life() {
    let world = World::new();
    let manager = Manager::new(&world);
    let mut env = manager.env(300);
    // the first batch of the driver's never ends
    env.push(("FAILPOINTS".into(), "batch-begins=sleep(100000)".into()));
    let daemon = world.spawn(&options(env));
    manager.until("READY=1");
    let began = Instant::now();
    // what was said before it hung may still be there
    let mut last = Instant::now();
    while began.elapsed() < Duration::from_secs(20) && last.elapsed() < Duration::from_secs(3) {
        let news = manager.news.recv_timeout(Duration::from_millis(500)).unwrap_or_default();
        if news.contains("WATCHDOG") {
            last = Instant::now();
        }
    }
    assert!(last.elapsed() >= Duration::from_secs(3), "a sign of life of a dead driver");
    daemon.kill();
}

#[test]
fn a_runner_of_its_own_unit_is_waited_for_and_never_started() {
    let world = World::new();
    let manager = Manager::new(&world);
    let env = vec![("RPAD_RUNNER_START".to_owned(), "false".to_owned())];
    let daemon = world.spawn(&options([env, manager.env(0)].concat()));
    // whoever starts the daemon first has it wait
    let mut runner = runner(&world, &manager);
    manager.until("READY=1");
    manager.until("READY=1");
    assert_eq!(daemon.runner(), Some(runner.id()));
    let text = "version: 1\nname: hello\nsteps:\n  - {id: s, run: echo hello}\n";
    assert_eq!(world.ended("hello", text)["status"], "completed");
    let parent = |pid: u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let fields = stat.rsplit(')').next().unwrap().to_owned();
        fields.split_whitespace().nth(1).unwrap().to_owned()
    };
    assert_eq!(parent(runner.id()), std::process::id().to_string(), "nobody else's child");

    // its manager starts it anew when it is gone; meanwhile the daemon says so
    runner.kill().unwrap();
    runner.wait().unwrap();
    eventually("the daemon misses it", || {
        let status = world.json(["status"]);
        (status["reason"].as_str()?.contains("no runner answers")).then_some(())
    });
    let mut runner = self::runner(&world, &manager);
    eventually("the daemon has it", || (world.json(["status"])["state"] == "ready").then_some(()));
    assert_eq!(runner_of(&world.state()), Some(runner.id()));
    assert_eq!(world.ended("hello", text)["status"], "completed");
    assert!(daemon.stop().success());
    kill_process(Pid::from_child(&runner), Signal::TERM).unwrap();
    assert!(runner.wait().unwrap().success());
}

/// As its unit starts it.
fn runner(world: &World, manager: &Manager) -> Child {
    let mut command = Command::new(binary("rpad"));
    command.args(["runner", "--idle-exit", "0s", "--state-dir"]).arg(world.state());
    command.env("NOTIFY_SOCKET", &manager.path).stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::null()).spawn().unwrap()
}

/// Sockets that a manager holds over all lives of its service.
struct Handed {
    calls: UnixListener,
    http: UnixListener,
}

impl Handed {
    fn new(world: &World) -> Handed {
        let calls = UnixListener::bind(world.socket()).unwrap();
        let http = UnixListener::bind(world.path().join("handed.sock")).unwrap();
        Handed { calls, http }
    }

    /// Starts the daemon with them as descriptors 3 and 4, as a manager does: the process
    /// that it is in the end is the one that `LISTEN_PID` names.
    fn start(&self, world: &World, names: &str, env: &[(String, String)]) -> Child {
        let daemon = world.rpad(&Options::default());
        let script = format!(
            "exec 3<&0 4<&1 0</dev/null 1>/dev/null; export LISTEN_PID=$$ LISTEN_FDS=2 \
             LISTEN_FDNAMES={names}; exec \"$0\" \"$@\""
        );
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).arg(daemon.get_program()).args(daemon.get_args());
        shell.env_clear();
        shell.envs(daemon.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.envs(env.iter().map(|(name, value)| (name, value)));
        let of = |listener: &UnixListener| OwnedFd::from(listener.try_clone().unwrap());
        let log = world.path().join("rpad.log");
        let log = fs::File::options().create(true).append(true).open(log).unwrap();
        shell.stdin(of(&self.calls)).stdout(of(&self.http)).stderr(log).spawn().unwrap()
    }
}

/// How long the answer is; nothing when the daemon goes meanwhile.
fn asked_for_health(mut stream: UnixStream) -> io::Result<usize> {
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
    stream.read_to_end(&mut Vec::new())
}

#[test]
fn handed_sockets_outlive_the_daemon_and_refuse_nobody() {
    let world = World::new();
    let manager = Manager::new(&world);
    let handed = Handed::new(&world);
    let http = world.path().join("handed.sock");
    let over = AtomicBool::new(false);
    let (connected, answered) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let (over, connected) = (&over, &connected);
        let socket = world.socket();
        scope.spawn(move || {
            while !over.load(Ordering::Relaxed) {
                // waits while the daemon is away; is never told that nobody listens
                let mut stream = UnixStream::connect(&socket).expect("nobody is refused");
                connected.fetch_add(1, Ordering::Relaxed);
                // it says nothing, and is hung up on
                let _ = stream.shutdown(Shutdown::Write);
                let _ = stream.read_to_end(&mut Vec::new());
            }
        });
        let (answered, path) = (&answered, &http);
        for _ in 0..2 {
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let stream = UnixStream::connect(path).expect("nobody is refused");
                    connected.fetch_add(1, Ordering::Relaxed);
                    let answer = asked_for_health(stream);
                    answered.fetch_add(usize::from(answer.is_ok_and(|a| a > 0)), Ordering::Relaxed);
                }
            });
        }
        for life in 0..RESTARTS {
            let mut daemon = handed.start(&world, "rpad:http", &manager.env(0));
            manager.until("READY=1");
            let before = answered.load(Ordering::Relaxed);
            eventually("somebody is answered", || {
                (answered.load(Ordering::Relaxed) > before).then_some(())
            });
            // an orderly stop, and every other time none
            let signal = if life % 2 == 0 { Signal::TERM } else { Signal::KILL };
            kill_process(Pid::from_child(&daemon), signal).unwrap();
            let status = daemon.wait().unwrap();
            assert!(signal == Signal::KILL || status.success(), "{}", world.read("rpad.log"));
            assert!(world.socket().exists() && http.exists(), "they are not the daemon's");
        }
        over.store(true, Ordering::Relaxed);
        // whoever waits is served once more
        let mut daemon = handed.start(&world, "rpad:http", &[]);
        eventually("the last daemon answers", || (world.rpa(["status"]).code == 0).then_some(()));
        let status = world.json(["status"]);
        assert_eq!(status["socket"], world.socket().display().to_string());
        assert_eq!(status["http"][0], http.display().to_string());
        kill_process(Pid::from_child(&daemon), Signal::INT).unwrap();
        assert!(daemon.wait().unwrap().success());
    });
    assert!(connected.load(Ordering::Relaxed) > RESTARTS);
}

#[test]
fn sockets_that_are_not_what_they_should_be_are_refused() {
    let world = World::new();
    let handed = Handed::new(&world);
    let refused = |names: &str, said: &str| {
        let status = handed.start(&world, names, &[]).wait().unwrap();
        let log = world.read("rpad.log");
        assert_eq!(status.code(), Some(78), "{names}: {log}");
        let last = log.lines().rev().find(|line| line.contains("error[RPA0214]")).unwrap();
        assert!(last.contains(said), "{names}: {last}");
    };
    refused("rpad:web", "is called web");
    refused("", "has no name");
    refused("rpad:rpad", "two sockets");
    // a stream that listens is wanted: not a datagram socket, not a connection
    let bad = |fd: OwnedFd, said: &str| {
        let daemon = world.rpad(&Options::default());
        let script = "exec 3<&0 0</dev/null; export LISTEN_PID=$$ LISTEN_FDS=1 \
                      LISTEN_FDNAMES=rpad; exec \"$0\" \"$@\"";
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).arg(daemon.get_program()).args(daemon.get_args());
        let output = shell.stdin(fd).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(78), "{text}");
        assert!(text.contains("RPA0214") && text.contains(said), "{text}");
    };
    bad(UnixDatagram::unbound().unwrap().into(), "cannot be used");
    bad(UnixStream::pair().unwrap().0.into(), "does not listen");
    // descriptors of another process are none of ours
    let mut command = world.rpad(&Options::default());
    command.envs([("LISTEN_PID", "1"), ("LISTEN_FDS", "1"), ("LISTEN_FDNAMES", "web")]);
    drop(handed);
    fs::remove_file(world.socket()).unwrap();
    let mut daemon = command.stderr(Stdio::null()).spawn().unwrap();
    eventually("it answers", || (world.rpa(["status"]).code == 0).then_some(()));
    kill_process(Pid::from_child(&daemon), Signal::INT).unwrap();
    assert!(daemon.wait().unwrap().success());
}

/// What a unit with `PrivateUsers=` would do.
#[test]
fn it_does_not_start_where_it_would_take_people_for_others() {
    let world = World::new();
    let daemon = world.rpad(&Options::default());
    let inside = |settings: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "timeout", "--signal=INT", "5"]);
        command.args(["env"]).args(settings).arg(daemon.get_program()).args(daemon.get_args());
        command.output().unwrap()
    };
    if !Command::new("unshare").args(["--user", "true"]).status().is_ok_and(|s| s.success()) {
        eprintln!("this machine makes no user namespaces");
        return;
    }
    let output = inside(&[]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(78), "{text}");
    assert!(text.contains("error[RPA0215]") && text.contains("PrivateUsers="), "{text}");
    let output = inside(&["RPAD_DAEMON_USER_NAMESPACE=true"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("ready"), "{text}");
}

/// A root with the units as they are installed, and a program where they look for it.
fn installed(world: &World) -> std::path::PathBuf {
    let image = world.path().join("image");
    let output = install(world, &["--system"]);
    assert!(output.contains("new "), "{output}");
    fs::create_dir_all(image.join("usr/bin")).unwrap();
    fs::copy("/bin/true", image.join("usr/bin/rpad")).unwrap();
    image.join("etc/systemd/system")
}

fn install(world: &World, args: &[&str]) -> String {
    let mut command = Command::new(binary("rpad"));
    command.arg("install").args(args).arg("--root").arg(world.path().join("image"));
    command.env("HOME", "/home/ann").env_remove("XDG_CONFIG_HOME").env("LC_ALL", "C.UTF-8");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn has_systemd() -> bool {
    let found = Command::new("systemd-analyze").arg("--version").output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("systemd-analyze is not here: the units are not judged");
    }
    found
}

fn analyze(args: &[&str], units: &Path, file: &str) -> (bool, String) {
    let mut command = Command::new("systemd-analyze");
    command.args(args).arg(units.join(file));
    command.env("SYSTEMD_UNIT_PATH", format!("{}:", units.display()));
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn systemd_finds_nothing_wrong_with_the_units() {
    if !has_systemd() {
        return;
    }
    let world = World::new();
    let units = installed(&world);
    let program = world.path().join("image/usr/bin/rpad");
    let names = ["rpad.service", "rpad.socket", "rpad-http.socket", "rpad-runner.service"];
    for name in names {
        // this machine has no program of that path, the image has
        let path = units.join(name);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("/usr/bin/rpad", &program.display().to_string())).unwrap();
        let (good, said) = analyze(&["verify", "--man=no"], &units, name);
        assert!(good && said.is_empty(), "{name}: {said}");
    }
    let judged = |name: &str, threshold: &str| {
        let threshold = format!("--threshold={threshold}");
        let (good, said) =
            analyze(&["security", "--offline=true", "--no-pager", &threshold], &units, name);
        let score = said.lines().find(|line| line.contains("Overall exposure")).unwrap_or_default();
        assert!(good, "{name}: {score}");
        let score = score.split(": ").nth(1).and_then(|rest| rest.split(' ').next());
        score.expect("a score").to_owned()
    };
    let manual = fs::read_to_string(root().join("man/rpad.8")).unwrap();
    // the manual says what they are found to be, and no better
    for (name, threshold) in [("rpad.service", "15"), ("rpad-runner.service", "100")] {
        let score = judged(name, threshold);
        let row = format!("{}|{score}", name.replace('-', "\\-"));
        assert!(manual.contains(&row), "rpad(8) should say {row}");
    }
}

#[test]
fn the_drop_ins_that_are_shipped_are_understood() {
    if !has_systemd() {
        return;
    }
    let drop_ins = root().join("packaging/drop-ins");
    for unit in fs::read_dir(&drop_ins).unwrap().map(|unit| unit.unwrap()) {
        for file in fs::read_dir(unit.path()).unwrap().map(|file| file.unwrap()) {
            let world = World::new();
            let units = installed(&world);
            let folder = units.join(unit.file_name());
            fs::create_dir_all(&folder).unwrap();
            fs::copy(file.path(), folder.join(file.file_name())).unwrap();
            let name = unit.file_name().into_string().unwrap();
            let name = name.strip_suffix(".d").unwrap();
            let program = world.path().join("image/usr/bin/rpad").display().to_string();
            let text = fs::read_to_string(units.join(name)).unwrap();
            fs::write(units.join(name), text.replace("/usr/bin/rpad", &program)).unwrap();
            let (_, said) = analyze(&["verify", "--man=no"], &units, name);
            // what an older systemd does not know is said in the file
            let newer = said.lines().all(|line| line.contains("notify-reload"));
            assert!(newer, "{}: {said}", file.path().display());
        }
    }
}

#[test]
fn install_writes_what_it_says_and_keeps_what_a_person_has_changed() {
    let world = World::new();
    let units = installed(&world);
    let unit = units.join("rpad.service");
    assert!(!install(&world, &["--system"]).contains("new "), "nothing is written twice");
    assert!(!install(&world, &["--system"]).contains("Then:"), "and nothing is left to do");
    let text = fs::read_to_string(&unit).unwrap();
    fs::write(&unit, text + "\n# mine\n").unwrap();
    let said = install(&world, &["--system"]);
    let new = units.join("rpad.service.new");
    assert!(said.contains("changed by hand") && new.exists(), "{said}");
    assert!(fs::read_to_string(&unit).unwrap().ends_with("# mine\n"));
    let wants = units.join("multi-user.target.wants");
    fs::create_dir_all(&wants).unwrap();
    std::os::unix::fs::symlink("../rpad.service", wants.join("rpad.service")).unwrap();
    let said = install(&world, &["--system", "--uninstall", "--dry-run"]);
    assert!(said.contains("nothing was written") && units.join("rpad.socket").exists(), "{said}");
    let said = install(&world, &["--system", "--uninstall"]);
    assert!(said.contains("--force removes it") && unit.exists(), "{said}");
    assert!(!units.join("rpad.socket").exists() && !new.exists());
    assert!(wants.join("rpad.service").is_symlink(), "what is kept stays enabled");
    install(&world, &["--system", "--uninstall", "--force"]);
    assert!(!unit.exists() && !wants.join("rpad.service").is_symlink());
    assert!(world.path().join("image/etc/rpad/rpad.toml").exists(), "settings stay");

    let said = install(&world, &["--user"]);
    let own = world.path().join("image/home/ann/.config/systemd/user/rpad.service");
    assert!(own.exists(), "{said}");
}

#[test]
fn install_refuses_a_program_that_the_daemons_unit_could_not_reach() {
    let world = World::new();
    let copy = world.path().join("rpad");
    // by another process: while this one has it open to write, a test beside it may make a
    // process that has it open as well, and then it cannot be started
    assert!(Command::new("cp").arg(binary("rpad")).arg(&copy).status().unwrap().success());
    let output = Command::new(&copy).args(["install", "--system", "--dry-run"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("/usr/local/bin"), "{text}");
    let output = Command::new(&copy).arg("install").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "--system or --user");
}
