//! `retry.on`: the errors that are tried again.

use rpa_engine::workflow::Cause;

use super::fields::shown;
use super::node::{Data, Node, ScalarKind};
use super::reader::Reader;
use crate::suggest;

const HINT: &str = "write for example [timeout, connection, rate_limited, 5xx, exit(75)]";

/// Words that stand alone; `http` and `exit` may have a number in brackets.
pub(crate) const WORDS: [&str; 7] =
    ["business", "timeout", "connection", "rate_limited", "system", "http", "exit"];

/// How an HTTP task reports this status.
const TOO_MANY_REQUESTS: u16 = 429;

impl<'a> Reader<'a> {
    /// A list of causes, or one.
    pub(crate) fn causes(&mut self, node: &'a Node) -> Option<Vec<Cause>> {
        let items = match &node.data {
            Data::List(items) if items.is_empty() => {
                let hint = "nothing would be tried again: write `retry: none`, or name an error";
                self.wrong_type(node.at, "`on` is empty", hint);
                return None;
            }
            Data::List(items) => &items[..],
            Data::Scalar(_) | Data::Map(_) => std::slice::from_ref(node),
        };
        let found: Vec<_> = items.iter().map(|item| self.cause(item)).collect();
        let mut causes = Vec::new();
        for cause in found {
            let cause = cause?;
            causes.push(cause);
            if let Cause::Http(first, last) = cause
                && (first..=last).contains(&TOO_MANY_REQUESTS)
            {
                causes.push(Cause::RateLimited);
            }
        }
        Some(causes)
    }

    fn cause(&mut self, node: &'a Node) -> Option<Cause> {
        let Some(scalar) = node.scalar() else {
            let message = format!("an entry of `on` is a word; here is {}", node.described());
            self.wrong_type(node.at, message, HINT);
            return None;
        };
        let cause = match scalar.kind {
            ScalarKind::Text | ScalarKind::Int(_) => read(&scalar.text),
            ScalarKind::Null | ScalarKind::Bool(_) | ScalarKind::Float(_) => None,
        };
        if cause.is_none() {
            let text = shown(&scalar.text);
            let message = format!("`on` cannot have {text:?}");
            let hint = match text.as_str() {
                "invalid_input" => "trying again cannot help there: take it out".to_owned(),
                _ => match suggest::nearest(&text, WORDS) {
                    Some(near) => format!("did you mean {near}? {HINT}"),
                    None => HINT.to_owned(),
                },
            };
            self.wrong_type(node.at, message, hint);
        }
        cause
    }
}

fn read(text: &str) -> Option<Cause> {
    let inside = |word: &str| text.strip_prefix(word)?.strip_prefix('(')?.strip_suffix(')');
    match text {
        "business" => Some(Cause::Business),
        "timeout" => Some(Cause::Timeout),
        "connection" => Some(Cause::Connection),
        "rate_limited" => Some(Cause::RateLimited),
        "system" => Some(Cause::System),
        "http" => Some(Cause::Http(100, 599)),
        "exit" => Some(Cause::Exit(None)),
        _ => match (inside("http"), inside("exit")) {
            (_, Some(code)) => exit(code),
            (Some(status), None) => http(status),
            (None, None) => http(text),
        },
    }
}

/// `503` or `5xx`.
fn http(text: &str) -> Option<Cause> {
    if text.len() != 3 || !text.is_ascii() {
        return None;
    }
    let (first, last) = match text.strip_suffix("xx") {
        Some(class) => {
            let first = class.parse::<u16>().ok()?.checked_mul(100)?;
            (first, first.checked_add(99)?)
        }
        None => {
            let status = text.parse().ok()?;
            (status, status)
        }
    };
    (100..=599).contains(&first).then_some(Cause::Http(first, last))
}

fn exit(text: &str) -> Option<Cause> {
    let code = text.parse().ok().filter(|code| (1..=255).contains(code))?;
    Some(Cause::Exit(Some(code)))
}
