//! One variable in the form of a run: typed, checked, or as an earlier run had it.

use rpa_config::json;
use rpa_engine::{Ident, Value};
use rpa_ipc::view::VariableView;

use super::Input;
use crate::console::keys::Key;
use crate::say;
use crate::words::Words;

/// One variable.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    /// `string number boolean json list secret`
    pub kind: String,
    pub required: bool,
    pub description: String,
    /// What is typed stays off the screen once the field is left.
    pub sensitive: bool,
    /// The default as text; `None` when there is none.
    pub default: Option<String>,
    pub input: Input,
    pub given: Given,
    /// What there was before anything was typed, and is again after Ctrl-D.
    pub before: Given,
    pub problem: Option<String>,
}

/// Where a field's value comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// The default holds, as it is when the run begins.
    No,
    /// The person typed it.
    Typed,
    /// The run that is repeated had it: it is sent as it was, whatever of it a line
    /// can show.
    Earlier(Value),
    /// The earlier run had it, and only the daemon knows it.
    Hidden,
}

impl Field {
    pub fn new(variable: &VariableView) -> Field {
        Field {
            name: variable.name.clone(),
            kind: variable.kind.clone(),
            required: variable.required,
            description: variable.description.clone(),
            sensitive: variable.sensitive || variable.kind == "secret",
            default: variable.default.as_ref().and_then(|d| as_text(d, &variable.kind)),
            input: Input::default(),
            given: Given::No,
            before: Given::No,
            problem: None,
        }
    }

    pub fn is_given(&self) -> bool {
        self.given != Given::No
    }

    /// Whether the line shows the whole of an earlier run's value.
    pub fn is_whole(&self) -> bool {
        match &self.given {
            Given::Earlier(value) => {
                as_text(value, &self.kind).as_deref() == Some(self.input.text())
            }
            // there is nothing behind it
            Given::No | Given::Typed => true,
            Given::Hidden => false,
        }
    }

    /// The value of an earlier run, for a new one; `masked`: only its mask is known.
    pub fn repeat(&mut self, value: &Value, masked: bool) {
        let text = as_text(value, &self.kind).filter(|_| !masked);
        match (value, text) {
            (Value::Null, _) => {}
            (_, Some(text)) if self.default.as_deref() == Some(&text) => {}
            (_, Some(text)) => {
                self.input = Input::of(&text);
                self.given = Given::Earlier(value.clone());
            }
            // only the daemon has it: the default would be another value
            (_, None) => (self.required, self.default) = (true, None),
        }
    }

    /// The value of the run that runs again: it holds until another one is typed.
    pub fn keep(&mut self, value: &Value, masked: bool) {
        self.before = match value {
            Value::Null => Given::Earlier(Value::Null),
            Value::Blob(_) => Given::Hidden,
            _ if masked => Given::Hidden,
            value => Given::Earlier(value.clone()),
        };
        self.reset();
    }

    fn reset(&mut self) {
        self.given = self.before.clone();
        self.problem = None;
        self.input = match &self.given {
            Given::Earlier(value) => Input::of(&as_text(value, &self.kind).unwrap_or_default()),
            Given::No | Given::Typed | Given::Hidden => Input::default(),
        };
    }

    pub fn check(&self, words: &Words) -> Option<String> {
        if matches!(self.given, Given::Earlier(_) | Given::Hidden) {
            return None;
        }
        if !self.is_given() {
            let missing = self.required && self.default.is_none();
            return missing.then(|| say!(words, "form-required"));
        }
        let text = self.input.text();
        let document = || json::parse(text.as_bytes()).ok();
        match self.kind.as_str() {
            "number" => {
                let number = matches!(document(), Some(Value::Int(_) | Value::Float(_)));
                (!number).then(|| say!(words, "form-number"))
            }
            "boolean" => {
                let boolean = matches!(document(), Some(Value::Bool(_)));
                (!boolean).then(|| say!(words, "form-boolean"))
            }
            "list" => {
                let list = matches!(document(), Some(Value::List(_)));
                (!list).then(|| say!(words, "form-list"))
            }
            "json" => document().is_none().then(|| say!(words, "form-json")),
            "secret" => text.parse::<Ident>().is_err().then(|| say!(words, "form-secret")),
            // any text is a string; a newer kind is for the daemon to judge
            _ => None,
        }
    }

    pub fn key(&mut self, key: Key) {
        if self.kind == "boolean" && matches!(key, Key::Char(' ') | Key::Left | Key::Right) {
            let default = self.default.as_deref().unwrap_or("");
            let now = if self.is_given() { self.input.text() } else { default };
            self.input = Input::of(if now == "true" { "false" } else { "true" });
            self.given = Given::Typed;
        } else if key == Key::Ctrl('d') {
            self.reset();
        } else {
            self.edit(key);
        }
    }

    /// A key in the text. A value that the line does not show whole cannot be edited
    /// there: it is replaced.
    pub fn edit(&mut self, key: Key) {
        let moves = matches!(key, Key::Left | Key::Right | Key::Home | Key::End);
        let mut input =
            if self.is_whole() || moves { self.input.clone() } else { Input::default() };
        if !input.key(key) {
            return;
        }
        let changed = input.text() != self.input.text();
        self.input = input;
        if changed {
            // what is emptied was not given, except a text, which may be empty
            let empty = self.input.text().is_empty();
            let may_be_empty = self.kind == "string" || self.before != Given::No;
            let given = !empty || (self.is_given() && may_be_empty);
            self.given = if given { Given::Typed } else { Given::No };
            self.problem = None;
        }
    }

    /// Pasted text. What can only be the secret itself does not even get a place on
    /// the screen.
    pub fn paste(&mut self, text: &str, words: &Words) {
        if self.kind == "secret" && text.trim().parse::<Ident>().is_err() {
            self.problem = Some(say!(words, "form-secret"));
            return;
        }
        if !self.is_whole() {
            self.input.clear();
        }
        self.input.paste(text);
        self.given = Given::Typed;
        self.problem = None;
    }
}

/// A value as a person would type it for a variable of this kind; `None` for what
/// nobody can type.
fn as_text(value: &Value, kind: &str) -> Option<String> {
    match value {
        Value::Null | Value::Blob(_) => None,
        // a document that is a text needs its quotes to stay one
        Value::Text(_) if kind == "json" => Some(json::to_json(value).to_string()),
        Value::Text(text) => Some(text.clone()),
        Value::List(_) | Value::Map(_) => Some(json::to_json(value).to_string()),
        Value::Sealed(sealed) => crate::cli::next::secret_name(sealed),
        other => Some(other.to_string()),
    }
}
