//! Webhooks under the real daemon: who is believed, what is told to those who are not, what
//! becomes of a body, and that nothing which was acknowledged is lost.

mod curl;
mod kills;
mod refused;
mod strangers;

use std::process::Command;

use rpa_tests::{Options, World, eventually};
use rustix::process::Signal;
use serde_json::{Value, json};

use curl::{Answered, answer, base64_of_hex, curl, hmac_hex, now_s, post, secret};

/// What follows the `id` of a trigger is given; the run gives the body back.
fn workflow(name: &str, triggers: &[&str]) -> String {
    let triggers: String = triggers.iter().map(|text| format!("  - {text}\n")).collect();
    format!(
        "version: 1\nname: {name}\nvariables: {{got: {{type: json, default: null}}}}\n\
         triggers:\n{triggers}steps: [{{id: s, uses: noop}}]\n\
         outputs: {{got: \"{{{{ vars.got }}}}\"}}\n"
    )
}

fn webhook(id: &str, keys: &str) -> String {
    format!("{{id: {id}, webhook: {{{keys}}}, vars: {{got: \"{{{{ trigger.body }}}}\"}}}}")
}

fn github(secret: &str, body: &str) -> Vec<String> {
    vec![format!("X-Hub-Signature-256: sha256={}", hmac_hex(secret.as_bytes(), body))]
}

/// Sends until it is believed: for the moment after `apply`, or after a start.
fn until_accepted(world: &World, path: &str, headers: &[String], body: &str) -> Answered {
    eventually(&format!("{path} takes {body}"), || {
        Some(post(world, path, headers, body)).filter(|answered| answered.status != 404)
    })
}

fn runs(world: &World) -> usize {
    world.json(["runs", "--limit", "500"])["runs"].as_array().expect("runs").len()
}

/// The body that a run was given.
fn got(world: &World, answered: &Answered) -> Value {
    assert_eq!(answered.status, 202, "{answered:?}");
    let run = answered.json()["run"].as_str().expect("a run").to_owned();
    world.until(&run, "completed")["outputs"]["got"].clone()
}

#[test]
fn what_each_scheme_signs_starts_a_run() {
    let world = World::new();
    let daemon = world.start();
    let keys = |scheme: &str| {
        webhook(
            scheme,
            &format!("path: {scheme}, verify: {{scheme: {scheme}, secrets: [{scheme}_key]}}"),
        )
    };
    let schemes = ["standard", "github", "gitlab", "stripe"].map(keys);
    let schemes = schemes.each_ref().map(String::as_str);
    world.apply("all", &workflow("all", &schemes));
    secret(&world, "standard_key", "whsec_Zm9vYmFyYmF6\n");
    for name in ["github_key", "gitlab_key", "stripe_key"] {
        secret(&world, name, "s3cret, with blanks\n");
    }
    let (key, body, at) = ("s3cret, with blanks".as_bytes(), r#"{"n":1}"#, now_s());
    let signed = hmac_hex(b"foobarbaz", &format!("msg_1.{at}.{body}"));
    let standard = vec![
        "webhook-id: msg_1".to_owned(),
        format!("webhook-timestamp: {at}"),
        format!("webhook-signature: v1,AAAA v1,{}", base64_of_hex(&signed)),
    ];
    let code = hmac_hex(key, &format!("{at}.{body}"));
    let stripe = vec![format!("Stripe-Signature: t={at},v1=00,v1={code}")];
    let gitlab = vec!["X-Gitlab-Token: s3cret, with blanks".to_owned()];
    for (scheme, headers) in [
        ("standard", standard),
        ("github", github("s3cret, with blanks", body)),
        ("gitlab", gitlab),
        ("stripe", stripe),
    ] {
        let path = format!("/hooks/default/{scheme}");
        let answered = until_accepted(&world, &path, &headers, body);
        assert_eq!(got(&world, &answered), json!({"n": 1}), "{scheme}");
        // another body, and the scheme without what it signs
        if scheme != "gitlab" {
            assert_eq!(post(&world, &path, &headers, r#"{"n":2}"#).status, 404, "{scheme}");
        }
        assert_eq!(post(&world, &path, &[], body).status, 404, "{scheme}");
    }
    assert_eq!(runs(&world), 4);
    assert!(daemon.stop().success());
}

#[test]
fn a_secret_is_exchanged_without_a_restart() {
    let world = World::new();
    let daemon = world.start();
    let keys = "path: in, verify: {scheme: github, secrets: [key, key_old]}";
    world.apply("hook", &workflow("hook", &[&webhook("hook", keys)]));
    secret(&world, "key", "one");
    let status = |secret: &str, body: &str| {
        post(&world, "/hooks/default/in", &github(secret, body), body).status
    };
    // the other one is not there yet
    until_accepted(&world, "/hooks/default/in", &github("one", "1"), "1");
    secret(&world, "key_old", "one");
    secret(&world, "key", "two");
    assert_eq!([status("one", "2"), status("two", "3")], [202, 202]);
    secret(&world, "key_old", "two");
    assert_eq!([status("one", "4"), status("two", "5")], [404, 202]);
    assert_eq!(runs(&world), 4);
    let log = world.read("rpad.log");
    assert!(!log.contains("two"), "{log}");
    assert!(daemon.stop().success());
}

#[test]
fn what_is_sent_again_is_heard_once_also_after_a_crash() {
    let world = World::new();
    let daemon = world.start();
    let keys = "path: in, verify: {scheme: github, secrets: [key]}";
    world.apply("hook", &workflow("hook", &[&webhook("hook", keys)]));
    secret(&world, "key", "one");
    let (headers, body) = (github("one", "[1]"), "[1]");
    let first = until_accepted(&world, "/hooks/default/in", &headers, body).json();
    assert_eq!(first["repeated"], Value::Null);
    let again = post(&world, "/hooks/default/in", &headers, body).json();
    assert_eq!(again["repeated"], true, "{again}");
    // the same code in other letters
    let upper = headers[0].to_uppercase().replace("SHA256", "sha256");
    let other = post(&world, "/hooks/default/in", &[upper], body).json();
    daemon.kill();
    let daemon = world.start();
    let after = until_accepted(&world, "/hooks/default/in", &headers, body).json();
    for answer in [again, other, after] {
        assert_eq!((&answer["delivery"], &answer["run"]), (&first["delivery"], &first["run"]));
        assert_eq!(answer["repeated"], true, "{answer}");
    }
    assert_eq!(runs(&world), 1);
    assert!(daemon.stop().success());
}

#[test]
fn whoever_is_not_believed_cannot_tell_why() {
    let world = World::new();
    let daemon = world.start();
    let keys = |path: &str| format!("path: {path}, verify: {{scheme: github, secrets: [key]}}");
    let small = format!("{}, max_body: 1KiB", keys("in"));
    let off = webhook("off", &keys("off"));
    let none = webhook("none", "path: none, verify: {scheme: github, secrets: [missing]}");
    world.apply("hook", &workflow("hook", &[&webhook("hook", &small), &off, &none]));
    secret(&world, "key", "one");
    until_accepted(&world, "/hooks/default/in", &github("one", "0"), "0");
    world.json(["triggers", "disable", "hook", "off", "--note", "not now"]);
    let signed = github("one", "1");
    eventually("it is not heard any more", || {
        (post(&world, "/hooks/default/off", &signed, "1").status == 404).then_some(())
    });
    let unknown = post(&world, "/hooks/default/nobody", &signed, "1");
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.body, "{\"error\":\"not found\"}\n");
    let get = |path: &str| {
        answer(
            {
                let mut curl = curl(&world, path);
                curl.args(["--request", "GET"]);
                curl
            },
            b"",
        )
    };
    let wrong = github("two", "1");
    for (what, answered) in [
        ("another secret", post(&world, "/hooks/default/in", &wrong, "1")),
        ("no signature", post(&world, "/hooks/default/in", &[], "1")),
        ("disabled", post(&world, "/hooks/default/off", &signed, "1")),
        ("no secret", post(&world, "/hooks/default/none", &signed, "1")),
        ("not JSON", post(&world, "/hooks/default/in", &wrong, "{")),
        ("too large for it", post(&world, "/hooks/default/in", &wrong, &"1".repeat(2000))),
        ("another method", get("/hooks/default/in")),
        ("another way to write it", post(&world, "/hooks/default/%69n", &signed, "1")),
        ("a slash more", post(&world, "/hooks/default//in", &signed, "1")),
        ("round about", post(&world, "/hooks/default/x/../in", &signed, "1")),
        ("other letters", post(&world, "/hooks/default/IN", &signed, "1")),
        ("below it", post(&world, "/hooks/default/in/", &signed, "1")),
        ("the health below a hook", post(&world, "/hooks/default/in;/health", &signed, "1")),
    ] {
        assert_eq!(answered, unknown, "{what}");
    }
    // the same limit for every path
    let large = "1".repeat(1024 * 1024 + 1);
    let of = |path: &str| answer(curl(&world, path), large.as_bytes());
    assert_eq!(of("/hooks/default/in").status, 413);
    assert_eq!(of("/hooks/default/in"), of("/hooks/default/nobody"));
    assert_eq!(runs(&world), 1);
    assert!(daemon.stop().success());
}

#[test]
fn a_body_has_a_limit_a_type_and_a_rate() {
    let world = World::new();
    let daemon = world.start();
    let open = webhook("open", "path: open, verify: none, max_body: 1KiB");
    let slow = webhook("slow", "path: slow, verify: none, rate: {limit: 2, per: 1h}");
    world.apply("hook", &workflow("hook", &[&open, &slow]));
    let (open, slow) = ("/hooks/default/open", "/hooks/default/slow");
    until_accepted(&world, open, &[], "0");
    let text = |bytes: usize| format!("\"{}\"", "x".repeat(bytes - 2));
    assert_eq!(post(&world, open, &[], &text(1024)).status, 202);
    assert_eq!(post(&world, open, &[], &text(1025)).status, 413);
    let chunked = vec!["transfer-encoding: chunked".to_owned()];
    assert_eq!(post(&world, open, &chunked, &text(1025)).status, 413);
    assert_eq!(post(&world, open, &chunked, "[7]").status, 202);
    let bad = post(&world, open, &[], "{\"a\":");
    assert_eq!(bad.status, 400, "{bad:?}");
    assert!(bad.body.contains("is not JSON"), "{bad:?}");
    let deep = post(&world, open, &[], &format!("{}{}", "[".repeat(70), "]".repeat(70)));
    assert_eq!(deep.status, 400, "{deep:?}");
    let form = answer(curl(&world, open), b"a=1&b=x+y");
    assert_eq!(got(&world, &form), json!({"a": "1", "b": "x y"}));
    until_accepted(&world, slow, &[], "1");
    assert_eq!(post(&world, slow, &[], "2").status, 202);
    let third = post(&world, slow, &[], "3");
    assert_eq!(third.status, 429, "{third:?}");
    let wait: u64 = third.header("retry-after").expect("when").parse().unwrap();
    assert!((1700..=1800).contains(&wait), "half of the hour: {third:?}");
    assert!(daemon.stop().success());
}

#[test]
fn who_waits_is_told_how_the_run_has_ended() {
    let world = World::new();
    let daemon = world.start();
    let text = "version: 1\nname: hook\nvariables: {what: {type: string, default: \"\"}}\n\
                triggers:\n  - webhook: {path: in, verify: none, respond: 30s}\n    \
                vars: {what: \"{{ trigger.body }}\"}\n\
                steps:\n  - {id: say, env: {WHAT: \"{{ vars.what }}\"}, run: 'echo \"$WHAT\"; [ \"$WHAT\" != bad ]; [ \"$WHAT\" != slow ] || sleep 600'}\n\
                outputs: {said: \"{{ steps.say.output.stdout }}\"}\n";
    world.apply("hook", text);
    let send = |what: &str| until_accepted(&world, "/hooks/default/in", &[], &format!("{what:?}"));
    let good = send("good");
    assert_eq!(good.status, 200, "{good:?}");
    let said = good.json();
    assert_eq!(
        (&said["status"], &said["outputs"]),
        (&json!("completed"), &json!({"said": "good\n"}))
    );
    assert_eq!(world.show(said["run"].as_str().unwrap())["status"], "completed");
    let bad = send("bad");
    assert_eq!((bad.status, &bad.json()["status"]), (500, &json!("failed")), "{bad:?}");
    // whoever still waits when the daemon stops is told what there is
    let slow = {
        let mut curl = curl(&world, "/hooks/default/in");
        curl.args(["--header", "content-type: application/json"]);
        std::thread::spawn(move || answer(curl, b"\"slow\""))
    };
    eventually("the slow one runs", || (runs(&world) == 3).then_some(()));
    daemon.signal(Signal::TERM);
    let slow = slow.join().unwrap();
    assert_eq!((slow.status, &slow.json()["outcome"]), (202, &json!("started")), "{slow:?}");
    assert!(daemon.wait().success());
    assert!(!curl::http_socket(&world).exists(), "the socket goes with the daemon");
}

#[test]
fn the_daemon_says_where_it_listens_and_how_it_is() {
    let world = World::new();
    let settings = "[http]\nlisten = \"127.0.0.1:0\"\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    let status = world.json(["status"]);
    let places: Vec<&str> =
        status["http"].as_array().unwrap().iter().map(|place| place.as_str().unwrap()).collect();
    let [socket, address] = places[..] else { panic!("{status}") };
    assert_eq!(std::path::Path::new(socket), curl::http_socket(&world));
    let health = answer(
        {
            let mut curl = Command::new("curl");
            curl.args(["--silent", "--include", "--request", "GET"]);
            curl.arg(format!("http://{address}/health"));
            curl
        },
        b"",
    );
    assert_eq!((health.status, health.body.as_str()), (200, "{\"state\":\"ready\"}\n"));
    use std::os::unix::fs::MetadataExt;
    let mode = std::fs::metadata(socket).unwrap().mode() & 0o777;
    assert_eq!(mode & 0o007, 0, "{mode:o}");
    assert!(daemon.stop().success());
}
