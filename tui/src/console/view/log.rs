//! The log pane: only the lines that are on the screen are ever touched.

use ratatui::layout::Rect;
use rpa_ipc::fault::remark_in;
use rpa_ipc::view::LogLine;

use super::pen::{Pen, Piece, piece};
use super::{layout, names};
use crate::console::state::{RunScreen, Search, State, fault_text};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;
use crate::text::cells;

/// Cells of what is looked for, beside how the search goes.
const NEEDLE: usize = 16;

pub fn draw(pen: &mut Pen<'_>, state: &State, run: &RunScreen, area: Rect) {
    if area.is_empty() {
        return;
    }
    let height = usize::from(area.height);
    if let Some(fault) = &run.log.fault {
        pen.paragraph(area, Tone::Bad, &fault_text(state, fault));
        return;
    }
    let shown = run.log.shown(height);
    if shown.is_empty() {
        let id = match &run.log.window {
            None if state.link.is_up() => "list-asking",
            None => "list-unknown",
            Some(_) if run.log.is_looking() => "log-looking",
            Some(_) if run.log.only_troubles => "log-no-trouble",
            Some(_) if run.log.ended => "log-empty",
            Some(_) => "log-nothing-yet",
        };
        pen.text(area, Tone::Faint, &format!(" {}", say!(state.words, id)));
        return;
    }
    let painter = Painter { state, run, width: usize::from(area.width) };
    let mut rows: Vec<(bool, Vec<Piece>)> = Vec::with_capacity(height);
    for line in shown {
        rows.extend(painter.rows(line));
    }
    // the end is what is followed, whatever the lines above it take
    let skipped = if run.log.follow { rows.len().saturating_sub(height) } else { 0 };
    for (i, (hit, row)) in rows.iter().skip(skipped).take(height).enumerate() {
        let y = area.y + u16::try_from(i).unwrap_or(0);
        let line = Rect { y, height: 1, ..area };
        pen.line(line, row);
        if *hit {
            pen.strong(line);
        }
    }
}

/// Cells that the text of a line has beside what stands before it.
pub fn room(state: &State, run: &RunScreen, line: &LogLine) -> usize {
    let width = usize::from(layout::run(state).lower.width);
    let painter = Painter { state, run, width };
    let used: usize = painter.prefix(line, true).iter().map(|(_, text)| cells(text)).sum();
    width.saturating_sub(used).max(1)
}

struct Painter<'a> {
    state: &'a State,
    run: &'a RunScreen,
    width: usize,
}

impl Painter<'_> {
    /// One line of the log as rows of the screen, and whether it is the hit.
    fn rows(&self, line: &LogLine) -> Vec<(bool, Vec<Piece>)> {
        let log = &self.run.log;
        let hit = matches!(&log.search, Some(Search::Hit(at)) if *at == line.number);
        let prefix = self.prefix(line, hit);
        let used: usize = prefix.iter().map(|(_, text)| cells(text)).sum();
        let room = self.width.saturating_sub(used).max(1);
        let tone = tone_of(line);
        let text = match line.stream.as_str() {
            // the daemon's own words
            "rpad" => remark_in(self.state.words.language(), &line.text),
            _ => line.text.as_str().into(),
        };
        let texts: Vec<String> = match log.wrap {
            true => chunks(&text, room),
            false => vec![from_column(&text, log.column)],
        };
        let mut rows = Vec::with_capacity(texts.len());
        for (i, text) in texts.into_iter().enumerate() {
            let mut row = match i {
                0 => prefix.clone(),
                _ => vec![piece(Tone::Plain, " ".repeat(used))],
            };
            row.extend(marked(&text, &log.needle, tone));
            rows.push((hit, row));
        }
        rows
    }

    /// Time, step where several are shown, and what is not plain output.
    fn prefix(&self, line: &LogLine, hit: bool) -> Vec<Piece> {
        let look = self.state.look;
        let sign = if hit { ">" } else { " " };
        let mut pieces = vec![piece(Tone::Strong, sign)];
        if self.run.log.times {
            pieces
                .push(piece(Tone::Faint, format!("{} ", time::precise(self.state, line.time_ms))));
        }
        if self.run.log_step().is_none() && line.path != "-" {
            let attempt =
                if line.attempt > 1 { format!("#{}", line.attempt) } else { String::new() };
            pieces.push(piece(Tone::Key, format!("{}{attempt} ", line.path)));
        }
        let sign = match line.stream.as_str() {
            "err" => look.glyph("▌", "!"),
            "rpad" => look.glyph("◆", "="),
            _ => "",
        };
        if !sign.is_empty() {
            pieces.push(piece(tone_of(line), format!("{sign} ")));
        }
        pieces
    }
}

fn tone_of(line: &LogLine) -> Tone {
    match (line.level.as_str(), line.stream.as_str()) {
        ("error", _) => Tone::Bad,
        ("warn", _) => Tone::Warn,
        ("debug", _) => Tone::Faint,
        (_, "rpad") => Tone::Faint,
        (_, "err") => Tone::Warn,
        _ => Tone::Plain,
    }
}

/// The text with every occurrence of the needle standing out.
pub(super) fn marked(text: &str, needle: &str, tone: Tone) -> Vec<Piece> {
    if needle.is_empty() {
        return vec![piece(tone, text)];
    }
    let exact = needle.chars().any(char::is_uppercase);
    let fold = |s: &str| if exact { s.to_owned() } else { s.to_lowercase() };
    let (haystack, wanted) = (fold(text), fold(needle));
    // folding may change lengths; then there is no telling where the hit begins
    if haystack.len() != text.len() {
        return vec![piece(tone, text)];
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    while let Some(at) = haystack[from..].find(&wanted).map(|at| from + at) {
        let end = at + wanted.len();
        if !text.is_char_boundary(at) || !text.is_char_boundary(end) {
            break;
        }
        pieces.push(piece(tone, &text[from..at]));
        pieces.push(piece(Tone::Key, &text[at..end]));
        from = end;
    }
    pieces.push(piece(tone, &text[from..]));
    pieces
}

/// The text without its first `column` cells.
pub(super) fn from_column(text: &str, column: usize) -> String {
    if column == 0 {
        return text.to_owned();
    }
    let mut used = 0;
    let skipped = text.chars().skip_while(|c| {
        used += cells(c.encode_utf8(&mut [0; 4]));
        used <= column
    });
    skipped.collect()
}

/// Pieces of at most `width` cells: output is not prose, so it is cut anywhere.
fn chunks(text: &str, width: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    let mut used = 0;
    for c in text.chars() {
        let size = cells(c.encode_utf8(&mut [0; 4]));
        if used + size > width && used > 0 {
            rows.push(String::new());
            used = 0;
        }
        used += size;
        rows.last_mut().expect("there is a first one").push(c);
    }
    rows
}

/// Followed or not, how much there is, and how the search goes.
pub fn standing(state: &State, run: &RunScreen) -> Vec<Piece> {
    let words = &state.words;
    let log = &run.log;
    let height = layout::log_rows(state);
    let mut pieces = Vec::new();
    if let Some(search) = &log.search {
        let (tone, text) = match search {
            Search::Seeking { at, backwards, .. } => (
                Tone::Busy,
                say!(words, "search-seeking", percent = percent(*at, *backwards, log.total)),
            ),
            Search::Hit(line) => (
                Tone::Good,
                say!(words, "search-hit", line = names::number(line.saturating_add(1))),
            ),
            Search::Nothing { backwards: true } => (Tone::Warn, say!(words, "search-none-before")),
            Search::Nothing { backwards: false } => (Tone::Warn, say!(words, "search-none-after")),
        };
        let needle = match log.troubles {
            true => say!(words, "search-troubles"),
            false => format!("/{}", crate::text::fit(&log.needle, NEEDLE, state.look.ellipsis())),
        };
        pieces.push(piece(tone, format!("{needle} {text}  ")));
    }
    let unseen = log.unseen(height);
    let arrow = state.look.glyph("↓", "v");
    if log.follow && !log.ended {
        pieces.push(piece(Tone::Busy, format!("{}  ", say!(words, "log-follow"))));
    } else if run.log_step().is_some() || log.only_troubles {
        // of some of the lines nobody has counted them
        if log.goes_on(height) {
            pieces.push(piece(Tone::Warn, format!("{arrow}  ")));
        }
    } else if unseen > 0 {
        let below = say!(words, "log-below", count = names::number(unseen));
        pieces.push(piece(Tone::Warn, format!("{below} {arrow}  ")));
    }
    if log.only_troubles {
        pieces.push(piece(Tone::Warn, format!("{}  ", say!(words, "log-only-troubles"))));
    }
    if log.column > 0 && !log.wrap {
        pieces.push(piece(Tone::Faint, format!("+{}  ", log.column)));
    }
    // a search has more to say than how long the log is
    if log.search.is_some() && state.size.0 < 100 {
        return pieces;
    }
    let message = match run.log_step().is_some() || log.only_troubles {
        true => "log-lines-of-all",
        false => "log-lines",
    };
    let lines = say!(words, message, count = names::number(log.total), lines = log.total);
    pieces.push(piece(Tone::Faint, format!("{lines} {}", names::bytes(state, log.bytes))));
    pieces
}

/// How much of the way to its end a search has gone.
fn percent(at: u64, backwards: bool, total: u64) -> u64 {
    let done = if backwards { total.saturating_sub(at) } else { at };
    done.saturating_mul(100).checked_div(total).unwrap_or(100).min(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_stand_out_whatever_their_case() {
        let texts = |text: &str, needle: &str| -> Vec<String> {
            let tone = |(tone, text): Piece| {
                if tone == Tone::Key { format!("<{text}>") } else { text }
            };
            marked(text, needle, Tone::Plain).into_iter().map(tone).collect()
        };
        assert_eq!(texts("Disk disk", "disk").concat(), "<Disk> <disk>");
        assert_eq!(texts("Disk disk", "Disk").concat(), "<Disk> disk");
        assert_eq!(texts("Грешка", "греш").concat(), "<Греш>ка");
        assert_eq!(texts("İİ", "i").concat(), "İİ", "folding changes its length");
    }

    #[test]
    fn wrapped_rows_and_columns_count_cells() {
        assert_eq!(chunks("東京都", 5), ["東京", "都"]);
        assert_eq!(chunks("", 5), [""]);
        assert_eq!(from_column("東京都x", 2), "京都x");
        assert_eq!(from_column("abc", 9), "");
    }
}
