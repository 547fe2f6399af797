//! `data.transform`: hands its input on as output. The expressions in `with:` have
//! done the work before it is asked.

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use rpa_engine::{Map, Value};

use crate::Task;
use crate::context::{Context, Ended};

#[derive(Debug)]
pub(crate) struct Transform;

impl Task for Transform {
    fn kind(&self) -> &'static str {
        "data.transform"
    }

    fn is_inward(&self) -> bool {
        true
    }

    /// The output has the field `value`; when that is a map, its fields stand
    /// beside it. `each` and `where` were applied with the expressions: `value` is
    /// then the list of the results.
    fn run<'a>(&'a self, _ctx: &'a Context, mut input: Map) -> BoxFuture<'a, Ended> {
        let value = input.remove("value").unwrap_or_default();
        let mut output = value.as_map().cloned().unwrap_or_default();
        output.insert("value".to_owned(), value);
        ready(Ended::Succeeded(Value::Map(output))).boxed()
    }
}
