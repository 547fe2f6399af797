//! The panes of a run while it goes on, its log in a pager, and failures that are alike.

use std::fs;

use rpa_tests::{Key, Terminal, World};

use super::console::{leave, list_of_runs, live_on};

/// Three steps, of which the second one waits for a file, after a failed try.
fn staged(world: &World) -> String {
    let go = world.path().join("go");
    format!(
        "version: 1\nname: staged\nsteps:\n  - id: first\n    run: echo begun\n  - id: hold\n    \
         needs: [first]\n    retry: {{attempts: 9, delay: 100ms}}\n    effect: idempotent\n    \
         run: 'echo not yet >&2; test -e {go}'\n  - id: last\n    needs: [hold]\n    \
         run: 'echo done'\n",
        go = go.display()
    )
}

#[test]
fn a_run_is_followed_as_a_graph_a_timeline_and_in_its_events() {
    let world = World::new();
    let daemon = world.start();
    let pager = world.path().join("pager");
    let seen = world.path().join("seen");
    // what the pager was given is kept
    fs::write(&pager, format!("#!/bin/sh\ncp \"$1\" {}\n", seen.display())).expect("a file");
    let slow = staged(&world).replace("attempts: 9, delay: 100ms", "attempts: 90, delay: 200ms");
    world.apply("staged", &slow);
    let run = world.submit(["staged"]);
    let pager = format!("/bin/sh {}", pager.display());
    let mut console = live_on(&world, &Terminal::of((80, 24)).env("PAGER", &pager));
    list_of_runs(&mut console);
    console.press(Key::Enter);
    console.wait_for("hold");
    // the boxes stand where they stood, and what is in them changes
    console.press("v");
    let before = console.wait_until("boxes", |s| s.contains("│ ✓ first") && s.contains("hold"));
    let place = |screen: &str, text: &str| {
        screen.lines().position(|line| line.contains(text)).expect("a box")
    };
    console.press("z");
    let screen = console.wait_until("tries in the bar", |s| {
        s.contains("[Timeline]") && {
            let bar = s.lines().find(|line| line.contains("hold")).unwrap_or_default();
            bar.matches('r').count() >= 1
        }
    });
    assert!(screen.contains("now "), "{screen}");
    console.press("H");
    console.wait_until("tries as they fail", |s| {
        s.contains("[Events]") && s.contains("hold") && s.contains("FOLLOW")
    });
    fs::write(world.path().join("go"), "").expect("a file");
    world.until(&run, "completed");
    console.wait_for("the run completed");
    console.press("/");
    console.press("last");
    console.press(Key::Enter);
    console.wait_until("those of one step", |s| {
        s.contains("/last") && !s.contains("try 2 of step hold")
    });
    console.press("v");
    let after = console.wait_until("all is done", |s| s.contains("│ ✓ last"));
    assert_eq!(place(&before, "first │"), place(&after, "first │"));
    // the whole log, in a file that goes away
    console.press("l");
    console.wait_for("[Log]");
    console.press("|");
    let written = rpa_tests::eventually("the pager has it", || {
        fs::read_to_string(&seen).ok().filter(|text| text.contains("done"))
    });
    assert!(written.contains("first#1 out info begun"), "{written}");
    console.wait_for("[Log]");
    console.press("S");
    console.wait_for("save the log in");
    for _ in 0..40 {
        console.press(Key::Backspace);
    }
    let kept = world.path().join("kept.log");
    console.paste(&kept.display().to_string());
    console.press(Key::Enter);
    console.wait_for("lines saved in");
    assert_eq!(fs::read_to_string(&kept).expect("the log"), written);
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn failures_that_are_alike_are_retried_together() {
    let world = World::new();
    let daemon = world.start();
    let fixed = world.path().join("fixed");
    let file = |name: &str, code: u8| {
        format!(
            "version: 1\nname: {name}\nsteps:\n  - id: ask\n    effect: idempotent\n    \
             run: 'test -e {} || exit {code}'\n",
            fixed.display()
        )
    };
    world.apply("broken", &file("broken", 3));
    world.apply("other", &file("other", 4));
    for name in ["broken", "broken", "other", "broken"] {
        let run = world.submit([name]);
        world.until(&run, "failed");
    }
    // the command line has the same groups
    let groups = world.json(["runs", "--group"]);
    let counts: Vec<_> = groups["failures"].as_array().expect("groups").iter().collect();
    assert_eq!(counts.len(), 2, "{groups}");
    assert_eq!((&counts[0]["count"], &groups["failed"]), (&3.into(), &4.into()));
    let alike = counts[0]["alike"].as_str().expect("a key");
    let found = world.json(["runs", "--alike", alike]);
    assert_eq!(found["runs"].as_array().expect("runs").len(), 3, "{found}");
    let others = world.json(["runs", "--without", "workflow:broken", "--step", "ask"]);
    assert_eq!(others["runs"].as_array().expect("runs").len(), 1, "{others}");
    let mut console = live_on(&world, &Terminal::of((100, 30)));
    list_of_runs(&mut console);
    console.press("z");
    let screen = console.wait_for("rpa runs --group");
    assert!(screen.contains("broken") && screen.contains("other"), "{screen}");
    console.press(Key::Enter);
    let wanted = format!("alike:{alike}");
    console.wait_until("its runs alone", |s| s.contains(&wanted) && s.contains("1/3"));
    fs::write(&fixed, "").expect("a file");
    console.press("*");
    console.wait_for("3 marked");
    console.press("T");
    console.wait_for("Retry 3 runs?");
    console.press("3");
    console.press(Key::Enter);
    console.wait_for("3 runs were started again");
    rpa_tests::eventually("three have completed", || {
        let done = world.json(["runs", "--status", "completed", "--workflow", "broken"]);
        (done["runs"].as_array()?.len() == 3).then_some(())
    });
    leave(console);
    assert!(daemon.stop().success());
}
