//! `rpa explain`: the pages of the fault catalogue, without the daemon.

use rpa_ipc::{Fault, FaultCode};
use serde::Serialize;

use super::exit::{Exit, Failure};
use super::session::Session;
use super::text::{Column, Line, Style, Table};

/// Explain an error code, or list them all
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa explain                         all codes
  rpa explain RPA0101                 one; rpa101, 0101 and 101 mean the same")]
pub struct Args {
    /// An error code such as RPA0101
    pub code: Option<String>,
}

#[derive(Serialize)]
struct ListDocument {
    faults: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    code: String,
    title: &'static str,
}

#[derive(Serialize)]
struct PageDocument {
    code: String,
    title: &'static str,
    exit: u8,
    hint: &'static str,
    page: &'static str,
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    match &args.code {
        None => list(session)?,
        Some(word) => page(parse(word)?, session)?,
    }
    Ok(Exit::OK)
}

fn parse(word: &str) -> Result<FaultCode, Fault> {
    word.parse().map_err(|_| {
        Fault::new(FaultCode::NoFault, format!("there is no fault code {word:?} in this version"))
    })
}

fn list(session: &mut Session) -> Result<(), Failure> {
    let entries = FaultCode::ALL.iter();
    if session.json {
        let entry = |code: &FaultCode| Entry { code: code.to_string(), title: code.page().title };
        return session.out.document(&ListDocument { faults: entries.map(entry).collect() });
    }
    let mut table = Table::new(&[Column::fixed("CODE"), Column::flexible("MEANING", 20)]);
    for code in entries {
        table.row(vec![code.to_string().into(), code.page().title.into()]);
    }
    session.out.lines(table.lines(&session.out.look))
}

fn page(code: FaultCode, session: &mut Session) -> Result<(), Failure> {
    let page = code.page();
    if session.json {
        return session.out.document(&PageDocument {
            code: code.to_string(),
            title: page.title,
            exit: code.exit(),
            hint: code.hint(),
            page: page.text,
        });
    }
    let title = Line::new().push(Style::Bold, code.to_string()).plain(": ").plain(page.title);
    session.out.line(title)?;
    session.out.line("")?;
    session.out.lines(page.text.lines().map(Line::of))?;
    session.out.line("")?;
    session.out.line(Line::new().push(Style::Dim, format!("exit code {}", code.exit())))
}
