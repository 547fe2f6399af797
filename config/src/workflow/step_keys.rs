//! The keys of a step: the one list of them, which the reader, the formatter and the forms of
//! the editor share. Its order is that in which a file has them: what a step is called, when
//! it is done, what is done, how, what comes out.

/// A key of a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepKey {
    pub(crate) name: &'static str,
    pub(crate) about: About,
}

/// What a key is about: where it stands in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// What makes it this step, or steps that have forms of their own: no field.
    Structure,
    /// What the step does.
    Action,
    /// When it is done, and what its failure means: of any step.
    Common,
    /// How a task is carried out.
    How,
    /// What it holds meanwhile.
    Claims,
    /// What it gives.
    Outcome,
}

pub(crate) const STEP_KEYS: [StepKey; 34] = [
    key("id", About::Structure),
    key("name", About::Structure),
    key("needs", About::Common),
    key("if", About::Common),
    key("vars", About::Common),
    key("lock", About::Claims),
    key("tokens", About::Claims),
    key("for_each", About::Action),
    key("as", About::Action),
    key("max_parallel", About::Action),
    key("on_item_error", About::Action),
    key("while", About::Action),
    key("max_iterations", About::Action),
    key("repeat", About::Action),
    key("switch", About::Action),
    key("run", About::Action),
    key("uses", About::Structure),
    key("workflow", About::Action),
    key("detached", About::Action),
    key("set", About::Action),
    key("wait", About::Action),
    key("approval", About::Action),
    key("with", About::Action),
    key("shell", About::Action),
    key("env", About::Action),
    key("effect", About::How),
    key("timeout", About::How),
    key("retry", About::How),
    key("on_error", About::Common),
    key("steps", About::Structure),
    key("cases", About::Structure),
    key("default", About::Structure),
    key("outputs", About::Outcome),
    key("compensate", About::Structure),
];

/// Their names alone.
pub(crate) const STEP_KEY_NAMES: [&str; STEP_KEYS.len()] = names();

/// The names of those that are about one thing.
pub(crate) fn about(about: About) -> impl Iterator<Item = &'static str> {
    STEP_KEYS.iter().filter(move |key| key.about == about).map(|key| key.name)
}

const fn key(name: &'static str, about: About) -> StepKey {
    StepKey { name, about }
}

const fn names() -> [&'static str; STEP_KEYS.len()] {
    let mut names = [""; STEP_KEYS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = STEP_KEYS[at].name;
        at += 1;
    }
    names
}
