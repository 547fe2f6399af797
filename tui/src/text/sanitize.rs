//! Foreign text made harmless.
//!
//! Log lines, messages, outputs and names come from programs and servers that
//! nobody trusts. A terminal obeys what it is told in-band: it would retitle
//! itself, answer queries into the shell's input, move the cursor over what was
//! printed before, or show text backwards.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with colour sequences taken out and every other control character
/// made visible; tabs stay. A line break is escaped as well: the caller splits
/// lines first, so that no text can forge a line of its own.
///
/// Only complete CSI sequences (which colour, or move) are dropped. All else,
/// OSC and its kin in particular, is shown: dropping it would let a text hide
/// the rest of its line.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    let text = text.strip_suffix('\r').unwrap_or(text);
    if !text.contains(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let step = match csi_length(rest) {
            Some(length) => length,
            None => {
                push(&mut clean, c);
                c.len_utf8()
            }
        };
        rest = &rest[step..];
    }
    Cow::Owned(clean)
}

/// JSON text in which what a terminal would obey is escaped: JSON itself leaves
/// half of it as it stands, inside strings.
pub fn json_safe(text: String) -> String {
    let hostile = |c: char| c != '\n' && is_dangerous(c);
    if !text.contains(hostile) {
        return text;
    }
    let escape = |safe: &mut String, c: char| match hostile(c) {
        // beyond the first plane JSON writes two halves (RFC 8259, section 7)
        true => {
            for half in c.encode_utf16(&mut [0; 2]) {
                safe.push_str(&format!("\\u{half:04x}"));
            }
        }
        false => safe.push(c),
    };
    text.chars().fold(String::with_capacity(text.len() + 16), |mut safe, c| {
        escape(&mut safe, c);
        safe
    })
}

/// What a terminal, or a reader's eye, would obey.
pub fn is_dangerous(c: char) -> bool {
    match c {
        '\t' => false,
        // C0, DEL and C1
        c if c.is_control() => true,
        // bidi marks, embeddings, overrides and isolates; line separators
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2066}'..='\u{2069}' => true,
        c => is_invisible(c),
    }
}

/// What takes no place and joins nothing: a command that is copied could hold it.
/// Joiners and variation selectors stay; scripts and emoji need them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn push(clean: &mut String, c: char) {
    let written = match c {
        '\n' => clean.write_str("\\n"),
        '\r' => clean.write_str("\\r"),
        '\u{1b}' => clean.write_str("\\e"),
        c if is_dangerous(c) && (c as u32) < 0x100 => write!(clean, "\\x{:02x}", c as u32),
        c if is_dangerous(c) => write!(clean, "\\u{{{:04x}}}", c as u32),
        c => clean.write_char(c),
    };
    written.expect("a String takes what is written to it");
}

/// The length in bytes of a complete CSI sequence at the start of `text`
/// (ECMA-48, 5.4: parameters, intermediates, one final byte).
fn csi_length(text: &str) -> Option<usize> {
    let body = text.strip_prefix("\u{1b}[").or_else(|| text.strip_prefix('\u{9b}'))?;
    let parameters = body.bytes().take_while(|b| matches!(b, 0x30..=0x3f)).count();
    let body = &body[parameters..];
    let intermediates = body.bytes().take_while(|b| matches!(b, 0x20..=0x2f)).count();
    let body = &body[intermediates..];
    matches!(body.bytes().next()?, 0x40..=0x7e).then(|| text.len() - body.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_harmless_stays_as_it_is() {
        for text in ["", "plain", "tab\tstays", "Здравей, 東京 — ✓ é", "[31m is only text"]
        {
            assert!(matches!(sanitize(text), Cow::Borrowed(t) if t == text), "{text}");
        }
    }

    #[test]
    fn control_sequences_lose_their_power() {
        let table = [
            ("\u{1b}[31mred\u{1b}[0m", "red"),
            ("\u{9b}2Jgone", "gone"),
            ("\u{1b}[?25h\u{1b}[1;2Hmoved", "moved"),
            ("\u{1b}]0;title\u{7}after", "\\e]0;title\\x07after"),
            ("\u{1b}]52;c;aGk=\u{1b}\\x", "\\e]52;c;aGk=\\e\\x"),
            ("\u{1b}Pq#0\u{1b}\\", "\\ePq#0\\e\\"),
            ("\u{1b}[31", "\\e[31"),
            ("\u{1b}[31é", "\\e[31é"),
            ("\u{1b}", "\\e"),
            ("a\u{8}b\u{0}c\u{7f}", "a\\x08b\\x00c\\x7f"),
            ("a\u{85}b\u{9d}c", "a\\x85b\\x9dc"),
            ("10%\r20%\r", "10%\\r20%"),
            ("two\nlines", "two\\nlines"),
            ("abc\u{202e}fdp.exe", "abc\\u{202e}fdp.exe"),
            ("\u{2066}x\u{2069}\u{200f}\u{200e}", "\\u{2066}x\\u{2069}\\u{200f}\\u{200e}"),
            ("a\u{2028}b", "a\\u{2028}b"),
        ];
        for (hostile, shown) in table {
            assert_eq!(sanitize(hostile), shown, "{hostile:?}");
        }
    }

    #[test]
    fn nothing_dangerous_is_left_of_any_character_in_any_place() {
        let points =
            (0..0x350).chain(0x2000..0x2100).chain(0xfe00..0x1_0000).chain(0xe_0000..0xe_0080);
        let points = points.filter_map(char::from_u32);
        for c in points {
            for text in
                [format!("{c}"), format!("a{c}b"), format!("\u{1b}[{c}m"), format!("{c}\u{1b}")]
            {
                assert!(!sanitize(&text).contains(is_dangerous), "{text:?}");
            }
        }
    }

    #[test]
    fn json_is_the_same_document_and_safe_to_look_at() {
        let document =
            serde_json::json!({"a": "\u{9b}2J \u{202e}x\u{2028} é\u{1b}\u{e0041}", "b": [1]});
        let text = json_safe(serde_json::to_string_pretty(&document).unwrap());
        assert!(!text.chars().any(|c| c != '\n' && is_dangerous(c)), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), document);
    }
}
