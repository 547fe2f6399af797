//! `rpa help`: short pages about what people ask, and the help of each command.

mod groups;
pub mod pages;

use clap::{Command, CommandFactory};
use rpa_ipc::fault::quoted;
use rpa_ipc::{FaultCode, Language, fault, said};
use serde::Serialize;

pub use groups::GROUPS;
pub use pages::{TOPICS, Topic};

use super::args::Cli;
use super::exit::{Exit, Failure};
use super::nearest::nearest;
use super::session::Session;
use super::text::{Line, Style};

/// Show a page about a topic, the help of a command, or what there is
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa help                            the topics, and the commands by group
  rpa help schedules
  rpa help remote --lang bg
  rpa help schedule preview           as rpa schedule preview --help")]
pub struct Args {
    /// A topic, or a command
    #[arg(value_name = "TOPIC")]
    pub words: Vec<String>,
}

#[derive(Serialize)]
struct ListDocument {
    topics: Vec<TopicObject>,
}

#[derive(Serialize)]
struct TopicObject {
    topic: &'static str,
    about: &'static str,
}

#[derive(Serialize)]
struct PageDocument<'a> {
    topic: &'a str,
    page: &'a str,
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    match &args.words[..] {
        [] => list(session)?,
        [word, rest @ ..] => match pages::find(word).filter(|_| rest.is_empty()) {
            Some(topic) => page(topic, session)?,
            None => of_command(&args.words, session)?,
        },
    }
    Ok(Exit::OK)
}

fn page(topic: &Topic, session: &mut Session) -> Result<(), Failure> {
    if session.json {
        // programs read English
        let page = topic.page(Language::English);
        return session.out.document(&PageDocument { topic: topic.name, page });
    }
    let text = topic.page(session.out.look.language);
    session.out.lines(text.lines().map(Line::of))?;
    if Cli::command().find_subcommand(topic.name).is_some() {
        // a command has the same name
        let more = format!("rpa {} --help", topic.name);
        session.out.line("")?;
        session.out.line(Line::new().push(Style::Dim, more))?;
    }
    Ok(())
}

fn of_command(words: &[String], session: &mut Session) -> Result<(), Failure> {
    let mut root = Cli::command();
    root.build();
    let mut command = &root;
    for (index, word) in words.iter().enumerate() {
        command = command
            .find_subcommand(word)
            .ok_or_else(|| unknown(&words[..=index].join(" "), word, command))?;
    }
    let help = command.clone().render_long_help().to_string();
    if session.json {
        let name = words.join(" ");
        return session.out.document(&PageDocument { topic: &name, page: &help });
    }
    session.out.lines(help.trim_end().lines().map(Line::of))
}

fn unknown(asked: &str, word: &str, command: &Command) -> Failure {
    let inner = command.get_subcommands().filter(|c| !c.is_hide_set()).map(Command::get_name);
    let topics = TOPICS.iter().map(|topic| topic.name);
    let known: Vec<&str> = match asked == word {
        true => inner.chain(topics).collect(),
        false => inner.collect(),
    };
    let fault = fault!(FaultCode::Usage, "no-topic", topic = quoted(asked));
    match nearest(word, &known) {
        Some(near) => fault.hint(said!("hint-did-you-mean", name = near)).into(),
        None => fault.hint(said!("hint-topics")).into(),
    }
}

fn list(session: &mut Session) -> Result<(), Failure> {
    let language = session.out.look.language;
    if session.json {
        let object = |topic: &Topic| TopicObject {
            topic: topic.name,
            about: topic.about(Language::English),
        };
        let topics = TOPICS.iter().map(object).collect();
        return session.out.document(&ListDocument { topics });
    }
    let (topics, commands, more) = pages::headings(language);
    session.out.line(Line::new().push(Style::Bold, topics))?;
    for topic in TOPICS {
        let name = Line::of(format!("  {:<17}", topic.name));
        session.out.line(name.push(Style::Dim, topic.about(language)))?;
    }
    session.out.line("")?;
    session.out.line(Line::new().push(Style::Bold, commands))?;
    for group in GROUPS {
        let name = format!("  {:<17}", group.title(language));
        let width = session.out.look.width.unwrap_or(80).min(80).saturating_sub(19);
        let mut indent = Line::new().push(Style::Dim, name);
        for line in groups::broken(group.commands, width) {
            session.out.line(indent.plain(line))?;
            indent = Line::of(" ".repeat(19));
        }
    }
    session.out.line("")?;
    session.out.line(more)
}

#[cfg(test)]
mod tests;
