//! `rpa explain`: the pages of the fault catalogue, without the daemon.

use std::borrow::Cow;

use rpa_ipc::fault::{quoted, say};
use rpa_ipc::{Fault, FaultCode, Language, fault, said};
use serde::Serialize;

use super::exit::{Exit, Failure};
use super::output::{self, Form, Output};
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

    #[command(flatten)]
    pub form: Form,
}

#[derive(Serialize)]
struct ListDocument {
    faults: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    code: String,
    title: Cow<'static, str>,
}

#[derive(Serialize)]
struct PageDocument {
    code: String,
    title: Cow<'static, str>,
    exit: u8,
    hint: Cow<'static, str>,
    page: &'static str,
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    match &args.code {
        None => list(args.form, session)?,
        Some(_) if args.form.output.is_some() => {
            return Err(fault!(FaultCode::Usage, "output-no-list").into());
        }
        Some(word) => page(parse(word)?, session)?,
    }
    Ok(Exit::OK)
}

fn parse(word: &str) -> Result<FaultCode, Fault> {
    word.parse().map_err(|_| fault!(FaultCode::NoFault, "no-fault", code = quoted(word)))
}

fn list(form: Form, session: &mut Session) -> Result<(), Failure> {
    let mut sheet = form.sheet(&output::EXPLAIN, session)?;
    let entries = FaultCode::ALL.iter();
    if sheet.output() != Output::Table {
        let title = |code: &FaultCode| code.title(Language::English);
        let entry = |code: &FaultCode| Entry { code: code.to_string(), title: title(code) };
        let faults: Vec<Entry> = entries.map(entry).collect();
        return match sheet.streams() {
            true => sheet.rows(&faults, session),
            false => session.out.document(&ListDocument { faults }),
        };
    }
    let mut table = Table::new(&[Column::fixed("CODE"), Column::flexible("MEANING", 20)]);
    for code in entries {
        let title = code.title(session.out.look.language);
        table.row(vec![code.to_string().into(), title.as_ref().into()]);
    }
    session.out.lines(table.lines(&session.out.look))
}

fn page(code: FaultCode, session: &mut Session) -> Result<(), Failure> {
    if session.json {
        let language = Language::English;
        return session.out.document(&PageDocument {
            code: code.to_string(),
            title: code.title(language),
            exit: code.exit(),
            hint: code.hint(language),
            page: code.page(language),
        });
    }
    let language = session.out.look.language;
    let title =
        Line::new().push(Style::Bold, code.to_string()).plain(": ").plain(code.title(language));
    session.out.line(title)?;
    session.out.line("")?;
    session.out.lines(code.page(language).lines().map(Line::of))?;
    session.out.line("")?;
    let exit = say(language, &said!("label-exit-code", code = code.exit())).unwrap_or_default();
    session.out.line(Line::new().push(Style::Dim, exit))
}
