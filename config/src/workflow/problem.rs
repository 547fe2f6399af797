//! What a check finds: a stable code, a place, what is wrong, what to do.

use std::fmt;

use super::limits::MAX_PROBLEMS;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)+) => {
        /// The kinds of problem, each with its stable fault code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ProblemCode { $($(#[$doc])* $variant),+ }

        impl ProblemCode {
            pub const ALL: &'static [ProblemCode] = &[$(ProblemCode::$variant),+];

            /// As `rpa explain` takes it.
            pub fn as_str(self) -> &'static str {
                match self { $(ProblemCode::$variant => $code),+ }
            }
        }
    };
}

codes! {
    /// Not UTF-8.
    FileUnreadable = "RPA0301",
    Yaml = "RPA0302",
    UnknownKey = "RPA0303",
    /// A key or word of a later version.
    NotSupported = "RPA0304",
    WrongType = "RPA0305",
    BadName = "RPA0306",
    /// A key or a step id twice.
    Duplicate = "RPA0307",
    /// No form or several, or a key that the form has no use for.
    StepForm = "RPA0308",
    UnknownTask = "RPA0309",
    StepReference = "RPA0310",
    Cycle = "RPA0311",
    ExprSyntax = "RPA0312",
    UndefinedReference = "RPA0313",
    ExprInRun = "RPA0314",
    FileLimit = "RPA0315",
    MissingKey = "RPA0316",
    LiteralSecret = "RPA0317",
    SetConflict = "RPA0318",
    UnmeantParallel = "RPA0319",
    SecretPlace = "RPA0320",
    UnmeantEnd = "RPA0321",
}

impl fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One finding in a workflow file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub code: ProblemCode,
    /// Whether the workflow may be used all the same.
    pub warning: bool,
    /// As given to [`super::check`].
    pub file: String,
    /// Counts from 1.
    pub line: u32,
    /// Counts characters from 1.
    pub column: u32,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do, in one line; empty when the message says it.
    pub hint: String,
}

/// `FILE:LINE:COLUMN: RPA0303: MESSAGE`, without the hint.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { code, file, line, column, message, .. } = self;
        write!(f, "{file}:{line}:{column}: {code}: {message}")
    }
}

/// A place in the file, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pos {
    pub line: u32,
    pub column: u32,
}

impl Pos {
    pub(crate) const START: Pos = Pos { line: 1, column: 1 };
}

/// Collects problems up to [`MAX_PROBLEMS`].
#[derive(Debug)]
pub(crate) struct Problems {
    file: String,
    found: Vec<Problem>,
    failed: bool,
}

impl Problems {
    pub(crate) fn new(file: &str) -> Problems {
        Problems { file: file.to_owned(), found: Vec::new(), failed: false }
    }

    pub(crate) fn error(
        &mut self,
        code: ProblemCode,
        at: Pos,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.failed = true;
        self.add(code, false, at, message.into(), hint.into());
    }

    pub(crate) fn warning(
        &mut self,
        code: ProblemCode,
        at: Pos,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.add(code, true, at, message.into(), hint.into());
    }

    /// Whether an error was found, reported or not.
    pub(crate) fn failed(&self) -> bool {
        self.failed
    }

    /// Whether looking further is in vain, for checks that cost.
    pub(crate) fn is_full(&self) -> bool {
        self.found.len() >= MAX_PROBLEMS
    }

    /// Everything found, in the order of the file.
    pub(crate) fn into_sorted(self) -> Vec<Problem> {
        let mut found = self.found;
        found.sort_by_key(|p| (p.line, p.column));
        found
    }

    fn add(&mut self, code: ProblemCode, warning: bool, at: Pos, message: String, hint: String) {
        if self.is_full() {
            return;
        }
        let Pos { line, column } = at;
        let file = self.file.clone();
        self.found.push(Problem { code, warning, file, line, column, message, hint });
        if self.is_full() {
            let last = self.found.last_mut().expect("one was just pushed");
            last.code = ProblemCode::FileLimit;
            last.warning = false;
            last.message = format!("more than {MAX_PROBLEMS} problems; the rest is not shown");
            last.hint = "repair these and check again".to_owned();
            self.failed = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_in_order() {
        let codes: Vec<_> = ProblemCode::ALL.iter().map(|c| c.as_str()).collect();
        let expected: Vec<_> = (301..=321).map(|n| format!("RPA0{n}")).collect();
        assert_eq!(codes, expected);
    }

    #[test]
    fn problems_are_capped_and_sorted() {
        let mut problems = Problems::new("f");
        for line in (1..=2_000).rev() {
            problems.warning(ProblemCode::Yaml, Pos { line, column: 1 }, "m", "");
        }
        assert!(problems.failed(), "what was dropped may have been an error");
        let found = problems.into_sorted();
        assert_eq!(found.len(), MAX_PROBLEMS);
        assert!(found.is_sorted_by_key(|p| p.line));
        assert_eq!(found[0].code, ProblemCode::FileLimit);
    }
}
