//! Documents to values of the evaluator and back.

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

/// Whether two documents are equal, but for the last digit of a float: that is
/// how exactly serde_json reads one.
fn near(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => (a - b).abs() <= 2.0 * f64::EPSILON * a.abs(),
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.keys().eq(b.keys()) && a.values().zip(b.values()).all(|(a, b)| near(a, b))
        }
        (a, b) => a == b,
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
        prop_assert!(near(&back, &value), "{back:?} is not {value:?}");
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

/// What minijinja itself makes of an expression, without our guards.
fn unguarded(source: &str) -> Option<String> {
    let mut env = minijinja::Environment::new();
    env.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    let context = minijinja::context! { x => 3, y => vec![1, 2] };
    let value = env.compile_expression(source).ok()?.eval(context).ok()?;
    Some(value.to_string())
}

/// Without what the two write differently: `True` and `[1, 2]`.
fn bare(text: &str) -> String {
    text.to_lowercase().replace(' ', "")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// The guards change no expression that they let pass.
    #[test]
    fn guarded_expressions_mean_what_minijinja_means(
        words in prop::collection::vec(
            (prop::sample::select(OPERANDS), prop::sample::select(OPERATORS)),
            1..7,
        ),
        last in prop::sample::select(OPERANDS),
        open in 0usize..4,
        width in 1usize..4,
    ) {
        let mut parts = Vec::new();
        for (i, (operand, operator)) in words.iter().enumerate() {
            let opening = if i == open { "( " } else { "" };
            let closing = if i == open + width { " )" } else { "" };
            parts.push(format!("{opening}{operand}{closing} {operator}"));
        }
        let opened = open < words.len() && open + width >= words.len();
        let source = format!("{} {last}{}", parts.join(" "), if opened { " )" } else { "" });
        let Ok(template) = parse_template_with(&format!("{{{{ {source} }}}}"), &["x", "y"]) else {
            return Ok(());
        };
        let scope = super::scope(r#"{"x": 3, "y": [1, 2]}"#);
        // a boolean joined to a text is `True` there, which then compares otherwise
        let booleans = ["is ", "not ", "=", "in "];
        if source.contains('~') && booleans.iter().any(|word| source.contains(word)) {
            return Ok(());
        }
        if let Ok(value) = Evaluator::default().eval(&template, &scope) {
            let expected = unguarded(&source);
            prop_assert_eq!(Some(bare(&value.to_string())), expected.as_deref().map(bare), "{}", source);
        }
    }
}

const OPERANDS: &[&str] = &[
    "x",
    "1",
    "2",
    "-x",
    "'a'",
    "'b'",
    "y[0]",
    "y",
    "y[:1] | list",
    "-y[1:][0]",
    "x | abs",
    "x is odd()",
    "x is divisibleby 3",
    "not x",
    "'ab'[1:]",
    "[x, 1]",
    "y | length",
    "x is not even()",
    "-x | abs",
    "[1][0] is eq(1)",
];

/// Without `<`: there a sum of lists and a list are never in order.
const OPERATORS: &[&str] = &[
    "+",
    "-",
    "~",
    "*",
    "/",
    "//",
    "%",
    "**",
    "==",
    "!=",
    "in",
    "not in",
    "and",
    "or",
    "if 1 else",
    "if 0 else",
    "+",
    "~",
    "*",
];

const WORDS: &[&str] = &[
    "x",
    "y",
    "1",
    "'a'",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "|",
    "upper",
    "length",
    "~",
    "+",
    "-",
    "*",
    "/",
    "**",
    "==",
    "<",
    "in",
    "not",
    "and",
    "or",
    "if",
    "else",
    "is",
    "odd",
    "defined",
    ",",
    ":",
    "vars.a",
    ".b",
    "[0]",
    "vars['a']",
    "divisibleby",
    "true",
    "none",
    "2",
    "sort",
    "%",
    "//",
    "!=",
];
