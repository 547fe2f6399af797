//! Which socket a person's `rpa` calls when nobody names one: the own daemon's, and never
//! what lies behind a door that is closed to this person.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};

use rpa_tests::{Rpa, World};

/// Somebody who is not root, and owns nothing.
const SOMEBODY: u32 = 54_321;
const SYSTEM: &str = "/run/rpad/rpad.sock";

#[test]
fn a_socket_behind_a_closed_door_is_not_the_own_one() {
    if !rustix::process::geteuid().is_root() {
        // nobody else can be somebody else
        return;
    }
    let world = World::new();
    fs::set_permissions(world.path(), Permissions::from_mode(0o755)).unwrap();
    let runtime = world.path().join("runtime");
    fs::create_dir_all(runtime.join("rpad")).unwrap();
    let socket = runtime.join("rpad/rpad.sock");
    let called = || {
        let mut status = world.rpa_command_as(SOMEBODY, ["status"]);
        status.env_remove("RPA_SOCKET").env("XDG_RUNTIME_DIR", &runtime);
        let status = Rpa::from(status.output().unwrap());
        assert_eq!(status.code, 69, "nobody listens: {status:?}");
        match (status.stderr.contains(SYSTEM), status.stderr.contains(socket.to_str().unwrap())) {
            (true, false) => "the system's",
            (false, true) => "the own one",
            _ => panic!("{status:?}"),
        }
    };
    // as after `su`: the directory is another person's, and shows nothing of what is in it
    fs::set_permissions(runtime.join("rpad"), Permissions::from_mode(0o700)).unwrap();
    fs::write(&socket, "").unwrap();
    assert_eq!(called(), "the system's");
    // the door is open, what is there is still another person's
    fs::set_permissions(runtime.join("rpad"), Permissions::from_mode(0o755)).unwrap();
    assert_eq!(called(), "the system's");
    chown(&socket, Some(SOMEBODY), None).unwrap();
    assert_eq!(called(), "the own one");
    // nothing anywhere: where one's own daemon would be
    if !fs::exists(SYSTEM).unwrap() {
        fs::remove_file(&socket).unwrap();
        assert_eq!(called(), "the own one");
    }
}
