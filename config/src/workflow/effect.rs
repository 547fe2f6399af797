//! The effect class of a task step that declares none.

use rpa_engine::contract::{EffectRule, TaskContract};
use rpa_engine::{EffectClass, Template};

/// By the contract, which may look at an input: an absent one has its default,
/// one with expressions counts as `otherwise`.
pub(crate) fn of(contract: &TaskContract, with: &Template) -> EffectClass {
    let (field, rules, otherwise) = match contract.effect {
        EffectRule::Always(class) => return class,
        EffectRule::ByInput { field, rules, otherwise } => (field, rules, otherwise),
    };
    let given = match with {
        Template::Map(inputs) => inputs.get(field),
        _ => None,
    };
    let value = match given {
        Some(template) => template.as_literal().and_then(|v| v.as_text().map(str::to_owned)),
        None => contract.inputs.iter().find(|f| f.name == field).map(|f| f.default.to_owned()),
    };
    let rule =
        value.and_then(|text| rules.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text)));
    rule.map_or(otherwise, |(_, class)| *class)
}
