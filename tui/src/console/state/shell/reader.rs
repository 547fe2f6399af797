//! What a command has printed, to be read: scrolled, searched, copied, handed to a pager.

use super::super::data::DataLine;
use super::super::workflow::harmless;
use super::super::{Effect, Input, Job, Overlay, State, TextPane, Tool, copy, places};
use crate::console::command;
use crate::console::commands::{self, Leaf};
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::console::view::layout;
use crate::say;

/// Lines that are kept: what prints more is for a file.
const MOST_LINES: usize = 50_000;
/// Bytes of them.
const MOST_BYTES: usize = 16 << 20;
/// Cells that one step sideways moves.
const SIDEWAYS: usize = 16;

/// A command that shall be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of two commands the later one has the higher number.
    pub number: u64,
    /// After the name of the program.
    pub words: Vec<String>,
    /// Whether it may change something.
    pub changes: bool,
}

/// Something of a command that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    pub number: u64,
    pub told: Told,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Whole lines of its standard output.
    Out(String),
    /// The same of its standard error.
    Err(String),
    /// Its exit code; `None` where a signal has ended it.
    Ended(Option<i32>),
    /// It could not be run; why.
    Failed(String),
}

#[derive(Clone, Debug)]
pub struct Reader {
    pub leaf: &'static Leaf,
    pub args: Vec<String>,
    /// Its lines; the command as it would be typed.
    pub pane: TextPane<String>,
    pub running: bool,
    /// What it has ended with.
    pub code: Option<i32>,
    /// What is looked for, while it is typed.
    pub typed: Option<Input>,
    /// There was more than is kept.
    pub cut: bool,
    /// The line that a person has gone to: what `y` copies.
    number: u64,
    bytes: usize,
    /// The end stays in sight.
    follow: bool,
}

/// Runs the command; what was open is closed.
pub fn start(state: &mut State, leaf: &'static Leaf, args: Vec<String>) -> Vec<Effect> {
    state.commands += 1;
    let number = state.commands;
    let shown = command::typed(&state.namespace, &leaf.path, &args);
    let mut words: Vec<String> = leaf.path.split(' ').map(str::to_owned).collect();
    words.extend(args.iter().cloned());
    state.tell(Tone::Faint, String::new(), shown.clone());
    state.overlay = Some(Overlay::Reader(Box::new(Reader {
        leaf,
        args,
        pane: TextPane::new(shown, Vec::new()),
        running: true,
        code: None,
        typed: None,
        cut: false,
        number,
        bytes: 0,
        follow: false,
    })));
    // as clap understands them, whatever they were meant to be here
    let changes = leaf.changes || commands::meant(&words).is_some_and(|meant| meant.changes);
    vec![Effect::Command(Asked { number, words, changes })]
}

/// Takes what a command tells, if it is the one that is read.
pub fn printed(state: &mut State, printed: Printed) -> Vec<Effect> {
    let height = layout::reader_rows(state);
    let text = match &printed.told {
        Told::Failed(why) => Some(say!(state.words, "reader-failed", why = why.as_str())),
        _ => None,
    };
    let Some(Overlay::Reader(open)) = &mut state.overlay else { return Vec::new() };
    if open.number != printed.number {
        return Vec::new();
    }
    match printed.told {
        Told::Out(text) => open.put(Tone::Plain, &text),
        Told::Err(text) => open.put(Tone::Warn, &text),
        Told::Ended(code) => (open.running, open.code) = (false, code),
        Told::Failed(_) => {
            open.put(Tone::Bad, &text.unwrap_or_default());
            open.running = false;
        }
    }
    if open.follow {
        open.pane.top = open.pane.lines.len().saturating_sub(height);
    }
    match open.cut && open.running {
        true => vec![Effect::StopCommand],
        false => Vec::new(),
    }
}

impl Reader {
    fn put(&mut self, tone: Tone, text: &str) {
        for line in text.lines() {
            self.bytes += line.len();
            self.cut |= self.pane.lines.len() >= MOST_LINES || self.bytes > MOST_BYTES;
            if self.cut {
                return;
            }
            self.pane.lines.push(DataLine { tone, text: harmless(line) });
        }
    }

    /// The line that is found, or the first that is shown.
    fn line(&self) -> Option<&DataLine> {
        self.pane.lines.get(self.pane.hit.unwrap_or(self.pane.top))
    }
}

pub fn key(state: &mut State, mut open: Box<Reader>, key: Key) -> Vec<Effect> {
    let height = layout::reader_rows(state);
    let seen = (usize::from(layout::body(state).width), height);
    if let Some(mut input) = open.typed.take() {
        match key {
            Key::Esc => {}
            Key::Enter => {
                if !input.text().is_empty() {
                    (open.pane.needle, open.pane.hit) = (input.text().to_owned(), None);
                }
                open.pane.seek(false, seen);
            }
            _ => {
                input.key(key);
                open.typed = Some(input);
            }
        }
        state.overlay = Some(Overlay::Reader(open));
        return Vec::new();
    }
    let page = isize::try_from(height.max(2) - 1).unwrap_or(1);
    let mut effects = Vec::new();
    match state.settings.keyboard.latin(key) {
        Key::Esc | Key::Char('q') | Key::Backspace => {
            // its command is not that of what is shown now
            places::tell_here(state);
            return if open.running { vec![Effect::StopCommand] } else { Vec::new() };
        }
        Key::Up | Key::Char('k') => open.scroll(-1, height),
        Key::Down | Key::Char('j') => open.scroll(1, height),
        Key::PageUp | Key::Ctrl('u') => open.scroll(-page, height),
        Key::PageDown | Key::Ctrl('d') | Key::Char(' ') => open.scroll(page, height),
        Key::Home | Key::Char('g') => open.scroll(isize::MIN, height),
        Key::End | Key::Char('G') => open.scroll(isize::MAX, height),
        Key::Right | Key::Char('l') => open.pane.column += SIDEWAYS,
        Key::Left | Key::Char('h') => {
            open.pane.column = open.pane.column.saturating_sub(SIDEWAYS);
        }
        Key::Char('/') | Key::F(3) => open.typed = Some(Input::default()),
        Key::Char('n') => open.pane.seek(false, seen),
        Key::Char('N') => open.pane.seek(true, seen),
        Key::Char('y') => {
            let line = open.line().map(|line| line.text.clone()).unwrap_or_default();
            effects = copy::text(state, &line);
        }
        Key::Char('Y') => effects = copy::command(state, &open.pane.what.clone()),
        Key::Char('|') if !open.running => effects = vec![pager(&open)],
        // again; what changes something is asked for again
        Key::Char('r') | Key::Ctrl('r') if !open.running => {
            if open.leaf.changes {
                super::compose(state, open.leaf, &open.args, None);
                return Vec::new();
            }
            return start(state, open.leaf, open.args);
        }
        _ => {}
    }
    state.overlay = Some(Overlay::Reader(open));
    effects
}

impl Reader {
    fn scroll(&mut self, by: isize, height: usize) {
        self.pane.scroll(by, height);
        self.follow = self.running && by > 0 && self.pane.top + height >= self.pane.lines.len();
    }
}

fn pager(open: &Reader) -> Effect {
    let text: String = open.pane.lines.iter().map(|line| format!("{}\n", line.text)).collect();
    let file_name = format!("rpa-{}.txt", open.leaf.path.replace(' ', "-"));
    Effect::Hand(Job { tool: Tool::Pager, file_name, text, path: None, edit: None })
}

pub fn paste(open: &mut Reader, text: &str) {
    if let Some(input) = &mut open.typed {
        input.paste(text);
    }
}
