//! What the `vars` of steps come to.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use rpa_engine::run::{Asked, EvalJob, Evaluation, EventId, Published, Purpose};
use rpa_engine::{BlobRef, Ident, RunId, StepPath, TaskError, Value, WorkflowRef};

use super::{Callee, Expressions, LoopRecord, Records, StepRecord, bug};
use crate::expr::{Evaluator, SecretSource};

/// The items of the loops of a run that are under way or have ended, and nothing else.
struct Loops(BTreeMap<StepPath, LoopRecord>);

impl Records for Loops {
    fn step(&self, _: RunId, _: &StepPath) -> Result<Option<StepRecord>, TaskError> {
        Ok(None)
    }

    fn ended_loop(&self, _: RunId, path: &StepPath) -> Result<Option<LoopRecord>, TaskError> {
        Ok(self.0.get(path).cloned())
    }

    fn callee(&self, _: RunId, _: &WorkflowRef) -> Result<Callee, TaskError> {
        Err(bug("nothing is called"))
    }

    fn event(&self, _: RunId, _: EventId) -> Result<Option<Published>, TaskError> {
        Err(bug("nothing is published"))
    }

    fn put(&self, _: RunId, _: &Value) -> io::Result<Value> {
        Err(io::Error::other("nothing is large"))
    }

    fn get(&self, _: RunId, _: &BlobRef) -> io::Result<Value> {
        Err(io::Error::other("nothing is large"))
    }
}

fn path(text: &str) -> StepPath {
    text.parse().unwrap()
}

/// What `purpose` comes to in a run of the file with these variables and loops.
fn evaluated(
    source: &str,
    vars: &[(&str, Value)],
    loops: &[(&str, &[&str])],
    purpose: Purpose,
) -> Evaluation {
    let checked = crate::workflow::check(source, "f.yaml", &"default".parse().unwrap());
    let definition = checked.workflow.unwrap_or_else(|| panic!("{:#?}", checked.problems));
    let record = |items: &[&str]| LoopRecord {
        items: Value::List(items.iter().copied().map(Value::from).collect()),
        turns: items.len() as u32,
    };
    let loops = loops.iter().map(|(of, items)| (path(of), record(items))).collect();
    let name = |name: &str| name.parse::<Ident>().unwrap();
    let job = EvalJob {
        run: RunId(7),
        revision: 1,
        definition: Arc::new(definition),
        started_ms: 0,
        vars: vars.iter().map(|(n, value)| (name(n), value.clone())).collect(),
        end: None,
        purpose,
    };
    Expressions::new(Evaluator::default(), Loops(loops)).evaluate(&job)
}

fn ask(of: &str) -> Purpose {
    Purpose::Ask { path: path(of), failed: false }
}

/// What a `set` step at `of` would set, as text.
fn set(source: &str, vars: &[(&str, Value)], loops: &[(&str, &[&str])], of: &str) -> String {
    match evaluated(source, vars, loops, ask(of)) {
        Evaluation::Asked { result: Ok(Asked::Set(set)), .. } => {
            set.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_nearest_is_meant_and_none_sees_its_own() {
    let source = "
version: 1
name: w
variables: {n: {type: number, default: 10}, far: {type: number, default: 1}}
steps:
  - id: outer
    vars: {n: '{{ vars.n + 1 }}', m: '{{ vars.n * 2 }}'}
    steps:
      - id: inner
        vars: {n: '{{ vars.n * 100 + vars.m }}', doc: {a: ['{{ vars.m }}', 1]}}
        if: vars.n == 1120
        set: {x: '{{ vars.n }}', y: '{{ vars.m }}', z: '{{ vars.far }}', d: '{{ vars.doc.a }}'}
  - {id: after, set: {x: '{{ vars.n }}'}}
";
    let vars = [("n", Value::Int(10)), ("far", Value::Int(1))];
    assert_eq!(set(source, &vars, &[], "outer/inner"), "d=[20,1] x=1120 y=20 z=1");
    assert_eq!(set(source, &vars, &[], "after"), "x=10", "outside it is the run's");
    // no state: what it reads has changed, and so has it
    let skipped = evaluated(source, &[("n", Value::Int(11))], &[], ask("outer/inner"));
    assert!(matches!(skipped, Evaluation::Asked { result: Ok(Asked::Skip), .. }), "{skipped:?}");
}

const TURNS: &str = "
version: 1
name: w
variables: {base: {type: string, default: b}}
steps:
  - id: each
    vars: {base: '{{ vars.base }}!', list: ['x', 'y']}
    for_each: '{{ vars.list }}'
    as: host
    steps:
      - id: twice
        vars: {at: '{{ vars.base }}{{ host }}{{ loop.index }}', most: 2}
        repeat: {count: 3, until: loop.index + 1 == vars.most}
        steps:
          - {id: leaf, set: {v: '{{ vars.at }}/{{ loop.index }}'}}
        outputs: {o: '{{ vars.at }}'}
      - id: group
        vars: {who: '{{ host }}'}
        steps: [{id: s, run: 'true'}]
        compensate: {id: undo, set: {v: '{{ vars.who }}{{ vars.base }}'}}
";

#[test]
fn in_a_turn_they_are_those_of_the_loop_and_of_the_turn_around() {
    let (vars, loops) = ([("base", Value::from("b"))], [("each", ["x", "y"].as_slice())]);
    assert_eq!(set(TURNS, &vars, &loops, "each[1]/twice[2]/leaf"), "v=b!y1/2");
    assert_eq!(set(TURNS, &vars, &loops, "each[0]/twice[0]/leaf"), "v=b!x0/0");
    let items = evaluated(TURNS, &vars, &[], ask("each"));
    assert!(matches!(items, Evaluation::Asked { result: Ok(Asked::Items { count: 2, .. }), .. }));
    for (turn, ends) in [(0, false), (1, true)] {
        let again = Purpose::Again { path: path("each[1]/twice"), turn };
        let asked = evaluated(TURNS, &vars, &loops, again);
        assert!(
            matches!(&asked, Evaluation::Again { result: Ok(r), .. } if *r == ends),
            "{asked:?}"
        );
    }
    let behind = Purpose::BodyOutputs { path: path("each[1]/twice[1]") };
    match evaluated(TURNS, &vars, &loops, behind) {
        Evaluation::BodyOutputs { result: Ok(outputs), .. } => {
            assert_eq!(outputs["o"], Value::from("b!y1"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_undoes_a_step_sees_them() {
    let (vars, loops) = ([("base", Value::from("b"))], [("each", ["x", "y"].as_slice())]);
    assert_eq!(set(TURNS, &vars, &loops, "each[1]/group/@undo/undo"), "v=yb!");
}

/// Each is evaluated once: seven levels of twenty that read the twenty outside of them
/// would be a thousand million.
#[test]
fn many_that_read_many_are_soon_done() {
    const NAMES: u32 = 20;
    let sum = (0..NAMES).map(|n| format!("vars.v{n}")).collect::<Vec<_>>().join(" + ");
    let names = |value: &str| {
        (0..NAMES).map(|n| format!("v{n}: '{{{{ {value} }}}}'")).collect::<Vec<_>>().join(", ")
    };
    let mut step = format!("{{id: leaf, set: {{all: '{{{{ {sum} }}}}'}}}}");
    for level in (1..=7).rev() {
        let value = if level == 1 { "1" } else { &sum };
        step = format!("{{id: s{level}, vars: {{{}}}, steps: [{step}]}}", names(value));
    }
    let source = format!("{{version: 1, name: w, steps: [{step}]}}");
    let all = u64::from(NAMES).pow(7);
    assert_eq!(set(&source, &[], &[], "s1/s2/s3/s4/s5/s6/s7/leaf"), format!("all={all}"));
}

#[test]
fn one_that_cannot_be_evaluated_is_named_with_its_step() {
    let source = "
version: 1
name: w
variables: {n: {type: json, default: null}}
steps:
  - id: outer
    vars: {half: '{{ vars.n / 2 }}'}
    steps: [{id: s, set: {x: '{{ vars.half }}'}}, {id: t, set: {x: 1}}]
";
    match evaluated(source, &[("n", Value::from("x"))], &[], ask("outer/s")) {
        Evaluation::Asked { result: Err(error), .. } => {
            assert_eq!(error.code, "RPA0404");
            assert!(error.message.starts_with("vars.half of step outer: "), "{}", error.message);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(set(source, &[], &[], "outer/t"), "x=1", "what nobody reads does not fail");
}

struct Secrets;

impl SecretSource for Secrets {
    fn get(&self, name: &Ident) -> Result<Option<String>, String> {
        Ok((name.as_str() == "key").then(|| "hunter-22".to_owned()))
    }
}

#[test]
fn one_that_reads_a_secret_is_sealed() {
    let source = "
version: 1
name: w
steps:
  - id: outer
    vars: {token: 'Bearer {{ secrets.key }}'}
    steps:
      - id: s
        vars: {head: '{{ vars.token | upper }}'}
        run: echo
        env: {HEAD: 'x {{ vars.head }}'}
";
    let evaluation = evaluated(source, &[], &[], ask("outer/s"));
    let Evaluation::Asked { result: Ok(Asked::Run(input)), .. } = evaluation else {
        panic!("{evaluation:?}")
    };
    assert!(!format!("{input:?}").contains("hunter"));
    let expressions = Expressions::new(Evaluator::default(), Loops(BTreeMap::new()));
    let unsealed = expressions.unseal(&input, &Secrets).unwrap();
    assert!(unsealed.value.to_string().contains("x BEARER HUNTER-22"), "{}", unsealed.value);
    assert!(unsealed.tainted.iter().any(|text| text == "hunter-22"));
}
