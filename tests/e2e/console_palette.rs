//! Commands in the palette, the clipboard and the mouse, with a real daemon behind them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use rpa_tests::{Console, Key, Terminal, World};

use super::console::{leave, live, live_on};

const GOOD: &str = "version: 1\nname: good\nsteps:\n  - {id: s, uses: noop}\n";
const OTHER: &str = "version: 1\nname: other\nsteps:\n  - {id: s, uses: noop}\n";

fn enter(console: &mut Console, line: &str) {
    console.press(":");
    console.wait_for("Commands");
    console.press(line);
    console.wait_for(line);
    console.press(Key::Enter);
}

/// How often the bytes were written.
fn count(console: &Console, bytes: &[u8]) -> usize {
    console.raw().windows(bytes.len()).filter(|window| *window == bytes).count()
}

#[test]
fn commands_are_run_and_what_they_print_is_read() {
    let world = World::new();
    let daemon = world.start();
    world.apply("good", GOOD);
    let mut console = live(&world);
    enter(&mut console, "explain RPA0101");
    let told = world.rpa(["explain", "RPA0101"]).stdout;
    let line = told.lines().next().unwrap();
    console.wait_for(line);
    console.press(Key::Esc);
    console.wait_gone("r again");
    // what it changes is changed, under the eyes of whoever asked for it
    enter(&mut console, "disable good");
    console.wait_for("[ Run it ]");
    console.press(Key::Enter);
    console.wait_for("takes no new runs");
    let listed = world.json(["workflows"]);
    assert_eq!(listed["workflows"][0]["state"], "disabled", "{listed}");
    // a code that is not zero is said
    console.press(Key::Esc);
    console.wait_gone("r again");
    enter(&mut console, "source nothing");
    console.wait_for("exit ");
    console.press(Key::Esc);
    console.wait_gone("r again");
    enter(&mut console, "help doubts");
    console.wait_for("$ rpa help doubts");
    console.press(Key::Esc);
    console.wait_gone("r again");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn a_command_that_goes_on_is_ended_with_its_reader() {
    let world = World::new();
    let daemon = world.start();
    let workflow = "version: 1\nname: long\nsteps:\n  - {id: s, run: echo begun; sleep 600}\n";
    world.apply("long", workflow);
    let mut console = live(&world);
    enter(&mut console, "run long --wait");
    console.wait_for("[ Run it ]");
    console.press(Key::F(8));
    console.wait_for("1 running");
    console.press(Key::Esc);
    console.wait_gone("$ rpa run long --wait ");
    // the run itself goes on: only who waited for it has gone
    let run = world.json(["runs"])["runs"][0]["run"].as_str().map(str::to_owned);
    let run = run.expect("it was started");
    assert!(world.rpa(["cancel", &run]).code == 0);
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn what_is_selected_goes_to_the_clipboard_as_base64() {
    let world = World::new();
    let daemon = world.start();
    world.apply("good", GOOD);
    let copied = b"\x1b]52;c;Z29vZA==\x07";
    let mut console = live(&world);
    console.wait_for("good");
    console.press("y");
    console.wait_for("sent to the terminal: good");
    assert_eq!(count(&console, copied), 1);
    assert_eq!(count(&console, b"\x1b]"), 1, "and nothing else of that kind");
    leave(console);

    let mut console = live_on(&world, &Terminal::default().env("TMUX", "/tmp/tmux-0/x,1,0"));
    console.wait_for("good");
    console.press("y");
    console.wait_for("sent to tmux (needs set-clipboard on): good");
    assert_eq!(count(&console, copied), 1 + 1, "for tmux itself, and handed on");
    assert_eq!(count(&console, b"\x1bPtmux;\x1b\x1b]52;c;Z29vZA==\x07\x1b\\"), 1);
    leave(console);

    // without a clipboard it is kept where nobody else reads it
    let temp = world.path().join("kept");
    fs::create_dir(&temp).unwrap();
    let terminal = Terminal::of((160, 45)).env("TERM", "linux");
    let terminal = terminal.env("TMPDIR", temp.to_str().unwrap());
    let mut console = live_on(&world, &terminal);
    console.wait_for("good");
    console.press("y");
    console.wait_for("copied.txt");
    assert_eq!(count(&console, b"\x1b]"), 0);
    let directory = fs::read_dir(&temp).unwrap().next().unwrap().unwrap().path();
    let file = directory.join("copied.txt");
    assert_eq!(fs::read_to_string(&file).unwrap(), "good");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn the_mouse_is_taken_only_when_asked_for_and_always_given_back() {
    let world = World::new();
    let daemon = world.start();
    world.apply("good", GOOD);
    world.apply("other", OTHER);
    let console = live(&world);
    for mode in ["1000", "1002", "1003", "1006"] {
        assert_eq!(count(&console, format!("\x1b[?{mode}h").as_bytes()), 0, "{mode}");
    }
    leave(console);

    let mut console = live(&world);
    console.press(Key::F(9));
    let screen = console.wait_for("hold Shift");
    assert_eq!(count(&console, b"\x1b[?1000h\x1b[?1006h"), 1);
    assert_eq!(count(&console, b"\x1b[?1003h") + count(&console, b"\x1b[?1002h"), 0);
    let row = |screen: &str, wanted: &str| {
        screen.lines().position(|line| line.contains(wanted)).expect(wanted) + 1
    };
    let at = row(&screen, "other");
    console.press(format!("\x1b[<0;6;{at}M\x1b[<0;6;{at}m").as_str());
    console.wait_until("it is selected", |screen| {
        screen.lines().any(|line| line.trim_start().starts_with('>') && line.contains("other"))
    });
    // the wheel, many notches at once
    console.press("\x1b[<64;6;6M".repeat(30).as_str());
    console.wait_until("the first is selected", |screen| {
        screen.lines().any(|line| line.trim_start().starts_with('>') && line.contains("good"))
    });
    let at = row(&console.screen(), "2 runs");
    let x = console.screen().lines().nth(at - 1).unwrap().find("2 runs").unwrap() + 1;
    console.press(format!("\x1b[<0;{x};{at}M").as_str());
    console.wait_for("Nothing has run yet");
    console.press("q");
    assert_eq!(console.wait_exit().code, 0);
    let raw = String::from_utf8_lossy(&console.raw()).into_owned();
    let last = |mode: &str| raw.rfind(mode).unwrap_or_else(|| panic!("{mode}"));
    assert!(last("\x1b[?1000l") > last("\x1b[?1049l"), "after the screen that comes back");
    assert!(last("\x1b[?1000l") > last("\x1b[?1000h"));

    // it was kept, and is so from the start
    let settings = fs::read_to_string(world.console_settings()).unwrap();
    assert!(settings.contains("mouse = \"on\""), "{settings}");
    let mut console = live(&world);
    assert_eq!(count(&console, b"\x1b[?1000h\x1b[?1006h"), 1);
    console.press(Key::F(9));
    console.wait_for("terminal's again");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn a_saved_view_is_there_in_the_next_console() {
    let world = World::new();
    let daemon = world.start();
    world.apply("good", GOOD);
    let settings = world.console_settings();
    fs::create_dir_all(settings.parent().unwrap()).unwrap();
    fs::write(&settings, "# mine\nglyphs = \"ascii\" # here\n").unwrap();
    let mut console = live(&world);
    enter(&mut console, "runs status:failed");
    console.wait_for("No run fits");
    enter(&mut console, "view save bad-ones");
    console.wait_for("view bad-ones: runs status:failed");
    leave(console);
    let kept = fs::read_to_string(&settings).unwrap();
    assert!(kept.contains("# mine") && kept.contains("\"ascii\" # here"), "{kept}");
    assert!(kept.contains("[views]\nbad-ones = \"runs status:failed\""), "{kept}");

    let mut console = live(&world);
    enter(&mut console, "view bad-ones");
    console.wait_for("No run fits");
    // and back to where it came from
    console.press("-");
    console.wait_gone("No run fits");
    enter(&mut console, "view delete bad-ones");
    console.wait_for("is forgotten");
    leave(console);
    assert!(!fs::read_to_string(&settings).unwrap().contains("views"));
    assert!(daemon.stop().success());
}

#[test]
fn what_reached_all_triggers_stands_in_one_list() {
    let world = World::new();
    let daemon = world.start();
    let beat = "version: 1\nname: beat\ntriggers:\n  - {id: fast, schedule: {every: 1s}}\n\
                steps:\n  - {id: s, uses: noop}\n";
    let heard = "version: 1\nname: heard\ntriggers:\n  - {id: paid, event: {name: order.paid}}\n\
                 steps:\n  - {id: s, uses: noop}\n";
    world.apply("beat", beat);
    world.apply("heard", heard);
    let mut console = live(&world);
    console.press("9");
    console.wait_for("fast");
    let published = world.rpa(["event", "publish", "order.paid"]);
    assert_eq!(published.code, 0, "{published:?}");
    let screen = console.wait_for("paid");
    assert!(screen.contains("fired") && screen.contains("heard"), "{screen}");
    console.press("/");
    console.press("trigger:paid");
    console.press(Key::Enter);
    console.wait_gone("fast");
    console.press(Key::Enter);
    console.wait_for("heard");
    leave(console);
    assert!(daemon.stop().success());
}
