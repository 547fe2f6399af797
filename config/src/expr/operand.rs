//! Where the operands of an expression start and end.
//!
//! In the order in which they bind, minijinja has: fields, indexes and calls;
//! unary minus; filters and tests; `**`; `*` and its kin; `~`; `+` and `-`;
//! comparisons and `in`; `not`; `and`; `or`; `if else`.

use super::role::{Role, Tokens};
use super::token::{Kind, Token};

/// The operators that bind tighter than `+`.
pub(super) const CHAINED: [&str; 6] = ["~", "*", "/", "//", "%", "**"];

/// The binary operators down to `+` and `-`, which bind tighter than comparisons.
pub(super) const SUMMED: [&str; 8] = ["~", "*", "/", "//", "%", "**", "+", "-"];

/// The last token of the operands that are joined by `signs`, from `start` on.
pub(super) fn chain_end(tokens: &Tokens<'_>, start: usize, signs: &[&str]) -> usize {
    let mut end = operand_end(tokens, start);
    while signs.contains(&sign_after(tokens, end)) && end + 2 < tokens.list.len() {
        end = operand_end(tokens, end + 2);
    }
    end
}

/// How many tokens the comparison at token `i` has, and the test that does it.
pub(super) fn comparison(tokens: &Tokens<'_>, i: usize) -> Option<(usize, &'static str)> {
    let token = tokens.list.get(i)?;
    let word = |at: usize, word| {
        tokens.roles.get(at) == Some(&Role::Keyword) && tokens.list[at].is_name(word)
    };
    match sign_at(tokens, i) {
        "==" => Some((1, "eq")),
        "!=" => Some((1, "ne")),
        "<" => Some((1, "lt")),
        "<=" => Some((1, "le")),
        ">" => Some((1, "gt")),
        ">=" => Some((1, "ge")),
        _ if word(i, "in") => Some((1, "in")),
        _ if token.is_name("not") && word(i, "not") && word(i + 1, "in") => Some((2, "in")),
        _ => None,
    }
}

/// The operator before token `i`; empty when there is none.
pub(super) fn sign_before<'a>(tokens: &'a Tokens<'_>, i: usize) -> &'a str {
    i.checked_sub(1).map_or("", |b| sign_at(tokens, b))
}

pub(super) fn sign_after<'a>(tokens: &'a Tokens<'_>, i: usize) -> &'a str {
    sign_at(tokens, i + 1)
}

fn sign_at<'a>(tokens: &'a Tokens<'_>, i: usize) -> &'a str {
    match (tokens.list.get(i), tokens.roles.get(i)) {
        (Some(token), Some(Role::Sign)) => token.text,
        _ => "",
    }
}

/// Whether an operand, with the minus before it, starts at token `i`.
pub(super) fn starts_operand(tokens: &Tokens<'_>, i: usize) -> bool {
    let value = match tokens.roles[i] {
        Role::Literal | Role::Root | Role::Function | Role::Minus => true,
        Role::Sign => tokens.list[i].opens(),
        Role::Attribute | Role::Filter | Role::Test | Role::Argument | Role::Keyword => false,
    };
    value
        && i.checked_sub(1).is_none_or(|b| match tokens.roles[b] {
            Role::Keyword => true,
            Role::Sign => !tokens.list[b].closes() && tokens.list[b].text != ".",
            Role::Literal
            | Role::Root
            | Role::Attribute
            | Role::Filter
            | Role::Test
            | Role::Function
            | Role::Argument
            | Role::Minus => false,
        })
}

pub(super) fn is_number(tokens: &Tokens<'_>, start: usize, end: usize) -> bool {
    start == end && tokens.list[start].kind == Kind::Number
}

/// The last token of the operand that starts at `i`: a value with its minus,
/// fields, indexes, filters and tests.
pub(super) fn operand_end(tokens: &Tokens<'_>, i: usize) -> usize {
    let mut start = i;
    while tokens.roles.get(start) == Some(&Role::Minus) {
        start += 1;
    }
    let mut end = postfix_end(tokens, start);
    loop {
        let next = tokens.list.get(end + 1);
        let role = tokens.roles.get(end + 1);
        if next.is_some_and(|t| t.is_sign("|")) {
            end = call_end(tokens, end + 2);
        } else if role == Some(&Role::Keyword) && next.is_some_and(|t| t.is_name("is")) {
            let negated = tokens.roles.get(end + 2) == Some(&Role::Keyword);
            let name = end + 2 + usize::from(negated);
            end = match bare_argument(tokens, name) {
                Some((_, last)) => last,
                None => call_end(tokens, name),
            };
        } else {
            return end.min(tokens.list.len() - 1);
        }
    }
}

/// Whether a bracket after token `i` indexes or calls what ends there.
pub(super) fn is_value_end(tokens: &Tokens<'_>, i: usize) -> bool {
    match tokens.roles[i] {
        Role::Attribute | Role::Literal | Role::Root => true,
        Role::Sign => tokens.list[i].closes(),
        Role::Filter
        | Role::Test
        | Role::Function
        | Role::Argument
        | Role::Keyword
        | Role::Minus => false,
    }
}

/// The colons directly inside the bracket at `open`.
pub(super) fn colons(tokens: &Tokens<'_>, open: usize) -> Vec<usize> {
    let mut colons = Vec::new();
    let mut i = open + 1;
    while i < tokens.closing[open] {
        if tokens.list[i].opens() {
            i = tokens.closing[i];
        } else if tokens.list[i].is_sign(":") {
            colons.push(i);
        }
        i += 1;
    }
    colons
}

/// The slices `x[a:b]`: the token at which the sliced value starts, and the
/// opening bracket.
pub(super) fn slices(tokens: &Tokens<'_>) -> Vec<(usize, usize)> {
    let mut slices = Vec::new();
    for start in (0..tokens.list.len()).filter(|i| starts_primary(tokens, *i)) {
        let mut end = primary_end(tokens, start);
        while let Some(next) = postfix(tokens, end) {
            if tokens.list[end + 1].is_sign("[") && !colons(tokens, end + 1).is_empty() {
                slices.push((start, end + 1));
            }
            end = next;
        }
    }
    slices
}

/// Whether a value without minus or operators starts at token `i`.
fn starts_primary(tokens: &Tokens<'_>, i: usize) -> bool {
    let before = i.checked_sub(1);
    match tokens.roles[i] {
        Role::Root | Role::Function => true,
        Role::Literal => before.is_none_or(|b| tokens.list[b].kind != Kind::Text),
        Role::Sign if tokens.list[i].opens() => before.is_none_or(|b| {
            let named = matches!(tokens.roles[b], Role::Function | Role::Filter | Role::Test);
            !named && !is_value_end(tokens, b)
        }),
        _ => false,
    }
}

/// The end of a primary value with its fields, indexes and arguments.
fn postfix_end(tokens: &Tokens<'_>, start: usize) -> usize {
    let mut end = primary_end(tokens, start);
    while let Some(next) = postfix(tokens, end) {
        end = next;
    }
    end
}

/// The end of a name, a bracket, or texts side by side.
fn primary_end(tokens: &Tokens<'_>, start: usize) -> usize {
    if tokens.list.get(start).is_some_and(Token::opens) {
        return tokens.closing[start];
    }
    let is_text = |i: usize| tokens.list.get(i).is_some_and(|t| t.kind == Kind::Text);
    let mut end = start;
    while is_text(start) && is_text(end + 1) {
        end += 1;
    }
    end
}

/// The end of the field, index or arguments behind token `end`.
fn postfix(tokens: &Tokens<'_>, end: usize) -> Option<usize> {
    match tokens.list.get(end + 1)? {
        t if t.is_sign(".") => Some(end + 2),
        t if t.is_sign("[") || t.is_sign("(") => Some(tokens.closing[end + 1]),
        _ => None,
    }
}

/// The end of a filter or test with its arguments in brackets, if any.
fn call_end(tokens: &Tokens<'_>, name: usize) -> usize {
    match tokens.list.get(name + 1) {
        Some(t) if t.is_sign("(") => tokens.closing[name + 1],
        _ => name,
    }
}

/// The argument of a test that stands without brackets: `is divisibleby 3`.
pub(super) fn bare_argument(tokens: &Tokens<'_>, name: usize) -> Option<(usize, usize)> {
    let first = name + 1;
    let value = match tokens.roles.get(first)? {
        Role::Literal | Role::Root | Role::Function => true,
        Role::Sign => tokens.list[first].is_sign("[") || tokens.list[first].is_sign("{"),
        _ => false,
    };
    value.then(|| (first, postfix_end(tokens, first)))
}
