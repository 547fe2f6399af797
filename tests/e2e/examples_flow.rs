//! The examples with loops, switches and handlers in them, each on real servers and
//! files.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use rpa_tests::{Nginx, Options, World, eventually};
use serde_json::{Value, json};

use crate::examples::{arguments, log, outputs, printed, start, step};

/// Runs the workflow to its end, which is a failure.
fn failed(world: &World, name: &str, vars: &[String]) -> Value {
    let shown = world.json(arguments(name, vars).chain(["--wait"]));
    assert_eq!(shown["status"], "failed", "{shown:#}\n{}", log(world, &shown));
    shown
}

fn dir(world: &World, name: &str) -> PathBuf {
    let path = world.path().join(name);
    fs::create_dir_all(&path).unwrap();
    path
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A port on which nobody listens.
fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// A command of the test's, as the value of a variable.
fn command(world: &World, name: &str, body: &str) -> String {
    format!("sh -eu '{}'", world.file(name, body).display())
}

#[test]
fn site_check_hears_of_every_site() {
    let world = World::new();
    let nginx = Nginx::start(
        world.path(),
        "location /well { return 200 ok; } location /broken { return 503; } location /gone { return 404; }",
    );
    let daemon = start(&world, "site-check", &Options::default());
    let silent = format!("http://127.0.0.1:{}/", free_port());
    let report = world.path().join("sites.csv");
    let urls = [
        nginx.url("/well"),
        nginx.url("/gone"),
        silent.clone(),
        "no url".to_owned(),
        nginx.url("/broken"),
        nginx.url("/well?2"),
    ];
    let vars = [format!("urls={}", json!(urls)), format!("report={}", report.display())];
    let outputs = outputs(&world, "site-check", &vars);
    assert_eq!(outputs["up"], 2);
    let down = outputs["down"].as_array().unwrap();
    let told: Vec<_> = down.iter().map(|site| (&site["url"], &site["status"])).collect();
    let (gone, broken) = (json!(urls[1]), json!(urls[4]));
    let (silent, none) = (json!(silent), json!(urls[3]));
    let wanted = [
        (&gone, &json!(404)),
        (&silent, &Value::Null),
        (&none, &Value::Null),
        (&broken, &json!(503)),
    ];
    assert_eq!(told, wanted);
    let rows = fs::read_to_string(report).unwrap();
    assert_eq!(rows.lines().count(), 7, "{rows}");
    // what may pass was tried three times, what stays was not
    let asked = world.read("nginx/access.log");
    assert_eq!(asked.matches("GET /broken ").count(), 3, "{asked}");
    assert_eq!(asked.matches("GET /gone ").count(), 1, "{asked}");
    assert!(daemon.stop().success());
}

#[test]
fn certificate_check_counts_the_days() {
    let world = World::new();
    let here = world.path().display();
    for (name, days) in [("short", 5), ("long", 90)] {
        printed(&format!(
            "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days {days} \
             -keyout {here}/{name}.key -out {here}/{name}.pem 2>&1"
        ));
    }
    let ports = [free_port(), free_port()];
    let server = format!(
        "listen 127.0.0.1:{} ssl; ssl_certificate {here}/short.pem; ssl_certificate_key {here}/short.key; }} \
         server {{ listen 127.0.0.1:{} ssl; ssl_certificate {here}/long.pem; ssl_certificate_key {here}/long.key;",
        ports[0], ports[1]
    );
    let _nginx = Nginx::start(world.path(), &server);
    let daemon = start(&world, "certificate-check", &Options::default());
    let [short, long] = ports.map(|port| format!("127.0.0.1:{port}"));
    let silent = format!("127.0.0.1:{}", free_port());
    let hosts = [format!("hosts={}", json!([long, silent, short]))];
    let outputs = outputs(&world, "certificate-check", &hosts);
    assert_eq!(outputs["silent"], json!([silent]), "{outputs:#}");
    assert_eq!(outputs["first"]["host"], short.as_str());
    let days = outputs["first"]["days"].as_u64().unwrap();
    assert!((4..=5).contains(&days), "{days}");
    assert_eq!(outputs["soon"].as_array().map(Vec::len), Some(1));
    assert!(daemon.stop().success());
}

#[test]
fn log_cleanup_deletes_only_old_logs() {
    let world = World::new();
    let daemon = start(&world, "log-cleanup", &Options::default());
    let (shop, app) = (dir(&world, "shop logs"), dir(&world, "app"));
    for (dir, name, days) in [
        (&shop, "old.log", 40),
        (&shop, "older one.log.gz", 50),
        (&shop, "last week.log", 7),
        (&shop, "now.log", 0),
        (&shop, "keep.txt", 400),
        (&app, "a.log", 9),
    ] {
        let file = dir.join(name);
        fs::write(&file, name).unwrap();
        printed(&format!("touch -d '{days} days ago' '{}'", file.display()));
    }
    let gone = world.path().join("gone");
    let directories =
        json!({shop.to_str().unwrap(): 30, app.to_str().unwrap(): 30, gone.to_str().unwrap(): 1});
    let vars = [format!("directories={directories}"), "dry=true".to_owned()];
    let before = names(&shop);
    let dry = outputs(&world, "log-cleanup", &vars);
    assert_eq!(names(&shop), before, "it only said what it would do");
    assert_eq!(dry["failed"], 1);
    let outputs = outputs(&world, "log-cleanup", &vars[..1]);
    let wanted = ["keep.txt", "last week.log.gz", "now.log"];
    assert_eq!(names(&shop), wanted);
    assert_eq!(names(&app), ["a.log.gz"]);
    let of_shop = outputs["directories"].as_array().unwrap().iter();
    let of_shop = of_shop.filter(|d| d["directory"] == shop.to_str().unwrap());
    let deleted: Vec<_> = of_shop.map(|d| &d["deleted"]).collect();
    assert_eq!(deleted, [&json!(["./old.log", "./older one.log.gz"])]);
    assert_eq!(outputs["failed"], 1, "the directory that is gone");
    assert!(daemon.stop().success());
}

#[test]
fn service_restart_waits_until_it_is_healthy() {
    let world = World::new();
    let nginx = Nginx::start(world.path(), "");
    let daemon = start(&world, "service-restart", &Options::default());
    let health = world.path().join("nginx/health");
    let here = world.path().display();
    let restart = command(&world, "restart", &format!("echo $SERVICE >> {here}/restarted"));
    let vars = |url: &str| {
        let rescue = command(&world, "rescue", &format!("echo up > {}", health.display()));
        [
            "service=shop".to_owned(),
            format!("url={}", nginx.url(url)),
            format!("restart={restart}"),
            format!("rescue={rescue}"),
            "logs=echo what it last said".to_owned(),
        ]
    };
    let run = world.submit(arguments("service-restart", &vars("/health")).skip(1));
    eventually("it has been asked in vain", || {
        world.read("nginx/access.log").contains("\"GET /health HTTP/1.1\" 404").then_some(())
    });
    fs::write(&health, "up").unwrap();
    let shown = world.until(&run, "completed");
    assert_eq!(world.read("restarted"), "shop\n");
    assert_eq!(shown["outputs"]["how"], "restarted");
    assert!(shown["outputs"]["asked"].as_u64().unwrap() >= 2, "{shown:#}");

    // a restart that fails: the second command makes it healthy
    fs::remove_file(&health).unwrap();
    let mut vars = vars("/health");
    vars[2] = "restart=exit 4".to_owned();
    let outputs = outputs(&world, "service-restart", &vars);
    assert_eq!(outputs, json!({"how": "rescued", "asked": 1}));
    assert!(daemon.stop().success());
}

#[test]
fn database_dump_goes_where_it_can() {
    let world = World::new();
    let daemon = start(&world, "database-dump", &Options::default());
    let (first, spool) = (dir(&world, "first"), dir(&world, "spool"));
    let missing = world.path().join("missing").display().to_string();
    let dump = command(&world, "dump", "echo 'create table a (b int);'");
    let targets = json!([first.to_str().unwrap(), missing]);
    let vars = |spool: &str| {
        [
            "name=shop".to_owned(),
            format!("command={dump}"),
            format!("targets={targets}"),
            format!("spool={spool}"),
        ]
    };
    let outputs = outputs(&world, "database-dump", &vars(spool.to_str().unwrap()));
    assert_eq!(outputs["spooled"], json!([missing]), "{outputs:#}");
    let [stored] = names(&first).try_into().unwrap();
    assert!(stored.starts_with("shop-") && stored.ends_with(".sql.gz"), "{stored}");
    assert_eq!(names(&spool), [format!("1-{stored}")]);
    for path in [first.join(&stored), spool.join(format!("1-{stored}"))] {
        assert_eq!(printed(&format!("gzip -dc '{}'", path.display())), "create table a (b int);");
    }
    let shown = failed(&world, "database-dump", &vars(&missing));
    assert!(shown["error"]["message"].as_str().unwrap().contains("1 places have no dump"));
    assert_eq!(names(&first).len(), 2, "the good place has its dump all the same");
    let mut empty = vars(spool.to_str().unwrap());
    empty[1] = "command=exit 1".to_owned();
    assert_eq!(step(&failed(&world, "database-dump", &empty), "store")["status"], "skipped");
    assert!(daemon.stop().success());
}

#[test]
fn dump_check_finds_what_is_old_or_damaged() {
    let world = World::new();
    let daemon = start(&world, "dump-check", &Options::default());
    let dumps = dir(&world, "dumps");
    let vars = |more: &[&str]| -> Vec<String> {
        let more = more.iter().map(|var| (*var).to_owned());
        std::iter::once(format!("directory={}", dumps.display())).chain(more).collect()
    };
    let message = |more: &[&str]| {
        let shown = failed(&world, "dump-check", &vars(more));
        shown["error"]["message"].as_str().unwrap().to_owned()
    };
    assert!(message(&[]).contains("there is no dump in "), "{}", message(&[]));
    let path = dumps.display();
    printed(&format!("echo a | gzip > '{path}/a new one.gz'; echo damage > '{path}/old.gz'"));
    printed(&format!("touch -d '2 days ago' '{path}/old.gz'"));
    let newest = outputs(&world, "dump-check", &vars(&[]));
    assert_eq!(newest, json!({"newest": format!("{path}/a new one.gz"), "read": 1}));
    let all = message(&["all=true"]);
    assert!(all.contains("and 1 of those that were read are damaged"), "{all}");
    fs::remove_file(dumps.join("a new one.gz")).unwrap();
    printed(&format!("echo b | gzip > '{path}/old.gz'; touch -d '2 days ago' '{path}/old.gz'"));
    assert!(message(&[]).contains("the newest dump is 48.0 hours old"), "{}", message(&[]));
    let patient = outputs(&world, "dump-check", &vars(&["max_age=49"]));
    assert_eq!(patient["read"], 1);
    assert!(daemon.stop().success());
}

const CUSTOMERS: &str = "id,email,name
1,ann@example.org,\"Ann, the first\"
two,bob@example.org,Bob
3,nobody,Carl
4,dora@example.org,Dora
";

#[test]
fn csv_import_sets_bad_rows_aside() {
    let world = World::new();
    let nginx = Nginx::start(
        world.path(),
        "client_body_buffer_size 1m; location /customers/ { dav_methods PUT; create_full_put_path on; } \
         location = /customers/4 { return 422; }",
    );
    let daemon = start(&world, "csv-import", &Options::default());
    let file = world.file("customers.csv", CUSTOMERS);
    let rejects = world.path().join("rejects.csv");
    let vars = [
        format!("file={}", file.display()),
        format!("api={}", nginx.url("/customers")),
        format!("rejects={}", rejects.display()),
    ];
    let outputs = outputs(&world, "csv-import", &vars);
    assert_eq!((&outputs["rows"], &outputs["taken"]), (&json!(4), &json!(1)), "{outputs:#}");
    let stored: Value = serde_json::from_str(&world.read("nginx/customers/1")).unwrap();
    assert_eq!(stored, json!({"id": "1", "email": "ann@example.org", "name": "Ann, the first"}));
    let rejected = fs::read_to_string(rejects).unwrap();
    let ids: Vec<_> = rejected.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(ids, ["id", "two", "3", "4"]);
    assert!(rejected.contains("answered 422"), "{rejected}");
    let vars = [&vars[..], &["most_bad=2".to_owned()]].concat();
    let shown = failed(&world, "csv-import", &vars);
    assert_eq!(step(&shown, "too_bad")["status"], "failed");
    assert!(daemon.stop().success());
}

#[test]
fn offboarding_takes_everything_or_nothing() {
    let world = World::new();
    let nginx = Nginx::start(
        world.path(),
        "location /users/ { dav_methods PUT DELETE; create_full_put_path on; } \
         location = /users/bob.groups { return 403; }",
    );
    let daemon = start(&world, "offboarding", &Options::default());
    let archive = dir(&world, "archive");
    let groups = dir(&world, "nginx/users");
    let vars = |user: &str| {
        let home = dir(&world, &format!("homes/{user}/.ssh"));
        fs::write(home.join("authorized_keys"), "ssh-ed25519 AAAA").unwrap();
        fs::write(groups.join(format!("{user}.groups")), "wheel").unwrap();
        [
            format!("user={user}"),
            format!("directory={}", nginx.url("/users")),
            format!("homes={}", world.path().join("homes").display()),
            format!("archive={}", archive.display()),
        ]
    };
    let outputs = outputs(&world, "offboarding", &vars("ann"));
    let copy = outputs["archive"].as_str().unwrap();
    assert!(printed(&format!("tar -tf {copy}")).contains("./.ssh/authorized_keys.revoked"));
    assert_eq!(world.read("nginx/users/ann"), "{\"active\":false}");
    assert!(!groups.join("ann.groups").exists());
    assert_eq!(names(&world.path().join("homes/ann/.ssh")), ["authorized_keys.revoked"]);

    let shown = failed(&world, "offboarding", &vars("bob"));
    assert!(shown["error"]["message"].as_str().unwrap().contains("403"), "{shown:#}");
    assert_eq!(world.read("nginx/users/bob"), "{\"active\":true}", "undone");
    assert_eq!(names(&world.path().join("homes/bob/.ssh")), ["authorized_keys"], "undone");
    assert_eq!(names(&archive).len(), 1, "the copy of the other one's home");
    assert!(log(&world, &shown).contains("bob was left as before"));
    let status = ["keys/@undo/give_keys_back", "keep/@undo/drop_copy", "account/@undo/activate"]
        .map(|path| step(&shown, path)["status"].clone());
    assert_eq!(status, ["completed", "completed", "completed"].map(|word| json!(word)));
    assert!(daemon.stop().success());
}

#[test]
fn rollout_stops_after_two_hosts() {
    let world = World::new();
    let daemon = start(&world, "rollout", &Options::default());
    let hosts = dir(&world, "hosts");
    let vars = |bad: &str| {
        let install =
            command(&world, "install", &format!("echo $RELEASE > {}/$HOST", hosts.display()));
        let verify = command(&world, "verify", &format!("case $HOST in {bad}) exit 1 ;; esac"));
        [
            "release=2".to_owned(),
            "previous=1".to_owned(),
            format!("hosts={}", json!(["h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7", "h8"])),
            format!("install={install}"),
            format!("verify={verify}"),
        ]
    };
    let releases = || -> Vec<String> {
        names(&hosts)
            .iter()
            .map(|host| world.read(&format!("hosts/{host}")).trim().to_owned())
            .collect()
    };
    let good = outputs(&world, "rollout", &vars("h5"));
    assert_eq!(good["failed"], 1, "one host is not the end");
    assert_eq!(releases(), ["2", "2", "2", "2", "2", "1", "2", "2", "2"], "the bad one went back");
    names(&hosts).iter().for_each(|host| fs::remove_file(hosts.join(host)).unwrap());

    let shown = failed(&world, "rollout", &vars("h1|h2"));
    assert!(shown["error"]["message"].as_str().unwrap().contains("2 turns failed"), "{shown:#}");
    assert!(names(&hosts).len() < 9, "no further host was touched");
    assert_eq!(releases()[..3], ["2", "1", "1"]);
    names(&hosts).iter().for_each(|host| fs::remove_file(hosts.join(host)).unwrap());

    failed(&world, "rollout", &vars("h0"));
    assert_eq!(names(&hosts), ["h0"], "the trial was enough");
    assert_eq!(releases(), ["1"]);
    assert!(daemon.stop().success());
}

const JOBS: &str = "2026-01-26 backup ok
2026-01-27 backup failed
2026-01-27 sync ok
2026-01-28 backup ok
no job at all
";

#[test]
fn nightly_report_depends_on_the_weekday() {
    let world = World::new();
    let daemon = start(&world, "nightly-report", &Options::default());
    let jobs = world.file("jobs.log", JOBS);
    let report = world.path().join("report.txt");
    let run = |day: &str| {
        let _ = fs::remove_file(&report);
        let vars = [
            format!("jobs={}", jobs.display()),
            format!("report={}", report.display()),
            format!("day={day}"),
        ];
        outputs(&world, "nightly-report", &vars)
    };
    let monday = json!({"kind": "week", "lines": ["backup: 2 of 3 well", "sync: 1 of 1 well"]});
    assert_eq!(run("2026-02-02"), monday);
    assert!(world.read("report.txt").starts_with("Report of the week before 2026-02-02\nbackup: "));
    let wednesday = json!({"kind": "day", "lines": ["backup: failed"]});
    assert_eq!(run("2026-01-28"), wednesday);
    assert_eq!(run("2026-01-29"), json!({"kind": "day", "lines": []}));
    assert!(world.read("report.txt").contains("all well"));
    assert_eq!(run("2026-02-01"), json!({"kind": "none", "lines": []}));
    assert!(!report.exists());
    assert!(daemon.stop().success());
}

#[test]
fn page_export_follows_the_pages() {
    let world = World::new();
    let nginx = Nginx::start(world.path(), "types {} default_type application/json;");
    let daemon = start(&world, "page-export", &Options::default());
    for page in 1..=3 {
        let rows: Vec<_> =
            (0..50).map(|row| json!({"id": page * 100 + row, "name": "n,1", "more": 1})).collect();
        let next = (page < 3).then(|| nginx.url(&format!("/orders-{}", page + 1)));
        world.file(
            &format!("nginx/orders-{page}"),
            &json!({"rows": rows, "next": next}).to_string(),
        );
    }
    let csv = world.path().join("orders.csv");
    let vars = [format!("api={}", nginx.url("/orders-1")), format!("csv={}", csv.display())];
    let outputs = outputs(&world, "page-export", &vars);
    assert_eq!((&outputs["pages"], &outputs["rows"]), (&json!(3), &json!(150)));
    let lines = fs::read_to_string(csv).unwrap();
    assert_eq!(lines.lines().next(), Some("id,name"));
    assert_eq!(lines.lines().last(), Some("349,\"n,1\""));
    assert_eq!(lines.lines().count(), 151);
    assert!(daemon.stop().success());
}
