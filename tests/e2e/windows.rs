//! What a screen asks for: news of a namespace, lists by text, windows of a long log.

use std::future::Future;
use std::time::Duration;

use rpa_engine::Label;
use rpa_ipc::client::{Client, flatten, within};
use rpa_ipc::hello::Via;
use rpa_ipc::service::{
    LogAnchor, LogFindQuery, LogWindowQuery, RunRef, SubmitRequest, WorkflowsQuery,
};
use rpa_ipc::view::{LogFound, LogWindow};
use rpa_tests::World;

/// Longest wait that a client may ask for.
const LONGEST_WAIT_MS: u64 = 30_000;
/// An answer that came by itself and not because the wait was over.
const PROMPT: Duration = Duration::from_secs(25);

const NOOP: &str = "version: 1\nname: noop\nsteps:\n  - {id: s, uses: noop}\n";

/// A client as the console is one.
struct Screen {
    client: Client,
    namespace: Label,
}

impl Screen {
    async fn open(world: &World) -> Screen {
        let client = Client::connect(&world.socket(), Via::Console).await.unwrap();
        Screen { client, namespace: "default".parse().unwrap() }
    }

    async fn number(&self, namespace: &str, seen: u64, wait_ms: u64) -> u64 {
        let context = within(Duration::from_secs(60));
        let namespace = namespace.parse().unwrap();
        flatten(self.client.rpc.changes(context, namespace, seen, wait_ms).await).unwrap()
    }

    /// The next number, whatever `change` does meanwhile.
    async fn after<T: Send + 'static>(
        &self,
        seen: u64,
        change: impl FnOnce() -> T + Send + 'static,
    ) -> (u64, T) {
        let waiting = self.number("default", seen, LONGEST_WAIT_MS);
        let changing = tokio::task::spawn_blocking(change);
        let both = async { tokio::join!(waiting, changing) };
        let (number, changed) = prompt(both).await;
        assert_ne!(number, seen);
        (number, changed.unwrap())
    }

    fn run(&self, id: &str) -> RunRef {
        RunRef { namespace: self.namespace.clone(), id: id.to_owned() }
    }

    async fn window(&self, query: LogWindowQuery) -> LogWindow {
        let context = within(Duration::from_secs(60));
        flatten(self.client.rpc.log_window(context, query).await).unwrap()
    }

    async fn find(&self, query: LogFindQuery) -> LogFound {
        let context = within(Duration::from_secs(60));
        flatten(self.client.rpc.log_find(context, query).await).unwrap()
    }

    /// As a person who searches: goes on until there is a line, or none.
    async fn search(&self, mut query: LogFindQuery) -> Option<u64> {
        loop {
            let found = self.find(query.clone()).await;
            if found.line.is_some() || found.done {
                return found.line;
            }
            query.from = found.next;
        }
    }
}

async fn prompt<T>(answer: impl Future<Output = T>) -> T {
    tokio::time::timeout(PROMPT, answer).await.expect("an answer before the wait is over")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_wakes_whoever_looks_at_the_namespace() {
    let world = std::sync::Arc::new(World::new());
    let daemon = world.start();
    let screen = Screen::open(&world).await;
    let first = screen.number("default", 0, LONGEST_WAIT_MS).await;
    let other = screen.number("other", 0, LONGEST_WAIT_MS).await;
    assert_eq!(screen.number("default", first, 0).await, first, "nothing has changed");

    let changing = world.clone();
    let (applied, ()) = screen.after(first, move || changing.apply("noop", NOOP)).await;
    world.apply("noop", NOOP);
    assert_eq!(screen.number("default", applied, 0).await, applied, "the same file again");

    let changing = world.clone();
    let (_, run) = screen.after(applied, move || changing.submit(["noop"])).await;
    world.until(&run, "completed");
    let ended = screen.number("default", applied, 0).await;
    assert!(ended > applied);
    assert_eq!(screen.number("default", ended, 0).await, ended, "its end was the last change");
    assert_eq!(screen.number("other", other, 0).await, other, "another namespace slept");

    drop(screen);
    assert!(daemon.stop().success());
    let _daemon = world.start();
    let screen = Screen::open(&world).await;
    let later = screen.number("default", ended, LONGEST_WAIT_MS).await;
    assert!(later > ended + 1_000_000, "{later} is no number of the life before");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_console_starts_says_so() {
    let world = World::new();
    let _daemon = world.start();
    world.apply("noop", NOOP);
    let screen = Screen::open(&world).await;
    let request = SubmitRequest {
        namespace: screen.namespace.clone(),
        workflow: "noop".into(),
        variables: Vec::new(),
        request_id: "r1".into(),
    };
    let context = within(Duration::from_secs(60));
    let started = flatten(screen.client.rpc.submit(context, request).await).unwrap();
    assert_eq!(world.show(&started.run.to_string())["origin"], "console");
    let of_cli = world.submit(["noop"]);
    assert_eq!(world.show(&of_cli)["origin"], "cli");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_tells_what_its_steps_are() {
    let world = World::new();
    let _daemon = world.start();
    let text = "version: 1\nname: two\nsteps:\n  - {id: a, name: First, run: echo}\n  - {id: b, wait: 1h}\n";
    world.apply("two", text);
    let screen = Screen::open(&world).await;
    let query = WorkflowsQuery {
        namespace: screen.namespace.clone(),
        tag: None,
        category: None,
        archived: false,
        limit: 9,
        cursor: None,
    };
    let context = within(Duration::from_secs(60));
    let page = flatten(screen.client.rpc.workflows(context, query).await).unwrap();
    let steps = &page.items[0].steps;
    let told: Vec<_> =
        steps.iter().map(|s| (s.id.as_str(), s.name.as_str(), s.kind.as_str())).collect();
    assert_eq!(told, [("a", "First", "shell"), ("b", "", "wait")]);
    assert_eq!((steps[0].needs.len(), &steps[1].needs[..]), (0, &["a".to_owned()][..]));
    let run = world.submit(["two"]);
    let shown = world.until(&run, "waiting");
    assert_eq!(shown["steps"][1]["needs"], serde_json::json!(["a"]));
    assert_eq!(shown["steps_done"], 1);
    assert_eq!(shown["steps_total"], 2);
    assert_eq!(shown["at_step"], "b");
}

#[test]
fn runs_are_found_by_status_time_and_text() {
    let world = World::new();
    let _daemon = world.start();
    let bad = "version: 1\nname: bad\nsteps:\n  - {id: s, run: \"echo No Space >&2; exit 7\"}\n";
    let nap = "version: 1\nname: nap\nsteps:\n  - {id: s, wait: 1h}\n";
    let ends = [("noop", NOOP, "completed"), ("bad", bad, "failed"), ("nap", nap, "waiting")];
    for (name, text, status) in ends {
        world.apply(name, text);
        let run = world.submit([name]);
        world.until(&run, status);
    }
    let found = |args: &[&str]| {
        let listed = world.json(["runs"].into_iter().chain(args.iter().copied()));
        let runs = listed["runs"].as_array().unwrap_or_else(|| panic!("{listed}")).clone();
        let name = |run: &serde_json::Value| run["workflow"].as_str().unwrap().to_owned();
        runs.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(found(&[]), ["default/nap", "default/bad", "default/noop"]);
    assert_eq!(found(&["--status", "completed,waiting"]), ["default/nap", "default/noop"]);
    assert_eq!(
        found(&["--status", "failed", "--status", "waiting"]),
        ["default/nap", "default/bad"]
    );
    assert_eq!(found(&["--contains", "no SPACE"]), ["default/bad"]);
    assert_eq!(found(&["--contains", "rpa0401", "--status", "completed"]), [""; 0]);
    assert_eq!(found(&["--since", "1h", "--workflow", "nap"]), ["default/nap"]);
    assert_eq!(found(&["--since", "1ms"]), [""; 0]);
    let first = world.json(["runs", "--limit", "1", "--status", "completed,waiting"]);
    let cursor = first["next"].as_str().unwrap();
    let rest = found(&["--cursor", cursor, "--status", "completed,waiting"]);
    assert_eq!(rest, ["default/noop"]);
}

/// Lines of the flood; the daemon adds remarks of its own.
const FLOOD: u64 = 120_000;

const LONG: &str = "version: 1\nname: long\nsteps:\n  \
    - {id: flood, run: seq 0 119999}\n  \
    - {id: note, run: echo A Needle in the hay}\n  \
    - {id: hold, run: \"until [ -e GO ]; do sleep 0.05; done; echo released\"}\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_long_log_is_seen_through_windows() {
    let world = World::new();
    let _daemon = world.start();
    let go = world.path().join("go");
    world.apply("long", &LONG.replace("GO", go.to_str().unwrap()));
    let run = world.submit(["long"]);
    rpa_tests::eventually("the last step holds", || {
        (world.show(&run)["at_step"] == "hold").then_some(())
    });
    let screen = Screen::open(&world).await;
    let tail = LogWindowQuery {
        run: screen.run(&run),
        step: None,
        troubles: false,
        anchor: LogAnchor::Tail,
        before: 50,
        after: 50,
        seen: None,
        wait_ms: 0,
    };
    let of = |step: &str| Some(step.parse().unwrap());

    let window = screen.window(tail.clone()).await;
    assert!(window.total > FLOOD && !window.ended, "{} lines", window.total);
    assert_eq!((window.from, window.to), (window.total - 50, window.total));
    assert_eq!(window.lines.len(), 50);
    let middle = LogWindowQuery { anchor: LogAnchor::Line(60_000), ..tail.clone() };
    let seen = screen.window(middle).await;
    let numbers: Vec<u64> = seen.lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, (59_950..60_050).collect::<Vec<_>>());
    let note = screen.window(LogWindowQuery { step: of("note"), ..tail.clone() }).await;
    assert!(note.lines.iter().any(|line| line.text == "A Needle in the hay"), "{note:?}");
    assert!(note.lines.iter().all(|line| line.path == "note"), "{note:?}");

    let search = LogFindQuery {
        run: screen.run(&run),
        step: None,
        text: "needle".into(),
        troubles: false,
        from: 0,
        backwards: false,
    };
    let needle = screen.search(search.clone()).await.expect("the needle");
    let back = LogFindQuery { from: window.total, backwards: true, ..search.clone() };
    assert_eq!(screen.search(back.clone()).await, Some(needle));
    assert_eq!(screen.search(LogFindQuery { step: of("flood"), ..back }).await, None);
    let capital = LogFindQuery { text: "NEEDLE".into(), ..search.clone() };
    assert_eq!(screen.search(capital).await, None);
    let number = LogFindQuery { text: "77777".into(), step: of("flood"), ..search.clone() };
    let line = screen.search(number).await.expect("a line of the flood");
    let at = LogWindowQuery { anchor: LogAnchor::Line(line), before: 0, after: 1, ..tail.clone() };
    assert_eq!(screen.window(at).await.lines[0].text, "77777");
    let nobody = LogFindQuery { step: of("nobody"), ..search };
    let refused = screen.client.rpc.log_find(within(Duration::from_secs(9)), nobody).await;
    assert_eq!(flatten(refused).unwrap_err().code, rpa_ipc::FaultCode::NoStep);

    // growth is told, and so is the end
    let follow =
        |seen| LogWindowQuery { seen: Some(seen), wait_ms: LONGEST_WAIT_MS, ..tail.clone() };
    let waiting = screen.window(follow(window.total));
    let letting_go = async { std::fs::write(&go, "").unwrap() };
    let mut window = prompt(async { tokio::join!(waiting, letting_go) }).await.0;
    assert!(window.total > needle);
    while !window.ended {
        window = prompt(screen.window(follow(window.total))).await;
    }
    assert!(window.lines.iter().any(|line| line.text == "released"), "{window:?}");
    assert_eq!(world.show(&run)["status"], "completed");
    let again = prompt(screen.window(follow(window.total))).await;
    assert_eq!(again, window, "an ended log is not waited for");
}
