//! `rpa why WORKFLOW[/TRIGGER]@TIME`: what became of one slot, and what would change that.

use rpa_engine::Label;
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::TriggerRef;
use rpa_ipc::why::{WhySlot, WhySlotQuery};
use rpa_ipc::{FaultCode, fault};

use super::Args;
use crate::cli::exit::{Exit, Failure};
use crate::cli::json::WhySlotDocument;
use crate::cli::moment::{self, Moment};
use crate::cli::session::{Session, now_ms};
use crate::cli::slots;
use crate::cli::text::{Line, Look, Style, beside};
use crate::cli::triggers::head;

/// A slot as a person names it.
#[derive(Debug)]
pub(super) struct Wanted {
    workflow: String,
    trigger: Option<String>,
    at: Moment,
}

impl Wanted {
    /// What is meant is a slot when it has an `@`, which no id of a run has.
    pub(super) fn of(args: &Args) -> Result<Option<Wanted>, Failure> {
        let Some((name, time)) = args.run.split_once('@') else { return Ok(None) };
        if args.step.is_some() {
            return Err(fault!(FaultCode::Usage, "why-slot-step").into());
        }
        let at: Moment = time.parse().map_err(|e| {
            let fault = fault!(FaultCode::Usage, "why-slot-time", time = time, error = e);
            Failure::from(fault)
        })?;
        // another namespace is named before both
        let (workflow, trigger) = match name.rsplit_once('/') {
            Some((workflow, trigger)) => (workflow.to_owned(), Some(trigger.to_owned())),
            None => (name.to_owned(), None),
        };
        Ok(Some(Wanted { workflow, trigger, at }))
    }
}

pub(super) async fn run(wanted: Wanted, session: &mut Session) -> Result<Exit, Failure> {
    let mut link = session.link()?;
    let Wanted { workflow, trigger, at } = wanted;
    let of = TriggerRef { namespace: session.namespace.clone(), workflow, trigger };
    let at_ms = match at {
        Moment::Instant(ms) => ms,
        Moment::Clock(_) => at.ms(&moment::zone(&slots::trigger(&of, &mut link).await?)),
    };
    let query = WhySlotQuery { of, at_ms };
    let call = async |rpc: &RpadClient, context| rpc.why_slot(context, query.clone()).await;
    let why = link.call(call).await?;
    if session.json {
        session.out.document(&WhySlotDocument::of(&why))?;
        return Ok(Exit::OK);
    }
    session.out.lines(lines(&why, &session.namespace, &session.out.look, now_ms()))?;
    Ok(Exit::OK)
}

/// Moments are those of the trigger's time zone, as in `rpa slots`.
fn lines(why: &WhySlot, namespace: &Label, look: &Look, now_ms: u64) -> Vec<Line> {
    let zone = moment::zone(&why.trigger);
    let show = |ms: u64| moment::in_zone(ms, &zone);
    let mut lines = Vec::new();
    for (place, telling) in why.why.iter().enumerate() {
        let sentence = telling.sentence(look.language, &show);
        let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
        let (style, indent) = if place == 0 {
            (Style::Bold, Line::of(format!("{}: ", show(why.at_ms))))
        } else {
            (Style::Plain, Line::of("  "))
        };
        lines.extend(beside(look, style, &indent, &sentence));
    }
    lines.push(Line::new());
    lines.push(head(&why.trigger, namespace, look, now_ms));
    lines
}

#[cfg(test)]
mod tests {
    use rpa_ipc::Language;

    use super::*;
    use crate::cli::sample;

    fn args(run: &str) -> Args {
        let paging = crate::cli::paging::Paging { limit: 50, cursor: None };
        Args { run: run.into(), step: None, all: false, paging }
    }

    #[test]
    fn a_slot_is_named_by_workflow_trigger_and_time() {
        let named = |text: &str| {
            let wanted = Wanted::of(&args(text)).ok().flatten();
            wanted.map(|wanted| (wanted.workflow, wanted.trigger))
        };
        let trigger = |name: &str| Some(name.to_owned());
        assert_eq!(named("444455556666"), None);
        assert_eq!(named("a@2026-11-20"), Some(("a".into(), None)));
        assert_eq!(named("a/t@2026-11-20T03:30"), Some(("a".into(), trigger("t"))));
        assert_eq!(named("ops/a/t@2026-11-20"), Some(("ops/a".into(), trigger("t"))));
        assert!(Wanted::of(&args("a@noon")).is_err());
        let of_a_step = Args { step: Some("report".parse().unwrap()), ..args("a@2026-11-20") };
        assert!(Wanted::of(&of_a_step).is_err());
    }

    #[test]
    fn why_fits_eighty_columns_in_both_languages() {
        for language in [Language::English, Language::Bulgarian] {
            let look = Look { width: Some(80), language, ..Look::PLAIN };
            let namespace = "default".parse().unwrap();
            let lines = lines(&sample::why_slot(), &namespace, &look, sample::NOW);
            assert!(lines.iter().all(|line| line.cells() <= 80), "{lines:#?}");
            let text: Vec<String> = lines.iter().map(Line::text).collect();
            insta::assert_snapshot!(format!("why_slot_{language:?}"), text.join("\n"));
        }
    }
}
