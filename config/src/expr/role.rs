//! What each token of an expression is for.
//!
//! minijinja does not give out its syntax tree, but the roles of names follow
//! from the tokens beside them, and nothing is bound inside an expression.

use super::error::{ParseError, ParseErrorKind};
use super::limits::{MAX_NESTING, MAX_TOKENS};
use super::token::{self, Kind, Token};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A number, a text, `true`, `none`.
    Literal,
    /// A name looked up in the scope.
    Root,
    /// After a dot.
    Attribute,
    Filter,
    Test,
    Function,
    /// The name of a named argument.
    Argument,
    /// `and`, `or`, `not`, `if`, `else`, `in`, `is`.
    Keyword,
    /// A minus before a value rather than between two.
    Minus,
    Sign,
}

/// The tokens of one expression, with their roles and brackets matched.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    pub(super) list: Vec<Token<'a>>,
    pub(super) roles: Vec<Role>,
    /// For an opening bracket, the index of its closing one; otherwise 0.
    pub(super) closing: Vec<usize>,
}

impl<'a> Tokens<'a> {
    /// Reads `text` from byte `at`, up to the `}}` that ends the expression when
    /// `in_braces` or else up to its end. Returns where it ended.
    pub(super) fn read(
        text: &'a str,
        at: usize,
        in_braces: bool,
    ) -> Result<(Tokens<'a>, usize), ParseError> {
        let mut tokens = Tokens { list: Vec::new(), roles: Vec::new(), closing: Vec::new() };
        let mut nesting = Nesting::default();
        let mut end = at;
        loop {
            let after_dot = tokens.list.last().is_some_and(|t| t.is_sign("."));
            let next = token::next(text, end, after_dot)?;
            let Some(token) = next else {
                if in_braces {
                    return Err(unclosed(text, at));
                }
                break;
            };
            if in_braces && nesting.open.is_empty() && text[token.start..].starts_with("}}") {
                end = token.start;
                break;
            }
            end = token.end();
            tokens.push(token, &mut nesting)?;
        }
        if let Some(&open) = nesting.open.last() {
            let bracket = tokens.list[open];
            let message = format!("the bracket {:?} is not closed", bracket.text);
            return Err(syntax(&bracket, message));
        }
        tokens.settle();
        Ok((tokens, end))
    }

    fn push(&mut self, token: Token<'a>, nesting: &mut Nesting) -> Result<(), ParseError> {
        let index = self.list.len();
        if index == MAX_TOKENS {
            let message = format!("the expression has more than {MAX_TOKENS} words and signs");
            return Err(ParseError::new(ParseErrorKind::Limit, token.start..token.end(), message)
                .hint("compute a part of it in a step before"));
        }
        let role = self.role_of(&token);
        let opener = nesting.track(&token, role, index)?;
        if let Some(open) = opener {
            let pair = (self.list[open].text, token.text);
            if !matches!(pair, ("(", ")") | ("[", "]") | ("{", "}")) {
                return Err(syntax(&token, format!("{:?} closes a {:?}", pair.1, pair.0)));
            }
            self.closing[open] = index;
        }
        self.list.push(token);
        self.roles.push(role);
        self.closing.push(0);
        Ok(())
    }

    /// The role as far as the tokens before tell it.
    fn role_of(&self, token: &Token<'_>) -> Role {
        let before = self.list.last();
        let role_before = self.roles.last().copied();
        match token.kind {
            Kind::Text | Kind::Number => Role::Literal,
            Kind::Sign if token.text == "-" && !self.ends_value() => Role::Minus,
            Kind::Sign => Role::Sign,
            Kind::Name if before.is_some_and(|t| t.is_sign(".")) => Role::Attribute,
            Kind::Name if before.is_some_and(|t| t.is_sign("|")) => Role::Filter,
            Kind::Name if self.awaits_test(token, before, role_before) => Role::Test,
            Kind::Name => match token.text {
                "and" | "or" | "not" | "if" | "else" | "in" | "is" => Role::Keyword,
                "true" | "True" | "false" | "False" | "none" | "None" => Role::Literal,
                _ => Role::Root,
            },
        }
    }

    fn awaits_test(
        &self,
        token: &Token<'_>,
        before: Option<&Token<'_>>,
        role: Option<Role>,
    ) -> bool {
        let keyword = |t: &Token<'_>, word| role == Some(Role::Keyword) && t.is_name(word);
        match before {
            Some(t) if keyword(t, "is") => !token.is_name("not"),
            Some(t) if keyword(t, "not") => {
                let at = self.list.len().wrapping_sub(2);
                self.list.get(at).is_some_and(|t| t.is_name("is"))
                    && self.roles.get(at) == Some(&Role::Keyword)
            }
            _ => false,
        }
    }

    /// Whether the last token ends a value, so that a minus after it subtracts.
    fn ends_value(&self) -> bool {
        match (self.list.last(), self.roles.last()) {
            (Some(token), Some(Role::Sign)) => token.closes(),
            (Some(_), Some(role)) => !matches!(role, Role::Keyword | Role::Minus),
            _ => false,
        }
    }

    /// Names before `(` are functions, and before `=` in a call arguments.
    fn settle(&mut self) {
        for i in 0..self.list.len() {
            if self.roles[i] != Role::Root {
                continue;
            }
            let next = self.list.get(i + 1);
            let before = i.checked_sub(1).map(|b| &self.list[b]);
            if next.is_some_and(|t| t.is_sign("(")) {
                self.roles[i] = Role::Function;
            } else if next.is_some_and(|t| t.is_sign("="))
                && before.is_some_and(|t| t.is_sign("(") || t.is_sign(","))
            {
                self.roles[i] = Role::Argument;
            }
        }
    }
}

/// How deep the parser is at a token.
#[derive(Default)]
struct Nesting {
    /// Indexes of the brackets that are open.
    open: Vec<usize>,
    /// For each of them, the depth at which it stands.
    outer: Vec<(usize, usize)>,
    /// Consecutive `not` and minus before a value.
    prefixes: usize,
    /// `else` since the last comma or bracket.
    elses: usize,
}

impl Nesting {
    fn depth(&self) -> usize {
        let outer = self.outer.last().map_or(0, |(depth, _)| *depth);
        outer + self.elses + self.prefixes
    }

    /// Counts `token`; for a closing bracket returns the index of its opening one.
    fn track(
        &mut self,
        token: &Token<'_>,
        role: Role,
        index: usize,
    ) -> Result<Option<usize>, ParseError> {
        let mut closed = None;
        if role == Role::Minus || (role == Role::Keyword && token.text == "not") {
            self.prefixes += 1;
        } else if token.opens() {
            self.open.push(index);
            self.outer.push((self.depth() + 1, self.elses));
            (self.prefixes, self.elses) = (0, 0);
        } else if token.closes() {
            let unopened = || syntax(token, format!("{:?} closes nothing", token.text));
            closed = Some(self.open.pop().ok_or_else(unopened)?);
            let (_, elses) = self.outer.pop().unwrap_or_default();
            (self.prefixes, self.elses) = (0, elses);
        } else {
            self.prefixes = 0;
            match (role, token.text) {
                (Role::Keyword, "else") => self.elses += 1,
                (Role::Sign, "," | ":") => self.elses = 0,
                _ => {}
            }
        }
        if self.depth() > MAX_NESTING {
            return Err(ParseError::new(
                ParseErrorKind::Limit,
                token.start..token.end(),
                format!("the expression nests deeper than {MAX_NESTING} levels"),
            )
            .hint("compute a part of it in a step before"));
        }
        Ok(closed)
    }
}

fn syntax(token: &Token<'_>, message: impl Into<String>) -> ParseError {
    ParseError::new(ParseErrorKind::Syntax, token.start..token.end(), message)
}

fn unclosed(text: &str, at: usize) -> ParseError {
    let start = at.saturating_sub(2);
    ParseError::new(
        ParseErrorKind::Syntax,
        start..text.len(),
        "the expression after {{ does not end",
    )
    .hint("close it with }}; to write the braces themselves use {{ '{{' }}")
}
