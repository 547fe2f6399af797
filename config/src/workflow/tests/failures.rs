//! What happens on failure: `needs` with `when`, `on_error`, `compensate`, `retry`.

use rpa_engine::workflow::{Cause, OnError, When};
use rpa_engine::{Backoff, Retry};

use super::super::PRESETS;
use super::{codes, file, found, report, step, workflow};

fn needs(source: &str, id: &str) -> Vec<(String, When)> {
    let needs = step(source, id).needs;
    needs.into_iter().map(|(id, when)| (id.into(), when)).collect()
}

#[test]
fn needs_say_how_it_must_have_ended() {
    let source = file(
        "- {id: a, needs: [], run: x}\n- {id: b, needs: a, run: x}\n\
         - {id: c, needs: {step: a, when: failed}, run: x}\n\
         - {id: d, needs: [a, {step: b, when: skipped}, {step: c, when: always}, {step: b, when: skipped}], run: x}\n",
    );
    assert_eq!(needs(&source, "b"), [("a".to_owned(), When::Completed)]);
    assert_eq!(needs(&source, "c"), [("a".to_owned(), When::Failed)]);
    assert_eq!(
        needs(&source, "d"),
        [
            ("a".to_owned(), When::Completed),
            ("b".to_owned(), When::Skipped),
            ("c".to_owned(), When::Always)
        ]
    );
}

#[test]
fn fallbacks_have_no_turn_of_their_own() {
    let source = file(
        "- {id: a, run: x, on_error: {fallback: f}}\n\
         - {id: f, run: x, if: steps.a.error.code == 'RPA0401', on_error: {fallback: g}}\n\
         - {id: g, run: x, env: {A: '{{ steps.f.error.message }}'}}\n\
         - {id: b, run: x, on_error: continue, if: steps.f.status == 'completed' or steps.g.status == 'failed'}\n\
         - {id: c, set: {v: 1}, on_error: fail}\n",
    );
    assert_eq!(step(&source, "a").on_error, OnError::Fallback("f".parse().unwrap()));
    assert_eq!(step(&source, "b").on_error, OnError::Continue);
    assert_eq!(step(&source, "c").on_error, OnError::Fail);
    assert_eq!(needs(&source, "f"), []);
    assert_eq!(needs(&source, "g"), []);
    assert_eq!(needs(&source, "b"), [("a".to_owned(), When::Completed)]);
    let parallel = file(
        "- {id: a, needs: [], run: x, on_error: {fallback: f}}\n- {id: f, run: x}\n\
         - {id: b, needs: [a], run: x, if: steps.f.status == 'x'}",
    );
    assert_eq!(found(&parallel), [], "no warning of a step that starts at once");
    let empty = file(
        "- {id: a, run: x, on_error: {fallback: f}}\n- {id: f, needs: [], run: x}\n- {id: b, run: x}",
    );
    assert_eq!(needs(&empty, "b"), [("a".to_owned(), When::Completed)], "still a sequence");
}

#[test]
fn what_fallbacks_refuse() {
    let source = file(
        "- {id: a, needs: [], run: x, on_error: {fallback: nope}}\n\
         - {id: b, needs: [], run: x, on_error: {fallback: b}}\n\
         - {id: c, needs: [], run: x, on_error: {fallback: d}}\n\
         - {id: d, needs: [c], run: x}\n\
         - {id: e, needs: [], run: x, on_error: {fallback: g}}\n\
         - {id: f, needs: [], run: x, on_error: {fallback: g}}\n\
         - {id: g, run: x}\n\
         - {id: h, needs: [g], run: x}\n\
         - {id: i, run: x, on_error: {fallback: j}}\n\
         - {id: j, run: x, on_error: {fallback: i}}\n\
         - {id: k, needs: [], run: x, on_error: ignore}\n\
         - {id: l, needs: [], run: x, on_error: {falback: m}}\n\
         - {id: m, needs: [], run: x, on_error: {fallback: inner}}\n\
         - {id: n, needs: [], steps: [{id: inner, run: x}]}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:51 RPA0310 there is no step "nope" in this list
        a fallback is a step of the same list
    5:51 RPA0310 step `b` is its own fallback
        to try it again, write `retry`
    6:51 RPA0310 step `d` is a fallback and has `needs` of its own
        take its `needs` out: it runs when the other has failed, and only then
    9:51 RPA0310 step `g` is the fallback of step `e` already
        give each step a fallback of its own
    11:19 RPA0310 step `g` runs only when step `e` has failed
        need e: it has ended when its fallback has
    12:8 warning RPA0319 "i" has no `needs`, so it starts at once, while other steps wait
        add `needs`, or write `needs: []` to say that this is meant
    12:40 RPA0311 these steps stand in for each other: i -> j -> i
        take one of these fallbacks out
    13:8 warning RPA0319 "j" has no `needs`, so it starts at once, while other steps wait
        add `needs`, or write `needs: []` to say that this is meant
    14:40 RPA0305 `on_error` is fail, continue or {fallback: ID}
        write fail, continue, or {fallback: ID} with the id of a step of the same list
    15:40 RPA0316 the required key `fallback` is missing
        write fail, continue, or {fallback: ID} with the id of a step of the same list
    15:41 RPA0303 unknown key "falback" in `on_error`
        did you mean "fallback"? allowed: fallback
    16:51 RPA0310 there is no step "inner" in this list
        a fallback is a step of the same list
    "#);
}

#[test]
fn compensation() {
    let source = file(
        "- {id: a, run: x}\n\
         - {id: b, run: x, compensate: [{id: undo, run: y, env: {A: '{{ steps.b.output.stdout }}', B: '{{ steps.a.output.stdout }}'}}, {id: tell, run: z}]}\n\
         - {id: g, steps: [{id: c, run: x}], compensate: {id: undo, run: y}}\n",
    );
    let undo = step(&source, "b").compensate;
    assert_eq!(undo.len(), 2);
    assert_eq!(undo[1].needs.len(), 1, "one after the other");
    assert_eq!(step(&source, "g").compensate[0].id.as_str(), "undo");
    let source = file(
        "- {id: a, run: x, compensate: {id: u, run: y, compensate: {id: v, run: z}}}\n\
         - {id: b, run: x, compensate: {id: u, run: y, if: steps.c.output.stdout == ''}}\n\
         - {id: c, run: x, if: steps.u.output.stdout == '', compensate: []}\n\
         - {id: g, steps: [{id: d, run: x}], compensate: {id: u, run: y, if: steps.d.output.stdout == ''}}\n\
         - {id: h, run: x, compensate: {id: a, run: y}}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:59 RPA0308 `compensate` has no meaning on a step that itself undoes or handles
        take it out
    5:51 RPA0310 step `c` need not have ended when this is read
        move step c above step b
    6:23 RPA0310 step `u` only undoes step `a`
        nothing outside can name it
    6:64 RPA0316 `compensate` is empty
        write at least one step: `- {id: hello, run: echo hello}`
    7:69 RPA0310 step `d` stands inside of step `g` and is not known outside
        give g `outputs` with what is needed, and read steps.g.output
    8:36 RPA0307 the step id "a" is used on line 4 already, by a step outside
        in lists that stand in one another each step has an id of its own
    "#);
}

fn retry(text: &str) -> Retry {
    step(&file(&format!("- {{id: a, run: x, retry: {text}}}")), "a").retry
}

#[test]
fn retry_with_everything() {
    let found = retry(
        "{attempts: 4, policy: linear, delay: 2s, max_delay: 1m, jitter: 35%, total: 10m, \
          on: [business, timeout, connection, system, http(503), http(5xx), 500, 4xx, exit, exit(75)]}",
    );
    let expected = Retry {
        attempts: 4,
        backoff: Backoff::Linear,
        delay_ms: 2_000,
        max_delay_ms: 60_000,
        jitter_percent: 35,
        total_ms: Some(600_000),
        on: Some(vec![
            Cause::Business,
            Cause::Timeout,
            Cause::Connection,
            Cause::System,
            Cause::Http(503, 503),
            Cause::Http(500, 599),
            Cause::Http(500, 500),
            Cause::Http(400, 499),
            // 429 is reported as this
            Cause::RateLimited,
            Cause::Exit(None),
            Cause::Exit(Some(75)),
        ]),
        declared_on_step: true,
    };
    assert_eq!(found, expected);
    assert_eq!(retry("{attempts: 2, jitter: true}").jitter_percent, 20);
    assert_eq!(retry("{attempts: 2, jitter: false}").jitter_percent, 0);
    assert_eq!(retry("{attempts: 2, on: rate_limited}").on, Some(vec![Cause::RateLimited]));
    assert_eq!(retry("{attempts: 2, on: http}").on.unwrap()[0], Cause::Http(100, 599));
}

#[test]
fn presets_are_overridden_field_by_field() {
    for preset in &PRESETS {
        let plain = retry(preset.name);
        assert_eq!(plain, retry(&format!("{{preset: {}}}", preset.name)));
        assert_eq!((plain.attempts, plain.delay_ms), (preset.attempts, preset.delay_ms));
        assert!(plain.delay_ms <= plain.max_delay_ms, "{}", preset.name);
    }
    assert_eq!(retry("none"), Retry { declared_on_step: true, ..Retry::NONE });
    let api = retry("api_call");
    let changed = retry("{preset: api_call, attempts: 9, delay: 45s, policy: fixed, on: [exit]}");
    let expected = Retry {
        attempts: 9,
        delay_ms: 45_000,
        max_delay_ms: 45_000,
        backoff: Backoff::Fixed,
        on: Some(vec![Cause::Exit(None)]),
        ..api
    };
    assert_eq!(changed, expected);
    assert_eq!(retry("{preset: none, policy: fixed, attempts: 2}").attempts, 2);
}

#[test]
fn the_manual_shows_the_presets() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../man/rpa-workflow.5");
    let page = std::fs::read_to_string(page).unwrap();
    let duration = |ms: u64| match ms {
        0 => String::new(),
        ms if ms % 3_600_000 == 0 => format!("{}h", ms / 3_600_000),
        ms if ms % 60_000 == 0 => format!("{}m", ms / 60_000),
        ms if ms % 1_000 == 0 => format!("{}s", ms / 1_000),
        ms => format!("{ms}ms"),
    };
    for preset in &PRESETS {
        let jitter = match preset.jitter_percent {
            0 => String::new(),
            percent => format!("{percent}%"),
        };
        let row = [
            preset.name.to_owned(),
            preset.attempts.to_string(),
            duration(preset.delay_ms),
            duration(preset.max_delay_ms),
            jitter,
            preset.total_ms.map(duration).unwrap_or_default(),
        ];
        let row = row.join("|");
        assert!(page.lines().any(|line| line == row), "{row}");
        assert!(preset.attempts == 1 || preset.backoff == Backoff::Exponential);
    }
}

#[test]
fn what_retry_refuses() {
    let steps: String = [
        "consevative",
        "{preset: none, attempts: 3}",
        "{preset: email, policy: none, jitter: true}",
        "{attempts: 3, jitter: 101%}",
        "{attempts: 3, jitter: 20}",
        "{attempts: 3, on: [invalid_input]}",
        "{attempts: 3, on: [conection]}",
        "{attempts: 3, on: [http(600), 6xx, 99, exit(0), exit(256), 'http()']}",
        "{attempts: 3, on: {http: 5}}",
        "{attempts: 3, delay: 5s, total: 2s}",
        "{preset: conservative, max_delay: 1s}",
        "{preset: database, delay: 5m}",
    ]
    .iter()
    .enumerate()
    .map(|(n, retry)| format!("- {{id: s{n}, run: x, retry: {retry}}}\n"))
    .collect();
    insta::assert_snapshot!(report(&file(&steps)), @r#"
    4:27 RPA0305 there is no retry preset "consevative"
        did you mean "conservative"? presets: none, conservative, aggressive, api_call, web_scraping, database, email
    5:42 RPA0305 `attempts` contradicts a retry of none
        write `retry: none`
    6:57 RPA0305 `jitter` contradicts a retry of none
        write `retry: none`
    7:49 RPA0305 `jitter` is a percentage or a boolean
        write 0% to 100%; true means 20%
    8:49 RPA0305 `jitter` is a percentage or a boolean
        write 0% to 100%; true means 20%
    9:46 RPA0305 `on` cannot have "invalid_input"
        trying again cannot help there: take it out
    10:46 RPA0305 `on` cannot have "conection"
        did you mean connection? write for example [timeout, connection, rate_limited, 5xx, exit(75)]
    11:46 RPA0305 `on` cannot have "http(600)"
        write for example [timeout, connection, rate_limited, 5xx, exit(75)]
    11:57 RPA0305 `on` cannot have "6xx"
        write for example [timeout, connection, rate_limited, 5xx, exit(75)]
    11:62 RPA0305 `on` cannot have "99"
        write for example [timeout, connection, rate_limited, 5xx, exit(75)]
    11:66 RPA0305 `on` cannot have "exit(0)"
        write for example [timeout, connection, rate_limited, 5xx, exit(75)]
    11:75 RPA0305 `on` cannot have "exit(256)"
        write for example [timeout, connection, rate_limited, 5xx, exit(75)]
    11:86 RPA0305 `on` cannot have "http()"
        did you mean http? write for example [timeout, connection, rate_limited, 5xx, exit(75)]
    12:45 RPA0305 an entry of `on` is a word; here is a map
        write for example [timeout, connection, rate_limited, 5xx, exit(75)]
    13:59 RPA0305 `total` is shorter than `delay`, so nothing would be tried again
        make `total` longer
    14:62 RPA0305 `max_delay` is shorter than `delay`
        make it longer
    15:54 RPA0305 `total` is shorter than `delay`, so nothing would be tried again
        make `total` longer
    "#);
}

#[test]
fn waits_until_a_moment() {
    for (until, code) in [
        ("'2026-12-01T09:00[Europe/Sofia]'", None),
        ("'2026-12-01T09:00:00Z'", None),
        ("'2026-12-01T09:00:00+02:00'", None),
        ("'{{ vars.at }}'", None),
        ("'2026-12-{{ vars.at }}T09:00Z'", None),
        ("'2026-12-01T09:00'", Some("RPA0305")),
        ("2026-12-01", Some("RPA0305")),
        ("'2026-12-01T09:00[Europe/Sofa]'", Some("RPA0305")),
        ("90s", Some("RPA0305")),
        ("5", Some("RPA0305")),
        ("'{{ secrets.s }}'", Some("RPA0320")),
    ] {
        let steps = format!("- {{id: a, set: {{at: x}}}}\n- {{id: b, wait: {{until: {until}}}}}");
        assert_eq!(codes(&steps), Vec::from_iter(code), "{until}");
    }
    assert_eq!(codes("- {id: b, wait: {}}"), ["RPA0316"]);
}

#[test]
fn the_top_level() {
    let source = file("- {id: a, run: x}\n- {id: b, steps: [{id: c, run: x}]}\n")
        + "timeout: 2h\npriority: high\nhandlers:\n  \
           failure: [{id: tell, run: x, if: run.error.step == 'a', env: {S: '{{ run.status }} {{ run.error.message }} {{ steps.a.status }} {{ steps.b.error }}'}}]\n  \
           success: [{id: tell, uses: log, with: {message: '{{ run.id }}'}}]\n  \
           finally: [{id: tidy, run: x}, {id: more, run: x, if: always()}]\n";
    let workflow = workflow(&source);
    assert_eq!(workflow.timeout_ms, Some(7_200_000));
    assert_eq!(workflow.priority.word(), "high");
    assert_eq!(workflow.handlers.failure[0].id.as_str(), "tell");
    assert_eq!(workflow.handlers.success.len(), 1);
    assert_eq!(workflow.handlers.cancel, []);
    assert_eq!(workflow.handlers.finally[1].needs.len(), 1);
}

#[test]
fn what_handlers_refuse() {
    let source = file(
        "- {id: a, run: x, if: run.status == 'failed'}\n- {id: g, steps: [{id: c, run: x}]}\n",
    ) + "timeout: 0s\npriority: higher\noutputs: {t: '{{ steps.tell.output.stdout }}', e: '{{ run.error }}'}\nhandlers:\n  \
           failure:\n  - {id: a, run: x}\n  - {id: tell, run: x, compensate: {id: u, run: y}}\n  \
           - {id: sees, run: x, if: steps.c.status == 'x' or steps.tidy.status == 'y' or run.error.kind == 'z'}\n  \
           - {id: early, run: x, if: steps.late.status == 'x'}\n  - {id: late, run: x}\n  \
           cancel: []\n  finally: [{id: tell, run: x}, {id: tidy, run: x, needs: [a]}]\n  sucess: []\n";
    insta::assert_snapshot!(report(&source), @r#"
    4:23 RPA0313 `run.status` is known only in `handlers`
        it is said when all other steps have ended
    7:10 RPA0305 the run's `timeout` of nothing
        write more than 0, or take it out
    8:11 RPA0305 `priority` cannot be "higher"
        did you mean "high"? allowed: low, normal, high, urgent
    9:18 RPA0310 step `tell` stands in the handler `failure`
        nothing outside can name it
    9:55 RPA0313 `run.error` is known only in `handlers`
        it is said when all other steps have ended
    12:10 RPA0307 the step id "a" is used on line 4 already, by a step outside
        in lists that stand in one another each step has an id of its own
    13:36 RPA0308 `compensate` has no meaning on a step that itself undoes or handles
        take it out
    14:28 RPA0310 step `c` stands inside of step `g` and is not known outside
        give g `outputs` with what is needed, and read steps.g.output
    14:53 RPA0310 step `tidy` stands in the handler `finally`
        nothing outside can name it
    14:81 RPA0313 `run.error` has no "kind"
        it has: code, class, message, step
    15:29 RPA0310 step `late` need not have ended when this is read
        move step late above step early
    17:11 RPA0316 `cancel` is empty
        write at least one step: `- {id: hello, run: echo hello}`
    18:18 RPA0307 the step id "tell" is used on line 13 already
        `finally` comes after the other handlers: give its steps ids of their own
    18:60 RPA0310 step "a" is not in this list
        `needs` names steps of its own list: need the step that it stands in, or the step around this one
    19:3 RPA0303 unknown key "sucess" in `handlers`
        did you mean "success"? allowed: success, failure, cancel, finally
    "#);
    assert_eq!(found(&(file("- {id: a, run: x}") + "handlers: {}")), [(5, "RPA0316")]);
}
