//! Commands: `run`, `shell`, and the inputs of `uses: shell`.
//!
//! All of them are literal. Values reach a command through `env`, because text
//! spliced into a shell's source is how commands get injected.

use rpa_engine::{Template, Value};

use super::fields::shown;
use super::interpolation;
use super::locate;
use super::node::{Data, Node};
use super::problem::ProblemCode;
use super::reader::Reader;
use crate::catalogue::SHELLS;
use crate::suggest;

impl<'a> Reader<'a> {
    /// The input of a `run` step. Its own `shell` comes before the default.
    pub(crate) fn run(
        &mut self,
        command: &'a Node,
        shell: Option<&'a Node>,
        default: Option<&Value>,
    ) -> Template {
        let command = self.command(command);
        let shell = match shell {
            Some(node) => self.shell(node),
            None => Some(default.cloned().unwrap_or_else(|| Value::from(SHELLS[0]))),
        };
        let fields = [("command", command), ("shell", shell)];
        let literal = |value: Option<Value>| Template::Literal(value.unwrap_or_default());
        Template::Map(fields.into_iter().map(|(key, v)| (key.to_owned(), literal(v))).collect())
    }

    /// An input of `uses: shell`.
    pub(crate) fn shell_input(&mut self, name: &str, node: &'a Node) -> Template {
        let value = if name == "command" { self.command(node) } else { self.shell(node) };
        Template::Literal(value.unwrap_or_default())
    }

    /// `sh`, `bash`, or a list of words.
    pub(crate) fn shell(&mut self, node: &'a Node) -> Option<Value> {
        const EXAMPLE: &str = "write sh, bash, or a list of words such as [python3]";
        match &node.data {
            Data::List(items) if !items.is_empty() => {
                let words: Vec<_> =
                    items.iter().filter_map(|w| self.literal(w, "a word of `shell`")).collect();
                (words.len() == items.len())
                    .then(|| Value::List(words.into_iter().map(Value::from).collect()))
            }
            Data::Scalar(_) if node.text().is_some_and(|text| SHELLS.contains(&text)) => {
                node.text().map(Value::from)
            }
            Data::Scalar(scalar) => {
                let message = format!("there is no shell {:?}", shown(&scalar.text));
                let hint = match suggest::nearest(&scalar.text, SHELLS) {
                    Some(near) => format!("did you mean {near}? {EXAMPLE}"),
                    None => EXAMPLE.to_owned(),
                };
                self.wrong_type(node.at, message, hint);
                None
            }
            Data::List(_) | Data::Map(_) => {
                self.wrong_type(node.at, "`shell` is a name or a list of words", EXAMPLE);
                None
            }
        }
    }

    fn command(&mut self, node: &'a Node) -> Option<Value> {
        self.literal(node, "a command").map(Value::from)
    }

    /// Text in which nothing is replaced; refuses what looks otherwise.
    fn literal(&mut self, node: &'a Node, what: &str) -> Option<&'a str> {
        let text = self.filled_text(node, what)?;
        let Some(found) = interpolation::find(text, &self.items) else { return Some(text) };
        let (reference, name) = (&found.shown, found.variable());
        self.problems.error(
            ProblemCode::ExprInRun,
            locate::part(self.source, node, found.start, found.end),
            format!("{{{{ {reference} }}}} is not replaced in {what}"),
            format!(
                "pass it as `env: {{{name}: \"{{{{ {reference} }}}}\"}}` and write \"${name}\""
            ),
        );
        None
    }
}
