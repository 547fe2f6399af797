//! `triggers`, and the schedules among them.

use rpa_engine::trigger::{CatchUpPolicy, DstGap, DstOverlap, Outside, Overlap};
use serde_json::{Value, json};

use super::super::limits::{CATCH_UP, MAX_MOMENTS, MAX_TRIGGERS, PAUSE_ON_FAILURE};
use super::super::sees::Kind;
use super::super::{catch_up as catching, schedules, triggers};
use super::{named, object, reference, said, shared, sources, text, whole, words};

pub(super) fn triggers() -> Value {
    let mut trigger = object(&triggers::KEYS, &[], |key| match key {
        "id" => {
            let about = "Its state hangs on it. By default its kind, where it is the only one.";
            shared("name", about)
        }
        "description" => said(text(), "Text for people.", None),
        "enabled" => {
            let about = "Whether it is armed when the workflow is published.";
            said(json!({ "type": "boolean" }), about, Some(json!(true)))
        }
        "if" => shared("condition", "Whether a run is started; sees `trigger` alone."),
        "vars" => said(named(&json!({})), "Variables of the runs; see `trigger` alone.", None),
        "debounce" => sources::debounce(),
        "batch" => sources::batch(),
        "throttle" => sources::throttle(),
        "pause_on_failure" => pause_on_failure(),
        "schedule" => schedule(),
        "webhook" => sources::webhook(),
        "file_watch" => sources::file_watch(),
        "event" => sources::event(),
        "after" => sources::after(),
        "manual" => sources::manual(),
        _ => Value::Null,
    });
    let one = |key: &str| json!({ "required": [key] });
    trigger["oneOf"] = Kind::WORDS.map(one).to_vec().into();
    let flow = ["debounce", "batch", "throttle", "pause_on_failure"];
    trigger["allOf"] = json!([
        { "not": { "required": ["debounce", "batch"] } },
        {
            "if": { "anyOf": [one("schedule"), one("manual")] },
            "then": { "not": { "anyOf": flow.map(one) } },
        },
    ]);
    let list = json!({ "type": "array", "items": trigger, "maxItems": MAX_TRIGGERS });
    said(list, "What starts runs by itself.", None)
}

fn pause_on_failure() -> Value {
    let about = "It pauses when so many runs have failed one after the other.";
    said(whole(&PAUSE_ON_FAILURE), about, None)
}

fn schedule() -> Value {
    let mut map = object(&schedules::KEYS, &[], |key| match key {
        "cron" => {
            let about = "Minute, hour, day, month, day of the week; seconds may come first. Or @daily and its like.";
            said(text(), about, None)
        }
        "every" => shared("duration", "A period of elapsed time, at least 1s."),
        "from" => {
            let about = "A moment that `every` counts from.";
            said(text(), about, Some(json!("1970-01-01T00:00:00Z")))
        }
        "at" => {
            let list = json!({
                "type": "array", "items": text(), "minItems": 1, "maxItems": MAX_MOMENTS,
            });
            said(json!({ "anyOf": [text(), list] }), "One or more moments.", None)
        }
        "timezone" => said(text(), "The IANA name of a time zone.", Some(json!("UTC"))),
        "jitter" => {
            let about = "By how much a slot may be fired later.";
            said(reference("duration"), about, Some(json!("0s")))
        }
        "start" => said(text(), "A date or a moment: slots before it are none.", None),
        "end" => {
            let about = "The last day, or a moment: slots from it on are none.";
            said(text(), about, None)
        }
        "days" => {
            let about = "Calendars with + and - between them: weekdays - holidays.";
            said(text(), about, Some(json!("all")))
        }
        "outside" => said(
            words(&Outside::ALL.map(Outside::word)),
            "What becomes of a slot on another day.",
            Some(json!(Outside::default().word())),
        ),
        "dst" => dst(),
        "catch_up" => catch_up(),
        "overlap" => said(
            words(&Overlap::ALL.map(Overlap::word)),
            "What becomes of a slot while the run of an earlier one goes on.",
            Some(json!(Overlap::default().word())),
        ),
        "pause_on_failure" => pause_on_failure(),
        _ => Value::Null,
    });
    let one = |key: &str| json!({ "required": [key] });
    map["oneOf"] = json!([one("cron"), one("every"), one("at")]);
    map["dependentRequired"] = json!({ "from": ["every"], "outside": ["days"], "dst": ["cron"] });
    said(map, "When runs are started.", None)
}

fn dst() -> Value {
    let map = object(&schedules::DST_KEYS, &[], |key| match key {
        "gap" => said(
            words(&DstGap::ALL.map(DstGap::word)),
            "What becomes of a time that the clock leaps over.",
            Some(json!(DstGap::default().word())),
        ),
        "overlap" => said(
            words(&DstOverlap::ALL.map(DstOverlap::word)),
            "Which is meant of a time that the clock shows twice.",
            Some(json!(DstOverlap::default().word())),
        ),
        _ => Value::Null,
    });
    said(map, "What happens when the clock is changed.", None)
}

fn catch_up() -> Value {
    let policies = words(&CatchUpPolicy::ALL.map(CatchUpPolicy::word));
    let map = object(&catching::KEYS, &[], |key| match key {
        "policy" => said(
            policies.clone(),
            "Which of them are fired later.",
            Some(json!(CatchUpPolicy::default().word())),
        ),
        "window" => shared("duration", "Older ones are not."),
        "max" => said(
            whole(&CATCH_UP),
            "How many are, the newest ones.",
            Some(json!(catching::DEFAULT_MAX)),
        ),
        "spread" => said(reference("duration"), "The time between two of them.", Some(json!("0s"))),
        _ => Value::Null,
    });
    let either = json!({ "anyOf": [policies, map] });
    let default = Some(json!(CatchUpPolicy::default().word()));
    said(either, "What becomes of slots that nobody was there to fire.", default)
}
