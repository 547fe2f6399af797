//! Notifications: a page of them, again when the daemon says that something has changed.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::notifications::NotificationsQuery;
use rpa_ipc::service::RpadClient;

use super::desk::{Desk, End, Pace};
use super::lists::{changed, changes};
use crate::console::state::{News, NotificationsWant};

/// Between two looks.
const LEAST: Duration = Duration::from_millis(250);

pub(super) async fn keep(desk: Desk, want: NotificationsWant) {
    loop {
        let ended = keep_asking(&desk, want).await;
        let refusal: fn(Fault) -> News = News::NotificationsRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep_asking(desk: &Desk, want: NotificationsWant) -> Result<(), End> {
    let mut pace = Pace::new(LEAST);
    let mut shown = None;
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let query = NotificationsQuery {
            namespace: desk.post.namespace.clone(),
            filter: want.filter,
            workflow: None,
            limit: want.rows,
            cursor: None,
        };
        let call =
            |rpc: RpadClient, context| async move { rpc.notifications(context, query).await };
        let page = desk.ask(call).await?;
        if shown.as_ref() != Some(&page) {
            desk.tell(News::Notifications { want, page: page.clone() }).await;
            shown = Some(page);
        }
        pace.pause().await;
        seen = changed(desk, seen).await?;
    }
}
