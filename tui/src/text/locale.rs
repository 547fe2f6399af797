//! What the locale says about characters.

/// Whether texts are UTF-8. The first of the three variables that is set decides,
/// as in POSIX.
pub fn is_utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|value| !value.is_empty())
        .unwrap_or_default()
        .to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_decides_about_glyphs() {
        let table = [
            (vec![], false),
            (vec![("LANG", "bg_BG.UTF-8")], true),
            (vec![("LANG", "C")], false),
            (vec![("LC_ALL", "C"), ("LANG", "en_US.UTF-8")], false),
            (vec![("LC_ALL", ""), ("LC_CTYPE", "C.utf8"), ("LANG", "C")], true),
        ];
        for (set, wanted) in table {
            let find = |name: &str| set.iter().find(|v| v.0 == name).map(|v| v.1.to_owned());
            assert_eq!(is_utf8(find), wanted, "{set:?}");
        }
    }
}
