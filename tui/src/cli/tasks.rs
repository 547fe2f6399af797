//! `rpa tasks`: what a step can do, without the daemon.

use rpa_config::catalogue::{CATALOGUE, find};
use rpa_engine::contract::{EffectRule, Field, FieldKind, TaskContract};
use rpa_ipc::fault::quoted;
use rpa_ipc::{FaultCode, fault};
use serde::Serialize;

use super::exit::{Exit, Failure};
use super::output::{self, Form, Output};
use super::session::Session;
use super::text::{Column, Line, Style, Table};

/// List the task types, or show one with its inputs and outputs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa tasks
  rpa tasks http.request
  rpa tasks --json | jq '.tasks[].kind'")]
pub struct Args {
    /// A task type, as written after `uses:`
    pub name: Option<String>,

    #[command(flatten)]
    pub form: Form,
}

#[derive(Serialize)]
struct Document {
    tasks: Vec<TaskObject>,
    next: Option<String>,
}

#[derive(Serialize)]
struct TaskObject {
    kind: &'static str,
    summary: &'static str,
    /// The usual effect class, in words.
    effect: String,
    inputs: Vec<FieldObject>,
    outputs: Vec<FieldObject>,
    example: &'static str,
}

#[derive(Serialize)]
struct FieldObject {
    name: &'static str,
    kind: String,
    required: bool,
    default: Option<&'static str>,
    per_item: bool,
    summary: &'static str,
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    match &args.name {
        None => list(args.form, session)?,
        Some(_) if args.form.output.is_some() => {
            return Err(fault!(FaultCode::Usage, "output-no-list").into());
        }
        Some(name) => one(name, session)?,
    }
    Ok(Exit::OK)
}

fn list(form: Form, session: &mut Session) -> Result<(), Failure> {
    let mut sheet = form.sheet(&output::TASKS, session)?;
    if sheet.output() != Output::Table {
        let tasks: Vec<TaskObject> = CATALOGUE.iter().map(TaskObject::of).collect();
        return match sheet.streams() {
            true => sheet.rows(&tasks, session),
            false => session.out.document(&Document { tasks, next: None }),
        };
    }
    let columns =
        [Column::fixed("TASK"), Column::flexible("SUMMARY", 20), Column::flexible("EFFECT", 12)];
    let mut table = Table::new(&columns);
    for task in CATALOGUE {
        table.row(vec![task.kind.into(), task.summary.into(), effect(&task.effect).into()]);
    }
    session.out.lines(table.lines(&session.out.look))
}

fn one(name: &str, session: &mut Session) -> Result<(), Failure> {
    let task =
        find(name).ok_or_else(|| fault!(FaultCode::NoTask, "no-task", kind = quoted(name)))?;
    if session.json {
        return session.out.document(&TaskObject::of(task));
    }
    session.out.line(Line::new().push(Style::Bold, task.kind).plain("  ").plain(task.summary))?;
    let effect = Line::new().push(Style::Dim, "effect  ").plain(effect(&task.effect));
    session.out.line(effect)?;
    fields("inputs", task.inputs, session)?;
    fields("outputs", task.outputs, session)?;
    session.out.line("")?;
    session.out.line(Line::new().push(Style::Dim, "example"))?;
    session.out.line(Line::of(format!("  uses: {}", task.kind)))?;
    session.out.line("  with:")?;
    session.out.lines(task.example.lines().map(|line| Line::of("    ").plain(line)))
}

fn fields(title: &str, fields: &[Field], session: &mut Session) -> Result<(), Failure> {
    if fields.is_empty() {
        return Ok(());
    }
    session.out.line("")?;
    session.out.line(Line::new().push(Style::Dim, title))?;
    for field in fields {
        let head = Line::of("  ").push(Style::Bold, field.name).plain(": ").plain(kind(field.kind));
        let needed = match (field.required, field.default) {
            (true, _) => ", required".to_owned(),
            (false, "") => String::new(),
            (false, default) => format!(", default {default}"),
        };
        let each = if field.per_item { ", for each item" } else { "" };
        session.out.line(head.plain(needed).plain(each))?;
        let width = session.out.look.width.unwrap_or(80).min(100);
        let wrapped = wrapped(field.summary, width.saturating_sub(6));
        session.out.lines(wrapped.into_iter().map(|text| Line::of("      ").plain(text)))?;
    }
    Ok(())
}

/// Greedy lines of at most `width` characters; our own summaries are plain text.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

fn kind(kind: FieldKind) -> String {
    match kind {
        FieldKind::Choice(words) => format!("one of {}", words.join(", ")),
        other => other.word().to_owned(),
    }
}

/// `pure`, or `idempotent with method GET, HEAD; else unknown`.
fn effect(rule: &EffectRule) -> String {
    match rule {
        EffectRule::Always(class) => class.word().to_owned(),
        EffectRule::ByInput { field, rules, otherwise } => {
            let mut classes: Vec<(&str, Vec<&str>)> = Vec::new();
            for (value, class) in *rules {
                match classes.iter_mut().find(|(word, _)| *word == class.word()) {
                    Some((_, values)) => values.push(value),
                    None => classes.push((class.word(), vec![value])),
                }
            }
            let parts = classes
                .iter()
                .map(|(word, values)| format!("{word} with {field} {}", values.join(", ")));
            format!("{}; else {}", parts.collect::<Vec<_>>().join("; "), otherwise.word())
        }
    }
}

impl TaskObject {
    fn of(task: &TaskContract) -> TaskObject {
        let fields = |fields: &[Field]| fields.iter().map(FieldObject::of).collect();
        TaskObject {
            kind: task.kind,
            summary: task.summary,
            effect: effect(&task.effect),
            inputs: fields(task.inputs),
            outputs: fields(task.outputs),
            example: task.example,
        }
    }
}

impl FieldObject {
    fn of(field: &Field) -> FieldObject {
        FieldObject {
            name: field.name,
            kind: kind(field.kind),
            required: field.required,
            default: Some(field.default).filter(|default| !default.is_empty()),
            per_item: field.per_item,
            summary: field.summary,
        }
    }
}
