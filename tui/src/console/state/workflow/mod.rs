//! Workflows: the list of them, one of them with its steps, triggers and revisions, and
//! its text, read, compared and edited.

mod edit;
mod edited;
mod graph;
mod list;
mod new;
mod one;
mod plan;
mod revise;
mod rows;
mod text;

pub use edit::{Edit, EditWay, Edited, Given as EditGiven, Job, Tool};
pub use edited::{EditDialog, EditStage, EditStop};
pub use graph::{GraphPane, Scale, boxes_of};
pub use list::WorkflowsScreen;
pub use one::{Pane, WorkflowScreen, WorkflowTold, next_fire};
pub use plan::plan_lines;
pub use revise::{Revise, Revision, can_publish};
pub use rows::{detail_lines, fact_text, inside_lines, needs_text};
pub use text::{TextPane, TextWhat};

pub(super) use rows::harmless;

pub(super) use edit::{came_back, edit, fetched as newest_fetched, page, typed_name};
pub(super) use edited::{applied, key as edit_key, open as open_edited, planned, stale};
pub(super) use graph::{go as graph_go, pan, renew as graph_renew, scale, switch as switch_view};
pub(super) use new::{name_problem, template as new_template};
pub(super) use one::{
    back, fold, next_pane, open, open as open_workflow, open_selected, settle, step, to_end, told,
    unfold,
};
pub(super) use revise::{
    ask_publish, ask_rollback, diff, key as revise_key, mark, published, rolled_back,
};
pub(super) use text::{fetched as sources_fetched, search as text_search, seek as text_seek};
