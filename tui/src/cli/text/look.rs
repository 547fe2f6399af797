//! What the other end of an output stream can show.

use std::env;
use std::io::IsTerminal;
use std::os::fd::AsFd;

use rpa_ipc::Language;
use rpa_ipc::language::LANGUAGE_ENV;

use super::calls::Calls;
use crate::text::is_utf8;

/// Narrowest terminal that tables are cut to; narrower ones wrap.
const MIN_WIDTH: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Columns of the terminal; `None` in a pipe or file, where nothing is cut.
    pub width: Option<usize>,
    pub colour: bool,
    /// Whether glyphs beyond ASCII may be used.
    pub utf8: bool,
    /// In which faults are told.
    pub language: Language,
    /// How commands begin that are shown.
    pub calls: Calls,
}

impl Look {
    /// A pipe in an English UTF-8 locale.
    pub const PLAIN: Look = Look {
        width: None,
        colour: false,
        utf8: true,
        language: Language::English,
        calls: Calls::NONE,
    };

    pub fn of<S: IsTerminal + AsFd>(stream: &S) -> Look {
        let terminal = stream.is_terminal();
        let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_none_or(|term| term == "dumb");
        let utf8 = is_utf8(|name| env::var(name).ok());
        // a locale of another charset cannot show what is not asked for by name
        let variable = |name: &str| env::var(name).ok().filter(|_| utf8 || name == LANGUAGE_ENV);
        Look {
            width: terminal.then(|| columns(stream)),
            colour: terminal && !dumb && !set("NO_COLOR"),
            utf8,
            language: Language::of_environment(variable),
            calls: Calls::NONE,
        }
    }

    pub fn terminal(&self) -> bool {
        self.width.is_some()
    }

    /// Whether what was shown may be written over: on a terminal that knows how, unless
    /// `NO_COLOR` asks for plain text.
    pub fn is_live(&self) -> bool {
        self.terminal() && self.colour
    }

    pub fn ellipsis(&self) -> &'static str {
        if self.utf8 { "…" } else { "..." }
    }
}

fn columns<S: AsFd>(stream: &S) -> usize {
    let asked = rustix::termios::tcgetwinsize(stream).map_or(0, |size| usize::from(size.ws_col));
    // a serial line does not know its size
    if asked == 0 { 80 } else { asked.max(MIN_WIDTH) }
}
