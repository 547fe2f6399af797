//! Reading and checking workflow files without the daemon.

use rpa_config::testfile::SUFFIX;
use rpa_config::workflow::{Checked, Problem, ProblemCode, check_bytes, together};
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

/// Reads and checks files, one by one and then together: what one of them calls, another
/// may be. `-` is standard input.
pub fn check(files: &[String], namespace: &Label) -> Vec<Report> {
    let read: Vec<(String, Checked)> = files.iter().map(|file| alone(file, namespace)).collect();
    let names = files.iter().map(String::as_str);
    let checked: Vec<(&str, &Checked)> = names.zip(read.iter().map(|(_, c)| c)).collect();
    let between = together(&checked);
    let reports = files.iter().zip(read).zip(between);
    reports.map(|((file, (source, checked)), more)| report(file, source, checked, more)).collect()
}

/// The text of a file, empty when it cannot be read, and what is wrong with it.
fn alone(file: &str, namespace: &Label) -> (String, Checked) {
    match input::read(file) {
        Ok(bytes) => {
            let checked = check_bytes(&bytes, file, namespace);
            (String::from_utf8_lossy(&bytes).into_owned(), checked)
        }
        Err(error) => {
            let problems = vec![unreadable(file, &error.to_string())];
            (String::new(), Checked { workflow: None, calls: Vec::new(), problems })
        }
    }
}

fn report(file: &str, source: String, checked: Checked, between: Vec<Problem>) -> Report {
    let Checked { workflow, mut problems, .. } = checked;
    let fits = between.iter().all(|problem| problem.warning);
    let valid = workflow.filter(|_| fits).map(|w| (w.name.to_string(), w.steps.len()));
    problems.extend(between);
    problems.sort_by_key(|problem| (problem.line, problem.column));
    let problems = problems.into_iter().map(view).collect();
    Report { file: file.to_owned(), source, valid, problems }
}

/// What is said of a file that cannot be read.
pub fn not_read(file: &str, why: &str) -> Report {
    let problems = vec![view(unreadable(file, why))];
    Report { file: file.to_owned(), source: String::new(), valid: None, problems }
}

fn unreadable(file: &str, why: &str) -> Problem {
    Problem {
        code: ProblemCode::FileUnreadable,
        warning: false,
        file: file.to_owned(),
        line: 0,
        column: 0,
        message: format!("cannot be read: {why}"),
        hint: String::new(),
    }
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
        let reports = check(&["/nope/x.yaml".to_owned()], &"default".parse().unwrap());
        let report = &reports[0];
        assert!(report.valid.is_none());
        assert_eq!(report.problems[0].code, "RPA0301");
        let json = serde_json::to_string(&FileObject::of(report)).unwrap();
        let wanted = r#"{"file":"/nope/x.yaml","ok":false,"workflow":null,"steps":null,"problems":[{"code":"RPA0301","warning":false,"file":"/nope/x.yaml","line":0,"column":0,"message":"cannot be read: No such file or directory (os error 2)","hint":""}]}"#;
        assert_eq!(json, wanted);
    }

    /// The codes of each file, checked together.
    fn codes(files: [&str; 2]) -> [(bool, Vec<String>); 2] {
        let dir = tempfile::tempdir().unwrap();
        let named = [0, 1].map(|i| {
            let file = dir.path().join(format!("{i}.yaml"));
            std::fs::write(&file, files[i]).unwrap();
            file.display().to_string()
        });
        let reports = check(&named, &"default".parse().unwrap());
        let codes = |report: &Report| report.problems.iter().map(|p| p.code.clone()).collect();
        [0, 1].map(|i| (reports[i].valid.is_some(), codes(&reports[i])))
    }

    #[test]
    fn files_are_held_against_each_other() {
        let caller = "version: 1\nname: a\nsteps: [{id: s, workflow: b, with: {n: x}}]\n";
        let called =
            "version: 1\nname: b\nvariables: {n: {type: number}}\nsteps: [{id: s, run: x}]\n";
        let wrong = (false, vec!["RPA0305".to_owned()]);
        assert_eq!(codes([caller, called]), [wrong.clone(), (true, Vec::new())]);
        assert_eq!(codes([called, caller]), [(true, Vec::new()), wrong], "in any order");
        let back = "version: 1\nname: b\nsteps: [{id: s, workflow: a}]\n";
        let circle = "version: 1\nname: a\nsteps: [{id: s, workflow: b}]\n";
        let [first, second] = codes([circle, back]);
        assert_eq!(first, (false, vec!["RPA0311".to_owned()]));
        assert_eq!(second, (true, Vec::new()), "a circle is said once");
    }
}
