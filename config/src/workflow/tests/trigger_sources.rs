//! Triggers other than schedules, and how many runs come of them.

use std::collections::BTreeSet;

use rpa_engine::run::RunStatus;
use rpa_engine::trigger::{
    Excess, FileChange, FileWatch, Flow, Gather, Manual, Rate, SignatureScheme, Source, Throttle,
    Trigger, Webhook,
};
use rpa_engine::{Map, Value};

use super::super::templates::evaluator;
use super::super::trigger_fields;
use super::{EVERY_FEATURE, checked, found, report, workflow};

/// A file with these triggers, given as YAML list items; they begin on line 4.
fn with(variables: &str, triggers: &str) -> String {
    format!(
        "version: 1\nname: w\ntriggers:\n{triggers}\nvariables: {{{variables}}}\nsteps: [{{id: a, uses: noop}}]\n"
    )
}

fn only(trigger: &str) -> Trigger {
    workflow(&with("", &format!("- {{{trigger}}}"))).triggers.remove(0)
}

fn of_every_feature(id: &str) -> Trigger {
    let all = workflow(EVERY_FEATURE).triggers;
    all.into_iter().find(|trigger| trigger.id.as_str() == id).unwrap()
}

fn name<T: std::str::FromStr<Err = rpa_engine::NameError>>(text: &str) -> T {
    text.parse().unwrap()
}

#[test]
fn every_part_of_a_webhook() {
    let trigger = of_every_feature("deployed");
    let wanted = Webhook {
        path: "deploys/main.v1".into(),
        scheme: SignatureScheme::Stripe,
        secrets: vec![name("deploy_key"), name("deploy_key_old")],
        tolerance_ms: 120_000,
        max_body: 1 << 20,
        rate: Some(Rate { limit: 100, per_ms: 60_000 }),
        respond_ms: Some(10_000),
    };
    assert_eq!(trigger.source.webhook(), Some(&wanted));
    let Flow { gather, throttle, pause_on_failure } = trigger.flow;
    let Some(Gather::Debounce { wait_ms, max_ms, key }) = gather else { panic!("{gather:?}") };
    assert_eq!((wait_ms, max_ms), (5_000, Some(60_000)));
    assert!(key.unwrap().reads().roots.contains("trigger"));
    let rate = Rate { limit: 10, per_ms: 60_000 };
    assert_eq!(throttle, Some(Throttle { rate, excess: Excess::Skip }));
    assert_eq!(pause_on_failure, Some(5));
}

#[test]
fn every_part_of_a_file_watch() {
    let trigger = of_every_feature("dropped");
    let wanted = FileWatch {
        directory: "/srv/in".into(),
        include: vec!["*.csv".into(), "2026/**/*.csv".into()],
        exclude: vec!["*.tmp".into()],
        recursive: true,
        changes: [FileChange::Created, FileChange::Deleted].into(),
        stable_ms: 10_000,
        by_content: true,
        existing: true,
        poll_ms: Some(30_000),
    };
    assert_eq!(trigger.source.file_watch(), Some(&wanted));
    assert_eq!(trigger.flow.gather, Some(Gather::Batch { size: 100, wait_ms: 10_000 }));
}

#[test]
fn every_part_of_the_others() {
    let Source::Event(event) = of_every_feature("event").source else { panic!() };
    assert_eq!(event.event.as_str(), "order.paid");
    assert!(event.fits.unwrap().reads.roots.contains("trigger"));
    let after = of_every_feature("after");
    let Source::After(chain) = after.source else { panic!() };
    assert_eq!(chain.workflow.to_string(), "finance/nightly-load");
    assert_eq!(chain.statuses, [RunStatus::Completed, RunStatus::Failed], "in one order");
    assert!(chain.fits.is_some());
    let debounce = Gather::Debounce { wait_ms: 5_000, max_ms: None, key: None };
    assert_eq!(after.flow.gather, Some(debounce));
    let Source::Manual(manual) = of_every_feature("manual").source else { panic!() };
    let variables = Some([name("host"), name("limit")].into());
    assert_eq!(manual, Manual { who: vec!["ann".into(), "@ops".into()], variables });
}

#[test]
fn defaults() {
    let webhook = only("webhook: {path: a, verify: {secrets: k}}");
    let wanted = Webhook {
        path: "a".into(),
        scheme: SignatureScheme::Standard,
        secrets: vec![name("k")],
        tolerance_ms: 300_000,
        max_body: 256 << 10,
        rate: None,
        respond_ms: None,
    };
    assert_eq!((webhook.id.as_str(), webhook.source.webhook()), ("webhook", Some(&wanted)));
    assert_eq!(webhook.flow, Flow::default());
    for verify in ["none", "{scheme: none}"] {
        let unsigned = only(&format!("webhook: {{path: a, verify: {verify}}}")).source;
        let unsigned = unsigned.webhook().unwrap();
        assert_eq!((unsigned.scheme, &unsigned.secrets[..]), (SignatureScheme::None, &[][..]));
    }
    let watch = only("file_watch: {directory: /}");
    let wanted = FileWatch {
        directory: "/".into(),
        include: Vec::new(),
        exclude: Vec::new(),
        recursive: false,
        changes: [FileChange::Created, FileChange::Modified].into(),
        stable_ms: 2_000,
        by_content: false,
        existing: false,
        poll_ms: None,
    };
    assert_eq!((watch.id.as_str(), watch.source.file_watch()), ("file_watch", Some(&wanted)));
    let whole = only("file_watch: {directory: /in, stable_for: 0s, changes: deleted}").source;
    assert_eq!(whole.file_watch().unwrap().stable_ms, 0, "who moves whole files in");
    let Source::Event(event) = only("event: paid").source else { panic!() };
    assert_eq!((event.event.as_str(), event.fits), ("paid", None));
    let Source::After(chain) = only("after: x").source else { panic!() };
    assert_eq!(chain.workflow.to_string(), "default/x");
    assert_eq!((&chain.statuses[..], chain.fits), (&[RunStatus::Completed][..], None));
    let Source::After(chain) = only("after: {workflow: a/x, status: cancelled}").source else {
        panic!()
    };
    assert_eq!(
        (chain.workflow.to_string().as_str(), chain.statuses),
        ("a/x", vec![RunStatus::Cancelled])
    );
    let manual = only("manual: {}");
    let wanted = Manual { who: Vec::new(), variables: None };
    assert_eq!((manual.id.as_str(), manual.source), ("manual", Source::Manual(wanted)));
    let Source::Manual(manual) = only("manual: {who: ann, variables: []}").source else { panic!() };
    assert_eq!(
        (&manual.who[..], manual.variables),
        (&["ann".to_owned()][..], Some(BTreeSet::new()))
    );
    let throttle = only("event: e, throttle: {limit: 1, per: 7d}").flow.throttle.unwrap();
    assert_eq!((throttle.rate.per_ms, throttle.excess), (7 * 86_400_000, Excess::Wait));
}

#[test]
fn what_is_read_can_be_evaluated() {
    let deployed = of_every_feature("deployed");
    let text = |text: &str| Value::from(text);
    let event = |of_ref: &str| {
        let repository = Value::from([("name", text("shop"))]);
        let fields = [("ref", text(of_ref)), ("host", text("a")), ("repository", repository)];
        let trigger = Value::from([
            ("body", Value::from(fields)),
            ("headers", Value::from([("x-github-event", text("push"))])),
            ("query", Value::Map(Map::new())),
            ("path", text("deploys/main.v1")),
        ]);
        Map::from([("trigger".to_owned(), trigger)])
    };
    let condition = deployed.condition.unwrap();
    assert_eq!(evaluator().condition(&condition, &event("refs/heads/main")), Ok(true));
    assert_eq!(evaluator().condition(&condition, &event("refs/heads/x")), Ok(false));
    let note = evaluator().eval(&deployed.vars[&name("note")], &event("x"));
    assert_eq!(note, Ok(text("deploys/main.v1 no")));
    let Some(Gather::Debounce { key: Some(key), .. }) = deployed.flow.gather else { panic!() };
    assert_eq!(evaluator().eval(&key, &event("x")), Ok(text("shop")));
}

#[test]
fn what_trigger_has_hangs_on_its_kind() {
    for (source, own) in [
        ("webhook: {path: a, verify: none}", &["body", "headers", "query", "path"][..]),
        (
            "file_watch: {directory: /in}",
            &["path", "name", "directory", "change", "size", "modified_at"],
        ),
        ("event: e", &["event", "event_id", "data", "by", "published_at"]),
        (
            "after: x",
            &["workflow", "run", "status", "outputs", "step", "error", "started_at", "ended_at"],
        ),
        ("manual: {}", &["by", "data"]),
    ] {
        let known = [&["id", "kind", "number", "at"][..], own].concat();
        assert_eq!(trigger_fields(&only(source).source), known);
        let all: Vec<_> = known.iter().map(|field| format!("trigger.{field} == 1")).collect();
        let trigger = |field: &str| {
            with("", &format!("- {{{source}, if: \"{} or {field}\"}}", all.join(" or ")))
        };
        assert_eq!(found(&trigger("trigger.id == 1")), []);
        for other in ["slot", "caught_up", "events", "nope"] {
            assert_eq!(found(&trigger(&format!("trigger.{other}"))), [(4, "RPA0313")], "{other}");
        }
    }
}

#[test]
fn what_is_wrong_with_names_of_a_trigger() {
    let source = with(
        "v: {type: json, default: 1}",
        "- {id: a, webhook: {path: a, verify: none}, if: \"trigger.bdy.x and trigger.headers['X-Event']\"}\n\
         - {id: b, file_watch: {directory: /in}, vars: {v: '{{ trigger.pth }} {{ trigger.events }}'}}\n\
         - {id: c, event: {name: e, match: trigger.slot > 1 and vars.x}, batch: {size: 5, wait: 1s}, if: trigger.events, vars: {v: '{{ trigger.event2 }}'}}\n\
         - {id: d, after: {workflow: x, match: trigger.output.x}, debounce: {wait: 1s, key: '{{ secrets.k }} {{ trigger.at }} {{ run.id }}'}}\n\
         - {id: e, manual: {}, if: trigger.data.x > steps.a.output.y and trigger.who}\n\
         - {id: f, event: {name: e, match: 5}, if: 5}\n\
         - {id: g, event: {name: e, match: failed()}}\n\
         - {id: h, if: trigger.anything}",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:50 RPA0313 `trigger` has no "bdy"
        did you mean "body"? it has: id, kind, number, at, body, headers, query, path
    4:85 RPA0313 `trigger.headers` has no "X-Event"
        names of headers are in small letters: write "x-event"
    5:55 RPA0313 `trigger` has no "pth"
        did you mean "path"? it has: id, kind, number, at, path, name, directory, change, size, modified_at
    5:73 RPA0313 `trigger` has no "events"
        add `batch`: without it each run has one delivery
    6:35 RPA0313 `trigger` has no "slot"
        it has: id, kind, number, at, event, event_id, data, by, published_at
    6:56 RPA0313 `vars.x` is not known in the `match` of a trigger
        there is no run yet: it sees `trigger`, for example trigger.data
    6:97 RPA0313 `trigger` has no "events"
        each delivery is asked by itself: only `vars` sees those of a batch
    6:127 RPA0313 `trigger` has no "event2"
        did you mean "event"? it has: id, kind, number, at, event, event_id, data, by, published_at, events
    7:39 RPA0313 `trigger` has no "output"
        did you mean "outputs"? it has: id, kind, number, at, workflow, run, status, outputs, step, error, started_at, ended_at
    7:88 RPA0320 `secrets.k` is secret and cannot be used in the `key` of `debounce`
        it would be stored and shown to people: write what may be seen
    7:121 RPA0313 `run` is not known in the `key` of `debounce`
        there is no run yet: it sees `trigger`, for example trigger.outputs
    8:44 RPA0313 `steps.a` is not known in the `if` of a trigger
        there is no run yet: it sees `trigger`, for example trigger.by
    8:65 RPA0313 `trigger` has no "who"
        it has: id, kind, number, at, by, data
    9:35 RPA0305 `match` is an expression or a boolean; here is a number
        write for example "trigger.data.total > 100"
    9:43 RPA0305 `if` is an expression or a boolean; here is a number
        write for example "trigger.data.total > 100"
    10:35 RPA0313 failed() belongs in if:
        a field has the value it has, whatever failed before
    11:3 RPA0316 the trigger does not say what starts a run
        say it with one of schedule, webhook, file_watch, event, after and manual, for example schedule: {cron: "0 7 * * MON-FRI", timezone: Europe/Sofia}
    "#);
}

#[test]
fn a_step_is_told_how_it_hears_of_the_trigger() {
    let source = with("", "- {event: e}").replace("uses: noop", "set: {x: '{{ trigger.data }}'}");
    insta::assert_snapshot!(report(&source), @"
    6:30 RPA0313 `trigger` is known only in `triggers`
        give what is needed to a variable, by the `vars` of the trigger, and read vars.NAME
    ");
}

#[test]
fn what_is_wrong_with_webhooks() {
    let source = with(
        "",
        "- {id: a, webhook: x}\n\
         - {id: b, webhook: {}}\n\
         - {id: c, webhook: {path: /a/, verify: github}}\n\
         - {id: d, webhook: {path: a//b, verify: maybe}}\n\
         - {id: e, webhook: {path: 'a/{id}', verify: {scheme: md5}}}\n\
         - {id: f, webhook: {path: a/../b, verify: {}}}\n\
         - {id: g, webhook: {path: 'a b', verify: {secrets: []}}}\n\
         - {id: h, webhook: {path: h, verify: {scheme: none, secrets: [k], tolerance: 0s}}}\n\
         - {id: i, webhook: {path: i, verify: {scheme: github, secrets: [k, k], tolerance: 5m}}}\n\
         - {id: j, webhook: {path: j, verify: {secrets: [Hunter-2, k, 5]}}}\n\
         - {id: k, webhook: {path: k, verify: {secrets: [k], tolerance: 8d, secret: x}}}\n\
         - {id: l, webhook: {path: l, verify: none, max_body: 0B, respond: 6m}}\n\
         - {id: m, webhook: {path: m, verify: none, max_body: 2MiB, respond: 0s}}\n\
         - {id: n, webhook: {path: n, verify: none, max_body: 5, respond: 5}}\n\
         - {id: o, webhook: {path: o, verify: none, rate: {}}}\n\
         - {id: p, webhook: {path: p, verify: none, rate: {limit: 0, per: 8d}}}\n\
         - {id: q, webhook: {path: p, verify: [none], rate: 5}}\n\
         - {id: r, webhook: {path: p, verify: none, method: GET}}",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:20 RPA0305 `webhook` is a map; here is a string
        write keys and values; allowed keys: path, verify, max_body, rate, respond
    5:20 RPA0316 the required key `path` is missing
        write for example {path: deploys, verify: {scheme: github, secrets: [deploy_key]}}
    5:20 RPA0316 the required key `verify` is missing
        say which secrets sign: {secrets: [deploy_key]}; or `none`, which believes whoever reaches the path
    6:27 RPA0306 the path "/a/" begins or ends with a slash
        write "a"
    6:40 RPA0305 `verify` is a map, or `none`
        write {scheme: github, secrets: [deploy_key]}
    7:27 RPA0306 the path "a//b" has an empty part
        write one slash between two parts
    7:41 RPA0305 `verify` is a map, or `none`
        say which secrets sign: {secrets: [deploy_key]}; or `none`, which believes whoever reaches the path
    8:27 RPA0306 the path "a/{id}" is not plain
        a webhook has one path; what differs stands in the body or in trigger.query
    8:54 RPA0305 `scheme` cannot be "md5"
        allowed: standard, github, gitlab, stripe, none
    9:27 RPA0306 the path "a/../b" has a part of dots alone
        write it as it is called: deploys/main
    9:43 RPA0316 the scheme standard needs `secrets`
        add `secrets: [NAME]`: the names of the secrets that may sign
    10:27 RPA0306 the path "a b" is not plain
        use letters, digits, -, _ and ., with / between parts
    10:52 RPA0316 `secrets` is empty
        name the secrets that may sign, or write `verify: none`
    11:53 RPA0305 `secrets` means nothing with `scheme: none`
        take it out, or write the scheme by which they sign
    11:67 warning RPA0305 `tolerance` does nothing with `scheme: none`
        take it out: only standard and stripe sign the moment as well
    11:78 RPA0305 `tolerance` of nothing
        write more than 0, or take it out
    12:68 RPA0307 the secret `k` is named twice
        keep one of the two
    12:72 warning RPA0305 `tolerance` does nothing with `scheme: github`
        take it out: only standard and stripe sign the moment as well
    13:49 RPA0317 `secrets` has names of secrets, not their values
        store the value under a name such as deploy_key and write that name
    13:62 RPA0317 `secrets` has names of secrets, not their values
        store the value under a name such as deploy_key and write that name
    14:64 RPA0315 `tolerance` is longer than 7d
        write at most 7d
    14:68 RPA0303 unknown key "secret" in `verify`
        did you mean "secrets"?
    15:54 RPA0305 `max_body` of nothing
        write more than 0
    15:67 RPA0315 `respond` is longer than 5m
        write at most 5m
    16:54 RPA0315 `max_body` is more than 1MiB
        write at most 1MiB: what is larger is fetched by a step
    16:69 RPA0305 `respond` of nothing
        write more than 0, or take it out
    17:54 RPA0305 `max_body`: the size "5" has no unit
        say the unit: 5B, 5KiB or 5MiB
    17:66 RPA0305 `respond`: the duration "5" has no unit
        say the unit: 5s, 5m, 5h or 5ms
    18:50 RPA0316 the required key `limit` is missing
        write for example {limit: 100, per: 1m}
    18:50 RPA0316 the required key `per` is missing
        write for example {limit: 100, per: 1m}
    19:58 RPA0305 `limit` is a whole number from 1 to 1000000
        write digits alone; no expression is evaluated here
    19:66 RPA0315 `per` is longer than 7d
        write at most 7d
    20:38 RPA0305 `verify` is a map, or `none`
        say which secrets sign: {secrets: [deploy_key]}; or `none`, which believes whoever reaches the path
    20:52 RPA0305 `rate` is a map; here is a number
        write keys and values; allowed keys: limit, per
    21:44 RPA0303 unknown key "method" in `webhook`
        allowed: path, verify, max_body, rate, respond
    "#);
    assert!(!report(&source).contains("Hunter"));
    let twice = with(
        "",
        "- {id: a, webhook: {path: p, verify: none}}\n- {id: b, webhook: {path: p, verify: none}}",
    );
    insta::assert_snapshot!(report(&twice), @r#"
    5:11 RPA0307 the path "p" has a webhook on line 4 already
        give each webhook a path of its own, or tell them apart in a step
    "#);
    let of = |path: &str, secrets: &str| {
        with("", &format!("- webhook: {{path: {path}, verify: {{secrets: [{secrets}]}}}}"))
    };
    assert_eq!(found(&of(&"a".repeat(257), "k")), [(4, "RPA0315")]);
    assert_eq!(found(&of(&"a".repeat(256), "k")), []);
    assert_eq!(found(&of("a", "a, b, c, d, e, f, g, h, i")), [(4, "RPA0315")]);
    let warned =
        checked(&of("a", "k").replace("{secrets", "{tolerance: 1m, scheme: gitlab, secrets"));
    assert!(warned.workflow.is_some() && warned.problems.len() == 1, "{warned:?}");
}

#[test]
fn what_is_wrong_with_file_watches() {
    let source = with(
        "",
        "- {id: a, file_watch: /srv/in}\n\
         - {id: b, file_watch: {dir: /srv/in}}\n\
         - {id: c, file_watch: {directory: srv/in, include: []}}\n\
         - {id: d, file_watch: {directory: /srv/../in, include: '[a', exclude: [/x, ../y, a/]}}\n\
         - {id: e, file_watch: {directory: '/in/{{ vars.x }}', include: [5, '', 'a//b']}}\n\
         - {id: f, file_watch: {directory: /in, include: 2026/*.csv, recursive: maybe}}\n\
         - {id: g, file_watch: {directory: /in, changes: [], existing: always}}\n\
         - {id: h, file_watch: {directory: /in, changes: [created, created, renamed], dedupe: name}}\n\
         - {id: i, file_watch: {directory: /in, changes: modified, existing: fire}}\n\
         - {id: j, file_watch: {directory: /in, stable_for: 8d, poll: 10ms}}\n\
         - {id: k, file_watch: {directory: /in, stable_for: 2, poll: 0s}}\n\
         - {id: l, file_watch: {directory: \"/in\\n\", exclude: ' '}}",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:23 RPA0305 `file_watch` is a map; here is a string
        write keys and values; allowed keys: directory, include, exclude, recursive, changes, stable_for, dedupe, existing, poll
    5:23 RPA0316 the required key `directory` is missing
        write for example {directory: /srv/in, include: "*.csv"}
    5:24 RPA0303 unknown key "dir" in `file_watch`
        did you mean "directory"?
    6:35 RPA0305 the directory "srv/in" is no absolute path
        write it from / on, for example /srv/in
    6:52 RPA0316 `include` is empty
        write for example "*.csv", or take it out
    7:35 RPA0305 the directory "/srv/../in" has a part `..`
        write where it leads
    7:56 RPA0305 the pattern "[a" cannot be read: unclosed character class; missing ']'
        write for example "*.csv", "*.{csv,txt}" or "2026/**/*.csv"
    7:72 RPA0305 the pattern "/x" can be no path below a directory
        patterns are for what is below `directory`: no / at the beginning, no `.` and `..`
    7:76 RPA0305 the pattern "../y" can be no path below a directory
        patterns are for what is below `directory`: no / at the beginning, no `.` and `..`
    7:82 RPA0305 the pattern "a/" ends with a slash, and files are meant
        add what the files are called: "2026/*", or "2026/**"
    8:35 RPA0305 the directory "/in/{{ vars.x }}" takes no expression
        the daemon watches it before there is a run: write its path
    8:65 RPA0305 a pattern of `include` is a string; here is a number
        write it in quotes: "5"
    8:68 RPA0305 a pattern of `include` is empty
        write something or take it out
    8:72 RPA0305 the pattern "a//b" can be no path below a directory
        patterns are for what is below `directory`: no / at the beginning, no `.` and `..`
    9:49 RPA0305 the pattern "2026/*.csv" names files in directories below
        add `recursive: true`: without it only the directory itself is looked at
    9:72 RPA0305 `recursive` is a boolean; here is a string
        write true or false
    10:49 RPA0316 `changes` is empty
        write one or more of created, modified, deleted
    10:63 RPA0305 `existing` cannot be "always"
        allowed: ignore, fire
    11:59 RPA0307 "created" is in `changes` already
        take it out
    11:68 RPA0305 `changes` cannot be "renamed"
        allowed: created, modified, deleted
    11:86 RPA0305 `dedupe` cannot be "name"
        allowed: metadata, content
    12:59 RPA0305 `existing: fire` means nothing when `changes` has no created
        files that are there already are told of as created: add it to `changes`
    13:52 RPA0315 `stable_for` is longer than 7d
        write at most 7d
    13:62 RPA0305 `poll` is shorter than 1s
        write at least 1s
    14:52 RPA0305 `stable_for`: the duration "2" has no unit
        say the unit: 2s, 2m, 2h or 2ms
    14:61 RPA0305 `poll` of nothing
        write more than 0, or take it out
    15:35 RPA0305 the directory "/in\n" has a character that cannot be seen
        write it anew
    15:53 RPA0305 a pattern of `exclude` is empty
        write something or take it out
    "#);
    let many = vec!["'*.a'"; 101].join(", ");
    let many = with("", &format!("- file_watch: {{directory: /in, exclude: [{many}]}}"));
    assert_eq!(found(&many), [(4, "RPA0315")]);
    let long = with("", &format!("- file_watch: {{directory: /{}}}", "a".repeat(4_096)));
    assert_eq!(found(&long), [(4, "RPA0305")]);
}

#[test]
fn what_is_wrong_with_events_and_chains() {
    let source = with(
        "",
        "- {id: a, event: Order Paid}\n\
         - {id: b, event: 'e.{{ vars.x }}'}\n\
         - {id: c, event: [e]}\n\
         - {id: d, event: {match: 'true', nmae: e}}\n\
         - {id: e, event: {name: E, match: '1 +'}}\n\
         - {id: f, after: w}\n\
         - {id: g, after: default/w}\n\
         - {id: h, after: a/b/c}\n\
         - {id: i, after: {workflow: '{{ vars.x }}', status: ended}}\n\
         - {id: j, after: {status: [], match: \"'x' == 'y'\"}}\n\
         - {id: k, after: {workflow: W, status: [failed, failed]}}\n\
         - {id: l, after: 5}\n\
         - {id: m, after: other/w, event: x, manual: {}}",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:18 RPA0306 the event "Order Paid" must match [a-z0-9][a-z0-9_.-]{0,63}
        use small letters, digits, ., - and _, for example order.paid
    5:18 RPA0305 `event` is the name of an event, and takes no expression
        say with `match` which of the events of that name is meant
    6:18 RPA0305 `event` is a name or a map; here is a list
        write for example order.paid, or {name: order.paid, match: "trigger.data.total > 100"}
    7:18 RPA0316 the required key `name` is missing
        write for example order.paid, or {name: order.paid, match: "trigger.data.total > 100"}
    7:26 RPA0305 `match` does not look at `trigger`
        write for example "trigger.data.total > 100"; without `match` all are taken
    7:34 RPA0303 unknown key "nmae" in `event`
        did you mean "name"? allowed: name, match
    8:25 RPA0306 the event "E" must match [a-z0-9][a-z0-9_.-]{0,63}
        use small letters, digits, ., - and _, for example order.paid
    8:38 RPA0312 unexpected end of input, expected expression
    9:18 RPA0311 the workflow would start after itself: default/w
        its runs would never end: write a `schedule` with `every`, or repeat steps with `repeat`
    10:18 RPA0311 the workflow would start after itself: default/w
        its runs would never end: write a `schedule` with `every`, or repeat steps with `repeat`
    11:18 RPA0306 the workflow "a/b/c" is not NAME or NAMESPACE/NAME
        write for example finance/billing
    12:29 RPA0305 `workflow` is the name of a workflow, and takes no expression
        make a trigger for each of the workflows
    12:53 RPA0305 `status` cannot be "ended"
        allowed: completed, failed, cancelled
    13:18 RPA0316 the required key `workflow` is missing
        write for example nightly-load, or {workflow: nightly-load, status: failed}
    13:27 RPA0316 `status` is empty
        write one or more of completed, failed, cancelled
    13:38 RPA0305 `match` does not look at `trigger`
        write for example "trigger.outputs.rows > 0"; without `match` all are taken
    14:29 RPA0306 the workflow "W" must match [a-z0-9][a-z0-9_-]{0,63}
        use small letters, digits, - and _
    14:49 RPA0307 "failed" is in `status` already
        take it out
    15:18 RPA0305 `after` is the name of a workflow or a map; here is a number
        write for example nightly-load, or {workflow: nightly-load, status: failed}
    16:3 RPA0305 the trigger has `after` and `manual`; it can have only one
        make a trigger of each
    "#);
}

#[test]
fn what_is_wrong_with_manual_triggers() {
    let source = with(
        "n: {type: number}, s: {type: string, default: x}, k: {type: secret}",
        "- {id: a, manual: ann}\n\
         - {id: b, manual: {who: [], variables: n}}\n\
         - {id: c, manual: {who: [ann, ann, 'b c', 5, '@'], variables: [m, n, n, 5, N, k]}}\n\
         - {id: d, manual: {variables: [s]}, vars: {s: y}}\n\
         - {id: e, manual: {users: ann}, vars: {k: hunter2}}",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:19 RPA0305 `manual` is a map; here is a string
        write keys and values; allowed keys: who, variables
    5:25 RPA0305 `who` is empty
        name somebody, or take it out: then everybody who may use rpad can start it
    5:40 RPA0305 `variables` is a list of names; here is a string
        write for example [limit], or [] for none
    6:31 RPA0307 the name "ann" is named twice
        keep one of the two
    6:36 RPA0306 "b c" is no name of a user or a group
        write for example [alice, "@ops"], a group with @ before it
    6:43 RPA0305 an entry of `who` is a string; here is a number
        write it in quotes: "5"
    6:46 RPA0306 "@" is no name of a user or a group
        write for example [alice, "@ops"], a group with @ before it
    6:64 RPA0303 there is no variable `m`
        variables: k, n, s
    6:70 RPA0307 `n` is in `variables` already
        take it out
    6:73 RPA0305 an entry of `variables` is a string; here is a number
        write it in quotes: "5"
    6:76 RPA0306 the variable "N" must match [a-z_][a-z0-9_]*
        use small letters, digits and _, for example disk_2
    7:3 RPA0316 nobody may give the required variable `k` by hand
        add it to `variables` of `manual`, or give it a `default`
    7:3 RPA0316 nobody may give the required variable `n` by hand
        add it to `variables` of `manual`, or give it a `default`
    7:44 RPA0307 `s` is in `variables` of `manual` as well
        a run has one value for it: take it out of one of the two
    8:11 RPA0307 there is a manual trigger on line 7 already
        keep one, with all users and groups in its `who`
    8:20 RPA0303 unknown key "users" in `manual`
        allowed: who, variables
    8:40 RPA0317 `k` is of type secret, and a trigger gives no secrets
        give the variable k a `default`: the name of a secret
    "#);
    assert!(!report(&source).contains("hunter2"));
    let variables = "n: {type: number}, k: {type: secret}";
    let taken = |manual: &str| found(&with(variables, &format!("- {{{manual}}}")));
    assert_eq!(taken("manual: {}"), [], "a person gives what is required");
    assert_eq!(taken("manual: {variables: [n, k]}"), []);
    assert_eq!(taken("manual: {variables: [k]}, vars: {n: 5}"), []);
    assert_eq!(taken("manual: {variables: [n]}"), [(4, "RPA0316")]);
    let twice = with("", "- {id: a, manual: {}}\n- {id: b, manual: {}}");
    insta::assert_snapshot!(report(&twice), @"
    5:11 RPA0307 there is a manual trigger on line 4 already
        keep one, with all users and groups in its `who`
    ");
}

#[test]
fn what_is_wrong_with_how_many_runs_there_are() {
    let source = with(
        "",
        "- {id: a, event: e, debounce: 5s, batch: {size: 5, wait: 1s}}\n\
         - {id: b, event: e, debounce: {}, throttle: {}}\n\
         - {id: c, event: e, debounce: {wait: 1m, max: 5s, key: same}}\n\
         - {id: d, event: e, debounce: [5s], batch: 5}\n\
         - {id: e, event: e, debounce: 0s, throttle: {limit: 10001, per: 8d, excess: drop}}\n\
         - {id: f, event: e, batch: {size: 1001, wait: 8d}, pause_on_failure: 0}\n\
         - {id: g, event: e, batch: {}, debounce: {wait: 1s, key: '{{ trigger.by }}', leading: true}}\n\
         - {id: h, schedule: {every: 1h}, debounce: 5s, throttle: {limit: 1, per: 1m}, pause_on_failure: 3}\n\
         - {id: i, manual: {}, batch: {size: 5, wait: 1s}, pause_on_failure: 3}\n\
         - {id: j, event: e, debounce: 8d}",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:35 RPA0305 `debounce` and `batch` exclude each other
        keep `debounce` if the newest stands for all, `batch` if each counts
    5:31 RPA0316 the required key `wait` is missing
        write for example 5s, or {wait: 5s, max: 1m}
    5:45 RPA0316 the required key `limit` is missing
        write for example {limit: 10, per: 1m}
    5:45 RPA0316 the required key `per` is missing
        write for example {limit: 10, per: 1m}
    6:47 RPA0305 `max` is shorter than `wait`
        write a longer one: it counts from the first, `wait` from the newest
    6:56 RPA0305 `key` does not look at `trigger`: it is the same for all
        write for example "{{ trigger.data.id }}", or take it out
    7:31 RPA0305 `debounce` is a time or a map; here is a list
        write for example 5s, or {wait: 5s, max: 1m}
    7:37 RPA0305 `debounce` and `batch` exclude each other
        keep `debounce` if the newest stands for all, `batch` if each counts
    7:44 RPA0305 `batch` is a map; here is a number
        write keys and values; allowed keys: size, wait
    8:31 RPA0305 `debounce` of nothing
        write more than 0, or take it out
    8:53 RPA0305 `limit` is a whole number from 1 to 10000
        write digits alone; no expression is evaluated here
    8:65 RPA0315 `per` is longer than 7d
        write at most 7d
    8:77 RPA0305 `excess` cannot be "drop"
        allowed: wait, skip
    9:35 RPA0305 `size` is a whole number from 1 to 1000
        write digits alone; no expression is evaluated here
    9:47 RPA0315 `wait` is longer than 7d
        write at most 7d
    9:70 RPA0305 `pause_on_failure` is a whole number from 1 to 10000
        write digits alone; no expression is evaluated here
    10:28 RPA0316 the required key `size` is missing
        write for example {size: 100, wait: 10s}
    10:28 RPA0316 the required key `wait` is missing
        write for example {size: 100, wait: 10s}
    10:32 RPA0305 `debounce` and `batch` exclude each other
        keep `debounce` if the newest stands for all, `batch` if each counts
    10:78 RPA0303 unknown key "leading" in `debounce`
        allowed: wait, max, key
    11:34 RPA0305 `debounce` has no meaning on a schedule
        take it out: `overlap` of the schedule says what becomes of its slots
    11:48 RPA0305 `throttle` has no meaning on a schedule
        take it out: `overlap` of the schedule says what becomes of its slots
    11:79 RPA0305 `pause_on_failure` has no meaning on a schedule
        write it inside: `schedule: {cron: …, pause_on_failure: 3}`
    12:23 RPA0305 `batch` has no meaning on a manual trigger
        take it out: what a person starts begins at once
    12:51 RPA0305 `pause_on_failure` has no meaning on a manual trigger
        take it out: what a person starts begins at once
    13:31 RPA0315 `debounce` is longer than 7d
        write at most 7d
    "#);
}

#[test]
fn all_problems_of_a_trigger_are_told_at_once() {
    let lines = |triggers: &str| found(&with("", triggers)).len();
    assert_eq!(
        lines(
            "- webhook: {path: //, verify: {scheme: x, secrets: 5, tolerance: x}, max_body: x, rate: x, respond: x}"
        ),
        7
    );
    assert_eq!(
        lines(
            "- file_watch: {directory: x, include: '[', exclude: '{', recursive: x, changes: x, \
             stable_for: x, dedupe: x, existing: x, poll: x}"
        ),
        9
    );
    assert_eq!(
        lines(
            "- {event: {name: X, match: 5}, debounce: x, throttle: x, pause_on_failure: x, if: 5, enabled: 5, vars: 5}"
        ),
        8
    );
    assert_eq!(
        lines("- {after: {workflow: X, status: x, match: 5}, batch: {size: x, wait: x}}"),
        5
    );
    assert_eq!(lines("- manual: {who: 5, variables: 5}"), 2);
}
