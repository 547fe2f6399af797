//! Several files at once.

use super::super::{Checked, check, together};
use super::namespace;

/// Checks the files one by one and then together: the problems of the latter.
fn between(files: &[(&str, &str)]) -> String {
    let checked: Vec<(&str, Checked)> =
        files.iter().map(|(file, source)| (*file, check(source, file, &namespace()))).collect();
    let given: Vec<(&str, &Checked)> = checked.iter().map(|(file, c)| (*file, c)).collect();
    let problems = together(&given);
    assert_eq!(problems.len(), files.len(), "those of each file");
    for ((file, _), problems) in files.iter().zip(&problems) {
        assert!(problems.iter().all(|problem| problem.file == *file));
    }
    let line = |problem: &super::super::Problem| format!("{problem}\n    {}\n", problem.hint);
    problems.iter().flatten().map(line).collect()
}

fn caller(name: &str, steps: &str) -> String {
    format!(
        "version: 1\nname: {name}\nvariables: {{token: {{type: secret, default: t}}, n: {{type: number}}}}\nsteps:\n{steps}\n"
    )
}

const BILLING: &str = "version: 1\nname: billing\nvariables:\n  \
     customer: {type: string, description: the id of the customer, pattern: '[a-z]+'}\n  \
     amount: {type: number, max: 100}\n  days: {type: number, default: 14}\n  \
     note: {type: string, required: false}\n  key: {type: secret, default: k}\n  \
     rows: {type: list, required: false}\n\
     steps: [{id: a, run: x}]\n";

#[test]
fn a_call_is_held_against_what_it_calls() {
    let good = caller(
        "good",
        "- {id: a, workflow: billing, with: {customer: ann, amount: '{{ vars.n }}', key: '{{ vars.token }}', note: 'n {{ vars.n }}'}}",
    );
    assert_eq!(between(&[("good.yaml", &good), ("billing.yaml", BILLING)]), "");
    assert_eq!(between(&[("good.yaml", &good)]), "", "what is not there is not known");
    let bad = caller(
        "bad",
        "- {id: a, workflow: billing}\n\
         - {id: b, workflow: billing, with: {customer: 5, amount: 'is {{ vars.n }}', custmer: x, key: plain, note: '{{ secrets.s }}', rows: {a: 1}, days: null}}\n\
         - {id: c, workflow: billing, with: {customer: ANN, amount: 101}}\n\
         - {id: d, workflow: other, with: {x: 1}}\n",
    );
    let plain = "version: 1\nname: plain\nsteps: [{id: a, run: x}]";
    let takes_none = caller("more", "- {id: a, workflow: plain, with: {x: 1}}");
    let files = [
        ("bad.yaml", &*bad),
        ("billing.yaml", BILLING),
        ("more.yaml", &takes_none),
        ("plain.yaml", plain),
    ];
    insta::assert_snapshot!(between(&files), @r#"
    bad.yaml:5:21: RPA0316: default/billing needs the variable `amount`
        add `amount` under `with`
    bad.yaml:5:21: RPA0316: default/billing needs the variable `customer`
        add `customer` under `with`: the id of the customer
    bad.yaml:6:47: RPA0305: `customer` of default/billing is a string; here is a number
        write a string
    bad.yaml:6:58: RPA0305: `amount` of default/billing is a number; here is a string
        write one expression alone: "{{ … }}"
    bad.yaml:6:77: RPA0303: default/billing has no variable "custmer"
        did you mean "customer"? variables: amount, customer, days, key, note, rows
    bad.yaml:6:94: RPA0317: `key` is of type secret, and this is none
        write "{{ secrets.NAME }}"
    bad.yaml:6:107: RPA0320: `note` of default/billing is not of type secret, and this is one
        declare note with `type: secret` there
    bad.yaml:6:132: RPA0305: `rows` of default/billing is a list; here is a map
        write a list
    bad.yaml:6:146: RPA0305: `days` of default/billing is a number; here is nothing
        write a number
    bad.yaml:7:47: RPA0305: the value of `customer` does not match [a-z]+, says default/billing
        write another value
    bad.yaml:7:60: RPA0305: the value of `amount` is more than 100, says default/billing
        write another value
    more.yaml:5:35: RPA0303: default/plain has no variable "x"
        it takes none
    "#);
}

#[test]
fn files_that_are_not_valid_take_no_part() {
    let broken = BILLING.replace("run: x", "rnu: x");
    let call = caller("a", "- {id: a, workflow: billing}");
    assert_eq!(between(&[("a.yaml", &call), ("billing.yaml", &broken)]), "");
    let broken = caller("a", "- {id: a, workflow: billing}\n- {id: b}");
    assert_eq!(between(&[("a.yaml", &broken), ("billing.yaml", BILLING)]), "");
}

#[test]
fn of_one_name_the_last_file_counts() {
    let call = caller("a", "- {id: a, workflow: billing, with: {customer: x, amount: 1}}");
    let other = "version: 1\nname: billing\nsteps: [{id: a, run: x}]";
    let files = [("a.yaml", &*call), ("old.yaml", other), ("new.yaml", BILLING)];
    assert_eq!(between(&files), "");
}

#[test]
fn circles_are_found() {
    let a = caller("a", "- {id: a, run: x}\n- {id: b, steps: [{id: c, workflow: b}]}");
    let b = caller("b", "- {id: a, workflow: ops/c, compensate: {id: d, workflow: a}}");
    let c = format!(
        "namespace: ops\n{}",
        caller("c", "- {id: a, workflow: default/a, detached: true}")
    );
    let d = caller("d", "- {id: a, workflow: a}");
    let report = between(&[("d.yaml", &d), ("c.yaml", &c), ("b.yaml", &b), ("a.yaml", &a)]);
    let circles: Vec<&str> = report.lines().filter(|line| line.contains("RPA0311")).collect();
    insta::assert_snapshot!(circles.join("\n"), @"
    a.yaml:6:37: RPA0311: these workflows call each other: default/a -> default/b -> default/a
    a.yaml:6:37: RPA0311: these workflows call each other: default/a -> default/b -> ops/c -> default/a
    ");
    assert!(!between(&[("a.yaml", &a), ("c.yaml", &c), ("d.yaml", &d)]).contains("RPA0311"));
}
