//! Triggers in the console: seen, paused, resumed, their slots given runs.

use rpa_tests::{Key, Terminal, World};

use super::console::{leave, live_on};

const BEAT: &str = "\
version: 1
name: beat
triggers:
  - id: each_second
    schedule: {cron: \"* * * * * *\", timezone: UTC}
steps:
  - {id: s, uses: noop}
";

const REPORT: &str = "\
version: 1
name: report
triggers:
  - id: quarter
    schedule: {cron: \"*/15 * * * *\", timezone: Europe/Sofia}
steps:
  - {id: s, uses: noop}
";

const FAILS: &str = "\
version: 1
name: fails
triggers:
  - id: often
    schedule: {cron: \"* * * * * *\", timezone: UTC, pause_on_failure: 1}
steps:
  - {id: s, run: exit 3}
";

const PAID: &str = "\
version: 1
name: paid
variables:
  id: {type: string, default: none}
triggers:
  - id: order
    event: {name: order.paid, match: \"trigger.data.id != '0'\"}
    vars: {id: \"{{ trigger.data.id }}\"}
steps:
  - {id: s, uses: noop}
";

/// What one row of the screen says of the open trigger.
fn title(screen: &str) -> &str {
    screen.lines().nth(2).unwrap_or_default()
}

/// The moment of the newest slot on the screen.
fn newest(screen: &str) -> Option<String> {
    let row = screen.lines().find(|line| line.starts_with("> 20"))?;
    Some(row.split_whitespace().skip(1).take(2).collect::<Vec<_>>().join(" "))
}

#[test]
fn a_trigger_is_paused_with_a_reason_and_goes_on() {
    let world = World::new();
    let daemon = world.start();
    world.apply("beat", BEAT);
    let mut console = live_on(&world, &Terminal::of((100, 30)));
    console.press("5");
    console.wait_for("each_second");
    console.press(Key::Enter);
    console.wait_for("✓ fired");
    console.press("p");
    console.wait_for("Pause beat each_second");
    console.press(Key::Enter);
    console.wait_for("say why");
    console.press("the disks are being replaced");
    console.press(Key::Enter);
    console.wait_until("it is paused", |s| title(s).contains("= paused"));
    let screen = console.wait_for("paused by ");
    assert!(screen.contains("the disks are being replaced"), "{screen}");
    assert!(screen.contains("$ rpa triggers resume beat each_second"), "{screen}");
    // what is skipped makes no run, and is seen nevertheless
    let screen = console.wait_for("- skipped");
    let before = newest(&screen).expect("a slot");
    console.wait_until("the next one", |s| newest(s).is_some_and(|slot| slot > before));
    console.press("P");
    console.wait_until("it goes on", |s| title(s).contains("● armed"));
    // and a run of it is a key away
    console.wait_until("it fires", |s| {
        s.lines().any(|line| line.starts_with("> 20") && line.contains("✓ fired"))
    });
    console.press(Key::Enter);
    console.wait_for("by each_second (trigger)");
    console.press(Key::Esc);
    console.wait_for("Past slots");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn slots_of_the_past_are_seen_and_then_have_runs() {
    let world = World::new();
    let daemon = world.start();
    world.apply("report", REPORT);
    let mut console = live_on(&world, &Terminal::default());
    console.press("6");
    let screen = console.wait_for("quarter");
    assert!(screen.contains("4, last") && screen.contains(":45"), "a row for an hour:\n{screen}");
    console.press("5");
    console.wait_for("> report");
    console.press("b");
    console.wait_for("times of Europe/Sofia");
    console.press(Key::Ctrl('u'));
    console.press("2026-01-10T10:00");
    console.press(Key::Enter);
    console.press(Key::Ctrl('u'));
    console.press("2026-01-10T11:00");
    console.press(Key::Enter);
    console.press(Key::Enter);
    let screen = console.wait_for("4 runs would start");
    assert!(screen.contains("2026-01-10 10:45 +02:00"), "{screen}");
    let none = world.json(["slots", "report"]);
    assert_eq!(none["slots"].as_array().map(Vec::len), Some(0), "nothing was started: {none}");
    console.press(Key::BackTab);
    console.press(Key::Enter);
    console.wait_for("4 runs asked for");
    console.press(Key::Enter);
    console.wait_until("all of them", |s| s.contains("↺ backfilled 4"));
    let slots = world.json(["slots", "report"]);
    assert_eq!(slots["slots"].as_array().map(Vec::len), Some(4), "{slots}");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn what_the_daemon_has_paused_is_counted_on_every_screen() {
    let world = World::new();
    let daemon = world.start();
    world.apply("beat", BEAT);
    world.apply("fails", FAILS);
    let mut console = live_on(&world, &Terminal::of((120, 40)));
    console.wait_for("5 triggers !1");
    console.press("5");
    let screen = console.wait_for("1 paused by the daemon");
    assert!(screen.contains("> fails"), "it comes first:\n{screen}");
    assert!(screen.contains("= paused !") && screen.contains("its run failed"), "{screen}");
    let listed = world.json(["triggers"]);
    let itself = |at: usize| &listed["triggers"][at]["paused_by_itself"];
    assert_eq!((itself(0), itself(1)), (&false.into(), &true.into()), "{listed}");
    console.press("o");
    console.wait_for("Disable fails often");
    console.press(Key::Enter);
    // a person has said so: nothing is wanted any more
    console.wait_gone("triggers !1");
    leave(console);
    assert!(daemon.stop().success());
}

#[test]
fn what_was_delivered_is_seen_and_a_trigger_is_tried_and_fired() {
    let world = World::new();
    let daemon = world.start();
    world.apply("paid", PAID);
    let mut console = live_on(&world, &Terminal::of((100, 30)));
    console.press("5");
    console.wait_for("> paid");
    console.press(Key::Enter);
    console.wait_for("Nothing has reached it yet.");
    world.json(["event", "publish", "order.paid", "--field", "id=7"]);
    console.wait_for("✓ started 1");
    console.press(Key::Enter);
    console.wait_for("by order (trigger)");
    console.press(Key::Esc);
    console.wait_for("Deliveries  1/1");
    // what would come of one that is not for it: nothing
    console.press("s");
    console.wait_for("No run would start by itself.");
    console.press("{\"data\": {\"id\": \"0\"}}");
    console.press(Key::Enter);
    console.wait_for("match: false");
    let deliveries = world.json(["deliveries", "paid"]);
    assert_eq!(deliveries["deliveries"].as_array().map(Vec::len), Some(1), "{deliveries}");
    // a person may nevertheless
    console.press(Key::Tab);
    console.press(Key::Tab);
    let screen = console.wait_for("$ rpa triggers fire paid order --data");
    assert!(screen.contains("id = \"0\""), "the variables of the run:\n{screen}");
    console.press(Key::Enter);
    console.wait_for("(console)");
    console.press(Key::Esc);
    console.wait_for("✓ started 2");
    leave(console);
    assert!(daemon.stop().success());
}
