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
//!   compares, and lists that share their items can take for ever to compare.
//!
//! Filters and tests bind tighter than any operator, so adding one behind an
//! operand never changes how the rest is read. All else that makes values is a
//! filter or function of our own table, and those count what they read and make.
//! Slices only shrink; their step is refused (`[::-1]` overflows in minijinja
//! 3.0.5), and so are method calls and `*args`.

use super::error::{ParseError, ParseErrorKind};
use super::role::{Role, Tokens};
use super::token::{Kind, Token};

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
        if token.is_sign("[") && is_value_end(tokens, before) && colons(tokens, i) > 1 {
            return Err(syntax(token, "a slice has no step").hint("use `| reverse` or select items"));
        }
        if tokens.roles[before] == Role::Test && (token.is_sign("-") || token.is_sign("+")) {
            return Err(syntax(token, "a sign cannot follow a test")
                .hint("put the argument of a test in brackets: `is eq(-1)`"));
        }
    }
    Ok(())
}

fn is_value_end(tokens: &Tokens<'_>, i: usize) -> bool {
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

/// Colons directly inside the bracket at `open`.
fn colons(tokens: &Tokens<'_>, open: usize) -> usize {
    let mut count = 0;
    let mut i = open + 1;
    while i < tokens.closing[open] {
        if tokens.list[i].opens() {
            i = tokens.closing[i];
        } else if tokens.list[i].is_sign(":") {
            count += 1;
        }
        i += 1;
    }
    count
}

/// A source made of tokens and what is put around them.
pub(super) struct Source {
    pub(super) text: String,
    /// Where each token starts in `text`.
    pub(super) starts: Vec<usize>,
}

/// For checking the syntax alone: `*` is written as `/`, which binds alike and
/// makes nothing when minijinja computes a constant.
pub(super) fn plain(tokens: &Tokens<'_>) -> Source {
    let mut edits = Edits::new(tokens);
    for text in edits.texts.iter_mut().filter(|text| **text == "*") {
        *text = "/";
    }
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
        edits.guard_comparison(tokens, start)?;
    }
    Ok(edits.write().text)
}

/// The texts of the tokens, and what is put before and after each.
struct Edits<'a> {
    before: Vec<String>,
    texts: Vec<&'a str>,
    after: Vec<String>,
}

impl<'a> Edits<'a> {
    /// Brackets around the arguments of tests: `is odd` becomes `is odd()`.
    /// minijinja would take any name after a test, even `if`, for its argument.
    fn new(tokens: &Tokens<'a>) -> Edits<'a> {
        let n = tokens.list.len();
        let texts = tokens.list.iter().map(|t| t.text).collect();
        let mut edits = Edits { before: vec![String::new(); n], texts, after: vec![String::new(); n] };
        for i in 0..n {
            if tokens.roles[i] != Role::Test {
                continue;
            }
            match bare_argument(tokens, i) {
                Some((first, last)) => {
                    edits.before[first].push_str("( ");
                    edits.after[last].push_str(" )");
                }
                None if tokens.list.get(i + 1).is_some_and(|t| t.is_sign("(")) => {}
                None => edits.after[i].push_str(" ( )"),
            }
        }
        edits
    }

    /// `_num` behind an operand of `*`.
    fn guard_factor(&mut self, tokens: &Tokens<'_>, start: usize) {
        let end = operand_end(tokens, start);
        let product = sign_before(tokens, start) == "*" || sign_after(tokens, end) == "*";
        if product && !is_number(tokens, start, end) {
            self.after[end].push_str(" | _num");
        }
    }

    /// `_cat` around a chain with `~`, and `_term` behind an operand of `+`.
    fn guard_run(&mut self, tokens: &Tokens<'_>, start: usize) {
        if CHAINED.contains(&sign_before(tokens, start)) {
            return;
        }
        let end = chain_end(tokens, start, &CHAINED);
        let single = end == operand_end(tokens, start);
        let mut joins = false;
        let mut last = operand_end(tokens, start);
        while last < end {
            if tokens.list[last + 1].is_sign("~") {
                joins = true;
                self.texts[last + 1] = ",";
            }
            last = operand_end(tokens, last + 2);
        }
        if joins {
            self.before[start].push_str("[ ");
            self.after[end].push_str(" ] | _cat");
        }
        let sum = sign_before(tokens, start) == "+" || sign_after(tokens, end) == "+";
        if sum && (joins || single) && !is_number(tokens, start, end) {
            self.after[end].push_str(" | _term");
        }
    }

    /// A test in place of a comparison whose left side starts at `start`.
    fn guard_comparison(&mut self, tokens: &Tokens<'_>, start: usize) -> Result<(), ParseError> {
        if SUMMED.contains(&sign_before(tokens, start)) {
            return Ok(());
        }
        let end = chain_end(tokens, start, &SUMMED);
        let Some((words, test)) = comparison(tokens, end + 1) else { return Ok(()) };
        let last = chain_end(tokens, end + 1 + words, &SUMMED);
        if comparison(tokens, last + 1).is_some() {
            return Err(syntax(&tokens.list[last + 1], "comparisons cannot be chained")
                .hint("join them with `and`, or put one in brackets"));
        }
        self.before[start].insert_str(0, "( ");
        self.after[end].push_str(" )");
        self.texts[end + 1] = if words == 2 { "is not" } else { "is" };
        if words == 2 {
            self.texts[end + 2] = "";
        }
        self.after[end + words].push_str(&format!(" {test} ("));
        self.after[last].push_str(" )");
        Ok(())
    }

    fn write(&self) -> Source {
        let mut source = Source { text: String::new(), starts: Vec::new() };
        for ((before, text), after) in self.before.iter().zip(&self.texts).zip(&self.after) {
            source.text.push_str(before);
            source.starts.push(source.text.len());
            source.text.push_str(text);
            source.text.push_str(after);
            source.text.push(' ');
        }
        source
    }
}

/// The operators that bind tighter than `+`.
const CHAINED: [&str; 6] = ["~", "*", "/", "//", "%", "**"];

/// The binary operators down to `+` and `-`, which bind tighter than comparisons.
const SUMMED: [&str; 8] = ["~", "*", "/", "//", "%", "**", "+", "-"];

/// The last token of the operands that are joined by `signs`, from `start` on.
fn chain_end(tokens: &Tokens<'_>, start: usize, signs: &[&str]) -> usize {
    let mut end = operand_end(tokens, start);
    while signs.contains(&sign_after(tokens, end)) && end + 2 < tokens.list.len() {
        end = operand_end(tokens, end + 2);
    }
    end
}

/// How many tokens the comparison at token `i` has, and the test that does it.
fn comparison(tokens: &Tokens<'_>, i: usize) -> Option<(usize, &'static str)> {
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
fn sign_before<'a>(tokens: &'a Tokens<'_>, i: usize) -> &'a str {
    i.checked_sub(1).map_or("", |b| sign_at(tokens, b))
}

fn sign_after<'a>(tokens: &'a Tokens<'_>, i: usize) -> &'a str {
    sign_at(tokens, i + 1)
}

fn sign_at<'a>(tokens: &'a Tokens<'_>, i: usize) -> &'a str {
    match (tokens.list.get(i), tokens.roles.get(i)) {
        (Some(token), Some(Role::Sign)) => token.text,
        _ => "",
    }
}

/// Whether an operand, with the minus before it, starts at token `i`.
fn starts_operand(tokens: &Tokens<'_>, i: usize) -> bool {
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

fn is_number(tokens: &Tokens<'_>, start: usize, end: usize) -> bool {
    start == end && tokens.list[start].kind == Kind::Number
}

/// The last token of the operand that starts at `i`: a value with its minus,
/// fields, indexes, filters and tests.
fn operand_end(tokens: &Tokens<'_>, i: usize) -> usize {
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

/// The end of a primary value with its fields, indexes and arguments.
fn postfix_end(tokens: &Tokens<'_>, start: usize) -> usize {
    let mut end = start;
    if tokens.list.get(start).is_some_and(Token::opens) {
        end = tokens.closing[start];
    } else {
        let is_text = |i: usize| tokens.list.get(i).is_some_and(|t| t.kind == Kind::Text);
        while is_text(start) && is_text(end + 1) {
            end += 1;
        }
    }
    loop {
        match tokens.list.get(end + 1) {
            Some(t) if t.is_sign(".") => end += 2,
            Some(t) if t.is_sign("[") || t.is_sign("(") => end = tokens.closing[end + 1],
            _ => return end,
        }
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
fn bare_argument(tokens: &Tokens<'_>, name: usize) -> Option<(usize, usize)> {
    let first = name + 1;
    let value = match tokens.roles.get(first)? {
        Role::Literal | Role::Root | Role::Function => true,
        Role::Sign => tokens.list[first].is_sign("[") || tokens.list[first].is_sign("{"),
        _ => false,
    };
    value.then(|| (first, postfix_end(tokens, first)))
}

fn syntax(token: &Token<'_>, message: &str) -> ParseError {
    ParseError::new(ParseErrorKind::Syntax, token.start..token.end(), message)
}
