//! `rpa locks`: each lock and pool, then who holds it, then who waits, in their order.

use rpa_ipc::asking::{ClaimView, LockView, LocksQuery};
use rpa_ipc::service::RpadClient;

use super::super::exit::{Exit, Failure};
use super::super::json::LocksDocument;
use super::super::output::{self, Form};
use super::super::session::{Session, now_ms};
use super::super::text::{Column, Line, Look, Style, Table, ago, number, status};

pub async fn run(form: Form, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = form.sheet(&output::LOCKS, session)?;
    let query = LocksQuery { namespace: session.namespace.clone() };
    let call = async |rpc: &RpadClient, context| rpc.locks(context, query.clone()).await;
    let locks = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&LocksDocument::of(&locks))?;
        return Ok(Exit::OK);
    }
    if sheet.streams() {
        sheet.rows(&LocksDocument::of(&locks).locks, session)?;
        return Ok(Exit::OK);
    }
    if locks.is_empty() {
        session.note("no lock is held here, and there are no pools of tokens")?;
        return Ok(Exit::OK);
    }
    session.out.lines(lines(&locks, &session.out.look, now_ms()))?;
    if locks.iter().flat_map(|lock| &lock.holders).any(is_doubtful) {
        let hint = "a step in doubt keeps what it holds until you decide: rpa doubts";
        let hint = session.err.look.calls.prose(hint);
        session.note(Line::new().push(Style::Warn, hint))?;
    }
    Ok(Exit::OK)
}

fn is_doubtful(claim: &ClaimView) -> bool {
    claim.status == "in_doubt"
}

fn lines(locks: &[LockView], look: &Look, now_ms: u64) -> Vec<Line> {
    let mut table = Table::new(&[
        Column::flexible("NAME", 6),
        Column::fixed("KIND"),
        Column::fixed("HELD"),
        Column::fixed("WHO"),
        Column::fixed("RUN"),
        Column::flexible("STEP", 6),
        Column::fixed("SINCE"),
        Column::fixed("LEASE"),
    ]);
    for lock in locks {
        let rows = claims(lock, look, now_ms);
        let head = |first: bool| match first {
            true => head(lock),
            false => [Line::new(), Line::new(), Line::new()],
        };
        let none = || std::iter::repeat_with(Line::new).take(5).collect();
        let rows = if rows.is_empty() { vec![none()] } else { rows };
        for (index, row) in rows.into_iter().enumerate() {
            table.row(head(index == 0).into_iter().chain(row).collect());
        }
    }
    table.lines(look)
}

/// Its name, what it is, and how much of it is held.
fn head(lock: &LockView) -> [Line; 3] {
    let (kind, held) = match lock.size {
        Some(size) => ("pool", format!("{} of {}", number(lock.taken.into()), number(size.into()))),
        None if lock.taken > 0 => ("lock", "held".to_owned()),
        None => ("lock", "free".to_owned()),
    };
    [Line::new().push(Style::Bold, &lock.name), kind.into(), held.into()]
}

fn claims(lock: &LockView, look: &Look, now_ms: u64) -> Vec<Vec<Line>> {
    let holds = lock.holders.iter().map(|claim| {
        let who = match is_doubtful(claim) {
            true => status(&claim.status, look),
            false => "holds".into(),
        };
        (who, claim.granted_ms.unwrap_or(claim.since_ms), claim)
    });
    let waits =
        lock.waiting.iter().enumerate().map(|(index, claim)| {
            (Line::of(format!("waits {}", index + 1)), claim.since_ms, claim)
        });
    let mut rows: Vec<Vec<Line>> = holds
        .chain(waits)
        .map(|(who, since_ms, claim)| {
            vec![
                who.plain(tokens(claim)),
                claim.run.short().into(),
                claim.path.as_str().into(),
                ago(since_ms, now_ms).into(),
                claim.until_ms.map_or_else(Line::new, |until| ago(until, now_ms).into()),
            ]
        })
        .collect();
    let left = u64::from(lock.waits).saturating_sub(lock.waiting.len() as u64);
    if left > 0 {
        let more = format!("{} {} more", look.ellipsis(), number(left));
        let dim = Line::new().push(Style::Dim, more);
        rows.push(vec![dim, Line::new(), Line::new(), Line::new(), Line::new()]);
    }
    rows
}

/// ` (2)` of a pool.
fn tokens(claim: &ClaimView) -> String {
    claim.tokens.map_or_else(String::new, |count| format!(" ({})", number(count.into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn who_holds_and_who_waits_fits_eighty_columns() {
        let look = Look { width: Some(80), ..Look::PLAIN };
        let lines = lines(&sample::locks(), &look, sample::NOW);
        let lines: Vec<String> =
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        insta::assert_snapshot!(lines.join("\n"));
    }
}
