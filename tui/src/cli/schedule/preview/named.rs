//! The slots of a trigger, as the daemon reckons them: with its calendars and its jitter.

use jiff::civil::Date;
use rpa_config::calendar::Calendars;
use rpa_config::schedule::{Plan, PlanError};
use rpa_engine::trigger::{Moments, Passed};
use rpa_ipc::fault::Said;
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{ComingSlot, MOST_SLOTS, PreviewQuery, TriggerRef, TriggerView};

use super::super::super::exit::{Exit, Failure};
use super::super::super::moment;
use super::super::super::output;
use super::super::super::session::{Session, now_ms};
use super::super::super::slots::trigger;
use super::super::super::text::{Look, duration};
use super::super::super::triggers::{Which, reason};
use super::super::super::wire::Link;
use super::super::window::{BACK_MS, MINUTE_MS, middle_ms};
use super::picture::{Fate, Of, Picture, Shown};
use super::{Args, offline, show};

pub async fn run(which: &Which, args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let sheet = args.form.sheet(&output::PREVIEW, session)?;
    let mut link = session.link()?;
    let of = which.of(session);
    let view = trigger(&of, &mut link).await?;
    let clock = clock(&view.timezone).map_err(|e| offline::refused(&e))?;
    let limit = usize::from(args.limit);
    let mut source = Source { of, link };
    let after_ms = match args.around {
        Some(date) => source.before(&clock, date, limit / 2).await?,
        None => now_ms(),
    };
    let slots = source.after(after_ms, u64::MAX, limit).await?;
    let look = session.out.look;
    let picture = picture(&view, &slots, &clock, after_ms, &look);
    let TriggerView { workflow, trigger, timezone, .. } = &view;
    show(&picture, Of::Trigger { workflow, trigger, timezone }, sheet, session)?;
    Ok(Exit::OK)
}

fn picture(
    view: &TriggerView,
    slots: &[ComingSlot],
    clock: &Plan,
    after_ms: u64,
    look: &Look,
) -> Picture {
    let last_ms = slots.last().map_or(after_ms, |slot| slot.slot_ms);
    Picture {
        said: view.what.clone(),
        zone: clock.zone().clone(),
        slots: slots.iter().map(|slot| shown(slot, view, look)).collect(),
        changes: clock.changes(after_ms, last_ms).collect(),
    }
}

/// A plan of which only the clock is wanted: when it is set forward and back.
fn clock(timezone: &str) -> Result<Plan, PlanError> {
    let timezone = if timezone.is_empty() { "UTC" } else { timezone };
    let schedule = offline::plain(Moments::Cron("@yearly".to_owned()), timezone);
    Plan::new(&schedule, "", &Calendars::default())
}

/// Where the slots of one trigger come from, so many at a time.
struct Source {
    of: TriggerRef,
    link: Link,
}

impl Source {
    /// At most `limit` slots after a moment, and before another.
    async fn after(
        &mut self,
        after_ms: u64,
        end_ms: u64,
        limit: usize,
    ) -> Result<Vec<ComingSlot>, Failure> {
        let mut slots: Vec<ComingSlot> = Vec::new();
        while slots.len() < limit {
            let wanted = u32::try_from(limit - slots.len()).unwrap_or(MOST_SLOTS).min(MOST_SLOTS);
            let after_ms = slots.last().map_or(after_ms, |slot| slot.slot_ms);
            let query = PreviewQuery { of: self.of.clone(), after_ms, limit: wanted };
            let call = async |rpc: &RpadClient, context| rpc.preview(context, query.clone()).await;
            let page = self.link.call(call).await?.slots;
            let came = page.len();
            slots.extend(page.into_iter().take_while(|slot| slot.slot_ms < end_ms));
            let ends = slots.last().is_none_or(|slot| slot.slot_ms <= after_ms);
            if ends || u32::try_from(came).is_ok_and(|came| came < wanted) {
                break;
            }
        }
        Ok(slots)
    }

    /// The moment after which there are so many slots before the middle of what is shown.
    async fn before(&mut self, clock: &Plan, date: Date, count: usize) -> Result<u64, Failure> {
        let middle_ms = middle_ms(clock, date);
        let mut back_ms = MINUTE_MS;
        loop {
            let from_ms = middle_ms.saturating_sub(back_ms);
            let slots = self.after(from_ms, middle_ms, usize::MAX).await?;
            if slots.len() >= count || back_ms >= BACK_MS {
                let first = slots.len().saturating_sub(count);
                let first_ms = slots.get(first).map_or(middle_ms, |slot| slot.slot_ms);
                return Ok(first_ms.saturating_sub(1));
            }
            back_ms *= 2;
        }
    }
}

fn shown(slot: &ComingSlot, view: &TriggerView, look: &Look) -> Shown {
    let fate = match &slot.passed {
        Some(why) => Fate::Passed { word: word(why), why: reason(why, look) },
        None => Fate::Fires(match slot.due_ms.checked_sub(slot.slot_ms) {
            Some(0) | None => String::new(),
            Some(late @ ..3_600_000) => format!(", {} later", duration(late)),
            Some(_) => format!(" at {}", moment::in_zone(slot.due_ms, &moment::zone(view))),
        }),
    };
    Shown {
        at_ms: slot.slot_ms,
        due_ms: slot.due_ms,
        due_latest_ms: slot.due_ms,
        after_gap: None,
        fate,
    }
}

/// Why a slot is passed over, as the schedule itself says it.
fn word(why: &Said) -> String {
    let known = match why.id.as_str() {
        "slot-in-gap" => Passed::Gap,
        "slot-in-fold" => Passed::Fold,
        "slot-off-calendar" => Passed::Calendar,
        "slot-merged" => Passed::Merged,
        // of a newer daemon
        other => return other.replace('-', "_"),
    };
    known.word().to_owned()
}

#[cfg(test)]
mod tests {
    use rpa_ipc::Language;
    use rpa_ipc::said;

    use super::*;
    use crate::cli::sample;

    const DAY_MS: u64 = 86_400_000;

    fn preview(language: Language) -> String {
        let look = Look { width: Some(80), language, ..Look::PLAIN };
        // 2027-03-26
        let after_ms = 1_806_019_200_000;
        let mut preview = sample::preview(after_ms, 5);
        preview.slots[2].due_ms += 42_000;
        preview.slots[3].due_ms += 2 * DAY_MS;
        preview.slots[4].passed = Some(said!("slot-in-gap"));
        let clock = clock(&preview.trigger.timezone).unwrap();
        let picture = picture(&preview.trigger, &preview.slots, &clock, after_ms, &look);
        let lines = picture.lines(&look);
        let lines: Vec<String> =
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        lines.join("\n")
    }

    #[test]
    fn what_comes_of_a_trigger_fits_eighty_columns() {
        insta::assert_snapshot!(preview(Language::English));
    }

    #[test]
    fn why_is_said_in_bulgarian() {
        insta::assert_snapshot!(preview(Language::Bulgarian));
    }

    #[test]
    fn why_is_one_word_for_programs_whoever_reckons() {
        let gap = said!("slot-in-gap");
        assert_eq!(word(&gap), Passed::Gap.word());
        assert_eq!(word(&said!("slot-off-calendar")), "calendar");
        let newer = Said { id: "slot-of-tomorrow".into(), args: Vec::new() };
        assert_eq!(word(&newer), "slot_of_tomorrow");
    }
}
