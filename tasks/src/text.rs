//! Bytes of unknown origin as bounded text.

/// `bytes` as text of at most `limit` bytes, cut at a character; what is not
/// UTF-8 becomes U+FFFD. Also returns whether it was cut. `partial` says that
/// `bytes` is itself a beginning, whose last character may be incomplete.
pub(crate) fn capped(bytes: &[u8], partial: bool, limit: usize) -> (String, bool) {
    let end = if partial { whole_chars(bytes, bytes.len()) } else { bytes.len() };
    let mut text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let cut = cut(&mut text, limit);
    (text, cut || partial)
}

/// Shortens `text` to at most `limit` bytes; whether anything was cut off.
pub(crate) fn cut(text: &mut String, limit: usize) -> bool {
    let cut = text.len() > limit;
    text.truncate(text.floor_char_boundary(limit));
    cut
}

/// The largest end up to `limit` that splits no UTF-8 character.
pub(crate) fn whole_chars(bytes: &[u8], limit: usize) -> usize {
    let limit = limit.min(bytes.len());
    // a character has at most four bytes: its head is among the last four
    for back in 1..=limit.min(4) {
        let byte = bytes[limit - back];
        let length = match byte {
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf7 => 4,
            0x80..=0xbf => continue,
            _ => 1,
        };
        return if length > back { limit - back } else { limit };
    }
    limit
}

/// Text in pieces of at most `limit` bytes, cut at characters; one empty piece
/// for empty text.
pub(crate) fn pieces(text: &str, limit: usize) -> Vec<&str> {
    let mut rest = text;
    let mut pieces = Vec::new();
    while rest.len() > limit {
        let (piece, tail) = rest.split_at(rest.floor_char_boundary(limit));
        pieces.push(piece);
        rest = tail;
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_between_characters() {
        let euro = "a€".as_bytes();
        assert_eq!(whole_chars(euro, 4), 4);
        assert_eq!(whole_chars(euro, 3), 1);
        assert_eq!(whole_chars(euro, 2), 1);
        assert_eq!(whole_chars(b"\x80\x80\x80\x80\x80", 5), 5, "no head at all");
        assert_eq!(whole_chars(b"", 3), 0);
        assert_eq!(capped(&euro[..3], true, 10), ("a".into(), true));
        assert_eq!(capped(&euro[..3], false, 10), ("a\u{fffd}".into(), false));
        assert_eq!(capped(euro, false, 3), ("a".into(), true));
        assert_eq!(capped(b"\xff\xff", false, 4), ("\u{fffd}".into(), true));
        assert_eq!(pieces("a€€", 4), ["a€", "€"]);
        assert_eq!(pieces("", 4), [""]);
    }
}
