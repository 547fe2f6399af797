//! `rpa why`: why a run, or a step, stands where it stands. The answer is the first
//! line; below it stands what it comes from, and below that what happened. Of a slot of a
//! trigger: `why/slot.rs`.

mod slot;

use rpa_engine::StepPath;
use rpa_ipc::service::RpadClient;
use rpa_ipc::why::{Telling, Why, WhyQuery};

use super::exit::{Exit, Failure};
use super::json::WhyDocument;
use super::paging::{Paging, more};
use super::session::{Session, now_ms};
use super::text::{Line, Look, Style, beside, clock, local};

/// Tell why a run, a step of it, or a slot of a trigger stands where it stands
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa why 444455556666                why it failed, waits, or goes on
  rpa why 6666 report                 why a step was skipped, or has not begun
  rpa why 6666 'each[3]/send'         a step in one turn of a loop
  rpa why 6666 --all                  every event, each start and end as well
  rpa why 6666 --json | jq -r '.why[0].text'
  rpa why disk-report@2026-11-20T03:30            a slot of its only trigger
  rpa why disk-report/nightly@2026-11-20T01:30Z   a slot of this one

The first line is the answer and names the root of it. What it comes from stands
below, then what was decided, in order: who asked for what, what was skipped,
tried again, in doubt, timed out, undone, and why. Of a slot it is told what
became of it, when that was decided, and what would change it; its time is that
of the trigger's time zone, or has an offset.")]
pub struct Args {
    /// A run's id, or a unique ending of it; or a slot: WORKFLOW[/TRIGGER]@TIME
    pub run: String,

    /// One step, as `rpa show` calls it, and what is inside it
    pub step: Option<StepPath>,

    /// Every event, not only those by which something was decided
    #[arg(long)]
    pub all: bool,

    #[command(flatten)]
    pub paging: Paging,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    if let Some(slot) = slot::Wanted::of(&args)? {
        return slot::run(slot, session).await;
    }
    let why = ask(&args, session).await?;
    if session.json {
        session.out.document(&WhyDocument::of(&why))?;
        return Ok(Exit::OK);
    }
    let first = args.paging.cursor.is_none();
    session.out.lines(lines(&why, &session.out.look, now_ms(), first))?;
    more(why.next.as_deref(), session)?;
    Ok(Exit::OK)
}

/// Asks until there are as many tellings as are wanted: of a long journal the daemon
/// looks through a piece for each page, which may have few.
async fn ask(args: &Args, session: &mut Session) -> Result<Why, Failure> {
    let mut link = session.link()?;
    let mut query = WhyQuery {
        run: session.run_ref(&args.run),
        path: args.step.clone(),
        all: args.all,
        limit: args.paging.limit,
        cursor: args.paging.cursor.clone(),
    };
    let mut found: Option<Why> = None;
    loop {
        let call = async |rpc: &RpadClient, context| rpc.why(context, query.clone()).await;
        let page = link.call(call).await?;
        let why = match found.take() {
            None => page,
            Some(mut why) => {
                why.tellings.extend(page.tellings);
                Why { next: page.next, ..why }
            }
        };
        let told = u32::try_from(why.tellings.len()).unwrap_or(u32::MAX);
        if why.next.is_none() || told >= args.paging.limit {
            return Ok(why);
        }
        // the full id: what is a unique ending now need not be one in a moment
        query.run.id = why.run.to_string();
        query.limit = args.paging.limit - told;
        query.cursor.clone_from(&why.next);
        found = Some(why);
    }
}

/// `first`: there is an answer, which further pages do not have.
fn lines(why: &Why, look: &Look, now_ms: u64, first: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for (place, telling) in why.now.iter().enumerate() {
        let (style, indent) = if place == 0 { (Style::Bold, "") } else { (Style::Plain, "  ") };
        lines.extend(beside(look, style, &Line::of(indent), &sentence(telling, look, now_ms)));
    }
    if first && !why.tellings.is_empty() {
        lines.push(Line::new());
    }
    let mut day = String::new();
    for telling in &why.tellings {
        let at_ms = telling.at_ms.unwrap_or_default();
        let (date, zone) = date(at_ms);
        if date != day {
            lines.push(Line::new().push(Style::Dim, format!("{date} {zone}")));
            day = date;
        }
        let clock = Line::of("  ").push(Style::Dim, clock(at_ms)).plain("  ");
        lines.extend(beside(look, Style::Plain, &clock, &sentence(telling, look, now_ms)));
    }
    lines
}

fn sentence(telling: &Telling, look: &Look, now_ms: u64) -> String {
    // of today the clock says enough
    let moment = |ms: u64| match date(ms) == date(now_ms) {
        true => clock(ms),
        false => local(ms),
    };
    // errors may have several lines
    telling.sentence(look.language, &moment).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The date and the offset of a moment, for whoever reads.
fn date(at_ms: u64) -> (String, String) {
    let local = local(at_ms);
    let mut words = local.split(' ');
    let date = words.next().unwrap_or_default().to_owned();
    (date, words.next_back().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    /// Without what depends on the time zone.
    fn shown(look: &Look, first: bool) -> String {
        let lines = lines(&sample::why(), look, sample::NOW, first);
        let width = look.width.unwrap_or(usize::MAX);
        assert!(lines.iter().all(|line| line.cells() <= width), "{lines:#?}");
        lines.iter().map(|line| line.text() + "\n").collect()
    }

    #[test]
    fn the_answer_comes_first_and_nothing_is_cut() {
        let narrow = Look { width: Some(60), ..Look::PLAIN };
        let text = shown(&narrow, true);
        assert!(text.starts_with("the run failed at "), "{text}");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&text), words(&shown(&Look::PLAIN, true)));
        assert!(text.contains("exited with 2 [RPA0401]"), "{text}");
    }

    #[test]
    fn it_is_said_in_bulgarian() {
        let look = Look { language: rpa_ipc::Language::Bulgarian, ..Look::PLAIN };
        let text = shown(&look, true);
        assert!(text.starts_with("изпълнението е неуспешно от "), "{text}");
        assert!(text.contains("командата завърши с код 2 [RPA0401]"), "{text}");
        assert!(!text.contains("step"), "{text}");
    }

    #[test]
    fn what_means_harm_is_taken_out() {
        let mut why = sample::why();
        let what = rpa_ipc::said!("why-cancel-asked", by = "\u{1b}[31mann\nb");
        why.now = vec![Telling::new(None, None, what)];
        let text: String = lines(&why, &Look::PLAIN, sample::NOW, true)[0].text();
        assert_eq!(text, "ann b cancelled the run");
    }
}
