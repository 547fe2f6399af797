//! `file.read` and `file.write`.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use rpa_engine::{ErrorClass, Value};
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::support::{Bench, failed, int, never_started, succeeded, text};

#[tokio::test]
async fn reads_relative_and_absolute_paths() {
    let mut bench = Bench::new();
    fs::write(bench.dir().join("a.csv"), "n,m\n1,2\n").unwrap();
    let input = [("path", "a.csv".into()), ("format", "csv".into())];
    let output = succeeded(bench.run("file.read", input).await);
    assert_eq!(output.get("content").unwrap().to_string(), r#"[{"m":"2","n":"1"}]"#);
    assert_eq!(int(&output, "bytes"), 8);
    let modified: jiff::Timestamp = text(&output, "modified").parse().unwrap();
    let age = jiff::Timestamp::now().duration_since(modified);
    assert!(age.as_secs().abs() < 60, "{modified}");

    let output = succeeded(bench.run("file.read", [("path", "/proc/self/comm".into())]).await);
    assert!(int(&output, "bytes") > 0, "a file that says it is empty");
    assert_eq!(bench.marked(), 0, "reading touches nothing");
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let mut bench = Bench::new();
    bench.ctx.output_limit = 10;
    fs::write(bench.dir().join("eleven"), "01234567890").unwrap();
    fs::write(bench.dir().join("ten"), "0123456789").unwrap();
    succeeded(bench.run("file.read", [("path", "ten".into())]).await);
    let (class, code, message, _) =
        failed(bench.run("file.read", [("path", "eleven".into())]).await);
    assert_eq!((class, code.as_str()), (ErrorClass::InvalidInput, "RPA0412"));
    assert!(
        message.ends_with("eleven is larger than 10 bytes, the most that a step's output may hold")
    );
    let input = [("path", "ten".into()), ("max", Value::Int(9))];
    let (_, _, message, _) = failed(bench.run("file.read", input).await);
    assert!(message.ends_with("ten is larger than 9 bytes, `max`"), "{message}");
}

#[tokio::test]
async fn only_regular_files_are_read() {
    let mut bench = Bench::new();
    let (class, code, message, _) =
        failed(bench.run("file.read", [("path", "absent".into())]).await);
    assert_eq!((class, code.as_str()), (ErrorClass::System, "RPA0410"));
    assert!(message.contains("absent: No such file or directory"), "{message}");

    let fifo = bench.dir().join("fifo");
    mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    for path in ["fifo", ".", "/dev/zero"] {
        let (_, _, message, _) = failed(bench.run("file.read", [("path", path.into())]).await);
        assert!(message.ends_with("is not a regular file"), "{message}");
    }
    fs::write(bench.dir().join("bad.json"), "{").unwrap();
    let input = [("path", "bad.json".into()), ("format", "json".into())];
    let (class, code, _, _) = failed(bench.run("file.read", input).await);
    assert_eq!((class, code.as_str()), (ErrorClass::InvalidInput, "RPA0409"));
    assert_eq!(never_started(bench.run("file.read", [("path", "".into())]).await).1, "RPA0409");
}

#[tokio::test]
async fn writes_text_as_it_stands_and_documents_as_json() {
    let mut bench = Bench::new();
    let input = [("path", "a".into()), ("content", "no line end".into())];
    let output = succeeded(bench.run("file.write", input).await);
    let path = bench.dir().join("a");
    assert_eq!(text(&output, "path"), path.to_str().unwrap());
    assert_eq!(int(&output, "bytes"), 11);
    assert_eq!(fs::read_to_string(&path).unwrap(), "no line end");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o644);
    assert_eq!(bench.marked(), 1);

    let document = Value::from([("n", Value::Int(1))]);
    let input = [("path", "a".into()), ("content", document), ("mode", "0600".into())];
    succeeded(bench.run("file.write", input).await);
    assert_eq!(fs::read_to_string(&path).unwrap(), "{\n  \"n\": 1\n}\n");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    assert_eq!(bench.names(), ["a"], "nothing temporary is left");
}

#[tokio::test]
async fn directories_are_made_on_request() {
    let mut bench = Bench::new();
    let write = |create: bool| {
        [("path", "x/y/z".into()), ("content", "1".into()), ("create_dirs", create.into())]
    };
    let (class, code, message, _) = failed(bench.run("file.write", write(false)).await);
    assert_eq!((class, code.as_str()), (ErrorClass::System, "RPA0410"));
    assert!(message.contains("x/y/z: No such file or directory"), "{message}");
    succeeded(bench.run("file.write", write(true)).await);
    assert_eq!(fs::read_to_string(bench.dir().join("x/y/z")).unwrap(), "1");
}

#[tokio::test]
async fn links_stay_and_devices_are_refused() {
    let mut bench = Bench::new();
    fs::create_dir(bench.dir().join("sub")).unwrap();
    fs::write(bench.dir().join("sub/target"), "old").unwrap();
    symlink("sub/target", bench.dir().join("link")).unwrap();
    succeeded(bench.run("file.write", [("path", "link".into()), ("content", "new".into())]).await);
    assert_eq!(fs::read_to_string(bench.dir().join("sub/target")).unwrap(), "new");
    assert!(fs::symlink_metadata(bench.dir().join("link")).unwrap().is_symlink());

    for path in ["/dev/null", "sub"] {
        let input = [("path", path.into()), ("content", "x".into())];
        let (_, _, message, _) = failed(bench.run("file.write", input).await);
        assert!(message.ends_with("is not a regular file"), "{message}");
    }
    let input = [("path", "m".into()), ("content", "x".into()), ("mode", "999".into())];
    assert_eq!(never_started(bench.run("file.write", input).await).1, "RPA0409");
    assert_eq!(bench.names(), ["link", "sub"]);
}

#[tokio::test]
async fn cancelled_before_it_begins_nothing_is_written() {
    let mut bench = Bench::new();
    bench.ctx.cancel.cancel();
    let input = [("path", "a".into()), ("content", "x".into())];
    assert_eq!(bench.run("file.write", input).await, rpa_tasks::Ended::Stopped);
    assert!(bench.names().is_empty());
}
