//! Paths that two triggers of a namespace would have: the second one is refused.

use std::collections::BTreeMap;

use rpa_engine::{Ident, Workflow, WorkflowRef};

/// A path that another trigger has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub path: String,
    /// Who wants it.
    pub workflow: WorkflowRef,
    pub trigger: Ident,
    /// Who has it.
    pub by: (WorkflowRef, Ident),
}

/// The first path of what becomes live that another live workflow has. A trigger that is
/// disabled has its path as well: whoever enables it is not to find it gone.
pub fn taken<'a>(
    becomes_live: &[&'a Workflow],
    is_live: impl IntoIterator<Item = &'a Workflow>,
) -> Option<Taken> {
    let mut owners = BTreeMap::new();
    let others = is_live.into_iter().filter(|other| {
        // its own revision before this one gives way to it
        becomes_live.iter().all(|workflow| workflow.name != other.name)
    });
    for (definition, trigger, path) in others.flat_map(paths) {
        owners.insert((&definition.name.namespace, path), (&definition.name, trigger));
    }
    for (definition, trigger, path) in becomes_live.iter().copied().flat_map(paths) {
        let owner = (&definition.name, trigger);
        let before = owners.insert((&definition.name.namespace, path), owner);
        if let Some((workflow, other)) = before {
            return Some(Taken {
                path: path.to_owned(),
                workflow: definition.name.clone(),
                trigger: trigger.clone(),
                by: (workflow.clone(), other.clone()),
            });
        }
    }
    None
}

fn paths(definition: &Workflow) -> impl Iterator<Item = (&Workflow, &Ident, &str)> {
    definition.triggers.iter().filter_map(move |trigger| {
        let webhook = trigger.source.webhook()?;
        Some((definition, &trigger.id, webhook.path.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use rpa_engine::trigger::{Flow, SignatureScheme, Source, Trigger, Webhook};

    use super::*;

    fn workflow(name: &str, triggers: &[(&str, &str)]) -> Workflow {
        let text = format!("version: 1\nname: {name}\nsteps: [{{id: s, uses: noop}}]\n");
        let checked =
            rpa_config::workflow::check(&text, "test.yaml", &"default".parse().expect("a name"));
        let mut definition = checked.workflow.expect("it is in order");
        let trigger = |(id, path): &(&str, &str)| Trigger {
            id: id.parse().unwrap(),
            description: String::new(),
            source: Source::Webhook(Box::new(Webhook {
                path: (*path).to_owned(),
                scheme: SignatureScheme::None,
                secrets: Vec::new(),
                tolerance_ms: 0,
                max_body: 0,
                rate: None,
                respond_ms: None,
            })),
            condition: None,
            vars: BTreeMap::new(),
            flow: Flow::default(),
            enabled: true,
        };
        definition.triggers = triggers.iter().map(trigger).collect();
        definition
    }

    #[test]
    fn the_second_that_wants_a_path_is_told_who_has_it() {
        let live = [workflow("a", &[("one", "x"), ("two", "y")]), workflow("b", &[])];
        let told = |new: &[&Workflow]| {
            let taken = taken(new, &live)?;
            Some(format!("{}/{} {}", taken.by.0, taken.by.1, taken.path))
        };
        let c = workflow("c", &[("hook", "z"), ("other", "y")]);
        assert_eq!(told(&[&c]).as_deref(), Some("default/a/two y"));
        // its own paths are its own, of whatever trigger
        let a = workflow("a", &[("three", "x")]);
        assert_eq!(told(&[&a]), None);
        // a path that is given up by one is free for another in the same moment
        assert_eq!(told(&[&a, &c]), None);
        let d = workflow("d", &[("hook", "z")]);
        assert_eq!(told(&[&c, &d]).as_deref(), Some("default/a/two y"));
        assert_eq!(told(&[&a, &c, &d]).as_deref(), Some("default/c/hook z"));
        let mut elsewhere = workflow("c", &[("hook", "y")]);
        elsewhere.name.namespace = "ops".parse().unwrap();
        assert_eq!(told(&[&elsewhere]), None, "each namespace has paths of its own");
    }
}
