//! What a look has found goes to the driver. The cursor of a file moves in the transaction
//! that takes its delivery, so no id of it is needed: what is not answered was taken or
//! was not, and the store says which.

use futures::StreamExt;
use futures::stream;
use rpa_config::units::stamp;
use rpa_engine::trigger::FileWatch;
use rpa_engine::{Map, Value};
use rpa_ipc::Fault;
use rpa_ipc::fault::quoted;

use super::watch::{Change, News};
use crate::driver::{Arrival, Inbox, Message};
use crate::store::{SeenFile, TriggerKey};

/// Cursors that move in one transaction.
const PIECE: usize = 500;
/// Deliveries that are under way at once, so that they share commits. They go in their order.
const UNDER_WAY: usize = 64;
const NS_PER_MS: u64 = 1_000_000;

/// Cursors that have moved, and why not all have.
pub(super) struct Told {
    pub moved: Vec<(String, Option<SeenFile>)>,
    pub failed: Option<Fault>,
}

pub(super) async fn tell(
    inbox: &Inbox,
    key: &TriggerKey,
    declared: &FileWatch,
    news: News,
) -> Told {
    let mut told = Told { moved: Vec::new(), failed: None };
    let mut pieces: Vec<_> = news.silent.chunks(PIECE).map(<[_]>::to_vec).collect();
    if pieces.is_empty() && news.watched.is_some() {
        pieces.push(Vec::new());
    }
    let last = pieces.len().saturating_sub(1);
    for (index, files) in pieces.into_iter().enumerate() {
        // only with the last it is so: a baseline that was cut off is begun anew
        let watched = news.watched.clone().filter(|_| index == last).map(Box::new);
        let message = Message::Seen { trigger: key.clone(), files: files.clone(), watched };
        match inbox.ask(message).await {
            Ok(_) => told.moved.extend(files),
            Err(fault) => return Told { failed: Some(fault), ..told },
        }
    }
    let deliveries = news.told.into_iter().map(|change| async move {
        let message = Message::Deliver(Box::new(arrival(key, declared, &change)));
        (inbox.ask(message).await, change)
    });
    let mut deliveries = stream::iter(deliveries).buffered(UNDER_WAY);
    while let Some((answer, change)) = deliveries.next().await {
        match answer {
            Ok(_) => told.moved.push((change.path, change.file)),
            // the others are under way, and more of them are not begun
            Err(fault) if told.failed.is_none() => told.failed = Some(fault),
            Err(_) => {}
        }
    }
    told
}

fn arrival(key: &TriggerKey, declared: &FileWatch, change: &Change) -> Arrival {
    let Change { path, change, file } = change;
    let name = path.rsplit('/').next().unwrap_or(path);
    let number = |n: u64| i64::try_from(n).map_or(Value::Null, Value::Int);
    let data = [
        ("path", Value::Text(format!("{}/{path}", declared.directory.trim_end_matches('/')))),
        ("name", Value::text(name)),
        ("directory", Value::text(declared.directory.as_str())),
        ("change", Value::text(change.word())),
        ("size", file.as_ref().map_or(Value::Null, |file| number(file.size))),
        (
            "modified_at",
            file.as_ref()
                .map_or(Value::Null, |file| Value::Text(stamp(file.modified_ns / NS_PER_MS))),
        ),
    ];
    let data: Map = data.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Arrival {
        trigger: key.clone(),
        revision: None,
        id: None,
        what: format!("{} {}", change.word(), quoted(path)),
        data,
        hops: 0,
        seen: vec![(path.clone(), file.clone())],
    }
}
