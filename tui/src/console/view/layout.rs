//! Where things stand. The state asks as well: a page is what fits the screen.

mod editor;
mod workflow;

use ratatui::layout::Rect;

use crate::console::state::{
    Backfill, Fire, Focus, Lower, Root, Section, State, TriggerPane, TriggerScreen, Vote,
    approval_lines, tested_lines, trigger_lines,
};

pub use editor::{EditorAreas, area, area_box, editor, form_rows};
pub use workflow::{
    detail_width, edited, edited_rows, text_rows, workflow, workflow_lower_rows, workflow_page,
    workflow_rows,
};

/// From so many columns on, panes stand side by side.
const WIDE: u16 = 160;
/// From so many rows of a list's body on, the selected row is shown in full below.
const TALL: u16 = 12;
/// Rows of that preview, with its rule.
const PREVIEW: u16 = 7;

/// The whole screen.
pub fn screen(state: &State) -> Rect {
    Rect::new(0, 0, state.size.0, state.size.1)
}

/// Row 0 and 1: where one is and how it stands.
pub fn head(state: &State) -> [Rect; 2] {
    let row = |y: u16| Rect::new(0, y, state.size.0, 1).intersection(screen(state));
    [row(0), row(1)]
}

/// The last two rows: what was done, what can be done.
pub fn foot(state: &State) -> [Rect; 2] {
    let (width, height) = state.size;
    let row =
        |up: u16| Rect::new(0, height.saturating_sub(up), width, 1).intersection(screen(state));
    [row(2), row(1)]
}

/// Rows in which it is said that the daemon is away.
pub fn banner(state: &State) -> Rect {
    let height = if state.link.absence().is_some() { 2 } else { 0 };
    Rect::new(0, 2, state.size.0, height).intersection(screen(state))
}

/// Between head and foot, below the banner.
pub fn body(state: &State) -> Rect {
    let top = 2 + banner(state).height;
    let height = state.size.1.saturating_sub(top + 2);
    Rect::new(0, top, state.size.0, height).intersection(screen(state))
}

/// A list and the preview of its selected row, which may be empty.
pub fn list(state: &State) -> (Rect, Rect) {
    let body = body(state);
    // of what comes next a row says everything
    if matches!(state.root, Root::Upcoming | Root::Locks | Root::Slots | Root::Approvals) {
        return (body, Rect::default());
    }
    if body.width >= WIDE {
        let left = body.width * 3 / 5;
        let right = Rect { x: left + 1, width: body.width - left - 1, ..body };
        return (Rect { width: left, ..body }, right);
    }
    if body.height < TALL {
        return (body, Rect::default());
    }
    let share = match state.root {
        // of workflows there are few, and there is more to be said of each
        Root::Workflows => 2,
        Root::Triggers => 3,
        Root::Home | Root::Runs | Root::Upcoming | Root::Locks => 4,
        Root::Notifications | Root::Slots | Root::Approvals => 4,
    };
    let preview = PREVIEW.max(body.height / share);
    let above = body.height - preview;
    let below = Rect { y: body.y + above, height: preview, ..body };
    (Rect { height: above, ..body }, below)
}

/// Rows of a list on one screen, without its header.
pub fn list_rows(state: &State) -> usize {
    usize::from(list(state).0.height.saturating_sub(1)).max(1)
}

/// From so many columns on, what wants a person stands beside the rest.
const HOME_BESIDE: u16 = 120;

/// The parts of the dashboard. A section has its title in its first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HomeAreas {
    /// The counts and the strip of a day.
    pub day: Rect,
    pub attention: Rect,
    pub open: Rect,
    /// Empty where there is no room for it.
    pub next: Rect,
}

impl HomeAreas {
    pub fn of(&self, section: Section) -> Rect {
        match section {
            Section::Attention => self.attention,
            Section::Open => self.open,
            Section::Next => self.next,
        }
    }
}

pub fn home(state: &State) -> HomeAreas {
    let body = body(state);
    let wanted = state.home_counts().map(|rows| u16::try_from(rows.max(1)).unwrap_or(u16::MAX));
    let [attention, open, next] = wanted.map(|rows| rows.saturating_add(1));
    let beside = body.width >= HOME_BESIDE;
    let left = if beside { body.width * 11 / 20 } else { body.width };
    let (x, width) = match beside {
        true => (left + 1, body.width - left - 1),
        false => (body.x, body.width),
    };
    let day = match (beside, body.height) {
        (_, 0) => 0,
        (false, ..14) => 1,
        (false, _) => 2,
        (true, _) => 3.min(body.height),
    };
    let column = |y: u16, height: u16| Rect { x, width, y: body.y + y, height };
    let room = body.height - day;
    if beside {
        let [open, next] = shares(room, [open, next]);
        return HomeAreas {
            day: column(0, day),
            attention: Rect { width: left, ..body },
            open: column(day, open),
            next: column(day + open, next),
        };
    }
    // where not all of both fits, what comes next is left out
    let spare = room.saturating_sub(attention.saturating_add(open));
    let next = if spare >= 2 { next.min(spare) } else { 0 };
    let [attention, open] = shares(room - next, [attention, open]);
    HomeAreas {
        day: column(0, day),
        attention: column(day, attention),
        open: column(day + attention, open),
        next: column(day + attention + open, next),
    }
}

/// So many rows for two: each gets what it wants where both can, else the first gets two
/// thirds at most unless the second wants less than its third.
fn shares(room: u16, [first, second]: [u16; 2]) -> [u16; 2] {
    if first.saturating_add(second) <= room {
        return [first, second];
    }
    let least = second.min(room / 3);
    let first = first.min(room - least);
    [first, (room - first).min(second)]
}

/// The panes of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunAreas {
    /// Which run it is and how it stands.
    pub title: Rect,
    /// As lanes or as boxes; empty where something else has the whole screen.
    pub steps: Rect,
    /// The bars, in the rows of the steps or with rows of its own; else empty.
    pub timeline: Rect,
    /// The rule with the names of the lower panes.
    pub tabs: Rect,
    pub lower: Rect,
}

/// One pane at a time, or the steps above the lower pane; where there is room the bars beside
/// the steps, and beside many steps the lower pane too.
pub fn run(state: &State) -> RunAreas {
    let body = body(state);
    let title = Rect { height: body.height.min(1), ..body };
    let rest = Rect { y: body.y + title.height, height: body.height - title.height, ..body };
    let none = Rect { width: 0, height: 0, ..rest };
    let Some(run) = &state.run else {
        return RunAreas { title, steps: none, timeline: none, tabs: none, lower: none };
    };
    let beside = !run.zoom && body.width >= WIDE;
    let is_timeline = run.lower == Lower::Timeline && !run.zoom;
    // boxes need the screen where it is not wide
    let is_graph = !run.zoom && !beside && run.graph.is_some() && run.focus == Focus::Steps;
    if is_timeline || is_graph {
        let tabs = rest.height.min(1);
        let above = Rect { height: rest.height - tabs, ..rest };
        let tabs = Rect { y: above.bottom(), height: tabs, ..rest };
        let lower = Rect { y: rest.bottom(), height: 0, ..rest };
        let (steps, timeline) = if is_timeline { (none, above) } else { (above, none) };
        return RunAreas { title, steps, timeline, tabs, lower };
    }
    if beside && run.graph.is_none() && usize::from(rest.height) * 2 / 5 > run.rows.len() {
        return stacked(title, rest, run.rows.len());
    }
    let (steps, timeline, left) = if beside {
        let (steps, timeline) = match run.graph.is_some() {
            true => (rest.width * 3 / 5, 0),
            false => (rest.width / 3, rest.width / 4),
        };
        let bars = Rect { x: steps + 1, width: timeline, ..rest };
        let bars = if timeline == 0 { none } else { bars };
        let left = if timeline == 0 { steps + 1 } else { steps + timeline + 2 };
        (Rect { width: steps, ..rest }, bars, left)
    } else if run.zoom || run.graph.is_some() {
        (none, none, 0)
    } else {
        (Rect { height: steps_height(state, rest.height), ..rest }, none, 0)
    };
    let lower = match beside {
        true => Rect { x: left, width: rest.width.saturating_sub(left), ..rest },
        false => Rect { y: rest.y + steps.height, height: rest.height - steps.height, ..rest },
    };
    let tabs = Rect { height: lower.height.min(1), ..lower };
    let lower = Rect { y: lower.y + tabs.height, height: lower.height - tabs.height, ..lower };
    RunAreas { title, steps, timeline, tabs, lower }
}

/// Few steps on a large screen: they and their bars above, so that what is said of them has
/// room, and the lower pane over the whole width.
fn stacked(title: Rect, rest: Rect, steps: usize) -> RunAreas {
    let height = u16::try_from(steps).unwrap_or(u16::MAX).saturating_add(1).min(rest.height);
    let bars = rest.width / 4;
    let steps = Rect { width: rest.width - bars - 1, height, ..rest };
    let timeline = Rect { x: steps.right() + 1, width: bars, height, ..rest };
    let below = Rect { y: rest.y + height, height: rest.height - height, ..rest };
    let tabs = Rect { height: below.height.min(1), ..below };
    let lower = Rect { y: below.y + tabs.height, height: below.height - tabs.height, ..below };
    RunAreas { title, steps, timeline, tabs, lower }
}

/// All rows of steps where they fit into the upper half, with their header.
fn steps_height(state: &State, room: u16) -> u16 {
    let open = state.run.as_ref().filter(|run| run.detail.is_some());
    let steps = open.map_or(1, |run| run.rows.len());
    let wanted = u16::try_from(steps).unwrap_or(u16::MAX).saturating_add(1);
    wanted.min((room / 2).max(3)).min(room)
}

/// Steps on one screen.
pub fn step_rows(state: &State) -> usize {
    let areas = run(state);
    let height = areas.steps.height.max(areas.timeline.height);
    usize::from(height.saturating_sub(1)).max(1)
}

/// The history of a run, and below it the selected event in full where there is room.
pub fn events(state: &State) -> (Rect, Rect) {
    let area = run(state).lower;
    let told = if area.height >= TOLD { NOTE } else { 0 };
    let above = Rect { height: area.height - told, ..area };
    (above, Rect { y: above.bottom(), height: told, ..area })
}

/// Rows of that history on one screen, without their header.
pub fn event_rows(state: &State) -> usize {
    usize::from(events(state).0.height.saturating_sub(1)).max(1)
}

/// Lines of the lower pane on one screen.
pub fn log_rows(state: &State) -> usize {
    usize::from(run(state).lower.height).max(1)
}

/// From so many columns on, slots of the past and of the future stand side by side.
const BESIDE: u16 = 110;
/// Rows that the slots of a trigger keep, with their header and rule.
const SLOTS: u16 = 5;

/// From so many rows of the lists on, the selected slot is told in a sentence.
const TOLD: u16 = 9;
/// Rows of that sentence.
const NOTE: u16 = 2;

/// The parts of one trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TriggerAreas {
    /// Which it is and how it stands.
    pub title: Rect,
    /// What it waits for, and why it does not fire.
    pub head: Rect,
    /// A cell for each slot or delivery, and what the cells mean.
    pub strip: Rect,
    pub legend: Rect,
    /// The rule above the lists: one for each, or one for both.
    pub rule: Rect,
    pub coming_rule: Rect,
    /// The lists; where there is little room only the one with the focus.
    pub past: Rect,
    /// Below it: the selected slot or delivery in a sentence.
    pub note: Rect,
    pub coming: Rect,
}

pub fn trigger(state: &State, open: &TriggerScreen) -> TriggerAreas {
    let body = body(state);
    let mut rest = body;
    let mut take = |rows: u16| {
        let rows = rows.min(rest.height);
        let taken = Rect { height: rows, ..rest };
        (rest.y, rest.height) = (rest.y + rows, rest.height - rows);
        taken
    };
    let title = take(1);
    let width = usize::from(body.width.saturating_sub(2));
    let lines = open.view.as_ref().map_or(0, |view| trigger_lines(state, view, width).len());
    let room = body.height.saturating_sub(1 + 2 + SLOTS);
    let head = take(u16::try_from(lines).unwrap_or(u16::MAX).min(room));
    // without slots there is nothing to be shown of them
    let strip = take(u16::from(!open.past.is_empty()));
    let legend = take(u16::from(!open.past.is_empty()));
    let rule = take(1);
    let lists = take(u16::MAX);
    let told = if lists.height >= TOLD { NOTE } else { 0 };
    let above = |area: Rect| Rect { height: area.height - told, ..area };
    let below = |area: Rect| Rect { y: area.bottom() - told, height: told, ..area };
    if body.width >= BESIDE && open.has_slots() {
        let left = |area: Rect| Rect { width: area.width * 3 / 5, ..area };
        let right = |area: Rect| {
            let x = area.x + area.width * 3 / 5 + 1;
            Rect { x, width: area.right().saturating_sub(x), ..area }
        };
        return TriggerAreas {
            title,
            head,
            strip,
            legend,
            rule: left(rule),
            coming_rule: right(rule),
            past: left(above(lists)),
            note: left(below(lists)),
            coming: right(lists),
        };
    }
    let none = Rect::default();
    let (past, note, coming) = match open.pane {
        TriggerPane::Past => (above(lists), below(lists), none),
        TriggerPane::Coming => (none, none, lists),
    };
    TriggerAreas { title, head, strip, legend, rule, coming_rule: none, past, note, coming }
}

/// Rows of the list of slots or deliveries that has the focus, without its header.
pub fn past_rows(state: &State) -> usize {
    let Some(open) = &state.trigger else { return 1 };
    let areas = trigger(state, open);
    let list = match open.pane {
        TriggerPane::Past => areas.past,
        TriggerPane::Coming => areas.coming,
    };
    usize::from(list.height.saturating_sub(1)).max(1)
}

/// Rows of the dialog about a backfill beside the slots that it shows: its frame, the zone,
/// two fields; a note, the buttons and the command, as [`backfill_note`] has it.
const AROUND: u16 = 11;

/// As high as what it shows.
pub fn backfill(state: &State, dialog: &Backfill) -> Rect {
    let slots = dialog.shown().map_or(0, |filled| filled.slots.len());
    let rows = u16::try_from(slots).unwrap_or(u16::MAX).min(20);
    self::dialog(state, 76, AROUND.saturating_add(rows + left_out(dialog)))
}

/// Rows of its note: where there is little room, the command needs more of it.
pub fn backfill_note(state: &State, dialog: &Backfill) -> u16 {
    left_out(dialog) + if state.size.0 < 76 { 2 } else { 3 }
}

/// Further rows of the note, when slots are told of that get no run.
fn left_out(dialog: &Backfill) -> u16 {
    let left_out = dialog.shown().is_some_and(|filled| filled.forgotten + filled.to_come > 0);
    if left_out { 2 } else { 0 }
}

/// Slots that it shows at a time.
pub fn backfill_rows(state: &State, dialog: &Backfill) -> usize {
    let around = AROUND + left_out(dialog);
    usize::from(backfill(state, dialog).height.saturating_sub(around)).max(1)
}

/// Rows of the note of the dialog that fires a trigger.
pub const FIRE_NOTE: u16 = 2;
/// Rows of that dialog beside what it tells: its frame, the field, the note, the buttons, two
/// of the command.
const FIRE_AROUND: u16 = 6 + FIRE_NOTE;

/// As high as what it tells.
pub fn fire(state: &State, dialog: &Fire) -> Rect {
    const WIDTH: u16 = 84;
    let width = self::dialog(state, WIDTH, 3).width.saturating_sub(4);
    let tested = dialog.tested();
    let lines = tested.map_or(0, |tested| tested_lines(state, tested, usize::from(width)).len());
    let rows = u16::try_from(lines).unwrap_or(u16::MAX);
    self::dialog(state, WIDTH, FIRE_AROUND.saturating_add(rows))
}

/// Lines that it shows at a time, and how many there are.
pub fn fire_rows(state: &State, dialog: &Fire) -> (usize, usize) {
    let area = fire(state, dialog);
    let width = usize::from(area.width.saturating_sub(4));
    let lines = dialog.tested().map_or(0, |tested| tested_lines(state, tested, width).len());
    (usize::from(area.height.saturating_sub(FIRE_AROUND)).max(1), lines)
}

/// What is inside of the box that tells why.
pub fn why(state: &State) -> Rect {
    let outer = why_box(state);
    let (width, height) = (outer.width.saturating_sub(4), outer.height.saturating_sub(2));
    Rect { x: outer.x + 2.min(outer.width), y: outer.y + 1.min(outer.height), width, height }
}

pub fn why_box(state: &State) -> Rect {
    dialog(state, 120, screen(state).height)
}

/// The parts of the dialog about an approval.
#[derive(Clone, Copy, Debug)]
pub struct VoteAreas {
    pub frame: Rect,
    /// What is asked, of which there are so many `lines`.
    pub text: Rect,
    pub lines: usize,
    pub rule: Rect,
    pub fields: Rect,
    /// The comment, a note of so many rows, the buttons, the command.
    pub below: Rect,
    pub note: u16,
}

/// What is asked gets the room that is left, and no more than it needs.
pub fn vote(state: &State, vote: &Vote) -> VoteAreas {
    const WIDTH: u16 = 92;
    // in little room a refusal is cut before what is approved is
    let note = if state.size.1 < 20 { 2 } else { 3 };
    let below = note + if state.size.1 < 20 { 3 } else { 4 };
    let width = dialog(state, WIDTH, 3).width.saturating_sub(4);
    let lines = approval_lines(state, &vote.asked, usize::from(width)).len();
    let fields = u16::try_from(vote.fields.len()).unwrap_or(u16::MAX);
    let wanted = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(fields);
    let frame = dialog(state, WIDTH, wanted.saturating_add(below + 3));
    let inner = Rect {
        x: frame.x + 2.min(frame.width),
        y: frame.y + 1.min(frame.height),
        width,
        height: frame.height.saturating_sub(2),
    };
    let below = below.min(inner.height);
    let room = inner.height - below;
    let rule = room.min(1);
    let fields = fields.min((room - rule) / 2);
    let text = Rect { height: room - rule - fields, ..inner };
    let rule = Rect { y: text.bottom(), height: rule, ..inner };
    let fields = Rect { y: rule.bottom(), height: fields, ..inner };
    let below = Rect { y: fields.bottom(), height: below, ..inner };
    VoteAreas { frame, text, lines, rule, fields, below, note }
}

/// The search over everything.
pub fn find(state: &State) -> Rect {
    dialog(state, 120, 30)
}

/// Rows that it shows: without its frame, the field, and the line below.
pub fn find_rows(state: &State) -> usize {
    usize::from(find(state).height.saturating_sub(4)).max(1)
}

/// Rows of what a command has printed: all between head and foot, below a title.
pub fn reader_rows(state: &State) -> usize {
    usize::from(body(state).height.saturating_sub(1)).max(1)
}

/// A box in the middle, as large as asked for where there is room.
pub fn dialog(state: &State, width: u16, height: u16) -> Rect {
    let screen = screen(state);
    let width = width.min(screen.width.saturating_sub(2));
    let height = height.min(screen.height.saturating_sub(2));
    let x = (screen.width - width) / 2;
    let y = (screen.height - height) / 2;
    Rect { x, y, width, height }
}
