//! What keys do to a draft in the visual editor, and what becomes of it.

use rpa_ipc::Language;
use rpa_ipc::catalog::Planned;
use rpa_ipc::view::Applied;

use super::paper::{paint, text};
use super::sample::{NOW, connected, press, tell, type_text};
use super::workflow_sample::{
    come_back, source_of, with_bad_draft, with_editor, with_form, with_workflow,
};
use crate::cli::sample as cli;
use crate::console::drafts::{DraftName, DraftWork, Kept};
use crate::console::keys::{Key, Layout};
use crate::console::state::{
    Call, Done, Drafts, EditWay, EditorDialog, Effect, Msg, News, Overlay, Pane, State, update,
};
use crate::definition::tests::SOURCE;

const SIZE: (u16, u16) = (100, 30);
const EN: Language = Language::English;

fn all(state: &mut State, keys: &[Key]) -> Vec<Effect> {
    keys.iter().flat_map(|key| press(state, *key)).collect()
}

fn done(state: &mut State, done: Done) -> Vec<Effect> {
    tell(state, News::Done(Box::new(done)))
}

fn draft(state: &State) -> &str {
    state.editor().expect("the editor").draft.text()
}

fn name(base: Option<u32>) -> DraftName {
    DraftName { workflow: "default/disk-report".into(), base, begun_ms: NOW, process: 81 }
}

fn file(state: &State) -> String {
    state.drafts.path(&name(Some(5))).display().to_string()
}

/// What was kept by these effects, and that nothing else was done.
fn kept(effects: &[Effect]) -> Option<&str> {
    match effects {
        [Effect::Draft(DraftWork::Keep { text, .. })] => Some(text),
        [] => None,
        other => panic!("{other:?}"),
    }
}

/// Selects the field of the form with that key.
fn to_field(state: &mut State, key: &str) {
    press(state, Key::Home);
    let fields = state.editor().expect("the editor").fields();
    let at = fields.iter().position(|field| field.key == key);
    let at = at.unwrap_or_else(|| panic!("no field {key}"));
    (0..at).for_each(|_| {
        press(state, Key::Down);
    });
}

fn focus(state: &State) -> Option<Pane> {
    state.workflow.as_ref().map(|open| open.focus)
}

#[test]
fn the_editor_opens_over_the_workflow_and_esc_leads_back_to_it() {
    let mut state = with_editor(SIZE, EN);
    assert_eq!(draft(&state), SOURCE);
    let shown = text(&state);
    assert!(shown.contains("draft") && shown.contains("of revision 5"), "{shown}");
    assert!(shown.contains("not changed") && shown.contains("No problems."), "{shown}");
    assert!(press(&mut state, Key::Esc).is_empty());
    assert!(state.editor().is_none() && state.overlay.is_none());
    assert!(state.workflow.is_some() && state.drafts.kept.is_empty());
    assert!(text(&state).contains("Revisions"), "{}", text(&state));
}

#[test]
fn a_step_is_added_filled_in_and_taken_back() {
    let mut state = with_editor(SIZE, EN);
    press(&mut state, Key::Char('a'));
    assert!(text(&state).contains("What comes after usage?"), "{}", text(&state));
    type_text(&mut state, "log");
    assert!(press(&mut state, Key::Enter).is_empty());
    assert!(text(&state).contains("> log"), "an id is proposed: {}", text(&state));
    type_text(&mut state, " x");
    assert!(press(&mut state, Key::Enter).is_empty());
    assert!(text(&state).contains("is no id"), "{}", text(&state));
    press(&mut state, Key::Ctrl('u'));
    type_text(&mut state, "note");
    let effects = press(&mut state, Key::Enter);
    let text_kept = kept(&effects).expect("it is kept at once").to_owned();
    assert!(
        text_kept.contains("- id: note") && text_kept.contains("# the largest directories"),
        "{text_kept}"
    );
    assert_eq!(focus(&state), Some(Pane::Step), "what it misses is filled in next");
    assert_eq!(state.selected_step().map(|step| step.path.as_str()), Some("note"));
    // what needed the step needs the new one now
    let needs = |state: &State, path: &str| {
        let open = state.workflow.as_ref().expect("open");
        let step = open.definition().and_then(|d| d.named(path)).expect("a step");
        step.needs.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(needs(&state, "note"), ["usage"]);
    assert_eq!(needs(&state, "parse"), ["note"]);
    let effects = press(&mut state, Key::Char('u'));
    assert_eq!(draft(&state), SOURCE);
    let path = state.drafts.path(&name(Some(5)));
    assert_eq!(effects, [Effect::Draft(DraftWork::Forget { path })], "there is nothing to keep");
    let effects = press(&mut state, Key::Char('U'));
    assert_eq!(kept(&effects), Some(text_kept.as_str()));
    assert!(press(&mut state, Key::Char('U')).is_empty());
    assert!(text(&state).contains("nothing to make again"), "{}", text(&state));
}

#[test]
fn fields_are_typed_switched_and_taken_out() {
    let mut state = with_form(SIZE, EN);
    to_field(&mut state, "timeout");
    press(&mut state, Key::Enter);
    press(&mut state, Key::Ctrl('u'));
    type_text(&mut state, "soon");
    assert!(press(&mut state, Key::Enter).is_empty());
    let Some(Overlay::Editor(dialog)) = &state.overlay else { panic!("it stays open") };
    let EditorDialog::Typing(typing) = dialog.as_ref() else { panic!("{dialog:?}") };
    assert!(typing.problem.is_some(), "and says what is wrong");
    assert_eq!(draft(&state), SOURCE);
    press(&mut state, Key::Ctrl('u'));
    update(&mut state, NOW, Msg::Paste("2m\n".into()));
    press(&mut state, Key::Backspace);
    let effects = press(&mut state, Key::Enter);
    assert!(kept(&effects).expect("kept").contains("    timeout: 2m\n"), "{effects:?}");
    let effects = press(&mut state, Key::Char('D'));
    assert!(!kept(&effects).expect("kept").contains("timeout: 2m"), "{effects:?}");
    // the id is what the others name it by
    to_field(&mut state, "id");
    press(&mut state, Key::Enter);
    press(&mut state, Key::Ctrl('u'));
    type_text(&mut state, "disks");
    let effects = press(&mut state, Key::Enter);
    let now = kept(&effects).expect("kept");
    assert!(now.contains("needs: [disks]") && now.contains("steps.disks.output"), "{now}");
    assert!(press(&mut state, Key::Char('D')).is_empty(), "an id stays");
}

#[test]
fn what_is_typed_is_not_a_command_on_any_keyboard() {
    let mut state = with_form(SIZE, EN);
    state.settings.keyboard = Layout::Bds;
    to_field(&mut state, "name");
    press(&mut state, Key::Enter);
    press(&mut state, Key::Ctrl('u'));
    type_text(&mut state, "Дискове");
    press(&mut state, Key::Enter);
    assert!(draft(&state).contains("name: Дискове"), "{}", draft(&state));
    // the key of u takes it back
    press(&mut state, Key::Char('к'));
    assert_eq!(draft(&state), SOURCE);
}

#[test]
fn a_text_of_several_lines_is_typed_and_accepted_by_f8() {
    let mut state = with_form(SIZE, EN);
    to_field(&mut state, "run");
    press(&mut state, Key::Enter);
    all(&mut state, &[Key::End, Key::Enter]);
    update(&mut state, NOW, Msg::Paste("df -i\r\necho \u{1b}]52;c;aGk=\u{7}done".into()));
    let effects = press(&mut state, Key::F(8));
    let now = kept(&effects).expect("kept");
    assert!(now.contains("df -P\n") && now.contains("df -i\n"), "{now}");
    assert!(now.contains("]52;c;aGk=done") && !now.contains('\u{1b}'), "{now}");
    // of the field alone, in an editor of one's own
    let effects = press(&mut state, Key::Char('E'));
    let [Effect::Hand(job)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(job.file_name, "run.sh");
    let effects = come_back(&mut state, job.clone(), "df -h\n");
    assert!(
        draft(&state).contains("df -h") && !draft(&state).contains("df -i"),
        "{}",
        draft(&state)
    );
    assert!(matches!(&effects[..], [Effect::Draft(_), Effect::Discard(_)]), "{effects:?}");
}

#[test]
fn steps_are_linked_unlinked_and_moved() {
    let mut state = with_editor(SIZE, EN);
    let needs = |state: &State| {
        let step = state.selected_step().expect("a step");
        step.needs.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>()
    };
    // biggest comes after parse too
    all(&mut state, &[Key::Down, Key::Down, Key::Char('L')]);
    type_text(&mut state, "parse");
    let effects = press(&mut state, Key::Enter);
    assert!(kept(&effects).is_some());
    assert_eq!(needs(&state), ["usage", "parse"]);
    all(&mut state, &[Key::Char('K'), Key::Enter]);
    assert_eq!(needs(&state), ["parse"]);
    // a circle is not even offered
    all(&mut state, &[Key::Home, Key::Char('L')]);
    assert!(state.overlay.is_none());
    assert!(text(&state).contains("no other step here"), "{}", text(&state));
    all(&mut state, &[Key::Char('u'), Key::Char('u')]);
    assert_eq!(draft(&state), SOURCE);
    // into the loop
    all(&mut state, &[Key::End, Key::Up, Key::Up]);
    assert_eq!(state.selected_step().map(|step| step.path.as_str()), Some("send"));
    press(&mut state, Key::Char('m'));
    type_text(&mut state, "into biggest");
    press(&mut state, Key::Enter);
    let at = state.selected_step().map(|step| step.path.clone());
    assert_eq!(at.as_deref(), Some("biggest/send"), "{}", text(&state));
}

#[test]
fn before_a_step_goes_it_is_said_what_follows() {
    let mut state = with_editor(SIZE, EN);
    all(&mut state, &[Key::Down, Key::Char('D')]);
    let shown = text(&state);
    assert!(shown.contains("Delete step parse?") && shown.contains("come after it"), "{shown}");
    assert!(press(&mut state, Key::Esc).is_empty());
    all(&mut state, &[Key::End, Key::Up, Key::Up, Key::Char('D')]);
    assert!(press(&mut state, Key::Enter).is_empty(), "the focus is on leaving it");
    assert_eq!(draft(&state), SOURCE);
    press(&mut state, Key::Char('D'));
    let effects = press(&mut state, Key::Char('y'));
    assert!(!kept(&effects).expect("kept").contains("id: send"));
    assert!(text(&state).contains("send is deleted; u brings it back"), "{}", text(&state));
    assert!(text(&state).contains("1 change"), "{}", text(&state));
}

#[test]
fn what_cannot_go_says_so_before_anybody_says_yes() {
    let mut state = with_editor(SIZE, EN);
    press(&mut state, Key::Char('D'));
    let shown = text(&state);
    assert!(shown.contains("usage cannot be deleted"), "{shown}");
    assert!(shown.contains("named elsewhere") && shown.contains("parse"), "{shown}");
    for key in [Key::Char('y'), Key::Enter] {
        assert!(press(&mut state, key).is_empty());
    }
    assert!(state.overlay.is_none());
    assert_eq!(draft(&state), SOURCE);
}

/// Selects the row with that path.
fn to_row(state: &mut State, path: &str) {
    press(state, Key::Home);
    for _ in 0..30 {
        if state.selected_step().is_some_and(|step| step.path == path) {
            return;
        }
        press(state, Key::Down);
    }
    panic!("no row {path}: {}", text(state));
}

#[test]
fn cases_are_added_and_deleted_at_their_headings() {
    let mut state = with_editor(SIZE, EN);
    to_row(&mut state, "which:80");
    press(&mut state, Key::Char('a'));
    assert!(text(&state).contains("at the end of 80, or beside it"), "{}", text(&state));
    type_text(&mut state, "case");
    press(&mut state, Key::Enter);
    assert!(press(&mut state, Key::Enter).is_empty());
    assert!(text(&state).contains("a case needs a value"), "{}", text(&state));
    type_text(&mut state, "80");
    assert!(press(&mut state, Key::Enter).is_empty());
    assert!(text(&state).contains("there is a case 80 already"), "{}", text(&state));
    press(&mut state, Key::Ctrl('u'));
    type_text(&mut state, "90");
    let effects = press(&mut state, Key::Enter);
    let now = kept(&effects).expect("kept");
    assert!(now.contains("\"90\":\n        - id: which_1\n          uses: noop"), "{now}");
    assert_eq!(state.selected_step().map(|step| step.path.as_str()), Some("which/which_1"));
    // a step inside of the new case, and the case with both
    to_row(&mut state, "which:90");
    all(&mut state, &[Key::Char('a'), Key::Enter, Key::Enter, Key::Esc]);
    to_row(&mut state, "which:90");
    press(&mut state, Key::Char('D'));
    let shown = text(&state);
    assert!(
        shown.contains("Delete 90 with all its steps?") && shown.contains("2 steps"),
        "{shown}"
    );
    press(&mut state, Key::Char('y'));
    assert_eq!(draft(&state), SOURCE);
    // without a default one is offered
    to_row(&mut state, "which::default");
    all(&mut state, &[Key::Char('D'), Key::Char('y')]);
    assert!(!draft(&state).contains("default: [{"), "{}", draft(&state));
    to_row(&mut state, "which:80");
    press(&mut state, Key::Char('a'));
    type_text(&mut state, "default");
    press(&mut state, Key::Enter);
    assert!(draft(&state).contains("    default:\n"), "{}", draft(&state));
    // the last case stays, and it is said beforehand
    to_row(&mut state, "which:80");
    press(&mut state, Key::Char('D'));
    assert!(text(&state).contains("cannot be deleted"), "{}", text(&state));
    press(&mut state, Key::Esc);
    // a handler
    to_row(&mut state, "@failure");
    all(&mut state, &[Key::Char('D'), Key::Char('y')]);
    assert!(!draft(&state).contains("handlers"), "{}", draft(&state));
}

#[test]
fn what_holds_for_a_step_is_said_while_another_has_a_problem() {
    let mut state = with_bad_draft(SIZE, EN);
    let facts = |state: &State, path: &str| {
        let definition = state.workflow.as_ref().and_then(|open| open.definition());
        definition.and_then(|d| d.named(path)).map(|step| step.facts.len())
    };
    assert_eq!(facts(&state, "biggest/measure"), Some(1));
    // what was changed itself may hold no more
    assert_eq!(facts(&state, "usage"), Some(0));
    press(&mut state, Key::Char('u'));
    assert_eq!(facts(&state, "usage"), Some(2));
}

#[test]
fn what_was_typed_in_several_lines_is_not_dropped_unasked() {
    let typing = |state: &State| matches!(&state.overlay, Some(Overlay::Editor(open)) if matches!(open.as_ref(), EditorDialog::Typing(_)));
    let mut state = with_form(SIZE, EN);
    to_field(&mut state, "run");
    // nothing was typed
    all(&mut state, &[Key::Enter, Key::Esc]);
    assert!(!typing(&state));
    all(&mut state, &[Key::Enter, Key::Char('#'), Key::Esc]);
    assert!(typing(&state) && text(&state).contains("not taken over yet"), "{}", text(&state));
    // on with it: neither Esc nor Enter drops it
    all(&mut state, &[Key::Esc, Key::Esc, Key::Enter, Key::Char(' ')]);
    assert!(typing(&state) && !text(&state).contains("not taken over yet"), "{}", text(&state));
    let effects = all(&mut state, &[Key::Esc, Key::Tab, Key::Enter]);
    assert!(kept(&effects).expect("kept").contains("run: \"# df -P\""), "{effects:?}");
    assert!(!typing(&state));
    all(&mut state, &[Key::Enter, Key::Char('!'), Key::Esc, Key::BackTab, Key::Enter]);
    assert!(!typing(&state) && !draft(&state).contains('!'));
}

#[test]
fn what_is_wrong_is_gone_to_and_keeps_it_from_being_saved() {
    let mut state = with_bad_draft(SIZE, EN);
    let effects = press(&mut state, Key::F(8));
    assert!(effects.is_empty(), "{effects:?}");
    let shown = text(&state);
    assert!(shown.contains("not saved:") && shown.contains("3 problems"), "{shown}");
    assert!(shown.contains("line 13") && shown.contains("tiemout"), "{shown}");
    let at = |state: &State| state.selected_step().map(|step| step.path.clone());
    assert_eq!(at(&state).as_deref(), Some("usage"));
    press(&mut state, Key::F(5));
    assert_eq!(at(&state).as_deref(), Some("parse"));
    all(&mut state, &[Key::F(5)]);
    assert_eq!(at(&state).as_deref(), Some("@failure/tell"));
    // nothing of the text is obeyed
    for cell in &paint(&state).content {
        assert!(!cell.symbol().chars().any(char::is_control), "{:?}", cell.symbol());
    }
}

fn changed(state: &mut State) -> String {
    all(state, &[Key::End, Key::Up, Key::Up, Key::Char('D'), Key::Char('y')]);
    draft(state).to_owned()
}

fn planned(state: &mut State) {
    let file = file(state);
    let plan = Planned::Plan(Box::new(cli::plan()));
    done(state, Done::Planned(file, Ok(plan)));
}

#[test]
fn a_draft_is_planned_applied_and_gone() {
    let mut state = with_editor(SIZE, EN);
    let source = changed(&mut state);
    let effects = press(&mut state, Key::Char(':'));
    assert!(effects.is_empty());
    type_text(&mut state, "w");
    let effects = press(&mut state, Key::Enter);
    let file = file(&state);
    let plan = Effect::Call(Call::Plan { file: file.clone(), source: source.clone() });
    assert!(effects.contains(&plan), "{effects:?}");
    planned(&mut state);
    let shown = text(&state);
    assert!(shown.contains("Back to the steps") && shown.contains("$ rpa plan"), "{shown}");
    let effects = press(&mut state, Key::F(8));
    let (workflow, base) = ("default/disk-report".to_owned(), Some(5));
    let call = Call::Apply { workflow, base, file: file.clone(), source, draft: false };
    assert_eq!(effects, [Effect::Call(call)]);
    let notice = state.notice.as_ref().expect("a notice");
    assert_eq!(notice.command, format!("rpa apply --base 5 {file}"));
    let accepted = Applied::Accepted {
        workflow: "default/disk-report".into(),
        revision: 6,
        changed: true,
        draft: false,
        warnings: Vec::new(),
    };
    let effects = done(&mut state, Done::Applied(file.clone(), Ok(accepted)));
    assert_eq!(effects, [Effect::Draft(DraftWork::Forget { path: file.into() })]);
    assert!(state.editor().is_none() && state.overlay.is_none() && state.workflow.is_some());
    assert!(state.drafts.kept.is_empty());
    assert!(text(&state).contains("disk-report: revision 6 is live"), "{}", text(&state));
}

#[test]
fn what_has_come_meanwhile_is_seen_before_it_is_replaced() {
    let mut state = with_editor(SIZE, EN);
    let source = changed(&mut state);
    press(&mut state, Key::F(8));
    planned(&mut state);
    press(&mut state, Key::F(8));
    let other = SOURCE.replace("timeout: 1h", "timeout: 2h");
    let newest = Box::new(source_of(6, &other));
    let of = file(&state);
    done(&mut state, Done::Stale(of.clone(), newest));
    let shown = text(&state);
    assert!(shown.contains("Revision 6 has come since"), "{shown}");
    assert!(shown.contains("-timeout: 2h"), "{shown}");
    // back to the steps, with the draft as it was
    let effects = press(&mut state, Key::Esc);
    // the old file goes when the new one is there, and not before
    let path = state.drafts.path(&name(Some(6)));
    let moved = DraftWork::Move { from: of.into(), path, text: source.clone() };
    assert_eq!(effects, [Effect::Draft(moved)]);
    assert_eq!(draft(&state), source);
    assert_eq!(state.editor().map(|editor| editor.name.clone()), Some(name(Some(6))));
    let effects = press(&mut state, Key::F(8));
    let plan = effects.iter().any(|e| matches!(e, Effect::Call(Call::Plan { .. })));
    assert!(plan, "{effects:?}");
}

#[test]
fn leaving_with_changes_asks() {
    let mut state = with_editor(SIZE, EN);
    let source = changed(&mut state);
    for key in [Key::Esc, Key::Char('q')] {
        assert!(press(&mut state, key).is_empty());
        assert!(
            text(&state).contains("leave with changes that are not saved?"),
            "{}",
            text(&state)
        );
        assert!(press(&mut state, Key::Enter).is_empty(), "staying is the first answer");
        assert_eq!(draft(&state), source);
    }
    // kept, and the console ends
    all(&mut state, &[Key::Char('q'), Key::Tab]);
    assert_eq!(press(&mut state, Key::Enter), [Effect::Quit]);
    assert!(state.editor().is_none() && state.drafts.kept.len() == 1);
    assert!(text(&state).contains("is kept: e goes on"), "{}", text(&state));
    // thrown away
    let mut state = with_editor(SIZE, EN);
    changed(&mut state);
    all(&mut state, &[Key::Esc, Key::Tab, Key::Tab]);
    let effects = press(&mut state, Key::Enter);
    let path = state.drafts.path(&name(Some(5)));
    assert_eq!(effects, [Effect::Draft(DraftWork::Forget { path })]);
    assert!(state.editor().is_none() && state.drafts.kept.is_empty());
}

#[test]
fn whoever_goes_elsewhere_finds_the_draft_again() {
    let mut state = with_editor(SIZE, EN);
    let source = changed(&mut state);
    press(&mut state, Key::Char('1'));
    assert!(state.editor().is_none());
    assert!(text(&state).contains("a draft of yours of disk-report"), "{}", text(&state));
    press(&mut state, Key::Char('e'));
    assert!(text(&state).contains("It began with revision 5"), "{}", text(&state));
    let way = EditWay::Kept(name(Some(5)));
    let workflow = "default/disk-report".to_owned();
    let call = Call::Newest { workflow, way: way.clone() };
    assert_eq!(press(&mut state, Key::Enter), [Effect::Call(call)]);
    done(&mut state, Done::Newest(way, Ok(source_of(5, SOURCE))));
    assert_eq!(draft(&state), source);
    // what it had changed is one change
    assert!(text(&state).contains("1 change"), "{}", text(&state));
    // once more, and thrown away: the newest revision is edited
    all(&mut state, &[Key::Char('1'), Key::Char('e'), Key::Tab]);
    let effects = press(&mut state, Key::Enter);
    let [Effect::Draft(DraftWork::Forget { .. }), Effect::Call(Call::Newest { way, .. })] =
        &effects[..]
    else {
        panic!("{effects:?}")
    };
    assert_eq!(*way, EditWay::Visual);
}

/// What another console has left.
fn of_another(base: Option<u32>, held: bool) -> Kept {
    let name = DraftName { process: 7, begun_ms: NOW - 1, ..name(base) };
    let text = SOURCE.replace("df -P", "df -h");
    Kept { name, at_ms: NOW - 60_000, text, held }
}

#[test]
fn a_draft_that_another_console_has_open_stays_its_own() {
    for held in [true, false] {
        let mut state = with_workflow(SIZE, EN);
        state.drafts.directory = Some("/home/ann/.local/state/rpa/drafts".into());
        state.drafts.process = 81;
        let other = of_another(Some(5), held);
        // it is looked for when it is asked for: this console has begun before that draft
        let effects = update(&mut state, NOW, Msg::Key(Key::Char('e')));
        assert_eq!(effects, [Effect::FindDrafts]);
        assert!(update(&mut state, NOW, Msg::Drafts(vec![other.clone()])).is_empty());
        assert_eq!(text(&state).contains("Another console has it open"), held, "{}", text(&state));
        press(&mut state, Key::Enter);
        let way = EditWay::Kept(other.name.clone());
        let effects = done(&mut state, Done::Newest(way, Ok(source_of(5, SOURCE))));
        assert_eq!(draft(&state), other.text);
        let own = DraftName { begun_ms: NOW, process: 81, ..other.name.clone() };
        assert_eq!(state.editor().map(|editor| &editor.name), Some(&own));
        let (from, path) = (state.drafts.path(&other.name), state.drafts.path(&own));
        let text_of = other.text.clone();
        let work = match held {
            true => DraftWork::Keep { path, text: text_of },
            false => DraftWork::Move { from, path, text: text_of },
        };
        assert_eq!(effects, [Effect::Draft(work)]);
        assert_eq!(text(&state).contains("this is a copy of it"), held, "{}", text(&state));
        // what the draft had changed is one change
        press(&mut state, Key::Char('u'));
        assert_eq!(draft(&state), SOURCE);
        press(&mut state, Key::Char('U'));
        assert_eq!(draft(&state), other.text);
    }
}

#[test]
fn beginning_anew_beside_another_console_takes_nothing_away() {
    let mut state = with_workflow(SIZE, EN);
    state.drafts.directory = Some("/home/ann/.local/state/rpa/drafts".into());
    state.drafts.kept = vec![of_another(Some(5), true)];
    all(&mut state, &[Key::Char('e'), Key::Tab]);
    let effects = press(&mut state, Key::Enter);
    let workflow = "default/disk-report".to_owned();
    assert_eq!(effects, [Effect::Call(Call::Newest { workflow, way: EditWay::Visual })]);
    assert_eq!(state.drafts.kept.len(), 1);
}

#[test]
fn a_late_answer_opens_nothing() {
    let newest = |way| Done::Newest(way, Ok(source_of(5, SOURCE)));
    for way in [EditWay::Visual, EditWay::Text] {
        // whoever went elsewhere stays there
        let mut state = with_workflow(SIZE, EN);
        press(&mut state, if way == EditWay::Visual { Key::Char('e') } else { Key::Char('E') });
        press(&mut state, Key::Char('3'));
        assert!(done(&mut state, newest(way.clone())).is_empty());
        assert!(state.editor().is_none() && state.workflow.is_none());
        assert!(text(&state).contains("you went on meanwhile"), "{}", text(&state));
        // and whoever edits another one keeps it
        let mut state = with_workflow(SIZE, EN);
        press(&mut state, if way == EditWay::Visual { Key::Char('e') } else { Key::Char('E') });
        all(&mut state, &[Key::Char('1'), Key::Char('n')]);
        type_text(&mut state, "another");
        press(&mut state, Key::Enter);
        assert!(done(&mut state, newest(way)).is_empty());
        let name = state.editor().map(|editor| editor.name.workflow.clone());
        assert_eq!(name.as_deref(), Some("default/another"));
    }
    // nor does one that nobody waits for
    let mut state = with_workflow(SIZE, EN);
    all(&mut state, &[Key::Char('e'), Key::Char('e')]);
    done(&mut state, newest(EditWay::Visual));
    press(&mut state, Key::Esc);
    done(&mut state, newest(EditWay::Visual));
    assert!(state.editor().is_none());
}

#[test]
fn drafts_stand_in_the_list_and_those_of_new_workflows_are_rows() {
    let mut state = connected(SIZE, EN);
    let new = DraftName { workflow: "default/brand-new".into(), ..name(None) };
    let other = DraftName { workflow: "ops/elsewhere".into(), ..name(None) };
    let text_of = SOURCE.replace("disk-report", "brand-new");
    let kept = |name: DraftName| Kept { name, at_ms: NOW, text: text_of.clone(), held: false };
    let drafts = Drafts {
        directory: Some("/drafts".into()),
        process: 82,
        kept: vec![kept(new), kept(other), of_another(Some(5), false)],
    };
    state.begin_with_drafts(drafts);
    press(&mut state, Key::Char('1'));
    let shown = text(&state);
    let row = |name: &str| shown.contains(&format!("{name}*"));
    assert!(row("disk-report") && row("brand-new") && !shown.contains("elsewhere"), "{shown}");
    assert!(shown.contains("not saved yet"), "{shown}");
    press(&mut state, Key::End);
    assert!(text(&state).contains("Enter goes on with it"), "{}", text(&state));
    // nothing that the daemon would be asked for
    assert!(press(&mut state, Key::Char('r')).is_empty() && state.overlay.is_none());
    for key in [Key::Enter, Key::Char('e')] {
        press(&mut state, key);
        assert!(text(&state).contains("It is of a new workflow"), "{}", text(&state));
        press(&mut state, Key::Esc);
    }
    press(&mut state, Key::Enter);
    press(&mut state, Key::Enter);
    let opened = state.editor().map(|editor| editor.name.workflow.clone());
    assert_eq!(opened.as_deref(), Some("default/brand-new"));
}

#[test]
fn a_draft_of_an_older_revision_says_so() {
    let mut state = with_editor(SIZE, EN);
    changed(&mut state);
    all(&mut state, &[Key::Char('1'), Key::Char('e'), Key::Enter]);
    let way = EditWay::Kept(name(Some(5)));
    done(&mut state, Done::Newest(way, Ok(source_of(7, SOURCE))));
    assert!(text(&state).contains("7 is the newest by now"), "{}", text(&state));
    assert_eq!(state.editor().and_then(|editor| editor.base), Some(5), "nothing is overwritten");
}

#[test]
fn a_console_that_changes_nothing_edits_nothing() {
    for key in [Key::Char('e'), Key::Char('E'), Key::F(4)] {
        let mut state = with_workflow(SIZE, EN);
        state.settings.read_only = true;
        assert!(press(&mut state, key).is_empty());
        assert!(state.editor().is_none() && state.notice.is_some());
    }
    let mut state = connected(SIZE, EN);
    state.settings.read_only = true;
    assert!(press(&mut state, Key::Char('n')).is_empty());
    assert!(state.overlay.is_none());
}

#[test]
fn the_whole_draft_goes_through_an_editor_of_ones_own() {
    let mut state = with_editor(SIZE, EN);
    let effects = press(&mut state, Key::Char('E'));
    let [Effect::Hand(job)] = &effects[..] else { panic!("{effects:?}") };
    let job = job.clone();
    assert_eq!(job.text, SOURCE);
    // what cannot be read has no steps, and is not lost
    let effects = come_back(&mut state, job.clone(), "steps: [");
    assert!(matches!(&effects[..], [Effect::Draft(_), Effect::Discard(_)]), "{effects:?}");
    assert!(text(&state).contains("cannot be read as YAML"), "{}", text(&state));
    press(&mut state, Key::Char('u'));
    assert_eq!(draft(&state), SOURCE);
    assert!(come_back(&mut state, job, SOURCE).len() == 1, "its file goes");
}

#[test]
fn boxes_show_the_draft_as_lanes_do() {
    let mut state = with_editor((100, 40), EN);
    all(&mut state, &[Key::Char('v'), Key::Down, Key::Char('a')]);
    type_text(&mut state, "noop");
    all(&mut state, &[Key::Enter, Key::Enter]);
    let at = state.selected_step().map(|step| step.path.clone());
    assert_eq!(at.as_deref(), Some("noop"));
    press(&mut state, Key::Esc);
    assert!(text(&state).contains("noop"), "{}", text(&state));
    assert!(state.workflow.as_ref().is_some_and(|open| open.graph.is_some()));
}
