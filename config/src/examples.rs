//! The workflows that come with rpad, as texts: a first one, and examples.

use rpa_engine::Label;

use crate::workflow;

/// A small workflow that works on any machine, to begin with. It is called `hello`.
pub const FIRST: &str = include_str!("../starter/hello.yaml");

/// The example for who sees all this for the first time: it only looks, takes some seconds,
/// and needs nothing but a shell.
pub const WELCOME: &str = "disk-report";

/// What [`FIRST`] is called.
const FIRST_NAME: &str = "hello";

/// A workflow of `config/examples`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    pub name: &'static str,
    /// The workflow file.
    pub source: &'static str,
    /// Its file of tests, if it has one.
    pub tests: Option<&'static str>,
}

macro_rules! examples {
    ($($name:literal $($tested:ident)?,)+) => {
        /// All examples, by name.
        pub const EXAMPLES: &[Example] = &[$(Example {
            name: $name,
            source: include_str!(concat!("../examples/", $name, ".yaml")),
            tests: examples!(@tests $name $($tested)?),
        }),+];
    };
    (@tests $name:literal) => { None };
    (@tests $name:literal tested) => {
        Some(include_str!(concat!("../examples/", $name, ".test.yaml")))
    };
}

examples! {
    "after-failure",
    "backup-rotate",
    "certificate-check",
    "crm-sync",
    "csv-import",
    "database-dump",
    "deploy-hook",
    "disk-report" tested,
    "dump-check",
    "host-added",
    "inbox-archive",
    "log-cleanup",
    "log-digest",
    "maintenance",
    "nightly-report",
    "offboarding" tested,
    "page-export",
    "payment-approval" tested,
    "payment-execute",
    "rollout" tested,
    "service-restart",
    "site-check" tested,
}

impl Example {
    pub fn find(name: &str) -> Option<&'static Example> {
        EXAMPLES.iter().find(|example| example.name == name)
    }

    /// The example called [`WELCOME`].
    pub fn welcome() -> &'static Example {
        Example::find(WELCOME).expect("it is one of those that are built in, and a test holds it")
    }

    /// The name of its file, without a folder.
    pub fn file(&self) -> String {
        format!("{}.yaml", self.name)
    }

    /// What it says of itself in a line.
    pub fn description(&self) -> String {
        let namespace: Label = "default".parse().expect("a label");
        let checked = workflow::check(self.source, self.name, &namespace);
        checked.workflow.map(|workflow| workflow.description).unwrap_or_default()
    }
}

/// [`FIRST`] under another name.
pub fn first(name: &Label) -> String {
    FIRST
        .replace(&format!("name: {FIRST_NAME}\n"), &format!("name: {name}\n"))
        .replace(&format!(" {FIRST_NAME}.yaml"), &format!(" {name}.yaml"))
        .replace(&format!("rpa run {FIRST_NAME} "), &format!("rpa run {name} "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::format::format;

    #[test]
    fn every_shipped_file_is_here() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        let names = fs::read_dir(folder).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let files: BTreeSet<String> = names.filter(|name| name.ends_with(".yaml")).collect();
        assert_eq!(Example::welcome().name, WELCOME);
        let here = EXAMPLES.iter().flat_map(|example| {
            let tests = example.tests.map(|_| format!("{}.test.yaml", example.name));
            tests.into_iter().chain([example.file()])
        });
        assert_eq!(here.collect::<BTreeSet<_>>(), files);
        for example in EXAMPLES {
            assert!(!example.description().is_empty(), "{}", example.name);
        }
    }

    #[test]
    fn the_first_workflow_is_valid_and_canonical_under_any_name() {
        assert_eq!(format(FIRST, "hello.yaml").as_deref(), Ok(FIRST));
        let name: Label = "disk-2".parse().unwrap();
        let text = first(&name);
        assert!(!text.contains(FIRST_NAME), "{text}");
        let checked = workflow::check(&text, "disk-2.yaml", &"default".parse().unwrap());
        assert_eq!(checked.problems, []);
        assert_eq!(checked.workflow.unwrap().name.to_string(), "default/disk-2");
    }
}
