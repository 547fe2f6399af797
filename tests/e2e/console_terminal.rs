//! The console and its terminal: taken, painted on, and given back whatever happens.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use rpa_tests::{Console, Key, Random, Rpa, Size, Terminal, World, binary, eventually};
use rustix::process::Signal;

use crate::console::{leave, list_of_runs, live, live_on};

/// Soon, on a machine that is busy with other tests.
const SOON: Duration = Duration::from_secs(5);
/// Nothing comes for so long: nothing is on its way any more.
const STILL: Duration = Duration::from_millis(300);

/// What a console writes, piece by piece.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    /// `ESC [ parameters final`
    Csi(&'a str, char),
    Text(char),
}

/// Every byte has its place: text, or a sequence of the kind that moves and colours.
///
/// # Panics
/// At anything else that a terminal would obey.
fn pieces(raw: &[u8]) -> Vec<Piece<'_>> {
    let text = std::str::from_utf8(raw).expect("what is written is UTF-8");
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if c != '\u{1b}' {
            assert!(!is_obeyed(c), "{c:?} before {:?}", after.chars().take(40).collect::<String>());
            pieces.push(Piece::Text(c));
            rest = after;
            continue;
        }
        let Some(body) = after.strip_prefix('[') else {
            panic!("no CSI: {:?}", rest.chars().take(40).collect::<String>());
        };
        let end = body.find(|c: char| ('@'..='~').contains(&c)).expect("the end of a sequence");
        let last = body[end..].chars().next().expect("a final byte");
        assert!("HJKmhl".contains(last), "ESC [ {}", &body[..=end]);
        pieces.push(Piece::Csi(&body[..end], last));
        rest = &body[end + 1..];
    }
    pieces
}

/// Controls, and what turns text around.
fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The whole life of a console is frames, each between the marks of a synchronized
/// update, and outside of them nothing but modes.
///
/// # Panics
/// When it is not so.
pub fn check_frames(raw: &[u8]) {
    let mut inside = false;
    let mut frames = 0;
    for piece in pieces(raw) {
        match piece {
            Piece::Csi("?2026", 'h') => {
                assert!(!inside, "a frame within a frame");
                inside = true;
                frames += 1;
            }
            // once more when it leaves: a frame may have been cut off
            Piece::Csi("?2026", 'l') => inside = false,
            Piece::Csi(mode, 'h' | 'l') if mode.starts_with('?') => {}
            Piece::Csi("0", 'm') => {}
            other => assert!(inside, "outside of frames: {other:?}"),
        }
    }
    assert!(!inside && frames > 0, "{frames} frames");
}

/// Where each of the modes is given back, from the last frame on.
fn left(raw: &[u8]) -> Vec<usize> {
    let text = String::from_utf8_lossy(raw).into_owned();
    let modes = ["?1049l", "?25h", "?1000l", "?1002l", "?1003l", "?1006l"];
    let place = |mode: &str| {
        text.rfind(&format!("\u{1b}[{mode}")).unwrap_or_else(|| panic!("no {mode}: {text:?}"))
    };
    modes.iter().map(|mode| place(mode)).collect()
}

/// The terminal is as the shell had it.
fn check_given_back(console: &Console) {
    let raw = console.raw();
    let places = left(&raw);
    assert!(places.is_sorted(), "the mouse is off for the screen that comes back: {places:?}");
    let text = String::from_utf8_lossy(&raw);
    let off = text.rfind("\u{1b}[?2004l").expect("pastes are as they were");
    assert!(off < places[0]);
    assert!(console.look(|screen| {
        !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
    }));
}

#[test]
fn everything_is_painted_in_frames() {
    let world = World::new();
    let daemon = world.start();
    world.apply("good", "version: 1\nname: good\nsteps:\n  - {id: s, run: echo hello}\n");
    let mut console = live(&world);
    console.wait_for("> good");
    console.press("R");
    console.wait_for("takes no variables");
    console.press(Key::F(8));
    console.wait_for("hello");
    console.press("i");
    console.wait_for("Outputs");
    console.press("?");
    console.wait_for("Keys: data");
    console.press(Key::Esc);
    console.wait_gone("Keys: data");
    console.press(":");
    console.wait_for("Commands");
    console.press(Key::F(12));
    console.wait_for("НА ЖИВО");
    console.press(Key::Esc);
    console.wait_gone("Команди");
    console.press("q");
    assert_eq!(console.wait_exit().code, 0);
    check_frames(&console.raw());
    check_given_back(&console);
    assert!(daemon.stop().success());
}

#[test]
fn what_nobody_changes_is_not_painted() {
    let world = World::new();
    let daemon = world.start();
    world.apply("good", "version: 1\nname: good\nsteps:\n  - {id: s, run: echo hello}\n");
    for _ in 0..3 {
        world.json(["run", "good", "--wait"]);
    }
    let mut list = live(&world);
    list_of_runs(&mut list);
    let mut run = live(&world);
    list_of_runs(&mut run);
    run.press(Key::Enter);
    run.wait_for("hello");
    let workflows = live(&world);
    workflows.wait_for("> good");
    let mut consoles = [list, run, workflows];
    thread::scope(|scope| {
        for console in &mut consoles {
            scope.spawn(move || {
                // what was said last goes after some seconds
                console.wait_gone("$ rpa runs");
                console.wait_until("the last notice is gone", |screen| {
                    let rows: Vec<&str> = screen.lines().collect();
                    rows.iter().rev().nth(1).is_some_and(|notice| notice.is_empty())
                });
                console.settle(STILL);
                let written = console.next_bytes(Duration::from_secs(10));
                let written = written.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                assert_eq!(written, None, "{}", console.screen());
            });
        }
    });
    consoles.into_iter().for_each(leave);
    assert!(daemon.stop().success());
}

/// The first row ends with how fresh it is, the last one has hints.
fn is_whole(screen: &str, (width, height): Size) -> bool {
    let rows: Vec<&str> = screen.lines().collect();
    let reaches = |row: &str| row.chars().count() + 2 > usize::from(width);
    rows.len() == usize::from(height)
        && rows[0].ends_with("LIVE")
        && reaches(rows[0])
        && rows[rows.len() - 1].contains("Enter open")
}

#[test]
fn every_size_is_painted_to_its_edges() {
    let world = World::new();
    let daemon = world.start();
    world.apply("good", "version: 1\nname: good\nsteps:\n  - {id: s, run: echo hello}\n");
    for size in [(80, 24), (200, 50), (60, 15)] {
        let console = world.console_on(&Terminal::of(size));
        console.wait_until(&format!("{size:?}"), |s| is_whole(s, size) && s.contains("> good"));
        leave(console);
    }
    let console = world.console_on(&Terminal::of((40, 10)));
    let screen = console.wait_for("40x10 < 60x15");
    assert!(screen.contains("q: quit"), "{screen}");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn a_storm_of_sizes_ends_with_the_last_one_painted_right() {
    let mut random = Random::from_env();
    let world = World::new();
    let daemon = world.start();
    world.apply("good", "version: 1\nname: good\nsteps:\n  - {id: s, run: echo hello}\n");
    let mut console = live(&world);
    let mut below = |most: u64| u16::try_from(1 + random.below(most)).expect("small");
    let storm: Vec<Size> = (0..20).map(|_| (below(220), below(60))).collect();
    for (i, size) in storm.into_iter().enumerate() {
        console.resize(size);
        // some are painted, others are overtaken
        if i % 3 == 0 {
            console.press(Key::Down);
            console.settle(Duration::from_millis(20));
        }
    }
    console.resize((101, 33));
    console.wait_until("the last size", |s| is_whole(s, (101, 33)) && s.contains("> good"));
    console.settle(STILL);
    let painted = console.screen();
    // what is painted anew is what was there
    let before = console.bytes();
    console.press(Key::Ctrl('l'));
    eventually("it is painted again", || (console.bytes() > before).then_some(()));
    console.settle(STILL);
    assert_eq!(painted, console.screen());
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn all_steps_are_there_when_the_log_gives_the_screen_back() {
    let world = World::new();
    let daemon = world.start();
    let steps =
        "  - {id: s1, run: echo}\n  - {id: s2, run: echo}\n  - {id: s3, run: echo the last}\n";
    world.apply("three", &format!("version: 1\nname: three\nsteps:\n{steps}"));
    world.json(["run", "three", "--wait"]);
    let mut console = live(&world);
    list_of_runs(&mut console);
    console.press(Key::Enter);
    console.wait_for("the last");
    console.press(Key::End);
    console.wait_for("> ✓ s3");
    console.press("f");
    console.wait_gone("STEP");
    console.resize((80, 30));
    console.wait_until("the other size", |s| s.lines().last().is_some_and(|row| !row.is_empty()));
    console.press("f");
    let screen = console.wait_for("STEP");
    assert!(
        ["s1", "s2", "s3"].iter().all(|step| screen.contains(&format!("✓ {step}"))),
        "{screen}"
    );
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn it_can_be_suspended_and_comes_back() {
    let world = World::new();
    let daemon = world.start();
    world.apply("good", "version: 1\nname: good\nsteps:\n  - {id: s, run: echo hello}\n");
    let mut shell =
        world.in_terminal("/bin/sh".into(), &Terminal::default().arg("-im").env("PS1", "prompt> "));
    shell.wait_for("prompt>");
    shell.press(format!("{} --start workflows\r", binary("rpa-tui").display()).as_str());
    shell.wait_for("> good");
    assert!(shell.look(vt_is_taken));
    shell.press("R");
    let dialog = shell.wait_for("Run good");
    for stop in [Key::Ctrl('z'), Key::Ctrl('z')] {
        let before = shell.raw().len();
        shell.press(stop);
        let after = shell.wait_raw("the terminal is given back", |raw| {
            let text = String::from_utf8_lossy(&raw[before..]).into_owned();
            text.contains("prompt> ").then_some(text)
        });
        let place = |what: &str| after.find(what).unwrap_or_else(|| panic!("no {what}: {after:?}"));
        assert!(place("\u{1b}[?1049l") < place("\u{1b}[?25h"));
        assert!(place("\u{1b}[?25h") < place("prompt> "), "{after:?}");
        assert!(place("\u{1b}[?1049l") < place("\u{1b}[?1000l"), "{after:?}");
        assert!(shell.look(|s| !s.alternate_screen() && !s.hide_cursor() && !s.bracketed_paste()));
        shell.press("echo $((40 + 2)) is shown\r");
        shell.wait_for("42 is shown");
        shell.press("fg\r");
        let again = shell.wait_for("Run good");
        assert_eq!(again, dialog, "all of it is painted again");
        assert!(shell.look(vt_is_taken));
    }
    shell.press(Key::Esc);
    shell.wait_gone("Run good");
    shell.press("q");
    shell.wait_until("the shell is back", |s| s.trim_end().ends_with("prompt>"));
    check_given_back(&shell);
    shell.press("exit\r");
    assert_eq!(shell.wait_exit().code, 0);
    assert!(daemon.stop().success());
}

fn vt_is_taken(screen: &vt100::Screen) -> bool {
    screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste()
}

#[test]
fn without_a_shell_it_says_that_it_cannot_be_suspended() {
    let world = World::new();
    let mut console = world.console();
    console.wait_for("AWAY");
    console.press(Key::Ctrl('z'));
    console.wait_for("there is no shell to go back to");
    leave(console);
}

#[test]
fn signals_end_it_promptly_and_give_the_terminal_back() {
    let world = World::new();
    let daemon = world.start();
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let mut console = live(&world);
        // also with a dialog and a cursor on the screen
        console.press("/");
        console.wait_for("filter /");
        let before = Instant::now();
        console.signal(signal);
        assert_eq!(console.wait_exit().code, code);
        assert!(before.elapsed() < SOON, "{:?}", before.elapsed());
        check_frames(&console.raw());
        check_given_back(&console);
    }
    assert!(daemon.stop().success());
}

#[test]
fn it_ends_when_its_terminal_is_gone() {
    let world = World::new();
    let daemon = world.start();
    let mut console = live(&world);
    let before = Instant::now();
    console.hang_up();
    assert_eq!(console.wait_exit().code, 129);
    assert!(before.elapsed() < SOON, "{:?}", before.elapsed());
    assert!(daemon.stop().success());
}

#[test]
fn a_panic_is_told_on_the_terminal_of_the_shell() {
    let world = World::new();
    let daemon = world.start();
    let mut console = live(&world);
    console.press(":");
    console.wait_for("Commands");
    console.press("debug panic");
    console.wait_for(": debug panic");
    console.press(Key::Enter);
    assert_eq!(console.wait_exit().code, 70);
    let screen = console.wait_for("RPA0001");
    assert!(screen.contains("a panic on purpose"), "{screen}");
    check_given_back(&console);
    let raw = console.raw();
    let text = String::from_utf8_lossy(&raw);
    let told = text.find("RPA0001").expect("the message");
    assert!(left(&raw).iter().all(|place| *place < told), "{text:?}");
    assert!(daemon.stop().success());
}

/// The parameters of every sequence that changes colours or attributes.
fn attributes(raw: &[u8]) -> Vec<u32> {
    let mut all = Vec::new();
    for piece in pieces(raw) {
        if let Piece::Csi(parameters, 'm') = piece {
            all.extend(parameters.split([';', ':']).map(|p| p.parse::<u32>().unwrap_or(0)));
        }
    }
    all
}

fn is_colour(attribute: u32) -> bool {
    matches!(attribute, 30..=38 | 40..=48 | 90..=107)
}

/// Walks through what has the most colours.
fn walk(console: &mut Console) {
    list_of_runs(console);
    console.press(Key::Enter);
    console.wait_for("skipped");
    console.press("?");
    console.wait_for("Keys: run");
    console.press(Key::Esc);
    console.wait_gone("Keys: run");
    console.press("i");
    console.wait_for("exit");
}

#[test]
fn colours_and_glyphs_are_those_that_the_terminal_can_show() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "bad",
        "version: 1\nname: bad\nsteps:\n  - {id: a, run: exit 3}\n  - {id: b, needs: [], run: echo x}\n  \
         - {id: c, needs: [a, b], run: echo}\n",
    );
    world.json(["run", "bad", "--wait"]);
    let usual = Terminal::default();
    let colours = |terminal: &Terminal| {
        let mut console = live_on(&world, terminal);
        walk(&mut console);
        console.press("q");
        assert_eq!(console.wait_exit().code, 0);
        let raw = console.raw();
        (attributes(&raw).into_iter().any(is_colour), raw.is_ascii())
    };
    assert_eq!(colours(&usual), (true, false));
    assert_eq!(colours(&usual.clone().env("NO_COLOR", "1")), (false, false));
    assert_eq!(colours(&usual.clone().env("TERM", "dumb")), (false, false));
    assert_eq!(colours(&usual.clone().env("TERM", "linux")), (true, true));
    assert_eq!(colours(&usual.clone().env("LANG", "C")), (true, true));
    assert_eq!(colours(&usual.arg("--glyphs").arg("ascii")), (true, true));
    assert!(daemon.stop().success());
}

#[test]
fn without_a_terminal_it_names_the_other_program() {
    let world = World::new();
    let output = Command::new(binary("rpa-tui"))
        .env_clear()
        .env("HOME", world.path())
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::null())
        .output();
    let rpa = Rpa::from(output.expect("rpa-tui starts"));
    assert_eq!(rpa.code, 2, "{rpa:?}");
    assert!(rpa.stderr.contains("terminal") && rpa.stderr.contains("`rpa`"), "{rpa:?}");
    assert_eq!(rpa.stdout, "");
}

#[test]
fn a_wrong_setting_is_named_with_its_file() {
    let world = World::new();
    let file = world.console_settings();
    fs::create_dir_all(file.parent().expect("a directory")).expect("a directory of the test");
    fs::write(&file, "glyphs = \"ascii\"\nlanguge = \"bg\"\n").expect("a file of the test");
    let mut console = world.console_on(&Terminal::of((240, 24)));
    assert_eq!(console.wait_exit().code, 78);
    let screen = console.screen();
    assert!(screen.contains(&format!("{}:2:1", file.display())), "{screen}");
    assert!(screen.contains("\"languge\"") && screen.contains("\"language\""), "{screen}");
    assert!(
        !String::from_utf8_lossy(&console.raw()).contains("1049"),
        "the terminal is left alone"
    );
}

const HOSTILE: &str = r"\033]52;c;aGk=\007 \033[6n \033]0;title\007 \033[?1049h \302\233\062J \233\062J \342\200\256 back \342\201\246 \033P1$r\033\\ \033c \r over \b\b end";

#[test]
fn foreign_text_is_never_obeyed() {
    let world = World::new();
    let daemon = world.start();
    let yaml = r"\e]52;c;aGk=\a \e[6n \e]0;title\a \u009b2J \u202e back \u2066 \ec end";
    let text = format!(
        "version: 1\nname: hostile\ndescription: \"one {yaml}\"\ntags: [harmless]\n\
         variables:\n  v: {{type: string, default: \"{yaml}\", description: \"{yaml}\"}}\n\
         steps:\n  - id: prints\n    name: \"{yaml}\"\n    run: |\n      printf '{HOSTILE}\\n'\n      printf '{HOSTILE}\\n' >&2\n  \
         - id: fails\n    run: |\n      printf 'why {HOSTILE}\\n' >&2\n      exit 3\n\
         outputs: {{o: \"{{{{ steps.prints.output.stdout }}}}\"}}\n"
    );
    world.apply("hostile", &text);
    let rpa = world.rpa(["run", "hostile", "--wait"]);
    assert_eq!(rpa.code, 3, "{rpa:?}");
    let mut console = live_on(&world, &Terminal::of((120, 40)));
    console.wait_for("> hostile");
    console.press("R");
    console.wait_for("Run hostile");
    console.press(Key::Esc);
    console.wait_gone("Run hostile");
    let screen = list_of_runs(&mut console);
    assert!(screen.contains("RPA0401"), "{screen}");
    console.press(Key::Enter);
    let screen = console.wait_for("end");
    assert!(screen.contains("52;c;aGk="), "it is shown, not hidden:\n{screen}");
    console.press("l");
    console.press("w");
    console.wait_for("[Log]");
    console.press("/");
    console.wait_for("search /");
    console.press("back");
    console.press(Key::Enter);
    console.wait_for("/back");
    console.press("i");
    console.wait_for("[Data]");
    console.press(Key::End);
    console.wait_for("via: cli");
    console.press(Key::Esc);
    console.wait_gone("[Data]");
    console.press("R");
    console.wait_for("Run hostile");
    console.paste("\u{1b}]52;c;aGk=\u{7} \u{202e} pasted");
    console.wait_for("pasted");
    console.press(Key::F(8));
    console.wait_for("accepted");
    console.settle(STILL);
    console.press("q");
    assert_eq!(console.wait_exit().code, 0);
    // no control, no bidi mark, no sequence but those of frames
    check_frames(&console.raw());
    assert!(daemon.stop().success());
}
