//! A sender as people have one: curl, with what openssl has signed.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use rpa_tests::World;
use serde_json::Value;

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    /// All but the date, as they came.
    pub headers: Vec<String>,
    pub body: String,
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.iter().filter_map(|line| line.split_once(": "));
        lines.find(|(other, _)| *other == name).map(|(_, value)| value)
    }
}

pub fn http_socket(world: &World) -> PathBuf {
    world.path().join("http.sock")
}

/// curl over the Unix socket, ready for a body and headers.
pub fn curl(world: &World, path: &str) -> Command {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--include", "--max-time", "60"]);
    curl.arg("--unix-socket").arg(http_socket(world));
    // as it is written, whatever curl would make of it
    curl.arg("--path-as-is").arg(format!("http://localhost{path}"));
    curl
}

/// Runs curl; the body comes from its standard input.
pub fn answer(mut curl: Command, body: &[u8]) -> Answered {
    let mut child = curl
        .args(["--data-binary", "@-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("curl starts");
    // one that was refused early does not read it
    let _ = child.stdin.take().expect("a pipe").write_all(body);
    let output = child.wait_with_output().expect("curl ends");
    let text = String::from_utf8(output.stdout).expect("text");
    let text = text.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n").unwrap_or(&text);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text}{stderr}"));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers = lines.filter(|line| !line.starts_with("date: ")).map(str::to_owned).collect();
    Answered { status: status.expect("a status"), headers, body: body.to_owned() }
}

/// A POST of JSON with these headers.
pub fn post(world: &World, path: &str, headers: &[String], body: &str) -> Answered {
    let mut curl = curl(world, path);
    curl.args(["--header", "content-type: application/json"]);
    for header in headers {
        curl.arg("--header").arg(header);
    }
    answer(curl, body.as_bytes())
}

/// HMAC-SHA256 in hex digits, as `openssl dgst` reckons it.
pub fn hmac_hex(key: &[u8], text: &str) -> String {
    let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut child = Command::new("openssl")
        .args(["dgst", "-sha256", "-mac", "HMAC", "-macopt", &format!("hexkey:{key}"), "-r"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl starts");
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("openssl ends");
    let text = String::from_utf8(output.stdout).expect("text");
    text.split(' ').next().expect("a digest").to_owned()
}

/// Bytes of hex digits in Base64, by `openssl base64`.
pub fn base64_of_hex(hex: &str) -> String {
    let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
    let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(digit).collect();
    let mut child = Command::new("openssl")
        .args(["base64", "-A"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl starts");
    child.stdin.take().expect("a pipe").write_all(&bytes).expect("it reads");
    String::from_utf8(child.wait_with_output().expect("openssl ends").stdout).expect("text")
}

pub fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// Writes a secret where the daemon looks for it, in place of one that was there.
pub fn secret(world: &World, name: &str, value: &str) {
    let dir = world.state().join("secrets");
    fs::create_dir_all(&dir).expect("a directory");
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).expect("its mode");
    let new = dir.join("new");
    fs::write(&new, value).expect("a file");
    fs::set_permissions(&new, fs::Permissions::from_mode(0o400)).expect("its mode");
    fs::rename(new, dir.join(name)).expect("in one step");
}
