//! What this machine allows, measured by the parts that the daemon is made of.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use futures::StreamExt;
use redb::{Builder, Database, TableDefinition};
use rpa_ipc::codec::{self, Codec};
use tarpc::context;
use tarpc::server::{BaseChannel, Channel};
use tokio::net::UnixStream;

use crate::statistics::{ms, rate};

/// How long each limit is measured.
pub const TIME: Duration = Duration::from_secs(2);
/// A row of the size of most rows of the daemon's journal.
const ROW: [u8; 64] = [7; 64];

const TABLE: TableDefinition<'_, (u128, u64), &[u8]> = TableDefinition::new("journal");

/// A store with one table, in `dir`.
pub fn database(dir: &Path) -> Database {
    let builder = Builder::new();
    builder.create(dir.join("limit.redb")).expect("a redb file")
}

/// Writes of a row, durable, `per_commit` in one commit: writes a second. The keys
/// are those of a journal of 200 runs that go on by turns.
pub fn redb_writes(dir: &Path, per_commit: u64) -> f64 {
    let db = database(dir);
    let start = Instant::now();
    let mut written = 0;
    while start.elapsed() < TIME {
        commit(&db, written..written + per_commit);
        written += per_commit;
    }
    rate(written, start.elapsed())
}

/// Times in ms of single commits, one row each.
pub fn redb_commits(db: &Database, count: u64) -> Vec<f64> {
    let time = |n: u64| {
        let start = Instant::now();
        commit(db, n..n + 1);
        ms(start.elapsed())
    };
    (0..count).map(time).collect()
}

pub fn commit(db: &Database, rows: std::ops::Range<u64>) {
    let txn = db.begin_write().expect("redb begins");
    {
        let mut table = txn.open_table(TABLE).expect("redb opens its table");
        for n in rows {
            let key = (u128::from(n % 200), n / 200);
            table.insert(key, ROW.as_slice()).expect("redb writes");
        }
    }
    txn.commit().expect("redb commits");
}

/// Spawns of `program` by tokio, `at_once` at a time, output piped as the daemon
/// has it: ended processes a second.
pub async fn spawns(program: &[&str], at_once: usize) -> f64 {
    let start = Instant::now();
    let worker = async || {
        let mut count = 0;
        while start.elapsed() < TIME {
            let output = tokio::process::Command::new(program[0])
                .args(&program[1..])
                .stdin(Stdio::null())
                .output();
            assert!(output.await.expect("the program starts").status.success());
            count += 1;
        }
        count
    };
    let counts = futures::future::join_all((0..at_once).map(|_| worker())).await;
    rate(counts.iter().sum(), start.elapsed())
}

#[tarpc::service]
trait Echo {
    async fn echo(text: String) -> String;
}

#[derive(Clone)]
struct Mirror;

impl Echo for Mirror {
    async fn echo(self, _: context::Context, text: String) -> String {
        text
    }
}

/// Times in ms of tarpc calls that do nothing, over a Unix socket and between two
/// threads.
pub async fn round_trips(count: usize) -> Vec<f64> {
    let (here, there) = std::os::unix::net::UnixStream::pair().expect("a pair of sockets");
    let server = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async move {
            let transport = tarpc::serde_transport::new(stream(there), Codec::default());
            let calls = BaseChannel::with_defaults(transport).execute(Mirror.serve());
            calls.for_each(|call| async move { drop(tokio::spawn(call)) }).await;
        });
    });
    let transport = tarpc::serde_transport::new(stream(here), Codec::default());
    let client = EchoClient::new(tarpc::client::Config::default(), transport).spawn();
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let start = Instant::now();
        let answer = client.echo(context::current(), "a short text".to_owned()).await;
        answer.expect("an echo");
        times.push(ms(start.elapsed()));
    }
    drop(client);
    // off this thread, which still has to hang up
    let ended = tokio::task::spawn_blocking(move || server.join());
    ended.await.expect("a thread").expect("the server ends");
    times
}

fn stream(socket: std::os::unix::net::UnixStream) -> codec::Frames<UnixStream> {
    socket.set_nonblocking(true).expect("a socket that does not block");
    codec::frames(UnixStream::from_std(socket).expect("a socket of the runtime"))
}
