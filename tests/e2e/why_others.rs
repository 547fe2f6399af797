//! `rpa why` of what waits for others: locks, the limit of a workflow, runs that were
//! called, events, people.

use std::time::Duration;

use rpa_ipc::asking::{ApprovalsQuery, EventRequest, VoteRequest};
use rpa_ipc::client::{Client, flatten, within};
use rpa_ipc::hello::Via;
use rpa_ipc::service::RunRef;
use rpa_tests::{World, eventually};
use serde_json::Value;

/// The lines of the answer, without the history below.
fn why<'a>(world: &World, args: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let rpa = world.rpa(["why"].into_iter().chain(args));
    assert_eq!(rpa.code, 0, "{rpa:?}");
    let answer = rpa.stdout.split("\n\n").next().unwrap_or_default();
    answer.lines().map(str::to_owned).collect()
}

/// The answer, as soon as its first line contains `wanted`.
fn until(world: &World, args: &[&str], wanted: &str) -> Vec<String> {
    eventually(wanted, || {
        let told = why(world, args.iter().copied());
        told.first().is_some_and(|first| first.contains(wanted)).then_some(told)
    })
}

fn history(world: &World, run: &str) -> Vec<String> {
    let document = world.json(["why", run]);
    let texts = document["history"].as_array().unwrap_or_else(|| panic!("{document:#}"));
    texts.iter().map(|telling| telling["text"].as_str().unwrap().to_owned()).collect()
}

/// What people type of a run's id.
fn short(run: &str) -> String {
    let hex: String = run.chars().filter(|c| *c != '-').collect();
    hex[hex.len() - 12..].to_owned()
}

/// What this branch of the command line has no word for yet is asked over the wire.
fn over_the_wire<T>(call: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(call)
}

const LOCKED: &str = "version: 1\nname: NAME\nsteps:\n  - id: use\n    \
    lock: {name: sap, lease: 2h, wait: 1h}\n    run: sleep 1000\n";

#[test]
fn who_holds_a_lock_is_named_and_the_place_in_line() {
    let world = World::new();
    let daemon = world.start();
    for name in ["first", "second", "third"] {
        world.apply(name, &LOCKED.replace("NAME", name));
    }
    let holder = world.submit(["first"]);
    until(&world, &[&holder], "the run goes on: step use runs since ");
    let next = world.submit(["second"]);
    until(&world, &[&next], "the run waits: step use waits since ");
    let last = world.submit(["third"]);
    let told = until(&world, &[&last], "the run waits: step use waits since ");
    let held = format!(
        " for lock sap, which step use of run {} (default/first) holds since ",
        short(&holder)
    );
    assert!(told[0].contains(&held), "{told:#?}");
    assert!(told[0].contains("; 1 other stands before it; at the root of it: "), "{told:#?}");
    let root = format!("in run {} (default/first): step use runs since ", short(&holder));
    assert!(told[0].contains(&root), "{told:#?}");
    let lease = format!("  the lease of step use of run {} ends at ", short(&holder));
    assert!(told[1].starts_with(&lease), "{told:#?}");
    assert!(told[2].starts_with("  if sap is not free for step use by "), "{told:#?}");
    assert!(told[3].starts_with(&format!("  {root}")), "{told:#?}");
    assert_eq!(told.len(), 4, "{told:#?}");
    let second = why(&world, [next.as_str(), "use"]);
    assert!(second[0].contains("; it is the next to get it; at the root"), "{second:#?}");
    let document = world.json(["why", &next, "use"]);
    assert_eq!(document["why"][0]["kind"], "waits_for_lock", "{document:#}");
    let fields = &document["why"].as_array().unwrap().last().unwrap();
    assert_eq!(fields["fields"]["workflow"], "default/first", "{document:#}");
    assert_eq!(fields["kind"], "step_runs");

    assert_eq!(world.rpa(["cancel", &holder]).code, 0);
    until(&world, &[&next], "the run goes on: step use runs since ");
    let told = history(&world, &next);
    let waited = format!("step use waits for sap, which step use of run {} holds", short(&holder));
    assert!(told.contains(&waited), "{told:#?}");
    let bulgarian = why(&world, [last.as_str(), "--lang", "bg"]);
    assert!(bulgarian[0].contains(" чака от ") && bulgarian[0].contains("ключалката sap"));
    assert!(daemon.stop().success());
}

const GATED: &str = "version: 1\nname: NAME\nconcurrency: {limit: 1, RULE}\nsteps:\n  \
    - {id: s, run: sleep 1000}\n";

#[test]
fn a_run_at_the_limit_of_its_workflow_says_which_runs_go_on() {
    let world = World::new();
    let daemon = world.start();
    world.apply("lined", &GATED.replace("NAME", "lined").replace("RULE", "max_queue: 2"));
    let first = world.submit(["lined"]);
    until(&world, &[&first], "the run goes on: step s runs since ");
    let (second, third) = (world.submit(["lined"]), world.submit(["lined"]));
    let reached = "the run is queued because the limit of its workflow's concurrency is \
                   reached: 1 of 1 runs go on";
    let holds = format!("  run {} is one of those that go on: it is at work", short(&first));
    assert_eq!(
        why(&world, [second.as_str()]),
        [format!("{reached} and it is the next one"), holds.clone()]
    );
    let behind = format!("{reached} and 1 run waits before it");
    assert_eq!(why(&world, [third.as_str()]), [behind.clone(), holds]);
    let step = why(&world, [third.as_str(), "s"]);
    assert_eq!(step[..2], ["step s has not begun: its run is queued", &format!("  {behind}")]);

    let fourth = world.json(["run", "lined"])["run"].as_str().unwrap().to_owned();
    let away = why(&world, [fourth.as_str()]);
    assert!(away[0].starts_with("the run was turned away at "), "{away:#?}");
    let full = "never began: its limit is reached: 1 of 1 runs go on, and 2 wait, as many as may \
                [RPA0432]";
    assert!(away[0].ends_with(full), "{away:#?}");
    assert_eq!(away.len(), 1, "{away:#?}");
    assert_eq!(world.rpa(["cancel", &first]).code, 0);
    until(&world, &[&second], "the run goes on: step s runs since ");
    let told = history(&world, &second);
    let waited = "the run waits for its turn: 1 run of its workflow goes on".to_owned();
    assert!(told.contains(&waited), "{told:#?}");
    assert!(daemon.stop().success());
}

#[test]
fn a_run_that_was_turned_away_or_has_no_key_says_why() {
    let world = World::new();
    let daemon = world.start();
    let rule = "on_limit: skip, key: \"{{ vars.host }}\"";
    let file = GATED.replace("NAME", "keyed").replace("RULE", rule);
    world.apply("keyed", &format!("{file}variables:\n  host: {{type: string, required: true}}\n"));
    let first = world.submit(["keyed", "--var", "host=a"]);
    until(&world, &[&first], "the run goes on: step s runs since ");
    let other = world.submit(["keyed", "--var", "host=b"]);
    until(&world, &[&other], "the run goes on: step s runs since ");
    let skipped = world.submit(["keyed", "--var", "host=a"]);
    let told = until(&world, &[&skipped], "the run was turned away at ");
    let reached = " and never began: its limit is reached: 1 of 1 runs go on [RPA0432]";
    assert!(told[0].ends_with(reached), "{told:#?}");
    let told = history(&world, &skipped);
    let away = "the run was turned away: its limit is reached: 1 of 1 runs go on [RPA0432]";
    assert!(told.iter().any(|text| text == away), "{told:#?}");

    let rule = "key: \"{{ vars.list[3] }}\"";
    let file = GATED.replace("NAME", "keyless").replace("RULE", rule);
    world.apply("keyless", &format!("{file}variables:\n  list: {{type: list, default: []}}\n"));
    let keyless = world.submit(["keyless"]);
    let told = until(&world, &[&keyless], "the run failed at ");
    let why_not =
        " and never began: the key of its workflow's concurrency could not be evaluated: ";
    assert!(told[0].contains(why_not), "{told:#?}");
    assert!(daemon.stop().success());
}

const TOP: &str = "version: 1\nname: top\nsteps:\n  - {id: order, workflow: middle}\n  \
    - {id: after, needs: [order], run: echo}\n";
const MIDDLE: &str = "version: 1\nname: middle\nsteps:\n  \
    - {id: g, steps: [{id: bill, workflow: bottom}]}\n";

#[test]
fn a_failure_of_a_called_run_is_followed_to_its_root() {
    let world = World::new();
    let daemon = world.start();
    world.apply("bottom", "version: 1\nname: bottom\nsteps: [{id: pay, run: exit 2}]\n");
    world.apply("middle", MIDDLE);
    let shown = world.ended("top", TOP);
    assert_eq!(shown["status"], "failed", "{shown:#}");
    let run = shown["run"].as_str().unwrap();
    let told = why(&world, [run]);
    assert!(told[0].starts_with("the run failed at "), "{told:#?}");
    let root = "(default/bottom): step pay failed after 1 try: exited with 2 [RPA0401]";
    assert!(told[0].contains(", because in run ") && told[0].ends_with(root), "{told:#?}");
    assert!(told[1].starts_with("  step order failed after 1 try: run "), "{told:#?}");
    assert!(told[2].contains("(default/middle): step g failed: "), "{told:#?}");
    assert!(told[3].contains("(default/middle): step g/bill failed after 1 try: "), "{told:#?}");
    let after = why(&world, [run, "after"]);
    assert!(after[0].contains("at the root of it: in run "), "{after:#?}");
    assert!(after[0].ends_with(root), "{after:#?}");
    let told = history(&world, run);
    let called = told.iter().find(|text| text.starts_with("step order called run ")).unwrap();
    assert!(called.ends_with(" (default/middle, revision 1)"), "{told:#?}");
    let middle = called.split(' ').nth(4).unwrap();
    let parent = format!(
        "  step order of run {} (default/top) called this run and waits for it",
        short(run)
    );
    assert_eq!(why(&world, [middle]).last(), Some(&parent));
    let bulgarian = why(&world, [run, "--lang", "bg"]);
    let wanted = "(default/bottom): стъпка pay е неуспешна след 1 опит: командата завърши с код 2 \
                  [RPA0401]";
    assert!(bulgarian[0].ends_with(wanted), "{bulgarian:#?}");
    assert!(daemon.stop().success());
}

#[test]
fn a_doubt_in_a_called_run_is_why_its_caller_stands_still() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "bottom",
        "version: 1\nname: bottom\nsteps:\n  \
         - {id: pay, effect: once, timeout: 300ms, run: sleep 60}\n",
    );
    world.apply("middle", MIDDLE);
    world.apply("top", TOP);
    let run = world.submit(["top"]);
    world.until(&run, "in_doubt");
    let told = why(&world, [run.as_str()]);
    let waits = "the run waits for a person: step order waits since ";
    assert!(told[0].starts_with(waits), "{told:#?}");
    assert!(told[0].contains("(default/middle), which it has called; that run is in doubt"));
    let root = "(default/bottom): step pay is in doubt since ";
    assert!(told[0].contains("; at the root of it: in run "), "{told:#?}");
    assert!(told[0].contains(root) && told[0].ends_with(" pay done|retry|fail`"), "{told:#?}");
    assert!(told[1].contains("(default/middle): step g/bill waits since "), "{told:#?}");
    assert!(told[2].contains(root), "{told:#?}");
    let told = history(&world, &run);
    let doubts = "the run that step order has called waits for a person to decide a doubt";
    assert!(told.iter().any(|text| text == doubts), "{told:#?}");
    assert!(daemon.stop().success());
}

#[test]
fn an_event_that_is_waited_for_is_named() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "paid",
        "version: 1\nname: paid\nsla: {finish_within: 1ms}\nsteps:\n  \
         - {id: paid, wait: {event: order.paid, match: \"{{ event.data.n == 7 }}\", \
         timeout: 1h}}\n",
    );
    let run = world.submit(["paid"]);
    let told = until(&world, &[&run], "the run waits: step paid waits since ");
    assert!(told[0].contains(" for an event order.paid, until "), "{told:#?}");
    let fits = "  only an event fits for which `event.data.n == 7` is true";
    assert_eq!(told[1], fits);
    let late = "  the run is late: by its sla it was to finish by ";
    eventually("the run is late", || {
        why(&world, [run.as_str()]).last()?.starts_with(late).then_some(())
    });
    let kinds = || -> Vec<String> {
        let all: Value = world.json(["why", &run, "--all"]);
        let history = all["history"].as_array().unwrap().iter();
        history.map(|told| told["kind"].as_str().unwrap().to_owned()).collect()
    };
    let count = |wanted: &str| kinds().iter().filter(|kind| *kind == wanted).count();
    over_the_wire(paid(&world, 6));
    // one that comes while it is looked at may be taken before that is known
    eventually("it does not fit", || (count("event_declined") == 1).then_some(()));
    over_the_wire(paid(&world, 7));
    world.until(&run, "completed");
    let told = history(&world, &run);
    let broken = "the time in which the run was to finish by its sla is over";
    assert!(told.iter().any(|text| text == broken), "{told:#?}");
    let waited = "step paid waits for an event order.paid, until ";
    assert!(told.iter().any(|text| text.starts_with(waited)), "{told:#?}");
    assert_eq!((count("event_offered"), count("event_declined")), (2, 1), "{:?}", kinds());
    assert!(daemon.stop().success());
}

/// The order of this number is paid.
async fn paid(world: &World, number: i64) {
    let client = Client::connect(&world.socket(), Via::Cli).await.unwrap();
    let data = rpa_engine::Value::from([("n", rpa_engine::Value::Int(number))]);
    let namespace = "default".parse().unwrap();
    let request = EventRequest { namespace, name: "order.paid".into(), data };
    let context = within(Duration::from_secs(60));
    flatten(client.rpc.publish_event(context, request).await).unwrap();
}

#[test]
fn an_approval_says_who_is_asked_what_and_how_many_have_said_yes() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "asks",
        "version: 1\nname: asks\nsteps:\n  - id: sure\n    approval:\n      \
         message: Delete all?\n      quorum: 2\n      timeout: 1h\n      on_timeout: reject\n",
    );
    let run = world.submit(["asks"]);
    let told = until(&world, &[&run], "the run waits for people: step sure waits since ");
    let command = format!("`rpa approve {} sure`", short(&run));
    let none = format!(" for approval of \"Delete all?\": 0 of 2 have said yes; {command}");
    assert!(told[0].ends_with(&none), "{told:#?}");
    let late = "  without enough approvals by ";
    assert!(told[1].starts_with(late) && told[1].ends_with(" counts as rejected"), "{told:#?}");
    over_the_wire(async {
        let client = Client::connect(&world.socket(), Via::Cli).await.unwrap();
        let context = || within(Duration::from_secs(60));
        let namespace: rpa_engine::Label = "default".parse().unwrap();
        let query = ApprovalsQuery { namespace: namespace.clone(), limit: 10, cursor: None };
        let asked = flatten(client.rpc.approvals(context(), query).await).unwrap().items;
        let vote = VoteRequest {
            run: RunRef { namespace, id: run.clone() },
            path: "sure".parse().unwrap(),
            approves: true,
            fields: Vec::new(),
            comment: "seen".into(),
            digest: asked[0].digest.clone(),
        };
        flatten(client.rpc.vote(context(), vote).await).unwrap();
    });
    let told = why(&world, [run.as_str(), "sure"]);
    assert!(told[0].contains(": 1 of 2 have said yes; "), "{told:#?}");
    assert!(told[1].starts_with("  step sure was approved so far by "), "{told:#?}");
    let told = history(&world, &run);
    assert!(told.iter().any(|text| text.ends_with(" approved step sure: \"seen\"")), "{told:#?}");
    assert!(told.contains(&"step sure asks for approval: \"Delete all?\"".to_owned()));
    assert!(daemon.stop().success());
}
