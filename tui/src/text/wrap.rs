//! Sentences broken into lines of a width.

use super::cells;

/// Lines of at most `width` cells, broken at blanks where there are any.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let line = lines.last_mut().expect("there is a first one");
        if cells(line) + cells(word.trim_end()) <= width {
            line.push_str(word);
            continue;
        }
        let mut rest = word;
        if !line.is_empty() {
            lines.push(String::new());
        }
        // a word that is longer than a line is cut
        while cells(rest) > width {
            let mut used = 0;
            let end = rest
                .char_indices()
                .find(|(_, c)| {
                    used += cells(c.encode_utf8(&mut [0; 4]));
                    used > width
                })
                .map_or(rest.len(), |(end, _)| end);
            let end = if end == 0 { rest.chars().next().map_or(1, char::len_utf8) } else { end };
            lines.last_mut().expect("there is one").push_str(&rest[..end]);
            lines.push(String::new());
            rest = &rest[end..];
        }
        lines.last_mut().expect("there is one").push_str(rest);
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The same; what follows the first line begins `indent` cells further in, where that leaves
/// at least half of the width.
pub fn hanging(text: &str, width: usize, indent: usize) -> Vec<String> {
    if cells(text) <= width {
        return vec![text.to_owned()];
    }
    let width = width.max(1);
    let body = text.trim_start_matches(' ');
    let lead = Some(text.len() - body.len()).filter(|lead| lead * 2 <= width).unwrap_or(0);
    let indent = Some(indent).filter(|indent| indent * 2 <= width).unwrap_or(lead);
    let blank = |n: usize| " ".repeat(n);
    let first = wrapped(body, width - lead).into_iter().next().unwrap_or_default();
    let rest = body.strip_prefix(first.as_str()).unwrap_or_default().trim_start();
    let mut lines = vec![format!("{}{first}", blank(lead))];
    if !rest.is_empty() {
        let rest = wrapped(rest, width - indent);
        lines.extend(rest.iter().map(|line| format!("{}{line}", blank(indent))));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_begins_further_in_and_loses_nothing() {
        assert_eq!(hanging("  key: one two three", 12, 4), ["  key: one", "    two", "    three"]);
        assert_eq!(hanging("short", 12, 4), ["short"]);
        assert_eq!(hanging("abcdefgh", 3, 2), ["abc", "def", "gh"], "no room to hang");
        let text = "  name: abcdefghijklmnopqrstuvwxyz and a few words, още думи";
        for width in 1..40 {
            let lines = hanging(text, width, 4);
            let letters = |text: &str| text.replace(' ', "");
            assert_eq!(letters(&lines.concat()), letters(text), "{width}");
            assert!(lines.iter().all(|line| cells(line) <= width), "{width}: {lines:?}");
        }
    }

    #[test]
    fn text_is_broken_at_blanks_and_long_words_are_cut() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrapped("", 3), [""]);
        for width in 0..9 {
            for line in wrapped("東京 и още няколко думи longword-longword", width)
            {
                assert!(cells(&line) <= width.max(2), "{width}: {line}");
            }
        }
    }
}
