//! Log lines as they are shown: `12:03:04 path#1 | text`.

use rpa_ipc::Language;
use rpa_ipc::fault::remark_in;
use rpa_ipc::view::{LogLine, LogPage};
use serde::Serialize;

use super::exit::Failure;
use super::json;
use super::output::Sheet;
use super::session::Session;
use super::text::{Line, Style, clock, json_safe};

/// Where log lines go, and in which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people, on standard output.
    Out,
    /// For people, beside a document on standard output.
    Err,
    /// Into the document on standard output, as they come: a log may be longer
    /// than memory.
    Document,
}

#[derive(Debug)]
pub struct Printer {
    form: Form,
    /// Whether nothing was printed yet.
    first: bool,
    /// The line after the last one that was printed.
    next: u64,
    /// Lines as rows, in place of lines for people.
    sheet: Option<Sheet>,
}

impl Printer {
    pub fn new(form: Form) -> Printer {
        Printer { form, first: true, next: 0, sheet: None }
    }

    /// Lines as the rows of a list, as they come.
    pub fn rows(sheet: Sheet) -> Printer {
        Printer { sheet: Some(sheet), ..Printer::new(Form::Out) }
    }

    /// Where the printing begins.
    pub fn start_at(&mut self, line: u64) {
        self.next = line;
    }

    pub fn next(&self) -> u64 {
        self.next
    }

    pub fn page(&mut self, page: &LogPage, session: &mut Session) -> Result<(), Failure> {
        if let Some(sheet) = &mut self.sheet {
            let rows: Vec<LineObject<'_>> = page.lines.iter().map(LineObject::of).collect();
            sheet.rows(&rows, session)?;
            self.next = page.next;
            return Ok(());
        }
        let screen = match self.form {
            Form::Out | Form::Document => &mut session.out,
            Form::Err => &mut session.err,
        };
        if self.form == Form::Document {
            for line in &page.lines {
                let comma: &[u8] = if self.first { b"" } else { b"," };
                self.first = false;
                screen.raw(comma)?;
                screen.raw(&encoded(&LineObject::of(line))?)?;
            }
        } else {
            let language = screen.look.language;
            screen.lines(page.lines.iter().map(|one| line(one, language)))?;
        }
        self.next = page.next;
        screen.flush()
    }
}

/// A value as JSON text, safe to look at.
pub fn encoded<T: Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
    let text = serde_json::to_string(value).map_err(|e| Failure::Output(e.into()))?;
    Ok(json_safe(text).into_bytes())
}

/// What a program wrote to its error output has a `!` in place of the `|`; the
/// daemon's own remarks have a `*`, and are said in the reader's language.
pub fn line(line: &LogLine, language: Language) -> Line {
    let text = match line.stream.as_str() {
        "rpad" => remark_in(language, &line.text),
        _ => line.text.as_str().into(),
    };
    let (mark, style) = match line.stream.as_str() {
        "err" => ("!", Style::Warn),
        "rpad" => ("*", Style::Dim),
        _ => ("|", Style::Dim),
    };
    let level = match line.level.as_str() {
        // a program's output has no level of its own
        "warn" | "error" | "debug" if line.stream == "log" => format!("{}: ", line.level),
        _ => String::new(),
    };
    let place = match line.path.as_str() {
        "" => "run".to_owned(),
        path => format!("{path}#{}", line.attempt),
    };
    Line::new()
        .push(Style::Dim, clock(line.time_ms))
        .plain(" ")
        .push(Style::Busy, place)
        .plain(" ")
        .push(style, mark)
        .plain(" ")
        .push(Style::Warn, level)
        .plain(text.as_ref())
}

#[derive(Serialize)]
struct LineObject<'a> {
    number: u64,
    time: Option<String>,
    path: &'a str,
    attempt: u32,
    stream: &'a str,
    level: &'a str,
    text: &'a str,
}

impl<'a> LineObject<'a> {
    fn of(line: &'a LogLine) -> LineObject<'a> {
        LineObject {
            number: line.number,
            time: json::time(line.time_ms),
            path: &line.path,
            attempt: line.attempt,
            stream: &line.stream,
            level: &line.level,
            text: &line.text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_where_it_comes_from_and_cannot_pretend_otherwise() {
        let table = [
            ("usage", "out", "info", "hello", "usage#1 | hello"),
            ("usage", "err", "info", "oh", "usage#1 ! oh"),
            ("usage", "log", "warn", "odd", "usage#1 | warn: odd"),
            ("usage", "out", "error", "plain", "usage#1 | plain"),
            ("", "rpad", "info", "retry in 10 s", "run * retry in 10 s"),
            ("u", "out", "info", "\u{1b}[2K\r12:00:00 x#1 | y", "u#1 | \\r12:00:00 x#1 | y"),
        ];
        for (path, stream, level, text, wanted) in table {
            let given = LogLine {
                number: 0,
                time_ms: 0,
                path: path.into(),
                attempt: 1,
                stream: stream.into(),
                level: level.into(),
                text: text.into(),
            };
            let shown = line(&given, Language::English).text();
            // the clock is in the reader's time zone
            assert_eq!(shown.split_once(' ').unwrap().1, wanted);
        }
    }
}
