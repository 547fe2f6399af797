//! A typed line as words, as a shell would take it apart.

/// Words between blanks. Quotes of either kind keep blanks, and a backslash keeps what
/// follows it, but between single quotes. A quote that is not closed ends with the line.
pub fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\\', None | Some('"')) => {
                word.get_or_insert_default().extend(chars.next());
            }
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::quoted;

    #[test]
    fn quotes_keep_blanks() {
        let table: [(&str, &[&str]); 7] = [
            ("  a  b ", &["a", "b"]),
            ("a 'b c' \"d e\"f", &["a", "b c", "d ef"]),
            (r"a\ b 'c\d'", &["a b", r"c\d"]),
            (r#"{"a": 1}"#, &["{a:", "1}"]),
            (r#"'{"a": 1}'"#, &[r#"{"a": 1}"#]),
            ("'' x", &["", "x"]),
            ("'open end", &["open end"]),
        ];
        for (line, words) in table {
            assert_eq!(split(line), words, "{line}");
        }
    }

    #[test]
    fn what_was_quoted_comes_back() {
        for word in ["plain", "a b", "it's", "день", "$(x)", "", "a\\b", "\"q\""] {
            assert_eq!(split(&quoted(word)), [word], "{word}");
        }
    }
}
