//! Standard output and standard error: lines for people, documents for scripts.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;

use super::exit::Failure;
use super::text::{Line, Look, json_safe};

pub struct Screen {
    sink: Box<dyn Write + Send>,
    pub look: Look,
}

impl Screen {
    pub fn stdout() -> Screen {
        let look = Look::of(&io::stdout());
        Screen { sink: Box::new(io::BufWriter::new(io::stdout())), look }
    }

    pub fn stderr() -> Screen {
        Screen { sink: Box::new(io::stderr()), look: Look::of(&io::stderr()) }
    }

    pub fn line(&mut self, line: impl Into<Line>) -> Result<(), Failure> {
        let rendered = line.into().render(&self.look);
        writeln!(self.sink, "{}", rendered.trim_end_matches(' ')).map_err(Failure::Output)
    }

    pub fn lines(&mut self, lines: impl IntoIterator<Item = Line>) -> Result<(), Failure> {
        lines.into_iter().try_for_each(|line| self.line(line))
    }

    /// The one JSON document: on one line for scripts, indented for eyes.
    pub fn document<T: Serialize>(&mut self, document: &T) -> Result<(), Failure> {
        let text = if self.look.terminal() {
            serde_json::to_string_pretty(document)
        } else {
            serde_json::to_string(document)
        };
        let text = json_safe(text.map_err(|e| Failure::Output(e.into()))?);
        writeln!(self.sink, "{text}").map_err(Failure::Output)
    }

    /// Text of ours that is no line: a completion script, a piece of a document.
    pub fn raw(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.sink.write_all(bytes).map_err(Failure::Output)
    }

    /// A document of somebody's: as it is to a pipe or a file, made harmless on a terminal.
    pub fn text(&mut self, text: &str) -> Result<(), Failure> {
        if self.look.terminal() {
            return self.lines(text.lines().map(Line::of));
        }
        self.raw(text.as_bytes())
    }

    /// Live output is flushed a page at a time, everything else at the end.
    pub fn flush(&mut self) -> Result<(), Failure> {
        self.sink.flush().map_err(Failure::Output)
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen").field("look", &self.look).finish_non_exhaustive()
    }
}
