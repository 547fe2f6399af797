//! Where in a line something is found that was looked for, and how far the line is moved
//! aside so that it is seen.

use super::cells;

/// Cells from the first to after the last one of the first occurrence. A needle without
/// capitals is found whatever the case. None where folding changes lengths: then there is no
/// telling where it stands.
pub fn occurrence(text: &str, needle: &str) -> Option<(usize, usize)> {
    if needle.is_empty() {
        return None;
    }
    let exact = needle.chars().any(char::is_uppercase);
    let fold = |s: &str| if exact { s.to_owned() } else { s.to_lowercase() };
    let (folded, wanted) = (fold(text), fold(needle));
    let at = folded.find(&wanted).filter(|_| folded.len() == text.len())?;
    let before = text.get(..at)?;
    let found = text.get(at..at + wanted.len())?;
    Some((cells(before), cells(before) + cells(found)))
}

/// How many cells are cut off at the left for the needle to be seen in `room` cells: as many as
/// there are, `column`, where it is seen so.
pub fn column_for(text: &str, needle: &str, column: usize, room: usize) -> usize {
    let Some((start, end)) = occurrence(text, needle) else { return column };
    // the last cell may be the sign that something follows
    let shown = room.saturating_sub(1);
    match () {
        () if start >= column && end <= column + shown => column,
        () if end <= shown => 0,
        // with a third of what stands before it
        () => start.saturating_sub(room / 3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_moved_only_where_it_must_be() {
        let text = format!("{}needle{}", "x".repeat(100), "y".repeat(100));
        assert_eq!(column_for(&text, "needle", 0, 120), 0);
        assert_eq!(column_for(&text, "needle", 90, 60), 90, "it is seen as it is");
        assert_eq!(column_for(&text, "needle", 0, 60), 80);
        assert_eq!(column_for(&text, "needle", 150, 60), 80, "back to it");
        assert_eq!(column_for("a needle", "needle", 16, 60), 0);
        assert_eq!(column_for("none", "needle", 16, 60), 16);
        // exactly at the edge the sign that something follows would cover it
        assert_eq!(column_for(&text, "needle", 0, 107), 0);
        assert_ne!(column_for(&text, "needle", 0, 106), 0);
        assert_eq!(occurrence("東京 Грешка", "греш"), Some((5, 9)));
        assert_eq!(occurrence("Грешка", "ГРЕШ"), None, "capitals are meant");
    }
}
