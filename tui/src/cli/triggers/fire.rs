//! `rpa triggers fire` and `test`: a run of a trigger now, or what it would do.

use rpa_engine::Map;
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{FireRequest, TestRequest, Tested};
use rpa_ipc::{Fault, FaultCode, said};
use uuid::Uuid;

use super::super::data::{self, Data};
use super::super::exit::{Exit, Failure};
use super::super::json::TestedDocument;
use super::super::run::{Stay, stay};
use super::super::session::Session;
use super::super::text::{Line, Look, Style};
use super::Which;
use super::standing::name;

/// Start the run of a trigger now, whatever it waits for
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Its `if` is not asked, and neither overlap nor debounce holds it back. The
variables of the run are those of the trigger; the data stands for what it would
have been told of. rpa triggers test shows what comes of it first.

Examples:
  rpa triggers fire disk-report
  rpa triggers fire disk-report nightly --follow
  rpa triggers fire deploy --data @push.json
  rpa triggers fire deploy --data '{\"body\": {\"ref\": \"main\"}}' --wait")]
pub struct FireArgs {
    #[command(flatten)]
    pub which: Which,

    #[command(flatten)]
    pub data: Data,

    /// Makes repeats of this command the same run, for 7 days
    #[arg(long, value_name = "ID")]
    pub request_id: Option<String>,

    #[command(flatten)]
    pub stay: Stay,
}

/// Show what a trigger would do with this, and start nothing
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 a run would start; 2 none would, and it says why.

Examples:
  rpa triggers test disk-report
  rpa triggers test deploy --data @push.json
  rpa triggers test paid --field event=order.paid --json")]
pub struct TestArgs {
    #[command(flatten)]
    pub which: Which,

    #[command(flatten)]
    pub data: Data,
}

pub async fn fire(args: FireArgs, session: &mut Session) -> Result<Exit, Failure> {
    let request = FireRequest {
        of: args.which.of(session),
        data: fields(&args.data)?,
        request_id: args.request_id.unwrap_or_else(|| Uuid::now_v7().to_string()),
    };
    let mut link = session.link()?;
    let call = async |rpc: &RpadClient, context| rpc.fire(context, request.clone()).await;
    let started = link.call(call).await?;
    stay(&started, &args.stay, session, &mut link).await
}

pub async fn test(args: TestArgs, session: &mut Session) -> Result<Exit, Failure> {
    let request = TestRequest { of: args.which.of(session), data: fields(&args.data)? };
    let call = async |rpc: &RpadClient, context| rpc.test_trigger(context, request.clone()).await;
    let tested = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&TestedDocument::of(&tested))?;
    } else {
        session.out.lines(lines(&tested, session))?;
    }
    Ok(if would_start(&tested) { Exit::OK } else { Exit::INVALID })
}

fn fields(data: &Data) -> Result<Map, Fault> {
    let data = data.read(FaultCode::Usage)?;
    data::fields(data).map_err(|fault| fault.hint(said!("hint-event-data")))
}

pub fn would_start(tested: &Tested) -> bool {
    let is_for = |asked: &Option<Result<bool, Fault>>| !matches!(asked, Some(Ok(false) | Err(_)));
    is_for(&tested.fits) && is_for(&tested.wanted) && tested.variables.is_ok()
}

fn lines(tested: &Tested, session: &Session) -> Vec<Line> {
    shown(tested, &session.namespace, &session.out.look)
}

fn shown(tested: &Tested, namespace: &rpa_engine::Label, look: &Look) -> Vec<Line> {
    let Tested { trigger, fits, wanted, variables, facts } = tested;
    let said = |fault: &Fault| fault.message_in(look.language).into_owned();
    let verdict = match would_start(tested) {
        true => Line::new().push(Style::Good, "a run would start"),
        false => Line::new().push(Style::Warn, "no run would start"),
    };
    let mut lines = vec![name(trigger, namespace).plain(": ").append(verdict)];
    for (what, asked) in [("match", fits), ("if", wanted)] {
        let Some(asked) = asked else { continue };
        let answer = match asked {
            Ok(true) => Line::of("true"),
            Ok(false) => Line::new().push(Style::Warn, "false"),
            Err(fault) => Line::new().push(Style::Bad, said(fault)),
        };
        lines.push(Line::of(format!("  {what}  ")).append(answer));
    }
    match variables {
        Ok(variables) => lines.extend(variables.iter().map(|(name, value)| {
            Line::of("  ").push(Style::Bold, name.as_str()).plain(format!(" = {value}"))
        })),
        Err(fault) => lines.push(Line::of("  ").push(Style::Bad, said(fault))),
    }
    lines.push(Line::of("  ").push(Style::Dim, format!("trigger = {facts}")));
    if trigger.status != "armed" {
        let stands = format!("  it is {} now: by itself it starts nothing", trigger.status);
        lines.push(Line::new().push(Style::Warn, stands));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    fn text(tested: &Tested) -> String {
        let lines = shown(tested, &"default".parse().unwrap(), &Look::PLAIN);
        lines.iter().map(Line::text).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_would_come_of_it_is_shown_with_what_was_read() {
        insta::assert_snapshot!(text(&sample::tested()));
    }

    #[test]
    fn what_stands_in_the_way_is_named() {
        let refused = Fault::new(FaultCode::BadTrigger, "`if` cannot be evaluated");
        type Turn<'t> = &'t dyn Fn(&mut Tested);
        let table: [(&str, Turn<'_>); 3] = [
            ("if  false", &|t| t.wanted = Some(Ok(false))),
            ("match  `if` cannot be evaluated", &|t| t.fits = Some(Err(refused.clone()))),
            ("  `if` cannot be evaluated", &|t| t.variables = Err(refused.clone())),
        ];
        for (wanted, turn) in table {
            let mut tested = sample::tested();
            turn(&mut tested);
            assert!(!would_start(&tested));
            let text = text(&tested);
            assert!(text.contains("no run would start") && text.contains(wanted), "{text}");
        }
    }
}
