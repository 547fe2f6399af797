//! What differs between two texts, line by line, as `diff -u` shows it.

use std::time::Duration;

use similar::TextDiff;

/// Lines around each difference.
const CONTEXT: usize = 3;
/// After this the rest of a difference is told in larger pieces.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a line of a difference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Which texts they are.
    Head,
    /// Where the lines below stand.
    Place,
    Added,
    Removed,
    Same,
}

/// Two texts, each with what it is called. Empty when they are the same.
pub fn unified((old_name, old): (&str, &str), (new_name, new): (&str, &str)) -> String {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    let mut text = diff.unified_diff();
    text.context_radius(CONTEXT).header(old_name, new_name).to_string()
}

pub fn mark(line: &str) -> Mark {
    match line.as_bytes().first() {
        _ if line.starts_with("--- ") || line.starts_with("+++ ") => Mark::Head,
        Some(b'+') => Mark::Added,
        Some(b'-') => Mark::Removed,
        Some(b'@') => Mark::Place,
        _ => Mark::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown_with_what_stands_around_it() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let new = old.replace('6', "six");
        let text = unified(("a", old), ("b", &new));
        let wanted = "--- a\n+++ b\n@@ -3,7 +3,7 @@\n 3\n 4\n 5\n-6\n+six\n 7\n 8\n 9\n";
        assert_eq!(text, wanted);
        assert_eq!(unified(("a", old), ("b", old)), "");
        let marks: Vec<Mark> = text.lines().take(6).map(mark).collect();
        assert_eq!(
            marks,
            [Mark::Head, Mark::Head, Mark::Place, Mark::Same, Mark::Same, Mark::Same]
        );
    }
}
