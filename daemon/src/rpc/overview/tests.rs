//! Overviews over a store in memory: what is counted, what is joined, what is left out.

use rpa_engine::run::{Input, Run};
use rpa_ipc::overview::Overview;

use super::super::runs::tests::{FIRST_MS, World, done, failure, namespace};
use super::*;

const WIDE: Limits = Limits { looked_at: 1_000, counted: 3_000, looking: Duration::from_secs(60) };

fn seen(world: &World, since_ms: u64, limits: &Limits) -> Overview {
    let reader = world.store.read().unwrap();
    let namespace = reader.namespace(&namespace()).unwrap().unwrap();
    of(&reader, namespace, since_ms, limits).unwrap()
}

fn started(world: &mut World) -> Run {
    let mut run = world.accept("ann");
    world.give(&mut run, Input::Start);
    world.begin(&mut run, "z");
    world.begin(&mut run, "a");
    run
}

/// Both steps that come first end, one of them badly.
fn fail(world: &World, run: &mut Run, step: &str) {
    let other = if step == "z" { "a" } else { "z" };
    world.end(run, other, done());
    world.end(run, step, failure());
}

#[test]
fn failures_are_joined_by_where_and_of_what() {
    let mut world = World::new();
    for step in ["z", "z", "a", "z"] {
        let mut run = started(&mut world);
        fail(&world, &mut run, step);
    }
    drop(started(&mut world));
    let view = seen(&world, FIRST_MS - HOUR_MS, &WIDE);
    let groups: Vec<_> = view
        .failures
        .iter()
        .map(|group| (group.step.as_str(), group.count, group.newest.0 & 0xff))
        .collect();
    assert_eq!(groups, [("z", 3, 4), ("a", 1, 3)], "the one with the newest first");
    assert_eq!((view.failed, view.failures_cut), (4, false));
    assert_eq!(view.failures[0].workflow, "default/three");
    assert_eq!(view.failures[0].error.code, "RPA0401");
    assert_eq!(view.open.len(), 1);
    assert_eq!(view.doubts, []);
    let count = |word: &str| view.counts.iter().find(|(w, _)| w == word).map(|(_, n)| *n);
    assert_eq!((count("failed"), count("running"), count("queued")), (Some(4), Some(1), None));
    let before = seen(&world, FIRST_MS + 60_000, &WIDE);
    assert_eq!(before.failures, [], "they had failed before that");
}

#[test]
fn hours_are_counted_by_when_runs_were_accepted() {
    let mut world = World::new();
    for step in ["z", "a"] {
        let mut run = started(&mut world);
        fail(&world, &mut run, step);
    }
    let view = seen(&world, FIRST_MS - 2 * HOUR_MS, &WIDE);
    let failed: Vec<u64> = view.hours.iter().map(|hour| hour.failed).collect();
    assert_eq!(failed.len() as u64, OVERVIEW_HOURS);
    // ids are made half a second before their runs are accepted
    assert_eq!((failed[1], failed[2], failed.iter().sum::<u64>()), (1, 1, 2));
    assert_eq!(view.counted_from_ms, view.since_ms);
}

#[test]
fn what_was_not_looked_at_is_said() {
    let mut world = World::new();
    for _ in 0..4 {
        let mut run = started(&mut world);
        fail(&world, &mut run, "z");
    }
    let since_ms = FIRST_MS - HOUR_MS;
    let limits = Limits { looked_at: 2, counted: 6, looking: Duration::from_secs(60) };
    let view = seen(&world, since_ms, &limits);
    assert_eq!((view.failed, view.failures_cut), (2, true));
    // the two newest are counted, and from there on everything is
    let counted: u64 = view.hours.iter().map(|hour| hour.failed).sum();
    assert_eq!(counted, 2);
    assert!(view.counted_from_ms > FIRST_MS && view.counted_from_ms < FIRST_MS + 2_000);
    // without any time one failure is looked at all the same
    let limits = Limits { looking: Duration::ZERO, ..limits };
    assert_eq!(seen(&world, since_ms, &limits).failed, 1);
}

#[test]
fn an_answer_stays_the_same_for_an_hour() {
    let hour = 500_000 * HOUR_MS;
    assert_eq!(since_ms(hour), since_ms(hour + HOUR_MS - 1));
    assert_eq!(since_ms(hour) + 23 * HOUR_MS, hour, "the current one is the last");
    assert_eq!(since_ms(hour + HOUR_MS), since_ms(hour) + HOUR_MS);
}
