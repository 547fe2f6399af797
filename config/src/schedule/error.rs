//! Why a schedule has no plan.

/// What is wrong with a schedule, for whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("there is no time zone {name:?}")]
    Zone { name: String, hint: String },
    #[error("there is no calendar {name:?}")]
    Calendar { name: String, hint: String },
    #[error("the cron expression is empty")]
    Empty,
    #[error("the cron expression is longer than {most} characters")]
    Long { most: usize },
    #[error("a cron expression has 5 fields, or 6 with seconds first; this one has {count}")]
    Fields { count: usize },
    #[error("there is no {word:?} in cron expressions")]
    Nickname { word: String, hint: String },
    #[error("\"@reboot\" names no moment")]
    Reboot,
    #[error("the {field} {text:?} cannot be read")]
    Field { field: &'static str, text: String, hint: String },
    #[error("no day is named by {text:?}")]
    Never { text: String },
    #[error("no day of the week is left by the schedule's days")]
    NoDays,
    #[error("a period of {period_ms} ms is too short")]
    Period { period_ms: u64 },
    #[error("the schedule names no moment")]
    NoMoment,
}

impl PlanError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        let hint = match self {
            PlanError::Zone { hint, .. }
            | PlanError::Calendar { hint, .. }
            | PlanError::Nickname { hint, .. }
            | PlanError::Field { hint, .. } => hint,
            PlanError::Empty | PlanError::Fields { .. } => {
                "write minute, hour, day, month and day of the week: \"0 7 * * MON-FRI\""
            }
            PlanError::Long { .. } => "use ranges and steps, or several triggers",
            PlanError::Reboot => "a unit of the service manager can call `rpa run` at a start",
            PlanError::Never { .. } => "name a day that some month has",
            PlanError::NoDays => "take one of the days out that are excluded",
            PlanError::Period { .. } => "write at least 1s",
            PlanError::NoMoment => "write at least one moment: [\"2027-01-31 09:00\"]",
        };
        hint.to_owned()
    }
}
