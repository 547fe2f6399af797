//! What needs no daemon; the rest is tested with one in `tests/cli/console.rs`.

use std::time::Duration;

use rpa_ipc::FaultCode;
use tokio::time::Instant;

use super::*;
use crate::console::state::Done;

fn wire(dir: &tempfile::TempDir) -> Wire {
    Wire::new(dir.path().join("rpad.sock"), "default".parse().unwrap())
}

#[tokio::test]
async fn without_a_daemon_each_try_is_lost_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut wire = wire(&dir);
    for _ in 0..2 {
        wire.connect();
        wire.want(&Wants::default());
        let news = wire.news().await;
        assert!(
            matches!(&news[..], [News::Lost(f)] if f.code == FaultCode::Unreachable),
            "{news:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_half_a_minute_for_a_daemon_and_was_then_not_made() {
    let dir = tempfile::tempdir().unwrap();
    let mut wire = wire(&dir);
    let began = Instant::now();
    wire.call(Call::Submit { workflow: "report".into(), variables: Vec::new() });
    let news = wire.news().await;
    let [News::Done(done)] = &news[..] else { panic!("{news:?}") };
    let Done::Started(Err(fault)) = done.as_ref() else { panic!("{done:?}") };
    assert_eq!(fault.code, FaultCode::Unreachable);
    assert!(fault.hint.contains("nothing was done"), "{fault:?}");
    assert_eq!(began.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_round_that_took_long_is_followed_by_a_longer_pause() {
    let mut pace = desk::Pace::new(Duration::from_millis(150));
    for (took, wanted) in [(0, 150), (10, 150), (100, 400), (2_000, 8_000)] {
        pace.begin();
        tokio::time::sleep(Duration::from_millis(took)).await;
        let began = Instant::now();
        pace.pause().await;
        assert_eq!(began.elapsed().as_millis(), wanted);
    }
}
