//! Keys of one's own.

use std::fs;

use rpa_tests::{Console, Terminal, World, binary};

use crate::console::{leave, live};

const NAP: &str = "version: 1\nname: nap\nsteps:\n  - {id: s, run: sleep 60}\n";

fn keys(world: &World, text: &str) {
    let file = world.console_settings().with_file_name("keys.toml");
    fs::create_dir_all(file.parent().expect("a directory")).expect("a directory");
    fs::write(file, text).expect("a file of keys");
}

fn printed(world: &World) -> Console {
    world.in_terminal(binary("rpa-tui"), &Terminal::of((120, 1000)).arg("--keys"))
}

#[test]
fn keys_of_ones_own_take_the_place_of_the_usual_ones() {
    let world = World::new();
    let daemon = world.start();
    world.apply("nap", NAP);
    let run = world.submit(["nap"]);
    keys(&world, "cancel = \"K\"\n[everywhere]\nquit = [\"Q\"]\n");
    let mut console = live(&world);
    console.press("2");
    console.wait_for("accepted ");
    // the hint says the key in force
    console.wait_for("K cancel");
    console.press("x");
    console.press("K");
    console.wait_for("Cancel this run?");
    console.press("y");
    world.until(&run, "cancelled");
    console.press("qQ");
    assert_eq!(console.wait_exit().code, 0);
    assert!(daemon.stop().success());
}

#[test]
fn a_wrong_file_is_told_and_the_usual_keys_hold() {
    let world = World::new();
    let _daemon = world.start();
    keys(&world, "[runs]\ncancel = \"l\"\nlogg = \"x\"\n");
    let mut console = live(&world);
    let screen = console.wait_for("RPA0207");
    assert!(screen.contains("keys.toml:3:1") && screen.contains("rpa-tui --keys"), "{screen}");
    console.press(rpa_tests::Key::Esc);
    console.wait_gone("RPA0207");
    leave(console);
    let mut told = printed(&world);
    assert_eq!(told.wait_exit().code, 78);
    assert!(told.screen().contains("did you mean \"log\""), "{}", told.screen());
}

#[test]
fn the_keys_are_printed_as_a_file() {
    let world = World::new();
    let mut console = printed(&world);
    assert_eq!(console.wait_exit().code, 0);
    let text = console.screen();
    assert!(text.contains("[everywhere]") && text.contains("#cancel = [\"x\", \"Del\"]"), "{text}");
    // it is one that can be read, and says the same again
    keys(&world, text.trim_end());
    let mut again = printed(&world);
    assert_eq!(again.wait_exit().code, 0);
    assert_eq!(again.screen(), text);
}
