//! `editor_change_500`: one change in the visual editor of a workflow of 500 steps, from the
//! key that makes it to the bytes for the terminal, in ms: a step that is added, and deleted
//! again, by turns, at several places.
//!
//! The limit is what the daemon needs to check the same text once.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use rpa_config::workflow::check;
use rpa_ipc::catalog::{CauseView, RevisionView, SourceView, Trace, WorkflowState};
use rpa_ipc::view::WorkflowView;
use rpa_tui::console::keys::Key;
use rpa_tui::console::settings::Settings;
use rpa_tui::console::state::{Done, EditWay, Msg, News, State, update};
use rpa_tui::console::terminal::Screen;
use rpa_tui::console::theme::Look;
use rpa_tui::console::view;

use crate::statistics::{ms, percentile};
use crate::table::{Figure, Target};

const SIZE: (u16, u16) = (200, 50);
const STEPS: usize = 500;
const CHANGES: usize = 60;
/// A moment in November 2026.
const NOW: u64 = 1_795_230_600_000;
const NAME: &str = "default/large";

pub fn change() -> Vec<Figure> {
    let source = source();
    let mut state = opened(&source);
    let mut screen = Screen::new(SIZE);
    let mut times = Vec::with_capacity(CHANGES);
    // what is chosen first, and where it goes, is no change yet
    let rounds: [(&[Key], Key, &[Key]); 2] = [
        (&[Key::Char('a'), Key::Enter], Key::Enter, &[Key::Esc]),
        (&[Key::Char('D')], Key::Char('y'), &[Key::PageDown, Key::Down]),
    ];
    let lines = |state: &State| state.editor().map(|editor| editor.draft.text().len());
    for (before, change, after) in rounds.into_iter().cycle().take(CHANGES) {
        press(&mut state, before);
        let had = lines(&state);
        let start = Instant::now();
        press(&mut state, &[change]);
        black_box(screen.paint(|frame| view::draw(&state, frame)));
        times.push(ms(start.elapsed()));
        assert_ne!(lines(&state), had, "something was changed");
        press(&mut state, after);
    }
    let value = percentile(&mut times, 99);
    vec![Figure::new("editor_change_500", value, "ms", once(&source), Target::AtMost(10.0))]
}

fn once(source: &str) -> f64 {
    let namespace = "default".parse().expect("a sound name");
    let mut times = Vec::with_capacity(CHANGES);
    for _ in 0..CHANGES {
        let start = Instant::now();
        assert!(black_box(check(source, "large.yaml", &namespace)).workflow.is_some());
        times.push(ms(start.elapsed()));
    }
    percentile(&mut times, 99)
}

/// Branches and joins, with what steps usually have.
fn source() -> String {
    let mut text = String::from("version: 1\nname: large\nsteps:\n");
    for n in 0..STEPS {
        let (near, far) = (n.saturating_sub(1), n.saturating_sub(7));
        let needs = match n {
            0 => String::new(),
            _ if n % 5 == 0 && near != far => format!("    needs: [step_{near}, step_{far}]\n"),
            _ => format!("    needs: [step_{near}]\n"),
        };
        let _ = write!(
            text,
            "  # the {n}th of many\n  - id: step_{n}\n    name: Step {n} of {STEPS}\n{needs}    \
             run: |\n      df -P | awk 'NR > 1 {{print $5}}'\n      echo {n}\n    timeout: 30s\n    \
             retry: {{attempts: 3, delay: 5s}}\n"
        );
    }
    text
}

/// A console with the workflow in the editor.
fn opened(source: &str) -> State {
    let look = Look { unicode: true, colour: true, contrast: false };
    let mut state = State::new(NOW, SIZE, Settings::default(), look);
    tell(&mut state, News::Up);
    tell(&mut state, News::Workflows(vec![listed()]));
    press(&mut state, &[Key::Char('1'), Key::Char('e')]);
    let of = SourceView { revision: revision(), source: source.to_owned(), state: standing() };
    tell(&mut state, News::Done(Box::new(Done::Newest(EditWay::Visual, Ok(of)))));
    assert!(state.editor().is_some_and(|editor| editor.errors() == 0));
    state
}

fn press(state: &mut State, keys: &[Key]) {
    for key in keys {
        update(state, NOW, Msg::Key(*key));
    }
}

fn tell(state: &mut State, news: News) {
    update(state, NOW, Msg::News(Box::new(news)));
}

fn standing() -> WorkflowState {
    WorkflowState { word: "live".into(), change: None, live: Some(1), draft: None }
}

fn revision() -> RevisionView {
    RevisionView {
        workflow: NAME.into(),
        revision: 1,
        state: "live".into(),
        made: Trace { at_ms: NOW, who: "ann".into(), origin: "cli".into() },
        published: None,
        cause: CauseView { word: "apply".into(), workflow: None, revision: None },
        file: "large.yaml".into(),
        note: String::new(),
    }
}

fn listed() -> WorkflowView {
    WorkflowView {
        workflow: NAME.into(),
        revision: 1,
        state: standing(),
        description: String::new(),
        tags: Vec::new(),
        category: String::new(),
        applied_ms: NOW,
        applied_by: "ann".into(),
        variables: Vec::new(),
        steps: Vec::new(),
        last_run: None,
    }
}
