//! The visual editor at the usual sizes, in both languages.

use rpa_ipc::Language;
use rpa_ipc::catalog::Planned;

use super::sample::{press, tell, type_text};
use super::workflow_sample::{with_bad_draft, with_editor, with_form};
use crate::console::keys::Key;
use crate::console::state::{Done, News, State};

fn keys(
    make: fn((u16, u16), Language) -> State,
    keys: &'static [Key],
) -> impl Fn((u16, u16), Language) -> State {
    move |size, language| {
        let mut state = make(size, language);
        keys.iter().for_each(|key| {
            press(&mut state, *key);
        });
        state
    }
}

/// After one change.
fn with_change(size: (u16, u16), language: Language) -> State {
    let mut state = with_editor(size, language);
    for key in [Key::End, Key::Up, Key::Up, Key::Char('D'), Key::Char('y')] {
        press(&mut state, key);
    }
    assert!(state.editor().is_some_and(|editor| editor.is_changed()));
    state.notice = None;
    state
}

/// The field of several lines is being typed in.
fn with_area(size: (u16, u16), language: Language) -> State {
    let mut state = with_form(size, language);
    let fields = state.editor().expect("the editor").fields();
    let at = fields.iter().position(|field| field.key == "run").expect("a command");
    (0..at).for_each(|_| {
        press(&mut state, Key::Down);
    });
    press(&mut state, Key::Enter);
    type_text(&mut state, "# всички дискове");
    press(&mut state, Key::Enter);
    state
}

/// All of it, for other tests.
pub fn every(language: Language) -> Vec<State> {
    const SIZE: (u16, u16) = (100, 30);
    vec![
        keys(with_editor, &[Key::End])(SIZE, language),
        keys(with_editor, &[Key::Char('v'), Key::Down])(SIZE, language),
        keys(with_editor, &[Key::Char('f')])(SIZE, language),
        keys(with_editor, &[Key::Char('a'), Key::Char('l')])(SIZE, language),
        keys(with_editor, &[Key::Char('a'), Key::Enter])(SIZE, language),
        keys(with_editor, &[Key::Down, Key::Char('L')])(SIZE, language),
        keys(with_editor, &[Key::Down, Key::Char('m'), Key::End])(SIZE, language),
        keys(with_editor, &[Key::Down, Key::Char('D')])(SIZE, language),
        keys(with_form, &[Key::End])(SIZE, language),
        keys(with_form, &[Key::Char('f'), Key::Enter])(SIZE, language),
        with_area(SIZE, language),
        keys(with_bad_draft, &[Key::F(5), Key::F(5)])(SIZE, language),
        keys(with_change, &[Key::Esc])(SIZE, language),
        keys(with_change, &[Key::Char('1'), Key::Char('e')])(SIZE, language),
    ]
}

#[test]
fn steps_and_their_form() {
    check!("editor", keys(with_editor, &[Key::Down]));
}

#[test]
fn the_form_of_a_step() {
    check!("editor-form", keys(with_form, &[Key::Down, Key::Down]));
}

#[test]
fn steps_as_boxes() {
    check!("editor-graph", keys(with_editor, &[Key::Char('v'), Key::Down]));
}

#[test]
fn what_a_new_step_is() {
    check!("editor-kinds", keys(with_editor, &[Key::Char('a')]));
}

#[test]
fn the_id_of_a_new_step() {
    check!(
        "editor-id",
        keys(with_editor, &[Key::Char('a'), Key::Enter, Key::Char('-'), Key::Enter]),
    );
}

#[test]
fn what_a_step_comes_after() {
    check!("editor-link", keys(with_editor, &[Key::Down, Key::Char('L')]));
}

#[test]
fn where_a_step_goes() {
    check!("editor-move", keys(with_editor, &[Key::Down, Key::Char('m'), Key::Down]));
}

#[test]
fn before_a_step_goes() {
    check!("editor-delete", keys(with_editor, &[Key::Down, Key::Char('D')]));
}

#[test]
fn a_step_that_cannot_go() {
    check!("editor-delete-refused", keys(with_editor, &[Key::Char('D')]));
}

#[test]
fn what_was_typed_is_not_taken_over() {
    check!("editor-area-leave", |size, language| {
        let mut state = with_area(size, language);
        press(&mut state, Key::Esc);
        state
    });
}

#[test]
fn what_would_change_of_a_draft() {
    check!("editor-save", |size, language| {
        let mut state = with_change(size, language);
        press(&mut state, Key::F(8));
        let name = state.editor().expect("the editor").name.clone();
        let file = state.drafts.path(&name).display().to_string();
        let plan = Planned::Plan(Box::new(crate::cli::sample::plan()));
        tell(&mut state, News::Done(Box::new(Done::Planned(file, Ok(plan)))));
        state
    });
}

#[test]
fn a_draft_that_another_console_has_open() {
    check!("editor-found-held", |size, language| {
        let mut state = with_change(size, language);
        press(&mut state, Key::Char('1'));
        for kept in &mut state.drafts.kept {
            (kept.held, kept.name.process) = (true, 7);
        }
        press(&mut state, Key::Char('e'));
        state
    });
}

#[test]
fn several_lines_are_typed() {
    check!("editor-area", with_area);
}

#[test]
fn a_draft_with_problems() {
    check!("editor-problems", keys(with_bad_draft, &[Key::F(5), Key::F(5)]));
}

#[test]
fn leaving_with_changes() {
    check!("editor-leave", keys(with_change, &[Key::Esc]));
}

#[test]
fn a_draft_that_was_kept() {
    check!("editor-found", keys(with_change, &[Key::Char('1'), Key::Char('e')]));
}
