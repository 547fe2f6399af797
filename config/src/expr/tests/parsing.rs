//! Reading templates.

use rpa_engine::{Expr, Piece, Template, Value};

use crate::expr::{
    FILTERS, FUNCTIONS, ParseErrorKind, TESTS, parse_condition, parse_template, parse_template_with,
};
use crate::expr::{MAX_NESTING, MAX_SOURCE};

fn expr(text: &str) -> Expr {
    match parse_template(text) {
        Ok(Template::Expr(expr)) => expr,
        other => panic!("{text}: {other:?}"),
    }
}

/// Kind, the text pointed at, and words that message or hint must have.
fn refused(text: &str, kind: ParseErrorKind, at: &str, words: &[&str]) {
    let error = parse_template(text).expect_err(text);
    assert_eq!(error.kind, kind, "{text}: {error:?}");
    assert_eq!(&text[error.start..error.end], at, "{text}: {error:?}");
    for word in words {
        let said = format!("{} {}", error.message, error.hint);
        assert!(said.contains(word), "{text}: {word:?} not in {error:?}");
    }
}

#[test]
fn a_text_without_expressions_is_a_literal() {
    for text in ["", " a ", "a } b }}", "{ {", "100%", "{a}", "$HOME"] {
        assert_eq!(parse_template(text), Ok(Template::Literal(Value::from(text))), "{text}");
    }
}

#[test]
fn exactly_one_expression_keeps_its_type() {
    for (text, source) in [
        ("{{ vars.a }}", "vars.a"),
        (" {{vars.a}}\n", "vars.a"),
        ("{{ {'a': {'b': 1}} }}", "{'a': {'b': 1}}"),
        ("{{ {'a': {'b': 1}}}}", "{'a': {'b': 1}}"),
        ("{{ '}}' }}", "'}}'"),
        (r#"{{ "\"}}" }}"#, r#""\"}}""#),
        ("{{ '{{' }}", "'{{'"),
        ("{{ -1 }}", "-1"),
        ("{{ vars.m['é'] }}", "vars.m['é']"),
    ] {
        assert_eq!(expr(text).source, source, "{text}");
    }
}

#[test]
fn texts_keep_what_stands_between() {
    let Ok(Template::Text(pieces)) = parse_template("a {{ vars.b }}{{ vars.c }} d ") else {
        panic!("not a text");
    };
    let shown: Vec<_> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => format!("text {text:?}"),
            Piece::Expr(expr) => format!("expr {}", expr.source),
        })
        .collect();
    assert_eq!(shown, ["text \"a \"", "expr vars.b", "expr vars.c", "text \" d \""]);
}

#[test]
fn reads_are_what_is_named() {
    let reads = expr(
        "{{ steps.a.output.vars[vars.k] ~ vars['q'] ~ 'secrets.no' ~ secrets.s[run.id:] \
         ~ [item, loop.index] | join(d=workflow.name) }}",
    )
    .reads;
    let shown = |set: &std::collections::BTreeSet<rpa_engine::Ident>| {
        set.iter().map(|i| i.as_str().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(shown(&reads.vars), "k q");
    assert_eq!(shown(&reads.steps), "a");
    assert_eq!(shown(&reads.secrets), "s");
    assert_eq!(reads.roots.iter().cloned().collect::<Vec<_>>().join(" "), "item loop run workflow");
    assert!(!reads.status);
}

#[test]
fn conditions_stand_bare_or_in_braces() {
    for text in ["vars.a > 1", " {{ vars.a > 1 }} "] {
        assert_eq!(parse_condition(text).expect(text).source, "vars.a > 1");
    }
    for (text, status) in [
        ("always()", true),
        ("not failed() and vars.a", true),
        ("vars.a == 'always()'", false),
        ("vars.always", false),
    ] {
        assert_eq!(parse_condition(text).expect(text).reads.status, status, "{text}");
    }
    let error = parse_condition("{{ vars.a }} and vars.b").expect_err("two parts");
    assert_eq!((error.kind, error.start), (ParseErrorKind::Syntax, 13));
    refused("{{ always() }}", ParseErrorKind::Undefined, "always", &["belongs in if:"]);
}

#[test]
fn extra_roots_are_known_only_where_they_are_given() {
    let template = parse_template_with("{{ stdout | trim }}", &["stdout"]).expect("extra root");
    assert_eq!(template.reads().roots.iter().next().map(String::as_str), Some("stdout"));
    refused("{{ stdout | trim }}", ParseErrorKind::Undefined, "stdout", &["steps.ID.output"]);
}

#[test]
fn wrong_names_are_found_with_advice() {
    use ParseErrorKind::{NotSupported, Syntax, Undefined};
    refused("{{ var.x }}", Undefined, "var", &["did you mean \"vars\""]);
    refused("x {{ 1 | uper }}", Undefined, "uper", &["filter", "did you mean \"upper\""]);
    refused("{{ [1] | map('uper') }}", Undefined, "'uper'", &["filter"]);
    refused("{{ [1] | selectattr('n', 'gtt', 1) }}", Undefined, "'gtt'", &["test"]);
    refused("{{ 1 is od }}", Undefined, "od", &["test", "odd"]);
    refused("{{ 1 is not od }}", Undefined, "od", &["test"]);
    refused("{{ lipsum() }}", Undefined, "lipsum", &["function"]);
    refused("{{ range | list }}", Undefined, "range", &["not defined"]);
    refused("{{ env.HOME }}", NotSupported, "env", &["version"]);
    for text in
        ["vars | length", "steps[vars.x]", "vars[1:2]", "[secrets]", "vars.0", "vars['a' 'b']"]
    {
        let text = format!("{{{{ {text} }}}}");
        let error = parse_template(&text).expect_err(&text);
        assert_eq!(error.kind, Undefined, "{text}: {error:?}");
        assert!(error.message.contains("must be visible"), "{text}: {error:?}");
    }
    refused("{{ vars.Big }}", Undefined, "Big", &["must match"]);
    refused("{{ steps.my-step.output }}", Syntax, "my-step", &["steps.my_step", "minus"]);
    refused("{{ vars.a-b-c }}", Syntax, "a-b-c", &["vars.a_b_c"]);
    refused("{{ item.content-type }}", Syntax, "content-type", &["['content-type']"]);
    for text in ["{{ vars.a-vars.b }}", "{{ vars.a - 1 }}", "{{ vars.a-1 }}"] {
        expr(text);
    }
}

#[test]
fn what_is_no_expression_is_pointed_at() {
    use ParseErrorKind::{Limit, Syntax};
    refused("a {% if x %}", Syntax, "{%", &["statements"]);
    refused("{# note #}", Syntax, "{#", &["statements"]);
    refused("a {{ vars.x", Syntax, "{{ vars.x", &["does not end"]);
    refused("{{ 'abc }}", Syntax, "'abc }}", &["quote"]);
    refused("{{ }}", Syntax, " ", &["empty"]);
    refused("{{- vars.x }}", Syntax, "{{-", &["trimmed"]);
    refused("{{ vars.a + }}", Syntax, "+", &["end of input"]);
    refused("{{ vars.a vars.b }}", Syntax, "vars", &["unexpected"]);
    refused("{{ (vars.a] }}", Syntax, "]", &["closes"]);
    refused("{{ (vars.a }}", Syntax, "}", &["closes"]);
    refused("{{ a! }}", Syntax, "!", &["means nothing"]);
    refused("{{ vars.s.upper() }}", Syntax, "upper", &["| upper"]);
    refused("{{ dict(**vars.m) }}", Syntax, "**", &["unpacked"]);
    refused("{{ vars.l[::-1] }}", Syntax, "[", &["step", "reverse"]);
    refused("{{ 1 is eq -1 }}", Syntax, "-", &["brackets"]);
    refused("{{ 0x10 }}", Syntax, "0x10", &["number"]);
    refused("{{ 9223372036854775808 }}", Limit, "9223372036854775808", &["64 bits"]);
    refused("{{ 1e999 }}", Limit, "1e999", &["too large"]);
}

#[test]
fn nothing_overflows_the_stack() {
    let chains = [
        "not ".repeat(900) + "true",
        "-".repeat(4000) + "1",
        "(".repeat(2000) + "1" + &")".repeat(2000),
        "[".repeat(2000) + &"]".repeat(2000),
        "vars.a".to_owned() + &".b".repeat(2000),
        "1".to_owned() + &"+1".repeat(2000),
        "1".to_owned() + &" if 1 else 1".repeat(300),
        "1".to_owned() + &"|abs".repeat(1000),
        "1".to_owned() + &" is odd".repeat(500),
        "vars.a".to_owned() + &"[0]".repeat(1300),
        "(-".repeat(1000) + "1" + &")".repeat(1000),
        "vars.a".to_owned() + &"[1:]".repeat(120),
        "(".repeat(16) + "vars.a" + &"[1:][1:][1:][1:][1:][1:] == 1)".repeat(16),
    ];
    let longest_allowed = [
        "vars.a".to_owned() + &".b".repeat(254),
        "1".to_owned() + &"+1".repeat(255),
        "1".to_owned() + &"|abs".repeat(255),
        "1".to_owned() + &" is odd".repeat(255),
        "vars.a".to_owned() + &"[0]".repeat(169),
        "vars.a".to_owned() + &"[1:]".repeat(30),
        "(".repeat(MAX_NESTING) + "1" + &")".repeat(MAX_NESTING),
        "not ".repeat(MAX_NESTING) + "true",
        "1".to_owned() + &" if 1 else 1".repeat(MAX_NESTING),
    ];
    // what a worker thread of the daemon has
    let small_stack = std::thread::Builder::new().stack_size(2 << 20);
    let check = move || {
        for source in chains {
            for text in [format!("{{{{ {source} }}}}"), source] {
                let kind = match text.starts_with("{{") {
                    true => parse_template(&text).map(|_| ()).map_err(|e| e.kind),
                    false => parse_condition(&text).map(|_| ()).map_err(|e| e.kind),
                };
                assert_eq!(kind, Err(ParseErrorKind::Limit), "{}", &text[..40]);
            }
        }
        for source in longest_allowed {
            let parsed = parse_condition(&source);
            assert!(parsed.is_ok(), "{}: {parsed:?}", &source[..40]);
        }
    };
    small_stack.spawn(check).expect("thread").join().expect("no overflow");
}

#[test]
fn sizes_are_limited() {
    let long = format!("{{{{ '{}' }}}}", "x".repeat(MAX_SOURCE));
    assert_eq!(parse_template(&long).expect_err("long").kind, ParseErrorKind::Limit);
    let many = "{{ 1 }} ".repeat(64);
    assert!(parse_template(&many).is_ok());
    let more = "{{ 1 }} ".repeat(65);
    assert_eq!(parse_template(&more).expect_err("many").kind, ParseErrorKind::Limit);
}

#[test]
fn constants_are_not_computed_when_read() {
    let began = std::time::Instant::now();
    for source in ["'x' * 100000000", "[1] * 100000000 * 100000000", "('x' * 90000000) ~ 'y'"] {
        expr(&format!("{{{{ {source} }}}}"));
    }
    assert!(began.elapsed().as_millis() < 500, "{:?}", began.elapsed());
}

#[test]
fn tables_are_sorted_for_lookup() {
    for table in [FILTERS, TESTS, FUNCTIONS] {
        assert!(table.is_sorted_by(|a, b| a.0 < b.0));
        assert!(table.iter().all(|(_, doc)| !doc.is_empty()));
    }
}
