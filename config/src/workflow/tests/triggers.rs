//! `triggers` and their schedules.

use std::collections::BTreeSet;

use rpa_engine::trigger::{
    Bound, CatchUp, CatchUpPolicy, Day, DstGap, DstOverlap, Moments, Outside, Overlap, Schedule,
    Trigger,
};
use rpa_engine::{Map, Template, Value};

use super::super::templates::evaluator;
use super::super::trigger_fields;
use super::{EVERY_FEATURE, checked, file, found, report, workflow};

const HOUR: u64 = 3_600_000;

/// A file with these triggers, given as YAML list items; they begin on line 4.
fn with(variables: &str, triggers: &str) -> String {
    format!(
        "version: 1\nname: w\ntriggers:\n{triggers}\nvariables: {{{variables}}}\nsteps: [{{id: a, uses: noop}}]\n"
    )
}

/// A file with one trigger, its schedule on line 4.
fn scheduled(schedule: &str) -> String {
    with("", &format!("- schedule: {{{schedule}}}"))
}

fn triggers(source: &str) -> Vec<Trigger> {
    workflow(source).triggers
}

fn schedule(of: &str) -> Schedule {
    triggers(&scheduled(of)).remove(0).source.schedule().unwrap().clone()
}

/// An instant as ms since 1970.
fn ms(text: &str) -> u64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond().try_into().unwrap()
}

fn bound(text: &str, at: &str) -> Bound {
    Bound { text: text.to_owned(), at_ms: ms(at) }
}

#[test]
fn every_part_is_read() {
    let all = triggers(EVERY_FEATURE);
    let [weekdays, often, once, ..] = &all[..] else { panic!("{all:?}") };
    assert_eq!((weekdays.id.as_str(), weekdays.enabled), ("weekdays", false));
    assert_eq!(weekdays.description, "before people come");
    assert!(weekdays.condition.as_ref().unwrap().reads.roots.contains("trigger"));
    assert_eq!(weekdays.vars.len(), 3);
    assert_eq!(weekdays.vars[&"limit".parse().unwrap()], Template::Literal(Value::Int(90)));
    let schedule = weekdays.source.schedule().unwrap();
    assert_eq!(schedule.moments, Moments::Cron("0 7 * * MON-FRI".into()));
    assert_eq!((schedule.timezone.as_str(), schedule.jitter_ms), ("Europe/Sofia", 300_000));
    assert_eq!((schedule.gap, schedule.fold), (DstGap::Skip, DstOverlap::Both));
    assert_eq!(schedule.start, Some(bound("2026-12-01", "2026-11-30T22:00:00Z")));
    let last = bound("2027-06-30", "2027-06-30T21:00:00Z");
    assert_eq!(schedule.end, Some(last), "the day is the last one");
    let day = |name: &str| Day::Calendar(name.into());
    let terms =
        vec![(true, Day::Weekdays), (false, day("holidays")), (true, day("working_saturdays"))];
    assert_eq!(schedule.days.as_ref().unwrap().terms, terms);
    assert_eq!((schedule.outside, schedule.overlap), (Outside::Defer, Overlap::QueueOne));
    let policy = CatchUpPolicy::All;
    let wanted = CatchUp { policy, window_ms: Some(6 * HOUR), max: 10, spread_ms: 30_000 };
    assert_eq!((schedule.catch_up, schedule.pause_on_failure), (wanted, Some(3)));

    let schedule = often.source.schedule().unwrap();
    let from = bound("2026-12-01T00:05[Europe/Sofia]", "2026-11-30T22:05:00Z");
    assert_eq!(schedule.moments, Moments::Every { period_ms: HOUR / 4, from });
    assert_eq!(schedule.catch_up.policy, CatchUpPolicy::None);
    let schedule = once.source.schedule().unwrap();
    let moments = vec![
        bound("2026-12-01T07:00:00Z", "2026-12-01T07:00:00Z"),
        bound("2026-12-24T09:00", "2026-12-24T07:00:00Z"),
    ];
    assert_eq!(schedule.moments, Moments::At(moments), "in order");
    assert_eq!(schedule.timezone, "Europe/Sofia", "as the database of zones writes it");
}

#[test]
fn what_is_read_can_be_evaluated() {
    let weekdays = triggers(EVERY_FEATURE).remove(0);
    let trigger = |caught_up| {
        Value::from([
            ("id", Value::from("weekdays")),
            ("kind", Value::from("schedule")),
            ("slot", Value::Int(7)),
            ("scheduled_at", Value::from("2026-12-01T07:00:00+02:00")),
            ("due_at", Value::from("2026-12-01T07:01:00+02:00")),
            ("caught_up", Value::Bool(caught_up)),
        ])
    };
    let scope = |caught_up| Map::from([("trigger".to_owned(), trigger(caught_up))]);
    let condition = weekdays.condition.unwrap();
    assert_eq!(evaluator().condition(&condition, &scope(false)), Ok(true));
    assert_eq!(evaluator().condition(&condition, &scope(true)), Ok(false));
    let given = |name: &str| evaluator().eval(&weekdays.vars[&name.parse().unwrap()], &scope(true));
    assert_eq!(given("host"), Ok(Value::from("weekdays")));
    assert_eq!(given("note"), Ok(Value::from("7 2026-12-01T07:01:00+02:00")));
    let Value::Map(fields) = trigger(true) else { panic!() };
    let known: BTreeSet<&str> = trigger_fields(&weekdays.source).iter().copied().collect();
    assert_eq!(fields.keys().map(String::as_str).collect::<BTreeSet<_>>(), known);
}

#[test]
fn defaults() {
    let [trigger] = &triggers(&scheduled("every: 15m"))[..] else { panic!() };
    assert_eq!((trigger.id.as_str(), trigger.enabled), ("schedule", true));
    assert_eq!((&trigger.condition, trigger.vars.len()), (&None, 0));
    let from = Bound { text: "1970-01-01T00:00:00Z".into(), at_ms: 0 };
    let catch_up = CatchUp { policy: CatchUpPolicy::Last, window_ms: None, max: 100, spread_ms: 0 };
    let wanted = Schedule {
        moments: Moments::Every { period_ms: HOUR / 4, from },
        timezone: "UTC".into(),
        gap: DstGap::RunAfter,
        fold: DstOverlap::First,
        jitter_ms: 0,
        start: None,
        end: None,
        days: None,
        outside: Outside::Skip,
        catch_up,
        overlap: Overlap::Skip,
        pause_on_failure: None,
    };
    assert_eq!(schedule("every: 15m"), wanted);
    assert_eq!(triggers(&with("", "  []")), []);
    let map = schedule("every: 15m, catch_up: {}");
    assert_eq!(map.catch_up, catch_up, "a map without a policy has the same");
}

#[test]
fn cron_expressions_that_are_taken() {
    for cron in
        ["0 7 * * MON-FRI", "*/10 * * * * *", "@daily", "0 0 L * *", "0 9 * * MON#2", "0 0 29 2 *"]
    {
        assert_eq!(schedule(&format!("cron: '{cron}'")).moments, Moments::Cron(cron.into()));
    }
}

#[test]
fn days_of_all_kinds() {
    let terms =
        |days: &str| schedule(&format!("cron: '@daily', days: '{days}'")).days.map(|d| d.terms);
    let named = |name: &str| Day::Calendar(name.into());
    assert_eq!(terms("all"), None);
    assert_eq!(terms("all + holidays"), None, "nothing is added to all");
    assert_eq!(terms("all - holidays"), Some(vec![(false, named("holidays"))]));
    assert_eq!(terms("- holidays"), Some(vec![(false, named("holidays"))]));
    assert_eq!(
        terms(" weekdays+fairs -holidays"),
        Some(vec![(true, Day::Weekdays), (true, named("fairs")), (false, named("holidays"))])
    );
    let bank = Some(vec![(false, named("bank-holidays"))]);
    assert_eq!(terms("all -bank-holidays"), bank, "a name may have a hyphen");
    assert_eq!(terms("weekends"), Some(vec![(true, Day::Weekends)]));
}

#[test]
fn what_is_wrong_with_a_list_of_triggers() {
    for (triggers, wanted) in
        [("triggers: 5", (1, "RPA0305")), ("triggers: {a: b}", (1, "RPA0305"))]
    {
        let source = format!("{triggers}\n{}", file("- {id: a, uses: noop}"));
        assert_eq!(found(&source), [wanted]);
    }
    let source = with(
        "",
        "- 5\n\
         - {}\n\
         - {id: a, webhok: {path: x}}\n\
         - {id: b, schedule: {cron: '@dayly'}, after: X}\n\
         - {id: b-c, schedule: {cron: '@daily'}}\n\
         - {id: d, schedule: {cron: '@daily'}, cron: '@daily', enabled: 'yes', description: 5}\n\
         - {id: d, schedule: {cron: '@weekly'}}\n\
         - {schedule: {cron: '@monthly'}}\n\
         - {id: '', schedule: {every: 1h}}\n\
         - {id: e, schedule: '@daily'}",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:3 RPA0305 a trigger is a map; here is a number
        write keys and values; allowed keys: id, description, enabled, if, vars, debounce, batch, throttle, pause_on_failure, schedule, webhook, file_watch, event, after, manual
    5:3 RPA0316 the trigger does not say what starts a run
        say it with one of schedule, webhook, file_watch, event, after and manual, for example schedule: {cron: "0 7 * * MON-FRI", timezone: Europe/Sofia}
    6:11 RPA0303 unknown key "webhok" in a trigger
        did you mean "webhook"? allowed: id, description, enabled, if, vars, debounce, batch, throttle, pause_on_failure, schedule, webhook, file_watch, event, after, manual
    7:3 RPA0305 the trigger has `schedule` and `after`; it can have only one
        make a trigger of each
    7:28 RPA0305 there is no "@dayly" in cron expressions
        did you mean "@daily"? allowed: @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually
    7:46 RPA0306 the workflow "X" must match [a-z0-9][a-z0-9_-]{0,63}
        use small letters, digits, - and _
    8:8 RPA0306 the trigger id "b-c" has a hyphen, which an expression reads as a minus
        write b_c
    9:39 RPA0303 unknown key "cron" in a trigger
        did you mean "schedule"?
    9:64 RPA0305 `enabled` is a boolean; here is a string
        write true or false
    9:84 RPA0305 `description` is a string; here is a number
        write it in quotes: "5"
    10:8 RPA0307 the trigger id "d" is used on line 9 already
        give each trigger an id of its own
    11:3 RPA0316 the required key `id` is missing
        of several triggers of a kind each has an id, for example `id: weekdays`
    12:8 RPA0305 `id` is empty
        write something or take it out
    13:21 RPA0305 `schedule` is a map; here is a string
        write keys and values; allowed keys: cron, every, from, at, timezone, jitter, start, end, days, outside, dst, catch_up, overlap, pause_on_failure
    "#);
    let many = "- {id: a, schedule: {every: 1h}}\n".repeat(101);
    let problems = checked(&with("", &many)).problems;
    assert!(problems.iter().any(|p| p.line == 104 && p.message == "more than 100 triggers"));
}

#[test]
fn what_is_wrong_with_moments() {
    let source = with(
        "",
        "- {id: a, schedule: {}}\n\
         - {id: b, schedule: {cron: '@daily', every: 1h}}\n\
         - {id: c, schedule: {cron: '0 0 31 2 *'}}\n\
         - {id: d, schedule: {cron: '0 25 * * *'}}\n\
         - {id: e, schedule: {cron: '* * *'}}\n\
         - {id: f, schedule: {cron: ''}}\n\
         - {id: g, schedule: {cron: '@reboot'}}\n\
         - {id: h, schedule: {cron: '@dayly'}}\n\
         - {id: i, schedule: {cron: '{{ vars.x }}'}}\n\
         - {id: j, schedule: {every: 0s}}\n\
         - {id: k, schedule: {every: 999ms}}\n\
         - {id: l, schedule: {every: 15}}\n\
         - {id: m, schedule: {cron: '@daily', from: '2026-12-01'}}\n\
         - {id: n, schedule: {every: 1h, from: noon}}\n\
         - {id: o, schedule: {every: 1h, from: '1969-07-20'}}\n\
         - {id: p, schedule: {at: []}}\n\
         - {id: q, schedule: {at: 2026}}\n\
         - {id: r, schedule: {at: ['2026-12-01', '2026-12-01T25:00', '{{ x }}']}}\n\
         - {id: s, schedule: {at: ['2026-12-01T09:00', '2026-12-01T07:00Z'], timezone: Europe/Sofia}}\n\
         - {id: t, schedule: {at: '2026-03-29T03:30', timezone: Europe/Sofia}}\n\
         - {id: u, schedule: {at: '2026-10-25T03:30', timezone: Europe/Sofia}}\n\
         - {id: v, schedule: {at: '2026-12-01T09:00[Europe/Sofa]'}}\n\
         - {id: w, schedule: {cron: '@daily', timezone: Europe/Sophia}}\n\
         - {id: x, schedule: {cron: '@daily', timezone: Sofia}}\n\
         - {id: y, schedule: {cron: 7 7, timezone: '+02:00'}}\n\
         - {id: z, schedule: {at: 2026-12-01T09:00+02:00, timezone: 5}}",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:21 RPA0316 `schedule` does not say when
        write one of `cron`, `every` and `at`, for example cron: "0 7 * * MON-FRI"
    5:21 RPA0305 `schedule` has `cron` and `every`; it can have only one
        make a trigger of each
    6:28 RPA0305 no day is named by "0 0 31 2 *"
        name a day that some month has
    7:28 RPA0305 the hour "25" cannot be read
        an hour is 0 to 23, *, a list 7,19, a range 9-17, or a step */2 or 8-18/2
    8:28 RPA0305 a cron expression has 5 fields, or 6 with seconds first; this one has 3
        write minute, hour, day, month and day of the week: "0 7 * * MON-FRI"
    9:28 RPA0305 `cron` is empty
        write something or take it out
    10:28 RPA0305 "@reboot" names no moment
        a unit of the service manager can call `rpa run` at a start
    11:28 RPA0305 there is no "@dayly" in cron expressions
        did you mean "@daily"? allowed: @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually
    12:28 RPA0304 `cron` takes no expression in this version
        write for example "0 7 * * MON-FRI"
    13:29 RPA0305 `every` is shorter than 1s
        write at least 1s
    14:29 RPA0305 `every` is shorter than 1s
        write at least 1s
    15:29 RPA0305 `every`: the duration "15" has no unit
        say the unit: 15s, 15m, 15h or 15ms
    16:38 RPA0316 `from` means nothing without `every`
        add `every`, or take `from` out
    17:39 RPA0305 "noon" is no moment
        write for example "2026-12-01T09:00", "2026-12-01T09:00[Europe/Sofia]" or "2026-12-01T07:00:00Z"
    18:39 RPA0305 "1969-07-20" is before 1970
        write a later moment
    19:26 RPA0316 `at` is empty
        write for example "2026-12-01T09:00", "2026-12-01T09:00[Europe/Sofia]" or "2026-12-01T07:00:00Z"
    20:26 RPA0305 `at` is a string; here is a number
        write it in quotes: "2026"
    21:27 RPA0305 "2026-12-01" has no time of the day
        write for example "2026-12-01T09:00", "2026-12-01T09:00[Europe/Sofia]" or "2026-12-01T07:00:00Z"
    21:41 RPA0305 "2026-12-01T25:00" is no moment
        write for example "2026-12-01T09:00", "2026-12-01T09:00[Europe/Sofia]" or "2026-12-01T07:00:00Z"
    21:61 RPA0304 an entry of `at` takes no expression in this version
        write for example "2026-12-01T09:00", "2026-12-01T09:00[Europe/Sofia]" or "2026-12-01T07:00:00Z"
    22:47 RPA0307 "2026-12-01T07:00Z" is in `at` already
        take it out
    23:26 RPA0305 the clock of Europe/Sofia never shows "2026-03-29T03:30"
        it is set forward over that time: write another one
    24:26 RPA0305 the clock of Europe/Sofia shows "2026-10-25T03:30" twice
        write which is meant: "2026-10-25T03:30+03" or "2026-10-25T03:30+02"
    25:26 RPA0305 "2026-12-01T09:00[Europe/Sofa]" is no moment
        write for example "2026-12-01T09:00", "2026-12-01T09:00[Europe/Sofia]" or "2026-12-01T07:00:00Z"
    26:48 RPA0305 there is no time zone "Europe/Sophia"
        did you mean "Europe/Sofia"?
    27:48 RPA0305 there is no time zone "Sofia"
        did you mean "Europe/Sofia"?
    28:28 RPA0305 a cron expression has 5 fields, or 6 with seconds first; this one has 2
        write minute, hour, day, month and day of the week: "0 7 * * MON-FRI"
    28:43 RPA0305 there is no time zone "+02:00"
        write the name of a place, as Europe/Sofia: its offset changes; an offset that never does is Etc/GMT-2, which is two hours ahead of UTC
    29:60 RPA0305 `timezone` is a string; here is a number
        write it in quotes: "5"
    "#);
    let many = vec!["'2026-12-01T09:00'"; 1_001].join(", ");
    assert_eq!(found(&scheduled(&format!("at: [{many}]"))), [(4, "RPA0315")]);
}

#[test]
fn what_is_wrong_with_the_rest_of_a_schedule() {
    let source = with(
        "",
        "- {id: a, schedule: {cron: '@daily', start: '2027-01-01', end: '2026-12-01'}}\n\
         - {id: b, schedule: {cron: '@daily', start: '2026-12-01', end: '2026-12-01'}}\n\
         - {id: c, schedule: {cron: '@daily', start: '2026-12-01T09:00', end: '2026-12-01T09:00'}}\n\
         - {id: d, schedule: {every: 5m, jitter: 5m}}\n\
         - {id: e, schedule: {at: ['2026-12-01T09:00', '2026-12-01T09:05'], jitter: 10m}}\n\
         - {id: f, schedule: {cron: '*/10 9 * * *', jitter: 10m}}\n\
         - {id: g, schedule: {cron: '*/10 9 * * *', jitter: soon}}\n\
         - {id: h, schedule: {cron: '@daily', days: ''}}\n\
         - {id: i, schedule: {cron: '@daily', days: 'weekdays holidays'}}\n\
         - {id: j, schedule: {cron: '@daily', days: 'weekdays -'}}\n\
         - {id: k, schedule: {cron: '@daily', days: 'weekdays - weekdays'}}\n\
         - {id: l, schedule: {cron: '@daily', days: 'weekdays - all'}}\n\
         - {id: m, schedule: {cron: '@daily', days: 'Holidays'}}\n\
         - {id: m2, schedule: {cron: '@daily', days: 'weekdays-holidays'}}\n\
         - {id: n, schedule: {cron: '@daily', outside: skip}}\n\
         - {id: o, schedule: {cron: '@daily', days: weekdays, outside: deffer}}\n\
         - {id: p, schedule: {cron: '@daily', dst: {gap: run, overlap: last, fold: 1}}}\n\
         - {id: q, schedule: {every: 1h, dst: {gap: skip}}}\n\
         - {id: r, schedule: {cron: '@daily', catch_up: most}}\n\
         - {id: s, schedule: {cron: '@daily', catch_up: 5}}\n\
         - {id: t, schedule: {cron: '@daily', catch_up: {policy: some, window: 0s, max: 1001, spread: x, maximum: 1}}}\n\
         - {id: u, schedule: {cron: '@daily', catch_up: {policy: none, max: 5}}}\n\
         - {id: v, schedule: {cron: '@daily', overlap: queue}}\n\
         - {id: w, schedule: {cron: '@daily', pause_on_failure: 0, interval: 5m, tz: UTC}}",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:64 RPA0305 `end` is not after `start`
        write a later `end`
    6:70 RPA0305 `end` is not after `start`
        write a later `end`
    7:41 RPA0305 `jitter` is not shorter than the time between two slots
        write a shorter one: a slot could be fired after the one that follows it
    8:76 RPA0305 `jitter` is not shorter than the time between two slots
        write a shorter one: a slot could be fired after the one that follows it
    9:52 warning RPA0305 `jitter` is not shorter than the time between two slots
        write a shorter one: a slot could be fired after the one that follows it
    10:52 RPA0305 `jitter`: "soon" is not a duration
        write whole numbers with the units d, h, m, s, ms from large to small, for example 500ms, 90s, 1h30m or 2d
    11:44 RPA0305 `days` is empty
        write something or take it out
    12:44 RPA0305 `days` cannot be "weekdays holidays"
        write for example "weekdays - holidays"
    13:44 RPA0305 `days` cannot be "weekdays -"
        write for example "weekdays - holidays"
    14:44 RPA0305 no day of the week is left by the schedule's days
        take one of the days out that are excluded
    15:44 RPA0305 no day of the week is left by the schedule's days
        take one of the days out that are excluded
    16:45 RPA0306 the calendar "Holidays" must match [a-z0-9][a-z0-9_-]{0,63}
        use small letters, digits, - and _
    17:45 RPA0305 `days` cannot be "weekdays-holidays"
        put blanks around the minus: "weekdays - holidays"
    18:38 RPA0316 `outside` means nothing without `days`
        add `days`, or take `outside` out
    19:63 RPA0305 `outside` cannot be "deffer"
        did you mean "defer"? allowed: skip, defer
    20:49 RPA0305 `gap` cannot be "run"
        allowed: run_after, skip
    20:63 RPA0305 `overlap` cannot be "last"
        allowed: first, both, second
    20:69 RPA0303 unknown key "fold" in `dst`
        allowed: gap, overlap
    21:33 RPA0316 `dst` means nothing without `cron`
        add `cron`, or take `dst` out
    22:48 RPA0305 `catch_up` cannot be "most"
        allowed: none, last, all
    23:48 RPA0305 `catch_up` is a word or a map; here is a number
        write none, last, all, or for example {policy: all, window: 6h}
    24:57 RPA0305 `policy` cannot be "some"
        allowed: none, last, all
    24:71 RPA0305 `window` of nothing
        write more than 0, or take it out
    24:80 RPA0305 `max` is a whole number from 1 to 1000
        write digits alone; no expression is evaluated here
    24:94 RPA0305 `spread`: "x" is not a duration
        write whole numbers with the units d, h, m, s, ms from large to small, for example 500ms, 90s, 1h30m or 2d
    24:97 RPA0303 unknown key "maximum" in `catch_up`
        allowed: policy, window, max, spread
    25:63 RPA0305 `max` means nothing with `policy: none`
        take it out: nothing is caught up then
    26:47 RPA0305 `overlap` cannot be "queue"
        allowed: skip, queue_one, queue_all, cancel_running, allow
    27:56 RPA0305 `pause_on_failure` is a whole number from 1 to 10000
        write digits alone; no expression is evaluated here
    27:59 RPA0303 unknown key "interval" in `schedule`
        did you mean "every"?
    27:73 RPA0303 unknown key "tz" in `schedule`
        did you mean "timezone"?
    "#);
    let many = vec!["a"; 33].join(" + ");
    assert_eq!(found(&scheduled(&format!("cron: '@daily', days: '{many}'"))), [(4, "RPA0315")]);
}

#[test]
fn what_is_wrong_with_variables_of_a_trigger() {
    let source = with(
        "n: {type: number, required: false, max: 5}, s: {type: string}, k: {type: secret}, l: {type: list, default: []}, \
         j: {type: json, default: 1}, d: {type: secret, default: api}",
        "- {id: a, schedule: {every: 1h}}\n\
         - {id: b, vars: [s], schedule: {every: 1h}}\n\
         - {id: c, vars: {s: x, k: hunter2, d: 5}, schedule: {every: 1h}}\n\
         - {id: e, vars: {s: 5, n: x, l: {a: 1}}, schedule: {every: 1h}}\n\
         - {id: f, vars: {s: 'a {{ trigger.id }}', n: 'a {{ trigger.id }}', l: ['{{ trigger.slot }}'], j: {a: '{{ trigger.slot }}'}}, schedule: {every: 1h}}\n\
         - {id: g, vars: {s: '{{ trigger.id }}', n: 7, l: 'a {{ trigger.id }}'}, schedule: {every: 1h}}\n\
         - {id: h, vars: {s: '{{ trigger.id }}', n: ['{{ trigger.slot }}'], l: {a: '{{ trigger.slot }}'}, m: 1, B: 2}, schedule: {every: 1h}}\n\
         - {id: i, vars: {s: '{{ trigger.slto }}', n: '{{ 1 + }}', l: null}, schedule: {every: 1h}}",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:3 RPA0316 the trigger gives no value for the required variable `k`
        give the variable k a `default`: the name of a secret
    4:3 RPA0316 the trigger gives no value for the required variable `s`
        add `s` under `vars`, or give the variable a `default`
    5:17 RPA0305 `vars` is a map; here is a list
        write the variables of the workflow and their values
    6:24 RPA0317 `k` is of type secret, and a trigger gives no secrets
        give the variable k a `default`: the name of a secret
    6:36 RPA0317 `d` is of type secret, and a trigger gives no secrets
        give the variable d a `default`: the name of a secret
    7:3 RPA0316 the trigger gives no value for the required variable `k`
        give the variable k a `default`: the name of a secret
    7:21 RPA0305 the variable `s` is a string; here is a number
        write it in quotes: "5"
    7:27 RPA0305 the variable `n` is a number; here is a string
        write a number
    7:33 RPA0305 the variable `l` is a list; here is a map
        write a list
    8:3 RPA0316 the trigger gives no value for the required variable `k`
        give the variable k a `default`: the name of a secret
    8:46 RPA0305 the variable `n` is a number; here is a string
        write one expression alone: "{{ … }}"
    9:3 RPA0316 the trigger gives no value for the required variable `k`
        give the variable k a `default`: the name of a secret
    9:44 RPA0305 the value of `n` is more than 5
        write another value
    9:50 RPA0305 the variable `l` is a list; here is a string
        write one expression alone: "{{ … }}"
    10:3 RPA0316 the trigger gives no value for the required variable `k`
        give the variable k a `default`: the name of a secret
    10:44 RPA0305 the variable `n` is a number; here is a list
        write one expression alone: "{{ … }}"
    10:71 RPA0305 the variable `l` is a list; here is a map
        write one expression alone: "{{ … }}"
    10:98 RPA0303 there is no variable `m`
        variables: d, j, k, l, n, s
    10:104 RPA0306 the variable "B" must match [a-z_][a-z0-9_]*
        use small letters, digits and _, for example disk_2
    11:3 RPA0316 the trigger gives no value for the required variable `k`
        give the variable k a `default`: the name of a secret
    11:25 RPA0313 `trigger` has no "slto"
        did you mean "slot"? it has: id, kind, slot, scheduled_at, due_at, caught_up
    11:52 RPA0312 unexpected end of input, expected expression
    11:62 RPA0305 the variable `l` is a list; here is nothing
        write a list
    "#);
    let none = with("", "- {vars: {s: x}, schedule: {every: 1h}}");
    assert_eq!(found(&none), [(4, "RPA0303")]);
    assert!(!report(&source).contains("hunter2"));
}

#[test]
fn expressions_of_a_trigger_see_it_alone() {
    let source = with(
        "s: {type: string, default: x}",
        "- {id: a, if: \"vars.s == 'x'\", schedule: {every: 1h}}\n\
         - {id: b, if: \"steps.a.status == 'completed' and failed()\", schedule: {every: 1h}}\n\
         - {id: c, if: 'secrets.k and run.id and workflow.name', schedule: {every: 1h}}\n\
         - {id: d, if: 'trigger.late', vars: {s: '{{ secrets.k }} {{ item }} {{ env.x }}'}, schedule: {every: 1h}}\n\
         - {id: e, if: 5, schedule: {every: 1h}}\n\
         - {id: f, if: '1 + ', schedule: {every: 1h}}\n\
         - {id: g, if: '{{ trigger.caught_up }}', vars: {s: '{{ trigger | tojson }}'}, schedule: {every: 1h}}",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:16 RPA0313 `vars.s` is not known in the `if` of a trigger
        there is no run yet: it sees `trigger`, for example trigger.scheduled_at
    5:16 RPA0313 `steps.a` is not known in the `if` of a trigger
        there is no run yet: it sees `trigger`, for example trigger.scheduled_at
    5:50 RPA0313 `failed()` is not known in the `if` of a trigger
        there is no run yet: it sees `trigger`, for example trigger.scheduled_at
    6:16 RPA0320 `secrets.k` is secret and cannot be used in the `if` of a trigger
        it would be stored and shown to people: write what may be seen
    6:30 RPA0313 `run` is not known in the `if` of a trigger
        there is no run yet: it sees `trigger`, for example trigger.scheduled_at
    6:41 RPA0313 `workflow` is not known in the `if` of a trigger
        there is no run yet: it sees `trigger`, for example trigger.scheduled_at
    7:16 RPA0313 `trigger` has no "late"
        it has: id, kind, slot, scheduled_at, due_at, caught_up
    7:72 RPA0304 env is not supported in expressions by this version
    8:15 RPA0305 `if` is an expression or a boolean; here is a number
        write for example "not trigger.caught_up"
    9:18 RPA0312 unexpected end of input, expected expression
    "#);
}

#[test]
fn a_trigger_is_known_nowhere_else() {
    let source = file("- {id: a, if: trigger.caught_up, set: {x: '{{ trigger.id }}'}}");
    insta::assert_snapshot!(report(&source), @"
    4:15 RPA0313 `trigger` is known only in `triggers`
        give what is needed to a variable, by the `vars` of the trigger, and read vars.NAME
    4:47 RPA0313 `trigger` is known only in `triggers`
        give what is needed to a variable, by the `vars` of the trigger, and read vars.NAME
    ");
}

#[test]
fn what_is_proposed_for_an_hour_that_comes_twice_is_taken() {
    for (offset, at) in [("+03", "2026-10-25T00:30:00Z"), ("+02", "2026-10-25T01:30:00Z")] {
        let text = format!("2026-10-25T03:30{offset}");
        let moments = schedule(&format!("at: '{text}', timezone: Europe/Sofia")).moments;
        assert_eq!(moments, Moments::At(vec![bound(&text, at)]));
    }
}

#[test]
fn jitter_that_is_shorter_than_the_time_between_slots() {
    for moments in
        ["every: 5m", "cron: '*/5 * * * *'", "at: ['2026-12-01T09:00', '2026-12-01T09:05']"]
    {
        assert_eq!(schedule(&format!("{moments}, jitter: 299s")).jitter_ms, 299_000);
        assert_eq!(found(&scheduled(&format!("{moments}, jitter: 300s"))).len(), 1);
    }
    let one = schedule("at: '2026-12-01T09:00', jitter: 24h");
    assert_eq!(one.jitter_ms, 24 * HOUR, "nothing follows it");
    assert_eq!(schedule("every: 1s, jitter: 0s").jitter_ms, 0);
}

#[test]
fn all_problems_of_a_trigger_are_told_at_once() {
    let source = scheduled(
        "cron: '0 0 31 2 *', timezone: Nowhere, jitter: x, start: x, end: y, days: '+', dst: 5, \
         catch_up: x, overlap: x, pause_on_failure: x",
    );
    assert_eq!(found(&source), [(4, "RPA0305"); 10]);
}
