//! A run on a terminal while it goes on: its log scrolls by, and below it stand its steps,
//! written over as they change.
//!
//! [`tree`] says what stands there, [`frame`] turns it into the bytes of one write, and
//! this waits: for log lines, for changes of the run, for the clock.

mod frame;
mod tree;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rpa_ipc::service::{LogQuery, RunRef};
use rpa_ipc::view::{LogPage, RunDetail};
use rustix::stdio::stdout;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

use super::attend::pages;
use super::exit::Failure;
use super::printer;
use super::session::{Session, now_ms};
use super::text::Look;
use super::wire::{Link, Tail, settle_told};
use crate::write_all::write_all;
use frame::Frames;
use tree::Tree;

/// Shortest time between two frames: ten a second is as fast as anybody reads.
const LEAST: Duration = Duration::from_millis(100);
/// Times of steps that are under way grow by the second.
const TICK: Duration = Duration::from_secs(1);
/// Most log lines that wait for a frame.
const MOST_WAITING: usize = 4_000;
/// Characters kept of a step's last line of output; more than a terminal shows.
const LAST_CHARS: usize = 300;

/// Shows the run until it has settled, and leaves its steps standing there.
pub async fn follow(
    session: &mut Session,
    link: &mut Link,
    run: &RunRef,
    query: LogQuery,
) -> Result<RunDetail, Failure> {
    session.out.flush()?;
    let mut screen = Live::new(session.out.look, link.shown_away())?;
    let mut tail = Tail::new(link, query);
    let detail = {
        let (tell, mut news) = mpsc::channel(1);
        let mut settled = std::pin::pin!(settle_told(link, run, LEAST, tell));
        let mut is_logged = false;
        loop {
            screen.draw_if_due()?;
            tokio::select! {
                biased;
                detail = &mut settled => break detail?,
                Some(detail) = news.recv() => screen.detail(detail),
                page = tail.next(), if !is_logged => match page? {
                    Some(page) => screen.page(&page),
                    None => is_logged = true,
                },
                () = screen.event() => {}
            }
        }
    };
    // the run may settle before its last lines came through the stream
    pages(link, tail.rest(), detail.log_lines, |page| {
        screen.page(page);
        screen.draw_if_full()
    })
    .await?;
    screen.detail(detail.clone());
    screen.draw()?;
    Ok(detail)
}

/// What is known and what is shown.
struct Live {
    look: Look,
    /// Whether the daemon does not answer.
    away: Arc<AtomicBool>,
    detail: Option<RunDetail>,
    /// The last line of output of each step that is under way, by path.
    last: HashMap<String, String>,
    frames: Frames,
    /// The earliest time of the next frame, when there is reason for one.
    due: Option<Instant>,
    drawn: Instant,
    resized: Signal,
    /// Somebody else wrote to the terminal while we were stopped.
    continued: Signal,
}

impl Live {
    fn new(look: Look, away: Arc<AtomicBool>) -> Result<Live, Failure> {
        let listen = |kind| signal(kind).map_err(Failure::Output);
        Ok(Live {
            look,
            away,
            detail: None,
            last: HashMap::new(),
            frames: Frames::default(),
            due: None,
            drawn: Instant::now(),
            resized: listen(SignalKind::window_change())?,
            continued: listen(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
        })
    }

    fn detail(&mut self, detail: RunDetail) {
        let open = |path: &String| {
            detail.steps.iter().any(|step| step.path.as_str() == path && step.ended_ms.is_none())
        };
        self.last.retain(|path, _| open(path));
        self.detail = Some(detail);
        self.wants_frame();
    }

    fn page(&mut self, page: &LogPage) {
        for line in &page.lines {
            if line.stream != "rpad" && !line.path.is_empty() && !line.text.trim().is_empty() {
                let text = line.text.chars().take(LAST_CHARS).collect();
                self.last.insert(line.path.clone(), text);
            }
            self.frames.log(printer::line(line, self.look.language));
        }
        self.wants_frame();
    }

    fn wants_frame(&mut self) {
        self.due.get_or_insert(self.drawn + LEAST);
    }

    /// Waits for what asks for a new frame beside news. May be dropped at any time.
    async fn event(&mut self) {
        let due = self.due;
        let next = async {
            match due {
                Some(due) => sleep_until(due).await,
                None => sleep(TICK).await,
            }
        };
        tokio::select! {
            _ = self.resized.recv() => self.frames.resize(size()),
            _ = self.continued.recv() => self.frames.forget(),
            () = next => {}
        }
        self.wants_frame();
    }

    fn draw_if_due(&mut self) -> Result<(), Failure> {
        let is_due = self.due.is_some_and(|due| due <= Instant::now());
        if is_due { self.draw() } else { self.draw_if_full() }
    }

    fn draw_if_full(&mut self) -> Result<(), Failure> {
        if self.frames.waiting() > MOST_WAITING { self.draw() } else { Ok(()) }
    }

    /// One write, and none when nothing has changed.
    fn draw(&mut self) -> Result<(), Failure> {
        self.due = None;
        self.drawn = Instant::now();
        let size = size();
        self.frames.resize(size);
        let tree = self.detail.as_ref().map(|detail| {
            let (last, look, now_ms) = (&self.last, &self.look, now_ms());
            let away = self.away.load(Ordering::Relaxed);
            Tree { detail, last, look, now_ms, away }.lines(size)
        });
        match self.frames.frame(&tree.unwrap_or_default(), &self.look) {
            Some(bytes) => write_all(stdout(), &bytes).map_err(Failure::Output),
            None => Ok(()),
        }
    }
}

/// Columns and rows; a serial line does not know its size.
fn size() -> (usize, usize) {
    match rustix::termios::tcgetwinsize(stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => {
            (usize::from(size.ws_col), usize::from(size.ws_row))
        }
        _ => (80, 24),
    }
}
