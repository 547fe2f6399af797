//! Inputs that are evaluated once for each item of a list.

use rpa_engine::contract::TaskContract;
use rpa_engine::{Map, Reads, Template, Value};

use super::compiled::Plan;
use super::error::EvalError;
use super::eval::{Call, Scope, convert_scope, limit};
use super::limits::{MAX_ITEMS, NODE};
use super::path::{Names, has_sealed};

const EACH: &str = "each";
const WHERE: &str = "where";
const VALUE: &str = "value";

/// The `with:` of a task, as [`Evaluator::eval_with`](super::Evaluator::eval_with)
/// says.
pub(super) fn eval_with(
    contract: &TaskContract,
    with: &Template,
    scope: &Map,
) -> Result<Value, EvalError> {
    let is_per_item = |name: &str| contract.inputs.iter().any(|f| f.per_item && f.name == name);
    let fields = match with {
        Template::Map(fields) if contract.inputs.iter().any(|field| field.per_item) => fields,
        with => return super::eval_plain(with, scope),
    };
    let mut plain = Vec::new();
    let mut per_item = Vec::new();
    let mut reads = Reads::default();
    for (name, template) in fields {
        let plan = Plan::new(template)?;
        plan.computed_reads(&mut reads);
        match is_per_item(name) && fields.contains_key(EACH) {
            true => per_item.push((name.as_str(), plan)),
            false => plain.push((name.as_str(), plan)),
        }
    }
    let mut call = Call::for_items(scope, &reads)?;
    let context = call.context(Vec::new());
    let common = Scope { names: Names::of(scope), context: &context };
    let mut result = Map::new();
    for (name, plan) in &plain {
        if *name == WHERE {
            let message = "`where` chooses among the items of `each`, which is missing";
            return Err(EvalError::Failed(message.to_owned()));
        }
        result.insert((*name).to_owned(), call.run(plan, common, 1)?);
    }
    let items = match result.remove(EACH) {
        None => return Ok(Value::Map(result)),
        Some(Value::List(items)) => items,
        Some(other) => {
            let message = format!("`each` must be a list, not a {}", other.type_name());
            return Err(EvalError::Failed(message));
        }
    };
    let mut loops = Loop { call, scope, per_item, reads };
    result.insert(VALUE.to_owned(), loops.run(items)?);
    Ok(Value::Map(result))
}

struct Loop<'a> {
    call: Call<'a>,
    scope: &'a Map,
    per_item: Vec<(&'a str, Plan<'a>)>,
    reads: Reads,
}

impl Loop<'_> {
    fn run(&mut self, items: Vec<Value>) -> Result<Value, EvalError> {
        let length = items.len();
        if length > MAX_ITEMS {
            let message = format!("`each` has {length} items; the limit is {MAX_ITEMS}");
            return Err(EvalError::Limit(message));
        }
        let local_reads = Reads {
            roots: self
                .reads
                .roots
                .iter()
                .filter(|r| *r == "item" || *r == "loop")
                .cloned()
                .collect(),
            ..Reads::default()
        };
        let mut results = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            let local = Map::from([
                ("item".to_owned(), item),
                ("loop".to_owned(), position(index, length)),
            ]);
            let names = Names { local: &local, common: self.scope };
            let context = convert_scope(names, &local_reads).map_err(limit)?;
            let context = context.into_iter().filter(|(name, _)| local.contains_key(name));
            let context = self.call.context(context.collect());
            results.extend(self.item(Scope { names, context: &context })?);
        }
        Ok(Value::List(results))
    }

    /// The value for one item, unless `where` drops it.
    fn item(&mut self, scope: Scope<'_>) -> Result<Option<Value>, EvalError> {
        let plan = |name| self.per_item.iter().find(|(n, _)| *n == name).map(|(_, plan)| plan);
        if let Some(plan) = plan(WHERE) {
            match self.call.run(plan, scope, 1)? {
                Value::Bool(true) => {}
                Value::Bool(false) => return Ok(None),
                other if has_sealed(&other) => {
                    return Err(EvalError::Failed("`where` cannot read a secret".to_owned()));
                }
                other => {
                    let message =
                        format!("`where` must be true or false, not a {}", other.type_name());
                    return Err(EvalError::Failed(message));
                }
            }
        }
        self.call.out.take(NODE / 2).map_err(limit)?;
        match plan(VALUE) {
            Some(plan) => self.call.run(plan, scope, 2).map(Some),
            None => Ok(scope.names.get("item").cloned()),
        }
    }
}

/// `loop`, as in Jinja. Items that `where` drops count as well.
fn position(index: usize, length: usize) -> Value {
    let number = |n: usize| Value::Int(n as i64);
    Value::from([
        ("index", number(index + 1)),
        ("index0", number(index)),
        ("first", Value::Bool(index == 0)),
        ("last", Value::Bool(index + 1 == length)),
        ("length", number(length)),
    ])
}
