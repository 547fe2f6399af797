//! The text of a body, by the charset that its content type names.

use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// The essence of a content type and its charset, both in small letters.
#[derive(Debug, Default)]
pub(super) struct ContentType {
    essence: String,
    charset: Option<String>,
}

impl ContentType {
    pub(super) fn of(headers: &HeaderMap) -> ContentType {
        let Some(value) = headers.get(CONTENT_TYPE) else { return ContentType::default() };
        let value = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        let mut parts = value.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_owned();
        let charset = parts.find_map(|part| part.strip_prefix("charset="));
        ContentType { essence, charset: charset.map(|c| c.trim_matches('"').to_owned()) }
    }

    pub(super) fn is_json(&self) -> bool {
        self.essence == "application/json" || self.essence.ends_with("+json")
    }

    /// Reads `body`; a charset this build cannot read is returned, and the body
    /// read as UTF-8.
    pub(super) fn decode(&self, body: &[u8]) -> (String, Option<&str>) {
        match self.charset.as_deref() {
            None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => (utf8(body), None),
            // one and the same to the web (WHATWG Encoding Standard, 4.2)
            Some("iso-8859-1" | "latin1" | "windows-1252" | "cp1252") => {
                (body.iter().map(|b| windows_1252(*b)).collect(), None)
            }
            Some(other) => (utf8(body), Some(other)),
        }
    }
}

fn utf8(body: &[u8]) -> String {
    String::from_utf8_lossy(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)).into_owned()
}

/// WHATWG Encoding Standard, index windows-1252; the rest is Latin-1.
fn windows_1252(byte: u8) -> char {
    const FROM_0X80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => FROM_0X80[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content_type(value: &'static str) -> ContentType {
        ContentType::of(&[(CONTENT_TYPE, value.parse().unwrap())].into_iter().collect())
    }

    #[test]
    fn reads_type_and_charset() {
        assert!(content_type("Application/JSON; charset=utf-8").is_json());
        assert!(content_type("application/problem+json").is_json());
        assert!(!content_type("text/json").is_json());
        let latin = content_type("text/plain; charset=\"ISO-8859-1\"");
        assert_eq!(latin.decode(b"\xe9\x80"), ("é€".into(), None));
        assert_eq!(ContentType::default().decode(b"\xef\xbb\xbfa\xff"), ("a\u{fffd}".into(), None));
        let other = content_type("text/plain;charset=koi8-r");
        assert_eq!(other.decode(b"a"), ("a".into(), Some("koi8-r")));
    }
}
