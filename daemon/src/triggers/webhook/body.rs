//! The body of a request: how large it is, and how long it takes, is looked at alike for
//! every path.
//!
//! Whoever holds a place has to pay for it: a body is to come at [`LEAST_RATE`] after its
//! first [`GRACE`], so that one which is begun and not ended is over in seconds.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use crate::http::{Answer, Large, Visitor, later, wrong};

/// Most bytes of any body, whoever sends it: a trigger's own limit is looked at only when
/// its signature is good, so that it tells nobody else which paths there are.
pub const MOST_BODY: usize = 1024 * 1024;
/// Bodies that are larger need a place: of these each request may have as much by itself.
const SMALL_BODY: usize = 64 * 1024;
/// How long nothing needs to come.
const GRACE: Duration = Duration::from_secs(5);
/// Bytes in a second, on the average since the grace was over: the largest body has 37 s.
const LEAST_RATE: u64 = 32 * 1024;
/// When a place may have become free.
const SOON: Duration = Duration::from_secs(1);

/// Why there is no body.
#[derive(Debug, PartialEq, Eq)]
pub enum Unread {
    TooLarge,
    /// All places for large ones are taken, or all of one address.
    NoPlace,
    /// It came more slowly than [`LEAST_RATE`].
    TooSlow,
    /// The connection broke.
    Broken,
}

impl Unread {
    pub fn answer(&self) -> Answer {
        match self {
            Unread::TooLarge => wrong(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
            Unread::NoPlace => {
                later(StatusCode::SERVICE_UNAVAILABLE, "too many large bodies", SOON)
            }
            Unread::TooSlow => wrong(StatusCode::REQUEST_TIMEOUT, "the body took too long"),
            Unread::Broken => wrong(StatusCode::BAD_REQUEST, "the body ended early"),
        }
    }
}

/// A body, with its place if it is a large one.
pub async fn read(visitor: &Visitor, body: Body) -> Result<(Bytes, Option<Large>), Unread> {
    // one that says so is not read at all
    if body.size_hint().lower() > MOST_BODY as u64 {
        return Err(Unread::TooLarge);
    }
    let begun = Instant::now();
    let (mut body, mut bytes, mut place) = (body, Vec::new(), None);
    loop {
        let next = timeout_at(begun + time_for(bytes.len()), body.frame()).await;
        let Some(frame) = next.map_err(|_| Unread::TooSlow)? else { break };
        let frame = frame.map_err(|_| Unread::Broken)?;
        let Ok(data) = frame.into_data() else { continue };
        let size = bytes.len() + data.len();
        if size > MOST_BODY {
            return Err(Unread::TooLarge);
        }
        if size > SMALL_BODY && place.is_none() {
            place = Some(visitor.large().ok_or(Unread::NoPlace)?);
        }
        bytes.extend_from_slice(&data);
    }
    Ok((bytes.into(), place))
}

/// When something behind so many bytes has to come.
fn time_for(bytes: usize) -> Duration {
    GRACE + Duration::from_millis(bytes as u64 * 1000 / LEAST_RATE)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures::{StreamExt, stream};

    use super::*;

    /// A body of so many pieces of so many bytes, with a pause before each.
    fn pieces(count: usize, bytes: usize, pause_ms: u64) -> Body {
        let piece = move |_| async move {
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
            Ok::<_, Infallible>(Bytes::from(vec![b'x'; bytes]))
        };
        Body::from_stream(stream::iter(0..count).then(piece))
    }

    /// What is read, or why it is not, and after how many seconds.
    async fn reads(body: Body) -> (Result<usize, Unread>, u64) {
        let begun = Instant::now();
        let read = read(&Visitor::of_test(), body).await;
        (read.map(|(bytes, _)| bytes.len()), begun.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_has_to_come_on() {
        const KIB: usize = 1024;
        // as slowly as it may, to its last byte
        assert_eq!(reads(pieces(1024, KIB, 31)).await, (Ok(1024 * KIB), 31));
        // a quarter of that, and a byte now and then after a good start
        let slow = (Err(Unread::TooSlow), 6);
        assert_eq!(reads(pieces(1024, KIB, 125)).await, slow);
        let first = stream::iter([Ok::<_, Infallible>(Bytes::from(vec![b'x'; 80 * KIB]))]);
        let rest = pieces(1024, 1, 500).into_data_stream().map(|piece| Ok(piece.unwrap()));
        let (read, seconds) = reads(Body::from_stream(first.chain(rest))).await;
        assert_eq!((read, seconds), (Err(Unread::TooSlow), 7));
        // nothing at all
        let never = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        assert_eq!(reads(never).await, (Err(Unread::TooSlow), 5));
    }

    #[tokio::test]
    async fn a_large_body_has_a_place_while_it_is_there() {
        let visitor = Visitor::of_test();
        let large = || Body::from(vec![b'x'; SMALL_BODY + 1]);
        let mut places = Vec::new();
        let full = loop {
            match read(&visitor, large()).await {
                Ok((_, place)) => places.push(place.expect("it is large")),
                Err(unread) => break unread,
            }
        };
        assert_eq!(full, Unread::NoPlace);
        let small = read(&visitor, Body::from(vec![b'x'; SMALL_BODY])).await;
        assert!(small.is_ok_and(|(_, place)| place.is_none()), "small ones need none");
        assert!(read(&Visitor::of_test(), large()).await.is_ok(), "another listener has its own");
        places.pop();
        assert!(read(&visitor, large()).await.is_ok());
        let too_large = read(&visitor, Body::from(vec![b'x'; MOST_BODY + 1])).await;
        assert_eq!(too_large.unwrap_err(), Unread::TooLarge);
    }
}
