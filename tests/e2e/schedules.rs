//! Schedules under the real daemon: each slot has one fate, whoever is killed; what people
//! say of a trigger is kept; what cannot fire says why.

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::Duration;

use rpa_tests::{Options, Random, World, eventually};
use serde_json::{Value, json};

use crate::backup::{backup, restore};

/// Fires each second, and writes a line for each run.
fn ticking(world: &World, rest: &str) -> String {
    let lines = world.path().join("lines").display().to_string();
    format!(
        "version: 1\nname: tick\nvariables: {{slot: {{type: number, default: 0}}}}\n\
         triggers:\n  - id: often\n    vars: {{slot: \"{{{{ trigger.slot }}}}\"}}\n    \
         schedule: {{every: 1s{rest}}}\nsteps:\n  - id: say\n    effect: idempotent\n    \
         env: {{SLOT: \"{{{{ vars.slot }}}}\"}}\n    run: echo $SLOT >> {lines}\n"
    )
}

/// All slots of a trigger, the oldest first.
fn slots(world: &World, workflow: &str) -> Vec<Value> {
    let page = world.json(["slots", workflow, "--limit", "500"]);
    let mut slots = page["slots"].as_array().expect("slots").clone();
    slots.reverse();
    slots
}

fn fate(slot: &Value) -> &str {
    slot["fate"].as_str().expect("a fate")
}

fn fired(world: &World, workflow: &str) -> usize {
    slots(world, workflow).iter().filter(|slot| slot["run"].is_string()).count()
}

fn until_fired(world: &World, workflow: &str, count: usize) {
    eventually("slots fire", || (fired(world, workflow) >= count).then_some(()));
}

/// The second of the day of a slot.
fn second(slot: &Value) -> i64 {
    let text = slot["slot"].as_str().expect("a time");
    text.parse::<jiff::Timestamp>().expect("RFC 3339").as_second()
}

fn trigger(world: &World) -> Value {
    world.json(["triggers"])["triggers"][0].clone()
}

#[test]
fn slots_expected_are_slots_accounted_whoever_is_killed() {
    let world = World::new();
    let mut random = Random::from_env();
    let mut daemon = world.start();
    world.apply("tick", &ticking(&world, ", overlap: allow, catch_up: all"));
    for life in 1..=5 {
        until_fired(&world, "tick", 2 * life);
        // somewhere between two slots
        sleep(Duration::from_millis(random.below(900)));
        match random.below(2) {
            0 => daemon.kill_alone(),
            _ => daemon.kill(),
        }
        daemon = world.start();
    }
    until_fired(&world, "tick", 12);
    world.json(["triggers", "disable", "tick", "--note", "done"]);
    eventually("nothing waits any more", || {
        let open = trigger(&world)["open"].as_array().map(Vec::len);
        (open == Some(0)).then_some(())
    });
    let slots = slots(&world, "tick");
    let seconds: Vec<i64> = slots.iter().map(second).collect();
    let all: Vec<i64> = (seconds[0]..=seconds[seconds.len() - 1]).collect();
    assert_eq!(seconds, all, "a slot has no fate, or two");
    let mut lines: BTreeMap<i64, usize> = BTreeMap::new();
    for line in world.read("lines").lines() {
        *lines.entry(line.parse::<i64>().expect("a slot") / 1000).or_default() += 1;
    }
    let runs = world.json(["runs", "--limit", "500"]);
    let runs: Vec<&str> =
        runs["runs"].as_array().unwrap().iter().map(|run| run["run"].as_str().unwrap()).collect();
    for slot in &slots {
        assert!(matches!(fate(slot), "fired" | "late"), "{slot:#}");
        let run = slot["run"].as_str().expect("a run");
        assert_eq!(runs.iter().filter(|other| **other == run).count(), 1, "{slot:#}");
        // an idempotent step may be done again after a kill, its run is the same one
        assert!(lines.contains_key(&second(slot)), "{slot:#}");
    }
    assert_eq!(runs.len(), slots.len(), "a run of no slot");
    assert!(daemon.stop().success());
}

#[test]
fn a_trigger_that_is_paused_says_so_of_each_slot() {
    let world = World::new();
    let daemon = world.start();
    world.apply("tick", &ticking(&world, ""));
    until_fired(&world, "tick", 1);
    let paused = world.json(["triggers", "pause", "tick", "--note", "the disk is full"]);
    assert_eq!(paused["status"], "paused", "{paused:#}");
    let skipped = eventually("a slot is skipped", || {
        slots(&world, "tick").into_iter().find(|slot| fate(slot) == "skipped")
    });
    assert!(skipped["reason"].to_string().contains("the trigger was paused"), "{skipped:#}");
    let daemon = {
        daemon.kill();
        world.start()
    };
    let shown = trigger(&world);
    assert_eq!(shown["status"], "paused", "it is kept: {shown:#}");
    assert!(shown["why"].to_string().contains("the disk is full"), "{shown:#}");
    let before = fired(&world, "tick");
    world.json(["triggers", "resume", "tick"]);
    until_fired(&world, "tick", before + 1);
    assert!(daemon.stop().success());
}

#[test]
fn a_trigger_whose_runs_fail_pauses_by_itself() {
    let world = World::new();
    let daemon = world.start();
    let text = "version: 1\nname: bad\ntriggers:\n  - schedule: {every: 1s, pause_on_failure: 2}\n\
                steps: [{id: s, run: exit 3}]\n";
    world.apply("bad", text);
    let paused = eventually("it pauses", || {
        Some(trigger(&world)).filter(|shown| shown["status"] == "paused")
    });
    assert!(paused["why"].to_string().contains("2 runs failed one after the other"), "{paused:#}");
    let doctor = world.rpa(["--json", "doctor"]);
    let seen: Value = serde_json::from_str(&doctor.stdout).expect("JSON");
    let named =
        |finding: &&Value| finding["check"] == "schedules" && finding["severity"] == "warning";
    let found = seen["findings"].as_array().unwrap().iter().find(named);
    assert!(found.is_some_and(|found| found.to_string().contains("default/bad/")), "{seen:#}");
    assert_eq!(fired(&world, "bad"), 2);
    assert!(daemon.stop().success());
}

#[test]
fn slots_that_had_no_run_are_filled_in_once() {
    let world = World::new();
    let daemon = world.start();
    let text = "version: 1\nname: nightly\ntriggers:\n  - id: night\n    schedule: {cron: \"0 2 * * *\"}\n\
                steps: [{id: s, uses: noop}]\n";
    world.apply("nightly", text);
    let fill = |rest: &[&str]| {
        let args =
            ["schedule", "backfill", "nightly", "--from", "2026-03-01", "--to", "2026-03-04"];
        world.json(args.iter().chain(rest).copied())
    };
    let planned = fill(&["--dry-run"]);
    assert_eq!(planned["slots"].as_array().map(Vec::len), Some(3), "{planned:#}");
    assert_eq!(fired(&world, "nightly"), 0);
    fill(&["--yes"]);
    until_fired(&world, "nightly", 3);
    let slots = slots(&world, "nightly");
    assert!(slots.iter().all(|slot| fate(slot) == "backfilled"), "{slots:#?}");
    let again = fill(&["--yes"]);
    assert_eq!((&again["slots"], &again["had"]), (&json!([]), &json!(3)));
    assert!(daemon.stop().success());
}

#[test]
fn a_new_declaration_comes_into_force_and_the_ledger_goes_on() {
    let world = World::new();
    let daemon = world.start();
    world.apply("tick", &ticking(&world, ""));
    until_fired(&world, "tick", 2);
    world.apply("tick", &ticking(&world, "").replace("every: 1s", "cron: \"0 4 1 1 *\""));
    let next = eventually("the yearly one is armed", || {
        let shown = trigger(&world);
        let next = shown["next"]["slot"].as_str()?.to_owned();
        next.contains("-01-01T04:00:00").then_some(shown)
    });
    assert_eq!(next["revision"], 2);
    let seconds: Vec<i64> = slots(&world, "tick").iter().map(second).collect();
    let all: Vec<i64> = (seconds[0]..=seconds[seconds.len() - 1]).collect();
    assert_eq!(seconds, all, "the last slots of the old declaration have a fate");
    world.apply("tick", "version: 1\nname: tick\nsteps: [{id: s, uses: noop}]\n");
    let gone = eventually("nothing declares it any more", || {
        Some(trigger(&world)).filter(|shown| shown["status"] == "gone")
    });
    assert_eq!(gone["next"], Value::Null, "{gone:#}");
    let pause = world.rpa(["triggers", "pause", "tick", "often"]);
    assert_eq!(pause.code, 2, "{pause:?}");
    assert!(pause.stderr.contains("RPA0544"), "{pause:?}");
    assert!(daemon.stop().success());
}

#[test]
fn a_schedule_whose_calendar_has_gone_can_be_replaced_and_taken_out() {
    let world = World::new();
    let with = |name: &str| Options {
        settings: format!("[calendars.{name}]\ndates = [\"2026-12-25\"]\n"),
        ..Options::default()
    };
    let daemon = world.start_with(&with("holidays"));
    let on = |calendar: &str| ticking(&world, &format!(", days: all - {calendar}"));
    world.apply("tick", &on("holidays"));
    until_fired(&world, "tick", 1);
    assert!(daemon.stop().success());
    let daemon = world.start_with(&with("feasts"));
    assert_eq!(trigger(&world)["status"], "broken");
    world.apply("tick", &on("feasts"));
    let status = |wanted: &str| {
        eventually("the new declaration is in force", || {
            Some(trigger(&world)).filter(|shown| shown["status"] == wanted)
        })
    };
    assert_eq!(status("armed")["revision"], 2);
    until_fired(&world, "tick", fired(&world, "tick") + 1);
    assert!(daemon.stop().success());
    let daemon = world.start_with(&with("holidays"));
    assert_eq!(trigger(&world)["status"], "broken");
    world.apply("tick", "version: 1\nname: tick\nsteps: [{id: s, uses: noop}]\n");
    status("gone");
    assert!(daemon.stop().success());
}

#[test]
fn what_cannot_fire_says_why() {
    let world = World::new();
    let daemon = world.start();
    let refused = |args: &[&str], code: &str| {
        let refused = world.rpa(args.iter().copied());
        assert_ne!(refused.code, 0, "{refused:?}");
        assert!(refused.stderr.contains(code), "{refused:?}");
        refused.stderr
    };
    let on_holidays = ticking(&world, ", days: weekdays - holidays");
    let file = world.file("tick.yaml", &on_holidays);
    let said = refused(&["apply", file.to_str().unwrap()], "RPA0545");
    assert!(said.contains("holidays"), "{said}");
    world.apply("tick", &ticking(&world, ""));
    refused(&["slots", "tick", "other"], "RPA0543");
    let text = "version: 1\nname: picky\ntriggers:\n  - id: t\n    if: \"trigger.slot > 'x'\"\n    \
                schedule: {every: 1s}\nsteps: [{id: s, uses: noop}]\n";
    world.apply("picky", text);
    let slot = eventually("a slot is refused", || {
        slots(&world, "picky").into_iter().find(|slot| fate(slot) == "refused")
    });
    assert!(slot["reason"].to_string().contains("RPA0545"), "{slot:#}");
    world.json(["disable", "tick"]);
    let slot = eventually("a slot is refused", || {
        slots(&world, "tick").into_iter().find(|slot| fate(slot) == "refused")
    });
    assert!(slot["reason"].to_string().contains("RPA0516"), "{slot:#}");
    assert!(daemon.stop().success());
}

#[test]
fn a_restored_schedule_fires_nothing_that_the_original_may_have_fired() {
    let world = World::new();
    let daemon = world.start();
    world.apply("tick", &ticking(&world, ", overlap: allow, catch_up: all"));
    until_fired(&world, "tick", 2);
    let file = backup(&world, "b.tar");
    until_fired(&world, "tick", 4);
    assert!(daemon.stop().success());
    let copy = World::new();
    let restored = restore(&copy, &file, &[]);
    assert_eq!(restored.code, 0, "{restored:?}");
    let daemon = copy.start();
    let before = slots(&copy, "tick").len();
    assert_eq!(trigger(&copy)["status"], "held");
    for rest in ["--dry-run", "--yes"] {
        let args = ["schedule", "backfill", "tick", "--from", "2026-01-01", "--to", "2026-01-02"];
        let refused = copy.rpa(args.into_iter().chain([rest]));
        assert_eq!(refused.code, 75, "{refused:?}");
        assert!(refused.stderr.contains("restored from a backup"), "{refused:?}");
    }
    assert_eq!(copy.rpa(["resume", "--restored"]).code, 0);
    until_fired(&copy, "tick", before + 1);
    let slots = slots(&copy, "tick");
    let seconds: Vec<i64> = slots.iter().map(second).collect();
    let all: Vec<i64> = (seconds[0]..=seconds[seconds.len() - 1]).collect();
    assert_eq!(seconds, all, "a slot has no fate, or two");
    let missed: Vec<&Value> = slots.iter().filter(|slot| fate(slot) == "missed").collect();
    assert!(!missed.is_empty(), "{slots:#?}");
    let counted = trigger(&copy)["missed"].as_u64().unwrap();
    assert!(counted >= missed.len() as u64, "{counted} of {}", missed.len());
    for slot in missed {
        assert!(slot["reason"].to_string().contains("may have fired it"), "{slot:#}");
    }
    assert!(daemon.stop().success());
}

#[test]
fn each_slot_is_explained() {
    let world = World::new();
    let daemon = world.start();
    let text = "version: 1\nname: nightly\ntriggers:\n  - id: night\n    schedule: {cron: \"0 2 * * *\"}\n\
                steps: [{id: s, uses: noop}]\n";
    world.apply("nightly", text);
    world.apply("tick", &ticking(&world, ""));
    until_fired(&world, "tick", 1);
    let why = |of: &str, at: &str| world.json(["why", &format!("{of}@{at}")]);
    let kinds = |why: &Value| -> Vec<String> {
        let all = why["why"].as_array().expect("sentences").iter();
        all.map(|telling| telling["kind"].as_str().expect("a kind").to_owned()).collect()
    };
    let fired = slots(&world, "tick")[0].clone();
    let told = why("tick/often", fired["slot"].as_str().unwrap());
    let mut explained = fired;
    // whose it is stands in the document that explains it
    let named = explained.as_object_mut().unwrap();
    named.retain(|key, _| !["workflow", "trigger"].contains(&key.as_str()));
    assert_eq!(told["slot"], explained);
    assert_eq!(kinds(&told)[1], "slot_see_run", "{told:#}");
    assert!(["slot_fired", "slot_late"].contains(&kinds(&told)[0].as_str()), "{told:#}");
    world.json(["triggers", "pause", "tick"]);
    let skipped = eventually("a slot is skipped", || {
        slots(&world, "tick").into_iter().find(|slot| fate(slot) == "skipped")
    });
    let told = why("tick", skipped["slot"].as_str().unwrap());
    assert_eq!(kinds(&told), ["slot_skipped", "slot_mend_pause", "slot_backfill"], "{told:#}");
    let told = why("nightly", "2099-03-01T02:00");
    assert_eq!(kinds(&told), ["slot_to_come"], "{told:#}");
    let told = why("nightly", "2020-03-01T02:00");
    assert_eq!(kinds(&told), ["slot_not_armed", "slot_backfill"], "{told:#}");
    let told = why("default/nightly/night", "2099-03-01T02:30Z");
    assert_eq!(kinds(&told), ["slot_none", "slot_neighbours"], "{told:#}");
    let beside = (told["before"].as_str().unwrap(), told["after"].as_str().unwrap());
    assert!(beside.0.starts_with("2099-02-28T") || beside.0.starts_with("2099-03-01T"), "{told:#}");
    assert!(beside.0 < "2099-03-01T02:30" && beside.1 > "2099-03-01T02:30", "{told:#}");
    for (wrong, code) in [("nightly@noon", "RPA0002"), ("nightly/x@2099-03-01", "RPA0543")] {
        let refused = world.rpa(["why", wrong]);
        assert!(refused.code != 0 && refused.stderr.contains(code), "{refused:?}");
    }
    assert!(daemon.stop().success());
}

#[test]
fn a_schedule_that_fires_less_often_than_it_is_written_says_so() {
    let world = World::new();
    let daemon = world.start();
    // each run goes on over the next slot
    let text = "version: 1\nname: slow\ntriggers:\n  - id: often\n    schedule: {every: 1s}\n\
                steps: [{id: s, run: sleep 1.2}]\n";
    world.apply("slow", text);
    let shown = eventually("the cadence is said", || {
        Some(trigger(&world)).filter(|shown| shown["cadence"]["kind"] == "cadence_slower")
    });
    let said = shown["cadence"]["text"].as_str().unwrap();
    assert!(said.contains("instead of every 1s") && said.contains("skipped: overlap"), "{said}");
    let listed = world.rpa(["triggers"]);
    assert!(listed.stdout.contains("instead of every 1s"), "{listed:?}");
    let doctor = world.rpa(["--json", "doctor"]);
    let seen: Value = serde_json::from_str(&doctor.stdout).expect("JSON");
    let named = |finding: &&Value| {
        finding["check"] == "schedules" && finding.to_string().contains("instead of every 1s")
    };
    assert!(seen["findings"].as_array().unwrap().iter().any(|f| named(&f)), "{seen:#}");
    let log = eventually("the log says it", || {
        Some(world.read("rpad.log")).filter(|log| log.contains("instead of every 1s"))
    });
    // once, and not of each slot
    assert_eq!(log.matches("instead of every").count(), 1, "{log}");
    assert!(daemon.stop().success());
}

#[test]
fn one_that_fires_each_second_does_not_drown_the_others() {
    let world = World::new();
    let daemon = world.start();
    world.apply("tick", &ticking(&world, ""));
    let hourly = "version: 1\nname: hourly\ntriggers:\n  - schedule: {every: 1h}\n\
                  steps: [{id: s, uses: noop}]\n";
    world.apply("hourly", hourly);
    let document = world.json(["upcoming", "--within", "3h", "--limit", "20"]);
    let shown = document["upcoming"].as_array().unwrap();
    let of = |workflow: &str| -> Vec<&Value> {
        shown.iter().filter(|slot| slot["workflow"] == workflow).collect()
    };
    let (ticks, hours) = (of("default/tick"), of("default/hourly"));
    assert_eq!((ticks.len(), hours.len()), (10, 3), "{document:#}");
    let more = ticks.last().unwrap()["more"].as_u64().expect("how many are left out");
    assert!(more > 4_000, "{document:#}");
    assert!(ticks[..9].iter().all(|slot| slot["more"].is_null()), "{document:#}");
    assert!(hours.iter().all(|slot| slot["more"].is_null()), "{document:#}");
    let text = world.rpa(["upcoming", "--within", "3h", "--limit", "20", "--every"]);
    assert!(text.stdout.contains("tick often: and "), "{text:?}");
    // for people it takes a row an hour, and the whole time is there
    let text = world.rpa(["upcoming", "--within", "3h", "--limit", "20"]).stdout;
    let rows = |name: &str| text.lines().filter(|line| line.contains(name)).count();
    assert!((3..=4).contains(&rows("tick ")) && rows("hourly") == 3, "{text}");
    assert!(daemon.stop().success());
}
