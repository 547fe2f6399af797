//! A log that comes faster than anybody can read.

use std::fs;
use std::time::{Duration, Instant};

use rpa_tests::{Console, Key, Terminal, World};

use crate::console::{leave, live_on};
use crate::console_terminal::check_frames;

const LINES: usize = 200_000;
const BURSTS: usize = 8;
/// Of what the console may take, when a release build has 80 MiB: a debug build is
/// larger by its code alone.
const MOST_KIB: u64 = 80 << 10;

/// About 50 000 lines a second for some seconds; then it waits to be cancelled.
fn flood() -> String {
    let burst = LINES / BURSTS;
    format!(
        "version: 1\nname: flood\nsteps:\n  - id: pour\n    run: |\n      echo the needle in the haystack\n      \
         i=0\n      while [ $i -lt {BURSTS} ]; do\n        \
         seq -f 'line %.0f of the flood' $((i * {burst} + 1)) $(((i + 1) * {burst}))\n        \
         i=$((i + 1)); sleep 0.4\n      done\n      echo the very end\n      sleep 60\n"
    )
}

/// A figure of the process in KiB, such as `VmHWM`.
fn memory_kib(console: &Console, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", console.pid())).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix(&format!("{name}:")));
    let figure = line.and_then(|rest| rest.split_whitespace().next()).expect("a figure");
    figure.parse().expect("a number")
}

/// How long a key takes until its work is on the screen.
fn answer(console: &mut Console, key: impl Into<rpa_tests::Keys>, shows: &str) -> Duration {
    let before = Instant::now();
    console.press(key);
    console.wait_for(shows);
    before.elapsed()
}

#[test]
fn a_flood_is_followed_left_searched_and_cancelled() {
    let world = World::new();
    let daemon = world.start();
    world.apply("flood", &flood());
    let mut console = live_on(&world, &Terminal::of((100, 30)));
    console.wait_for("> flood");
    console.press("R");
    console.wait_for("takes no variables");
    console.press(Key::F(8));
    console.wait_for("of the flood");
    console.wait_for("FOLLOW");
    // keys are answered while it pours
    let help = answer(&mut console, "?", "Keys: run");
    console.press(Key::Esc);
    console.wait_gone("Keys: run");
    console.press("l");
    console.wait_for("[Log]");
    let up = answer(&mut console, Key::PageUp, "below");
    assert!(!console.screen().contains("FOLLOW"), "{}", console.screen());
    console.settle(Duration::from_millis(1));
    let again = answer(&mut console, "G", "FOLLOW");
    for took in [help, up, again] {
        assert!(took < Duration::from_secs(5), "{took:?}");
    }
    let screen = console.wait_for("the very end");
    assert!(screen.contains("FOLLOW") && screen.contains("200 002 lines"), "{screen}");
    // far above
    console.press("/");
    console.wait_for("search /");
    console.press("needle");
    console.press(Key::Enter);
    let screen = console.wait_for("the needle in the haystack");
    assert!(!screen.contains("FOLLOW"), "{screen}");
    console.wait_for("line 1 of the flood");
    console.press("G");
    console.wait_for("the very end");
    let most = memory_kib(&console, "VmHWM");
    assert!(most < MOST_KIB, "{most} KiB");
    console.press("x");
    console.wait_for("Cancel this run?");
    console.press("y");
    console.wait_for("■ cancelled");
    leave(console);
    assert!(daemon.stop().success());
}

/// A line of 25 KiB a second carries four frames of a log that pours; ten times as much is
/// said. What cannot be carried is never painted, so a key is answered as soon as what is
/// under way has arrived, and the end is there when it comes.
#[test]
fn over_a_thin_line_frames_are_left_out_and_keys_are_answered() {
    let world = World::new();
    let daemon = world.start();
    world.apply("flood", &flood());
    let thin = Terminal::of((160, 45)).over(25 << 10);
    let mut console = live_on(&world, &thin);
    console.wait_for("> flood");
    console.press("R");
    console.wait_for("takes no variables");
    console.press(Key::F(8));
    console.wait_for("of the flood");
    console.press("l");
    console.wait_for("[Log]");
    for _ in 0..3 {
        let help = answer(&mut console, "?", "Keys: ");
        assert!(help < Duration::from_secs(3), "{help:?}");
        console.press(Key::Esc);
        console.wait_gone("Keys: ");
    }
    let screen = console.wait_for("the very end");
    assert!(screen.contains("FOLLOW") && screen.contains("200 002 lines"), "{screen}");
    check_frames(&console.raw());
    leave(console);
    assert!(daemon.stop().success());
}

/// A step with two lines beside one with half a million: the daemon passes over
/// many to find few, and what it has not found yet is not said to be absent.
#[test]
fn the_log_of_one_step_is_found_in_a_large_one() {
    let world = World::new();
    let _daemon = world.start();
    let gate = world.path().join("gate");
    world.apply(
        "beside",
        &format!(
            "version: 1\nname: beside\nsteps:\n  - id: aside\n    needs: []\n    run: |\n      \
             echo one aside\n      while [ ! -e {gate} ]; do sleep 0.1; done\n      \
             echo two asides\n  - id: pour\n    needs: []\n    \
             run: seq -f 'line %.0f of the flood' 500000; echo the very end\n",
            gate = gate.display()
        ),
    );
    let mut console = live_on(&world, &Terminal::of((100, 30)));
    console.wait_for("> beside");
    console.press("R");
    console.wait_for("takes no variables");
    console.press(Key::F(8));
    console.wait_for("the very end");
    // steps are selected; the first has the line that is farthest from the tail
    console.press(Key::Home);
    console.press(Key::Enter);
    console.wait_for("one aside");
    fs::write(&gate, "").expect("the gate");
    let screen = console.wait_for("two asides");
    assert!(screen.contains("one aside"), "{screen}");
    console.press("g");
    let screen = console.wait_for("two asides");
    assert!(screen.contains("one aside") && !screen.contains("flood"), "{screen}");
    leave(console);
}
