//! Reading templates: where expressions start and end, and that each is sound.

use rpa_engine::{Expr, Piece, Reads, Template, Value};

use super::error::{ParseError, ParseErrorKind};
use super::filters::environment;
use super::guard;
use super::limits::{MAX_EXPRESSIONS, MAX_SOURCE};
use super::reads::{self, Place};
use super::role::Tokens;

/// Reads one string of a workflow file.
///
/// A text that is one `{{ }}`, but for blanks around it, keeps the type of its
/// expression. A text without any is a literal. A literal `{{` is written
/// `{{ '{{' }}`.
pub fn parse_template(text: &str) -> Result<Template, ParseError> {
    parse_template_with(text, &[])
}

/// The same where `extra_roots` may be named bare, as the fields of `output` in
/// a step's `outputs:`.
pub fn parse_template_with(text: &str, extra_roots: &[&str]) -> Result<Template, ParseError> {
    let place = Place { extra_roots, condition: false };
    let mut pieces = split(text, place)?;
    let is_blank = |piece: &Piece| matches!(piece, Piece::Text(t) if t.trim().is_empty());
    if pieces.iter().filter(|p| !is_blank(p)).count() == 1
        && let Some(at) = pieces.iter().position(|p| matches!(p, Piece::Expr(_)))
        && let Piece::Expr(expr) = pieces.swap_remove(at)
    {
        return Ok(Template::Expr(expr));
    }
    match pieces.iter().any(|p| matches!(p, Piece::Expr(_))) {
        true => Ok(Template::Text(pieces)),
        false => Ok(Template::Literal(Value::from(text))),
    }
}

/// Reads the expression of an `if`, bare or in `{{ }}`.
pub fn parse_condition(text: &str) -> Result<Expr, ParseError> {
    parse_condition_with(text, &[])
}

/// The same where `extra_roots` may be named bare.
pub fn parse_condition_with(text: &str, extra_roots: &[&str]) -> Result<Expr, ParseError> {
    read_condition(text, Place { extra_roots, condition: true })
}

/// Reads the expression of a `while` or `until`: as of an `if`, but without
/// `always()` and `failed()`.
pub fn parse_test_with(text: &str, extra_roots: &[&str]) -> Result<Expr, ParseError> {
    read_condition(text, Place { extra_roots, condition: false })
}

fn read_condition(text: &str, place: Place<'_>) -> Result<Expr, ParseError> {
    let start = text.len() - text.trim_start().len();
    if !text[start..].starts_with("{{") {
        let end = start + text[start..].trim_end().len();
        check_length(start..end)?;
        let (tokens, _) = Tokens::read(&text[..end], start, false)?;
        return read_expr(&text[start..end], &tokens, start, place);
    }
    let (expr, end) = read_braces(text, start, place)?;
    let rest = text[end..].trim_start();
    if rest.is_empty() {
        return Ok(expr);
    }
    Err(ParseError::new(
        ParseErrorKind::Syntax,
        text.len() - rest.len()..text.len(),
        "a condition is one expression",
    )
    .hint("write all of it in one {{ }}, or without any"))
}

/// The pieces of `text`, in order; no two texts stand side by side.
fn split(text: &str, place: Place<'_>) -> Result<Vec<Piece>, ParseError> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut expressions = 0;
    while let Some(open) = find_opening(text, at)? {
        expressions += 1;
        if expressions > MAX_EXPRESSIONS {
            return Err(ParseError::new(
                ParseErrorKind::Limit,
                open..open + 2,
                format!("the text has more than {MAX_EXPRESSIONS} expressions"),
            )
            .hint("split it, or read it from a file"));
        }
        let (expr, end) = read_braces(text, open, place)?;
        if open > at {
            pieces.push(Piece::Text(text[at..open].to_owned()));
        }
        pieces.push(Piece::Expr(expr));
        at = end;
    }
    if at < text.len() {
        pieces.push(Piece::Text(text[at..].to_owned()));
    }
    Ok(pieces)
}

/// The next `{{` from byte `at`. A `{%` or `{#` before it is an error.
fn find_opening(text: &str, at: usize) -> Result<Option<usize>, ParseError> {
    for (offset, _) in text[at..].match_indices('{') {
        let open = at + offset;
        match text.as_bytes().get(open + 1) {
            Some(b'{') => return Ok(Some(open)),
            Some(b'%' | b'#') => {
                return Err(ParseError::new(
                    ParseErrorKind::Syntax,
                    open..open + 2,
                    "statements ({% %}) are not allowed in a field; use an expression",
                )
                .hint(
                    "write `a if condition else b`, or a filter such as `| map(attribute='id')`",
                ));
            }
            _ => {}
        }
    }
    Ok(None)
}

/// Reads the expression whose `{{` is at `open`. Returns what follows its `}}`.
fn read_braces(text: &str, open: usize, place: Place<'_>) -> Result<(Expr, usize), ParseError> {
    let start = open + 2;
    if text[start..].starts_with(['-', '+']) {
        return Err(ParseError::new(
            ParseErrorKind::Syntax,
            open..start + 1,
            "blanks around an expression cannot be trimmed by a sign in its braces",
        )
        .hint("write `{{ -x }}` for a negative number"));
    }
    let (tokens, end) = Tokens::read(text, start, true)?;
    let expr = read_expr(&text[start..end], &tokens, start, place)?;
    Ok((expr, end + 2))
}

fn read_expr(
    source: &str,
    tokens: &Tokens<'_>,
    start: usize,
    place: Place<'_>,
) -> Result<Expr, ParseError> {
    check_length(start..start + source.len())?;
    let reads = check(tokens, start..start + source.len(), place)?;
    Ok(Expr { source: source.trim().to_owned(), reads })
}

fn check_length(range: std::ops::Range<usize>) -> Result<(), ParseError> {
    if range.len() <= MAX_SOURCE {
        return Ok(());
    }
    let message = format!("the expression is longer than {MAX_SOURCE} bytes");
    Err(ParseError::new(ParseErrorKind::Limit, range, message)
        .hint("compute a part of it in a step before"))
}

/// Checks the syntax and every name of an expression.
fn check(
    tokens: &Tokens<'_>,
    range: std::ops::Range<usize>,
    place: Place<'_>,
) -> Result<Reads, ParseError> {
    if tokens.list.is_empty() {
        return Err(ParseError::new(ParseErrorKind::Syntax, range, "the expression is empty")
            .hint("write a value, such as vars.NAME"));
    }
    guard::check(tokens)?;
    let plain = guard::plain(tokens);
    if let Err(err) = environment().compile_expression(&plain.text) {
        let at = err.range().map_or(0, |r| r.start);
        let index = plain.starts.partition_point(|start| *start <= at).saturating_sub(1);
        let token = &tokens.list[index];
        let message = err.detail().unwrap_or("this is no expression").to_owned();
        let error = ParseError::new(ParseErrorKind::Syntax, token.start..token.end(), message);
        return Err(match token.is_sign("=") {
            true => error.hint("write `==` to compare"),
            false => error,
        });
    }
    let guarded = guard::guarded(tokens)?;
    if environment().compile_expression(&guarded).is_err() {
        // minijinja counts the brackets of the guards as well
        let message = "the expression nests too deep, with its slices and comparisons";
        return Err(ParseError::new(ParseErrorKind::Limit, range, message)
            .hint("compute a part of it in a step before"));
    }
    reads::collect(tokens, place)
}
