//! Which files of tests there are, and the workflow that each is of.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rpa_config::testfile::{self, Called, SUFFIX, Test, TestFile};
use rpa_config::workflow::check_bytes;
use rpa_engine::{Label, Workflow};
use rpa_ipc::{Fault, FaultCode, fault, said};

use crate::cli::checking::{Report, not_read, view};
use crate::cli::input;

/// Deepest folder that is looked into.
const DEEPEST: u32 = 16;

/// A file of tests with its workflow, or what is wrong with either.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) file: String,
    pub(super) tests: Vec<Test>,
    pub(super) workflow: Option<Arc<Workflow>>,
    /// The workflows that it calls, as far as their files are there.
    pub(super) called: Called,
    /// Of the file and of its workflow; those without problems are valid.
    pub(super) reports: Vec<Report>,
}

/// The files that `named` means: each itself, of a workflow that of its tests, of a folder
/// all below it.
pub(super) fn find(named: &[String]) -> Result<Vec<String>, Fault> {
    let here = [".".to_owned()];
    let named = if named.is_empty() { &here[..] } else { named };
    let mut files = Vec::new();
    for name in named {
        let path = Path::new(name);
        let unread = |e: io::Error| fault!(FaultCode::Io, "file-unread", path = name, error = e);
        if !path.is_dir() {
            files.push(of_workflow(name)?);
            continue;
        }
        let before = files.len();
        walk(path, 0, &mut files).map_err(unread)?;
        if files.len() == before {
            let fault = fault!(FaultCode::Usage, "tests-none-in", path = name);
            return Err(fault.hint(said!("hint-tests")));
        }
    }
    Ok(files)
}

/// `NAME.yaml` stands for `NAME.test.yaml`, unless it has tests itself.
fn of_workflow(name: &str) -> Result<String, Fault> {
    let Some(stem) = name.strip_suffix(".yaml").filter(|_| !name.ends_with(SUFFIX)) else {
        return Ok(name.to_owned());
    };
    let tests = format!("{stem}{SUFFIX}");
    if Path::new(&tests).exists() {
        return Ok(tests);
    }
    let has_tests = |text: &str| text.lines().any(|line| line.starts_with("tests:"));
    match fs::read_to_string(name) {
        Ok(text) if !has_tests(&text) => {
            let fault = fault!(FaultCode::Usage, "tests-none-of", path = tests, workflow = name);
            Err(fault.hint(said!("hint-tests")))
        }
        // what cannot be read is told of with the files
        _ => Ok(name.to_owned()),
    }
}

fn walk(folder: &Path, depth: u32, files: &mut Vec<String>) -> io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        // a link may lead round in a circle
        let kind = entry.file_type()?;
        let path = match folder == Path::new(".") {
            true => PathBuf::from(&name),
            false => entry.path(),
        };
        if kind.is_dir() && !name.starts_with('.') && depth < DEEPEST {
            walk(&path, depth + 1, files)?;
        } else if !kind.is_dir() && name.ends_with(SUFFIX) {
            files.push(path.display().to_string());
        }
    }
    Ok(())
}

/// Reads one file of tests and the workflow that it is of.
pub(super) fn load(file: &str, namespace: &Label) -> Loaded {
    let bytes = match input::read(file) {
        Ok(bytes) => bytes,
        Err(e) => return Loaded::bad(file, vec![not_read(file, &e.to_string())]),
    };
    let checked = testfile::check_bytes(&bytes, file);
    let source = String::from_utf8_lossy(&bytes).into_owned();
    let mut report = Report {
        file: file.to_owned(),
        source,
        valid: None,
        problems: checked.problems.into_iter().map(view).collect(),
    };
    let Some(tests) = checked.file else { return Loaded::bad(file, vec![report]) };
    let path = workflow_path(file, tests.workflow.as_ref().map(|at| at.value.as_str()));
    let (workflow, of_workflow) = workflow(&path, namespace);
    let Some(workflow) = workflow else {
        report.valid = Some((file.to_owned(), 0));
        return Loaded::bad(file, vec![report, of_workflow]);
    };
    let (called, bad) = called(file, &tests, &workflow);
    if !bad.is_empty() {
        report.valid = Some((file.to_owned(), 0));
        return Loaded::bad(file, std::iter::once(report).chain(bad).collect());
    }
    report.problems.extend(testfile::fit(&tests, &workflow, &called, file).into_iter().map(view));
    if report.problems.iter().any(|problem| !problem.warning) {
        return Loaded::bad(file, vec![report]);
    }
    report.valid = of_workflow.valid;
    let (file, tests) = (file.to_owned(), tests.tests);
    let workflow = Some(Arc::new(workflow));
    Loaded { file, tests, workflow, called, reports: vec![report] }
}

/// The workflows that `workflow` calls: of the files that the tests name, which must be
/// sound, and of those beside them that have their names. Reports of those that are not.
fn called(file: &str, tests: &TestFile, workflow: &Workflow) -> (Called, Vec<Report>) {
    let (mut called, mut bad) = (Called::new(), Vec::new());
    let beside = |name: &str| Path::new(file).with_file_name(name).display().to_string();
    for named in &tests.workflows {
        match self::workflow(&beside(&named.value), &workflow.name.namespace) {
            (Some(found), _) => _ = called.insert(found.name.clone(), found),
            (None, report) => bad.push(report),
        }
    }
    for name in workflow.calls() {
        let path = beside(&format!("{}.yaml", name.name));
        if called.contains_key(name) || !Path::new(&path).exists() {
            continue;
        }
        match self::workflow(&path, &name.namespace) {
            // another one of that name is not the one that is called
            (Some(found), _) if found.name != *name => {}
            (Some(found), _) => _ = called.insert(name.clone(), found),
            (None, report) => bad.push(report),
        }
    }
    (called, bad)
}

/// Reads and checks a workflow file.
fn workflow(path: &str, namespace: &Label) -> (Option<Workflow>, Report) {
    let bytes = match input::read(path) {
        Ok(bytes) => bytes,
        Err(e) => return (None, not_read(path, &e.to_string())),
    };
    let checked = check_bytes(&bytes, path, namespace);
    let valid = checked.workflow.as_ref().map(|w| (w.name.to_string(), w.steps.len()));
    let problems = checked.problems.into_iter().map(view).collect();
    let source = String::from_utf8_lossy(&bytes).into_owned();
    (checked.workflow, Report { file: path.to_owned(), source, valid, problems })
}

/// Beside the file of tests, and called as it is unless that says otherwise.
fn workflow_path(file: &str, named: Option<&str>) -> String {
    let path = Path::new(file);
    match named {
        Some(named) => path.with_file_name(named).display().to_string(),
        None => match file.strip_suffix(SUFFIX) {
            Some(stem) => format!("{stem}.yaml"),
            None => path.with_extension("").with_extension("yaml").display().to_string(),
        },
    }
}

impl Loaded {
    fn bad(file: &str, reports: Vec<Report>) -> Loaded {
        let (file, tests, called) = (file.to_owned(), Vec::new(), Called::new());
        Loaded { file, tests, workflow: None, called, reports }
    }
}
