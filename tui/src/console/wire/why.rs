//! Why a run stands where it stands: asked again when something in the namespace has
//! changed, since the place in a queue hangs on other runs.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::service::RpadClient;
use rpa_ipc::why::{Why, WhyQuery};

use super::desk::{Desk, End, Pace};
use super::lists::{changed, changes};
use crate::console::state::News;

/// Between two rounds: sentences that change faster cannot be read.
const LEAST: Duration = Duration::from_secs(1);

pub(super) async fn tell(desk: Desk, query: WhyQuery) {
    loop {
        let ended = keep(&desk, &query).await;
        let refusal: fn(Fault) -> News = News::WhyRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep(desk: &Desk, query: &WhyQuery) -> Result<(), End> {
    let mut pace = Pace::new(LEAST);
    let mut shown = None;
    // before the answer: what changes while it is made is asked for again
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let why = ask(desk, query).await?;
        let ended = why.ended;
        if shown.as_ref() != Some(&why) {
            desk.tell(News::Why { query: query.clone(), why: why.clone() }).await;
            shown = Some(why);
        }
        if ended {
            return Ok(());
        }
        pace.pause().await;
        seen = changed(desk, seen).await?;
    }
}

/// As many tellings as are wanted: of a long journal a page may have few.
async fn ask(desk: &Desk, query: &WhyQuery) -> Result<Why, End> {
    let mut found: Option<Why> = None;
    loop {
        let told = found.as_ref().map_or(0, |why| why.tellings.len());
        let limit = query.limit.saturating_sub(u32::try_from(told).unwrap_or(u32::MAX));
        let cursor = found.as_ref().and_then(|why| why.next.clone());
        let asked = WhyQuery { limit, cursor, ..query.clone() };
        let call = |rpc: RpadClient, context| async move { rpc.why(context, asked).await };
        let page = desk.ask(call).await?;
        let why = match found.take() {
            None => page,
            Some(mut why) => {
                why.tellings.extend(page.tellings);
                Why { next: page.next, ..why }
            }
        };
        if why.next.is_none() || why.tellings.len() >= query.limit as usize {
            return Ok(why);
        }
        found = Some(why);
    }
}
