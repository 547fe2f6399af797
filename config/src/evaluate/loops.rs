//! What loops go over, whether they go on, and what they gave.

use rpa_engine::run::{Asked, EvalJob, StepState};
use rpa_engine::{Action, ErrorClass, ForEach, Map, StepPath, TaskError, Value};

use super::scope::At;
use super::{Expressions, Records, in_field, large, step_of, stored};

/// Most items of one loop.
const MOST_ITEMS: usize = 100_000;
/// Lists above this many bytes lie in a file: the row of a loop is written at every turn.
const INLINE: usize = 512;

impl<R: Records> Expressions<R> {
    pub(super) fn items_of(
        &self,
        job: &EvalJob,
        at: At<'_>,
        each: &ForEach,
    ) -> Result<Asked, TaskError> {
        let items = self.eval(job, at, "for_each", &each.items)?;
        let count = match &items {
            Value::List(items) => items.len(),
            Value::Map(fields) => fields.len(),
            other => {
                return Err(not_items(format!(
                    "for_each goes over a list or an object; here is {}",
                    other.type_name()
                )));
            }
        };
        if count > MOST_ITEMS {
            let message = format!("for_each has {count} items; at most {MOST_ITEMS} are allowed");
            return Err(TaskError { code: "RPA0405".into(), ..not_items(message) });
        }
        let items = match large::size(&items) > INLINE {
            true => self.records.put(job.run, &items).map_err(|e| stored(&e))?,
            false => items,
        };
        Ok(Asked::Items { items, count: u32::try_from(count).unwrap_or(u32::MAX) })
    }

    /// The condition of a loop.
    pub(super) fn again(
        &self,
        job: &EvalJob,
        path: &StepPath,
        turn: u32,
    ) -> Result<bool, TaskError> {
        let ended = path.turn(turn);
        let (field, condition, at) = match &step_of(job, path)?.action {
            Action::While(repeated) => ("while", &repeated.condition, At::Before(path, turn)),
            Action::Repeat(repeated) => match &repeated.until {
                Some(until) => ("until", until, At::Behind(&ended)),
                None => return Ok(false),
            },
            _ => return Ok(false),
        };
        let scope = self.scope(job, at, &condition.reads)?;
        self.evaluator.condition(condition, &scope).map_err(|e| in_field(field, &e))
    }

    /// The `outputs:` of a body that has ended.
    pub(super) fn body_outputs(&self, job: &EvalJob, path: &StepPath) -> Result<Map, TaskError> {
        let outputs = &step_of(job, path)?.outputs;
        let named = self.fields(job, At::Behind(path), "outputs", outputs, &Map::new())?;
        self.spill_map(job.run, named)
    }

    /// What the turns gave: of `for_each` a list in order, null for those that failed; of
    /// the others what the last one gave.
    pub(super) fn gather(
        &self,
        job: &EvalJob,
        path: &StepPath,
        turns: u32,
    ) -> Result<Value, TaskError> {
        let step = step_of(job, path)?;
        let output = |index: u32| -> Result<Value, TaskError> {
            let row = self.row(job.run, &path.turn(index))?;
            Ok(match row {
                Some(row) if matches!(row.state, StepState::Completed { .. }) => {
                    row.output.unwrap_or_default()
                }
                _ => Value::Null,
            })
        };
        let gathered = match (&step.action, step.outputs.is_empty()) {
            (Action::ForEach(_), true) => Value::List(vec![Value::Null; turns as usize]),
            (Action::ForEach(_), false) => {
                Value::List((0..turns).map(output).collect::<Result<_, _>>()?)
            }
            (_, _) if turns > 0 => output(turns - 1)?,
            (_, _) => Value::Null,
        };
        self.spill(job.run, gathered)
    }
}

fn not_items(message: String) -> TaskError {
    TaskError { class: ErrorClass::InvalidInput, code: "RPA0422".into(), message }
}
