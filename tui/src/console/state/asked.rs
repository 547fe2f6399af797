//! What people are asked to approve: the list of it, and one of it in full, as lines.

use rpa_engine::StepPath;
use rpa_ipc::Fault;
use rpa_ipc::asking::ApprovalView;

use super::data::{DataLine, Lines};
use super::{Cursor, State, Visited, moving, places, vote};
use crate::console::command::DIGEST;
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;
use crate::text::wrapped;

/// All that is asked in the namespace, as far as the daemon gives it at once.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Whether the daemon has answered.
    pub known: bool,
    pub rows: Vec<ApprovalView>,
    /// More follow.
    pub more: bool,
    /// Why the daemon does not tell.
    pub fault: Option<Fault>,
    pub cursor: Cursor,
}

impl Asked {
    pub(super) fn ids(&self) -> Vec<String> {
        self.rows.iter().map(|asked| format!("{}/{}", asked.run, asked.path)).collect()
    }

    pub fn selected(&self) -> Option<&ApprovalView> {
        self.rows.get(self.cursor.index)
    }
}

pub fn got(state: &mut State, rows: Vec<ApprovalView>, more: bool) {
    let cursor = std::mem::take(&mut state.asked.cursor);
    state.asked = Asked { known: true, rows, more, fault: None, cursor };
    moving::settle(state);
}

/// The run that asks, with what is asked before it.
pub fn open(state: &mut State) {
    let Some(asked) = state.asked.selected().cloned() else { return };
    let step = Some(asked.path.to_string());
    places::visit(state, Visited { run: asked.run, step });
    vote::open(state, asked);
}

/// How many have approved.
pub fn have(asked: &ApprovalView) -> usize {
    asked.votes.len()
}

/// How many more have to approve what was asked at `path` under `digest`, if that is what
/// is still asked.
pub fn voters_missing(now: Option<&ApprovalView>, path: &StepPath, digest: &str) -> Option<u64> {
    let same = now.filter(|now| now.path == *path && now.digest == digest)?;
    Some(u64::from(same.quorum).saturating_sub(same.votes.len() as u64))
}

/// All of it in lines of at most `width` cells: what it is about, exactly what is approved,
/// who may, who has.
///
/// What comes from others stands two cells to the right at least, and so do its lines that
/// had to be broken: none of it can be taken for ours.
pub fn approval_lines(state: &State, asked: &ApprovalView, width: usize) -> Vec<DataLine> {
    let words = &state.words;
    // whoever decides must be able to see all of it
    let mut lines = Lines::of(usize::MAX);
    lines.text(Tone::Strong, &asked.message);
    lines.title(say!(words, "vote-shown"));
    lines.values(state, &asked.shown);
    lines.title(say!(words, "vote-voters"));
    lines.text(Tone::Plain, &voters(state, asked));
    let (have, quorum) = (have(asked), asked.quorum);
    lines.title(say!(words, "vote-have", have = have, quorum = quorum));
    for vote in &asked.votes {
        let at = vote.at.parse::<jiff::Timestamp>().ok();
        let at = at.and_then(|at| u64::try_from(at.as_millisecond()).ok());
        let at = at.map_or_else(|| vote.at.clone(), |ms| time::moment(state, ms));
        let comment = vote.comment.replace('\n', " ");
        lines.text(Tone::Plain, format!("{}  {at}  {comment}", vote.by).trim_end());
        lines.values(state, &vote.fields);
    }
    lines.title(say!(words, "vote-asked"));
    lines.text(Tone::Plain, &since(state, asked));
    let digest = asked.digest.get(..DIGEST).unwrap_or(&asked.digest);
    lines.text(Tone::Faint, &say!(words, "vote-digest", digest = digest));
    lines.all.iter().flat_map(|line| broken(line, width)).collect()
}

fn voters(state: &State, asked: &ApprovalView) -> String {
    let words = &state.words;
    let who = match asked.approvers.is_empty() {
        true => say!(words, "vote-everybody"),
        false => asked.approvers.join(", "),
    };
    match asked.self_approval {
        true => who,
        false => say!(words, "vote-but", who = who, starter = &*asked.started_by),
    }
}

fn since(state: &State, asked: &ApprovalView) -> String {
    let words = &state.words;
    let moment = time::moment(state, asked.since_ms);
    let text = say!(
        words,
        "vote-since",
        moment = moment,
        who = &*asked.started_by,
        workflow = &*asked.workflow
    );
    match asked.due_ms {
        Some(due) => {
            let due = time::moment(state, due);
            format!("{text}; {}", say!(words, "vote-due", moment = due))
        }
        None => text,
    }
}

fn broken(line: &DataLine, width: usize) -> Vec<DataLine> {
    let text = line.text.trim_start_matches(' ');
    let indent = &line.text[..line.text.len() - text.len()];
    let room = width.saturating_sub(indent.len());
    let of = |part: String| DataLine { tone: line.tone, text: format!("{indent}{part}") };
    wrapped(text, room).into_iter().map(of).collect()
}
