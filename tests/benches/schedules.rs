//! Schedules, 10,000 of them, ten in each of 1,000 workflows, in zones of five continents.
//!
//! `schedule_lateness_p99`: how long after its moment a slot is fired, in ms, as the ledger
//! has it. Each schedule fires each minute, at a second of its own: at each second some 167
//! at once, over 75 s. `schedule_ended_p99`: until the run of a slot has ended, whose one step
//! does nothing; it ends when its start is durable. The limit of both is a bare timer at the
//! same seconds, and one commit of redb with a row for each slot.
//!
//! `schedules_idle_cpu`: the part of a processor that a daemon takes whose 10,000 schedules
//! are due next year, over 60 s. `schedules_rss`: its anonymous memory in MiB; the limit is a
//! daemon that has none. `schedules_start`: from the start of the process until all of them
//! are armed, in ms: a slot of the last of them that was missed meanwhile has been fired. The
//! limit is the least daemon. Median of several starts.

use std::collections::HashMap;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rpa_ipc::client::{Client, flatten, within};
use rpa_ipc::service::RunsQuery;
use rpa_ipc::triggers::{SlotView, SlotsQuery, TriggerRef};
use rpa_tests::{Options, World};

use crate::minimal::Minimal;
use crate::process::{cpu_time, rss_anon};
use crate::site::{Ask, HERE, Site, connect, runtime};
use crate::statistics::{median, ms, percentile};
use crate::table::{Figure, Target};
use crate::{limits, place};

const WORKFLOWS: usize = 1_000;
const OF_EACH: usize = 10;
const ZONES: [&str; 5] =
    ["Europe/Sofia", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "UTC"];
/// How long slots are fired before it is looked at what has become of them.
const FIRING: Duration = Duration::from_secs(75);
const IDLE: Duration = Duration::from_secs(60);
const REST: Duration = Duration::from_secs(2);
/// Longer than the time between two slots of the one that fires often.
const AWAY: Duration = Duration::from_millis(1_100);
const STARTS: usize = 7;
/// Moments of the bare timer.
const TICKS: u64 = 20;
const DEADLINE: Duration = Duration::from_secs(60);
/// Its schedule is the last one to be armed.
const LAST: &str = "version: 1\nname: zz-last\ntriggers: [{id: often, schedule: {every: 1s}}]\n\
                    steps: [{id: only, uses: noop}]\n";

pub fn lateness() -> Vec<Figure> {
    let site = Site::start();
    let (mut late, mut ended) = runtime().block_on(async {
        let client = connect(site.daemon.socket()).await;
        // a prime, so that the schedules of a workflow are not due together
        declare(&client, |place| format!("{} * * * * *", place * 7 % 60)).await;
        tokio::time::sleep(FIRING).await;
        fired(&client).await
    });
    let mut bare = bare_timer(site.world.path());
    let limit = percentile(&mut bare, 99);
    let ended = percentile(&mut ended, 99);
    vec![
        Figure::new(
            "schedule_lateness_p99",
            percentile(&mut late, 99),
            "ms",
            limit,
            Target::AtMost(50.0),
        ),
        Figure::new("schedule_ended_p99", ended, "ms", limit, Target::AtMost(100.0)),
    ]
}

pub fn idle() -> Vec<Figure> {
    let world = World::within(&place::worlds());
    let none = {
        let daemon = world.spawn(&Options::default());
        runtime().block_on(connect(daemon.socket()));
        sleep(REST);
        let none = rss_anon(daemon.pid());
        runtime().block_on(async {
            let client = connect(daemon.socket()).await;
            declare(&client, |place| format!("{} {} 1 1 *", place % 60, place % 24)).await;
        });
        assert!(daemon.stop().success(), "the daemon stops when it is told to");
        none
    };
    let daemon = world.spawn(&Options::default());
    runtime().block_on(connect(daemon.socket()));
    sleep(REST);
    let memory = rss_anon(daemon.pid());
    let before = cpu_time(daemon.pid());
    sleep(IDLE);
    let used = cpu_time(daemon.pid()) - before;
    let percent = 100.0 * used.as_secs_f64() / IDLE.as_secs_f64();
    runtime().block_on(async { connect(daemon.socket()).await.apply(HERE, LAST).await });
    daemon.kill();
    let mut starts: Vec<f64> = (0..STARTS).map(|_| start(&world)).collect();
    let minimal = Minimal::spawn(world.path());
    let begun = Instant::now();
    minimal.call();
    let least = ms(begun.elapsed());
    vec![
        Figure::new("schedules_idle_cpu", percent, "% of a core", 0.0, Target::AtMost(0.2)),
        Figure::new("schedules_rss", memory, "MiB", none, Target::AtMost(32.0)),
        Figure::new("schedules_start", median(&mut starts), "ms", least, Target::AtMost(500.0)),
    ]
}

/// All workflows with their schedules; `cron` says when each fires.
async fn declare(client: &Client, cron: impl Fn(usize) -> String) {
    for workflow in 0..WORKFLOWS {
        let trigger = |n: usize| {
            let place = workflow * OF_EACH + n;
            let (cron, zone) = (cron(place), ZONES[place % ZONES.len()]);
            format!("  - {{id: t{n}, schedule: {{cron: \"{cron}\", timezone: {zone}}}}}\n")
        };
        let triggers: String = (0..OF_EACH).map(trigger).collect();
        let name = name(workflow);
        let source = format!(
            "version: 1\nname: {name}\ntriggers:\n{triggers}steps: [{{id: only, uses: noop}}]\n"
        );
        client.apply(HERE, &source).await;
    }
}

fn name(workflow: usize) -> String {
    format!("w{workflow:04}")
}

/// In ms after its moment: when each slot was fired, and when its run ended.
async fn fired(client: &Client) -> (Vec<f64>, Vec<f64>) {
    let mut slots = HashMap::new();
    for workflow in 0..WORKFLOWS {
        for n in 0..OF_EACH {
            for slot in ledger(client, &name(workflow), &format!("t{n}")).await {
                let SlotView { slot_ms, run, by_ms, fate, .. } = slot;
                let run = run.unwrap_or_else(|| panic!("a slot of {workflow}/t{n} is {fate}"));
                slots.insert(run.to_string(), (slot_ms, by_ms));
            }
        }
    }
    assert!(slots.len() >= WORKFLOWS * OF_EACH, "only {} slots have come", slots.len());
    let mut ended = Vec::with_capacity(slots.len());
    let mut cursor = None;
    loop {
        let query = RunsQuery {
            statuses: vec!["completed".to_owned()],
            cursor,
            ..RunsQuery::of(HERE.parse().expect("a name"))
        };
        let page = flatten(client.rpc.runs(within(DEADLINE), query).await).expect("a page");
        let times = page.items.iter().filter_map(|run| {
            let (slot_ms, _) = slots.get(&run.run.to_string())?;
            Some(run.ended_ms?.saturating_sub(*slot_ms) as f64)
        });
        ended.extend(times);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    (slots.values().map(|(_, by_ms)| *by_ms as f64).collect(), ended)
}

async fn ledger(client: &Client, workflow: &str, trigger: &str) -> Vec<SlotView> {
    let of = TriggerRef {
        namespace: HERE.parse().expect("a name"),
        workflow: workflow.to_owned(),
        trigger: Some(trigger.to_owned()),
    };
    let query = SlotsQuery { of, before_ms: None, limit: 10 };
    flatten(client.rpc.slots(within(DEADLINE), query).await).expect("slots").slots
}

/// How late a bare timer is that commits a row for each slot of a second, in ms.
fn bare_timer(dir: &std::path::Path) -> Vec<f64> {
    let db = limits::database(dir);
    let rows = (WORKFLOWS * OF_EACH / 60) as u64;
    let begun = Instant::now();
    let tick = |n: u64| {
        let due = Duration::from_millis(100) * u32::try_from(n + 1).expect("few ticks");
        sleep(due.saturating_sub(begun.elapsed()));
        limits::commit(&db, n * rows..(n + 1) * rows);
        ms(begun.elapsed() - due)
    };
    (0..TICKS).map(tick).collect()
}

/// The time in ms from the start of a daemon until its last schedule has fired.
fn start(world: &World) -> f64 {
    sleep(AWAY);
    let begun = Instant::now();
    let daemon = world.spawn(&Options::default());
    let time = runtime().block_on(async {
        let client = connect(daemon.socket()).await;
        let before = ledger(&client, "zz-last", "often").await.first().map(|slot| slot.slot_ms);
        loop {
            let slots = ledger(&client, "zz-last", "often").await;
            if slots.first().map(|slot| slot.slot_ms) != before {
                return ms(begun.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    daemon.kill();
    time
}
