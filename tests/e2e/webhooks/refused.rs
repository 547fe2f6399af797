//! Settings with which no server is to run, and paths that are another's.

use std::net::TcpListener;
use std::process::Stdio;

use rpa_tests::{Options, Rpa, World};

use super::{webhook, workflow};

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
