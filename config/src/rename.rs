//! A workflow file under another name, with everything else in it as it was.
//!
//! The text is changed, not written anew: comments and layout stay. Where `name:`
//! stands is guessed, and each guess is checked: the file with the new name must
//! mean just what it meant, but for that name.

use rpa_engine::{Label, Workflow, WorkflowRef};

use crate::workflow::{Problem, check};

/// Most places that are tried: a file is read anew for each.
const TRIES: usize = 16;

/// A file under its new name.
#[derive(Clone, Debug)]
pub struct Renamed {
    pub source: String,
    pub workflow: Workflow,
    /// Warnings.
    pub problems: Vec<Problem>,
}

/// Why a file cannot be renamed.
#[derive(Clone, Debug)]
pub enum RenameError {
    /// The file is not valid, for this version at least.
    Invalid(Vec<Problem>),
    /// The key is written in a way that only a person can change.
    NoPlace { key: &'static str },
}

/// `source`, which is the file of `from`, as that of `to`. A namespace that the file
/// does not name is not written into it.
pub fn rename(
    source: &str,
    file: &str,
    from: &WorkflowRef,
    to: &WorkflowRef,
) -> Result<Renamed, RenameError> {
    let checked = check(source, file, &from.namespace);
    let Some(workflow) = checked.workflow else {
        return Err(RenameError::Invalid(checked.problems));
    };
    let here = Renamed { source: source.to_owned(), workflow, problems: checked.problems };
    let name = WorkflowRef { namespace: from.namespace.clone(), name: to.name.clone() };
    let here = turn(here, file, &from.namespace, "name", (&from.name, &to.name), &name)?;
    turn(here, file, &to.namespace, "namespace", (&from.namespace, &to.namespace), to)
}

/// The file with another value of one key, so that its workflow is `wanted`.
fn turn(
    from: Renamed,
    file: &str,
    namespace: &Label,
    key: &'static str,
    (old, new): (&Label, &Label),
    wanted: &WorkflowRef,
) -> Result<Renamed, RenameError> {
    let wanted = Workflow { name: wanted.clone(), ..from.workflow };
    let places = places(&from.source, key, old.as_str());
    let changed = places.into_iter().take(TRIES).flat_map(|(start, end)| {
        // a name may look like a number
        [new.to_string(), format!("{:?}", new.as_str())]
            .map(|value| format!("{}{value}{}", &from.source[..start], &from.source[end..]))
    });
    // as it is, when the key is not there or has the value already
    for source in std::iter::once(from.source.clone()).chain(changed) {
        let checked = check(&source, file, namespace);
        if checked.workflow.as_ref() == Some(&wanted) {
            return Ok(Renamed { source, workflow: wanted, problems: checked.problems });
        }
    }
    Err(RenameError::NoPlace { key })
}

/// Where `value` stands after `key:`, as bytes from and to.
fn places(source: &str, key: &str, value: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices(key) {
        let before = source[..at].chars().next_back();
        if before.is_some_and(|c| !c.is_whitespace() && !"{,\"'".contains(c)) {
            continue;
        }
        let after = &source[at + key.len()..];
        let rest = after.strip_prefix(['"', '\'']).unwrap_or(after).trim_start();
        let Some(rest) = rest.strip_prefix(':') else { continue };
        let rest = rest.trim_start();
        let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
        let start = source.len() - rest.len();
        let is_name = |c: char| c.is_alphanumeric() || "_-./".contains(c);
        if rest.strip_prefix(value).is_some_and(|rest| !rest.starts_with(is_name)) {
            found.push((start, start + value.len()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> WorkflowRef {
        WorkflowRef::parse(text, &"default".parse().unwrap()).unwrap()
    }

    fn renamed(source: &str, from: &str, to: &str) -> String {
        let renamed = rename(source, "a.yaml", &name(from), &name(to)).unwrap();
        assert_eq!(renamed.workflow.name, name(to), "{source}");
        renamed.source
    }

    #[test]
    fn the_name_alone_is_changed() {
        let source = "# name: disk\nversion: 1\nname:  disk # our disk\n\
                      description: name disk\nsteps:\n  - {id: name, name: disk, run: 'echo name: disk'}\n";
        let wanted = source.replace("name:  disk #", "name:  usage #");
        assert_eq!(renamed(source, "disk", "usage"), wanted);
    }

    #[test]
    fn a_name_is_found_however_it_is_written() {
        for (source, wanted) in [
            ("name: 'a'", "name: 'b'"),
            ("name: \"a\"", "name: \"b\""),
            ("\"name\": a", "\"name\": b"),
            ("name:\n  a", "name:\n  b"),
            ("name: a\r", "name: b\r"),
        ] {
            let file = |head: &str| format!("version: 1\n{head}\nsteps: [{{id: a, uses: noop}}]\n");
            assert_eq!(renamed(&file(source), "a", "b"), file(wanted));
        }
        let flow = "{version: 1, steps: [{id: a, name: a, uses: noop}], name: a}";
        assert_eq!(renamed(flow, "a", "b"), flow.replace("name: a}", "name: b}"));
    }

    #[test]
    fn a_name_that_looks_like_a_number_is_quoted() {
        let source = "version: 1\nname: a\nsteps: [{id: a, uses: noop}]\n";
        assert_eq!(renamed(source, "a", "7"), source.replace("name: a", "name: \"7\""));
    }

    #[test]
    fn a_namespace_is_changed_where_the_file_names_one() {
        let bare = "version: 1\nname: a\nsteps: [{id: a, uses: noop}]\n";
        assert_eq!(renamed(bare, "ops/a", "dev/a"), bare);
        let named = format!("namespace: ops\n{bare}");
        let wanted = named.replace("ops", "dev").replace("name: a", "name: b");
        assert_eq!(renamed(&named, "ops/a", "dev/b"), wanted);
        assert_eq!(renamed(&named, "ops/a", "ops/a"), named);
    }

    #[test]
    fn what_only_a_person_can_change_is_said() {
        let anchored = "version: 1\ndescription: &n a\nname: *n\nsteps: [{id: a, uses: noop}]\n";
        let error = rename(anchored, "a.yaml", &name("a"), &name("b")).unwrap_err();
        assert!(matches!(error, RenameError::NoPlace { key: "name" }), "{error:?}");
        let error = rename("version: 1\n", "a.yaml", &name("a"), &name("b")).unwrap_err();
        assert!(matches!(error, RenameError::Invalid(problems) if !problems.is_empty()));
    }
}
