//! A bench for one task: a context, its marker, and the log it writes.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rpa_engine::{AttemptId, ErrorClass, Map, RunId, Value};
use rpa_tasks::process::Group;
use rpa_tasks::{Context, Ended, Footprint, LogLevel, LogLine, LogStream, Marker, Registry};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes; only a defect reaches it.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

pub(crate) struct Bench {
    pub(crate) ctx: Context,
    pub(crate) marks: Arc<Marks>,
    pub(crate) lines: Vec<LogLine>,
    log: mpsc::Receiver<LogLine>,
    _dir: TempDir,
}

/// What was marked; fails when told to.
#[derive(Default)]
pub(crate) struct Marks {
    pub(crate) footprints: Mutex<Vec<Footprint>>,
    pub(crate) groups: Mutex<Vec<Group>>,
    pub(crate) refuse: AtomicBool,
}

impl Marker for Marks {
    fn about_to_act(&self, footprint: Footprint) -> io::Result<()> {
        if self.refuse.load(Ordering::SeqCst) {
            return Err(io::Error::from_raw_os_error(28));
        }
        self.footprints.lock().unwrap().push(footprint);
        Ok(())
    }

    fn began(&self, group: &Group) -> io::Result<()> {
        self.groups.lock().unwrap().push(group.clone());
        Ok(())
    }
}

impl Bench {
    pub(crate) fn new() -> Bench {
        let dir = tempfile::tempdir().unwrap();
        let marks = Arc::new(Marks::default());
        // small, so that every longer output meets a full log
        let (sender, log) = mpsc::channel(4);
        let default = "default".parse().unwrap();
        let ctx = Context {
            attempt: AttemptId { run: RunId(7), path: "only".parse().unwrap(), number: 2 },
            workflow: rpa_engine::WorkflowRef::parse("bench", &default).unwrap(),
            idempotency_key: "key-1".into(),
            dir: dir.path().to_owned(),
            env: Default::default(),
            inherited: Arc::default(),
            cancel: CancellationToken::new(),
            grace: Duration::from_secs(10),
            log: sender,
            marker: marks.clone(),
            publisher: Arc::new(rpa_tasks::NobodyListens),
            mask: Arc::new(rpa_tasks::Unmasked),
            output_limit: 1024 * 1024,
        };
        Bench { ctx, marks, lines: Vec::new(), log, _dir: dir }
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.ctx.dir
    }

    pub(crate) async fn run<const N: usize>(
        &mut self,
        kind: &str,
        input: [(&str, Value); N],
    ) -> Ended {
        self.run_with(kind, input, |_| false).await
    }

    /// Runs a task and cancels it at the first log line that `cancel_at` names.
    pub(crate) async fn run_with<const N: usize>(
        &mut self,
        kind: &str,
        input: [(&str, Value); N],
        cancel_at: impl Fn(&LogLine) -> bool,
    ) -> Ended {
        self.drive(kind, input, cancel_at, std::future::ready(())).await
    }

    /// The same, taking nothing from the log before `readable` is done.
    pub(crate) async fn drive<const N: usize>(
        &mut self,
        kind: &str,
        input: [(&str, Value); N],
        cancel_at: impl Fn(&LogLine) -> bool,
        readable: impl Future<Output = ()>,
    ) -> Ended {
        let registry = Registry::builtin();
        let mut work = registry.get(kind).unwrap().run(&self.ctx, map(input));
        let deadline = tokio::time::sleep(DEADLINE);
        tokio::pin!(deadline, readable);
        let mut reading = false;
        let ended = loop {
            tokio::select! {
                ended = &mut work => break ended,
                () = &mut readable, if !reading => reading = true,
                Some(line) = self.log.recv(), if reading => {
                    if cancel_at(&line) {
                        self.ctx.cancel.cancel();
                    }
                    self.lines.push(line);
                }
                () = &mut deadline => panic!("no end; the log so far: {:?}", self.lines),
            }
        };
        drop(work);
        self.lines.extend(std::iter::from_fn(|| self.log.try_recv().ok()));
        ended
    }

    /// Runs a task while nobody takes anything from the log.
    pub(crate) async fn run_unread<const N: usize>(
        &self,
        kind: &str,
        input: [(&str, Value); N],
    ) -> Ended {
        let registry = Registry::builtin();
        let work = registry.get(kind).unwrap().run(&self.ctx, map(input));
        tokio::time::timeout(DEADLINE, work).await.expect("an end in time")
    }

    pub(crate) fn close_log(&mut self) {
        self.log.close();
    }

    /// The texts of one stream, in order.
    pub(crate) fn texts(&self, stream: LogStream) -> Vec<&str> {
        self.lines.iter().filter(|l| l.stream == stream).map(|l| l.text.as_str()).collect()
    }

    /// Remarks of level warn.
    pub(crate) fn warnings(&self) -> Vec<&str> {
        let warn = |l: &&LogLine| l.stream == LogStream::Log && l.level == LogLevel::Warn;
        self.lines.iter().filter(warn).map(|l| l.text.as_str()).collect()
    }

    /// Whether a group was marked yet: a command may be heard of before that.
    pub(crate) fn is_marked(&self) -> bool {
        !self.marks.groups.lock().unwrap().is_empty()
    }

    /// The one group that was marked.
    pub(crate) fn group(&self) -> Group {
        let groups = self.marks.groups.lock().unwrap();
        let [group] = &groups[..] else { panic!("{groups:?}") };
        group.clone()
    }

    pub(crate) fn marked(&self) -> usize {
        self.marks.footprints.lock().unwrap().len()
    }

    /// Names in the step's directory, without the script.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.dir()).unwrap();
        let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|n| n != ".rpad-script").collect();
        names.sort();
        names
    }
}

pub(crate) fn map<const N: usize>(input: [(&str, Value); N]) -> Map {
    input.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
}

#[track_caller]
pub(crate) fn succeeded(ended: Ended) -> Value {
    match ended {
        Ended::Succeeded(output) => output,
        other => panic!("{other:?}"),
    }
}

/// Class, code, message and output of a failure.
#[track_caller]
pub(crate) fn failed(ended: Ended) -> (ErrorClass, String, String, Value) {
    match ended {
        Ended::Failed { error, output } => (error.class, error.code, error.message, output),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(crate) fn never_started(ended: Ended) -> (ErrorClass, String, String) {
    match ended {
        Ended::NeverStarted(error) => (error.class, error.code, error.message),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(crate) fn lost(ended: Ended) -> String {
    match ended {
        Ended::Lost(why) => why,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(crate) fn text<'a>(output: &'a Value, field: &str) -> &'a str {
    output.get(field).and_then(Value::as_text).unwrap()
}

#[track_caller]
pub(crate) fn int(output: &Value, field: &str) -> i64 {
    output.get(field).and_then(Value::as_int).unwrap()
}

/// Waits for `condition`, which is to come true by itself.
pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !condition() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Whether process `pid` runs, zombies excluded.
pub(crate) fn runs(pid: &str) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    !stat[stat.rfind(')').unwrap()..].starts_with(") Z")
}
