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
    /// Whether the person, or the run that is repeated, gave it. Otherwise the
    /// default holds, as it is when the run begins.
    pub given: bool,
    pub problem: Option<String>,
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
            let Some(text) = earlier.and_then(|(_, value)| as_text(value)) else { continue };
            if field.default.as_deref() != Some(&text) {
                field.input = Input::of(&text);
                field.given = true;
            }
        }
        self
    }

    /// What was given, as `rpa run --var` takes it.
    pub fn given(&self) -> Vec<(String, String)> {
        let given = self.fields.iter().filter(|field| field.given);
        given.map(|f| (f.name.clone(), f.input.text().to_owned())).collect()
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
            default: variable.default.as_ref().and_then(as_text),
            input: Input::default(),
            given: false,
            problem: None,
        }
    }

    fn check(&self, words: &Words) -> Option<String> {
        if !self.given {
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

    fn key(&mut self, key: Key) -> bool {
        if self.kind == "boolean" && matches!(key, Key::Char(' ') | Key::Left | Key::Right) {
            let now =
                if self.given { self.input.text() } else { self.default.as_deref().unwrap_or("") };
            self.input = Input::of(if now == "true" { "false" } else { "true" });
            self.given = true;
        } else if key == Key::Ctrl('d') {
            // back to the default
            self.input.clear();
            self.given = false;
        } else if self.input.key(key) {
            // what is emptied was not given, except a text, which may be empty
            self.given = !self.input.text().is_empty() || (self.given && self.kind == "string");
        } else {
            return false;
        }
        self.problem = None;
        true
    }
}

/// A value as a person would type it; `None` for what nobody can type.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Blob(_) => None,
        Value::Text(text) => Some(text.clone()),
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

pub fn paste(form: &mut Form, text: &str) {
    if let Some(field) = form.fields.get_mut(form.at) {
        field.input.paste(text);
        field.given = true;
        field.problem = None;
    }
}

fn submit(state: &mut State, form: &Form) -> Vec<Effect> {
    let given = form.given();
    let command = command::run(&state.namespace, &form.workflow, &given);
    state.tell(Tone::Busy, say!(state.words, "run-asked", name = &*form.workflow), command);
    state.calls += 1;
    let text = |(name, value)| (name, GivenValue::Text(value));
    let variables = given.into_iter().map(text).collect();
    vec![Effect::Call(Call::Submit { workflow: form.workflow.clone(), variables })]
}
