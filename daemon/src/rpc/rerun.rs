//! A run again: a new run that takes over what an ended one has settled.

use std::collections::BTreeMap;

use rpa_engine::run::StepState;
use rpa_engine::run::rerun::{Earlier, Kept};
use rpa_engine::{Action, Ident, RunId, StepPath, Value, Workflow};
use rpa_ipc::fault::{Said, quoted, remarks};
use rpa_ipc::service::{GivenValue, Reply, RerunRequest};
use rpa_ipc::view::Started;
use rpa_ipc::{Fault, FaultCode, fault, said};
use uuid::Uuid;

use super::authorize::Allowed;
use super::peer::Peer;
use super::service::bug;
use super::submit::{by_hand, check_request_id, find, not_stored};
use super::{Office, views};
use crate::blobs::Blobs;
use crate::driver::catalog::refused;
use crate::driver::{Answer, Message, Submission, TakenOver};
use crate::secrets::SecretDir;
use crate::store::{Reader, RunHead, StoreError};
use crate::variables::read;

pub async fn rerun(
    office: &Office,
    allowed: &Allowed,
    peer: &Peer,
    request: RerunRequest,
) -> Reply<Started> {
    check_request_id(&request.request_id)?;
    let digest = digest(&request)?;
    let before = views::find_run(office, &request.run).await?;
    let run = RunId(Uuid::now_v7().as_u128());
    let request_id = request.request_id.clone();
    let prepared = {
        let (secrets, blobs) = (office.secrets.clone(), office.blobs.clone());
        let peer = peer.clone();
        views::read(office, move |reader| {
            let seen = reader.request(&request.request_id)?.is_some();
            let Some(prepared) = Prepared::of(reader, before, &request)? else { return Ok(None) };
            Ok(Some(prepared.and_then(|prepared| {
                match seen {
                    // the same request again is the same run
                    true => Ok(prepared.empty()),
                    false => by_hand(&prepared.now, &peer, &request.variables)
                        .and_then(|()| prepared.finish(run, request, &secrets, &blobs)),
                }
            })))
        })
        .await?
    };
    let Some(ready) = prepared else {
        return Err(fault!(FaultCode::NoRun, "run-gone", run = before));
    };
    let Ready { head, revision, vars, set, steps } = ready?;
    let name = head.workflow.to_string();
    let submission = Submission {
        run,
        workflow: head.workflow,
        revision,
        vars,
        request_id,
        digest,
        actor: allowed.actor().clone(),
        taken_over: Some(TakenOver { from: before, set, steps }),
    };
    match office.inbox.ask(Message::Submit(Box::new(submission))).await? {
        Answer::Accepted { run, status, repeated } => {
            Ok(Started { run, workflow: name, status: status.word().into(), repeated })
        }
        other => Err(bug(&format!("{other:?}"))),
    }
}

/// What the request is for, so that its id cannot be used for something else.
fn digest(request: &RerunRequest) -> Result<[u8; 32], Fault> {
    let asked = (&request.run, &request.from, request.newest, &request.variables);
    let bytes = rpa_ipc::codec::encode(&asked)
        .map_err(|e| fault!(FaultCode::TooLarge, "request-too-large", error = e))?;
    Ok(*blake3::hash(&bytes).as_bytes())
}

/// The earlier run, and what is to be run now.
struct Prepared {
    before: RunId,
    head: RunHead,
    revision: u32,
    now: Workflow,
    inputs: BTreeMap<Ident, Value>,
    /// The steps that are kept, with what they gave.
    steps: Vec<(Ident, StepState, Option<Value>)>,
    /// The variables that they have set, in the order in which they did.
    sets: Vec<Value>,
    repeated: Vec<String>,
}

struct Ready {
    head: RunHead,
    revision: u32,
    vars: BTreeMap<Ident, Value>,
    /// What kept steps have set.
    set: BTreeMap<Ident, Value>,
    steps: Vec<(Ident, StepState, Option<Value>)>,
}

impl Prepared {
    /// `None` when the run is not there any more.
    fn of(
        reader: &Reader,
        before: RunId,
        request: &RerunRequest,
    ) -> Result<Option<Result<Prepared, Fault>>, StoreError> {
        let Some(head) = reader.head(before)? else { return Ok(None) };
        let status = reader.status(&reader.row(before)?)?;
        if !status.ended() {
            let run = before.short();
            let fault =
                fault!(FaultCode::RunNotEnded, "run-not-ended", run = run, status = status.word());
            return Ok(Some(Err(fault)));
        }
        let then = reader.revision(head.namespace, &head.workflow.name, head.revision)?.definition;
        let (revision, now) = match request.newest {
            true => {
                let Some((row, namespace)) = find(reader, &head.workflow)? else { return Ok(None) };
                match row.entry.admit() {
                    Ok(revision) => {
                        let row = reader.revision(namespace, &head.workflow.name, revision)?;
                        (revision, row.definition)
                    }
                    Err(refusal) => return Ok(Some(Err(refused(&head.workflow, &refusal)))),
                }
            }
            false => (head.revision, then.clone()),
        };
        let ids: Vec<Ident> = then.steps.iter().map(|step| step.id.clone()).collect();
        let states = reader.top_states(before, &ids)?;
        let states = states.into_iter().filter_map(|(path, state)| Some((path.id()?, state)));
        let states: BTreeMap<Ident, StepState> = states.collect();
        let from = match request.from.as_deref().map(str::parse::<Ident>) {
            None => None,
            Some(Ok(from)) => Some(from),
            Some(Err(_)) => return Ok(Some(Err(no_step(before, request)))),
        };
        let failed = status == rpa_engine::run::RunStatus::Failed;
        let earlier = Earlier {
            before: &then,
            states: &states,
            failed,
            now: &now,
            from: from.as_ref(),
            unchanged: from.is_none() && !request.newest && request.variables.is_empty(),
        };
        let Some(Kept { kept, repeated }) = earlier.kept() else {
            return Ok(Some(Err(no_step(before, request))));
        };
        let mut steps = Vec::new();
        for step in now.steps.iter().filter(|step| kept.contains(&step.id)) {
            if let Some(row) = reader.step(before, &StepPath::top(&step.id))? {
                steps.push((step.id.clone(), row.state, row.output));
            }
        }
        let mut sets = Vec::new();
        for (path, row) in reader.completed(before)? {
            let top = path.as_str().split(['/', '[']).next().unwrap_or_default();
            let is_kept = kept.iter().any(|id| id.as_str() == top);
            let is_set = then.step_at(&path).is_some_and(|s| matches!(s.action, Action::Set(_)));
            if let (true, StepState::Completed { ended_ms, .. }) = (is_kept && is_set, &row.state) {
                sets.push((*ended_ms, row.output.unwrap_or_default()));
            }
        }
        sets.sort_by_key(|(ended_ms, _)| *ended_ms);
        let sets = sets.into_iter().map(|(_, set)| set).collect();
        let inputs = reader.inputs(before)?;
        let repeated = repeated.iter().map(Ident::to_string).collect();
        Ok(Some(Ok(Prepared { before, head, revision, now, inputs, steps, sets, repeated })))
    }

    /// What a repeated request needs: the driver answers it from what it knows.
    fn empty(self) -> Ready {
        let (head, revision) = (self.head, self.revision);
        let (vars, set) = (BTreeMap::new(), BTreeMap::new());
        Ready { head, revision, vars, set, steps: Vec::new() }
    }

    fn finish(
        self,
        run: RunId,
        request: RerunRequest,
        secrets: &SecretDir,
        blobs: &Blobs,
    ) -> Result<Ready, Fault> {
        if !self.repeated.is_empty() && !request.repeat_once {
            let (run, steps) = (self.before.short(), self.repeated.join(", "));
            return Err(fault!(
                FaultCode::WouldRepeat,
                "steps-would-repeat",
                run = run,
                steps = steps
            ));
        }
        let vars = self.variables(request.variables, secrets)?;
        let mut set_vars = BTreeMap::new();
        for set in &self.sets {
            if let Value::Map(fields) = set {
                let named = |(name, v): (&String, &Value)| Some((name.parse().ok()?, v.clone()));
                set_vars.extend(fields.iter().filter_map(named).collect::<Vec<(Ident, Value)>>());
            }
        }
        let given = self.steps.iter().filter_map(|(.., output)| output.as_ref());
        for value in given.chain(vars.values()).chain(set_vars.values()) {
            blobs.share(self.before, run, value).map_err(|e| not_stored(&e))?;
        }
        let vars = blobs.spill_map(run, vars).map_err(|e| not_stored(&e))?;
        let set = blobs.spill_map(run, set_vars).map_err(|e| not_stored(&e))?;
        Ok(Ready { head: self.head, revision: self.revision, vars, set, steps: self.steps })
    }

    /// What the earlier run was begun with, and what is other now.
    fn variables(
        &self,
        given: Vec<(String, GivenValue)>,
        secrets: &SecretDir,
    ) -> Result<BTreeMap<Ident, Value>, Fault> {
        let mut problems: Vec<Said> = Vec::new();
        let mut edited = BTreeMap::new();
        for (name, value) in given {
            let declared = name.parse::<Ident>().ok();
            match declared.and_then(|id| self.now.variables.get_key_value(&id)) {
                None => problems.push(said!("variable-unknown", name = quoted(&name))),
                Some((id, variable)) => match read(id, variable, value, secrets) {
                    Ok(value) => _ = edited.insert(id.clone(), value),
                    Err(problem) => problems.push(problem),
                },
            }
        }
        let mut values = BTreeMap::new();
        for (name, variable) in &self.now.variables {
            let fits = |value: &&Value| {
                **value == Value::Null
                    || matches!(value, Value::Blob(_))
                    || variable.kind.accepts(value)
            };
            let value = edited.remove(name).or_else(|| self.inputs.get(name).filter(fits).cloned());
            match value.or_else(|| variable.default.clone()) {
                Some(value) => _ = values.insert(name.clone(), value),
                None if variable.required => {
                    problems.push(said!("variable-missing", name = name));
                }
                None => _ = values.insert(name.clone(), Value::Null),
            }
        }
        if problems.is_empty() {
            return Ok(values);
        }
        let (name, problems) = (&self.now.name, remarks(problems));
        Err(fault!(FaultCode::BadVariable, "variables-wrong", workflow = name, problems = problems))
    }
}

fn no_step(run: RunId, request: &RerunRequest) -> Fault {
    let step = quoted(request.from.as_deref().unwrap_or_default());
    let fault = fault!(FaultCode::NoStep, "no-step", run = run.short(), step = step);
    fault.hint(said!("hint-from-step"))
}
