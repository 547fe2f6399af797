//! `rpa why`: the answer, what it comes from, and what was decided.

use rpa_tests::{Options, World, eventually};
use serde_json::Value;

fn settings(text: &str) -> Options {
    Options { settings: text.to_owned(), ..Options::default() }
}

/// The lines of the answer, without the history below.
fn why<'a>(world: &World, args: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let rpa = world.rpa(["why"].into_iter().chain(args));
    assert_eq!(rpa.code, 0, "{rpa:?}");
    let answer = rpa.stdout.split("\n\n").next().unwrap_or_default();
    answer.lines().map(str::to_owned).collect()
}

/// The sentences of the history.
fn history(world: &World, args: &[&str]) -> Vec<String> {
    let document = world.json(["why"].into_iter().chain(args.iter().copied()));
    let texts = document["history"].as_array().unwrap_or_else(|| panic!("{document:#}"));
    texts.iter().map(|telling| telling["text"].as_str().unwrap().to_owned()).collect()
}

fn kinds(told: &Value) -> Vec<&str> {
    told.as_array().unwrap().iter().map(|telling| telling["kind"].as_str().unwrap()).collect()
}

const CHAIN: &str = "version: 1\nname: chain\nsteps:\n  \
    - {id: fetch, run: 'echo gone >&2; exit 2', retry: {attempts: 3, delay: 10ms}}\n  \
    - {id: parse, needs: [fetch], run: echo}\n  \
    - {id: report, needs: [parse], run: echo}\n  \
    - {id: never, needs: [], if: 'false', run: echo}\n";

#[test]
fn a_skipped_step_leads_to_the_one_that_failed() {
    let world = World::new();
    let daemon = world.start();
    let run = world.ended("chain", CHAIN)["run"].as_str().unwrap().to_owned();
    let failed = "step fetch failed after 3 tries: exited with 2: gone [RPA0401]";
    let of_run = why(&world, [run.as_str()]);
    assert!(of_run[0].starts_with("the run failed at "), "{of_run:#?}");
    assert!(of_run[0].ends_with(&format!(", because {failed}")), "{of_run:#?}");
    let left = "  2 steps could not run or were ended by it: parse, report";
    assert_eq!(of_run[1..], [left]);
    let skipped = "step report was skipped: needs parse, which was skipped";
    let between = "  step parse was skipped: needs fetch, which failed";
    assert_eq!(
        why(&world, [run.as_str(), "report"]),
        [format!("{skipped}; at the root of it: {failed}"), between.into(), format!("  {failed}")]
    );
    let never = "step never was skipped: its condition `false` was false";
    assert_eq!(why(&world, [run.as_str(), "never"]), [never]);

    let told = history(&world, &[&run]);
    let retried = |text: &&String| text.starts_with("try ") && text.contains("the next begins at");
    assert_eq!(told.iter().filter(retried).count(), 2, "{told:#?}");
    for wanted in [failed, skipped, "the run began"] {
        assert!(told.iter().any(|text| text == wanted), "no {wanted}: {told:#?}");
    }
    let all = history(&world, &[&run, "--all"]);
    assert!(all.len() > told.len(), "{all:#?}");
    assert!(all.iter().any(|text| text == "try 1 of step fetch began"), "{all:#?}");

    let document = world.json(["why", &run, "report"]);
    assert_eq!(kinds(&document["why"]), ["step_skipped", "step_skipped", "step_failed"]);
    let root = &document["why"][2]["fields"];
    assert_eq!(root["error"]["code"], "RPA0401", "{document:#}");
    assert_eq!((&root["step"], &root["tries"]), (&Value::from("fetch"), &Value::from(3)));
    assert_eq!(document["status"], "skipped");
    let bulgarian = why(&world, [run.as_str(), "report", "--lang", "bg"]);
    let wanted = "стъпка report беше пропусната: изисква parse, а тя е пропусната; в основата е: \
                  стъпка fetch е неуспешна след 3 опита: командата завърши с код 2: gone [RPA0401]";
    assert_eq!(bulgarian[0], wanted);
    assert_eq!(world.json(["why", &run, "nope"])["error"]["code"], "RPA0509");
    assert_eq!(world.json(["why", &run, "--cursor", "x"])["error"]["code"], "RPA0510");
    assert!(daemon.stop().success());
}

#[test]
fn a_run_that_waits_says_for_what() {
    let world = World::new();
    let daemon = world.start_with(&settings("[runs]\nmax_active = 1\n"));
    world.apply(
        "retries",
        "version: 1\nname: retries\nsteps:\n  \
         - {id: fetch, run: exit 75, retry: {attempts: 3, delay: 1h}}\n  \
         - {id: group, needs: [fetch], steps: [{id: inner, run: echo}]}\n",
    );
    let run = world.submit(["retries"]);
    let waits = eventually("the first try fails", || {
        let told = why(&world, [run.as_str()]);
        told[0].starts_with("the run waits: ").then_some(told)
    });
    let failed = "try 1 of step fetch failed: exited with 75 [RPA0401]; the next begins at ";
    assert!(waits[0].contains(failed), "{waits:#?}");
    let inner = why(&world, [run.as_str(), "group/inner"]);
    let around = "step group/inner has not begun: group around it has not begun";
    assert!(inner[0].starts_with(&format!("{around}; at the root of it: {failed}")), "{inner:#?}");
    assert_eq!(inner[1], "  step group has not begun: it waits for step fetch");
    assert!(inner[2].starts_with(&format!("  {failed}")), "{inner:#?}");

    // it holds the one place, as what is to be tried again is at work
    world.apply(
        "urgent",
        "version: 1\nname: urgent\npriority: urgent\nsteps: [{id: s, run: echo}]\n",
    );
    world.apply("usual", "version: 1\nname: usual\nsteps: [{id: s, run: echo}]\n");
    let usual = world.submit(["usual"]);
    let urgent = world.submit(["urgent"]);
    let because = "the run is queued because 1 of 1 runs are active (runs.max_active) and";
    let next = format!("{because} it is the next one; its priority is urgent");
    assert_eq!(why(&world, [urgent.as_str()]), [next]);
    let behind = format!("{because} 1 run stands before it; its priority is normal");
    assert_eq!(why(&world, [usual.as_str()]), std::slice::from_ref(&behind));
    let step = why(&world, [usual.as_str(), "s"]);
    assert_eq!(step, ["step s has not begun: its run is queued", &format!("  {behind}")]);
    assert!(daemon.stop().success());
}

#[test]
fn who_paused_and_who_cancelled_is_told() {
    let world = World::new();
    let daemon = world.start_with(&settings("[runs]\ncancel_grace = \"300ms\"\n"));
    world.apply(
        "slow",
        "version: 1\nname: slow\nsteps:\n  - {id: a, run: sleep 1000}\n  \
         - {id: b, needs: [a], run: echo}\nhandlers:\n  failure: [{id: tell, run: echo}]\n",
    );
    let run = world.submit(["slow"]);
    eventually("the step runs", || {
        let told = why(&world, [run.as_str()]);
        told[0].starts_with("the run goes on: step a runs since ").then_some(())
    });
    let pending = why(&world, [run.as_str(), "b"]);
    let waits = "step b has not begun: it waits for step a; at the root of it: step a runs since ";
    assert!(pending[0].starts_with(waits), "{pending:#?}");
    assert_eq!(world.rpa(["pause", &run]).code, 0);
    let paused = why(&world, [run.as_str()]);
    assert!(paused[0].starts_with("the run was paused by "), "{paused:#?}");
    assert!(paused[0].contains(" (cli) at ") && paused[0].contains("`rpa resume "), "{paused:#?}");
    assert!(paused[1].starts_with("  step a runs since "), "{paused:#?}");
    let pending = why(&world, [run.as_str(), "b"]);
    assert!(pending.last().unwrap().starts_with("  the run was paused by "), "{pending:#?}");

    assert_eq!(world.rpa(["cancel", &run]).code, 0);
    world.until(&run, "cancelled");
    let ended = why(&world, [run.as_str()]);
    assert!(ended[0].starts_with("the run ended as cancelled at "), "{ended:#?}");
    assert!(ended[0].contains(" (cli) cancelled it at "), "{ended:#?}");
    let step = why(&world, [run.as_str(), "a"]);
    assert!(step[0].starts_with("step a was cancelled: "), "{step:#?}");
    assert!(step[0].contains(" (cli) cancelled the run at "), "{step:#?}");
    let handler = why(&world, [run.as_str(), "@failure/tell"]);
    let wanted = "step @failure/tell never began: the run did not come to the handler `failure`, \
                  or ended it before";
    assert_eq!(handler, [wanted]);
    let told = history(&world, &[&run]);
    let after = |end: &str| told.iter().position(|text| text.ends_with(end));
    assert!(after(" paused the run").unwrap() < after(" cancelled the run").unwrap(), "{told:#?}");
    assert!(daemon.stop().success());
}

#[test]
fn a_doubt_says_how_it_is_decided_and_by_whom_it_was() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "once",
        "version: 1\nname: once\nsteps:\n  \
         - {id: pay, effect: once, timeout: 300ms, run: sleep 60}\n  \
         - {id: after, needs: [pay], run: echo}\n",
    );
    let run = world.submit(["once"]);
    world.until(&run, "in_doubt");
    let doubt = why(&world, [run.as_str()]);
    let waits = "the run waits for a person: step pay is in doubt since ";
    assert!(doubt[0].starts_with(waits), "{doubt:#?}");
    assert!(doubt[0].contains(": timed out after "), "{doubt:#?}");
    assert!(doubt[0].ends_with(" pay done|retry|fail`"), "{doubt:#?}");
    let after = why(&world, [run.as_str(), "after"]);
    assert!(after[0].contains("at the root of it: step pay is in doubt since "), "{after:#?}");
    assert_eq!(world.rpa(["resolve", &run, "pay", "fail"]).code, 0);
    world.until(&run, "failed");
    let told = history(&world, &[&run]);
    let decided = " decided the doubt of step pay: it failed";
    assert!(told.iter().any(|text| text.ends_with(decided)), "{told:#?}");
    let root = "step pay failed after 1 try: declared failed by ";
    assert!(why(&world, [run.as_str(), "after"])[0].contains(root));
    assert!(daemon.stop().success());
}

#[test]
fn a_time_out_is_the_root_of_what_it_ended() {
    let world = World::new();
    let daemon = world.start_with(&settings("[runs]\ncancel_grace = \"300ms\"\n"));
    let shown = world.ended(
        "late",
        "version: 1\nname: late\nsteps:\n  - id: group\n    timeout: 300ms\n    steps:\n      \
         - {id: inner, run: sleep 1000}\n  - {id: after, needs: [group], run: echo}\n",
    );
    let run = shown["run"].as_str().unwrap();
    let failed = "step group failed: timed out after 300 ms [RPA0402]";
    let of_run = why(&world, [run]);
    assert!(of_run[0].ends_with(&format!(", because {failed}")), "{of_run:#?}");
    let inner = why(&world, [run, "group/inner"]);
    let cancelled = "step group/inner was cancelled: the time of group around it ran out";
    assert_eq!(inner, [format!("{cancelled}; at the root of it: {failed}"), format!("  {failed}")]);
    let told = history(&world, &[run]);
    let out = "the time of group ran out: what is in it is ended".to_owned();
    assert!(told.contains(&out), "{told:#?}");
    let of_whole = world.ended(
        "whole",
        "version: 1\nname: whole\ntimeout: 300ms\nsteps: [{id: s, run: sleep 1000}]\n",
    );
    let run = of_whole["run"].as_str().unwrap();
    let of_run = why(&world, [run]);
    let wanted = ", because the run timed out after 300 ms [RPA0420]";
    assert!(of_run[0].ends_with(wanted), "{of_run:#?}");
    let step = why(&world, [run, "s"]);
    assert_eq!(step, ["step s was cancelled: the time of the run ran out"]);
    assert!(daemon.stop().success());
}

/// 3,000 turns; what is left out of most is done in one.
const MANY: &str = "version: 1\nname: many\nsteps:\n  - id: each\n    \
    for_each: \"{{ range(3000) }}\"\n    max_parallel: 20\n    steps:\n      \
    - {id: one, uses: noop}\n      \
    - {id: two, uses: data.transform, with: {value: {n: \"{{ 1 // (item - 2999) }}\"}}}\n  \
    - {id: after, needs: [each], run: echo}\n";

#[test]
fn a_failure_inside_a_long_loop_is_found_and_told_in_few_lines() {
    let world = World::new();
    let daemon = world.start();
    let shown = world.ended("many", MANY);
    assert_eq!(shown["status"], "failed", "{shown:#}");
    let run = shown["run"].as_str().unwrap();
    let of_run = why(&world, [run]);
    let root = "because step each[2999]/two failed: ";
    assert!(of_run[0].contains(root), "{of_run:#?}");
    assert!(of_run[1].starts_with("  step each failed: turn 2999: "), "{of_run:#?}");
    let after = why(&world, [run, "after"]);
    assert!(after[0].contains("at the root of it: step each[2999]/two failed: "), "{after:#?}");
    let told = history(&world, &[run]);
    assert!(told.len() < 10, "{told:#?}");
    assert!(told.iter().any(|text| text.starts_with("step each[2999]/two failed: ")), "{told:#?}");
    let never = why(&world, [run, "each[3000]"]);
    assert!(
        never[0].starts_with("turn 3000 of each never began: the loop has ended"),
        "{never:#?}"
    );

    // all of it comes in pages, each event once
    let (mut all, mut cursor) = (0, String::new());
    loop {
        let mut args = vec!["why", run, "--all", "--limit", "1000"];
        if !cursor.is_empty() {
            args.extend(["--cursor", &cursor]);
        }
        let page = world.json(args);
        let told = page["history"].as_array().unwrap().len();
        assert!(told <= 1000, "{told}");
        assert_eq!(page["why"].as_array().unwrap().is_empty(), !cursor.is_empty());
        all += told;
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert!(all > 4 * 3000, "{all}");
    assert!(daemon.stop().success());
}
