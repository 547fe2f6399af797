//! The dashboard with a real daemon behind it: the first steps, what has failed, what is
//! shown where nothing happens.

use std::time::Duration;

use rpa_tests::{Key, Terminal, World};

use super::console::leave;

const BAD: &str = "version: 1\nname: bad\nsteps:\n  - {id: s, run: exit 3}\n";
const GOOD: &str = "version: 1\nname: good\nsteps:\n  - {id: s, uses: noop}\n";

fn home() -> Terminal {
    Terminal::default().arg("--start").arg("overview")
}

#[test]
fn a_newcomer_is_led_to_an_example_that_runs() {
    let world = World::new();
    let daemon = world.start();
    let mut console = world.console_on(&home());
    let screen = console.wait_for("Welcome");
    assert!(screen.contains("$ rpa example | rpa apply -"), "{screen}");
    console.press("a");
    console.wait_for("✓ a  make disk-report");
    console.press("R");
    console.wait_for("Run disk-report");
    console.press(Key::F(8));
    console.wait_gone("Run disk-report");
    console.press(Key::Esc);
    console.wait_for("Under way");
    leave(console);
    // the same from a shell
    let example = world.rpa(["example"]);
    assert!(example.stdout.contains("name: disk-report"), "{example:?}");
    let file = world.file("again.yaml", &example.stdout);
    let applied = world.json(["apply", file.to_str().unwrap()]);
    assert_eq!(applied["applied"][0]["changed"], false, "it is the same: {applied}");
    assert!(daemon.stop().success());
}

#[test]
fn what_has_failed_alike_stands_once_and_leads_to_its_runs() {
    let world = World::new();
    let daemon = world.start();
    world.apply("bad", BAD);
    world.apply("good", GOOD);
    for name in ["bad", "bad", "good"] {
        world.rpa(["run", name, "--wait"]);
    }
    let seen = world.json(["overview"]);
    assert_eq!(seen["failures"][0]["count"], 2, "{seen}");
    assert_eq!(seen["failures"][0]["step"], "s");
    let hours = seen["hours"].as_array().unwrap();
    let sum = |what: &str| hours.iter().filter_map(|hour| hour[what].as_u64()).sum::<u64>();
    assert_eq!((sum("failed"), sum("completed"), hours.len()), (2, 1, 24), "{seen}");
    let mut console = world.console_on(&home());
    let screen = console.wait_for("failed ×2");
    assert!(screen.contains("bad") && screen.contains("nothing runs"), "{screen}");
    // nothing happens, and nothing is written
    console.settle(Duration::from_millis(1_500));
    let written = console.next_bytes(Duration::from_secs(6));
    assert_eq!(written.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()), None);
    console.press(Key::Enter);
    // just those that are alike
    let runs = console.wait_for("/alike:");
    assert!(!runs.contains("good"), "{runs}");
    console.press(Key::Esc);
    console.wait_gone("/alike:");
    console.press("0");
    console.wait_for("Wants a person");
    // another failure is seen by itself
    world.rpa(["run", "bad", "--wait"]);
    console.wait_for("failed ×3");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn a_console_that_changes_nothing_says_so() {
    let world = World::new();
    let daemon = world.start();
    world.apply("good", GOOD);
    let mut console = world.console_on(&Terminal::default().arg("--read-only"));
    console.wait_for("> good");
    console.wait_for("[RO]");
    console.press("R");
    console.wait_for("read-only: nothing is changed");
    leave(console);
    assert_eq!(world.json(["runs"])["runs"].as_array().unwrap().len(), 0);
    assert!(daemon.stop().success());
}

#[test]
fn a_pool_is_made_and_taken_away_from_the_list_of_locks() {
    let world = World::new();
    let daemon = world.start();
    world.apply("good", GOOD);
    let mut console = world.console_on(&Terminal::default());
    console.wait_for("> good");
    console.press("7");
    console.wait_for("no pools of tokens");
    console.press("e");
    console.wait_for("A pool of tokens");
    console.press("api\t5\r");
    console.wait_for("0 of 5");
    assert_eq!(world.json(["locks"])["locks"][0]["size"], 5);
    console.press("D");
    console.wait_for("Take the pool api away?");
    console.press("y");
    console.wait_for("no pools of tokens");
    leave(console);
    assert!(daemon.stop().success());
}
