//! Settings with which no server is to run, and paths that are another's.

use std::net::TcpListener;
use std::process::Stdio;

use rpa_tests::{Options, Rpa, World, eventually};
use serde_json::Value;

use super::{secret, webhook, workflow};

fn refused(world: &World, settings: &str) -> Rpa {
    let options = Options { settings: settings.to_owned(), ..Options::default() };
    Rpa::from(world.rpad(&options).stdin(Stdio::null()).output().expect("rpad starts"))
}

#[test]
fn nobody_listens_for_other_machines_by_mistake() {
    let world = World::new();
    let rpad = refused(&world, "[http]\nlisten = [\"127.0.0.1:0\", \"0.0.0.0:8088\"]\n");
    assert_eq!(rpad.code, 78, "{rpad:?}");
    assert!(rpad.stderr.contains("RPA0207") && rpad.stderr.contains("0.0.0.0:8088"), "{rpad:?}");
    assert!(rpad.stderr.contains("http.public = true"), "{rpad:?}");
    let settings = "[http]\nlisten = \"0.0.0.0:0\"\npublic = true\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    assert!(daemon.stop().success());
    // an address that this machine does not have
    let rpad = refused(&world, "[http]\nlisten = \"192.0.2.1:8088\"\npublic = true\n");
    assert_eq!(rpad.code, 78, "{rpad:?}");
    assert!(rpad.stderr.contains("RPA0207") && rpad.stderr.contains("192.0.2.1:8088"), "{rpad:?}");
}

#[test]
fn an_address_that_is_taken_is_named() {
    let world = World::new();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let settings = format!("[http]\nlisten = \"{address}\"\n");
    let rpad = refused(&world, &settings);
    assert_eq!(rpad.code, 75, "{rpad:?}");
    assert!(rpad.stderr.contains("RPA0210"), "{rpad:?}");
    assert!(rpad.stderr.contains(&address.to_string()), "{rpad:?}");
    assert!(rpad.stderr.contains(&format!("sport = :{}", address.port())), "{rpad:?}");
    drop(other);
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    assert!(daemon.stop().success());
}

#[test]
fn a_path_is_one_triggers_also_while_that_is_disabled() {
    let world = World::new();
    let daemon = world.start();
    let hook = |id: &str| webhook(id, "path: in, verify: none");
    world.apply("first", &workflow("first", &[&hook("mine")]));
    let second = world.file("second.yaml", &workflow("second", &[&hook("wanted")]));
    let apply = || world.rpa(["apply", second.to_str().unwrap()]);
    let told = apply();
    assert_eq!(told.code, 2, "{told:?}");
    assert!(told.stderr.contains("RPA0548"), "{told:?}");
    assert!(told.stderr.contains("mine") && told.stderr.contains("default/first"), "{told:?}");
    world.json(["triggers", "disable", "first", "mine", "--note", "not now"]);
    assert_eq!(apply().code, 2);
    // as a draft it is nobody's rival, until it is to be live
    assert_eq!(world.rpa(["apply", "--draft", second.to_str().unwrap()]).code, 0);
    assert_eq!(world.rpa(["publish", "second"]).code, 2);
    world.apply("first", &workflow("first", &[&webhook("mine", "path: other, verify: none")]));
    assert_eq!(world.rpa(["publish", "second"]).code, 0);
    assert!(daemon.stop().success());
}

/// A declaration that comes into force ends what was told of the one before; that this one
/// fails as well is told, though it fails with the same.
#[test]
fn a_webhook_that_still_fails_is_told_again_with_each_new_declaration() {
    let world = World::new();
    let daemon = world.start();
    let hook = webhook("mine", "path: in, verify: {scheme: github, secrets: [key]}");
    let apply = |name: &str| world.apply("in", &workflow("in", &[&hook]).replace("id: s", name));
    // how each stands, the newest first
    let told = || -> Vec<String> {
        let all = world.json(["notifications", "--all"])["notifications"].clone();
        let of = all.as_array().unwrap().iter().filter(|one| one["kind"] == "trigger_failing");
        of.map(|one| one["state"].as_str().unwrap().to_owned()).collect()
    };
    let until = |wanted: &[&str]| eventually("it is told", || (told() == wanted).then_some(()));
    apply("id: first");
    until(&["unread"]);
    apply("id: second");
    until(&["unread", "done"]);
    world.json(["triggers", "disable", "in", "mine"]);
    until(&["done", "done"]);
    world.json(["triggers", "enable", "in", "mine"]);
    until(&["unread", "done", "done"]);
    // a person has seen it: that it goes on after a start is no news
    assert_eq!(world.json(["notifications", "ack", "--all"])["acknowledged"], 1);
    assert!(daemon.stop().success());
    let daemon = world.start();
    eventually("it fails", || {
        let triggers = world.json(["triggers"])["triggers"].clone();
        let is_failing = |one: &Value| one["status"] == "failing";
        triggers.as_array().unwrap().iter().any(is_failing).then_some(())
    });
    apply("id: third");
    until(&["unread", "done", "done", "done"]);
    secret(&world, "key", "s3cret\n");
    apply("id: fourth");
    until(&["done", "done", "done", "done"]);
    assert!(daemon.stop().success());
}
