//! Putting the guards of [`guard`](super::guard) around the tokens of an
//! expression.

use super::operand::{
    CHAINED, SUMMED, bare_argument, chain_end, colons, comparison, is_number, operand_end,
    sign_after, sign_before,
};
use super::role::{Role, Tokens};

/// A source made of tokens and what is put around them.
pub(super) struct Source {
    pub(super) text: String,
    /// Where each token starts in `text`.
    pub(super) starts: Vec<usize>,
}

/// The texts of the tokens, and what is put before and after each.
pub(super) struct Edits<'a> {
    before: Vec<String>,
    texts: Vec<&'a str>,
    after: Vec<String>,
}

impl<'a> Edits<'a> {
    /// Brackets around the arguments of tests: `is odd` becomes `is odd()`.
    /// minijinja would take any name after a test, even `if`, for its argument.
    pub(super) fn new(tokens: &Tokens<'a>) -> Edits<'a> {
        let n = tokens.list.len();
        let texts = tokens.list.iter().map(|t| t.text).collect();
        let mut edits =
            Edits { before: vec![String::new(); n], texts, after: vec![String::new(); n] };
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
    pub(super) fn guard_factor(&mut self, tokens: &Tokens<'_>, start: usize) {
        let end = operand_end(tokens, start);
        let product = sign_before(tokens, start) == "*" || sign_after(tokens, end) == "*";
        if product && !is_number(tokens, start, end) {
            self.after[end].push_str(" | _num");
        }
    }

    /// `_cat` around a chain with `~`, and `_term` behind an operand of `+`.
    pub(super) fn guard_run(&mut self, tokens: &Tokens<'_>, start: usize) {
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
    /// Returns the sign of another comparison that follows its right side.
    pub(super) fn guard_comparison(&mut self, tokens: &Tokens<'_>, start: usize) -> Option<usize> {
        if SUMMED.contains(&sign_before(tokens, start)) {
            return None;
        }
        let end = chain_end(tokens, start, &SUMMED);
        let (words, test) = comparison(tokens, end + 1)?;
        let last = chain_end(tokens, end + 1 + words, &SUMMED);
        if comparison(tokens, last + 1).is_some() {
            return Some(last + 1);
        }
        self.before[start].insert_str(0, "( ");
        self.after[end].push_str(" )");
        self.texts[end + 1] = if words == 2 { "is not" } else { "is" };
        if words == 2 {
            self.texts[end + 2] = "";
        }
        self.after[end + words].push_str(&format!(" {test} ("));
        self.after[last].push_str(" )");
        None
    }

    /// `_slice` in place of the bracket of a slice. Goes last: it is innermost.
    pub(super) fn guard_slice(&mut self, tokens: &Tokens<'_>, value: usize, bracket: usize) {
        let close = tokens.closing[bracket];
        self.before[value].push_str("( ");
        self.texts[bracket] = "| _slice (";
        self.texts[close] = ") )";
        for colon in colons(tokens, bracket) {
            self.texts[colon] = if colon == bracket + 1 { "none ," } else { "," };
        }
    }

    /// Writes `new` for each token that is `old`.
    pub(super) fn replace(&mut self, old: &str, new: &'static str) {
        self.texts.iter_mut().filter(|text| **text == old).for_each(|text| *text = new);
    }

    pub(super) fn write(&self) -> Source {
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
