//! A piece of a log, and the growth of the whole.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::service::{LogAnchor, LogWindowQuery, RpadClient, run_ref};
use rpa_ipc::view::LogWindow;

use super::desk::{Desk, End, POLL_MS, Pace};
use super::piece::{Piece, Question};
use crate::console::state::{LogWant, News};

/// At most 20 windows a second, however fast the log grows.
const LEAST: Duration = Duration::from_millis(50);

pub(super) async fn read(desk: Desk, want: LogWant) {
    let reader = Reader { desk, want };
    loop {
        let ended = reader.keep().await;
        let refusal: fn(Fault) -> News = News::LogRefused;
        if !reader.desk.again(ended, refusal).await {
            return;
        }
    }
}

struct Reader {
    desk: Desk,
    want: LogWant,
}

impl Reader {
    async fn keep(&self) -> Result<(), End> {
        let mut piece = self.begin().await?;
        let mut pace = Pace::new(LEAST);
        while !piece.window.ended {
            pace.begin();
            // lines far away from what is shown: only their number matters
            let grown = self.grown(&piece).await?;
            let known = (piece.window.total, piece.window.bytes, piece.window.ended);
            if (grown.total, grown.bytes, grown.ended) != known {
                let LogWindow { total, bytes, ended, .. } = grown;
                (piece.window.total, piece.window.bytes) = (total, bytes);
                piece.window.ended = ended;
                if self.want.anchor == LogAnchor::Tail {
                    piece = self.catch_up(piece).await?;
                } else if piece.is_open() {
                    piece = match self.want.is_sparse() {
                        true => self.fill(piece).await?,
                        false => self.begin().await?,
                    };
                } else {
                    let news = News::LogGrew { run: self.want.run, total, bytes, ended };
                    self.desk.tell(news).await;
                }
            }
            pace.pause().await;
        }
        Ok(())
    }

    /// The piece as it is now.
    async fn begin(&self) -> Result<Piece, End> {
        let LogWant { anchor, before, after, .. } = self.want;
        let window = self.ask((anchor, before, after)).await?;
        self.fill(Piece::new(&self.want, window)).await
    }

    /// Asks for what is missing and tells each time what is known. Where every line is
    /// wanted an answer has all there is, or all that fits.
    async fn fill(&self, mut piece: Piece) -> Result<Piece, End> {
        self.tell(&piece).await;
        while let Some(question) = piece.missing().filter(|_| self.want.is_sparse()) {
            piece.join(self.ask(question).await?);
            self.tell(&piece).await;
        }
        Ok(piece)
    }

    /// The tail after it has grown: what is new is read, or, where there is too much of
    /// it, the tail alone.
    async fn catch_up(&self, mut piece: Piece) -> Result<Piece, End> {
        if !self.want.is_sparse() {
            return self.begin().await;
        }
        while piece.window.to < piece.window.total {
            let Some(question) = piece.newer() else { return self.begin().await };
            piece.join(self.ask(question).await?);
            piece.follow();
        }
        self.tell(&piece).await;
        Ok(piece)
    }

    /// Waits until the log is longer, or has ended.
    async fn grown(&self, piece: &Piece) -> Result<LogWindow, End> {
        let query = self.query((LogAnchor::Tail, 0, 0));
        let seen = Some(piece.window.total);
        self.window(LogWindowQuery { seen, wait_ms: POLL_MS, ..query }).await
    }

    async fn ask(&self, question: Question) -> Result<LogWindow, End> {
        self.window(self.query(question)).await
    }

    fn query(&self, (anchor, before, after): Question) -> LogWindowQuery {
        LogWindowQuery {
            run: run_ref(&self.desk.post.namespace, self.want.run),
            step: self.want.step.clone(),
            troubles: self.want.troubles,
            anchor,
            before,
            after,
            seen: None,
            wait_ms: 0,
        }
    }

    async fn window(&self, query: LogWindowQuery) -> Result<LogWindow, End> {
        let call = |rpc: RpadClient, context| async move { rpc.log_window(context, query).await };
        self.desk.poll(call).await
    }

    async fn tell(&self, piece: &Piece) {
        let news = News::Log { want: self.want.clone(), window: piece.window.clone() };
        self.desk.tell(news).await;
    }
}
