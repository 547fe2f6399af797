//! Runs for slots of the past that had none: from when to when, which slots those are,
//! and only then whether they shall have runs.
//!
//! ```text
//! Typing --Show--> Asked --answer--> Shown --Start--> Sent --answer--> closed
//!   ^                 `---refused--> Typing, with the refusal <--refused--'
//!   `-- a key in a field: what was shown is of another time
//! ```

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rpa_ipc::triggers::{Backfilled, MOST_SLOTS, TriggerView};
use rpa_ipc::{Fault, FaultCode, fault};

use super::super::{Call, Effect, Input, Overlay, State, news};
use super::TriggerName;
use crate::console::command;
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::console::view::{layout, names};
use crate::say;
use crate::text::moment::{self, Moment};

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

/// More slots than this are refused: the most that the daemon fills in at once.
pub const MOST: u32 = MOST_SLOTS;

/// Which slots are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    pub name: TriggerName,
    pub from_ms: u64,
    pub to_ms: u64,
}

/// Where the focus can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackfillStop {
    From,
    To,
    Show,
    Start,
    Close,
}

#[derive(Clone, Debug)]
pub enum Stage {
    Typing,
    /// Which slots they are was asked.
    Asked(Asking),
    Shown(Asking, Backfilled),
    /// Their runs were asked for.
    Sent(Asking, Backfilled),
}

#[derive(Clone, Debug)]
pub struct Backfill {
    pub name: TriggerName,
    /// In which what is typed is meant.
    pub zone: TimeZone,
    pub zone_name: String,
    pub from: Input,
    pub to: Input,
    pub at: BackfillStop,
    pub stage: Stage,
    /// What is wrong with what was typed.
    pub problem: Option<String>,
    /// Why the daemon refused.
    pub fault: Option<Fault>,
    /// The first slot shown.
    pub top: usize,
}

impl Backfill {
    fn new(view: &TriggerView, from_ms: u64, to_ms: u64) -> Backfill {
        let zone = moment::zone(view);
        Backfill {
            name: TriggerName::of(view),
            from: Input::of(&clock(from_ms, &zone)),
            to: Input::of(&clock(to_ms, &zone)),
            zone,
            zone_name: view.timezone.clone(),
            at: BackfillStop::From,
            stage: Stage::Typing,
            problem: None,
            fault: None,
            top: 0,
        }
    }

    /// The slots that are shown.
    pub fn shown(&self) -> Option<&Backfilled> {
        match &self.stage {
            Stage::Shown(_, filled) | Stage::Sent(_, filled) => Some(filled),
            Stage::Typing | Stage::Asked(_) => None,
        }
    }

    pub fn can_start(&self) -> bool {
        matches!(&self.stage, Stage::Shown(_, filled) if !filled.slots.is_empty())
    }

    /// In the order of the Tab key.
    fn stops(&self) -> Vec<BackfillStop> {
        let mut stops = vec![BackfillStop::From, BackfillStop::To, BackfillStop::Show];
        stops.extend(self.can_start().then_some(BackfillStop::Start));
        stops.push(BackfillStop::Close);
        stops
    }

    fn step(&mut self, forward: bool) {
        let stops = self.stops();
        let at = stops.iter().position(|stop| *stop == self.at).unwrap_or(0);
        let by = if forward { 1 } else { stops.len() - 1 };
        self.at = stops[(at + by) % stops.len()];
    }

    fn input(&mut self) -> Option<&mut Input> {
        match self.at {
            BackfillStop::From => Some(&mut self.from),
            BackfillStop::To => Some(&mut self.to),
            BackfillStop::Show | BackfillStop::Start | BackfillStop::Close => None,
        }
    }

    /// What was shown is of another time.
    fn edited(&mut self) {
        (self.stage, self.top) = (Stage::Typing, 0);
        (self.problem, self.fault) = (None, None);
    }
}

pub fn open(state: &mut State) {
    let Some(view) = state.meant_trigger().cloned() else {
        let text = say!(state.words, "trigger-none-meant");
        return state.tell(Tone::Warn, text, String::new());
    };
    if view.kind != "schedule" || view.timezone.is_empty() {
        let text = say!(state.words, "backfill-no-schedule", name = &*view.trigger);
        return state.tell(Tone::Warn, text, String::new());
    }
    let to_ms = state.now_ms.next_multiple_of(MINUTE_MS);
    let slots = state.trigger.iter().flat_map(|screen| screen.past.slots());
    let missed = slots.filter(|slot| slot.fate == "missed").map(|slot| slot.slot_ms);
    let from_ms = missed.min().unwrap_or(to_ms.saturating_sub(DAY_MS));
    state.notice = None;
    let dialog = Backfill::new(&view, from_ms / MINUTE_MS * MINUTE_MS, to_ms);
    state.overlay = Some(Overlay::Backfill(Box::new(dialog)));
}

pub fn key(state: &mut State, mut dialog: Box<Backfill>, key: Key) -> Vec<Effect> {
    let page = layout::backfill_rows(state, &dialog);
    let count = dialog.shown().map_or(0, |filled| filled.slots.len());
    let last = count.saturating_sub(page);
    let mut effects = Vec::new();
    match (key, dialog.at) {
        (Key::Esc, _) | (Key::Enter, BackfillStop::Close) => return effects,
        (Key::PageDown, _) => dialog.top = (dialog.top + page).min(last),
        (Key::PageUp, _) => dialog.top = dialog.top.saturating_sub(page),
        (Key::Down | Key::Tab, _) => dialog.step(true),
        (Key::Up | Key::BackTab, _) => dialog.step(false),
        (Key::Enter, BackfillStop::From | BackfillStop::To) => dialog.step(true),
        (Key::Enter, BackfillStop::Show) => effects = show(state, &mut dialog),
        (Key::Enter, BackfillStop::Start) => effects = start(state, &mut dialog),
        (Key::Right, BackfillStop::Show | BackfillStop::Start) => dialog.step(true),
        (Key::Left, BackfillStop::Start | BackfillStop::Close) => dialog.step(false),
        _ => {
            // of what is under way the answer is awaited
            let waits = matches!(dialog.stage, Stage::Sent(..));
            if !waits && dialog.input().is_some_and(|input| input.key(key)) {
                dialog.edited();
            }
        }
    }
    state.overlay = Some(Overlay::Backfill(dialog));
    effects
}

pub fn paste(dialog: &mut Backfill, text: &str) {
    let waits = matches!(dialog.stage, Stage::Sent(..));
    if let Some(input) = dialog.input().filter(|_| !waits) {
        input.paste(text);
        dialog.edited();
    }
}

/// Asks which slots they are.
fn show(state: &mut State, dialog: &mut Backfill) -> Vec<Effect> {
    if matches!(dialog.stage, Stage::Asked(_) | Stage::Sent(..)) {
        return Vec::new();
    }
    dialog.edited();
    let parse = |input: &Input| input.text().trim().parse::<Moment>().ok();
    let Some(from) = parse(&dialog.from) else {
        dialog.at = BackfillStop::From;
        dialog.problem = Some(say!(state.words, "backfill-bad-moment"));
        return Vec::new();
    };
    let Some(to) = parse(&dialog.to) else {
        dialog.at = BackfillStop::To;
        dialog.problem = Some(say!(state.words, "backfill-bad-moment"));
        return Vec::new();
    };
    let (from_ms, to_ms) = (from.ms(&dialog.zone), to.ms(&dialog.zone));
    if from_ms >= to_ms {
        let shown = |ms| moment::in_zone(ms, &dialog.zone);
        let (from, to) = (shown(from_ms), shown(to_ms));
        let fault = fault!(FaultCode::Usage, "backfill-backwards", from = from, to = to);
        dialog.problem = Some(fault.message_in(state.words.language()).into_owned());
        return Vec::new();
    }
    let asking = Asking { name: dialog.name.clone(), from_ms, to_ms };
    dialog.stage = Stage::Asked(asking.clone());
    state.calls += 1;
    vec![Effect::Call(Call::Backfill { asking, dry_run: true })]
}

/// Asks for the runs of exactly the time whose slots are shown.
fn start(state: &mut State, dialog: &mut Backfill) -> Vec<Effect> {
    let Stage::Shown(asking, filled) = &dialog.stage else { return Vec::new() };
    let (asking, filled) = (asking.clone(), filled.clone());
    dialog.stage = Stage::Sent(asking.clone(), filled);
    dialog.at = BackfillStop::Close;
    let text = say!(state.words, "trigger-asked", name = names::trigger(state, &asking.name));
    state.tell(Tone::Busy, text, command::backfill(&state.namespace, &asking));
    state.calls += 1;
    vec![Effect::Call(Call::Backfill { asking, dry_run: false })]
}

/// The daemon has told which slots they are, or taken their runs, or neither.
pub fn answered(
    state: &mut State,
    asked: Asking,
    dry_run: bool,
    answer: Result<Backfilled, Fault>,
) {
    if let (Ok(filled), false) = (&answer, dry_run) {
        let count = filled.slots.len();
        let text = match count {
            0 => say!(state.words, "backfill-none"),
            _ => say!(state.words, "backfill-started", count = count),
        };
        let tone = if count == 0 { Tone::Warn } else { Tone::Good };
        state.tell(tone, text, command::slots(&state.namespace, &asked.name));
    }
    let waits = |dialog: &Backfill| match &dialog.stage {
        Stage::Asked(asking) => dry_run && *asking == asked,
        Stage::Sent(asking, _) => !dry_run && *asking == asked,
        Stage::Typing | Stage::Shown(..) => false,
    };
    match (&mut state.overlay, answer) {
        (Some(Overlay::Backfill(dialog)), Err(fault)) if waits(dialog) => {
            (dialog.stage, dialog.fault) = (Stage::Typing, Some(fault));
            dialog.at = BackfillStop::Show;
            state.notice = None;
        }
        (Some(Overlay::Backfill(dialog)), Ok(filled)) if waits(dialog) && dry_run => {
            dialog.stage = Stage::Shown(asked, filled);
            // nothing is chosen for a person
            dialog.at = BackfillStop::Close;
        }
        (Some(Overlay::Backfill(dialog)), Ok(_)) if waits(dialog) => state.overlay = None,
        // of a dialog that was closed nobody wants to know what would be done
        (_, Err(fault)) if !dry_run => news::refused(state, &fault),
        _ => {}
    }
}

/// `2026-11-20T03:30`, as it is typed.
fn clock(ms: u64, zone: &TimeZone) -> String {
    let at = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    at.map_or_else(String::new, |at| {
        at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
    })
}
