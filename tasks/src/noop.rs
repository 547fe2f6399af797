//! `noop`: nothing, successfully. A place for other steps to join or wait at.

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use rpa_engine::{Map, Value};

use crate::Task;
use crate::context::{Context, Ended};

#[derive(Debug)]
pub(crate) struct Noop;

impl Task for Noop {
    fn kind(&self) -> &'static str {
        "noop"
    }

    fn is_inward(&self) -> bool {
        true
    }

    fn run<'a>(&'a self, _ctx: &'a Context, _input: Map) -> BoxFuture<'a, Ended> {
        ready(Ended::Succeeded(Value::Map(Map::new()))).boxed()
    }
}
