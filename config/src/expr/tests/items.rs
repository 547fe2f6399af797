//! `each`, `where` and `value`.

use rpa_engine::contract::{EffectRule, Field, FieldKind, TaskContract};
use rpa_engine::workflow::EffectClass;
use rpa_engine::{Template, Value};

use super::{json, scope};
use crate::expr::{EvalError, Evaluator, parse_template};

const fn field(name: &'static str, per_item: bool) -> Field {
    let kind = FieldKind::Any;
    Field { name, kind, required: false, default: "", summary: "", per_item }
}

const TRANSFORM: TaskContract = TaskContract {
    kind: "data.transform",
    summary: "",
    effect: EffectRule::Always(EffectClass::Pure),
    inputs: &[
        field("each", false),
        field("where", true),
        field("value", true),
        field("note", false),
    ],
    outputs: &[],
    example: "",
};

fn with(fields: &[(&str, &str)]) -> Template {
    Template::Map(
        fields
            .iter()
            .map(|(name, text)| ((*name).to_owned(), parse_template(text).expect(text)))
            .collect(),
    )
}

fn eval(fields: &[(&str, &str)], scope_json: &str) -> Result<Value, EvalError> {
    Evaluator::default().eval_with(&TRANSFORM, &with(fields), &scope(scope_json))
}

const VARS: &str = r#"{"vars": {"l": [{"n": 1}, {"n": 2}, {"n": 3}], "k": 10}}"#;

#[test]
fn each_item_has_its_value() {
    for (fields, result) in [
        (
            vec![("each", "{{ vars.l }}"), ("value", "{{ item.n * vars.k }}")],
            r#"{"value": [10, 20, 30]}"#,
        ),
        (
            vec![
                ("each", "{{ vars.l }}"),
                ("where", "{{ item.n > 1 }}"),
                ("value", "{{ loop.index }}/{{ loop.length }} {{ item.n }}"),
                ("note", "{{ vars.k }}"),
            ],
            r#"{"value": ["2/3 2", "3/3 3"], "note": 10}"#,
        ),
        (
            vec![
                ("each", "{{ range(2) }}"),
                ("value", "{{ [loop.first, loop.last, loop.index0] }}"),
            ],
            r#"{"value": [[true, false, 0], [false, true, 1]]}"#,
        ),
        (vec![("each", "{{ vars.l }}"), ("where", "{{ loop.first }}")], r#"{"value": [{"n": 1}]}"#),
        (vec![("value", "{{ vars.k }}")], r#"{"value": 10}"#),
        (vec![("each", "{{ [] }}"), ("value", "{{ item }}")], r#"{"value": []}"#),
    ] {
        assert_eq!(eval(&fields, VARS), Ok(json(result)), "{fields:?}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    for (fields, said) in [
        (vec![("each", "{{ vars.k }}"), ("value", "1")], "`each` must be a list, not a number"),
        (
            vec![("each", "{{ vars.l }}"), ("where", "{{ item.n }}")],
            "`where` must be true or false",
        ),
        (vec![("where", "{{ true }}"), ("value", "1")], "`each`, which is missing"),
        (vec![("each", "{{ vars.l }}"), ("value", "{{ item.m }}")], "item has no field `m`"),
        (
            vec![("each", "{{ vars.l }}"), ("where", "{{ secrets.s == 'a' }}")],
            "cannot read a secret",
        ),
        (vec![("each", "{{ [secrets.s] }}"), ("value", "{{ item }}")], "not a secret"),
    ] {
        let Err(EvalError::Failed(message)) = eval(&fields, VARS) else {
            panic!("{fields:?} passes");
        };
        assert!(message.contains(said), "{fields:?}: {message}");
    }
}

#[test]
fn items_are_limited_and_many_are_quick() {
    let items = |n: i64| {
        let list = Value::List((0..n).map(Value::Int).collect());
        rpa_engine::Map::from([("vars".to_owned(), Value::from([("l", list)]))])
    };
    let with = with(&[
        ("each", "{{ vars.l }}"),
        ("where", "{{ item is odd }}"),
        ("value", "{{ item + 1 }}"),
    ]);
    let eval = |n| Evaluator::default().eval_with(&TRANSFORM, &with, &items(n));
    assert!(matches!(eval(100_001), Err(EvalError::Limit(_))));
    let value = eval(100_000).expect("all items");
    assert_eq!(value.get("value").and_then(Value::as_list).map(<[_]>::len), Some(50_000));
}

#[test]
fn items_with_secrets_are_sealed_one_by_one() {
    let fields = [("each", "{{ vars.l }}"), ("value", "{{ item.n }} {{ secrets.s }}")];
    let value = eval(&fields, VARS).expect("value");
    let items = value.get("value").and_then(Value::as_list).expect("list").to_vec();
    assert_eq!(items.len(), 3);
    for (i, item) in items.iter().enumerate() {
        let Value::Sealed(sealed) = item else { panic!("{item:?}") };
        assert_eq!(sealed.scope.get("item"), Some(&Value::from([("n", Value::Int(i as i64 + 1))])));
        assert!(!sealed.scope.contains_key("vars"), "{sealed:?}");
    }
}
