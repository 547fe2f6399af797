//! One more of what there is, a new one, and the end of one.

use rpa_engine::notification::{self, Kind, Settled, Standing, What};

use super::alike::Alike;
use super::known::Known;
use super::of_run::reruns_back;
use super::{Happening, Outbox};
use crate::store::{FailedRun, MOST_FAILED, NotificationRow, StoreError, Tables};

/// One more of what there is, or a new one. What is beyond what is kept goes for it, and that
/// is told as well.
pub(super) fn tell(
    known: &mut Known,
    tables: &mut Tables<'_>,
    now_ms: u64,
    told: Happening,
    out: &mut Outbox,
) -> Result<(), StoreError> {
    put(known, tables, now_ms, told, out)?;
    let dropped = make_room(known, tables, out)?;
    if dropped > 0 {
        let told = Happening { count: dropped, ..Happening::of_daemon(What::NotificationsDropped) };
        // where it is the one too many another one goes at the next
        put(known, tables, now_ms, told, out)?;
    }
    Ok(())
}

fn put(
    known: &mut Known,
    tables: &mut Tables<'_>,
    now_ms: u64,
    told: Happening,
    out: &mut Outbox,
) -> Result<(), StoreError> {
    match &told.namespace {
        Some((_, name)) => out.touch(name),
        None => out.everywhere = true,
    }
    let namespace = told.namespace.as_ref().map(|(id, _)| *id);
    let before = known.numbers.get(&Alike::of(namespace, &told.subject, &told.what)).copied();
    let old = match before {
        Some(number) => stored(known, tables, number, out)?.map(|row| (number, row)),
        None => None,
    };
    let is_one_more = |(_, old): &(u64, NotificationRow)| {
        let is_seen = old.acknowledged.is_some();
        notification::folds(old.kind(), is_seen, old.first_ms, old.last_ms, now_ms)
    };
    let failed = match told.subject.run {
        Some(run) if matches!(told.what.kind(), Kind::RunFailed | Kind::RunTimedOut) => {
            let first = reruns_back(tables, run)?.last().copied().unwrap_or(run);
            Some(FailedRun { run, first })
        }
        Some(_) | None => None,
    };
    let (before, mut row) = match old.filter(is_one_more) {
        Some((before, old)) => {
            known.forget(before, &old);
            (Some(before), one_more(old, told, now_ms))
        }
        None => (None, new(told, now_ms)),
    };
    row.failed.extend(failed);
    let surplus = row.failed.len().saturating_sub(MOST_FAILED);
    row.failed.drain(..surplus);
    let number = tables.add_notification(before, &mut row)?;
    known.remember(number, &row);
    Ok(())
}

fn one_more(old: NotificationRow, told: Happening, now_ms: u64) -> NotificationRow {
    let Happening { subject, what, count, .. } = told;
    let count = old.count.saturating_add(count);
    // what was asked again nobody has seen
    NotificationRow { subject, what, count, last_ms: now_ms, acknowledged: None, ..old }
}

fn new(told: Happening, now_ms: u64) -> NotificationRow {
    let Happening { namespace, subject, what, count } = told;
    NotificationRow {
        id: 0,
        namespace: namespace.map(|(id, _)| id),
        subject,
        what,
        count,
        mended: 0,
        failed: Vec::new(),
        first_ms: now_ms,
        last_ms: now_ms,
        acknowledged: None,
        settled: None,
    }
}

/// Lets go of what is beyond what is kept; gives how many of these nobody has
/// seen.
fn make_room(
    known: &mut Known,
    tables: &mut Tables<'_>,
    out: &mut Outbox,
) -> Result<u64, StoreError> {
    let mut dropped = 0;
    while let Some(number) = known.surplus() {
        let Some(row) = stored(known, tables, number, out)? else { continue };
        if row.standing() == Standing::Unread {
            dropped += match row.kind() {
                Kind::NotificationsDropped => row.count,
                _ => 1,
            };
            let (id, kind) = (row.id, row.kind().word());
            tracing::warn!(id, kind, "a notification that nobody has seen is let go");
        }
        tables.remove_notification(number)?;
        known.forget(number, &row);
        // of which namespace it was is known by its number alone
        out.everywhere = true;
    }
    Ok(dropped)
}

/// The row at a number. One that cannot be read is set aside, as if it were not there.
pub(super) fn stored(
    known: &mut Known,
    tables: &Tables<'_>,
    number: u64,
    out: &mut Outbox,
) -> Result<Option<NotificationRow>, StoreError> {
    match tables.notification(number)? {
        Some(Ok(row)) => Ok(Some(row)),
        Some(Err(error)) => {
            known.set_aside(number, &error);
            (out.health, out.everywhere) = (true, true);
            Ok(None)
        }
        None => {
            known.forget_place(number);
            Ok(None)
        }
    }
}

/// What stood has ended; nothing, when it is not told of.
pub(super) fn settle(
    known: &mut Known,
    tables: &mut Tables<'_>,
    now_ms: u64,
    alike: &Alike,
    how: Settled,
    out: &mut Outbox,
) -> Result<(), StoreError> {
    let Some(number) = known.numbers.get(alike).copied() else { return Ok(()) };
    settle_at(known, tables, now_ms, number, how, out)
}

/// The one at this number has ended by itself.
pub(super) fn settle_at(
    known: &mut Known,
    tables: &mut Tables<'_>,
    now_ms: u64,
    number: u64,
    how: Settled,
    out: &mut Outbox,
) -> Result<(), StoreError> {
    let Some(mut row) = stored(known, tables, number, out)? else { return Ok(()) };
    row.settled = Some((now_ms, how));
    tables.put_notification(number, &row)?;
    known.remember(number, &row);
    // the namespace of a run is told of its change anyway; of what is not, nobody else tells
    out.everywhere |= row.subject.run.is_none();
    Ok(())
}
