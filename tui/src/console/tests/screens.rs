//! Every screen and dialog at the usual sizes, in both languages.

use rpa_engine::RunId;
use rpa_ipc::{FaultCode, Language, fault};

use super::paper::styled;
use super::sample;
use super::sample::{
    away, connected, detail, fresh, nested, press, tell, type_text, with_nested, with_run,
    with_runs,
};
use crate::console::keys::Key;
use crate::console::state::{Done, News, SMALLEST, State};

const SIZES: [(u16, u16); 3] = [(80, 24), (160, 45), (80, 50)];

/// A snapshot of the state in each size and language.
fn check(name: &str, make: impl Fn((u16, u16), Language) -> State) {
    for size in SIZES {
        for language in Language::ALL {
            let state = make(size, language);
            let name = format!("{name}-{}x{}-{language}", size.0, size.1);
            insta::assert_snapshot!(name, styled(&state));
        }
    }
}

#[test]
fn workflows() {
    check("workflows", |size, language| {
        let mut state = connected(size, language);
        press(&mut state, Key::Down);
        state
    });
}

#[test]
fn workflows_that_take_no_runs() {
    check("workflows-states", |size, language| {
        let mut state = connected(size, language);
        let mut rows = sample::workflows();
        for (row, word) in rows.iter_mut().zip(["disabled", "draft", "archived"]) {
            row.state = sample::state(word);
        }
        tell(&mut state, News::Workflows(rows));
        state
    });
}

#[test]
fn workflows_before_there_are_any() {
    check("workflows-none", |size, language| {
        let mut state = connected(size, language);
        tell(&mut state, News::Workflows(Vec::new()));
        state
    });
}

#[test]
fn runs() {
    check("runs", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Down);
        press(&mut state, Key::Char(' '));
        state
    });
}

#[test]
fn runs_while_a_filter_is_typed() {
    check("runs-filter", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Char('/'));
        type_text(&mut state, "status:fine");
        state
    });
}

#[test]
fn a_failed_run() {
    check("run", with_run);
}

#[test]
fn a_run_with_steps_in_steps() {
    check("run-nested", with_nested);
}

#[test]
fn a_run_with_steps_in_steps_in_the_least_room_and_in_ascii() {
    for language in Language::ALL {
        let mut state = with_nested(SMALLEST, language);
        insta::assert_snapshot!(format!("run-nested-60x15-{language}"), styled(&state));
        state.look.unicode = false;
        insta::assert_snapshot!(format!("run-nested-ascii-60x15-{language}"), styled(&state));
    }
}

#[test]
fn a_paused_run_with_all_its_steps_shown() {
    check("run-paused", |size, language| {
        let mut state = with_nested(size, language);
        tell(&mut state, News::Run(nested("paused")));
        for key in [Key::Home, Key::Down, Key::Left, Key::End, Key::Up, Key::Up, Key::Right] {
            press(&mut state, key);
        }
        press(&mut state, Key::Char('P'));
        state
    });
}

#[test]
fn the_data_of_a_run() {
    check("run-data", |size, language| {
        let mut state = with_run(size, language);
        for key in [Key::Down, Key::Down, Key::Char('i'), Key::Char('f')] {
            press(&mut state, key);
        }
        state
    });
}

#[test]
fn the_log_alone_after_a_search() {
    check("log", |size, language| {
        let mut state = with_run(size, language);
        for key in [Key::Char('l'), Key::Char('f'), Key::Up, Key::Char('/')] {
            press(&mut state, key);
        }
        type_text(&mut state, "full");
        press(&mut state, Key::Enter);
        let query = state.wants().find.expect("a search");
        let found = rpa_ipc::view::LogFound { line: Some(999_981), next: 0, done: true };
        tell(&mut state, News::Found { query, found });
        state.notice = None;
        state
    });
}

#[test]
fn deciding_about_a_step_in_doubt() {
    check("resolve", |size, language| {
        let mut state = with_run(size, language);
        tell(&mut state, News::Run(detail("in_doubt")));
        for key in [Key::Char('d'), Key::Char('1')] {
            press(&mut state, key);
        }
        type_text(&mut state, "id=7");
        state
    });
}

#[test]
fn running_again_from_a_step() {
    check("again", |size, language| {
        let mut state = super::again::with_other_revision(size, language);
        for key in [Key::Char('b'), Key::Down, Key::Down, Key::Down, Key::Down, Key::Down] {
            press(&mut state, key);
        }
        state
    });
}

#[test]
fn repeating_what_must_not_be_repeated() {
    check("repeat", |size, language| {
        let mut state = with_run(size, language);
        press(&mut state, Key::Char('T'));
        super::again::refuse_to_repeat(&mut state);
        state
    });
}

#[test]
fn a_run_that_takes_over_while_its_time_stands_still() {
    check("run-again", |size, language| {
        let mut state = with_run(size, language);
        let mut new = detail("in_doubt");
        new.rerun_of = Some(RunId(0x4444));
        new.held_ms = Some(245_000);
        tell(&mut state, News::Run(new));
        state
    });
}

#[test]
fn the_form() {
    check("form", |size, language| {
        let mut state = connected(size, language);
        for key in [Key::Down, Key::Char('R')] {
            press(&mut state, key);
        }
        type_text(&mut state, "много");
        press(&mut state, Key::F(8));
        state
    });
}

#[test]
fn cancelling_one_run() {
    check("cancel", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Char('x'));
        state
    });
}

#[test]
fn cancelling_several_runs() {
    check("cancel-several", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Char('*'));
        press(&mut state, Key::Char('x'));
        state
    });
}

#[test]
fn help() {
    check("help", |size, language| {
        let mut state = with_run(size, language);
        press(&mut state, Key::Char('?'));
        state
    });
}

#[test]
fn why_a_run_failed() {
    check("why", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Down);
        press(&mut state, Key::Char('W'));
        sample::why(&mut state, 2);
        state.notice = None;
        state
    });
}

#[test]
fn why_a_step_was_skipped() {
    check("why-step", |size, language| {
        let mut state = with_run(size, language);
        press(&mut state, Key::Down);
        press(&mut state, Key::Char('W'));
        sample::why(&mut state, 40);
        press(&mut state, Key::PageDown);
        press(&mut state, Key::PageUp);
        state
    });
}

#[test]
fn the_palette() {
    check("palette", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Char(':'));
        type_text(&mut state, "lan");
        state
    });
}

#[test]
fn the_choice_of_a_keyboard() {
    check("keyboard", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Char('т'));
        state
    });
}

#[test]
fn a_refusal() {
    check("refusal", |size, language| {
        let mut state = connected(size, language);
        let fault = fault!(FaultCode::NoRun, "no-run", id = "ffff", namespace = "default");
        let done = Done::Cancelled(RunId(1), Err(fault));
        tell(&mut state, News::Done(Box::new(done)));
        state
    });
}

#[test]
fn away_from_the_start() {
    check("away-at-start", |size, language| {
        let mut state = fresh(size, language);
        tell(&mut state, News::Lost(away()));
        state
    });
}

#[test]
fn away_with_a_run_open() {
    check("away", |size, language| {
        let mut state = with_run(size, language);
        tell(&mut state, News::Lost(away()));
        state
    });
}
