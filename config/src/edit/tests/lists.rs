//! Line breaks, layouts and drafts.

use super::super::Draft;
use super::*;

const STEPS: &str = "  - id: a\n    run: x\n  # about b\n  - {id: b, uses: noop}\n";

#[test]
fn line_breaks_and_marks_stay_what_they_are() {
    let text = format!("\u{feff}{}", file(STEPS).replace('\n', "\r\n"));
    let changed = change(&text, &add(after("a"), "n", "noop")).unwrap().text;
    let wanted = file(
        "  - id: a\n    run: x\n  - id: n\n    uses: noop\n  # about b\n  - {id: b, uses: noop}\n",
    );
    assert_eq!(changed, format!("\u{feff}{}", wanted.replace('\n', "\r\n")));
    let mixed = file(STEPS).replacen('\n', "\r\n", 2);
    assert!(matches!(change(&mixed, &remove("a")), Err(Refused::Unkept(_))));
}

#[test]
fn a_file_without_a_last_line_break_has_none_afterwards() {
    let text = file("  - id: a\n    run: x");
    let changed = change(&text, &add(after("a"), "n", "noop")).unwrap().text;
    assert_eq!(changed, file("  - id: a\n    run: x\n  - id: n\n    uses: noop"));
    let changed = change(&text, &set("a", "timeout", "5s")).unwrap().text;
    assert_eq!(changed, file("  - id: a\n    run: x\n    timeout: 5s"));
    let changed = change(&text, &set("a", "run", "y")).unwrap().text;
    assert_eq!(changed, file("  - id: a\n    run: y"));
}

#[test]
fn other_indentations_and_signs_are_kept() {
    let text =
        "version: 1\nname: w\nsteps:\n-   id: a\n    run: 'x'\n-\n    id: b\n    uses: noop\n";
    let changed = change(text, &relocate("b", before("a"))).unwrap().text;
    assert_eq!(
        changed,
        "version: 1\nname: w\nsteps:\n-\n    id: b\n    uses: noop\n-   id: a\n    run: 'x'\n"
    );
    let changed = change(text, &set("a", "run", "it's")).unwrap().text;
    assert_eq!(changed, text.replace("'x'", "it's"));
    let changed = change(text, &set("a", "run", "a: b")).unwrap().text;
    assert_eq!(changed, text.replace("'x'", "\"a: b\""));
}

#[test]
fn a_value_that_is_set_is_read_as_what_it_is() {
    for value in [
        "x",
        "5",
        "true",
        "~",
        "null",
        "a: b",
        "- a",
        "a # b",
        " a",
        "a ",
        "#",
        "'",
        "\"",
        "\\",
        "'\"",
        "{{ x }}",
        "{a}",
        "[a",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "a:",
        "...",
        "---",
        "a\nb",
        "a\nb\n",
        "\n",
        "a\n\n\nb\n\n",
        "  a\nb\n",
        "a\n  b\n",
        "\na\n",
        " \na\n",
        "\ta\n",
        "a\t",
        "\u{7}",
        "бележка",
        "a\u{2028}b",
        "yes",
        "0x1f",
        "1e3",
        "<<",
        "=",
        "a,b",
        "a]",
        "? a",
        "|",
        ">",
        "- ",
        "\r",
        "a\r\nb",
    ] {
        let steps = "  - id: a\n    uses: data.transform\n    with: {value: 1}\n";
        for steps in [steps, &steps.replace("with: {value: 1}", "with:\n      value: 1")] {
            let text = file(steps);
            let changed = change(&text, &set("a", "name", value)).unwrap().text;
            let form = super::super::form(&changed, "a", &namespace()).unwrap();
            let name = form.fields.iter().find(|field| field.key == "name").unwrap();
            assert_eq!(name.value.as_deref(), Some(value), "{changed}");
        }
    }
}

#[test]
fn what_a_form_shows_can_be_set_again_and_changes_nothing() {
    for example in crate::examples::EXAMPLES {
        let draft = Draft::new(example.source, &namespace());
        for row in draft.rows().iter().filter(|row| !row.is_heading()) {
            for field in draft.form(&row.path).unwrap().fields {
                let (path, key) = (row.path.clone(), field.key.clone());
                let set = Change::Set { path, field: field.key, value: field.value };
                let changed = change(example.source, &set);
                let text = changed.map(|changed| changed.text);
                assert_eq!(text.as_deref(), Ok(example.source), "{} {key}", row.path);
            }
        }
    }
}

#[test]
fn a_draft_knows_where_its_problems_are() {
    let text =
        file("  - id: g\n    steps:\n      - {id: a, uses: noop}\n  - {id: b, uses: noop}\n");
    let mut draft = Draft::new(text.clone(), &namespace());
    assert!(draft.problems().is_empty() && !draft.is_changed());
    assert_eq!(draft.apply(&add(after("g/a"), "n", "http.request")).unwrap(), "g/n");
    let of = |draft: &Draft, path: &str| draft.problems_of(path).count();
    assert_eq!((of(&draft, "g/n"), of(&draft, "g"), of(&draft, "g/a")), (1, 0, 0));
    assert_eq!(draft.rows().len(), 4);
    assert!(draft.workflow().is_none());
    draft.apply(&set("g/n", "with.url", "https://example.org")).unwrap();
    assert!(draft.workflow().is_some());
    assert_eq!((draft.changes(), draft.undone()), (2, 0));
    draft.replace("steps: [");
    assert!(draft.rows().is_empty() && !draft.problems().is_empty());
    assert!(matches!(draft.apply(&remove("g")), Err(Refused::Unread(_))));
    assert!(draft.undo() && draft.undo() && draft.undo() && !draft.undo());
    assert_eq!(draft.text(), text);
    assert!(draft.redo() && draft.redo() && draft.redo() && !draft.redo());
    assert_eq!(draft.text(), "steps: [");
    assert!(draft.undo());
    draft.apply(&set("b", "timeout", "5s")).unwrap();
    assert_eq!((draft.changes(), draft.undone()), (3, 0));
    assert_eq!(draft.base(), text);
}

#[test]
fn a_change_that_changes_nothing_is_none() {
    let mut draft = Draft::new(file(STEPS), &namespace());
    draft.apply(&set("a", "run", "x")).unwrap();
    draft.apply(&rename("a", "a")).unwrap();
    draft.apply(&set("a", "timeout", "")).unwrap();
    assert_eq!(draft.changes(), 0);
}

#[test]
fn the_same_names_in_other_lists_stay() {
    let source = "  \
  - id: one
    steps:
      - {id: x, run: x}
      - {id: y, if: steps.x.status == 'completed', uses: log, with: {message: \"{{ steps.x.output.stdout ~ 'steps.x' }}\"}}
    outputs: {v: \"{{ steps.x.output.stdout }}\"}
  - id: two
    steps:
      - {id: x, run: x}
    outputs: {v: '{{ steps[\"x\"].output.stdout }}'}
";
    assert_eq!(
        steps(source, &rename("two/x", "z")),
        source.replace(
            "steps:\n      - {id: x, run: x}\n    outputs: {v: '{{ steps[\"x\"]",
            "steps:\n      - {id: z, run: x}\n    outputs: {v: '{{ steps[\"z\"]"
        )
    );
    let wanted = source
        .replace(
            "{id: x, run: x}\n      - {id: y, if: steps.x.",
            "{id: z, run: x}\n      - {id: y, if: steps.z.",
        )
        .replace("{{ steps.x.output.stdout", "{{ steps.z.output.stdout");
    assert_eq!(steps(source, &rename("one/x", "z")), wanted);
}

#[test]
fn names_are_found_however_they_are_written() {
    let source = "  \
  - {id: a, run: x}
  - id: b
    run: echo '{{ steps.a }}' # not one
    env:
      A: \"{{ steps[\\\"a\\\"].output.stdout ~ steps . a.status }}\"
      B: '{{ steps[''a''].status }} and {{ \"steps.a\" }}'
      C: |
        {{ steps.a.status }} and
        {{ vars.steps.a }}
      D: >-
        {{
          steps.a.status }}
  - id: c
    if: \"{{ failed() and steps.a.status == 'failed' }}\"
    uses: noop
variables: {steps: {type: json, default: {a: 1}}}
";
    let changed = change(&file(source), &rename("a", "first"));
    // `run` takes no names, and that is a problem of its own before and after
    let text = changed.unwrap().text;
    let wanted = source
        .replace("{id: a,", "{id: first,")
        .replace("steps[\\\"a\\\"]", "steps[\\\"first\\\"]")
        .replace("steps . a.", "steps . first.")
        .replace("steps[''a'']", "steps[''first'']")
        .replace("        {{ steps.a.status", "        {{ steps.first.status")
        .replace("          steps.a.status", "          steps.first.status")
        .replace("and steps.a.status ==", "and steps.first.status ==");
    assert_eq!(text, file(&wanted));
}
