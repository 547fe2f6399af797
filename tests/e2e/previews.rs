//! Schedules before they are anybody's: what the command line shows, and calendars.

use std::process::Stdio;

use rpa_tests::{Options, Rpa, World};
use serde_json::json;

fn checked(world: &World, settings: &str) -> Rpa {
    let options = Options { settings: settings.to_owned(), ..Options::default() };
    let mut rpad = world.rpad(&options);
    rpad.arg("--check-config").stdin(Stdio::null());
    Rpa::from(rpad.output().expect("rpad starts"))
}

#[test]
fn the_settings_are_checked_without_a_daemon() {
    let world = World::new();
    let days = world.file("days.txt", "2026-12-24\n2026-13-01\n");
    let calendar = format!("[calendars.holidays]\nfile = '{}'\n", days.display());
    let bad = checked(&world, &calendar);
    assert_eq!(bad.code, 78, "{bad:?}");
    let line = format!("{}:2:1: \"2026-13-01\" is no date", days.display());
    assert!(bad.stderr.contains("RPA0207") && bad.stderr.contains(&line), "{}", bad.stderr);
    assert!(!world.state().exists(), "nothing is made");

    world.file("days.txt", "2026-12-24\n");
    let good = checked(&world, &calendar);
    assert_eq!(good.code, 0, "{good:?}");
    assert!(good.stdout.starts_with("the settings are in order: "), "{good:?}");
    assert!(!world.state().exists());
}

#[test]
fn a_preview_shows_what_a_change_of_the_clock_does() {
    let world = World::new();
    let line = "schedule preview --timezone Europe/Sofia --around 2027-03-28 --limit 3";
    let words = |more: &'static [&str]| line.split(' ').chain(more.iter().copied());
    let text = world.rpa(words(&["--cron", "30 3 * * *", "--dst-gap", "skip"]));
    assert_eq!((text.code, text.stderr.as_str()), (0, ""), "{text:?}");
    assert!(text.stdout.contains("skipped: in the clock's gap"), "{}", text.stdout);
    assert!(text.stdout.contains("03:00: the clock goes on to 04:00 +03:00"), "{}", text.stdout);

    let document = world.json(words(&["--cron", "30 3 * * *", "--jitter", "5m"]));
    let gap = &document["slots"][1];
    let wanted = json!({
        "at": "2027-03-28T01:00:00.000Z",
        "local": "2027-03-28T04:00:00+03:00",
        "due": "2027-03-28T01:00:00.000Z",
        "due_latest": "2027-03-28T01:05:00.000Z",
        "passed": null,
        "after_gap": true,
    });
    assert_eq!(*gap, wanted, "{document:#}");
    assert_eq!(document["changes"][0]["forward"], true);
    assert_eq!(document["timezone"], "Europe/Sofia");
}

#[test]
fn what_cannot_be_reckoned_is_refused() {
    let world = World::new();
    for (arguments, message, hint) in [
        (["0 22-2 * * *", "UTC"], "the hour \"22-2\" cannot be read", "write 22-23,0-2"),
        (["0 0 31 2 *", "UTC"], "no day is named by \"0 0 31 2 *\"", "some month has"),
        (["@daily", "Sofia"], "there is no time zone \"Sofia\"", "did you mean \"Europe/Sofia\"?"),
    ] {
        let [cron, zone] = arguments;
        let line = ["schedule", "preview", "--cron", cron, "--timezone", zone];
        let refused = world.rpa(line);
        assert_eq!(refused.code, 2, "{refused:?}");
        let first = format!("error[RPA0322]: {message}\n");
        assert!(refused.stderr.starts_with(&first), "{}", refused.stderr);
        assert!(refused.stderr.contains(hint), "{}", refused.stderr);
        let document = world.rpa(line.into_iter().chain(["--json"]));
        let document: serde_json::Value = serde_json::from_str(&document.stdout).unwrap();
        assert_eq!(document["error"]["code"], "RPA0322");
        let bulgarian = world.rpa(line.into_iter().chain(["--lang", "bg"]));
        assert!(!bulgarian.stderr.contains(message), "{}", bulgarian.stderr);
    }
}
