//! A workflow from its file to its outcome, as a script would do it.

use std::fs;

use rpa_tests::{Nginx, World, eventually};
use serde_json::json;

const REPORT: &str = r#"
version: 1
name: report
variables:
  limit: {type: number, default: 2}
  who: {type: string}
steps:
  - id: list
    run: printf 'a 1\nb 2\nc 3\n'
    outputs: {count: "{{ stdout | lines | length }}"}
  - id: parse
    uses: data.transform
    with:
      each: "{{ steps.list.output.stdout | lines }}"
      value: {name: "{{ (item | columns)[0] }}", n: "{{ (item | columns)[1] | int }}"}
  - id: keep
    set: {large: "{{ steps.parse.output.value | selectattr('n', 'ge', vars.limit) | list }}"}
  - id: never
    if: vars.limit > 100
    run: echo never
  - id: always
    if: always()
    run: echo "$N for $WHO, attempt $RPA_ATTEMPT of $RPA_WORKFLOW"
    env: {N: "{{ vars.large | length }}", WHO: "{{ vars.who }}"}
  - id: save
    uses: file.write
    with: {path: "OUT", content: "{{ vars.large | tojson }}"}
outputs:
  large: "{{ vars.large | map(attribute='name') | join(',') }}"
  count: "{{ steps.list.output.count }}"
"#;

#[test]
fn variables_expressions_conditions_and_outputs() {
    let world = World::new();
    let daemon = world.start();
    let out = world.path().join("out.json");
    let text = REPORT.replace("OUT", out.to_str().unwrap());
    world.apply("report", &text);
    let shown = world.json(["run", "report", "--var", "who=Ann", "--wait"]);
    assert_eq!(shown["status"], "completed", "{shown:#}\n{}", world.read("rpad.log"));
    assert_eq!(shown["outputs"], json!({"large": "b,c", "count": 3}));
    let status: Vec<_> = shown["steps"].as_array().unwrap().iter().map(|s| &s["status"]).collect();
    assert_eq!(
        status,
        ["completed", "completed", "completed", "skipped", "completed", "completed"],
        "a skipped step skips what needs it, unless that says always()"
    );
    let log = world.rpa(["logs", shown["run"].as_str().unwrap()]);
    assert!(log.stdout.contains("2 for Ann, attempt 1 of default/report"), "{}", log.stdout);
    assert!(daemon.stop().success());
}

#[test]
fn parallel_branches_join_and_files_are_written_whole() {
    let world = World::new();
    let daemon = world.start();
    let dir = world.path().display().to_string();
    // the branches meet: each waits for the other's file
    world.apply(
        "branches",
        &format!(
            "version: 1\nname: branches\nsteps:\n  \
             - {{id: l, needs: [], timeout: 20s, run: \"touch {dir}/l; until [ -e {dir}/r ]; do sleep 0.01; done\"}}\n  \
             - {{id: r, needs: [], timeout: 20s, run: \"touch {dir}/r; until [ -e {dir}/l ]; do sleep 0.01; done\"}}\n  \
             - {{id: join, needs: [l, r], uses: file.write, with: {{path: {dir}/sub/out.txt, content: done}}}}\n  \
             - {{id: back, needs: [join], uses: file.read, with: {{path: \"{{{{ steps.join.output.path }}}}\"}}}}\n\
             outputs: {{text: \"{{{{ steps.back.output.content }}}}\"}}\n"
        ),
    );
    let shown = world.json(["run", "branches", "--wait"]);
    assert_eq!(shown["outputs"], json!({"text": "done"}), "{shown:#}");
    assert_eq!(world.read("sub/out.txt"), "done");
    assert!(daemon.stop().success());
}

#[test]
fn exit_codes_tell_the_outcome_and_failures_say_why() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "fails",
        "version: 1\nname: fails\nsteps:\n  - {id: bad, run: \"echo no such disk >&2; exit 7\"}\n  - {id: next, run: echo never}\n",
    );
    let rpa = world.rpa(["run", "fails", "--wait"]);
    assert_eq!(rpa.code, 3, "{rpa:?}");
    let shown = world.json(["runs", "--status", "failed"]);
    let run = shown["runs"][0]["run"].as_str().unwrap();
    let shown = world.show(run);
    assert_eq!(shown["error"]["code"], "RPA0401");
    assert_eq!(shown["steps"][0]["error"]["class"], "exit(7)");
    assert!(shown["steps"][0]["error"]["message"].as_str().unwrap().contains("no such disk"));
    assert_eq!(shown["steps"][1]["status"], "skipped");
    let short = &run[run.len() - 6..];
    assert_eq!(world.rpa(["show", short]).code, 0, "any unique suffix names the run");
    assert!(daemon.stop().success());
}

#[test]
fn retry_waits_longer_each_time_and_then_succeeds() {
    let world = World::new();
    let daemon = world.start();
    let file = world.path().join("tries").display().to_string();
    world.apply(
        "flaky",
        &format!(
            "version: 1\nname: flaky\nsteps:\n  - id: try\n    \
             run: echo x >> {file}; [ $(wc -l < {file}) -ge 3 ]\n    \
             retry: {{attempts: 4, delay: 100ms, policy: exponential}}\n"
        ),
    );
    let shown = world.json(["run", "flaky", "--wait"]);
    assert_eq!(shown["status"], "completed", "{shown:#}");
    assert_eq!(shown["steps"][0]["attempts"], 3);
    let log = world.rpa(["logs", shown["run"].as_str().unwrap()]).stdout;
    assert!(log.contains("next try in 100 ms") && log.contains("next try in 200 ms"), "{log}");
    assert!(daemon.stop().success());
}

#[test]
fn a_wait_survives_a_crash_and_is_not_begun_anew() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "nap",
        "version: 1\nname: nap\nsteps:\n  - {id: sleep, wait: 3s}\n  - {id: then, run: \"true\"}\n",
    );
    let run = world.submit(["nap"]);
    let before = world.until(&run, "waiting")["steps"][0]["due"].clone();
    daemon.kill();
    let daemon = world.start();
    assert_eq!(world.show(&run)["steps"][0]["due"], before);
    world.until(&run, "completed");
    assert!(daemon.stop().success());
}

#[test]
fn http_requests_reach_a_real_server() {
    let world = World::new();
    let nginx = Nginx::start(
        world.path(),
        "location /json { default_type application/json; return 200 '{\"disks\": [1, 2]}'; }\n\
         location /key { return 200 $http_idempotency_key; }\n\
         location /down { return 503; }",
    );
    let daemon = world.start();
    let url = nginx.url("");
    world.apply(
        "fetch",
        &format!(
            "version: 1\nname: fetch\nsteps:\n  \
             - {{id: get, uses: http.request, with: {{url: {url}/json}}}}\n  \
             - {{id: post, uses: http.request, with: {{method: POST, url: {url}/key, json: {{a: 1}}}}}}\n  \
             - {{id: down, uses: http.request, with: {{url: {url}/down}}, retry: {{attempts: 2, delay: 10ms}}}}\n\
             outputs: {{n: \"{{{{ steps.get.output.json.disks | length }}}}\"}}\n"
        ),
    );
    let shown = world.json(["run", "fetch", "--wait"]);
    assert_eq!(shown["status"], "failed", "{shown:#}");
    let steps = &shown["steps"];
    assert_eq!(steps[0]["output"]["json"], json!({"disks": [1, 2]}));
    assert_eq!(steps[1]["output"]["body"].as_str().map(str::len), Some(32), "the idempotency key");
    assert_eq!(steps[2]["error"]["code"], "RPA0407");
    assert_eq!(steps[2]["error"]["class"], "http(503)");
    assert_eq!(steps[2]["attempts"], 2);
    assert_eq!(
        (&steps[0]["effect"], &steps[1]["effect"]),
        (&json!("idempotent"), &json!("unknown"))
    );
    drop(nginx);
    let refused = world.json(["run", "fetch", "--wait"]);
    assert_eq!(refused["steps"][0]["error"]["code"], "RPA0408", "{refused:#}");
    assert!(daemon.stop().success());
}

#[test]
fn secrets_reach_the_step_and_nothing_else() {
    use std::os::unix::fs::PermissionsExt;
    let secret = "canary-7f3a91-hunter2";
    let world = World::new();
    let daemon = world.start();
    let dir = world.state().join("secrets");
    fs::create_dir(&dir).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(dir.join("token"), secret).unwrap();
    fs::set_permissions(dir.join("token"), fs::Permissions::from_mode(0o400)).unwrap();
    world.apply(
        "secretive",
        "version: 1\nname: secretive\nvariables: {cred: {type: secret, default: token}}\nsteps:\n  \
         - id: use\n    run: |\n      echo \"token is $T\"; echo \"$B\" >&2; printf %s \"$T\" | base64; printf %s \"$T\" | wc -c\n      echo $V\n    \
           env: {T: \"{{ secrets.token }}\", B: \"Basic {{ ('u:' ~ secrets.token) | b64encode }}\", V: \"{{ vars.cred }}\"}\n  \
         - {id: fail, run: \"echo $T >&2; exit 3\", env: {T: \"{{ secrets.token }}\"}}\n",
    );
    let shown = world.json(["run", "secretive", "--wait"]);
    let output = shown["steps"][0]["output"]["stdout"].as_str().unwrap();
    assert!(output.contains("token is ***\n"), "{output}");
    assert!(output.contains("21"), "the step had the real one: {output}");
    let run = shown["run"].as_str().unwrap();
    let log = world.rpa(["logs", run]).stdout;
    assert!(
        log.contains("use#1 ! ***"),
        "what is derived from a secret is masked as a whole: {log}"
    );
    assert!(daemon.stop().success());
    let coded = "Y2FuYXJ5LTdmM2E5MS1odW50ZXIy";
    for file in files(&world.state()).into_iter().chain([world.path().join("rpad.log")]) {
        if file.starts_with(&dir) {
            continue;
        }
        let bytes = fs::read(&file).unwrap();
        for text in [secret, coded] {
            let found = bytes.windows(text.len()).any(|w| w == text.as_bytes());
            assert!(!found, "{text} stands in {}", file.display());
        }
    }
}

/// All files below `dir`.
pub fn files(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.is_file() {
            // a socket cannot be read
            found.push(path);
        }
    }
    found
}

#[test]
fn large_outputs_go_into_files_and_come_back_in_expressions() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "large",
        "version: 1\nname: large\nsteps:\n  - {id: many, run: seq 1 100000}\n\
         outputs: {last: \"{{ steps.many.output.stdout | lines | last }}\"}\n",
    );
    let shown = world.json(["run", "large", "--wait"]);
    assert_eq!(shown["outputs"], json!({"last": "100000"}), "{shown:#}");
    assert!(shown["steps"][0]["output"]["stdout"]["bytes"].as_u64().unwrap() > 500_000);
    let run = shown["run"].as_str().unwrap();
    let tail = world.rpa(["logs", run, "--tail", "1"]);
    assert!(tail.stdout.trim_end().ends_with("100000"), "{}", tail.stdout);
    assert!(daemon.stop().success());
}

#[test]
fn lists_are_paged_and_filtered() {
    let world = World::new();
    let daemon = world.start();
    world.apply("a", "version: 1\nname: a\nsteps:\n  - {id: s, uses: noop}\n");
    world.apply("b", "version: 1\nname: b\nsteps:\n  - {id: s, run: \"false\"}\n");
    let runs: Vec<_> = (0..5).map(|_| world.submit(["a"])).collect();
    for run in &runs {
        world.until(run, "completed");
    }
    let failed = world.submit(["b"]);
    world.until(&failed, "failed");
    let mut seen = Vec::new();
    let mut cursor = None::<String>;
    loop {
        let mut args = vec!["runs", "--workflow", "a", "--limit", "2"];
        if let Some(cursor) = &cursor {
            args.extend(["--cursor", cursor]);
        }
        let page = world.json(args);
        seen.extend(
            page["runs"].as_array().unwrap().iter().map(|r| r["run"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    seen.reverse();
    assert_eq!(seen, runs);
    let one = world.json(["runs", "--status", "failed"]);
    assert_eq!(one["runs"].as_array().unwrap().len(), 1);
    assert_eq!(world.json(["-n", "other", "runs"])["runs"], json!([]));
    assert!(daemon.stop().success());
}

#[test]
fn the_log_can_be_followed_while_it_grows() {
    let world = World::new();
    let daemon = world.start();
    let go = world.path().join("go");
    world.apply(
        "chatty",
        &format!(
            "version: 1\nname: chatty\nsteps:\n  - id: talk\n    run: |\n      echo first\n      \
             until [ -e {} ]; do sleep 0.01; done\n      echo last\n",
            go.display()
        ),
    );
    let run = world.submit(["chatty"]);
    let seen = world.path().join("followed");
    let mut follower = world
        .rpa_command(["logs", &run, "--follow"])
        .stdout(fs::File::create(&seen).unwrap())
        .spawn()
        .unwrap();
    eventually("the first line is shown while the step runs", || {
        world.read("followed").contains("first").then_some(())
    });
    fs::write(&go, "").unwrap();
    assert!(follower.wait().unwrap().success(), "following ends with the run");
    assert!(world.read("followed").contains("last"));
    assert!(daemon.stop().success());
}

/// What a command says on its two outputs is read in the order in which it said it first.
#[test]
fn lines_of_both_outputs_stand_in_the_log_as_they_came() {
    let world = World::new();
    let daemon = world.start();
    let step = |id: &str, run: &str| format!("  - {{id: {id}, run: '{run}'}}\n");
    let steps: String = (0..10)
        .map(|n| {
            step(&format!("good{n}"), "echo begins; echo failed >&2")
                + &step(&format!("bad{n}"), "echo careful >&2; echo done")
        })
        .collect();
    world.apply("speaks", &format!("version: 1\nname: speaks\nsteps:\n{steps}"));
    let shown = world.json(["run", "speaks", "--wait"]);
    let log = world.json(["logs", shown["run"].as_str().unwrap()]);
    let lines = log["lines"].as_array().unwrap().iter();
    let said = lines.filter(|line| line["stream"] == "out" || line["stream"] == "err");
    let said: Vec<_> = said.map(|line| line["text"].as_str().unwrap()).collect();
    assert_eq!(said, ["begins", "failed", "careful", "done"].repeat(10), "{log:#}");
    assert!(daemon.stop().success());
}
