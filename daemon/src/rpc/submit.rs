//! Accepting a run: variables read by their declared types, then the driver.

use std::collections::BTreeMap;

use rpa_engine::trigger::{Source, Trigger};
use rpa_engine::{Ident, Map, RunId, Value, Workflow, WorkflowRef};
use rpa_ipc::fault::remarks;
use rpa_ipc::service::{GivenValue, Reply, SubmitRequest};
use rpa_ipc::view::Started;
use rpa_ipc::{Fault, FaultCode, fault, said};
use uuid::Uuid;

use super::Office;
use super::authorize::Allowed;
use super::peer::{Peer, groups_of};
use super::service::bug;
use super::{deliveries, views};
use crate::blobs::{self, Blobs};
use crate::driver::catalog::refused;
use crate::driver::{Answer, Message, Submission};
use crate::failpoint::failpoint;
use crate::secrets::SecretDir;
use crate::store::{NamespaceId, Reader, StoreError, WorkflowRow};
use crate::variables::{Wrong, values};

/// Longest request id in bytes.
const REQUEST_ID: usize = 128;
pub async fn submit(
    office: &Office,
    allowed: &Allowed,
    peer: &Peer,
    request: SubmitRequest,
) -> Reply<Started> {
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
        peer: peer.clone(),
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
    peer: Peer,
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
        let Preparation { run, workflow, request, peer, secrets, blobs } = self;
        // a repeated request is the same run, whatever the workflow is now
        let repeated = reader.request(&request.request_id)?.is_some();
        let Some((row, namespace)) = find(reader, &workflow)? else { return Ok(None) };
        let revision = match row.entry.admit() {
            Ok(revision) => revision,
            Err(_) if repeated => row.entry.shown(),
            Err(refusal) => return Ok(Some(Err(refused(&workflow, &refusal)))),
        };
        let definition = reader.definition(namespace, &workflow.name, revision)?;
        if !repeated && let Err(fault) = by_hand(&definition, &peer, &request.variables) {
            return Ok(Some(Err(fault)));
        }
        let vars = match repeated {
            true => Ok(BTreeMap::new()),
            false => variables(&definition, request.variables, &secrets)
                .and_then(|vars| blobs.spill_map(run, vars).map_err(|e| not_stored(&e))),
        };
        Ok(Some(vars.map(|vars| (revision, vars))))
    }
}

/// Whether this person may start the workflow, with these variables.
pub fn by_hand(
    definition: &Workflow,
    peer: &Peer,
    given: &[(String, GivenValue)],
) -> Result<(), Fault> {
    let is_manual = |trigger: &Trigger| matches!(trigger.source, Source::Manual(_));
    // most workflows do not care, and groups are read from a file
    if !definition.triggers.iter().any(is_manual) {
        return Ok(());
    }
    let given = given.iter().map(|(name, _)| name.as_str());
    deliveries::admit(definition, None, peer, &groups_of(peer), given)
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
