//! What keys do to a workflow, its revisions and its text, and what is asked of the daemon
//! and of the editor for them.

use rpa_ipc::catalog::{Changed, Planned};
use rpa_ipc::view::Applied;
use rpa_ipc::{FaultCode, Language, fault};

use super::paper::{paint, text};
use super::sample::{NOW, connected, press, runs, state as standing, tell, triggers, type_text};
use super::workflow_sample::{
    changed, come_back, hand_over, path, source_of, told, with_graph, with_plan, with_problems,
    with_revisions, with_stale, with_text, with_workflow,
};
use crate::cli::sample as cli;
use crate::console::graph::MOST;
use crate::console::keys::Key;
use crate::console::state::{
    Call, Done, EditGiven, EditStage, EditWay, Edited, Effect, Msg, News, Overlay, Pane, Root,
    State, TextWhat, Tool, TriggersWant, update,
};
use crate::definition::tests::SOURCE;
use crate::definition::{Definition, Outlined};

const SIZE: (u16, u16) = (80, 24);
const EN: Language = Language::English;

fn all(state: &mut State, keys: &[Key]) -> Vec<Effect> {
    keys.iter().flat_map(|key| press(state, *key)).collect()
}

fn done(state: &mut State, done: Done) -> Vec<Effect> {
    tell(state, News::Done(Box::new(done)))
}

fn file() -> String {
    path().display().to_string()
}

fn name() -> String {
    "default/disk-report".to_owned()
}

fn command(state: &State) -> &str {
    state.notice.as_ref().map_or("", |notice| notice.command.as_str())
}

#[test]
fn enter_opens_a_workflow_and_esc_leads_back() {
    let mut state = connected(SIZE, EN);
    all(&mut state, &[Key::Down, Key::Enter]);
    assert_eq!(command(&state), "rpa history disk-report");
    let wants = state.wants();
    assert_eq!(wants.workflow.as_ref().map(|want| want.workflow.clone()), Some(name()));
    assert_eq!(wants.triggers, Some(TriggersWant::Shown), "they are on the screen");
    assert!(text(&state).contains("asking the daemon"));
    // an answer about another one is not taken
    let want = crate::console::state::WorkflowWant { workflow: "default/zip".into() };
    tell(&mut state, News::Workflow { want, told: told(SOURCE) });
    assert!(state.workflow.as_ref().is_some_and(|open| open.told.is_none()));
    press(&mut state, Key::Esc);
    assert!(state.workflow.is_none() && state.wants().workflow.is_none());
    assert_eq!(state.root, Root::Workflows);
}

#[test]
fn a_run_and_a_trigger_lie_above_the_workflow() {
    let mut state = with_workflow(SIZE, EN);
    all(&mut state, &[Key::Tab, Key::Tab]);
    assert_eq!(state.workflow.as_ref().map(|open| open.focus), Some(Pane::Triggers));
    press(&mut state, Key::Enter);
    assert!(state.trigger.is_some() && state.wants().workflow.is_none());
    press(&mut state, Key::Esc);
    assert!(state.trigger.is_none() && state.workflow.is_some());
    // one Esc for the pane, one for the workflow
    all(&mut state, &[Key::Esc, Key::Esc]);
    assert!(state.workflow.is_none());
    let mut state = with_workflow(SIZE, EN);
    press(&mut state, Key::Char('R'));
    assert!(matches!(&state.overlay, Some(Overlay::Form(_))));
    press(&mut state, Key::Esc);
    press(&mut state, Key::Char('r'));
    assert_eq!(state.root, Root::Runs);
    assert!(state.workflow.is_none());
}

#[test]
fn steps_are_folded_by_hand_and_the_rest_stays() {
    let mut state = with_workflow((100, 40), EN);
    let rows = |state: &State| state.workflow.as_ref().map_or(0, |open| open.rows.len());
    assert_eq!(rows(&state), 13);
    // the loop, at the third row
    all(&mut state, &[Key::Down, Key::Down, Key::Left]);
    assert_eq!(rows(&state), 11);
    let shown = text(&state);
    assert!(shown.contains("biggest ▸") && !shown.contains("● measure"), "{shown}");
    // what the daemon tells anew unfolds nothing
    let want = state.wants().workflow.expect("wanted");
    tell(&mut state, News::Workflow { want, told: told(SOURCE) });
    assert_eq!(rows(&state), 11);
    press(&mut state, Key::Right);
    assert_eq!(rows(&state), 13);
    // from inside Left leads to what is around
    all(&mut state, &[Key::Down, Key::Down, Key::Left]);
    let at = |state: &State| state.workflow.as_ref().and_then(|open| open.steps.id.clone());
    assert_eq!(at(&state).as_deref(), Some("biggest/measure"));
}

#[test]
fn the_selected_step_is_shown_as_it_is_written() {
    let mut state = with_workflow((100, 40), EN);
    all(&mut state, &[Key::End, Key::Up, Key::Up]);
    let shown = text(&state);
    assert!(shown.contains("if vars.limit > 50"), "{shown}");
    assert!(shown.contains("- id: send") && shown.contains("on_error: continue"), "{shown}");
    assert!(shown.contains("http.request, effect class"), "{shown}");
}

#[test]
fn arrows_walk_along_the_lines_of_the_graph() {
    let mut state = with_workflow((100, 40), EN);
    press(&mut state, Key::Char('v'));
    let at = |state: &State| {
        let open = state.workflow.as_ref().expect("open");
        let (at, told) = open.selected().zip(open.told.as_ref()).expect("a step");
        told.definition.steps[at].path.clone()
    };
    assert_eq!(at(&state), "usage");
    press(&mut state, Key::Down);
    let first = at(&state);
    press(&mut state, if first == "parse" { Key::Right } else { Key::Left });
    let second = at(&state);
    let mut both = [first, second];
    both.sort();
    assert_eq!(both, ["biggest", "parse"]);
    all(&mut state, &[Key::Down, Key::Down]);
    assert_eq!(at(&state), "send");
    press(&mut state, Key::Up);
    assert_eq!(at(&state), "which");
    // into the switch, and out again
    press(&mut state, Key::Enter);
    assert_eq!(at(&state), "which:80");
    assert!(text(&state).contains("› which"), "{}", text(&state));
    press(&mut state, Key::Esc);
    assert_eq!(at(&state), "which");
    // the lanes have the same step selected
    press(&mut state, Key::Char('v'));
    assert_eq!(at(&state), "which");
    press(&mut state, Key::Esc);
    assert!(state.workflow.is_none());
}

#[test]
fn the_picture_is_moved_within_its_edges() {
    let mut state = with_graph((60, 15), EN);
    let place = |state: &State| {
        let pane = state.workflow.as_ref().and_then(|open| open.graph.as_ref()).expect("a graph");
        (pane.left, pane.top)
    };
    for _ in 0..20 {
        press(&mut state, Key::ShiftDown);
    }
    let down = place(&state);
    assert!(down.1 > 0, "{down:?}");
    press(&mut state, Key::Char('j'));
    assert_eq!(place(&state), down, "no further than the end");
    for _ in 0..20 {
        press(&mut state, Key::Char('k'));
    }
    assert_eq!(place(&state).1, 0);
    press(&mut state, Key::Char('+'));
    assert!(text(&state).contains("[ usage"), "{}", text(&state));
}

#[test]
fn too_many_boxes_stay_lanes_and_say_why() {
    let mut state = with_workflow((100, 40), EN);
    let step = |n: usize| format!("  - {{id: s{n}, uses: noop}}\n");
    let steps: String = (0..=MOST).map(step).collect();
    let source = format!("version: 1\nname: disk-report\nsteps:\n{steps}");
    let want = state.wants().workflow.expect("wanted");
    tell(&mut state, News::Workflow { want, told: told(&source) });
    press(&mut state, Key::Char('v'));
    assert!(state.workflow.as_ref().is_some_and(|open| open.graph.is_none()));
    assert!(text(&state).contains("61 steps are too many boxes"), "{}", text(&state));
}

#[test]
fn revisions_are_read_and_compared() {
    let mut state = with_revisions(SIZE, EN);
    let sources = |revisions: &[u32], what: TextWhat| {
        let revisions = revisions.to_vec();
        [Effect::Call(Call::Sources { workflow: name(), revisions, what })]
    };
    assert_eq!(press(&mut state, Key::Enter), sources(&[5], TextWhat::Source(5)));
    assert_eq!(command(&state), "rpa source disk-report 5");
    // with the live one, with the one before where it is the live one, with the marked one
    assert_eq!(press(&mut state, Key::Char('d')), sources(&[3, 5], TextWhat::Diff(3, 5)));
    assert_eq!(command(&state), "rpa diff disk-report 3 5");
    all(&mut state, &[Key::Down, Key::Down]);
    assert_eq!(press(&mut state, Key::Char('d')), sources(&[2, 3], TextWhat::Diff(2, 3)));
    all(&mut state, &[Key::End, Key::Char(' '), Key::Home]);
    assert_eq!(press(&mut state, Key::Char('d')), sources(&[1, 5], TextWhat::Diff(1, 5)));
    // one mark at most
    all(&mut state, &[Key::Down, Key::Char(' ')]);
    let marks = state.workflow.as_ref().map(|open| open.revisions.marks.clone());
    assert_eq!(marks.into_iter().flatten().collect::<Vec<_>>(), ["4"]);
    assert!(
        done(
            &mut state,
            Done::Sources(
                name(),
                TextWhat::Diff(1, 5),
                Ok(vec![source_of(1, SOURCE), source_of(5, SOURCE)])
            )
        )
        .is_empty()
    );
    assert!(text(&state).contains("revisions 1 and 5 have the same text"), "{}", text(&state));
}

#[test]
fn a_difference_says_what_it_is_without_colours() {
    let mut state = with_text(SIZE, EN, true);
    state.look.colour = false;
    let shown = text(&state);
    assert!(shown.contains("-  limit: {type: number, default: 80}"), "{shown}");
    assert!(shown.contains("+  limit: {type: number, default: 90}"), "{shown}");
    press(&mut state, Key::Esc);
    assert!(state.workflow.as_ref().is_some_and(|open| open.text.is_none()));
}

#[test]
fn a_text_is_searched_to_both_sides_and_round() {
    let mut state = with_text(SIZE, EN, false);
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "needs");
    press(&mut state, Key::Enter);
    let hit = |state: &State| {
        let pane = state.workflow.as_ref().and_then(|open| open.text.as_ref()).expect("a text");
        pane.hit.map(|hit| hit + 1)
    };
    assert_eq!(hit(&state), Some(15));
    all(&mut state, &[Key::Char('n'), Key::Char('n'), Key::Char('n')]);
    assert_eq!(hit(&state), Some(35));
    press(&mut state, Key::Char('n'));
    assert_eq!(hit(&state), Some(15), "after the last comes the first");
    press(&mut state, Key::Char('N'));
    assert_eq!(hit(&state), Some(35));
    assert!(text(&state).contains("/needs line 35"), "{}", text(&state));
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "nothing such");
    press(&mut state, Key::Enter);
    assert!(text(&state).contains("nowhere"), "{}", text(&state));
}

#[test]
fn what_new_runs_are_of_is_changed_after_a_yes() {
    let mut state = with_revisions(SIZE, EN);
    assert!(press(&mut state, Key::Char('L')).is_empty());
    let shown = text(&state);
    assert!(shown.contains("$ rpa publish disk-report 5"), "{shown}");
    assert!(press(&mut state, Key::Enter).is_empty(), "the focus is on leaving it");
    press(&mut state, Key::Char('L'));
    let effects = press(&mut state, Key::Char('y'));
    assert_eq!(effects, [Effect::Call(Call::Publish { workflow: name(), revision: 5 })]);
    let mut of = standing("live");
    of.live = Some(5);
    let changed = Changed { workflow: name(), state: of, changed: true };
    done(&mut state, Done::Published(Ok(changed)));
    assert!(text(&state).contains("disk-report: revision 5 is live"), "{}", text(&state));
    press(&mut state, Key::Down);
    press(&mut state, Key::Char('B'));
    let effects = all(&mut state, &[Key::Tab, Key::Enter]);
    assert_eq!(effects, [Effect::Call(Call::RollBack { workflow: name(), revision: 4 })]);
    assert_eq!(command(&state), "rpa rollback disk-report 4");
    let accepted = Applied::Accepted {
        workflow: name(),
        revision: 6,
        changed: true,
        draft: false,
        warnings: Vec::new(),
    };
    done(&mut state, Done::RolledBack(4, Ok(accepted)));
    assert!(text(&state).contains("revision 6 is live, with the text of 4"), "{}", text(&state));
    // the live one is that already
    press(&mut state, Key::Down);
    assert!(press(&mut state, Key::Char('L')).is_empty() && state.overlay.is_none());
    assert!(text(&state).contains("revision 3 is live already"), "{}", text(&state));
}

#[test]
fn the_newest_revision_goes_to_the_editor_as_it_is() {
    let mut state = connected(SIZE, EN);
    press(&mut state, Key::Down);
    assert_eq!(
        press(&mut state, Key::Char('e')),
        [Effect::Call(Call::Newest { workflow: name(), way: EditWay::Visual })],
        "also from the list"
    );
    assert_eq!(
        press(&mut state, Key::Char('E')),
        [Effect::Call(Call::Newest { workflow: name(), way: EditWay::Text })],
    );
    let mut state = with_workflow(SIZE, EN);
    let job = hand_over(&mut state);
    assert_eq!((job.tool, job.text.as_str()), (Tool::Editor, SOURCE));
    assert_eq!(job.file_name, "disk-report.yaml");
    assert_eq!(job.edit.as_ref().and_then(|edit| edit.base), Some(5));
    assert_eq!(command(&state), "rpa source disk-report 5");
}

#[test]
fn what_was_not_changed_leaves_nothing_behind() {
    let mut state = with_workflow(SIZE, EN);
    let job = hand_over(&mut state);
    let effects = come_back(&mut state, job.clone(), SOURCE);
    assert_eq!(effects, [Effect::Discard(path())]);
    assert!(state.overlay.is_none());
    assert!(text(&state).contains("nothing was changed"), "{}", text(&state));
    // an editor that failed has said no: what it left stays where it is
    let given = EditGiven::Failed { code: 1, text: changed() };
    let edited = Edited { job: job.clone(), path: Some(path()), given };
    assert!(update(&mut state, NOW, Msg::Edited(Box::new(edited))).is_empty());
    assert!(
        text(&state).contains("ended with 1: nothing was done; the file is"),
        "{}",
        text(&state)
    );
    let given = EditGiven::Fault("no space".into());
    let edited = Edited { job, path: None, given };
    update(&mut state, NOW, Msg::Edited(Box::new(edited)));
    assert!(text(&state).contains("could not be used: no space"), "{}", text(&state));
}

#[test]
fn problems_are_told_with_their_lines_and_edited_again() {
    let mut state = with_problems((100, 40), EN);
    let shown = text(&state);
    assert!(shown.contains("line 13, RPA0303"), "{shown}");
    assert!(shown.contains("13 |     tiemout: 30s"), "{shown}");
    assert!(shown.contains("did you mean"), "{shown}");
    assert!(!shown.contains("[Apply"), "{shown}");
    let effects = press(&mut state, Key::Enter);
    let [Effect::Hand(job)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(job.path, Some(path()), "the same file");
    assert!(job.text.contains("tiemout"));
    assert!(state.overlay.is_none());
    // repaired by now
    let effects = come_back(&mut state, job.clone(), &changed());
    assert_eq!(effects, [Effect::Call(Call::Plan { file: file(), source: changed() })]);
}

#[test]
fn esc_never_throws_a_text_away() {
    for make in [with_plan, with_problems, with_stale] {
        let mut state = make(SIZE, EN);
        assert!(press(&mut state, Key::Esc).is_empty());
        assert!(state.overlay.is_none());
        let shown = text(&state);
        assert!(shown.contains("the file is /tmp/rpa-tui-0192/disk-report.yaml"), "{shown}");
    }
    let mut state = with_problems(SIZE, EN);
    assert_eq!(all(&mut state, &[Key::BackTab, Key::Enter]), [Effect::Discard(path())]);
}

#[test]
fn a_plan_is_applied_live_or_as_a_draft() {
    for (keys, draft, id) in
        [(&[Key::F(8)][..], false, "live"), (&[Key::Tab, Key::Tab, Key::Enter], true, "a draft")]
    {
        let mut state = with_plan((100, 40), EN);
        let shown = text(&state);
        assert!(shown.contains("+ step send") && shown.contains("- step parse"), "{shown}");
        let effects = all(&mut state, keys);
        let source = changed();
        let call = Call::Apply { workflow: name(), base: Some(5), file: file(), source, draft };
        assert_eq!(effects, [Effect::Call(call)]);
        let accepted = Applied::Accepted {
            workflow: name(),
            revision: 6,
            changed: true,
            draft,
            warnings: Vec::new(),
        };
        let effects = done(&mut state, Done::Applied(file(), Ok(accepted)));
        assert_eq!(effects, [Effect::Discard(path())]);
        assert!(text(&state).contains(&format!("revision 6 is {id}")), "{}", text(&state));
    }
}

#[test]
fn what_has_come_meanwhile_is_shown_before_it_is_replaced() {
    let mut state = with_stale((100, 40), EN);
    let shown = text(&state);
    assert!(shown.contains("Revision 6 has come since you took revision 5"), "{shown}");
    assert!(shown.contains("-timeout: 2h") && shown.contains("+timeout: 1h"), "{shown}");
    // now it has been seen
    let effects = all(&mut state, &[Key::Tab, Key::Enter]);
    let [Effect::Call(Call::Apply { base, .. })] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(*base, Some(6));
}

#[test]
fn a_fault_leaves_the_text_where_it_is() {
    let mut state = with_plan(SIZE, EN);
    press(&mut state, Key::F(8));
    let fault = fault!(FaultCode::NoRun, "no-run", id = "ffff", namespace = "default");
    assert!(done(&mut state, Done::Applied(file(), Err(fault))).is_empty());
    let Some(Overlay::Edited(dialog)) = &state.overlay else { panic!("no dialog") };
    assert!(matches!(&dialog.stage, EditStage::Fault(_)));
    // closed meanwhile: the file was said to stay, and it stays
    let mut state = with_plan(SIZE, EN);
    all(&mut state, &[Key::F(8), Key::Esc]);
    let accepted = Applied::Accepted {
        workflow: name(),
        revision: 6,
        changed: true,
        draft: false,
        warnings: Vec::new(),
    };
    assert!(done(&mut state, Done::Applied(file(), Ok(accepted))).is_empty());
    assert!(text(&state).contains("revision 6 is live"), "{}", text(&state));
    // another text has been edited by then: its file is not thrown away
    let mut state = with_plan(SIZE, EN);
    let other = "/tmp/rpa-tui-0000/zip.yaml".to_owned();
    let accepted = Applied::Accepted {
        workflow: "default/zip".into(),
        revision: 2,
        changed: true,
        draft: false,
        warnings: Vec::new(),
    };
    assert!(done(&mut state, Done::Applied(other, Ok(accepted))).is_empty());
    assert!(matches!(&state.overlay, Some(Overlay::Edited(_))));
}

#[test]
fn another_name_in_the_text_is_another_workflow() {
    let mut state = with_workflow(SIZE, EN);
    let job = hand_over(&mut state);
    come_back(&mut state, job, &changed().replace("name: disk-report", "name: other"));
    let mut plan = cli::plan();
    (plan.workflow, plan.word) = ("default/other".into(), "new".into());
    done(&mut state, Done::Planned(file(), Ok(Planned::Plan(Box::new(plan)))));
    assert!(text(&state).contains("other is new."), "{}", text(&state));
    let effects = press(&mut state, Key::F(8));
    let [Effect::Call(Call::Apply { workflow, base, .. })] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((workflow.as_str(), *base), ("default/other", None));
}

#[test]
fn a_new_workflow_begins_with_a_name_that_is_free() {
    let mut state = connected(SIZE, EN);
    press(&mut state, Key::Char('n'));
    type_text(&mut state, "Disk report");
    assert!(press(&mut state, Key::Enter).is_empty());
    assert!(text(&state).contains("a-z, 0-9, - and _"), "{}", text(&state));
    press(&mut state, Key::Ctrl('u'));
    type_text(&mut state, "disk-report");
    assert!(press(&mut state, Key::Enter).is_empty());
    assert!(text(&state).contains("disk-report is there: e edits it"), "{}", text(&state));
    press(&mut state, Key::Ctrl('u'));
    type_text(&mut state, "disk-2");
    assert!(press(&mut state, Key::Enter).is_empty());
    let editor = state.editor().expect("the editor");
    assert_eq!((editor.base, editor.is_changed()), (None, false));
    assert!(editor.draft.text().contains("name: disk-2"));
    assert!(state.wants().workflow.is_none(), "the daemon knows nothing of it");
    // it may be saved as it is
    let effects = press(&mut state, Key::F(8));
    let plans = |effect: &Effect| matches!(effect, Effect::Call(Call::Plan { .. }));
    assert!(effects.iter().any(plans), "{effects:?}");
    // back to the steps, and away: nothing was changed
    all(&mut state, &[Key::Esc, Key::Esc]);
    assert!(state.workflow.is_none() && state.overlay.is_none() && state.drafts.kept.is_empty());
}

#[test]
fn a_text_goes_to_the_pager_and_its_file_away() {
    let mut state = with_text(SIZE, EN, true);
    let effects = press(&mut state, Key::Char('|'));
    let [Effect::Hand(job)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(job.tool, Tool::Pager);
    assert!(job.text.starts_with("--- default/disk-report revision 3\n"), "{}", job.text);
    let given = EditGiven::Text(job.text.clone());
    let edited = Edited { job: job.clone(), path: Some(path()), given };
    let effects = update(&mut state, NOW, Msg::Edited(Box::new(edited)));
    assert_eq!(effects, [Effect::Discard(path())]);
    assert!(state.overlay.is_none());
}

#[test]
fn sources_that_mean_harm_are_shown_and_not_obeyed() {
    let hostile = "\u{1b}]52;c;aGk=\u{7}\u{9b}2J\u{202e}x";
    let source = SOURCE.replace("run: df -P", &format!("run: df -P # {hostile}"));
    let mut state = with_workflow((160, 45), EN);
    let want = state.wants().workflow.expect("wanted");
    tell(&mut state, News::Workflow { want, told: told(&source) });
    let check = |state: &State| {
        for cell in &paint(state).content {
            let bad = |c: char| crate::text::is_dangerous(c);
            assert!(!cell.symbol().chars().any(bad), "{:?}", cell.symbol());
        }
    };
    check(&state);
    all(&mut state, &[Key::Tab, Key::Tab, Key::Tab, Key::Enter]);
    let views = vec![source_of(5, &source)];
    done(&mut state, Done::Sources(name(), TextWhat::Source(5), Ok(views)));
    check(&state);
    let effects = press(&mut state, Key::Char('|'));
    let [Effect::Hand(job)] = &effects[..] else { panic!("{effects:?}") };
    assert!(!job.text.contains('\u{1b}') && !job.text.contains('\u{202e}'), "{:?}", job.text);
}

#[test]
fn a_workflow_without_triggers_or_runs_is_no_riddle() {
    let mut state = with_workflow((100, 40), EN);
    tell(&mut state, News::Triggers(Vec::new()));
    let want = state.wants().workflow.expect("wanted");
    let mut none = told("version: 1\nname: disk-report\nsteps: [{id: a}]\n");
    none.runs.clear();
    tell(&mut state, News::Workflow { want, told: none });
    all(&mut state, &[Key::Tab, Key::Tab]);
    let shown = text(&state);
    assert!(shown.contains("It has no triggers"), "{shown}");
    assert!(shown.contains("none yet"), "{shown}");
    assert!(shown.contains("This version cannot read the file"), "{shown}");
    tell(&mut state, News::Triggers(triggers()));
    assert_eq!(runs().len(), 66);
}

/// Any graph, any names, in lanes and as boxes: nothing panics, and every step is there.
#[test]
fn every_step_of_any_workflow_is_on_the_canvas() {
    let mut random = 7_u64;
    let mut roll = |most: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(random >> 33).unwrap_or(0) % most
    };
    for round in 0..60 {
        let count = roll(MOST - 1) + 1;
        let mut steps: Vec<Outlined> = Vec::new();
        for n in 0..count {
            let depth = match steps.last() {
                None => 0,
                Some(last) => u32::try_from(roll(last.depth as usize + 2)).unwrap_or(0),
            };
            let before: Vec<String> =
                steps.iter().filter(|s| s.depth == depth).map(|s| s.path.clone()).collect();
            let needs = (0..roll(4)).filter(|_| !before.is_empty());
            let needs = needs.map(|_| (before[roll(before.len())].clone(), "completed".to_owned()));
            let needs = needs.collect();
            let name = ["", "Проверка на дисковете", "東京 report"][roll(3)].to_owned();
            steps.push(Outlined {
                path: format!("стъпка{n}"),
                label: format!("стъпка{n}"),
                name,
                kind: if roll(9) == 0 { "handler" } else { "shell" }.to_owned(),
                needs,
                depth,
                ..Outlined::default()
            });
        }
        let definition = Definition { steps, ..Definition::default() };
        let size = [(200, 200), (80, 24), (60, 15)][round % 3];
        let mut state = with_workflow(size, Language::ALL[round % 2]);
        let want = state.wants().workflow.expect("wanted");
        let told = crate::console::state::WorkflowTold { definition, ..told(SOURCE) };
        tell(&mut state, News::Workflow { want, told });
        press(&mut state, Key::Char('f'));
        let lanes = text(&state);
        if size.1 == 200 {
            (0..count).for_each(|n| assert!(lanes.contains(&format!("стъпка{n}")), "{lanes}"));
        }
        press(&mut state, Key::Char('v'));
        paint(&state);
        let open = state.workflow.as_ref().expect("open");
        let pane = open.graph.as_ref().expect("a graph");
        let tops = open.definition().map_or(0, |d| d.inside(None).len());
        assert_eq!((pane.steps.len(), pane.placed.spots.len()), (tops, tops));
        for key in [Key::Down, Key::Right, Key::Enter, Key::Char('+'), Key::Left, Key::Up, Key::Esc]
        {
            press(&mut state, key);
            paint(&state);
        }
    }
}
