//! Files of tests as a person meets them: files in, problems or tests out.

use rpa_engine::run::{RunStatus, StepStatus};
use rpa_engine::{ErrorClass, Label, Value};

use super::expect::{ERROR_KEYS, EXPECT_KEYS, INPUT_KEYS, STEP_KEYS};
use super::given::{FAIL_KEYS, TRY_KEYS};
use super::read::{KEYS, TEST_KEYS};
use super::words::{APPROVE_KEYS, EVENT_KEYS, REJECT_KEYS};
use super::*;
use crate::workflow::fields::Keys;

const FULL: &str = "\
version: 1
workflow: w.yaml
workflows: [other.yaml]
tests:
  - name: one
    run: 0193f2a0-1111-7222-8333-444455556666
    now: 2026-11-21T09:00:00Z
    variables: {limit: 50}
    secrets: {token: dummy}
    cancel_after: 2h
    steps:
      usage: {output: {stdout: x}, takes: 3s}
      each[*]/big:
        - exit: 2
          output: {stdout: '', exit_code: 2}
        - fail: {class: connection, message: refused, started: false}
        - http: 503
        - business: no
        - timeout: true
      each[3]/big: {lost: true, resolve: done, output: {id: 7}}
    expect:
      status: failed
      error: {code: RPA0401, step: usage}
      path: [usage, 'each[0]/big']
      steps: {usage: {status: completed, attempts: 2, output: {n: 1}}, each: skipped}
      inputs: {usage: {with: {command: df}}}
      outputs: {n: 2}
      within: 2h
";

const WORKFLOW: &str = "\
version: 1
name: w
variables: {limit: {type: number, max: 100}, day: {type: string, default: x}, key: {type: secret, required: false}}
steps:
  - {id: usage, run: df}
  - id: each
    for_each: [1, 2]
    steps: [{id: big, run: du}, {id: note, set: {n: 1}}]
  - {id: pay, run: pay, compensate: {id: refund, run: refund}}
  - id: ok
    approval:
      message: ok?
      form: {reason: {type: string, max: 5}, count: {type: number, default: 1}}
      approvers: [ann, bob, eve]
      quorum: 2
  - {id: sub, workflow: other}
  - {id: off, workflow: other, detached: true}
  - {id: paid, wait: {event: paid, timeout: 1h}}
handlers: {failure: [{id: tell, uses: log, with: {message: x}}]}
";

fn workflow() -> rpa_engine::Workflow {
    let namespace: Label = "default".parse().unwrap();
    let checked = crate::workflow::check(WORKFLOW, "w.yaml", &namespace);
    checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems))
}

fn called() -> Called {
    let source = "version: 1\nname: other\nsteps: [{id: a, run: a}]\noutputs: {id: 1}\n";
    let checked = crate::workflow::check(source, "other.yaml", &"default".parse().unwrap());
    let other = checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems));
    Called::from([(other.name.clone(), other)])
}

/// The problems of a file, those with the workflow included: place, code, message.
fn problems(source: &str) -> Vec<String> {
    let checked = check_bytes(source.as_bytes(), "f");
    let mut found = checked.problems;
    if let Some(file) = &checked.file {
        found.extend(fit(file, &workflow(), &called(), "f"));
    }
    found.iter().map(|p| format!("{}:{} {} {}", p.line, p.column, p.code, p.message)).collect()
}

fn with_test(rest: &str) -> String {
    format!("version: 1\ntests:\n  - name: t\n    variables: {{limit: 1}}\n{rest}\n")
}

#[test]
fn a_file_with_everything_is_read() {
    let file = check_bytes(FULL.as_bytes(), "f").file.expect("no problems");
    assert_eq!(problems(FULL), [""; 0]);
    assert_eq!(file.workflow.unwrap().value, "w.yaml");
    let [test] = &file.tests[..] else { panic!("one test") };
    assert_eq!(test.name.value, "one");
    assert_eq!(test.now_ms, 1_795_251_600_000);
    assert_eq!(test.cancel_ms, Some(7_200_000));
    let Given::InTurn(tries) = &test.steps[1].1 else { panic!("a list") };
    let classes: Vec<_> = tries
        .iter()
        .map(|t| match &t.ending {
            Ending::Failed { error, started, .. } => format!("{} {started}", error.class.word()),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        classes,
        ["exit(2) true", "connection false", "http(503) true", "business true", "TimedOut"]
    );
    let Given::Always(lost) = &test.steps[2].1 else { panic!("one") };
    let done = Resolve::Done(Map::from([("id".to_owned(), Value::Int(7))]));
    assert_eq!((&lost.ending, &lost.resolve), (&Ending::Lost, &Some(done)));
    let expect = &test.expect;
    assert_eq!(expect.status, RunStatus::Failed);
    assert_eq!(expect.steps["each"].value.status, Some(StepStatus::Skipped));
    assert_eq!(expect.within_ms, Some(7_200_000));
}

#[test]
fn an_expected_error_means_failed() {
    let status = |expect: &str| {
        let source = with_test(&format!("    expect: {expect}"));
        check_bytes(source.as_bytes(), "f").file.unwrap().tests[0].expect.status
    };
    assert_eq!(status("{error: {code: RPA0401}}"), RunStatus::Failed);
    assert_eq!(status("{outputs: {}}"), RunStatus::Completed);
    assert_eq!(status("{status: in_doubt, error: {}}"), RunStatus::InDoubt);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let table = [
        ("tests: [{name: x}]", "1:1 RPA0316 the required key `version` is missing"),
        ("version: 2\ntests: []", "1:10 RPA0305 this is a file of version 2"),
        ("version: 1\ntests: []", "2:8 RPA0305 `tests` is empty"),
        ("version: 1\ntest: []", "2:1 RPA0303 unknown key \"test\" in a file of tests"),
    ];
    for (source, wanted) in table {
        assert!(problems(source).contains(&wanted.to_owned()), "{source}: {:?}", problems(source));
    }
    let table = [
        ("    step: {}", "5:5 RPA0303 unknown key \"step\" in a test"),
        ("    now: tomorrow", "5:10 RPA0305 `now` cannot be \"tomorrow\""),
        (
            "    steps: {usage: {}}",
            "5:20 RPA0316 a result says neither what came back nor how it failed",
        ),
        ("    steps: {usage: {exit: 0}}", "5:27 RPA0305 `exit` cannot be \"0\""),
        (
            "    steps: {usage: {exit: 1, http: 500}}",
            "5:20 RPA0308 a result has `exit` and `http`; it can have only one",
        ),
        ("    steps: {usage: []}", "5:20 RPA0305 a list of results is empty"),
        ("    steps: {usage: {lost: false}}", "5:27 RPA0305 `lost` cannot be \"false\""),
        ("    steps: {usage: {fail: {class: odd}}}", "5:35 RPA0305 `class` cannot be \"odd\""),
        (
            "    steps: {usage: {fail: {class: system, cod: x}}}",
            "5:43 RPA0303 unknown key \"cod\" in `fail`",
        ),
        ("    steps: {usag: {exit: 1}}", "5:13 RPA0310 there is no step \"usag\""),
        ("    steps: {each/big: {exit: 1}}", "5:13 RPA0310 there is no step \"each/big\""),
        ("    steps: {'usage[*]': {exit: 1}}", "5:13 RPA0310 there is no step \"usage[*]\""),
        (
            "    steps: {each: {exit: 1}}",
            "5:13 RPA0308 the step each is no task, and is given no result",
        ),
        (
            "    steps: {'each[*]/note': {exit: 1}}",
            "5:13 RPA0308 the step each[*]/note is no task, and is given no result",
        ),
        ("    expect: {status: done}", "5:22 RPA0305 `status` cannot be \"done\""),
        ("    expect: {path: [each]}", "5:21 RPA0308 each does nothing itself"),
        ("    expect: {path: [a b]}", "5:21 RPA0306 \"a b\" is no path of a step"),
        (
            "    expect: {steps: {usage: {stat: x}}}",
            "5:30 RPA0303 unknown key \"stat\" in an expected step",
        ),
        (
            "    expect: {inputs: {usage: {wit: x}}}",
            "5:31 RPA0303 unknown key \"wit\" in an expected input",
        ),
        ("    expect: {error: {code: 401}}", "5:28 RPA0305 `code` is a string; here is a number"),
    ];
    for (rest, wanted) in table {
        assert_eq!(problems(&with_test(rest)), [wanted], "{rest}");
    }
    let twice = "version: 1\ntests:\n  - {name: a, variables: {limit: 1}}\n  - {name: a, variables: {limit: 1}}\n";
    assert_eq!(problems(twice), ["4:12 RPA0307 a second test \"a\"; the first is on line 3"]);
}

#[test]
fn variables_are_those_of_the_workflow() {
    let given = |variables: &str| {
        problems(&format!("version: 1\ntests:\n  - name: t\n    variables: {variables}\n"))
    };
    assert_eq!(given("{limit: 1, key: token}"), [""; 0]);
    assert_eq!(
        given("{}"),
        ["3:11 RPA0316 the test gives no value for the variable limit (number)"]
    );
    assert_eq!(
        given("{limit: x}"),
        ["4:24 RPA0305 the variable limit takes a number; here is a string"]
    );
    assert_eq!(given("{limit: 101}"), ["4:24 RPA0305 the value of limit is more than 100"]);
    assert_eq!(
        given("{limit: 1, limt: 2}"),
        ["4:33 RPA0313 the workflow has no variable \"limt\""]
    );
    assert_eq!(
        given("{limit: 1, key: 5}"),
        ["4:32 RPA0305 the variable key is given the name of a secret"]
    );
}

#[test]
fn calls_approvals_and_events_are_given_what_they_can_come_to() {
    let good = [
        "sub: {output: {id: 1}, takes: 2h}",
        "sub: [{fail: {class: system}}, {cancelled: true}, {timeout: true}]",
        "ok: {approve: {by: [ann, bob], fields: {reason: x}, comment: fine}}",
        "ok: {approve: {fields: {reason: x, count: 2}}}",
        "ok: [{approve: {by: ann, fields: {reason: x}}}, {reject: {by: bob}}]",
        "ok: [{approve: {by: ann, fields: {reason: x}}}, {timeout: true}]",
        "ok: {reject: true}",
        "ok: {timeout: true}",
        "paid: {event: {data: {n: 1}, by: bank, id: 0193f2a0-1111-7222-8333-444455556666, at: x}}",
        "paid: [{event: {}}, {event: {data: 1}}, {timeout: true}]",
    ];
    for given in good {
        assert_eq!(problems(&with_test(&format!("    steps: {{{given}}}"))), [""; 0], "{given}");
    }
    let bad = [
        ("sub: {lost: true}", "5:18 RPA0308 `lost` has no meaning on a `workflow` step"),
        ("sub: {approve: true}", "5:18 RPA0308 `approve` has no meaning on a `workflow` step"),
        ("sub: {output: x}", "5:18 RPA0305 `output` is a map; here is a string"),
        ("sub: {output: {ib: 1}}", "5:18 RPA0313 workflow `default/other` gives no \"ib\""),
        ("off: {output: {}}", "5:13 RPA0308 the step off is no task, and is given no result"),
        ("usage: {event: {}}", "5:20 RPA0308 `event` has no meaning on a `run` step"),
        ("usage: {cancelled: true}", "5:20 RPA0308 `cancelled` has no meaning on a `run` step"),
        ("paid: {output: {}}", "5:19 RPA0308 `output` has no meaning on a `wait` step"),
        ("paid: {event: {dat: 1}}", "5:28 RPA0303 unknown key \"dat\" in `event`"),
        ("paid: {event: {id: x}}", "5:32 RPA0305 `id` cannot be \"x\""),
        ("ok: {exit: 1}", "5:17 RPA0308 `fail` has no meaning on an `approval` step"),
        (
            "ok: {approve: true}",
            "5:17 RPA0316 the form of step `ok` takes a value for reason (string)",
        ),
        ("ok: {approve: false}", "5:27 RPA0305 `approve` cannot be \"false\""),
        (
            "ok: {approve: {by: ann, fields: {reason: x}}}",
            "5:17 RPA0308 step `ok` needs 2 approvals; here are 1",
        ),
        (
            "ok: {approve: {by: [ann, bob, eve], fields: {reason: x}}}",
            "5:17 RPA0308 step `ok` needs 2 approvals; here are 3",
        ),
        (
            "ok: {approve: {by: [ann, ann], fields: {reason: x}}}",
            "5:17 RPA0307 \"ann\" decides twice",
        ),
        (
            "ok: [{reject: {by: ann}}, {approve: {by: bob, fields: {reason: x}}}]",
            "5:39 RPA0308 step `ok` is decided before this",
        ),
        (
            "ok: {approve: {fields: {reason: longer}}}",
            "5:45 RPA0305 the value of reason has more than 5 characters",
        ),
        (
            "ok: {approve: {fields: {reason: x, count: y}}}",
            "5:55 RPA0305 the field count takes a number; here is a string",
        ),
        (
            "ok: {approve: {fields: {reason: x, raeson: y}}}",
            "5:56 RPA0313 the form of step `ok` has no field \"raeson\"",
        ),
        ("ok: {reject: {by: [ann]}}", "5:31 RPA0305 a name of `by` is a string; here is a list"),
        ("ok: {approve: {by: []}}", "5:32 RPA0305 `by` is empty"),
    ];
    for (given, wanted) in bad {
        assert_eq!(problems(&with_test(&format!("    steps: {{{given}}}"))), [wanted], "{given}");
    }
    let expected = |inputs: &str| {
        problems(&with_test(&format!("    expect: {{inputs: {{{inputs}}}, late: [finish]}}")))
    };
    let asked = "ok: {message: ok?, show: {}, approvers: [ann]}, sub: {with: {}}";
    assert_eq!(expected(asked), [""; 0]);
    assert_eq!(
        expected("ok: {with: {}}"),
        ["5:23 RPA0308 `with` has no meaning on an `approval` step"]
    );
    let late = problems(&with_test("    expect: {late: [soon]}"));
    assert_eq!(late, ["5:21 RPA0305 a promise of `late` cannot be \"soon\""]);
}

#[test]
fn a_star_is_any_turn_and_nothing_else() {
    let pattern = |text: &str| text.parse::<Pattern>().unwrap();
    let path = |text: &str| text.parse::<StepPath>().unwrap();
    assert!(pattern("each[*]/big").matches(&path("each[12]/big")));
    assert!(!pattern("each[*]/big").matches(&path("each[12]/big/x")));
    assert!(!pattern("each[*]/big").matches(&path("each/big")));
    assert!(!pattern("each[3]/big").matches(&path("each[4]/big")));
    assert!(pattern("a[*]/b[*]/c").matches(&path("a[1]/b[2]/c")));
    assert_eq!(
        Pattern::of_all_turns(&path("a[1]/b[22]/c/@undo/d")).to_string(),
        "a[*]/b[*]/c/@undo/d"
    );
    assert_eq!(Pattern::of_all_turns(&path("usage")).to_string(), "usage");
    assert!("each[*".parse::<Pattern>().is_err());
}

#[test]
fn classes_are_read_as_they_are_written() {
    for class in [
        ErrorClass::Exit(137),
        ErrorClass::Http(503),
        ErrorClass::RateLimited,
        ErrorClass::Business,
    ] {
        assert_eq!(class_of(&class.word()), Some(class));
    }
    assert_eq!(class_of("exit"), None);
    assert_eq!(class_of("http(x)"), None);
}

#[test]
fn the_schema_has_every_key_of_the_reader() {
    let schema = schema();
    let check = |place: &str, keys: &Keys| {
        let properties = schema.pointer(place).unwrap().as_object().unwrap();
        let mut listed: Vec<&str> = properties.keys().map(String::as_str).collect();
        let mut known = keys.known.to_vec();
        listed.sort_unstable();
        known.sort_unstable();
        assert_eq!(listed, known, "{place}");
    };
    check("/properties", &KEYS);
    check("/$defs/test/properties", &TEST_KEYS);
    check("/$defs/result/properties", &TRY_KEYS);
    check("/$defs/result/properties/fail/properties", &FAIL_KEYS);
    check("/$defs/result/properties/approve/anyOf/1/properties", &APPROVE_KEYS);
    check("/$defs/result/properties/reject/anyOf/1/properties", &REJECT_KEYS);
    check("/$defs/result/properties/event/properties", &EVENT_KEYS);
    check("/$defs/expect/properties", &EXPECT_KEYS);
    check("/$defs/error/properties", &ERROR_KEYS);
    let step = "/$defs/expect/properties/steps/additionalProperties/anyOf/1/properties";
    check(step, &STEP_KEYS);
    check("/$defs/expect/properties/inputs/additionalProperties/properties", &INPUT_KEYS);
}
