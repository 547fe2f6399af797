//! Where things are, and that they can be moved, put in and taken out.

use super::{Body, Document, Item, List, Names, parse, print};

const SOURCE: &str = "\
# The file.

name: x # short
steps:
  # about a
  - id: a
    run: |
      one
        two
  - {id: b, uses: noop} # beside b
  # about c
  - id: c
    with: {a: [1, 2]}
    # last of c
  # after all
outputs:
  x: 'y'
";

fn steps(document: &mut Document) -> &mut List {
    let Body::Map(top) = &mut document.root.body else { panic!("no map") };
    let Some(Body::List(list)) = top.get_mut("steps").map(|node| &mut node.body) else {
        panic!("no list")
    };
    list
}

#[test]
fn a_document_is_written_as_it_was_read() {
    assert_eq!(print(&parse(SOURCE).unwrap()), SOURCE);
}

#[test]
fn a_step_that_is_moved_takes_its_comments_along() {
    let mut document = parse(SOURCE).unwrap();
    let list = steps(&mut document);
    let moved = list.items.remove(0);
    list.items.insert(1, moved);
    let gone = list.items.pop().unwrap();
    let Body::Map(c) = &gone.value.body else { panic!("no map") };
    assert_eq!(
        c.get("id").unwrap().range,
        SOURCE.find("c\n    with").map(|at| at..at + 1).unwrap()
    );
    let added = parse("new:\n  # about d\n  - {id: d, uses: noop}\n").unwrap();
    let added: Item = match &added.root.map().unwrap().get("new").unwrap().body {
        Body::List(list) => list.items[0].clone(),
        other => panic!("{other:?}"),
    };
    list.items.push(added);
    assert_eq!(
        print(&document),
        "\
# The file.

name: x # short
steps:
  - {id: b, uses: noop} # beside b
  # about a
  - id: a
    run: |
      one
        two
  # about d
  - {id: d, uses: noop}
  # after all
outputs:
  x: 'y'
"
    );
}

#[test]
fn nodes_know_their_place() {
    let document = parse(SOURCE).unwrap();
    let top = document.root.map().unwrap();
    let shown = |name: &str| &SOURCE[top.get(name).unwrap().range.clone()];
    assert_eq!(shown("name"), "x");
    assert!(shown("steps").ends_with("{a: [1, 2]}"), "{}", shown("steps"));
    assert_eq!(shown("outputs"), "x: 'y'");
    let items = &top.get("steps").unwrap().list().unwrap().items;
    assert_eq!(&SOURCE[items[1].value.range.clone()], "{id: b, uses: noop}");
    assert!(SOURCE[items[0].value.range.clone()].ends_with("two"));
}

#[test]
fn an_alias_may_not_pass_its_anchor() {
    let document = parse("a: &x 1\nb: [*x]\nc: {d: &y 2}\ne: *y\nf: &x 3\n").unwrap();
    let entries = &document.root.map().unwrap().entries;
    let may_pass = |one: usize, other: usize| {
        Names::of_entry(&entries[one]).may_pass(&Names::of_entry(&entries[other]))
    };
    assert!(!may_pass(0, 1) && !may_pass(2, 3) && !may_pass(0, 4) && !may_pass(1, 4));
    assert!(may_pass(0, 2) && may_pass(1, 3) && may_pass(1, 2));
}

#[test]
fn a_kept_text_at_the_end_of_a_file_without_a_line_break_is_no_comment() {
    let document = parse("a:\n- |+\n  text\n\n  # none").unwrap();
    assert_eq!(document.comments(), [""; 0]);
}
