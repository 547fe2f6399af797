//! The source that minijinja is given: the tokens of an expression, with guards
//! at the operators that could make something huge of something small.
//!
//! minijinja bounds neither the memory nor the time of `*`, `~` and `+`: one
//! `vars.s * 100000000` allocates 100 MB, and a constant one does so when it is
//! compiled. Its fuel counts instructions, not bytes. So:
//!
//! * the operands of `*` pass through the filter `_num`, which refuses all but
//!   numbers; a call of a filter is also never folded at compile time;
//! * a chain `a ~ b ~ c` becomes `[a, b, c] | _cat`, which adds up the lengths
//!   before it makes one text;
//! * the operands of `+` pass through `_term`, which counts their sizes and what
//!   the additions so far have copied;
//! * `a < b` becomes `(a) is lt (b)`, and so on with `in`: a test counts what it
//!   compares, and lists that share their items can take for ever to compare;
//! * `x[1:3]` becomes `(x | _slice(1, 3))`: eighty slices of one text are eighty
//!   copies. Their step is refused; minijinja 3.0.5 panics at `[0:2:-1]`.
//!
//! Filters and tests bind tighter than any operator, so adding one behind an
//! operand never changes how the rest is read. All else that makes values is a
//! filter or function of our own table, and those count what they read and make.
//! Method calls and `*args` are refused: no filter of ours stands behind them.

use super::edits::{Edits, Source};
use super::error::{ParseError, ParseErrorKind};
use super::operand::{colons, is_value_end, slices, starts_operand};
use super::role::{Role, Tokens};
use super::token::Token;

/// Refuses what the guards cannot cover.
pub(super) fn check(tokens: &Tokens<'_>) -> Result<(), ParseError> {
    for (i, token) in tokens.list.iter().enumerate() {
        let Some(before) = i.checked_sub(1) else { continue };
        let opens_arguments = tokens.list[before].is_sign("(") || tokens.list[before].is_sign(",");
        if (token.is_sign("*") || token.is_sign("**")) && opens_arguments {
            return Err(syntax(token, "arguments cannot be unpacked").hint("write each of them"));
        }
        if token.is_sign("(") && is_value_end(tokens, before) {
            return Err(syntax(&tokens.list[before], "a value cannot be called")
                .hint("values have no methods; use a filter, as in `vars.name | upper`"));
        }
        if token.is_sign("[") && is_value_end(tokens, before) && colons(tokens, i).len() > 1 {
            return Err(
                syntax(token, "a slice has no step").hint("use `| reverse` or select items")
            );
        }
        if tokens.roles[before] == Role::Test && (token.is_sign("-") || token.is_sign("+")) {
            return Err(syntax(token, "a sign cannot follow a test")
                .hint("put the argument of a test in brackets: `is eq(-1)`"));
        }
    }
    Ok(())
}

/// For checking the syntax alone: `*` is written as `/`, which binds alike and
/// makes nothing when minijinja computes a constant.
pub(super) fn plain(tokens: &Tokens<'_>) -> Source {
    let mut edits = Edits::new(tokens);
    edits.replace("*", "/");
    edits.write()
}

/// For evaluation. The syntax must have been checked.
pub(super) fn guarded(tokens: &Tokens<'_>) -> Result<String, ParseError> {
    let mut edits = Edits::new(tokens);
    let operands: Vec<_> = (0..tokens.list.len()).filter(|i| starts_operand(tokens, *i)).collect();
    for start in &operands {
        edits.guard_factor(tokens, *start);
        edits.guard_run(tokens, *start);
    }
    for start in operands {
        if let Some(chained) = edits.guard_comparison(tokens, start) {
            return Err(syntax(&tokens.list[chained], "comparisons cannot be chained")
                .hint("join them with `and`, or put one in brackets"));
        }
    }
    for (value, bracket) in slices(tokens) {
        edits.guard_slice(tokens, value, bracket);
    }
    Ok(edits.write().text)
}

fn syntax(token: &Token<'_>, message: &str) -> ParseError {
    ParseError::new(ParseErrorKind::Syntax, token.start..token.end(), message)
}
