//! What was asked for to be edited and has not come. An answer opens nothing unless it is
//! still waited for: whoever went elsewhere meanwhile stays there.

use super::super::trail::Spot;
use super::super::{Call, Effect, State};
use super::keep;
use crate::console::state::workflow::EditWay;
use crate::console::theme::Tone;
use crate::console::view::names;
use crate::say;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// With its namespace.
    pub workflow: String,
    pub way: EditWay,
    /// There is no such workflow yet.
    pub is_new: bool,
    /// Where it was asked for.
    spot: Spot,
}

/// Looks for drafts of a workflow before it is edited visually: other consoles may have
/// left some since this one has begun. One that is known is asked about at once.
pub fn look(state: &mut State, workflow: String, is_new: bool) -> Vec<Effect> {
    let on_disk = state.drafts.directory.is_some();
    let find: Vec<Effect> = on_disk.then_some(Effect::FindDrafts).into_iter().collect();
    if keep::ask(state, &workflow, !on_disk) {
        return find;
    }
    state.awaited = Some(Awaited { workflow, way: EditWay::Visual, is_new, spot: state.spot() });
    if on_disk { find } else { keep::looked(state) }
}

/// Asks for the newest revision.
pub fn fetch(state: &mut State, workflow: String, way: EditWay) -> Vec<Effect> {
    let (asked, spot) = (way.clone(), state.spot());
    state.awaited = Some(Awaited { workflow: workflow.clone(), way: asked, is_new: false, spot });
    state.calls += 1;
    vec![Effect::Call(Call::Newest { workflow, way })]
}

/// Whether an answer is for what is waited for, which is over then. Of one that is too late
/// it is said.
pub fn is_awaited(state: &mut State, workflow: Option<&str>, way: &EditWay) -> bool {
    let fits = |awaited: &mut Awaited| {
        awaited.way == *way && workflow.is_none_or(|workflow| workflow == awaited.workflow)
    };
    match state.awaited.take_if(fits) {
        Some(awaited) if is_here(state, &awaited) => true,
        Some(awaited) => {
            let name = names::workflow(state, &awaited.workflow);
            let text = say!(state.words, "edit-late", name = name);
            state.tell(Tone::Warn, text, String::new());
            false
        }
        None => false,
    }
}

/// Whether one is where it was asked for, and does nothing else there.
pub fn is_here(state: &State, awaited: &Awaited) -> bool {
    state.overlay.is_none() && state.editor().is_none() && awaited.spot.is_at(&state.spot())
}
