//! Lists over a store in memory: filters, searches, progress.

use std::collections::BTreeMap;
use std::sync::Arc;

use rpa_engine::actor::{Actor, Origin};
use rpa_engine::catalog::{Cause, Mark};
use rpa_engine::run::{Acceptance, Asked, Cx, Evaluation, Input, Resolution, Run};
use rpa_engine::{AttemptId, ErrorClass, Label, Outcome, Priority, TaskError, Value, Workflow};

use super::*;
use crate::store::{Entered, Lineage, RevisionHead, RevisionRow, Store};

/// The first run is accepted then, each further one a second later.
pub(in crate::rpc) const FIRST_MS: u64 = 1_795_137_004_000;
const SECOND: u64 = 1_000;

const THREE: &str = "version: 1\nname: three\nsteps:\n  \
    - {id: z, needs: [], run: echo}\n  \
    - {id: a, needs: [], run: echo}\n  \
    - {id: last, needs: [a, z], run: echo}\n";

pub(in crate::rpc) struct World {
    pub(in crate::rpc) store: Store,
    workflow: Arc<Workflow>,
    runs: u128,
}

pub(in crate::rpc) fn namespace() -> Label {
    "default".parse().unwrap()
}

impl World {
    pub(in crate::rpc) fn new() -> World {
        let workflow = rpa_config::workflow::check(THREE, "three.yaml", &namespace()).workflow;
        let world =
            World { store: Store::in_memory(), workflow: Arc::new(workflow.unwrap()), runs: 0 };
        let made = Mark { at_ms: FIRST_MS, by: actor("ann") };
        let (file, note) = ("three.yaml".into(), String::new());
        let head = RevisionHead { file, note, cause: Cause::Apply, made, published: None };
        let definition = (*world.workflow).clone();
        let revision = RevisionRow { head, source: THREE.into(), definition };
        let name = &world.workflow.name.name;
        world
            .store
            .transact(|tables| {
                let namespace = tables.namespace(&namespace())?;
                tables.put_revision(namespace, name, 1, &revision)
            })
            .unwrap();
        world
    }

    /// A run whose id was made half a second before it was accepted.
    pub(in crate::rpc) fn accept(&mut self, who: &str) -> Run {
        let accepted_ms = FIRST_MS + u64::try_from(self.runs).unwrap() * SECOND;
        self.runs += 1;
        let run = Run::accept(Acceptance {
            id: RunId((u128::from(accepted_ms - 500) << 80) | self.runs),
            revision: 1,
            definition: self.workflow.clone(),
            actor: actor(who),
            request_id: self.runs.to_string(),
            accepted_ms,
            parent: None,
            priority: Priority::Normal,
            vars: BTreeMap::new(),
            kept: Vec::new(),
        });
        let insert = self.store.transact(|tables| {
            let namespace = tables.namespace(&namespace())?;
            let entered = Entered {
                namespace,
                inputs: &run.vars,
                events: &[],
                taken_over: None,
                lineage: Lineage::default(),
            };
            tables.insert_run(&run, entered, accepted_ms)
        });
        insert.unwrap();
        run
    }

    pub(in crate::rpc) fn give(&self, run: &mut Run, input: Input) {
        let decision = run.step(Cx { now_ms: FIRST_MS, hold: false }, input).unwrap();
        let save = self.store.transact(|tables| {
            let namespace = tables.namespace(&namespace())?;
            tables.save_events(namespace, run, &decision.events, FIRST_MS)?;
            tables.save_row(namespace, run, 0)
        });
        save.unwrap();
    }

    /// The step's first attempt begins.
    pub(in crate::rpc) fn begin(&self, run: &mut Run, path: &str) {
        let with = Asked::Run(Value::Null);
        let asked = Evaluation::Asked { path: path.parse().unwrap(), result: Ok(with) };
        self.give(run, Input::Evaluated(asked));
    }

    pub(in crate::rpc) fn end(&self, run: &mut Run, path: &str, outcome: Outcome) {
        let attempt = AttemptId { run: run.id, path: path.parse().unwrap(), number: 1 };
        self.give(run, Input::AttemptEnded { attempt, outcome });
    }

    fn page(&self, wanted: &Wanted, cursor: Option<&str>, most: usize) -> Page<RunSummary> {
        let reader = self.store.read().unwrap();
        let namespace = reader.namespace(&namespace()).unwrap().unwrap();
        let before = cursor.map(|cursor| cursor.parse().unwrap());
        let filter = RunFilter { before, ..RunFilter::default() };
        page(&reader, namespace, &filter, wanted, most, self.deadline()).unwrap()
    }

    /// No time at all: what is found all the same is what each call guarantees.
    fn deadline(&self) -> Instant {
        Instant::now()
    }

    /// All pages: what they found, and how many there were.
    fn pages(&self, wanted: &Wanted, most: usize) -> (Vec<u128>, usize) {
        let (mut found, mut cursor, mut pages) = (Vec::new(), None, 0);
        loop {
            let page = self.page(wanted, cursor.as_deref(), most);
            found.extend(page.items.iter().map(|run| run.run.0 & 0xffff));
            pages += 1;
            cursor = page.next;
            if cursor.is_none() {
                return (found, pages);
            }
        }
    }

    fn only(&self) -> RunSummary {
        self.page(&wanted(0, None), None, 1).items.remove(0)
    }
}

fn actor(who: &str) -> Actor {
    Actor { who: who.into(), origin: Origin::Console }
}

fn wanted(since_ms: u64, text: Option<&str>) -> Wanted {
    let text = text.map(|text| term(RunField::Text, text, false));
    Wanted { since_ms, terms: text.into_iter().collect(), ..Wanted::default() }
}

fn term(field: RunField, value: &str, not: bool) -> Term {
    Term { field, value: value.to_owned(), not }
}

pub(in crate::rpc) fn done() -> Outcome {
    Outcome::Succeeded { output: Value::Null }
}

pub(in crate::rpc) fn failure() -> Outcome {
    let message = "No Space left".to_owned();
    let error = TaskError { class: ErrorClass::Exit(7), code: "RPA0401".into(), message };
    Outcome::Failed { error, output: Value::Null }
}

#[test]
fn a_list_without_a_text_is_not_bound_by_time() {
    let mut world = World::new();
    (0..7).for_each(|_| drop(world.accept("ann")));
    assert_eq!(world.pages(&wanted(0, None), 7), (vec![7, 6, 5, 4, 3, 2, 1], 1));
    assert_eq!(world.pages(&wanted(0, None), 3), (vec![7, 6, 5, 4, 3, 2, 1], 3));
}

#[test]
fn the_time_of_acceptance_counts_and_not_that_of_the_id() {
    let mut world = World::new();
    (0..5).for_each(|_| drop(world.accept("ann")));
    let since = |ms| world.pages(&wanted(ms, None), 9).0;
    assert_eq!(since(FIRST_MS + 2 * SECOND), [5, 4, 3]);
    assert_eq!(since(FIRST_MS + 2 * SECOND + 1), [5, 4]);
    assert_eq!(since(u64::MAX), [0; 0]);
    // the index is entered below any id of that time
    assert!(oldest_id(FIRST_MS).0 <= u128::from(FIRST_MS - 500) << 80);
    assert!(oldest_id(FIRST_MS).0 > u128::from(FIRST_MS - 3_600_000) << 80);
    assert!(oldest_id(u64::MAX).0 > oldest_id(FIRST_MS).0);
}

#[test]
fn a_search_that_has_no_time_goes_on_run_by_run() {
    let mut world = World::new();
    for n in 0..6 {
        world.accept(if n % 3 == 0 { "Zoë" } else { "ann" });
    }
    assert_eq!(world.pages(&wanted(0, Some("zoë")), 9), (vec![4, 1], 6));
    assert_eq!(world.pages(&wanted(0, Some("nobody")), 9), (vec![], 6));
}

#[test]
fn a_text_is_looked_for_in_all_that_a_run_is_known_by() {
    let mut world = World::new();
    let mut failed = world.accept("ann");
    world.accept("Bob");
    world.give(&mut failed, Input::Start);
    world.begin(&mut failed, "z");
    world.begin(&mut failed, "a");
    world.end(&mut failed, "z", failure());
    world.end(&mut failed, "a", done());
    let found = |text: &str| world.pages(&wanted(0, Some(text)), 9).0;
    assert_eq!(found("no space"), [1]);
    assert_eq!(found("rpa0401"), [1]);
    assert_eq!(found("bob"), [2]);
    assert_eq!(found("default/thr"), [2, 1]);
    assert_eq!(found(&failed.id.to_string()[..13]), [1], "the id with its hyphens");
    assert_eq!(found(&failed.id.short()), [1]);
    assert_eq!(found("z: "), [1], "the step of the error");
    assert_eq!(found("absent"), [0; 0]);
}

#[test]
fn a_summary_says_how_far_the_steps_are() {
    let mut world = World::new();
    let mut run = world.accept("ann");
    let says = |world: &World, done: u32, at: &str| {
        let summary = world.only();
        let progress = (summary.steps_done, summary.steps_total, summary.at_step.as_str());
        assert_eq!(progress, (done, 3, at), "{summary:?}");
    };
    says(&world, 0, "");
    world.give(&mut run, Input::Start);
    says(&world, 0, "z");
    world.begin(&mut run, "a");
    world.begin(&mut run, "z");
    says(&world, 0, "z");
    world.end(&mut run, "a", Outcome::Lost { why: "gone".into() });
    says(&world, 0, "a");
    world.end(&mut run, "z", done());
    says(&world, 1, "a");
    world.give(&mut run, Input::Cancel { by: actor("bob") });
    says(&world, 2, "a");
    let resolution = Resolution::Fail;
    let resolve = Input::Resolve { path: "a".parse().unwrap(), resolution, by: actor("bob") };
    world.give(&mut run, resolve);
    says(&world, 3, "a");
}

#[test]
fn a_failure_says_more_than_what_still_runs() {
    let mut world = World::new();
    let mut run = world.accept("ann");
    world.give(&mut run, Input::Start);
    world.begin(&mut run, "z");
    world.begin(&mut run, "a");
    world.end(&mut run, "a", failure());
    let summary = world.only();
    assert_eq!((summary.status.as_str(), summary.at_step.as_str()), ("running", "a"));
    world.end(&mut run, "z", done());
    let summary = world.only();
    assert_eq!((summary.status.as_str(), summary.at_step.as_str()), ("failed", "a"));
    assert_eq!((summary.steps_done, summary.steps_total), (3, 3));
    assert_eq!((summary.actor.as_str(), summary.origin.as_str()), ("ann", "console"));
}

#[test]
fn conditions_are_looked_at_row_by_row() {
    let mut world = World::new();
    for who in ["ann", "Bob", "ann"] {
        let mut run = world.accept(who);
        world.give(&mut run, Input::Start);
    }
    let found = |field: RunField, value: &str, not: bool| {
        let terms = vec![term(field, value, not)];
        world.pages(&Wanted { terms, ..Wanted::default() }, 9).0
    };
    assert_eq!(found(RunField::By, "ann", false), [3, 1]);
    assert_eq!(found(RunField::By, "bob", true), [3, 1]);
    assert_eq!(found(RunField::By, "console", false), [3, 2, 1], "how they came");
    assert_eq!(found(RunField::By, "an", false), [0; 0], "names are whole");
    assert_eq!(found(RunField::Workflow, "default/three", true), [0; 0]);
    assert_eq!(found(RunField::Step, "z", false), [3, 2, 1]);
    assert_eq!(found(RunField::Step, "a", false), [0; 0]);
    assert_eq!(found(RunField::Tag, "ops", false), [0; 0]);
    assert_eq!(found(RunField::Trigger, "nightly", true), [3, 2, 1], "none has fired them");
    assert!(is_at("each[3]/send", "send") && is_at("each[3]/send", "each"));
    assert!(is_at("@failure/tell", "@failure") && !is_at("sender", "send") && !is_at("", "a"));
}

#[test]
fn runs_that_failed_alike_are_one_group_and_one_list() {
    let mut world = World::new();
    for step in ["z", "a", "z"] {
        let mut run = world.accept("ann");
        world.give(&mut run, Input::Start);
        world.begin(&mut run, "z");
        world.begin(&mut run, "a");
        let other = if step == "z" { "a" } else { "z" };
        world.end(&mut run, other, done());
        world.end(&mut run, step, failure());
    }
    world.accept("ann");
    let reader = world.store.read().unwrap();
    let namespace = reader.namespace(&namespace()).unwrap().unwrap();
    let statuses = BTreeSet::from([RunStatus::Failed]);
    let filter = RunFilter { statuses, ..RunFilter::default() };
    let group = |most: usize, wanted: &Wanted| {
        let deadline = Instant::now() + Duration::from_secs(60);
        grouped(&reader, namespace, &filter, wanted, most, deadline).unwrap()
    };
    let view = group(100, &Wanted::default());
    let counts: Vec<_> = view.groups.iter().map(|g| (g.step.as_str(), g.count)).collect();
    assert_eq!((counts, view.failed, view.cut), (vec![("z", 2), ("a", 1)], 3, false));
    assert!(group(2, &Wanted::default()).cut);
    let alike = Some(view.groups[0].alike.clone());
    let wanted = Wanted { alike: alike.clone(), ..Wanted::default() };
    assert_eq!(world.pages(&wanted, 9).0, [3, 1], "and no others");
    assert_eq!(group(100, &wanted).failed, 2);
    let page = world.page(&Wanted::default(), None, 9);
    let keys: Vec<bool> = page.items.iter().map(|run| run.alike == alike).collect();
    assert_eq!((page.items[0].alike.clone(), keys), (None, vec![false, true, false, true]));
}

#[test]
fn the_end_of_a_run_and_the_time_before_which_it_came() {
    let mut world = World::new();
    let mut ended = world.accept("ann");
    world.give(&mut ended, Input::Cancel { by: actor("bob") });
    (0..3).for_each(|_| drop(world.accept("ann")));
    // everything happens at one moment there
    let since = |ms| Wanted { ended_since_ms: Some(ms), ..Wanted::default() };
    assert_eq!(world.pages(&since(FIRST_MS), 9).0, [1]);
    assert_eq!(world.pages(&since(FIRST_MS + 1), 9).0, [0; 0]);
    let until = Wanted { until_ms: Some(FIRST_MS + 2 * SECOND), ..Wanted::default() };
    assert_eq!(world.pages(&until, 9).0, [2, 1]);
}

/// Both lists have the same of it: what is not known of a run is no reason to show it.
#[test]
fn a_damaged_run_is_listed_where_what_is_known_of_it_fits() {
    let mut world = World::new();
    let mut run = world.accept("ann");
    world.give(&mut run, Input::Start);
    world.begin(&mut run, "z");
    world.begin(&mut run, "a");
    world.end(&mut run, "z", failure());
    world.end(&mut run, "a", done());
    world.accept("bob");
    world.store.damage(run.id);
    let reader = world.store.read().unwrap();
    let namespace = reader.namespace(&namespace()).unwrap().unwrap();
    let statuses = BTreeSet::from([RunStatus::Failed]);
    let filter = RunFilter { statuses, ..RunFilter::default() };
    let is_listed = |wanted: &Wanted| {
        let listed = world.pages(wanted, 9).0.contains(&1);
        let deadline = Instant::now() + Duration::from_secs(60);
        let groups = grouped(&reader, namespace, &filter, wanted, 9, deadline).unwrap();
        assert_eq!(groups.failed == 1, listed, "{wanted:?}");
        listed
    };
    assert!(is_listed(&Wanted::default()));
    let with = |field: RunField, value: &str, not: bool| Wanted {
        terms: vec![term(field, value, not)],
        ..Wanted::default()
    };
    assert!(is_listed(&with(RunField::By, "ann", false)));
    assert!(!is_listed(&with(RunField::By, "bob", false)));
    assert!(is_listed(&with(RunField::By, "bob", true)));
    assert!(is_listed(&with(RunField::Text, "rpa0225", false)));
    assert!(!is_listed(&with(RunField::Text, "no space", false)));
    assert!(!is_listed(&with(RunField::Workflow, "default/other", false)));
    assert!(!is_listed(&with(RunField::Step, "z", false)));
    assert!(is_listed(&with(RunField::Tag, "ops", true)));
    assert!(!is_listed(&with(RunField::Tag, "ops", false)));
    assert!(!is_listed(&Wanted { since_ms: FIRST_MS + SECOND, ..Wanted::default() }));
    assert!(!is_listed(&Wanted { until_ms: Some(FIRST_MS), ..Wanted::default() }));
    assert!(!is_listed(&Wanted { ended_since_ms: Some(0), ..Wanted::default() }));
    assert!(!is_listed(&Wanted { alike: Some("other".into()), ..Wanted::default() }));
}
