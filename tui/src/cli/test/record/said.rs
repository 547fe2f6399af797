//! What a test says of the runs that a step called, of what people said to one that
//! asked, and of the events that came to one that waited.

use std::collections::BTreeMap;

use rpa_config::testfile::{At, Ending, GivenEvent, Try, Votes, class_of};
use rpa_engine::{Approval, ErrorClass, Ident, TaskError, Value};
use rpa_ipc::recording::{TryEnd, TryView, Word, WordView};

use super::made::{AT, LONG_MS, at, stand_in};

fn made(ending: Ending, takes_ms: u64) -> Try {
    let takes_ms = if takes_ms < LONG_MS { 0 } else { takes_ms };
    Try { at: AT, ending, takes_ms, resolve: None }
}

/// How the run ended that was called.
pub(super) fn called(this: &TryView) -> Try {
    let took_ms = this.ended_ms.unwrap_or(this.began_ms).saturating_sub(this.began_ms);
    match &this.end {
        TryEnd::Output(output) => made(Ending::Output(output.clone()), took_ms),
        TryEnd::Failed { error, .. } => {
            let class = class_of(&error.class).unwrap_or(ErrorClass::System);
            let message = match this.called {
                Some(run) => own_message(&error.message, &run.short()),
                None => &error.message,
            };
            let (code, message) = (error.code.clone(), message.to_owned());
            let error = TaskError { class, code, message };
            made(Ending::Failed { error, output: Value::Null, started: true }, took_ms)
        }
        TryEnd::Cancelled => made(Ending::Cancelled, took_ms),
        // what ends it comes from the test
        TryEnd::TimedOut | TryEnd::Lost | TryEnd::Stopped | TryEnd::Open => {
            made(Ending::TimedOut, 0)
        }
    }
}

/// An error of a run that is called says which run it was, and at which step: in a test
/// that is said anew.
fn own_message<'m>(message: &'m str, run: &str) -> &'m str {
    let Some(rest) = message.strip_prefix(&format!("run {run}")) else { return message };
    match rest.split_once(": ") {
        Some((place, own)) if place.is_empty() || place.starts_with(", ") => own,
        _ => message,
    }
}

/// What people said; nobody more where that did not decide it.
pub(super) fn decided(this: &TryView, approval: &Approval, warnings: &mut Vec<String>) -> Vec<Try> {
    let mut before_ms = this.began_ms;
    let mut tries = Vec::new();
    for WordView { at_ms, by, said_at, word } in &this.words {
        let takes_ms = at_ms.saturating_sub(before_ms);
        let (by, said_at) = (vec![by.clone()], Some(said_at.clone()));
        let ending = match word {
            Word::Approves { fields, comment } => Ending::Approved(Votes {
                by,
                fields: form(fields, approval, warnings),
                comment: comment.clone(),
                said_at,
            }),
            Word::Rejects { comment } => Ending::Rejected(Votes {
                by,
                comment: comment.clone(),
                said_at,
                ..Votes::default()
            }),
            Word::Event { .. } => continue,
        };
        let result = made(ending, takes_ms);
        // a time that is left out is made up for by the next one
        if result.takes_ms > 0 {
            before_ms = *at_ms;
        }
        tries.push(result);
    }
    let rejected = tries.iter().any(|this| matches!(this.ending, Ending::Rejected(_)));
    if !rejected && tries.len() < approval.quorum as usize {
        tries.push(made(Ending::TimedOut, 0));
    }
    tries
}

fn form(
    fields: &[(String, Value)],
    approval: &Approval,
    warnings: &mut Vec<String>,
) -> BTreeMap<Ident, At<Value>> {
    let mut given = BTreeMap::new();
    for (name, value) in fields {
        let Ok(name) = name.parse::<Ident>() else { continue };
        let Some(field) = approval.form.get(&name) else { continue };
        let value = match value {
            Value::Null => continue,
            _ if field.sensitive => stand_in(&name, field, warnings),
            value => value.clone(),
        };
        given.insert(name, at(value));
    }
    given
}

/// The events that came, and none more where that did not end the wait.
pub(super) fn events(this: &TryView) -> Vec<Try> {
    let mut before_ms = this.began_ms;
    let mut tries = Vec::new();
    for WordView { at_ms, by, said_at, word } in &this.words {
        let Word::Event { id, data } = word else { continue };
        let event = GivenEvent {
            data: data.clone(),
            by: Some(by.clone()),
            id: Some(*id),
            said_at: Some(said_at.clone()),
        };
        let result = made(Ending::Event(event), at_ms.saturating_sub(before_ms));
        if result.takes_ms > 0 {
            before_ms = *at_ms;
        }
        tries.push(result);
    }
    let has_come = match &this.end {
        TryEnd::Output(output) => output.get("id").is_some_and(|id| *id != Value::Null),
        _ => false,
    };
    if !has_come {
        tries.push(made(Ending::TimedOut, 0));
    }
    tries
}
