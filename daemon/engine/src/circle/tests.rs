//! Circles, beside a play of what would really come of each wait.

use std::collections::{BTreeMap, BTreeSet};

use super::is_for_ever;
use crate::gate::{self, CalledRun};
use crate::lock::{Claim, Claimed, Lock};
use crate::name::RunId;
use crate::run::simulation::rng::Rng;
use crate::run::tests::build::path;
use crate::run::{Claimant, Parent, Tokens};

/// Something that takes its turn: a step within steps, or a run that a step has called; it
/// claims a lock or enters a gate when all around it have what they want, and ends when all
/// in it have ended.
#[derive(Clone)]
struct Actor {
    /// A run as a whole has no path.
    by: Claimant,
    is_run: bool,
    callers: Vec<Parent>,
    /// The one that it stands in.
    around: Option<usize>,
}

/// Who has claimed, in the order of coming; whether it has what it wants.
#[derive(Clone)]
struct Open {
    actor: usize,
    what: &'static str,
    takes: u32,
    has: bool,
}

const LOCKS: [&str; 3] = ["la", "lb", "lc"];
const GATES: [&str; 2] = ["ga", "gb"];

#[derive(Clone)]
struct Place {
    sizes: BTreeMap<&'static str, u32>,
    actors: Vec<Actor>,
    open: Vec<Open>,
}

impl Place {
    fn random(rng: &mut Rng) -> Place {
        let mut size = |name| (name, 1 + u32::try_from(rng.below(3)).unwrap());
        let sizes = LOCKS.into_iter().chain(GATES).map(&mut size).collect();
        let mut place = Place { sizes, actors: Vec::new(), open: Vec::new() };
        for index in 0..3 + rng.index(7) {
            let around = (index > 0 && rng.percent(65)).then(|| rng.index(index));
            let (run, step) = (RunId(index as u128), format!("s{index}"));
            let outer = around.map(|around| place.actors[around].clone());
            let (is_limited, is_inside) = (rng.percent(50), rng.percent(50));
            let of_run = |callers| (Claimant { run, path: path(&step) }, is_limited, callers);
            let (by, is_run, callers) = match outer {
                None => of_run(Vec::new()),
                // a run as a whole, and the steps in it
                Some(outer) if outer.is_run => {
                    let by = Claimant { run: outer.by.run, path: path(&step) };
                    (by, false, outer.callers)
                }
                Some(outer) if is_inside => {
                    let inner = format!("{}/{step}", outer.by.path);
                    (Claimant { run: outer.by.run, path: path(&inner) }, false, outer.callers)
                }
                Some(outer) => {
                    let by = Parent { run: outer.by.run, path: outer.by.path };
                    of_run([vec![by], outer.callers].concat())
                }
            };
            place.actors.push(Actor { by, is_run, callers, around });
        }
        place
    }

    fn has(&self, actor: usize) -> bool {
        self.open.iter().any(|open| open.actor == actor && open.has)
    }

    fn is_open(&self, actor: usize) -> bool {
        self.open.iter().any(|open| open.actor == actor)
    }

    fn may_claim(&self, actor: usize) -> bool {
        !self.is_open(actor) && self.actors[actor].around.is_none_or(|outer| self.has(outer))
    }

    fn may_end(&self, actor: usize) -> bool {
        let within = |open: &&Open| self.actors[open.actor].around == Some(actor);
        self.has(actor) && !self.open.iter().any(|open| within(&open))
    }

    /// The first of those that wait get what is free; nobody is overtaken.
    fn grant(&mut self, what: &str) {
        for at in 0..self.open.len() {
            if self.open[at].what != what || self.open[at].has {
                continue;
            }
            let held = self.open.iter().filter(|open| open.what == what && open.has);
            let taken: u32 = held.map(|open| open.takes).sum();
            if taken + self.open[at].takes > self.sizes[what] {
                return;
            }
            self.open[at].has = true;
        }
    }

    fn ends(&mut self, actor: usize) {
        let at = self.open.iter().position(|open| open.actor == actor).unwrap();
        let what = self.open.remove(at).what;
        self.grant(what);
    }

    /// Everything that can end does; those that are left wait for ever.
    fn left(mut self) -> BTreeSet<usize> {
        loop {
            let Some(next) = (0..self.actors.len()).find(|actor| self.may_end(*actor)) else {
                return self.open.iter().map(|open| open.actor).collect();
            };
            self.ends(next);
        }
    }

    /// What is said of the one that came last.
    fn is_for_ever(&self) -> bool {
        let last = self.open.last().unwrap();
        let locks = LOCKS.map(|name| self.lock(name));
        let gates = GATES.map(|name| self.gate(name));
        let mut all: Vec<_> = locks.iter().map(Lock::shared).collect();
        all.extend(gates.iter().map(|(passed, called)| gate::shared(passed, called, u32::MAX)));
        let of = LOCKS.into_iter().chain(GATES).position(|name| name == last.what).unwrap();
        let place = all[of].waiting.iter().position(|wait| {
            let actor = &self.actors[last.actor];
            wait.run == actor.by.run && wait.step.is_none_or(|step| *step == actor.by.path)
        });
        place.is_some_and(|place| is_for_ever(&all, of, place))
    }

    fn lock(&self, name: &'static str) -> Lock {
        let claims = self.open.iter().enumerate().filter(|(_, open)| open.what == name);
        let claims = claims.map(|(at, open)| {
            let Actor { by, callers, .. } = self.actors[open.actor].clone();
            let granted_ms = open.has.then_some(1);
            let tokens = Tokens::Some(open.takes);
            (at as u64, Claim { by, tokens, since_ms: 1, granted_ms, callers })
        });
        Lock::restore(Some(self.sizes[name]), claims)
    }

    fn gate(&self, name: &'static str) -> (Vec<RunId>, Vec<CalledRun>) {
        let (has, waits): (Vec<&Open>, Vec<&Open>) =
            self.open.iter().filter(|open| open.what == name).partition(|open| open.has);
        let run = |open: &&Open| self.actors[open.actor].by.run;
        let called = |open: &&Open| CalledRun {
            run: run(open),
            callers: self.actors[open.actor].callers.clone(),
            limit: self.sizes[name],
        };
        let called = waits.iter().map(called).filter(|called| !called.callers.is_empty());
        (has.iter().map(run).collect(), called.collect())
    }
}

/// Random claims; who would wait for ever is refused. `(refused, waited)`.
fn play(seed: u64) -> (u32, u32) {
    let mut rng = Rng::new(seed);
    let mut place = Place::random(&mut rng);
    let (mut refused, mut waited) = (0, 0);
    for _ in 0..25 {
        let actor = rng.index(place.actors.len());
        if rng.percent(20) && place.may_end(actor) {
            place.ends(actor);
            continue;
        }
        if !place.may_claim(actor) {
            continue;
        }
        let (what, takes) = match place.actors[actor].is_run {
            true => (*rng.pick(&GATES), 1),
            false => {
                let what = *rng.pick(&LOCKS);
                (what, 1 + u32::try_from(rng.below(place.sizes[what].into())).unwrap())
            }
        };
        place.open.push(Open { actor, what, takes, has: false });
        place.grant(what);
        if place.has(actor) {
            continue;
        }
        let left = place.clone().left();
        assert_eq!(
            place.is_for_ever(),
            left.contains(&actor),
            "seed {seed}: left: said, right: played"
        );
        match left.contains(&actor) {
            true => {
                refused += 1;
                place.ends(actor);
            }
            false => waited += 1,
        }
        assert_eq!(place.clone().left(), BTreeSet::new(), "seed {seed}: they wait for ever");
    }
    (refused, waited)
}

#[test]
fn who_would_wait_for_ever_is_refused_and_nobody_else_is() {
    let played = (0..8000).map(play);
    let (refused, waited) = played.fold((0, 0), |(r, w), (re, wa)| (r + re, w + wa));
    assert!(refused > 300 && waited > 300, "tests nothing: {refused} refused, {waited} waited");
}

fn claimant(run: u128, at: &str) -> Claimant {
    Claimant { run: RunId(run), path: path(at) }
}

fn claim(by: &Claimant, callers: &[Parent]) -> Claim {
    let callers = callers.to_vec();
    Claim { by: by.clone(), tokens: Tokens::Lock, since_ms: 5, granted_ms: None, callers }
}

/// Run 1 holds the lock and calls run 3; run 2 has passed the gate and waits for the lock.
#[test]
fn a_called_run_at_a_gate_and_a_lock_are_a_circle() {
    let (caller, other) = (claimant(1, "call"), claimant(2, "s"));
    let mut lock = Lock::default();
    assert_eq!(lock.claim(1, claim(&caller, &[])), Claimed::Granted);
    assert!(matches!(lock.claim(2, claim(&other, &[])), Claimed::Waits { .. }));
    let callers = vec![Parent { run: caller.run, path: caller.path }];
    let called = [CalledRun { run: RunId(3), callers, limit: 1 }];
    let at_gate = |passed: &[RunId]| {
        let gate = gate::shared(passed, &called, 1);
        is_for_ever(&[lock.shared(), gate], 1, 0)
    };
    assert!(at_gate(&[RunId(2)]));
    assert!(!at_gate(&[RunId(4)]), "another run ends some day");
    let error = gate::circle(&[RunId(2)]);
    assert_eq!(
        (error.code.as_str(), error.message.as_str()),
        (
            "RPA0431",
            "it would wait for its turn for ever: 000000000002 must end first, and wait for \
             what is held around the step that calls it"
        )
    );
}

#[test]
fn revisions_may_differ_in_their_limits() {
    let callers = vec![Parent { run: RunId(1), path: path("call") }];
    let called = |limit| CalledRun { run: RunId(3), callers: callers.clone(), limit };
    let outer = claimant(1, "call");
    let mut lock = Lock::default();
    lock.claim(1, claim(&outer, &[]));
    lock.claim(2, claim(&claimant(2, "s"), &[]));
    // one of the two that have passed ends some day, the other waits for the lock
    let said = |limit, first| {
        let called = [called(limit)];
        let gate = gate::shared(&[RunId(2), RunId(4)], &called, first);
        is_for_ever(&[lock.shared(), gate], 1, 0)
    };
    assert!(!said(2, 2));
    assert!(said(1, 2), "it passes when nobody goes on");
    assert!(said(2, 1), "nor does it before the one that stands in front");
}

/// A wait for more than a person has left in a pool is none of each other.
#[test]
fn what_nobody_holds_is_no_circle() {
    let outer = claimant(1, "a");
    let mut held = Lock::default();
    held.claim(1, claim(&outer, &[]));
    let mut empty = Lock::restore(Some(0), []);
    empty.claim(1, claim(&claimant(1, "a/b"), &[]));
    assert!(!is_for_ever(&[held.shared(), empty.shared()], 1, 0));
}
