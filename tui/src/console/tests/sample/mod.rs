//! States for tests, with what is awkward in them.

mod asking;
mod history;
mod log;
mod runs;
mod triggers;
mod why;
mod workflows;

use rpa_ipc::view::StatusView;
use rpa_ipc::{Fault, FaultCode, Language};

use crate::console::keys::Key;
use crate::console::settings::{Settings, Start};
use crate::console::state::{Effect, Msg, News, State, update};
use crate::console::theme::Look;

pub use self::asking::*;
pub use self::history::*;
pub use self::log::*;
pub use self::runs::*;
pub use self::triggers::*;
pub use self::why::*;
pub use self::workflows::*;

/// 2026-11-21 03:10:00 UTC.
pub const NOW: u64 = 1_795_230_600_000;
const HOUR: u64 = 3_600_000;

/// A console that has just been started, in a language and of a size.
pub fn fresh(size: (u16, u16), language: Language) -> State {
    // most tests are about lists: the dashboard has its own
    let start = Start::Workflows;
    let settings = Settings { language, start, ..Settings::default() };
    let look = Look { unicode: true, colour: true, contrast: false };
    let mut state = State::new(NOW, size, settings, look);
    state.zone = jiff::tz::TimeZone::UTC;
    state.socket = "/run/rpad/rpad.sock".into();
    state
}

/// One that is connected and knows the samples.
pub fn connected(size: (u16, u16), language: Language) -> State {
    let mut state = fresh(size, language);
    tell(&mut state, News::Up);
    tell(&mut state, News::Status(status()));
    tell(&mut state, News::Workflows(workflows()));
    state
}

pub fn tell(state: &mut State, news: News) -> Vec<Effect> {
    update(state, NOW, Msg::News(Box::new(news)))
}

pub fn press(state: &mut State, key: Key) -> Vec<Effect> {
    let now = state.now_ms;
    let effects = update(state, now, Msg::Key(key));
    let mut left = Vec::new();
    for effect in effects {
        match effect {
            // on disk lies what is known
            Effect::FindDrafts => {
                let kept = state.drafts.kept.clone();
                left.extend(update(state, now, Msg::Drafts(kept)));
            }
            effect => left.push(effect),
        }
    }
    left
}

pub fn type_text(state: &mut State, text: &str) {
    for c in text.chars() {
        press(state, Key::Char(c));
    }
}

pub fn away() -> Fault {
    Fault::new(FaultCode::Unreachable, "no daemon: nothing answers at /run/rpad/rpad.sock")
}

pub fn status() -> StatusView {
    StatusView {
        version: "0.1.0".into(),
        pid: 4_711,
        instance: "i".into(),
        state_dir: "/var/lib/rpad".into(),
        socket: "/run/rpad/rpad.sock".into(),
        http: vec!["/run/rpad/http.sock".into()],
        started_ms: NOW - 48 * HOUR,
        state: "ready".into(),
        reason: String::new(),
        runs: vec![
            ("running".into(), 1),
            ("in_doubt".into(), 1),
            ("completed".into(), 12_345),
            ("failed".into(), 2),
        ],
        workflows: 3,
        store_bytes: 1,
        disk_free_bytes: 1,
        attempts_running: 1,
        runner: None,
        restored: None,
        backup: Default::default(),
        kept: Default::default(),
    }
}
