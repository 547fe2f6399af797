//! Every screen at every small size, and with text that means harm.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rpa_ipc::Language;
use rpa_ipc::fault::Arg;
use rpa_ipc::view::LogWindow;

use super::home::{with_find, with_home, with_locks, with_settings};
use super::ledger::with_ledger;
use super::notifications::with_notifications;
use super::palette::{with_composer, with_reader};
use super::paper::{paint, text};
use super::sample::{
    NOW, approval, away, connected, detail, fresh, history, log, press, tell, told, with_asking,
    with_deliveries, with_nested, with_run, with_runs, with_timed, with_timed_loops, with_trigger,
    with_triggers, with_upcoming,
};
use super::workflow_sample::{
    with_graph, with_plan, with_problems, with_revisions, with_stale, with_text, with_workflow,
};
use crate::console::keys::Key;
use crate::console::state::{Msg, News, SMALLEST, State, update};
use crate::console::view::{self, pen::Pen};

/// Screens and dialogs, opened where there is room.
fn screens(language: Language) -> Vec<State> {
    let keys = |make: fn((u16, u16), Language) -> State, keys: &[Key]| {
        let mut state = make((100, 30), language);
        for key in keys {
            press(&mut state, *key);
        }
        state
    };
    let mut all = vec![
        fresh((100, 30), language),
        keys(connected, &[]),
        keys(connected, &[Key::Down, Key::Char('R'), Key::F(8)]),
        keys(with_runs, &[Key::Char('?')]),
        keys(with_runs, &[Key::Char(':'), Key::Char('r')]),
        keys(with_runs, &[Key::Char('/'), Key::Char('x')]),
        keys(with_runs, &[Key::Char('x')]),
        keys(with_runs, &[Key::Char('*'), Key::Char('x'), Key::Char('6')]),
        keys(with_runs, &[Key::Char('т')]),
        keys(with_run, &[]),
        keys(with_nested, &[]),
        keys(with_nested, &[Key::Right, Key::End, Key::Up, Key::Right, Key::Char('i')]),
        keys(with_run, &[Key::Char('i'), Key::Char('f')]),
        keys(with_run, &[Key::Char('l'), Key::Char('w'), Key::Char('f')]),
    ];
    let mut form = super::again::with_other_revision((100, 30), language);
    press(&mut form, Key::Char('b'));
    all.push(form);
    let mut repeat = keys(with_run, &[]);
    super::again::refuse_to_repeat(&mut repeat);
    all.push(repeat);
    let mut doubt = keys(with_run, &[]);
    tell(&mut doubt, News::Run(detail("in_doubt")));
    press(&mut doubt, Key::Char('d'));
    all.push(doubt);
    let mut why = keys(with_run, &[Key::Char('W')]);
    all.push(keys(with_run, &[Key::Char('W')]));
    super::sample::why(&mut why, 30);
    press(&mut why, Key::End);
    all.push(why);
    all.push(keys(with_asking, &[Key::Char('d'), Key::Tab]));
    all.push(keys(with_asking, &[Key::Char('d'), Key::Tab, Key::Tab, Key::Tab]));
    let mut asked = keys(with_runs, &[]);
    tell(&mut asked, News::Asked { rows: vec![approval(); 40], more: true });
    press(&mut asked, Key::Char('4'));
    all.push(asked);
    all.push(keys(with_triggers, &[Key::Down]));
    all.push(keys(with_upcoming, &[Key::Down]));
    all.push(keys(with_trigger, &[Key::End]));
    all.push(keys(with_trigger, &[Key::Tab, Key::End]));
    all.push(keys(with_deliveries, &[Key::End]));
    all.push(keys(with_trigger, &[Key::Char('p'), Key::Char('x'), Key::Enter]));
    let mut backfill = keys(with_trigger, &[Key::Char('b')]);
    super::sample::show_backfill(&mut backfill, 40);
    press(&mut backfill, Key::PageDown);
    all.push(backfill);
    all.push(keys(with_trigger, &[Key::Char('S'), Key::F(8)]));
    let mut tested = super::sample::with_tested((100, 30), language, true);
    press(&mut tested, Key::PageDown);
    all.push(tested);
    all.push(keys(super::groups::with_groups, &[Key::End]));
    all.push(super::groups::with_retry_of_all((100, 30), language));
    all.push(super::again::with_retry((100, 30), language));
    all.push(keys(with_run, &[Key::Char('l'), Key::Char('S')]));
    all.push(keys(with_home, &[Key::End]));
    all.push(keys(with_notifications, &[Key::Char(' '), Key::End]));
    all.push(keys(with_notifications, &[Key::Char('A')]));
    all.push(keys(with_locks, &[Key::End]));
    all.push(keys(with_ledger, &[Key::End]));
    all.push(keys(with_reader, &[Key::End, Key::Char('/')]));
    all.push(keys(with_composer, &[Key::Down]));
    all.push(keys(with_locks, &[Key::Char('e')]));
    all.push(keys(with_locks, &[Key::Down, Key::Char('D')]));
    all.push(keys(with_settings, &[Key::End]));
    all.push(keys(with_find, &[Key::End, Key::Down]));
    let mut welcome = keys(with_home, &[]);
    tell(&mut welcome, News::Workflows(Vec::new()));
    all.push(welcome);
    all.push(keys(with_workflow, &[Key::End]));
    all.push(keys(with_workflow, &[Key::Tab, Key::End, Key::Char('f')]));
    all.push(keys(with_workflow, &[Key::Tab, Key::Tab]));
    for shown in [Key::Char('v'), Key::Char('z'), Key::Char('H')] {
        for make in [with_timed, with_timed_loops] {
            let mut run = keys(make, &[shown]);
            history(&mut run, 30);
            press(&mut run, Key::End);
            all.push(run);
        }
    }
    all.push(keys(with_graph, &[Key::End]));
    all.push(keys(with_graph, &[Key::Char('+'), Key::Char('f')]));
    all.push(keys(with_revisions, &[Key::End, Key::Char('B')]));
    all.push(with_text((100, 30), language, true));
    all.push(with_text((100, 30), language, false));
    all.push(keys(with_plan, &[Key::End]));
    all.push(with_problems((100, 30), language));
    all.push(keys(with_stale, &[Key::End]));
    all.push(keys(connected, &[Key::Char('n'), Key::Char('x'), Key::Enter]));
    all.extend(super::editor_screens::every(language));
    let mut lost = keys(with_run, &[]);
    tell(&mut lost, News::Lost(away()));
    all.push(lost);
    all
}

#[test]
fn every_screen_is_painted_at_every_small_size() {
    let tiny = (1..=12).flat_map(|height| (1..=40).map(move |width| (width, height)));
    let small = (15..=22).step_by(3).flat_map(|h| [60, 61, 79, 161].map(|w| (w, h)));
    for state in &mut screens(Language::Bulgarian) {
        for size in tiny.clone().chain(small.clone()) {
            update(state, NOW, Msg::Resize(size.0, size.1));
            let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
            // also where the message would stand instead: sizes change at any moment
            view::paint(state, &mut Pen::new(&mut buffer, state));
            let shown = text(state);
            if state.too_small() && size.0 >= 8 {
                assert!(shown.starts_with(&format!("{}x{}", size.0, size.1)), "{shown}");
            }
        }
    }
}

#[test]
fn the_smallest_size_still_shows_the_list_and_the_hints() {
    let state = with_runs(SMALLEST, Language::English);
    let shown = text(&state);
    assert!(shown.contains("disk-report"), "{shown}");
    assert!(shown.contains("Enter open"), "{shown}");
}

#[test]
fn what_means_harm_never_gets_a_cell() {
    let hostile = "\u{1b}]52;c;aGk=\u{7}\u{9b}2J\u{202e}gnp.exe\u{2066}\t\u{200f}\u{85}x";
    for size in [(80, 24), (160, 45)] {
        let mut state = with_run(size, Language::English);
        let mut detail = detail("failed");
        detail.summary.actor = hostile.into();
        detail.summary.workflow = hostile.into();
        detail.steps[0].reason = hostile.into();
        detail.steps[0].kind = hostile.into();
        detail.inputs.push((hostile.into(), rpa_engine::Value::from(hostile)));
        tell(&mut state, News::Run(detail));
        log(&mut state, 10, 10);
        let mut window: LogWindow = state.run.as_ref().unwrap().log.window.clone().unwrap();
        for line in &mut window.lines {
            line.text = hostile.into();
            line.path = hostile.into();
        }
        let want = state.wants().log.unwrap();
        tell(&mut state, News::Log { want, window });
        let run = state.run.as_ref().unwrap().run;
        let mut tellings = told(3);
        for telling in &mut tellings {
            telling.text = hostile.into();
            telling.what.args.push(("by".into(), Arg::Text(hostile.into())));
            telling.what.id = hostile.into();
        }
        tell(&mut state, News::Events { run, first: true, left_out: 0, tellings });
        let panes = [&[][..], &[Key::Char('i')], &[Key::Char('z')], &[Key::Char('H')]];
        let last = [&[Key::Char('v')][..], &[Key::Char('?')]];
        for keys in panes.into_iter().chain(last) {
            keys.iter().for_each(|key| {
                press(&mut state, *key);
            });
            for cell in &paint(&state).content {
                // bidi signs are left to the last guard before the terminal; control
                // characters never get that far
                assert!(!cell.symbol().chars().any(char::is_control), "{:?}", cell.symbol());
            }
        }
    }
}
