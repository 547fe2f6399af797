//! The visual editor of a workflow: steps are added, connected, moved and filled in, in the
//! text as it was written, which keeps its comments.
//!
//! ```text
//!  e -> newest revision -> draft -> change -> check --.   F8 -> plan -> apply, or not
//!            n, name -> template --^    ^--- undo ----'
//! ```
//! The draft belongs to the open workflow, whose steps are then those of the draft: lanes,
//! graph and folding are the same as without it. What a change does to the text is in
//! `rpa_config::edit`.

mod area;
mod awaited;
mod choose;
mod form;
mod keep;
mod leave;
mod ops;
mod problems;
mod refused;
mod remove;
mod save;
mod screen;
mod tree;

pub use area::Area;
pub use awaited::Awaited;
pub use choose::{Choose, Choosing, Offer};
pub use form::{Purpose as TypingPurpose, Typed, Typing, TypingStop};
pub use keep::{Drafts, Found};
pub use leave::{Leave, LeaveStop};
pub use ops::{field_summary, field_words, kind_summary};
pub use remove::Removal;
pub use screen::{Editor, written_lines};

pub(super) use awaited::{fetch, is_awaited, look};
pub(super) use form::{change, clear, other_value, step as step_in_form, to_end as form_to_end};
pub(super) use keep::{
    found as drafts_found, list as list_drafts, resume, take_up, tell as tell_of_drafts,
};
pub(super) use leave::leave;
pub(super) use ops::{add, link, move_step, redo, undo, unlink};
pub(super) use problems::next as next_problem;
pub(super) use remove::ask as remove;
pub(super) use save::{came_back, edit_text, finished, rebase, save, saved};
pub(super) use screen::{open, settle};

use super::workflow::Pane;
use super::{Effect, Overlay, State};
use crate::console::keys::Key;

/// What stands over the editor.
#[derive(Clone, Debug)]
pub enum EditorDialog {
    Choose(Choose),
    /// A value, or the id of a new step.
    Typing(Typing),
    Leave(Leave),
    /// A draft of an earlier time.
    Found(Found),
    Remove(Removal),
}

fn show(state: &mut State, dialog: EditorDialog) -> Vec<Effect> {
    state.overlay = Some(Overlay::Editor(Box::new(dialog)));
    Vec::new()
}

pub(super) fn key(state: &mut State, dialog: EditorDialog, key: Key) -> Vec<Effect> {
    match dialog {
        EditorDialog::Choose(open) => choose::key(state, open, key),
        EditorDialog::Typing(typing) => form::key(state, typing, key),
        EditorDialog::Leave(open) => leave::key(state, open, key),
        EditorDialog::Found(found) => keep::key(state, found, key),
        EditorDialog::Remove(removal) => remove::key(state, removal, key),
    }
}

pub(super) fn paste(state: &mut State, text: &str) {
    let height = usize::from(crate::console::view::layout::area(state).height);
    let Some(Overlay::Editor(dialog)) = &mut state.overlay else { return };
    match dialog.as_mut() {
        EditorDialog::Choose(open) => choose::paste(open, text),
        EditorDialog::Typing(typing) => form::paste(typing, text, height),
        // a paste is no answer
        EditorDialog::Leave(_) | EditorDialog::Found(_) | EditorDialog::Remove(_) => {}
    }
}
