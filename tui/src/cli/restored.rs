//! `rpa resume --restored`: what is held since a restore, and letting it go on.

use rpa_engine::RunId;
use rpa_ipc::Fault;
use rpa_ipc::restored::{HeldRun, RestoredView};
use rpa_ipc::service::RpadClient;
use serde::Serialize;

use super::exit::{Exit, Failure};
use super::json::{RunObject, time};
use super::runs::local_name;
use super::session::Session;
use super::text::{Line, Look, Style, status};
use super::wire::Link;
use crate::text::count;

#[derive(Serialize)]
struct Document<'a> {
    taken: Option<String>,
    restored: Option<String>,
    held: u64,
    /// Whether they go on now.
    released: u64,
    runs: Vec<HeldObject<'a>>,
}

#[derive(Serialize)]
struct HeldObject<'a> {
    #[serde(flatten)]
    run: RunObject<'a>,
    steps: Vec<StepObject<'a>>,
}

#[derive(Serialize)]
struct StepObject<'a> {
    path: &'a str,
    effect: &'a str,
    next: &'a str,
}

pub async fn resume(dry_run: bool, session: &mut Session) -> Result<Exit, Failure> {
    let mut link = session.link()?;
    let mut held = Vec::new();
    let mut after: Option<RunId> = None;
    let mut restored = None;
    loop {
        let call = async |rpc: &RpadClient, context| rpc.held(context, after).await;
        let page = link.call(call).await?;
        restored = page.restored.or(restored);
        held.extend(page.runs);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let restored = restored.unwrap_or(RestoredView { taken_ms: 0, restored_ms: 0, held: 0 });
    let released = if dry_run { 0 } else { release(&mut link).await? };
    if session.json {
        session.out.document(&document(&restored, released, &held))?;
        return Ok(Exit::OK);
    }
    let look = session.out.look;
    for run in &held {
        session.out.lines(lines(run, session, &look))?;
    }
    let line = summary(&restored, released, dry_run, &session.out.look);
    session.out.line(line)?;
    Ok(Exit::OK)
}

/// Lets all of it go on, some runs at a time.
async fn release(link: &mut Link) -> Result<u64, Fault> {
    let mut released = 0;
    loop {
        let call = async |rpc: &RpadClient, context| rpc.resume_restored(context).await;
        let some = link.call(call).await?;
        released += some.runs;
        if !some.more {
            return Ok(released);
        }
    }
}

fn document<'a>(view: &RestoredView, released: u64, held: &'a [HeldRun]) -> Document<'a> {
    let run = |held: &'a HeldRun| HeldObject {
        run: RunObject::of(&held.summary),
        steps: held
            .steps
            .iter()
            .map(|step| StepObject {
                path: step.path.as_str(),
                effect: &step.effect,
                next: &step.next,
            })
            .collect(),
    };
    Document {
        taken: time(view.taken_ms),
        restored: time(view.restored_ms),
        held: view.held,
        released,
        runs: held.iter().map(run).collect(),
    }
}

/// A run, and below it what it would do first.
fn lines(held: &HeldRun, session: &Session, look: &Look) -> Vec<Line> {
    let run = &held.summary;
    let head = Line::of(run.run.short())
        .plain(" ")
        .append(status(&run.status, look))
        .plain(format!(" {}", local_name(&run.workflow, &session.namespace)));
    let step = held.steps.iter().map(|step| {
        let (style, what) = match step.next.as_str() {
            "begins" => (Style::Plain, "begins"),
            "again" => (Style::Warn, "was under way, and is run again"),
            "doubt" => (Style::Warn, "was under way, and will be in doubt"),
            "fails" => (Style::Bad, "fails"),
            other => (Style::Plain, other),
        };
        let effect = format!(" ({})", step.effect);
        Line::of("  ")
            .push(Style::Bold, step.path.as_str())
            .push(Style::Dim, effect)
            .plain(" ")
            .push(style, what)
    });
    let mut lines = vec![head];
    lines.extend(step);
    if held.steps.is_empty() {
        lines.push(Line::of("  ").push(Style::Dim, "waits, as it did before"));
    }
    lines
}

fn summary(view: &RestoredView, released: u64, dry_run: bool, look: &Look) -> Line {
    let taken = time(view.taken_ms).unwrap_or_default();
    match dry_run {
        true => Line::of(format!(
            "{} held as of {taken}; cancel what should not go on, then: {}",
            count(view.held, "run"),
            look.calls.command("rpa resume --restored"),
        )),
        false => {
            let runs = count(released, "run");
            Line::of(format!("held no longer, from where they were at {taken}: {runs}"))
        }
    }
}
