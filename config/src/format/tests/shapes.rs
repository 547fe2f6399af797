//! What is written, case by case, and the files that we ship.

use std::fs;
use std::path::Path;

use crate::format::{
    Refusal, STEP_ORDER, TEST_FILE_ORDER, TEST_ORDER, TOP_ORDER, format, format_bytes,
};
use crate::{testfile, workflow};

/// Formats, and once more, which must change nothing.
fn formatted(source: &str) -> String {
    let text = format(source, "a.yaml").unwrap_or_else(|e| panic!("{e:?}\n{source}"));
    let again = format(&text, "a.yaml").unwrap_or_else(|e| panic!("{e:?}\n{text}"));
    assert_eq!(text, again, "once more, from\n{source}");
    text
}

fn check(source: &str, wanted: &str) {
    assert_eq!(formatted(source), wanted, "from\n{source}");
}

#[test]
fn every_shipped_example_is_canonical() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "yaml") {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        assert_eq!(formatted(&source), source, "{}", path.display());
        let windows = format!("\u{feff}{}", source.replace('\n', "\r\n"));
        assert_eq!(formatted(&windows), source, "{} with CRLF", path.display());
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn a_file_with_every_feature_keeps_its_comments_and_meaning() {
    formatted(include_str!("../../workflow/tests/every-feature.yaml"));
}

#[test]
fn keys_get_their_order_and_take_their_comments_along() {
    check(
        "\
# The file.
#
# More of it.

steps: # what is done
    # the command
    -   run: |
            a
              b
        # how it is called
        id: x # short
        timeout: 5s

name: a
# of one
version: 1
",
        "\
# The file.
#
# More of it.

# of one
version: 1
name: a

steps: # what is done
  # the command
  # how it is called
  - id: x # short
    run: |
      a
        b
    timeout: 5s
",
    );
}

#[test]
fn a_line_for_editors_stays_the_first() {
    check(
        "# yaml-language-server: $schema=x.json\nname: a\nversion: 1\nsteps: []\n",
        "# yaml-language-server: $schema=x.json\nversion: 1\nname: a\nsteps: []\n",
    );
}

#[test]
fn inner_steps_are_sorted_and_free_names_are_not() {
    check(
        "\
version: 1
variables:
  z: {default: 1, type: number}
  a: {type: number}
steps:
- {run: echo, id: a}
- id: b
  default: [{uses: noop, id: d}]
  cases:
    z:
    - run: x
      id: z
    a: [{run: y, id: y}]
  switch: x
  compensate:
    run: z
    id: c
",
        "\
version: 1

variables:
  z: {default: 1, type: number}
  a: {type: number}

steps:
  - {id: a, run: echo}

  - id: b
    switch: x
    cases:
      z:
        - id: z
          run: x
      a: [{id: y, run: y}]
    default: [{id: d, uses: noop}]
    compensate:
      id: c
      run: z
",
    );
}

#[test]
fn empty_lines_part_sections_and_long_steps_only() {
    check(
        "\n\nversion: 1\n\n\nname: a\nsteps:\n\n  - id: a\n    run: x\n  - {id: b, run: x}\n  - {id: c, run: x}\n\n\n  - {id: d, run: x}\n  # of e\n\n  - id: e\n    uses: noop\n    with:\n\n      a: 1\n\n\n      b: 2\n\noutputs: {}\nhandlers: {success: []}\n\n\n",
        "\
version: 1

name: a

steps:
  - id: a
    run: x

  - {id: b, run: x}
  - {id: c, run: x}

  - {id: d, run: x}

  # of e

  - id: e
    uses: noop
    with:
      a: 1

      b: 2

handlers: {success: []}
outputs: {}
",
    );
}

#[test]
fn quotes_are_double_where_nothing_needs_an_escape() {
    check(
        "a: 'x'\nb: 'it''s'\nc: 'say \"x\"'\nd: 'a\\d'\ne: \"it's\"\n'f': '{{ vars.x }}'\ng: '010'\nh: 'yes'\ni: ''\n",
        "a: \"x\"\nb: \"it's\"\nc: 'say \"x\"'\nd: 'a\\d'\ne: \"it's\"\n\"f\": \"{{ vars.x }}\"\ng: \"010\"\nh: \"yes\"\ni: \"\"\n",
    );
}

#[test]
fn comments_stay_with_what_they_stand_before_or_beside() {
    check(
        "\
steps:
   # before a
   -    # behind the dash
        id: a   # beside a
        with:   # beside with
             x: 1
             # last of with
        # last of a
   # before b
   - id: b
     run: |  # beside the bar
       # no comment
       text
# far left, before c
   - id: c
     run: x
  # left of the steps, right of what comes
# before outputs
outputs:
  x: 1
  # y: 2

  # at the end

# of the file
",
        "\
steps:
  # before a
  # behind the dash
  - id: a   # beside a
    with:   # beside with
      x: 1
      # last of with
    # last of a

  # before b
  - id: b
    run: |  # beside the bar
      # no comment
      text

  # far left, before c
  - id: c
    run: x

# left of the steps, right of what comes
# before outputs
outputs:
  x: 1
  # y: 2

  # at the end

# of the file
",
    );
}

#[test]
fn brackets_over_several_lines_become_a_line_for_each() {
    check(
        "\
tags: [a, # first
  'b',
  # before c
  c # last
]
variables: {
  x: {type: number,
      default: 1},
  y: {type: string}, # the second
  # the end
} # behind
env: { # opening
  A: '1', B: 2,
  C }
steps: [
]
",
        "\
tags:
  - a # first
  - \"b\"
  # before c
  - c # last

variables:
  x:
    type: number
    default: 1
  y: {type: string} # the second
  # the end
  # behind

env: # opening
  A: \"1\"
  B: 2
  C:

steps: []
",
    );
}

#[test]
fn text_in_blocks_keeps_every_blank() {
    for source in [
        "a: |\n  x\n\n    y\n  z  \n",
        "a: |2\n    deep\n  x\n",
        "a: |-\n  x\n",
        "a: >\n  x\n  y\n\n  z\n   more\n",
        "a: |+\n  x\n\n\nb: 1\n",
        "a: |+\n  x\n\n",
        "a: |\n",
        "a: |\n  \ttab\n",
        "a:\n  - |\n    x\n  - >-\n    y\n",
        "a: |\n\n  first empty\n",
        "a: |+\n\n\nb: 1\n",
    ] {
        check(source, source);
    }
    check("a: |-4\n      deep\n    x\n\n\n", "a: |2-\n    deep\n  x\n");
    check("a:\n- |\n x\n- b: >1\n    y\n", "a:\n  - |\n    x\n  - b: >2\n       y\n");
    check("a: |\n    x\n     \n    y\n  \n\n\nb: 1", "a: |\n  x\n   \n  y\n\nb: 1\n");
}

#[test]
fn long_text_keeps_its_lines() {
    check(
        "a: one\n     two\n\n     three\nb: \"x\n y \\\n    z\"\nc:\n  on the next line\nd: 'p\n  q'\n",
        "a: one\n  two\n\n  three\nb: \"x\n  y \\\n  z\"\nc: on the next line\nd: 'p\n  q'\n",
    );
}

#[test]
fn anchors_keep_their_aliases_behind_them() {
    let source = "\
steps:
  - id: a
    outputs: &o # of a
      x: &x 1
    env: *o
  - &b
    run: x
    id: b
  - with: &w {a: 1}
    env: *w
    id: c
  - [*b, &y z, *y]
";
    let wanted = "\
steps:
  - id: a
    outputs: &o # of a
      x: &x 1
    env: *o

  - &b
    id: b
    run: x

  - id: c
    with: &w {a: 1}
    env: *w

  - [*b, &y z, *y]
";
    check(source, wanted);
}

#[test]
fn what_is_odd_is_written_plainly() {
    check(
        "%YAML 1.2\n--- # start\n? a\n: 1\n\"b\":\t2\t# tab\nc: !!str 12\nd: ~\ne:\nf: {a, b: , \"c\":1}\ng: [a: b, [], {}]\nh:\n-\n- - x\n  - y\n-\n...\n",
        "# start\na: 1\n\"b\": 2 # tab\nc: !!str 12\nd: ~\ne:\nf: {a, b, \"c\": 1}\ng: [{a: b}, [], {}]\n\nh:\n  -\n  - - x\n    - y\n  -\n",
    );
    check("{version: 1, name: a}", "version: 1\nname: a\n");
}

#[test]
fn letters_of_all_kinds_pass() {
    let source = "# Отчет за диска\nversion: 1\nname: a\ndescription: Колко е пълен дискът, 日本語 🚀 # бележка\n\nsteps:\n  - id: a\n    run: |\n      # коментар в команда\n      echo 'здравей'\n";
    check(source, source);
}

#[test]
fn what_cannot_be_read_is_left_with_its_problems() {
    let codes = |source: &[u8]| match format_bytes(source, "a.yaml") {
        Err(Refusal::Unread(problems)) => {
            problems.iter().map(|p| format!("{} {}", p.code, p.line)).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(codes(b"a: [1\n"), ["RPA0302 1"]);
    assert_eq!(codes(b"a: 1\na: 2\n"), ["RPA0307 2"]);
    assert_eq!(codes(b""), ["RPA0316 1"]);
    assert_eq!(codes(b"# nothing\n"), ["RPA0316 1"]);
    assert_eq!(codes(b"a: \xff\n"), ["RPA0301 1"]);
    assert_eq!(codes(b"a: !custom x\n"), ["RPA0304 1"]);
    assert_eq!(codes(b"a:\n\tb: 1\n"), ["RPA0302 2"]);
    assert_eq!(codes(&vec![b'#'; workflow::limits::MAX_FILE_BYTES + 1]), ["RPA0315 1"]);
}

#[test]
fn what_cannot_be_kept_is_refused() {
    assert!(matches!(format("? \"a\n  b\"\n: 1\n", "a"), Err(Refusal::Unkept(_))));
    assert!(matches!(format("- a\n", "a"), Err(Refusal::Unkept(_))));
}

#[test]
fn a_file_with_other_problems_is_formatted() {
    check("tiemout: 1\nname: [1]\n", "tiemout: 1\nname: [1]\n");
}

#[test]
fn a_large_file_is_no_trouble() {
    let mut source = String::from("version: 1\nname: a\nsteps:\n");
    for i in 0..2_000 {
        source.push_str(&format!(
            "  # {}\n  - run: |\n      echo {i}\n    id: s{i} # x\n",
            "c".repeat(250)
        ));
    }
    assert!(source.len() > 500_000);
    let text = formatted(&source);
    assert_eq!(text.matches("# x\n").count(), 2_000);
}

#[test]
fn files_of_tests_have_an_order_of_their_own() {
    check(
        "tests:\n- steps: {}\n  name: a\n- {name: b}\nversion: 1\n",
        "version: 1\n\ntests:\n  - name: a\n    steps: {}\n\n  - {name: b}\n",
    );
}

#[test]
fn every_key_has_its_place() {
    let sorted = |keys: &[&'static str]| {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys
    };
    for (order, known) in [
        (TOP_ORDER, workflow::FILE_KEYS.known),
        (STEP_ORDER, workflow::STEP_KEYS.known),
        (TEST_FILE_ORDER, testfile::FILE_KEYS.known),
        (TEST_ORDER, testfile::TEST_KEYS.known),
    ] {
        assert_eq!(sorted(order), sorted(known));
    }
}

/// The keys in the part of the manual between two headings, in its order.
fn manual(from: &str, to: &str) -> Vec<String> {
    let text = include_str!("../../../../man/rpa-workflow.5");
    let part = text.split(from).nth(1).and_then(|rest| rest.split(to).next()).unwrap();
    let bold = |piece: &str| piece.split("\\fR").next().unwrap().replace("\\-", "-");
    part.split("\\fB").skip(1).map(bold).collect()
}

#[test]
fn the_manual_has_the_same_order() {
    assert_eq!(manual(".\\\" top level order", ".\\\" end"), TOP_ORDER);
    assert_eq!(manual(".\\\" step order", ".\\\" end"), STEP_ORDER);
}
