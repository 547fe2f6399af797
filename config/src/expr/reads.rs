//! What an expression refers to: its [`Reads`], and whether each name exists.
//!
//! Nothing may be read that is not written out, because only what is named here
//! is fetched, checked and searched for secrets. So the namespaces `vars`,
//! `steps` and `secrets` cannot be passed around or indexed by a computed key.

use rpa_engine::{Ident, Reads};

use super::error::{ParseError, ParseErrorKind};
use super::names::{self, FILTERS, FUNCTIONS, LATER, NAMED, ROOTS, TESTS, TRIGGER};
use super::role::{Role, Tokens};
use super::token::{Kind, Token};
use crate::suggest;

/// The members of `steps.ID`.
const STEP_FACTS: [&str; 3] = ["status", "output", "error"];

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// Roots besides the usual ones, such as the fields of `output`.
    pub(super) extra_roots: &'a [&'a str],
    /// Whether `always()` and `failed()` may be called.
    pub(super) condition: bool,
}

/// What the expression reads, or the first name in it that is wrong.
pub(super) fn collect(tokens: &Tokens<'_>, place: Place<'_>) -> Result<Reads, ParseError> {
    let mut walk = Walk { tokens, place, reads: Reads::default() };
    for i in 0..tokens.list.len() {
        walk.visit(i)?;
    }
    Ok(walk.reads)
}

struct Walk<'a> {
    tokens: &'a Tokens<'a>,
    place: Place<'a>,
    reads: Reads,
}

impl Walk<'_> {
    fn visit(&mut self, i: usize) -> Result<(), ParseError> {
        let token = self.tokens.list[i];
        match self.tokens.roles[i] {
            Role::Filter => {
                self.known(&token, "filter", FILTERS)?;
                self.names_in_arguments(i)
            }
            Role::Test => self.known(&token, "test", TESTS),
            Role::Function => self.function(&token),
            Role::Root => self.root(i),
            Role::Literal
            | Role::Attribute
            | Role::Argument
            | Role::Keyword
            | Role::Minus
            | Role::Sign => Ok(()),
        }
    }

    fn token(&self, i: usize) -> Option<&Token<'_>> {
        self.tokens.list.get(i)
    }

    fn known(
        &self,
        token: &Token<'_>,
        what: &str,
        table: &'static [(&str, &str)],
    ) -> Result<(), ParseError> {
        self.known_name(token.text, token, what, table)
    }

    fn known_name(
        &self,
        name: &str,
        token: &Token<'_>,
        what: &str,
        table: &'static [(&str, &str)],
    ) -> Result<(), ParseError> {
        if names::has(table, name) {
            return Ok(());
        }
        let known = table.iter().map(|(name, _)| *name);
        Err(undefined(token, format!("there is no {what} {name:?}")).hint(suggest::hint(
            name,
            &format!("{what}s"),
            known,
        )))
    }

    /// `map('upper')` and `selectattr('n', 'gt')` name a filter or test too.
    fn names_in_arguments(&self, i: usize) -> Result<(), ParseError> {
        let (at, what, table) = match self.tokens.list[i].text {
            "map" => (i + 2, "filter", FILTERS),
            "select" | "reject" => (i + 2, "test", TESTS),
            "selectattr" | "rejectattr" => (i + 4, "test", TESTS),
            _ => return Ok(()),
        };
        let called = self.token(i + 1).is_some_and(|t| t.is_sign("("));
        let close = self.tokens.closing.get(i + 1).copied().unwrap_or(0);
        match self.token(at) {
            Some(token) if called && at < close && token.kind == Kind::Text => {
                let name = token.text.trim_matches(['\'', '"']);
                self.known_name(name, token, what, table)
            }
            _ => Ok(()),
        }
    }

    fn function(&mut self, token: &Token<'_>) -> Result<(), ParseError> {
        self.known(token, "function", FUNCTIONS)?;
        if matches!(token.text, "always" | "failed") {
            if !self.place.condition {
                return Err(undefined(token, format!("{}() belongs in if:", token.text))
                    .hint("a field has the value it has, whatever failed before"));
            }
            self.reads.status = true;
        }
        Ok(())
    }

    fn root(&mut self, i: usize) -> Result<(), ParseError> {
        let token = self.tokens.list[i];
        let name = token.text;
        if NAMED.contains(&name) {
            return self.member(i);
        }
        if ROOTS.contains(&name) || self.place.extra_roots.contains(&name) {
            self.reads.roots.insert(name.to_owned());
            return Ok(());
        }
        if name == TRIGGER {
            let message = "`trigger` is known only in `triggers`";
            let hint = "give what is needed to a variable, by the `vars` of the trigger, and read vars.NAME";
            return Err(undefined(&token, message.to_owned()).hint(hint));
        }
        if LATER.contains(&name) {
            return Err(ParseError::new(
                ParseErrorKind::NotSupported,
                token.start..token.end(),
                format!("{name} is not supported in expressions by this version"),
            ));
        }
        Err(self.unknown_root(i))
    }

    /// `vars.NAME` or `vars['NAME']`.
    fn member(&mut self, i: usize) -> Result<(), ParseError> {
        let root = self.tokens.list[i];
        let dotted = self.token(i + 1).is_some_and(|t| t.is_sign("."))
            && self.token(i + 2).is_some_and(|t| t.kind == Kind::Name);
        let quoted = self.token(i + 1).is_some_and(|t| t.is_sign("["))
            && self.token(i + 2).is_some_and(|t| t.kind == Kind::Text)
            && self.token(i + 3).is_some_and(|t| t.is_sign("]"));
        if !dotted && !quoted {
            let name = root.text;
            return Err(undefined(
                &root,
                format!("which member of {name} is read must be visible"),
            )
            .hint(format!("write {name}.NAME")));
        }
        let member = self.tokens.list[i + 2];
        if dotted {
            self.refuse_hyphen(i)?;
        }
        let text = if quoted { &member.text[1..member.text.len() - 1] } else { member.text };
        let ident: Ident = text.parse().map_err(|why| {
            undefined(&member, format!("{}.{text} cannot exist: the name {why}", root.text))
        })?;
        match root.text {
            "vars" => self.reads.vars.insert(ident),
            "steps" => self.reads.steps.insert(ident),
            _ => self.reads.secrets.insert(ident),
        };
        if root.text == "steps" {
            return self.step_fact(i + if quoted { 4 } else { 3 }, text);
        }
        Ok(())
    }

    /// What stands behind `steps.ID`: a step has a status, an output and an error.
    fn step_fact(&self, dot: usize, id: &str) -> Result<(), ParseError> {
        let (Some(sign), Some(fact)) = (self.token(dot), self.token(dot + 1)) else {
            return Ok(());
        };
        if !sign.is_sign(".") || fact.kind != Kind::Name || STEP_FACTS.contains(&fact.text) {
            return Ok(());
        }
        let message = format!("a step has no `{}`", fact.text);
        Err(undefined(fact, message).hint(match suggest::nearest(fact.text, STEP_FACTS) {
            Some(near) => format!("did you mean steps.{id}.{near}?"),
            None => format!("did you mean steps.{id}.output.{}?", fact.text),
        }))
    }

    /// `steps.my-step.output` would subtract `step.output` from `steps.my`.
    fn refuse_hyphen(&self, root: usize) -> Result<(), ParseError> {
        let mut last = root + 2;
        while self.hyphenated(last) && !self.is_known_operand(last + 2) {
            last += 2;
        }
        if last == root + 2 {
            return Ok(());
        }
        let parts = &self.tokens.list[root + 2..=last];
        let repaired: String =
            parts.iter().map(|t| if t.is_sign("-") { "_" } else { t.text }).collect();
        let range = parts[0].start..self.tokens.list[last].end();
        Err(ParseError::new(
            ParseErrorKind::Syntax,
            range,
            "a hyphen is a minus here; ids have underscores",
        )
        .hint(format!(
            "write {}.{repaired}, or put blanks around a minus",
            self.tokens.list[root].text
        )))
    }

    /// Whether a name follows token `i` after a minus without blanks.
    fn hyphenated(&self, i: usize) -> bool {
        let (Some(left), Some(minus), Some(right)) =
            (self.token(i), self.token(i + 1), self.token(i + 2))
        else {
            return false;
        };
        minus.is_sign("-")
            && right.kind == Kind::Name
            && left.end() == minus.start
            && minus.end() == right.start
    }

    /// Whether token `i` starts a value of its own, as in `vars.a-vars.b`.
    fn is_known_operand(&self, i: usize) -> bool {
        let Some(token) = self.token(i) else { return false };
        match self.tokens.roles[i] {
            Role::Function => names::has(FUNCTIONS, token.text),
            Role::Root => {
                let accessed = self.token(i + 1).is_some_and(|t| t.is_sign(".") || t.is_sign("["));
                let namespace = NAMED.contains(&token.text) || ROOTS.contains(&token.text);
                namespace && accessed || self.place.extra_roots.contains(&token.text)
            }
            _ => false,
        }
    }

    fn unknown_root(&self, i: usize) -> ParseError {
        let token = self.tokens.list[i];
        let name = token.text;
        if i >= 2 && self.tokens.roles[i - 2] == Role::Attribute && self.hyphenated(i - 2) {
            let field = self.tokens.list[i - 2].text;
            return ParseError::new(
                ParseErrorKind::Syntax,
                self.tokens.list[i - 2].start..token.end(),
                "a hyphen is a minus here",
            )
            .hint(format!("write ['{field}-{name}'] for a field with a hyphen"));
        }
        let roots = NAMED.into_iter().chain(ROOTS).chain(self.place.extra_roots.iter().copied());
        let advice = "write vars.NAME for a variable, steps.ID.output for a step's output";
        let hint = match suggest::nearest(name, roots) {
            Some(root) => format!("did you mean {root:?}? {advice}"),
            None => format!("{advice}, and put text in quotes"),
        };
        undefined(&token, format!("{name:?} is not defined")).hint(hint)
    }
}

fn undefined(token: &Token<'_>, message: String) -> ParseError {
    ParseError::new(ParseErrorKind::Undefined, token.start..token.end(), message)
}
