//! What the expressions of one job may read: variables, steps in sight, the turn of a
//! loop, facts of the run.

use std::sync::{Arc, Mutex, PoisonError};

use rpa_engine::run::scope::scopes_around;
use rpa_engine::run::{EvalJob, RunEnd, StepState, StepStatus};
use rpa_engine::{Action, Ident, Map, OnError, Reads, RunId, StepPath, TaskError, Value};

use super::locals::Locals;
use super::{Expressions, LoopRecord, Records, StepRecord, bug, large, stored};
use crate::units::stamp;

/// Lists of items that are kept ready: those of the loops that turn just now.
const LISTS: usize = 16;

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum At<'p> {
    /// In the outputs of the workflow.
    Run,
    /// At a step.
    Step(&'p StepPath),
    /// In the `vars` of a step: at the step, without these.
    Vars(&'p StepPath),
    /// Behind the last step of a body that has ended: of a group, or of a turn.
    Behind(&'p StepPath),
    /// At a loop, before turn `index`.
    Before(&'p StepPath, u32),
}

impl<'p> At<'p> {
    /// The lists whose steps can be named, the innermost first.
    fn lists(self) -> Vec<&'p str> {
        match self {
            At::Run => vec![""],
            At::Step(path) | At::Vars(path) | At::Before(path, _) => scopes_around(path).collect(),
            At::Behind(path) => [path.as_str()].into_iter().chain(scopes_around(path)).collect(),
        }
    }
}

/// The items of loops, by run and path of the loop.
#[derive(Debug, Default)]
pub(super) struct Lists(Mutex<Vec<(RunId, StepPath, Arc<Items>)>>);

#[derive(Debug)]
struct Items {
    values: Vec<Value>,
    turns: u32,
}

impl<R: Records> Expressions<R> {
    /// The namespaces that `reads` names, and no more.
    pub(super) fn scope(&self, job: &EvalJob, at: At<'_>, reads: &Reads) -> Result<Map, TaskError> {
        self.scope_with(job, at, reads, &mut Locals::default())
    }

    /// The same, with what is known of the `vars` of steps around.
    pub(super) fn scope_with(
        &self,
        job: &EvalJob,
        at: At<'_>,
        reads: &Reads,
        locals: &mut Locals,
    ) -> Result<Map, TaskError> {
        let mut scope = Map::new();
        if !reads.vars.is_empty() {
            let mut vars = Map::new();
            for name in &reads.vars {
                if let Some(value) = self.variable(job, at, name, locals)? {
                    vars.insert(name.to_string(), value);
                }
            }
            scope.insert("vars".into(), Value::Map(vars));
        }
        if !reads.steps.is_empty() {
            let mut steps = Map::new();
            for id in &reads.steps {
                steps.insert(id.to_string(), self.step_facts(job, at, id)?);
            }
            scope.insert("steps".into(), Value::Map(steps));
        }
        if reads.roots.contains("run") {
            scope.insert("run".into(), run_facts(job));
        }
        if reads.roots.contains("workflow") {
            scope.insert("workflow".into(), workflow_facts(job));
        }
        self.turns(job, at, reads, &mut scope)?;
        Ok(scope)
    }

    /// `steps.ID`: status, output, error.
    fn step_facts(&self, job: &EvalJob, at: At<'_>, id: &Ident) -> Result<Value, TaskError> {
        let in_sight = |list: &str| {
            let path = StepPath::within(list, id);
            job.definition.step_at(&path).is_some().then_some(path)
        };
        let Some(path) = at.lists().into_iter().find_map(in_sight) else {
            return Err(bug(&format!("no step {id} in sight")));
        };
        let Some(row) = self.row(job.run, &path)? else {
            // in a case that was not chosen: what comes before has ended otherwise
            let skipped = StepStatus::Skipped.word();
            return Ok(Value::from([
                ("status", Value::from(skipped)),
                ("output", Value::Null),
                ("error", Value::Null),
            ]));
        };
        let error = match &row.state {
            StepState::Failed { error, .. } => error_facts(error),
            _ => Value::Null,
        };
        let status = row.state.status().word();
        let output = match self.stand_in(job, &path, &row)? {
            Some(output) => output,
            None => row.output.unwrap_or_default(),
        };
        let output = self.load(job.run, output)?;
        Ok(Value::from([("status", Value::from(status)), ("output", output), ("error", error)]))
    }

    /// The output of the fallback that has taken the place of a failed step.
    fn stand_in(
        &self,
        job: &EvalJob,
        path: &StepPath,
        row: &StepRecord,
    ) -> Result<Option<Value>, TaskError> {
        if !matches!(row.state, StepState::Failed { .. }) {
            return Ok(None);
        }
        let mut failed = path.clone();
        // ends: a chain of fallbacks has no circles
        loop {
            let step = job.definition.step_at(&failed);
            let Some(OnError::Fallback(next)) = step.map(|step| &step.on_error) else {
                return Ok(None);
            };
            let path = StepPath::within(failed.scope(), next);
            match self.row(job.run, &path)? {
                Some(row) if matches!(row.state, StepState::Completed { .. }) => {
                    return Ok(row.output);
                }
                Some(row) if matches!(row.state, StepState::Failed { .. }) => failed = path,
                _ => return Ok(None),
            }
        }
    }

    /// `loop`, and the items of all loops around by their names.
    fn turns(
        &self,
        job: &EvalJob,
        at: At<'_>,
        reads: &Reads,
        scope: &mut Map,
    ) -> Result<(), TaskError> {
        let mut around: Vec<(StepPath, u32)> = Vec::new();
        if let At::Before(path, index) = at {
            around.push((path.clone(), index));
        }
        let lists = at.lists();
        around.extend(lists.iter().filter_map(|l| l.parse::<StepPath>().ok()?.as_turn()));
        let mut facts = None;
        // from the outside in, so that each finds its parent made
        for (path, index) in around.iter().rev() {
            let Some(step) = job.definition.step_at(path) else { continue };
            let mut turn = Map::from([
                ("index".to_owned(), Value::Int(i64::from(*index))),
                ("first".to_owned(), Value::Bool(*index == 0)),
            ]);
            if let Action::ForEach(each) = &step.action {
                let item = each.item.as_str();
                if reads.roots.contains(item) || reads.roots.contains("loop") {
                    let items = self.items(job.run, path)?;
                    let last = *index + 1 == items.turns;
                    turn.insert("last".into(), Value::Bool(last));
                    turn.insert("length".into(), Value::Int(i64::from(items.turns)));
                    if reads.roots.contains(item) {
                        let value = items.values.get(*index as usize).cloned();
                        scope.insert(item.to_owned(), value.unwrap_or_default());
                    }
                }
            }
            if let Some(parent) = facts {
                turn.insert("parent".into(), Value::Map(parent));
            }
            facts = Some(turn);
        }
        if let Some(facts) = facts
            && reads.roots.contains("loop")
        {
            scope.insert("loop".into(), Value::Map(facts));
        }
        Ok(())
    }

    fn items(&self, run: RunId, path: &StepPath) -> Result<Arc<Items>, TaskError> {
        let is_it = |(r, p, _): &&(RunId, StepPath, Arc<Items>)| *r == run && p == path;
        if let Some((_, _, items)) = self.lists.lock().iter().find(is_it) {
            return Ok(items.clone());
        }
        let now = match self.row(run, path)?.map(|row| row.state) {
            Some(StepState::Looping(l)) => Some(LoopRecord { items: l.items, turns: l.turns }),
            // what undoes the steps of a loop that has ended
            _ => self.records.ended_loop(run, path)?,
        };
        let never = || bug(&format!("{path} has never been a loop"));
        let LoopRecord { items, turns } = now.ok_or_else(never)?;
        let values = match self.load(run, items)? {
            Value::List(values) => values,
            Value::Map(fields) => fields.into_iter().map(entry).collect(),
            _ => Vec::new(),
        };
        let items = Arc::new(Items { values, turns });
        let mut lists = self.lists.lock();
        if lists.len() >= LISTS {
            lists.remove(0);
        }
        lists.push((run, path.clone(), items.clone()));
        Ok(items)
    }

    pub(super) fn row(&self, run: RunId, path: &StepPath) -> Result<Option<StepRecord>, TaskError> {
        self.records.step(run, path)
    }

    pub(super) fn load(&self, run: RunId, value: Value) -> Result<Value, TaskError> {
        large::load(value, &|blob| self.records.get(run, blob)).map_err(|e| stored(&e))
    }
}

impl Lists {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(RunId, StepPath, Arc<Items>)>> {
        // the list is valid whatever a panicking holder was doing
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An entry of an object as an item.
fn entry((key, value): (String, Value)) -> Value {
    Value::from([("key", Value::Text(key)), ("value", value)])
}

fn error_facts(error: &TaskError) -> Value {
    Value::from([
        ("code", Value::text(&error.code)),
        ("class", Value::text(error.class.word())),
        ("message", Value::text(&error.message)),
    ])
}

/// What can be said of the run; how it ends only to its handlers.
fn run_facts(job: &EvalJob) -> Value {
    let (status, error) = match &job.end {
        None => ("running", Value::Null),
        Some(RunEnd::Completed { .. }) => ("completed", Value::Null),
        Some(RunEnd::Cancelled) => ("cancelled", Value::Null),
        Some(RunEnd::Failed { step, error }) => {
            let mut facts = match error_facts(error) {
                Value::Map(facts) => facts,
                _ => Map::new(),
            };
            let step = step.as_ref().map_or(Value::Null, |step| Value::text(step.as_str()));
            facts.insert("step".into(), step);
            ("failed", Value::Map(facts))
        }
    };
    Value::from([
        ("id", Value::text(job.run.to_string())),
        ("short", Value::text(job.run.short())),
        ("started_at", Value::text(stamp(job.started_ms))),
        ("status", Value::from(status)),
        ("error", error),
    ])
}

fn workflow_facts(job: &EvalJob) -> Value {
    Value::from([
        ("name", Value::from(job.definition.name.name.as_str())),
        ("namespace", Value::from(job.definition.name.namespace.as_str())),
        ("revision", Value::Int(i64::from(job.revision))),
    ])
}
