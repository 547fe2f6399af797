//! `wait: {event: …}`.

use rpa_engine::workflow::{Wait, WaitEvent};
use rpa_engine::{Action, EffectClass, OnTimeout, Retry};

use super::{EVERY_FEATURE, codes, file, found, report, step};

fn event(source: &str, id: &str) -> WaitEvent {
    match step(source, id).action {
        Action::Wait(Wait::Event(event)) => event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_part_is_read() {
    let paid = event(EVERY_FEATURE, "paid");
    assert_eq!(paid.name.as_str(), "order.paid");
    let fits = paid.fits.unwrap();
    assert_eq!(fits.source, "event.data.order == vars.bucket");
    assert!(fits.reads.roots.contains("event") && fits.reads.vars.len() == 1);
    assert_eq!((paid.timeout_ms, paid.on_timeout), (Some(7_200_000), OnTimeout::Continue));
    let step = step(EVERY_FEATURE, "paid");
    assert_eq!((step.effect, step.timeout_ms, step.retry), (EffectClass::Pure, None, Retry::NONE));
    assert_eq!(step.outputs.len(), 1);
}

#[test]
fn the_name_alone_waits_for_the_first() {
    let any = event(&file("- {id: a, wait: {event: order.paid}}"), "a");
    assert_eq!((any.fits, any.timeout_ms, any.on_timeout), (None, None, OnTimeout::Fail));
}

#[test]
fn a_match_sees_what_its_step_sees() {
    let source = file(
        "- {id: a, run: x}\n- id: each\n  for_each: [1, 2]\n  as: order\n  steps:\n  \
           - id: paid\n    wait:\n      event: paid\n      \
               match: event.data.id == order and event.by != run.id and loop.index < 5 and \
                      event.at > steps.a.output.stdout and event.name != workflow.name and event.id\n",
    );
    assert_eq!(found(&source), []);
}

#[test]
fn what_is_wrong_is_said() {
    let source = file(
        "- {id: a, wait: {event: Order Paid}}\n\
         - {id: b, wait: {event: 'order.{{ vars.x }}'}}\n\
         - {id: c, wait: {event: e, until: '2026-12-01T07:00:00Z'}}\n\
         - {id: d, wait: {until: '2026-12-01T07:00:00Z', match: event.data, on_timeout: fail}}\n\
         - {id: e, wait: {event: e, match: 'true'}}\n\
         - {id: f, wait: {event: e, match: \"run.id == 'x'\"}}\n\
         - {id: g, wait: {event: e, match: \"event.payload == 1 or event.data.x == 2\"}}\n\
         - {id: h, wait: {event: e, match: event.data.x == vars.nope and always()}}\n\
         - {id: i, wait: {event: e, timeout: 0s, on_timeout: reject}}\n\
         - {id: j, wait: {event: e, on_timeout: continue}}\n\
         - {id: k, wait: {event: }}\n\
         - {id: l, wait: {event: e, match: 5, timout: 5}}\n\
         - {id: m, wait: {event: e, match: \"event.data == secrets.s\"}}\n\
         - {id: n, wait: {match: event.data}}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:25 RPA0306 the event "Order Paid" must match [a-z0-9][a-z0-9_.-]{0,63}
        use small letters, digits, ., - and _, for example order.paid
    5:25 RPA0305 `event` is the name of an event, and takes no expression
        say with `match` which of the events of that name is meant
    6:28 RPA0305 a step waits for an event or until a moment, not for both
        keep one of them; an event can have a `timeout`
    7:49 RPA0316 `match` means nothing without `event`
        add `event`, or take `match` out
    7:68 RPA0316 `on_timeout` means nothing without `event`
        add `event`, or take `on_timeout` out
    8:35 RPA0305 `match` does not look at the event
        write for example "event.data.order == vars.order"; without `match` the first event is taken
    9:35 RPA0305 `match` does not look at the event
        write for example "event.data.order == vars.order"; without `match` the first event is taken
    10:36 RPA0313 an event has no "payload"
        it has: name, data, id, at, by
    11:65 RPA0313 always() belongs in if:
        a field has the value it has, whatever failed before
    12:37 RPA0305 `timeout` of nothing
        write more than 0, or take it out
    12:53 RPA0305 `on_timeout` cannot be "reject"
        allowed: fail, continue
    13:28 RPA0316 `on_timeout` means nothing without `timeout`
        add `timeout`, or take `on_timeout` out
    14:23 RPA0305 `event` is a string; here is nothing
        write a string
    15:35 RPA0305 `match` is an expression or a boolean; here is a number
        write for example "vars.limit > 80"
    15:38 RPA0303 unknown key "timout" in `wait`
        did you mean "timeout"? allowed: until, event, match, timeout, on_timeout
    16:50 RPA0320 `secrets.s` is secret and cannot be used in `match`
        it would be stored and shown to people: write what may be seen
    17:18 RPA0316 `match` means nothing without `event`
        add `event`, or take `match` out
    "#);
}

#[test]
fn the_event_is_known_in_the_match_only() {
    let source = file(
        "- {id: a, wait: {event: e}, if: event.data}\n\
         - {id: b, set: {x: '{{ event.data }}'}}\n\
         - {id: c, for_each: [1], as: event, steps: [{id: d, run: x}]}\n\
         - {id: e, run: 'echo {{ event.data }}'}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:33 RPA0313 `event` is known only in the `match` of a wait for an event
        elsewhere, read what the wait gave: steps.ID.output.data
    5:24 RPA0313 `event` is known only in the `match` of a wait for an event
        elsewhere, read what the wait gave: steps.ID.output.data
    6:30 RPA0306 an item cannot be called "event"
        expressions have another meaning for this word: choose another name
    7:25 RPA0314 {{ event.data }} is not replaced in a command
        pass it as `env: {DATA: "{{ event.data }}"}` and write "$DATA"
    "#);
}

#[test]
fn what_it_gives_is_known_by_name() {
    let source = file(
        "- {id: paid, wait: {event: e}, outputs: {amount: '{{ data.amount }}', who: '{{ output.from }}'}}\n\
         - {id: a, set: {a: '{{ steps.paid.output.payload }}', b: '{{ steps.paid.output.data.any.thing }}', \
                         c: '{{ steps.paid.output.amount }} {{ steps.paid.output.at }}'}}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:80 RPA0313 step `paid` gives no "from"
        it gives: name, data, id, at, by
    5:24 RPA0313 step `paid` gives no "payload"
        it gives: name, data, id, at, by, amount, who
    "#);
}

#[test]
fn keys_that_stand_elsewhere_say_where() {
    insta::assert_snapshot!(report(&file("- {id: a, wait: {event: e}, timeout: 1h}\n- {id: b, wait: 1s, outputs: {a: 1}, timeout: 1h}")), @"
    4:29 RPA0308 `timeout` has no meaning on a `wait` step
        write it inside: `wait: {event: …, timeout: 2h, on_timeout: continue}`
    5:21 RPA0308 `outputs` has no meaning on a `wait` step
        take it out
    5:38 RPA0308 `timeout` has no meaning on a `wait` step
        take it out
    ");
    for key in
        ["retry: none", "effect: pure", "env: {A: b}", "with: {}", "compensate: {id: u, run: x}"]
    {
        assert_eq!(codes(&format!("- {{id: a, wait: {{event: e}}, {key}}}")), ["RPA0308"], "{key}");
    }
}

#[test]
fn no_secret_is_published() {
    let steps = "- {id: s, set: {derived: '{{ secrets.api }}!'}}\n\
         - {id: a, needs: [], uses: event.publish, with: {name: e, data: {key: 'Bearer {{ secrets.api }}'}}}\n\
         - {id: b, needs: [s], uses: event.publish, with: {name: 'e.{{ vars.derived }}'}}\n\
         - {id: c, needs: [], uses: http.request, with: {url: 'https://x/{{ secrets.api }}'}}\n";
    let report = report(&file(steps));
    assert_eq!(codes(steps), ["RPA0320", "RPA0320"], "{report}");
    assert!(report.contains("cannot be used in what an event carries"), "{report}");
}
