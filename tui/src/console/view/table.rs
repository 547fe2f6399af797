//! A list with columns. Where it is too wide, text columns shrink first, then the
//! least important columns are left out.

use ratatui::layout::Rect;

use super::pen::{Pen, Piece};
use crate::console::theme::Tone;
use crate::text::{cells, fit};

/// Blanks between columns.
const GAP: usize = 2;
/// Cells for the signs of what is selected and marked.
const GUTTER: usize = 2;

#[derive(Clone, Debug)]
pub struct Column {
    title: String,
    right: bool,
    /// It may be cut to so many cells; `None`: never.
    least: Option<usize>,
    /// Left out in this order, the greatest first; 0: never.
    spare: u8,
}

impl Column {
    pub fn new(title: String) -> Column {
        Column { title, right: false, least: None, spare: 0 }
    }

    pub fn right(self) -> Column {
        Column { right: true, ..self }
    }

    pub fn least(self, cells: usize) -> Column {
        Column { least: Some(cells), ..self }
    }

    pub fn spare(self, order: u8) -> Column {
        Column { spare: order, ..self }
    }
}

/// A cell is one piece, or several.
pub type Cell = Vec<Piece>;

#[derive(Clone, Debug, Default)]
pub struct Row {
    pub cells: Vec<Cell>,
    pub marked: bool,
    pub selected: bool,
}

pub fn draw(pen: &mut Pen<'_>, area: Rect, columns: &[Column], rows: &[Row], focus: bool) {
    lines(pen, area, columns, rows, focus, 1);
}

/// Without a row of titles.
pub fn untitled(pen: &mut Pen<'_>, area: Rect, columns: &[Column], rows: &[Row], focus: bool) {
    lines(pen, area, columns, rows, focus, 0);
}

/// The rows, below so many of titles.
fn lines(
    pen: &mut Pen<'_>,
    area: Rect,
    columns: &[Column],
    rows: &[Row],
    focus: bool,
    head: usize,
) {
    if area.is_empty() {
        return;
    }
    let widths = widths(columns, rows, usize::from(area.width));
    let row_area = |i: u16| Rect { y: area.y + i, height: 1, ..area };
    let titles: Vec<Cell> = columns.iter().map(|c| vec![(Tone::Faint, c.title.clone())]).collect();
    let ellipsis = pen.look.ellipsis();
    let line = |cells_of: &[Cell], sign: Piece| {
        let mut pieces = vec![sign];
        for ((column, width), cell) in columns.iter().zip(&widths).zip(cells_of) {
            let Some(width) = width else { continue };
            pieces.extend(padded(cell, *width, column.right, ellipsis));
            pieces.push((Tone::Plain, " ".repeat(GAP)));
        }
        pieces.pop();
        pieces
    };
    if head > 0 {
        pen.line(row_area(0), &line(&titles, (Tone::Plain, " ".repeat(GUTTER))));
    }
    for (i, row) in rows.iter().enumerate() {
        let Ok(y) = u16::try_from(i + head) else { break };
        if y >= area.height {
            break;
        }
        let cursor = if row.selected { ">" } else { " " };
        let mark = if row.marked { "*" } else { " " };
        let sign = (Tone::Strong, format!("{cursor}{mark}"));
        pen.line(row_area(y), &line(&row.cells, sign));
        pen.row(row_area(y), row.selected, focus);
        if row.selected && focus {
            pen.reverse(row_area(y));
        } else if row.selected {
            pen.strong(row_area(y));
        }
    }
}

/// The width of each column; `None` for those that are left out.
fn widths(columns: &[Column], rows: &[Row], room: usize) -> Vec<Option<usize>> {
    let natural = |i: usize, column: &Column| {
        let in_rows = rows.iter().filter_map(|row| row.cells.get(i)).map(width_of);
        in_rows.max().unwrap_or(0).max(cells(&column.title))
    };
    let mut widths: Vec<Option<usize>> =
        columns.iter().enumerate().map(|(i, c)| Some(natural(i, c))).collect();
    loop {
        let shown = widths.iter().flatten().count();
        let used = GUTTER + widths.iter().flatten().sum::<usize>() + GAP * shown.saturating_sub(1);
        let Some(excess) = used.checked_sub(room).filter(|e| *e > 0) else { return widths };
        if shrink(columns, &mut widths, excess) {
            continue;
        }
        let spare = |i: &usize| widths[*i].is_some() && columns[*i].spare > 0;
        match (0..columns.len()).filter(spare).max_by_key(|i| columns[*i].spare) {
            Some(i) => {
                widths[i] = None;
                // what was shrunk for it may grow again
                for (k, column) in columns.iter().enumerate() {
                    if let Some(width) = &mut widths[k] {
                        *width = natural(k, column);
                    }
                }
            }
            None => return widths,
        }
    }
}

/// Takes `excess` cells from the widest columns that may be cut, if that is enough.
fn shrink(columns: &[Column], widths: &mut [Option<usize>], excess: usize) -> bool {
    let slack = |i: usize, widths: &[Option<usize>]| match (columns[i].least, widths[i]) {
        (Some(least), Some(width)) => width.saturating_sub(least),
        _ => 0,
    };
    let total: usize = (0..columns.len()).map(|i| slack(i, widths)).sum();
    if total < excess {
        return false;
    }
    for _ in 0..excess {
        let widest = (0..columns.len())
            .filter(|i| slack(*i, widths) > 0)
            .max_by_key(|i| widths[*i].unwrap_or(0));
        if let Some(width) = widest.and_then(|i| widths[i].as_mut()) {
            *width -= 1;
        }
    }
    true
}

fn width_of(cell: &Cell) -> usize {
    cell.iter().map(|(_, text)| cells(text)).sum()
}

/// The cell in exactly `width` cells.
fn padded(cell: &Cell, width: usize, right: bool, ellipsis: &str) -> Vec<Piece> {
    let blank = |n: usize| (Tone::Plain, " ".repeat(n));
    let whole = width_of(cell);
    if whole <= width {
        let mut pieces = cell.clone();
        let at = if right { 0 } else { pieces.len() };
        pieces.insert(at, blank(width - whole));
        return pieces;
    }
    let mut room = width;
    let mut pieces = Vec::new();
    for (tone, text) in cell {
        let size = cells(text);
        if size < room || (size == room && pieces.len() + 1 == cell.len()) {
            room -= size;
            pieces.push((*tone, text.clone()));
            continue;
        }
        let longer = if size == room { format!("{text} ") } else { text.clone() };
        let cut = fit(&longer, room, ellipsis);
        // a wide character that did not fit leaves a cell over
        pieces.push((*tone, format!("{cut}{}", " ".repeat(room - cells(&cut).min(room)))));
        break;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(texts: &[&str]) -> Row {
        let cell = |t: &&str| vec![(Tone::Plain, (*t).to_owned())];
        Row { cells: texts.iter().map(cell).collect(), ..Row::default() }
    }

    #[test]
    fn columns_shrink_before_they_go() {
        let columns = [
            Column::new("ID".into()),
            Column::new("NAME".into()).least(4),
            Column::new("BY".into()).spare(1),
            Column::new("TOOK".into()).right().spare(2),
        ];
        let rows = [row(&["abc", "a long name", "ann", "1s"])];
        let wide = widths(&columns, &rows, 80);
        assert_eq!(wide, [Some(3), Some(11), Some(3), Some(4)]);
        assert_eq!(widths(&columns, &rows, 24), [Some(3), Some(6), Some(3), Some(4)]);
        assert_eq!(widths(&columns, &rows, 21), [Some(3), Some(9), Some(3), None]);
        assert_eq!(widths(&columns, &rows, 12), [Some(3), Some(5), None, None]);
        assert_eq!(widths(&columns, &rows, 1), [Some(3), Some(11), None, None], "the pen cuts");
    }

    #[test]
    fn a_cell_has_exactly_its_width() {
        let cell = vec![(Tone::Good, "✓ ".to_owned()), (Tone::Plain, "東京都".to_owned())];
        for width in 1..12 {
            let pieces = padded(&cell, width, false, "…");
            assert_eq!(width_of(&pieces), width, "{width}");
        }
    }
}
