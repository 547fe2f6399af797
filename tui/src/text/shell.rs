//! Words as a shell takes them.

/// `word`, quoted where a shell would take it for more than a word.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:,=+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
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
        ];
        for (word, wanted) in table {
            assert_eq!(quoted(word), wanted);
        }
    }
}
