//! Aligned columns that fit the terminal.

use super::{Line, Look, Style};

/// Blanks between columns.
const GAP: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    title: &'static str,
    right: bool,
    /// The least width that the column may be cut to; `None`: never cut.
    least: Option<usize>,
    /// Broken into lines rather than cut.
    wraps: bool,
}

impl Column {
    /// As wide as its widest cell.
    pub const fn fixed(title: &'static str) -> Column {
        Column { title, right: false, least: None, wraps: false }
    }

    /// As `fixed`, aligned to the right: for numbers and durations.
    pub const fn right(title: &'static str) -> Column {
        Column { title, right: true, least: None, wraps: false }
    }

    /// Cut, but never below `least` cells, when the terminal is too narrow.
    pub const fn flexible(title: &'static str, least: usize) -> Column {
        Column { title, right: false, least: Some(least), wraps: false }
    }

    /// As `flexible`, but what does not fit goes on below: for sentences, in the last column.
    pub const fn wrapped(title: &'static str, least: usize) -> Column {
        Column { title, right: false, least: Some(least), wraps: true }
    }
}

/// Rows under titles. A column in which every cell is empty is left out.
#[derive(Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Line>>,
}

impl Table {
    pub fn new(columns: &[Column]) -> Table {
        Table { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// One cell for each column.
    pub fn row(&mut self, cells: Vec<Line>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        self.rows.push(cells.into_iter().map(Line::untabbed).collect());
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn lines(mut self, look: &Look) -> Vec<Line> {
        self.drop_empty_columns();
        let widths = self.widths(look);
        let header = self.columns.iter().map(|c| Line::new().push(Style::Dim, c.title)).collect();
        let rows = std::mem::take(&mut self.rows);
        std::iter::once(header)
            .chain(rows.into_iter().flat_map(|row| self.broken(row, &widths)))
            .map(|row: Vec<Line>| self.line(row, &widths, look))
            .collect()
    }

    /// A row, and below it what does not fit into a last column that goes on.
    fn broken(&self, mut row: Vec<Line>, widths: &[usize]) -> Vec<Vec<Line>> {
        let last = self.columns.last().filter(|column| column.wraps);
        let (Some(_), Some(width), Some(cell)) = (last, widths.last(), row.last_mut()) else {
            return vec![row];
        };
        let mut pieces = std::mem::take(cell).broken(*width).into_iter();
        *cell = pieces.next().unwrap_or_default();
        let blank = vec![Line::new(); row.len() - 1];
        let below = pieces.map(|piece| blank.iter().cloned().chain([piece]).collect());
        std::iter::once(row).chain(below).collect()
    }

    fn drop_empty_columns(&mut self) {
        let used: Vec<bool> = (0..self.columns.len())
            .map(|i| self.rows.is_empty() || self.rows.iter().any(|row| !row[i].is_empty()))
            .collect();
        let mut keep = used.iter();
        self.columns.retain(|_| *keep.next().unwrap_or(&true));
        for row in &mut self.rows {
            let mut keep = used.iter();
            row.retain(|_| *keep.next().unwrap_or(&true));
        }
    }

    fn widths(&self, look: &Look) -> Vec<usize> {
        let mut widths: Vec<usize> = (0..self.columns.len())
            .map(|i| {
                let cells = self.rows.iter().map(|row| row[i].cells());
                cells.chain([self.columns[i].title.len()]).max().unwrap_or(0)
            })
            .collect();
        let Some(room) = look.width else { return widths };
        // take single cells from whichever flexible column is widest, so that
        // two of them end equally wide
        while widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1) > room {
            let cuttable =
                |i: &usize| self.columns[*i].least.is_some_and(|least| widths[*i] > least);
            let Some(widest) = (0..widths.len()).filter(cuttable).max_by_key(|i| widths[*i]) else {
                break;
            };
            widths[widest] -= 1;
        }
        widths
    }

    fn line(&self, row: Vec<Line>, widths: &[usize], look: &Look) -> Line {
        let last = widths.len().saturating_sub(1);
        let cells = row.into_iter().zip(&self.columns).zip(widths).enumerate();
        cells.fold(Line::new(), |line, (i, ((cell, column), width))| {
            let cell = cell.fit(*width, look.ellipsis());
            let cell = match (column.right, i == last) {
                (true, _) => cell.pad_left(*width),
                (false, true) => cell,
                (false, false) => cell.pad(*width),
            };
            let line = if i == 0 { line } else { line.plain(" ".repeat(GAP)) };
            line.append(cell)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NARROW: Look = Look { width: Some(80), ..Look::PLAIN };

    fn sample(error: &str) -> Table {
        let mut table = Table::new(&[
            Column::fixed("RUN"),
            Column::flexible("WORKFLOW", 12),
            Column::right("TOOK"),
            Column::flexible("ERROR", 8),
        ]);
        table.row(vec!["444455556666".into(), "disk-report".into(), "1.2 s".into(), error.into()]);
        let long = "a-workflow-with-a-very-long-name-that-somebody-thought-up";
        table.row(vec!["0123456789ab".into(), long.into(), "12 m 03 s".into(), "".into()]);
        table
    }

    fn text(lines: &[Line]) -> Vec<String> {
        lines.iter().map(|line| line.text().trim_end().to_owned()).collect()
    }

    #[test]
    fn sentences_go_on_below() {
        let mut table = Table::new(&[Column::fixed("RUN"), Column::wrapped("WHY", 8)]);
        table.row(vec!["444455556666".into(), "one two three four".into()]);
        table.row(vec!["0123456789ab".into(), "five".into()]);
        let look = Look { width: Some(24), ..Look::PLAIN };
        let wanted = [
            "RUN           WHY",
            "444455556666  one two",
            "              three four",
            "0123456789ab  five",
        ];
        let mut again = Table::new(&table.columns);
        again.rows.clone_from(&table.rows);
        assert_eq!(text(&table.lines(&look)), wanted);
        assert_eq!(again.lines(&Look::PLAIN).len(), 3);
    }

    #[test]
    fn a_pipe_gets_everything_and_a_terminal_what_fits() {
        let error = "exit(2): df: /mnt/a/rather/long/path: No such file or directory";
        let full = sample(error).lines(&Look::PLAIN);
        assert!(full[1].text().ends_with("directory"), "{full:?}");
        let cut = sample(error).lines(&NARROW);
        assert!(cut.iter().all(|line| line.cells() <= 80), "{cut:?}");
        assert_eq!(
            text(&cut),
            [
                "RUN           WORKFLOW                          TOOK  ERROR",
                "444455556666  disk-report                      1.2 s  exit(2): df: /mnt/a/rathe…",
                "0123456789ab  a-workflow-with-a-very-lon…  12 m 03 s",
            ]
            .map(str::to_owned)
        );
    }

    #[test]
    fn a_column_without_content_is_left_out() {
        let lines = text(&sample("").lines(&NARROW));
        assert!(!lines[0].contains("ERROR"), "{lines:?}");
    }

    #[test]
    fn cells_that_cannot_be_cut_are_whole_however_narrow() {
        let tiny = Look { width: Some(40), ..NARROW };
        let lines = sample("some error").lines(&tiny);
        assert!(lines[1].text().starts_with("444455556666  disk-report "), "{lines:?}");
    }

    #[test]
    fn a_cell_cannot_forge_a_row() {
        let mut table = Table::new(&[Column::fixed("A")]);
        table.row(vec!["x\n\u{1b}[2Jforged".into()]);
        assert_eq!(table.lines(&Look::PLAIN)[1].text(), "x\\nforged");
    }
}
