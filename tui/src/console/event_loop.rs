//! The one loop: messages in, effects out, a frame when something has changed.
//!
//! Nothing in it may wait: the state is changed and painted on one thread. Keys are
//! read and frames are written elsewhere, so that a terminal that has stopped taking
//! bytes keeps nobody from ending the program.

mod console;
mod hand;
mod jobs;
mod shell;

use std::io;
use std::process::ExitCode;

use clap::Parser;
use rpa_config::paths::UserDirs;
use rpa_ipc::{Fault, FaultCode, fault};

use super::args::{Args, needs_terminal};
use super::drafts;
use super::frames::Frames;
use super::keys;
use super::settings::{self, Glyphs, Settings, Theme};
use super::state::{Drafts, Overlay, State};
use super::terminal;
use super::wire::Wire;
use crate::cli::exit::Exit;
use crate::cli::report;
use crate::cli::session::{now_ms, socket};
use crate::remote::{self, Host};
use crate::write_all::write_all;
use console::Console;

/// The word with which the console is `rpa`, see [`shell`].
const AS_RPA: &str = "--as-rpa";

/// The whole program.
pub fn main() -> ExitCode {
    report::panics_are_faults();
    // the console is the command line as well, for what it runs itself: one program, and
    // so one version
    if std::env::args_os().nth(1).is_some_and(|word| word == AS_RPA) {
        return shell::as_rpa();
    }
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(e) => return report::usage(&e, std::iter::empty()).into(),
    };
    start(&args).unwrap_or_else(|fault| report::fault(&fault, args.language())).into()
}

fn start(args: &Args) -> Result<Exit, Fault> {
    let variable = |name: &str| std::env::var(name).ok();
    let config = args.config.as_deref();
    let settings = Settings::load(config, &args.settings(), &variable, &UserDirs::detect())?;
    let keys = keys::own::load(settings.path());
    if args.keys {
        let file = keys::own::file(&keys?, settings.language);
        write_all(rustix::stdio::stdout(), file.as_bytes()).map_err(|e| failed(&e))?;
        return Ok(Exit::OK);
    }
    if let Some(host) = Host::of(args.host.clone())? {
        needs_terminal()?;
        let look = settings::look(settings.glyphs, settings.theme, &variable);
        return Err(remote::console(&host, args.elsewhere(&settings, look)));
    }
    let socket = socket(args.socket.as_deref())?;
    needs_terminal()?;
    let remote = variable("SSH_CONNECTION").is_some_and(|value| !value.is_empty());
    let frames = Frames::new(settings.max_fps, remote);
    let look = settings::look(settings.glyphs, settings.theme, &variable);
    let able = settings::look(Glyphs::Auto, Theme::Auto, &variable);
    let mut state = State::new(now_ms(), terminal::size(), settings, look);
    state.able = able;
    state.in_tmux = terminal::Between::here() == terminal::Between::Tmux;
    match keys {
        Ok(keys) => state.keys = keys,
        // nobody shall be kept out by a key: the usual ones hold, and that is said
        Err(fault) => state.overlay = Some(Overlay::Refusal(Box::new(fault))),
    }
    state.socket = socket.display().to_string();
    state.namespace = args.namespace.clone();
    let directory = drafts::directory(&UserDirs::detect(), &socket);
    let kept = directory.as_deref().map(drafts::read).unwrap_or_default();
    state.begin_with_drafts(Drafts { directory, process: std::process::id(), kept });
    let wire = Wire::new(socket, args.namespace.clone());
    terminal::restore_on_panic();
    // one connection and one person: a second thread would have nothing to do
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| failed(&e))?;
    let ended = runtime.block_on(async {
        let console = Console::open(state, wire, frames).map_err(|e| failed(&e))?;
        Ok(console.run().await)
    });
    // a write that the terminal does not take is left behind
    runtime.shutdown_background();
    ended
}

fn failed(error: &io::Error) -> Fault {
    fault!(FaultCode::Io, "terminal-failed", error = error)
}
