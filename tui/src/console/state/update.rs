//! The one way in: a message changes the state and may have effects.

use super::{
    Effect, Msg, Overlay, State, act, again, confirm, editor, find, form, freeze, help, locks,
    moving, news, notifications, palette, pointer, prefer, prompt, readonly, resolve, shell, trail,
    triggers, tuning, vote, why, workflow,
};
use crate::console::keys::{Action, Key, Layout, layout::is_cyrillic};
use crate::console::theme::Tone;
use crate::say;

/// Takes one message. `now_ms` is the time at which it came, since the Unix epoch.
pub fn update(state: &mut State, now_ms: u64, msg: Msg) -> Vec<Effect> {
    // a clock that is set back must not make durations wrap
    state.now_ms = now_ms;
    if state.notice.as_ref().is_some_and(|n| n.until_ms <= now_ms) {
        state.notice = None;
    }
    let edited = state.editor().filter(|editor| editor.is_changed()).map(|e| e.name.clone());
    let mut effects = match msg {
        Msg::Key(key) => pressed(state, key),
        Msg::Paste(text) => {
            pasted(state, &text);
            Vec::new()
        }
        Msg::Resize(width, height) => {
            state.size = (width, height);
            moving::settle(state);
            Vec::new()
        }
        Msg::Click(x, y) => pointer::click(state, x, y),
        Msg::Wheel(notches) => pointer::wheel(state, notches),
        Msg::News(news) => news::take(state, *news),
        Msg::Edited(edited) => workflow::came_back(state, *edited),
        Msg::Resumed => vec![Effect::Redraw],
        Msg::CannotSuspend => {
            let text = say!(state.words, "cannot-suspend");
            state.tell(Tone::Warn, text, String::new());
            Vec::new()
        }
        Msg::Printed(printed) => shell::printed(state, printed),
        Msg::Kept(Ok(path)) => {
            let path = path.display().to_string();
            let text = say!(state.words, "copy-kept", path = path.as_str());
            state.tell(Tone::Good, text, String::new());
            Vec::new()
        }
        Msg::Kept(Err(why)) => {
            let text = say!(state.words, "copy-failed", why = why);
            state.tell(Tone::Bad, text, String::new());
            Vec::new()
        }
        Msg::NotSaved(why) => {
            let text = say!(state.words, "not-saved", why = why);
            state.tell(Tone::Bad, text, String::new());
            Vec::new()
        }
        Msg::DraftNotKept(why) => {
            let text = say!(state.words, "draft-not-kept", why = why);
            state.tell(Tone::Bad, text, String::new());
            Vec::new()
        }
        Msg::Drafts(kept) => editor::drafts_found(state, kept),
        Msg::Tick => Vec::new(),
    };
    editor::settle(state);
    // whoever goes elsewhere has not thrown it away
    if let Some(name) = edited.filter(|_| state.editor().is_none())
        && state.drafts.of(&name.workflow).is_some()
    {
        editor::tell_of_drafts(state);
    }
    effects.extend(freeze::watch(state));
    trail::record(state);
    if state.settings.read_only {
        effects = effects.into_iter().flat_map(|effect| guarded(state, effect)).collect();
    }
    if state.link.retries(now_ms, false) {
        effects.push(Effect::Connect);
    }
    effects
}

/// The effect, or the answer to a call that a console which changes nothing does not make.
fn guarded(state: &mut State, effect: Effect) -> Vec<Effect> {
    let refused = match &effect {
        Effect::Call(call) => readonly::answer(state, call),
        Effect::Command(asked) if asked.changes => {
            state.overlay = None;
            readonly::refuses_to_change(state);
            return Vec::new();
        }
        _ => None,
    };
    match refused {
        Some(done) => news::finished(state, done),
        None => vec![effect],
    }
}

pub(super) fn pressed(state: &mut State, key: Key) -> Vec<Effect> {
    if state.too_small() {
        return too_small(state, key);
    }
    // these work whatever is open
    match key {
        Key::Ctrl('c') => return vec![Effect::Quit],
        Key::Ctrl('z') => return vec![Effect::Suspend],
        Key::Ctrl('l') => return vec![Effect::Redraw],
        Key::F(12) => return act::perform(state, Action::SwitchLanguage),
        _ => {}
    }
    if let Some(parts) = apart(state, key) {
        return parts.into_iter().flat_map(|key| pressed(state, key)).collect();
    }
    match state.overlay.take() {
        Some(Overlay::Help(open)) => return help::key(state, open, key),
        Some(Overlay::Palette(open)) => return palette::key(state, open, key),
        Some(Overlay::Composer(open)) => return shell::composer_key(state, open, key),
        Some(Overlay::Reader(open)) => return shell::reader_key(state, open, key),
        Some(Overlay::Confirm(open)) => return confirm::key(state, open, key),
        Some(Overlay::Retry(open)) => return again::retry_key(state, open, key),
        Some(Overlay::Repeat(open)) => return again::key(state, *open, key),
        Some(Overlay::Form(open)) => return form::key(state, open, key),
        Some(Overlay::Resolve(open)) => return resolve::key(state, open, key),
        Some(Overlay::Why(open)) => return why::key(state, open, key),
        Some(Overlay::Vote(open)) => return vote::key(state, open, key),
        Some(Overlay::Order(open)) => return triggers::order_key(state, open, key),
        Some(Overlay::Backfill(open)) => return triggers::backfill_key(state, open, key),
        Some(Overlay::Fire(open)) => return triggers::fire_key(state, open, key),
        Some(Overlay::Find(open)) => return find::key(state, open, key),
        Some(Overlay::Ack(open)) => return notifications::key(state, open, key),
        Some(Overlay::Lock(open)) => return locks::key(state, open, key),
        Some(Overlay::Tuning(open)) => return tuning::key(state, open, key),
        Some(Overlay::Revise(open)) => return workflow::revise_key(state, open, key),
        Some(Overlay::Edited(open)) => return workflow::edit_key(state, open, key),
        Some(Overlay::Editor(open)) => return editor::key(state, *open, key),
        Some(Overlay::Keyboard(at)) => return choose_layout(state, at, key),
        Some(Overlay::Refusal(fault)) => {
            if !matches!(key, Key::Esc | Key::Enter | Key::Char(_)) {
                state.overlay = Some(Overlay::Refusal(fault));
            }
            return Vec::new();
        }
        Some(Overlay::Prompt(open)) => {
            let effects = prompt::key(state, open, key);
            moving::settle(state);
            return effects;
        }
        None => {}
    }
    if is_cyrillic(key) && state.settings.keyboard == Layout::Us && !state.layout_offered {
        prefer::offer_layouts(state);
        return Vec::new();
    }
    match state.keys.lookup(state.settings.keyboard.latin(key), &state.scopes()) {
        Some(action) => act::perform(state, action),
        None => Vec::new(),
    }
}

/// Esc and a key right after it arrive as one key with Alt, over a slow line in
/// particular. Where that key is not used they are two.
fn apart(state: &State, key: Key) -> Option<[Key; 2]> {
    let Key::Alt(c) = key else { return None };
    let used = state.keys.lookup(state.settings.keyboard.latin(key), &state.scopes()).is_some();
    (!used || state.overlay.is_some()).then_some([Key::Esc, Key::Char(c)])
}

/// Nothing can be read, so nothing but leaving is done.
fn too_small(state: &State, key: Key) -> Vec<Effect> {
    match state.keys.lookup(state.settings.keyboard.latin(key), &state.scopes()) {
        Some(Action::Quit) => vec![Effect::Quit],
        Some(Action::Suspend) => vec![Effect::Suspend],
        _ => Vec::new(),
    }
}

fn choose_layout(state: &mut State, at: usize, key: Key) -> Vec<Effect> {
    let last = Layout::ALL.len() - 1;
    let at = match key {
        Key::Esc => return Vec::new(),
        Key::Enter => return prefer::set_layout(state, Layout::ALL[at]),
        Key::Up | Key::BackTab => at.saturating_sub(1),
        Key::Down | Key::Tab => (at + 1).min(last),
        _ => at,
    };
    state.overlay = Some(Overlay::Keyboard(at));
    Vec::new()
}

fn pasted(state: &mut State, text: &str) {
    match state.overlay.take() {
        Some(Overlay::Prompt(open)) => {
            prompt::paste(state, open, text);
            return moving::settle(state);
        }
        other => state.overlay = other,
    }
    match &mut state.overlay {
        Some(Overlay::Form(open)) => form::paste(open, text, &state.words),
        Some(Overlay::Palette(open)) => open.input.paste(text),
        Some(Overlay::Composer(open)) => shell::composer_paste(open, text),
        Some(Overlay::Reader(open)) => shell::reader_paste(open, text),
        Some(Overlay::Help(open)) => open.input.paste(text),
        Some(Overlay::Resolve(open)) => open.output.paste(text),
        Some(Overlay::Vote(open)) => vote::paste(open, text, &state.words),
        Some(Overlay::Order(open)) => triggers::order_paste(open, text),
        Some(Overlay::Backfill(open)) => triggers::backfill_paste(open, text),
        Some(Overlay::Fire(open)) => triggers::fire_paste(open, text),
        Some(Overlay::Find(open)) => find::paste(open, text),
        Some(Overlay::Lock(open)) => locks::paste(open, text),
        Some(Overlay::Tuning(open)) => tuning::paste(open, text),
        Some(Overlay::Editor(_)) => editor::paste(state, text),
        // a paste is not a command, and not a yes
        Some(
            Overlay::Ack(_)
            | Overlay::Confirm(_)
            | Overlay::Keyboard(_)
            | Overlay::Prompt(_)
            | Overlay::Refusal(_)
            | Overlay::Revise(_)
            | Overlay::Edited(_)
            | Overlay::Why(_)
            | Overlay::Retry(_)
            | Overlay::Repeat(_),
        )
        | None => {}
    }
}
