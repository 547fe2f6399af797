//! Tests of reading, evaluating, limits and secrets.

mod conversion;
mod evaluation;
mod filters;
mod items;
mod limits;
mod parsing;
mod secrets;

use rpa_engine::{Map, Value};

use super::{EvalError, Evaluator, parse_template_with};

/// The document that JSON text stands for.
fn json(text: &str) -> Value {
    fn document(json: serde_json::Value) -> Value {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(b) => Value::Bool(b),
            serde_json::Value::Number(n) => {
                n.as_i64().map_or_else(|| Value::Float(n.as_f64().expect("number")), Value::Int)
            }
            serde_json::Value::String(s) => Value::Text(s),
            serde_json::Value::Array(items) => {
                Value::List(items.into_iter().map(document).collect())
            }
            serde_json::Value::Object(map) => {
                Value::Map(map.into_iter().map(|(k, v)| (k, document(v))).collect())
            }
        }
    }
    document(serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}")))
}

fn scope(text: &str) -> Map {
    json(text).as_map().expect("a map").clone()
}

/// The value of a template in a scope given as JSON.
fn eval_in(template: &str, scope_json: &str) -> Result<Value, EvalError> {
    let template = parse_template_with(template, &["x", "y"])
        .unwrap_or_else(|error| panic!("{template}: {error:?}"));
    Evaluator::default().eval(&template, &scope(scope_json))
}

/// The value of an expression, as JSON.
fn value_of(source: &str, scope_json: &str) -> String {
    match eval_in(&format!("{{{{ {source} }}}}"), scope_json) {
        Ok(value) => {
            let listed = Value::List(vec![value]).to_string();
            listed[1..listed.len() - 1].to_owned()
        }
        Err(error) => panic!("{source}: {error:?}"),
    }
}

fn error_of(source: &str, scope_json: &str) -> EvalError {
    match eval_in(&format!("{{{{ {source} }}}}"), scope_json) {
        Err(error) => error,
        Ok(value) => panic!("{source} is {value}"),
    }
}
