//! What a sender is answered when the driver has decided.
//!
//! | what has become of it | status | document |
//! |---|---|---|
//! | a run, or it is held, merged, or not wanted | 202 | `delivery`, `outcome`, `run` |
//! | no run could be accepted | 422 | and `code`, `error` |
//! | too much is held, too much to do, no space, a stop | 503 | `error`, `Retry-After` |
//! | the trigger is not armed any more | 404 | as for a path that nobody has |
//!
//! What was heard before under the same id has the same answer, and `repeated`.

use std::time::Duration;

use axum::http::StatusCode;
use rpa_engine::RunId;
use rpa_engine::trigger::delivery::{HeldFor, Outcome, Unwanted};
use rpa_ipc::{Fault, FaultCode};
use serde_json::{Map, Value};

use crate::driver::Delivered;
use crate::http::{Answer, answer, later, not_found};

/// When a sender may try again that came at a bad time.
const SOON: Duration = Duration::from_secs(5);
/// The same where a person has to do something first.
const NOT_SO_SOON: Duration = Duration::from_secs(60);

/// What is said of a delivery, whatever else is said.
pub fn document(delivered: &Delivered) -> Map<String, Value> {
    let mut document = Map::new();
    document.insert("delivery".to_owned(), delivered.number.into());
    if delivered.repeated {
        document.insert("repeated".to_owned(), true.into());
    }
    // of one that came long ago only its number is known
    let (outcome, more) = match &delivered.outcome {
        None => ("forgotten", None),
        Some(Outcome::Held(why)) => {
            let why = match why {
                HeldFor::Gathering => "gathering",
                HeldFor::Throttle => "throttle",
                HeldFor::Pause => "paused",
                HeldFor::Closed => "closed",
            };
            ("held", Some(("for", Value::from(why))))
        }
        Some(Outcome::Started(run)) => ("started", Some(("run", run.to_string().into()))),
        Some(Outcome::Merged { into }) => ("merged", Some(("into", (*into).into()))),
        Some(Outcome::Skipped(why)) => {
            let why = match why {
                Unwanted::Condition => "condition",
                Unwanted::Throttle => "throttle",
                Unwanted::TooManyHeld => "too many held",
                Unwanted::Disarmed => "disarmed",
                Unwanted::Restored => "restored",
                Unwanted::Changed => "changed",
            };
            ("skipped", Some(("for", why.into())))
        }
        Some(Outcome::Refused { code, .. }) => ("refused", Some(("code", code.as_str().into()))),
    };
    document.insert("outcome".to_owned(), outcome.into());
    document.extend(more.map(|(name, value)| (name.to_owned(), value)));
    document
}

/// When nobody waits for the end of a run.
pub fn accepted(delivered: &Delivered) -> Answer {
    let mut document = document(delivered);
    let status = match &delivered.outcome {
        Some(Outcome::Refused { message, .. }) => {
            document.insert("error".to_owned(), message.as_str().into());
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Some(
            Outcome::Held(_) | Outcome::Started(_) | Outcome::Merged { .. } | Outcome::Skipped(_),
        )
        | None => StatusCode::ACCEPTED,
    };
    answer(status, &Value::Object(document))
}

/// The run that a sender may wait for.
pub fn run_of(delivered: &Delivered) -> Option<RunId> {
    match delivered.outcome {
        Some(Outcome::Started(run)) => Some(run),
        _ => None,
    }
}

/// The driver has not taken it: it may come again.
pub fn refused(fault: &Fault) -> Answer {
    let after = match fault.code {
        FaultCode::TriggerNotArmed | FaultCode::NoTrigger => return not_found(),
        FaultCode::Busy | FaultCode::Draining => SOON,
        // no space, a restored store that is held, a workflow out of service
        _ => NOT_SO_SOON,
    };
    // what it is exactly stands in `rpa triggers` and in the log
    later(StatusCode::SERVICE_UNAVAILABLE, &format!("{}: try again", fault.code), after)
}
