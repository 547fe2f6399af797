//! Sealing and opening.

use std::collections::BTreeMap;

use rpa_engine::{Ident, Map, Template, Value};

use super::scope;
use crate::expr::{
    EvalError, Evaluator, SecretSource, Unsealed, parse_condition, parse_template, secret_reference,
};

const PASSWORD: &str = "hunter2-\"x\"";

struct Source(BTreeMap<&'static str, &'static str>);

impl SecretSource for Source {
    fn get(&self, name: &Ident) -> Result<Option<String>, String> {
        match name.as_str() {
            "broken" => Err("permission denied".to_owned()),
            name => Ok(self.0.get(name).map(|s| (*s).to_owned())),
        }
    }
}

fn source() -> Source {
    Source(BTreeMap::from([
        ("pw", PASSWORD),
        ("short", "abc"),
        ("key", "-----BEGIN\nline one long\nab"),
    ]))
}

fn eval(text: &str, scope: &Map) -> Value {
    let template = parse_template(text).expect(text);
    Evaluator::default().eval(&template, scope).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn unseal(value: &Value) -> Unsealed {
    Evaluator::default().unseal(value, &source()).unwrap_or_else(|error| panic!("{error}"))
}

fn variables() -> Map {
    let secret = secret_reference(&"pw".parse().expect("name"));
    let mut scope = scope(r#"{"vars": {"user": "anna", "n": 2}, "steps": {}}"#);
    let login = Value::from([("token", secret.clone()), ("ok", Value::Bool(true))]);
    let login = Value::from([("output", login)]);
    let Some(Value::Map(vars)) = scope.get_mut("vars") else { panic!("vars") };
    vars.insert("pass".to_owned(), secret);
    scope.insert("steps".to_owned(), Value::from([("login", login)]));
    scope
}

#[test]
fn what_reads_a_secret_is_sealed_leaf_by_leaf() {
    let template = Template::Map(
        [
            ("a", "{{ vars.n }}"),
            ("b", "{{ vars.user }}:{{ secrets.pw | b64encode }}"),
            ("c", "{{ vars.pass ~ 1 }}"),
        ]
        .map(|(key, text)| (key.to_owned(), parse_template(text).expect(text)))
        .into(),
    );
    let value = Evaluator::default().eval(&template, &variables()).expect("value");
    assert_eq!(value.get("a"), Some(&Value::Int(2)));
    let Some(Value::Sealed(b)) = value.get("b") else { panic!("{value:?}") };
    assert_eq!(b.scope, scope(r#"{"vars": {"user": "anna"}}"#));
    assert!(matches!(value.get("c"), Some(Value::Sealed(_))));
    assert!(!format!("{value:?}").contains("hunter2"));

    let unsealed = unseal(&value);
    let encoded = "aHVudGVyMi0ieCI=";
    assert_eq!(unsealed.value.get("b"), Some(&Value::Text(format!("anna:{encoded}"))));
    assert_eq!(unsealed.value.get("c"), Some(&Value::Text(format!("{PASSWORD}1"))));
    for text in
        [PASSWORD, encoded, &format!("anna:{encoded}"), &format!("{PASSWORD}1"), r#"hunter2-\"x\""#]
    {
        assert!(unsealed.tainted.iter().any(|t| t == text), "{text} not in {:?}", unsealed.tainted);
    }
    assert!(!unsealed.tainted.iter().any(|t| t == "anna" || t == "2"), "{:?}", unsealed.tainted);
}

#[test]
fn plain_references_pass_what_is_sealed() {
    let scope = variables();
    let secret = secret_reference(&"pw".parse().expect("name"));
    assert_eq!(eval("{{ vars.pass }}", &scope), secret);
    assert_eq!(eval("{{ steps.login.output.token }}", &scope), secret);
    assert_eq!(eval("{{ steps.login.output.ok }}", &scope), Value::Bool(true));
    let output = eval("{{ steps.login.output }}", &scope);
    assert_eq!(output.get("token"), Some(&secret));
    assert_eq!(unseal(&output).value.get("token"), Some(&Value::from(PASSWORD)));
    // beside a secret, but not it
    assert_eq!(eval("{{ [steps.login.output.ok] }}", &scope), Value::List(vec![Value::Bool(true)]));
    for text in ["{{ steps.login.output | tojson }}", "{{ [steps.login] }}", "{{ vars.pass.x }}"] {
        assert!(matches!(eval(text, &scope), Value::Sealed(_)), "{text}");
    }
}

#[test]
fn sealed_values_are_sealed_again() {
    let mut scope = variables();
    for round in 0..3 {
        let longer = eval("{{ vars.pass ~ '+' }}", &scope);
        let Some(Value::Map(vars)) = scope.get_mut("vars") else { panic!("vars") };
        vars.insert("pass".to_owned(), longer);
        let unsealed = unseal(&eval("{{ vars.pass }}", &scope));
        let expected = PASSWORD.to_owned() + &"+".repeat(round + 1);
        assert_eq!(unsealed.value, Value::from(expected.as_str()));
        assert!(unsealed.tainted.contains(&expected));
        assert!(unsealed.tainted.iter().any(|t| t == PASSWORD));
    }
}

#[test]
fn sealing_for_ever_is_a_limit() {
    let mut scope = variables();
    let template = parse_template("{{ vars.pass ~ '+' }}").expect("template");
    let refused = (0..100).find_map(|_| match Evaluator::default().eval(&template, &scope) {
        Ok(longer) => {
            unseal(&longer);
            let Some(Value::Map(vars)) = scope.get_mut("vars") else { panic!("vars") };
            vars.insert("pass".to_owned(), longer);
            None
        }
        Err(error) => Some(error),
    });
    assert!(matches!(refused, Some(EvalError::Limit(_))), "{refused:?}");
}

#[test]
fn conditions_do_not_read_secrets() {
    let condition = |text: &str| {
        Evaluator::default().condition(&parse_condition(text).expect(text), &variables())
    };
    assert_eq!(condition("steps.login.output.ok and vars.n == 2"), Ok(true));
    for text in [
        "secrets.pw == 'a'",
        "vars.pass == 'a'",
        "steps.login.output.token",
        "steps.login.output | length > 0",
    ] {
        let error = condition(text).expect_err(text);
        assert_eq!(error.to_string(), "a condition cannot read a secret", "{text}");
    }
}

#[test]
fn secrets_that_cannot_be_had() {
    let error = |text: &str| {
        let value = eval(text, &variables());
        Evaluator::default().unseal(&value, &source()).map(|_| ()).expect_err(text)
    };
    assert_eq!(error("{{ secrets.gone ~ 1 }}"), EvalError::NoSecret("gone".to_owned()));
    let broken =
        EvalError::Secret { name: "broken".to_owned(), why: "permission denied".to_owned() };
    assert_eq!(error("{{ secrets.broken }}"), broken);
}

#[test]
fn errors_do_not_quote_secrets() {
    for text in [
        "{{ secrets.pw | int }}",
        "{{ secrets.pw | strftime('%Y') }}",
        "{{ secrets.pw | fromjson }}",
        "{{ secrets.pw.field }}",
        "{{ secrets.pw / 2 }}",
        "{{ secrets.pw | regex_find(secrets.pw ~ '(') }}",
        "{{ {'a': secrets.pw}[secrets.pw] }}",
        "{{ 1 if secrets.pw | dictsort }}",
    ] {
        let value = eval(text, &variables());
        let Err(error) = Evaluator::default().unseal(&value, &source()) else {
            panic!("{text} passes");
        };
        assert!(!format!("{error:?} {error}").contains("hunter2"), "{text}: {error:?}");
    }
}

#[test]
fn short_texts_are_not_masked_and_long_ones_by_line() {
    let unsealed = unseal(&eval("{{ [secrets.short, secrets.key, 12345, true] }}", &variables()));
    for text in ["line one long", "-----BEGIN", "12345", "-----BEGIN\nline one long\nab"] {
        assert!(unsealed.tainted.iter().any(|t| t == text), "{text}: {:?}", unsealed.tainted);
    }
    assert!(!unsealed.tainted.iter().any(|t| ["abc", "ab", "true"].contains(&t.as_str())));
    assert!(unsealed.tainted.is_sorted());
}
