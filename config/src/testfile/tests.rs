//! Files of tests as a person meets them: files in, problems or tests out.

use rpa_engine::run::{RunStatus, StepStatus};
use rpa_engine::{ErrorClass, Label, Value};

use super::expect::{ERROR_KEYS, EXPECT_KEYS, INPUT_KEYS, STEP_KEYS};
use super::given::{FAIL_KEYS, TRY_KEYS};
use super::read::{KEYS, TEST_KEYS};
use super::*;
use crate::workflow::fields::Keys;

const FULL: &str = "\
version: 1
workflow: w.yaml
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
handlers: {failure: [{id: tell, uses: log, with: {message: x}}]}
";

fn workflow() -> rpa_engine::Workflow {
    let namespace: Label = "default".parse().unwrap();
    let checked = crate::workflow::check(WORKFLOW, "w.yaml", &namespace);
    checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems))
}

/// The problems of a file, those with the workflow included: place, code, message.
fn problems(source: &str) -> Vec<String> {
    let checked = check_bytes(source.as_bytes(), "f");
    let mut found = checked.problems;
    if let Some(file) = &checked.file {
        found.extend(fit(file, &workflow(), "f"));
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
        ["4:24 RPA0305 the variable limit is a number; here is a string"]
    );
    assert_eq!(given("{limit: 101}"), ["4:24 RPA0305 the value of limit is more than 100"]);
    assert_eq!(
        given("{limit: 1, limt: 2}"),
        ["4:33 RPA0313 the workflow has no variable \"limt\""]
    );
    assert_eq!(
        given("{limit: 1, key: 5}"),
        ["4:33 RPA0305 the variable key is given the name of a secret"]
    );
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
    check("/$defs/expect/properties", &EXPECT_KEYS);
    check("/$defs/error/properties", &ERROR_KEYS);
    let step = "/$defs/expect/properties/steps/additionalProperties/anyOf/1/properties";
    check(step, &STEP_KEYS);
    check("/$defs/expect/properties/inputs/additionalProperties/properties", &INPUT_KEYS);
}
