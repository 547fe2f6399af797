//! Runs that are played, and what is said of them.

use std::sync::Arc;

use rpa_config::testfile::{Called, Test, check_bytes, fit};
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
    let problems = fit(&file, workflow, &Called::new(), "t");
    assert!(problems.is_empty(), "{problems:?}");
    file.tests.into_iter().next().unwrap()
}

fn played(steps: &str, rest: &str) -> Result<Played, Stuck> {
    let workflow = workflow(steps);
    play(&test(&workflow, rest), &workflow, &Called::new())
}

/// The verdict of a test as a person reads it; nothing when it passes.
fn told(steps: &str, rest: &str) -> Vec<String> {
    let workflow = workflow(steps);
    let tested = judged(&test(&workflow, rest), &workflow, &Called::new());
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

/// A step that asks, one that calls, one that waits for an event.
const PAY: &str = "\
variables: {amount: {type: number}}
sla: {finish_within: 3h}
steps:
  - id: ok
    approval:
      message: 'Pay {{ vars.amount }}?'
      show: {amount: '{{ vars.amount }}'}
      form: {reason: {type: string}, urgent: {type: boolean, default: false}}
      approvers: [ann, bob, eve]
      quorum: 2
      timeout: 2h
  - {id: pay, workflow: bank, with: {amount: '{{ vars.amount }}'}, timeout: 1h, retry: {attempts: 2, delay: 1m, on: [system]}}
  - {id: paid, wait: {event: paid, match: event.data.n == vars.amount, timeout: 1h, on_timeout: continue}}
  - {id: told, workflow: tell, with: {n: 1}, detached: true}
outputs: {by: '{{ steps.ok.output.by }}', fields: '{{ steps.ok.output.fields }}', at: '{{ steps.ok.output.at }}', id: '{{ steps.pay.output.id }}', event: '{{ steps.paid.output.by }}', told: '{{ steps.told.output.run }}'}
";

const ASKED: &str = "variables: {amount: 5}\nnow: 2026-11-21T09:00:00Z\n";

fn pay(steps: &str, expect: &str) -> Vec<String> {
    told(PAY, &format!("{ASKED}steps: {{{steps}}}\nexpect: {{{expect}}}"))
}

const OK: &str = "ok: {approve: {by: [ann, bob], fields: {reason: x}}, takes: 1h}";

#[test]
fn people_runs_and_events_answer_as_the_test_says() {
    let all = format!(
        "{OK}, pay: {{output: {{id: 7}}, takes: 10m}}, paid: [{{event: {{data: {{n: 1}}}}}}, {{event: {{data: {{n: 5}}, by: bank}}, takes: 5m}}]"
    );
    let expect = "path: [ok, pay, paid, told], inputs: {ok: {message: 'Pay 5?', show: {amount: 5}, approvers: [ann, bob, eve]}, pay: {with: {amount: 5}}, told: {with: {n: 1}}}, \
        outputs: {by: [ann, bob], fields: {reason: x, urgent: false}, at: '2026-11-21T10:00:00.000Z', id: 7, event: bank}, within: 75m, late: []";
    assert_eq!(pay(&all, expect), [""; 0]);
    let other = "inputs: {ok: {message: 'Pay 6?'}, pay: {with: {amount: 6}}}, outputs: {event: eve}, within: 74m, late: [finish]";
    let found = pay(&all, other);
    let places: Vec<&str> = found
        .iter()
        .map(|line| line.trim())
        .filter(|line| !line.starts_with(['-', '+', '"']))
        .collect();
    assert_eq!(
        places,
        ["inputs.ok.message", "inputs.pay.with.amount", "outputs.event", "within", "late"]
    );
}

#[test]
fn people_may_say_no_or_nothing_or_not_be_asked() {
    let one = "{approve: {by: ann, fields: {reason: x}}, takes: 1h}";
    let no = format!("ok: [{one}, {{reject: {{by: bob, comment: too much}}}}]");
    assert_eq!(pay(&no, "error: {code: RPA0426, step: ok}, within: 1h"), [""; 0]);
    let nobody = format!("ok: [{one}, {{timeout: true}}]");
    assert_eq!(pay(&nobody, "error: {code: RPA0427}, within: 2h, steps: {pay: skipped}"), [""; 0]);
    assert_eq!(pay("ok: {timeout: true}", "error: {code: RPA0427}"), [""; 0]);
    // nobody is named: two of those who are asked
    let some = "ok: {approve: {fields: {reason: x}}}, pay: {cancelled: true}";
    let expect = "error: {code: RPA0425, step: pay}, steps: {ok: {output: {by: [ann, bob]}}}";
    assert_eq!(pay(some, expect), [""; 0]);
    assert_eq!(
        pay("ok: {approve: {by: [ann, mallory], fields: {reason: x}}}", ""),
        ["    mallory is not asked by ok, and cannot decide: its approvers are ann, bob, eve"]
    );
    let cancelled = "variables: {amount: 5}\ncancel_after: 5m\nsteps: {ok: {timeout: true}}\nexpect: {status: cancelled, within: 5m}";
    assert_eq!(told(PAY, cancelled), [""; 0]);
    let ever = PAY.replace("      timeout: 2h\n", "");
    assert_eq!(
        told(&ever, "variables: {amount: 5}\nsteps: {ok: {timeout: true}}"),
        ["    nothing more happens: ok waits, and no time-out ends that"]
    );
}

#[test]
fn what_a_called_run_comes_to_is_tried_again_or_not() {
    let twice = |second: &str| {
        format!(
            "{OK}, pay: [{{fail: {{class: system, message: down}}}}, {second}], paid: {{timeout: true}}"
        )
    };
    let expect = "steps: {pay: {attempts: 2}, paid: {output: {id: null}}}, outputs: {id: 8}, late: [], within: 121m";
    assert_eq!(pay(&twice("{output: {id: 8}}"), expect), [""; 0]);
    let failed = "error: {class: system, step: pay}, steps: {pay: {attempts: 2}}";
    assert_eq!(pay(&twice("{fail: {class: system}}"), failed), [""; 0]);
    // it takes longer than the step may
    for slow in ["{output: {id: 8}, takes: 2h}", "{timeout: true}"] {
        let expect = "error: {code: RPA0402, step: pay}, within: 121m";
        assert_eq!(pay(&twice(slow), expect), [""; 0], "{slow}");
    }
    let unused =
        format!("{OK}, pay: [{{output: {{id: 8}}}}, {{output: {{}}}}], paid: {{timeout: true}}");
    assert_eq!(
        pay(&unused, ""),
        ["    results of pay", "      - \"2 results\"", "      + \"1 used\""]
    );
    let late = format!(
        "{OK}, pay: [{{fail: {{class: system}}, takes: 59m}}, {{output: {{id: 1}}, takes: 59m}}], paid: {{timeout: true}}"
    );
    assert_eq!(pay(&late, "late: [finish]"), [""; 0]);
}

#[test]
fn what_is_asked_and_not_answered_says_what_to_write() {
    let hint = "    hint: write below `steps:` what it gives, for example";
    assert_eq!(
        pay("", ""),
        [
            "    the step ok (an approval) runs, and the test gives no result for it",
            hint,
            "      ok: {approve: {by: [ann, bob], fields: {reason: \"\"}}}",
        ]
    );
    assert_eq!(
        pay(OK, ""),
        [
            "    the step pay (workflow default/bank) runs, and the test gives no result for it",
            hint,
            "      pay: {output: {}}",
        ]
    );
    assert_eq!(
        pay(&format!("{OK}, pay: {{output: {{}}}}"), ""),
        [
            "    the step paid (a wait for an event) runs, and the test gives no result for it",
            hint,
            "      paid: {event: {data: {}}}",
        ]
    );
}

#[test]
fn a_workflow_that_is_known_is_held_against_its_file() {
    let bank = "version: 1\nname: bank\nvariables: {amount: {type: number, max: 4}, to: {type: string, default: me}}\nsteps: [{id: a, run: a}]\noutputs: {id: 1}\n";
    let bank = rpa_config::workflow::check(bank, "bank.yaml", &"default".parse().unwrap());
    let bank = bank.workflow.unwrap();
    let called = Called::from([(bank.name.clone(), bank)]);
    let workflow = workflow(PAY);
    let run = |amount: u32, expect: &str| {
        let rest = format!(
            "variables: {{amount: {amount}}}\nsteps: {{{OK}, pay: {{output: {{id: 1}}}}, paid: {{timeout: true}}}}\nexpect: {{{expect}}}"
        );
        judged(&test(&workflow, &rest), &workflow, &called).verdict
    };
    assert_eq!(run(4, "inputs: {pay: {with: {amount: 4, to: me}}}"), Verdict::Ok);
    assert_eq!(run(5, "error: {code: RPA0433, step: pay}"), Verdict::Ok);
}

#[test]
fn locks_and_tokens_are_free_and_there_is_room_for_the_run() {
    let steps = "concurrency: {limit: 1, on_limit: fail}\nsteps:\n  - {id: a, run: a, lock: {name: db, lease: 1m}, tokens: {api: 2}}\n";
    assert_eq!(told(steps, "steps: {a: {output: {}}}\nexpect: {path: [a], within: 0s}"), [""; 0]);
    let failed = told(steps, "steps: {a: {output: {}, takes: 2m}}");
    assert!(failed[0].contains("status"), "a lease runs out as it does: {failed:?}");
}
