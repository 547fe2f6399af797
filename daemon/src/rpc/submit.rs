//! Accepting a run: variables read by their declared types, then the driver.

use std::collections::BTreeMap;

use rpa_config::expr::secret_reference;
use rpa_engine::{Ident, Map, RunId, Value, Variable, VariableKind, Workflow, WorkflowRef};
use rpa_ipc::service::{GivenValue, Reply, SubmitRequest};
use rpa_ipc::view::Started;
use rpa_ipc::{Fault, FaultCode};
use uuid::Uuid;

use super::Office;
use super::authorize::Allowed;
use super::service::bug;
use super::views;
use crate::driver::{Answer, Message, Submission};

/// Longest request id in bytes.
const REQUEST_ID: usize = 128;
/// Most characters of a given text in a message.
const QUOTE: usize = 100;
/// Most problems in one message.
const PROBLEMS: usize = 20;

pub async fn submit(office: &Office, allowed: &Allowed, request: SubmitRequest) -> Reply<Started> {
    check_request_id(&request.request_id)?;
    let workflow = WorkflowRef::parse(&request.workflow, &request.namespace)
        .map_err(|e| Fault::new(FaultCode::NoWorkflow, format!("{:?} {e}", request.workflow)))?;
    let digest = digest(&workflow, &request.variables)?;
    let name = workflow.to_string();
    let run = RunId(Uuid::now_v7().as_u128());
    let looked_up = {
        let (workflow, request_id) = (workflow.clone(), request.request_id.clone());
        views::read(office, move |reader| {
            let seen = reader.request(&request_id)?.is_some();
            let Some(namespace) = reader.namespace(&workflow.namespace)? else {
                return Ok((seen, None));
            };
            let Some(row) = reader.workflow(namespace, &workflow.name)? else {
                return Ok((seen, None));
            };
            let revision = reader.revision(namespace, &workflow.name, row.revision)?;
            Ok((seen, Some((row.revision, revision.definition))))
        })
        .await?
    };
    let (revision, vars) = match looked_up {
        (_, None) => return Err(no_workflow(office, &workflow).await),
        // a repeated request is the same run, whatever the workflow is now
        (true, Some((revision, _))) => (revision, BTreeMap::new()),
        (false, Some((revision, definition))) => {
            let vars = variables(&definition, request.variables)?;
            (revision, spill_vars(office, run, vars).await?)
        }
    };
    let submission = Submission {
        run,
        workflow,
        revision,
        vars,
        request_id: request.request_id,
        digest,
        actor: allowed.actor().clone(),
    };
    match office.inbox.ask(Message::Submit(Box::new(submission))).await? {
        Answer::Accepted { run, status, repeated } => {
            Ok(Started { run, workflow: name, status: status.word().into(), repeated })
        }
        other => Err(bug(&format!("{other:?}"))),
    }
}

fn check_request_id(id: &str) -> Result<(), Fault> {
    let printable = id.bytes().all(|b| b.is_ascii_graphic());
    if id.is_empty() || id.len() > REQUEST_ID || !printable {
        let message = format!("a request id is 1 to {REQUEST_ID} printable characters");
        return Err(Fault::new(FaultCode::Usage, message).hint("for example a UUID"));
    }
    Ok(())
}

/// What the request is for, so that its id cannot be used for something else.
fn digest(workflow: &WorkflowRef, given: &[(String, GivenValue)]) -> Result<[u8; 32], Fault> {
    let mut sorted: Vec<_> = given.iter().collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    let bytes = rpa_ipc::codec::encode(&(workflow, sorted))
        .map_err(|e| Fault::new(FaultCode::TooLarge, e.to_string()))?;
    Ok(*blake3::hash(&bytes).as_bytes())
}

async fn no_workflow(office: &Office, workflow: &WorkflowRef) -> Fault {
    let fault = Fault::new(FaultCode::NoWorkflow, format!("there is no workflow {workflow}"));
    match views::nearest_workflow(office, workflow).await {
        Some(near) => fault.hint(format!("did you mean {near}? see `rpa workflows`")),
        None => fault,
    }
}

/// Values for all variables of the workflow: given ones read by their type, the
/// others by default. All problems at once.
fn variables(
    definition: &Workflow,
    given: Vec<(String, GivenValue)>,
) -> Result<BTreeMap<Ident, Value>, Fault> {
    let mut values = BTreeMap::new();
    let mut problems = Vec::new();
    let mut code = FaultCode::BadVariable;
    for (name, value) in given {
        let declared =
            name.parse::<Ident>().ok().and_then(|id| definition.variables.get_key_value(&id));
        if problems.len() > PROBLEMS {
            problems.push("and more".into());
            break;
        }
        match declared {
            None => problems.push(format!("{}: no such variable", shortened(&name))),
            Some((id, variable)) => match read(variable, value) {
                Ok(value) => {
                    values.insert(id.clone(), value);
                }
                Err(why) => problems.push(format!("{name}: {why}")),
            },
        }
    }
    let mut missing = Vec::new();
    for (name, variable) in &definition.variables {
        if values.contains_key(name) || problems.iter().any(|p| p.starts_with(&format!("{name}:")))
        {
            continue;
        }
        match &variable.default {
            Some(default) => {
                values.insert(name.clone(), default.clone());
            }
            None if variable.required => missing.push(name.to_string()),
            None => {
                values.insert(name.clone(), Value::Null);
            }
        }
    }
    if problems.is_empty() && !missing.is_empty() {
        code = FaultCode::MissingVariable;
    }
    problems.extend(missing.iter().map(|name| format!("{name}: is required and was not given")));
    if problems.is_empty() {
        return Ok(values);
    }
    let known: Vec<_> = definition
        .variables
        .iter()
        .map(|(name, v)| format!("{name} ({})", v.kind.word()))
        .collect();
    let known = if known.is_empty() { "none".into() } else { known.join(", ") };
    Err(Fault::new(code, format!("{}: {}", definition.name, problems.join("; ")))
        .hint(format!("give variables with --var NAME=VALUE; it has {known}")))
}

/// Text is read by the variable's type; a typed value must be of it.
fn read(variable: &Variable, given: GivenValue) -> Result<Value, String> {
    let expected = variable.kind.word();
    let value = match (variable.kind, given) {
        (VariableKind::Secret, GivenValue::Text(text) | GivenValue::Typed(Value::Text(text))) => {
            let name: Ident = text.parse().map_err(|_| {
                "give the name of a secret, never its value (rpa never takes secrets as arguments)"
                    .to_owned()
            })?;
            secret_reference(&name)
        }
        (VariableKind::String, GivenValue::Text(text)) => Value::Text(text),
        (_, GivenValue::Text(text)) => rpa_config::json::parse(text.as_bytes())
            .map_err(|_| format!("expected a {expected}, got {:?}", shortened(&text)))?,
        (_, GivenValue::Typed(value)) => plain(value)?,
    };
    if variable.kind.accepts(&value) {
        Ok(value)
    } else {
        Err(format!("expected a {expected}, got a {}", value.type_name()))
    }
}

/// What only the daemon itself may make must not come from outside: a reference
/// would name a file of its choice, a sealed value a secret.
pub fn plain(value: Value) -> Result<Value, String> {
    if value.is_plain() { Ok(value) } else { Err("only plain documents can be given".into()) }
}

/// As much of a given text as a message can bear.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

async fn spill_vars(
    office: &Office,
    run: RunId,
    vars: BTreeMap<Ident, Value>,
) -> Result<BTreeMap<Ident, Value>, Fault> {
    let named = vars.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
    let spilled = spill(office, run, named).await?;
    let back = |(name, value): (String, Value)| Some((name.parse().ok()?, value));
    Ok(spilled.into_iter().filter_map(back).collect())
}

/// Puts large fields into files.
pub async fn spill(office: &Office, run: RunId, fields: Map) -> Result<Map, Fault> {
    let blobs = office.blobs.clone();
    blocking(move || blobs.spill_map(run, fields)).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|e| bug(&e.to_string()))?.map_err(|e| {
        match e.kind() {
            std::io::ErrorKind::FileTooLarge => {
                Fault::new(FaultCode::TooLarge, format!("the values are too large: {e}"))
            }
            _ => Fault::new(FaultCode::Io, format!("a large value cannot be stored: {e}")),
        }
    })
}

#[cfg(test)]
mod tests {
    use rpa_engine::BlobRef;

    use super::*;

    #[test]
    fn what_only_the_daemon_may_make_does_not_come_from_outside() {
        let hash = "0".repeat(64).try_into().unwrap();
        let blob = Value::Blob(BlobRef { hash, bytes: 1 });
        let secret = secret_reference(&"token".parse().unwrap());
        for hidden in [blob, secret] {
            let nested = Value::from(vec![Value::from([("a", hidden.clone())])]);
            assert!(plain(nested).is_err());
            let json = Variable {
                kind: VariableKind::Json,
                required: true,
                default: None,
                description: String::new(),
            };
            assert!(read(&json, GivenValue::Typed(hidden)).is_err());
        }
        assert!(plain(Value::from(vec![Value::Int(1)])).is_ok());
    }

    #[test]
    fn a_long_text_is_not_echoed_whole() {
        assert_eq!(shortened("é"), "é");
        assert_eq!(shortened(&"é".repeat(1000)).chars().count(), QUOTE + 1);
    }
}
