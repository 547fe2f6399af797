//! `variables`.

use super::{file, report};

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
        a default makes a variable optional: keep one of the two
    5:13 RPA0305 a variable's `type` cannot be "integer"
        allowed: string, number, boolean, json, list, secret
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
