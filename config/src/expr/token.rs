//! The tokens of an expression.
//!
//! Stricter than minijinja's: names are ASCII, numbers decimal and 64 bits. What
//! passes here means the same there, because minijinja is given the tokens of
//! this lexer with blanks between them, never the text itself.

use super::error::{ParseError, ParseErrorKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Text,
    Number,
    /// A sign of one or two characters.
    Sign,
}

/// One token, by its bytes in the text that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) start: usize,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    pub(super) fn is_name(&self, name: &str) -> bool {
        self.kind == Kind::Name && self.text == name
    }

    pub(super) fn opens(&self) -> bool {
        self.kind == Kind::Sign && matches!(self.text, "(" | "[" | "{")
    }

    pub(super) fn closes(&self) -> bool {
        self.kind == Kind::Sign && matches!(self.text, ")" | "]" | "}")
    }
}

const PAIRS: [&str; 6] = ["//", "**", "==", "!=", ">=", "<="];
const SINGLES: &str = "+-*/%.,:~|=><()[]{}";

/// The token at or after byte `at` of `text`; `None` at its end.
pub(super) fn next(
    text: &str,
    at: usize,
    after_dot: bool,
) -> Result<Option<Token<'_>>, ParseError> {
    let blanks = text[at..].bytes().take_while(u8::is_ascii_whitespace).count();
    let start = at + blanks;
    let rest = &text[start..];
    let Some(first) = rest.chars().next() else {
        return Ok(None);
    };
    let (kind, len) = match first {
        '\'' | '"' => (Kind::Text, text_len(rest, first).ok_or_else(|| unclosed(text, start))?),
        'a'..='z' | 'A'..='Z' | '_' => (Kind::Name, name_len(rest)),
        '0'..='9' => (Kind::Number, number_len(rest, start, after_dot)?),
        _ if PAIRS.iter().any(|pair| rest.starts_with(pair)) => (Kind::Sign, 2),
        _ if SINGLES.contains(first) => (Kind::Sign, 1),
        _ => {
            return Err(ParseError::new(
                ParseErrorKind::Syntax,
                start..start + first.len_utf8(),
                format!("{first:?} means nothing in an expression"),
            )
            .hint("put text in quotes"));
        }
    };
    Ok(Some(Token { kind, text: &rest[..len], start }))
}

fn name_len(rest: &str) -> usize {
    rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count()
}

/// The length of a quoted text with its quotes; `None` when it does not end.
fn text_len(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn unclosed(text: &str, start: usize) -> ParseError {
    ParseError::new(ParseErrorKind::Syntax, start..text.len(), "the quoted text does not end")
        .hint("close the quote")
}

/// `1`, `1.5`, `1e3`; after a dot only digits: `a.0.1` is two indexes.
fn number_len(rest: &str, start: usize, after_dot: bool) -> Result<usize, ParseError> {
    let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut len = digits(0);
    let mut whole = true;
    if !after_dot {
        if rest[len..].starts_with('.') && digits(len + 1) > 0 {
            len += 1 + digits(len + 1);
            whole = false;
        }
        if rest[len..].starts_with(['e', 'E']) {
            let sign = usize::from(rest[len + 1..].starts_with(['+', '-']));
            let exponent = digits(len + 1 + sign);
            if exponent > 0 {
                len += 1 + sign + exponent;
                whole = false;
            }
        }
    }
    let tail = name_len(&rest[len..]);
    if tail > 0 {
        let what = &rest[..len + tail];
        return Err(ParseError::new(
            ParseErrorKind::Syntax,
            start..start + what.len(),
            format!("{what:?} is neither a number nor a name"),
        )
        .hint("numbers are decimal; names start with a letter"));
    }
    let number = &rest[..len];
    let fits = match whole {
        true => number.parse::<i64>().is_ok(),
        false => number.parse::<f64>().is_ok_and(f64::is_finite),
    };
    if fits {
        return Ok(len);
    }
    Err(ParseError::new(
        ParseErrorKind::Limit,
        start..start + len,
        format!("{number} is too large a number"),
    )
    .hint("integers have 64 bits"))
}
