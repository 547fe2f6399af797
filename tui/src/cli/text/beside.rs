//! A sentence beside its head.

use super::{Line, Look, Style, wrapped};

/// A sentence beside its head, in as many lines as the terminal is too narrow for it.
pub fn beside(look: &Look, style: Style, head: &Line, text: &str) -> Vec<Line> {
    let indent = head.cells();
    // made harmless first: what is taken out has no width
    let text = Line::of(text).text();
    let pieces = match look.width {
        Some(width) => wrapped(&text, width.saturating_sub(indent).max(20)),
        None => vec![text],
    };
    let line = |(number, piece)| {
        let head = if number == 0 { head.clone() } else { Line::of(" ".repeat(indent)) };
        head.push(style, piece)
    };
    pieces.into_iter().enumerate().map(line).collect()
}
