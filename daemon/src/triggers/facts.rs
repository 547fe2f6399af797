//! What expressions of a trigger read as `trigger`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rpa_engine::trigger::{How, Slot, Start, Trigger};
use rpa_engine::{Map, Value};

/// A scope with `trigger` in it, put together once for all expressions that read it.
#[derive(Clone, Debug)]
pub struct Facts(Map);

/// The only name in it.
const TRIGGER: &str = "trigger";

impl Facts {
    fn of(fields: Map) -> Facts {
        Facts(Map::from([(TRIGGER.to_owned(), Value::Map(fields))]))
    }

    pub fn scope(&self) -> &Map {
        &self.0
    }

    /// What `trigger` is.
    pub fn value(&self) -> Option<&Value> {
        self.0.get(TRIGGER)
    }

    /// `trigger` has these as well, or in place of what it had.
    pub fn extend(&mut self, more: impl IntoIterator<Item = (String, Value)>) {
        if let Some(Value::Map(fields)) = self.0.get_mut(TRIGGER) {
            fields.extend(more);
        }
    }
}

/// Of a slot.
pub fn of_slot(trigger: &Trigger, start: Start) -> Facts {
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
    Facts::of(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Of a delivery that came with `data`.
pub fn of_delivery(trigger: &Trigger, number: u64, at_ms: u64, data: Map) -> Facts {
    Facts::of(of_one(trigger, number, at_ms, data))
}

/// Of deliveries (number, when it came, data) that come to one run, the oldest first: the
/// newest, with all of them as `events`.
pub fn of_batch(trigger: &Trigger, all: Vec<(u64, u64, Map)>) -> Facts {
    let all = all.into_iter().map(|(number, at_ms, data)| of_one(trigger, number, at_ms, data));
    let all: Vec<Map> = all.collect();
    let mut fields = all.last().cloned().unwrap_or_default();
    let events = all.into_iter().map(Value::Map).collect();
    fields.insert("events".to_owned(), Value::List(events));
    Facts::of(fields)
}

fn of_one(trigger: &Trigger, number: u64, at_ms: u64, data: Map) -> Map {
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
