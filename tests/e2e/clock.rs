//! Schedules under the real daemon while somebody sets its wall clock: an hour back, a day
//! forward, and back again, with a kill in between. Which slots there must be the test reckons
//! itself.

use std::collections::BTreeSet;
use std::fs;
use std::time::SystemTime;

use rpa_tests::{Options, World, eventually};
use serde_json::Value;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Slots of a trigger that are caught up.
const CAUGHT_UP: usize = 7;

/// A wall clock that the test sets.
struct WallClock<'a> {
    world: &'a World,
    ahead_ms: i64,
}

impl<'a> WallClock<'a> {
    /// It shows some seconds after a minute: slots of minutes do not come while the test
    /// reads what time it is.
    fn new(world: &'a World) -> WallClock<'a> {
        let mut clock = WallClock { world, ahead_ms: 0 };
        let past_minute_ms = clock.now_ms() % MINUTE;
        clock.set(10_000 - past_minute_ms);
        clock
    }

    fn options(&self) -> Options {
        let file = self.world.path().join("clock").display().to_string();
        Options { env: vec![("FAILPOINT_CLOCK".to_owned(), file)], ..Options::default() }
    }

    /// It goes so much further than it did.
    fn set(&mut self, by_ms: i64) {
        self.ahead_ms += by_ms;
        let new = self.world.file("clock.new", &self.ahead_ms.to_string());
        // the daemon reads all of it or all of the one before
        fs::rename(new, self.world.path().join("clock")).unwrap();
    }

    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        i64::try_from(since.as_millis()).unwrap() + self.ahead_ms
    }
}

/// Slots of a trigger, the oldest first, page after page.
fn ledger(world: &World, trigger: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut before = None::<String>;
    loop {
        let mut args = vec!["slots", "minutes", trigger, "--limit", "500"];
        if let Some(before) = &before {
            args.extend(["--before", before]);
        }
        let page = world.json(args);
        all.extend(page["slots"].as_array().unwrap().clone());
        before = page["next"].as_str().map(str::to_owned);
        if before.is_none() {
            all.reverse();
            return all;
        }
    }
}

fn slot_ms(slot: &Value) -> i64 {
    let text = slot["slot"].as_str().unwrap();
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

fn minutes(first_ms: i64, last_ms: i64) -> Vec<i64> {
    let first = first_ms.div_euclid(MINUTE) + 1;
    (first..=last_ms.div_euclid(MINUTE)).map(|minute| minute * MINUTE).collect()
}

/// Waits until the ledger of each trigger goes up to now.
fn until_accounted(world: &World, clock: &WallClock<'_>) {
    for trigger in ["none", "all"] {
        eventually("the last minute has its fate", || {
            let newest = world.json(["slots", "minutes", trigger, "--limit", "1"]);
            let newest = newest["slots"].as_array()?.first().map(slot_ms);
            (newest == Some(clock.now_ms().div_euclid(MINUTE) * MINUTE)).then_some(())
        });
    }
}

/// The daemon looks at its clock, as another schedule shows that begins with what it shows now.
fn until_it_looks(world: &World, name: &str) {
    let often = "triggers: [{id: t, schedule: {every: 1s}}]\nsteps: [{id: s, uses: noop}]\n";
    world.apply(name, &format!("version: 1\nname: {name}\n{often}"));
    eventually("the daemon looks at its clock", || {
        let slots = world.json(["slots", name]);
        (slots["slots"].as_array()?.len() >= 3).then_some(())
    });
    world.json(["triggers", "disable", name]);
}

#[test]
fn a_wall_clock_that_is_set_loses_no_slot_and_doubles_none() {
    let world = World::new();
    let mut clock = WallClock::new(&world);
    let daemon = world.start_with(&clock.options());
    let minutely = |catch_up: &str| format!("{{cron: \"* * * * *\", {catch_up}, overlap: allow}}");
    let none = minutely("catch_up: none");
    let all = minutely(&format!("catch_up: {{policy: all, max: {CAUGHT_UP}}}"));
    let armed_ms = clock.now_ms();
    world.apply(
        "minutes",
        &format!(
            "version: 1\nname: minutes\ntriggers:\n  - {{id: none, schedule: {none}}}\n  \
             - {{id: all, schedule: {all}}}\nsteps: [{{id: s, uses: noop}}]\n"
        ),
    );
    assert_eq!(
        armed_ms.div_euclid(MINUTE),
        clock.now_ms().div_euclid(MINUTE),
        "this machine takes a minute to apply a workflow: the test cannot tell what is due"
    );
    clock.set(MINUTE);
    until_accounted(&world, &clock);

    clock.set(-HOUR);
    let before = ledger(&world, "all");
    until_it_looks(&world, "back");
    assert_eq!(ledger(&world, "all"), before, "an hour back fires nothing again");
    daemon.kill();
    let daemon = world.start_with(&clock.options());
    until_it_looks(&world, "again");
    assert_eq!(ledger(&world, "all"), before, "nor does a daemon that begins then");

    clock.set(DAY);
    until_accounted(&world, &clock);
    clock.set(-DAY);
    until_it_looks(&world, "yesterday");
    clock.set(DAY + MINUTE);
    until_accounted(&world, &clock);
    world.json(["triggers", "disable", "minutes", "none"]);
    world.json(["triggers", "disable", "minutes", "all"]);

    let runs = world.json(["runs", "--workflow", "minutes", "--limit", "500"]);
    let runs: BTreeSet<&str> =
        runs["runs"].as_array().unwrap().iter().map(|run| run["run"].as_str().unwrap()).collect();
    let mut fired = BTreeSet::new();
    for (trigger, caught_up) in [("none", 0), ("all", CAUGHT_UP)] {
        let slots = ledger(&world, trigger);
        let told: Vec<i64> = slots.iter().map(slot_ms).collect();
        let last_ms = *told.last().unwrap();
        assert_eq!(told, minutes(armed_ms, last_ms), "{trigger}: expected are accounted");
        assert!(told.len() > 22 * 60, "{trigger}: a day less an hour has passed");
        let with = |fate: &str| slots.iter().filter(|slot| slot["fate"] == fate).count();
        assert_eq!(with("caught_up"), caught_up, "{trigger}");
        let in_time = with("fired") + with("late");
        assert!((2..6).contains(&in_time), "{trigger}: {in_time} were fired in time or late");
        let missed: Vec<_> = slots.iter().filter(|slot| slot["fate"] == "missed").collect();
        assert_eq!(missed.len() + caught_up + in_time, slots.len(), "{trigger}");
        for slot in missed {
            let why = slot["reason"].to_string();
            assert!(why.contains("the clock was set forward"), "{trigger}: {slot:#}");
        }
        for run in slots.iter().filter_map(|slot| slot["run"].as_str()) {
            assert!(fired.insert(run.to_owned()), "{trigger}: {run} is of two slots");
        }
    }
    let fired: BTreeSet<&str> = fired.iter().map(String::as_str).collect();
    assert_eq!(runs, fired, "each run is of a slot, each slot has one");
    assert!(daemon.stop().success());
}

#[test]
fn a_clock_that_was_days_ahead_is_forgiven_and_what_is_forgotten_is_not_filled_in() {
    let world = World::new();
    let mut clock = WallClock::new(&world);
    let daemon = world.start_with(&clock.options());
    let armed_ms = clock.now_ms();
    let minutely = "{cron: \"* * * * *\", catch_up: none, overlap: allow}";
    let trigger = |id: &str| format!("  - {{id: {id}, schedule: {minutely}}}\n");
    let (none, all) = (trigger("none"), trigger("all"));
    world.apply(
        "minutes",
        &format!(
            "version: 1\nname: minutes\ntriggers:\n{none}{all}steps: [{{id: s, uses: noop}}]\n"
        ),
    );
    clock.set(MINUTE);
    until_accounted(&world, &clock);
    clock.set(8 * DAY);
    until_accounted(&world, &clock);

    let runs = || world.json(["runs", "--limit", "500"])["runs"].as_array().unwrap().len();
    let before = runs();
    let stamp = |ms: i64| jiff::Timestamp::from_millisecond(ms).unwrap().to_string();
    let (from, to) = (stamp(armed_ms), stamp(armed_ms + 5 * MINUTE));
    let fill = |rest: &str| {
        let args = ["schedule", "backfill", "minutes", "none", "--from", &from, "--to", &to, rest];
        world.json(args)
    };
    for rest in ["--dry-run", "--yes"] {
        let filled = fill(rest);
        assert_eq!(filled["slots"].as_array().map(Vec::len), Some(0), "{filled:#}");
        assert_eq!(filled["forgotten"], 5, "{filled:#}");
    }
    assert_eq!(runs(), before, "a slot of long ago has had a second run");
    let first = stamp((armed_ms.div_euclid(MINUTE) + 1) * MINUTE);
    let why = world.json(["why", &format!("minutes/none@{first}")]);
    let kinds: Vec<&str> =
        why["why"].as_array().unwrap().iter().map(|told| told["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["slot_before_ledger", "slot_forgotten"], "{why:#}");

    clock.set(-8 * DAY);
    let ahead = || {
        let doctor = world.rpa(["--json", "doctor"]);
        let seen: Value = serde_json::from_str(&doctor.stdout).expect("JSON");
        let findings = seen["findings"].as_array().unwrap().clone();
        findings
            .iter()
            .filter(|found| found["what"].to_string().contains("fires nothing before"))
            .count()
    };
    assert_eq!(ahead(), 2, "{:?}", world.rpa(["doctor"]));
    for trigger in ["none", "all"] {
        world.json(["triggers", "enable", "minutes", trigger]);
    }
    assert_eq!(ahead(), 0);
    clock.set(MINUTE);
    let now_ms = clock.now_ms().div_euclid(MINUTE) * MINUTE;
    eventually("the next minute fires", || {
        let slots = world.json(["slots", "minutes", "all"])["slots"].as_array()?.clone();
        slots.into_iter().find(|slot| slot_ms(slot) == now_ms && slot["run"].is_string())
    });
    assert!(daemon.stop().success());
}
