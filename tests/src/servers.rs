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

fn nginx() -> &'static str {
    // not in an ordinary user's PATH
    if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" }
}

/// A port that nobody has at this moment.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback");
    listener.local_addr().expect("address").port()
}
