//! How many cells of a terminal a text takes.
//!
//! An approximation that is exact for the scripts of the product's languages:
//! combining marks take none, East Asian and emoji blocks take two, all else one.

/// Cells of `text`, which holds no control characters.
pub fn cells(text: &str) -> usize {
    text.chars().map(char_cells).sum()
}

/// `text` cut to at most `width` cells, ending in `ellipsis` where it was cut.
pub fn fit(text: &str, width: usize, ellipsis: &str) -> String {
    if cells(text) <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(cells(ellipsis));
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += char_cells(*c);
        used <= room
    });
    let mut cut: String = kept.collect();
    cut.extend(ellipsis.chars().take(width));
    cut
}

fn char_cells(c: char) -> usize {
    match c as u32 {
        // combining marks, zero-width space and joiners, variation selectors
        0x0300..=0x036f | 0x0483..=0x0489 | 0x200b..=0x200d | 0x20d0..=0x20ff => 0,
        0xfe00..=0xfe0f | 0xfe20..=0xfe2f | 0xfeff => 0,
        // Hangul, CJK, kana, full-width forms, emoji
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 => 2,
        0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 => 2,
        0x1f300..=0x1f64f | 0x1f680..=0x1f6ff | 0x1f900..=0x1f9ff | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
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
