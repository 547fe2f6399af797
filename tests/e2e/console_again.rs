//! Runs again, from the console: retried, from a step on, and not twice unasked.

use std::fs;

use rpa_tests::{Key, Terminal, World};

use super::again::{flow, trace};
use super::console::{leave, list_of_runs, live_on};

/// As the console names a run.
fn short(run: &str) -> &str {
    &run[run.len() - 12..]
}

#[test]
fn a_failed_run_is_retried_and_leads_back_to_the_earlier_one() {
    let world = World::new();
    let bad = world.path().join("bad");
    fs::write(&bad, "").expect("a file");
    let daemon = world.start();
    let failed = world.ended("flow", &flow(&world));
    let run = failed["run"].as_str().expect("an id");
    fs::remove_file(&bad).expect("the file");
    let mut console = live_on(&world, &Terminal::of((100, 30)));
    list_of_runs(&mut console);
    console.wait_for("T retry");
    console.press("T");
    let again = format!("re-run of {}", short(run));
    let screen = console.wait_until("the new run has completed", |s| {
        s.contains(&again) && s.contains("✓ completed")
    });
    assert!(screen.contains("E where from"), "{screen}");
    assert_eq!(trace(&world), ["a", "mail", "b", "b", "c from a ann"], "the rest is kept");
    console.press("E");
    console.wait_until("the earlier run", |s| s.contains("✗ failed") && !s.contains(&again));
    console.press(Key::Esc);
    console.wait_for(&again);
    // what has completed is not retried
    console.press("T");
    console.wait_for("b runs it again from a step");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn a_run_begins_again_from_a_step_with_other_values_and_once_steps_only_after_a_yes() {
    let world = World::new();
    let daemon = world.start();
    let done = world.ended("flow", &flow(&world));
    let run = done["run"].as_str().expect("an id");
    let before = trace(&world);
    let mut console = live_on(&world, &Terminal::of((100, 30)));
    list_of_runs(&mut console);
    console.press("b");
    console.wait_for("select the step to begin from");
    console.wait_for("mail");
    console.press(Key::Home);
    console.press(Key::Down);
    console.press(Key::Down);
    console.press("b");
    console.wait_for("again from mail");
    console.press("eve");
    let screen = console.wait_for("--var who=anneve");
    assert!(screen.contains(&format!("$ rpa rerun {} --from mail", short(run))), "{screen}");
    console.press(Key::F(8));
    let screen = console.wait_for("Run them again?");
    assert!(screen.contains("RPA0533") && screen.contains("--repeat-once"), "{screen}");
    // leaving it is the first answer
    console.press(Key::Enter);
    console.wait_gone("Run them again?");
    assert_eq!(trace(&world), before);
    console.press("b");
    console.wait_for("again from mail");
    console.press("eve");
    console.press(Key::F(8));
    console.wait_for("Run them again?");
    console.press("y");
    let again = format!("re-run of {}", short(run));
    console.wait_until("the new run has completed", |s| {
        s.contains(&again) && s.contains("✓ completed")
    });
    assert_eq!(trace(&world)[before.len()..], ["mail", "b", "c from a anneve"]);
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn a_run_begins_again_with_the_revision_that_is_live_and_hidden_values_stay_hidden() {
    let world = World::new();
    let daemon = world.start();
    let trace_file = world.path().join("trace");
    let file = |text: &str| {
        format!(
            "version: 1\nname: pin\nvariables:\n  pin: {{type: string, required: true, \
             sensitive: true}}\nsteps:\n  - id: say\n    run: 'echo \"{text} $PIN\" >> {}'\n    \
             env: {{PIN: \"{{{{ vars.pin }}}}\"}}\n",
            trace_file.display()
        )
    };
    world.apply("pin", &file("old"));
    let run = world.submit(["pin", "--var", "pin=1234"]);
    world.until(&run, "completed");
    world.apply("pin", &file("new"));
    let mut console = live_on(&world, &Terminal::of((100, 30)));
    list_of_runs(&mut console);
    console.press(Key::Enter);
    console.wait_for("say");
    console.wait_for("b run from here");
    console.press("b");
    let screen = console.wait_for("as it was: ***");
    assert!(screen.contains("(x) 1, of the run"), "{screen}");
    console.press(Key::Down);
    console.press(" ");
    let screen = console.wait_for("(x) 2, live now");
    assert!(screen.contains("--from say --newest"), "{screen}");
    console.press(Key::F(8));
    let again = format!("re-run of {}", short(&run));
    let screen = console.wait_until("the new run has completed", |s| {
        s.contains(&again) && s.contains("✓ completed")
    });
    assert!(!screen.contains("1234"), "{screen}");
    assert_eq!(trace(&world), ["old 1234", "new 1234"], "the daemon still had the value");
    leave(console);
    assert!(daemon.stop().success());
}
