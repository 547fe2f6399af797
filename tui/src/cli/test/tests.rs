//! Runs that are played, and what is said of them.

use std::sync::Arc;

use rpa_config::testfile::{Test, check_bytes, fit};
use rpa_engine::run::RunStatus;
use rpa_engine::{StepPath, Workflow};

use super::play::{Played, Stuck, play};
use super::{Verdict, judged, report};

fn workflow(steps: &str) -> Arc<Workflow> {
    let source = format!("version: 1\nname: w\n{steps}");
    let checked = rpa_config::workflow::check(&source, "w.yaml", &"default".parse().unwrap());
    Arc::new(checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems)))
}

fn test(workflow: &Workflow, rest: &str) -> Test {
    let rest: String = rest.lines().map(|line| format!("    {line}\n")).collect();
    let source = format!("version: 1\ntests:\n  - name: t\n{rest}");
    let checked = check_bytes(source.as_bytes(), "t");
    let file = checked.file.unwrap_or_else(|| panic!("{:?}\n{source}", checked.problems));
    let problems = fit(&file, workflow, "t");
    assert!(problems.is_empty(), "{problems:?}");
    file.tests.into_iter().next().unwrap()
}

fn played(steps: &str, rest: &str) -> Result<Played, Stuck> {
    let workflow = workflow(steps);
    play(&test(&workflow, rest), &workflow)
}

/// The verdict of a test as a person reads it; nothing when it passes.
fn told(steps: &str, rest: &str) -> Vec<String> {
    let workflow = workflow(steps);
    let tested = judged(&test(&workflow, rest), &workflow);
    match &tested.verdict {
        Verdict::Ok => Vec::new(),
        _ => report::of_test(&tested, "t.test.yaml").iter().skip(1).map(|l| l.text()).collect(),
    }
}

fn paths(paths: &[StepPath]) -> Vec<&str> {
    paths.iter().map(StepPath::as_str).collect()
}

const TWO: &str = "steps:\n  - {id: a, run: a, outputs: {n: '{{ stdout | int }}'}}\n  - {id: b, uses: http.request, with: {url: 'http://x/{{ steps.a.output.n }}'}}\noutputs: {n: '{{ steps.a.output.n }}'}\n";

#[test]
fn a_step_without_a_result_says_what_to_write() {
    assert_eq!(
        told(TWO, "steps: {a: {output: {stdout: '3'}}}"),
        [
            "    the step b (http.request) runs, and the test gives no result for it",
            "    hint: write below `steps:` what it gives, for example",
            "      b: {output: {status: 200, headers: {}, body: \"\", json: null, url: \"\", bytes: 0}}",
        ]
    );
    let retried = "steps:\n  - {id: a, run: a, effect: pure, retry: {attempts: 3, delay: 1s}}\n";
    assert_eq!(
        told(retried, "steps: {a: [{exit: 1}, {exit: 2}]}")[0],
        "    attempt 3 of a (shell) begins; 2 results are given"
    );
}

#[test]
fn what_differs_is_shown_where_it_does() {
    let given = "steps: {a: {output: {stdout: '3'}}, b: {output: {status: 200}}}\n";
    assert_eq!(told(TWO, &format!("{given}expect: {{outputs: {{n: 3}}}}")), [""; 0]);
    let expect = "expect: {outputs: {n: 4}, path: [a], inputs: {b: {with: {url: http://x/4}}}}";
    assert_eq!(
        told(TWO, &format!("{given}{expect}")),
        [
            "    path",
            "        \"a\"",
            "      + \"b\"",
            "    inputs.b.with.url",
            "      - \"http://x/4\"",
            "      + \"http://x/3\"",
            "    outputs.n",
            "      - 4",
            "      + 3",
        ]
    );
    let failed = told(TWO, "steps: {a: {exit: 7}}\nexpect: {steps: {b: {output: 1}}}");
    assert_eq!(
        failed[1..3],
        ["      - \"completed\"", "      + \"failed at a: exited with 7 [RPA0401]\""]
    );
    assert_eq!(failed[3..], ["    steps.b.output", "      - 1", "      + nothing"]);
}

#[test]
fn the_clock_goes_to_the_next_moment() {
    let steps = "steps:\n  - {id: a, run: a, effect: pure, timeout: 10s, retry: {attempts: 3, delay: 1m}}\n  - {id: b, wait: 1h}\n  - {id: c, wait: {until: '{{ run.started_at | strftime(\"%Y-%m-%d\") }}T23:00:00Z'}}\n";
    let rest = "now: 2026-11-21T09:00:00Z\nsteps: {a: [{timeout: true}, {output: {}, takes: 11s}, {output: {}, takes: 5s}]}";
    let played = played(steps, rest).unwrap();
    assert_eq!(played.status, RunStatus::Completed);
    assert_eq!(paths(&played.path), ["a", "b", "c"]);
    // until 23:00
    assert_eq!(played.elapsed_ms, 14 * 3_600_000);
    let within = told(steps, &format!("{rest}\nexpect: {{within: 2h}}"));
    assert_eq!(within, ["    within", "      - \"2h\"", "      + \"14h\""]);
}

#[test]
fn a_cancel_ends_what_is_under_way() {
    let steps = "steps:\n  - {id: a, run: a}\n  - {id: b, run: b}\nhandlers: {cancel: [{id: bye, uses: log, with: {message: x}}]}\n";
    let rest = "cancel_after: 5s\nsteps: {a: {output: {}, takes: 10s}}\nexpect: {status: cancelled, path: [a, '@cancel/bye'], steps: {a: cancelled, b: cancelled}, within: 5s}";
    assert_eq!(told(steps, rest), [""; 0]);
}

#[test]
fn a_person_decides_a_doubt_as_the_test_says() {
    let steps = "steps:\n  - {id: pay, run: pay, effect: once}\noutputs: {id: '{{ steps.pay.output.id }}'}\n";
    let status = |given: &str, expect: &str| {
        told(steps, &format!("steps: {{pay: {given}}}\nexpect: {expect}"))
    };
    assert_eq!(status("{lost: true}", "{status: in_doubt}"), [""; 0]);
    let done = "{lost: true, resolve: done, output: {id: 7}}";
    assert_eq!(status(done, "{outputs: {id: 7}}"), [""; 0]);
    let again = "[{lost: true, resolve: retry}, {output: {id: 8}}]";
    assert_eq!(status(again, "{outputs: {id: 8}, steps: {pay: {attempts: 2}}}"), [""; 0]);
    assert_eq!(status("{lost: true, resolve: fail}", "{error: {code: RPA0416}}"), [""; 0]);
    assert_eq!(status("{lost: true}", "{}")[2], "      + \"in_doubt\"");
}

#[test]
fn loops_groups_and_what_undoes_them_run_as_they_would() {
    let steps = "\
variables: {n: {type: list}}
steps:
  - id: each
    for_each: \"{{ vars.n }}\"
    steps: [{id: big, run: du, env: {N: \"{{ item }}\"}, outputs: {m: \"{{ stdout | int }}\"}}]
    outputs: {m: \"{{ steps.big.output.m }}\"}
  - {id: sum, uses: data.transform, with: {value: {all: \"{{ steps.each.output | map(attribute='m') | sum }}\"}}}
  - {id: pay, run: pay, compensate: {id: refund, run: \"true\"}}
  - {id: end, run: \"false\"}
";
    let rest = "\
variables: {n: [x, y, z]}
steps:
  each[*]/big: {output: {stdout: '1'}}
  each[1]/big: {output: {stdout: '40'}}
  pay: {output: {}}
  pay/@undo/refund: {output: {}}
  end: {exit: 1}
expect:
  error: {step: end}
  path: [each[0]/big, each[1]/big, each[2]/big, sum, pay, end, pay/@undo/refund]
  inputs: {'each[1]/big': {env: {N: y}}}
  steps: {sum: {output: {all: 42}}, 'each[2]': completed}
";
    assert_eq!(
        told(
            steps,
            &rest.replace(
                "[each[0]/big, each[1]/big, each[2]/big,",
                "['each[0]/big', 'each[1]/big', 'each[2]/big',"
            )
        ),
        [""; 0]
    );
}

#[test]
fn secrets_are_stand_ins() {
    let steps = "variables: {key: {type: secret}}\nsteps:\n  - {id: a, run: a, env: {T: 'Bearer {{ secrets.token }}', K: '{{ vars.key }}'}}\n";
    let rest = "variables: {key: mine}\nsecrets: {token: dummy}\nsteps: {a: {output: {}}}\nexpect: {inputs: {a: {env: {T: Bearer dummy, K: '***'}}}}";
    assert_eq!(told(steps, rest), [""; 0]);
}

#[test]
fn large_documents_are_as_in_the_daemon() {
    let steps = "steps:\n  - {id: a, run: a}\n  - {id: b, set: {n: '{{ steps.a.output.stdout | length }}', x: '{{ steps.a.output.stdout }}'}}\n  - {id: c, uses: data.transform, with: {value: '{{ vars.x | length }}'}}\noutputs: {n: '{{ vars.n }}', m: '{{ steps.c.output.value }}'}\n";
    let rest = format!(
        "steps: {{a: {{output: {{stdout: '{}'}}}}}}\nexpect: {{outputs: {{n: 300000, m: 300000}}}}",
        "x".repeat(300_000)
    );
    assert_eq!(told(steps, &rest), [""; 0]);
}
