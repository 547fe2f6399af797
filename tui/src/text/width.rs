//! How many cells of a terminal a text takes, as Unicode (UAX 11) has it and as
//! the console's painter counts.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Cells of `text`, which holds no control characters.
pub fn cells(text: &str) -> usize {
    text.width()
}

/// `text` cut to at most `width` cells, ending in `ellipsis` where it was cut.
pub fn fit(text: &str, width: usize, ellipsis: &str) -> String {
    if cells(text) <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(cells(ellipsis));
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += c.width().unwrap_or(0);
        used <= room
    });
    let mut cut: String = kept.collect();
    cut.extend(ellipsis.chars().take(width));
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_not_characters() {
        for (text, wanted) in [("abc", 3), ("Ж✓…", 3), ("東京", 4), ("e\u{301}", 1), ("", 0)]
        {
            assert_eq!(cells(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_cut_never_exceeds_its_width() {
        assert_eq!(fit("abcdef", 6, "…"), "abcdef");
        assert_eq!(fit("abcdef", 5, "…"), "abcd…");
        assert_eq!(fit("abcdef", 5, "..."), "ab...");
        assert_eq!(fit("東京都", 4, "…"), "東…");
        for width in 0..8 {
            assert!(cells(&fit("東a京b都c", width, "...")) <= width, "{width}");
        }
    }
}
