//! `lock` and `tokens`.

use rpa_engine::workflow::Claims;
use rpa_engine::{Template, Value};

use super::{EVERY_FEATURE, codes, file, found, report, step, workflow};

fn claims(steps: &str) -> Claims {
    step(&file(steps), "a").claims.unwrap()
}

#[test]
fn every_part_is_read() {
    let sap = step(EVERY_FEATURE, "sap").claims.unwrap();
    assert!(matches!(sap.lock, Some(Template::Text(_))));
    assert_eq!((sap.lease_ms, sap.wait_ms), (Some(1_800_000), Some(600_000)));
    let bill = step(EVERY_FEATURE, "bill").claims.unwrap();
    let tokens: Vec<_> = bill.tokens.iter().map(|(pool, count)| (pool.as_str(), *count)).collect();
    assert_eq!(tokens, [("crm-api", 3), ("mails", 1)]);
    assert_eq!((bill.lock, bill.lease_ms, bill.wait_ms), (None, None, None));
    assert_eq!(step(EVERY_FEATURE, "paid").claims, None);
}

#[test]
fn a_lock_is_a_name_or_a_map() {
    let plain = claims("- {id: a, run: x, lock: sap-session}");
    assert_eq!(plain.lock, Some(Template::Literal(Value::from("sap-session"))));
    assert_eq!(plain, claims("- {id: a, run: x, lock: {name: sap-session}}"));
    let at_once = claims("- {id: a, run: x, lock: {name: b, wait: 0s}, tokens: {c: 1000000}}");
    assert_eq!(at_once.wait_ms, Some(0), "not to wait at all");
}

#[test]
fn any_step_may_hold_something() {
    for form in [
        "run: x",
        "uses: noop",
        "set: {v: 1}",
        "wait: 1s",
        "wait: {event: e}",
        "steps: [{id: b, run: x}]",
        "for_each: [1], steps: [{id: b, run: x}]",
        "switch: '{{ 1 }}', cases: {1: [{id: b, run: x}]}",
        "workflow: x",
        "approval: x",
    ] {
        assert!(claims(&format!("- {{id: a, {form}, lock: l, tokens: {{t: 1}}}}")).lock.is_some());
    }
}

#[test]
fn a_name_sees_what_its_step_sees() {
    let source = file(
        "- {id: hosts, run: x}\n- id: each\n  for_each: '{{ steps.hosts.output.stdout | lines }}'\n  as: host\n  steps:\n  \
           - {id: b, run: x, lock: 'host-{{ host }}-{{ loop.index }}-{{ vars.n }}-{{ run.id }}'}\n",
    ) + "variables: {n: {type: string}}\n";
    assert_eq!(found(&source), []);
}

#[test]
fn what_is_wrong_is_said() {
    let source = file(
        "- {id: a, run: x, lock: SAP Session}\n\
         - {id: b, run: x, lock: 'host {{ run.id }}'}\n\
         - {id: c, run: x, lock: [a, b]}\n\
         - {id: d, run: x, lock: {lease: 30m, wait: 10m}}\n\
         - {id: e, run: x, lock: {name: a, lease: 0s, wait: soon, for: 1h}}\n\
         - {id: f, run: x, lock: 5}\n\
         - {id: g, run: x, lock: ''}\n\
         - {id: h, run: x, tokens: 3}\n\
         - {id: i, run: x, tokens: {}}\n\
         - {id: j, run: x, tokens: {CRM: 1, a: 0, b: 1000001, c: many, d: }}\n\
         - {id: k, run: x, lock: sap, tokens: {sap: 1}}\n\
         - {id: l, run: x, lock: '{{ secrets.name }}'}\n\
         - {id: m, run: x, lock: '{{ item }}'}\n\
         - {id: n, run: x, lock: '{{ vars.nope }}'}\n\
         - {id: o, run: x, lock: '{{ (1 }}'}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:25 RPA0306 the lock "SAP Session" must match [a-z0-9][a-z0-9_-]{0,63}
        use small letters, digits, - and _
    5:25 RPA0306 the name of a lock cannot have ' ' in it
        use small letters, digits, - and _
    6:25 RPA0305 a step holds one lock; here is a list
        put a group with the one lock around a step with the other
    7:25 RPA0316 the required key `name` is missing
        write for example `lock: sap-session`, or {name: sap-session, lease: 30m}
    8:42 RPA0305 `lease` of nothing
        write more than 0, or take it out
    8:52 RPA0305 `wait`: "soon" is not a duration
        write whole numbers with the units d, h, m, s, ms from large to small, for example 500ms, 90s, 1h30m or 2d
    8:58 RPA0303 unknown key "for" in `lock`
        allowed: name, lease, wait
    9:25 RPA0305 `lock` is a string; here is a number
        write it in quotes: "5"
    10:25 RPA0305 `lock` is empty
        write something or take it out
    11:27 RPA0305 `tokens` is a map of at least one pool
        write for example `tokens: {crm-api: 1}`
    12:27 RPA0305 `tokens` is a map of at least one pool
        write for example `tokens: {crm-api: 1}`
    13:28 RPA0306 the pool "CRM" must match [a-z0-9][a-z0-9_-]{0,63}
        use small letters, digits, - and _
    13:39 RPA0305 `a` is a whole number from 1 to 1000000
        write digits alone; no expression is evaluated here
    13:45 RPA0305 `b` is a whole number from 1 to 1000000
        write digits alone; no expression is evaluated here
    13:57 RPA0305 `c` is a whole number from 1 to 1000000
        write digits alone; no expression is evaluated here
    13:64 RPA0305 `d` is a whole number from 1 to 1000000
        write digits alone; no expression is evaluated here
    14:38 RPA0307 `sap` is named both as a lock and as a pool of tokens
        locks and pools share their names: take one of the two out, or rename it
    15:29 RPA0320 `secrets.name` is secret and cannot be used in the name of a lock
        it would be stored and shown to people: write what may be seen
    16:29 RPA0313 `item` is known only where something is computed for each item
        for_each has it in its `steps`, and data.transform with `each` in `value` and `where`
    17:29 RPA0313 there is no variable `nope`
        declare nope in `variables`, or `set` it in an earlier step
    18:32 RPA0312 "}" closes a "("
    "#);
}

#[test]
fn a_step_does_not_wait_for_itself() {
    let source = file(
        "- id: outer\n  lock: sap\n  tokens: {crm: 1, other: 2}\n  steps:\n  \
           - {id: near, run: x, lock: sap}\n  \
           - id: loop_of\n    for_each: [1]\n    steps:\n    \
               - {id: far, run: x, lock: {name: sap, lease: 5m}, tokens: {crm: 2, free: 1}}\n    \
               - {id: fine, run: x, lock: 'sap-{{ item }}', tokens: {free: 1}}\n  \
           - {id: undone, run: x, compensate: {id: undo, run: y, lock: sap}}\n\
         - {id: after, run: x, lock: sap, tokens: {crm: 1}}\n",
    );
    insta::assert_snapshot!(report(&source), @"
    8:10 RPA0311 step `near` would wait for ever: step `outer` around it holds the lock `sap`
        take the lock out of near: it is held already
    12:12 RPA0311 step `far` would wait for ever: step `outer` around it holds the lock `sap`
        take the lock out of far: it is held already
    12:12 warning RPA0311 step `far` takes tokens of `crm` while step `outer` around it has some
        it waits for ever where the pool has too few for both: let one of them take all
    ");
}

#[test]
fn tokens_of_one_pool_around_are_a_warning_alone() {
    let source = file("- {id: a, tokens: {crm: 1}, steps: [{id: b, run: x, tokens: {crm: 1}}]}");
    assert_eq!(found(&source), [(4, "RPA0311")]);
    workflow(&source);
    assert_eq!(codes("- {id: a, lock: l, steps: [{id: b, run: x, lock: m}]}"), [""; 0]);
}
