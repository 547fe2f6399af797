//! Keeping secrets out of what is written down.
//!
//! Best effort against a hostile step: it finds the secret's text, each of its
//! lines, and its usual encodings. What an expression derived from a secret comes
//! in as a pattern of its own.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rpa_engine::Value;
use rpa_tasks::Masking;

/// What stands in place of a secret.
const MASK: &str = "***";
/// Shorter texts are not masked: they would tear everything apart.
const SHORTEST: usize = 4;
/// Longer texts are looked for in pieces, and only as they stand.
const PIECE: usize = 1024;
/// Most bytes of all patterns: the finder takes some ten times that.
const MOST: usize = 1024 * 1024;

#[derive(Debug, Default)]
pub struct Mask {
    finder: Option<AhoCorasick>,
    reach: usize,
}

impl Mask {
    /// `tainted` are secrets and what was derived from them.
    pub fn new(tainted: &[String]) -> Mask {
        let mut patterns: Vec<String> = tainted.iter().flat_map(|t| forms(t)).collect();
        patterns.retain(|p| p.len() >= SHORTEST);
        patterns.sort();
        patterns.dedup();
        let mut bytes = 0;
        let all = patterns.len();
        patterns.retain(|p| {
            bytes += p.len();
            bytes <= MOST
        });
        if patterns.len() < all {
            tracing::warn!(left_out = all - patterns.len(), "too much to mask in one step");
        }
        if patterns.is_empty() {
            return Mask::default();
        }
        let reach = patterns.iter().map(String::len).max().unwrap_or(0);
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&patterns);
        // fails only for more patterns than memory could hold
        Mask { finder: finder.ok(), reach }
    }

    /// Whether there is nothing to keep out.
    pub fn is_empty(&self) -> bool {
        self.finder.is_none()
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
            // a PIN that came back as a number
            number @ (Value::Int(_) | Value::Float(_)) => {
                let text = number.to_string();
                if self.text(text.clone()) == text { number } else { Value::from(MASK) }
            }
            other @ (Value::Null | Value::Bool(_) | Value::Blob(_) | Value::Sealed(_)) => other,
        }
    }
}

impl Masking for Mask {
    fn mask(&self, text: String) -> String {
        self.text(text)
    }

    fn cut(&self, bytes: &[u8], at: usize) -> usize {
        let Some(finder) = &self.finder else { return at };
        finder
            .find_iter(bytes)
            .take_while(|found| found.start() < at)
            .find(|found| found.end() > at)
            .map_or(at, |found| found.start())
    }

    fn reach(&self) -> usize {
        self.reach
    }
}

/// The secret itself, its lines, and the ways in which it is usually written. A
/// long one is looked for line by line, and a long line piece by piece.
fn forms(secret: &str) -> Vec<String> {
    if secret.len() > PIECE {
        return secret.lines().flat_map(pieces).collect();
    }
    let mut forms = vec![secret.to_owned(), secret.trim().to_owned()];
    forms.extend(secret.lines().map(|l| l.trim().to_owned()));
    let bytes = secret.trim_end_matches(['\n', '\r']).as_bytes();
    forms.extend(base64_forms(bytes));
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    forms.push(hex.to_uppercase());
    forms.push(hex);
    forms.extend(percent_forms(bytes));
    let quoted = Value::List(vec![Value::text(secret)]).to_string();
    forms.push(quoted[2..quoted.len() - 2].to_owned());
    forms
}

fn pieces(line: &str) -> Vec<String> {
    let line = line.trim();
    let mut pieces = Vec::new();
    let mut rest = line;
    while rest.len() > PIECE {
        let (piece, tail) = rest.split_at(rest.floor_char_boundary(PIECE));
        pieces.push(piece.to_owned());
        rest = tail;
    }
    pieces.push(rest.to_owned());
    pieces
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

/// Percent-encoding as it is met in URLs and forms, with digits of both cases: all
/// but the unreserved characters (RFC 3986), the form set with its plus, and the
/// path, query and user-info sets of the URL standard.
fn percent_forms(bytes: &[u8]) -> Vec<String> {
    let kept: [&[u8]; 5] = [
        b"-_.~",
        b"-_.*",
        b"-_.~!$&'()*+,;=:@/%[]|^\\",
        b"-_.~!$&()*+,;=:@/%?[]|^\\`{}",
        b"-_.~!$&'()*+,%",
    ];
    let mut forms = Vec::new();
    for (set, kept) in kept.iter().enumerate() {
        let form_set = set == 1;
        let text: String = bytes.iter().map(|b| percent(*b, kept, form_set)).collect();
        let lower = bytes.iter().map(|b| percent(*b, kept, form_set));
        forms.push(lower.map(|p| if p.len() == 3 { p.to_lowercase() } else { p }).collect());
        forms.push(text);
    }
    forms
}

fn percent(byte: u8, kept: &[u8], form_set: bool) -> String {
    match byte {
        b' ' if form_set => "+".to_owned(),
        b if b.is_ascii_alphanumeric() || kept.contains(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    }
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
        for form in percent_forms(secret.as_bytes()) {
            assert_eq!(clear(form), "<***>");
        }
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

    #[test]
    fn numbers_are_found_and_large_texts_stay_affordable() {
        let mask = Mask::new(&["918273645".to_owned(), "x".repeat(200_000)]);
        let document = Value::from([("pin", Value::Int(918_273_645)), ("n", Value::Int(7))]);
        assert_eq!(mask.value(document).to_string(), r#"{"n":7,"pin":"***"}"#);
        assert!(mask.reach <= PIECE);
        assert!(!mask.text("x".repeat(3000)).contains(&"x".repeat(PIECE)));
    }

    #[test]
    fn a_cut_never_goes_through_a_secret() {
        let mask = Mask::new(&["hunter22".to_owned()]);
        let text = b"abc hunter22 def";
        for at in 0..text.len() {
            let cut = mask.cut(text, at);
            assert!(cut == at || cut == 4, "{at} became {cut}");
            assert!(!(5..12).contains(&cut), "{at} became {cut}");
        }
    }
}
