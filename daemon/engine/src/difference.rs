//! What differs between two meanings of a workflow: for whoever is about to replace
//! one by the other. It decides nothing.

mod triggers;

use std::collections::{BTreeMap, BTreeSet};

use crate::name::Ident;
use crate::template::{Expr, Template};
use crate::trigger::Trigger;
use crate::value::Value;
use crate::workflow::{Action, Step, Variable, Wait, Workflow};

/// From one meaning to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Keys of the top level that differ, as the file has them; `order` when the same
    /// steps stand in another order.
    pub keys: Vec<&'static str>,
    /// In the order of the file; those that are gone come last.
    pub steps: Vec<(Ident, Change)>,
    pub variables: Vec<(Ident, Change)>,
    pub triggers: Vec<(Ident, Change)>,
    /// Secrets that are needed and were not.
    pub secrets: BTreeSet<Ident>,
}

/// What becomes of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Added,
    Removed,
    /// These keys of it differ.
    Changed(Vec<&'static str>),
}

impl Difference {
    /// From nothing, or from `old`, to `new`.
    pub fn between(old: Option<&Workflow>, new: &Workflow) -> Difference {
        // of a new workflow the items are told, and no keys
        let nothing = Workflow {
            variables: BTreeMap::new(),
            steps: Vec::new(),
            triggers: Vec::new(),
            ..new.clone()
        };
        let old = old.unwrap_or(&nothing);
        let steps = |w: &Workflow| -> Vec<(Ident, Step)> {
            w.steps.iter().map(|step| (step.id.clone(), step.clone())).collect()
        };
        let variables = |w: &Workflow| -> Vec<(Ident, Variable)> {
            w.variables.iter().map(|(name, v)| (name.clone(), v.clone())).collect()
        };
        let triggers = |w: &Workflow| -> Vec<(Ident, Trigger)> {
            w.triggers.iter().map(|trigger| (trigger.id.clone(), trigger.clone())).collect()
        };
        Difference {
            keys: top_keys(old, new),
            steps: items(&steps(old), &steps(new), step_keys),
            variables: items(&variables(old), &variables(new), variable_keys),
            triggers: items(&triggers(old), &triggers(new), triggers::keys),
            secrets: &secrets(new) - &secrets(old),
        }
    }

    /// The two mean the same.
    pub fn is_empty(&self) -> bool {
        *self == Difference::default()
    }
}

/// The secrets that a workflow names.
pub fn secrets(workflow: &Workflow) -> BTreeSet<Ident> {
    let mut found = BTreeSet::new();
    let mut visit = |expr: &Expr| found.extend(expr.reads.secrets.iter().cloned());
    let handlers = &workflow.handlers;
    for steps in
        [&workflow.steps, &handlers.success, &handlers.failure, &handlers.cancel, &handlers.finally]
    {
        steps.iter().for_each(|step| each_expr(step, &mut visit));
    }
    workflow.outputs.values().for_each(|template| template.each_expr(&mut visit));
    for trigger in &workflow.triggers {
        trigger.condition.iter().for_each(&mut visit);
        trigger.vars.values().for_each(|template| template.each_expr(&mut visit));
    }
    for variable in workflow.variables.values() {
        if let Some(Value::Sealed(sealed)) = &variable.default {
            sealed.template.each_expr(&mut visit);
        }
    }
    let webhooks = workflow.triggers.iter().filter_map(|trigger| trigger.source.webhook());
    found.extend(webhooks.flat_map(|webhook| webhook.secrets.iter().cloned()));
    found
}

/// Every expression of a step, of its body and of what undoes it.
fn each_expr<'w>(step: &'w Step, visit: &mut dyn FnMut(&'w Expr)) {
    step.condition.iter().for_each(&mut *visit);
    let lock = step.claims.iter().filter_map(|claims| claims.lock.as_ref());
    let named = step.vars.values().chain(step.outputs.values());
    for template in templates(&step.action).into_iter().chain(named).chain(lock) {
        template.each_expr(visit);
    }
    match &step.action {
        Action::While(repeated) => visit(&repeated.condition),
        Action::Repeat(repeated) => repeated.until.iter().for_each(&mut *visit),
        Action::Wait(Wait::Event(event)) => event.fits.iter().for_each(&mut *visit),
        _ => {}
    }
    for inner in step.action.body().chain(&step.compensate) {
        each_expr(inner, visit);
    }
}

/// The templates of a step's own form.
fn templates(action: &Action) -> Vec<&Template> {
    match action {
        Action::Task { with, env, .. } => std::iter::once(with).chain(env.values()).collect(),
        Action::Set(values) => values.values().collect(),
        Action::Wait(Wait::Until(moment)) => vec![moment],
        Action::ForEach(each) => vec![&each.items],
        Action::Switch(switch) => vec![&switch.on],
        Action::Call(call) => call.with.values().collect(),
        Action::Approval(approval) => {
            let shown = std::iter::once(&approval.message).chain(approval.show.values());
            shown.chain(&approval.approvers).collect()
        }
        Action::Wait(Wait::For { .. } | Wait::Event(_))
        | Action::Group(_)
        | Action::While(_)
        | Action::Repeat(_) => Vec::new(),
    }
}

fn top_keys(old: &Workflow, new: &Workflow) -> Vec<&'static str> {
    // each field is named, so that a new one is not forgotten
    let Workflow {
        name: _,
        description,
        tags,
        category,
        variables: _,
        steps,
        outputs,
        timeout_ms,
        priority,
        concurrency,
        sla,
        handlers,
        triggers: _,
    } = old;
    differing(&[
        ("description", *description == new.description),
        ("tags", *tags == new.tags),
        ("category", *category == new.category),
        ("outputs", *outputs == new.outputs),
        ("timeout", *timeout_ms == new.timeout_ms),
        ("priority", *priority == new.priority),
        ("concurrency", *concurrency == new.concurrency),
        ("sla", *sla == new.sla),
        ("handlers", *handlers == new.handlers),
        ("order", order(steps, &new.steps) == order(&new.steps, steps)),
    ])
}

/// The order of those steps that are among the others too.
fn order<'a>(of: &'a [Step], others: &[Step]) -> Vec<&'a Ident> {
    let others: BTreeSet<&Ident> = others.iter().map(|step| &step.id).collect();
    of.iter().map(|step| &step.id).filter(|id| others.contains(id)).collect()
}

fn step_keys(old: &Step, new: &Step) -> Vec<&'static str> {
    // each field is named, so that a new one is not forgotten
    let Step {
        id: _,
        name,
        needs,
        condition,
        vars,
        action,
        effect,
        timeout_ms,
        retry,
        on_error,
        claims,
        compensate,
        outputs,
    } = old;
    differing(&[
        ("name", *name == new.name),
        ("needs", *needs == new.needs),
        ("if", *condition == new.condition),
        ("vars", *vars == new.vars),
        ("action", *action == new.action),
        ("effect", *effect == new.effect),
        ("timeout", *timeout_ms == new.timeout_ms),
        ("retry", *retry == new.retry),
        ("on_error", *on_error == new.on_error),
        ("claims", *claims == new.claims),
        ("compensate", *compensate == new.compensate),
        ("outputs", *outputs == new.outputs),
    ])
}

fn variable_keys(old: &Variable, new: &Variable) -> Vec<&'static str> {
    let Variable { kind, required, default, description, sensitive, choices, pattern, min, max } =
        old;
    differing(&[
        ("type", *kind == new.kind),
        ("required", *required == new.required),
        ("default", *default == new.default),
        ("description", *description == new.description),
        ("sensitive", *sensitive == new.sensitive),
        ("enum", *choices == new.choices),
        ("pattern", *pattern == new.pattern),
        ("min", *min == new.min),
        ("max", *max == new.max),
    ])
}

fn differing(keys: &[(&'static str, bool)]) -> Vec<&'static str> {
    keys.iter().filter(|(_, same)| !same).map(|(key, _)| *key).collect()
}

fn items<T>(
    old: &[(Ident, T)],
    new: &[(Ident, T)],
    keys: impl Fn(&T, &T) -> Vec<&'static str>,
) -> Vec<(Ident, Change)> {
    let was: BTreeMap<&Ident, &T> = old.iter().map(|(id, item)| (id, item)).collect();
    let is: BTreeSet<&Ident> = new.iter().map(|(id, _)| id).collect();
    let present = new.iter().filter_map(|(id, item)| {
        let Some(before) = was.get(id) else { return Some((id.clone(), Change::Added)) };
        let keys = keys(before, item);
        (!keys.is_empty()).then(|| (id.clone(), Change::Changed(keys)))
    });
    let gone = old.iter().filter(|(id, _)| !is.contains(id));
    present.chain(gone.map(|(id, _)| (id.clone(), Change::Removed))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Reads;
    use crate::workflow::{EffectClass, Retry, VariableKind};

    fn id(text: &str) -> Ident {
        text.parse().unwrap()
    }

    fn step(name: &str) -> Step {
        Step {
            id: id(name),
            name: String::new(),
            needs: BTreeMap::new(),
            condition: None,
            vars: BTreeMap::new(),
            action: Action::Wait(Wait::For { ms: 1 }),
            effect: EffectClass::Pure,
            timeout_ms: None,
            retry: Retry::NONE,
            on_error: Default::default(),
            claims: None,
            compensate: Vec::new(),
            outputs: BTreeMap::new(),
        }
    }

    fn workflow(steps: Vec<Step>) -> Workflow {
        let default = "default".parse().unwrap();
        Workflow {
            name: crate::WorkflowRef::parse("flow", &default).unwrap(),
            description: String::new(),
            tags: Vec::new(),
            variables: BTreeMap::new(),
            steps,
            outputs: BTreeMap::new(),
            timeout_ms: None,
            priority: Default::default(),
            category: String::new(),
            concurrency: None,
            sla: None,
            handlers: Default::default(),
            triggers: Vec::new(),
        }
    }

    fn secret(name: &str) -> Expr {
        let reads = Reads { secrets: [id(name)].into(), ..Reads::default() };
        Expr { source: format!("secrets.{name}"), reads }
    }

    fn check(change: impl Fn(&mut Workflow), wanted: &Difference) {
        let mut old = workflow(vec![step("a"), step("b")]);
        let variable = Variable { required: false, ..Variable::of(VariableKind::Number) };
        old.variables.insert(id("v"), variable);
        let mut new = old.clone();
        change(&mut new);
        assert_eq!(&Difference::between(Some(&old), &new), wanted);
    }

    fn none() -> Difference {
        Difference::default()
    }

    #[test]
    fn what_is_the_same_has_no_difference() {
        check(|_| {}, &none());
        assert!(none().is_empty());
    }

    #[test]
    fn the_top_level() {
        check(|w| w.description = "d".into(), &Difference { keys: vec!["description"], ..none() });
        check(|w| w.tags = vec!["t".into()], &Difference { keys: vec!["tags"], ..none() });
        check(|w| w.steps.reverse(), &Difference { keys: vec!["order"], ..none() });
        let output = |w: &mut Workflow| {
            w.outputs.insert("x".into(), Template::Literal(Value::Null));
        };
        check(output, &Difference { keys: vec!["outputs"], ..none() });
    }

    #[test]
    fn steps_come_go_and_change() {
        let steps = |steps: &[(&str, Change)]| Difference {
            steps: steps.iter().map(|(name, change)| (id(name), change.clone())).collect(),
            ..none()
        };
        let replaced = |w: &mut Workflow| w.steps[0] = step("c");
        check(replaced, &steps(&[("c", Change::Added), ("a", Change::Removed)]));
        type Edit = fn(&mut Step);
        let edits: [(&'static str, Edit); 9] = [
            ("name", |s| s.name = "n".into()),
            ("needs", |s| s.needs = [(id("b"), crate::workflow::When::Completed)].into()),
            ("if", |s| s.condition = Some(Expr { source: "true".into(), reads: Reads::default() })),
            ("vars", |s| s.vars = [(id("v"), Template::empty_map())].into()),
            ("action", |s| s.action = Action::Wait(Wait::For { ms: 2 })),
            ("effect", |s| s.effect = EffectClass::Once),
            ("timeout", |s| s.timeout_ms = Some(1)),
            ("retry", |s| s.retry.attempts = 2),
            ("outputs", |s| s.outputs = [("o".into(), Template::empty_map())].into()),
        ];
        for (key, edit) in edits {
            check(|w| edit(&mut w.steps[0]), &steps(&[("a", Change::Changed(vec![key]))]));
        }
    }

    #[test]
    fn variables_come_go_and_change() {
        let change = |change: Change| Difference { variables: vec![(id("v"), change)], ..none() };
        check(|w| w.variables.clear(), &change(Change::Removed));
        type Edit = fn(&mut Variable);
        let edits: [(&'static str, Edit); 4] = [
            ("type", |v| v.kind = VariableKind::String),
            ("required", |v| v.required = true),
            ("default", |v| v.default = Some(Value::Int(1))),
            ("description", |v| v.description = "d".into()),
        ];
        for (key, edit) in edits {
            let edited = |w: &mut Workflow| w.variables.values_mut().for_each(edit);
            check(edited, &change(Change::Changed(vec![key])));
        }
    }

    #[test]
    fn secrets_are_found_wherever_they_are_named() {
        let mut with = step("a");
        let template = |name: &str| Template::Expr(secret(name));
        with.condition = Some(secret("in_if"));
        with.action = Action::Task {
            kind: "noop".into(),
            with: Template::List(vec![template("in_with")]),
            env: [("E".to_owned(), template("in_env"))].into(),
        };
        with.vars = [(id("v"), template("in_vars"))].into();
        with.outputs = [("o".to_owned(), template("in_outputs"))].into();
        let mut set = step("b");
        set.action = Action::Set([(id("x"), template("in_set"))].into());
        let new = workflow(vec![with.clone(), set]);
        let all: Vec<_> = secrets(&new).into_iter().map(|s| s.to_string()).collect();
        assert_eq!(all, ["in_env", "in_if", "in_outputs", "in_set", "in_vars", "in_with"]);
        let needed = Difference::between(Some(&workflow(vec![with])), &new).secrets;
        assert_eq!(needed, [id("in_set")].into(), "those that were not needed before");
        let whole = Difference::between(None, &new);
        assert_eq!((whole.secrets.len(), whole.keys.len()), (6, 0));
        let added = [(id("a"), Change::Added), (id("b"), Change::Added)];
        assert_eq!(whole.steps, added);
    }
}
