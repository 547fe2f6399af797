//! Real servers from the distribution's packages, on loopback.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::eventually;

/// nginx with the test's own configuration, in the test's own directory.
#[derive(Debug)]
pub struct Nginx {
    child: Child,
    port: u16,
}

impl Nginx {
    /// `server` is the body of its `server { }` block.
    ///
    /// # Panics
    /// When nginx is not installed (`make test` installs it) or does not start.
    pub fn start(dir: &Path, server: &str) -> Nginx {
        let port = free_port();
        let home = dir.join("nginx");
        fs::create_dir_all(home.join("tmp")).expect("a directory for nginx");
        let here = home.display();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {here}/tmp/{kind};"))
            .join("\n");
        let text = format!(
            "daemon off; master_process off; pid {here}/pid; error_log {here}/error.log;\n\
             events {{}}\n\
             http {{ access_log {here}/access.log; {temporary}\n\
             server {{ listen 127.0.0.1:{port}; root {here}; {server} }} }}\n"
        );
        let file = home.join("nginx.conf");
        fs::write(&file, text).expect("nginx.conf");
        let child = Command::new(nginx())
            .arg("-p")
            .arg(&home)
            .arg("-e")
            .arg(home.join("error.log"))
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx is installed (make test installs it)");
        eventually("nginx answers", || TcpStream::connect(("127.0.0.1", port)).ok());
        Nginx { child, port }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An ssh server with keys, settings and a port of the test's own. Whoever comes has this
/// user's account, and the environment that the test gives.
#[derive(Debug)]
pub struct Sshd {
    child: Child,
    destination: String,
    ssh: String,
}

impl Sshd {
    /// `path` is where commands are found over there, `socket` what `RPA_SOCKET` is.
    ///
    /// # Panics
    /// When it is not installed (`make test` installs it) or does not start.
    pub fn start(dir: &Path, path: &Path, socket: &Path) -> Sshd {
        let (port, home) = (free_port(), dir.join("sshd"));
        fs::create_dir_all(&home).expect("a directory for sshd");
        let here = home.display();
        for key in ["host", "user"] {
            let file = home.join(key);
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(&file)
                .status();
            assert!(made.expect("ssh-keygen is installed").success(), "no key");
        }
        let public =
            |key: &str| fs::read_to_string(home.join(format!("{key}.pub"))).expect("a public key");
        fs::write(home.join("authorized"), public("user")).expect("who may come");
        let known = format!("[127.0.0.1]:{port} {}", public("host"));
        fs::write(home.join("known"), known).expect("who it is");
        let (path, socket) = (path.display(), socket.display());
        let text = format!(
            "ListenAddress 127.0.0.1\nPort {port}\nHostKey {here}/host\nPidFile {here}/pid\n\
             AuthorizedKeysFile {here}/authorized\nStrictModes no\nUsePAM no\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\n\
             PermitRootLogin prohibit-password\nPermitUserEnvironment no\n\
             SetEnv PATH={path}:/usr/bin:/bin RPA_SOCKET={socket} LC_ALL=C.UTF-8\n"
        );
        let file = home.join("config");
        fs::write(&file, text).expect("the settings of sshd");
        // root's server wants the directory in which it locks strangers up
        let _ = fs::create_dir_all("/run/sshd");
        let log = fs::File::create(home.join("log")).expect("the log of sshd");
        let child = Command::new("/usr/sbin/sshd")
            .arg("-D")
            .arg("-e")
            .arg("-f")
            .arg(&file)
            .stdin(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("sshd is installed (make test installs it)");
        eventually("sshd answers", || TcpStream::connect(("127.0.0.1", port)).ok());
        let ssh = format!(
            "ssh -F none -p {port} -i '{here}/user' -o IdentitiesOnly=yes -o BatchMode=yes \
             -o 'UserKnownHostsFile={here}/known' -o StrictHostKeyChecking=yes"
        );
        Sshd { child, destination: format!("{}@127.0.0.1", user()), ssh }
    }

    /// For `--host`.
    pub fn destination(&self) -> &str {
        &self.destination
    }

    /// For `RPA_SSH`.
    pub fn ssh(&self) -> &str {
        &self.ssh
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whose account it is.
fn user() -> String {
    let output = Command::new("id").arg("-un").output().expect("id starts");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn nginx() -> &'static str {
    // not in an ordinary user's PATH
    if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" }
}

/// A port that nobody has at this moment.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback");
    listener.local_addr().expect("address").port()
}
