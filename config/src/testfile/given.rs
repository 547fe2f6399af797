//! What a test says of the attempts of a step.

use rpa_engine::{ErrorClass, Map, TaskError, Value};

use super::read::Tests;
use super::words::{APPROVE_KEYS, REJECT_KEYS};
use super::{Ending, Given, Resolve, Try};
use crate::workflow::fields::{Fields, Keys, shown};
use crate::workflow::node::{Data, Node, ScalarKind};
use crate::workflow::problem::ProblemCode;

pub(super) const TRY_KEYS: Keys = Keys {
    owner: "the result of a step",
    known: &[
        "output",
        "fail",
        "exit",
        "http",
        "business",
        "timeout",
        "lost",
        "cancelled",
        "approve",
        "reject",
        "event",
        "resolve",
        "takes",
    ],
    later: &[],
};

pub(super) const FAIL_KEYS: Keys =
    Keys { owner: "`fail`", known: &["class", "code", "message", "started"], later: &[] };

/// Each says how an attempt that gave no result has ended, or what was said to the step.
const ENDINGS: [&str; 10] = [
    "fail",
    "exit",
    "http",
    "business",
    "timeout",
    "lost",
    "cancelled",
    "approve",
    "reject",
    "event",
];

impl<'a> Tests<'a> {
    /// One result for all attempts, or a list of one for each.
    pub(super) fn given(&mut self, node: &'a Node) -> Option<Given> {
        let Data::List(items) = &node.data else { return self.attempt(node).map(Given::Always) };
        if items.is_empty() {
            let hint = "write a result for each attempt, or take the step out";
            self.reader.wrong_type(node.at, "a list of results is empty", hint);
            return None;
        }
        let tries: Vec<Try> = items.iter().filter_map(|item| self.attempt(item)).collect();
        (tries.len() == items.len()).then_some(Given::InTurn(tries))
    }

    fn attempt(&mut self, node: &'a Node) -> Option<Try> {
        let fields = Fields::read(node, &TRY_KEYS, &mut self.reader.problems)?;
        let named: Vec<&str> = ENDINGS.into_iter().filter(|k| fields.get(k).is_some()).collect();
        if let [first, second, ..] = named[..] {
            let message = format!("a result has `{first}` and `{second}`; it can have only one");
            let hint = "take one out; a list has a result for each attempt";
            self.reader.problems.error(ProblemCode::StepForm, fields.at, message, hint);
            return None;
        }
        let output = fields.get("output").map(Node::literal);
        let takes = fields.get("takes").map(|node| self.reader.duration_ms(node, "`takes`"));
        let resolve = fields.get("resolve").map(|node| self.resolve(node, output.as_ref()));
        let ending = match named.first() {
            None => self.plain_output(&fields, output),
            Some(&key) => {
                let node = fields.get(key)?;
                // what a person says was done is no output of the attempt
                let output = output.filter(|_| resolve.is_none()).unwrap_or_default();
                self.ending(key, node, output)
            }
        };
        Some(Try {
            at: fields.at,
            ending: ending?,
            takes_ms: takes.unwrap_or(Some(0))?,
            resolve: match resolve {
                Some(resolve) => Some(resolve?),
                None => None,
            },
        })
    }

    fn plain_output(&mut self, fields: &Fields<'a>, output: Option<Value>) -> Option<Ending> {
        if output.is_none() {
            let message = "a result says neither what came back nor how it failed";
            let hint = "write `output: {…}`, or one of `fail`, `exit`, `http`, `business`, \
                        `timeout` and `lost`";
            self.reader.problems.error(ProblemCode::MissingKey, fields.at, message, hint);
        }
        output.map(Ending::Output)
    }

    fn ending(&mut self, key: &str, node: &'a Node, output: Value) -> Option<Ending> {
        let failed = |class: ErrorClass, message: String| {
            let code = usual_code(class).to_owned();
            let error = TaskError { class, code, message };
            Some(Ending::Failed { error, output: output.clone(), started: true })
        };
        match key {
            "exit" => {
                let code = self.number(node, "`exit`", 1..=255)?;
                failed(ErrorClass::Exit(i32::try_from(code).ok()?), format!("exited with {code}"))
            }
            "http" => {
                let status = self.number(node, "`http`", 100..=599)?;
                let class = match status {
                    429 => ErrorClass::RateLimited,
                    _ => ErrorClass::Http(u16::try_from(status).ok()?),
                };
                failed(class, format!("the answer was {status}"))
            }
            "business" => {
                let message = self.reader.filled_text(node, "`business`")?;
                failed(ErrorClass::Business, message.to_owned())
            }
            "timeout" => self.is_true(node, "`timeout`").then_some(Ending::TimedOut),
            "lost" => self.is_true(node, "`lost`").then_some(Ending::Lost),
            "cancelled" => self.is_true(node, "`cancelled`").then_some(Ending::Cancelled),
            "approve" => self.votes(node, &APPROVE_KEYS).map(Ending::Approved),
            "reject" => self.votes(node, &REJECT_KEYS).map(Ending::Rejected),
            "event" => self.event(node).map(Ending::Event),
            _ => self.failure(node, output),
        }
    }

    fn failure(&mut self, node: &'a Node, output: Value) -> Option<Ending> {
        let fields = Fields::read(node, &FAIL_KEYS, &mut self.reader.problems)?;
        let hint = "write for example `class: connection`";
        let class = fields.require("class", hint, &mut self.reader.problems)?;
        let text = self.reader.text(class, "`class`")?;
        let found = class_of(text);
        if found.is_none() {
            let message = format!("`class` cannot be {:?}", shown(text));
            let hint = "write business, timeout, connection, rate_limited, invalid_input, \
                        system, exit(2) or http(503)";
            self.reader.wrong_type(class.at, message, hint);
        }
        let class = found?;
        let code = fields.get("code").map(|node| self.reader.filled_text(node, "`code`"));
        let message = fields.get("message").map(|node| self.reader.text(node, "`message`"));
        let started = fields.get("started").map(|node| self.boolean(node, "`started`"));
        let code = code.unwrap_or(Some(usual_code(class)))?.to_owned();
        let message = message.unwrap_or(Some("failed in a test"))?.to_owned();
        let started = started.unwrap_or(Some(true))?;
        Some(Ending::Failed { error: TaskError { class, code, message }, output, started })
    }

    fn resolve(&mut self, node: &'a Node, output: Option<&Value>) -> Option<Resolve> {
        let done = match output {
            Some(Value::Map(fields)) => fields.clone(),
            _ => Map::new(),
        };
        let words = [
            ("done", Resolve::Done as fn(Map) -> Resolve),
            ("retry", |_| Resolve::Retry),
            ("fail", |_| Resolve::Fail),
        ];
        self.reader.choice(node, "`resolve`", &words).map(|make| make(done))
    }

    /// A whole number in `range`.
    pub(super) fn number(
        &mut self,
        node: &'a Node,
        what: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        match node.scalar().map(|s| s.kind) {
            Some(ScalarKind::Int(n)) if range.contains(&n) => Some(n),
            Some(ScalarKind::Int(n)) => {
                let message = format!("{what} cannot be \"{n}\"");
                let hint = format!("write {} to {}", range.start(), range.end());
                self.reader.wrong_type(node.at, message, hint);
                None
            }
            _ => {
                let message = format!("{what} is a number; here is {}", node.described());
                self.reader.wrong_type(node.at, message, "write a number without quotes");
                None
            }
        }
    }

    fn boolean(&mut self, node: &'a Node, what: &str) -> Option<bool> {
        if let Some(ScalarKind::Bool(is)) = node.scalar().map(|s| s.kind) {
            return Some(is);
        }
        let message = format!("{what} is a boolean; here is {}", node.described());
        self.reader.wrong_type(node.at, message, "write true or false");
        None
    }

    pub(super) fn is_true(&mut self, node: &'a Node, what: &str) -> bool {
        let is = self.boolean(node, what);
        if is == Some(false) {
            self.reader.wrong_type(node.at, format!("{what} cannot be \"false\""), "take it out");
        }
        is == Some(true)
    }
}

/// An error class as [`ErrorClass::word`] writes it.
pub fn class_of(word: &str) -> Option<ErrorClass> {
    let number = |name: &str| word.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(code) = number("exit") {
        return code.parse().ok().map(ErrorClass::Exit);
    }
    if let Some(status) = number("http") {
        return status.parse().ok().map(ErrorClass::Http);
    }
    let plain = [
        ErrorClass::Business,
        ErrorClass::Timeout,
        ErrorClass::Connection,
        ErrorClass::RateLimited,
        ErrorClass::InvalidInput,
        ErrorClass::System,
    ];
    plain.into_iter().find(|class| class.word() == word)
}

/// The code that tasks give with an error of this class.
fn usual_code(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Business | ErrorClass::Exit(_) => "RPA0401",
        ErrorClass::Timeout => "RPA0402",
        ErrorClass::Connection => "RPA0408",
        ErrorClass::RateLimited | ErrorClass::Http(_) => "RPA0407",
        ErrorClass::InvalidInput => "RPA0409",
        ErrorClass::System => "RPA0410",
    }
}
