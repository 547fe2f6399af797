//! Runs that have failed alike, the same for several runs at once, filters that are
//! completed, and logs in files.

use rpa_engine::RunId;
use rpa_ipc::overview::FailuresView;
use rpa_ipc::view::Started;
use rpa_ipc::{FaultCode, Language, fault};

use super::paper::text;
use super::sample::{NOW, log, press, runs, tell, type_text, with_run, with_runs, workflows};
use crate::cli::sample as cli;
use crate::console::keys::{Key, Scope};
use crate::console::state::{
    Again, Call, Done, Effect, LogFile, News, Overlay, State, Tool, Unwritten, Written,
};

const SIZE: (u16, u16) = (80, 24);

fn groups() -> FailuresView {
    let mut groups = cli::overview().failures;
    for group in &mut groups {
        group.newest_ms = group.newest_ms + NOW - cli::NOW;
        group.oldest_ms = group.oldest_ms + NOW - cli::NOW;
    }
    let failed = groups.iter().map(|group| group.count).sum();
    FailuresView { groups, failed, cut: true }
}

/// One that shows the failures among the runs, by what and where.
pub fn with_groups(size: (u16, u16), language: Language) -> State {
    let mut state = with_runs(size, language);
    press(&mut state, Key::Char('z'));
    let want = state.wants().failures.expect("groups are wanted");
    tell(&mut state, News::Failures { want, view: groups() });
    state.notice = None;
    state
}

/// All failed runs are marked, and a retry of them is asked for.
pub fn with_retry_of_all(size: (u16, u16), language: Language) -> State {
    let mut state = with_runs(size, language);
    let mut rows = runs();
    rows.iter_mut().take(12).for_each(|run| run.status = "failed".into());
    let want = state.wants().runs.expect("runs are wanted");
    tell(&mut state, News::Runs { want, rows, more: false });
    press(&mut state, Key::Char('*'));
    assert!(press(&mut state, Key::Char('T')).is_empty());
    state.notice = None;
    state
}

#[test]
fn failures_by_what_and_where() {
    check!("groups", with_groups);
}

#[test]
fn retrying_many_runs() {
    check!("retry-all", |size, language| {
        let mut state = with_retry_of_all(size, language);
        type_text(&mut state, "1");
        state
    });
}

#[test]
fn a_group_leads_to_exactly_its_runs() {
    let mut state = with_groups(SIZE, Language::English);
    assert_eq!((state.scopes()[0], state.wants().runs), (Scope::Groups, None));
    let group = groups().groups[0].clone();
    press(&mut state, Key::Enter);
    assert_eq!(state.runs.filter.text, format!("alike:{}", group.alike));
    assert_eq!(state.wants().runs.unwrap().alike, Some(group.alike.clone()));
    let shown = text(&state);
    assert!(shown.contains(&format!("$ rpa runs --alike {}", group.alike)), "{shown}");
    // what was filtered before stays so
    let mut state = with_runs(SIZE, Language::English);
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "wf:zip since:7d");
    press(&mut state, Key::Enter);
    press(&mut state, Key::Char('z'));
    assert!(text(&state).contains("rpa runs --workflow zip --since 7d --group"));
    let want = state.wants().failures.unwrap();
    tell(&mut state, News::Failures { want, view: groups() });
    press(&mut state, Key::Down);
    press(&mut state, Key::Enter);
    let alike = &groups().groups[1].alike;
    assert_eq!(state.runs.filter.text, format!("wf:zip since:7d alike:{alike}"));
    // the answer to another question is not taken
    press(&mut state, Key::Char('z'));
    let want = crate::console::state::RunsWant::default();
    tell(&mut state, News::Failures { want, view: groups() });
    assert!(!state.runs.groups.as_ref().unwrap().known);
    press(&mut state, Key::Esc);
    assert_eq!(state.scopes()[0], Scope::Runs);
}

fn marked(state: &State) -> usize {
    state.runs.cursor.marks.len()
}

/// Two of three that would repeat what acts only once are asked about together, as one is.
#[test]
fn what_several_runs_would_repeat_is_asked_for_at_the_end() {
    let mut state = with_retry_of_all(SIZE, Language::English);
    let Some(Overlay::Confirm(dialog)) = &state.overlay else { panic!("no dialog") };
    let all = dialog.ids();
    type_text(&mut state, "12");
    press(&mut state, Key::Enter);
    for (at, run) in all.iter().enumerate() {
        assert!(state.overlay.is_none(), "nothing comes up in between");
        let short = run.short();
        let refused =
            fault!(FaultCode::WouldRepeat, "steps-would-repeat", run = short, steps = "send");
        let workflow = "default/zip".to_owned();
        let started = Started { run: *run, workflow, status: "queued".into(), repeated: false };
        let answer = if at < 2 { Err(refused) } else { Ok(started) };
        tell(&mut state, News::Done(Box::new(Done::Again(Again::retry(*run), answer))));
    }
    let shown = text(&state);
    assert!(shown.contains("10 runs were started again"), "{shown}");
    assert!(shown.contains(&format!("run {}: steps of the class once", all[1].short())), "{shown}");
    assert!(press(&mut state, Key::Enter).is_empty(), "no is the first answer");
    assert!(state.overlay.is_none());
}

#[test]
fn the_live_revision_can_be_chosen_for_all_that_are_retried() {
    let mut state = with_retry_of_all(SIZE, Language::English);
    let mut rows = workflows();
    rows.iter_mut().for_each(|row| row.revision = 9);
    tell(&mut state, News::Workflows(rows));
    press(&mut state, Key::Esc);
    press(&mut state, Key::Char('T'));
    let shown = text(&state);
    assert!(shown.contains("another revision is live now"), "{shown}");
    assert!(shown.contains("(x) that of each run"), "{shown}");
    press(&mut state, Key::Tab);
    let shown = text(&state);
    assert!(shown.contains("(x) the live one") && shown.contains("--newest"), "{shown}");
    type_text(&mut state, "12");
    let effects = press(&mut state, Key::Enter);
    let newest =
        |effect: &Effect| matches!(effect, Effect::Call(Call::Again(again)) if again.newest);
    assert!(effects.len() == 12 && effects.iter().all(newest), "{effects:?}");
}

#[test]
fn several_runs_are_asked_about_by_their_number() {
    let mut state = with_retry_of_all(SIZE, Language::English);
    let Some(Overlay::Confirm(dialog)) = &state.overlay else { panic!("no dialog") };
    // those that completed are not among them
    let (count, all) = (dialog.runs.len(), dialog.ids());
    assert_eq!(count, 12);
    type_text(&mut state, "1");
    assert!(press(&mut state, Key::Enter).is_empty(), "that is not their number");
    type_text(&mut state, "2");
    let effects = press(&mut state, Key::Enter);
    let wanted = all.iter().map(|run| Effect::Call(Call::Again(Again::retry(*run))));
    assert_eq!(effects, wanted.collect::<Vec<_>>());
    assert_eq!((marked(&state), state.calls), (0, 12));
    let answer = |state: &mut State, run: RunId, good: bool| {
        let started = Started {
            run: runs()[0].run,
            workflow: "default/zip".into(),
            status: "queued".into(),
            repeated: false,
        };
        let refused = fault!(FaultCode::NoRun, "run-gone", run = run.short());
        let answer = if good { Ok(started) } else { Err(refused) };
        tell(state, News::Done(Box::new(Done::Again(Again::retry(run), answer))));
    };
    for (at, run) in all.iter().enumerate() {
        assert!(state.run.is_none() && state.overlay.is_none(), "nothing comes up in between");
        answer(&mut state, *run, at != 3);
    }
    let shown = text(&state);
    assert!(shown.contains("11 runs were started again; 1 was refused"), "{shown}");
    assert!(state.bulk.is_empty() && state.overlay.is_none());
    // a single one afterwards is told of as ever
    answer(&mut state, all[0], true);
    assert!(state.run.is_some());
}

#[test]
fn nothing_that_may_be_retried_is_said_to_be_so() {
    let mut state = with_runs(SIZE, Language::English);
    press(&mut state, Key::Char(' '));
    press(&mut state, Key::Down);
    press(&mut state, Key::Char(' '));
    assert_eq!(marked(&state), 2);
    assert!(press(&mut state, Key::Char('T')).is_empty());
    assert!(text(&state).contains("none of the marked runs"), "{}", text(&state));
}

#[test]
fn tab_completes_what_is_typed_into_a_filter() {
    let mut state = with_runs(SIZE, Language::English);
    press(&mut state, Key::Char('/'));
    let typed = |state: &State| match &state.overlay {
        Some(Overlay::Prompt(prompt)) => prompt.input.text().to_owned(),
        other => panic!("{other:?}"),
    };
    type_text(&mut state, "sta");
    press(&mut state, Key::Tab);
    assert_eq!(typed(&state), "status:");
    type_text(&mut state, "completed,c");
    press(&mut state, Key::Tab);
    assert!(text(&state).contains("cancelled completed"), "{}", text(&state));
    type_text(&mut state, "a");
    press(&mut state, Key::Tab);
    assert_eq!(typed(&state), "status:completed,cancelled ");
    type_text(&mut state, "!wf:dis");
    press(&mut state, Key::Tab);
    assert_eq!(typed(&state), "status:completed,cancelled !wf:disk-report ");
    type_text(&mut state, "tag:d");
    press(&mut state, Key::Tab);
    type_text(&mut state, "nowhere:x");
    let shown = text(&state);
    assert!(shown.contains("nowhere: is not known"), "{shown}");
    press(&mut state, Key::Tab);
    assert!(typed(&state).ends_with("tag:disk nowhere:x"), "{}", typed(&state));
}

#[test]
fn a_log_is_handed_to_a_pager() {
    let mut state = with_run(SIZE, Language::English);
    log(&mut state, 300, 5_000);
    press(&mut state, Key::Char('l'));
    let effects = press(&mut state, Key::Char('|'));
    let [Effect::Call(Call::WriteLog(file))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((file.step.clone(), file.to.clone()), (None, None));
    assert!(text(&state).contains("| $PAGER"), "{}", text(&state));
    let written = |path: &str| Written { path: path.into(), lines: 12_345, cut: false };
    let done = |file: &LogFile| {
        let answer = Ok(written("/tmp/rpa-tui-x/run.log"));
        News::Done(Box::new(Done::LogWritten(file.clone(), answer)))
    };
    let effects = tell(&mut state, done(file));
    let [Effect::Hand(job)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((job.tool, job.text.as_str()), (Tool::Pager, ""));
    assert_eq!(job.path.as_deref(), Some("/tmp/rpa-tui-x/run.log".as_ref()));
    // who is elsewhere by then is left there
    press(&mut state, Key::Char('|'));
    press(&mut state, Key::Char('1'));
    let effects = tell(&mut state, done(file));
    assert_eq!(effects, [Effect::Discard("/tmp/rpa-tui-x/run.log".into())]);
}

#[test]
fn a_log_is_saved_where_one_says() {
    let mut state = with_run(SIZE, Language::English);
    press(&mut state, Key::Enter);
    press(&mut state, Key::Char('S'));
    let shown = text(&state);
    assert!(shown.contains("-biggest.log"), "{shown}");
    type_text(&mut state, "2");
    let effects = press(&mut state, Key::Enter);
    let [Effect::Call(Call::WriteLog(file))] = &effects[..] else { panic!("{effects:?}") };
    assert!(file.to.as_ref().unwrap().to_str().unwrap().ends_with(".log2"), "{file:?}");
    let answer = |answer| News::Done(Box::new(Done::LogWritten(file.clone(), answer)));
    let lines = Written { path: "/x/a.log".into(), lines: 1_234, cut: false };
    tell(&mut state, answer(Ok(lines)));
    assert!(text(&state).contains("1 234 lines saved in /x/a.log"), "{}", text(&state));
    tell(&mut state, answer(Err(Unwritten::Io("File exists".into()))));
    assert!(text(&state).contains("not saved: File exists"), "{}", text(&state));
}

#[test]
fn trouble_is_looked_for_without_a_text() {
    let mut state = with_run(SIZE, Language::English);
    log(&mut state, 300, 5_000);
    press(&mut state, Key::Char('l'));
    press(&mut state, Key::Char('<'));
    let find = state.wants().find.expect("it is looked for");
    assert!(find.troubles && find.backwards && find.text.is_empty());
    let found = rpa_ipc::view::LogFound { line: Some(4_990), next: 4_989, done: false };
    tell(&mut state, News::Found { query: find, found });
    assert!(text(&state).contains("stderr, warnings, errors: line 4 991"), "{}", text(&state));
    press(&mut state, Key::Char('>'));
    let find = state.wants().find.expect("and onwards");
    assert_eq!((find.from, find.backwards), (4_991, false));
}
