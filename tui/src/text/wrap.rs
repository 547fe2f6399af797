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

#[cfg(test)]
mod tests {
    use super::*;

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
