//! Accepting a run: variables read by their declared types, then the driver.

use std::collections::{BTreeMap, BTreeSet};

use rpa_config::expr::secret_reference;
use rpa_engine::{Ident, Map, RunId, Value, Variable, VariableKind, Workflow, WorkflowRef};
use rpa_ipc::fault::{Said, quoted, remarks};
use rpa_ipc::service::{GivenValue, Reply, SubmitRequest};
use rpa_ipc::view::Started;
use rpa_ipc::{Fault, FaultCode, fault, said};
use uuid::Uuid;

use super::Office;
use super::authorize::Allowed;
use super::service::bug;
use super::views;
use crate::blobs::{self, Blobs};
use crate::driver::catalog::refused;
use crate::driver::{Answer, Message, Submission};
use crate::failpoint::failpoint;
use crate::secrets::SecretDir;
use crate::store::{NamespaceId, Reader, StoreError, WorkflowRow};

/// Longest request id in bytes.
const REQUEST_ID: usize = 128;
/// Most characters of a given text in a message.
const QUOTE: usize = 100;
/// Most problems in one message.
const PROBLEMS: usize = 20;

pub async fn submit(office: &Office, allowed: &Allowed, request: SubmitRequest) -> Reply<Started> {
    check_request_id(&request.request_id)?;
    let workflow = WorkflowRef::parse(&request.workflow, &request.namespace)
        .map_err(|e| views::bad_name(&request.workflow, &e))?;
    let digest = digest(&workflow, &request.variables)?;
    let name = workflow.to_string();
    let run = RunId(Uuid::now_v7().as_u128());
    let request_id = request.request_id.clone();
    let preparation = Preparation {
        run,
        workflow: workflow.clone(),
        request,
        secrets: office.secrets.clone(),
        blobs: office.blobs.clone(),
    };
    let at_once = views::glance(office, |reader| match preparation.is_quick(reader)? {
        true => preparation.clone().prepare(reader).map(Some),
        false => Ok(None),
    });
    let prepared = match at_once.flatten() {
        Some(prepared) => prepared,
        None => views::read(office, move |reader| preparation.prepare(reader)).await?,
    };
    let Some(prepared) = prepared else { return Err(no_workflow(office, &workflow).await) };
    let (revision, vars) = prepared?;
    failpoint!("submission-prepared");
    let submission = Submission {
        run,
        workflow,
        revision,
        vars,
        request_id,
        digest,
        actor: allowed.actor().clone(),
        taken_over: None,
    };
    match office.inbox.ask(Message::Submit(Box::new(submission))).await? {
        Answer::Accepted { run, status, repeated } => {
            Ok(Started { run, workflow: name, status: status.word().into(), repeated })
        }
        other => Err(bug(&format!("{other:?}"))),
    }
}

/// What is read before a run is asked for.
#[derive(Clone)]
struct Preparation {
    run: RunId,
    workflow: WorkflowRef,
    request: SubmitRequest,
    secrets: SecretDir,
    blobs: Blobs,
}

/// The revision that is run, and its variables; `None` when there is no such workflow.
type Prepared = Option<Result<(u32, BTreeMap<Ident, Value>), Fault>>;

impl Preparation {
    /// Whether all of it is in memory: the definition is known, and nothing is so large
    /// that it goes into a file.
    fn is_quick(&self, reader: &Reader) -> Result<bool, StoreError> {
        let Some((row, namespace)) = find(reader, &self.workflow)? else { return Ok(false) };
        let known = reader.known_definition(namespace, &self.workflow.name, row.entry.shown());
        let Some(definition) = known else { return Ok(false) };
        let given = self.request.variables.iter().map(|(_, value)| match value {
            GivenValue::Text(text) => text.len(),
            GivenValue::Typed(value) => blobs::size(value),
        });
        let by_default = definition.variables.values().filter_map(|v| v.default.as_ref());
        let all = given.sum::<usize>() + by_default.map(blobs::size).sum::<usize>();
        Ok(all <= blobs::INLINE)
    }

    fn prepare(self, reader: &Reader) -> Result<Prepared, StoreError> {
        let Preparation { run, workflow, request, secrets, blobs } = self;
        // a repeated request is the same run, whatever the workflow is now
        let repeated = reader.request(&request.request_id)?.is_some();
        let Some((row, namespace)) = find(reader, &workflow)? else { return Ok(None) };
        let revision = match row.entry.admit() {
            Ok(revision) => revision,
            Err(_) if repeated => row.entry.shown(),
            Err(refusal) => return Ok(Some(Err(refused(&workflow, &refusal)))),
        };
        let definition = reader.definition(namespace, &workflow.name, revision)?;
        let vars = match repeated {
            true => Ok(BTreeMap::new()),
            false => variables(&definition, request.variables, &secrets)
                .and_then(|vars| blobs.spill_map(run, vars).map_err(|e| not_stored(&e))),
        };
        Ok(Some(vars.map(|vars| (revision, vars))))
    }
}

pub fn find(
    reader: &Reader,
    workflow: &WorkflowRef,
) -> Result<Option<(WorkflowRow, NamespaceId)>, StoreError> {
    let Some(namespace) = reader.namespace(&workflow.namespace)? else { return Ok(None) };
    Ok(reader.workflow(namespace, &workflow.name)?.map(|row| (row, namespace)))
}

pub fn check_request_id(id: &str) -> Result<(), Fault> {
    let printable = id.bytes().all(|b| b.is_ascii_graphic());
    if id.is_empty() || id.len() > REQUEST_ID || !printable {
        let fault = fault!(FaultCode::Usage, "request-id-form", most = REQUEST_ID);
        return Err(fault.hint(said!("hint-request-id")));
    }
    Ok(())
}

/// What the request is for, so that its id cannot be used for something else.
fn digest(workflow: &WorkflowRef, given: &[(String, GivenValue)]) -> Result<[u8; 32], Fault> {
    let mut sorted: Vec<_> = given.iter().collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    let bytes = rpa_ipc::codec::encode(&(workflow, sorted))
        .map_err(|e| fault!(FaultCode::TooLarge, "request-too-large", error = e))?;
    Ok(*blake3::hash(&bytes).as_bytes())
}

pub async fn no_workflow(office: &Office, workflow: &WorkflowRef) -> Fault {
    let fault = fault!(FaultCode::NoWorkflow, "no-workflow", workflow = workflow);
    match views::nearest_workflow(office, workflow).await {
        Some(near) => fault.hint(said!("hint-near-workflow", near = near)),
        None => fault,
    }
}

/// Values for all variables of the workflow: given ones read by their type, the
/// others by default. All problems at once.
fn variables(
    definition: &Workflow,
    given: Vec<(String, GivenValue)>,
    secrets: &SecretDir,
) -> Result<BTreeMap<Ident, Value>, Fault> {
    values(&definition.variables, given, secrets).map_err(|Wrong { code, problems }| {
        let known: Vec<_> = definition
            .variables
            .iter()
            .map(|(name, v)| format!("{name} ({})", v.kind.word()))
            .collect();
        let advice = match known.is_empty() {
            true => said!("hint-no-variables"),
            false => said!("hint-variables", known = known.join(", ")),
        };
        let (name, problems) = (&definition.name, remarks(problems));
        fault!(code, "variables-wrong", workflow = name, problems = problems).hint(advice)
    })
}

/// What is wrong with given values.
#[derive(Debug)]
pub struct Wrong {
    pub code: FaultCode,
    pub problems: Vec<Said>,
}

/// Values for everything that is `declared`, as [`variables`] gives them for a workflow.
pub fn values(
    declared: &BTreeMap<Ident, Variable>,
    given: Vec<(String, GivenValue)>,
    secrets: &SecretDir,
) -> Result<BTreeMap<Ident, Value>, Wrong> {
    let all = declared;
    let mut values = BTreeMap::new();
    let mut problems = Vec::new();
    let mut refused = BTreeSet::new();
    let mut code = FaultCode::BadVariable;
    for (name, value) in given {
        let declared = name.parse::<Ident>().ok().and_then(|id| all.get_key_value(&id));
        if problems.len() > PROBLEMS {
            problems.push(said!("variables-further"));
            break;
        }
        match declared {
            None => problems.push(said!("variable-unknown", name = shortened(&name))),
            Some((id, variable)) => match read(id, variable, value, secrets) {
                Ok(value) => {
                    values.insert(id.clone(), value);
                }
                Err(problem) => {
                    refused.insert(id);
                    problems.push(problem);
                }
            },
        }
    }
    let mut missing = Vec::new();
    for (name, variable) in all {
        if values.contains_key(name) || refused.contains(name) {
            continue;
        }
        match &variable.default {
            Some(default) => {
                values.insert(name.clone(), default.clone());
            }
            None if variable.required => missing.push(said!("variable-missing", name = name)),
            None => {
                values.insert(name.clone(), Value::Null);
            }
        }
    }
    if problems.is_empty() && !missing.is_empty() {
        code = FaultCode::MissingVariable;
    }
    problems.extend(missing);
    if problems.is_empty() {
        return Ok(values);
    }
    Err(Wrong { code, problems })
}

/// Text is read by the variable's type; a typed value must be of it. What is given for
/// a secret may be the secret itself, by mistake: only the name of one that is there
/// goes further, and no message quotes it.
pub fn read(
    name: &Ident,
    variable: &Variable,
    given: GivenValue,
    secrets: &SecretDir,
) -> Result<Value, Said> {
    let expected = variable.kind.word();
    let value = match (variable.kind, given) {
        (VariableKind::Secret, GivenValue::Text(text) | GivenValue::Typed(Value::Text(text))) => {
            let secret = text.parse().map_err(|_| said!("variable-secret", name = name))?;
            if !secrets.has(&secret) {
                return Err(said!("variable-no-secret", name = name));
            }
            secret_reference(&secret)
        }
        (VariableKind::String, GivenValue::Text(text)) => Value::Text(text),
        (_, GivenValue::Text(text)) => rpa_config::json::parse(text.as_bytes()).map_err(|_| {
            let text = quoted(&shortened(&text));
            said!("variable-text", name = name, expected = expected, text = text)
        })?,
        (_, GivenValue::Typed(value)) => plain(name.as_str(), value)?,
    };
    if !variable.kind.accepts(&value) {
        let got = value.type_name();
        return Err(said!("variable-type", name = name, expected = expected, got = got));
    }
    match rpa_config::workflow::unfit(variable, &value) {
        Some(why) => Err(said!("variable-unfit", name = name, why = why)),
        None => Ok(value),
    }
}

/// What only the daemon itself may make must not come from outside: a reference
/// would name a file of its choice, a sealed value a secret.
pub fn plain(name: &str, value: Value) -> Result<Value, Said> {
    if value.is_plain() { Ok(value) } else { Err(said!("variable-not-plain", name = name)) }
}

/// As much of a given text as a message can bear.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Puts large fields into files.
pub async fn spill(office: &Office, run: RunId, fields: Map) -> Result<Map, Fault> {
    let blobs = office.blobs.clone();
    let spilled = tokio::task::spawn_blocking(move || blobs.spill_map(run, fields)).await;
    spilled.map_err(|e| bug(&e.to_string()))?.map_err(|e| not_stored(&e))
}

pub fn not_stored(error: &std::io::Error) -> Fault {
    match error.kind() {
        std::io::ErrorKind::FileTooLarge => {
            fault!(FaultCode::TooLarge, "values-too-large", error = error)
        }
        _ => fault!(FaultCode::Io, "value-not-stored", error = error),
    }
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
            assert!(plain("v", nested).is_err());
            let json = Variable::of(VariableKind::Json);
            let (name, given) = ("v".parse().unwrap(), GivenValue::Typed(hidden));
            assert!(read(&name, &json, given, &SecretDir::new("secrets".into())).is_err());
        }
        assert!(plain("v", Value::from(vec![Value::Int(1)])).is_ok());
    }

    #[test]
    fn a_long_text_is_not_echoed_whole() {
        assert_eq!(shortened("é"), "é");
        assert_eq!(shortened(&"é".repeat(1000)).chars().count(), QUOTE + 1);
    }
}
