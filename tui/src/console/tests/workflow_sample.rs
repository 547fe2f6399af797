//! An open workflow for tests, with what is awkward in it.

use std::path::PathBuf;

use rpa_ipc::Language;
use rpa_ipc::catalog::{Planned, RevisionView, SourceView};

use super::sample::{NOW, connected, press, runs, state as standing, tell, triggers};
use crate::cli::sample as cli;
use crate::console::keys::Key;
use crate::console::state::{
    Done, EditGiven, EditWay, Edited, EditorDialog, Effect, Job, Msg, News, Overlay, Pane, State,
    WorkflowTold, update,
};
use crate::definition::Definition;
use crate::definition::tests::SOURCE;

pub fn revision(number: u32, state: &str) -> RevisionView {
    let mut revision = cli::revision(number, state);
    revision.made.at_ms = NOW - u64::from(10 - number) * 86_400_000;
    if number != 4 {
        revision.cause.word = "apply".into();
        revision.note =
            if number == 2 { "по-висока граница".into() } else { String::new() };
    }
    revision
}

pub fn source_of(number: u32, source: &str) -> SourceView {
    let state = if number == 3 { "live" } else { "draft" };
    let mut of = standing("live");
    of.draft = Some(5);
    SourceView { revision: revision(number, state), source: source.to_owned(), state: of }
}

pub fn told(source: &str) -> WorkflowTold {
    WorkflowTold {
        source: source_of(3, source),
        definition: Definition::of(source, &"default".parse().expect("a name")),
        history: vec![
            revision(5, "draft"),
            revision(4, "published"),
            revision(3, "live"),
            revision(2, "published"),
            revision(1, "published"),
        ],
        more: false,
        runs: runs(),
    }
}

/// One that has the workflow open, with triggers and revisions.
pub fn with_workflow(size: (u16, u16), language: Language) -> State {
    let mut state = connected(size, language);
    tell(&mut state, News::Triggers(triggers()));
    press(&mut state, Key::Down);
    press(&mut state, Key::Enter);
    let want = state.wants().workflow.expect("the workflow is wanted");
    tell(&mut state, News::Workflow { want, told: told(SOURCE) });
    state.notice = None;
    state
}

/// The same with boxes.
pub fn with_graph(size: (u16, u16), language: Language) -> State {
    let mut state = with_workflow(size, language);
    press(&mut state, Key::Char('v'));
    press(&mut state, Key::Down);
    state.notice = None;
    state
}

/// The same with its revisions having the focus, the draft selected.
pub fn with_revisions(size: (u16, u16), language: Language) -> State {
    let mut state = with_workflow(size, language);
    for _ in 0..3 {
        press(&mut state, Key::Tab);
    }
    assert_eq!(state.workflow.as_ref().map(|open| open.focus), Some(Pane::Revisions));
    state
}

/// A source or a difference, as many lines as it has.
pub fn with_text(size: (u16, u16), language: Language, diff: bool) -> State {
    let mut state = with_revisions(size, language);
    press(&mut state, if diff { Key::Char('d') } else { Key::Enter });
    let newer =
        SOURCE.replace("limit: {type: number, default: 80}", "limit: {type: number, default: 90}");
    let views = match diff {
        true => vec![source_of(3, SOURCE), source_of(5, &newer)],
        false => vec![source_of(5, &newer)],
    };
    let open = state.workflow.as_ref().expect("open").name.clone();
    let what = match diff {
        true => crate::console::state::TextWhat::Diff(3, 5),
        false => crate::console::state::TextWhat::Source(5),
    };
    tell(&mut state, News::Done(Box::new(Done::Sources(open, what, Ok(views)))));
    state.notice = None;
    state
}

/// `E`, and the newest revision has come: what is handed to the editor.
pub fn hand_over(state: &mut State) -> Job {
    press(state, Key::Char('E'));
    let newest = source_of(5, SOURCE);
    let effects = tell(state, News::Done(Box::new(Done::Newest(EditWay::Text, Ok(newest)))));
    let [Effect::Hand(job)] = &effects[..] else { panic!("{effects:?}") };
    job.clone()
}

pub fn path() -> PathBuf {
    PathBuf::from("/tmp/rpa-tui-0192/disk-report.yaml")
}

/// The editor has ended, and left this text.
pub fn come_back(state: &mut State, job: Job, text: &str) -> Vec<Effect> {
    let edited = Edited { job, path: Some(path()), given: EditGiven::Text(text.to_owned()) };
    update(state, NOW, Msg::Edited(Box::new(edited)))
}

pub fn changed() -> String {
    SOURCE.replace("default: 80", "default: 90")
}

/// A dialog with a plan.
pub fn with_plan(size: (u16, u16), language: Language) -> State {
    let mut state = with_workflow(size, language);
    let job = hand_over(&mut state);
    come_back(&mut state, job, &changed());
    let plan = Planned::Plan(Box::new(cli::plan()));
    tell(&mut state, News::Done(Box::new(Done::Planned(path().display().to_string(), Ok(plan)))));
    state.notice = None;
    state
}

/// A dialog with problems.
pub fn with_problems(size: (u16, u16), language: Language) -> State {
    let mut state = with_workflow(size, language);
    let job = hand_over(&mut state);
    let text = changed().replace("timeout: 30s", "tiemout: 30s").replace("uses: log", "uses: lgo");
    come_back(&mut state, job, &text);
    state
}

/// A dialog that tells of a revision that has come meanwhile.
pub fn with_stale(size: (u16, u16), language: Language) -> State {
    let mut state = with_plan(size, language);
    press(&mut state, Key::F(8));
    let other = SOURCE.replace("timeout: 1h", "timeout: 2h");
    let newest = Box::new(source_of(6, &other));
    tell(&mut state, News::Done(Box::new(Done::Stale(path().display().to_string(), newest))));
    state.notice = None;
    state
}

/// The visual editor with the newest revision.
pub fn with_editor(size: (u16, u16), language: Language) -> State {
    let mut state = with_workflow(size, language);
    state.drafts.directory = Some(PathBuf::from("/home/ann/.local/state/rpa/drafts"));
    state.drafts.process = 81;
    press(&mut state, Key::Char('e'));
    let newest = source_of(5, SOURCE);
    tell(&mut state, News::Done(Box::new(Done::Newest(EditWay::Visual, Ok(newest)))));
    assert!(state.editor().is_some());
    state.notice = None;
    state
}

/// The same with a text that is wrong in several places, and means harm.
pub fn with_bad_draft(size: (u16, u16), language: Language) -> State {
    let mut state = with_editor(size, language);
    let effects = press(&mut state, Key::Char('E'));
    let [Effect::Hand(job)] = &effects[..] else { panic!("{effects:?}") };
    let text = SOURCE
        .replace("timeout: 30s", "tiemout: 30s")
        .replace("uses: log", "uses: lgo")
        .replace("needs: [usage]\n    uses", "needs: [usga]\n    uses")
        .replace("Заетост на дисковете", "\"\\e]52;c;aGk=\\a\\u202egnp\"");
    come_back(&mut state, job.clone(), &text);
    state.notice = None;
    state
}

/// The editor with the form of a step having the focus.
pub fn with_form(size: (u16, u16), language: Language) -> State {
    let mut state = with_editor(size, language);
    press(&mut state, Key::Enter);
    state
}

/// Esc; what asks about a draft or a text is answered, as Esc there means to stay.
pub fn escape(state: &mut State) -> Vec<Effect> {
    let asks = |state: &State| {
        matches!(&state.overlay, Some(Overlay::Editor(open))
            if matches!(open.as_ref(), EditorDialog::Leave(leave) if !leave.quits))
    };
    let drops = |state: &State| {
        matches!(&state.overlay, Some(Overlay::Editor(open))
            if matches!(open.as_ref(), EditorDialog::Typing(typing) if typing.leaving.is_some()))
    };
    if drops(state) {
        press(state, Key::BackTab);
        return press(state, Key::Enter);
    }
    if !asks(state) {
        return press(state, Key::Esc);
    }
    press(state, Key::Tab);
    press(state, Key::Enter)
}
