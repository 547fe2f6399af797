//! Approvals as people meet them: what they are asked, whose word counts, and what is
//! left of a question over a crash.

use rpa_ipc::asking::ApprovalView;
use rpa_tests::{Options, World, eventually};
use serde_json::json;

use crate::asking::{Asker, DAEMON, refused};
use crate::loops::step;

const FORM: &str = r#"
version: 1
name: form
variables: {mounts: {type: list, default: [/, /home]}}
steps:
  - id: allowed
    approval:
      message: "Delete {{ vars.mounts | length }} reports?"
      show: {mounts: "{{ vars.mounts }}", limit: 80}
      form:
        reason: {type: string, max: 20, pattern: "[a-z ]+"}
        keep: {type: number, default: 10, min: 1, description: how many stay}
        sure: {type: boolean}
        extra: {type: json, required: false}
        names: {type: list, min: 1}
        size: {type: string, enum: [small, large], default: small}
    outputs: {why: "{{ fields.reason }} by {{ by | join(',') }}"}
outputs:
  fields: "{{ steps.allowed.output.fields }}"
  decision: "{{ steps.allowed.output.decision }}"
  why: "{{ steps.allowed.output.why }}"
  comment: "{{ steps.allowed.output.comment }}"
  at: "{{ steps.allowed.output.at }}"
"#;

#[test]
fn a_form_is_filled_in_by_types() {
    let world = World::new();
    let daemon = world.start();
    world.apply("form", FORM);
    let run = world.submit(["form"]);
    let asker = Asker::of(&world);
    let view = asker.asked(&run, "allowed");
    assert_eq!(view.message, "Delete 2 reports?");
    let shown: Vec<&str> = view.shown.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(shown, ["limit", "mounts"]);
    let fields: Vec<(&str, &str, bool)> =
        view.form.iter().map(|f| (f.name.as_str(), f.kind.as_str(), f.required)).collect();
    assert_eq!(fields.len(), 6, "{fields:?}");
    assert!(fields.contains(&("sure", "boolean", true)), "{fields:?}");
    let detail = asker.show(&run);
    assert_eq!((detail.summary.status.as_str(), detail.summary.needs_person), ("waiting", true));
    assert_eq!(detail.steps[0].approval.as_deref(), Some(&view));

    // all that is wrong at once, and nothing has changed by it
    let wrong = [
        ("reason", "Because of 7"),
        ("keep", "0"),
        ("sure", "perhaps"),
        ("names", "[]"),
        ("size", "huge"),
        ("colour", "red"),
    ];
    let fault = asker.approve(&view, &wrong).unwrap_err();
    for name in ["reason", "keep", "sure", "names", "size", "colour"] {
        assert!(fault.message.contains(name), "{name}: {}", fault.message);
    }
    assert_eq!(fault.code.exit(), 2, "{fault:?}");
    let fault = asker.approve(&view, &[("reason", "good")]).unwrap_err();
    assert!(fault.message.contains("sure") && fault.message.contains("names"), "{}", fault.message);
    assert_eq!(asker.asked(&run, "allowed"), view);

    let right = [
        ("reason", "it is old"),
        ("sure", "true"),
        ("extra", r#"{"a": [1, null]}"#),
        ("names", r#"["x", 2]"#),
    ];
    asker.vote(&view, true, &right, "  go on  ").unwrap();
    let shown = world.until(&run, "completed");
    let outputs = &shown["outputs"];
    let fields = json!({
        "reason": "it is old", "keep": 10, "sure": true, "extra": {"a": [1, null]},
        "names": ["x", 2], "size": "small",
    });
    assert_eq!(outputs["fields"], fields, "{outputs:#}");
    assert_eq!((&outputs["decision"], &outputs["comment"]), (&json!("approved"), &json!("go on")));
    let who = world.json(["show", &run])["actor"].as_str().unwrap().to_owned();
    assert_eq!(outputs["why"], format!("it is old by {who}"));
    assert!(outputs["at"].as_str().unwrap().ends_with('Z'), "{outputs:#}");
    assert_eq!(refused(asker.approve(&view, &right)), "RPA0507", "the run has ended");
    assert_eq!(asker.approvals(), []);
    let log = world.rpa(["logs", &run]).stdout;
    assert!(log.contains("waits for approval: Delete 2 reports?"), "{log}");
    assert!(log.contains(&format!("approved by {who}")) && log.contains(": go on"), "{log}");
    assert!(daemon.stop().success());
}

#[test]
fn a_word_is_for_what_was_shown_and_for_nothing_else() {
    let world = World::new();
    let daemon = world.start();
    let text = "version: 1\nname: ask\nvariables: {n: {type: number}}\nsteps:\n  - {id: ok, approval: \"Pay {{ vars.n }}?\"}\n  \
         - {id: hold, needs: [], run: sleep 60}\n";
    world.apply("ask", text);
    let (five, six) =
        (world.submit(["ask", "--var", "n=5"]), world.submit(["ask", "--var", "n=6"]));
    let asker = Asker::of(&world);
    let (five, six) = (asker.asked(&five, "ok"), asker.asked(&six, "ok"));
    assert_ne!(five.digest, six.digest);
    let mixed = ApprovalView { digest: six.digest.clone(), ..five.clone() };
    assert_eq!(refused(asker.approve(&mixed, &[])), "RPA0535");
    assert_eq!(refused(asker.reject(&mixed, "")), "RPA0535");
    let elsewhere = ApprovalView { path: "hold".parse().unwrap(), ..five.clone() };
    assert_eq!(refused(asker.approve(&elsewhere, &[])), "RPA0534");
    let nowhere = ApprovalView { path: "none".parse().unwrap(), ..five.clone() };
    assert_eq!(refused(asker.approve(&nowhere, &[])), "RPA0509");
    assert_eq!(refused(asker.vote(&five, true, &[], &"x".repeat(1001))), "RPA0002");
    assert_eq!(refused(asker.vote(&five, true, &[], "a\u{1b}[2Jb")), "RPA0002");
    asker.approve(&five, &[]).unwrap();
    assert_eq!(refused(asker.approve(&five, &[])), "RPA0534", "it has been decided");
    asker.step_until(&five.run.to_string(), "ok", "completed");
    assert_eq!(asker.approvals(), [six]);
    assert!(daemon.stop().success());
}

/// A daemon of the user `daemon`: that one and root may use it, and they are two.
fn of_two() -> Options {
    Options { user: Some(DAEMON), ..Options::default() }
}

/// Who asks whom, as `approval:` has it.
fn asking(name: &str, rest: &str) -> String {
    format!(
        "version: 1\nname: {name}\nsteps: [{{id: ok, approval: {{message: Really?, {rest}}}}}]\n\
         outputs: {{by: \"{{{{ steps.ok.output.by }}}}\"}}\n"
    )
}

/// Only root can be two people: everybody else has been heard in the other tests.
#[test]
fn two_people_make_a_quorum() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let world = World::new();
    let mut daemon = world.start_with(&of_two());
    let (root, other) = (Asker::of(&world), Asker::who_is(&world, DAEMON));
    world.apply("two", &asking("two", "quorum: 2"));
    let run = world.submit(["two"]);
    let view = root.asked(&run, "ok");
    other.vote(&view, true, &[], "seen").unwrap();
    let asked = root.asked(&run, "ok");
    let votes: Vec<_> = asked.votes.iter().map(|v| (v.by.as_str(), v.comment.as_str())).collect();
    assert_eq!((asked.quorum, votes), (2, vec![("daemon", "seen")]));
    assert_eq!(refused(other.approve(&view, &[])), "RPA0538", "one person has one word");
    // the first word counts over a crash
    drop((root, other));
    daemon.kill();
    daemon = world.start_with(&of_two());
    let (root, other) = (Asker::of(&world), Asker::who_is(&world, DAEMON));
    assert_eq!(refused(other.approve(&view, &[])), "RPA0538");
    assert_eq!(root.asked(&run, "ok").digest, view.digest, "nothing is asked anew");
    root.approve(&view, &[]).unwrap();
    let shown = world.until(&run, "completed");
    assert_eq!(shown["outputs"]["by"], json!(["daemon", "root"]));

    // the fields that the first has given are those that the others approve
    world.apply("form", &asking("form", "quorum: 2, form: {sum: {type: number}}"));
    let run = world.submit(["form"]);
    let view = root.asked(&run, "ok");
    other.approve(&view, &[("sum", "5")]).unwrap();
    assert_eq!(refused(root.approve(&view, &[("sum", "9")])), "RPA0535");
    assert_eq!(root.asked(&run, "ok").votes[0].fields.len(), 1, "the others see them");
    root.approve(&view, &[]).unwrap();
    let shown = world.until(&run, "completed");
    assert_eq!(shown["outputs"]["by"], json!(["daemon", "root"]));

    // one who has approved may think better of it
    let run = world.submit(["two"]);
    let view = root.asked(&run, "ok");
    root.approve(&view, &[]).unwrap();
    root.reject(&view, "I was wrong").unwrap();
    let shown = world.until(&run, "failed");
    assert_eq!(shown["error"]["code"], "RPA0426", "{shown:#}");
    assert!(daemon.stop().success());
}

#[test]
fn only_approvers_approve() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let world = World::new();
    let daemon = world.start_with(&of_two());
    let (root, other) = (Asker::of(&world), Asker::who_is(&world, DAEMON));
    for (i, (approvers, root_may, other_may)) in [
        ("root", true, false),
        ("daemon", false, true),
        ("'@daemon'", false, true),
        ("[nobody, '@root']", true, false),
        ("['@daemon', root]", true, true),
        ("['root-2', '@roo', '@']", false, false),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("a{i}");
        if approvers.contains("'@'") {
            let path = world.file("bad.yaml", &asking(&name, &format!("approvers: {approvers}")));
            assert_eq!(world.rpa(["apply", path.to_str().unwrap()]).code, 2);
            continue;
        }
        world.apply(&name, &asking(&name, &format!("approvers: {approvers}")));
        for (asker, may) in [(&root, root_may), (&other, other_may)] {
            let run = world.submit([name.as_str()]);
            let view = asker.asked(&run, "ok");
            let answers = [asker.reject(&view, ""), asker.approve(&view, &[])];
            let [rejected, approved] = answers;
            if may {
                // the first word was the last one
                assert!(rejected.is_ok(), "{approvers}");
                assert_eq!(refused(approved), "RPA0507", "{approvers}");
            } else {
                assert_eq!(refused(approved), "RPA0536", "{approvers}");
                assert_eq!(refused(rejected), "RPA0536", "{approvers}");
                if !other_may {
                    let rpa = world.rpa_as(DAEMON, ["approve", run.as_str()]);
                    assert!(rpa.code == 77 && rpa.stderr.contains("RPA0536"), "{rpa:?}");
                }
                assert_eq!(root.asked(&run, "ok"), view, "nothing has changed");
            }
        }
    }
    assert!(daemon.stop().success());
}

#[test]
fn who_started_it_may_be_kept_from_approving_it() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let world = World::new();
    let daemon = world.start_with(&of_two());
    let (root, other) = (Asker::of(&world), Asker::who_is(&world, DAEMON));
    world.apply("own", &asking("own", "self_approval: false"));
    let mine = world.submit(["own"]);
    let started = world.rpa_as(DAEMON, ["--json", "run", "own"]);
    let started: serde_json::Value = serde_json::from_str(&started.stdout).unwrap();
    let theirs = started["run"].as_str().unwrap().to_owned();
    for (run, starter, second) in [(&mine, &root, &other), (&theirs, &other, &root)] {
        let view = root.asked(run, "ok");
        assert!(!view.self_approval);
        assert_eq!(refused(starter.approve(&view, &[])), "RPA0537");
        if *run == theirs {
            let rpa = world.rpa_as(DAEMON, ["approve", run.as_str()]);
            assert!(rpa.code == 77 && rpa.stderr.contains("RPA0537"), "{rpa:?}");
        }
        second.approve(&view, &[]).unwrap();
        world.until(run, "completed");
    }
    // a child belongs to who started the run above it
    world.apply("top", "version: 1\nname: top\nsteps: [{id: call, workflow: own}]\n");
    let run = world.submit(["top"]);
    let child = root.called(&run, "call");
    let view = root.asked(&child, "ok");
    assert_eq!(view.started_by, "root");
    assert_eq!(refused(root.approve(&view, &[])), "RPA0537");
    // to reject is always allowed
    root.reject(&view, "mine was a mistake").unwrap();
    world.until(&run, "failed");
    assert!(daemon.stop().success());
}

const REJECTED: &str = r#"
version: 1
name: rejected
steps:
  - {id: hard, needs: [], on_error: continue, approval: Hard?}
  - {id: soft, needs: [], on_error: continue, approval: {message: Soft?, form: {why: {type: string}}}}
  - {id: spare, needs: [], on_error: {fallback: other}, approval: Spare?}
  - {id: other, needs: [], uses: data.transform, with: {value: {decision: fallback}}}
  - id: after
    needs: [hard, soft, spare]
    if: steps.hard.output.decision == 'rejected'
    uses: data.transform
    with: {value: "{{ steps.hard.output.comment }}, {{ steps.soft.output.decision }}, {{ steps.spare.output.decision }}"}
outputs: {value: "{{ steps.after.output.value }}", by: "{{ steps.hard.output.by }}"}
"#;

#[test]
fn what_was_approved_is_approved_for_that_run_and_the_same_again() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "pay",
        "version: 1\nname: pay\nvariables: {sum: {type: number, default: 1}}\nsteps:\n  - {id: ok, approval: \"Pay {{ vars.sum }}?\"}\n  - {id: pay, run: exit 1}\n",
    );
    let asker = Asker::of(&world);
    let run = world.submit(["pay"]);
    asker.approve(&asker.asked(&run, "ok"), &[]).unwrap();
    world.until(&run, "failed");
    let same = world.json(["retry", &run, "--wait"]);
    assert_eq!(same["status"], "failed", "it went on without asking: {same:#}");
    for args in [
        &["rerun", &run, "--from", "pay"][..],
        &["rerun", &run, "--from", "pay", "--var", "sum=1000"],
        &["retry", &run, "--var", "sum=1000"],
    ] {
        let again = world.json(args.iter().copied());
        let again = again["run"].as_str().unwrap().to_owned();
        asker.asked(&again, "ok");
        world.json(["cancel", &again]);
    }
    assert!(daemon.stop().success());
}

#[test]
fn a_rejection_is_an_error_that_a_workflow_can_take() {
    let world = World::new();
    let daemon = world.start();
    world.apply("rejected", REJECTED);
    let run = world.submit(["rejected"]);
    let asker = Asker::of(&world);
    asker.reject(&asker.asked(&run, "hard"), "not on a Friday").unwrap();
    // who rejects need not fill in anything
    asker.reject(&asker.asked(&run, "soft"), "").unwrap();
    asker.reject(&asker.asked(&run, "spare"), "no").unwrap();
    let shown = world.until(&run, "completed");
    assert_eq!(shown["outputs"]["value"], "not on a Friday, rejected, fallback", "{shown:#}");
    let error = &step(&shown, "hard")["error"];
    assert_eq!((&error["code"], &error["class"]), (&json!("RPA0426"), &json!("business")));
    assert!(error["message"].as_str().unwrap().ends_with(": not on a Friday"), "{error}");
    assert_eq!(step(&shown, "soft")["status"], "failed");

    world.apply("plain", &asking("plain", "quorum: 1"));
    let run = world.submit(["plain"]);
    asker.reject(&asker.asked(&run, "ok"), "no").unwrap();
    let shown = world.until(&run, "failed");
    assert_eq!(shown["error"]["code"], "RPA0426");
    // a retry asks again
    let again = world.json(["retry", shown["run"].as_str().unwrap()]);
    let again = again["run"].as_str().unwrap();
    asker.approve(&asker.asked(again, "ok"), &[]).unwrap();
    world.until(again, "completed");
    assert!(daemon.stop().success());
}

#[test]
fn nobody_answers_in_time() {
    let world = World::new();
    let daemon = world.start();
    let name = |word: &str| format!("late-{word}");
    for word in ["fail", "reject", "approve"] {
        let rest = format!("quorum: 2, timeout: 300ms, on_timeout: {word}");
        world.apply(&name(word), &asking(&name(word), &rest));
    }
    world.apply("late", &asking("late", "timeout: 300ms"));
    let ended = |name: &str| {
        let run = world.submit([name]);
        eventually("nobody has answered", || {
            let shown = world.show(&run);
            (shown["ended"].is_string()).then_some(shown)
        })
    };
    for (name, code, class) in [
        ("late", "RPA0427", "timeout"),
        ("late-fail", "RPA0427", "timeout"),
        ("late-reject", "RPA0426", "business"),
    ] {
        let shown = ended(name);
        let error = &shown["error"];
        assert_eq!((&error["code"], &error["class"]), (&json!(code), &json!(class)), "{shown:#}");
        let decision = if code == "RPA0427" { "timed_out" } else { "rejected" };
        assert_eq!(step(&shown, "ok")["output"]["decision"], decision);
    }
    let shown = ended("late-approve");
    assert_eq!((&shown["status"], &shown["outputs"]["by"]), (&json!("completed"), &json!([])));
    assert_eq!(Asker::of(&world).approvals(), []);
    assert!(daemon.stop().success());
}

#[test]
fn a_question_is_there_after_a_crash_and_holds_nothing_up() {
    let world = World::new();
    let settings = "[runs]\nmax_active = 1\n".to_owned();
    let options = Options { settings, ..Options::default() };
    let mut daemon = world.start_with(&options);
    let text = "version: 1\nname: ask\nsteps:\n  - {id: before, run: 'echo $RPA_ATTEMPT >> before'}\n  \
         - {id: ok, approval: {message: Go on?, timeout: 1h}}\n  - {id: after, effect: idempotent, run: 'true'}\n";
    world
        .apply("ask", &text.replace(">> before", &format!(">> {}/before", world.path().display())));
    world.apply("other", "version: 1\nname: other\nsteps: [{id: s, run: 'true'}]\n");
    let runs = [world.submit(["ask"]), world.submit(["ask"]), world.submit(["ask"])];
    let views = runs.each_ref().map(|run| Asker::of(&world).asked(run, "ok"));
    // three runs wait for people, one may be active: another one is run all the same
    assert_eq!(world.json(["run", "other", "--wait", "--timeout", "60s"])["status"], "completed");
    daemon.kill();
    daemon = world.start_with(&options);
    assert_eq!(world.json(["run", "other", "--wait", "--timeout", "60s"])["status"], "completed");
    let asker = Asker::of(&world);
    assert_eq!(runs.each_ref().map(|run| asker.asked(run, "ok")), views);
    // a word that was taken is kept, whatever comes then
    asker.approve(&views[0], &[]).unwrap();
    daemon.kill();
    daemon = world.start_with(&options);
    world.until(&runs[0], "completed");
    // one is cancelled while it waits
    let asker = Asker::of(&world);
    world.json(["cancel", &runs[1]]);
    let shown = world.until(&runs[1], "cancelled");
    assert_eq!(step(&shown, "ok")["status"], "cancelled");
    assert_eq!(refused(asker.approve(&views[1], &[])), "RPA0507");
    assert_eq!(asker.approvals(), [views[2].clone()]);
    asker.approve(&views[2], &[]).unwrap();
    world.until(&runs[2], "completed");
    assert_eq!(world.read("before"), "1\n1\n1\n", "nothing was done twice");
    assert!(daemon.stop().success());
}

#[test]
fn a_run_that_was_called_asks_for_those_above() {
    let world = World::new();
    let daemon = world.start();
    world.apply("plain", &asking("plain", "quorum: 1"));
    world.apply(
        "each",
        "version: 1\nname: each\nsteps:\n  - id: each\n    for_each: [a, b]\n    max_parallel: 2\n    steps:\n      \
         - {id: mine, approval: \"{{ item }}?\"}\n      - {id: call, workflow: plain}\n",
    );
    let run = world.submit(["each"]);
    let asker = Asker::of(&world);
    for (path, item) in [("each[0]/mine", "a?"), ("each[1]/mine", "b?")] {
        let view = asker.asked(&run, path);
        assert_eq!(view.message, item);
        asker.approve(&view, &[]).unwrap();
    }
    for path in ["each[0]/call", "each[1]/call"] {
        let child = asker.called(&run, path);
        let view = asker.asked(&child, "ok");
        eventually("somebody is waited for below", || {
            asker.show(&run).summary.needs_person.then_some(())
        });
        asker.approve(&view, &[]).unwrap();
    }
    let shown = world.until(&run, "completed");
    assert!(!asker.show(&run).summary.needs_person, "{shown:#}");
    assert!(daemon.stop().success());
}
