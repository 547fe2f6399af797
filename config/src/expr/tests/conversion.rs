use proptest::prelude::*;
use rpa_engine::{Map, Value};

use crate::expr::{Evaluator, parse_template_with};

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        proptest::num::f64::NORMAL.prop_map(Value::Float),
        Just(Value::Float(1.0)),
        Just(Value::Float(-0.0)),
        ".{0,40}".prop_map(Value::Text),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::btree_map(".{0,9}", inner, 0..5).prop_map(Value::Map),
        ]
    })
}

/// serde_json reads a float to within its last digit.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Float(x) => Value::Text(format!("{x:.12e}")),
        Value::List(items) => Value::List(items.iter().map(rounded).collect()),
        Value::Map(map) => map.iter().map(|(k, v)| (k.clone(), rounded(v))).collect::<Map>().into(),
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn documents_survive_both_ways(value in document()) {
        let scope = Map::from([("x".to_owned(), value.clone())]);
        // a list item is converted there and back; a plain `x` would pass by
        let template = parse_template_with("{{ [x] | first }}", &["x"]).expect("template");
        let back = Evaluator::default().eval(&template, &scope).expect("value");
        prop_assert_eq!(format!("{back:?}"), format!("{value:?}"));
        let json = parse_template_with("{{ x | tojson | fromjson }}", &["x"]).expect("template");
        let back = Evaluator::default().eval(&json, &scope).expect("value");
        prop_assert_eq!(rounded(&back), rounded(&value));
    }

    #[test]
    fn any_text_is_read_or_refused(text in r#"[-a-z0-9 .,:|~+*/%=<>!'"\\(){}\[\]]{0,60}"#) {
        let _ = crate::expr::parse_template(&text);
        let _ = crate::expr::parse_template(&format!("{{{{ {text} }}}}"));
        let _ = crate::expr::parse_condition(&text);
    }

    #[test]
    fn any_expression_ends(words in prop::collection::vec(prop::sample::select(WORDS), 1..14)) {
        let text = format!("{{{{ {} }}}}", words.join(" "));
        if let Ok(template) = parse_template_with(&text, &["x", "y"]) {
            let scope = super::scope(r#"{"x": 3, "y": [1, "a"], "vars": {"a": {"b": 1}}}"#);
            let _ = Evaluator::default().eval(&template, &scope);
        }
    }
}

const WORDS: &[&str] = &[
    "x", "y", "1", "'a'", "[", "]", "(", ")", "{", "}", "|", "upper", "length", "~", "+", "-", "*",
    "/", "**", "==", "<", "in", "not", "and", "or", "if", "else", "is", "odd", "defined", ",", ":",
    "vars.a", ".b", "[0]", "vars['a']", "divisibleby", "true", "none", "2", "sort", "%", "//", "!=",
];
