//! Triggers as people see them: what they wait for, what has become of their slots, what
//! comes next, and what a person says of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rpa_config::schedule::Plan;
use rpa_config::trigger::describe;
use rpa_engine::actor::Origin;
use rpa_engine::trigger::delivery::Outcome;
use rpa_engine::trigger::{
    Fate, How, Missed, Passed, Schedule, ScheduleState, Skipped, Slot, Source, Trigger, WaitsFor,
};
use rpa_engine::{Ident, Label, Workflow, WorkflowRef};
use rpa_ipc::fault::{Arg, Said, quoted};
use rpa_ipc::service::Reply;
use rpa_ipc::triggers::{
    BackfillRequest, Backfilled, ComingSlot, FailingView, LeftOut, MOST_MISSED, MOST_SLOTS,
    Preview, PreviewQuery, RejectedView, SlotPage, SlotView, SlotsQuery, TriggerRef,
    TriggerRequest, TriggerView, TriggerWish, TriggersQuery, UpcomingQuery,
};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::authorize::Allowed;
use super::catalog::checked_note;
use super::service::bug;
use super::{Office, deliveries, views};
use crate::driver::{self, Answer, Message, TriggerOrder, Wish, now_ms};
use crate::store::{DeliveryRow, Reader, SlotRow, StoreError, TriggerKey, TriggerRow, Wanted};
use crate::triggers::cadence::{cadence, sentence};
use crate::triggers::standing::Failing;

/// Slots of each trigger among those that come next, if it has as many.
const LEAST_SHOWN: usize = 3;
/// How far back slots count that were missed.
const MISSED_MS: u64 = 24 * 60 * 60 * 1_000;
/// A schedule whose slots were taken so far ahead of the clock is silent for too long.
const AHEAD_MS: u64 = 24 * 60 * 60 * 1_000;
/// Slots that a look at what comes next passes over before it gives up.
const LOOKED_AT: usize = 10_000;

/// A trigger with what it declares, if anything does.
pub(super) struct Found {
    pub(super) workflow: WorkflowRef,
    pub(super) key: TriggerKey,
    pub(super) row: TriggerRow,
    /// Of the revision in force, or of the live one when it is not armed.
    pub declared: Option<Declared>,
    /// The store was restored, and nobody has let it go on.
    held: bool,
}

pub(super) struct Declared {
    pub definition: Arc<Workflow>,
    pub trigger: Trigger,
    pub revision: u32,
}

impl Found {
    pub(super) fn schedule(&self) -> Option<&Schedule> {
        self.declared.as_ref().and_then(|declared| declared.trigger.source.schedule())
    }

    pub(super) fn plan(&self, office: &Office) -> Result<Option<Plan>, Fault> {
        let Some(schedule) = self.schedule() else { return Ok(None) };
        let plan = Plan::new(schedule, &self.key.seed(), &office.calendars);
        plan.map(Some).map_err(|error| {
            let (code, trigger) = (FaultCode::BadTrigger, self.key.trigger.as_str());
            fault!(
                code,
                "schedule-broken",
                workflow = self.workflow,
                trigger = trigger,
                error = error
            )
        })
    }
}

pub async fn list(office: &Office, query: TriggersQuery) -> Reply<Vec<TriggerView>> {
    let own = office.clone();
    views::read(office, move |reader| {
        let found = all(reader, &query.namespace)?;
        found.into_iter().map(|found| view(reader, &own, &found)).collect()
    })
    .await
}

pub async fn slots(office: &Office, query: SlotsQuery) -> Reply<SlotPage> {
    let (of, own) = (query.of.clone(), office.clone());
    views::read(office, move |reader| {
        let found = match find(reader, &of)? {
            Ok(found) => found,
            Err(fault) => return Ok(Err(fault)),
        };
        let most = query.limit.clamp(1, MOST_SLOTS) as usize;
        let rows = reader.slots(&found.key, query.before_ms.unwrap_or(u64::MAX), most + 1)?;
        let next_ms = rows.get(most).and_then(|_| rows.get(most - 1)).map(|(at_ms, _)| *at_ms);
        let slots = rows.into_iter().take(most).map(|(at_ms, row)| slot_view(at_ms, row));
        let slots = slots.collect();
        Ok(Ok(SlotPage { trigger: view(reader, &own, &found)?, slots, next_ms }))
    })
    .await?
}

pub async fn preview(office: &Office, query: PreviewQuery) -> Reply<Preview> {
    let (found, trigger) = one(office, &query.of).await?;
    let most = query.limit.clamp(1, MOST_SLOTS) as usize;
    let name = (found.workflow.to_string(), found.key.trigger.to_string());
    let slots = planned(office, &found, query.after_ms, u64::MAX, most).await?;
    Ok(Preview { trigger, slots: slots.into_iter().map(|slot| coming(&name, slot)).collect() })
}

/// Slots of a trigger from one moment to another, reckoned off the runtime: a schedule may
/// have much to look through before it comes to one.
async fn planned(
    office: &Office,
    found: &Found,
    after_ms: u64,
    until_ms: u64,
    most: usize,
) -> Reply<Vec<Slot>> {
    let Some(plan) = found.plan(office)? else { return Err(not_declared(found)) };
    let slots = tokio::task::spawn_blocking(move || {
        let slots = plan.after(after_ms).take_while(|slot| slot.at_ms < until_ms);
        slots.take(most).collect()
    });
    slots.await.map_err(|e| bug(&e.to_string()))
}

pub async fn upcoming(office: &Office, query: UpcomingQuery) -> Reply<Vec<ComingSlot>> {
    let from_ms = now_ms();
    let own = office.clone();
    views::read(office, move |reader| next_of_all(reader, &own, &query, from_ms)).await
}

fn next_of_all(
    reader: &Reader,
    office: &Office,
    query: &UpcomingQuery,
    from_ms: u64,
) -> Result<Vec<ComingSlot>, StoreError> {
    let most = query.limit.clamp(1, MOST_SLOTS) as usize;
    let firing: Vec<Found> = all(reader, &query.namespace)?.into_iter().filter(is_firing).collect();
    // one that fires each second leaves room for those that fire each day
    let share = (most / firing.len().max(1)).max(LEAST_SHOWN);
    let each_looked_at = LOOKED_AT / firing.len().max(1) + share;
    let mut next = Vec::new();
    let mut all_of = BTreeMap::new();
    for found in &firing {
        let Ok(Some(plan)) = found.plan(office) else { continue };
        let name = (found.workflow.to_string(), found.key.trigger.to_string());
        let Some(state) = found.row.state.schedule() else { continue };
        let waiting = state.pending.iter().map(|pending| pending.slot);
        let to_come = plan.after(state.upto_ms.max(from_ms)).take(LOOKED_AT);
        let to_come = to_come.take_while(|slot| slot.at_ms < query.until_ms);
        let fires = to_come.filter(|slot| slot.passed.is_none()).take(each_looked_at);
        let fires = waiting.chain(fires).filter(|slot| slot.due_ms < query.until_ms);
        let fires: Vec<Slot> = fires.collect();
        next.extend(fires.iter().take(share).map(|slot| coming(&name, *slot)));
        let until_ms = match (fires.len() < each_looked_at, fires.last()) {
            (false, Some(last)) => last.due_ms,
            _ => query.until_ms,
        };
        all_of.insert(name, LeftOut { count: fires.len() as u64, until_ms });
    }
    next.sort_by_key(|slot| (slot.due_ms, slot.slot_ms));
    next.truncate(most);
    // the last one that is shown says how many are not
    for slot in &next {
        if let Some(left) = all_of.get_mut(&(slot.workflow.clone(), slot.trigger.clone())) {
            left.count = left.count.saturating_sub(1);
        }
    }
    for slot in next.iter_mut().rev() {
        let left = all_of.remove(&(slot.workflow.clone(), slot.trigger.clone()));
        slot.more = left.filter(|left| left.count > 0);
    }
    Ok(next)
}

pub async fn order(
    office: &Office,
    allowed: &Allowed,
    request: TriggerRequest,
) -> Reply<TriggerView> {
    let wish = match request.wish {
        TriggerWish::Enable => Wish::Enable,
        TriggerWish::Disable { note } => Wish::Disable { note: checked_note(&note)? },
        TriggerWish::Pause { note } => Wish::Pause { note: checked_note(&note)? },
        TriggerWish::Resume => Wish::Resume,
    };
    let (found, _) = one(office, &request.of).await?;
    tell(office, allowed, &found, wish).await?;
    Ok(one(office, &request.of).await?.1)
}

pub async fn backfill(
    office: &Office,
    allowed: &Allowed,
    request: BackfillRequest,
) -> Reply<Backfilled> {
    let (found, _) = one(office, &request.of).await?;
    if found.row.armed.is_none() {
        return Err(not_declared(&found));
    }
    if found.held {
        return Err(driver::restored());
    }
    let most = request.max.clamp(1, MOST_SLOTS) as usize;
    // what is still to come fires by itself
    let end_ms = request.to_ms.min(now_ms());
    let after_ms = request.from_ms.saturating_sub(1);
    let slots = planned(office, &found, after_ms, end_ms, LOOKED_AT + 1).await?;
    if slots.len() > LOOKED_AT {
        return Err(too_many(slots.len(), LOOKED_AT));
    }
    let slots: Vec<Slot> = slots.into_iter().filter(|slot| slot.passed.is_none()).collect();
    let key = found.key.clone();
    let wanted = views::read(office, move |reader| wanted(reader, &key, slots)).await?;
    let Some(Sorted { free, had, forgotten, to_come, room }) = wanted else {
        return Err(not_declared(&found));
    };
    if free.len() > most {
        return Err(too_many(free.len(), most));
    }
    if free.len() > room {
        return Err(driver::no_room(free.len(), room));
    }
    let name = (found.workflow.to_string(), found.key.trigger.to_string());
    let slots = free.iter().map(|slot| coming(&name, *slot)).collect();
    if !request.dry_run && !free.is_empty() {
        tell(office, allowed, &found, Wish::Backfill(free)).await?;
    }
    Ok(Backfilled { slots, had, forgotten, to_come })
}

/// Slots for which a person wants runs.
struct Sorted {
    /// Those that have had none.
    free: Vec<Slot>,
    had: u32,
    forgotten: u32,
    to_come: u32,
    /// How many may wait.
    room: usize,
}

/// What is known of these slots; nothing when there is no such schedule any more.
fn wanted(
    reader: &Reader,
    key: &TriggerKey,
    slots: Vec<Slot>,
) -> Result<Option<Sorted>, StoreError> {
    let Some(row) = reader.trigger(key)? else { return Ok(None) };
    let Some(room) = row.state.schedule().map(ScheduleState::room) else { return Ok(None) };
    let mut sorted = Sorted { free: Vec::new(), had: 0, forgotten: 0, to_come: 0, room };
    for slot in slots {
        match row.wants(slot.at_ms, reader.slot(key, slot.at_ms)?.as_ref()) {
            Wanted::Free => sorted.free.push(slot),
            Wanted::Had => sorted.had += 1,
            Wanted::Forgotten => sorted.forgotten += 1,
            Wanted::ToCome => sorted.to_come += 1,
        }
    }
    Ok(Some(sorted))
}

fn too_many(count: usize, max: usize) -> Fault {
    fault!(FaultCode::Usage, "backfill-too-many", count = count, max = max)
        .hint(said!("hint-backfill-max"))
}

async fn tell(office: &Office, allowed: &Allowed, found: &Found, wish: Wish) -> Result<(), Fault> {
    let (workflow, trigger) = (found.workflow.clone(), found.key.trigger.clone());
    let order = TriggerOrder { workflow, trigger, wish, actor: allowed.actor().clone() };
    match office.inbox.ask(Message::Trigger(Box::new(order))).await? {
        Answer::Done => Ok(()),
        other => Err(bug(&format!("{other:?}"))),
    }
}

pub(super) async fn one(office: &Office, of: &TriggerRef) -> Result<(Found, TriggerView), Fault> {
    let (of, own) = (of.clone(), office.clone());
    views::read(office, move |reader| {
        Ok(match find(reader, &of)? {
            Ok(found) => {
                let view = view(reader, &own, &found)?;
                Ok((found, view))
            }
            Err(fault) => Err(fault),
        })
    })
    .await?
}

/// How a trigger stands, for who looks at all of them.
pub struct Standing {
    pub name: String,
    pub status: &'static str,
    pub why: Option<Said>,
    /// The daemon has paused it itself.
    pub by_itself: bool,
    /// By how much its oldest slot is late that nobody has taken.
    pub behind_ms: u64,
    /// Up to when its slots were taken by a clock that was ahead: none comes before.
    pub ahead_until_ms: Option<u64>,
    /// What mends a source that fails.
    pub remedy: Option<Said>,
    /// How much that came was passed over, and why the last of it was.
    pub rejected: Option<(u64, Said)>,
    /// It does not fire as it is written to.
    pub cadence: Option<Said>,
}

/// How all triggers stand, in all namespaces.
pub fn standings(office: &Office, reader: &Reader) -> Result<Vec<Standing>, StoreError> {
    let mut standings = Vec::new();
    for namespace in reader.namespace_names()? {
        for found in all(reader, &namespace)? {
            let plan = found.plan(office);
            let standing = office.standings.of(&found.key);
            let (status, why) = status(&found, plan.as_ref().err(), standing.failing.as_ref());
            let state = &found.row.state;
            let upto_ms = state.schedule().map(|state| state.upto_ms);
            let next = match plan.as_ref() {
                Ok(Some(plan)) if status == "armed" => {
                    state.schedule().and_then(|state| plan.after(state.upto_ms).next())
                }
                _ => None,
            };
            standings.push(Standing {
                remedy: standing.failing.and_then(|failing| failing.fault.advice).map(|said| *said),
                rejected: standing.rejected.map(|(count, _, why)| (count, why)),
                name: format!("{}/{}", found.workflow, found.key.trigger),
                status,
                why,
                by_itself: is_by_itself(&found),
                cadence: match status {
                    "armed" => cadence(reader, &found.key)?.as_ref().map(sentence),
                    _ => None,
                },
                behind_ms: next.map_or(0, |slot| now_ms().saturating_sub(slot.at_ms)),
                ahead_until_ms: upto_ms.filter(|upto_ms| *upto_ms > now_ms() + AHEAD_MS),
            });
        }
    }
    Ok(standings)
}

/// Whether the daemon has paused it itself.
fn is_by_itself(found: &Found) -> bool {
    found.row.state.paused().is_some_and(|paused| paused.by.origin == Origin::Daemon)
}

fn all(reader: &Reader, namespace: &Label) -> Result<Vec<Found>, StoreError> {
    let Some(id) = reader.namespace(namespace)? else { return Ok(Vec::new()) };
    let rows = reader.triggers_in(id)?.into_iter();
    rows.map(|(key, row)| found(reader, namespace, key, row)).collect()
}

fn all_of(reader: &Reader, workflow: &WorkflowRef) -> Result<Vec<Found>, StoreError> {
    let Some(id) = reader.namespace(&workflow.namespace)? else { return Ok(Vec::new()) };
    let rows = reader.triggers_of(id, &workflow.name)?.into_iter();
    rows.map(|(key, row)| found(reader, &workflow.namespace, key, row)).collect()
}

fn found(
    reader: &Reader,
    namespace: &Label,
    key: TriggerKey,
    row: TriggerRow,
) -> Result<Found, StoreError> {
    let workflow = WorkflowRef { namespace: namespace.clone(), name: key.workflow.clone() };
    let live = reader.workflow(key.namespace, &key.workflow)?.and_then(|row| row.entry.live);
    let declared = match row.armed.or(live) {
        Some(revision) => {
            let definition = reader.definition(key.namespace, &key.workflow, revision)?;
            let trigger = definition.triggers.iter().find(|t| t.id == key.trigger);
            trigger.cloned().map(|trigger| Declared { definition, trigger, revision })
        }
        None => None,
    };
    let held = reader.restored()?.is_some();
    Ok(Found { workflow, key, row, declared, held })
}

/// The trigger that is meant, or why there is no such one.
pub(super) fn find(reader: &Reader, of: &TriggerRef) -> Result<Result<Found, Fault>, StoreError> {
    let workflow = match WorkflowRef::parse(&of.workflow, &of.namespace) {
        Ok(workflow) => workflow,
        Err(e) => return Ok(Err(views::bad_name(&of.workflow, &e))),
    };
    let mut triggers = all_of(reader, &workflow)?;
    let Some(name) = &of.trigger else {
        if triggers.len() > 1 {
            triggers.retain(|found| found.declared.is_some());
        }
        return Ok(match triggers.len() {
            1 => Ok(triggers.remove(0)),
            0 => Err(fault!(FaultCode::NoTrigger, "no-triggers", workflow = workflow)),
            _ => {
                let names: Vec<&str> = triggers.iter().map(|f| f.key.trigger.as_str()).collect();
                let names = names.join(", ");
                Err(fault!(
                    FaultCode::NoTrigger,
                    "which-trigger",
                    workflow = workflow,
                    names = names
                ))
            }
        });
    };
    let wanted = name.parse::<Ident>().ok();
    let place = triggers.iter().position(|found| Some(&found.key.trigger) == wanted.as_ref());
    Ok(match place {
        Some(place) => Ok(triggers.swap_remove(place)),
        None => {
            let code = FaultCode::NoTrigger;
            Err(fault!(code, "no-trigger", workflow = workflow, trigger = quoted(name)))
        }
    })
}

pub(super) fn not_declared(found: &Found) -> Fault {
    let code = FaultCode::TriggerNotArmed;
    let trigger = found.key.trigger.as_str();
    fault!(code, "trigger-not-armed", workflow = found.workflow, trigger = trigger)
}

fn is_firing(found: &Found) -> bool {
    found.row.armed.is_some() && found.row.state.paused().is_none() && !found.held
}

pub(super) fn view(
    reader: &Reader,
    office: &Office,
    found: &Found,
) -> Result<TriggerView, StoreError> {
    let Found { workflow, key, row, declared, .. } = found;
    let standing = office.standings.of(key);
    let plan = found.plan(office);
    let (status, why) = status(found, plan.as_ref().err(), standing.failing.as_ref());
    let name = (workflow.to_string(), key.trigger.to_string());
    let next = match &plan {
        Ok(Some(plan)) if status == "armed" => {
            let upto_ms = row.state.schedule().map_or(0, |state| state.upto_ms);
            let mut to_come = plan.after(upto_ms).take(LOOKED_AT);
            to_come.find(|slot| slot.passed.is_none()).map(|slot| coming(&name, slot))
        }
        _ => None,
    };
    let last = last(reader, found)?;
    let source = declared.as_ref().map(|declared| &declared.trigger.source);
    let schedule = source.and_then(Source::schedule);
    let (state, deliveries) = (row.state.schedule(), row.state.deliveries());
    let waiting = state.map_or(0, |state| state.pending.len());
    let held = deliveries.map_or(0, |state| state.held.len());
    Ok(TriggerView {
        workflow: name.0,
        trigger: name.1,
        description: declared.as_ref().map(|d| d.trigger.description.clone()).unwrap_or_default(),
        kind: source.map_or_else(String::new, |source| source.word().to_owned()),
        what: source.map(|source| describe(source, &workflow.namespace)).unwrap_or_default(),
        timezone: schedule.map(|schedule| schedule.timezone.clone()).unwrap_or_default(),
        status: status.into(),
        why,
        paused_by_itself: status == "paused" && is_by_itself(found),
        revision: declared.as_ref().map(|declared| declared.revision),
        next,
        last,
        missed: missed_lately(reader, found, now_ms())?,
        failures: row.state.failures(),
        open: state.map(|state| state.open.clone()).unwrap_or_default(),
        waiting: u32::try_from(waiting + held).unwrap_or(u32::MAX),
        deliveries: deliveries.map_or(0, |state| state.last),
        failing: standing.failing.map(|failing| FailingView {
            since_ms: failing.since_ms,
            attempts: failing.attempts,
            next_ms: failing.next_ms,
        }),
        rejected: standing.rejected.map(|(count, last_ms, why)| RejectedView {
            count,
            last_ms,
            why,
        }),
        cadence: (status == "armed")
            .then(|| cadence(reader, key))
            .transpose()?
            .flatten()
            .as_ref()
            .map(sentence),
    })
}

/// What has become of the last that reached it.
fn last(reader: &Reader, found: &Found) -> Result<Option<SlotView>, StoreError> {
    if found.row.state.schedule().is_some() {
        let last = reader.slots(&found.key, u64::MAX, 1)?.pop();
        return Ok(last.map(|(at_ms, row)| slot_view(at_ms, row)));
    }
    let last = reader.deliveries(&found.key, u64::MAX, 1)?.pop();
    Ok(last.map(|(number, row)| {
        let delivery = deliveries::view(number, row);
        SlotView {
            slot_ms: delivery.at_ms,
            fate: delivery.outcome,
            run: delivery.run,
            reason: delivery.reason,
            by_ms: 0,
            decided_ms: delivery.decided_ms,
        }
    }))
}

/// How many of its slots, or of what was delivered to it, should have had runs lately and
/// have none.
fn missed_lately(reader: &Reader, found: &Found, now_ms: u64) -> Result<u32, StoreError> {
    let since_ms = now_ms.saturating_sub(MISSED_MS);
    let count = if found.row.state.schedule().is_some() {
        let slots = reader.slots_since(&found.key, since_ms, MOST_MISSED)?.into_iter();
        let lost = |row: &SlotRow| matches!(row.fate, Fate::Refused { .. } | Fate::Missed(_));
        slots.filter(|(_, row)| lost(row)).count()
    } else {
        let deliveries = reader.deliveries(&found.key, u64::MAX, MOST_MISSED)?.into_iter();
        let lost = |row: &DeliveryRow| matches!(row.outcome, Outcome::Refused { .. });
        deliveries.filter(|(_, row)| row.at_ms >= since_ms && lost(row)).count()
    };
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// How a trigger stands, and why.
fn status(
    found: &Found,
    broken: Option<&Fault>,
    failing: Option<&Failing>,
) -> (&'static str, Option<Said>) {
    let row = &found.row;
    if found.declared.is_none() {
        return ("gone", Some(said!("trigger-gone")));
    }
    if let Some(fault) = broken {
        return ("broken", Some(said!("trigger-broken", problem = fault.message)));
    }
    if let Some(order) = row.ordered.as_ref().filter(|order| !order.enabled) {
        let (by, at) = (&order.mark.by, Arg::Moment(order.mark.at_ms));
        let why = match order.note.as_str() {
            "" => said!("trigger-disabled", by = by, at = at),
            note => said!("trigger-disabled-by", by = by, at = at, note = note),
        };
        return ("disabled", Some(why));
    }
    if row.armed.is_none() {
        return ("disabled", Some(said!("trigger-disabled-in-file")));
    }
    if found.held {
        return ("held", Some(said!("trigger-held")));
    }
    if let Some(paused) = row.state.paused() {
        let (by, at) = (&paused.by, Arg::Moment(paused.since_ms));
        let why = match paused.note.as_str() {
            "" => said!("trigger-paused", by = by, at = at),
            note => said!("trigger-paused-by", by = by, at = at, note = note),
        };
        return ("paused", Some(why));
    }
    if let Some(failing) = failing {
        let why = match &failing.fault.said {
            Some(problem) => said!("trigger-failing", problem = **problem),
            None => said!("trigger-failing", problem = failing.fault.message),
        };
        return ("failing", Some(why));
    }
    ("armed", None)
}

fn coming((workflow, trigger): &(String, String), slot: Slot) -> ComingSlot {
    ComingSlot {
        workflow: workflow.clone(),
        trigger: trigger.clone(),
        slot_ms: slot.at_ms,
        due_ms: slot.due_ms,
        passed: slot.passed.map(passed),
        more: None,
    }
}

pub(super) fn slot_view(at_ms: u64, row: SlotRow) -> SlotView {
    let SlotRow { fate, decided_ms } = row;
    let (word, run, reason, by_ms) = match fate {
        Fate::Waiting { due_ms, why } => {
            ("waiting", None, Some(waits(due_ms, why)), due_ms.saturating_sub(at_ms))
        }
        Fate::Fired { run, how, by_ms } => {
            let word = match how {
                How::InTime => "fired",
                How::Late => "late",
                How::CaughtUp => "caught_up",
                How::Backfilled => "backfilled",
                How::ByHand => "by_hand",
            };
            (word, Some(run), None, by_ms)
        }
        Fate::PassedOver(why @ (Passed::Gap | Passed::Fold)) => {
            ("suppressed", None, Some(passed(why)), 0)
        }
        Fate::PassedOver(why @ (Passed::Calendar | Passed::Merged)) => {
            ("skipped", None, Some(passed(why)), 0)
        }
        Fate::Skipped(why) => ("skipped", None, Some(skipped(&why)), 0),
        Fate::Refused { code, message } => {
            let reason = said!("slot-refused", code = code, message = message);
            ("refused", None, Some(reason), 0)
        }
        Fate::Missed(why) => ("missed", None, Some(missed(why)), 0),
    };
    SlotView { slot_ms: at_ms, fate: word.into(), run, reason, by_ms, decided_ms }
}

fn waits(due_ms: u64, why: WaitsFor) -> Said {
    match why {
        WaitsFor::Time => said!("slot-waits-time", at = Arg::Moment(due_ms)),
        WaitsFor::CatchUp => said!("slot-waits-catch-up"),
        WaitsFor::Run => said!("slot-waits-run"),
    }
}

pub(super) fn passed(why: Passed) -> Said {
    match why {
        Passed::Gap => said!("slot-in-gap"),
        Passed::Fold => said!("slot-in-fold"),
        Passed::Calendar => said!("slot-off-calendar"),
        Passed::Merged => said!("slot-merged"),
    }
}

fn skipped(why: &Skipped) -> Said {
    match why {
        Skipped::Overlap { run } => said!("slot-overlap", run = run.short()),
        Skipped::Superseded => said!("slot-superseded"),
        Skipped::QueueFull => said!("slot-queue-full"),
        Skipped::Paused => said!("slot-paused"),
        Skipped::Condition => said!("slot-condition"),
        Skipped::Disarmed => said!("slot-disarmed"),
    }
}

fn missed(why: Missed) -> Said {
    match why {
        Missed::Down => said!("slot-missed-down"),
        Missed::Clock => said!("slot-missed-clock"),
        Missed::Restore => said!("slot-missed-restore"),
    }
}
