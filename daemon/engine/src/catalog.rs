//! The catalogue: which revision of a workflow is live, and whether it takes runs.
//!
//! One [`Entry`] per workflow. The content of revisions is none of its business: it
//! knows their numbers. A driver hands one [`Input`] with its [`Mark`] to
//! [`Entry::step`], which changes the entry and tells what happened, or refuses and
//! changes nothing. What an input asks for that is so already is no event.
//!
//! | input | listed | archived |
//! |---|---|---|
//! | apply, the content is what it stands against | - | refused |
//! | apply on a base that is not the newest | refused | refused |
//! | apply | revised, published | refused |
//! | apply as a draft | revised | refused |
//! | create, before the first revision | revised, published | |
//! | create, after it | refused | refused |
//! | publish N, which is there and not live | published | refused |
//! | publish N, which is live | - | refused |
//! | publish N, which is not there | refused | refused |
//! | publish, a draft waits | published | refused |
//! | publish, none waits | refused | refused |
//! | disable, when enabled | disabled | refused |
//! | disable, when disabled | - | refused |
//! | enable, when disabled | enabled | refused |
//! | enable, when enabled | - | refused |
//! | archive | archived | - |
//! | restore | - | restored |
//!
//! An entry that is restored is as it was before: a disabled one stays disabled.
//! Before its first revision an entry takes nothing but an apply and a creation.
//!
//! The draft that waits is the newest one that is newer than what is live. Older
//! ones are not lost: they can be published by number.

use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::name::WorkflowRef;

/// When something was done, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Milliseconds since the Unix epoch.
    pub at_ms: u64,
    pub by: Actor,
}

/// What a revision came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// A file was applied.
    Apply,
    /// This earlier revision was brought back.
    Rollback { of: u32 },
    /// It is a copy of another workflow's revision, under a name of its own.
    Clone { of: WorkflowRef, revision: u32 },
    /// It came in a bundle.
    Import,
}

impl Cause {
    pub fn word(&self) -> &'static str {
        match self {
            Cause::Apply => "apply",
            Cause::Rollback { .. } => "rollback",
            Cause::Clone { .. } => "clone",
            Cause::Import => "import",
        }
    }
}

/// Whether new runs are taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Switch {
    /// With the last change to this, if it was ever another.
    Enabled(Option<Mark>),
    Disabled(Mark),
}

/// Whether the workflow is among those that people work with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shelf {
    /// With the last change to this, if it was ever another.
    Listed(Option<Mark>),
    Archived(Mark),
}

/// What the catalogue knows of one workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The newest revision, which has the highest number; 0 before the first.
    pub newest: u32,
    /// The revision that new runs are of.
    pub live: Option<u32>,
    /// The draft that waits to be published.
    pub draft: Option<u32>,
    pub switch: Switch,
    pub shelf: Shelf,
}

/// What can be asked of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A new revision. `same` when its content is that of [`Entry::stands_against`]. `base`
    /// is the newest one that whoever applies it has seen, 0 where there was none: another
    /// that came since is not replaced unseen.
    Apply {
        stage: Stage,
        same: bool,
        base: Option<u32>,
    },
    /// The first revision of a workflow that must not be there yet.
    Create,
    /// Makes a revision live: the draft that waits when none is named.
    Publish {
        revision: Option<u32>,
    },
    Disable,
    Enable,
    Archive,
    Restore,
}

/// What becomes of a new revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is live at once.
    Live,
    /// It waits to be published.
    Draft,
}

/// What happened to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// There is a new revision of this number.
    Revised {
        revision: u32,
        stage: Stage,
    },
    /// This revision is live from now on.
    Published {
        revision: u32,
    },
    Disabled,
    Enabled,
    Archived,
    Restored,
}

/// Why something cannot be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such revision.
    NoRevision(u32),
    /// No draft waits to be published.
    NoDraft,
    /// Only a draft is there: no revision is live.
    NotPublished,
    Disabled(Mark),
    Archived(Mark),
    /// There is nothing of that name yet.
    Absent,
    /// There is something of that name.
    Exists,
    /// Another revision than the base is the newest; 0 where there is none.
    Overtaken {
        base: u32,
        newest: u32,
    },
}

impl Default for Entry {
    fn default() -> Entry {
        Entry {
            newest: 0,
            live: None,
            draft: None,
            switch: Switch::Enabled(None),
            shelf: Shelf::Listed(None),
        }
    }
}

impl Entry {
    /// Decides one input, and changes the entry by what it tells.
    pub fn step(&mut self, mark: &Mark, input: &Input) -> Result<Vec<Event>, Refusal> {
        let events = self.decide(input)?;
        for event in &events {
            self.apply(event, mark);
        }
        Ok(events)
    }

    /// The revision whose content a new one is compared with: what is live, or for a
    /// draft the draft that waits.
    pub fn stands_against(&self, stage: Stage) -> Option<u32> {
        match stage {
            Stage::Live => self.live,
            Stage::Draft => self.draft.or(self.live),
        }
    }

    /// The revision of a new run.
    pub fn admit(&self) -> Result<u32, Refusal> {
        self.listed()?;
        match &self.switch {
            Switch::Disabled(mark) => Err(Refusal::Disabled(mark.clone())),
            Switch::Enabled(_) => self.live.ok_or(Refusal::NotPublished),
        }
    }

    /// The revision that is shown when none is named: the live one, else the newest.
    pub fn shown(&self) -> u32 {
        self.live.unwrap_or(self.newest)
    }

    pub fn has(&self, revision: u32) -> bool {
        (1..=self.newest).contains(&revision)
    }

    fn listed(&self) -> Result<(), Refusal> {
        match &self.shelf {
            Shelf::Archived(mark) => Err(Refusal::Archived(mark.clone())),
            Shelf::Listed(_) => Ok(()),
        }
    }

    fn decide(&self, input: &Input) -> Result<Vec<Event>, Refusal> {
        match input {
            Input::Apply { .. } | Input::Create => {}
            Input::Publish { .. }
            | Input::Disable
            | Input::Enable
            | Input::Archive
            | Input::Restore => {
                if self.newest == 0 {
                    return Err(Refusal::Absent);
                }
            }
        }
        match input {
            Input::Apply { stage, same, base } => self.revise(*stage, *same, *base),
            Input::Create if self.newest > 0 => Err(Refusal::Exists),
            Input::Create => self.revise(Stage::Live, false, None),
            Input::Publish { revision } => self.publish(*revision),
            Input::Disable => self.turn(Event::Disabled),
            Input::Enable => self.turn(Event::Enabled),
            Input::Archive => Ok(self.listed().map_or(Vec::new(), |()| vec![Event::Archived])),
            Input::Restore => Ok(self.listed().map_or(vec![Event::Restored], |()| Vec::new())),
        }
    }

    fn revise(&self, stage: Stage, same: bool, base: Option<u32>) -> Result<Vec<Event>, Refusal> {
        self.listed()?;
        if same && self.stands_against(stage).is_some() {
            return Ok(Vec::new());
        }
        if let Some(base) = base.filter(|base| *base != self.newest) {
            return Err(Refusal::Overtaken { base, newest: self.newest });
        }
        let revision = self.newest + 1;
        let revised = Event::Revised { revision, stage };
        Ok(match stage {
            Stage::Live => vec![revised, Event::Published { revision }],
            Stage::Draft => vec![revised],
        })
    }

    fn publish(&self, wanted: Option<u32>) -> Result<Vec<Event>, Refusal> {
        self.listed()?;
        let revision = match wanted {
            Some(revision) if self.has(revision) => revision,
            Some(revision) => return Err(Refusal::NoRevision(revision)),
            None => self.draft.ok_or(Refusal::NoDraft)?,
        };
        let live = self.live == Some(revision);
        Ok(if live { Vec::new() } else { vec![Event::Published { revision }] })
    }

    fn turn(&self, to: Event) -> Result<Vec<Event>, Refusal> {
        self.listed()?;
        let is = match &self.switch {
            Switch::Disabled(_) => Event::Disabled,
            Switch::Enabled(_) => Event::Enabled,
        };
        Ok(if is == to { Vec::new() } else { vec![to] })
    }

    fn apply(&mut self, event: &Event, mark: &Mark) {
        match event {
            Event::Revised { revision, stage } => {
                self.newest = *revision;
                if *stage == Stage::Draft {
                    self.draft = Some(*revision);
                }
            }
            Event::Published { revision } => {
                self.live = Some(*revision);
                self.draft = self.draft.filter(|draft| draft > revision);
            }
            Event::Disabled => self.switch = Switch::Disabled(mark.clone()),
            Event::Enabled => self.switch = Switch::Enabled(Some(mark.clone())),
            Event::Archived => self.shelf = Shelf::Archived(mark.clone()),
            Event::Restored => self.shelf = Shelf::Listed(Some(mark.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Origin;

    fn mark(at_ms: u64) -> Mark {
        Mark { at_ms, by: Actor { who: "ann".into(), origin: Origin::Cli } }
    }

    const LIVE: Input = Input::Apply { stage: Stage::Live, same: false, base: None };
    const DRAFT: Input = Input::Apply { stage: Stage::Draft, same: false, base: None };
    const PUBLISH: Input = Input::Publish { revision: None };

    fn publish(revision: u32) -> Input {
        Input::Publish { revision: Some(revision) }
    }

    fn published(revision: u32) -> Event {
        Event::Published { revision }
    }

    fn revised(revision: u32, stage: Stage) -> Event {
        Event::Revised { revision, stage }
    }

    /// Gives the inputs at times 1, 2, … and expects just these answers.
    fn check(table: &[(Input, Result<Vec<Event>, Refusal>)]) -> Entry {
        let mut entry = Entry::default();
        for (at, (input, wanted)) in (1..).zip(table) {
            let before = entry.clone();
            let answer = entry.step(&mark(at), input);
            assert_eq!(&answer, wanted, "{at}: {input:?} in {before:?}");
            if !answer.is_ok_and(|events| !events.is_empty()) {
                assert_eq!(entry, before, "{at}: without an event nothing changes");
            }
        }
        entry
    }

    #[test]
    fn an_apply_is_live_at_once_and_a_draft_waits() {
        let entry = check(&[
            (LIVE, Ok(vec![revised(1, Stage::Live), published(1)])),
            (DRAFT, Ok(vec![revised(2, Stage::Draft)])),
            (DRAFT, Ok(vec![revised(3, Stage::Draft)])),
        ]);
        assert_eq!((entry.newest, entry.live, entry.draft), (3, Some(1), Some(3)));
        assert_eq!(entry.admit(), Ok(1), "a draft changes nothing for runs");
        let shown = [Stage::Live, Stage::Draft].map(|stage| entry.stands_against(stage));
        assert_eq!(shown, [Some(1), Some(3)]);
    }

    #[test]
    fn what_came_since_the_base_is_not_replaced() {
        let on = |stage, same, base| Input::Apply { stage, same, base: Some(base) };
        let overtaken = |base, newest| Err(Refusal::Overtaken { base, newest });
        let live = |revision| Ok(vec![revised(revision, Stage::Live), published(revision)]);
        check(&[
            (on(Stage::Live, false, 1), overtaken(1, 0)),
            (on(Stage::Live, false, 0), live(1)),
            (on(Stage::Live, false, 0), overtaken(0, 1)),
            // a draft that nobody has published yet counts as well
            (on(Stage::Draft, false, 1), Ok(vec![revised(2, Stage::Draft)])),
            (on(Stage::Live, false, 1), overtaken(1, 2)),
            (on(Stage::Live, false, 2), live(3)),
            // sent again: that is what is there
            (on(Stage::Live, true, 2), Ok(vec![])),
            (on(Stage::Live, false, 9), overtaken(9, 3)),
        ]);
    }

    #[test]
    fn what_is_the_same_makes_no_revision() {
        let same = |stage| Input::Apply { stage, same: true, base: None };
        check(&[
            (same(Stage::Live), Ok(vec![revised(1, Stage::Live), published(1)])),
            (same(Stage::Live), Ok(vec![])),
            (same(Stage::Draft), Ok(vec![])),
        ]);
        let entry = check(&[
            (DRAFT, Ok(vec![revised(1, Stage::Draft)])),
            (same(Stage::Draft), Ok(vec![])),
            (same(Stage::Live), Ok(vec![revised(2, Stage::Live), published(2)])),
        ]);
        assert_eq!(entry.draft, None, "it is older than what is live");
    }

    #[test]
    fn the_draft_that_waits_is_newer_than_what_is_live() {
        let entry = check(&[
            (PUBLISH, Err(Refusal::Absent)),
            (DRAFT, Ok(vec![revised(1, Stage::Draft)])),
            (DRAFT, Ok(vec![revised(2, Stage::Draft)])),
            (publish(1), Ok(vec![published(1)])),
            (publish(1), Ok(vec![])),
            (publish(0), Err(Refusal::NoRevision(0))),
            (publish(3), Err(Refusal::NoRevision(3))),
            (PUBLISH, Ok(vec![published(2)])),
            (PUBLISH, Err(Refusal::NoDraft)),
            (publish(1), Ok(vec![published(1)])),
            (PUBLISH, Err(Refusal::NoDraft)),
        ]);
        assert_eq!((entry.live, entry.draft, entry.newest), (Some(1), None, 2));
    }

    #[test]
    fn an_apply_leaves_older_drafts_behind() {
        check(&[
            (DRAFT, Ok(vec![revised(1, Stage::Draft)])),
            (LIVE, Ok(vec![revised(2, Stage::Live), published(2)])),
            (PUBLISH, Err(Refusal::NoDraft)),
            (publish(1), Ok(vec![published(1)])),
        ]);
    }

    #[test]
    fn only_a_published_and_enabled_workflow_that_is_not_archived_takes_runs() {
        let mut entry = Entry::default();
        let mut at = 0;
        let table = [
            (DRAFT, Err(Refusal::NotPublished)),
            (PUBLISH, Ok(1)),
            (Input::Disable, Err(Refusal::Disabled(mark(3)))),
            (Input::Disable, Err(Refusal::Disabled(mark(3)))),
            (LIVE, Err(Refusal::Disabled(mark(3)))),
            (Input::Archive, Err(Refusal::Archived(mark(6)))),
            (Input::Restore, Err(Refusal::Disabled(mark(3)))),
            (Input::Enable, Ok(2)),
        ];
        for (input, wanted) in table {
            at += 1;
            entry.step(&mark(at), &input).unwrap();
            assert_eq!(entry.admit(), wanted, "after {input:?}");
        }
        assert_eq!(entry.switch, Switch::Enabled(Some(mark(8))));
        assert_eq!(entry.shelf, Shelf::Listed(Some(mark(7))));
    }

    #[test]
    fn an_archived_workflow_takes_nothing_but_its_restoration() {
        let archived = || Err(Refusal::Archived(mark(3)));
        check(&[
            (LIVE, Ok(vec![revised(1, Stage::Live), published(1)])),
            (Input::Restore, Ok(vec![])),
            (Input::Archive, Ok(vec![Event::Archived])),
            (Input::Archive, Ok(vec![])),
            (LIVE, archived()),
            (Input::Apply { stage: Stage::Live, same: true, base: None }, archived()),
            (DRAFT, archived()),
            (PUBLISH, archived()),
            (publish(1), archived()),
            (publish(9), archived()),
            (Input::Disable, archived()),
            (Input::Enable, archived()),
            (Input::Restore, Ok(vec![Event::Restored])),
            (Input::Enable, Ok(vec![])),
            (Input::Disable, Ok(vec![Event::Disabled])),
            (Input::Disable, Ok(vec![])),
            (Input::Enable, Ok(vec![Event::Enabled])),
        ]);
    }

    /// Every sequence of six inputs.
    #[test]
    fn whatever_is_asked_the_numbers_fit_each_other() {
        let inputs =
            [LIVE, DRAFT, PUBLISH, publish(1), Input::Disable, Input::Archive, Input::Restore];
        for mut sequence in 0..inputs.len().pow(6) {
            let mut entry = Entry::default();
            for at in 1..=6 {
                let before = entry.clone();
                let input = &inputs[sequence % inputs.len()];
                sequence /= inputs.len();
                let changed = entry.step(&mark(at), input).is_ok_and(|events| !events.is_empty());
                assert_eq!(changed, entry != before, "{input:?} in {before:?}");
                assert!(entry.newest >= before.newest, "revisions are never lost");
                assert!(entry.live.is_none_or(|live| entry.has(live)), "{entry:?}");
                assert!(entry.draft.is_none_or(|draft| entry.has(draft)), "{entry:?}");
                assert!(entry.draft.is_none_or(|draft| Some(draft) > entry.live), "{entry:?}");
                assert!(entry.admit().is_err() || entry.admit().ok() == entry.live, "{entry:?}");
            }
        }
    }

    #[test]
    fn what_is_created_is_not_there_before() {
        check(&[
            (Input::Create, Ok(vec![revised(1, Stage::Live), published(1)])),
            (Input::Create, Err(Refusal::Exists)),
            (Input::Archive, Ok(vec![Event::Archived])),
            (Input::Create, Err(Refusal::Exists)),
        ]);
    }

    #[test]
    fn what_is_not_there_takes_only_what_makes_it() {
        let others = [Input::Disable, Input::Enable, Input::Archive, Input::Restore];
        for input in others.into_iter().chain([PUBLISH, publish(1)]) {
            check(&[(input, Err(Refusal::Absent))]);
        }
        assert_eq!(Entry::default().admit(), Err(Refusal::NotPublished));
    }
}
