//! Golden bytes of what is stored of triggers.

use rpa_engine::actor::{Actor, Origin};
use rpa_engine::catalog::Mark;
use rpa_engine::trigger::delivery::{DeliveryState, Held, HeldFor, Outcome, Unwanted};
use rpa_engine::trigger::{
    Fate, How, Missed, Passed, Paused, Pending, ScheduleState, Skipped, Slot, WaitsFor,
};
use rpa_engine::{Map, RunId, Value};
use serde::Serialize;

use super::codec;
use super::*;

fn actor() -> Actor {
    Actor { who: "ana".into(), origin: Origin::Cli }
}

#[test]
fn stored_bytes_of_triggers_never_change() {
    let mut golden = String::new();
    fn add(golden: &mut String, name: &str, row: &impl Serialize) {
        use std::fmt::Write;
        let bytes = codec::encode(row).unwrap();
        let hex = bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        writeln!(golden, "{name}: {hex}").unwrap();
    }
    for row in trigger_rows() {
        add(&mut golden, "trigger", &row);
    }
    for outcome in outcomes() {
        let data = Some(Map::from([("a".into(), Value::Null)]));
        let what = "a.csv".into();
        let row = DeliveryRow { at_ms: 1, what, outcome, decided_ms: 2, hops: 3, data };
        add(&mut golden, "delivery", &row);
    }
    for fate in fates() {
        add(&mut golden, "slot", &SlotRow { fate, decided_ms: 1 });
    }
    let file = SeenFile { size: 1, modified_ns: 2, content: Some([3; 32]) };
    add(&mut golden, "seen file", &file);
    insta::assert_snapshot!(golden);
}

fn trigger_rows() -> [TriggerRow; 2] {
    let paused = Some(Paused { by: actor(), note: "n".into(), since_ms: 5 });
    let slot = Slot { at_ms: 1, due_ms: 2, passed: Some(Passed::Fold) };
    let pending = vec![Pending { slot, why: WaitsFor::Run, how: How::ByHand }];
    let open = vec![RunId(7)];
    let schedule = ScheduleState {
        upto_ms: 1,
        pending,
        open,
        failures: 2,
        paused: paused.clone(),
        caught_ms: 3,
    };
    let why = HeldFor::Pause;
    let held =
        vec![Held { number: 4, key: Some("k".into()), at_ms: 5, since_ms: 6, why, bytes: 8 }];
    let began_ms = [7].into();
    let deliveries = DeliveryState { last: 4, held, began_ms, failures: 1, paused };
    let mark = Mark { at_ms: 4, by: actor() };
    let row = |state, topic| TriggerRow {
        armed: Some(1),
        next: Some(Switch { to: None, at_ms: 9 }),
        ordered: Some(Order { enabled: true, mark: mark.clone(), note: "n".into() }),
        state,
        topic,
        slots: 10,
        deliveries: 11,
        forgotten_ms: 12,
        undeclared_ms: Some(13),
    };
    let topic = Topic::Event("order.paid".parse().unwrap());
    [
        row(TriggerState::Schedule(schedule), None),
        row(TriggerState::Deliveries(deliveries), Some(topic)),
    ]
}

fn outcomes() -> [Outcome; 11] {
    let skipped = [Unwanted::Condition, Unwanted::Throttle, Unwanted::TooManyHeld];
    let [condition, throttle, held] = skipped.map(Outcome::Skipped);
    [
        Outcome::Held(HeldFor::Gathering),
        Outcome::Started(RunId(7)),
        Outcome::Merged { into: 2 },
        condition,
        throttle,
        held,
        Outcome::Skipped(Unwanted::Disarmed),
        Outcome::Refused { code: "RPA0001".into(), message: "m".into() },
        Outcome::Held(HeldFor::Closed),
        Outcome::Skipped(Unwanted::Restored),
        Outcome::Skipped(Unwanted::Changed),
    ]
}

fn fates() -> [Fate; 6] {
    [
        Fate::Waiting { due_ms: 1, why: WaitsFor::CatchUp },
        Fate::Fired { run: RunId(7), how: How::CaughtUp, by_ms: 2 },
        Fate::PassedOver(Passed::Merged),
        Fate::Skipped(Skipped::Overlap { run: RunId(7) }),
        Fate::Refused { code: "RPA0001".into(), message: "m".into() },
        Fate::Missed(Missed::Restore),
    ]
}
