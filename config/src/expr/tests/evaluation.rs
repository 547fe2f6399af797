//! What expressions give.

use rpa_engine::{Map, Value};

use super::{error_of, eval_in, scope, value_of};
use crate::expr::{EvalError, Evaluator, parse_condition};

#[test]
fn operators() {
    for (source, value) in [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("2 ** 3 ** 2", "64"),
        ("-2 * -x", "14"),
        ("7 // 2 - 7 % 4", "0"),
        ("1 / 2", "0.5"),
        ("x * 2 * 3", "42"),
        ("10 - 2 - 3", "5"),
        ("9223372036854775807 + 1", "9.223372036854776e18"),
        ("true * 3", "3"),
        (
            "'a' ~ 1 ~ true ~ none ~ 1.5 ~ [1, 'b'] ~ {'k': none}",
            r#""a1true1.5[1,\"b\"]{\"k\":null}""#,
        ),
        ("'a' ~ x * 2 ~ 'b'", r#""a14b""#),
        ("'a' ~ -x|abs ~ 'b' | upper", r#""a7B""#),
        ("('a' ~ 'b') ~ ('c' ~ x)", r#""abc7""#),
        ("'a' + 'b' ~ 'c' + 'd'", r#""abcd""#),
        ("[1] + [2] + [3, 4]", "[1,2,3,4]"),
        ("([1] + [2])[1]", "2"),
        ("[1, 2, 3, 4][1:3]", "[2,3]"),
        ("([1, 2, 3][1:]) | length", "2"),
        ("[1, 2, 3][-1]", "3"),
        ("'abc'[1:]", r#""bc""#),
        ("'abc'[0]", r#""a""#),
        ("'äbcd'[1:-1] ~ 'abc'[-2:] ~ 'abc'[:-9] ~ 'abc'[5:] ~ 'abc'[:]", r#""bcbcabc""#),
        ("[1, 2, 3][:2] + [1, 2, 3][-1:] + [1][2:1]", "[1,2,3]"),
        ("-[1, 2, 3][1:][0] * 2 + [[1, 2], 3][:1][0][1:][0]", "-2"),
        ("{'a': [1, 2, 3]}.a[1:x - 5][0] if 2 in [1, 2][1:] else 0", "2"),
        ("('a' 'b')[1:] ~ 'c' 'd'[1:]", r#""bd""#),
        ("x is eq [7, 8][0] and [8] is eq [7, 8][1:]", "true"),
        ("(1, 2)", "[1,2]"),
        ("{'a': 1, 'b': [x]}", r#"{"a":1,"b":[7]}"#),
        ("{1: 'a', true: 'b'}", r#"{"1":"a","true":"b"}"#),
        ("'a' 'b'", r#""ab""#),
        ("'\\n\\u00e9\\''", r#""\né'""#),
    ] {
        assert_eq!(value_of(source, r#"{"x": 7}"#), value, "{source}");
    }
}

#[test]
fn comparisons_and_logic() {
    for (source, value) in [
        ("1 < 2 and 2 <= 2 and 3 > 2 and 3 >= 3", "true"),
        ("1 == 1.0 and 1 != 2", "true"),
        ("'a' ~ 'b' == 'ab'", "true"),
        ("1 + 1 == 2 and not 1 + 1 == 3", "true"),
        ("x + 1 > 2 * 3 or false", "true"),
        ("'b' in 'abc' and 2 in [1, 2] and 'k' in {'k': 1}", "true"),
        ("3 not in [1, 2] and not 1 in []", "true"),
        ("'ab' not in 'a' ~ 'b'", "false"),
        ("x is odd and x is not even", "true"),
        ("x is divisibleby 7", "true"),
        ("x is divisibleby(7) if x is defined else false", "true"),
        ("(x is divisibleby 7) == true", "true"),
        ("y is defined", "false"),
        ("y is undefined and y is not defined", "true"),
        ("'yes' if x is number else 'no'", r#""yes""#),
        ("x if x > 7 else x + 1 if x > 6 else 0", "8"),
        ("[1, 2] == [1, 2] and {'a': 1} == {'a': 1}", "true"),
        ("[1, 2] < [1, 3]", "true"),
        ("[1, 2] < [1, 2, 0] and [[2]] > [[1], 'a'] and [] <= []", "true"),
        ("false < true and none <= none", "true"),
        ("7 < 7.5 and 'b' >= 'B' and '10' < '9'", "true"),
        ("'7' == 7 or 7 == '7'", "false"),
        ("none == none and none is none", "true"),
        ("x == 7 and x in [7] and [x == 7, x < 3]", "[true,false]"),
        ("'a' < 'b' if 'a' in 'ab' else 1", "true"),
    ] {
        assert_eq!(value_of(source, r#"{"x": 7}"#), value, "{source}");
    }
}

#[test]
fn values_of_different_kinds_have_no_order() {
    for (source, said) in [
        ("'7' > 3", "not a string with a number; `| int`"),
        ("3 <= '7'", "`<=` compares numbers with numbers and texts with texts, not a number"),
        ("none < 3", "not a none with a number"),
        ("true >= 1", "not a bool with a number"),
        ("[1] < 2", "not a sequence with a number"),
        ("[1, 'a'] < [1, 2]", "not a string with a number"),
        ("['7', 8] | select('gt', 3) | list", "not a string with a number"),
        ("[{'n': '7'}] | selectattr('n', 'lt', 3) | list", "not a string with a number"),
    ] {
        match error_of(source, "{}") {
            EvalError::Failed(message) => assert!(message.contains(said), "{source}: {message}"),
            other => panic!("{source}: {other:?}"),
        }
    }
}

#[test]
fn texts_around_expressions() {
    let scope = r#"{"x": {"n": null, "t": true, "f": 2.0, "l": [1, "a"], "s": "s'"}}"#;
    for (template, text) in [
        ("<{{ x.n }}>", "<>"),
        ("{{ x.t }}{{ x.f }}", "true2.0"),
        ("a {{ x.l }} {{ x.s }}", "a [1,\"a\"] s'"),
        ("{{ '{{' }} {{ 1 + 1 }}", "{{ 2"),
        ("{{ x.s | upper }}\n", "S'"),
    ] {
        assert_eq!(eval_in(template, scope), Ok(Value::from(text)), "{template}");
    }
}

#[test]
fn what_is_undefined_is_named() {
    let scope = r#"{"steps": {"usage": {"output": {"exit_code": 0, "stdout": "", "rows": [1]}}},
                    "vars": {"a": 1, "t": "x"}}"#;
    for (source, said) in [
        (
            "steps.usage.output.rowz | length",
            "steps.usage.output has no field `rowz`; it has exit_code, rows, stdout",
        ),
        ("steps.usage.output.rowz", "steps.usage.output has no field `rowz`"),
        ("steps.usage.output.rows[3] + 1", "steps.usage.output.rows has no item 3; it has 1 items"),
        ("vars.nope", "variable `nope` has no value"),
        ("vars.nope ~ 'a'", "variable `nope` has no value"),
        ("vars.nope > 3", "variable `nope` has no value"),
        ("3 in vars.nope", "variable `nope` has no value"),
        ("[vars.nope]", "variable `nope` has no value"),
        ("steps.gone.output + 1", "step `gone` has no output"),
        ("vars.a.b", "vars.a has no field `b`; it is a number"),
        ("vars.t.b ~ ''", "vars.t has no field `b`; it is a string"),
        ("run.id", "run is not defined here"),
        ("vars.gone | default(1) ~ vars.nope", "variable `nope` has no value"),
        ("vars.a['b'] | upper", "vars.a has no field `b`"),
    ] {
        match error_of(source, scope) {
            EvalError::Failed(message) => assert!(message.contains(said), "{source}: {message}"),
            other => panic!("{source}: {other:?}"),
        }
    }
    for source in ["vars.nope | default('d')", "steps.usage.output.nope | d('d')"] {
        assert_eq!(value_of(source, scope), "\"d\"", "{source}");
    }
}

#[test]
fn failures_say_what_and_where() {
    for (source, said) in [
        ("'a' * 3", "`*` multiplies numbers, not a string, in `'a' * 3`"),
        ("[1] * 3", "`*` multiplies numbers"),
        ("1 / 0", "unable to calculate 1 / 0"),
        ("1e300 * 1e300", "not a finite number"),
        ("'a' | sort", "`sort` takes a list, not a string"),
        ("x.upper", "no field `upper`"),
        ("1 in 5", "nothing can be in a number"),
        ("'a' + 1", "unsupported types"),
        ("range(0, 5, 0)", "cannot be 0"),
    ] {
        match error_of(source, r#"{"x": 1}"#) {
            EvalError::Failed(message) => assert!(message.contains(said), "{source}: {message}"),
            other => panic!("{source}: {other:?}"),
        }
    }
}

#[test]
fn conditions_are_booleans() {
    let truth = |source: &str, scope: &Map| {
        Evaluator::default().condition(&parse_condition(source).expect(source), scope)
    };
    let vars = scope(r#"{"vars": {"n": 3, "yes": true}, "_failed": true}"#);
    for (source, value) in [
        ("vars.n > 2", true),
        ("{{ vars.yes }}", true),
        ("vars.yes", true),
        ("always() and vars.n == 4", false),
        ("failed()", true),
        ("not failed() or vars.n == 3", true),
    ] {
        assert_eq!(truth(source, &vars), Ok(value), "{source}");
    }
    for source in ["vars.n", "'true'", "none"] {
        let Err(EvalError::Failed(message)) = truth(source, &vars) else {
            panic!("{source} passes");
        };
        assert!(message.contains("must be true or false"), "{message}");
    }
    assert!(truth("failed()", &Map::new()).is_err());
    assert!(parse_condition("_failed").is_err(), "the answer has no name");
}

#[test]
fn documents_on_disk_pass_by_but_are_not_read() {
    let blob = Value::Blob(rpa_engine::value::BlobRef {
        hash: "0".repeat(64).try_into().unwrap(),
        bytes: 9,
    });
    let vars =
        Map::from([("vars".to_owned(), Value::from([("b", blob.clone()), ("a", Value::Int(1))]))]);
    let eval = |text: &str| {
        Evaluator::default().eval(&crate::expr::parse_template(text).expect(text), &vars)
    };
    assert_eq!(eval("{{ vars.b }}"), Ok(blob));
    assert_eq!(eval("{{ vars.a + 1 }}"), Ok(Value::Int(2)));
    let Err(EvalError::Failed(message)) = eval("{{ vars.b | length }}") else { panic!("read") };
    assert!(message.contains("not loaded"), "{message}");
}
