//! Which files a file watch means: its patterns, compiled.
//!
//! | in a pattern | means |
//! |---|---|
//! | `*` | any characters of one name, also none; never a `/` |
//! | `?` | one character, never a `/` |
//! | `**` | as a whole part: any directories, also none: `2026/**/*.csv` |
//! | `[a-z]`, `[!a-z]` | one of these characters, or none of them |
//! | `{csv,txt}` | one of these |
//! | `\` | the character after it as it is |
//!
//! A pattern without `/` is held against the name of a file, in whatever directory it is;
//! one with `/` against its path below the watched directory. Capitals count. Names that
//! begin with a dot are names like others.

use std::ffi::OsStr;
use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use rpa_engine::trigger::FileWatch;

/// Longest pattern in bytes: what it is compiled to grows with it.
const MAX_GLOB: usize = 1_024;

/// The patterns of a file watch.
#[derive(Clone, Debug)]
pub struct Globs {
    /// Nothing is excluded from nothing: without `include` all files are meant.
    include: Option<Patterns>,
    exclude: Patterns,
}

#[derive(Clone, Debug)]
struct Patterns {
    /// Held against the name.
    names: GlobSet,
    /// Held against the path.
    paths: GlobSet,
}

/// Why a pattern cannot be read; to be said after the pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GlobError {
    #[error("cannot be read: {0}")]
    Unreadable(String),
    #[error("is longer than {MAX_GLOB} bytes")]
    TooLong,
    #[error("can be no path below a directory")]
    NotBelow,
    #[error("ends with a slash, and files are meant")]
    Directory,
}

impl GlobError {
    /// What to write instead.
    pub fn hint(&self) -> &'static str {
        match self {
            GlobError::Unreadable(_) => {
                "write for example \"*.csv\", \"*.{csv,txt}\" or \"2026/**/*.csv\""
            }
            GlobError::TooLong => "make several of it",
            GlobError::NotBelow => {
                "patterns are for what is below `directory`: no / at the beginning, no `.` and `..`"
            }
            GlobError::Directory => "add what the files are called: \"2026/*\", or \"2026/**\"",
        }
    }
}

impl Globs {
    /// The patterns as a workflow has them: a check has taken each by itself.
    pub fn of(watch: &FileWatch) -> Result<Globs, GlobError> {
        Globs::new(&watch.include, &watch.exclude)
    }

    pub fn new(
        include: &[impl AsRef<str>],
        exclude: &[impl AsRef<str>],
    ) -> Result<Globs, GlobError> {
        Ok(Globs {
            include: (!include.is_empty()).then(|| Patterns::new(include)).transpose()?,
            exclude: Patterns::new(exclude)?,
        })
    }

    /// Whether a file is meant, by its path below the watched directory.
    pub fn wants(&self, path: &Path) -> bool {
        self.include.as_ref().is_none_or(|include| include.fit(path)) && !self.exclude.fit(path)
    }
}

impl Patterns {
    fn new(patterns: &[impl AsRef<str>]) -> Result<Patterns, GlobError> {
        let (mut names, mut paths) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for pattern in patterns {
            let pattern = pattern.as_ref();
            check(pattern)?;
            let glob = GlobBuilder::new(pattern)
                .literal_separator(true)
                .backslash_escape(true)
                .build()
                .map_err(|error| GlobError::Unreadable(error.kind().to_string()))?;
            match pattern.contains('/') {
                true => paths.add(glob),
                false => names.add(glob),
            };
        }
        let built = |set: GlobSetBuilder| {
            set.build().map_err(|error| GlobError::Unreadable(error.kind().to_string()))
        };
        Ok(Patterns { names: built(names)?, paths: built(paths)? })
    }

    fn fit(&self, path: &Path) -> bool {
        self.names.is_match(path.file_name().unwrap_or(OsStr::new(""))) || self.paths.is_match(path)
    }
}

/// What can be read and would never fit.
fn check(pattern: &str) -> Result<(), GlobError> {
    let is_odd = |part: &str| matches!(part, "" | "." | "..");
    match pattern {
        _ if pattern.len() > MAX_GLOB => Err(GlobError::TooLong),
        _ if pattern.len() > 1 && pattern.ends_with('/') && !pattern.starts_with('/') => {
            Err(GlobError::Directory)
        }
        _ if pattern.split('/').any(is_odd) => Err(GlobError::NotBelow),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(include: &[&str], exclude: &[&str], path: &str) -> bool {
        Globs::new(include, exclude).unwrap().wants(Path::new(path))
    }

    #[test]
    fn what_a_pattern_means() {
        for (pattern, path, fits) in [
            ("*.csv", "a.csv", true),
            ("*.csv", "deep/down/a.csv", true),
            ("*.csv", "a.csv.tmp", false),
            ("*.csv", "A.CSV", false),
            ("*.csv", ".csv", true),
            ("*", "deep/.hidden", true),
            ("a?.csv", "a1.csv", true),
            ("a?.csv", "a.csv", false),
            ("in/*.csv", "in/a.csv", true),
            ("in/*.csv", "in/deep/a.csv", false),
            ("in/*.csv", "x/in/a.csv", false),
            ("in?a.csv", "in/a.csv", false),
            ("in/[!/]a.csv", "in/a.csv", false),
            ("2026/**/*.csv", "2026/a.csv", true),
            ("2026/**/*.csv", "2026/12/24/a.csv", true),
            ("2026/**/*.csv", "2025/a.csv", false),
            ("**/tmp/*", "a/b/tmp/x", true),
            ("**/tmp/*", "tmp/x", true),
            ("2026/**", "2026/12/a", true),
            ("*.{csv,txt}", "a.txt", true),
            ("*.{csv,txt}", "a.tx", false),
            ("[a-c]*", "deep/b", true),
            ("[!a-c]*", "b", false),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("ö*", "öl.csv", true),
        ] {
            assert_eq!(wants(&[pattern], &[], path), fits, "{pattern} {path}");
            assert_eq!(wants(&[], &[pattern], path), !fits, "all but {pattern} {path}");
        }
    }

    #[test]
    fn one_of_include_and_none_of_exclude() {
        let wanted = |path| wants(&["*.csv", "in/*"], &["*.tmp", "old/**"], path);
        assert!(wanted("a.csv") && wanted("in/b") && wanted("in/c.csv"));
        assert!(!wanted("a.txt") && !wanted("in/x.tmp") && !wanted("old/a.csv"));
        assert!(wants(&[], &[], "anything") && !wants(&[], &["*"], "anything"));
    }

    #[test]
    fn names_that_are_no_text() {
        use std::os::unix::ffi::OsStrExt;
        let odd = Path::new(OsStr::from_bytes(b"in/\xff.csv"));
        assert!(Globs::new(&["*.csv"], &["*.tmp"]).unwrap().wants(odd));
        assert!(!Globs::new(&["*.txt"], &["*.tmp"]).unwrap().wants(odd));
    }

    #[test]
    fn what_is_no_pattern() {
        let refused = |pattern: &str| Globs::new(&[pattern], &[""; 0]).unwrap_err();
        for (pattern, why) in [
            ("[a", "cannot be read: unclosed character class; missing ']'"),
            (
                "{a",
                "cannot be read: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)",
            ),
            (
                "a}",
                "cannot be read: unopened alternate group; missing '{' (maybe escape '}' with '[}]'?)",
            ),
            ("[z-a]", "cannot be read: invalid range; 'z' > 'a'"),
            ("a\\", "cannot be read: dangling '\\'"),
            ("/srv/*.csv", "can be no path below a directory"),
            ("../*.csv", "can be no path below a directory"),
            ("./a", "can be no path below a directory"),
            ("a//b", "can be no path below a directory"),
            ("/", "can be no path below a directory"),
            ("2026/", "ends with a slash, and files are meant"),
        ] {
            assert_eq!(refused(pattern).to_string(), why, "{pattern}");
            assert!(!refused(pattern).hint().is_empty());
        }
        assert_eq!(refused(&"a".repeat(1_025)), GlobError::TooLong);
    }

    #[test]
    fn patterns_as_long_as_they_may_be_are_no_harm() {
        let deep = "a/".repeat(2_000) + "b";
        for part in ["**/", "?", "*", "{a,b}", "[a-z]", "{", "{a,", "\\*", "[!/]*"] {
            let long = part.repeat(1_024 / part.len());
            if let Ok(globs) = Globs::new(&[long.as_str(), &(long.clone() + "*")], &[""; 0]) {
                globs.wants(Path::new(&deep));
            }
        }
    }
}
