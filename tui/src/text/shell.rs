//! Words as a shell takes them.

use super::is_dangerous;

/// `word`, quoted where a shell would take it for more than a word. What a terminal would
/// obey, or a line could not hold, is spelled as `$'...'` has it: POSIX.1-2024, 2.2.4;
/// bash, zsh and ksh know it.
pub fn quoted(word: &str) -> String {
    if word.chars().any(is_spelled) {
        return spelled(word);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:,=+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A tab as well: a shell that it is typed into completes something.
fn is_spelled(c: char) -> bool {
    c == '\t' || is_dangerous(c)
}

fn spelled(word: &str) -> String {
    let one = |c: char| match c {
        '\'' | '\\' => format!("\\{c}"),
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        // three digits each: what follows is no part of it
        c if is_spelled(c) => c.to_string().bytes().map(|byte| format!("\\{byte:03o}")).collect(),
        c => c.to_string(),
    };
    format!("$'{}'", word.chars().map(one).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_stand_alone() {
        let table = [
            ("a-b/c.d", "a-b/c.d"),
            ("", "''"),
            ("x;touch y", "'x;touch y'"),
            ("it's", r"'it'\''s'"),
            ("each[3]/a", "'each[3]/a'"),
            ("$HOME", "'$HOME'"),
            ("abc\u{202e}1'", r"$'abc\342\200\2561\''"),
            ("a\u{1b}[2J\\\tb\n", r"$'a\033[2J\\\tb\n'"),
        ];
        for (word, wanted) in table {
            assert_eq!(quoted(word), wanted);
        }
    }
}
