//! `lock` and `tokens`: what a step holds while it goes on.

use std::collections::BTreeMap;

use rpa_engine::workflow::Claims;
use rpa_engine::{Label, Piece, Template, Value};

use super::fields::{Fields, Keys, shown};
use super::limits::TOKENS;
use super::node::{Data, Node};
use super::outline::{Part, Rung};
use super::place::Place;
use super::problem::{Pos, ProblemCode};
use super::reader::Reader;
use super::templates::Slot;
use super::world::World;

pub(crate) const KEYS: Keys =
    Keys { owner: "`lock`", known: &["name", "lease", "wait"], later: &[] };

const EXAMPLE: &str = "write for example `lock: sap-session`, or {name: sap-session, lease: 30m}";
const TOKENS_EXAMPLE: &str = "write for example `tokens: {crm-api: 1}`";

impl<'a> Reader<'a> {
    pub(crate) fn claims(&mut self, fields: &Fields<'a>, step: usize) -> Option<Claims> {
        let lock = fields.get("lock").and_then(|node| self.lock(node, step));
        let tokens = fields.get("tokens").map(|node| self.tokens(node)).unwrap_or_default();
        let lock = lock.unwrap_or_default();
        if let (Some(name), Some(entry)) = (literal(lock.name.as_ref()), fields.entry("tokens"))
            && let Some(pool) = tokens.keys().find(|pool| pool.as_str() == name)
        {
            let message = format!("`{pool}` is named both as a lock and as a pool of tokens");
            let hint = "locks and pools share their names: take one of the two out, or rename it";
            self.problems.error(ProblemCode::Duplicate, entry.node.at, message, hint);
        }
        let Lock { name, lease_ms, wait_ms } = lock;
        let claims = Claims { lock: name, tokens, lease_ms, wait_ms };
        (claims.lock.is_some() || !claims.tokens.is_empty()).then_some(claims)
    }

    /// A name, or a map with the times as well.
    fn lock(&mut self, node: &'a Node, step: usize) -> Option<Lock> {
        match &node.data {
            Data::Map(_) => {
                let fields = Fields::read(node, &KEYS, &mut self.problems)?;
                let name = fields.require("name", EXAMPLE, &mut self.problems);
                let name = name.and_then(|node| self.lock_name(node, "`name`", step));
                let lease_ms =
                    fields.get("lease").and_then(|node| self.timeout_ms(node, "`lease`"));
                // not to wait at all is a wish that makes sense
                let wait_ms = fields.get("wait").and_then(|node| self.duration_ms(node, "`wait`"));
                Some(Lock { name, lease_ms, wait_ms })
            }
            Data::Scalar(_) => {
                let name = self.lock_name(node, "`lock`", step);
                Some(Lock { name, ..Lock::default() })
            }
            Data::List(_) => {
                let message = "a step holds one lock; here is a list";
                let hint = "put a group with the one lock around a step with the other";
                self.wrong_type(node.at, message, hint);
                None
            }
        }
    }

    fn lock_name(&mut self, node: &'a Node, what: &str, step: usize) -> Option<Template> {
        let text = self.filled_text(node, what)?;
        let template = self.template(node, Slot::new(Some(step), Place::Lock));
        match &template {
            // an expression that cannot be read has been reported
            Template::Literal(_) if text.contains("{{") => return None,
            Template::Literal(_) => {
                self.name::<Label>(text, node.at, "lock")?;
            }
            Template::Text(pieces) => self.pieces_of_a_name(pieces, node)?,
            Template::Expr(_) | Template::List(_) | Template::Map(_) => {}
        }
        Some(template)
    }

    /// What stands around expressions can be part of a name.
    fn pieces_of_a_name(&mut self, pieces: &[Piece], node: &Node) -> Option<()> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
        for piece in pieces {
            if let Piece::Text(text) = piece
                && let Some(odd) = text.chars().find(|c| !fits(*c))
            {
                let message = format!("the name of a lock cannot have {odd:?} in it");
                let hint = "use small letters, digits, - and _";
                self.problems.error(ProblemCode::BadName, node.at, message, hint);
                return None;
            }
        }
        Some(())
    }

    fn tokens(&mut self, node: &'a Node) -> BTreeMap<Label, u32> {
        let entries = match &node.data {
            Data::Map(entries) if !entries.is_empty() => entries,
            _ => {
                let message = "`tokens` is a map of at least one pool";
                self.wrong_type(node.at, message, TOKENS_EXAMPLE);
                return BTreeMap::new();
            }
        };
        let mut tokens = BTreeMap::new();
        for entry in entries {
            let pool = self.name::<Label>(&entry.key, entry.key_at, "pool");
            let count = self.count(&entry.node, &format!("`{}`", shown(&entry.key)), &TOKENS);
            tokens.extend(pool.zip(count));
        }
        tokens
    }

    /// What a step claims that a step around it holds until it has ended itself.
    pub(crate) fn nested_claims(&mut self, world: &World<'_, 'a>) {
        for (step, draft) in world.outline.drafts.iter().enumerate() {
            let Some(claims) = &draft.claims else { continue };
            for (holder, held) in held_around(step, world) {
                self.same_claims(step, draft.at, claims, holder, held, world);
            }
        }
    }

    fn same_claims(
        &mut self,
        step: usize,
        at: Pos,
        claims: &Claims,
        holder: usize,
        held: &Claims,
        world: &World<'_, 'a>,
    ) {
        let (step, holder) = (world.id(step), world.id(holder));
        if let Some(name) = literal(claims.lock.as_ref())
            && literal(held.lock.as_ref()) == Some(name)
        {
            let message = format!(
                "step `{step}` would wait for ever: step `{holder}` around it holds the lock `{name}`"
            );
            let hint = format!("take the lock out of {step}: it is held already");
            self.problems.error(ProblemCode::Cycle, at, message, hint);
        }
        if let Some(pool) = claims.tokens.keys().find(|pool| held.tokens.contains_key(*pool)) {
            let message = format!(
                "step `{step}` takes tokens of `{pool}` while step `{holder}` around it has some"
            );
            let hint =
                "it waits for ever where the pool has too few for both: let one of them take all";
            self.problems.warning(ProblemCode::Cycle, at, message, hint);
        }
    }
}

/// `lock`, read.
#[derive(Default)]
struct Lock {
    name: Option<Template>,
    lease_ms: Option<u64>,
    wait_ms: Option<u64>,
}

/// The name of a lock in which nothing is evaluated.
pub(crate) fn literal(lock: Option<&Template>) -> Option<&str> {
    match lock {
        Some(Template::Literal(Value::Text(name))) => Some(name),
        _ => None,
    }
}

/// The steps in whose bodies a step stands, with what they hold. What undoes a step runs
/// when that, and all around it, has ended.
fn held_around<'w>(
    step: usize,
    world: &'w World<'_, '_>,
) -> impl Iterator<Item = (usize, &'w Claims)> {
    let is_in_body = |rung: &&Rung| matches!(world.part(rung.list), Part::Body(_));
    let inside = world.chain(step).iter().rev().take_while(is_in_body);
    let owners = inside.filter_map(|rung| world.part(rung.list).owner());
    owners.filter_map(|owner| Some((owner, world.draft(owner).claims.as_ref()?)))
}
