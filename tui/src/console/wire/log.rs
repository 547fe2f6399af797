//! A piece of a log, and the growth of the whole.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::service::{LogAnchor, LogWindowQuery, RpadClient, run_ref};
use rpa_ipc::view::LogWindow;

use super::desk::{Desk, End, POLL_MS, Pace};
use crate::console::state::{LogWant, News};

/// At most 20 windows a second, however fast the log grows.
const LEAST: Duration = Duration::from_millis(50);

pub(super) async fn read(desk: Desk, want: LogWant) {
    loop {
        let ended = keep(&desk, &want).await;
        let refusal: fn(Fault) -> News = News::LogRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep(desk: &Desk, want: &LogWant) -> Result<(), End> {
    let mut pace = Pace::new(LEAST);
    let piece = LogWindowQuery {
        run: run_ref(&desk.post.namespace, want.run),
        step: want.step.clone(),
        anchor: want.anchor,
        before: want.before,
        after: want.after,
        seen: None,
        wait_ms: 0,
    };
    let mut window = window(desk, piece.clone()).await?;
    let mut open = is_open(want, &window);
    desk.tell(News::Log { want: want.clone(), window: window.clone() }).await;
    while !window.ended {
        pace.begin();
        pace.pause().await;
        let (total, bytes) = (window.total, window.bytes);
        let query = LogWindowQuery { seen: Some(total), wait_ms: POLL_MS, ..piece.clone() };
        let query = match open {
            true => query,
            // lines far away from what is shown: only their number matters
            false => LogWindowQuery { before: 0, after: 0, ..query },
        };
        window = self::window(desk, query).await?;
        if (window.total, window.bytes, window.ended) == (total, bytes, false) {
            continue;
        }
        let news = if open {
            open = is_open(want, &window);
            News::Log { want: want.clone(), window: window.clone() }
        } else {
            let LogWindow { total, bytes, ended, .. } = window;
            News::LogGrew { run: want.run, total, bytes, ended }
        };
        desk.tell(news).await;
    }
    Ok(())
}

async fn window(desk: &Desk, query: LogWindowQuery) -> Result<LogWindow, End> {
    let call = |rpc: RpadClient, context| async move { rpc.log_window(context, query).await };
    desk.poll(call).await
}

/// Whether lines that come may belong to the piece that is shown.
fn is_open(want: &LogWant, window: &LogWindow) -> bool {
    match want.anchor {
        LogAnchor::Tail => true,
        LogAnchor::Line(from) => {
            let after = window.lines.iter().filter(|line| line.number >= from).count();
            after < usize::try_from(want.after).unwrap_or(usize::MAX)
        }
    }
}
