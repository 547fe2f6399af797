//! Handing a run to the daemon, so that it is accepted once and only once.

use rpa_ipc::client::CALL_DEADLINE;
use rpa_ipc::service::{RpadClient, SubmitRequest};
use rpa_ipc::view::Started;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::run::Args;
use super::session::Session;
use super::variables;
use super::wire::{Link, Repeat};

/// Starts the run. Repeated when no answer comes: the request id is the same
/// each time, and the daemon makes one run of it, however often it is asked.
pub async fn submit(args: &Args, session: &Session, link: &mut Link) -> Result<Started, Fault> {
    let request_id = match &args.request_id {
        Some(id) => checked_id(id)?,
        None => uuid::Uuid::now_v7().to_string(),
    };
    let request = SubmitRequest {
        namespace: session.namespace.clone(),
        workflow: args.workflow.clone(),
        variables: variables::collect(&args.vars, args.vars_file.as_deref())?,
        request_id: request_id.clone(),
    };
    link.notice(format!("no answer yet; asking again with the same request id {request_id}"));
    let answer = send(&request, Repeat::Unanswered, link).await;
    link.notice("the daemon is away; the run goes on when it is back".to_owned());
    answer.map_err(|fault| unanswered(fault, &request_id))
}

/// One request, as often as `repeat` says.
pub async fn send(
    request: &SubmitRequest,
    repeat: Repeat,
    link: &mut Link,
) -> Result<Started, Fault> {
    let call = async |rpc: &RpadClient, context| rpc.submit(context, request.clone()).await;
    link.repeat(repeat, CALL_DEADLINE, call).await
}

/// At most 128 printable characters, as the daemon wants it.
pub fn checked_id(id: &str) -> Result<String, Fault> {
    let length = id.chars().count();
    if (1..=128).contains(&length) && !id.chars().any(char::is_control) {
        return Ok(id.to_owned());
    }
    Err(fault!(FaultCode::Usage, "request-id-option"))
}

/// When the connection was lost for good, the run may have been accepted.
fn unanswered(fault: Fault, request_id: &str) -> Fault {
    let lost = fault.code == FaultCode::Deadline || fault.context.iter().any(|c| c.0 == "away");
    if !lost {
        return fault;
    }
    fault.with("request_id", request_id).hint(said!("hint-same-request-id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_are_short_and_printable() {
        let longest = "é".repeat(128);
        for good in ["a", "invoices-2026-11-20", "with blanks", longest.as_str()] {
            assert_eq!(checked_id(good).as_deref(), Ok(good));
        }
        for bad in ["", "line\nbreak", &"a".repeat(129)] {
            assert_eq!(checked_id(bad).unwrap_err().code, FaultCode::Usage, "{bad}");
        }
    }
}
