//! The form that begins a run: a field for each variable, by its type.

use rpa_config::json;
use rpa_engine::{Ident, Value};
use rpa_ipc::service::GivenValue;
use rpa_ipc::view::{VariableView, WorkflowView};

use super::{Call, Effect, Input, Overlay, State};
use crate::console::command;
use crate::console::keys::Key;
use crate::console::theme::Tone;
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
    /// The default as text; `None` when there is none.
    pub default: Option<String>,
    pub input: Input,
    pub given: Given,
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
}

#[derive(Clone, Debug)]
pub struct Form {
    pub workflow: String,
    pub revision: u32,
    pub fields: Vec<Field>,
    /// The field with the focus; `fields.len()` is the button.
    pub at: usize,
}

impl Form {
    pub fn new(workflow: &WorkflowView) -> Form {
        Form {
            workflow: workflow.workflow.clone(),
            revision: workflow.revision,
            fields: workflow.variables.iter().map(Field::new).collect(),
            at: 0,
        }
    }

    /// The same, with the values of an earlier run.
    pub fn with(mut self, inputs: &[(String, Value)]) -> Form {
        for field in &mut self.fields {
            let earlier = inputs.iter().find(|(name, _)| *name == field.name);
            if let Some((_, value)) = earlier {
                field.repeat(value);
            }
        }
        self
    }

    /// What was given, as `rpa run --var` takes it. What one word cannot hold, and
    /// the name of a secret while it could yet be the secret itself, are left to the
    /// person.
    pub fn shown(&self) -> Vec<(String, String)> {
        let shown = |field: &Field| match &field.given {
            Given::No => None,
            Given::Typed if field.kind == "secret" => Some("NAME".to_owned()),
            Given::Typed => Some(field.input.text().to_owned()),
            Given::Earlier(_) if field.is_whole() => Some(field.input.text().to_owned()),
            Given::Earlier(_) => Some("@FILE".to_owned()),
        };
        self.fields.iter().filter_map(|f| Some((f.name.clone(), shown(f)?))).collect()
    }

    /// What is sent.
    fn given(&self) -> Vec<(String, GivenValue)> {
        let given = |field: &Field| match &field.given {
            Given::No => None,
            // by its name: a reference is for the daemon to make
            Given::Earlier(value) if !matches!(value, Value::Sealed(_)) => {
                Some(GivenValue::Typed(value.clone()))
            }
            Given::Typed | Given::Earlier(_) => {
                Some(GivenValue::Text(field.input.text().to_owned()))
            }
        };
        self.fields.iter().filter_map(|f| Some((f.name.clone(), given(f)?))).collect()
    }

    /// Checks every field; the first that is wrong gets the focus.
    fn check(&mut self, words: &Words) -> bool {
        for field in &mut self.fields {
            field.problem = field.check(words);
        }
        match self.fields.iter().position(|field| field.problem.is_some()) {
            Some(wrong) => {
                self.at = wrong;
                false
            }
            None => true,
        }
    }
}

impl Field {
    fn new(variable: &VariableView) -> Field {
        Field {
            name: variable.name.clone(),
            kind: variable.kind.clone(),
            required: variable.required,
            description: variable.description.clone(),
            default: variable.default.as_ref().and_then(|d| as_text(d, &variable.kind)),
            input: Input::default(),
            given: Given::No,
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
            Given::No | Given::Typed => true,
        }
    }

    fn repeat(&mut self, value: &Value) {
        let text = as_text(value, &self.kind);
        match (value, text) {
            (Value::Null, _) => {}
            (_, Some(text)) if self.default.as_deref() == Some(&text) => {}
            (_, Some(text)) => {
                self.input = Input::of(&text);
                self.given = Given::Earlier(value.clone());
            }
            // only the daemon has it, in a file
            (_, None) => self.required = true,
        }
    }

    fn check(&self, words: &Words) -> Option<String> {
        if matches!(self.given, Given::Earlier(_)) {
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

    fn key(&mut self, key: Key) {
        if self.kind == "boolean" && matches!(key, Key::Char(' ') | Key::Left | Key::Right) {
            let default = self.default.as_deref().unwrap_or("");
            let now = if self.is_given() { self.input.text() } else { default };
            self.input = Input::of(if now == "true" { "false" } else { "true" });
            self.given = Given::Typed;
        } else if key == Key::Ctrl('d') {
            // back to the default
            self.input.clear();
            self.given = Given::No;
        } else {
            self.edit(key);
        }
    }

    /// A key in the text. A value that the line does not show whole cannot be edited
    /// there: it is replaced.
    fn edit(&mut self, key: Key) {
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
            let given = !empty || (self.is_given() && self.kind == "string");
            self.given = if given { Given::Typed } else { Given::No };
            self.problem = None;
        }
    }

    /// Pasted text. What can only be the secret itself does not even get a place on
    /// the screen.
    fn paste(&mut self, text: &str, words: &Words) {
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

pub fn open(state: &mut State, workflow: &str, inputs: &[(String, Value)]) {
    match state.workflows.named(workflow) {
        Some(found) => state.overlay = Some(Overlay::Form(Form::new(found).with(inputs))),
        None => {
            let text = say!(state.words, "form-no-workflow", name = workflow);
            state.tell(Tone::Bad, text, String::new());
        }
    }
}

pub fn key(state: &mut State, mut form: Form, key: Key) -> Vec<Effect> {
    let button = form.fields.len();
    match key {
        Key::Esc => return Vec::new(),
        Key::Enter | Key::F(8) if form.at == button || key == Key::F(8) => {
            if form.check(&state.words) {
                return submit(state, &form);
            }
        }
        Key::Up | Key::BackTab => form.at = form.at.saturating_sub(1),
        Key::Down | Key::Tab | Key::Enter => form.at = (form.at + 1).min(button),
        _ => {
            if let Some(field) = form.fields.get_mut(form.at) {
                field.key(key);
            }
        }
    }
    state.overlay = Some(Overlay::Form(form));
    Vec::new()
}

pub fn paste(form: &mut Form, text: &str, words: &Words) {
    if let Some(field) = form.fields.get_mut(form.at) {
        field.paste(text, words);
    }
}

fn submit(state: &mut State, form: &Form) -> Vec<Effect> {
    let command = command::run(&state.namespace, &form.workflow, &form.shown());
    state.tell(Tone::Busy, say!(state.words, "run-asked", name = &*form.workflow), command);
    state.calls += 1;
    let workflow = form.workflow.clone();
    vec![Effect::Call(Call::Submit { workflow, variables: form.given() })]
}
