//! The top level of a file of tests, and what surrounds a test's run.

use std::collections::BTreeMap;
use std::str::FromStr;

use rpa_engine::{Ident, NameError, RunId, Value};

use super::{At, DEFAULT_NOW_MS, Expect, Given, Pattern, Test, TestFile};
use crate::workflow::fields::{Fields, Keys, shown};
use crate::workflow::node::{Data, Entry, Node, ScalarKind};
use crate::workflow::problem::{Pos, ProblemCode, Problems};
use crate::workflow::reader::Reader;
use crate::workflow::{Problem, locate, tree};

pub(crate) const KEYS: Keys = Keys {
    owner: "a file of tests",
    known: &["version", "workflow", "workflows", "tests"],
    later: &[],
};

pub(crate) const TEST_KEYS: Keys = Keys {
    owner: "a test",
    known: &["name", "run", "now", "variables", "secrets", "cancel_after", "steps", "expect"],
    later: &[],
};

/// The only version of the format so far.
const VERSION: i64 = 1;

/// The result of reading.
#[derive(Clone, Debug)]
pub struct Checked {
    /// There exactly when nothing was wrong.
    pub file: Option<TestFile>,
    /// In the order of the file.
    pub problems: Vec<Problem>,
}

/// Reads the bytes of a file of tests, which must be UTF-8. `file` is named in the
/// problems.
pub fn check_bytes(bytes: &[u8], file: &str) -> Checked {
    let mut problems = Problems::new(file);
    if !tree::fits(bytes.len(), &mut problems) {
        return Checked { file: None, problems: problems.into_sorted() };
    }
    let source = match std::str::from_utf8(bytes) {
        Ok(source) => source,
        Err(error) => {
            problems.error(
                ProblemCode::FileUnreadable,
                locate::end_of(&String::from_utf8_lossy(&bytes[..error.valid_up_to()])),
                "the file is not UTF-8 from here on",
                "save it as UTF-8",
            );
            return Checked { file: None, problems: problems.into_sorted() };
        }
    };
    let root = tree::parse(source, &mut problems);
    let Some(root) = &root else {
        return Checked { file: None, problems: problems.into_sorted() };
    };
    let mut tests = Tests { reader: Reader::new(source, problems) };
    let read = tests.file(root);
    let problems = tests.reader.problems;
    let file = read.filter(|_| !problems.failed());
    Checked { file, problems: problems.into_sorted() }
}

/// Reads what tests have and workflows have not, beside what both share.
pub(super) struct Tests<'a> {
    pub(super) reader: Reader<'a>,
}

impl<'a> Tests<'a> {
    fn file(&mut self, root: &'a Node) -> Option<TestFile> {
        let fields = Fields::read(root, &KEYS, &mut self.reader.problems)?;
        let version = fields.require(
            "version",
            "begin the file with `version: 1`",
            &mut self.reader.problems,
        );
        if version.is_some_and(|node| !self.is_this_version(node)) {
            return None;
        }
        let workflow = fields.get("workflow").and_then(|node| {
            let text = self.reader.filled_text(node, "`workflow`")?;
            Some(At { at: node.at, value: text.to_owned() })
        });
        let workflows = fields.get("workflows").map(|node| self.workflow_files(node));
        let hint = "write for example `tests: [{name: all is well, steps: {…}}]`";
        let tests = fields.require("tests", hint, &mut self.reader.problems)?;
        let Data::List(items) = &tests.data else {
            let message = format!("`tests` is a list; here is {}", tests.described());
            self.reader.wrong_type(tests.at, message, hint);
            return None;
        };
        if items.is_empty() {
            self.reader.wrong_type(tests.at, "`tests` is empty", "write at least one test");
        }
        let tests: Vec<Test> = items.iter().filter_map(|item| self.test(item)).collect();
        self.names_differ(&tests);
        Some(TestFile { workflow, workflows: workflows.unwrap_or_default(), tests })
    }

    fn workflow_files(&mut self, node: &'a Node) -> Vec<At<String>> {
        let Data::List(items) = &node.data else {
            let message = format!("`workflows` is a list; here is {}", node.described());
            self.reader.wrong_type(node.at, message, "write for example [payment.yaml]");
            return Vec::new();
        };
        let file = |item: &'a Node| {
            let text = self.reader.filled_text(item, "a file of `workflows`")?;
            Some(At { at: item.at, value: text.to_owned() })
        };
        items.iter().filter_map(file).collect()
    }

    fn is_this_version(&mut self, node: &Node) -> bool {
        if node.scalar().is_some_and(|s| s.kind == ScalarKind::Int(VERSION)) {
            return true;
        }
        let message = match node.scalar().map(|s| s.kind) {
            Some(ScalarKind::Int(n)) => format!("this is a file of version {n}"),
            _ => format!("`version` is a number; here is {}", node.described()),
        };
        self.reader.wrong_type(node.at, message, "this rpa reads version 1: write `version: 1`");
        false
    }

    /// They are told by their names.
    fn names_differ(&mut self, tests: &[Test]) {
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        for test in tests {
            let At { at, value } = &test.name;
            if let Some(line) = seen.insert(value, at.line) {
                let message = format!("a second test {value:?}; the first is on line {line}");
                self.reader.problems.error(
                    ProblemCode::Duplicate,
                    *at,
                    message,
                    "give it another name",
                );
            }
        }
    }

    fn test(&mut self, node: &'a Node) -> Option<Test> {
        let fields = Fields::read(node, &TEST_KEYS, &mut self.reader.problems)?;
        let hint = "write for example `name: a full disk is told`";
        let name = fields.require("name", hint, &mut self.reader.problems);
        let name = name.and_then(|node| {
            let text = self.reader.filled_text(node, "a test's `name`")?;
            Some(At { at: node.at, value: text.to_owned() })
        });
        let run = fields.get("run").and_then(|node| self.run_id(node));
        let now = fields.get("now").and_then(|node| self.moment_ms(node));
        let variables = fields.get("variables").map(|node| self.given_variables(node));
        let secrets = fields.get("secrets").map(|node| self.stand_ins(node));
        let cancel = fields.get("cancel_after");
        let cancel_ms = cancel.and_then(|node| self.reader.duration_ms(node, "`cancel_after`"));
        let steps = fields.get("steps").map(|node| self.given_steps(node));
        let expect = fields.get("expect").and_then(|node| self.expect(node));
        Some(Test {
            name: name?,
            run,
            now_ms: now.unwrap_or(DEFAULT_NOW_MS),
            variables: variables.unwrap_or_default(),
            secrets: secrets.unwrap_or_default(),
            cancel_ms,
            steps: steps.unwrap_or_default(),
            expect: expect.unwrap_or_else(Expect::completed),
        })
    }

    fn run_id(&mut self, node: &'a Node) -> Option<RunId> {
        let text = self.reader.text(node, "`run`")?;
        let id = text.parse().ok();
        if id.is_none() {
            let message = format!("`run` cannot be {:?}", shown(text));
            self.reader.wrong_type(node.at, message, "write the id of a run as `rpa show` has it");
        }
        id
    }

    fn moment_ms(&mut self, node: &'a Node) -> Option<u64> {
        let text = self.reader.text(node, "`now`")?;
        let moment = text
            .parse::<jiff::Zoned>()
            .map(|zoned| zoned.timestamp())
            .or_else(|_| text.parse::<jiff::Timestamp>());
        let ms = moment.ok().and_then(|moment| u64::try_from(moment.as_millisecond()).ok());
        if ms.is_none() {
            let message = format!("`now` cannot be {:?}", shown(text));
            let hint = "write a moment with its zone, for example 2026-11-21T09:00:00Z";
            self.reader.wrong_type(node.at, message, hint);
        }
        ms
    }

    fn given_variables(&mut self, node: &'a Node) -> BTreeMap<Ident, At<Value>> {
        let mut variables = BTreeMap::new();
        for entry in self.entries(node, "`variables`") {
            if let Some(name) = self.reader.name(&entry.key, entry.key_at, "variable") {
                variables.insert(name, At { at: entry.node.at, value: entry.node.literal() });
            }
        }
        variables
    }

    fn stand_ins(&mut self, node: &'a Node) -> BTreeMap<Ident, String> {
        let mut secrets = BTreeMap::new();
        for entry in self.entries(node, "`secrets`") {
            let name = self.reader.name(&entry.key, entry.key_at, "secret");
            let text = self.reader.filled_text(&entry.node, "the stand-in for a secret");
            if let (Some(name), Some(text)) = (name, text) {
                secrets.insert(name, text.to_owned());
            }
        }
        secrets
    }

    fn given_steps(&mut self, node: &'a Node) -> Vec<(At<Pattern>, Given)> {
        let mut steps = Vec::new();
        for entry in self.entries(node, "`steps` of a test") {
            let pattern = self.path::<Pattern>(&entry.key, entry.key_at);
            let given = self.given(&entry.node);
            if let (Some(value), Some(given)) = (pattern, given) {
                steps.push((At { at: entry.key_at, value }, given));
            }
        }
        steps
    }

    /// The keys of a map that may be any.
    pub(super) fn entries(&mut self, node: &'a Node, what: &str) -> &'a [Entry] {
        if let Data::Map(entries) = &node.data {
            return entries;
        }
        let message = format!("{what} is a map; here is {}", node.described());
        self.reader.wrong_type(node.at, message, "write names and values, one on each line");
        &[]
    }

    /// A path of a step, or a pattern of such.
    pub(super) fn path<T: FromStr<Err = NameError>>(&mut self, text: &str, at: Pos) -> Option<T> {
        let path = text.parse().ok();
        if path.is_none() {
            let message = format!("{:?} is no path of a step", shown(text));
            let hint = "write it as `rpa show` does, for example usage or \"each[3]/biggest\"";
            self.reader.problems.error(ProblemCode::BadName, at, message, hint);
        }
        path
    }
}
