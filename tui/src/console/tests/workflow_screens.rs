//! The screens and dialogs of one workflow at the usual sizes, in both languages.

use super::sample::press;
use super::workflow_sample::{
    with_graph, with_plan, with_problems, with_revisions, with_stale, with_text, with_workflow,
};
use crate::console::keys::Key;

#[test]
fn a_workflow_in_lanes() {
    check!("workflow", |size, language| {
        let mut state = with_workflow(size, language);
        (0..3).for_each(|_| {
            press(&mut state, Key::Down);
        });
        state
    });
}

#[test]
fn a_workflow_as_a_graph() {
    check!("graph", with_graph);
}

#[test]
fn a_graph_alone_with_names() {
    check!("graph-names", |size, language| {
        let mut state = with_graph(size, language);
        press(&mut state, Key::Char('f'));
        press(&mut state, Key::Char('+'));
        state
    });
}

#[test]
fn the_triggers_of_a_workflow() {
    check!("its-triggers", |size, language| {
        let mut state = with_workflow(size, language);
        press(&mut state, Key::Tab);
        press(&mut state, Key::Tab);
        state
    });
}

#[test]
fn the_revisions_of_a_workflow() {
    check!("revisions", |size, language| {
        let mut state = with_revisions(size, language);
        press(&mut state, Key::Char(' '));
        press(&mut state, Key::Down);
        state
    });
}

#[test]
fn a_source() {
    check!("source", |size, language| with_text(size, language, false));
}

#[test]
fn a_difference() {
    check!("diff", |size, language| with_text(size, language, true));
}

#[test]
fn bringing_a_revision_back() {
    check!("rollback", |size, language| {
        let mut state = with_revisions(size, language);
        press(&mut state, Key::Down);
        press(&mut state, Key::Char('B'));
        state
    });
}

#[test]
fn what_an_edited_text_would_change() {
    check!("plan", with_plan);
}

#[test]
fn an_edited_text_with_problems() {
    check!("problems", with_problems);
}

#[test]
fn a_text_that_somebody_has_overtaken() {
    check!("stale", with_stale);
}

#[test]
fn the_name_of_a_new_workflow() {
    check!("new-name", |size, language| {
        let mut state = super::sample::connected(size, language);
        press(&mut state, Key::Char('n'));
        super::sample::type_text(&mut state, "Нов");
        press(&mut state, Key::Enter);
        state
    });
}
