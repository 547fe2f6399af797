//! `rpa run --follow` on a terminal: the steps stand below the log and are written over.

use std::fs;

use rpa_tests::{Console, Ended, Key, Terminal, World, binary};
use rustix::process::Signal;

/// Steps that wait until the test lets them go on.
const GATED: &str = "\
version: 1
name: gated
steps:
  - {id: first, run: echo made ready}
  - id: second
    run: |
      echo half way
      until [ -e go ]; do sleep 0.05; done
      echo all of it
    env: {HERE: \"{{ vars.here }}\"}
  - {id: third, run: echo done}
variables:
  here: {type: string}
outputs: {many: 3}
";

fn followed(world: &World, arguments: &[&str]) -> Console {
    followed_on(world, &Terminal::default(), arguments)
}

fn followed_on(world: &World, terminal: &Terminal, arguments: &[&str]) -> Console {
    let words = ["run"].iter().chain(arguments).chain(&["--follow"]);
    let terminal = words.fold(terminal.clone(), |terminal, word| terminal.arg(word));
    world.in_terminal(binary("rpa"), &terminal)
}

/// A daemon with the workflow in it, whose second step waits for the file `go`.
fn gated(world: &World) -> String {
    let text = GATED.replace("[ -e go ]", "[ -e \"$HERE/go\" ]");
    world.apply("gated", &text);
    format!("here={}", world.path().display())
}

/// The marks of frames stand in pairs, and what moves the cursor only between them.
fn check_frames(raw: &[u8]) -> usize {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    let mut frames = 0;
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[?2026h") {
        check_plain(before);
        let (frame, after) = after.split_once("\u{1b}[?2026l").expect("the end of a frame");
        for sequence in frame.split('\u{1b}').skip(1) {
            let end = sequence.find(|c: char| c.is_ascii_alphabetic()).unwrap();
            let last = &sequence[end..=end];
            assert!("AJKm".contains(last), "{sequence:?}");
        }
        frames += 1;
        rest = after;
    }
    check_plain(rest);
    frames
}

/// Colours, and nothing else that a terminal obeys.
fn check_plain(text: &str) {
    for sequence in text.split('\u{1b}').skip(1) {
        assert!(sequence.starts_with('[') && sequence.contains('m'), "{sequence:?} in {text:?}");
    }
}

#[test]
fn the_steps_stand_below_the_log_and_the_outcome_below_them() {
    let world = World::new();
    let _daemon = world.start();
    let here = gated(&world);
    let mut console = followed(&world, &["gated", "--var", &here]);
    let screen = console.wait_until("the second step says what it prints last", |screen| {
        screen.lines().any(|line| line.contains("● second") && line.contains("half way"))
    });
    assert!(screen.contains("● running  1 of 3 steps"), "{screen}");
    assert!(screen.contains("✓ first") && screen.contains("· third"), "{screen}");
    let log = screen.find("first#1 | made ready").expect("the log");
    assert!(log < screen.find("● running").unwrap(), "{screen}");
    fs::write(world.path().join("go"), "").unwrap();
    assert_eq!(console.wait_exit(), Ended { code: 0, signal: None });
    let screen = console.screen();
    let place = |text: &str| screen.find(text).unwrap_or_else(|| panic!("no {text:?}: {screen}"));
    let order = ["third#1 | done", "✓ completed  3 of 3 steps", "✓ first", "✓ second", "✓ third"];
    let places: Vec<usize> = order.iter().map(|text| place(text)).collect();
    assert!(places.is_sorted(), "{screen}");
    assert!(place("✓ completed  default/gated") > places[4], "{screen}");
    assert_eq!(screen.matches("✓ second").count(), 1, "nothing stands there twice: {screen}");
    assert_eq!(screen.matches("made ready").count(), 1, "{screen}");
    assert!(check_frames(&console.raw()) >= 2);
}

#[test]
fn interrupted_it_says_that_the_run_goes_on() {
    let world = World::new();
    let _daemon = world.start();
    let here = gated(&world);
    let mut console = followed(&world, &["gated", "--var", &here]);
    console.wait_for("● second");
    console.press(Key::Ctrl('c'));
    assert_eq!(console.wait_exit().code, 130);
    let screen = console.screen();
    assert!(screen.contains("goes on; look at it with") && screen.contains("rpa logs"), "{screen}");
    assert!(screen.contains("● second"), "its steps stay: {screen}");
    fs::write(world.path().join("go"), "").unwrap();
}

#[test]
fn another_size_and_a_stop_leave_no_steps_behind() {
    let world = World::new();
    let _daemon = world.start();
    let here = gated(&world);
    let mut console = followed(&world, &["gated", "--var", &here]);
    console
        .wait_until("it waits", |screen| screen.contains("half way") && screen.contains("· third"));
    console.resize((60, 12));
    // the clock of the step goes on, at the new size
    let before = console.bytes();
    console.wait_raw("a frame", |raw| (raw.len() as u64 > before).then_some(()));
    console.signal(Signal::CONT);
    fs::write(world.path().join("go"), "").unwrap();
    assert_eq!(console.wait_exit().code, 0);
    let screen = console.screen();
    assert!(screen.contains("✓ third") && screen.contains("✓ completed"), "{screen}");
    check_frames(&console.raw());
}

#[test]
fn more_steps_than_rows_are_folded() {
    let world = World::new();
    let _daemon = world.start();
    let mut text = String::from("version: 1\nname: long\nsteps:\n");
    for i in 0..40 {
        text.push_str(&format!("  - {{id: s{i}, uses: noop}}\n"));
    }
    world.apply("long", &text);
    let mut console = followed_on(&world, &Terminal::of((80, 16)), &["long"]);
    assert_eq!(console.wait_exit().code, 0);
    let screen = console.screen();
    assert!(screen.contains("steps over") && screen.contains("✓ s39"), "{screen}");
    assert!(screen.contains("40 of 40 steps"), "{screen}");
}

#[test]
fn hostile_output_moves_nothing() {
    let world = World::new();
    let _daemon = world.start();
    world.apply(
        "evil",
        "version: 1\nname: evil\nsteps:\n  - id: shout\n    run: |\n      printf '\\033[2J\\033[H\\033]0;owned\\007\\r\\033[9Agone\\n\\033[?1049h\\233J%s\\n' \"$(printf '\\342\\200\\256')\"\n      exit 3\n",
    );
    let mut console = followed(&world, &["evil"]);
    assert_eq!(console.wait_exit().code, 3);
    check_frames(&console.raw());
    let raw = String::from_utf8(console.raw()).unwrap();
    assert!(!raw.contains(['\u{7}', '\u{9b}', '\u{202e}']), "{raw:?}");
    let screen = console.screen();
    assert!(screen.contains("✗ shout") && screen.contains("✗ failed"), "{screen}");
    assert!(!console.look(|screen| screen.alternate_screen()));
}

#[test]
fn asked_for_plain_text_it_is_the_log_alone() {
    let world = World::new();
    let _daemon = world.start();
    world.apply(
        "two",
        "version: 1\nname: two\nsteps:\n  - {id: a, run: echo hi}\n  - {id: b, uses: noop}\n",
    );
    let plain = |terminal: Terminal, arguments: &[&str]| {
        let mut console = followed_on(&world, &terminal, arguments);
        assert_eq!(console.wait_exit().code, 0);
        let raw = String::from_utf8(console.raw()).unwrap();
        assert!(!raw.contains("\u{1b}[?") && !raw.contains("✓ b"), "{raw:?}");
        assert!(raw.contains("a#1") && raw.contains("hi\r\n"), "{raw:?}");
    };
    plain(Terminal::default(), &["two", "--plain"]);
    plain(Terminal::default().env("NO_COLOR", "1"), &["two"]);
    plain(Terminal::default().env("TERM", "dumb"), &["two"]);
    let piped = world.rpa(["run", "two", "--follow"]);
    let lines: Vec<&str> = piped.stdout.lines().collect();
    assert!(piped.stderr.is_empty() && !piped.stdout.contains('\u{1b}'), "{piped:?}");
    assert_eq!(lines.len(), 3, "accepted, the line, the outcome: {lines:?}");
}
