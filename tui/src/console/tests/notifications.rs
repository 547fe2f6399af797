//! Notifications: their screen, how many are unread elsewhere, what was seen of them.

use rpa_ipc::notifications::{
    Acknowledged, NotificationFilter, NotificationPage, NotificationView,
};
use rpa_ipc::{FaultCode, Language};

use super::paper::text;
use super::sample::{NOW, approval, connected, press, tell, type_text, with_run};
use crate::cli::notifications::sample::notifications;
use crate::cli::sample as cli;
use crate::console::keys::Key;
use crate::console::state::{
    AckDialog, Call, Done, Effect, ForWhat, Msg, News, NotificationsWant, Overlay, Root, Seen,
    State, ack_command, update,
};

/// Some of each, as the wire hands them in.
pub(super) fn page() -> NotificationPage {
    let mut page = notifications();
    let late = |ms: &mut u64| *ms = *ms + NOW - cli::NOW;
    for view in &mut page.items {
        late(&mut view.first_ms);
        late(&mut view.last_ms);
        view.slot_ms.iter_mut().for_each(late);
        view.acknowledged.iter_mut().for_each(|(ms, _)| late(ms));
        view.settled.iter_mut().for_each(|(ms, _)| late(ms));
    }
    page
}

pub(super) fn tell_page(state: &mut State, page: NotificationPage) {
    let want = state.wants().notifications.expect("they are always wanted");
    tell(state, News::Notifications { want, page });
}

pub(super) fn with_notifications(size: (u16, u16), language: Language) -> State {
    let mut state = connected(size, language);
    press(&mut state, Key::Char('8'));
    tell_page(&mut state, page());
    state.notice = None;
    state
}

fn english() -> State {
    with_notifications((100, 30), Language::English)
}

#[test]
fn what_wants_a_person() {
    check!("notifications", with_notifications);
    check!("notifications-last", |size, language| {
        let mut state = with_notifications(size, language);
        press(&mut state, Key::Char(' '));
        press(&mut state, Key::End);
        state
    });
    check!("notifications-all", |size, language| {
        let mut state = with_notifications(size, language);
        press(&mut state, Key::Char('A'));
        state
    });
    check!("notifications-none", |size, language| {
        let mut state = connected(size, language);
        press(&mut state, Key::Char('8'));
        tell_page(&mut state, NotificationPage::default());
        state.notice = None;
        state
    });
    check!("notifications-elsewhere", |size, language| {
        let mut state = connected(size, language);
        tell_page(&mut state, NotificationPage { newest: 30, ..NotificationPage::default() });
        tell_page(&mut state, page());
        state
    });
}

#[test]
fn the_selected_one_or_the_marked_ones_are_seen() {
    let mut state = english();
    let effects = press(&mut state, Key::Char('a'));
    let seen = |ids: &[u64]| Seen { ids: ids.to_vec(), upto: None, all: false };
    let call = |ids: &[u64]| Effect::Call(Call::Acknowledge(seen(ids)));
    assert_eq!(effects, [call(&[12])]);
    assert!(text(&state).contains("$ rpa notifications ack 12"), "{}", text(&state));
    let done = Done::Acknowledged(seen(&[12]), Ok(Acknowledged { count: 1, missing: vec![] }));
    tell(&mut state, News::Done(Box::new(done)));
    assert!(text(&state).contains("1 notification was seen"), "{}", text(&state));
    let mut state = english();
    // the second one is open: it was seen before
    for _ in 0..3 {
        press(&mut state, Key::Char(' '));
    }
    assert_eq!(press(&mut state, Key::Char('a')), [call(&[12, 22])]);
    assert!(state.notifications.cursor.marks.is_empty());
    press(&mut state, Key::End);
    assert_eq!(press(&mut state, Key::Char('a')), []);
    assert!(text(&state).contains("nothing of it is unread"), "{}", text(&state));
}

#[test]
fn all_that_are_shown_are_seen_after_a_yes_and_nothing_that_came_meanwhile() {
    let mut state = english();
    press(&mut state, Key::Char('A'));
    assert!(matches!(&state.overlay, Some(Overlay::Ack(open)) if !open.yes));
    assert_eq!(press(&mut state, Key::Enter), [], "the focus is on leaving them");
    press(&mut state, Key::Char('A'));
    let effects = press(&mut state, Key::Char('y'));
    let seen = Seen { ids: vec![12, 22], upto: Some(31), all: false };
    assert_eq!(effects, [Effect::Call(Call::Acknowledge(seen.clone()))]);
    let shown = "$ rpa notifications ack 12 22 --upto 31";
    assert!(text(&state).contains(shown), "{}", text(&state));
    // one of them was too old and has gone
    let answer = Ok(Acknowledged { count: 1, missing: vec![12] });
    tell(&mut state, News::Done(Box::new(Done::Acknowledged(seen, answer))));
    let said = "1 notification was seen; 1 of them is not there any more";
    assert!(text(&state).contains(said), "{}", text(&state));
}

/// With so many unread ones, of which `more` are not shown.
fn with_many(count: u64, more: bool) -> State {
    let mut state = english();
    let mut page = page();
    let one = page.items[0].clone();
    page.items = (1..=count).map(|id| NotificationView { id, ..one.clone() }).collect();
    (page.next, page.newest) = (more.then(|| "1".into()), 77);
    tell_page(&mut state, page);
    state.notice = None;
    press(&mut state, Key::Char('A'));
    state
}

#[test]
fn the_command_that_is_shown_means_what_the_dialog_means() {
    let command = |state: &State| {
        let Some(Overlay::Ack(open)) = &state.overlay else { panic!("no dialog") };
        ack_command(state, &open.seen)
    };
    let all = "rpa notifications ack --all --upto 77";
    assert_eq!(command(&with_many(13, false)), all, "all that there are");
    let ids = |count: u64| (1..=count).map(|id| format!(" {id}")).collect::<String>();
    let named = format!("rpa notifications ack{} --upto 77", ids(12));
    assert_eq!(command(&with_many(12, false)), named);
    // those that are not shown stay unread
    let named = format!("rpa notifications ack{} --upto 77", ids(13));
    assert_eq!(command(&with_many(13, true)), named);
    let mut filtered = with_many(13, false);
    press(&mut filtered, Key::Esc);
    filtered.notifications.words = "usage".into();
    press(&mut filtered, Key::Char('A'));
    assert_eq!(command(&filtered), named);
}

#[test]
fn enter_goes_to_what_it_is_about() {
    let mut state = english();
    press(&mut state, Key::Enter);
    let run = state.run.as_ref().expect("the run that failed");
    assert_eq!(run.steps.id.as_deref(), Some("usage"));
    press(&mut state, Key::Esc);
    assert_eq!((state.root, state.run.is_none()), (Root::Notifications, true));
    press(&mut state, Key::Down);
    press(&mut state, Key::Down);
    press(&mut state, Key::Enter);
    let trigger = state.trigger.as_ref().expect("the schedule that missed its slots");
    assert_eq!(trigger.name.trigger, "nightly");
    press(&mut state, Key::Esc);
    press(&mut state, Key::Down);
    press(&mut state, Key::Enter);
    assert!(!state.is_open());
    assert!(text(&state).contains("$ rpa doctor"), "{}", text(&state));
}

#[test]
fn an_approval_is_asked_at_once() {
    let mut state = english();
    let mut asked = approval();
    let view = state.notifications.rows[1].clone();
    (asked.run, asked.path) = (view.run.expect("a run"), view.step.expect("a step"));
    tell(&mut state, News::Asked { rows: vec![asked], more: false });
    press(&mut state, Key::Down);
    press(&mut state, Key::Enter);
    assert!(matches!(&state.overlay, Some(Overlay::Vote(_))), "{:?}", state.overlay);
}

#[test]
fn tab_asks_for_others_and_words_let_some_through() {
    let mut state = english();
    let wanted = |state: &State| state.wants().notifications.expect("always").filter;
    assert_eq!(wanted(&state), NotificationFilter::Open);
    press(&mut state, Key::Tab);
    assert_eq!(wanted(&state), NotificationFilter::Unread);
    assert!(state.notifications.rows.is_empty(), "those of the filter before");
    assert!(text(&state).contains("$ rpa notifications --unread"), "{}", text(&state));
    // what was still on its way is not what is wanted now
    let want =
        NotificationsWant { filter: NotificationFilter::Open, rows: 500, for_what: ForWhat::List };
    tell(&mut state, News::Notifications { want, page: page() });
    assert!(state.notifications.rows.is_empty());
    press(&mut state, Key::Tab);
    assert_eq!(wanted(&state), NotificationFilter::All);
    tell_page(&mut state, page());
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "backup paused");
    assert_eq!(state.notification_rows().len(), 0);
    press(&mut state, Key::Esc);
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "paused");
    press(&mut state, Key::Enter);
    assert_eq!(state.notification_rows().len(), 1);
    press(&mut state, Key::Esc);
    assert_eq!(state.notification_rows().len(), 5);
}

#[test]
fn a_new_error_is_said_elsewhere_once_and_not_over_something_else() {
    let mut state = connected((100, 30), Language::English);
    tell_page(&mut state, NotificationPage { newest: 30, ..NotificationPage::default() });
    assert!(state.notice.is_none(), "what there was when the console began is no news");
    tell_page(&mut state, page());
    assert!(text(&state).contains("disk-report: failed at usage"), "{}", text(&state));
    assert!(text(&state).contains("! 2 unread"), "{}", text(&state));
    state.notice = None;
    tell_page(&mut state, page());
    assert!(state.notice.is_none(), "it was said");
    let mut later = page();
    (later.newest, later.items[0].number) = (32, 32);
    let said = "something else".to_owned();
    state.tell(crate::console::theme::Tone::Good, said, String::new());
    tell_page(&mut state, later.clone());
    assert!(text(&state).contains("something else"), "{}", text(&state));
    // whoever looks at the run sees it
    let mut state = with_run((100, 30), Language::English);
    let run = state.run.as_ref().map(|open| open.run);
    tell_page(&mut state, NotificationPage { newest: 30, ..NotificationPage::default() });
    state.notice = None;
    later.items[0].run = run;
    tell_page(&mut state, later);
    assert!(state.notice.is_none());
}

#[test]
fn a_console_that_changes_nothing_marks_nothing_as_seen() {
    let mut state = english();
    state.settings.read_only = true;
    assert_eq!(press(&mut state, Key::Char('a')), []);
    press(&mut state, Key::Char('A'));
    assert!(state.overlay.is_none());
    // and whatever way a call took, it is not made
    let seen = Seen { ids: vec![12], upto: Some(31), all: false };
    let dialog = AckDialog { seen, yes: true };
    state.overlay = Some(Overlay::Ack(dialog));
    assert_eq!(press(&mut state, Key::Enter), []);
    let Some(Overlay::Refusal(fault)) = &state.overlay else { panic!("{:?}", state.overlay) };
    assert_eq!(fault.code, FaultCode::Denied);
}

#[test]
fn a_row_that_happens_again_stays_selected() {
    let mut state = english();
    press(&mut state, Key::Down);
    press(&mut state, Key::Down);
    let mut again = page();
    let mut missed = again.items.remove(2);
    (missed.number, missed.count) = (32, 1_441);
    again.items.insert(0, missed);
    tell_page(&mut state, again);
    assert_eq!(state.notification().map(|view| view.id), Some(22));
    assert_eq!(update(&mut state, NOW, Msg::Tick), []);
}
