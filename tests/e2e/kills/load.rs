//! Runs of every kind, submitted by clients that remember what they were told, with
//! people who decide, under a daemon that is killed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rpa_tests::{Daemon, Options, Random, World, eventually_within};
use serde_json::Value;

use super::history::{
    BIG, Decision, History, Kind, LOOP, Line, NAP_MS, PAR, SEQ, Shown, ShownStep, TRIES, Told,
};

/// Longest time in which all that is open comes to its end.
const PATIENCE: Duration = Duration::from_secs(180);
/// Clients that submit at the same time.
const CLIENTS: usize = 5;

/// How often clients are looked at.
const LOOK: Duration = Duration::from_millis(2);

/// A second in the live store, then in an archive: runs leave while there is load.
const MOVING: &str = "[retention]\nlive_age = \"1s\"\n";

/// A client that has sent a request.
struct Client {
    request: String,
    kind: Kind,
    process: Child,
}

pub struct Load {
    pub world: World,
    pub daemon: Option<Daemon>,
    pub random: Random,
    pub history: History,
    /// Whether backups are made as long as there is load: by the daemon every second, and
    /// by people.
    pub backs_up: bool,
    /// Requests that nobody has answered: they are sent again.
    unanswered: Vec<(String, Kind)>,
    /// Clients that wait for a daemon to come back.
    waiting: Vec<Client>,
    /// Votes that were sent, answered or not.
    votes: BTreeMap<String, bool>,
    events: u64,
}

impl Load {
    pub fn new(random: Random) -> Load {
        let world = World::new();
        let daemon = Some(world.start_with(&moving()));
        for (name, text) in workflows(&world.path().join("lines").display().to_string()) {
            world.apply(name, &text);
        }
        Load {
            world,
            daemon,
            random,
            history: History::default(),
            backs_up: false,
            unanswered: Vec::new(),
            waiting: Vec::new(),
            votes: BTreeMap::new(),
            events: 0,
        }
    }

    pub fn start(&mut self) {
        self.daemon = Some(self.world.start_with(&self.options()));
        let waiting = std::mem::take(&mut self.waiting);
        self.answers(waiting);
    }

    /// Starts a daemon that dies at a failpoint; it may do so before it answers. Whether
    /// it lives.
    pub fn start_to_die(&mut self, failpoints: &str) -> bool {
        let env = vec![("FAILPOINTS".to_owned(), failpoints.to_owned())];
        let mut daemon = self.world.spawn(&Options { env, ..self.options() });
        let answers = eventually_within(PATIENCE, "the daemon answers or dies", || {
            if daemon.ended().is_some() {
                return Some(false);
            }
            (self.world.rpa(["status"]).code == 0).then_some(true)
        });
        self.daemon = Some(daemon);
        let waiting = std::mem::take(&mut self.waiting);
        self.answers(waiting);
        answers
    }

    /// Whether the daemon has died by itself.
    pub fn is_dead(&mut self) -> bool {
        self.daemon.as_mut().is_none_or(|daemon| daemon.ended().is_some())
    }

    /// A few runs are submitted at the same time, and people decide what waits for them.
    pub fn act(&mut self) {
        let clients = self.submit(CLIENTS);
        self.answers(clients);
        self.people();
        if self.backs_up {
            self.back_up();
        }
    }

    fn options(&self) -> Options {
        let Options { mut settings, .. } = moving();
        if self.backs_up {
            let directory = self.scheduled();
            settings += &format!("[backup]\nevery = \"1s\"\ndirectory = {directory:?}\n");
        }
        Options { settings, ..Options::default() }
    }

    /// Where the daemon makes backups by itself.
    fn scheduled(&self) -> PathBuf {
        self.world.path().join("scheduled")
    }

    /// Somebody makes a backup: what has its name is whole, whether or not the daemon has
    /// died on it.
    pub fn back_up(&self) {
        let file = self.world.path().join("rpad.tar");
        let made = self.ask(&["backup", "--force", file.to_str().expect("a path")]);
        if made.is_some() || file.exists() {
            self.check_backup(&file);
        }
    }

    fn check_backup(&self, file: &Path) {
        let checked = self.world.rpa(["backup", "--check", file.to_str().expect("a path")]);
        assert_eq!(checked.code, 0, "{checked:?}");
    }

    /// What the daemon says of its store, at any moment.
    pub fn examine(&self) {
        let Some(seen) = self.ask_doctor() else { return };
        let wrong = |f: &&Value| f["check"] == "store" && f["severity"] != "ok";
        // somebody may be making a backup, and then nobody looks
        let wrong: Vec<&Value> =
            seen["findings"].as_array().expect("findings").iter().filter(wrong).collect();
        assert!(wrong.iter().all(|f| f["severity"] == "note"), "{wrong:#?}");
    }

    fn ask_doctor(&self) -> Option<Value> {
        let rpa = self.world.rpa(["--json", "doctor"]);
        // 69 is of a daemon that does not answer
        (rpa.code != 69).then(|| serde_json::from_str(&rpa.stdout).expect("JSON"))
    }

    /// SIGKILL while clients are on the line and steps run, by turns to the daemon alone,
    /// whose steps go on in the runner, and to both.
    pub fn kill(&mut self) {
        let clients = self.submit(CLIENTS);
        sleep(Duration::from_micros(self.random.below(60_000)));
        if let Some(daemon) = self.daemon.take() {
            match self.random.below(2) {
                0 => daemon.kill_alone(),
                _ => daemon.kill(),
            }
        }
        self.answers(clients);
    }

    fn submit(&mut self, clients: usize) -> Vec<Client> {
        let mut sent = Vec::new();
        for _ in 0..clients {
            let (request, kind) = self.unanswered.pop().unwrap_or_else(|| {
                // those with many steps come twice as often
                let wide = [Kind::Seq, Kind::Par, Kind::Loop];
                let kinds: Vec<Kind> = Kind::ALL.into_iter().chain(wide).collect();
                let place = usize::try_from(self.random.below(kinds.len() as u64));
                let request = format!("request-{}", self.history.sent.len());
                (request, kinds[place.expect("small")])
            });
            self.history.sent.insert(request.clone(), kind);
            let args = ["--json", "run", kind.name(), "--request-id", &request];
            let mut command = self.world.rpa_command(args);
            command.stdout(Stdio::piped()).stderr(Stdio::null());
            let process = command.spawn().expect("rpa starts");
            sent.push(Client { request, kind, process });
        }
        sent
    }

    /// Waits for the clients; when the daemon dies meanwhile, some of them give up, and
    /// the others wait for the next one.
    fn answers(&mut self, mut clients: Vec<Client>) {
        loop {
            let mut open = Vec::new();
            for mut client in clients {
                match client.process.try_wait().expect("wait") {
                    Some(_) => self.answer(client),
                    None => open.push(client),
                }
            }
            clients = open;
            if clients.is_empty() {
                return;
            }
            if self.is_dead() {
                return self.hang_up(clients);
            }
            sleep(LOOK);
        }
    }

    fn answer(&mut self, client: Client) {
        let Client { request, kind, process } = client;
        let output = process.wait_with_output().expect("rpa ends");
        let answer: Option<Value> = serde_json::from_slice(&output.stdout).ok();
        let run = answer.as_ref().and_then(|answer| answer["run"].as_str());
        match run.filter(|_| output.status.success()) {
            Some(run) => {
                let run = run.to_owned();
                self.history.told.push(Told::Accepted { request, run });
            }
            None => self.unanswered.push((request, kind)),
        }
    }

    fn hang_up(&mut self, clients: Vec<Client>) {
        for mut client in clients {
            if self.random.below(2) == 0 {
                client.process.kill().expect("a client");
                self.answer(client);
            } else {
                self.waiting.push(client);
            }
        }
    }

    /// What people do: they decide doubts by what they see, approve, and publish events.
    pub fn people(&mut self) {
        self.doubts();
        self.approvals();
        self.publish();
    }

    /// The JSON of a command, when the daemon has answered.
    fn ask(&self, args: &[&str]) -> Option<Value> {
        let rpa = self.world.rpa(["--json"].iter().chain(args).copied());
        (rpa.code == 0).then(|| serde_json::from_str(&rpa.stdout).expect("JSON"))
    }

    fn doubts(&mut self) {
        let Some(doubts) = self.ask(&["doubts"]) else { return };
        for doubt in doubts["doubts"].as_array().expect("doubts") {
            let (run, path) = (text(doubt, "run"), text(doubt, "path"));
            let attempt = doubt["attempt"].as_u64().expect("an attempt");
            let acted = self.lines().iter().any(|line| {
                line.run == run && line.path == path && u64::from(line.attempt) == attempt
            });
            let given = format!("stdout={path}@{attempt}");
            let (decision, args) = match acted {
                true => (Decision::Done, vec!["resolve", &run, &path, "done", "--output", &given]),
                false => (Decision::Retry, vec!["resolve", &run, &path, "retry"]),
            };
            // without an answer it may have been taken all the same
            let _ = self.ask(&args);
            self.history.told.push(Told::Resolved { run, path, decision });
        }
    }

    fn approvals(&mut self) {
        let Some(asked) = self.ask(&["approvals"]) else { return };
        for approval in asked["approvals"].as_array().expect("approvals") {
            let (run, digest) = (text(approval, "run"), text(approval, "digest"));
            let random = self.random.below(4) > 0;
            // the same word each time
            let approves = *self.votes.entry(run.clone()).or_insert(random);
            let answer = match approves {
                true => self.ask(&["approve", &run, "--digest", &digest]),
                false => self.ask(&["reject", &run, "--comment", "no"]),
            };
            if answer.is_some() {
                self.history.told.push(Told::Voted { run, approves });
            }
        }
    }

    fn publish(&mut self) {
        let Some(runs) = self.ask(&["runs", "--workflow", "event", "--status", "waiting"]) else {
            return;
        };
        let waiting: Vec<String> =
            runs["runs"].as_array().expect("runs").iter().map(|run| text(run, "run")).collect();
        if waiting.is_empty() {
            return;
        }
        self.events += 1;
        let data = format!("{{\"n\": {}}}", self.events);
        if self.ask(&["event", "publish", "go", "--data", &data]).is_some() {
            self.history.told.push(Told::Published { number: self.events, waiting });
        }
    }

    /// Some of what has completed is remembered: it must stay so.
    pub fn remember(&mut self) {
        let Some(runs) = self.ask(&["runs", "--status", "completed", "--limit", "3"]) else {
            return;
        };
        for run in runs["runs"].as_array().expect("runs") {
            let run = text(run, "run");
            if let Some(shown) = self.ask(&["show", &run]) {
                let outputs = shown["outputs"].to_string();
                self.history.told.push(Told::Completed { run, outputs });
            }
        }
    }

    /// Waits until nothing is open, and reads everything.
    pub fn finish(&mut self) -> &History {
        eventually_within(PATIENCE, "every request is answered", || {
            if self.unanswered.is_empty() {
                return Some(());
            }
            let clients = self.submit(1);
            self.answers(clients);
            None
        });
        eventually_within(PATIENCE, "all runs end", || {
            self.people();
            let mut args = vec!["runs"];
            for status in ["queued", "running", "waiting", "paused", "in_doubt"] {
                args.extend(["--status", status]);
            }
            let open = self.ask(&args)?;
            open["runs"].as_array()?.is_empty().then_some(())
        });
        self.examine();
        eventually_within(PATIENCE, "all runs are in archives", || {
            (self.ask(&["status"])?["kept"]["live_ended"] == 0).then_some(())
        });
        self.examine();
        for entry in fs::read_dir(self.scheduled()).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            // a draft is none yet
            if path.extension().is_some_and(|end| end == "tar") {
                self.check_backup(&path);
            }
        }
        self.history.lines = self.lines();
        for run in self.all_runs() {
            let shown = shown(&self.world.show(&run));
            let twice = self.history.runs.insert(run.clone(), shown);
            assert!(twice.is_none(), "{run} is listed twice");
        }
        let voted: BTreeSet<String> = self.history.told.iter().filter_map(voter).collect();
        for (run, approves) in &self.votes {
            // nobody has answered, but it was taken
            let failed = self.history.runs.get(run).is_some_and(|run| run.status == "failed");
            if !voted.contains(run) && !approves && failed {
                let (run, approves) = (run.clone(), false);
                self.history.told.push(Told::Voted { run, approves });
            }
        }
        &self.history
    }

    fn all_runs(&self) -> Vec<String> {
        let mut runs = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut args = vec!["runs", "--limit", "500"];
            args.extend(cursor.iter().flat_map(|cursor| ["--cursor", cursor]));
            let page = self.world.json(args);
            runs.extend(page["runs"].as_array().expect("runs").iter().map(|r| text(r, "run")));
            match page["next"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return runs,
            }
        }
    }

    fn lines(&self) -> Vec<Line> {
        let text = fs::read_to_string(self.world.path().join("lines")).unwrap_or_default();
        text.lines().map(line).collect()
    }
}

fn moving() -> Options {
    Options { settings: MOVING.to_owned(), ..Options::default() }
}

fn voter(told: &Told) -> Option<String> {
    match told {
        Told::Voted { run, .. } => Some(run.clone()),
        _ => None,
    }
}

fn line(text: &str) -> Line {
    let fields: Vec<&str> = text.split(' ').collect();
    let [run, path, attempt, key, at @ ..] = &fields[..] else { panic!("torn line {text:?}") };
    Line {
        run: (*run).into(),
        path: (*path).into(),
        attempt: attempt.parse().unwrap_or_else(|_| panic!("torn line {text:?}")),
        key: (*key).into(),
        at_ms: at.first().map(|at| at.parse().unwrap_or_else(|_| panic!("torn line {text:?}"))),
    }
}

fn shown(run: &Value) -> Shown {
    let name = text(run, "workflow");
    let name = name.rsplit('/').next().unwrap_or_default();
    let steps = run["steps"].as_array().expect("steps").iter().map(|step| {
        let attempts = step["attempts"].as_u64().and_then(|n| u32::try_from(n).ok());
        let shown = ShownStep {
            status: text(step, "status"),
            attempts: attempts.expect("attempts"),
            called: step["called"].as_str().map(str::to_owned),
        };
        (text(step, "path"), shown)
    });
    let mut steps: BTreeMap<String, ShownStep> = steps.collect();
    // turns that have ended are not shown: which attempt was confirmed says what they gave
    for given in run["outputs"]["all"].as_array().into_iter().flatten() {
        let given = given.as_str().and_then(|given| given.split_once('@'));
        let (path, attempts) = given.expect("a step and its attempt");
        steps.entry(path.to_owned()).or_insert_with(|| ShownStep {
            status: "completed".into(),
            attempts: attempts.parse().expect("an attempt"),
            called: None,
        });
    }
    Shown {
        kind: Kind::of(name).unwrap_or_else(|| panic!("{name}")),
        status: text(run, "status"),
        outputs: run["outputs"].to_string(),
        parent: run["parent"]["run"].as_str().map(str::to_owned),
        steps,
    }
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no {field}: {value:#}")).to_owned()
}

/// The workflows; each step says in one write who it is.
fn workflows(lines: &str) -> Vec<(&'static str, String)> {
    let who = "$RPA_RUN_ID $RPA_STEP $RPA_ATTEMPT $RPA_IDEMPOTENCY_KEY";
    let said = "echo $RPA_STEP@$RPA_ATTEMPT";
    let say = format!("echo \"{who}\" >> {lines}; {said}");
    let timed = format!("echo \"{who} $(date +%s%3N)\" >> {lines}; {said}");
    let class = |i: usize| ["idempotent", "unknown", "once"][i % 3];
    let step = |id: &str, rest: &str| format!("  - {{id: {id}, {rest}, run: '{say}'}}\n");
    let again = "effect: idempotent";
    let last =
        |step: &str| format!("outputs: {{last: '{{{{ steps.{step}.output.stdout | trim }}}}'}}\n");
    let seq: String =
        (0..SEQ).map(|i| step(&format!("s{i}"), &format!("effect: {}", class(i)))).collect();
    let par: String = (0..PAR)
        .map(|i| step(&format!("b{i}"), &format!("needs: [a], effect: {}", class(i))))
        .collect();
    let all: Vec<String> = (0..PAR).map(|i| format!("b{i}")).collect();
    let join = format!("needs: [{}], {again}", all.join(", "));
    let edges = |middle: &str, at: &str| {
        let say = if at.is_empty() { &say } else { &timed };
        let edge = |id: &str| format!("  - {{id: {id}, {again}, run: '{say}'}}\n");
        format!("{}{middle}{}", edge("before"), edge("after"))
    };
    let file = |name: &str, rest: String| format!("version: 1\nname: {name}\nsteps:\n{rest}");
    vec![
        ("seq", file("seq", seq + &last("s9"))),
        ("par", file("par", step("a", again) + &par + &step("z", &join) + &last("z"))),
        (
            "loop",
            file(
                "loop",
                format!(
                    "  - id: each\n    for_each: '{{{{ range({LOOP}) }}}}'\n    as: n\n    \
                     max_parallel: 3\n    steps:\n      - {{id: x, {again}, run: '{say}'}}\n    \
                     outputs: {{x: '{{{{ steps.x.output.stdout | trim }}}}'}}\n\
                     outputs: {{all: \"{{{{ steps.each.output | map(attribute='x') | list }}}}\"}}\n"
                ),
            ),
        ),
        (
            "retry",
            file(
                "retry",
                format!(
                    "  - {{id: r, {again}, retry: {{attempts: 9, delay: 20ms}}, run: '{say}; \
                     test $RPA_ATTEMPT -ge {TRIES}'}}\n"
                ) + &last("r"),
            ),
        ),
        ("child", file("child", step("c0", again) + &step("c1", "effect: unknown") + &last("c1"))),
        (
            "sub",
            file(
                "sub",
                edges("  - {id: call, workflow: child}\n", "")
                    + "outputs: {last: '{{ steps.call.output.last }}'}\n",
            ),
        ),
        (
            "ask",
            file(
                "ask",
                step("before", again)
                    + "  - {id: ok, approval: {message: Go on?, self_approval: true}}\n"
                    + &step("act", "effect: once"),
            ),
        ),
        ("nap", file("nap", edges(&format!("  - {{id: w, wait: {NAP_MS}ms}}\n"), "timed"))),
        (
            "event",
            file(
                "event",
                edges(
                    "  - {id: paid, wait: {event: go}, outputs: {n: '{{ data.n | int }}'}}\n",
                    "",
                ) + "outputs: {n: '{{ steps.paid.output.n }}'}\n",
            ),
        ),
        (
            "big",
            file(
                "big",
                format!(
                    "  - id: b\n    {again}\n    run: |\n      echo \"{who}\" >> {lines}\n      \
                     head -c {BIG} /dev/zero | tr \"\\\\0\" x\n\
                     outputs: {{size: '{{{{ steps.b.output.stdout | length }}}}'}}\n"
                ),
            ),
        ),
    ]
}
