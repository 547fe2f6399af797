//! What keys lead to.

use rpa_ipc::Language;
use rpa_ipc::service::{Decision, GivenValue, LogAnchor};
use rpa_ipc::view::Started;

use super::notifications::with_notifications;
use super::paper::text;
use super::sample::{
    NOW, answer_trigger, approval, asking, away, calling, connected, detail, fresh, history, log,
    nested, press, runs, tell, timed, triggers, type_text, upcoming, why, with_nested, with_run,
    with_runs, with_trigger, with_upcoming,
};
use super::workflow_sample::{
    escape, with_bad_draft, with_editor, with_form, with_graph, with_text, with_workflow,
};
use crate::console::keys::{Key, Layout};
use crate::console::state::{Call, Done, Effect, Msg, News, Overlay, Root, State, update};
use crate::steps::Row;

const SIZE: (u16, u16) = (80, 24);

fn all(state: &mut State, keys: &[Key]) -> Vec<Effect> {
    keys.iter().flat_map(|key| press(state, *key)).collect()
}

#[test]
fn any_keys_at_any_size_do_no_harm_and_esc_leads_home() {
    let keys: Vec<Key> = "jkhlgGnNRrxidfaAFwWtpPTbEo/:?1 2*345689qу-.0vLBe|+zHS<>KmDuUyY"
        .chars()
        .map(Key::Char)
        .chain([Key::Enter, Key::Esc, Key::Tab, Key::BackTab, Key::Up, Key::Down, Key::Left])
        .chain([Key::Right, Key::PageUp, Key::PageDown, Key::Home, Key::End, Key::Delete])
        .chain([Key::F(1), Key::F(2), Key::F(3), Key::F(5), Key::F(8), Key::F(9), Key::F(12)])
        .chain([Key::Ctrl('u'), Key::Ctrl('w'), Key::Ctrl('r'), Key::Backspace])
        .collect();
    let mut random = random_numbers(7);
    for round in 0..44 {
        let make = [
            with_run,
            with_nested,
            with_trigger,
            with_upcoming,
            with_workflow,
            with_graph,
            with_notifications,
            |size, language| with_text(size, language, true),
            with_editor,
            with_bad_draft,
            with_form,
        ][round / 2 % 11];
        let mut state = make(SIZE, Language::ALL[round % 2]);
        for _ in 0..300 {
            let roll = random();
            match roll % 40 {
                0 => {
                    let size = ((roll >> 8) % 170 + 1, (roll >> 20) % 50 + 1);
                    let size = (size.0 as u16, size.1 as u16);
                    update(&mut state, NOW, Msg::Resize(size.0, size.1));
                }
                1 => {
                    tell(&mut state, News::Lost(away()));
                }
                2 => {
                    tell(&mut state, News::Up);
                }
                3 => {
                    tell(&mut state, News::Run(detail("in_doubt")));
                }
                4 if roll & 1 << 8 == 0 => super::again::refuse_to_repeat(&mut state),
                4 => log(&mut state, 300, 5_000),
                6 => {
                    tell(&mut state, News::Run(asking()));
                }
                12 => drop(history(&mut state, (roll >> 8) % 40)),
                13 => drop(tell(&mut state, News::Run(timed()))),
                7 => {
                    tell(&mut state, News::Run(calling(runs()[(roll >> 8) as usize % 4].run)));
                }
                8 => {
                    let rows = vec![approval(); (roll >> 8) as usize % 3];
                    tell(&mut state, News::Asked { rows, more: false });
                }
                9 => {
                    let rows = triggers().into_iter().skip((roll >> 8) as usize % 11).collect();
                    tell(&mut state, News::Triggers(rows));
                }
                10 => answer_trigger(&mut state, (roll >> 8) as usize % 300, roll & 1 << 20 == 0),
                11 => {
                    let slots = upcoming().into_iter().skip((roll >> 8) as usize % 50).collect();
                    tell(&mut state, News::Upcoming(slots));
                }
                5 => {
                    let status = ["running", "in_doubt", "paused"][(roll >> 8) as usize % 3];
                    let mut detail = nested(status);
                    // whatever is in the list, also what no daemon says
                    let left_out = |at: usize| (roll >> (10 + at)).is_multiple_of(4);
                    let mut at = 0;
                    detail.steps.retain(|_| {
                        at += 1;
                        !left_out(at)
                    });
                    tell(&mut state, News::Run(detail));
                }
                _ => {
                    press(&mut state, keys[(roll >> 8) as usize % keys.len()]);
                }
            }
            if roll.is_multiple_of(5) {
                text(&state);
            }
        }
        update(&mut state, NOW, Msg::Resize(80, 24));
        for _ in 0..10 {
            assert!(!escape(&mut state).contains(&Effect::Quit), "Esc never leaves");
        }
        assert!(state.overlay.is_none() && state.run.is_none(), "{:?}", state.overlay);
        assert!(state.trigger.is_none(), "{:?}", state.trigger);
        assert_eq!(state.root, Root::Workflows);
    }
}

/// The same numbers every time (a linear congruential generator, Knuth's MMIX).
fn random_numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 16
    }
}

#[test]
fn the_form_checks_by_type_and_sends_what_was_given() {
    let mut state = connected(SIZE, Language::English);
    all(&mut state, &[Key::Down, Key::Char('R')]);
    type_text(&mut state, "many");
    assert!(all(&mut state, &[Key::F(8)]).is_empty());
    assert!(text(&state).contains("a number, such as 80"), "{}", text(&state));
    press(&mut state, Key::Ctrl('u'));
    type_text(&mut state, "85");
    assert!(all(&mut state, &[Key::F(8)]).is_empty());
    assert!(text(&state).contains("this must be given"), "{}", text(&state));
    type_text(&mut state, "it's me");
    all(&mut state, &[Key::Tab, Key::Char(' ')]);
    let shown = text(&state);
    assert!(shown.contains(r"--var limit=85 --var 'mail=it'\''s me'"), "{shown}");
    let effects = all(&mut state, &[Key::Tab, Key::Tab, Key::Enter]);
    let given = |name: &str, text: &str| (name.to_owned(), GivenValue::Text(text.to_owned()));
    let variables = vec![given("limit", "85"), given("mail", "it's me"), given("dry", "false")];
    let workflow = "default/disk-report".to_owned();
    assert_eq!(effects, [Effect::Call(Call::Submit { workflow, variables })]);
    let started = Started {
        run: runs()[0].run,
        workflow: "default/disk-report".into(),
        status: "queued".into(),
        repeated: false,
    };
    tell(&mut state, News::Done(Box::new(Done::Started(Ok(started)))));
    assert_eq!(state.run.as_ref().map(|r| r.run), Some(runs()[0].run), "it is opened");
    assert_eq!(state.calls, 0);
}

#[test]
fn why_is_asked_of_the_step_or_of_the_run() {
    let mut state = with_run(SIZE, Language::English);
    assert_eq!(state.wants().why, None);
    press(&mut state, Key::Char('W'));
    let of_step = state.wants().why.expect("an answer is wanted");
    assert_eq!(of_step.path.as_ref().map(|path| path.as_str()), Some("biggest"));
    let command = state.notice.as_ref().map(|notice| notice.command.clone());
    assert_eq!(command.as_deref(), Some("rpa why 444455550001 biggest"));
    why(&mut state, 100);
    let shown = text(&state);
    assert!(shown.contains("Why biggest of run 444455550001"), "{shown}");
    assert!(shown.contains("needs biggest, which failed; at the root of"), "{shown}");
    press(&mut state, Key::Tab);
    let of_run = state.wants().why.expect("the other answer is wanted");
    assert_eq!((of_run.path.as_ref(), of_run.run.id.ends_with("0001")), (None, true));
    assert!(text(&state).contains("asking the daemon"), "{}", text(&state));
    // what comes late is the answer to another question
    let of_step_again = of_step.clone();
    let late = News::Why { query: of_step, why: super::sample::why_of(&of_step_again, 1) };
    tell(&mut state, late);
    assert!(text(&state).contains("asking the daemon"), "{}", text(&state));
    why(&mut state, 100);
    assert!(text(&state).contains("the run failed at "), "{}", text(&state));
    press(&mut state, Key::End);
    assert!(text(&state).contains("step biggest failed after 101 tries"), "{}", text(&state));
    press(&mut state, Key::Home);
    assert!(text(&state).contains("the run failed at "), "{}", text(&state));
    press(&mut state, Key::Esc);
    assert!(state.overlay.is_none() && state.wants().why.is_none());
    assert!(state.run.is_some(), "only the text is closed");
}

#[test]
fn more_of_a_long_story_is_asked_for_at_its_end() {
    let mut state = with_runs(SIZE, Language::English);
    press(&mut state, Key::Char('W'));
    let limits: Vec<u32> = (0..7)
        .map(|_| {
            let query = state.wants().why.expect("wanted");
            let mut why = super::sample::why_of(&query, u64::from(query.limit));
            why.next = Some("9".into());
            tell(&mut state, News::Why { query: query.clone(), why });
            press(&mut state, Key::End);
            query.limit
        })
        .collect();
    assert_eq!(limits, [200, 400, 600, 800, 1000, 1000, 1000]);
    press(&mut state, Key::End);
    let shown = text(&state);
    assert!(shown.contains("the rest: rpa why 444455550000 --limit 1000"), "{shown}");
}

#[test]
fn a_refused_why_says_so() {
    let mut state = with_runs(SIZE, Language::Bulgarian);
    press(&mut state, Key::Char('W'));
    let fault = rpa_ipc::fault!(rpa_ipc::FaultCode::NoRun, "no-run", id = "ff", namespace = "ops");
    tell(&mut state, News::WhyRefused(fault));
    let shown = text(&state);
    assert!(shown.contains("RPA0502 няма изпълнение"), "{shown}");
    assert_eq!(state.wants().why, None, "it is not asked again and again");
}

#[test]
fn a_run_is_begun_again_with_its_values() {
    let mut state = with_run(SIZE, Language::English);
    press(&mut state, Key::Char('R'));
    let shown = text(&state);
    // 80 is the default, so only the other one is given
    assert!(shown.contains("$ rpa run disk-report --var mail=ops@x.bg"), "{shown}");
}

#[test]
fn a_run_is_begun_again_with_what_no_line_can_show() {
    use rpa_engine::{BlobRef, Value};
    let mut state = with_run(SIZE, Language::English);
    let mut run = detail("failed");
    let script = Value::from("echo keep # note\nrm -rf x");
    let blob = BlobRef { hash: "ab".repeat(32).try_into().unwrap(), bytes: 70_000 };
    run.inputs = vec![("mail".into(), script.clone()), ("mounts".into(), Value::Blob(blob))];
    tell(&mut state, News::Run(run));
    press(&mut state, Key::Char('R'));
    assert!(text(&state).contains("--var mail=@FILE"), "{}", text(&state));
    assert!(all(&mut state, &[Key::F(8)]).is_empty(), "a value in a file is not left out silently");
    type_text(&mut state, "[1]");
    let effects = all(&mut state, &[Key::F(8)]);
    let workflow = "default/disk-report".to_owned();
    let variables = vec![
        ("mounts".to_owned(), GivenValue::Text("[1]".into())),
        ("mail".to_owned(), GivenValue::Typed(script)),
    ];
    assert_eq!(effects, [Effect::Call(Call::Submit { workflow, variables })]);
    // typing over it replaces it as a whole
    press(&mut state, Key::Char('R'));
    all(&mut state, &[Key::Down, Key::Down]);
    type_text(&mut state, "me");
    assert!(text(&state).contains("--var mail=me"), "{}", text(&state));
}

#[test]
fn a_secret_that_is_pasted_has_no_place_on_the_screen() {
    let mut state = connected(SIZE, Language::English);
    all(&mut state, &[Key::Down, Key::Char('R')]);
    all(&mut state, &[Key::Down; 4]);
    update(&mut state, NOW, Msg::Paste("ghp_Hun+er2".into()));
    let shown = text(&state);
    assert!(!shown.contains("Hun") && shown.contains("never its value"), "{shown}");
    type_text(&mut state, "crm_token");
    let shown = text(&state);
    assert!(shown.contains("--var token=NAME") && !shown.contains("token=crm"), "{shown}");
    all(&mut state, &[Key::Up]);
    assert!(!text(&state).contains("crm_token"), "{}", text(&state));
}

#[test]
fn cancelling_asks_and_keeping_is_the_first_answer() {
    let mut state = with_runs(SIZE, Language::English);
    assert!(all(&mut state, &[Key::Char('x'), Key::Enter]).is_empty());
    assert!(state.overlay.is_none());
    let run = runs()[0].run;
    let effects = all(&mut state, &[Key::Char('x'), Key::Char('y')]);
    assert_eq!(effects, [Effect::Call(Call::Cancel { run })]);
    assert!(text(&state).contains(&format!("$ rpa cancel {}", run.short())));
    // an ended one cannot be
    all(&mut state, &[Key::Down, Key::Char('x')]);
    assert!(state.overlay.is_none());
}

#[test]
fn several_runs_are_cancelled_only_when_their_number_is_typed() {
    let mut state = with_runs(SIZE, Language::English);
    all(&mut state, &[Key::Char(' '), Key::Char(' '), Key::Char(' ')]);
    // the running one and the one in doubt; the failed one has ended
    assert!(all(&mut state, &[Key::Char('x'), Key::Char('3'), Key::Enter]).is_empty());
    let effects = all(&mut state, &[Key::Backspace, Key::Char('2'), Key::Enter]);
    let cancel = |i: usize| Effect::Call(Call::Cancel { run: runs()[i].run });
    assert_eq!(effects, [cancel(0), cancel(2)]);
    assert!(state.runs.cursor.marks.is_empty());
}

#[test]
fn a_decision_is_never_made_by_enter_alone() {
    let mut state = with_run(SIZE, Language::English);
    tell(&mut state, News::Run(detail("in_doubt")));
    assert!(all(&mut state, &[Key::Char('d'), Key::Enter]).is_empty());
    assert!(text(&state).contains("choose one of the three"));
    let effects = all(&mut state, &[Key::Char('3'), Key::Enter]);
    let path = "send".parse().unwrap();
    let decision = Decision::Fail;
    assert_eq!(
        effects,
        [Effect::Call(Call::Resolve { run: runs()[1].run, path, all: false, decision })]
    );
}

/// What is in the column of steps, row by row.
fn tree(state: &State) -> Vec<String> {
    let run = state.run.as_ref().expect("an open run");
    let steps = &run.detail.as_ref().expect("known").steps;
    let name = |row: &Row| match row {
        Row::Step(at) => steps[*at].path.to_string(),
        Row::More { of, turns } => format!("{} +{turns}", steps[*of].path),
    };
    run.rows.iter().map(name).collect()
}

#[test]
fn loops_are_folded_unless_there_is_trouble_inside() {
    let mut state = with_nested(SIZE, Language::English);
    let shown = [
        "usage",
        "each",
        "each[2]",
        "each[2]/send",
        "each[5]",
        "each[5]/send",
        "each[6]",
        "each[6]/poll",
        "each +4",
        "pay",
        "pay/first",
        "pay/usage",
        "pay/@undo/refund",
        "mail",
        "done",
        "@failure/usage",
    ];
    assert_eq!(tree(&state), shown);
    assert_eq!(state.run.as_ref().unwrap().steps.id.as_deref(), Some("each"), "where it is");
    // folded by a person it stays so, whatever the daemon tells
    press(&mut state, Key::Left);
    tell(&mut state, News::Run(nested("in_doubt")));
    assert_eq!(tree(&state)[..3], ["usage", "each", "pay"]);
    press(&mut state, Key::Right);
    assert_eq!(tree(&state), shown);
    // from inside the first time leads to what is around
    all(&mut state, &[Key::Down, Key::Down, Key::Left]);
    assert_eq!(state.run.as_ref().unwrap().steps.id.as_deref(), Some("each[2]"));
    all(&mut state, &[Key::Left, Key::Left]);
    assert_eq!(state.run.as_ref().unwrap().steps.id.as_deref(), Some("each"));
    assert_eq!(tree(&state)[2], "each[2]");
    assert_eq!(tree(&state)[3], "each[5]", "what is inside of that turn is hidden");
    // the row of the turns that are left out lies in its loop
    for _ in 0..6 {
        press(&mut state, Key::Down);
    }
    assert_eq!(tree(&state)[state.run.as_ref().unwrap().steps.index], "each +4");
    press(&mut state, Key::Left);
    assert_eq!(state.run.as_ref().unwrap().steps.id.as_deref(), Some("each"));
}

#[test]
fn of_a_selected_turn_that_goes_its_loop_is_selected() {
    let mut state = with_nested(SIZE, Language::English);
    all(&mut state, &[Key::Char('a')]);
    for _ in 0..4 {
        press(&mut state, Key::Down);
    }
    let want = |state: &State| state.wants().log.unwrap().step.unwrap().to_string();
    assert_eq!(want(&state), "each[5]/send");
    let mut later = nested("running");
    later.steps.retain(|step| !step.path.as_str().starts_with("each[5]"));
    tell(&mut state, News::Run(later));
    assert_eq!(want(&state), "each");
}

#[test]
fn a_run_opens_at_the_step_in_doubt_however_deep_it_lies() {
    let mut state = with_runs(SIZE, Language::English);
    all(&mut state, &[Key::Down, Key::Enter]);
    tell(&mut state, News::Run(nested("in_doubt")));
    let path = state.run.as_ref().unwrap().selected().unwrap().path.to_string();
    assert_eq!(path, "each[5]/send");
}

#[test]
fn a_decision_about_a_step_inside_of_others_names_its_path() {
    let mut state = with_nested(SIZE, Language::English);
    tell(&mut state, News::Run(nested("in_doubt")));
    let effects = all(&mut state, &[Key::Char('d'), Key::Char('2'), Key::Enter]);
    let path = "each[5]/send".parse().unwrap();
    let decision = Decision::Retry;
    assert_eq!(
        effects,
        [Effect::Call(Call::Resolve { run: runs()[1].run, path, all: false, decision })]
    );
    let command = format!("$ rpa resolve {} 'each[5]/send' re", runs()[1].run.short());
    assert!(text(&state).contains(&command), "{}", text(&state));
}

#[test]
fn all_doubts_of_a_loop_are_decided_alike_when_it_is_asked_for() {
    let mut state = with_nested(SIZE, Language::English);
    let mut detail = nested("in_doubt");
    tell(&mut state, News::Run(detail.clone()));
    all(&mut state, &[Key::Char('d'), Key::Char('4')]);
    assert!(!text(&state).contains("that are in doubt in"), "it is the only one");
    press(&mut state, Key::Esc);
    let mut other = detail.steps.iter().find(|s| s.status == "in_doubt").unwrap().clone();
    other.path = "each[2]/send".parse().unwrap();
    let at = detail.steps.iter().position(|s| s.path == other.path).unwrap();
    detail.steps[at] = other;
    tell(&mut state, News::Run(detail));
    let keys = [Key::Char('d'), Key::Char('4'), Key::Char('3')];
    all(&mut state, &keys);
    let shown = text(&state);
    assert!(shown.contains("4 [x]   all 2 that are in doubt in each alike"), "{shown}");
    let command = format!("$ rpa resolve {} each --all fail", runs()[1].run.short());
    assert!(shown.contains(&command), "{shown}");
    let effects = press(&mut state, Key::Enter);
    let (path, decision) = ("each".parse().unwrap(), Decision::Fail);
    assert_eq!(
        effects,
        [Effect::Call(Call::Resolve { run: runs()[1].run, path, all: true, decision })]
    );
}

#[test]
fn a_run_is_paused_and_goes_on_without_being_asked_about() {
    let mut state = with_nested(SIZE, Language::English);
    let run = runs()[1].run;
    assert_eq!(press(&mut state, Key::Char('p')), [Effect::Call(Call::Pause { run })]);
    assert!(text(&state).contains(&format!("$ rpa pause {}", run.short())), "{}", text(&state));
    let paused = nested("paused");
    tell(&mut state, News::Done(Box::new(Done::Paused(run, Ok(paused)))));
    assert!(text(&state).contains("is paused"), "{}", text(&state));
    assert!(press(&mut state, Key::Char('p')).is_empty(), "it is paused already");
    assert_eq!(press(&mut state, Key::Char('P')), [Effect::Call(Call::Resume { run })]);
    assert!(text(&state).contains(&format!("$ rpa resume {}", run.short())), "{}", text(&state));
    tell(&mut state, News::Done(Box::new(Done::Resumed(run, Ok(nested("running"))))));
    assert_eq!(state.calls, 0);
    // by its name, too
    press(&mut state, Key::Char(':'));
    type_text(&mut state, "pause");
    assert_eq!(press(&mut state, Key::Enter), [Effect::Call(Call::Pause { run })]);
    // one that has ended cannot be
    tell(&mut state, News::Run(nested("failed")));
    assert!(all(&mut state, &[Key::Char('p'), Key::Char('P')]).is_empty());
}

#[test]
fn marked_runs_are_paused_together() {
    let mut state = with_runs(SIZE, Language::English);
    let effects =
        all(&mut state, &[Key::Char(' '), Key::Char(' '), Key::Char(' '), Key::Char('p')]);
    assert_eq!(effects, [], "how many they are is to be typed");
    let effects = all(&mut state, &[Key::Char('2'), Key::Enter]);
    // the running one and the one in doubt; the failed one has ended
    let pause = |i: usize| Effect::Call(Call::Pause { run: runs()[i].run });
    assert_eq!(effects, [pause(0), pause(2)]);
    assert!(state.runs.cursor.marks.is_empty());
}

#[test]
fn a_filter_takes_effect_as_it_is_typed_and_esc_takes_it_back() {
    let mut state = with_runs(SIZE, Language::English);
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "status:failed wf:disk-report x");
    let want = state.wants().runs.unwrap();
    assert_eq!(want.statuses, ["failed"]);
    assert_eq!(want.contains.as_deref(), Some("x"));
    press(&mut state, Key::Enter);
    assert_eq!(state.wants().runs.unwrap(), want);
    all(&mut state, &[Key::Char('/'), Key::Char('y'), Key::Esc]);
    assert_eq!(state.wants().runs.unwrap(), want, "as it was");
    press(&mut state, Key::Esc);
    assert!(state.runs.filter.is_empty());
}

#[test]
fn only_what_is_shown_of_a_log_is_asked_for() {
    let mut state = with_run(SIZE, Language::English);
    let want = state.wants().log.unwrap();
    assert_eq!(want.anchor, LogAnchor::Tail);
    assert!(want.before + want.after < 300, "{want:?}");
    all(&mut state, &[Key::Char('l'), Key::Char('f')]);
    log(&mut state, 64, 1_000_000);
    for _ in 0..20 {
        press(&mut state, Key::Up);
    }
    assert!(!state.run.as_ref().unwrap().log.follow);
    for _ in 0..40 {
        press(&mut state, Key::PageUp);
        log(&mut state, 128, 1_000_000);
    }
    let top = state.run.as_ref().unwrap().log.top;
    assert!((999_000..999_500).contains(&top), "{top}");
    press(&mut state, Key::Char('g'));
    log(&mut state, 128, 1_000_000);
    assert!(text(&state).contains("line 0 of a long log"), "{}", text(&state));
    press(&mut state, Key::Char('G'));
    log(&mut state, 128, 1_000_000);
    assert!(text(&state).contains("line 999999 of a long log"), "{}", text(&state));
}

#[test]
fn a_cyrillic_key_is_understood_once_the_layout_is_known() {
    let mut state = with_runs(SIZE, Language::Bulgarian);
    press(&mut state, Key::Char('т'));
    assert!(matches!(state.overlay, Some(Overlay::Keyboard(_))));
    let effects = all(&mut state, &[Key::Down, Key::Enter]);
    assert_eq!(effects, [Effect::Save]);
    assert_eq!(state.settings.keyboard, Layout::Bds);
    press(&mut state, Key::Char('т'));
    assert_eq!(state.runs.cursor.index, 1, "т stands where j does");
    // text is text
    all(&mut state, &[Key::Char('/'), Key::Char('т')]);
    assert_eq!(state.runs.filter.text, "т");
}

#[test]
fn without_a_daemon_it_is_useful_and_tries_again() {
    let mut state = fresh(SIZE, Language::English);
    tell(&mut state, News::Lost(away()));
    assert!(state.wants() == Default::default());
    let at = state.wake_at().expect("it tries again");
    assert_eq!(update(&mut state, at, Msg::Tick), [Effect::Connect]);
    tell(&mut state, News::Up);
    assert!(state.wants().workflows);
    let mut state = with_run(SIZE, Language::English);
    tell(&mut state, News::Lost(away()));
    assert!(text(&state).contains("line 999999"), "what is known stays");
    assert_eq!(press(&mut state, Key::Ctrl('r')), [Effect::Connect]);
}

#[test]
fn nothing_wakes_a_console_on_which_nothing_moves() {
    let mut state = with_runs(SIZE, Language::English);
    state.runs.rows.retain(|run| run.status == "completed");
    assert_eq!(state.wake_at(), None);
    let state = with_runs(SIZE, Language::English);
    assert_eq!(state.wake_at(), Some(NOW + 1_000), "a run's duration grows");
}

#[test]
fn esc_with_a_key_right_behind_it_is_two_keys() {
    let mut state = with_run(SIZE, Language::English);
    press(&mut state, Key::Char('?'));
    press(&mut state, Key::Alt('j'));
    assert!(state.overlay.is_none());
    press(&mut state, Key::Alt('2'));
    assert!(state.run.is_none() && state.root == Root::Runs, "Alt-2 is a key of ours");
    let mut state = with_runs(SIZE, Language::English);
    press(&mut state, Key::Alt('j'));
    assert_eq!(state.root, Root::Workflows);
    assert_eq!(state.workflows.cursor.index, 1);
}

#[test]
fn of_one_step_it_is_said_when_its_lines_are_still_looked_for() {
    let mut state = with_run(SIZE, Language::English);
    press(&mut state, Key::Enter);
    let want = state.wants().log.unwrap();
    assert!(want.step.is_some());
    let looked = |from: u64| rpa_ipc::view::LogWindow {
        lines: Vec::new(),
        from,
        to: 500_000,
        total: 500_000,
        bytes: 1,
        ended: true,
    };
    tell(&mut state, News::Log { want: want.clone(), window: looked(400_000) });
    assert!(text(&state).contains("looking for its lines"), "{}", text(&state));
    tell(&mut state, News::Log { want, window: looked(0) });
    assert!(text(&state).contains("ended without a line"), "{}", text(&state));
}

#[test]
fn the_language_changes_at_once() {
    let mut state = with_runs(SIZE, Language::English);
    assert_eq!(press(&mut state, Key::F(12)), [Effect::Save]);
    assert!(text(&state).contains("ИЗПЪЛНЕНИЕ"), "{}", text(&state));
}
