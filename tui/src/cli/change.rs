//! What a change of a workflow came to, in words and in JSON.

use rpa_ipc::catalog::{Changed, WorkflowState};

use super::exit::{Exit, Failure};
use super::json::ChangedDocument;
use super::session::Session;
use super::text::{Line, Style, ago};

/// Says how the workflow stands now; `done` is what that means.
pub fn say(changed: &Changed, done: &str, session: &mut Session) -> Result<Exit, Failure> {
    if session.json {
        session.out.document(&ChangedDocument::of(changed))?;
        return Ok(Exit::OK);
    }
    let line = Line::of(&changed.workflow).plain(format!(" {done}"));
    let line = if changed.changed { line } else { line.push(Style::Dim, " (as before)") };
    session.out.line(line)?;
    Ok(Exit::OK)
}

/// `disabled by ann, 3 h ago`; empty for a workflow that just takes runs.
pub fn standing(state: &WorkflowState, now_ms: u64) -> Line {
    let line = match state.word.as_str() {
        "live" => return Line::new(),
        word => Line::new().push(Style::Warn, word),
    };
    match &state.change {
        Some(change) => line.plain(format!(" by {}, {}", change.who, ago(change.at_ms, now_ms))),
        None => line,
    }
}
