//! The selected row of a list: pinned to what it is, not to where it stands.

use std::collections::BTreeSet;

/// Where a list is looked at. `ids` below are those of its rows, in order.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    /// What is selected; `None`: the first row, whatever it is.
    pub id: Option<String>,
    /// Where it stands.
    pub index: usize,
    /// The first row shown.
    pub top: usize,
    pub marks: BTreeSet<String>,
}

impl Cursor {
    /// Finds the selected row again after the rows have changed. One that is gone
    /// leaves the selection where it was. Marks of rows that are gone go too.
    pub fn settle<'a>(&mut self, ids: impl Iterator<Item = &'a str> + Clone, height: usize) {
        let count = ids.clone().count();
        if !self.marks.is_empty() {
            let there: BTreeSet<&str> = ids.clone().collect();
            self.marks.retain(|mark| there.contains(mark.as_str()));
        }
        let found = self.id.as_deref().and_then(|id| ids.clone().position(|i| i == id));
        let was = self.index;
        self.index = match (&self.id, found) {
            (None, _) => 0,
            (Some(_), Some(at)) => at,
            (Some(_), None) => self.index.min(count.saturating_sub(1)),
        };
        // the row stays where the eye is
        self.top = (self.top + self.index).saturating_sub(was);
        if self.id.is_some() {
            self.id = ids.clone().nth(self.index).map(str::to_owned);
        }
        self.show(count, height);
    }

    /// Moves by rows. At the first row the selection follows what is newest.
    pub fn go<'a>(&mut self, to: usize, ids: impl Iterator<Item = &'a str> + Clone, height: usize) {
        let count = ids.clone().count();
        self.index = to.min(count.saturating_sub(1));
        self.id = match self.index {
            0 => None,
            at => ids.clone().nth(at).map(str::to_owned),
        };
        self.show(count, height);
    }

    pub fn toggle_mark(&mut self, id: &str) {
        if !self.marks.remove(id) {
            self.marks.insert(id.to_owned());
        }
    }

    /// Moves the first row shown so that the selected one is among the shown.
    pub fn show(&mut self, count: usize, height: usize) {
        let height = height.max(1);
        self.top = self.top.min(self.index).min(count.saturating_sub(height.min(count)));
        if self.index >= self.top + height {
            self.top = self.index + 1 - height;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selection_stays_with_its_row() {
        let rows = ["e", "d", "c", "b", "a"];
        let mut cursor = Cursor::default();
        cursor.go(2, rows.iter().copied(), 3);
        cursor.toggle_mark("b");
        cursor.toggle_mark("x");
        let newer = ["g", "f", "e", "d", "c", "b", "a"];
        cursor.settle(newer.iter().copied(), 3);
        assert_eq!((cursor.id.as_deref(), cursor.index, cursor.top), (Some("c"), 4, 2));
        assert_eq!(cursor.marks.iter().collect::<Vec<_>>(), ["b"]);
        cursor.settle(["g", "f"].into_iter(), 3);
        assert_eq!((cursor.id.as_deref(), cursor.index, cursor.top), (Some("f"), 1, 0));
        cursor.settle([].into_iter(), 3);
        assert_eq!((cursor.id.as_deref(), cursor.index, cursor.top), (None, 0, 0));
    }

    #[test]
    fn at_the_first_row_the_newest_is_followed() {
        let mut cursor = Cursor::default();
        cursor.settle(["a"].into_iter(), 3);
        cursor.settle(["b", "a"].into_iter(), 3);
        assert_eq!((cursor.id.as_deref(), cursor.index), (None, 0));
        cursor.go(9, ["b", "a"].into_iter(), 3);
        assert_eq!((cursor.id.as_deref(), cursor.index), (Some("a"), 1));
    }
}
