//! Strings with expressions, and documents of them.

use std::sync::LazyLock;

use rpa_engine::{Expr, Map, Reads, Template, Value};

use super::locate;
use super::node::{Data, Node};
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::{Fact, Reader, Use};
use super::sees::{Asks, BARE, Sees};
use crate::expr::{self, EvalError, Evaluator, ParseError, ParseErrorKind};

/// One for the process: it is costly to make and only read.
pub(crate) fn evaluator() -> &'static Evaluator {
    static EVALUATOR: LazyLock<Evaluator> = LazyLock::new(Evaluator::default);
    &EVALUATOR
}

/// The roots of which more is checked than that they are there.
const FACTS: [&str; 7] = ["loop", "run", "steps", "event", "output", "fields", "trigger"];

/// Where a template stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot<'b> {
    pub(crate) step: Option<usize>,
    pub(crate) place: Place,
    /// Names that stand bare there: in a step's `outputs`, the fields of its output.
    pub(crate) bare: &'b [&'b str],
}

impl Slot<'_> {
    pub(crate) fn new(step: Option<usize>, place: Place) -> Slot<'static> {
        Slot { step, place, bare: &[] }
    }

    /// Of a trigger, where `trigger` stands bare.
    pub(crate) fn of_trigger(sees: Sees) -> Slot<'static> {
        Slot { step: None, place: Place::Trigger(sees), bare: BARE }
    }
}

impl<'a> Reader<'a> {
    /// Any document: expressions in its strings, everything else as it stands.
    pub(crate) fn template(&mut self, node: &'a Node, slot: Slot<'_>) -> Template {
        match &node.data {
            Data::Scalar(scalar) => match node.text() {
                Some(text) => self.string(node, text, slot),
                None => Template::Literal(scalar.value()),
            },
            Data::List(items) => {
                Template::List(items.iter().map(|item| self.template(item, slot)).collect())
            }
            Data::Map(entries) => Template::Map(
                entries.iter().map(|e| (e.key.clone(), self.template(&e.node, slot))).collect(),
            ),
        }
    }

    /// A scalar of any type, read as the text that the file has for it.
    pub(crate) fn text_template(&mut self, node: &'a Node, what: &str, slot: Slot<'_>) -> Template {
        match node.scalar() {
            Some(scalar) if !node.is_null() => match node.text() {
                Some(text) => self.string(node, text, slot),
                None => Template::Literal(Value::Text(scalar.text.clone())),
            },
            _ => {
                let message = format!("{what} is text; here is {}", node.described());
                self.wrong_type(node.at, message, "write text; \"\" is the empty one");
                Template::Literal(Value::Null)
            }
        }
    }

    /// The expression of an `if`.
    pub(crate) fn condition(&mut self, node: &'a Node, step: usize) -> Option<Expr> {
        self.test(node, "`if`", Slot::new(Some(step), Place::Condition))
    }

    /// An expression that is true or false, bare or in `{{ }}`.
    pub(crate) fn test(&mut self, node: &'a Node, key: &str, slot: Slot<'_>) -> Option<Expr> {
        let text = match node.literal() {
            Value::Bool(b) => b.to_string(),
            Value::Text(text) => text,
            _ => {
                let message =
                    format!("{key} is an expression or a boolean; here is {}", node.described());
                let example = match slot.place {
                    Place::Trigger(sees) => sees.condition(),
                    _ => "vars.limit > 80",
                };
                self.wrong_type(node.at, message, format!("write for example {example:?}"));
                return None;
            }
        };
        let names = self.bare_names(slot);
        let read = match slot.place {
            // of a trigger, so that what is said of `failed()` there is true there
            Place::Condition | Place::Trigger(Sees { key: Asks::If, .. }) => {
                expr::parse_condition_with(&text, &names)
            }
            _ => expr::parse_test_with(&text, &names),
        };
        match read {
            Ok(expr) => {
                self.constant(node, &expr, |e| e.condition(&expr, &Map::new()).map(drop));
                let (reads, facts, parts) = (expr.reads.clone(), facts(&expr), parts(&expr));
                let Slot { step, place, .. } = slot;
                self.uses.push(Use { node, step, place, reads, facts, parts });
                Some(expr)
            }
            Err(error) => {
                self.unreadable(node, error);
                None
            }
        }
    }

    /// What may stand bare besides the usual names: the nearest first.
    fn bare_names<'n>(&self, slot: Slot<'n>) -> Vec<&'n str>
    where
        'a: 'n,
    {
        slot.bare.iter().copied().chain(self.items.iter().rev().copied()).collect()
    }

    fn string(&mut self, node: &'a Node, text: &str, slot: Slot<'_>) -> Template {
        match expr::parse_template_with(text, &self.bare_names(slot)) {
            Ok(template) => {
                if template.as_literal().is_none() {
                    let (mut found, mut looked_into) = (Vec::new(), Vec::new());
                    template.each_expr(&mut |expr| {
                        let template = Template::Expr(expr.clone());
                        self.constant(node, expr, |e| e.eval(&template, &Map::new()).map(drop));
                        found.extend(facts(expr));
                        looked_into.extend(parts(expr));
                    });
                    let Slot { step, place, .. } = slot;
                    let (reads, facts, parts) = (template.reads(), found, looked_into);
                    self.uses.push(Use { node, step, place, reads, facts, parts });
                }
                template
            }
            Err(error) => {
                self.unreadable(node, error);
                Template::Literal(Value::Null)
            }
        }
    }

    /// An expression that reads nothing gives the same each time: if it fails, or
    /// grows beyond all bounds, that is found here and not at night.
    fn constant(
        &mut self,
        node: &Node,
        expr: &Expr,
        evaluate: impl FnOnce(&Evaluator) -> Result<(), EvalError>,
    ) {
        if expr.reads != Reads::default() {
            return;
        }
        let (code, why) = match evaluate(evaluator()) {
            Ok(()) => return,
            Err(EvalError::Limit(why)) => (ProblemCode::FileLimit, why),
            Err(error) => (ProblemCode::ExprSyntax, error.to_string()),
        };
        let message = format!("the expression fails each time: {why}");
        let hint = "it reads no variable and no step: write what it is meant to give";
        self.problems.error(code, node.at, message, hint);
    }

    fn unreadable(&mut self, node: &Node, error: ParseError) {
        let code = match error.kind {
            ParseErrorKind::Syntax => ProblemCode::ExprSyntax,
            ParseErrorKind::Limit => ProblemCode::FileLimit,
            ParseErrorKind::Undefined => ProblemCode::UndefinedReference,
            ParseErrorKind::NotSupported => ProblemCode::NotSupported,
        };
        let at = locate::part(self.source, node, error.start, error.end);
        self.problems.error(code, at, error.message, error.hint);
    }
}

/// What an expression reads of the roots whose facts differ from place to place.
fn facts(expr: &Expr) -> Vec<Fact> {
    let Reads { steps, roots, .. } = &expr.reads;
    let of = |root: &'static str| {
        let is_read = roots.contains(root) || root == "steps" && !steps.is_empty();
        let found = is_read.then(|| expr::members(&expr.source, root));
        found.into_iter().flatten().map(move |path| Fact { root, path })
    };
    FACTS.into_iter().flat_map(of).collect()
}

/// The steps whose output an expression looks into.
fn parts(expr: &Expr) -> Vec<(String, usize)> {
    match expr.reads.steps.is_empty() {
        true => Vec::new(),
        false => expr::parts_of_outputs(&expr.source),
    }
}
