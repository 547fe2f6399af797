//! Nothing grows beyond its limit.

use std::time::{Duration, Instant};

use rpa_engine::{Map, Value};

use crate::expr::{EvalError, Evaluator, MAX_NESTING, parse_template_with};

/// Many times what a limited evaluation takes in a debug build on a busy
/// machine, and a small part of what an unlimited one would.
const SOON: Duration = Duration::from_secs(20);

/// `x` is a text of 1 MiB, `y` a list of 20,000 numbers, `z` an equal list.
fn big_scope() -> Map {
    let numbers = || Value::List((0..20_000).map(Value::Int).collect());
    Map::from([
        ("x".to_owned(), Value::Text("ab".repeat(1 << 19))),
        ("y".to_owned(), numbers()),
        ("z".to_owned(), numbers()),
    ])
}

fn eval(source: &str) -> Result<Value, EvalError> {
    let template = parse_template_with(&format!("{{{{ {source} }}}}"), &["x", "y", "z"])
        .unwrap_or_else(|error| panic!("{source}: {error:?}"));
    Evaluator::default().eval(&template, &big_scope())
}

fn refused(source: &str) {
    let began = Instant::now();
    let result = eval(source);
    let took = began.elapsed();
    assert!(took < SOON, "{source} took {took:?}");
    match result {
        Err(EvalError::Limit(_)) => {}
        Err(other) => panic!("{source}: {other:?}"),
        Ok(value) => panic!("{source} made {} bytes", value.to_string().len()),
    }
}

#[test]
fn what_grows_without_bound_is_refused() {
    let repeated = |part: &str, times: usize, by: &str| vec![part; times].join(by);
    for source in [
        "range(10 ** 9)",
        "range(100001)",
        "range(-9223372036854775807, 9223372036854775807)",
        "x | replace('a', x)",
        "x | replace('', x)",
        "x | regex_replace('a', x)",
        "x | regex_replace('(?s).*', '$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0')",
        "y | join(x)",
        "y | map('default', x) | join",
        "range(100) | map(attribute='no', default=x) | join",
        "range(100) | map(attribute='no', default=x) | list",
        "range(100) | map(attribute='no', default=x) | tojson",
        "range(100) | map(attribute='no', default=x) | sort",
        "range(100000) | map(attribute='no', default=x) | unique",
        "range(90000) | map(attribute='no', default=y) == range(90000) | map(attribute='no', default=z)",
        "y | select('in', z)",
        "[x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x] | string",
        "'x' ~ ([x, x, x, x, x, x, x, x, x] in [[x]]) ~ range(100) | map(attribute='no', default=x) | join",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([
        repeated("x", 100, " ~ "),
        repeated("x", 100, " + "),
        repeated("(x ~ x)", 40, " ~ "),
        repeated("y", 200, " + "),
        format!("[{}]", repeated("x", 100, ", ")),
        format!("[{}] | length", repeated("x | upper", 100, ", ")),
        format!("[{}] | length", repeated("y | list", 100, ", ")),
        format!("[{}] | length", repeated("x[1:]", 70, ", ")),
        format!("[{}] | length", repeated("x[1:] == x", 50, ", ")),
    ]) {
        refused(&source);
    }
    for source in ["'x' * 10 ** 9", "x * 1000", "[1] * 1000000000", "1000 * x", "3 * 4 * y"] {
        assert!(matches!(eval(source), Err(EvalError::Failed(_))), "{source}");
    }
}

#[test]
fn what_is_large_but_bounded_passes() {
    for (source, size) in [
        ("x ~ x", 2 << 20),
        ("x | upper | lower | replace('ab', 'c')", 1 << 19),
        ("x | replace('abababababababababab', 'a\n') | lines | map('trim') | join", 52_428 + 16),
        ("y | map('string') | join(',')", 108_889),
        ("y | tojson | fromjson | length | string", 5),
        ("x | b64encode | b64decode", 1 << 20),
        ("x | regex_replace('a', 'cc')", 3 << 19),
        ("'yes' if y == z and y | last in z else ''", 3),
        ("y | sort(reverse=true) | batch(2) | map('sum') | unique | max | string", 5),
    ] {
        match eval(source) {
            Ok(value) => assert_eq!(value.to_string().len(), size, "{source}"),
            Err(error) => panic!("{source}: {error:?}"),
        }
    }
}

#[test]
fn results_do_not_nest_too_deep() {
    let mut deep = Value::Null;
    for _ in 0..62 {
        deep = Value::List(vec![deep]);
    }
    let scope = Map::from([("x".to_owned(), deep)]);
    let eval = |text: &str| {
        let template = parse_template_with(text, &["x"]).expect(text);
        Evaluator::default().eval(&template, &scope)
    };
    assert!(eval("{{ [x][0:] }}").is_ok());
    for text in ["{{ [[x]] + [] }}", "{{ [[[x]]] }}"] {
        assert!(matches!(eval(text), Err(EvalError::Limit(_))), "{text}");
    }
}

#[test]
fn an_expression_of_the_greatest_length_is_evaluated_on_a_small_stack() {
    let run = || {
        for source in [
            "1".to_owned() + &"+1".repeat(255),
            "1".to_owned() + &"~1".repeat(255),
            "1".to_owned() + &"*1".repeat(255),
            "1".to_owned() + &"|abs".repeat(255),
            "(".repeat(MAX_NESTING) + "1" + &" == 1)".repeat(MAX_NESTING),
            "[".repeat(MAX_NESTING) + "1" + &"]".repeat(MAX_NESTING),
            "not ".repeat(MAX_NESTING) + "x",
        ] {
            assert!(eval(&source).is_ok(), "{source}: {:?}", eval(&source));
        }
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run);
    thread.expect("thread").join().expect("no overflow");
}
