//! Every screen and dialog at the usual sizes, in both languages.

use rpa_engine::RunId;
use rpa_ipc::view::RunnerView;
use rpa_ipc::{FaultCode, Language, fault};

use super::paper::styled;
use super::sample;
use super::sample::{
    away, calling, connected, detail, fresh, nested, press, tell, type_text, with_asking,
    with_deliveries, with_nested, with_run, with_runs, with_trigger, with_trigger_of,
    with_triggers, with_upcoming,
};
use crate::console::keys::Key;
use crate::console::state::{Ballot, Done, News, Overlay, SMALLEST};

#[test]
fn workflows() {
    check!("workflows", |size, language| {
        let mut state = connected(size, language);
        press(&mut state, Key::Down);
        state
    });
}

#[test]
fn workflows_that_take_no_runs() {
    check!("workflows-states", |size, language| {
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
    check!("workflows-none", |size, language| {
        let mut state = connected(size, language);
        tell(&mut state, News::Workflows(Vec::new()));
        state
    });
}

#[test]
fn runs() {
    check!("runs", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Down);
        press(&mut state, Key::Char(' '));
        state
    });
}

#[test]
fn runs_while_a_filter_is_typed() {
    check!("runs-filter", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Char('/'));
        type_text(&mut state, "status:fine");
        state
    });
}

#[test]
fn a_failed_run() {
    check!("run", with_run);
}

#[test]
fn a_run_with_steps_in_steps() {
    check!("run-nested", with_nested);
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
    check!("run-paused", |size, language| {
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
    check!("run-data", |size, language| {
        let mut state = with_run(size, language);
        for key in [Key::Down, Key::Down, Key::Char('i'), Key::Char('f')] {
            press(&mut state, key);
        }
        state
    });
}

#[test]
fn the_log_alone_after_a_search() {
    check!("log", |size, language| {
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
    check!("resolve", |size, language| {
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
fn a_run_that_asks_for_approval() {
    check!("run-asking", with_asking);
}

#[test]
fn a_run_that_waits_for_one_that_it_has_called() {
    check!("run-calling", |size, language| {
        let mut state = with_run(size, language);
        let mut detail = calling(RunId(0x7777));
        detail.parent = Some((RunId(0x4444), "each[3]/release".parse().unwrap()));
        tell(&mut state, News::Run(detail));
        for key in [Key::Home, Key::Down, Key::Down, Key::Char('i')] {
            press(&mut state, key);
        }
        state
    });
}

#[test]
fn a_run_that_others_keep_from_beginning() {
    check!("run-gate", |size, language| {
        let mut state = with_run(size, language);
        let mut detail = detail("queued");
        detail.gate = "waits until other runs with the key eu have ended".into();
        detail.summary.broken = vec!["start".into()];
        tell(&mut state, News::Run(detail));
        state
    });
}

#[test]
fn approving_what_a_step_asks() {
    check!("vote", |size, language| {
        let mut state = with_asking(size, language);
        for key in [Key::Char('d'), Key::Tab] {
            press(&mut state, key);
        }
        type_text(&mut state, "OPS-7");
        state
    });
    for language in Language::ALL {
        let mut state = with_asking(SMALLEST, language);
        press(&mut state, Key::Char('d'));
        insta::assert_snapshot!(format!("vote-begun-60x15-{language}"), styled(&state));
    }
}

#[test]
fn an_approval_that_is_refused() {
    check!("vote-refused", |size, language| {
        let mut state = with_asking(size, language);
        for key in [Key::Char('d'), Key::Left, Key::Enter] {
            press(&mut state, key);
        }
        let Some(Overlay::Vote(dialog)) = &state.overlay else { panic!("no dialog") };
        let ballot = Ballot {
            run: dialog.asked.run,
            path: dialog.asked.path.clone(),
            approves: false,
            digest: dialog.asked.digest.clone(),
            fields: Vec::new(),
            comment: String::new(),
        };
        let fault = fault!(FaultCode::NotApprover, "not-an-approver", run = "444455550001");
        tell(&mut state, News::Done(Box::new(Done::Voted(ballot, Err(fault)))));
        state
    });
}

#[test]
fn what_people_are_asked() {
    check!("asked", |size, language| {
        let mut state = with_runs(size, language);
        let mut other = sample::approval();
        (other.run, other.workflow) = (RunId(0x4444), "default/rollout-of-everything".into());
        tell(&mut state, News::Asked { rows: vec![sample::approval(), other], more: true });
        for key in [Key::Char('4'), Key::Down] {
            press(&mut state, key);
        }
        state
    });
}

#[test]
fn runs_that_ask_are_late_or_were_called() {
    check!("runs-marked", |size, language| {
        let mut state = with_runs(size, language);
        let mut rows = sample::runs();
        rows[0] = sample::asking().summary;
        (rows[1].called, rows[1].broken) = (true, vec!["start".into(), "finish".into()]);
        (rows[5].called, rows[5].needs_person) = (true, false);
        let want = state.wants().runs.expect("runs are wanted");
        tell(&mut state, News::Runs { want, rows, more: false });
        state
    });
}

#[test]
fn running_again_from_a_step() {
    check!("again", |size, language| {
        let mut state = super::again::with_other_revision(size, language);
        for key in [Key::Char('b'), Key::Down, Key::Down, Key::Down, Key::Down, Key::Down] {
            press(&mut state, key);
        }
        state
    });
}

#[test]
fn repeating_what_must_not_be_repeated() {
    check!("repeat", |size, language| {
        let mut state = with_run(size, language);
        press(&mut state, Key::Char('T'));
        super::again::refuse_to_repeat(&mut state);
        state
    });
}

#[test]
fn a_run_that_takes_over_while_its_time_stands_still() {
    check!("run-again", |size, language| {
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
    check!("form", |size, language| {
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
    check!("cancel", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Char('x'));
        state
    });
}

#[test]
fn cancelling_several_runs() {
    check!("cancel-several", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Char('*'));
        press(&mut state, Key::Char('x'));
        state
    });
}

#[test]
fn help() {
    check!("help", |size, language| {
        let mut state = with_run(size, language);
        press(&mut state, Key::Char('?'));
        state
    });
}

#[test]
fn why_a_run_failed() {
    check!("why", |size, language| {
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
    check!("why-step", |size, language| {
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
    check!("palette", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Char(':'));
        type_text(&mut state, "lan");
        state
    });
}

#[test]
fn the_choice_of_a_keyboard() {
    check!("keyboard", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::Char('т'));
        state
    });
}

#[test]
fn triggers() {
    check!("triggers", with_triggers);
}

#[test]
fn triggers_before_there_are_any() {
    check!("triggers-none", |size, language| {
        let mut state = with_triggers(size, language);
        tell(&mut state, News::Triggers(Vec::new()));
        state
    });
}

#[test]
fn a_trigger_with_its_slots() {
    let make = |size, language| {
        let mut state = with_trigger(size, language);
        press(&mut state, Key::Down);
        press(&mut state, Key::Down);
        state
    };
    check!("trigger", make);
}

#[test]
fn what_comes_of_a_trigger() {
    check!("trigger-coming", |size, language| {
        let mut state = with_trigger(size, language);
        press(&mut state, Key::Tab);
        state
    });
}

#[test]
fn a_trigger_that_the_daemon_has_paused() {
    check!("trigger-paused", |size, language| with_trigger_of("quarter", size, language));
}

#[test]
fn a_trigger_with_its_deliveries() {
    let make = |size, language| {
        let mut state = with_deliveries(size, language);
        press(&mut state, Key::Down);
        state
    };
    check!("deliveries", make);
}

#[test]
fn a_trigger_that_nothing_has_reached() {
    check!("deliveries-none", |size, language| {
        let mut state = with_deliveries(size, language);
        sample::answer_deliveries(&mut state, 0, false);
        state
    });
}

#[test]
fn a_trigger_of_a_kind_that_has_no_times() {
    check!("trigger-hook", |size, language| {
        let mut state = with_trigger_of("hook", size, language);
        press(&mut state, Key::Tab);
        state
    });
}

#[test]
fn what_fires_next() {
    let make = |size, language| {
        let mut state = with_upcoming(size, language);
        press(&mut state, Key::Down);
        state
    };
    check!("upcoming", make);
}

#[test]
fn the_help_of_a_trigger() {
    check!("trigger-help", |size, language| {
        let mut state = with_trigger(size, language);
        press(&mut state, Key::Char('?'));
        state
    });
}

#[test]
fn pausing_a_trigger() {
    check!("order", |size, language| {
        let mut state = with_trigger(size, language);
        press(&mut state, Key::Char('p'));
        press(&mut state, Key::Enter);
        state
    });
    check!("order-disable", |size, language| {
        let mut state = with_trigger(size, language);
        press(&mut state, Key::Char('o'));
        type_text(&mut state, "it's over");
        state
    });
}

#[test]
fn slots_that_would_have_runs() {
    let make = |size, language| {
        let mut state = with_trigger(size, language);
        press(&mut state, Key::Char('b'));
        sample::show_backfill(&mut state, 30);
        state
    };
    check!("backfill", make);
}

#[test]
fn a_backfill_of_a_time_that_cannot_be() {
    check!("backfill-wrong", |size, language| {
        let mut state = with_trigger(size, language);
        press(&mut state, Key::Char('b'));
        press(&mut state, Key::Ctrl('u'));
        type_text(&mut state, "yesterday");
        press(&mut state, Key::Enter);
        press(&mut state, Key::Enter);
        press(&mut state, Key::Enter);
        state
    });
}

#[test]
fn a_refusal() {
    check!("refusal", |size, language| {
        let mut state = connected(size, language);
        let fault = fault!(FaultCode::NoRun, "no-run", id = "ffff", namespace = "default");
        let done = Done::Cancelled(RunId(1), Err(fault));
        tell(&mut state, News::Done(Box::new(done)));
        state
    });
}

#[test]
fn away_from_the_start() {
    check!("away-at-start", |size, language| {
        let mut state = fresh(size, language);
        tell(&mut state, News::Lost(away()));
        state
    });
}

#[test]
fn away_with_a_run_open() {
    check!("away", |size, language| {
        let mut state = with_run(size, language);
        tell(&mut state, News::Lost(away()));
        state
    });
}

/// Where steps cannot run as they should, the first line says so.
#[test]
fn a_runner_that_is_not_as_it_should_be() {
    let words = [
        (Language::English, ["no runner", "old runner"]),
        (Language::Bulgarian, ["няма изпълнител", "стар изпълнител"]),
    ];
    for (language, [gone, retiring]) in words {
        for word in ["gone", "retiring", "ready"] {
            let mut state = connected((80, 24), language);
            let mut status = sample::status();
            status.runner = Some(RunnerView {
                pid: 7,
                version: "0.1.0".into(),
                state: word.into(),
                reason: String::new(),
                attempts: 0,
            });
            tell(&mut state, News::Status(status));
            let screen = styled(&state);
            let first: String = screen.lines().take(3).collect();
            assert_eq!(first.contains(gone), word == "gone", "{word}: {first}");
            assert_eq!(first.contains(retiring), word == "retiring", "{word}: {first}");
        }
    }
}

#[test]
fn firing_a_trigger() {
    let make = |size, language| {
        let mut state = with_trigger(size, language);
        press(&mut state, Key::Char('S'));
        type_text(&mut state, r#"{"id": 1}"#);
        state
    };
    check!("fire", make);
}

#[test]
fn what_would_come_of_a_trigger() {
    check!("tested", |size, language| sample::with_tested(size, language, true));
    check!("tested-none", |size, language| sample::with_tested(size, language, false));
}
