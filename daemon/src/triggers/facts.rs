//! What expressions of a trigger read as `trigger`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rpa_engine::trigger::{How, Slot, Start, Trigger};
use rpa_engine::{Map, Value};

/// Of a slot.
pub fn of_slot(trigger: &Trigger, start: Start) -> Map {
    let Start { slot: Slot { at_ms, due_ms, .. }, how } = start;
    let zone = trigger.source.schedule().and_then(|s| TimeZone::get(&s.timezone).ok());
    let zone = zone.unwrap_or(TimeZone::UTC);
    let fields = [
        ("id", Value::text(trigger.id.as_str())),
        ("kind", Value::text(trigger.source.word())),
        ("slot", whole(at_ms)),
        ("scheduled_at", Value::text(moment(at_ms, &zone))),
        ("due_at", Value::text(moment(due_ms, &zone))),
        ("caught_up", Value::Bool(how == How::CaughtUp)),
        ("backfilled", Value::Bool(how == How::Backfilled)),
        ("by_hand", Value::Bool(how == How::ByHand)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Of a delivery that came with `data`.
pub fn of_delivery(trigger: &Trigger, number: u64, at_ms: u64, data: Map) -> Map {
    let mut facts = data;
    let own = [
        ("id", Value::text(trigger.id.as_str())),
        ("kind", Value::text(trigger.source.word())),
        ("number", whole(number)),
        ("at", Value::text(moment(at_ms, &TimeZone::UTC))),
    ];
    facts.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
    facts
}

fn whole(number: u64) -> Value {
    i64::try_from(number).map_or(Value::Null, Value::Int)
}

/// RFC 3339, without fractions.
pub fn moment(at_ms: u64, zone: &TimeZone) -> String {
    let instant = i64::try_from(at_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    instant.map_or_else(String::new, |instant| {
        instant.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    })
}
