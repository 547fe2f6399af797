//! What newcomers write: keys and words of other formats, polls that end too soon,
//! outputs that there will never be.

use super::{codes, file, report};

/// The problem of a file with these steps, with its hint.
fn said(steps: &str) -> String {
    report(&file(steps))
}

#[test]
fn keys_of_other_formats_lead_to_those_of_this_one() {
    let table = [
        ("depends_on: [a]", "did you mean \"needs\"?"),
        ("when: vars.x", "did you mean \"if\"?"),
        ("script: x", "did you mean \"run\"?"),
        ("parallel: true", "those whose needs have ended run at once"),
        ("on_failure: [x]", "stand in `handlers`, below `failure`"),
    ];
    for (key, hint) in table {
        let said = said(&format!("- {{id: b, run: x, {key}}}"));
        assert!(said.contains("RPA0303") && said.contains(hint), "{said}");
    }
    let ended = format!("{}on_failure:\n  - {{id: x, run: x}}\n", file("- {id: a, run: x}"));
    assert!(report(&ended).contains("stand in `handlers`"), "{}", report(&ended));
    let typed = format!("{}variables: {{n: {{type: int}}}}\n", file("- {id: a, run: x}"));
    assert!(report(&typed).contains("did you mean \"number\"?"), "{}", report(&typed));
}

#[test]
fn one_equals_sign_compares_nothing() {
    for condition in ["loop.index = 0", "'{{ run.id = 0 }}'"] {
        let said = said(&format!("- {{id: a, run: x, if: {condition}}}"));
        assert!(said.contains("RPA0312") && said.contains("write `==` to compare"), "{said}");
    }
    assert!(codes("- {id: a, uses: log, with: {message: \"{{ [{'a': 1}] | map(attribute='a') | list }}\"}}").is_empty());
}

/// A loop that asks until it is told so.
fn poll(until: &str, step: &str) -> String {
    format!("- {{id: p, repeat: {{count: 3, until: \"{until}\"}}, steps: [{{{step}}}]}}")
}

#[test]
fn a_poll_that_ends_with_its_first_failure_is_warned_of() {
    let until = "steps.ask.output.exit_code == 0";
    assert_eq!(
        said(&poll(until, "id: ask, run: x")),
        "4:38 warning RPA0321 the loop ends when step `ask` fails: `until` is not asked then\n    \
         write `on_error: continue` on step ask to try on, or `on_error: fail` if this is meant\n"
    );
    for (until, step) in [
        (until, "id: ask, run: x, on_error: continue"),
        (until, "id: ask, run: x, on_error: fail"),
        (until, "id: ask, run: x, retry: {attempts: 3}"),
        ("loop.index == 1", "id: ask, run: x"),
        ("steps.ask.output.n == 1", "id: ask, uses: data.transform, with: {value: 1}"),
    ] {
        let steps = poll(until, step);
        assert!(!codes(&steps).contains(&"RPA0321"), "{steps}\n{}", said(&steps));
    }
}

#[test]
fn of_a_body_without_outputs_nothing_can_be_read() {
    let with = |body: &str, expr: &str| {
        format!(
            "- {{id: l, {body}, steps: [{{id: a, run: x}}]}}\n\
             - {{id: z, uses: log, with: {{message: \"{{{{ {expr} }}}}\"}}}}"
        )
    };
    let each = "for_each: [1]";
    for (body, expr) in [
        (each, "steps.l.output[0].stdout"),
        (each, "steps.l.output.0.stdout"),
        (each, "steps['l'].output[0]['stdout']"),
        ("repeat: {count: 2}", "steps.l.output.stdout"),
        ("name: a group", "steps.l.output.stdout"),
    ] {
        let found = codes(&with(body, expr));
        assert_eq!(found, ["RPA0313"], "{body} {expr}: {}", said(&with(body, expr)));
    }
    let each_of = said(&with(each, "steps.l.output[0].stdout"));
    assert!(each_of.contains("step `l` has no `outputs`, so each turn gives null"), "{each_of}");
    for (body, expr) in [
        (each, "steps.l.output | length"),
        (each, "steps.l.output[0]"),
        (each, "steps.l.output[0].stdout | default('')"),
        ("for_each: [1], outputs: {o: '{{ steps.a.output.stdout }}'}", "steps.l.output[0].o"),
        ("name: a group", "steps.l.output"),
        ("on_error: {fallback: z}", "steps.l.output.stdout"),
    ] {
        let found = codes(&with(body, expr));
        assert!(found.is_empty(), "{body} {expr}: {found:?}");
    }
}
