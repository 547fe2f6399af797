//! A small HTTP server that can also misbehave.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// `hello gzip`, by gzip(1).
const GZIP: &[u8] =
    b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xcbH\xcd\xc9\xc9WH\xaf\xca,\0\0\x19j\xd2\xdf\x0a\0\0\0";

/// Serves until it is dropped. What the path means:
///
/// | path | answer |
/// |---|---|
/// | `/status/N` | status N, body `status N` |
/// | `/redirect/N` | to `/redirect/N-1`, in the end to `/echo` |
/// | `/to?URL` | 307 to URL |
/// | `/big/N` | N bytes |
/// | `/slow` | `one two three`, in chunks with pauses |
/// | `/close` | none: the connection is closed once the request is read |
/// | `/hang` | none: the connection stays open |
/// | `/stall` | a head and half a body, then nothing |
/// | `/broken` | a head and half a body, then the end |
/// | `/latin`, `/gzip`, `/badjson`, `/cookies` | what the name says |
/// | any other | the request itself as text |
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// Request heads, in the order of their arrival.
    pub(crate) seen: Arc<Mutex<Vec<String>>>,
    accepting: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<String>>>::default();
        let record = seen.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, record.clone()));
            }
        });
        Server { address, seen, accepting }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn requests(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// A port on which nobody listens.
pub(crate) async fn closed_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

async fn serve(stream: TcpStream, seen: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |n| n.parse().unwrap())];
    stream.read_exact(&mut body).await.unwrap();
    seen.lock().unwrap().push(head.clone());
    let mut stream = stream.into_inner();
    // the client may be gone: that is what some tests are about
    let _ = answer(&mut stream, &head, &body).await;
}

async fn answer(stream: &mut TcpStream, head: &str, body: &[u8]) -> std::io::Result<()> {
    let target = head.split(' ').nth(1).unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let number = path.rsplit('/').next().unwrap().parse::<usize>().unwrap_or(0);
    let send = |status: usize, headers: &str, body: &[u8]| {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} Word\r\ncontent-length: {length}\r\n{headers}connection: close\r\n\r\n"
        );
        [head.as_bytes(), body].concat()
    };
    let bytes = match path.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "/status/" => send(number, "", format!("status {number}").as_bytes()),
        "/redirect/" if number == 0 => send(302, "location: /echo\r\n", b""),
        "/redirect/" => send(302, &format!("location: /redirect/{}\r\n", number - 1), b""),
        "/to" => send(307, &format!("location: {query}\r\n"), b""),
        "/big/" => send(200, "", &vec![b'x'; number]),
        "/latin" => send(200, "content-type: text/plain; charset=ISO-8859-1\r\n", b"caf\xe9"),
        "/gzip" => send(200, "content-encoding: gzip\r\n", GZIP),
        "/badjson" => send(200, "content-type: application/json\r\n", b"{oops"),
        "/cookies" => send(200, "set-cookie: a=1\r\nset-cookie: b=2\r\n", b""),
        "/close" => return Ok(()),
        "/hang" => return hold(stream).await,
        "/stall" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf").await?;
            return hold(stream).await;
        }
        "/broken" => b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf".to_vec(),
        "/slow" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            for chunk in ["4\r\none \r\n", "4\r\ntwo \r\n", "5\r\nthree\r\n"] {
                stream.write_all(chunk.as_bytes()).await?;
                stream.flush().await?;
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
            b"0\r\n\r\n".to_vec()
        }
        _ => send(200, "content-type: text/plain\r\n", &[head.as_bytes(), body].concat()),
    };
    stream.write_all(&bytes).await
}

/// Keeps the connection until the client closes it.
async fn hold(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.read_to_end(&mut Vec::new()).await.map(drop)
}
