//! Notifications in the console, with a real daemon: a new one is seen on every screen, leads
//! to its run, and is seen no more.

use rpa_tests::{Key, Terminal, World};

use super::console::leave;

const BAD: &str = "version: 1\nname: bad\nsteps:\n  - {id: s, run: exit 3}\n";

#[test]
fn a_failure_is_seen_everywhere_until_somebody_has_seen_it() {
    let world = World::new();
    let daemon = world.start();
    world.apply("bad", BAD);
    world.apply("worse", &BAD.replace("bad", "worse"));
    let mut console = world.console_on(&Terminal::default());
    console.wait_for("> bad");
    world.rpa(["run", "bad", "--wait"]);
    console.wait_for("! 1");
    // it is known by now what there was before
    world.rpa(["run", "worse", "--wait"]);
    console.wait_for("! 2");
    console.press("8");
    let screen = console.wait_for("unread");
    assert!(screen.contains("error") && screen.contains("failed at s"), "{screen}");
    console.press(Key::Enter);
    console.wait_for("TRIES");
    console.press(Key::Esc);
    console.wait_for("notifications: open");
    console.press("a");
    console.wait_for("1 notification was seen");
    console.wait_gone("! 2");
    console.press("A");
    console.wait_for("1 notification is unread");
    console.press("y");
    console.wait_for("Nothing wants a person now");
    console.wait_gone("! 1");
    let all = world.json(["notifications", "--all"]);
    for one in all["notifications"].as_array().unwrap() {
        let by = one["acknowledged"]["by"].as_str().unwrap();
        assert!(by.ends_with("(console)"), "{all}");
    }
    leave(console);
    assert!(daemon.stop().success());
}
