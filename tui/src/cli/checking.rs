//! Reading and checking workflow files without the daemon.

use rpa_config::testfile::SUFFIX;
use rpa_config::workflow::{Problem, ProblemCode, check_bytes};
use rpa_engine::Label;
use rpa_ipc::view::ProblemView;
use serde::Serialize;

use super::input;

/// What a check found out about one file.
#[derive(Debug)]
pub struct Report {
    /// As the user named it.
    pub file: String,
    /// Empty when the file could not be read.
    pub source: String,
    /// The full name and the number of steps, when the file is valid.
    pub valid: Option<(String, usize)>,
    pub problems: Vec<ProblemView>,
}

/// The workflow files among `files`: `jobs/*.yaml` names the tests beside them as well.
pub fn workflows(files: &[String]) -> impl Iterator<Item = &String> {
    let is_test = |file: &&String| file.ends_with(SUFFIX);
    let only = files.iter().all(|file| is_test(&file));
    files.iter().filter(move |file| only || !is_test(file))
}

/// Reads and checks one file; `-` is standard input.
pub fn check(file: &str, namespace: &Label) -> Report {
    let bytes = match input::read(file) {
        Ok(bytes) => bytes,
        Err(e) => return unreadable(file, &e.to_string()),
    };
    let checked = check_bytes(&bytes, file, namespace);
    let valid = checked.workflow.map(|w| (w.name.to_string(), w.steps.len()));
    let problems = checked.problems.into_iter().map(view).collect();
    let source = String::from_utf8_lossy(&bytes).into_owned();
    Report { file: file.to_owned(), source, valid, problems }
}

/// What is said of a file that cannot be read.
pub fn unreadable(file: &str, why: &str) -> Report {
    let problem = ProblemView {
        code: ProblemCode::FileUnreadable.as_str().to_owned(),
        warning: false,
        file: file.to_owned(),
        line: 0,
        column: 0,
        message: format!("cannot be read: {why}"),
        hint: String::new(),
    };
    Report { file: file.to_owned(), source: String::new(), valid: None, problems: vec![problem] }
}

pub fn view(problem: Problem) -> ProblemView {
    let Problem { code, warning, file, line, column, message, hint } = problem;
    ProblemView { code: code.as_str().to_owned(), warning, file, line, column, message, hint }
}

/// A report as `--json` prints it.
#[derive(Debug, Serialize)]
pub struct FileObject<'a> {
    pub file: &'a str,
    pub ok: bool,
    pub workflow: Option<&'a str>,
    pub steps: Option<usize>,
    pub problems: Vec<ProblemObject<'a>>,
}

#[derive(Debug, Serialize)]
pub struct ProblemObject<'a> {
    pub code: &'a str,
    pub warning: bool,
    pub file: &'a str,
    pub line: u32,
    pub column: u32,
    pub message: &'a str,
    pub hint: &'a str,
}

impl<'a> FileObject<'a> {
    pub fn of(report: &'a Report) -> FileObject<'a> {
        FileObject {
            file: &report.file,
            ok: report.valid.is_some(),
            workflow: report.valid.as_ref().map(|(name, _)| name.as_str()),
            steps: report.valid.as_ref().map(|(_, steps)| *steps),
            problems: report.problems.iter().map(ProblemObject::of).collect(),
        }
    }
}

impl<'a> ProblemObject<'a> {
    pub fn of(problem: &'a ProblemView) -> ProblemObject<'a> {
        ProblemObject {
            code: &problem.code,
            warning: problem.warning,
            file: &problem.file,
            line: problem.line,
            column: problem.column,
            message: &problem.message,
            hint: &problem.hint,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_a_problem_of_that_file() {
        let report = check("/nope/x.yaml", &"default".parse().unwrap());
        assert!(report.valid.is_none());
        assert_eq!(report.problems[0].code, "RPA0301");
        let json = serde_json::to_string(&FileObject::of(&report)).unwrap();
        let wanted = r#"{"file":"/nope/x.yaml","ok":false,"workflow":null,"steps":null,"problems":[{"code":"RPA0301","warning":false,"file":"/nope/x.yaml","line":0,"column":0,"message":"cannot be read: No such file or directory (os error 2)","hint":""}]}"#;
        assert_eq!(json, wanted);
    }
}
