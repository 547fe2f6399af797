//! `event.publish`: tells the triggers and the steps that wait for an event.

use futures::FutureExt;
use futures::future::BoxFuture;
use rpa_engine::{Map, Value};

use crate::Task;
use crate::context::{Context, Ended, Publication};
use crate::fail;
use crate::input::Input;

#[derive(Debug)]
pub(crate) struct Publish;

impl Task for Publish {
    fn kind(&self) -> &'static str {
        "event.publish"
    }

    fn is_inward(&self) -> bool {
        true
    }

    fn run<'a>(&'a self, ctx: &'a Context, input: Map) -> BoxFuture<'a, Ended> {
        async move { run(ctx, &Input::new(input)).await.into() }.boxed()
    }
}

async fn run(ctx: &Context, input: &Input) -> Result<Value, Ended> {
    let name = input.required_text("name")?;
    let name = name.parse().map_err(|e| Ended::failed(fail::input(format!("name: {e}"))))?;
    let data = input.value("data").cloned().unwrap_or_else(|| Value::Map(Map::new()));
    // whether it is published is not known when this is cancelled: it is when it is tried
    // again, and then it is the same event
    let published = ctx.publisher.publish(ctx, name, data).await;
    let Publication { id, triggers, steps } = published.map_err(Ended::failed)?;
    let count = |count: u32| Value::Int(i64::from(count));
    Ok(Value::from([
        ("id", Value::Text(id)),
        ("triggers", count(triggers)),
        ("steps", count(steps)),
    ]))
}
