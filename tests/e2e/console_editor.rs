//! The visual editor of the console: steps added and filled in, in a text that keeps its
//! comments; and drafts that nothing loses.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use rpa_tests::{Console, Key, Terminal, World, eventually};
use rustix::process::Signal;

use super::console::{leave, live_on};

const GREET: &str = "\
version: 1
name: greet
# who is greeted
steps:
  # first of all
  - {id: hello, run: echo hello}
  # and then
  - id: bye   # the last one
    needs: [hello]
    run: echo bye
";

fn console(world: &World) -> Console {
    live_on(world, &Terminal::of((100, 30)))
}

/// The drafts that are kept.
fn drafts(world: &World) -> Vec<PathBuf> {
    let entries = |directory: PathBuf| {
        let entries = fs::read_dir(directory).into_iter().flatten();
        entries.map(|entry| entry.expect("an entry").path()).collect::<Vec<_>>()
    };
    // a directory for each daemon
    let paths = entries(world.path().join("xdg/state/rpa/drafts")).into_iter().flat_map(entries);
    // what is being written has another name yet
    paths.filter(|path| path.extension().is_some_and(|e| e == "yaml")).collect()
}

fn source(world: &World) -> String {
    world.rpa(["source", "greet"]).stdout
}

/// Opens the editor, and takes the step `bye` out.
fn change(console: &mut Console) {
    console.wait_for("> greet");
    console.press("e");
    console.wait_for("of revision 1");
    console.press(Key::Down);
    console.wait_for(" bye ");
    console.press("D");
    console.wait_for("Delete step bye?");
    console.press("y");
    console.wait_for("1 change");
}

#[test]
fn a_step_is_put_between_and_the_comments_stay() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    let mut console = console(&world);
    console.wait_for("> greet");
    console.press(Key::Enter);
    console.wait_for("AFTER");
    console.press("e");
    console.wait_for("of revision 1");
    // between the two: what was after the first is after the new one
    console.press("a");
    console.wait_for("What comes after hello?");
    console.press("shell\r");
    console.wait_for("The id of the new step");
    console.press("\x15");
    console.press("between\r");
    console.wait_for("1 change");
    console.wait_for("[Step] between");
    // the command, which is the field that it must have
    console.press(Key::Enter);
    console.wait_for("F8 accept");
    console.paste("echo between");
    console.press(Key::F(8));
    console.wait_for("2 changes");
    console.press(Key::Esc);
    console.wait_gone("[Step]");
    // one link more, and taken back
    console.press(Key::Down);
    console.press("L");
    console.wait_for("What shall bye come after?");
    console.press("hello\r");
    console.wait_for("3 changes");
    console.press("u");
    console.wait_for("2 changes");
    let [draft] = &drafts(&world)[..] else { panic!("a draft is kept: {:?}", drafts(&world)) };
    let mode = fs::metadata(draft).expect("the draft").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    console.press(Key::F(8));
    let screen = console.wait_for("[Apply: goes live]");
    assert!(screen.contains("+ step between"), "{screen}");
    assert!(screen.contains("$ rpa"), "{screen}");
    console.press(Key::F(8));
    console.wait_for("greet: revision 2 is live");
    let now = source(&world);
    for comment in ["# who is greeted", "# first of all", "# and then", "# the last one"] {
        assert!(now.contains(comment), "{comment} in {now}");
    }
    assert!(now.contains("id: between") && now.contains("echo between"), "{now}");
    assert!(now.contains("needs: [between]"), "{now}");
    eventually("the draft is gone", || drafts(&world).is_empty().then_some(()));
    leave(console);
    let ran = world.rpa(["run", "greet", "--follow"]);
    assert!(ran.stdout.contains("between"), "{}", ran.stdout);
    assert!(daemon.stop().success());
}

#[test]
fn a_revision_that_came_meanwhile_is_not_overwritten() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    let mut console = console(&world);
    change(&mut console);
    world.apply("greet", &GREET.replace("echo hello", "echo ciao"));
    console.wait_for("revision 2 is newer");
    console.press(Key::F(8));
    console.wait_for("[Apply: goes live]");
    console.press(Key::F(8));
    let screen = console.wait_for("Revision 2 has come since");
    assert!(screen.contains("echo ciao"), "{screen}");
    assert!(source(&world).contains("echo ciao"), "nothing was replaced");
    // back, with the draft as it was
    console.press(Key::Esc);
    console.wait_for("of revision 2");
    assert!(source(&world).contains("id: bye"));
    console.press(Key::F(8));
    console.wait_for("[Apply: goes live]");
    console.press(Key::F(8));
    console.wait_for("greet: revision 3 is live");
    let now = source(&world);
    assert!(now.contains("echo hello") && !now.contains("id: bye"), "{now}");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn quitting_with_changes_asks_and_the_draft_is_offered_again() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    let mut first = console(&world);
    change(&mut first);
    first.press("q");
    first.wait_for("leave with changes that are not saved?");
    first.press(Key::Esc);
    first.wait_gone("leave with changes");
    first.press("q");
    first.wait_for("leave with changes that are not saved?");
    first.press(Key::Tab);
    first.press(Key::Enter);
    assert_eq!(first.wait_exit().code, 0);
    assert_eq!(drafts(&world).len(), 1);
    assert_eq!(source(&world), GREET);
    let mut second = console(&world);
    second.wait_for("a draft of yours of greet");
    second.wait_for("> greet");
    second.press("e");
    second.wait_for("It began with revision 1");
    second.press(Key::Enter);
    second.wait_for("of revision 1");
    second.press(Key::F(8));
    let screen = second.wait_for("[Apply: goes live]");
    assert!(screen.contains("- step bye"), "{screen}");
    second.press(Key::F(8));
    second.wait_for("greet: revision 2 is live");
    eventually("the draft is gone", || drafts(&world).is_empty().then_some(()));
    leave(second);
    assert!(daemon.stop().success());
}

#[test]
fn whatever_ends_the_console_the_draft_is_there() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    for signal in [Signal::KILL, Signal::HUP] {
        let mut first = console(&world);
        change(&mut first);
        let kept = || {
            let [draft] = &drafts(&world)[..] else { return None };
            fs::read_to_string(draft).ok().filter(|text| !text.contains("id: bye"))
        };
        eventually("the draft is kept", kept);
        first.signal(signal);
        first.wait_exit();
        assert_eq!(drafts(&world).len(), 1);
        let mut second = console(&world);
        second.wait_for("> greet");
        second.press("e");
        second.wait_for("a draft of yours");
        second.press(Key::Tab);
        second.press(Key::Enter);
        // the newest revision, from the beginning
        second.wait_for("not changed");
        eventually("the draft is gone", || drafts(&world).is_empty().then_some(()));
        second.press(Key::Esc);
        second.wait_gone("not changed");
        leave(second);
    }
    assert!(daemon.stop().success());
}
