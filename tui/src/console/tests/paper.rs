//! A painted screen as text, with its styles: what a snapshot holds.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use crate::console::state::State;
use crate::console::view;

/// Paints the state at its own size.
pub fn paint(state: &State) -> Buffer {
    let (width, height) = state.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    view::draw_on(state, &mut buffer);
    buffer
}

/// The rows without their styles.
pub fn text(state: &State) -> String {
    let buffer = paint(state);
    let rows = buffer.area.rows().map(|row| {
        let cells = row.positions().map(|p| buffer[p].symbol());
        cells.collect::<String>().trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// The rows, and after each that has styles where they are: `r` reversed, `b` bold,
/// `d` dim, and the colours by their first letter in upper case.
pub fn styled(state: &State) -> String {
    let buffer = paint(state);
    let mut out = String::new();
    for row in buffer.area.rows() {
        let text: String = row.positions().map(|p| buffer[p].symbol()).collect();
        out.push_str(&format!("|{}\n", text.trim_end()));
        let styles: String = row.positions().map(|p| style(&buffer[p])).collect();
        if !styles.trim().is_empty() {
            out.push_str(&format!("~{}\n", styles.trim_end()));
        }
    }
    out
}

fn style(cell: &Cell) -> char {
    let modifier = cell.modifier;
    match cell.fg {
        _ if modifier.contains(Modifier::REVERSED) => 'r',
        Color::Green => 'G',
        Color::Red => 'R',
        Color::Yellow => 'Y',
        Color::Cyan => 'C',
        Color::Blue => 'B',
        _ if modifier.contains(Modifier::BOLD) => 'b',
        _ if modifier.contains(Modifier::DIM) => 'd',
        _ => ' ',
    }
}
