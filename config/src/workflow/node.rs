//! A YAML document with positions: what the reader walks.

use std::ops::Range;

use rpa_engine::Value;

use super::problem::Pos;

/// One node of the document, aliases already expanded.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) at: Pos,
    /// The bytes of a scalar in the source, quotes included; empty otherwise.
    pub(crate) range: Range<usize>,
    pub(crate) data: Data,
}

#[derive(Clone, Debug)]
pub(crate) enum Data {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One key of a map, in the order of the file.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_at: Pos,
    pub(crate) node: Node,
}

/// A scalar as written, escapes resolved, and as YAML 1.2 reads it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    pub(crate) kind: ScalarKind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ScalarKind {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text,
}

impl Node {
    pub(crate) fn new_scalar(at: Pos, range: Range<usize>, scalar: Scalar) -> Node {
        Node { at, range, data: Data::Scalar(scalar) }
    }

    pub(crate) fn scalar(&self) -> Option<&Scalar> {
        match &self.data {
            Data::Scalar(scalar) => Some(scalar),
            Data::List(_) | Data::Map(_) => None,
        }
    }

    /// The text of a string; `None` for any other type.
    pub(crate) fn text(&self) -> Option<&str> {
        self.scalar().filter(|s| s.kind == ScalarKind::Text).map(|s| s.text.as_str())
    }

    pub(crate) fn is_null(&self) -> bool {
        self.scalar().is_some_and(|s| s.kind == ScalarKind::Null)
    }

    /// The document as it stands, without reading expressions in it.
    pub(crate) fn literal(&self) -> Value {
        match &self.data {
            Data::Scalar(scalar) => scalar.value(),
            Data::List(items) => Value::List(items.iter().map(Node::literal).collect()),
            Data::Map(entries) => {
                Value::Map(entries.iter().map(|e| (e.key.clone(), e.node.literal())).collect())
            }
        }
    }

    /// What was found, for messages: `a string`, `a map`.
    pub(crate) fn described(&self) -> &'static str {
        match &self.data {
            Data::Scalar(scalar) => match scalar.kind {
                ScalarKind::Null => "nothing",
                ScalarKind::Bool(_) => "a boolean",
                ScalarKind::Int(_) | ScalarKind::Float(_) => "a number",
                ScalarKind::Text => "a string",
            },
            Data::List(_) => "a list",
            Data::Map(_) => "a map",
        }
    }
}

impl Scalar {
    pub(crate) fn value(&self) -> Value {
        match self.kind {
            ScalarKind::Null => Value::Null,
            ScalarKind::Bool(b) => Value::Bool(b),
            ScalarKind::Int(i) => Value::Int(i),
            ScalarKind::Float(x) => Value::Float(x),
            ScalarKind::Text => Value::Text(self.text.clone()),
        }
    }
}
