//! Keeping secrets out of what is written down.
//!
//! Best effort against a hostile step: it finds the secret's text, each of its
//! lines, and its usual encodings. What an expression derived from a secret comes
//! in as a pattern of its own.

use aho_corasick::{AhoCorasick, MatchKind};
use rpa_engine::Value;

/// What stands in place of a secret.
const MASK: &str = "***";
/// Shorter texts are not masked: they would tear everything apart.
const SHORTEST: usize = 4;

#[derive(Debug, Default)]
pub struct Mask {
    finder: Option<AhoCorasick>,
}

impl Mask {
    /// `tainted` are secrets and what was derived from them.
    pub fn new(tainted: &[String]) -> Mask {
        let mut patterns: Vec<String> = tainted.iter().flat_map(|t| forms(t)).collect();
        patterns.retain(|p| p.len() >= SHORTEST);
        patterns.sort();
        patterns.dedup();
        if patterns.is_empty() {
            return Mask::default();
        }
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&patterns);
        // fails only for more patterns than memory could hold
        Mask { finder: finder.ok() }
    }

    pub fn text(&self, text: String) -> String {
        match &self.finder {
            Some(finder) if finder.is_match(&text) => {
                let masks = vec![MASK; finder.patterns_len()];
                finder.replace_all(&text, &masks)
            }
            _ => text,
        }
    }

    pub fn value(&self, value: Value) -> Value {
        if self.finder.is_none() {
            return value;
        }
        match value {
            Value::Text(text) => Value::Text(self.text(text)),
            Value::List(items) => Value::List(items.into_iter().map(|v| self.value(v)).collect()),
            Value::Map(map) => {
                Value::Map(map.into_iter().map(|(k, v)| (self.text(k), self.value(v))).collect())
            }
            other @ (Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Blob(_)
            | Value::Sealed(_)) => other,
        }
    }
}

/// The secret itself, its lines, and the ways in which it is usually written.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned(), secret.trim().to_owned()];
    forms.extend(secret.lines().map(|l| l.trim().to_owned()));
    let bytes = secret.trim_end_matches(['\n', '\r']).as_bytes();
    forms.extend(base64_forms(bytes));
    forms.push(bytes.iter().map(|b| format!("{b:02x}")).collect());
    forms.push(percent(bytes));
    let quoted = Value::List(vec![Value::text(secret)]).to_string();
    forms.push(quoted[2..quoted.len() - 2].to_owned());
    forms
}

/// Base 64 of the secret wherever it may stand in a longer text: in each of the
/// three alignments, without the characters that depend on its neighbours.
fn base64_forms(bytes: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    for alphabet in [STANDARD, URL_SAFE] {
        for shift in 0..3usize {
            let mut shifted = vec![0; shift];
            shifted.extend_from_slice(bytes);
            let text = base64(&shifted, alphabet);
            let head = match shift {
                0 => 0,
                1 => 2,
                _ => 3,
            };
            let whole = shifted.len() * 8 / 6;
            if head < whole {
                forms.push(text[head..whole].to_owned());
            }
        }
    }
    forms
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base 64 without padding, RFC 4648.
fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0u32, |w, b| (w << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..=chunk.len() {
            out.push(char::from(alphabet[(word >> (18 - 6 * i)) as usize & 63]));
        }
    }
    out
}

fn percent(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(*b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_usual_form() {
        let secret = "p4ss w0rd/é+?\"x";
        let mask = Mask::new(&[secret.to_owned()]);
        let clear = |text: String| mask.text(format!("<{text}>"));
        assert_eq!(clear(secret.into()), "<***>");
        assert_eq!(clear(percent(secret.as_bytes())), "<***>");
        assert_eq!(clear("p4ss w0rd/é+?\\\"x".into()), "<***>");
        for prefix in ["", "u", "us", "use"] {
            let text = base64(format!("{prefix}{secret}").as_bytes(), STANDARD);
            let masked = clear(text.clone());
            assert!(masked.contains("***"), "{text} stays {masked}");
            assert!(!masked.contains(&text[8..16]), "{text} shows in {masked}");
        }
        let hex: String = secret.bytes().map(|b| format!("{b:02x}")).collect();
        assert_eq!(clear(hex), "<***>");
    }

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let cases = [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, coded) in cases {
            assert_eq!(base64(plain.as_bytes(), STANDARD), coded);
        }
    }

    #[test]
    fn each_line_of_a_long_secret_and_nothing_short() {
        let mask = Mask::new(&["first line\nabc\nlast line\n".to_owned()]);
        assert_eq!(mask.text("x last line y".into()), "x *** y");
        assert_eq!(mask.text("abc".into()), "abc");
        let nothing = Mask::new(&["abc".to_owned()]);
        assert_eq!(nothing.text("abc".into()), "abc");
    }

    #[test]
    fn documents_are_masked_throughout() {
        let mask = Mask::new(&["hunter22".to_owned()]);
        let document = Value::from([("a", Value::from(vec![Value::from("is hunter22!")]))]);
        assert_eq!(mask.value(document).to_string(), r#"{"a":["is ***!"]}"#);
    }
}
