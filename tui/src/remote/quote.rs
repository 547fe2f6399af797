//! Words for a shell, and words of one.

/// A word that every POSIX shell, and fish as well, reads as it is.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./=:,@+".contains(c);
    // zsh takes a leading `=` for the path of a program
    let bare = !word.is_empty() && !word.starts_with('=') && word.chars().all(plain);
    // in single quotes fish reads `\'` and `\\`; in double quotes both agree
    match bare {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\"'\"'").replace('\\', "'\"\\\\\"'")),
    }
}

/// The words of a setting, as a shell splits them: blanks, both quotes, `\`. Nothing
/// is expanded. `None` when a quote is not closed.
pub fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('\''), c) => word.get_or_insert_default().push(c),
            (_, '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, '\'' | '"') => {
                word.get_or_insert_default();
                quote = Some(c);
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const HARD: [&str; 9] = [
        "plain",
        "two words",
        "",
        "it's",
        "$(id) `id` $HOME",
        "a\\b\\",
        "a\nb",
        "; rm -rf * &",
        "\"'\\''\"!~#",
    ];

    #[test]
    fn a_shell_reads_what_was_meant() {
        for word in HARD {
            let line = format!("printf %s {}", quoted(word));
            let said = Command::new("sh").arg("-c").arg(&line).output().unwrap();
            assert_eq!(String::from_utf8(said.stdout).unwrap(), word, "{line}");
        }
    }

    #[test]
    fn a_setting_is_split_as_a_shell_would() {
        let line: Vec<String> = HARD.iter().map(|word| quoted(word)).collect();
        assert_eq!(words(&line.join("  ")).unwrap(), HARD);
        assert_eq!(words("ssh -i \"a \\\" b\"").unwrap(), ["ssh", "-i", "a \" b"]);
        assert_eq!(words("ssh 'x"), None);
        assert_eq!(words(" \t"), Some(Vec::new()));
    }
}
