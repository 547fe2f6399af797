//! The tables of locks, and a model that is too simple to be wrong.

use super::*;
use crate::name::RunId;
use crate::run::simulation::rng::Rng;
use crate::run::tests::build::{label, path};

fn claimant(run: u128, at: &str) -> Claimant {
    Claimant { run: RunId(run), path: path(at) }
}

fn claim(by: &Claimant, tokens: Tokens) -> Claim {
    let callers = Vec::new();
    Claim { by: by.clone(), tokens, since_ms: 5, granted_ms: None, callers }
}

fn pool(size: u32) -> Lock {
    Lock { size: Some(size), ..Lock::default() }
}

/// The runs whose claims are granted, then those that wait, in order.
fn stands(lock: &Lock) -> (Vec<u128>, Vec<u128>) {
    let of = |granted: bool| {
        let claims = lock.claims().filter(|(_, claim)| claim.granted_ms.is_some() == granted);
        claims.map(|(_, claim)| claim.by.run.0).collect()
    };
    (of(true), of(false))
}

#[test]
fn a_lock_is_held_by_one_and_then_by_the_next() {
    let mut lock = Lock::default();
    let [a, b, c] = [1, 2, 3].map(|run| claimant(run, "s"));
    assert!(lock.is_idle());
    assert_eq!(lock.claim(1, claim(&a, Tokens::Lock)), Claimed::Granted);
    let waits = || Claimed::Waits { holder: Some(a.clone()) };
    assert_eq!(lock.claim(2, claim(&b, Tokens::Lock)), waits());
    assert_eq!(lock.claim(3, claim(&c, Tokens::Lock)), waits());
    // a claim that is there stays as it is
    assert_eq!(lock.claim(4, claim(&a, Tokens::Lock)), Claimed::Granted);
    assert_eq!(lock.claim(5, claim(&b, Tokens::Lock)), waits());
    assert_eq!((lock.place_of(&b), lock.place_of(&claimant(9, "s"))), (Some(2), None));
    assert_eq!(lock.grant(7), []);
    assert_eq!(lock.release(&a), Some(1));
    assert_eq!(lock.release(&a), None);
    assert_eq!(lock.grant(7), [2]);
    assert_eq!(lock.claim_at(2).and_then(|claim| claim.granted_ms), Some(7));
    assert_eq!(stands(&lock), (vec![2], vec![3]));
    // who waits may go as well
    assert_eq!(lock.release(&c), Some(3));
    assert_eq!(lock.release(&b), Some(2));
    assert!(lock.is_idle() && !pool(1).is_idle());
}

#[test]
fn a_claim_for_many_is_not_overtaken() {
    let mut lock = pool(3);
    let [a, b, c] = [1, 2, 3].map(|run| claimant(run, "s"));
    assert_eq!(lock.claim(1, claim(&a, Tokens::Some(2))), Claimed::Granted);
    lock.claim(2, claim(&b, Tokens::Some(2)));
    lock.claim(3, claim(&c, Tokens::Some(1)));
    assert_eq!((stands(&lock), lock.taken()), ((vec![1], vec![2, 3]), 2));
    lock.release(&a);
    assert_eq!(lock.grant(7), [2, 3]);
    assert_eq!(lock.taken(), 3);
}

#[test]
fn a_claim_on_a_lock_takes_a_pool_whole() {
    let mut lock = pool(3);
    let [a, b] = [1, 2].map(|run| claimant(run, "s"));
    lock.claim(1, claim(&a, Tokens::Some(1)));
    lock.claim(2, claim(&b, Tokens::Lock));
    assert_eq!(stands(&lock), (vec![1], vec![2]));
    lock.release(&a);
    assert_eq!((lock.grant(7), lock.taken()), (vec![2], 3));
}

#[test]
fn a_pool_that_is_made_smaller_or_larger() {
    let mut lock = pool(2);
    let [a, b, c] = [1, 2, 3].map(|run| claimant(run, "s"));
    lock.claim(1, claim(&a, Tokens::Some(1)));
    lock.claim(2, claim(&b, Tokens::Some(1)));
    lock.claim(3, claim(&c, Tokens::Some(1)));
    lock.size = Some(1);
    lock.release(&a);
    // what is held is more than nothing, but not less than there is
    assert_eq!((lock.grant(7), stands(&lock)), (vec![], (vec![2], vec![3])));
    lock.size = Some(0);
    lock.release(&b);
    assert_eq!(lock.grant(7), []);
    lock.size = Some(4);
    assert_eq!(lock.grant(8), [3]);
}

#[test]
fn what_can_never_be_granted_is_refused() {
    let said = |lock: &Lock, tokens| {
        lock.refusal(&label("p"), tokens).map(|error| (error.code, error.message))
    };
    assert_eq!(said(&Lock::default(), Tokens::Lock), None);
    assert_eq!(said(&pool(2), Tokens::Some(2)), None);
    let known = |message: &str| Some(("RPA0428".to_owned(), message.to_owned()));
    assert_eq!(
        said(&pool(2), Tokens::Some(3)),
        known("3 tokens of p are claimed, and there are 2 in all")
    );
    assert_eq!(
        said(&Lock::default(), Tokens::Some(1)),
        known("there is no pool of tokens p: make it with `rpa locks set p SIZE`")
    );
}

#[test]
fn a_circle_says_who_holds() {
    let error = circle(&label("m"), Some(&claimant(0xabc, "a/b")));
    assert_eq!(error.code, "RPA0431");
    let held = "it would wait for m for ever: run 000000000abc, step a/b has it, and waits for \
                this step";
    assert_eq!(error.message, held);
}

// a model

/// Claims in the order in which they came: run, tokens, whether granted.
#[derive(Default)]
struct Naive {
    size: Option<u32>,
    claims: Vec<(u128, Tokens, bool)>,
}

impl Naive {
    fn weight(&self, tokens: Tokens) -> u32 {
        match (tokens, self.size) {
            (Tokens::Some(count), _) => count,
            // nothing is had of nothing
            (Tokens::Lock, size) => size.unwrap_or(1).max(1),
        }
    }

    fn taken(&self) -> u32 {
        let granted = self.claims.iter().filter(|(_, _, granted)| *granted);
        granted.map(|(_, tokens, _)| self.weight(*tokens)).sum()
    }

    fn settle(&mut self) {
        for at in 0..self.claims.len() {
            let (_, tokens, granted) = self.claims[at];
            if granted {
                continue;
            }
            if self.taken() + self.weight(tokens) > self.size.unwrap_or(1) {
                return;
            }
            self.claims[at].2 = true;
        }
    }

    fn stands(&self) -> (Vec<u128>, Vec<u128>) {
        let of = |wanted: bool| {
            let claims = self.claims.iter().filter(|(_, _, granted)| *granted == wanted);
            claims.map(|(run, ..)| *run).collect()
        };
        (of(true), of(false))
    }
}

#[test]
fn random_claims_fare_as_in_the_model() {
    for seed in 0..400 {
        let mut rng = Rng::new(seed);
        let size = |rng: &mut Rng| u32::try_from(rng.below(5)).unwrap();
        let size_first = rng.percent(70).then(|| size(&mut rng));
        let mut lock = Lock { size: size_first, ..Lock::default() };
        let mut naive = Naive { size: size_first, ..Naive::default() };
        let mut shrunk = false;
        for place in 0..60 {
            match rng.below(10) {
                0..5 => {
                    let tokens = match rng.percent(60) && naive.size.is_some() {
                        true => Tokens::Some(1 + u32::try_from(rng.below(3)).unwrap()),
                        false => Tokens::Lock,
                    };
                    let by = claimant(u128::from(place), "s");
                    let granted = lock.claim(place, claim(&by, tokens)) == Claimed::Granted;
                    naive.claims.push((by.run.0, tokens, false));
                    naive.settle();
                    assert_eq!(granted, naive.claims.last().unwrap().2, "seed {seed}");
                }
                5..9 if !naive.claims.is_empty() => {
                    let (run, ..) = naive.claims.remove(rng.index(naive.claims.len()));
                    assert!(lock.release(&claimant(run, "s")).is_some());
                    naive.settle();
                    lock.grant(1);
                }
                9 if naive.size.is_some() => {
                    naive.size = Some(size(&mut rng));
                    lock.size = naive.size;
                    shrunk |= naive.taken() > naive.size.unwrap_or(1);
                    naive.settle();
                    lock.grant(1);
                }
                _ => {}
            }
            assert_eq!(stands(&lock), naive.stands(), "seed {seed}");
            assert_eq!(lock.taken(), naive.taken(), "seed {seed}");
            assert!(shrunk || lock.taken() <= lock.capacity(), "seed {seed}: too many");
            shrunk &= lock.taken() > lock.capacity();
            let claims = lock.claims().map(|(place, claim)| (place, claim.clone()));
            assert_eq!(Lock::restore(lock.size, claims), lock, "seed {seed}: as stored");
        }
        // nobody is forgotten
        lock.size = lock.size.map(|_| 9);
        lock.grant(1);
        for _ in 0..60 {
            let Some(by) = lock.claims().next().map(|(_, claim)| claim.by.clone()) else { break };
            lock.release(&by);
            lock.grant(1);
        }
        assert_eq!(stands(&lock), (vec![], vec![]), "seed {seed}: they wait for ever");
    }
}
