//! The one loop: messages in, effects out, a frame when something has changed.
//!
//! Nothing here may wait: the state is changed and painted on this thread. Keys are
//! read and frames are written elsewhere, so that a terminal that has stopped taking
//! bytes keeps nobody from ending the program.

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use crossterm::event::Event;
use rpa_config::paths::UserDirs;
use rpa_ipc::{Fault, FaultCode};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use super::args::{Args, needs_terminal};
use super::frames::Frames;
use super::keys::Key;
use super::settings::{self, Saver, Settings};
use super::state::{Effect, Msg, State, update};
use super::terminal::{self, Guard, Screen, Signal, Signals, Writer};
use super::view;
use super::wire::Wire;
use crate::cli::exit::Exit;
use crate::cli::session::{now_ms, socket};
use crate::cli::report;

/// 128 and the signal's number, as a shell says it of a program that it ended.
const SIGNALLED: u8 = 128;
const SIGHUP: u8 = 1;
/// A state whose time is overdue is not asked again and again without a pause.
const SHORTEST: Duration = Duration::from_millis(10);

/// The whole program.
pub fn main() -> ExitCode {
    report::panics_are_faults();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(e) => return report::usage(&e, std::iter::empty()).into(),
    };
    start(&args).unwrap_or_else(|fault| report::fault(&fault)).into()
}

fn start(args: &Args) -> Result<Exit, Fault> {
    let variable = |name: &str| std::env::var(name).ok();
    let config = args.config.as_deref();
    let settings = Settings::load(config, &args.settings(), &variable, &UserDirs::detect())?;
    let socket = socket(args.socket.as_deref())?;
    needs_terminal()?;
    let failed = |e: io::Error| Fault::new(FaultCode::Io, format!("the terminal: {e}"));
    // one connection and one person: a second thread would have nothing to do
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(failed)?;
    let remote = variable("SSH_CONNECTION").is_some_and(|value| !value.is_empty());
    let frames = Frames::new(settings.max_fps, remote);
    let look = settings::look(settings.glyphs, &variable);
    let mut state = State::new(now_ms(), terminal::size(), settings, look);
    state.socket = socket.display().to_string();
    state.namespace = args.namespace.clone();
    let wire = Wire::new(socket, args.namespace.clone());
    terminal::restore_on_panic();
    let exit = runtime.block_on(async {
        // signals first: from then on nothing can end us with the terminal taken
        let signals = Signals::listen().map_err(failed)?;
        let console = Console {
            screen: Screen::new(state.size),
            state,
            wire,
            frames,
            started: Instant::now(),
            signals,
            guard: Guard::take().map_err(failed)?,
            keys: terminal::keys(),
            writer: Writer::default(),
            saver: Saver::default(),
            stopping: false,
            stopped: false,
        };
        Ok(console.run().await)
    });
    // a write that the terminal does not take is left behind
    runtime.shutdown_background();
    exit
}

struct Console {
    state: State,
    wire: Wire,
    screen: Screen,
    frames: Frames,
    started: Instant,
    signals: Signals,
    keys: mpsc::Receiver<Event>,
    writer: Writer,
    saver: Saver,
    /// Shall stop when the messages at hand are taken.
    stopping: bool,
    /// The terminal is somebody else's until we are continued.
    stopped: bool,
    guard: Guard,
}

/// What woke the loop up.
enum Happened {
    Signal(Signal),
    /// Nobody is at the other end of the terminal.
    Gone,
    Messages(Vec<Msg>),
    /// Milliseconds that a frame took.
    Wrote(u64),
}

impl Console {
    async fn run(mut self) -> Exit {
        self.wire.connect();
        self.frames.request();
        let exit = loop {
            self.wire.want(&self.state.wants());
            self.paint();
            let exit = match self.next().await {
                Happened::Signal(signal) => self.signal(signal),
                Happened::Gone => Some(Exit(SIGNALLED + SIGHUP)),
                Happened::Messages(messages) => self.take(messages),
                Happened::Wrote(took_ms) => {
                    self.frames.wrote(took_ms);
                    None
                }
            };
            let exit = match exit {
                None if self.stopping => self.stop().await,
                exit => exit,
            };
            if let Some(exit) = exit {
                break exit;
            }
        };
        self.writer.finish().await;
        self.saver.finish().await;
        exit
    }

    async fn next(&mut self) -> Happened {
        let pause = self.pause();
        tokio::select! {
            biased;
            signal = self.signals.next() => Happened::Signal(signal),
            written = self.writer.written() => match written {
                Ok(took) => Happened::Wrote(u64::try_from(took.as_millis()).unwrap_or(u64::MAX)),
                Err(_) => Happened::Gone,
            },
            pressed = pressed(&mut self.keys) => match pressed {
                Some(messages) => Happened::Messages(messages),
                None => Happened::Gone,
            },
            news = self.wire.news() => {
                Happened::Messages(news.into_iter().map(|n| Msg::News(Box::new(n))).collect())
            }
            why = self.saver.failed() => Happened::Messages(vec![Msg::NotSaved(why)]),
            () = sleep(pause.unwrap_or_default()), if pause.is_some() => {
                Happened::Messages(vec![Msg::Tick])
            }
        }
    }

    /// How long nothing happens by itself; `None`: for ever.
    fn pause(&self) -> Option<Duration> {
        let wake = self.state.wake_at().map(|at| {
            Duration::from_millis(at.saturating_sub(now_ms())).max(SHORTEST)
        });
        // a frame that is being written lets the next one wait
        let paints = !self.writer.is_busy() && !self.stopped;
        let frame = self.frames.next_ms().filter(|_| paints);
        let frame = frame.map(|at| Duration::from_millis(at.saturating_sub(self.clock_ms())));
        [wake, frame].into_iter().flatten().min()
    }

    fn paint(&mut self) {
        let now = self.clock_ms();
        if self.stopped || self.writer.is_busy() || !self.frames.due(now) {
            return;
        }
        self.frames.painted(now);
        let state = &self.state;
        if let Some(frame) = self.screen.paint(|frame| view::draw(state, frame)) {
            self.writer.write(frame);
        }
    }

    /// All that are there, before the next frame.
    fn take(&mut self, messages: Vec<Msg>) -> Option<Exit> {
        let mut exit = None;
        for message in messages {
            if let Msg::Resize(width, height) = message {
                self.screen.resize((width, height));
            }
            for effect in update(&mut self.state, now_ms(), message) {
                exit = exit.or(self.perform(effect));
            }
            self.frames.request();
        }
        exit
    }

    fn perform(&mut self, effect: Effect) -> Option<Exit> {
        match effect {
            Effect::Connect => self.wire.connect(),
            Effect::Call(call) => self.wire.call(call),
            Effect::Refetch => self.wire.refetch(),
            Effect::Redraw => self.screen.redraw(),
            Effect::Suspend => return self.suspend(),
            Effect::Save => self.saver.save(self.state.settings.changes()),
            Effect::Quit => return Some(Exit::OK),
        }
        None
    }

    fn signal(&mut self, signal: Signal) -> Option<Exit> {
        match signal {
            Signal::End(number) => Some(Exit(SIGNALLED + number)),
            Signal::Suspend => self.suspend(),
            Signal::Continue => self.go_on(),
            Signal::Resized => {
                let (width, height) = terminal::size();
                self.take(vec![Msg::Resize(width, height)])
            }
        }
    }

    /// Only where there is a shell that can wake us up again.
    fn suspend(&mut self) -> Option<Exit> {
        if terminal::can_suspend() {
            self.stopping = true;
            return None;
        }
        self.take(vec![Msg::CannotSuspend])
    }

    /// Stops here. What follows comes with SIGCONT, as after a stop by others.
    async fn stop(&mut self) -> Option<Exit> {
        self.stopping = false;
        self.writer.finish().await;
        self.stopped = true;
        self.guard.lend();
        match terminal::stop_the_group() {
            Ok(()) => None,
            Err(_) => self.go_on(),
        }
    }

    /// The terminal is ours again, and nobody knows what was done with it.
    fn go_on(&mut self) -> Option<Exit> {
        if self.guard.retake().is_err() {
            return Some(Exit(SIGNALLED + SIGHUP));
        }
        self.stopped = false;
        self.screen.redraw();
        let (width, height) = terminal::size();
        self.take(vec![Msg::Resize(width, height), Msg::Resumed])
    }

    /// On the clock of the frames.
    fn clock_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// All keys that are there, as messages; `None` when no key can come any more.
async fn pressed(keys: &mut mpsc::Receiver<Event>) -> Option<Vec<Msg>> {
    let mut events = Vec::new();
    if keys.recv_many(&mut events, usize::MAX).await == 0 {
        return None;
    }
    Some(events.into_iter().filter_map(message).collect())
}

fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(event) => Key::of(&event).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Paste(text)),
        // sizes come by signal; the rest was never asked for
        Event::Resize(..) | Event::Mouse(_) | Event::FocusGained | Event::FocusLost => None,
    }
}
