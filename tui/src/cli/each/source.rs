//! Rows from a file, and whether the workflow knows their columns.

use rpa_config::rows::{self, Problem, Rows};
use rpa_config::workflow::check;
use rpa_ipc::catalog::RevisionName;
use rpa_ipc::client::CALL_DEADLINE;
use rpa_ipc::fault::{Said, count, lines, quoted};
use rpa_ipc::service::RpadClient;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::{Format, Kinds};
use crate::cli::input;
use crate::cli::session::Session;
use crate::cli::wire::{Link, Repeat};

/// Largest file of rows: a hundred thousand of a few hundred bytes each.
const MOST: u64 = 128 * 1024 * 1024;

/// How the rows of `file` are written.
pub fn format(file: &str, given: Option<Format>) -> Result<rows::Format, Fault> {
    let end = file.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    match (given, end.as_deref()) {
        (Some(Format::Csv), _) | (None, Some("csv")) => Ok(rows::Format::Csv),
        (Some(Format::Json), _) | (None, Some("json")) => Ok(rows::Format::Json),
        (Some(Format::Yaml), _) | (None, Some("yaml" | "yml")) => Ok(rows::Format::Yaml),
        (None, _) => {
            let fault = fault!(FaultCode::Usage, "rows-format", path = file);
            Err(fault.hint(said!("hint-rows-format")))
        }
    }
}

pub fn read(file: &str, format: rows::Format) -> Result<Rows, Fault> {
    let bytes = input::read_up_to(file, MOST)
        .map_err(|e| fault!(FaultCode::Io, "file-unread", path = file, error = e))?;
    rows::read(&bytes, format).map_err(|problems| {
        let (number, problems) =
            (count(problems.len()), lines(problems.iter().map(said).collect()));
        let code = FaultCode::BadVariable;
        fault!(code, "rows-unusable", path = file, count = number, problems = problems)
            .hint(said!("hint-rows"))
    })
}

fn said(problem: &Problem) -> Said {
    match problem {
        Problem::Syntax { error } => said!("rows-syntax", error = error),
        Problem::NoText => said!("rows-no-text"),
        Problem::NoHeader => said!("rows-no-header"),
        Problem::NoList => said!("rows-no-list"),
        Problem::TooMany => said!("rows-too-many", most = rows::MOST_ROWS),
        Problem::Name { row, column: None, name, why } => {
            said!("row-name", row = row, name = quoted(name), why = Said::of_name(why))
        }
        Problem::Name { row: _, column: Some(column), name, why } => {
            said!("rows-column", column = column, name = quoted(name), why = Said::of_name(why))
        }
        Problem::NameTwice { column, name } => {
            said!("rows-column-twice", column = column, name = quoted(name))
        }
        Problem::Fields { row, line, fields, columns } => {
            let fields = count(*fields);
            said!("row-fields", row = row, line = line, count = fields, columns = columns)
        }
        Problem::Encoding { row, line, column } => {
            said!("row-encoding", row = row, line = line, column = quoted(column))
        }
        Problem::NoObject { row } => said!("row-no-object", row = row),
        Problem::Deep { row, column } => {
            let most = rpa_engine::value::MAX_DEPTH;
            said!("row-deep", row = row, column = quoted(column), most = most)
        }
        Problem::Further(more) => said!("rows-further", count = count(*more)),
    }
}

/// The types of the workflow's variables; `None` when only a newer `rpa` can read it.
pub async fn kinds(
    workflow: &str,
    session: &Session,
    link: &mut Link,
) -> Result<Option<Kinds>, Fault> {
    let wanted = RevisionName { workflow: session.workflow_name(workflow), revision: None };
    let call = async |rpc: &RpadClient, context| rpc.source(context, wanted.clone()).await;
    let view = link.repeat(Repeat::Away, CALL_DEADLINE, call).await?;
    let checked = check(&view.source, workflow, &session.namespace);
    Ok(checked.workflow.map(|workflow| {
        let kinds = workflow.variables.iter();
        kinds.map(|(name, variable)| (name.to_string(), variable.kind)).collect()
    }))
}

/// Every column must be a variable: each that is not is named once, not in every row.
pub fn known(rows: &Rows, kinds: &Kinds, workflow: &str) -> Result<(), Fault> {
    let unknown: Vec<Said> = rows
        .names
        .iter()
        .filter(|(name, _)| !kinds.contains_key(*name))
        .map(|(name, row)| match row {
            0 => said!("column-unknown", name = name),
            row => said!("column-unknown-row", name = name, row = row),
        })
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let (number, unknown) = (count(unknown.len()), lines(unknown));
    let fault = fault!(
        FaultCode::BadVariable,
        "columns-unknown",
        workflow = workflow,
        count = number,
        problems = unknown,
    );
    if kinds.is_empty() {
        return Err(fault.hint(said!("hint-no-columns")));
    }
    let known: Vec<String> =
        kinds.iter().map(|(name, kind)| format!("{name} ({})", kind.word())).collect();
    Err(fault.hint(said!("hint-columns", known = known.join(", "))))
}

#[cfg(test)]
mod tests {
    use rpa_engine::VariableKind;
    use rpa_ipc::Language;

    use super::*;

    fn file(end: &str, content: &str) -> tempfile::NamedTempFile {
        let file = tempfile::Builder::new().suffix(end).tempfile().unwrap();
        std::fs::write(file.path(), content).unwrap();
        file
    }

    fn refused(end: &str, content: &str) -> Fault {
        let file = file(end, content);
        let path = file.path().to_str().unwrap();
        read(path, format(path, None).unwrap()).expect_err(content)
    }

    #[test]
    fn the_format_is_that_of_the_name_unless_it_is_said() {
        let table = [
            ("a.csv", None, Some(rows::Format::Csv)),
            ("a.b.JSON", None, Some(rows::Format::Json)),
            ("a.yml", None, Some(rows::Format::Yaml)),
            ("a.yaml", None, Some(rows::Format::Yaml)),
            ("a.txt", None, None),
            ("-", None, None),
            ("-", Some(Format::Json), Some(rows::Format::Json)),
            ("a.csv", Some(Format::Yaml), Some(rows::Format::Yaml)),
        ];
        for (file, given, wanted) in table {
            assert_eq!(format(file, given).ok(), wanted, "{file} {given:?}");
        }
    }

    #[test]
    fn problems_are_told_with_row_and_column() {
        let fault = refused(".csv", "host,Size\na\nb,1\nc,1,2\n");
        assert_eq!(fault.code, FaultCode::BadVariable);
        let said: Vec<&str> = fault.message.lines().skip(1).collect();
        let wanted = [
            "column 2: the name \"Size\" must match [a-z_][a-z0-9_]*",
            "row 1 (line 2): has 1 field, the header has 2",
            "row 3 (line 4): has 3 fields, the header has 2",
        ];
        assert_eq!(said, wanted);
        let bulgarian = fault.message_in(Language::Bulgarian).into_owned();
        assert_eq!(bulgarian.lines().count(), 4, "{bulgarian}");
        let fault = refused(".json", "[{\"a\": 1}, 7]");
        assert!(
            fault.message.ends_with(": row 2: must be an object of names and values"),
            "{fault}"
        );
        for (end, content) in [(".json", "{}"), (".yaml", "a: 1\n"), (".csv", ""), (".json", "[")] {
            assert_eq!(refused(end, content).message.lines().count(), 1, "{end} {content}");
        }
    }

    #[test]
    fn unknown_columns_are_named_once() {
        let file = file(".json", r#"[{"host": "a"}, {"hots": "b"}, {"hots": "c", "x": 1}]"#);
        let path = file.path().to_str().unwrap();
        let rows = read(path, rows::Format::Json).unwrap();
        let kinds: Kinds = [("host".to_owned(), VariableKind::String)].into();
        let fault = known(&rows, &kinds, "report").unwrap_err();
        let said: Vec<&str> = fault.message.lines().skip(1).collect();
        assert_eq!(
            said,
            ["hots: no such variable (first in row 2)", "x: no such variable (first in row 3)"]
        );
        assert!(fault.hint.contains("host (string)"), "{}", fault.hint);
        assert!(known(&rows, &Kinds::new(), "report").unwrap_err().hint.contains("none"));
    }
}
