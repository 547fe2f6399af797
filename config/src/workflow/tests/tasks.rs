//! Inputs against the contracts of the catalogue.

use super::{codes, file, report};

#[test]
fn unknown_tasks_and_inputs() {
    let source = file(
        "- {id: a, uses: http.requst, with: {x: '{{ vars.nope }}'}}\n\
         - {id: b, uses: log, with: {mesage: x}}\n\
         - {id: c, uses: noop, with: {x: 1}}\n\
         - {id: d, uses: file.read, with: path}\n\
         - {id: e, uses: file.read}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:17 RPA0309 there is no task type "http.requst"
        did you mean http.request? `rpa tasks` lists what there is
    4:44 RPA0313 there is no variable `nope`
        declare nope in `variables`, or `set` it in an earlier step
    5:28 RPA0316 log needs the input `message`
        add `message` under `with`: The line.
    5:29 RPA0303 log has no input "mesage"
        did you mean "message"? inputs: message, level
    6:30 RPA0303 noop has no input "x"
        it takes none
    7:34 RPA0305 `with` is a map; here is a string
        inputs: path, format, max
    8:17 RPA0316 file.read needs the input `path`
        add `path` under `with`: The file to read.
    "#);
}

#[test]
fn literals_must_be_of_the_type() {
    for (task, with, code) in [
        ("http.request", "url: 5", "RPA0305"),
        ("http.request", "url: u, method: GTE", "RPA0305"),
        ("http.request", "url: u, timeout: 30", "RPA0305"),
        ("http.request", "url: u, timeout: [1]", "RPA0305"),
        ("http.request", "url: u, follow_redirects: 'yes'", "RPA0305"),
        ("http.request", "url: u, follow_redirects: '{{ 1 }} {{ 2 }}'", "RPA0305"),
        ("http.request", "url: u, headers: x", "RPA0305"),
        ("http.request", "url: u, headers: {a: [1]}", "RPA0305"),
        ("http.request", "url: u, json: 1, body: x", "RPA0305"),
        ("file.read", "path: p, max: 1024", "RPA0305"),
        ("file.write", "path: p, content: x, mode: 0644", "RPA0305"),
        ("file.write", "path: p", "RPA0316"),
        ("data.transform", "value: 1, each: text", "RPA0305"),
        ("data.transform", "value: 1, where: true", "RPA0316"),
        ("shell", "command: x, shell: []", "RPA0305"),
    ] {
        assert_eq!(
            codes(&format!("- {{id: a, uses: {task}, with: {{{with}}}}}")),
            [code],
            "{task} {with}"
        );
    }
}

#[test]
fn expressions_are_left_to_the_run() {
    for (task, with) in [
        ("http.request", "url: '{{ run.id }}', method: '{{ run.id }}', timeout: '{{ 5 }}s'"),
        ("http.request", "url: u, headers: '{{ run.h }}', follow_redirects: '{{ true }}'"),
        ("http.request", "url: u, json: [1, '{{ run.id }}']"),
        ("file.read", "path: p, max: '{{ 1 + 1 }}'"),
        ("data.transform", "value: 1, each: '{{ [1] }}'"),
    ] {
        assert_eq!(
            codes(&format!("- {{id: a, uses: {task}, with: {{{with}}}}}")),
            Vec::<&str>::new(),
            "{with}"
        );
    }
}
