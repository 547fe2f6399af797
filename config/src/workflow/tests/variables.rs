//! `variables`.

use rpa_engine::{Value, Variable};

use super::super::unfit;
use super::{file, report, workflow};

#[test]
fn declarations_are_checked() {
    let variables = "variables:\n\
        \x20 a: {type: number, default: '5'}\n\
        \x20 b: {type: string, default: 5}\n\
        \x20 c: {type: string, required: true, default: x}\n\
        \x20 d: {type: integer}\n\
        \x20 e: {default: 1}\n\
        \x20 f: 80\n\
        \x20 g: {type: list, default: {}}\n\
        \x20 h: {type: secret, default: 'Hunter 2'}\n\
        \x20 i: {type: string, default: 'x {{ vars.a }}'}\n\
        \x20 j: {type: boolean, default: yes, required: maybe}\n\
        \x20 k: {type: json, default: [{a: '{{ vars.a }}'}]}\n";
    insta::assert_snapshot!(report(&format!("{variables}{}", file("- {id: x, run: x}"))), @r#"
    2:30 RPA0305 the default of a number is a string
        write a number, or take the default out
    3:30 RPA0305 the default of a string is a number
        write it in quotes: "5"
    4:31 RPA0305 `required: true` contradicts `default`
        a default makes it optional: keep one of the two
    5:13 RPA0305 a variable's `type` cannot be "integer"
        did you mean "number"? allowed: string, number, boolean, json, list, secret
    6:6 RPA0316 the required key `type` is missing
        say one of: string, number, boolean, json, list, secret
    7:6 RPA0305 a variable is a map; here is a number
        write for example `limit: {type: number, default: 80}`
    8:28 RPA0305 the default of a list is a map
        write a list, or take the default out
    9:30 RPA0317 the default of a secret is the name of a secret, not its value
        store the value under a name such as api_token and write that name
    10:30 RPA0305 a default is literal, so `vars.a` would stay as it is
        compute it with a `set` step
    11:31 RPA0305 the default of a boolean is a string
        write a boolean, or take the default out
    11:46 RPA0305 `required` is a boolean; here is a string
        write true or false
    12:28 RPA0305 a default is literal, so `vars.a` would stay as it is
        compute it with a `set` step
    "#);
}

#[test]
fn a_literal_secret_is_never_repeated() {
    let source = format!(
        "variables: {{p: {{type: secret, default: 'Hunter 2'}}}}\n{}",
        file("- {id: x, run: x}")
    );
    assert!(!report(&source).contains("Hunter"));
}

fn variable(text: &str) -> Variable {
    let source = format!("variables: {{v: {text}}}\n{}", file("- {id: x, run: x}"));
    workflow(&source).variables.into_values().next().unwrap()
}

#[test]
fn constraints_are_read() {
    let found = variable("{type: number, sensitive: true, min: -1.5, max: 10, enum: [1, 2.5]}");
    assert!(found.sensitive);
    assert_eq!((found.min, found.max), (Some(-1.5), Some(10.0)));
    assert_eq!(found.choices, [Value::Int(1), Value::Float(2.5)]);
    let found = variable("{type: string, pattern: 'a|b', default: b}");
    assert_eq!(found.pattern.as_deref(), Some("a|b"));
    assert_eq!(found.default, Some(Value::from("b")));
}

#[test]
fn constraints_make_sense() {
    let variables = "variables:\n\
        \x20 a: {type: number, pattern: x, sensitive: 1}\n\
        \x20 b: {type: string, pattern: '('}\n\
        \x20 c: {type: string, pattern: 'a)(b'}\n\
        \x20 d: {type: boolean, min: 1}\n\
        \x20 e: {type: string, min: -1, max: 1.5}\n\
        \x20 f: {type: number, min: x}\n\
        \x20 g: {type: list, min: 3, max: 2}\n\
        \x20 h: {type: number, enum: []}\n\
        \x20 i: {type: number, enum: [1, b, 1]}\n\
        \x20 j: {type: secret, enum: [a]}\n\
        \x20 k: {type: string, enum: [a, b], default: c}\n\
        \x20 l: {type: string, pattern: '[a-z]+', default: ab1}\n\
        \x20 m: {type: number, min: 2, default: 1, enum: [1, 2]}\n\
        \x20 n: {type: list, max: 1, default: [1, 2]}\n\
        \x20 o: {type: string, max: 2, default: äöü}\n";
    insta::assert_snapshot!(report(&format!("{variables}{}", file("- {id: x, run: x}"))), @"
    2:21 RPA0305 `pattern` has no meaning for a number
        take it out: it is for a string
    2:44 RPA0305 `sensitive` is a boolean; here is a number
        write true or false
    3:30 RPA0305 no valid regular expression: unclosed group
        write for example '[a-z]+': it is held against the whole text
    4:30 RPA0305 no valid regular expression: unopened group
        write for example '[a-z]+': it is held against the whole text
    5:22 RPA0305 `min` has no meaning for a boolean
        take it out: it is for a number, a string or a list
    6:26 RPA0305 `min` bounds the characters of a string
        write a whole number, at least 0
    6:35 RPA0305 `max` bounds the characters of a string
        write a whole number, at least 0
    7:26 RPA0305 `min` bounds a number
        write a number
    8:32 RPA0305 `max` is less than `min`
        exchange them
    9:27 RPA0305 `enum` is a list of at least one value
        write for example [small, large]
    10:31 RPA0305 the value b is a string, not a number
        take it out, or correct it
    10:34 RPA0305 the value 1 stands in `enum` already
        take it out, or correct it
    11:21 RPA0305 `enum` has no meaning for a secret
        take it out: a secret is given by name, and names are not chosen
    12:44 RPA0305 the default is none of a, b
        write another default, or loosen what the variable takes
    13:49 RPA0305 the default does not match [a-z]+
        write another default, or loosen what the variable takes
    14:38 RPA0305 the default is less than 2
        write another default, or loosen what the variable takes
    14:48 RPA0305 the value 1 is less than 2
        take it out, or correct it
    15:36 RPA0305 the default has more than 1 items
        write another default, or loosen what the variable takes
    16:38 RPA0305 the default has more than 2 characters
        write another default, or loosen what the variable takes
    ");
}

#[test]
fn what_a_run_is_given_is_held_against_them() {
    let text = variable("{type: string, pattern: 'a|bc', max: 2}");
    for (value, fits) in [("a", true), ("bc", true), ("ab", false), ("bcx", false)] {
        assert_eq!(unfit(&text, &Value::from(value)).is_none(), fits, "{value}");
    }
    let number = variable("{type: number, enum: [1, 2], required: false}");
    assert_eq!(unfit(&number, &Value::Float(2.0)), None);
    assert_eq!(unfit(&number, &Value::Null), None, "absent");
    assert_eq!(unfit(&number, &Value::Int(3)).unwrap(), "is none of 1, 2");
    let list = variable("{type: list, min: 1}");
    assert_eq!(unfit(&list, &Value::List(Vec::new())).unwrap(), "has less than 1 items");
}
