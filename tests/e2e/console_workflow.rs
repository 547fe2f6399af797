//! One workflow in the console: its revisions, and its text through an editor of one's own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use rpa_tests::{Console, Key, Terminal, World, eventually};
use rustix::process::Signal;

use super::console::{leave, live, live_on};

const GREET: &str = "\
version: 1
name: greet
# who is greeted
steps:
  - {id: hello, run: echo hello}
  - {id: bye, needs: [hello], run: echo bye}
";

/// A console whose editor is this script; what it makes lies below `tmp`.
fn with_editor(world: &World, script: &str) -> Console {
    let editor = world.file("editor.sh", &format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).expect("a script");
    let tmp = world.path().join("tmp");
    fs::create_dir_all(&tmp).expect("a directory");
    let terminal = Terminal::of((100, 30))
        .env("EDITOR", &editor.display().to_string())
        .env("TMPDIR", &tmp.display().to_string());
    live_on(world, &terminal)
}

/// What the console has left behind.
fn left(world: &World) -> Vec<PathBuf> {
    let entries = fs::read_dir(world.path().join("tmp")).expect("a directory");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn source(world: &World, name: &str) -> String {
    world.rpa(["source", name]).stdout
}

#[test]
fn an_editor_gets_the_terminal_and_its_text_becomes_a_revision() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    // what is typed meanwhile is the editor's
    let script = "stat -c %a \"$1\" \"$(dirname \"$1\")\" > modes\n\
                  echo EDITOR READY\nread word\nsed -i \"s/echo hello/echo $word/\" \"$1\"";
    let mut console = with_editor(&world, script);
    console.wait_for("> greet");
    console.press(Key::Enter);
    console.wait_for("hello");
    console.press("E");
    console.wait_for("EDITOR READY");
    assert!(console.look(|screen| !screen.alternate_screen() && !screen.bracketed_paste()));
    console.press("quiet\r");
    let screen = console.wait_for("[Apply: goes live]");
    assert!(screen.contains("~ step hello"), "{screen}");
    assert!(console.look(|screen| screen.alternate_screen()));
    assert_eq!(world.read("modes"), "600\n700\n");
    console.press(Key::F(8));
    console.wait_for("greet: revision 2 is live");
    assert_eq!(source(&world, "greet"), GREET.replace("echo hello", "echo quiet"), "also comments");
    eventually("the file is gone", || left(&world).is_empty().then_some(()));
    // keys are ours again
    console.press(Key::Tab);
    console.press(Key::Tab);
    console.press(Key::Tab);
    console.wait_for("[Revisions 2]");
    console.press("d");
    let screen = console.wait_for("from revision 1 to 2");
    assert!(screen.contains("-  - {id: hello, run: echo hello}"), "{screen}");
    assert!(screen.contains("+  - {id: hello, run: echo quiet}"), "{screen}");
    console.press(Key::Esc);
    console.wait_gone("from revision 1 to 2");
    console.press(Key::Down);
    console.press("B");
    console.wait_for("$ rpa rollback greet 1");
    console.press("y");
    console.wait_for("revision 3 is live, with the text of 1");
    assert_eq!(source(&world, "greet"), GREET);
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn what_is_wrong_is_edited_again_and_nothing_is_lost() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    let script = "if [ -e again ]; then sed -i s/rnu:/run:/ \"$1\"; else touch again\n\
                  sed -i '0,/run:/s//rnu:/' \"$1\"; fi";
    let mut console = with_editor(&world, script);
    console.wait_for("> greet");
    console.press("E");
    let screen = console.wait_for("[Edit again]");
    assert!(screen.contains("line 5") && screen.contains("rnu"), "{screen}");
    let files = left(&world);
    console.press(Key::Enter);
    // as it was
    console.wait_for("greet: nothing was changed");
    assert_eq!(files.len(), 1);
    eventually("the file is gone", || left(&world).is_empty().then_some(()));
    fs::remove_file(world.path().join("again")).expect("the mark");
    console.press("E");
    console.wait_for("[Edit again]");
    console.press(Key::Esc);
    console.wait_for("nothing was applied; the file is");
    let [directory] = &left(&world)[..] else { panic!("one directory") };
    let text = fs::read_to_string(directory.join("greet.yaml")).expect("the file is kept");
    assert!(text.contains("rnu:"), "{text}");
    assert_eq!(source(&world, "greet"), GREET);
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn a_revision_that_came_meanwhile_is_shown_first() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    let script = "echo EDITOR READY\nread word\nsed -i \"s/echo hello/echo $word/\" \"$1\"";
    let mut console = with_editor(&world, script);
    console.wait_for("> greet");
    console.press("E");
    console.wait_for("EDITOR READY");
    world.apply("greet", &GREET.replace("echo bye", "echo ciao"));
    console.press("quiet\r");
    console.wait_for("[Apply: goes live]");
    console.press(Key::F(8));
    let screen = console.wait_for("revision 2 is newer");
    assert!(screen.contains("echo ciao") && screen.contains("echo quiet"), "{screen}");
    assert!(source(&world, "greet").contains("ciao"), "nothing was replaced yet");
    console.press(Key::Tab);
    console.press(Key::Enter);
    console.wait_for("greet: revision 3 is live");
    assert!(source(&world, "greet").contains("quiet"));
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn a_new_workflow_is_made_from_a_template() {
    let world = World::new();
    let daemon = world.start();
    let mut console = with_editor(&world, "sed -i 's/^description:.*/description: mine/' \"$1\"");
    console.wait_for("There are no workflows yet");
    console.press("n");
    console.wait_for("new workflow >");
    console.press("first\r");
    console.wait_for("of a new workflow");
    // the steps are there, and so is the text
    console.press("E");
    console.wait_for("1 change");
    console.press(Key::F(8));
    console.wait_for("first is new.");
    console.press(Key::F(8));
    console.wait_for("first: revision 1 is live");
    console.wait_for("● hello");
    console.wait_for(" mine");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn the_end_of_the_console_is_the_end_of_its_editor() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    let script = "echo $$ > editor.pid\ntrap 'echo told > ended; exit 1' TERM\n\
                  echo EDITOR READY\nwhile :; do read word; done";
    let mut console = with_editor(&world, script);
    console.wait_for("> greet");
    console.press("E");
    console.wait_for("EDITOR READY");
    // what the terminal makes of Ctrl-C is for the editor
    console.signal(Signal::INT);
    assert_eq!(console.ended(), None);
    console.signal(Signal::TERM);
    assert_eq!(console.wait_exit().code, 143);
    let pid = world.read("editor.pid").trim().to_owned();
    let gone = || (!PathBuf::from(format!("/proc/{pid}")).exists()).then_some(());
    eventually("the editor has ended", gone);
    assert_eq!(left(&world).len(), 1, "the text stays");
    assert!(daemon.stop().success());
}

#[test]
fn steps_are_boxes_with_lines_between_them() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    let mut console = live(&world);
    console.wait_for("> greet");
    console.press(Key::Enter);
    console.wait_for("AFTER");
    console.press("v");
    let screen = console.wait_for("│ hello");
    assert!(screen.contains('▼') && screen.contains("│ bye"), "{screen}");
    console.press(Key::Down);
    console.wait_for(" bye ──");
    console.press("v");
    console.wait_for("AFTER");
    leave(console);
    assert!(daemon.stop().success());
}
