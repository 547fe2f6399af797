//! What the loop holds, and what it does with what happens.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use crossterm::event::{Event, MouseButton, MouseEventKind};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use super::hand::{Handed, private_file};
use super::jobs::GONE;
use super::shell::Shell;
use crate::cli::exit::Exit;
use crate::cli::session::now_ms;
use crate::console::drafts::{self, Presence};
use crate::console::frames::Frames;
use crate::console::keys::Key;
use crate::console::private::discard;
use crate::console::settings::Saver;
use crate::console::state::{Effect, Job, Msg, State, update};
use crate::console::terminal::{self, Between, Guard, Keys, Screen, Signal, Signals, Writer};
use crate::console::view;
use crate::console::wire::Wire;

/// A state whose time is overdue is not asked again and again without a pause.
const SHORTEST: Duration = Duration::from_millis(10);

pub(super) struct Console {
    state: State,
    wire: Wire,
    pub(super) screen: Screen,
    frames: Frames,
    started: Instant,
    signals: Signals,
    pub(super) keys: Keys,
    pub(super) writer: Writer,
    saver: Saver,
    /// Commands that are run for what they print.
    shell: Shell,
    /// What is for the terminal itself, before the next frame.
    aside: Vec<u8>,
    drafts: Saver,
    /// Says to other consoles that the files of our drafts are written.
    presence: Presence,
    /// What was found off this thread.
    answers: (mpsc::UnboundedSender<Msg>, mpsc::UnboundedReceiver<Msg>),
    /// What another program has the terminal for.
    pub(super) handed: Option<Handed>,
    /// Shall be handed over when the messages at hand are taken.
    pub(super) handing: Option<Job>,
    /// Shall stop when the messages at hand are taken.
    pub(super) stopping: bool,
    /// The terminal is somebody else's until we are continued.
    pub(super) stopped: bool,
    /// Given back when the loop has ended.
    pub(super) guard: Guard,
}

/// What woke the loop up.
enum Happened {
    Signal(Signal),
    /// Nobody is at the other end of the terminal.
    Gone,
    Messages(Vec<Msg>),
    /// The program that had the terminal.
    Ended(io::Result<ExitStatus>),
    /// Milliseconds that a frame took.
    Wrote(u64),
}

impl Console {
    /// Takes the terminal.
    pub(super) fn open(state: State, wire: Wire, frames: Frames) -> io::Result<Console> {
        terminal::mouse(state.settings.mouse);
        Ok(Console {
            // first: from now on no signal can end us with the terminal taken
            signals: Signals::listen()?,
            guard: Guard::take()?,
            keys: terminal::keys()?,
            screen: Screen::new(state.size),
            writer: Writer::default(),
            saver: Saver::default(),
            shell: Shell::default(),
            aside: Vec::new(),
            drafts: Saver::default(),
            presence: Presence::default(),
            // as many as were asked for
            answers: mpsc::unbounded_channel(),
            started: Instant::now(),
            handed: None,
            handing: None,
            stopping: false,
            stopped: false,
            state,
            wire,
            frames,
        })
    }

    /// Until somebody leaves, or has to.
    pub(super) async fn run(mut self) -> Exit {
        self.wire.connect();
        self.frames.request();
        let exit = loop {
            self.wire.want(&self.state.wants());
            self.paint();
            let exit = match self.next().await {
                Happened::Signal(signal) => self.signal(signal),
                Happened::Gone => Some(GONE),
                Happened::Messages(messages) => self.take(messages),
                Happened::Ended(status) => self.take_back(status),
                Happened::Wrote(took_ms) => {
                    self.frames.wrote(took_ms);
                    None
                }
            };
            let exit = match exit {
                None if self.stopping => self.stop().await,
                None if self.handing.is_some() => self.hand().await,
                exit => exit,
            };
            if let Some(exit) = exit {
                break exit;
            }
        };
        self.writer.finish().await;
        self.saver.finish().await;
        self.drafts.finish().await;
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
            status = ended(&mut self.handed) => Happened::Ended(status),
            pressed = pressed(&mut self.keys.events) => match pressed {
                Some(messages) => Happened::Messages(messages),
                None => Happened::Gone,
            },
            news = self.wire.news() => {
                Happened::Messages(news.into_iter().map(|n| Msg::News(Box::new(n))).collect())
            }
            printed = self.shell.told() => {
                Happened::Messages(printed.into_iter().map(Msg::Printed).collect())
            }
            Some(answer) = self.answers.1.recv() => Happened::Messages(vec![answer]),
            why = self.saver.failed() => Happened::Messages(vec![Msg::NotSaved(why)]),
            why = self.drafts.failed() => Happened::Messages(vec![Msg::DraftNotKept(why)]),
            () = sleep(pause.unwrap_or_default()), if pause.is_some() => {
                Happened::Messages(vec![Msg::Tick])
            }
        }
    }

    /// How long nothing happens by itself; `None`: for ever.
    fn pause(&self) -> Option<Duration> {
        let wake = self
            .state
            .wake_at()
            .map(|at| Duration::from_millis(at.saturating_sub(now_ms())).max(SHORTEST));
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
        let frame = self.screen.paint(|frame| view::draw(state, frame));
        let mut bytes = std::mem::take(&mut self.aside);
        bytes.extend(frame.into_iter().flatten());
        if !bytes.is_empty() {
            self.writer.write(bytes);
        }
    }

    /// All that are there, before the next frame.
    pub(super) fn take(&mut self, messages: Vec<Msg>) -> Option<Exit> {
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
            Effect::Hand(job) => self.handing = Some(job),
            Effect::Discard(path) => discard(&path),
            Effect::Save => self.saver.save(self.state.settings.changes()),
            Effect::Command(asked) => self.shell.start(&self.state, &asked),
            Effect::StopCommand => self.shell.stop(),
            Effect::Mouse(on) => self.aside.extend(terminal::mouse(on).bytes()),
            Effect::Copy(text) => return self.copy(&text),
            Effect::Keep(text) => return self.keep(&text),
            Effect::Draft(work) => self.drafts.then(move || work.carry_out()),
            Effect::FindDrafts => self.find_drafts(),
            Effect::Quit => return Some(Exit::OK),
        }
        None
    }

    /// Those of all consoles, behind what is being written.
    fn find_drafts(&mut self) {
        let drafts = &self.state.drafts;
        let (process, Some(directory)) = (drafts.process, drafts.directory.clone()) else { return };
        let (presence, answers) = (self.presence.clone(), self.answers.0.clone());
        self.drafts.then(move || {
            let said = presence.say(&directory, process);
            // nobody is there to hear it when the program ends
            let _ = answers.send(Msg::Drafts(drafts::read(&directory)));
            said.map_err(|e| format!("{}: {e}", directory.display()))
        });
    }

    /// To the clipboard; where the terminal has none, into a file.
    fn copy(&mut self, text: &str) -> Option<Exit> {
        match Between::here().copy(text) {
            Some(bytes) => {
                self.aside.extend(bytes);
                None
            }
            None => self.keep(text),
        }
    }

    fn keep(&mut self, text: &str) -> Option<Exit> {
        let kept = private_file("copied.txt", text).map_err(|error| error.to_string());
        self.take(vec![Msg::Kept(kept)])
    }

    /// On the clock of the frames.
    fn clock_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// The end of the program that has the terminal; never where there is none.
async fn ended(handed: &mut Option<Handed>) -> io::Result<ExitStatus> {
    match handed {
        Some(handed) => handed.child.wait().await,
        None => std::future::pending().await,
    }
}

/// All keys that are there, as messages; `None` when none can come any more.
async fn pressed(keys: &mut mpsc::Receiver<Option<Event>>) -> Option<Vec<Msg>> {
    let mut events = Vec::new();
    keys.recv_many(&mut events, usize::MAX).await;
    if events.is_empty() || events.contains(&None) {
        return None;
    }
    Some(folded(events.into_iter().flatten().filter_map(message)))
}

/// A wheel that turns fast is one turn: a terminal sends each notch.
fn folded(messages: impl Iterator<Item = Msg>) -> Vec<Msg> {
    let mut all: Vec<Msg> = Vec::new();
    for message in messages {
        match (all.last_mut(), message) {
            (Some(Msg::Wheel(sum)), Msg::Wheel(more)) => *sum += more,
            (_, message) => all.push(message),
        }
    }
    all
}

fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(event) => Key::of(&event).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Mouse(event) => match event.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Msg::Click(event.column, event.row)),
            MouseEventKind::ScrollUp => Some(Msg::Wheel(-1)),
            MouseEventKind::ScrollDown => Some(Msg::Wheel(1)),
            _ => None,
        },
        // sizes come by signal; the rest was never asked for
        Event::Resize(..) | Event::FocusGained | Event::FocusLost => None,
    }
}
