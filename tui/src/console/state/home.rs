//! The dashboard: what wants a person, what is under way, what fires next.
//!
//! It shows what other screens know as well (approvals, triggers, what comes) and what only
//! the daemon's overview tells; the rows are made anew whenever somebody asks for them.

use rpa_ipc::Fault;
use rpa_ipc::asking::ApprovalView;
use rpa_ipc::overview::{FailureView, Overview};
use rpa_ipc::triggers::TriggerView;
use rpa_ipc::view::RunSummary;

use super::{Bunch, Cursor, State, TriggerName, Visited, moving, places, triggers, vote, welcome};
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
    pub cursor: Cursor,
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
    Doubt(&'a RunSummary),
    Asked(&'a ApprovalView),
    Trigger(&'a TriggerView, Trouble),
    Failure(&'a FailureView),
    /// There are failures that were not looked at.
    MoreFailures,
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
            HomeRow::Health(_)
            | HomeRow::Doubt(_)
            | HomeRow::Asked(_)
            | HomeRow::Trigger(..)
            | HomeRow::Failure(_)
            | HomeRow::MoreFailures => Section::Attention,
        }
    }

    /// The same as long as it is about the same thing.
    pub fn id(&self) -> String {
        match self {
            HomeRow::Health(health) => format!("health {health:?}"),
            HomeRow::Doubt(run) => format!("doubt {}", run.run),
            HomeRow::Asked(asked) => format!("asked {}/{}", asked.run, asked.path),
            HomeRow::Trigger(view, _) => format!("trigger {} {}", view.workflow, view.trigger),
            HomeRow::Failure(f) => format!("failure {}", f.alike),
            HomeRow::MoreFailures => "more failures".to_owned(),
            HomeRow::Open(run) => format!("open {}", run.run),
            HomeRow::Next(bunch) => format!("next {} {}", bunch.name.workflow, bunch.name.trigger),
        }
    }

    /// The workflow that it is about.
    fn workflow(&self) -> Option<&str> {
        match self {
            HomeRow::Health(_) | HomeRow::MoreFailures => None,
            HomeRow::Doubt(run) | HomeRow::Open(run) => Some(&run.workflow),
            HomeRow::Asked(asked) => Some(&asked.workflow),
            HomeRow::Trigger(view, _) => Some(&view.workflow),
            HomeRow::Failure(failure) => Some(&failure.workflow),
            HomeRow::Next(bunch) => Some(&bunch.name.workflow),
        }
    }

    /// The run that it is about, or the newest of them.
    fn run(&self) -> Option<rpa_engine::RunId> {
        match self {
            HomeRow::Doubt(run) | HomeRow::Open(run) => Some(run.run),
            HomeRow::Asked(asked) => Some(asked.run),
            HomeRow::Failure(failure) => Some(failure.newest),
            HomeRow::Health(_)
            | HomeRow::MoreFailures
            | HomeRow::Trigger(..)
            | HomeRow::Next(_) => None,
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
        let overview = self.home.overview.as_ref();
        rows.extend(overview.iter().flat_map(|o| &o.doubts).map(HomeRow::Doubt));
        rows.extend(self.asked.rows.iter().map(HomeRow::Asked));
        let troubled = |view| Some(HomeRow::Trigger(view, Trouble::of(view)?));
        rows.extend(self.triggers.rows.iter().filter_map(troubled));
        rows.extend(overview.iter().flat_map(|o| &o.failures).map(HomeRow::Failure));
        if overview.is_some_and(|o| o.failures_cut) {
            rows.push(HomeRow::MoreFailures);
        }
        rows
    }

    fn health(&self) -> Vec<Health> {
        let Some(status) = &self.status else { return Vec::new() };
        let runner = status.runner.as_ref().is_some_and(|runner| runner.state != "ready");
        let all = [
            (Health::State, !matches!(status.state.as_str(), "ready" | "draining")),
            (Health::Runner, runner),
            (Health::Backup, status.backup.failed.is_some()),
        ];
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
        self.root == super::Root::Home && self.run.is_none() && self.trigger.is_none()
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
        HomeRow::Doubt(run) => {
            let (run, step) = (run.run, Some(run.at_step.clone()).filter(|step| !step.is_empty()));
            places::visit(state, Visited { run, step });
        }
        HomeRow::Open(run) => {
            let run = run.run;
            places::open_run(state, run);
        }
        HomeRow::Asked(asked) => {
            let asked = asked.clone();
            let step = Some(asked.path.to_string());
            places::visit(state, Visited { run: asked.run, step });
            vote::open(state, asked);
        }
        HomeRow::Trigger(view, _) => {
            let name = TriggerName::of(view);
            triggers::open(state, name);
        }
        HomeRow::Next(bunch) => {
            let name = bunch.name.clone();
            triggers::open(state, name);
        }
        HomeRow::Failure(failure) if failure.count == 1 => {
            let run = failure.newest;
            places::open_run(state, run);
        }
        HomeRow::Failure(failure) => {
            // what has ended before is not among those that were counted
            let since_ms = state.home.overview.as_ref().map_or(0, |o| o.since_ms);
            let minutes = state.now_ms.saturating_sub(since_ms).div_ceil(60_000);
            let (hours, minutes) = (minutes / 60, minutes % 60);
            let filter = format!("alike:{} ended:{hours}h{minutes}m", failure.alike);
            places::only(state, &filter);
        }
        HomeRow::MoreFailures => places::only(state, "status:failed since:24h"),
    }
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
