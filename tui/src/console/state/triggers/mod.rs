//! Triggers: the list of them, one of them, what comes next, and what a person says.

mod backfill;
mod fire;
mod ledger;
mod list;
mod one;
mod order;
mod past;
mod tested;
mod upcoming;

pub use crate::trouble::{Trouble, troubles};
pub use backfill::{Asking, Backfill, BackfillStop, MOST as MOST_BACKFILLED, Stage};
pub use fire::{Fire, FireStage, FireStop, NO_FIELDS, Purpose, Trying, fire_command};
pub use ledger::{LedgerFilter, LedgerRow, LedgerScreen};
pub use list::{TriggerName, TriggersScreen};
pub use one::{TriggerPane, TriggerScreen, trigger_lines, under_way};
pub use order::{Noted, Order, can_pause_trigger, can_resume_trigger};
pub use past::{Past, has_deliveries};
pub use tested::tested_lines;
pub use upcoming::{AHEAD_MS, Bunch, UpcomingScreen};

pub(super) use backfill::paste as backfill_paste;
pub(super) use backfill::{answered as backfilled, key as backfill_key, open as backfill};
pub(super) use fire::{fired, key as fire_key, open as fire, paste as fire_paste, tested};
pub(super) use ledger::{
    WORDS as LEDGER_WORDS, got as got_ledger, open as open_ledger, shown as ledger_shown,
};
pub(super) use list::got;
pub(super) use one::{open, open_meant, open_past, told};
pub(super) use order::{key as order_key, on_off, ordered, paste as order_paste, pause, resume};
pub(super) use upcoming::{got as got_upcoming, hours};
