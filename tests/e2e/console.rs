//! A person at the console: real keys in a real terminal, a real daemon behind it.

use std::ffi::OsString;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rpa_tests::{Console, Key, Rpa, Terminal, World, binary, eventually};
use serde_json::json;

/// Waits a minute, unless somebody ends it.
const NAP: &str = "version: 1\nname: nap\nsteps:\n  - {id: s, run: sleep 60}\n";
const GOOD: &str = "version: 1\nname: good\nsteps:\n  - {id: s, uses: noop}\n";
const BAD: &str = "version: 1\nname: bad\nsteps:\n  - {id: s, run: exit 3}\n";

/// The console, once it has reached the daemon.
pub fn live(world: &World) -> Console {
    live_on(world, &Terminal::default())
}

pub fn live_on(world: &World, terminal: &Terminal) -> Console {
    let console = world.console_on(terminal);
    console.wait_for("LIVE");
    console
}

/// The list of runs, when they are there: as soon as they are, one of them is selected.
pub fn list_of_runs(console: &mut Console) -> String {
    console.press("2");
    console.wait_for("accepted ")
}

/// `q`, which leaves from everywhere.
pub fn leave(mut console: Console) {
    console.press("q");
    assert_eq!(console.wait_exit().code, 0);
}

/// A command as a person pastes it into a shell.
fn shell(world: &World, command: &str) -> Rpa {
    let here = binary("rpa").parent().expect("a directory").to_owned();
    let mut path = OsString::from(here);
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .args(["-c", command])
        .env_clear()
        .env("PATH", path)
        .env("HOME", world.path())
        .env("RPA_SOCKET", world.socket())
        .stdin(Stdio::null())
        .output();
    Rpa::from(output.expect("a shell"))
}

/// The ids of all runs, the newest first.
fn runs(world: &World) -> Vec<String> {
    let listed = world.json(["runs"]);
    let rows = listed["runs"].as_array().expect("runs").iter();
    rows.map(|run| run["run"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn it_starts_without_a_daemon_and_finds_it_when_it_comes() {
    let world = World::new();
    let before = Instant::now();
    let console = world.console();
    let screen = console.wait_for("no daemon for");
    // how fast exactly, the benches say
    assert!(before.elapsed() < Duration::from_secs(5), "{:?}", before.elapsed());
    assert!(screen.contains("AWAY") && screen.contains("RPA0101"), "{screen}");
    assert!(screen.contains("next try in") || screen.contains("trying"), "{screen}");
    let daemon = world.start();
    let screen = console.wait_for("LIVE");
    assert!(!screen.contains("no daemon"), "{screen}");
    console.wait_for("There are no workflows yet");
    world.apply("nap", NAP);
    let screen = console.wait_gone("There are no workflows yet");
    assert!(screen.contains("> nap"), "it appears by itself:\n{screen}");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn a_run_is_started_from_the_form_and_its_command_does_the_same() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "greet",
        "version: 1\nname: greet\nvariables:\n  who: {type: string}\n  often: {type: number, default: 2}\n\
         steps:\n  - {id: say, run: \"echo hello $WHO\", env: {WHO: \"{{ vars.who }}\"}}\n  \
         - {id: after, run: \"true\"}\n",
    );
    let mut console = live_on(&world, &Terminal::of((100, 30)));
    console.wait_for("> greet");
    console.press("R");
    console.wait_for("Run greet, revision 1");
    console.press(Key::F(8));
    console.wait_for("this must be given");
    // the fields are in the order of their names
    let place =
        |name: &str| console.screen().lines().position(|l| l.contains(name)).expect("a field");
    let down = place("*who") > place("often");
    if down {
        console.press(Key::Down);
        console.press(Key::Up);
    }
    console.press("Ann's & co");
    let screen = console.wait_for("--var 'who=Ann");
    let command = screen.lines().find_map(|line| line.split("$ ").nth(1)).expect("the command");
    let command = command.trim_end_matches(['│', ' ']).to_owned();
    assert_eq!(command, r"rpa run greet --var 'who=Ann'\''s & co'");
    console.press(Key::F(8));
    let screen = console.wait_for("hello Ann's & co");
    assert!(screen.contains("say"), "{screen}");
    console.wait_until("the run is completed", |s| s.contains("✓ completed") && s.contains("2/2"));
    let run = runs(&world).remove(0);
    let shown = world.show(&run);
    assert_eq!((&shown["status"], &shown["origin"]), (&json!("completed"), &json!("console")));
    // what the console showed, in a shell
    let rpa = shell(&world, &format!("{command} --wait"));
    assert_eq!(rpa.code, 0, "{rpa:?}");
    let again = runs(&world).remove(0);
    assert_ne!(again, run);
    let same = world.show(&again);
    assert_eq!(same["origin"], "cli");
    assert_eq!(same["variables"], shown["variables"]);
    assert_eq!(shown["variables"]["who"], "Ann's & co");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn without_the_daemon_everything_stays_on_the_screen_until_it_is_back() {
    let world = World::new();
    let daemon = world.start();
    let dir = world.path().display();
    world.apply(
        "long",
        &format!(
            "version: 1\nname: long\nsteps:\n  - {{id: first, run: echo first-line}}\n  \
             - id: second\n    effect: idempotent\n    run: |\n      echo second-line\n      \
             until [ -e {dir}/go ]; do sleep 0.01; done\n      echo last-line\n"
        ),
    );
    let run = world.submit(["long"]);
    let mut console = live(&world);
    list_of_runs(&mut console);
    console.press(Key::Enter);
    console.wait_for("second-line");
    daemon.kill();
    let screen = console.wait_for("AWAY");
    assert!(screen.contains("no daemon for") && screen.contains("what is shown is of"), "{screen}");
    assert!(screen.contains("first-line") && screen.contains("second-line"), "{screen}");
    console.press("?");
    console.wait_for("Keys: run");
    console.press(Key::Esc);
    console.wait_gone("Keys: run");
    console.press(Key::Down);
    console.press(Key::Enter);
    console.wait_for("[Log]");
    console.press("2");
    let screen = console.wait_gone("[Log]");
    assert!(screen.contains("long") && screen.contains("AWAY"), "{screen}");
    console.press(Key::Enter);
    console.wait_for(&run[run.len() - 12..]);
    let daemon = world.start();
    let screen = console.wait_for("LIVE");
    assert!(!screen.contains("no daemon for"), "{screen}");
    fs::write(world.path().join("go"), "").expect("a file of the test");
    let screen = console.wait_for("last-line");
    assert!(screen.contains("second#2"), "the second attempt is told from the first:\n{screen}");
    console.wait_until("the run is completed", |s| s.contains("✓ completed") && s.contains("2/2"));
    assert!(daemon.stop().success());
    console.wait_for("AWAY");
    leave(console);
}

#[test]
fn a_doubt_is_found_and_decided() {
    let world = World::new();
    let daemon = world.start();
    let file = world.path().join("f");
    world.apply(
        "pay",
        &format!(
            "version: 1\nname: pay\nsteps:\n  - id: transfer\n    effect: once\n    run: echo paid >> {0}; sleep 60\n  \
             - {{id: mail, run: \"true\"}}\n",
            file.display()
        ),
    );
    let run = world.submit(["pay"]);
    eventually("the step has acted", || (world.read("f") == "paid\n").then_some(()));
    let mut console = live(&world);
    console.wait_for("1 running");
    daemon.kill();
    console.wait_for("AWAY");
    let daemon = world.start();
    console.wait_for("1 in doubt");
    console.press("3");
    let screen = console.wait_for("open the run and press d");
    assert!(screen.contains("/status:in_doubt"), "{screen}");
    console.press(Key::Enter);
    console.wait_for("d decide");
    console.press("d");
    let screen = console.wait_for("Step transfer is in doubt");
    assert!(screen.contains("once"), "{screen}");
    // nothing is chosen, so nothing is decided
    console.press(Key::Enter);
    console.wait_for("choose one of the three");
    console.press("3");
    console.wait_for("transfer fail");
    console.press(Key::Enter);
    console.wait_until("the run has failed", |s| s.contains("✗ failed") && s.contains("skipped"));
    let shown = world.until(&run, "failed");
    assert_eq!(shown["error"]["code"], "RPA0416");
    let message = shown["error"]["message"].as_str().expect("a message");
    assert!(message.contains("(console)"), "who, and from where: {message}");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn a_loop_is_unfolded_and_its_run_paused_between_two_turns() {
    let world = World::new();
    let daemon = world.start();
    let go = world.path().join("go");
    world.apply(
        "turns",
        &format!(
            "version: 1\nname: turns\nsteps:\n  - id: each\n    for_each: [1, 2, 3]\n    steps:\n      \
             - {{id: look, run: 'until test -e {}; do sleep 0.05; done'}}\n",
            go.display()
        ),
    );
    let run = world.submit(["turns"]);
    let mut console = live(&world);
    list_of_runs(&mut console);
    console.press(Key::Enter);
    console.wait_for("each ▸ 0/3");
    console.press(Key::Right);
    console.wait_until("the first turn", |s| s.contains("[0]") && s.contains("● look"));
    console.press("p");
    console.wait_for(&format!("$ rpa resume {}", &run[run.len() - 12..]));
    // what runs goes on to its end, nothing new begins
    fs::write(&go, "").expect("a file");
    let shown = world.until(&run, "paused");
    let turns = shown["steps"].as_array().expect("steps").iter();
    assert_eq!(turns.filter(|step| step["kind"] == "turn").count(), 1, "{shown:#}");
    console.wait_until("it stands", |s| s.contains("= paused") && s.contains("each ▾ 1/3"));
    console.press("P");
    let shown = world.until(&run, "completed");
    assert_eq!(shown["steps"][0]["turns"]["begun"], 3, "{shown:#}");
    console.wait_for("each ▾ 3");
    console.wait_for("2 more");
    console.press(Key::Left);
    console.wait_for("each ▸ 3");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn marked_runs_are_cancelled_together_when_their_number_is_typed() {
    let world = World::new();
    let daemon = world.start();
    world.apply("nap", NAP);
    let doomed = [world.submit(["nap"]), world.submit(["nap"])];
    let kept = world.submit(["nap"]);
    let mut console = live(&world);
    list_of_runs(&mut console);
    console.wait_until("three runs", |s| s.matches("● running").count() == 3);
    // the newest is on top
    console.press("j");
    console.press(" ");
    console.wait_for("1 marked");
    console.press(" ");
    console.wait_for("2 marked");
    console.press("x");
    let screen = console.wait_for("Cancel 2 runs?");
    assert!(doomed.iter().all(|run| screen.contains(&run[run.len() - 12..])), "{screen}");
    // neither Enter alone nor another number will do
    console.press("y3");
    console.press(Key::Enter);
    console.press(Key::Backspace);
    console.press(Key::Backspace);
    console.wait_until("nothing is typed", |s| !s.contains("confirm: y"));
    assert!(
        world.json(["runs", "--status", "cancelled"])["runs"].as_array().is_some_and(Vec::is_empty)
    );
    console.press("2");
    console.press(Key::Enter);
    console.wait_until("two are cancelled", |s| s.matches("■ cancelled").count() == 2);
    for run in &doomed {
        world.until(run, "cancelled");
    }
    assert_eq!(world.show(&kept)["status"], "running");
    // one alone asks for a yes, and Enter keeps it
    console.press(Key::Home);
    console.press("x");
    console.wait_for("Cancel this run?");
    console.press(Key::Enter);
    console.wait_gone("Cancel this run?");
    assert_eq!(world.show(&kept)["status"], "running");
    console.press("x");
    console.wait_for("Cancel this run?");
    console.press("y");
    world.until(&kept, "cancelled");
    console.wait_until("all are cancelled", |s| s.matches("■ cancelled").count() == 3);
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn runs_are_filtered_while_one_types() {
    let world = World::new();
    let daemon = world.start();
    world.apply("good", GOOD);
    world.apply("bad", BAD);
    for workflow in ["good", "bad", "good"] {
        world.json(["run", workflow, "--wait"]);
    }
    let mut console = live(&world);
    list_of_runs(&mut console);
    console.wait_until("three runs", |s| {
        s.matches("✓ completed").count() == 2 && s.matches("✗ failed").count() == 1
    });
    console.press("/");
    console.wait_for("filter /");
    console.press("status:fa");
    // not confirmed yet
    console.wait_until("one run", |s| !s.contains("✓ completed") && s.contains("✗ failed"));
    console.press("x");
    console.wait_for("fax is no status");
    console.press(Key::Backspace);
    console.press("iled wf:good");
    console.wait_for("No run fits status:failed wf:good");
    console.press(Key::Esc);
    let screen =
        console.wait_until("what was there before", |s| s.matches("✓ completed").count() == 2);
    assert!(!screen.contains("filter /"), "{screen}");
    console.press("/");
    console.wait_for("filter /");
    console.press("wf:bad since:1h");
    console.press(Key::Enter);
    let screen =
        console.wait_until("one run", |s| !s.contains("✓ completed") && s.contains("✗ failed"));
    assert!(screen.contains("/wf:bad since:1h"), "it can be seen:\n{screen}");
    console.press(Key::Esc);
    console.wait_until("all again", |s| s.matches("✓ completed").count() == 2);
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn the_language_is_switched_at_once_and_kept() {
    let world = World::new();
    let daemon = world.start();
    let mut console = live(&world);
    console.wait_for("1 workflows");
    console.press(":");
    console.wait_for("Commands");
    console.press("set language bg");
    console.wait_for("Български");
    console.press(Key::Enter);
    let screen = console.wait_for("1 процеси");
    assert!(screen.contains("НА ЖИВО"), "{screen}");
    let settings = || fs::read_to_string(world.console_settings()).unwrap_or_default();
    eventually("it is kept", || settings().contains("language = \"bg\"").then_some(()));
    leave(console);
    let mut console = world.console();
    let screen = console.wait_for("НА ЖИВО");
    assert!(screen.contains("2 изпълнения"), "{screen}");
    assert!(
        !String::from_utf8_lossy(&console.raw()).contains("workflows"),
        "from the first frame on"
    );
    console.press(Key::F(12));
    let screen = console.wait_for("LIVE");
    assert!(screen.contains("1 workflows"), "{screen}");
    leave(console);
    assert!(settings().contains("language = \"en\""), "leaving waits for it: {}", settings());
    assert!(daemon.stop().success());
}

#[test]
fn keys_work_while_a_cyrillic_layout_is_on() {
    let world = World::new();
    let daemon = world.start();
    for name in ["one", "three", "two"] {
        world.apply(name, &GOOD.replace("good", name));
    }
    let mut console = live_on(&world, &Terminal::default().arg("--keyboard").arg("bg-bds"));
    console.wait_for("> one");
    console.press("т");
    console.wait_for("> three");
    console.press("н");
    console.wait_for("> one");
    console.press(Key::F(10));
    assert_eq!(console.wait_exit().code, 0);
    // no layout is set: the first letter asks, and does nothing else
    let mut console = live(&world);
    console.wait_for("> one");
    console.press("т");
    let screen = console.wait_for("Which keyboard is this?");
    assert!(screen.contains("Latin: letters mean themselves"), "{screen}");
    console.press(Key::Down);
    console.press(Key::Enter);
    let screen = console.wait_gone("Which keyboard is this?");
    assert!(screen.contains("> one") && screen.contains("keyboard: bg-bds"), "{screen}");
    console.press("т");
    console.wait_for("> three");
    // where text is typed, letters are letters
    console.press("/");
    console.wait_for("filter /");
    console.press("т");
    console.wait_for("No workflow has all of: т");
    console.press(Key::Esc);
    console.wait_for("> one");
    leave(console);
    let kept = fs::read_to_string(world.console_settings()).expect("settings");
    assert!(kept.contains("keyboard = \"bg-bds\""), "{kept}");
    assert!(daemon.stop().success());
}

#[test]
fn a_bulgarian_yes_is_a_yes_whatever_the_layout() {
    let world = World::new();
    let daemon = world.start();
    world.apply("nap", NAP);
    let run = world.submit(["nap"]);
    let terminal = Terminal::default().arg("--lang").arg("bg");
    let mut console = world.console_on(&terminal.arg("--keyboard").arg("bg-bds"));
    console.wait_for("НА ЖИВО");
    console.press("2");
    console.wait_for("прието ");
    // on this layout it stands where x does
    console.press("й");
    console.wait_for("Отмяна на изпълнението?");
    console.press("н");
    console.wait_gone("Отмяна на изпълнението?");
    assert_eq!(world.show(&run)["status"], "running");
    console.press("й");
    let screen = console.wait_for("Отмяна на изпълнението?");
    assert!(screen.contains(" д потвърди"), "{screen}");
    console.press("д");
    console.wait_for("■ отменено");
    world.until(&run, "cancelled");
    console.press("я");
    console.press(Key::F(10));
    assert_eq!(console.wait_exit().code, 0);
    assert!(daemon.stop().success());
}
