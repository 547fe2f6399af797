//! `event.publish`: what it gives to whoever publishes, and what it says of it.

use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::BoxFuture;
use rpa_engine::{ErrorClass, EventName, TaskError, Value};
use rpa_tasks::{Context, Ended, Publication, Publisher};

use crate::support::Bench;

/// What was published, under which key.
#[derive(Debug, Default)]
struct Paper {
    events: Mutex<Vec<(String, String, Value)>>,
    refuses: bool,
}

impl Publisher for Paper {
    fn publish<'a>(
        &'a self,
        ctx: &'a Context,
        name: EventName,
        data: Value,
    ) -> BoxFuture<'a, Result<Publication, TaskError>> {
        let event = (ctx.idempotency_key.clone(), name.to_string(), data);
        self.events.lock().unwrap().push(event);
        let told = Publication { id: "e1".into(), triggers: 2, steps: 3 };
        let error = || TaskError {
            class: ErrorClass::RateLimited,
            code: "RPA0104".into(),
            message: "crowded".into(),
        };
        std::future::ready(if self.refuses { Err(error()) } else { Ok(told) }).boxed()
    }
}

fn bench(refuses: bool) -> (Bench, Arc<Paper>) {
    let (mut bench, paper) = (Bench::new(), Arc::new(Paper { refuses, ..Paper::default() }));
    bench.ctx.publisher = paper.clone();
    (bench, paper)
}

#[tokio::test]
async fn an_event_is_published_under_the_key_of_its_step() {
    let (mut bench, paper) = bench(false);
    let data = Value::from([("n", Value::Int(1))]);
    let input = [("name", Value::from("order.paid")), ("data", data.clone())];
    let Ended::Succeeded(output) = bench.run("event.publish", input).await else { panic!() };
    let wanted = [("id", "e1".into()), ("triggers", Value::Int(2)), ("steps", Value::Int(3))];
    assert_eq!(output, Value::from(wanted));
    let published = paper.events.lock().unwrap().clone();
    assert_eq!(published, [("key-1".to_owned(), "order.paid".to_owned(), data)]);
}

#[tokio::test]
async fn what_cannot_be_published_says_why() {
    let (mut bad, paper) = bench(false);
    let ended = bad.run("event.publish", [("name", Value::from("not a name"))]).await;
    let Ended::Failed { error, .. } = ended else { panic!("{ended:?}") };
    assert_eq!(error.class, ErrorClass::InvalidInput);
    assert!(paper.events.lock().unwrap().is_empty());

    let (mut crowded, _) = bench(true);
    let ended = crowded.run("event.publish", [("name", Value::from("order.paid"))]).await;
    let Ended::Failed { error, .. } = ended else { panic!("{ended:?}") };
    assert_eq!((error.class, error.message.as_str()), (ErrorClass::RateLimited, "crowded"));
}
