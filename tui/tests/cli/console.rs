//! The console's wire against a daemon that goes away and comes back.

use std::time::Duration;

use rpa_engine::Value;
use rpa_ipc::service::{Decision, GivenValue, LogAnchor, LogFindQuery, run_ref};
use rpa_ipc::triggers::{Stretches, TriggerWish};
use rpa_ipc::view::{LogLine, Page, RunDetail};
use rpa_ipc::why::WhyQuery;
use rpa_ipc::{Fault, FaultCode};
use rpa_tui::console::state::{
    Asking, Ballot, Call, Done, LedgerWant, LogWant, News, Past, RunsWant, TriggerName,
    TriggerWant, TriggersWant, Trying, Wants,
};
use rpa_tui::console::wire::Wire;

use crate::daemon::Daemon;
use crate::sample;

/// Longer than anything here takes.
const LIMIT: Duration = Duration::from_secs(20);

/// A wire and what it has told.
struct Console {
    wire: Wire,
    wants: Wants,
    told: Vec<News>,
}

impl Console {
    fn new(daemon: &Daemon) -> Console {
        let wire = Wire::new(daemon.socket().to_owned(), "default".parse().expect("a name"));
        Console { wire, wants: Wants::default(), told: Vec::new() }
    }

    async fn up(daemon: &Daemon) -> Console {
        let mut console = Console::new(daemon);
        console.wire.connect();
        console.until("up", |news| matches!(news, News::Up)).await;
        console
    }

    /// As the loop does it: news, then what is wanted, until something is told. Gives
    /// its place among all that was told.
    async fn until(&mut self, what: &str, wanted: impl Fn(&News) -> bool) -> usize {
        let from = self.told.len();
        let told = async {
            loop {
                self.wire.want(&self.wants);
                self.told.extend(self.wire.news().await);
                let found = self.told[from..].iter().position(&wanted);
                if let Some(found) = found {
                    return from + found;
                }
            }
        };
        match tokio::time::timeout(LIMIT, told).await {
            Ok(found) => found,
            Err(_) => panic!("never told: {what}: {:#?}", self.told),
        }
    }

    fn count(&self, wanted: impl Fn(&News) -> bool) -> usize {
        self.told.iter().filter(|news| wanted(news)).count()
    }

    async fn done(&mut self) -> Done {
        let at = self.until("an answer", |news| matches!(news, News::Done(_))).await;
        let News::Done(done) = &self.told[at] else { unreachable!() };
        done.as_ref().clone()
    }
}

fn runs(rows: usize, contains: &str) -> Option<RunsWant> {
    Some(RunsWant { contains: Some(contains.into()), rows, ..RunsWant::default() })
}

fn is_lost(news: &News) -> bool {
    matches!(news, News::Lost(_))
}

fn running() -> RunDetail {
    let mut detail = sample::completed();
    detail.summary.status = "running".into();
    detail
}

fn line(number: u64, text: &str) -> LogLine {
    LogLine {
        number,
        time_ms: sample::NOW,
        path: "usage".into(),
        attempt: 1,
        stream: "out".into(),
        level: "info".into(),
        text: text.into(),
    }
}

#[tokio::test]
async fn only_what_is_newly_wanted_is_asked_for() {
    let daemon = Daemon::start(running());
    let mut console = Console::up(&daemon).await;
    console.wants = Wants { workflows: true, runs: runs(1, "a"), ..Wants::default() };
    console.until("rows", |news| matches!(news, News::Runs { more: true, .. })).await;
    console.until_known(|news| matches!(news, News::Status(_))).await;
    console.until_known(|news| matches!(news, News::Workflows(_))).await;
    console.wants.runs = runs(1, "b");
    let other = runs(1, "b").unwrap();
    console.until("other rows", |n| matches!(n, News::Runs { want, .. } if *want == other)).await;
    let asked: Vec<_> = daemon.state().lists.iter().map(|q| q.contains.clone()).collect();
    assert_eq!(asked, [Some("a".to_owned()), Some("b".to_owned())]);
    assert_eq!(console.count(|news| matches!(news, News::Status(_))), 1, "that slot went on");

    // a change is read again, and told only where it shows
    daemon.change(|state| state.detail.summary.at_step = "usage".into());
    let shows = |news: &News| matches!(news, News::Runs { rows, .. } if rows[0].at_step == "usage");
    console.until("the change", shows).await;
    assert_eq!(console.count(|news| matches!(news, News::Workflows(_))), 1, "no change of theirs");
    console.wire.refetch();
    console.until("all of it again", |news| matches!(news, News::Workflows(_))).await;
}

impl Console {
    /// Unless it was told before.
    async fn until_known(&mut self, wanted: impl Fn(&News) -> bool) {
        if self.count(&wanted) == 0 {
            self.until("something", wanted).await;
        }
    }
}

#[tokio::test]
async fn short_pages_of_a_search_are_put_together() {
    let daemon = Daemon::start(running());
    let row = sample::completed().summary;
    let page = |rows: usize, next: Option<&str>| Page {
        items: vec![row.clone(); rows],
        next: next.map(str::to_owned),
    };
    daemon.state().pages =
        [page(1, Some("1")), page(0, Some("2")), page(2, Some("3")), page(9, None)].into();
    let mut console = Console::up(&daemon).await;
    console.wants.runs = runs(3, "x");
    let at = console.until("rows", |news| matches!(news, News::Runs { .. })).await;
    let News::Runs { rows, more, .. } = &console.told[at] else { unreachable!() };
    assert_eq!((rows.len(), *more), (3, true));
    let asked: Vec<_> = daemon.state().lists.iter().map(|q| (q.limit, q.cursor.clone())).collect();
    let cursor = |text: &str| Some(text.to_owned());
    assert_eq!(asked, [(3, None), (2, cursor("1")), (2, cursor("2"))]);
}

#[tokio::test]
async fn the_end_of_a_connection_is_told_once_and_the_next_one_serves_everything() {
    let daemon = Daemon::start(running());
    let run = daemon.state().detail.summary.run;
    let namespace = "default".parse().unwrap();
    let mut console = Console::up(&daemon).await;
    console.wants = Wants {
        workflows: true,
        runs: runs(1, "a"),
        run: Some(run_ref(&namespace, run)),
        log: Some(log(run, LogAnchor::Tail)),
        ..Wants::default()
    };
    console.until("the run", |news| matches!(news, News::Run(_))).await;
    daemon.stop().await;
    console.until("the loss", is_lost).await;
    console.wire.connect();
    console.until("another one", is_lost).await;
    daemon.start_again();
    console.wire.connect();
    console.until("the return", |news| matches!(news, News::Up)).await;
    assert_eq!(console.count(is_lost), 2, "one for the connection, one for the try");
    console.until("the run again", |news| matches!(news, News::Run(_))).await;
}

#[tokio::test]
async fn why_is_gathered_from_several_pages() {
    let daemon = Daemon::start(sample::failed());
    let run = run_ref(&"default".parse().unwrap(), daemon.state().detail.summary.run);
    let mut console = Console::up(&daemon).await;
    let query = WhyQuery { run, path: None, all: false, limit: 200, cursor: None };
    console.wants = Wants { why: Some(query), ..Wants::default() };
    let at = console.until("why", |news| matches!(news, News::Why { .. })).await;
    let News::Why { why, .. } = &console.told[at] else { unreachable!() };
    assert_eq!((why.now.len(), why.tellings.len(), &why.next), (2, 3, &None));
}

#[tokio::test]
async fn a_submit_whose_answer_was_lost_is_the_same_request_again() {
    let daemon = Daemon::start(running());
    daemon.state().lost_answers = 1;
    let mut console = Console::up(&daemon).await;
    console.wire.call(Call::Submit { workflow: "disk-report".into(), variables: Vec::new() });
    console.until("the loss", is_lost).await;
    console.wire.connect();
    let Done::Started(Ok(started)) = console.done().await else { panic!("{:?}", console.told) };
    assert!(started.repeated);
    let submits = &daemon.state().submits;
    assert_eq!((submits.len(), &submits[0].request_id), (2, &submits[1].request_id));
    assert_eq!(console.count(is_lost), 1);
}

#[tokio::test]
async fn a_call_without_a_daemon_is_made_when_it_is_back() {
    let daemon = Daemon::start(running());
    let run = daemon.state().detail.summary.run;
    let mut console = Console::new(&daemon);
    console.wire.call(Call::Submit { workflow: "nope".into(), variables: Vec::new() });
    console.wire.connect();
    let Done::Started(Err(fault)) = console.done().await else { panic!("{:?}", console.told) };
    assert_eq!(fault.code, FaultCode::NoWorkflow, "what the daemon refuses is not repeated");
    console.wire.call(Call::Cancel { run });
    let Done::Cancelled(of, Ok(detail)) = console.done().await else { panic!("no answer") };
    assert_eq!((of, &*detail.summary.status), (run, "cancelled"));
    console.wire.call(Call::Pause { run });
    let Done::Paused(of, Ok(detail)) = console.done().await else { panic!("no answer") };
    assert_eq!((of, &*detail.summary.status), (run, "paused"));
    console.wire.call(Call::Resume { run });
    let Done::Resumed(of, Ok(detail)) = console.done().await else { panic!("no answer") };
    assert_eq!((of, &*detail.summary.status), (run, "running"));
    let path: rpa_engine::StepPath = "each[3]/send".parse().unwrap();
    console.wire.call(Call::Resolve {
        run,
        path: path.clone(),
        all: false,
        decision: Decision::Retry,
    });
    let Done::Resolved(_, of, Ok(_)) = console.done().await else { panic!("no answer") };
    assert_eq!((of, daemon.state().resolves.len()), (path, 1));
}

#[tokio::test]
async fn a_run_is_followed_to_its_end_and_what_is_not_there_is_refused() {
    let daemon = Daemon::start(running());
    let run = daemon.state().detail.summary.run;
    let namespace = "default".parse().unwrap();
    let mut console = Console::up(&daemon).await;
    console.wants.run = Some(run_ref(&namespace, run));
    console.until("the run", |news| matches!(news, News::Run(_))).await;
    daemon.change(|state| state.detail.variables = vec![("limit".into(), Value::Int(81))]);
    console.until("a step of it", |news| matches!(news, News::Run(d) if d.seq == 10)).await;
    daemon.change(|state| state.detail.summary.status = "completed".into());
    let over = |news: &News| matches!(news, News::Run(d) if d.summary.status == "completed");
    console.until("its end", over).await;
    let mut other = run_ref(&namespace, run);
    other.id = "ffff".into();
    console.wants.run = Some(other);
    let refused = |news: &News| matches!(news, News::RunRefused(f) if f.code == FaultCode::NoRun);
    console.until("a refusal", refused).await;
    assert_eq!(console.count(is_lost), 0);
}

fn log(run: rpa_engine::RunId, anchor: LogAnchor) -> LogWant {
    let after = if anchor == LogAnchor::Tail { 0 } else { 2 };
    LogWant { run, step: None, troubles: false, anchor, before: 2, after, epoch: 0 }
}

#[tokio::test]
async fn a_log_comes_anew_where_it_is_watched_and_elsewhere_only_its_length() {
    let daemon = Daemon::start(running());
    let run = daemon.state().detail.summary.run;
    daemon.change(|state| state.log = (0..4).map(|n| line(n, &format!("line {n}"))).collect());
    let mut console = Console::up(&daemon).await;
    console.wants.log = Some(log(run, LogAnchor::Tail));
    let has = |text: &'static str| {
        move |news: &News| {
            let News::Log { window, .. } = news else { return false };
            window.lines.last().is_some_and(|line| line.text == text)
        }
    };
    console.until("the tail", has("line 3")).await;
    daemon.change(|state| state.log.push(line(4, "\u{1b}]0;x\u{7}\u{1b}[1mfour\tfive\u{1b}[0m")));
    console.until("the new tail", has("\\e]0;x\\x07four  five")).await;

    console.wants.log = Some(log(run, LogAnchor::Line(0)));
    console.until("the start", has("line 1")).await;
    daemon.change(|state| state.log.push(line(5, "six")));
    let grew = |news: &News| matches!(news, News::LogGrew { total: 6, ended: false, .. });
    console.until("growth", grew).await;
    daemon.change(|state| state.detail.summary.status = "failed".into());
    console.until("the end", |news| matches!(news, News::LogGrew { ended: true, .. })).await;

    let step = None;
    let query = LogFindQuery {
        run: run_ref(&"default".parse().unwrap(), run),
        step,
        text: "six".into(),
        troubles: false,
        from: 0,
        backwards: false,
    };
    console.wants.find = Some(query.clone());
    let hit = |n: &News| matches!(n, News::Found { query: q, found } if *q == query && found.line == Some(5));
    console.until("a hit", hit).await;
}

#[tokio::test]
async fn what_listens_there_and_is_no_daemon_is_lost_with_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("other.sock");
    let listener = tokio::net::UnixListener::bind(&socket).unwrap();
    let other = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 8]).await.unwrap();
        stream.write_all(b"HTTP/1.1").await.unwrap();
    });
    let mut wire = Wire::new(socket, "default".parse().unwrap());
    wire.connect();
    let news = wire.news().await;
    let protocol = |f: &Fault| f.code == FaultCode::Protocol;
    assert!(matches!(&news[..], [News::Lost(f)] if protocol(f)), "{news:?}");
    other.await.unwrap();
}

#[tokio::test]
async fn what_is_asked_is_told_and_a_word_on_it_counts_for_what_was_seen() {
    let daemon = Daemon::start(running());
    let mut console = Console::up(&daemon).await;
    let at = console.until("what is asked", |news| matches!(news, News::Asked { .. })).await;
    let News::Asked { rows, more: false } = &console.told[at] else { panic!("more follows") };
    let [asked] = &rows[..] else { panic!("{rows:#?}") };
    assert!(!asked.message.contains('\u{1b}'), "{}", asked.message);
    let ballot = Ballot {
        run: running().summary.run,
        path: asked.path.clone(),
        approves: true,
        digest: asked.digest.clone(),
        fields: vec![("ticket".into(), GivenValue::Text("OPS-7".into()))],
        comment: "fine".into(),
    };
    console.wire.call(Call::Vote(ballot.clone()));
    let Done::Voted(of, Ok(_)) = console.done().await else { panic!("{:#?}", console.told) };
    assert_eq!(of, ballot);
    let state = daemon.state();
    let [vote] = &state.votes[..] else { panic!("{:#?}", state.votes) };
    assert_eq!((&vote.digest, vote.approves), (&sample::approval().digest, true));
    assert_eq!((&*vote.comment, vote.fields.len()), ("fine", 1));
    assert_eq!(vote.run.id, ballot.run.to_string());
}

fn nightly() -> TriggerName {
    TriggerName { workflow: "default/disk-report".into(), trigger: "nightly".into() }
}

#[tokio::test]
async fn triggers_are_told_harmless_and_again_when_they_change() {
    let daemon = Daemon::start(running());
    let mut console = Console::up(&daemon).await;
    console.wants.triggers = Some(TriggersWant::Shown);
    let at = console.until("triggers", |news| matches!(news, News::Triggers(_))).await;
    let News::Triggers(rows) = &console.told[at] else { unreachable!() };
    assert_eq!(rows.len(), sample::triggers().len());
    assert!(!format!("{rows:?}").contains("\\u{1b}"), "{rows:#?}");
    // the slot that comes next there is long due: it is asked again, and nothing is told
    daemon.change(|state| state.detail.summary.at_step = "usage".into());
    console.wants.upcoming = Some(Stretches::of(3_600_000, 0));
    console
        .until("what comes", |news| matches!(news, News::Upcoming(slots) if slots.len() == 3))
        .await;
    assert_eq!(console.count(|news| matches!(news, News::Triggers(_))), 1, "they are the same");
    let asked = daemon.state().upcoming[0].clone();
    assert_eq!((asked.namespace.as_str(), asked.limit), ("default", 500));
}

#[tokio::test]
async fn the_slots_of_a_trigger_come_in_pages_and_with_what_comes() {
    let daemon = Daemon::start(running());
    let mut console = Console::up(&daemon).await;
    let want = TriggerWant { name: nightly(), rows: 20 };
    console.wants.trigger = Some(want.clone());
    let at = console.until("the trigger", |news| matches!(news, News::Trigger { .. })).await;
    let News::Trigger { want: of, view, past, more, coming } = &console.told[at] else {
        unreachable!()
    };
    assert_eq!((of, view.trigger.as_str(), *more), (&want, "nightly", true));
    // nine of each page, whatever is asked for
    assert_eq!(past.slots().len(), 27);
    assert_eq!(coming.as_ref().and_then(|c| c.as_ref().ok()).map(Vec::len), Some(10));
    assert!(!format!("{past:?}").contains("\\u{1b}"), "{past:#?}");
    let asked: Vec<_> = daemon.state().slots.iter().map(|q| (q.before_ms, q.limit)).collect();
    let last = sample::slots().next_ms;
    assert_eq!(asked[..3], [(None, 20), (last, 11), (last, 2)]);
    // one that is not there
    let name = TriggerName { workflow: "nope".into(), ..nightly() };
    console.wants.trigger = Some(TriggerWant { name, rows: 20 });
    let refused = |n: &News| matches!(n, News::TriggerRefused(f) if f.code == FaultCode::NoTrigger);
    console.until("a refusal", refused).await;
    assert_eq!(console.count(is_lost), 0);
}

#[tokio::test]
async fn what_was_delivered_comes_in_pages_by_number() {
    let daemon = Daemon::start(running());
    let mut console = Console::up(&daemon).await;
    let name = TriggerName { workflow: "default/deploys".into(), trigger: "pushed".into() };
    console.wants.trigger = Some(TriggerWant { name, rows: 12 });
    let at = console.until("the trigger", |news| matches!(news, News::Trigger { .. })).await;
    let News::Trigger { past: Past::Deliveries(told), more, coming, .. } = &console.told[at] else {
        panic!("{:#?}", console.told[at])
    };
    // five of each page, whatever is asked for
    assert_eq!((told.len(), *more, coming.is_none()), (15, true, true));
    assert!(!format!("{told:?}").contains("\\u{1b}"), "{told:#?}");
    let asked: Vec<_> = daemon.state().deliveries.iter().map(|q| (q.before, q.limit)).collect();
    assert_eq!(asked, [(None, 12), (Some(4707), 7), (Some(4707), 2)]);
    assert_eq!(daemon.state().slots.len(), 1, "asked once, until its kind was known");
    assert!(daemon.state().previews.is_empty());
    // nobody says that anything has changed, and it is looked for nevertheless
    let asked = async {
        while daemon.state().deliveries.len() < 6 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, asked).await.expect("it is asked again");
    assert_eq!(daemon.state().slots.len(), 1);
}

#[tokio::test]
async fn a_slot_that_comes_without_a_change_is_seen() {
    let daemon = Daemon::start(running());
    let mut console = Console::up(&daemon).await;
    // one question for the slots of all triggers
    console.wants.ledger = Some(LedgerWant { rows: 5, ..LedgerWant::default() });
    let is_ledger =
        |news: &News| matches!(news, News::Ledger { rows, more: true, .. } if rows.len() == 5);
    console.until("what reached them", is_ledger).await;
    assert_eq!(daemon.state().ledgers.len(), 1);
    assert!(daemon.state().ledgers[0].deliveries && daemon.state().slots.is_empty());
    console.wants.ledger = None;
    console.wants.trigger = Some(TriggerWant { name: nightly(), rows: 9 });
    console.until("the trigger", |news| matches!(news, News::Trigger { .. })).await;
    console.wants.trigger = None;
    // the next one of these is long due: nobody says that anything has changed
    console.wants.upcoming = Some(Stretches::of(3_600_000, 0));
    console.until("what comes", |news| matches!(news, News::Upcoming(_))).await;
    // well before a poll that nothing answers is over
    let asked = async {
        while daemon.state().upcoming.len() < 3 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, asked).await.expect("it is asked again");
    assert_eq!(console.count(|news| matches!(news, News::Upcoming(_))), 1, "it is the same");
}

#[tokio::test]
async fn a_trigger_is_fired_under_one_request_id_and_a_test_starts_nothing() {
    let daemon = Daemon::start(running());
    let mut console = Console::up(&daemon).await;
    let data = [("id".to_owned(), Value::Int(1))].into();
    let trying = Trying { name: nightly(), data };
    console.wire.call(Call::Test(trying.clone()));
    let Done::Tested(of, Ok(tested)) = console.done().await else { panic!("no answer") };
    assert_eq!((of, *tested), (trying.clone(), sample::tested()));
    assert!(daemon.state().firings.is_empty());
    console.wire.call(Call::Fire(trying.clone()));
    let Done::Fired(of, Ok(_)) = console.done().await else { panic!("no answer") };
    assert_eq!(of, trying);
    let state = daemon.state();
    let [fired] = &state.firings[..] else { panic!("{:#?}", state.firings) };
    assert_eq!((&fired.data, fired.of.trigger.as_deref()), (&trying.data, Some("nightly")));
    assert!(!fired.request_id.is_empty());
    assert_eq!(state.tests[0].data, trying.data);
}

#[tokio::test]
async fn what_a_person_says_of_a_trigger_is_said_once() {
    let daemon = Daemon::start(running());
    let mut console = Console::up(&daemon).await;
    let wish = TriggerWish::Pause { note: "disks".into() };
    console.wire.call(Call::Order { name: nightly(), wish: wish.clone() });
    let Done::Ordered(name, of, Ok(view)) = console.done().await else { panic!("no answer") };
    assert_eq!((name, of, view.status.as_str()), (nightly(), wish.clone(), "paused"));
    let orders = std::mem::take(&mut daemon.state().orders);
    let [order] = &orders[..] else { panic!("{orders:#?}") };
    let of = (order.of.namespace.as_str(), order.of.workflow.as_str(), order.of.trigger.as_deref());
    assert_eq!((of, &order.wish), (("default", "default/disk-report", Some("nightly")), &wish));
    let asking = Asking { name: nightly(), from_ms: 1, to_ms: 2 };
    for dry_run in [true, false] {
        console.wire.call(Call::Backfill { asking: asking.clone(), dry_run });
        let Done::Backfilled(of, was_dry, Ok(filled)) = console.done().await else {
            panic!("no answer")
        };
        assert_eq!((of, was_dry, filled.slots.len()), (asking.clone(), dry_run, 2));
    }
    let asked: Vec<_> = daemon.state().backfills.iter().map(|b| (b.max, b.dry_run)).collect();
    assert_eq!(asked, [(500, true), (500, false)]);
}

#[tokio::test]
async fn an_overview_is_told_again_only_when_it_says_something_else() {
    let daemon = Daemon::start(running());
    let mut console = Console::up(&daemon).await;
    console.wants.glance = true;
    let at = console.until("an overview", |news| matches!(news, News::Overview(_))).await;
    let News::Overview(told) = &console.told[at] else { unreachable!() };
    assert_eq!((told.failures.len(), told.hours.len()), (2, 24));
    assert!(!format!("{told:?}").contains("\\u{1b}"), "{told:#?}");
    daemon.change(|state| state.detail.summary.at_step = "usage".into());
    let asked = async {
        while daemon.state().overviews.len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, asked).await.expect("it is asked again");
    assert_eq!(console.count(|news| matches!(news, News::Overview(_))), 1, "it is the same");
    assert_eq!(daemon.state().overviews[0].namespace.as_str(), "default");
}

#[tokio::test]
async fn locks_are_told_and_changed() {
    let daemon = Daemon::start(running());
    let mut console = Console::up(&daemon).await;
    console.wants.locks = true;
    let at = console.until("locks", |news| matches!(news, News::Locks(_))).await;
    let News::Locks(told) = &console.told[at] else { unreachable!() };
    assert_eq!(told.len(), sample::locks().len());
    console.wire.call(Call::SizePool { name: "api".into(), size: Some(5) });
    let Done::PoolSized(name, Some(5), Ok(())) = console.done().await else {
        panic!("{:#?}", console.told)
    };
    assert_eq!((name.as_str(), daemon.state().pools[0].size), ("api", Some(5)));
}

#[tokio::test]
async fn a_search_looks_once_for_what_was_typed_last() {
    let daemon = Daemon::start(running());
    let mut console = Console::up(&daemon).await;
    let want =
        |text: &str| RunsWant { contains: Some(text.into()), rows: 30, ..RunsWant::default() };
    console.wants.search = Some(want("di"));
    console.wire.want(&console.wants);
    console.wants.search = Some(want("disk"));
    let done = |news: &News| matches!(news, News::FoundRuns { done: true, .. });
    let at = console.until("what was found", done).await;
    let News::FoundRuns { want: of, .. } = &console.told[at] else { unreachable!() };
    assert_eq!(of.contains.as_deref(), Some("disk"));
    let other = |news: &News| matches!(news, News::FoundRuns { want, .. } if want != of);
    assert_eq!(console.count(other), 0, "what was typed before is not looked for");
}
