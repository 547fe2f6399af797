//! What the top level says of runs as a whole: `category`, `concurrency`, `sla`.

use rpa_engine::workflow::{Concurrency, OnBreach, OnLimit, Sla};

use super::{EVERY_FEATURE, file, found, report, workflow};

fn with(top: &str) -> String {
    file("- {id: a, run: x}") + top
}

#[test]
fn every_part_is_read() {
    let workflow = workflow(EVERY_FEATURE);
    assert_eq!(workflow.category, "operations");
    let concurrency = workflow.concurrency.unwrap();
    assert_eq!((concurrency.limit, concurrency.on_limit), (2, OnLimit::Queue));
    assert_eq!(concurrency.max_queue, Some(100));
    assert_eq!(concurrency.key.unwrap().reads().vars.len(), 1);
    let sla = Sla {
        start_within_ms: Some(300_000),
        finish_within_ms: Some(7_200_000),
        on_breach: OnBreach::Cancel,
    };
    assert_eq!(workflow.sla, Some(sla));
}

#[test]
fn a_number_is_a_limit() {
    let short = workflow(&with("concurrency: 2")).concurrency;
    let expected = Concurrency { limit: 2, key: None, on_limit: OnLimit::Queue, max_queue: None };
    assert_eq!(short, Some(expected));
    assert_eq!(short, workflow(&with("concurrency: {limit: 2}")).concurrency);
    let nothing = workflow(&with(""));
    assert_eq!((nothing.category.as_str(), nothing.concurrency, nothing.sla), ("", None, None));
}

#[test]
fn the_other_words() {
    for on_limit in OnLimit::ALL {
        let source = with(&format!("concurrency: {{limit: 1, on_limit: {}}}", on_limit.word()));
        assert_eq!(workflow(&source).concurrency.unwrap().on_limit, on_limit);
    }
    let sla = workflow(&with("sla: {finish_within: 1h}")).sla.unwrap();
    assert_eq!((sla.start_within_ms, sla.on_breach), (None, OnBreach::Flag));
    let equal = workflow(&with("sla: {start_within: 1h, finish_within: 1h}")).sla;
    assert!(equal.is_some());
}

#[test]
fn what_is_wrong_is_said() {
    for top in [
        "category: Big Things",
        "category: [a]",
        "concurrency: 0",
        "concurrency: 1.5",
        "concurrency: true",
        "concurrency: two",
        "concurrency: [1]",
        "concurrency: {}",
        "concurrency: {limit: 10001, on_limit: wait, max_queue: 0}",
        "concurrency: {limit: 1, on_limit: skip, max_queue: 5}",
        "concurrency: {limit: 1, key: same}",
        "concurrency: {limit: 1, key: '{{ 1 + 1 }}'}",
        "concurrency: {limit: 1, key: 5, lmit: 1}",
        "sla: 1h",
        "sla: {}",
        "sla: {on_breach: flag}",
        "sla: {start_within: 2h, finish_within: 1h}",
        "sla: {start_within: 0s, finish_within: 60, on_breach: fail}",
    ] {
        assert!(!found(&with(top)).is_empty(), "{top}");
    }
    let reports: Vec<String> = [
        "category: Big Things",
        "concurrency: two",
        "concurrency: 0",
        "concurrency: {limit: 10001, on_limit: wait, max_queue: 0}",
        "concurrency: {limit: 1, on_limit: cancel_running, max_queue: 5}",
        "concurrency: {limit: 1, key: same}",
        "sla: {on_breach: flag}",
        "sla: {start_within: 2h, finish_within: 1h}",
        "sla: {start_within: 0s, finish_within: 60, on_breach: fail}",
    ]
    .iter()
    .map(|top| report(&with(top)))
    .collect();
    insta::assert_snapshot!(reports.concat(), @r#"
    5:11 RPA0306 the category "Big Things" must match [a-z0-9][a-z0-9_-]{0,63}
        use small letters, digits, - and _
    5:14 RPA0305 `concurrency` is a number of runs or a map; here is a string
        write for example `concurrency: 1`, or {limit: 1, on_limit: skip}
    5:14 RPA0305 `concurrency` is a whole number from 1 to 10000
        write digits alone; no expression is evaluated here
    5:22 RPA0305 `limit` is a whole number from 1 to 10000
        write digits alone; no expression is evaluated here
    5:39 RPA0305 `on_limit` cannot be "wait"
        allowed: queue, skip, cancel_running, fail
    5:56 RPA0305 `max_queue` is a whole number from 1 to 1000000
        write digits alone; no expression is evaluated here
    5:51 RPA0305 `max_queue` means nothing with `on_limit: cancel_running`
        take it out: no run waits for its turn then
    5:30 RPA0305 `key` is the same for every run
        write for example "{{ vars.customer }}", or take it out
    5:6 RPA0316 `sla` has no time
        write `start_within`, `finish_within` or both, for example {finish_within: 1h}
    5:40 RPA0305 `finish_within` is shorter than `start_within`
        both count from the acceptance of the run: make it longer
    5:21 RPA0305 `start_within` of nothing
        write more than 0, or take it out
    5:40 RPA0305 `finish_within`: the duration "60" has no unit
        say the unit: 60s, 60m, 60h or 60ms
    5:55 RPA0305 `on_breach` cannot be "fail"
        allowed: flag, cancel
    "#);
}

#[test]
fn a_key_sees_what_there_is_before_the_run_begins() {
    let fine = with(
        "variables: {v: {type: string}}\nconcurrency: {limit: 1, key: '{{ vars.v }}-{{ workflow.name }}-{{ run.id }}'}",
    );
    assert_eq!(found(&fine), []);
    let source = file("- {id: a, run: x}\n- {id: b, set: {later: 1}}")
        + "variables: {token: {type: secret, default: t}}\nconcurrency:\n  limit: 1\n  \
           key: '{{ steps.a.output.stdout }} {{ vars.later }} {{ vars.token }} {{ secrets.s }} {{ vars.nope }} {{ loop.index }} {{ item }} {{ output }} {{ run.status }} {{ event.id }} {{ run.started_at }}'\n";
    insta::assert_snapshot!(report(&source), @"
    9:12 RPA0310 the `key` of `concurrency` cannot name steps: none has run by then
        it sees vars, run and workflow
    9:40 RPA0313 `vars.later` is set by step `b`, which need not have ended when this is read
        declare later in `variables`
    9:57 RPA0320 `vars.token` is secret and cannot be used in the `key` of `concurrency`
        it would be stored and shown to people: write what may be seen
    9:74 RPA0320 `secrets.s` is secret and cannot be used in the `key` of `concurrency`
        it would be stored and shown to people: write what may be seen
    9:90 RPA0313 there is no variable `nope`
        declare nope in `variables`, or `set` it in an earlier step
    9:106 RPA0313 `loop` is known only inside of a loop
        for_each, while and repeat have it, and data.transform with `each` in `value` and `where`
    9:123 RPA0313 `item` is known only where something is computed for each item
        for_each has it in its `steps`, and data.transform with `each` in `value` and `where`
    9:134 RPA0313 `output` is known only in the `outputs` of a step
        elsewhere, write steps.ID.output
    9:147 RPA0313 `run.status` is known only in `handlers`
        it is said when all other steps have ended
    9:164 RPA0313 `event` is known only in the `match` of a wait for an event
        elsewhere, read what the wait gave: steps.ID.output.data
    9:179 RPA0313 `run.started_at` is not known in the `key` of `concurrency`
        the run has not begun by then: take something of vars
    ");
}
