//! The form that begins a run: a field for each variable, by its type.

use rpa_engine::Value;
use rpa_ipc::service::GivenValue;
use rpa_ipc::view::WorkflowView;

use super::field::{Field, Given};
use super::{Call, Effect, Overlay, State};
use crate::console::command;
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::say;
use crate::words::Words;

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
