//! `--host`: a daemon behind a real ssh server, and what becomes of a command whose
//! other side is older, away, or nobody.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rpa_tests::{Rpa, Sshd, Terminal, World, binary, eventually};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::console::leave;

/// Says what it was given.
const ECHO: &str = "version: 1\nname: echo\nvariables:\n  text: {type: string}\nsteps:\n  \
    - {id: say, run: 'printf %s \"$TEXT\"', env: {TEXT: \"{{ vars.text }}\"}}\n\
    outputs: {text: \"{{ steps.say.output.stdout }}\"}\n";
/// What a shell, or two, might read otherwise.
const HARD: &str = "it's $(id) `id` \"two\"  \\ ; * ~ & | > \u{447}";

fn programs() -> PathBuf {
    binary("rpa").parent().expect("a directory").to_owned()
}

/// A world whose socket a user of the ssh server finds.
fn served(world: &World) -> Sshd {
    Sshd::start(world.path(), &programs(), &world.socket())
}

fn over(world: &World, sshd: &Sshd, args: &[&str]) -> Rpa {
    Rpa::from(world.rpa_over(sshd, args.iter().copied()).output().expect("rpa starts"))
}

#[track_caller]
fn document(rpa: &Rpa) -> Value {
    serde_json::from_str(&rpa.stdout).unwrap_or_else(|e| panic!("{e}: {rpa:?}"))
}

#[test]
fn files_of_this_machine_reach_a_daemon_of_another() {
    let world = World::new();
    let _daemon = world.start();
    let sshd = served(&world);
    world.file("echo.yaml", ECHO);
    world.file("text.txt", HARD);
    world.file("rows.csv", "text\none\ntwo\n");
    let applied = over(&world, &sshd, &["apply", "echo.yaml"]);
    assert_eq!((applied.code, applied.stderr.as_str()), (0, ""), "{applied:?}");
    for given in ["text=@text.txt".to_owned(), format!("text={HARD}")] {
        let run = over(&world, &sshd, &["run", "echo", "--wait", "--json", "--var", &given]);
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(document(&run)["outputs"]["text"], HARD, "{given}");
    }
    let each = over(&world, &sshd, &["run", "echo", "--each", "rows.csv", "--wait", "--json"]);
    let rows: Vec<Value> =
        each.stdout.lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
    assert!(rows.iter().all(|row| row["status"] == "completed") && rows.len() == 2, "{each:?}");
    // and what it writes stands here
    assert_eq!(over(&world, &sshd, &["export", "--all", "-o", "all.tar"]).code, 0);
    assert!(world.path().join("all.tar").exists());
    assert_eq!(over(&world, &sshd, &["backup", "copy.tar"]).code, 0);
    assert_eq!(world.rpa(["backup", "--check", "copy.tar"]).code, 0);
    // the daemon sees whoever ssh has let in
    let status = document(&over(&world, &sshd, &["status", "--json"]));
    assert_eq!(status["socket"], world.socket().display().to_string());
}

#[test]
fn standard_input_the_log_and_the_exit_code_are_as_without_ssh() {
    let world = World::new();
    let _daemon = world.start();
    let sshd = served(&world);
    let text = "version: 1\nname: fails\nsteps:\n  - {id: say, run: 'echo heard; exit 3'}\n";
    let mut apply = world.rpa_over(&sshd, ["apply", "-"]);
    let mut child = apply.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let run = over(&world, &sshd, &["run", "fails", "--follow"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("say#1 | heard\n"), "{run:?}");
    // what to do next can be pasted: it goes to the same machine
    assert!(run.stdout.contains("  rpa --host root@127.0.0.1 logs "), "{run:?}");
    assert!(run.stdout.contains("  see: rpa explain "), "{run:?}");
    let unknown = over(&world, &sshd, &["-n", "ops", "show", "ffff"]);
    assert!(unknown.stderr.contains("`rpa --host root@127.0.0.1 -n ops runs`"), "{unknown:?}");
    let missing = over(&world, &sshd, &["show", "ffff", "--json"]);
    assert_eq!((missing.code, &document(&missing)["error"]["code"]), (2, &json!("RPA0502")));
}

#[test]
fn an_interrupt_ends_the_looking_and_nothing_stays_behind() {
    let world = World::new();
    let daemon = world.start();
    let sshd = served(&world);
    world.apply("waits", "version: 1\nname: waits\nsteps:\n  - {id: long, wait: 10m}\n");
    let mut run = world.rpa_over(&sshd, ["run", "waits", "--wait", "--json"]);
    let child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    eventually("the run has begun", || {
        let runs = world.json(["runs"]);
        runs["runs"][0]["run"].as_str().map(str::to_owned)
    });
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).unwrap();
    // until it listens to it, an interrupt would be the usual end of a program
    eventually("an interrupt is listened to", || {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?;
        let caught = u64::from_str_radix(caught.trim(), 16).ok()?;
        (caught & 0b10 != 0).then_some(())
    });
    assert_eq!(dials(&world), 1);
    kill_process(pid, Signal::INT).unwrap();
    let ended = Rpa::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, 130, "{ended:?}");
    assert_eq!(document(&ended)["detached"], true);
    assert_eq!(world.json(["runs"])["runs"][0]["status"], "waiting", "the run goes on");
    eventually("nobody is left over there", || (dials(&world) == 0).then_some(()));
    drop(daemon);
}

/// How many `rpa dial` lead to this world's daemon.
fn dials(world: &World) -> usize {
    let socket = format!("RPA_SOCKET={}", world.socket().display());
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let is_dial = |path: &PathBuf| {
        let words = fs::read(path.join("cmdline")).unwrap_or_default();
        let environment = fs::read(path.join("environ")).unwrap_or_default();
        words.ends_with(b"rpa\0dial\0")
            && environment.split(|b| *b == 0).any(|pair| pair == socket.as_bytes())
    };
    processes.filter(is_dial).count()
}

#[test]
fn who_is_not_reached_is_one_clear_fault() {
    let world = World::new();
    let sshd = served(&world);
    // the machine is there, its daemon is not
    let away = over(&world, &sshd, &["runs", "--json"]);
    let error = &document(&away)["error"];
    assert_eq!((away.code, &error["code"]), (69, &json!("RPA0101")), "{away:?}");
    assert!(error["message"].as_str().unwrap().contains("127.0.0.1: no daemon"), "{error}");
    let doctor = over(&world, &sshd, &["doctor"]);
    assert_eq!(doctor.code, 69, "{doctor:?}");
    assert!(doctor.stderr.contains("RPA0101") && doctor.stdout.is_empty(), "{doctor:?}");
    // the machine has no rpa
    let bare = Sshd::start(&world.path().join("bare"), &world.path().join("none"), &world.socket());
    let none = over(&world, &bare, &["runs"]);
    assert_eq!(none.code, 69, "{none:?}");
    assert!(none.stderr.starts_with("error[RPA0108]: ") && none.stderr.contains("no rpa in the"));
    // nobody listens there any more
    let mut gone = world.rpa_over(&bare, ["runs", "--lang", "bg"]);
    drop(bare);
    let gone = Rpa::from(gone.output().unwrap());
    assert_eq!(gone.code, 69, "{gone:?}");
    let first = gone.stderr.lines().next().unwrap();
    assert!(first.starts_with("грешка[RPA0108]: ") && first.contains("refused"), "{gone:?}");
    // what is no machine at all, or an option of ssh
    for host in ["-oProxyCommand=touch hacked", "two words"] {
        let flag = format!("--host={host}");
        assert_eq!(world.rpa([flag.as_str(), "runs"]).code, 2, "{host}");
        let mut named = world.rpa_command(["runs"]);
        assert_eq!(Rpa::from(named.env("RPA_HOST", host).output().unwrap()).code, 2, "{host}");
    }
    assert!(!world.path().join("hacked").exists());
    let mut missing = world.rpa_command(["--host", "x", "runs"]);
    let missing = Rpa::from(missing.env("RPA_SSH", "/nobody/ssh -p 1").output().unwrap());
    assert!(missing.stderr.contains("RPA0108") && missing.stderr.contains("/nobody/ssh"));
}

#[test]
fn what_needs_no_daemon_asks_for_no_machine() {
    let world = World::new();
    world.file("echo.yaml", ECHO);
    let mut check = world.rpa_command(["--host", "x", "check", "echo.yaml"]);
    assert_eq!(Rpa::from(check.env("RPA_SSH", "/nobody/ssh").output().unwrap()).code, 0);
}

#[test]
fn the_console_of_another_machine_is_on_this_terminal() {
    let world = World::new();
    let _daemon = world.start();
    let sshd = served(&world);
    world.apply("echo", ECHO);
    let terminal = Terminal::default()
        .arg("--host")
        .arg(sshd.destination())
        .arg("--lang")
        .arg("bg")
        .env("RPA_SSH", sshd.ssh())
        .env("RPA_SOCKET", "");
    let console = world.console_on(&terminal);
    console.wait_for("echo");
    console.wait_for("изпълнения");
    leave(console);
}

/// A directory of programs that stand for ssh and for the `rpa` of another version.
/// What reaches it is quoted for a real shell, and read by one.
struct Old {
    path: String,
}

impl Old {
    fn new(world: &World, dial: &str) -> Old {
        let dir = world.path().join("old");
        fs::create_dir_all(&dir).unwrap();
        let write = |name: &str, text: &str| {
            let file = dir.join(name);
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        };
        write(
            "ssh",
            "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\n\
             echo 'Welcome to a profile that talks'\nexec sh -c \"$3\"\n",
        );
        let rpa = format!(
            "#!/bin/sh\nfor last; do :; done\nif [ \"$last\" = dial ]; then\n{dial}\nfi\n\
             printf '[%s]' \"$RPA_HOST\" \"$TZ\" \"$@\"\nexit 5\n"
        );
        write("rpa", &rpa);
        let path = std::env::var("PATH").unwrap_or_default();
        Old { path: format!("{}:{path}", dir.display()) }
    }

    fn rpa(&self, world: &World, args: &[&str]) -> Rpa {
        let mut command = world.rpa_command(args.iter().copied());
        command.env("PATH", &self.path).env("RPA_HOST", "ops1").env("TZ", "Europe/Sofia");
        Rpa::from(command.output().unwrap())
    }
}

/// Another protocol: the greeting of a daemon that speaks number 9.
const OTHER: &str = "printf 'rpa-dial 1\\nRPAD\\011\\000\\001'; cat > /dev/null; exit 0";

#[test]
fn a_daemon_of_another_protocol_is_served_by_its_own_program() {
    let world = World::new();
    let older = "echo \"error: unrecognized subcommand 'dial'\" >&2; exit 2";
    for dial in [OTHER, older] {
        let old = Old::new(&world, dial);
        let run = old.rpa(&world, &["run", "--note-to", "x", "-n", "ops"]);
        assert_eq!(run.code, 2, "what this rpa does not understand it does not send: {run:?}");
        let hard = format!("text={HARD}");
        let run = old.rpa(&world, &["run", "echo", "--var", &hard, "-n", "ops"]);
        assert_eq!(run.code, 5, "its exit code: {run:?}");
        let given = format!("[][Europe/Sofia][--lang=en][run][echo][--var][{hard}][-n][ops]");
        assert!(run.stdout.ends_with(&given), "{run:?}");
        world.file("text.txt", HARD);
        let file = old.rpa(&world, &["run", "echo", "--var", "text=@text.txt"]);
        assert_eq!(file.code, 69, "{file:?}");
        assert!(file.stderr.contains("RPA0102") && file.stderr.contains("text.txt"), "{file:?}");
    }
}

#[test]
fn a_profile_that_talks_does_no_harm() {
    let world = World::new();
    let _daemon = world.start();
    let real = binary("rpa");
    let old = Old::new(&world, &format!("exec {} \"$@\"", real.display()));
    let mut status = world.rpa_command(["--host", "ops1", "status", "--json"]);
    let status = Rpa::from(status.env("PATH", &old.path).output().unwrap());
    assert_eq!(status.code, 0, "{status:?}");
    assert_eq!(document(&status)["state"], "ready");
    // and the socket over there may be named
    let socket = world.socket().display().to_string();
    let mut named = world.rpa_command(["--host", "ops1", "--socket", &socket, "status"]);
    named.env("PATH", &old.path).env("RPA_SOCKET", "/nobody");
    assert_eq!(Rpa::from(named.output().unwrap()).code, 0);
}

#[test]
fn nobody_else_is_asked_for_a_command_line_that_is_wrong() {
    let world = World::new();
    let mut command = Command::new(binary("rpa"));
    command.current_dir(world.path()).env("RPA_HOST", "x").env("RPA_SSH", "ssh 'open");
    let rpa = Rpa::from(command.arg("runs").output().unwrap());
    assert_eq!(rpa.code, 2, "{rpa:?}");
    assert!(rpa.stderr.contains("RPA_SSH"), "{rpa:?}");
}
