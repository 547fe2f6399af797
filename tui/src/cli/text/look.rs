//! What the other end of an output stream can show.

use std::env;
use std::io::IsTerminal;
use std::os::fd::AsFd;

/// Narrowest terminal that tables are cut to; narrower ones wrap.
const MIN_WIDTH: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Columns of the terminal; `None` in a pipe or file, where nothing is cut.
    pub width: Option<usize>,
    pub colour: bool,
    /// Whether glyphs beyond ASCII may be used.
    pub utf8: bool,
}

impl Look {
    /// A pipe in a UTF-8 locale.
    pub const PLAIN: Look = Look { width: None, colour: false, utf8: true };

    pub fn of<S: IsTerminal + AsFd>(stream: &S) -> Look {
        let terminal = stream.is_terminal();
        let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_none_or(|term| term == "dumb");
        Look {
            width: terminal.then(|| columns(stream)),
            colour: terminal && !dumb && !set("NO_COLOR"),
            utf8: is_utf8(|name| env::var(name).ok()),
        }
    }

    pub fn terminal(&self) -> bool {
        self.width.is_some()
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

/// The first of the three variables that is set decides, as in POSIX.
fn is_utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|value| !value.is_empty())
        .unwrap_or_default()
        .to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_decides_about_glyphs() {
        let table = [
            (vec![], false),
            (vec![("LANG", "bg_BG.UTF-8")], true),
            (vec![("LANG", "C")], false),
            (vec![("LC_ALL", "C"), ("LANG", "en_US.UTF-8")], false),
            (vec![("LC_ALL", ""), ("LC_CTYPE", "C.utf8"), ("LANG", "C")], true),
        ];
        for (set, wanted) in table {
            let find = |name: &str| set.iter().find(|v| v.0 == name).map(|v| v.1.to_owned());
            assert_eq!(is_utf8(find), wanted, "{set:?}");
        }
    }
}
