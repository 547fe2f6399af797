//! The examples with triggers of each kind: what their runs do, on real files.

use std::fs;

use rpa_tests::{Options, World, root};
use serde_json::{Value, json};

use crate::examples::{arguments, log, outputs, printed, start, step};

fn failed(world: &World, name: &str, vars: &[String]) -> Value {
    let shown = world.json(arguments(name, vars).chain(["--wait"]));
    assert_eq!(shown["status"], "failed", "{shown:#}\n{}", log(world, &shown));
    shown
}

#[test]
fn deploy_hook_goes_to_a_commit_and_back() {
    let world = World::new();
    let daemon = start(&world, "deploy-hook", &Options::default());
    let dir = world.path().display().to_string();
    let git = "git -c user.name=a -c user.email=a@example.org -c init.defaultBranch=main";
    printed(&format!(
        "cd '{dir}' && {git} init -q origin && cd origin && echo one > f && git add f && {git} commit -qm one \
         && cd .. && git clone -q origin checkout && cd origin && echo two > f && {git} commit -qam two"
    ));
    let head = |repository: &str| printed(&format!("git -C '{dir}/{repository}' rev-parse HEAD"));
    let (one, two) = (head("checkout"), head("origin"));
    let vars = |build: &str| {
        [format!("commit={two}"), format!("checkout={dir}/checkout"), format!("build={build}")]
    };
    let bad = failed(&world, "deploy-hook", &vars("cat f; exit 1"));
    assert!(log(&world, &bad).contains("two"), "it was built there");
    assert_eq!(head("checkout"), one, "and it went back");
    let given = outputs(&world, "deploy-hook", &vars("cp f built"));
    assert_eq!(given, json!({"from": one, "to": two}));
    assert_eq!((head("checkout"), world.read("checkout/built")), (two.clone(), "two\n".into()));
    assert!(daemon.stop().success());
}

#[test]
fn inbox_archive_puts_files_away() {
    let world = World::new();
    let daemon = start(&world, "inbox-archive", &Options::default());
    let (inbox, archive) = (world.path().join("in"), world.path().join("archive"));
    fs::create_dir(&inbox).unwrap();
    let file = |name: &str| inbox.join(name).display().to_string();
    fs::write(file("a 1.csv"), "a\n").unwrap();
    fs::write(file("b.xml"), "<b/>\n").unwrap();
    let vars = |files: &[&str]| {
        let files: Vec<_> = files.iter().map(|name| file(name)).collect();
        [format!("files={}", json!(files)), format!("archive={}", archive.display())]
    };
    let given = outputs(&world, "inbox-archive", &vars(&["a 1.csv", "b.xml", "b.xml"]));
    assert_eq!(given["done"], 2, "{given:#}");
    assert_eq!(fs::read_dir(&inbox).unwrap().count(), 0);
    let place = given["directory"].as_str().unwrap();
    assert!(place.starts_with(&format!("{}/20", archive.display())), "{place}");
    let stored = format!("{place}/a 1.csv.gz");
    assert_eq!(printed(&format!("gzip -dc '{stored}'")), "a");
    let sum = printed(&format!("sha256sum < '{stored}' | cut -d ' ' -f 1"));
    let index = fs::read_to_string(format!("{place}/index.csv")).unwrap();
    assert!(index.contains(&format!("{},{sum}", file("a 1.csv"))), "{index}");
    fs::write(file("c.csv"), "c\n").unwrap();
    let shown = failed(&world, "inbox-archive", &vars(&["missing.csv", "c.csv"]));
    let message = shown["error"]["message"].as_str().unwrap();
    assert!(message.contains("1 files could not be put away"), "{message}");
    assert!(!inbox.join("c.csv").exists(), "the other one was");
    assert!(daemon.stop().success());
}

#[test]
fn host_added_enters_a_host_once() {
    let world = World::new();
    let daemon = start(&world, "host-added", &Options::default());
    let inventory = world.file("inventory.csv", "db1,db\nweb7,mail\n");
    let vars = [
        "host=web7".to_owned(),
        "role=web".to_owned(),
        format!("inventory={}", inventory.display()),
        "probe=true".to_owned(),
    ];
    assert_eq!(outputs(&world, "host-added", &vars), json!({"host": "web7", "role": "web"}));
    outputs(&world, "host-added", &vars);
    assert_eq!(fs::read_to_string(&inventory).unwrap(), "db1,db\nweb7,web\n");
    assert!(daemon.stop().success());
}

#[test]
fn after_failure_says_which_run() {
    let world = World::new();
    let daemon = start(&world, "after-failure", &Options::default());
    let told = world.path().join("told").display().to_string();
    let vars = [
        "workflow=default/nightly-report".to_owned(),
        "run=0f3a".to_owned(),
        "status=cancelled".to_owned(),
        format!("command={{ echo \"$SUBJECT\"; cat; }} > '{told}'"),
    ];
    outputs(&world, "after-failure", &vars);
    let told = fs::read_to_string(told).unwrap();
    assert!(told.starts_with("rpad: default/nightly-report cancelled\n"), "{told}");
    assert!(told.contains("the run 0f3a has been cancelled\n"), "{told}");
    assert!(daemon.stop().success());
}

#[test]
fn maintenance_is_put_up_and_taken_away() {
    let world = World::new();
    let daemon = world.start();
    let page = world.path().join("maintenance");
    let source = fs::read_to_string(root().join("config/examples/maintenance.yaml")).unwrap();
    let source =
        source.replace("default: /srv/www/", &format!("default: {}/", world.path().display()));
    world.apply("maintenance", &source);
    let shown = failed(&world, "maintenance", &["state=on".to_owned()]);
    assert!(shown["error"]["message"].as_str().unwrap().contains("say why"), "{shown:#}");
    assert_eq!(step(&shown, "state")["status"], "skipped");
    let vars = ["state=on".to_owned(), "reason=new disks".to_owned()];
    outputs(&world, "maintenance", &vars);
    let text = fs::read_to_string(&page).unwrap();
    assert!(text.starts_with("since ") && text.ends_with(": new disks\n"), "{text}");
    outputs(&world, "maintenance", &["state=off".to_owned()]);
    assert!(!page.exists());
    assert!(daemon.stop().success());
}
