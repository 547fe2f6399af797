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
    pub fn settle(&mut self, ids: &[String], height: usize) {
        if !self.marks.is_empty() {
            let there: BTreeSet<&String> = ids.iter().collect();
            self.marks.retain(|mark| there.contains(mark));
        }
        let found = self.id.as_ref().and_then(|id| ids.iter().position(|i| i == id));
        let was = self.index;
        self.index = match (&self.id, found) {
            (None, _) => 0,
            (Some(_), Some(at)) => at,
            (Some(_), None) => self.index.min(ids.len().saturating_sub(1)),
        };
        // the row stays where the eye is
        self.top = (self.top + self.index).saturating_sub(was);
        if self.id.is_some() {
            self.id = ids.get(self.index).cloned();
        }
        self.show(ids.len(), height);
    }

    /// Selects a row. At the first one the selection follows what is newest.
    pub fn go(&mut self, to: usize, ids: &[String], height: usize) {
        self.index = to.min(ids.len().saturating_sub(1));
        self.id = match self.index {
            0 => None,
            at => ids.get(at).cloned(),
        };
        self.show(ids.len(), height);
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

    fn ids(letters: &str) -> Vec<String> {
        letters.chars().map(String::from).collect()
    }

    #[test]
    fn the_selection_stays_with_its_row() {
        let mut cursor = Cursor::default();
        cursor.go(2, &ids("edcba"), 3);
        cursor.toggle_mark("b");
        cursor.toggle_mark("x");
        cursor.settle(&ids("gfedcba"), 3);
        assert_eq!((cursor.id.as_deref(), cursor.index, cursor.top), (Some("c"), 4, 2));
        assert_eq!(cursor.marks.iter().collect::<Vec<_>>(), ["b"]);
        cursor.settle(&ids("gf"), 3);
        assert_eq!((cursor.id.as_deref(), cursor.index, cursor.top), (Some("f"), 1, 0));
        cursor.settle(&[], 3);
        assert_eq!((cursor.id.as_deref(), cursor.index, cursor.top), (None, 0, 0));
    }

    #[test]
    fn at_the_first_row_the_newest_is_followed() {
        let mut cursor = Cursor::default();
        cursor.settle(&ids("a"), 3);
        cursor.settle(&ids("ba"), 3);
        assert_eq!((cursor.id.as_deref(), cursor.index), (None, 0));
        cursor.go(9, &ids("ba"), 3);
        assert_eq!((cursor.id.as_deref(), cursor.index), (Some("a"), 1));
    }
}
