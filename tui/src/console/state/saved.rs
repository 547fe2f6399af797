//! The log of a run, or of a step of it, in a file: for a pager, or to be kept.

use std::path::PathBuf;

use rpa_engine::{RunId, StepPath};
use rpa_ipc::Fault;

use super::{Call, Effect, Job, Overlay, Prompt, State, Tool, news};
use crate::console::command;
use crate::console::theme::Tone;
use crate::say;
use crate::text::number;

/// What is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct LogFile {
    pub run: RunId,
    pub step: Option<StepPath>,
    /// Where; `None`: a private file for a pager.
    pub to: Option<PathBuf>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    pub path: PathBuf,
    pub lines: u64,
    /// The log is longer than a file may become.
    pub cut: bool,
}

/// Why nothing was.
#[derive(Clone, Debug)]
pub enum Unwritten {
    Refused(Fault),
    /// The file could not be made or written, in the system's words.
    Io(String),
}

impl LogFile {
    /// What the file is called where nobody says: no step's name has a slash of its own.
    pub fn name(&self) -> String {
        let step = self.step.as_ref().map_or_else(String::new, |step| {
            let sound = |c: char| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '_' };
            format!("-{}", step.as_str().chars().map(sound).collect::<String>())
        });
        format!("run-{}{step}.log", self.run.short())
    }

    /// What the log pane shows.
    fn shown(state: &State) -> Option<LogFile> {
        let run = state.run.as_ref()?;
        Some(LogFile { run: run.run, step: run.log_step(), to: None })
    }
}

/// What is shown, whole, in a pager.
pub fn page(state: &mut State) -> Vec<Effect> {
    LogFile::shown(state).map(|file| send(state, file)).unwrap_or_default()
}

/// Asks for the file to save it in.
pub fn ask(state: &mut State) -> Vec<Effect> {
    if let Some(file) = LogFile::shown(state) {
        state.overlay = Some(Overlay::Prompt(Prompt::save(&file.name())));
    }
    Vec::new()
}

pub fn save(state: &mut State, path: &str) -> Vec<Effect> {
    let path = path.trim();
    match LogFile::shown(state) {
        Some(file) if !path.is_empty() => {
            send(state, LogFile { to: Some(PathBuf::from(path)), ..file })
        }
        _ => Vec::new(),
    }
}

fn send(state: &mut State, file: LogFile) -> Vec<Effect> {
    let command = command::logs(&state.namespace, file.run, file.step.as_ref(), false);
    let tail = match &file.to {
        Some(path) => format!(" > {}", crate::text::quoted(&path.display().to_string())),
        None => " | $PAGER".to_owned(),
    };
    let text = say!(state.words, "log-fetching");
    state.tell(Tone::Busy, text, format!("{command}{tail}"));
    state.calls += 1;
    vec![Effect::Call(Call::WriteLog(file))]
}

/// It is written, or is not.
pub fn written(
    state: &mut State,
    wanted: &LogFile,
    answer: Result<Written, Unwritten>,
) -> Vec<Effect> {
    let written = match answer {
        Ok(written) => written,
        Err(Unwritten::Refused(fault)) => {
            news::refused(state, &fault);
            return Vec::new();
        }
        Err(Unwritten::Io(why)) => {
            let text = say!(state.words, "log-not-saved", why = why);
            state.tell(Tone::Bad, text, String::new());
            return Vec::new();
        }
    };
    if wanted.to.is_none() {
        // who has gone on, or types something, is not thrown into a pager
        let is_here = state.run.as_ref().is_some_and(|run| run.run == wanted.run);
        if !is_here || state.overlay.is_some() {
            return vec![Effect::Discard(written.path)];
        }
        state.notice = None;
        let file_name = wanted.name();
        let (text, path) = (String::new(), Some(written.path));
        return vec![Effect::Hand(Job { tool: Tool::Pager, file_name, text, path, edit: None })];
    }
    let (lines, path) = (number(written.lines), written.path.display().to_string());
    let id = if written.cut { "log-saved-cut" } else { "log-saved" };
    let text = say!(state.words, id, count = lines, lines = written.lines, path = path);
    state.tell(if written.cut { Tone::Warn } else { Tone::Good }, text, String::new());
    Vec::new()
}
