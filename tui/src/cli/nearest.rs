//! What was probably meant, where what was typed is not there.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};
use clap::{Command, CommandFactory};
use rpa_ipc::fault::Said;
use rpa_ipc::service::{RpadClient, WorkflowsQuery};
use rpa_ipc::triggers::TriggersQuery;
use rpa_ipc::{Fault, FaultCode, said};

use super::args::Cli;
use super::exit::Failure;
use super::session::Session;

/// Most names that are compared: a hint is worth one call, not a walk through a catalogue.
const MOST: u32 = 500;
/// How alike two names are at least, from 0 to 1: one or two slips in a word of eight.
const ALIKE: f64 = 0.7;

/// The name that begins with a word, or is most like it; `None` when none is much like it.
pub fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let part = |name: &&str| word.chars().count() >= 3 && name.starts_with(word);
    if let Some(longer) = names.iter().copied().find(part) {
        return Some(longer);
    }
    let alike = |name: &&str| strsim::damerau_levenshtein(word, name);
    let near = names.iter().copied().min_by_key(alike)?;
    (strsim::normalized_damerau_levenshtein(word, near) >= ALIKE).then_some(near)
}

/// A command line that was refused, with the command that is one slip away. What clap finds
/// alike is counted in other ways: `rnu` would be `runs`.
pub fn suggested(mut error: clap::Error) -> clap::Error {
    let root = Cli::command();
    let near = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(word)) => {
            let shown = root.get_subcommands().filter(|command| !command.is_hide_set());
            let mut names = shown.map(Command::get_name);
            names.find(|name| strsim::damerau_levenshtein(word, name) <= 1)
        }
        _ => None,
    };
    if let Some(near) = near {
        let near = ContextValue::Strings(vec![near.to_owned()]);
        error.insert(ContextKind::SuggestedSubcommand, near);
    }
    error
}

/// A failure that says which workflow or trigger may have been meant, when the daemon
/// says that there is none of the name that was typed among `words`.
pub async fn with_hint(failure: Failure, words: &[OsString], session: &Session) -> Failure {
    let Failure::Fault(fault) = &failure else { return failure };
    let names = match fault.code {
        FaultCode::NoWorkflow => workflows(session).await,
        FaultCode::NoTrigger => triggers(session).await,
        _ => return failure,
    };
    let names = names.unwrap_or_default();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let words = words.iter().skip(1).filter_map(|word| word.to_str()).map(local);
    // only a word that the fault is about; a short one may stand in it by chance
    let meant = words.filter(|word| !word.is_empty() && fault.message.contains(word));
    let mut meant: Vec<&str> = meant.filter(|word| !names.contains(word)).collect();
    meant.sort_by_key(|word| std::cmp::Reverse(word.len()));
    match meant.into_iter().find_map(|word| nearest(word, &names)) {
        Some(near) => Failure::Fault(Box::new(hinted(fault, near))),
        None => failure,
    }
}

fn hinted(fault: &Fault, near: &str) -> Fault {
    let hint: Said = said!("hint-did-you-mean", name = near);
    fault.clone().hint(hint)
}

fn local(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

async fn workflows(session: &Session) -> Option<Vec<String>> {
    let query = WorkflowsQuery {
        namespace: session.namespace.clone(),
        tag: None,
        category: None,
        archived: false,
        limit: MOST,
        cursor: None,
    };
    let call = async |rpc: &RpadClient, context| rpc.workflows(context, query.clone()).await;
    let page = session.link().ok()?.call(call).await.ok()?;
    let names = page.items.into_iter().map(|item| local(&item.workflow).to_owned());
    Some(names.collect())
}

async fn triggers(session: &Session) -> Option<Vec<String>> {
    let query = TriggersQuery { namespace: session.namespace.clone() };
    let call = async |rpc: &RpadClient, context| rpc.triggers(context, query.clone()).await;
    let views = session.link().ok()?.call(call).await.ok()?;
    Some(views.into_iter().map(|view| view.trigger).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_is_a_slip_away_is_named() {
        use clap::Parser;
        for (line, wanted) in [("rnu x", "'run'"), ("rns", "'runs'"), ("shwo", "'show'")] {
            let words = std::iter::once("rpa").chain(line.split(' '));
            let error = suggested(Cli::try_parse_from(words).unwrap_err());
            assert!(error.to_string().contains(wanted), "{error}");
        }
    }

    #[test]
    fn the_nearest_is_named_when_it_is_near() {
        let names = ["disk-report", "backup", "import"];
        let table = [
            ("disk-reprot", Some("disk-report")),
            ("disk", Some("disk-report")),
            ("bakup", Some("backup")),
            ("imp", Some("import")),
            ("im", None),
            ("invoices", None),
            ("", None),
        ];
        for (word, wanted) in table {
            assert_eq!(nearest(word, &names), wanted, "{word}");
        }
        assert_eq!(nearest("x", &[]), None);
    }
}
