//! The last row: what can be done here, from the table of keys.

use ratatui::layout::Rect;
use rpa_ipc::view::RunSummary;

use super::pen::{Pen, Piece, piece};
use crate::console::keys::{Action, Binding, Key};
use crate::console::state::{
    BackfillStop, EditStop, EditorDialog, FirePurpose, FireStop, LockDialog, LockRow, Overlay,
    Root, RunScreen, Source, State, TriggerPane, Typed, Typing, can_pause, can_pause_trigger,
    can_publish, can_resume_trigger, can_unfold,
};
use crate::console::theme::Tone;
use crate::say;
use crate::text::cells;

/// The hints that fit, from the table of keys; how many more there are.
pub fn draw(pen: &mut Pen<'_>, state: &State, area: Rect) {
    let hints = match &state.overlay {
        Some(overlay) => dialog_hints(state, overlay),
        None => screen_hints(state),
    };
    hint_line(pen, state, area, &hints);
}

type Hint = (String, String);

fn hint_line(pen: &mut Pen<'_>, state: &State, area: Rect, hints: &[Hint]) {
    let width = |(key, label): &Hint| cells(key) + cells(label) + 3;
    let room = usize::from(area.width);
    let mut fits = hints.len();
    let more = |left_out: usize| say!(state.words, "hints-more", count = left_out);
    loop {
        let used: usize = hints[..fits].iter().map(width).sum();
        let tail = if fits < hints.len() { cells(&more(hints.len() - fits)) + 1 } else { 0 };
        if used + tail <= room || fits == 0 {
            break;
        }
        fits -= 1;
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let mut x = area.x;
    for (key, label) in &hints[..fits] {
        let wide = u16::try_from(cells(key) + cells(label) + 3).unwrap_or(u16::MAX);
        if let Some(key) = Key::parse(key) {
            pen.key(Rect { x, width: wide, ..area }.intersection(area), key);
        }
        x = x.saturating_add(wide);
        pieces.push(piece(Tone::Key, format!(" {key}")));
        pieces.push(piece(Tone::Plain, format!(" {label} ")));
    }
    pen.line(area, &pieces);
    if fits < hints.len() {
        pen.right(area, &[piece(Tone::Faint, more(hints.len() - fits))]);
    }
}

fn screen_hints(state: &State) -> Vec<Hint> {
    let scopes = state.scopes();
    let rank = |b: &Binding| scopes.iter().position(|s| *s == b.scope);
    let hinted = |b: &&Binding| b.hint > 0 && rank(b).is_some() && applies(state, b);
    let mut shown: Vec<&Binding> = state.keys.bindings().iter().filter(hinted).collect();
    shown.sort_by_key(|b| b.hint);
    let hint =
        |b: &&Binding| Some((b.keys.first()?.to_string(), state.words.say(&b.action.label(), &[])));
    shown.iter().filter_map(hint).collect()
}

/// Whether the action would do something now.
fn applies(state: &State, binding: &Binding) -> bool {
    match binding.action {
        Action::Resolve => {
            let wanted = |run: &RunScreen| run.doubt().is_some() || run.asking().is_some();
            state.run.as_ref().is_some_and(wanted)
        }
        Action::Cancel => match &state.run {
            Some(run) => run.is_live(),
            None => state.runs.meant().iter().any(|r| !crate::console::state::is_over(&r.status)),
        },
        Action::Retry => is_of(state, &["failed", "cancelled"]),
        Action::Rerun => is_of(state, &["completed", "failed", "cancelled"]),
        Action::Earlier => state.run.as_ref().is_some_and(|run| run.origin().is_some()),
        Action::Unfold if state.run.is_none() => fold_of(state) == Some(true),
        Action::Fold if state.run.is_none() => fold_of(state) == Some(false),
        Action::Unfold => can_unfold(state),
        Action::Publish | Action::RollBack => {
            let selected = state.shown_workflow().and_then(|open| open.revision());
            selected.is_some_and(can_publish)
        }
        Action::Pause => !can_pause(state).is_empty(),
        Action::Resume => is_of(state, &["paused"]),
        Action::PauseTrigger => state.meant_trigger().is_some_and(can_pause_trigger),
        // where both can be done, something else keeps it from firing
        Action::ResumeTrigger => {
            state.meant_trigger().is_some_and(|t| can_resume_trigger(t) && !can_pause_trigger(t))
        }
        Action::FireTrigger | Action::TestTrigger | Action::OnOff => {
            state.meant_trigger().is_some_and(|t| t.status != "gone")
        }
        Action::Undo => state.editor().is_some_and(|editor| editor.draft.changes() > 0),
        Action::Redo => state.editor().is_some_and(|editor| editor.draft.undone() > 0),
        Action::NextProblem => state.editor().is_some_and(|editor| !editor.problems.is_empty()),
        Action::Clear => {
            let field = state.editor().and_then(|editor| editor.field());
            field.is_some_and(|field| field.value.is_some())
        }
        Action::Unlink => state.selected_step().is_some_and(|step| !step.needs.is_empty()),
        Action::Backfill => state.meant_trigger().is_some_and(|t| t.kind == "schedule"),
        Action::Open if state.run.is_none() && state.trigger.is_some() => {
            let open = state.trigger.as_ref().filter(|open| open.pane == TriggerPane::Past);
            open.and_then(|open| open.selected()?.run).is_some()
        }
        Action::NextPane if state.at_home() => true,
        Action::NextPane if state.run.is_none() && state.trigger.is_some() => {
            state.trigger.as_ref().is_some_and(|open| open.has_slots())
        }
        Action::Log if state.at_home() => state.home_run().is_some(),
        Action::RunsOfWorkflow | Action::RunWorkflow if state.at_home() => {
            state.home_workflow().is_some()
        }
        Action::Acknowledge => !state.unseen().is_empty(),
        Action::AckAll => state.notification_rows().iter().any(|view| view.state == "unread"),
        Action::Release => match state.locks.selected() {
            Some(LockRow::Holds(..)) => true,
            Some(LockRow::Lock(lock)) => lock.size.is_some(),
            Some(LockRow::Waits(..)) | None => false,
        },
        Action::Open | Action::Log | Action::RunsOfWorkflow
            if state.root == Root::Approvals && !state.is_open() =>
        {
            state.asked.selected().is_some()
        }
        Action::Open if state.root == Root::Locks && state.run.is_none() => {
            state.locks.selected().is_some_and(|row| row.claim().is_some())
        }
        Action::FindNext => {
            let text = state.workflow.as_ref().and_then(|open| open.text.as_ref());
            match &state.run {
                Some(run) => !run.log.needle.is_empty(),
                None => text.is_some_and(|text| !text.needle.is_empty()),
            }
        }
        _ => true,
    }
}

/// Whether the selected step of a workflow hides something; `None` where nothing is inside.
fn fold_of(state: &State) -> Option<bool> {
    let open = state.shown_workflow()?;
    open.fold_of(open.selected()?)
}

/// Whether one of the meant runs is known to have one of these statuses.
fn is_of(state: &State, statuses: &[&str]) -> bool {
    let fits = |run: &RunSummary| statuses.contains(&run.status.as_str());
    match &state.run {
        Some(run) => run.detail.as_ref().is_some_and(|detail| fits(&detail.summary)),
        None => state.runs.meant().into_iter().any(fits),
    }
}

fn dialog_hints(state: &State, overlay: &Overlay) -> Vec<Hint> {
    let words = &state.words;
    let hint = |key: String, id: &str| (key, words.say(id, &[]));
    let enter = |id: &str| hint(Key::Enter.to_string(), id);
    let esc = |id: &str| hint(Key::Esc.to_string(), id);
    let moving = || hint(format!("{} {}", Key::Up, Key::Down), "hint-choose");
    match overlay {
        Overlay::Help(_) => vec![enter("hint-do"), moving(), esc("hint-close")],
        Overlay::Palette(_) => {
            let tab = hint(Key::Tab.to_string(), "hint-complete");
            vec![enter("hint-do"), moving(), tab, esc("hint-close")]
        }
        Overlay::Composer(form) => {
            let go = if form.is_for_shells() { "act-copy" } else { "hint-do" };
            vec![
                hint(Key::F(8).to_string(), go),
                hint(Key::Tab.to_string(), "hint-next-field"),
                hint(Key::Ctrl('y').to_string(), "act-copy-command"),
                esc("hint-close"),
            ]
        }
        Overlay::Reader(open) if open.typed.is_some() => {
            vec![enter("hint-accept"), esc("hint-discard")]
        }
        Overlay::Reader(open) => {
            let again = (!open.running).then(|| hint("r".to_owned(), "hint-again"));
            let rest = [
                hint(format!("{} {}", Key::Up, Key::Down), "hint-scroll"),
                hint("/".to_owned(), "act-search"),
                hint("y".to_owned(), "act-copy"),
                hint("|".to_owned(), "act-pager"),
                esc("hint-close"),
            ];
            again.into_iter().chain(rest).collect()
        }
        Overlay::Prompt(_)
            if matches!(state.root, Root::Runs | Root::Slots) && state.run.is_none() =>
        {
            vec![
                enter("hint-accept"),
                hint(Key::Tab.to_string(), "hint-complete"),
                esc("hint-discard"),
            ]
        }
        Overlay::Prompt(_) => vec![enter("hint-accept"), esc("hint-discard")],
        Overlay::Confirm(dialog) if dialog.is_typed() => {
            let choice = dialog.revision.map(|_| hint(Key::Tab.to_string(), "hint-choose"));
            let rest = [enter("hint-confirm"), esc("hint-keep")];
            choice.into_iter().chain(rest).collect()
        }
        Overlay::Confirm(_) => {
            let yes = hint(say!(words, "key-yes"), "hint-confirm");
            vec![yes, esc("hint-keep"), hint(Key::Tab.to_string(), "hint-choose")]
        }
        Overlay::Retry(_) => {
            vec![enter("act-retry"), hint(Key::Tab.to_string(), "hint-choose"), esc("hint-close")]
        }
        Overlay::Repeat(_) | Overlay::Revise(_) => {
            let yes = hint(say!(words, "key-yes"), "hint-confirm");
            vec![yes, esc("hint-close"), hint(Key::Tab.to_string(), "hint-choose")]
        }
        Overlay::Form(form) => {
            let (start, undo) = match form.source {
                Source::New => ("hint-start", "hint-default"),
                Source::Again(_) => ("act-rerun", "hint-discard"),
            };
            vec![
                hint(Key::F(8).to_string(), start),
                hint(Key::Tab.to_string(), "hint-next-field"),
                hint(Key::Ctrl('d').to_string(), undo),
                esc("hint-close"),
            ]
        }
        Overlay::Vote(_) => vec![
            hint(Key::Tab.to_string(), "hint-next-field"),
            hint(Key::PageDown.to_string(), "hint-read-on"),
            enter("hint-do"),
            esc("hint-close"),
        ],
        Overlay::Resolve(_) => vec![enter("hint-confirm"), moving(), esc("hint-close")],
        Overlay::Why(pane) => {
            let other = if pane.whole { "hint-step" } else { "hint-whole" };
            let tab = pane.step.as_ref().map(|_| hint(Key::Tab.to_string(), other));
            let scroll = hint(format!("{} {}", Key::Up, Key::Down), "hint-scroll");
            tab.into_iter().chain([scroll, esc("hint-close")]).collect()
        }
        Overlay::Find(_) => vec![enter("act-open"), moving(), esc("hint-close")],
        Overlay::Ack(_) => {
            let yes = hint(say!(words, "key-yes"), "hint-confirm");
            vec![yes, esc("hint-keep"), hint(Key::Tab.to_string(), "hint-choose")]
        }
        Overlay::Lock(LockDialog::Size { .. }) => vec![
            enter("hint-confirm"),
            hint(Key::Tab.to_string(), "hint-next-field"),
            esc("hint-close"),
        ],
        Overlay::Lock(_) => {
            let yes = hint(say!(words, "key-yes"), "hint-confirm");
            vec![yes, esc("hint-keep"), hint(Key::Tab.to_string(), "hint-choose")]
        }
        Overlay::Tuning(open) if open.typed.is_some() => {
            vec![enter("hint-accept"), esc("hint-discard")]
        }
        Overlay::Tuning(_) => vec![
            hint(Key::Right.to_string(), "hint-other-value"),
            hint("d".to_owned(), "hint-default"),
            moving(),
            esc("hint-close"),
        ],
        Overlay::Order(_) => vec![enter("hint-confirm"), esc("hint-close")],
        Overlay::Backfill(dialog) => {
            let typing = matches!(dialog.at, BackfillStop::From | BackfillStop::To);
            vec![
                enter(if typing { "hint-next-field" } else { "hint-do" }),
                hint(Key::Tab.to_string(), "hint-next-field"),
                hint(Key::PageDown.to_string(), "hint-read-on"),
                esc("hint-close"),
            ]
        }
        Overlay::Fire(dialog) => {
            let at = match (dialog.at, dialog.purpose) {
                (FireStop::Data, FirePurpose::Fire) => "hint-next-field",
                (FireStop::Data, FirePurpose::Test) => "act-test",
                (FireStop::Test | FireStop::Fire | FireStop::Close, _) => "hint-do",
            };
            vec![
                enter(at),
                hint(Key::F(8).to_string(), "act-fire"),
                hint(Key::Tab.to_string(), "hint-next-field"),
                hint(Key::PageDown.to_string(), "hint-read-on"),
                esc("hint-close"),
            ]
        }
        Overlay::Edited(dialog) => {
            let apply = dialog.stops().contains(&EditStop::Apply);
            let apply = apply.then(|| hint(Key::F(8).to_string(), "edit-apply"));
            let rest = [
                enter("hint-do"),
                hint(Key::Tab.to_string(), "hint-choose"),
                hint(Key::PageDown.to_string(), "hint-read-on"),
                esc(if dialog.is_draft() { "edit-back" } else { "edit-keep" }),
            ];
            apply.into_iter().chain(rest).collect()
        }
        Overlay::Editor(dialog) => match dialog.as_ref() {
            EditorDialog::Choose(_) => vec![enter("hint-accept"), moving(), esc("hint-close")],
            EditorDialog::Typing(Typing { text: Typed::Line(_), .. }) => {
                vec![enter("hint-accept"), esc("hint-discard")]
            }
            EditorDialog::Typing(Typing { leaving: Some(_), .. }) => {
                let choose = hint(Key::Tab.to_string(), "hint-choose");
                vec![enter("hint-do"), choose, esc("typing-go-on")]
            }
            EditorDialog::Typing(_) => vec![
                hint(Key::F(8).to_string(), "hint-accept"),
                hint(Key::F(4).to_string(), "act-edit-text"),
                esc("hint-discard"),
            ],
            EditorDialog::Leave(_) => {
                vec![enter("hint-do"), hint(Key::Tab.to_string(), "hint-choose"), esc("leave-stay")]
            }
            EditorDialog::Found(_) => {
                vec![enter("hint-do"), hint(Key::Tab.to_string(), "hint-choose"), esc("hint-close")]
            }
            EditorDialog::Remove(removal) if removal.refused.is_some() => vec![esc("hint-close")],
            EditorDialog::Remove(_) => {
                let yes = hint(say!(words, "key-yes"), "hint-confirm");
                vec![yes, esc("hint-keep"), hint(Key::Tab.to_string(), "hint-choose")]
            }
        },
        Overlay::Refusal(_) => vec![esc("hint-close")],
        Overlay::Keyboard(_) => vec![enter("hint-accept"), moving(), esc("hint-close")],
    }
}
