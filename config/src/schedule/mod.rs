//! The moments that a schedule names: a [`Plan`] gives its slots one after the other.
//!
//! Nothing here reads a clock: the same schedule, key, calendars and rules of the time
//! zones give the same slots, from wherever they are asked for.
//!
//! # When the clock changes
//!
//! A cron expression names times that a clock on the wall shows. When summer time begins,
//! some of them are never shown (a *gap*); when it ends, some are shown twice (an
//! *overlap*). What is meant then depends on how the expression is written:
//!
//! | the fields of minute and hour | in a gap | in an overlap |
//! |---|---|---|
//! | neither has `*` or a step (`30 3`, `0 9-17`): *fixed* | `dst_gap: run_after`, the default: one slot at the first instant after the gap; `skip`: that slot is passed over | `dst_overlap: first`, the default, or `second`: the other slot is passed over; `both`: both are fired |
//! | one has `*` or a step (`*/15 *`, `0 */2`, `*/10 3`): *elapsed* | nothing: that time does not pass | both: that time passes twice |
//!
//! * Of a slot that is put behind a gap, and others that have that very instant by
//!   themselves or by the same gap, there is one; one that the clock shows is itself.
//! * Any change of the zone's offset is meant, for whatever reason it is made. A gap may
//!   be half an hour (Lord Howe) or a day (Samoa, 2011).
//! * `every` and `at` are instants: no change of the clock touches them.
//!
//! Vixie cron and cronie: jobs with `*` in hour or minute follow elapsed time, fixed ones
//! are run once, after the gap and in the first pass; our defaults. systemd timers skip
//! the gap forwards likewise. Quartz and Kubernetes lose what is in a gap, and Kubernetes
//! runs what is in an overlap once or twice by version: hence the choice is written down.
//!
//! # Days
//!
//! A slot's day is the date that the clock of its zone shows at its instant. On a day that
//! is none of the schedule's it is passed over, or put off to the same time of the next
//! day that is one. Of several that come to one instant so, the earliest stands for all.

mod bulgarian;
mod cron;
mod days;
mod describe;
mod error;
mod expression;
mod plan;
mod raw;
mod stretch;
mod zone;

pub use describe::{describe, period};
pub use error::PlanError;
pub use expression::in_bulgarian;
pub use plan::{Change, Plan, Slots};
pub use zone::find as find_zone;

#[cfg(test)]
mod tests;
