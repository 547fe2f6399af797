//! The checker itself: a sound history is sound, and each planted fault is caught.

use super::checker::check;
use super::history::{
    BIG, Class, Decision, History, Kind, LOOP, Line, NAP_MS, Shown, ShownStep, TRIES, Told,
};

/// One run of each kind, all as they should be.
fn sound() -> History {
    let mut history = History::default();
    for kind in Kind::ALL {
        let run = format!("run-{}", kind.name());
        let request = format!("request-{}", kind.name());
        history.sent.insert(request.clone(), kind);
        history.told.push(Told::Accepted { request, run: run.clone() });
        add(&mut history, &run, kind, None);
    }
    add(&mut history, "run-child", Kind::Child, Some("run-sub"));
    let outputs = |history: &History, run: &str| history.runs[run].outputs.clone();
    let child = outputs(&history, "run-child");
    history.runs.get_mut("run-sub").unwrap().outputs = child;
    history.told.push(Told::Voted { run: "run-ask".into(), approves: true });
    history.told.push(Told::Published { number: 5, waiting: vec!["run-event".into()] });
    let run = "run-seq".to_owned();
    history.told.push(Told::Completed { outputs: outputs(&history, &run), run });
    history
}

fn add(history: &mut History, run: &str, kind: Kind, parent: Option<&str>) {
    let attempts = if kind == Kind::Retry { TRIES } else { 1 };
    let mut shown = Shown {
        kind,
        status: "completed".into(),
        outputs: outputs(kind),
        parent: parent.map(str::to_owned),
        steps: Default::default(),
    };
    for (place, group) in kind.writers().into_iter().enumerate() {
        for (path, _) in group {
            for attempt in 1..=attempts {
                let key = format!("{run}:{path}");
                let at_ms = (kind == Kind::Nap).then_some(1000 + place as u64 * NAP_MS);
                let line = Line { run: run.into(), path: path.clone(), attempt, key, at_ms };
                history.lines.push(line);
            }
            let step = ShownStep { status: "completed".into(), attempts, called: None };
            shown.steps.insert(path, step);
        }
    }
    if kind == Kind::Sub {
        let called = Some("run-child".into());
        let step = ShownStep { status: "completed".into(), attempts: 1, called };
        shown.steps.insert("call".into(), step);
    }
    history.runs.insert(run.into(), shown);
}

fn outputs(kind: Kind) -> String {
    match kind {
        Kind::Seq => r#"{"last":"s9@1"}"#.into(),
        Kind::Par => r#"{"last":"z@1"}"#.into(),
        Kind::Loop => {
            let all: Vec<String> = (0..LOOP).map(|i| format!("\"each[{i}]/x@1\"")).collect();
            format!("{{\"all\":[{}]}}", all.join(","))
        }
        Kind::Retry => format!("{{\"last\":\"r@{TRIES}\"}}"),
        Kind::Child => r#"{"last":"c1@1"}"#.into(),
        Kind::Event => r#"{"n":5}"#.into(),
        Kind::Big => format!("{{\"size\":{BIG}}}"),
        Kind::Sub | Kind::Ask | Kind::Nap => "{}".into(),
    }
}

/// A fault that is put into a sound history, and what the checker says of it.
type Planted = (&'static str, fn(&mut History), &'static str);

const PLANTED: &[Planted] = &[
    ("an acknowledged run is lost", |h| drop(h.runs.remove("run-par")), "is lost"),
    (
        "an attempt has acted twice",
        |h| {
            let line = h.lines[0].clone();
            h.lines.push(line);
        },
        "has acted twice",
    ),
    (
        "a timer was skipped",
        |h| line(h, "run-nap", "after").at_ms = Some(1000 + NAP_MS / 2),
        "has waited 150 ms",
    ),
    (
        "an event is lost",
        |h| run(h, "run-event").outputs = r#"{"n":9}"#.into(),
        "waited for event 5",
    ),
    (
        "a step that must not be was run again",
        |h| {
            let mut again = line(h, "run-seq", "s2").clone();
            again.attempt = 2;
            let at = h.lines.iter().position(|l| l.run == "run-seq" && l.path == "s2").unwrap();
            h.lines.insert(at + 1, again);
            step(h, "run-seq", "s2").attempts = 2;
        },
        "s2 was repeated",
    ),
    (
        "an output has changed",
        |h| run(h, "run-par").outputs = r#"{"last":"z@2"}"#.into(),
        "its steps gave",
    ),
    (
        "what was completed is not any more",
        |h| run(h, "run-seq").status = "running".into(),
        "was seen completed",
    ),
    (
        "a step ran before what it needs",
        |h| {
            let first = h.lines.iter().position(|l| l.run == "run-par").unwrap();
            let last = h.lines.iter().position(|l| l.run == "run-par" && l.path == "z").unwrap();
            h.lines.swap(first, last);
        },
        "before what it needs",
    ),
    (
        "an approval is lost",
        |h| run(h, "run-ask").status = "waiting".into(),
        "the vote on run-ask (true) is lost",
    ),
    ("a called run is lost", |h| drop(h.runs.remove("run-child")), "called by run-sub, is lost"),
    (
        "one request has two runs",
        |h| {
            add(h, "run-seq-2", Kind::Seq, None);
            let request = "request-seq".into();
            h.told.push(Told::Accepted { request, run: "run-seq-2".into() });
        },
        "was given two runs",
    ),
    (
        "a run that nobody has asked for",
        |h| add(h, "run-nap-2", Kind::Nap, None),
        "1 requests for nap, but 2 runs",
    ),
    (
        "the key of a step has changed between attempts",
        |h| h.lines.iter_mut().find(|l| l.path == "r" && l.attempt == 2).unwrap().key = "x".into(),
        "more than one idempotency key",
    ),
    (
        "two steps have one key",
        |h| line(h, "run-loop", "each[3]/x").key = "run-loop:each[4]/x".into(),
        "the idempotency key of another step",
    ),
    (
        "a confirmed step has not acted",
        |h| h.lines.retain(|l| l.path != "each[7]/x"),
        "each[7]/x: attempt 1 has not acted",
    ),
    (
        "a rejected run has acted",
        |h| {
            h.told.retain(|told| !matches!(told, Told::Voted { .. }));
            h.told.push(Told::Voted { run: "run-ask".into(), approves: false });
            run(h, "run-ask").status = "failed".into();
        },
        "though it was rejected",
    ),
    (
        "a step acted after the daemon had forgotten its attempt",
        |h| {
            let mut late = line(h, "run-big", "b").clone();
            late.attempt = 2;
            h.lines.push(late);
        },
        "attempt 2 of 1 has acted",
    ),
    ("a turn is not shown", |h| drop(run(h, "run-loop").steps.remove("each[2]/x")), "is not shown"),
];

fn run<'h>(history: &'h mut History, run: &str) -> &'h mut Shown {
    history.runs.get_mut(run).unwrap()
}

fn step<'h>(history: &'h mut History, of: &str, path: &str) -> &'h mut ShownStep {
    run(history, of).steps.get_mut(path).unwrap()
}

fn line<'h>(history: &'h mut History, run: &str, path: &str) -> &'h mut Line {
    history.lines.iter_mut().find(|l| l.run == run && l.path == path).unwrap()
}

#[test]
fn every_planted_fault_is_caught() {
    assert_eq!(check(&sound()), [""; 0]);
    for (what, plant, wanted) in PLANTED {
        let mut history = sound();
        plant(&mut history);
        let wrong = check(&history);
        assert!(wrong.iter().any(|text| text.contains(wanted)), "{what}: {wrong:#?}");
    }
    assert!(PLANTED.len() >= 10);
}

#[test]
fn what_a_person_has_decided_is_no_fault() {
    let mut history = sound();
    let mut again = line(&mut history, "run-seq", "s2").clone();
    again.attempt = 2;
    let place = history.lines.iter().position(|l| l.run == "run-seq" && l.path == "s2").unwrap();
    history.lines.insert(place + 1, again);
    step(&mut history, "run-seq", "s2").attempts = 2;
    let (run, path) = ("run-seq".to_owned(), "s2".to_owned());
    history.told.push(Told::Resolved { run, path, decision: Decision::Retry });
    assert_eq!(check(&history), [""; 0]);
    assert!(Kind::Seq.writers()[2].contains(&("s2".into(), Class::Doubt)));
}
