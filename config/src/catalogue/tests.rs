//! The catalogue keeps its own promises.

use rpa_engine::contract::{EffectRule, Field, FieldKind};

use super::{CATALOGUE, find};
use crate::units;
use crate::workflow::check;

#[test]
fn kinds_are_sorted_and_found() {
    assert!(CATALOGUE.is_sorted_by_key(|c| c.kind));
    assert!(CATALOGUE.iter().all(|c| find(c.kind).is_some_and(|found| found.kind == c.kind)));
    assert!(find("ftp.get").is_none());
}

#[test]
fn each_example_is_clean() {
    for contract in CATALOGUE {
        let with: String = contract.example.lines().map(|l| format!("      {l}\n")).collect();
        let source = format!(
            "version: 1\nname: example\nsteps:\n  - id: only\n    uses: {}\n    with:\n{with}",
            contract.kind
        );
        let checked = check(&source, "example.yaml", &"default".parse().unwrap());
        assert_eq!(checked.problems, [], "{source}");
        assert!(checked.workflow.is_some());
    }
}

#[test]
fn defaults_are_of_the_type() {
    for (kind, field) in CATALOGUE.iter().flat_map(|c| c.inputs.iter().map(|f| (c.kind, f))) {
        assert!(default_fits(field), "{kind}: {} = {:?}", field.name, field.default);
        assert!(field.summary.ends_with('.'), "{kind}: {}", field.name);
        assert!(!field.required || field.default.is_empty(), "{kind}: {}", field.name);
    }
}

#[test]
fn effect_rules_name_a_choice() {
    for contract in CATALOGUE {
        let EffectRule::ByInput { field, rules, .. } = contract.effect else { continue };
        let input = contract.inputs.iter().find(|f| f.name == field).unwrap();
        let FieldKind::Choice(words) = input.kind else { panic!("{field} is no choice") };
        assert!(rules.iter().all(|(word, _)| words.contains(word)));
        assert!(words.contains(&input.default));
    }
}

fn default_fits(field: &Field) -> bool {
    match (field.default, field.kind) {
        ("", _) | (_, FieldKind::Text | FieldKind::Any) => true,
        (text, FieldKind::Number) => text.parse::<f64>().is_ok(),
        (text, FieldKind::Boolean) => text.parse::<bool>().is_ok(),
        (text, FieldKind::Duration) => units::parse_duration_ms(text).is_ok(),
        (text, FieldKind::Size) => units::parse_size(text).is_ok(),
        (text, FieldKind::Choice(words)) => words.contains(&text),
        (_, FieldKind::List | FieldKind::TextMap) => false,
    }
}
