//! Was anything lost, done twice, or done out of order? Decided from what clients were
//! told, what steps wrote and what is shown in the end; it knows the workflows and what
//! is promised, and nothing of how the daemon keeps it.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{Class, Decision, History, Kind, LOOP, Line, NAP_MS, Shown, TRIES, Told};

/// Everything that should not be, in words.
pub fn check(history: &History) -> Vec<String> {
    let mut checker = Checker { history, wrong: Vec::new() };
    checker.requests();
    checker.told();
    checker.calls();
    checker.keys();
    for (id, run) in &history.runs {
        checker.run(id, run);
    }
    checker.strangers();
    checker.wrong
}

struct Checker<'h> {
    history: &'h History,
    wrong: Vec<String>,
}

impl Checker<'_> {
    fn wrong(&mut self, text: String) {
        self.wrong.push(text);
    }

    /// Every request that was acknowledged is a run, the same one however often it was
    /// sent, and there are no more runs than requests.
    fn requests(&mut self) {
        let mut accepted: BTreeMap<&str, &str> = BTreeMap::new();
        for told in &self.history.told {
            let Told::Accepted { request, run } = told else { continue };
            let wanted = self.history.sent.get(request);
            match self.history.runs.get(run) {
                None => self.wrong(format!("{run}, accepted for {request}, is lost")),
                Some(shown) if Some(&shown.kind) != wanted => {
                    self.wrong(format!("{run} is not what {request} has asked for"));
                }
                Some(_) => {}
            }
            if accepted.insert(request, run).is_some_and(|other| other != run) {
                self.wrong(format!("{request} was given two runs"));
            }
        }
        let runs: BTreeSet<&&str> = accepted.values().collect();
        if runs.len() != accepted.len() {
            self.wrong("two requests were given one run".into());
        }
        for kind in Kind::ALL {
            let runs = self.history.runs.values();
            let runs = runs.filter(|run| run.kind == kind && run.parent.is_none()).count();
            let sent = self.history.sent.values().filter(|sent| **sent == kind).count();
            if runs > sent {
                self.wrong(format!("{sent} requests for {}, but {runs} runs", kind.name()));
            }
        }
    }

    /// What was acknowledged later than the run.
    fn told(&mut self) {
        for told in &self.history.told {
            match told {
                Told::Accepted { .. } | Told::Resolved { .. } => {}
                Told::Completed { run, outputs } => {
                    let shown = self.history.runs.get(run);
                    if shown.is_none_or(|s| s.status != "completed" || s.outputs != *outputs) {
                        self.wrong(format!("{run} was seen completed with {outputs}: {shown:?}"));
                    }
                }
                Told::Voted { run, approves } => {
                    let wanted = if *approves { "completed" } else { "failed" };
                    let shown = self.history.runs.get(run);
                    if shown.is_none_or(|shown| shown.status != wanted) {
                        self.wrong(format!("the vote on {run} ({approves}) is lost: {shown:?}"));
                    }
                }
                Told::Published { number, waiting } => {
                    for run in waiting {
                        // an earlier one may have come between
                        let shown = self.history.runs.get(run);
                        let got = shown.and_then(|shown| got(&shown.outputs));
                        if got.is_none_or(|got| got > *number) {
                            self.wrong(format!("{run} waited for event {number}, got {got:?}"));
                        }
                    }
                }
            }
        }
    }

    /// A run that was called is there, and its caller alone has called it.
    fn calls(&mut self) {
        let mut called: BTreeMap<&str, &str> = BTreeMap::new();
        for (id, run) in &self.history.runs {
            let Some(step) = run.steps.get("call") else { continue };
            let Some(child) = &step.called else {
                self.wrong(format!("{id} has called nobody"));
                continue;
            };
            called.insert(child, id);
            match self.history.runs.get(child) {
                None => self.wrong(format!("{child}, called by {id}, is lost")),
                Some(shown) if shown.parent.as_ref() != Some(id) => {
                    self.wrong(format!("{child} does not know that {id} has called it"));
                }
                Some(_) => {}
            }
        }
        for (id, run) in &self.history.runs {
            if run.kind == Kind::Child && !called.contains_key(id.as_str()) {
                self.wrong(format!("nobody has called {id}"));
            }
        }
    }

    /// One key for all attempts of a step, and no other step has it.
    fn keys(&mut self) {
        let mut of_step: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        let mut of_key: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
        for line in &self.history.lines {
            let step = (line.run.as_str(), line.path.as_str());
            if *of_step.entry(step).or_insert(&line.key) != line.key {
                self.wrong(format!("{step:?} has more than one idempotency key"));
            }
            if *of_key.entry(&line.key).or_insert(step) != step {
                self.wrong(format!("{step:?} has the idempotency key of another step"));
            }
        }
    }

    fn run(&mut self, id: &str, run: &Shown) {
        let rejected = self
            .history
            .told
            .iter()
            .any(|told| matches!(told, Told::Voted { run, approves: false } if run == id));
        let wanted = if rejected { "failed" } else { "completed" };
        if run.status != wanted {
            return self.wrong(format!("{id} ({}) is {}", run.kind.name(), run.status));
        }
        let mut before: Option<usize> = None;
        for group in run.kind.writers() {
            let mut last = before;
            for (path, class) in group {
                if rejected && path == "act" {
                    if self.lines(id, &path).next().is_some() {
                        self.wrong(format!("{id} has acted, though it was rejected"));
                    }
                    continue;
                }
                let Some((first, confirmed)) = self.step(id, run, &path, class) else { continue };
                if before.is_some_and(|before| first < before) {
                    self.wrong(format!("{id}: {path} ran before what it needs was confirmed"));
                }
                last = last.max(Some(confirmed));
            }
            before = last;
        }
        self.outputs(id, run);
        self.time(id, run);
    }

    fn lines<'a>(&'a self, id: &'a str, path: &'a str) -> impl Iterator<Item = (usize, &'a Line)> {
        let lines = self.history.lines.iter().enumerate();
        lines.filter(move |(_, line)| line.run == id && line.path == path)
    }

    /// One step of a run that has completed: where its first line stands, and that of the
    /// attempt that was confirmed.
    fn step(&mut self, id: &str, run: &Shown, path: &str, class: Class) -> Option<(usize, usize)> {
        let about = format!("{id}: {path}");
        let Some(shown) = run.steps.get(path) else {
            self.wrong(format!("{about} is not shown"));
            return None;
        };
        if shown.status != "completed" {
            self.wrong(format!("{about} is {} in a run that has completed", shown.status));
        }
        let lines: Vec<(usize, u32)> =
            self.lines(id, path).map(|(at, line)| (at, line.attempt)).collect();
        let mut seen = BTreeSet::new();
        for (_, attempt) in &lines {
            if !seen.insert(*attempt) {
                self.wrong(format!("{about}: attempt {attempt} has acted twice"));
            }
            if *attempt > shown.attempts {
                self.wrong(format!("{about}: attempt {attempt} of {} has acted", shown.attempts));
            }
        }
        let decided = |wanted: Decision| {
            let told = self.history.told.iter();
            told.filter(|told| {
                matches!(told, Told::Resolved { run, path: p, decision }
                    if run == id && p == path && *decision == wanted)
            })
            .count()
        };
        let (retries, done) = (decided(Decision::Retry), decided(Decision::Done));
        let earlier = lines.iter().filter(|(_, attempt)| *attempt < shown.attempts).count();
        // what a person has decided while nobody could say whether it was taken counts too
        if class == Class::Doubt && earlier > retries {
            self.wrong(format!("{about} was repeated {earlier} times, {retries} were decided"));
        }
        let confirmed = lines.iter().find(|(_, attempt)| *attempt == shown.attempts);
        let Some((confirmed, _)) = confirmed else {
            if done == 0 {
                self.wrong(format!("{about}: attempt {} has not acted", shown.attempts));
            }
            return None;
        };
        let first = lines.iter().map(|(at, _)| *at).min().unwrap_or(*confirmed);
        Some((first, *confirmed))
    }

    /// What a run gives is what its confirmed attempts have printed.
    fn outputs(&mut self, id: &str, run: &Shown) {
        let said = |path: &str| {
            let attempts = run.steps.get(path).map_or(0, |step| step.attempts);
            format!("\"{path}@{attempts}\"")
        };
        let wanted = match run.kind {
            Kind::Seq => format!("{{\"last\":{}}}", said("s9")),
            Kind::Par => format!("{{\"last\":{}}}", said("z")),
            Kind::Loop => {
                let all: Vec<String> = (0..LOOP).map(|i| said(&format!("each[{i}]/x"))).collect();
                format!("{{\"all\":[{}]}}", all.join(","))
            }
            Kind::Retry => {
                let attempts = run.steps.get("r").map_or(0, |step| step.attempts);
                if attempts < TRIES {
                    self.wrong(format!("{id}: attempt {attempts} succeeded, which fails"));
                }
                format!("{{\"last\":{}}}", said("r"))
            }
            Kind::Child => format!("{{\"last\":{}}}", said("c1")),
            Kind::Sub => {
                let child = run.steps.get("call").and_then(|step| step.called.as_ref());
                let child = child.and_then(|child| self.history.runs.get(child));
                child.map(|child| child.outputs.clone()).unwrap_or_default()
            }
            Kind::Big => format!("{{\"size\":{}}}", super::history::BIG),
            Kind::Ask | Kind::Nap | Kind::Event => return,
        };
        if run.status == "completed" && run.outputs != wanted {
            self.wrong(format!("{id} gives {}, its steps gave {wanted}", run.outputs));
        }
    }

    /// A wait lasts as long as it says.
    fn time(&mut self, id: &str, run: &Shown) {
        if run.kind != Kind::Nap {
            return;
        }
        let at = |path| self.lines(id, path).filter_map(|(_, line)| line.at_ms);
        let (before, after) = (at("before").max(), at("after").min());
        if let (Some(before), Some(after)) = (before, after)
            && after < before + NAP_MS
        {
            self.wrong(format!("{id} has waited {} ms of {NAP_MS}", after.abs_diff(before)));
        }
    }

    /// Nothing was done for a run, or by a step, that nobody knows.
    fn strangers(&mut self) {
        let known: BTreeMap<&str, BTreeSet<String>> = self
            .history
            .runs
            .iter()
            .map(|(id, run)| {
                let steps = run.kind.writers().into_iter().flatten().map(|(path, _)| path);
                (id.as_str(), steps.collect())
            })
            .collect();
        for line in &self.history.lines {
            if !known.get(line.run.as_str()).is_some_and(|steps| steps.contains(&line.path)) {
                self.wrong(format!("{}: {} has acted, which is not shown", line.run, line.path));
            }
        }
    }
}

/// The number of the event that a run has got.
fn got(outputs: &str) -> Option<u64> {
    outputs.strip_prefix("{\"n\":")?.strip_suffix('}')?.parse().ok()
}
