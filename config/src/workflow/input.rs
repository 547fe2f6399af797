//! One input of a task, against the type that its contract gives it.

use rpa_engine::contract::{Field, FieldKind};
use rpa_engine::{Template, Value};

use super::fields::shown;
use super::node::{Data, Node};
use super::reader::Reader;
use super::templates::Slot;
use crate::suggest;

impl<'a> Reader<'a> {
    /// Literals are checked, and durations and sizes become milliseconds and
    /// bytes; what an expression gives is known only in the run.
    pub(crate) fn input(&mut self, field: &Field, node: &'a Node, slot: Slot<'_>) -> Template {
        let what = format!("the input `{}`", field.name);
        if let (FieldKind::TextMap, Data::Map(entries)) = (field.kind, &node.data) {
            let texts = entries.iter();
            let texts = texts.map(|e| (e.key.clone(), self.text_template(&e.node, &what, slot)));
            return Template::Map(texts.collect());
        }
        let template = self.template(node, slot);
        if matches!(template, Template::Expr(_)) {
            return template;
        }
        let computed = node.text().is_some() && template.as_literal().is_none();
        match field.kind {
            FieldKind::Any => {}
            FieldKind::Text => _ = self.text(node, &what),
            FieldKind::Duration | FieldKind::Size | FieldKind::Choice(_) if computed => {}
            FieldKind::Duration => return number(self.duration_ms(node, &what)),
            FieldKind::Size => return number(self.size(node, &what)),
            FieldKind::Choice(words) => return self.word(words, node, &what),
            FieldKind::Number | FieldKind::Boolean | FieldKind::List | FieldKind::TextMap => {
                self.expect(field.kind, node, &what);
            }
        }
        template
    }

    fn expect(&mut self, kind: FieldKind, node: &Node, what: &str) {
        let value = node.literal();
        let (fits, example) = match kind {
            FieldKind::Number => (matches!(value, Value::Int(_) | Value::Float(_)), "write 5"),
            FieldKind::Boolean => (value.as_bool().is_some(), "write true or false"),
            FieldKind::List => (value.as_list().is_some(), "write [a, b]"),
            _ => (value.as_map().is_some(), "write {key: text}"),
        };
        if !fits {
            let message = format!("{what} is a {}; here is {}", kind.word(), node.described());
            let hint = format!("{example}, or one expression \"{{{{ … }}}}\"");
            self.wrong_type(node.at, message, hint);
        }
    }

    /// A word in any case, as the contract writes it.
    fn word(&mut self, words: &[&'static str], node: &'a Node, what: &str) -> Template {
        let Some(text) = self.text(node, what) else { return Template::Literal(Value::Null) };
        let found = words.iter().find(|word| word.eq_ignore_ascii_case(text));
        if found.is_none() {
            let hint = suggest::hint(text, "allowed", words.iter().copied());
            self.wrong_type(node.at, format!("{what} cannot be {:?}", shown(text)), hint);
        }
        Template::Literal(found.map_or(Value::Null, |word| Value::from(*word)))
    }
}

fn number(number: Option<u64>) -> Template {
    let number = number.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
    Template::Literal(number.map_or(Value::Null, Value::Int))
}
