//! A painted screen as text, with its styles: what a snapshot holds.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use rpa_ipc::Language;

use crate::console::state::{SMALLEST, State};
use crate::console::view;

/// The sizes that every screen is looked at in: the least, the usual, with two panes, with
/// three, upright.
const SIZES: [(u16, u16); 5] = [SMALLEST, (80, 24), (100, 30), (160, 45), (80, 50)];

/// What `check!` does.
pub fn check(module: &str, name: &str, make: impl Fn((u16, u16), Language) -> State) {
    let module = module.replace("::", "__");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    // one name for all of them would say nothing
    settings.set_omit_expression(true);
    settings.bind(|| {
        let hold = |screen: String, state: &State| {
            insta::assert_snapshot!(format!("{module}__{name}-{screen}"), styled(state));
        };
        for (width, height) in SIZES {
            for language in Language::ALL {
                let state = make((width, height), language);
                hold(format!("{width}x{height}-{language}"), &state);
            }
        }
        let mut state = make((80, 24), Language::English);
        state.look.unicode = false;
        hold("ascii-80x24-en".to_owned(), &state);
    });
}

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
