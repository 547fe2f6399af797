//! The contract of expressions: what a template is and what it reads.
//!
//! The engine never evaluates: it hands templates out in an effect and gets
//! values back. It knows what each reads so that only that needs to be fetched.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::depth;
use crate::name::Ident;
use crate::value::Value;

/// A document with expressions in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Template {
    Literal(Value),
    /// A string that is exactly one `{{ }}`: the result keeps its type.
    Expr(Expr),
    /// Text around expressions: the result is a string.
    Text(Vec<Piece>),
    List(#[serde(deserialize_with = "depth::bounded")] Vec<Template>),
    Map(#[serde(deserialize_with = "depth::bounded")] BTreeMap<String, Template>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Piece {
    Text(String),
    Expr(Expr),
}

/// One expression: its source without the braces, and what it reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expr {
    pub source: String,
    pub reads: Reads,
}

/// The references of an expression, by namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reads {
    pub vars: BTreeSet<Ident>,
    pub steps: BTreeSet<Ident>,
    pub secrets: BTreeSet<Ident>,
    /// Other roots, such as `run`, `workflow`, `item`, `loop`, `output`.
    pub roots: BTreeSet<String>,
    /// Whether `always()` or `failed()` is called: such a condition is asked
    /// even when an upstream step failed or was skipped.
    pub status: bool,
}

impl Reads {
    pub fn merge(&mut self, other: &Reads) {
        self.vars.extend(other.vars.iter().cloned());
        self.steps.extend(other.steps.iter().cloned());
        self.secrets.extend(other.secrets.iter().cloned());
        self.roots.extend(other.roots.iter().cloned());
        self.status |= other.status;
    }
}

impl Template {
    pub fn empty_map() -> Template {
        Template::Map(BTreeMap::new())
    }

    /// Everything that the expressions in this template read.
    pub fn reads(&self) -> Reads {
        let mut reads = Reads::default();
        self.each_expr(&mut |e| reads.merge(&e.reads));
        reads
    }

    /// The template's value when no expression is in it.
    pub fn as_literal(&self) -> Option<Value> {
        match self {
            Template::Literal(v) => Some(v.clone()),
            Template::Expr(_) => None,
            Template::Text(pieces) => pieces
                .iter()
                .map(|p| match p {
                    Piece::Text(t) => Some(t.as_str()),
                    Piece::Expr(_) => None,
                })
                .collect::<Option<String>>()
                .map(Value::Text),
            Template::List(items) => {
                items.iter().map(Template::as_literal).collect::<Option<Vec<_>>>().map(Value::List)
            }
            Template::Map(fields) => fields
                .iter()
                .map(|(k, t)| Some((k.clone(), t.as_literal()?)))
                .collect::<Option<_>>()
                .map(Value::Map),
        }
    }

    /// Calls `visit` for each expression, in document order.
    pub fn each_expr<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        match self {
            Template::Literal(_) => {}
            Template::Expr(e) => visit(e),
            Template::Text(pieces) => {
                for piece in pieces {
                    if let Piece::Expr(e) = piece {
                        visit(e);
                    }
                }
            }
            Template::List(items) => items.iter().for_each(|t| t.each_expr(visit)),
            Template::Map(fields) => fields.values().for_each(|t| t.each_expr(visit)),
        }
    }
}
