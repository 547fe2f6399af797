//! What is read of a run's log: pages, windows, and searches.

use std::io;
use std::time::{Duration, Instant};

use rpa_engine::run::RunStatus;
use rpa_engine::{RunId, StepPath, Workflow};
use rpa_ipc::service::{LogAnchor, LogFindQuery, LogQuery, LogWindowQuery, Reply};
use rpa_ipc::view::{LogFound, LogLine, LogPage, LogWindow};
use rpa_ipc::{FaultCode, fault, said};

use super::Office;
use super::views::read;
use crate::runlog::{self, Line, Range, Search, Text, Wanted};
use crate::store::{Reader, StoreError};

/// Log lines of one page.
const MOST_LINES: u32 = 10_000;
/// Lines on each side of a window.
const MOST_BESIDE: u32 = 1_000;
/// How long one call looks at lines that it does not send.
const LOOKING: Duration = Duration::from_millis(50);
/// Longest text that is looked for, in bytes.
const LONGEST_TEXT: usize = 1024;

pub async fn log_page(office: &Office, run: RunId, query: &LogQuery) -> Reply<LogPage> {
    let (status, whole) = standing(office, run, query.step.as_ref()).await?;
    let logs = office.logs.clone();
    let (from, max) = (query.from, query.max.clamp(1, MOST_LINES) as usize);
    let step = query.step.clone();
    let (lines, next, ended) = blocking(office, run, move || {
        let range = Range { from, max, step: step.as_ref().map(StepPath::as_str) };
        let deadline = Instant::now() + LOOKING;
        let (lines, next) = runlog::read_range(&logs.path(run), &range, deadline)?;
        let ended = whole && lines.len() < max && next == logs.length(run)?.1;
        Ok((lines, next, ended))
    })
    .await?;
    let lines = lines.into_iter().map(line_view).collect();
    Ok(LogPage { lines, next, ended, status: status.word().into() })
}

/// The window as it is now.
pub async fn log_window(office: &Office, run: RunId, query: &LogWindowQuery) -> Reply<LogWindow> {
    let (_, ended) = standing(office, run, query.step.as_ref()).await?;
    let logs = office.logs.clone();
    let anchor = match query.anchor {
        LogAnchor::Tail => u64::MAX,
        LogAnchor::Line(line) => line,
    };
    let (before, after) = (query.before.min(MOST_BESIDE), query.after.min(MOST_BESIDE));
    let step = query.step.clone();
    let text = query.troubles.then(Text::troubles);
    let window = blocking(office, run, move || {
        let wanted = Wanted {
            anchor,
            before: before as usize,
            after: after as usize,
            step: step.as_ref().map(StepPath::as_str),
            text: text.as_ref(),
        };
        let deadline = Instant::now() + LOOKING;
        runlog::read_window(&logs.path(run), logs.length(run)?, &wanted, deadline)
    })
    .await?;
    Ok(LogWindow {
        lines: window.lines.into_iter().map(line_view).collect(),
        from: window.from,
        to: window.to,
        total: window.total,
        bytes: window.bytes,
        ended,
    })
}

pub async fn log_find(office: &Office, run: RunId, query: LogFindQuery) -> Reply<LogFound> {
    standing(office, run, query.step.as_ref()).await?;
    let text = Some(&query.text).filter(|text| text.len() <= LONGEST_TEXT);
    let text = match query.troubles {
        true => Text::troubles(),
        false => text.and_then(|text| Text::new(text)).ok_or_else(|| {
            let most = LONGEST_TEXT;
            fault!(FaultCode::Usage, "text-length", most = most).hint(said!("hint-part-of-text"))
        })?,
    };
    let logs = office.logs.clone();
    let found = blocking(office, run, move || {
        let search = Search {
            text: &text,
            step: query.step.as_ref().map(StepPath::as_str),
            from: query.from,
            backwards: query.backwards,
        };
        let deadline = Instant::now() + LOOKING;
        runlog::find(&logs.path(run), logs.length(run)?, &search, deadline)
    })
    .await?;
    Ok(LogFound { line: found.line, next: found.next, done: found.done })
}

/// The run's status, and whether its log is whole. To be asked before the log is
/// read: what is written after it belongs to the next page. The last remark of a run
/// follows its end, and then the log is closed.
pub async fn standing(
    office: &Office,
    run: RunId,
    step: Option<&StepPath>,
) -> Reply<(RunStatus, bool)> {
    let wanted = step.cloned();
    let (status, known) = read(office, move |reader| {
        let known = wanted.is_none_or(|path| has_step(reader, run, &path).unwrap_or(true));
        Ok((reader.status(&reader.row(run)?)?, known))
    })
    .await?;
    if let (false, Some(step)) = (known, step) {
        return Err(fault!(FaultCode::NoStep, "no-step", run = run.short(), step = step));
    }
    Ok((status, status.ended() && !office.logs.is_open(run)))
}

/// Lines in the log by now.
pub async fn length(office: &Office, run: RunId) -> Reply<u64> {
    let logs = office.logs.clone();
    blocking(office, run, move || logs.length(run)).await.map(|(_, lines)| lines)
}

/// Whether the step at `path` is in the run's file, or a list of steps there that is no
/// step itself: `@failure`, `pay/@undo`.
fn has_step(reader: &Reader, run: RunId, path: &StepPath) -> Result<bool, StoreError> {
    let Some(head) = reader.head(run)? else { return Ok(false) };
    let revision = reader.revision(head.namespace, &head.workflow.name, head.revision)?;
    Ok(is_known(&revision.definition, path))
}

fn is_known(definition: &Workflow, path: &StepPath) -> bool {
    let is_list = || path.as_str().rsplit('/').next().is_some_and(|last| last.starts_with('@'));
    let list = || is_list().then(|| definition.list_at(path.as_str(), |_| None)).flatten();
    definition.step_at(path).is_some() || list().is_some_and(|list| !list.is_empty())
}

async fn blocking<T: Send + 'static>(
    office: &Office,
    run: RunId,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Reply<T> {
    let looked = office.lookers.look(work).await?;
    looked.map_err(|e| fault!(FaultCode::NoLog, "log-unreadable", run = run, error = e))
}

fn line_view((number, line): (u64, Line)) -> LogLine {
    LogLine {
        number,
        time_ms: line.time_ms,
        path: line.path,
        attempt: line.attempt,
        stream: line.stream,
        level: line.level,
        text: line.text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_turns_and_lists_of_a_file_are_known() {
        let source = "\
version: 1
name: nested
steps:
  - id: each
    for_each: [1, 2]
    steps:
      - id: send
        run: 'true'
        compensate:
          - id: back
            run: 'true'
handlers:
  failure:
    - id: tell
      run: 'true'
";
        let namespace = "default".parse().unwrap();
        let checked = rpa_config::workflow::check(source, "nested.yaml", &namespace);
        let definition = checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems));
        let known = |path: &str| is_known(&definition, &path.parse().unwrap());
        for path in [
            "each",
            "each[7]",
            "each[7]/send",
            "each[7]/send/@undo",
            "each[7]/send/@undo/back",
            "@failure",
            "@failure/tell",
        ] {
            assert!(known(path), "{path}");
        }
        for path in ["send", "each/back", "@finally", "@failure/send", "each[7]/@undo"] {
            assert!(!known(path), "{path}");
        }
    }
}
