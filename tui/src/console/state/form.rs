//! The form that begins a run, or runs one again: a field for each variable, by its type.

use rpa_engine::{Label, RunId, Value};
use rpa_ipc::service::GivenValue;
use rpa_ipc::view::{RunDetail, VariableView, WorkflowView};

use super::again::{self, Again};
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
    pub source: Source,
    /// Of which the run will be.
    pub revision: u32,
    pub fields: Vec<Field>,
    /// The row with the focus: the fields, where there is one the choice of the revision,
    /// the button.
    pub at: usize,
}

/// Where the run comes from.
#[derive(Clone, Debug)]
pub enum Source {
    New,
    Again(Box<Earlier>),
}

/// The run that runs again.
#[derive(Clone, Debug)]
pub struct Earlier {
    pub run: RunId,
    /// The step to begin from.
    pub from: String,
    inputs: Vec<(String, Value)>,
    masked: Vec<String>,
    pub pinned: Revision,
    /// The live one, where it is another.
    pub newest: Option<Revision>,
}

#[derive(Clone, Debug)]
pub struct Revision {
    pub number: u32,
    variables: Vec<VariableView>,
}

impl Earlier {
    fn fields(&self, revision: &Revision) -> Vec<Field> {
        let field = |variable: &VariableView| {
            let mut field = Field::new(variable);
            let earlier = self.inputs.iter().find(|(name, _)| *name == variable.name);
            if let Some((name, value)) = earlier {
                field.keep(value, self.masked.contains(name));
            }
            field
        };
        revision.variables.iter().map(field).collect()
    }
}

impl Form {
    pub fn new(workflow: &WorkflowView) -> Form {
        Form {
            workflow: workflow.workflow.clone(),
            source: Source::New,
            revision: workflow.revision,
            fields: workflow.variables.iter().map(Field::new).collect(),
            at: 0,
        }
    }

    /// The same, with the values of an earlier run.
    pub fn with(mut self, inputs: &[(String, Value)], masked: &[String]) -> Form {
        for field in &mut self.fields {
            let earlier = inputs.iter().find(|(name, _)| *name == field.name);
            if let Some((name, value)) = earlier {
                field.repeat(value, masked.contains(name));
            }
        }
        self
    }

    /// The form that runs `detail` again from a step; `workflow` as it stands now.
    pub fn again(detail: &RunDetail, from: String, workflow: Option<&WorkflowView>) -> Form {
        let summary = &detail.summary;
        let pinned = Revision { number: summary.revision, variables: detail.declared.clone() };
        let is_other = |w: &&WorkflowView| w.state.word == "live" && w.revision != summary.revision;
        let newest = workflow.filter(is_other).map(|workflow| Revision {
            number: workflow.revision,
            variables: workflow.variables.clone(),
        });
        let (inputs, masked) = (detail.inputs.clone(), detail.masked.clone());
        let earlier = Earlier { run: summary.run, from, inputs, masked, pinned, newest };
        Form {
            workflow: summary.workflow.clone(),
            revision: summary.revision,
            fields: earlier.fields(&earlier.pinned),
            source: Source::Again(Box::new(earlier)),
            at: 0,
        }
    }

    /// The earlier run and its two revisions, where there is a choice.
    pub fn choice(&self) -> Option<(&Revision, &Revision)> {
        match &self.source {
            Source::Again(earlier) => Some((&earlier.pinned, earlier.newest.as_ref()?)),
            Source::New => None,
        }
    }

    /// The row of the button.
    pub fn button(&self) -> usize {
        self.fields.len() + usize::from(self.choice().is_some())
    }

    pub fn is_newest(&self) -> bool {
        self.choice().is_some_and(|(_, newest)| newest.number == self.revision)
    }

    /// To the other revision, with its variables; what was typed stays where it fits.
    fn switch(&mut self) {
        let Source::Again(earlier) = &self.source else { return };
        let Some(newest) = &earlier.newest else { return };
        let other = if newest.number == self.revision { &earlier.pinned } else { newest };
        let mut fields = earlier.fields(other);
        for field in &mut fields {
            let typed = |f: &&Field| {
                f.name == field.name && f.kind == field.kind && f.given == Given::Typed
            };
            if let Some(typed) = self.fields.iter().find(typed) {
                (field.input, field.given) = (typed.input.clone(), Given::Typed);
            }
        }
        self.revision = other.number;
        self.fields = fields;
        self.at = self.fields.len();
    }

    /// What was given, as `--var` takes it. What one word cannot hold, what nobody shall
    /// read, and the name of a secret while it could yet be the secret itself, are left
    /// to the person.
    pub fn shown(&self) -> Vec<(String, String)> {
        shown(&self.fields, matches!(self.source, Source::New))
    }

    /// The command that does the same.
    pub fn command(&self, namespace: &Label) -> String {
        match self.as_again() {
            Some(again) => command::again(namespace, &again),
            None => command::run(namespace, &self.workflow, &self.shown()),
        }
    }

    fn as_again(&self) -> Option<Again> {
        let Source::Again(earlier) = &self.source else { return None };
        Some(Again {
            run: earlier.run,
            from: Some(earlier.from.clone()),
            newest: self.is_newest(),
            variables: self.given(),
            shown: self.shown(),
            repeat_once: false,
        })
    }

    /// What is sent.
    fn given(&self) -> Vec<(String, GivenValue)> {
        given(&self.fields, matches!(self.source, Source::New))
    }

    /// Checks every field; the first that is wrong gets the focus.
    fn check(&mut self, words: &Words) -> bool {
        match first_wrong(&mut self.fields, words) {
            Some(wrong) => {
                self.at = wrong;
                false
            }
            None => true,
        }
    }
}

/// What was given, as a command may show it; of an earlier run's values only those of a
/// new run.
pub(super) fn shown(fields: &[Field], is_new: bool) -> Vec<(String, String)> {
    let shown = |field: &Field| match &field.given {
        Given::No | Given::Hidden => None,
        Given::Typed if field.kind == "secret" => Some("NAME".to_owned()),
        Given::Typed if field.sensitive => Some("@FILE".to_owned()),
        Given::Typed => Some(field.input.text().to_owned()),
        // the run has it already
        Given::Earlier(_) if !is_new => None,
        Given::Earlier(_) if field.is_whole() => Some(field.input.text().to_owned()),
        Given::Earlier(_) => Some("@FILE".to_owned()),
    };
    fields.iter().filter_map(|f| Some((f.name.clone(), shown(f)?))).collect()
}

/// The same as it is sent.
pub(super) fn given(fields: &[Field], is_new: bool) -> Vec<(String, GivenValue)> {
    let given = |field: &Field| match &field.given {
        Given::No | Given::Hidden => None,
        // the daemon takes it from the run itself
        Given::Earlier(_) if !is_new => None,
        // by its name: a reference is for the daemon to make
        Given::Earlier(value) if !matches!(value, Value::Sealed(_)) => {
            Some(GivenValue::Typed(value.clone()))
        }
        Given::Typed | Given::Earlier(_) => Some(GivenValue::Text(field.input.text().to_owned())),
    };
    fields.iter().filter_map(|f| Some((f.name.clone(), given(f)?))).collect()
}

/// Checks every field; the first that is wrong.
pub(super) fn first_wrong(fields: &mut [Field], words: &Words) -> Option<usize> {
    for field in fields.iter_mut() {
        field.problem = field.check(words);
    }
    fields.iter().position(|field| field.problem.is_some())
}

/// The form for a new run, with the values of an earlier one where there is one.
pub fn open(state: &mut State, workflow: &str, inputs: &[(String, Value)], masked: &[String]) {
    match state.workflows.named(workflow) {
        Some(found) => {
            state.overlay = Some(Overlay::Form(Form::new(found).with(inputs, masked)));
        }
        None => {
            let text = say!(state.words, "form-no-workflow", name = workflow);
            state.tell(Tone::Bad, text, String::new());
        }
    }
}

pub fn key(state: &mut State, mut form: Form, key: Key) -> Vec<Effect> {
    let button = form.button();
    let on_choice = form.choice().is_some() && form.at == form.fields.len();
    match key {
        Key::Esc => return Vec::new(),
        Key::Enter | Key::F(8) if form.at == button || key == Key::F(8) => {
            if form.check(&state.words) {
                return submit(state, &form);
            }
        }
        Key::Up | Key::BackTab => form.at = form.at.saturating_sub(1),
        Key::Down | Key::Tab | Key::Enter => form.at = (form.at + 1).min(button),
        Key::Char(' ') | Key::Left | Key::Right if on_choice => form.switch(),
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
    if let Some(asked) = form.as_again() {
        return again::send(state, asked);
    }
    let command = form.command(&state.namespace);
    state.tell(Tone::Busy, say!(state.words, "run-asked", name = &*form.workflow), command);
    state.calls += 1;
    let workflow = form.workflow.clone();
    vec![Effect::Call(Call::Submit { workflow, variables: form.given() })]
}
