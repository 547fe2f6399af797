//! Standard output that is closed or full.

use std::fs::File;

use crate::daemon::Daemon;
use crate::rpa::Rpa;
use crate::sample;

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_went_away_is_no_error() {
    let daemon = Daemon::start(sample::completed());
    for line in
        ["runs", "runs --json", "explain", "run disk-report --wait", "nope --json", "--help"]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = Rpa::new(daemon.socket(), line).stdout(writer).run().await;
        assert_eq!((ended.exit, ended.err.as_str()), (141, ""), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_is_not_success() {
    let daemon = Daemon::start(sample::completed());
    for line in ["runs", "runs --json", "completions bash"] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let ended = Rpa::new(daemon.socket(), line).stdout(full).run().await;
        assert_eq!(ended.exit, 74, "{line}: {ended:#?}");
        assert!(ended.err.contains("error[RPA0003]: standard output"), "{}", ended.err);
    }
}
