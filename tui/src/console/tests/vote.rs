//! What people are asked: found, read, approved or rejected; and runs that call runs.

use rpa_engine::{RunId, Value};
use rpa_ipc::asking::ApprovalView;
use rpa_ipc::service::GivenValue;
use rpa_ipc::view::RunDetail;
use rpa_ipc::{Fault, FaultCode, Language, fault};

use super::paper::text;
use super::sample::{
    approval, asking, calling, detail, press, runs, tell, type_text, with_asking, with_run,
};
use crate::console::keys::Key;
use crate::console::state::{
    Ballot, Call, Done, Effect, Msg, News, Overlay, Root, State, Vote, update,
};

const SIZE: (u16, u16) = (100, 40);
const CALLED: RunId = RunId(0x019d_b7b6_7a20_7222_8333_4444_5555_7777);

fn all(state: &mut State, keys: &[Key]) -> Vec<Effect> {
    keys.iter().flat_map(|key| press(state, *key)).collect()
}

fn dialog(state: &State) -> &Vote {
    match &state.overlay {
        Some(Overlay::Vote(dialog)) => dialog,
        other => panic!("{other:?}"),
    }
}

fn asking_for(asked: ApprovalView) -> RunDetail {
    let mut detail = asking();
    let step = detail.steps.iter_mut().find(|step| step.path == asked.path).unwrap();
    step.approval = Some(Box::new(asked));
    detail
}

fn ballot(approves: bool) -> Ballot {
    let given = |name: &str, text: &str| (name.to_owned(), GivenValue::Text(text.to_owned()));
    Ballot {
        run: runs()[1].run,
        path: "send".parse().unwrap(),
        approves,
        digest: approval().digest,
        fields: if approves { vec![given("ticket", "OPS-7")] } else { Vec::new() },
        comment: if approves { "fine".into() } else { String::new() },
    }
}

fn answer(state: &mut State, ballot: Ballot, answer: Result<RunDetail, Fault>) -> Vec<Effect> {
    tell(state, News::Done(Box::new(Done::Voted(ballot, answer))))
}

/// Says yes with a ticket and a comment.
fn approve(state: &mut State) -> Vec<Effect> {
    press(state, Key::Char('d'));
    press(state, Key::Tab);
    type_text(state, "OPS-7");
    all(state, &[Key::Tab, Key::Tab]);
    type_text(state, "fine");
    all(state, &[Key::Tab, Key::Enter])
}

#[test]
fn what_is_asked_is_shown_and_approved_with_its_digest() {
    let mut state = with_asking(SIZE, Language::English);
    assert!(text(&state).contains("asks 1/2: Release"), "{}", text(&state));
    let effects = approve(&mut state);
    assert_eq!(effects, [Effect::Call(Call::Vote(ballot(true)))]);
    let shown = text(&state);
    for part in [
        "Release 1.4 to production?",
        "web1",
        "ann, @release, but not tihomir, who started the run",
        "Approved by 1 of 2",
        "0123456789ab",
        "$ rpa approve 444455550001 send --digest 0123456789ab --field ticket=OPS-7 --comment",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    assert!(press(&mut state, Key::Enter).is_empty(), "one word at a time");
    answer(&mut state, ballot(true), Ok(asking()));
    assert!(state.overlay.is_none());
    assert_eq!(state.calls, 0);
    assert!(text(&state).contains("send: approved, 1 more has to approve"), "{}", text(&state));
}

#[test]
fn close_is_the_first_answer_and_who_rejects_fills_nothing_in() {
    let mut state = with_asking(SIZE, Language::English);
    assert!(all(&mut state, &[Key::Char('d'), Key::Enter]).is_empty());
    assert!(state.overlay.is_none());
    press(&mut state, Key::Char('d'));
    let effects = all(&mut state, &[Key::Left, Key::Enter]);
    assert_eq!(effects, [Effect::Call(Call::Vote(ballot(false)))]);
    answer(&mut state, ballot(false), Ok(detail("failed")));
    assert!(text(&state).contains("send: rejected"), "{}", text(&state));
}

#[test]
fn the_form_is_checked_before_anything_is_sent() {
    let mut state = with_asking(SIZE, Language::English);
    press(&mut state, Key::Char('d'));
    assert!(all(&mut state, &[Key::Left, Key::Left, Key::Enter]).is_empty());
    assert!(text(&state).contains("this must be given"), "{}", text(&state));
    update(&mut state, super::sample::NOW, Msg::Paste("OPS-7".into()));
    all(&mut state, &[Key::Tab, Key::Tab, Key::Tab]);
    update(&mut state, super::sample::NOW, Msg::Paste("a paste is no yes\n".into()));
    let effects = press(&mut state, Key::Enter);
    let expected = Ballot { comment: String::new(), ..ballot(true) };
    assert_eq!(effects, [Effect::Call(Call::Vote(expected))]);
}

#[test]
fn a_refusal_is_read_where_the_word_was_said() {
    for (code, said) in [
        (FaultCode::NotApprover, "RPA0536"),
        (FaultCode::OwnRun, "RPA0537"),
        (FaultCode::Voted, "RPA0538"),
    ] {
        let mut state = with_asking(SIZE, Language::English);
        approve(&mut state);
        answer(&mut state, ballot(true), Err(Fault::new(code, "no")));
        assert!(text(&state).contains(said), "{}", text(&state));
        assert_eq!((dialog(&state).sent, state.calls), (false, 0));
        assert_eq!(dialog(&state).comment.text(), "fine", "what was typed is still there");
        // somewhere else it is said as any other
        press(&mut state, Key::Esc);
        answer(&mut state, ballot(true), Err(Fault::new(code, "no")));
        assert!(matches!(state.overlay, Some(Overlay::Refusal(_))));
    }
}

#[test]
fn what_is_asked_anew_is_shown_and_has_to_be_read_anew() {
    let mut other = approval();
    other.message = "Release 1.5 to production?".into();
    other.digest = "f".repeat(64);
    let mut state = with_asking(SIZE, Language::English);
    approve(&mut state);
    let refusal = fault!(FaultCode::OtherDigest, "approval-changed", run = "444455550001");
    // a daemon that we know nothing newer of is asked
    assert_eq!(answer(&mut state, ballot(true), Err(refusal)), [Effect::Refetch]);
    assert!(text(&state).contains("RPA0535"), "{}", text(&state));
    tell(&mut state, News::Run(asking_for(other.clone())));
    let shown = text(&state);
    assert!(shown.contains("Release 1.5") && shown.contains("read it again"), "{shown}");
    assert!(!shown.contains("RPA0535"), "{shown}");
    // the focus is where nothing happens
    assert!(press(&mut state, Key::Enter).is_empty());
    // with what was typed before
    let mut state = with_asking(SIZE, Language::English);
    press(&mut state, Key::Char('d'));
    press(&mut state, Key::Tab);
    type_text(&mut state, "OPS-7");
    tell(&mut state, News::Run(asking_for(other.clone())));
    let effects = all(&mut state, &[Key::Left, Key::Left, Key::Enter]);
    let expected = Ballot { digest: other.digest, comment: String::new(), ..ballot(true) };
    assert_eq!(effects, [Effect::Call(Call::Vote(expected))]);
}

#[test]
fn a_vote_of_somebody_else_is_seen_and_what_is_no_more_asked_cannot_be_approved() {
    let mut more = approval();
    more.votes.push(more.votes[0].clone());
    more.votes[1].by = "eve".into();
    let mut state = with_asking(SIZE, Language::English);
    all(&mut state, &[Key::Char('d'), Key::Tab]);
    tell(&mut state, News::Run(asking_for(more)));
    let shown = text(&state);
    assert!(shown.contains("eve") && shown.contains("Approved by 2 of 2"), "{shown}");
    assert!(!dialog(&state).changed, "it is the same that is asked");
    tell(&mut state, News::Run(detail("completed")));
    let shown = text(&state);
    assert!(shown.contains("not asked any more") && !shown.contains("[ Approve ]"), "{shown}");
    all(&mut state, &[Key::Tab, Key::Left]);
    assert!(press(&mut state, Key::Enter).is_empty() && state.overlay.is_none());
}

#[test]
fn all_of_a_long_one_can_be_read_and_nothing_in_it_is_taken_for_ours() {
    let mut asked = approval();
    asked.message = format!("Who may\u{1b}[2J\n{}", "long words ".repeat(40));
    asked.shown = vec![("plan".into(), Value::from("Asked\u{1b}]0;x\u{7}\n".repeat(600).as_str()))];
    asked.votes[0].comment = "Approved by\u{9b}2J 2 of 2\nx".into();
    for size in [(60, 15), (100, 40)] {
        let mut state = with_run(size, Language::English);
        tell(&mut state, News::Run(asking_for(asked.clone())));
        press(&mut state, Key::Char('d'));
        let first = text(&state);
        assert!(first.contains("below: PgDn"), "{first}");
        press(&mut state, Key::End);
        let last = text(&state);
        assert!(last.contains("digest 0123456789ab") && last.contains("above: PgUp"), "{last}");
        press(&mut state, Key::Home);
        assert_eq!(text(&state), first);
        press(&mut state, Key::PageDown);
        assert_ne!(text(&state), first);
        let lines = crate::console::state::approval_lines(&state, &asked, 56);
        assert!(lines.len() > 600, "nothing of it is left out");
        let ours = ["Exactly this", "Who may", "Approved by 1 of 2", "Asked"];
        for line in &lines {
            let bare = !line.text.starts_with("  ");
            assert!(crate::text::cells(&line.text) <= 56, "{}", line.text);
            assert!(!line.text.contains(crate::text::is_dangerous), "{}", line.text);
            let is_ours = line.text.is_empty() || ours.iter().any(|o| line.text.starts_with(o));
            assert!(!bare || is_ours, "{}", line.text);
        }
        let bare = lines.iter().filter(|line| line.text.starts_with("Who may")).count();
        assert_eq!(bare, 1, "the message is indented");
    }
}

#[test]
fn the_list_of_what_is_asked_leads_to_the_run_and_back() {
    let mut state = with_run(SIZE, Language::English);
    let mut other = approval();
    (other.run, other.workflow) = (runs()[4].run, "default/rollout".into());
    let rows = vec![other.clone(), approval()];
    tell(&mut state, News::Asked { rows, more: false });
    assert!(text(&state).contains("4 approvals 2"), "{}", text(&state));
    press(&mut state, Key::Char('4'));
    let shown = text(&state);
    assert!(shown.contains("rollout") && shown.contains("1/2"), "{shown}");
    press(&mut state, Key::Enter);
    assert_eq!(dialog(&state).asked, other);
    assert_eq!(state.run.as_ref().unwrap().run, other.run);
    press(&mut state, Key::Esc);
    press(&mut state, Key::Esc);
    assert!(state.run.is_none() && state.root == Root::Approvals, "and back to the list");
    // the row stays under the eye while others go
    all(&mut state, &[Key::Char('4'), Key::Down]);
    tell(&mut state, News::Asked { rows: vec![approval()], more: false });
    press(&mut state, Key::Enter);
    assert_eq!(dialog(&state).asked.run, runs()[1].run);
    press(&mut state, Key::Esc);
    press(&mut state, Key::Char('4'));
    tell(&mut state, News::Asked { rows: Vec::new(), more: false });
    assert!(text(&state).contains("Nothing waits for approval"), "{}", text(&state));
    press(&mut state, Key::Enter);
    assert!(state.overlay.is_none() && state.root == Root::Approvals);
}

#[test]
fn a_called_run_is_opened_and_leads_back_to_the_step_that_called_it() {
    let mut state = with_run((156, 40), Language::English);
    tell(&mut state, News::Run(calling(CALLED)));
    let shown = text(&state);
    assert!(shown.contains("run 444455557777; people are asked"), "{shown}");
    assert!(shown.contains("approval wanted in a called run: Enter"), "{shown}");
    assert!(shown.contains("holds prod-db") && shown.contains("waits for prod-db; due"), "{shown}");
    press(&mut state, Key::Char('d'));
    assert!(text(&state).contains("a person is wanted in a run"), "{}", text(&state));
    all(&mut state, &[Key::Home, Key::Down, Key::Down, Key::Enter]);
    assert_eq!(state.run.as_ref().unwrap().run, CALLED);
    let mut called = asking();
    (called.summary.run, called.summary.called) = (CALLED, true);
    called.parent = Some((runs()[1].run, "biggest".parse().unwrap()));
    tell(&mut state, News::Run(called));
    assert!(text(&state).contains("called by 444455550001, step biggest"), "{}", text(&state));
    for key in [Key::Esc, Key::Char('E')] {
        press(&mut state, key);
        let open = state.run.as_ref().unwrap();
        assert_eq!((open.run, open.way.len()), (runs()[1].run, 0));
        tell(&mut state, News::Run(calling(CALLED)));
        assert_eq!(state.run.as_ref().unwrap().selected().unwrap().path.as_str(), "biggest");
        press(&mut state, Key::Enter);
        let mut called = asking();
        called.summary.run = CALLED;
        called.parent = Some((runs()[1].run, "biggest".parse().unwrap()));
        tell(&mut state, News::Run(called));
    }
}
