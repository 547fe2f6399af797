//! `log`: writes its message into the run's log.

use futures::FutureExt;
use futures::future::BoxFuture;
use rpa_engine::{ErrorClass, Map, Value};

use crate::Task;
use crate::context::{Context, Ended, LogLevel, LogLine, LogStream, MAX_LINE};
use crate::fail::{self, code};
use crate::input::Input;
use crate::text;

#[derive(Debug)]
pub(crate) struct Log;

impl Task for Log {
    fn kind(&self) -> &'static str {
        "log"
    }

    fn is_inward(&self) -> bool {
        true
    }

    fn run<'a>(&'a self, ctx: &'a Context, input: Map) -> BoxFuture<'a, Ended> {
        async move { run(ctx, &Input::new(input)).await.into() }.boxed()
    }
}

/// One log line for each line of the message.
async fn run(ctx: &Context, input: &Input) -> Result<Value, Ended> {
    let level = match input.choice("level", &["info", "debug", "warn", "error"])? {
        "debug" => LogLevel::Debug,
        "warn" => LogLevel::Warn,
        "error" => LogLevel::Error,
        _ => LogLevel::Info,
    };
    let message = input.required_document("message")?;
    for line in message.to_string().lines() {
        for piece in text::pieces(line, MAX_LINE) {
            say(ctx, level, piece).await?;
        }
    }
    Ok(Value::Map(Map::new()))
}

async fn say(ctx: &Context, level: LogLevel, text: &str) -> Result<(), Ended> {
    let line = LogLine { stream: LogStream::Log, level, text: text.to_owned() };
    tokio::select! {
        biased;
        () = ctx.cancel.cancelled() => Err(Ended::Stopped),
        sent = ctx.log.send(line) => sent.map_err(|_| {
            let message = "the run's log cannot be written";
            Ended::failed(fail::error(ErrorClass::System, code::FILE, message))
        }),
    }
}
