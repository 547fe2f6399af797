//! The commands about triggers, and what they ask the daemon.

use rpa_ipc::triggers::TriggerWish;

use crate::daemon::Daemon;
use crate::rpa::Rpa;
use crate::sample;

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_one_document() {
    let daemon = Daemon::start(sample::failed());
    let backfill = "schedule backfill disk-report --from 2026-11-17 --to 2026-11-20";
    let table = [
        ("triggers", "/triggers/2/status", "armed"),
        ("triggers", "/triggers/3/why/kind", "trigger_paused_by"),
        ("triggers pause disk-report", "/status", "paused"),
        ("slots disk-report", "/slots/3/reason/fields/run", "444455556666"),
        ("slots disk-report", "/trigger/timezone", "Europe/Sofia"),
        ("slots disk-report", "/next", "2026-11-11T01:30:00.000Z"),
        ("upcoming", "/upcoming/0/due", "2026-11-20T01:30:42.000Z"),
        (backfill, "/slots/0/slot", "2026-11-18T01:30:00.000Z"),
        (backfill, "/from", "2026-11-16T22:00:00.000Z"),
        ("schedule preview disk-report", "/trigger", "nightly"),
        ("schedule preview disk-report", "/slots/1/passed", "calendar"),
    ];
    for (line, pointer, wanted) in table {
        let ended = Rpa::new(daemon.socket(), line).arg("--json").run().await;
        assert_eq!(ended.exit, 0, "{line}: {ended:#?}");
        let document = ended.json();
        assert_eq!(document.pointer(pointer).and_then(|v| v.as_str()), Some(wanted), "{line}");
        assert_eq!(ended.err, "", "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_text_for_people() {
    let daemon = Daemon::start(sample::failed());
    let backfill = "schedule backfill disk-report --from 2026-11-17 --to 2026-11-20";
    let table = [
        ("triggers", "  rpa triggers resume disk-report on-sundays\n"),
        ("triggers --lang bg", "действащата ревизия го няма"),
        ("triggers disable disk-report", "disk-report nightly: ■ disabled; 1 run of it"),
        ("triggers resume disk-report", "disk-report nightly: ● armed, fires "),
        ("slots disk-report", "2026-11-13 03:30 +02:00  ! missed"),
        ("slots disk-report --lang bg", "демонът не работеше"),
        ("upcoming", "2026-11-20 01:30:42 +00:00  disk-report"),
        (backfill, "  2026-11-19 03:30 +02:00\n2 runs asked for; "),
        ("schedule preview disk-report", "  skipped: its day is none of the schedule's\n"),
        ("schedule preview disk-report --lang bg", "денят му не е от дните на графика"),
        (
            "schedule preview disk-report --around 2027-03-28 --limit 4",
            "\n2027-03-28 03:00: the clock goes on to 04:00 +03:00; ",
        ),
    ];
    for (line, wanted) in table {
        let ended = Rpa::new(daemon.socket(), line).run().await;
        assert_eq!(ended.exit, 0, "{line}: {ended:#?}");
        assert!(ended.out.contains(wanted), "{line}: {}", ended.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_says_of_a_trigger_reaches_the_daemon() {
    let daemon = Daemon::start(sample::failed());
    let note = || "why".to_owned();
    let table = [
        ("triggers enable ops/a", TriggerWish::Enable),
        ("triggers disable a b --note why", TriggerWish::Disable { note: note() }),
        ("triggers pause a --note why", TriggerWish::Pause { note: note() }),
        ("triggers resume a b", TriggerWish::Resume),
    ];
    for (line, wanted) in table {
        let ended = Rpa::new(daemon.socket(), line).run().await;
        assert_eq!((ended.exit, ended.err.as_str()), (0, ""), "{line}: {ended:#?}");
        assert_eq!(daemon.state().orders.pop().map(|order| order.wish), Some(wanted), "{line}");
    }
    // what else keeps it is told beside the answer
    let ended = Rpa::new(daemon.socket(), "-n ops triggers enable mail").run().await;
    assert!(ended.err.contains("restored from a backup"), "{ended:#?}");
    let order = daemon.state().orders.pop().unwrap();
    let of = (order.of.namespace.as_str(), order.of.workflow.as_str(), order.of.trigger);
    assert_eq!(of, ("ops", "mail", None));
}

#[tokio::test(flavor = "multi_thread")]
async fn slots_go_on_before_a_time_of_the_triggers_zone() {
    let daemon = Daemon::start(sample::failed());
    let line = "slots disk-report nightly --limit 5 --before 2026-11-19T03:30";
    let ended = Rpa::new(daemon.socket(), line).run().await;
    assert_eq!(ended.err, "there is more: add --before 2026-11-11T01:30:00Z\n");
    let asked = std::mem::take(&mut daemon.state().slots);
    let asked: Vec<_> = asked.iter().map(|query| (query.before_ms, query.limit)).collect();
    // first the zone, then the slots
    assert_eq!(asked, [(None, 1), (Some(sample::SLOT - 86_400_000), 5)]);
    let line = "slots disk-report --before 2026-11-11T01:30:00Z";
    let ended = Rpa::new(daemon.socket(), line).run().await;
    assert_eq!(ended.exit, 0, "{ended:#?}");
    let asked = std::mem::take(&mut daemon.state().slots);
    let asked: Vec<_> = asked.iter().map(|query| (query.before_ms, query.limit)).collect();
    assert_eq!(asked, [(Some(sample::SLOT - 9 * 86_400_000), 20)]);
    let ended = Rpa::new(daemon.socket(), "slots nope").run().await;
    assert!(ended.exit != 0 && ended.err.contains("RPA0543"), "{ended:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn slots_of_all_triggers_are_asked_for_with_one_question() {
    let daemon = Daemon::start(sample::failed());
    let line = "slots --fate missed,refused --contains night --limit 5";
    let ended = Rpa::new(daemon.socket(), line).run().await;
    assert_eq!(ended.err, "there is more: add --cursor 7:s7:disk-report:nightly\n");
    assert!(ended.out.contains("disk-report") && ended.out.contains("RUN OR REASON"), "{ended:#?}");
    let query = daemon.state().ledgers.pop().unwrap();
    assert_eq!(query.became, ["missed", "refused"]);
    assert_eq!(
        (query.contains.as_deref(), query.limit, query.deliveries),
        (Some("night"), 5, false)
    );
    let line = "slots disk-report nightly --since 2d -o csv";
    let ended = Rpa::new(daemon.socket(), line).run().await;
    assert!(ended.out.starts_with("slot,fate,run,"), "{ended:#?}");
    assert!(ended.out.contains(",default/disk-report,nightly\r\n"), "{ended:#?}");
    // the daemon of this test gives 9 rows a page, and says that there are more
    let queries = std::mem::take(&mut daemon.state().ledgers);
    let asked: Vec<_> = queries.iter().map(|q| (q.limit, q.cursor.is_some())).collect();
    assert_eq!(asked, [(20, false), (11, true), (2, true)]);
    let of = (queries[0].workflow.as_deref(), queries[0].trigger.as_deref());
    assert_eq!(of, (Some("disk-report"), Some("nightly")));
    assert!(queries[0].since_ms.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_is_asked_for_so_far_ahead() {
    let daemon = Daemon::start(sample::failed());
    let ended = Rpa::new(daemon.socket(), "upcoming --within 2d --limit 3").run().await;
    assert_eq!(ended.err, "there may be more: add --limit N\n");
    let query = daemon.state().upcoming.pop().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let ahead = query.until_ms - now.as_millis() as u64;
    assert!((172_740_000..=172_800_000).contains(&ahead), "{ahead}");
    assert_eq!(query.limit, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backfill_is_of_a_time_and_a_dry_run_starts_nothing() {
    let daemon = Daemon::start(sample::failed());
    let line = "schedule backfill disk-report --from 2026-11-17 --to 2026-11-20T00:00Z --max 7";
    let ended = Rpa::new(daemon.socket(), line).arg("--dry-run").run().await;
    let told = "\n2 runs would start (1 slot had one)\n\
                2 slots older than all that is remembered: a run is not ruled out\n\
                3 slots not taken yet: what is to come fires by itself\n";
    assert!(ended.out.ends_with(told), "{ended:#?}");
    let ended = Rpa::new(daemon.socket(), line).arg("--yes").run().await;
    assert_eq!(ended.exit, 0, "{ended:#?}");
    let asked = std::mem::take(&mut daemon.state().backfills);
    let asked: Vec<_> = asked.iter().map(|r| (r.from_ms, r.to_ms, r.max, r.dry_run)).collect();
    let (from_ms, to_ms) = (1_794_866_400_000, 1_795_132_800_000);
    assert_eq!(asked, [(from_ms, to_ms, 7, true), (from_ms, to_ms, 7, false)]);

    let backwards = "schedule backfill disk-report --from 2026-11-20 --to 2026-11-20 --lang bg";
    let ended = Rpa::new(daemon.socket(), backwards).run().await;
    assert_eq!(ended.exit, 2, "{ended:#?}");
    assert!(ended.err.contains("2026-11-20 00:00 +02:00 не е преди"), "{ended:#?}");
    assert!(daemon.state().backfills.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_slots_are_asked_for_in_pieces() {
    let daemon = Daemon::start(sample::failed());
    let line = "schedule preview disk-report --limit 700 --json";
    let ended = Rpa::new(daemon.socket(), line).run().await;
    let slots = ended.json()["slots"].as_array().map(Vec::len);
    assert_eq!(slots, Some(700), "{}", ended.err);
    let asked = std::mem::take(&mut daemon.state().previews);
    let asked: Vec<_> = asked.iter().map(|query| query.limit).collect();
    assert_eq!(asked, [500, 200]);
    // half of them before the change of the clock
    let line = "schedule preview disk-report --around 2027-03-28 --limit 4 --json";
    let document = Rpa::new(daemon.socket(), line).run().await.json();
    let at = |slot: usize| document["slots"][slot]["at"].as_str().unwrap_or_default().to_owned();
    assert_eq!(at(0), "2027-03-26T01:30:00.000Z");
    assert_eq!(at(2), "2027-03-28T01:30:00.000Z");
    assert_eq!(document["changes"][0]["forward"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trigger_is_fired_with_what_it_would_have_been_told_of() {
    let daemon = Daemon::start(sample::failed());
    let line = "triggers fire deploy pushed --field ref=main --request-id once";
    let ended = Rpa::new(daemon.socket(), line).run().await;
    assert_eq!(ended.exit, 0, "{ended:#?}");
    let asked = daemon.state().firings.pop().unwrap();
    assert_eq!((asked.of.workflow.as_str(), asked.request_id.as_str()), ("deploy", "once"));
    assert_eq!(asked.data, [("ref".to_owned(), "main".into())].into());

    let ended =
        Rpa::new(daemon.socket(), "triggers fire deploy").arg("--data").arg("[1]").run().await;
    assert_eq!(ended.exit, 2, "{ended:#?}");
    assert!(ended.err.contains("an object with fields"), "{ended:#?}");
    assert!(daemon.state().firings.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_trigger_would_do_is_only_asked() {
    let daemon = Daemon::start(sample::failed());
    let ended = Rpa::new(daemon.socket(), "triggers test disk-report").run().await;
    assert_eq!(ended.exit, 0, "{ended:#?}");
    assert!(ended.out.starts_with("disk-report nightly: a run would start\n"), "{ended:#?}");
    assert!(daemon.state().firings.is_empty() && daemon.state().tests.len() == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_asked_for_before_a_number() {
    let daemon = Daemon::start(sample::failed());
    let ended = Rpa::new(daemon.socket(), "deliveries deploy --before 9 --limit 5").run().await;
    assert!(ended.err.ends_with("there is more: add --before 4707\n"), "{ended:#?}");
    let query = daemon.state().deliveries.pop().unwrap();
    assert_eq!((query.before, query.limit), (Some(9), 5));
}
