//! The examples that ask something of people, of a bank and of a CRM, with real servers.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use rpa_tests::{Nginx, Options, Rpa, World, eventually, root};
use serde_json::{Value, json};

use crate::asking::{DAEMON, until_there};
use crate::examples::{arguments, log, start, step};

/// A bank that answers every payment with the same number, and keeps what it was sent in
/// `nginx/bank.log`. It has closed as long as the file `nginx/closed` is there.
fn bank(world: &World) -> (Nginx, String) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let here = world.path().join("nginx").display().to_string();
    let server = format!(
        "}} log_format bank escape=none '$request_method $uri $status $request_body';\n\
         server {{ listen unix:{here}/inner.sock; default_type application/json; \
           location / {{ if (-e {here}/closed) {{ return 503; }} return 200 '{{\"id\": \"B-7\"}}'; }} }}\n\
         server {{ listen 127.0.0.1:{port}; access_log {here}/bank.log bank; \
           location /payments/ {{ limit_except PUT {{ deny all; }} proxy_pass http://unix:{here}/inner.sock; }}"
    );
    (Nginx::start(world.path(), &server), format!("http://127.0.0.1:{port}"))
}

/// `rpa` as the user who starts payments.
fn rpa_as(world: &World, user: Option<u32>, args: &[&str]) -> Rpa {
    match user {
        Some(user) => world.rpa_as(user, args.iter().copied()),
        None => world.rpa(args.iter().copied()),
    }
}

fn json_of(rpa: &Rpa) -> Value {
    serde_json::from_str(&rpa.stdout).unwrap_or_else(|e| panic!("{e}: {rpa:?}"))
}

/// The example, for a machine on which two people may use the daemon: who starts a
/// payment and one who approves it. Alone one can only approve one's own.
fn for_few(world: &World, alone: bool) {
    let file = root().join("config/examples/payment-approval.yaml");
    let mut text = fs::read_to_string(file).unwrap();
    let mut replace = |from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    };
    replace("quorum: 2", "quorum: 1");
    if alone {
        replace("self_approval: false", "self_approval: true");
    }
    world.apply("payment-approval", &text);
}

#[test]
fn a_payment_is_approved_sent_once_and_settled() {
    let world = World::new();
    let (_nginx, bank) = bank(&world);
    let alone = !rustix::process::geteuid().is_root();
    let starter = (!alone).then_some(DAEMON);
    let options = Options { user: starter, ..Options::default() };
    let mut daemon = start(&world, "payment-execute", &options);
    for_few(&world, alone);
    let begin = |payment: &str| {
        let vars = [
            format!("bank={bank}"),
            format!("payment={payment}"),
            "payee=BG80BNBG96611020345678".to_owned(),
            "amount=1250".to_owned(),
            format!("approvers={}", json!(["@root", "@daemon", who()])),
        ];
        let args: Vec<&str> =
            ["--json"].into_iter().chain(arguments("payment-approval", &vars)).collect();
        let started = json_of(&rpa_as(&world, starter, &args));
        started["run"].as_str().unwrap_or_else(|| panic!("{started:#}")).to_owned()
    };
    let sent = || world.read("nginx/bank.log");

    let run = begin("2026-117");
    let asked = eventually("people are asked", || {
        let listed = world.json(["approvals"]);
        listed["approvals"].as_array().unwrap().first().cloned()
    });
    assert_eq!(asked["message"], "Pay 1250 EUR to BG80BNBG96611020345678 for 2026-117?");
    if !alone {
        let own = rpa_as(&world, starter, &["approve", &run, "--field", "reason=mine"]);
        assert!(own.code == 77 && own.stderr.contains("RPA0537"), "{own:?}");
    }
    let empty = world.rpa(["approve", &run]);
    assert!(empty.code == 2 && empty.stderr.contains("reason"), "{empty:?}");
    assert_eq!(sent(), "", "nothing goes to the bank before");
    daemon.kill();
    daemon = world.start_with(&options);
    // the bank is closed at first
    fs::write(world.path().join("nginx/closed"), "").unwrap();
    let approved = world.rpa(["approve", &run, "--field", "reason=goods have come"]);
    assert_eq!(approved.code, 0, "{approved:?}");
    eventually("the bank was asked", || sent().contains("503").then_some(()));
    fs::remove_file(world.path().join("nginx/closed")).unwrap();
    eventually("the bank is waited for", || {
        let shown = world.show(&run);
        (step(&shown, "settled")["status"] == "waiting").then_some(())
    });
    let taken: Vec<String> =
        sent().lines().filter(|l| l.contains(" 200 ")).map(str::to_owned).collect();
    let [taken] = &taken[..] else { panic!("it was sent once: {}", sent()) };
    let (head, body) = taken.split_once(" 200 ").unwrap();
    assert_eq!(head, "PUT /payments/2026-117");
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["payee"], "BG80BNBG96611020345678", "{body}");
    assert_eq!((body["amount"].as_f64(), &body["currency"]), (Some(1250.0), &json!("EUR")));
    // the event of another payment is none of ours, nor is one without a payment
    for field in ["payment=2026-118", "other=1"] {
        let rpa = world.rpa(["event", "publish", "payment.settled", "--field", field]);
        assert_eq!(rpa.code, 0, "{rpa:?}");
    }
    daemon.kill();
    daemon = world.start_with(&options);
    let rpa = world.rpa(["event", "publish", "payment.settled", "--field", "payment=2026-117"]);
    assert_eq!(rpa.code, 0, "{rpa:?}");
    let shown = world.until(&run, "completed");
    let outputs = &shown["outputs"];
    assert_eq!(
        (&outputs["bank_id"], &outputs["reason"]),
        (&json!("B-7"), &json!("goods have come"))
    );
    assert_eq!(outputs["approved_by"], json!([who()]));
    assert!(outputs["settled_at"].is_string(), "{outputs:#}");
    assert_eq!(step(&shown, "overdue")["status"], "skipped");

    // who says no says it before anything is sent
    let before = sent();
    let run = begin("2026-118");
    eventually("people are asked", || (world.show(&run)["needs_person"] == true).then_some(()));
    let rejected = world.rpa(["reject", &run, "--comment", "not ours"]);
    assert_eq!(rejected.code, 0, "{rejected:?}");
    let shown = world.until(&run, "failed");
    assert_eq!(shown["error"]["code"], "RPA0426", "{shown:#}");
    assert!(log(&world, &shown).contains("2026-118 was not paid: "), "{}", log(&world, &shown));
    assert_eq!(sent(), before);
    assert!(daemon.stop().success());
}

/// The test's own user.
fn who() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

const CUSTOMERS: [&str; 6] = ["acme", "bolt", "cargo", "delta", "echo", "fox"];

#[test]
fn a_sync_never_asks_more_than_the_crm_takes() {
    let world = World::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let here = world.path().join("nginx").display().to_string();
    // it answers slowly, and refuses the third request at a time
    let server = format!(
        "}} limit_conn_zone $server_name zone=crm:1m; log_format crm '$status $uri $arg_page'; types {{}}\n\
         server {{ listen 127.0.0.1:{port}; root {here}; default_type application/json; \
           access_log {here}/crm.log crm; limit_conn crm 2; limit_rate 20k; sendfile off; \
           location ~ ^/customers/ {{ try_files /crm-$arg_page.json =404; }}"
    );
    let _nginx = Nginx::start(world.path(), &server);
    for (page, more) in [(1, true), (2, false)] {
        let contact = |n: usize| json!({"id": page * 100 + n, "name": "n".repeat(100)});
        let contacts: Vec<Value> = (0..60).map(contact).collect();
        let text = json!({"contacts": contacts, "more": more}).to_string();
        world.file(&format!("nginx/crm-{page}.json"), &text);
    }
    let daemon = start(&world, "crm-sync", &Options::default());
    let api = format!("api=http://127.0.0.1:{port}");
    let dir = world.path().join("mirror");
    fs::create_dir(&dir).unwrap();
    let dir_var = format!("dir={}", dir.display());
    let submit = |customer: &str| {
        let vars = [api.clone(), dir_var.clone(), format!("customer={customer}")];
        world.submit(arguments("crm-sync", &vars).skip(1))
    };
    let without = submit("zoo");
    let shown = world.until(&without, "failed");
    assert_eq!(shown["error"]["code"], "RPA0428", "no pool, no request: {shown:#}");
    assert_eq!(world.read("nginx/crm.log"), "");

    let made = world.rpa(["locks", "set", "crm-api", "2"]);
    assert_eq!(made.code, 0, "{made:?}");
    // somebody else has all that the CRM takes, as yet
    let go = world.path().join("go");
    let other = format!(
        "version: 1\nname: other\nsteps: [{{id: hold, tokens: {{crm-api: 2}}, run: \"{}\"}}]\n",
        until_there(&go)
    );
    world.apply("other", &other);
    let other = world.submit(["other"]);
    eventually("the tokens are taken", || {
        (step(&world.show(&other), "hold")["status"] == "running").then_some(())
    });
    let runs = CUSTOMERS.map(submit);
    // of a customer whose run goes on one more may wait, and no third one
    let second = submit("acme");
    assert_eq!(world.show(&second)["status"], "queued");
    let third = submit("acme");
    assert_eq!(world.show(&third)["error"]["code"], "RPA0432");
    assert_eq!(world.read("nginx/crm.log"), "");
    fs::write(&go, "").unwrap();
    for run in runs.iter().chain([&second]) {
        let shown = world.until(run, "completed");
        assert_eq!(
            (&shown["outputs"]["contacts"], &shown["outputs"]["pages"]),
            (&json!(120), &json!(2))
        );
        assert_eq!(shown["broken"], json!([]));
    }
    let asked = world.read("nginx/crm.log");
    let refused = asked.lines().filter(|line| !line.starts_with("200 ")).count();
    assert_eq!((refused, asked.lines().count()), (0, 14), "{asked}");
    for customer in CUSTOMERS {
        let mirror = fs::read_to_string(dir.join(format!("{customer}.json"))).unwrap();
        let contacts: Value = serde_json::from_str(&mirror).unwrap();
        assert_eq!(contacts.as_array().unwrap().len(), 120);
        let stamp = fs::read_to_string(dir.join(format!("{customer}.stamp"))).unwrap();
        assert!(stamp.ends_with(" 120 contacts\n"), "{stamp}");
    }
    assert!(daemon.stop().success());
}
