//! `rpa event publish`: gives an event to the steps that wait for it.

use clap::Subcommand;
use rpa_ipc::FaultCode;
use rpa_ipc::asking::{EventPublished, EventRequest};
use rpa_ipc::service::RpadClient;

use super::data::Data;
use super::exit::{Exit, Failure};
use super::json::EventDocument;
use super::session::Session;
use super::text::{Line, Style, number};

/// Publish an event for the triggers and steps that wait for it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa event publish payment.settled --data '{\"payment\": \"2026-117\"}'
  rpa event publish file.arrived --field path=/srv/in/a.csv
  rpa event publish order.paid --data @order.json --json")]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Publish(Publish),
}

/// Publish an event: triggers and steps that wait for it are told; it is not kept
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Steps of the namespace are given it: see -n. Those without `match` take it at
once; those with one look whether it fits. Values of --field are text; for
numbers, lists and the like use --data.

Examples:
  rpa event publish payment.settled --field payment=2026-117
  rpa event publish order.paid --data @order.json")]
pub struct Publish {
    /// What steps wait for, like payment.settled
    pub name: String,

    #[command(flatten)]
    pub data: Data,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let Command::Publish(args) = args.command;
    let data = args.data.read(FaultCode::BadEvent)?;
    let request = EventRequest { namespace: session.namespace.clone(), name: args.name, data };
    let call = async |rpc: &RpadClient, context| rpc.publish_event(context, request.clone()).await;
    // never made again: each call is an event of its own
    let published = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&EventDocument::of(&request.name, &published))?;
    } else {
        session.out.line(told(&request.name, &published))?;
    }
    Ok(Exit::OK)
}

fn told(name: &str, published: &EventPublished) -> Line {
    let line = Line::new().push(Style::Bold, name).plain(format!("  event {}  ", published.id));
    let EventPublished { triggers, waited, took, looking, .. } = *published;
    let line = match triggers {
        0 => line,
        1 => line.plain("1 trigger was told"),
        many => line.plain(format!("{} triggers were told", number(many.into()))),
    };
    let line = if triggers > 0 && waited > 0 { line.plain("; ") } else { line };
    let (steps, s) = match waited {
        0 if triggers > 0 => return line,
        0 => return line.push(Style::Warn, "nobody waited for it: events are not kept"),
        1 => ("1 step".to_owned(), "s"),
        many => (format!("{} steps", number(many.into())), ""),
    };
    line.plain(match (took, looking) {
        (_, 0) => format!("{steps} waited for it and took it"),
        (0, _) => format!("{steps} waited for it and look{s} whether it fits"),
        (took, looking) => {
            let (took, looking) = (number(took.into()), number(looking.into()));
            format!("{steps} waited for it: {took} took it, {looking} look whether it fits")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_nobody_waited_for_is_gone() {
        let said = |took, looking| {
            let (id, waited) = ("019d".into(), took + looking);
            told("paid", &EventPublished { id, triggers: 0, waited, took, looking }).text()
        };
        let table = [
            (0, 0, "nobody waited for it: events are not kept"),
            (1, 0, "1 step waited for it and took it"),
            (1200, 0, "1 200 steps waited for it and took it"),
            (0, 1, "1 step waited for it and looks whether it fits"),
            (0, 2, "2 steps waited for it and look whether it fits"),
            (1, 1200, "1 201 steps waited for it: 1 took it, 1 200 look whether it fits"),
        ];
        for (took, looking, wanted) in table {
            assert_eq!(said(took, looking), format!("paid  event 019d  {wanted}"));
        }
    }
}
