//! What has reached a trigger, and what became of it: of a schedule its slots, of any other
//! its deliveries.

use rpa_engine::RunId;
use rpa_ipc::fault::Said;
use rpa_ipc::triggers::{DeliveryView, SlotView, TriggerView};

use crate::text::{FATES, OUTCOMES};

/// The newest first.
#[derive(Clone, Debug, PartialEq)]
pub enum Past {
    Slots(Vec<SlotView>),
    Deliveries(Vec<DeliveryView>),
}

impl Past {
    /// As long as nothing is known.
    pub fn none(view: Option<&TriggerView>) -> Past {
        match view.is_some_and(has_deliveries) {
            true => Past::Deliveries(Vec::new()),
            false => Past::Slots(Vec::new()),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Past::Slots(slots) => slots.len(),
            Past::Deliveries(deliveries) => deliveries.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What can become of one, as far as this console knows.
    pub fn known_words(&self) -> &'static [&'static str] {
        match self {
            Past::Slots(_) => &FATES,
            Past::Deliveries(_) => &OUTCOMES,
        }
    }

    /// What has become of the newest ones, so many.
    pub fn words(&self, most: usize) -> Vec<&str> {
        match self {
            Past::Slots(slots) => slots.iter().take(most).map(|s| s.fate.as_str()).collect(),
            Past::Deliveries(all) => all.iter().take(most).map(|d| d.outcome.as_str()).collect(),
        }
    }

    pub fn ids(&self) -> Vec<String> {
        match self {
            Past::Slots(slots) => slots.iter().map(|slot| slot.slot_ms.to_string()).collect(),
            Past::Deliveries(all) => all.iter().map(|d| d.number.to_string()).collect(),
        }
    }

    pub fn at(&self, index: usize) -> Option<Told<'_>> {
        match self {
            Past::Slots(slots) => slots.get(index).map(|slot| Told {
                what: None,
                run: slot.run,
                reason: slot.reason.as_ref(),
                decided_ms: slot.decided_ms,
            }),
            Past::Deliveries(all) => all.get(index).map(|delivery| Told {
                what: Some(&delivery.what),
                run: delivery.run,
                reason: delivery.reason.as_ref(),
                decided_ms: delivery.decided_ms,
            }),
        }
    }

    /// The slots of a schedule.
    pub fn slots(&self) -> &[SlotView] {
        match self {
            Past::Slots(slots) => slots,
            Past::Deliveries(_) => &[],
        }
    }
}

/// What has become of one of them.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// What was delivered.
    pub what: Option<&'a str>,
    pub run: Option<RunId>,
    pub reason: Option<&'a Said>,
    pub decided_ms: u64,
}

/// Whether something is delivered to it, so that it has no slots. Of one that nothing
/// declares any more the kind is not known, but what it has had.
pub fn has_deliveries(view: &TriggerView) -> bool {
    match view.kind.as_str() {
        "schedule" => false,
        "" => view.deliveries > 0,
        _ => true,
    }
}
