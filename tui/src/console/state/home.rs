//! The dashboard: what wants a person, what is under way, what fires next.
//!
//! What wants a person is what the list of notifications has as open, and nothing else that
//! has happened: what somebody has seen, or a rerun has mended, is gone here and there alike.
//! Beside it stands only what is not as it should be now, the daemon itself or a schedule, and
//! of which no notification tells. The rows are made anew whenever somebody asks for them.

use rpa_ipc::Fault;
use rpa_ipc::notifications::NotificationView;
use rpa_ipc::overview::Overview;
use rpa_ipc::triggers::TriggerView;
use rpa_ipc::view::RunSummary;

use super::{
    Bunch, Cursor, Root, State, TriggerName, moving, notifications, places, triggers, welcome,
};
use crate::console::theme::Tone;
use crate::console::time;
use crate::console::view::layout;
use crate::say;
use crate::trouble::Trouble;

#[derive(Clone, Debug, Default)]
pub struct HomeScreen {
    /// `None` before the daemon has told it.
    pub overview: Option<Overview>,
    /// Why the daemon does not tell.
    pub fault: Option<Fault>,
    /// Notifications that are not done; `None` before the daemon has told them.
    pub told: Option<Glance>,
    pub cursor: Cursor,
}

#[derive(Clone, Debug, Default)]
pub struct Glance {
    pub rows: Vec<NotificationView>,
    /// Older ones follow.
    pub more: bool,
}

/// The parts, from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Attention,
    Open,
    Next,
}

impl Section {
    pub const ALL: [Section; 3] = [Section::Attention, Section::Open, Section::Next];
}

/// One row that can be selected.
#[derive(Clone, Copy, Debug)]
pub enum HomeRow<'a> {
    /// What the daemon says of itself.
    Health(Health),
    /// A notification that is not done.
    Told(&'a NotificationView),
    /// There are older ones.
    MoreTold,
    /// A trigger whose schedule names no moments: nothing happens, so nothing tells of it.
    Broken(&'a TriggerView),
    Open(&'a RunSummary),
    Next(&'a Bunch),
}

/// What is wrong with the daemon itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It is not ready.
    State,
    Runner,
    /// The last backup did not come about.
    Backup,
}

impl HomeRow<'_> {
    pub fn section(&self) -> Section {
        match self {
            HomeRow::Open(_) => Section::Open,
            HomeRow::Next(_) => Section::Next,
            HomeRow::Health(_) | HomeRow::Told(_) | HomeRow::MoreTold | HomeRow::Broken(_) => {
                Section::Attention
            }
        }
    }

    /// The same as long as it is about the same thing.
    pub fn id(&self) -> String {
        match self {
            HomeRow::Health(health) => format!("health {health:?}"),
            HomeRow::Told(view) => format!("told {}", view.id),
            HomeRow::MoreTold => "more".to_owned(),
            HomeRow::Broken(view) => format!("broken {} {}", view.workflow, view.trigger),
            HomeRow::Open(run) => format!("open {}", run.run),
            HomeRow::Next(bunch) => format!("next {} {}", bunch.name.workflow, bunch.name.trigger),
        }
    }

    /// The workflow that it is about.
    fn workflow(&self) -> Option<&str> {
        match self {
            HomeRow::Health(_) | HomeRow::MoreTold => None,
            HomeRow::Open(run) => Some(&run.workflow),
            // one about the daemon has none
            HomeRow::Told(view) => Some(view.workflow.as_str()).filter(|name| !name.is_empty()),
            HomeRow::Broken(view) => Some(&view.workflow),
            HomeRow::Next(bunch) => Some(&bunch.name.workflow),
        }
    }

    /// The run that it is about, or the newest of them.
    fn run(&self) -> Option<rpa_engine::RunId> {
        match self {
            HomeRow::Open(run) => Some(run.run),
            HomeRow::Told(view) => view.run,
            HomeRow::Health(_) | HomeRow::MoreTold | HomeRow::Broken(_) | HomeRow::Next(_) => None,
        }
    }
}

impl State {
    /// All rows, section by section.
    pub fn home_rows(&self) -> Vec<HomeRow<'_>> {
        let mut rows: Vec<HomeRow<'_>> = self.attention();
        let Some(overview) = &self.home.overview else { return rows };
        rows.extend(overview.open.iter().map(HomeRow::Open));
        rows.extend(next(&self.upcoming.bunches).into_iter().map(HomeRow::Next));
        rows
    }

    /// What nobody but a person will settle.
    pub fn attention(&self) -> Vec<HomeRow<'_>> {
        let mut rows: Vec<HomeRow<'_>> = self.health().into_iter().map(HomeRow::Health).collect();
        let told = self.home.told.as_ref();
        rows.extend(told.iter().flat_map(|told| &told.rows).map(HomeRow::Told));
        if told.is_some_and(|told| told.more) {
            rows.push(HomeRow::MoreTold);
        }
        let broken = |view: &&TriggerView| Trouble::of(view) == Some(Trouble::Broken);
        rows.extend(self.triggers.rows.iter().filter(broken).map(HomeRow::Broken));
        rows
    }

    /// Whether a notification of this kind stands on the dashboard.
    fn is_told(&self, kind: &str) -> bool {
        let told = self.home.told.as_ref();
        told.is_some_and(|told| told.rows.iter().any(|view| view.kind == kind))
    }

    fn health(&self) -> Vec<Health> {
        let Some(status) = &self.status else { return Vec::new() };
        let runner = status.runner.as_ref().is_some_and(|runner| runner.state != "ready");
        let state = match status.state.as_str() {
            "ready" | "draining" => false,
            "degraded" => !self.is_told("disk_low"),
            "held" => !self.is_told("store_restored"),
            _ => true,
        };
        let backup = status.backup.failed.is_some() && !self.is_told("backup_failed");
        let all = [(Health::State, state), (Health::Runner, runner), (Health::Backup, backup)];
        all.into_iter().filter_map(|(health, is)| is.then_some(health)).collect()
    }

    /// Those that there is room for: only they can be selected.
    pub fn home_selectable(&self) -> Vec<HomeRow<'_>> {
        let areas = layout::home(self);
        let shown = |row: &HomeRow<'_>| !areas.of(row.section()).is_empty();
        self.home_rows().into_iter().filter(shown).collect()
    }

    pub fn home_selected(&self) -> Option<HomeRow<'_>> {
        self.home_selectable().get(self.home.cursor.index).copied()
    }

    pub(super) fn home_ids(&self) -> Vec<String> {
        self.home_selectable().iter().map(HomeRow::id).collect()
    }

    /// Rows of a section, and which of them is selected.
    pub fn home_section(&self, section: Section) -> (Vec<HomeRow<'_>>, Option<usize>) {
        let all = self.home_selectable();
        let before = all.iter().take_while(|row| row.section() < section).count();
        let rows: Vec<_> = all.into_iter().filter(|row| row.section() == section).collect();
        let at = self.home.cursor.index.checked_sub(before).filter(|at| *at < rows.len());
        (rows, at)
    }

    /// How many rows each section would like.
    pub fn home_counts(&self) -> [usize; 3] {
        let rows = self.home_rows();
        Section::ALL.map(|section| rows.iter().filter(|row| row.section() == section).count())
    }

    /// Whether the dashboard is what is seen.
    pub fn at_home(&self) -> bool {
        self.root == Root::Home && !self.is_open()
    }

    /// The workflow that the selected row is about.
    pub fn home_workflow(&self) -> Option<String> {
        match welcome::stage(self) {
            Some(_) => Some(welcome::workflow(self)),
            None => self.home_selected()?.workflow().map(str::to_owned),
        }
    }

    /// The run that the selected row is about, or the newest of them.
    pub fn home_run(&self) -> Option<rpa_engine::RunId> {
        match welcome::stage(self) {
            Some(_) => welcome::run(self),
            None => self.home_selected()?.run(),
        }
    }

    /// When a countdown on it says something else next.
    pub(super) fn home_wake_at(&self) -> Option<u64> {
        let shown = self.home_section(Section::Next).0;
        let due = shown.iter().filter_map(|row| match row {
            HomeRow::Next(bunch) => time::countdown_changes(bunch.due_ms, self.now_ms),
            _ => None,
        });
        due.min()
    }
}

/// The next one of each trigger: hours do not matter here.
fn next(bunches: &[Bunch]) -> Vec<&Bunch> {
    let mut all: Vec<&Bunch> = Vec::new();
    for bunch in bunches {
        if all.iter().all(|known| known.name != bunch.name) {
            all.push(bunch);
        }
    }
    all
}

pub fn got(state: &mut State, overview: Overview) {
    (state.home.overview, state.home.fault) = (Some(overview), None);
    moving::settle(state);
}

/// To the first row of the next section that has any.
pub fn next_section(state: &mut State) {
    let rows = state.home_selectable();
    let Some(now) = rows.get(state.home.cursor.index).map(HomeRow::section) else { return };
    let next = rows.iter().position(|row| row.section() > now).unwrap_or(0);
    moving::select_row(state, next);
}

/// What the selected row is about.
pub fn open(state: &mut State) {
    let Some(row) = state.home_selected() else { return };
    match row {
        HomeRow::Health(health) => {
            let text = health_text(state, health);
            state.tell(Tone::Warn, text, "rpa doctor".to_owned());
        }
        HomeRow::Open(run) => {
            let run = run.run;
            places::open_run(state, run);
        }
        HomeRow::Told(view) => {
            let view = view.clone();
            match several(state, &view) {
                Some(filter) => places::only(state, &filter),
                None => notifications::open_one(state, view),
            }
        }
        HomeRow::MoreTold => places::go(state, Root::Notifications),
        HomeRow::Broken(view) => {
            let name = TriggerName::of(view);
            triggers::open(state, name);
        }
        HomeRow::Next(bunch) => {
            let name = bunch.name.clone();
            triggers::open(state, name);
        }
    }
}

/// The filter of the runs that failed alike, when a notification counts several of a day.
fn several(state: &State, view: &NotificationView) -> Option<String> {
    let overview = state.home.overview.as_ref()?;
    let is_it = |run| Some(run) == view.run;
    let group = overview.failures.iter().find(|group| is_it(group.newest) && group.count > 1)?;
    if view.count == 1 || !view.kind.starts_with("run_") {
        return None;
    }
    // what has ended before is not among those that were counted
    let minutes = state.now_ms.saturating_sub(view.first_ms).div_ceil(60_000);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    Some(format!("alike:{} ended:{hours}h{minutes}m", group.alike))
}

/// What is wrong, in a sentence.
pub fn health_text(state: &State, health: Health) -> String {
    let words = &state.words;
    let Some(status) = &state.status else { return String::new() };
    let with = |text: String, why: &str| match why {
        "" => text,
        why => format!("{text}: {why}"),
    };
    match health {
        Health::State => {
            let id = format!("daemon-{}", status.state);
            let word = words.find(&id).unwrap_or_else(|| status.state.clone());
            let reason = rpa_ipc::fault::reason_in(words.language(), &status.reason);
            with(say!(words, "home-daemon", state = word), &reason)
        }
        Health::Runner => {
            let reason = status.runner.as_ref().map_or("", |runner| runner.reason.as_str());
            let reason = rpa_ipc::fault::reason_in(words.language(), reason);
            with(say!(words, "home-runner"), &reason)
        }
        Health::Backup => {
            let why = status.backup.failed.as_ref().map_or("", |(_, why)| why.as_str());
            with(say!(words, "home-backup"), why)
        }
    }
}
