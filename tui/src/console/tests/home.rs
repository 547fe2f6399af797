//! The dashboard, the first steps, locks, settings, the search, and a console that changes
//! nothing.

use rpa_ipc::notifications::{NotificationFilter, NotificationPage, NotificationView};
use rpa_ipc::view::Applied;
use rpa_ipc::{FaultCode, Language};

use super::notifications::{page, tell_page};
use super::paper::text;
use super::sample::{
    self, NOW, approval, away, connected, fresh, press, tell, type_text, with_run, with_triggers,
};
use crate::cli::sample as cli;
use crate::console::keys::Key;
use crate::console::settings::{Origin, Start};
use crate::console::state::{
    Call, Done, Effect, ForWhat, Health, HomeRow, LockDialog, Msg, News, Overlay, Root, RunsWant,
    Section, Seen, State, update,
};

/// A console that begins with the dashboard, and knows nothing yet.
fn at_home(size: (u16, u16), language: Language) -> State {
    let mut state = fresh(size, language);
    state.settings.start = Start::Overview;
    state.root = Root::Home;
    state
}

fn overview() -> rpa_ipc::overview::Overview {
    let mut overview = cli::overview();
    let late = |ms: &mut u64| *ms = *ms + NOW - cli::NOW;
    late(&mut overview.since_ms);
    late(&mut overview.counted_from_ms);
    for failure in &mut overview.failures {
        late(&mut failure.newest_ms);
        late(&mut failure.oldest_ms);
    }
    for run in overview.doubts.iter_mut().chain(&mut overview.open) {
        late(&mut run.accepted_ms);
        run.started_ms.iter_mut().for_each(late);
    }
    overview
}

/// One that shows a day with some of everything.
pub(super) fn with_home(size: (u16, u16), language: Language) -> State {
    let mut state = at_home(size, language);
    tell(&mut state, News::Up);
    let mut status = sample::status();
    status.backup.failed = Some((NOW - 3_600_000, "no space left on the device".into()));
    tell(&mut state, News::Status(status));
    tell(&mut state, News::Workflows(sample::workflows()));
    tell(&mut state, News::Asked { rows: vec![approval()], more: false });
    tell(&mut state, News::Triggers(sample::triggers()));
    tell(&mut state, News::Upcoming(sample::upcoming()));
    tell(&mut state, News::Overview(overview()));
    tell_page(&mut state, wanting());
    state
}

/// What wants a person, of each sort.
fn wanting() -> NotificationPage {
    let mut all = page();
    all.items.retain(|view| view.state != "done");
    // as it comes: an approval waits in the run that is asked
    for view in all.items.iter_mut().filter(|view| view.kind == "approval_waiting") {
        (view.run, view.step) = (Some(approval().run), Some(approval().path));
    }
    let returned = page().items.into_iter().filter(|view| view.kind == "daemon_returned");
    all.items.extend(returned.map(|view| NotificationView {
        state: "unread".into(),
        acknowledged: None,
        ..view
    }));
    all
}

/// Nothing happens, and nothing has.
fn quiet(size: (u16, u16), language: Language) -> State {
    let mut state = at_home(size, language);
    tell(&mut state, News::Up);
    tell(&mut state, News::Status(sample::status()));
    tell(&mut state, News::Workflows(sample::workflows()));
    tell(&mut state, News::Overview(rpa_ipc::overview::Overview::default()));
    tell_page(&mut state, NotificationPage { newest: 31, ..NotificationPage::default() });
    state
}

fn newcomer(size: (u16, u16), language: Language) -> State {
    let mut state = at_home(size, language);
    tell(&mut state, News::Up);
    tell(&mut state, News::Workflows(Vec::new()));
    state
}

pub(super) fn with_locks(size: (u16, u16), language: Language) -> State {
    let mut state = connected(size, language);
    press(&mut state, Key::Char('7'));
    tell(&mut state, News::Locks(cli::locks()));
    state.notice = None;
    state
}

pub(super) fn with_settings(size: (u16, u16), language: Language) -> State {
    let mut state = connected(size, language);
    press(&mut state, Key::Char(','));
    state
}

pub(super) fn with_find(size: (u16, u16), language: Language) -> State {
    let mut state = with_triggers(size, language);
    press(&mut state, Key::F(6));
    type_text(&mut state, "re");
    let want = state.wants().search.expect("runs are looked for");
    let rows = sample::runs().into_iter().take(5).collect();
    tell(&mut state, News::FoundRuns { want, rows, done: false });
    state
}

/// Selects the row of the dashboard that fits.
fn select(state: &mut State, wanted: impl Fn(&HomeRow<'_>) -> bool) {
    press(state, Key::Home);
    let at = state.home_selectable().iter().position(wanted).expect("such a row");
    (0..at).for_each(|_| drop(press(state, Key::Down)));
}

#[test]
fn the_dashboard() {
    check!("home", with_home);
    check!("home-quiet", quiet);
    check!("home-away", |size, language| {
        let mut state = at_home(size, language);
        tell(&mut state, News::Lost(away()));
        state
    });
}

#[test]
fn the_first_steps() {
    check!("welcome", newcomer);
    check!("welcome-run", |size, language| {
        let mut state = newcomer(size, language);
        let mut all = sample::workflows().into_iter();
        let mut example =
            all.find(|view| view.workflow == "default/disk-report").expect("it is one");
        example.last_run = None;
        tell(&mut state, News::Workflows(vec![example]));
        state
    });
}

#[test]
fn locks_and_what_is_done_about_them() {
    check!("locks", with_locks);
    check!("locks-release", |size, language| {
        let mut state = with_locks(size, language);
        let held = |state: &State| {
            let rows = state.locks.rows();
            rows.iter().position(|row| row.claim().is_some()).expect("a holder")
        };
        (0..held(&state)).for_each(|_| drop(press(&mut state, Key::Down)));
        press(&mut state, Key::Char('D'));
        state
    });
    check!("locks-pool", |size, language| {
        let mut state = with_locks(size, language);
        press(&mut state, Key::Char('e'));
        state
    });
}

#[test]
fn the_settings() {
    check!("settings", |size, language| {
        let mut state = with_settings(size, language);
        (0..5).for_each(|_| drop(press(&mut state, Key::Down)));
        state
    });
}

#[test]
fn a_search_over_everything() {
    check!("find", with_find);
}

#[test]
fn every_row_leads_to_what_it_is_about() {
    let make = || with_home((160, 45), Language::English);
    let of = |kind: &'static str| move |row: &HomeRow<'_>| matches!(row, HomeRow::Told(view) if view.kind == kind);
    let mut state = make();
    tell(&mut state, News::Overview(rpa_ipc::overview::Overview::default()));
    select(&mut state, of("run_failed"));
    press(&mut state, Key::Enter);
    assert_eq!(state.run.as_ref().map(|open| open.run), wanting().items[0].run);
    press(&mut state, Key::Esc);
    assert!(state.at_home(), "and back");

    let mut state = make();
    select(&mut state, of("approval_waiting"));
    press(&mut state, Key::Enter);
    assert!(matches!(state.overlay, Some(Overlay::Vote(_))), "{:?}", state.overlay);

    let mut state = make();
    select(&mut state, of("slot_missed"));
    press(&mut state, Key::Enter);
    assert!(state.trigger.is_some());

    let mut state = make();
    select(&mut state, |row| matches!(row, HomeRow::Broken(_)));
    press(&mut state, Key::Enter);
    assert!(state.trigger.is_some());

    // several that are alike, as far as they were counted
    let mut state = make();
    let mut known = overview();
    let group = known.failures.iter_mut().find(|group| group.count > 1).expect("one of several");
    group.newest = wanting().items[0].run.expect("a run");
    let alike = group.alike.clone();
    known.failures.retain(|group| group.count > 1);
    tell(&mut state, News::Overview(known));
    select(&mut state, of("run_failed"));
    press(&mut state, Key::Enter);
    assert_eq!(state.root, Root::Runs);
    let minutes = (state.now_ms - wanting().items[0].first_ms).div_ceil(60_000);
    let filter = format!("alike:{alike} ended:{}h{}m", minutes / 60, minutes % 60);
    assert_eq!(state.runs.filter.text, filter);

    let mut state = make();
    tell_page(&mut state, NotificationPage { next: Some("9".into()), ..wanting() });
    select(&mut state, |row| matches!(row, HomeRow::MoreTold));
    press(&mut state, Key::Enter);
    assert_eq!(state.root, Root::Notifications);

    let mut state = make();
    select(&mut state, |row| matches!(row, HomeRow::Open(_)));
    press(&mut state, Key::Char('l'));
    assert!(state.run.as_ref().is_some_and(|run| run.zoom), "its log");

    let mut state = make();
    select(&mut state, |row| matches!(row, HomeRow::Next(_)));
    press(&mut state, Key::Enter);
    assert!(state.trigger.is_some());

    let mut state = make();
    select(&mut state, |row| matches!(row, HomeRow::Health(_)));
    press(&mut state, Key::Enter);
    assert!(text(&state).contains("rpa doctor"), "{}", text(&state));
}

#[test]
fn what_wants_a_person_is_what_is_open_and_what_was_seen_is_gone() {
    let mut state = with_home((100, 30), Language::English);
    let want = state.wants().notifications.expect("always");
    assert_eq!((want.filter, want.for_what), (NotificationFilter::Open, ForWhat::Glance));
    let told = |state: &State| {
        let rows = state.attention().into_iter();
        rows.filter(|row| matches!(row, HomeRow::Told(_))).count()
    };
    assert_eq!(told(&state), wanting().items.len());
    select(&mut state, |row| matches!(row, HomeRow::Told(view) if view.kind == "run_failed"));
    let call = Call::Acknowledge(Seen { ids: vec![wanting().items[0].id], upto: None, all: false });
    assert_eq!(press(&mut state, Key::Char('a')), [Effect::Call(call)]);
    tell_page(&mut state, NotificationPage::default());
    // failures of the day are still counted, and want nobody
    tell(&mut state, News::Overview(overview()));
    assert_eq!(told(&state), 0);
    // what the daemon says of itself is told once
    let backup = |state: &State| {
        let rows = state.attention().into_iter();
        rows.filter(|row| matches!(row, HomeRow::Health(Health::Backup))).count()
    };
    assert_eq!(backup(&state), 1);
    let mut failed = wanting();
    failed.items.truncate(1);
    failed.items[0].kind = "backup_failed".into();
    tell_page(&mut state, failed);
    assert_eq!((backup(&state), told(&state)), (0, 1));
    // before it is known nothing is said of it
    state.home.told = None;
    state.status.as_mut().unwrap().backup.failed = None;
    state.triggers.rows.clear();
    assert!(text(&state).contains("asking"), "{}", text(&state));
}

#[test]
fn the_selection_stays_with_its_row_and_goes_from_part_to_part() {
    let mut state = with_home((160, 45), Language::English);
    let section = |state: &State| state.home_selected().map(|row| row.section());
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.extend(section(&state));
        press(&mut state, Key::Tab);
    }
    let [attention, open, next] = Section::ALL;
    assert_eq!(seen, [attention, open, next, attention]);
    select(&mut state, |row| matches!(row, HomeRow::Told(view) if view.kind == "slot_missed"));
    let mut other = wanting();
    other.items.remove(0);
    tell_page(&mut state, other);
    assert!(matches!(state.home_selected(), Some(HomeRow::Told(v)) if v.kind == "slot_missed"));
    // what comes next is left out where there is no room, and cannot be selected then
    update(&mut state, NOW, Msg::Resize(60, 15));
    press(&mut state, Key::End);
    assert_ne!(section(&state), Some(next));
}

#[test]
fn only_a_dashboard_that_is_seen_asks_for_its_overview_and_an_idle_one_wakes_nobody() {
    let mut state = quiet((80, 24), Language::English);
    assert!(state.wants().glance && state.wants().upcoming.is_some());
    assert_eq!(state.wake_at(), None);
    press(&mut state, Key::Char('2'));
    assert!(!state.wants().glance && state.wants().upcoming.is_none());
    let mut state = with_home((80, 24), Language::English);
    // what comes next is counted down to by its own hour
    state.upcoming.bunches.clear();
    assert_eq!(state.wake_at(), Some(NOW + 1_000), "durations grow");
    state.settings.motion = crate::console::settings::Motion::Reduced;
    assert_eq!(state.wake_at(), Some((NOW / 10_000 + 1) * 10_000));
}

#[test]
fn esc_leads_to_the_screen_that_one_begins_with() {
    let mut state = quiet((80, 24), Language::English);
    for key in ['1', '2', '5', '6', '7', '9'] {
        press(&mut state, Key::Char(key));
        assert!(!state.at_home());
        press(&mut state, Key::Esc);
        assert!(state.at_home(), "{key}");
    }
    press(&mut state, Key::Char('2'));
    press(&mut state, Key::Char('0'));
    assert!(state.at_home());
    assert!(text(&state).contains("$ rpa overview"), "{}", text(&state));
}

#[test]
fn three_keys_lead_to_an_example_that_runs() {
    let mut state = newcomer((80, 24), Language::English);
    assert!(text(&state).contains("$ rpa example | rpa apply -"), "{}", text(&state));
    let effects = press(&mut state, Key::Enter);
    assert_eq!(effects, [Effect::Call(Call::ApplyExample)]);
    let (workflow, revision) = ("default/disk-report".to_owned(), 1);
    let (changed, draft, warnings) = (true, false, Vec::new());
    let applied = Applied::Accepted { workflow, revision, changed, draft, warnings };
    tell(&mut state, News::Done(Box::new(Done::ExampleApplied(Ok(applied)))));
    let mut all = sample::workflows().into_iter();
    let mut example = all.find(|view| view.workflow == "default/disk-report").expect("it is one");
    let run = example.last_run.take().expect("it has run");
    tell(&mut state, News::Workflows(vec![example.clone()]));
    press(&mut state, Key::Enter);
    assert!(matches!(state.overlay, Some(Overlay::Form(_))), "{:?}", state.overlay);
    press(&mut state, Key::Esc);
    let mut going = run.clone();
    going.status = "running".into();
    example.last_run = Some(going);
    tell(&mut state, News::Workflows(vec![example.clone()]));
    press(&mut state, Key::Char('l'));
    assert_eq!(state.run.as_ref().map(|open| open.run), Some(run.run));
    state.run = None;
    example.last_run = Some(run);
    tell(&mut state, News::Workflows(vec![example]));
    assert!(!text(&state).contains("Welcome"), "it has been seen");
}

#[test]
fn a_newcomer_can_begin_a_workflow_of_their_own() {
    let mut state = newcomer((80, 24), Language::English);
    let shown = text(&state);
    assert!(shown.contains("n begins a workflow") && shown.contains("hello.yaml"), "{shown}");
    press(&mut state, Key::Char('n'));
    type_text(&mut state, "mine");
    press(&mut state, Key::Enter);
    assert!(state.editor().is_some() && !state.at_home(), "{}", text(&state));
}

#[test]
fn a_lock_is_released_only_by_a_yes() {
    let mut state = with_locks((100, 30), Language::English);
    let rows = state.locks.rows();
    let at = rows.iter().position(|row| row.claim().is_some()).expect("a holder");
    let (lock, claim) = (rows[at].lock().name.clone(), rows[at].claim().cloned().unwrap());
    (0..at).for_each(|_| drop(press(&mut state, Key::Down)));
    press(&mut state, Key::Char('D'));
    assert_eq!(press(&mut state, Key::Enter), [], "the focus is on leaving it");
    press(&mut state, Key::Char('D'));
    assert!(text(&state).contains("cancel its run instead"), "{}", text(&state));
    let effects = press(&mut state, Key::Char('y'));
    let [Effect::Call(Call::Release(hold))] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((&hold.lock, hold.run, &hold.path), (&lock, claim.run, &claim.path));
    press(&mut state, Key::Enter);
    assert_eq!(state.run.as_ref().map(|open| open.run), Some(claim.run), "Enter opens the run");
}

#[test]
fn a_pool_needs_a_name_and_a_size() {
    let mut state = with_locks((100, 30), Language::English);
    tell(&mut state, News::Locks(Vec::new()));
    press(&mut state, Key::Char('e'));
    type_text(&mut state, "api");
    press(&mut state, Key::Enter);
    type_text(&mut state, "0");
    assert_eq!(press(&mut state, Key::Enter), []);
    assert!(matches!(&state.overlay, Some(Overlay::Lock(LockDialog::Size { wrong: true, .. }))));
    press(&mut state, Key::Backspace);
    type_text(&mut state, "5");
    assert!(text(&state).contains("$ rpa locks set api 5"), "{}", text(&state));
    let effects = press(&mut state, Key::Enter);
    let wanted = Call::SizePool { name: "api".into(), size: Some(5) };
    assert_eq!(effects, [Effect::Call(wanted)]);
    let done = Done::PoolSized("api".into(), Some(5), Ok(()));
    assert_eq!(tell(&mut state, News::Done(Box::new(done))), [Effect::Refetch]);
}

#[test]
fn a_console_that_changes_nothing_refuses_with_a_sentence() {
    let mut state = with_run((100, 30), Language::English);
    state.settings.read_only = true;
    assert!(text(&state).contains("[RO]"), "{}", text(&state));
    for key in ['R', 'x', 'T', 'b', 'd'] {
        state.notice = None;
        assert_eq!(press(&mut state, Key::Char(key)), [], "{key}");
        assert!(state.overlay.is_none(), "{key}");
        assert!(text(&state).contains("read-only"), "{key}: {}", text(&state));
    }
    // and whatever way a call took, it is not made
    let mut state = with_locks((100, 30), Language::English);
    press(&mut state, Key::Char('e'));
    state.settings.read_only = true;
    type_text(&mut state, "api");
    let effects: Vec<_> =
        [Key::Tab, Key::Tab].into_iter().flat_map(|key| press(&mut state, key)).collect();
    assert_eq!(effects, []);
    let pool = Overlay::Lock(LockDialog::Drop("api".into(), true));
    state.overlay = Some(pool);
    assert_eq!(press(&mut state, Key::Enter), []);
    let Some(Overlay::Refusal(fault)) = &state.overlay else { panic!("{:?}", state.overlay) };
    assert_eq!((fault.code, state.calls), (FaultCode::Denied, 0));
}

#[test]
fn a_setting_is_changed_and_kept_and_says_so() {
    let mut state = with_settings((100, 30), Language::English);
    assert!(text(&state).contains("default"), "{}", text(&state));
    assert_eq!(press(&mut state, Key::Right), [Effect::Save]);
    assert_eq!(state.settings.language, Language::Bulgarian);
    assert_eq!(state.words.language(), Language::Bulgarian, "at once");
    assert_eq!(state.settings.origin("language"), Origin::Here);
    assert_eq!(press(&mut state, Key::Left), [Effect::Save], "never auto: one is spoken");
    assert_eq!(state.settings.language, Language::English);
    let to = |state: &mut State, name: &str| {
        press(state, Key::Home);
        let all = crate::console::settings::DEFINITIONS;
        let at = all.iter().position(|d| d.name == name).expect("a setting");
        (0..at).for_each(|_| drop(press(state, Key::Down)));
    };
    to(&mut state, "theme");
    press(&mut state, Key::Right);
    assert!(!state.look.colour, "mono");
    press(&mut state, Key::Right);
    assert!(state.look.colour && state.look.contrast);
    press(&mut state, Key::Char('d'));
    assert!(state.look.colour && !state.look.contrast);
    to(&mut state, "time_zone");
    press(&mut state, Key::Enter);
    press(&mut state, Key::Ctrl('u'));
    type_text(&mut state, "Mars");
    assert_eq!(press(&mut state, Key::Enter), [], "there is no such zone");
    press(&mut state, Key::Enter);
    press(&mut state, Key::Ctrl('u'));
    type_text(&mut state, "Asia/Tokyo");
    assert_eq!(press(&mut state, Key::Enter), [Effect::Save]);
    assert_eq!(state.zone.iana_name(), Some("Asia/Tokyo"));
    to(&mut state, "read_only");
    press(&mut state, Key::Char(' '));
    assert!(state.settings.read_only);
    assert_eq!(press(&mut state, Key::Left), [Effect::Save], "what one has set one can take back");
    assert!(!state.settings.read_only);
}

#[test]
fn what_is_found_opens_and_what_is_late_is_not_taken() {
    let mut state = with_find((100, 30), Language::English);
    let shown = text(&state);
    assert!(shown.contains("disk-report") && shown.contains("workflows"), "{shown}");
    press(&mut state, Key::Char('p'));
    assert!(!text(&state).contains("✗ failed"), "runs of another text: {}", text(&state));
    let late = RunsWant { contains: Some("re".into()), rows: 30, ..RunsWant::default() };
    tell(&mut state, News::FoundRuns { want: late, rows: sample::runs(), done: true });
    assert!(!text(&state).contains("✗ failed"), "{}", text(&state));
    press(&mut state, Key::Enter);
    assert_eq!((state.root, state.overlay.is_none()), (Root::Workflows, true));
    let selected = state.workflows.selected().map(|w| w.workflow.clone());
    assert_eq!(selected.as_deref(), Some("default/disk-report"));
    // from the palette with a text
    press(&mut state, Key::Char(':'));
    type_text(&mut state, "find nightly");
    press(&mut state, Key::Enter);
    press(&mut state, Key::Enter);
    assert!(state.trigger.is_some(), "{}", text(&state));
}
