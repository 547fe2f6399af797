//! One step of a list, without its edges: those need all the steps.

use std::collections::BTreeMap;

use rpa_engine::workflow::Claims;
use rpa_engine::{Action, EffectClass, Expr, Ident, Retry, Template, Value};

use super::fields::{Fields, Keys};
use super::form::{Form, Waited};
use super::given;
use super::needs::Need;
use super::node::{Data, Node};
use super::on_error::OnFailure;
use super::outline::{Outline, Part};
use super::place::Place;
use super::problem::{Pos, ProblemCode};
use super::reader::Reader;
use super::step_keys::STEP_KEY_NAMES;
use super::templates::Slot;
use crate::catalogue;

pub(crate) const KEYS: Keys = Keys { owner: "a step", known: &STEP_KEY_NAMES, later: &[] };

/// `defaults`, as steps take them over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defaults {
    pub(crate) timeout_ms: Option<u64>,
    pub(crate) retry: Option<Retry>,
    pub(crate) shell: Option<Value>,
}

/// A step as read. What could not be read has been reported and is empty here.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) at: Pos,
    /// The list in which it stands, and its place there.
    pub(crate) list: usize,
    pub(crate) place: usize,
    /// The id as written, so that references to a bad one are no second problem.
    pub(crate) id_text: &'a str,
    pub(crate) id: Option<Ident>,
    pub(crate) name: &'a str,
    /// `None` without the key `needs`.
    pub(crate) needs: Option<Vec<Need<'a>>>,
    pub(crate) condition: Option<Expr>,
    /// Names for expressions, known in it and inside of it.
    pub(crate) vars: BTreeMap<Ident, Template>,
    /// Its lists of steps are empty: they are `bodies`.
    pub(crate) action: Option<Action>,
    pub(crate) effect: EffectClass,
    pub(crate) timeout_ms: Option<u64>,
    pub(crate) retry: Retry,
    pub(crate) on_failure: OnFailure<'a>,
    pub(crate) claims: Option<Claims>,
    /// The file says what a failure means, if only that it is one.
    pub(crate) says_on_error: bool,
    pub(crate) outputs: BTreeMap<String, Template>,
    /// The file has `outputs`, whether or not they can be read.
    pub(crate) says_outputs: bool,
    /// Its lists, those of a switch in order.
    pub(crate) bodies: Vec<usize>,
    pub(crate) compensate: Option<usize>,
}

impl<'a> Draft<'a> {
    /// One that stands next in `list`, of which nothing is known but its place.
    fn new(at: Pos, list: usize, outline: &Outline<'a>) -> Draft<'a> {
        Draft {
            at,
            list,
            place: outline.lists[list].steps.len(),
            id_text: "",
            id: None,
            name: "",
            needs: None,
            condition: None,
            vars: BTreeMap::new(),
            action: None,
            effect: EffectClass::Pure,
            timeout_ms: None,
            retry: Retry::NONE,
            on_failure: OnFailure::Fail,
            claims: None,
            says_on_error: false,
            outputs: BTreeMap::new(),
            says_outputs: false,
            bodies: Vec::new(),
            compensate: None,
        }
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn step(&mut self, node: &'a Node, list: usize) {
        let Some(fields) = Fields::read(node, &KEYS, &mut self.problems) else { return };
        let index = self.outline.add_step(Draft::new(fields.at, list, &self.outline));
        let id_node =
            fields.require("id", "give each step an id, for example usage", &mut self.problems);
        let id_text = id_node.and_then(|node| self.text(node, "a step's `id`"));
        let id = id_text.and_then(|text| self.name(text, id_node?.at, "step id"));
        let name = fields.get("name").and_then(|node| self.text(node, "a step's `name`"));
        let needs = fields.get("needs").map(|node| self.needs(node));
        let condition = fields.get("if").and_then(|node| self.condition(node, index));
        let vars = fields.get("vars").map(|node| self.locals(node, index));
        let on_failure = fields.get("on_error").map(|node| self.on_failure(node));
        let claims = self.claims(&fields, index);
        let draft = self.draft(index);
        draft.at = id_node.map_or(fields.at, |node| node.at);
        draft.id_text = id_text.unwrap_or_default();
        draft.id = id;
        draft.name = name.unwrap_or_default();
        draft.needs = needs;
        draft.condition = condition;
        draft.vars = vars.unwrap_or_default();
        draft.says_outputs = fields.get("outputs").is_some();
        draft.says_on_error = on_failure.is_some();
        draft.on_failure = on_failure.unwrap_or(OnFailure::Fail);
        draft.claims = claims;
        let Some(form) = self.form(&fields) else { return };
        let body = self.body(&form, &fields, index);
        match form {
            Form::Run(_) | Form::Uses(..) => {
                let kind = form.task_kind().unwrap_or_default();
                self.task_keys(kind, &fields, index, body.as_ref().map(|b| b.effect));
            }
            Form::Group(_)
            | Form::ForEach(..)
            | Form::While(..)
            | Form::Repeat(..)
            | Form::Switch(_) => self.body_keys(&form, &fields, index),
            Form::Workflow(_, waited) => self.call_keys(waited, &fields, index),
            Form::Approval(_) => self.own_outputs(&fields, index, given::APPROVAL),
            Form::Wait(_) => self.own_outputs(&fields, index, given::EVENT),
            Form::Set(_) => {}
        }
        if let Some(node) = fields.get("compensate") {
            self.compensate(node, index);
        }
        self.draft(index).action = body.map(|body| body.action);
    }

    pub(crate) fn draft(&mut self, index: usize) -> &mut Draft<'a> {
        &mut self.outline.drafts[index]
    }

    /// The keys that only an attempt by a runner has a use for.
    fn task_keys(
        &mut self,
        kind: &str,
        fields: &Fields<'a>,
        index: usize,
        natural: Option<EffectClass>,
    ) {
        let words = EffectClass::ALL.map(|class| (class.word(), class));
        let declared = fields.get("effect").and_then(|node| self.choice(node, "`effect`", &words));
        let effect = declared.or(natural).unwrap_or(EffectClass::Unknown);
        let timeout_ms = match fields.get("timeout") {
            Some(node) => self.timeout_ms(node, "`timeout`"),
            None => self.defaults.timeout_ms,
        };
        let retry = match fields.get("retry") {
            Some(node) => self.retry(node, true),
            None if effect == EffectClass::Once => None,
            None => self.defaults.retry.clone(),
        };
        let draft = self.draft(index);
        draft.effect = effect;
        draft.timeout_ms = timeout_ms;
        draft.retry = retry.unwrap_or(Retry::NONE);
        let bare = catalogue::find(kind).map_or(&[][..], |contract| contract.outputs);
        let bare: Vec<&str> = bare.iter().map(|field| field.name).collect();
        self.own_outputs(fields, index, &bare);
    }

    /// The keys of a step that calls a workflow. `defaults` are for tasks, those of the
    /// called workflow too: its run is not repeated unless the step says so.
    fn call_keys(&mut self, waited: Waited, fields: &Fields<'a>, index: usize) {
        let timeout_ms = match (fields.get("timeout"), waited) {
            (Some(node), Waited::For) => self.timeout_ms(node, "`timeout`"),
            (_, Waited::For | Waited::Not) => None,
        };
        let retry = fields.get("retry").and_then(|node| self.retry(node, true));
        let draft = self.draft(index);
        draft.effect = EffectClass::Unknown;
        draft.timeout_ms = timeout_ms;
        draft.retry = retry.unwrap_or(Retry::NONE);
        self.own_outputs(fields, index, &[]);
    }

    /// `outputs` that are added to what a step gives, whose names stand `bare` in them.
    fn own_outputs(&mut self, fields: &Fields<'a>, index: usize, bare: &[&str]) {
        if let Some(node) = fields.get("outputs") {
            let slot = Slot { step: Some(index), place: Place::StepOutput, bare };
            self.draft(index).outputs = self.outputs(node, slot);
        }
    }

    /// The keys of a step with steps in it.
    fn body_keys(&mut self, form: &Form<'a>, fields: &Fields<'a>, index: usize) {
        let timeout = fields.get("timeout").and_then(|node| self.timeout_ms(node, "`timeout`"));
        self.draft(index).timeout_ms = timeout;
        if let Some(node) = fields.get("outputs") {
            let slot = Slot::new(Some(index), Place::BodyOutput);
            let item = form.is_for_each().then(|| self.item_name(fields));
            self.draft(index).outputs = self.with_item(item, |reader| reader.outputs(node, slot));
        }
    }

    /// `compensate`: one step or a list of them.
    fn compensate(&mut self, node: &'a Node, index: usize) {
        let undoes = |rung: super::outline::Rung| {
            matches!(self.outline.lists[rung.list].part, Part::Compensate(_) | Part::Handler(_))
        };
        if self.outline.outwards(index).any(undoes) {
            let message = "`compensate` has no meaning on a step that itself undoes or handles";
            self.problems.error(ProblemCode::StepForm, node.at, message, "take it out");
            return;
        }
        let list = match node.data {
            Data::Map(_) => {
                let list = self.outline.add_list(Part::Compensate(index));
                if self.has_room(list, node) {
                    self.step(node, list);
                }
                list
            }
            _ => self.list(node, Part::Compensate(index), "`compensate`"),
        };
        self.draft(index).compensate = Some(list);
    }

    /// A map of names to expressions.
    pub(crate) fn outputs(&mut self, node: &'a Node, slot: Slot<'_>) -> BTreeMap<String, Template> {
        let Data::Map(entries) = &node.data else {
            let message = format!("`outputs` is a map; here is {}", node.described());
            self.wrong_type(node.at, message, "write names and expressions");
            return BTreeMap::new();
        };
        let mut outputs = BTreeMap::new();
        for entry in entries {
            let name = self.name::<Ident>(&entry.key, entry.key_at, "output");
            let template = self.template(&entry.node, slot);
            outputs.extend(name.map(|name| (name.into(), template)));
        }
        outputs
    }
}
