//! Both pipes of a command, read in the order in which something came into them.
//!
//! The kernel keeps no order between two pipes. It does keep in which order they began to
//! have something, and tells that to whoever waits for both at once; what is in one of them by
//! then is read as one piece. So lines are out of order only where the command wrote to one,
//! to the other and to the first again before it was looked at.

use std::collections::VecDeque;
use std::future::pending;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::io::{Errno, ioctl_fionbio, ioctl_fionread, read};
use tokio::io::unix::AsyncFd;

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Out,
    Err,
}

/// The reading ends.
#[derive(Debug)]
pub(super) struct Pipes {
    out: Option<AsyncFd<OwnedFd>>,
    err: Option<AsyncFd<OwnedFd>>,
    /// Tells into which of them something came first. None where that cannot be asked: a
    /// command is no less worth for it.
    order: Option<OwnedFd>,
    /// Those to be read, the next one first.
    turn: VecDeque<Side>,
    /// The last one that was read, and may have had more than was asked for.
    unfinished: Option<Side>,
}

impl Pipes {
    /// On the runtime that is to wake who waits for them.
    pub(super) fn new(out: OwnedFd, err: OwnedFd) -> io::Result<Pipes> {
        let order = order(&out, &err);
        let order = order.inspect_err(|e| tracing::warn!("no order of two pipes: {e}")).ok();
        let (out, err, turn) = (Some(watched(out)?), Some(watched(err)?), VecDeque::new());
        Ok(Pipes { out, err, order, turn, unfinished: None })
    }

    /// Whether more may come.
    pub(super) fn is_open(&self) -> bool {
        self.out.is_some() || self.err.is_some()
    }

    pub(super) fn has(&self, side: Side) -> bool {
        self.pipe(side).is_some()
    }

    /// Bytes that are in a pipe now.
    pub(super) fn filled(&self, side: Side) -> usize {
        let bytes = self.pipe(side).and_then(|pipe| ioctl_fionread(pipe.get_ref()).ok());
        bytes.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0)
    }

    /// Reads what comes next; nothing of it is the end of that pipe. Waits for ever when none
    /// is open. May be dropped while it waits.
    pub(super) async fn next(&mut self, chunk: &mut [u8]) -> (Side, usize) {
        loop {
            self.take_turns();
            if let Some(side) = self.unfinished.take() {
                self.wait_its_turn(side);
            }
            while let Some(side) = self.turn.pop_front() {
                if let Some(read) = self.read(side, chunk) {
                    return (side, read);
                }
            }
            let rung = tokio::select! {
                side = rings(self.out.as_ref(), Side::Out) => side,
                side = rings(self.err.as_ref(), Side::Err) => side,
            };
            // it was not the first one, perhaps
            self.take_turns();
            self.wait_its_turn(rung);
        }
    }

    /// Reads from one of them, and nothing of it is its end; `None` when it is empty for now.
    pub(super) fn read(&mut self, side: Side, chunk: &mut [u8]) -> Option<usize> {
        let pipe = self.pipe(side)?;
        let read = loop {
            match read(pipe.get_ref(), &mut *chunk) {
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return None,
                // an error of a pipe means as much as its end
                read => break read.unwrap_or(0),
            }
        };
        match (read, side) {
            (0, Side::Out) => self.out = None,
            (0, Side::Err) => self.err = None,
            (read, side) if read == chunk.len() => self.unfinished = Some(side),
            // it was emptied: it rings when there is more
            (_, Side::Out | Side::Err) => {}
        }
        Some(read)
    }

    /// Whatever something came into waits for its turn, in that order.
    fn take_turns(&mut self) {
        let Some(order) = &self.order else { return };
        let mut events = Vec::with_capacity(Side::ALL.len());
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        // without news each has its turn when it rings
        let _ = epoll::wait(order, spare_capacity(&mut events), Some(&now));
        for event in events {
            let event: epoll::Event = event;
            let number = event.data.u64();
            if let Some(side) = Side::ALL.into_iter().find(|side| side.number() == number) {
                self.wait_its_turn(side);
            }
        }
    }

    fn wait_its_turn(&mut self, side: Side) {
        if !self.turn.contains(&side) {
            self.turn.push_back(side);
        }
    }

    fn pipe(&self, side: Side) -> Option<&AsyncFd<OwnedFd>> {
        match side {
            Side::Out => self.out.as_ref(),
            Side::Err => self.err.as_ref(),
        }
    }
}

impl Side {
    pub(super) const ALL: [Side; 2] = [Side::Out, Side::Err];

    fn number(self) -> u64 {
        self as u64
    }
}

fn watched(pipe: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    ioctl_fionbio(&pipe, true)?;
    #[expect(
        deprecated,
        reason = "what stands for it is unsafe; this one owns its descriptor, and keeps it"
    )]
    AsyncFd::new(pipe)
}

/// When something came into a pipe since it rang last, or its end; never when there is none.
async fn rings(pipe: Option<&AsyncFd<OwnedFd>>, side: Side) -> Side {
    let Some(pipe) = pipe else { return pending().await };
    match pipe.readable().await {
        // before it is read: what comes meanwhile rings again
        Ok(mut guard) => guard.clear_ready(),
        // the runtime ends, and the command with it
        Err(_) => return pending().await,
    }
    side
}

fn order(out: impl AsFd, err: impl AsFd) -> io::Result<OwnedFd> {
    let order = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    // each time that something comes, not as long as something is there: what is emptied and
    // filled again takes its place behind the other
    let when = epoll::EventFlags::IN | epoll::EventFlags::ET;
    for (side, pipe) in [(Side::Out, out.as_fd()), (Side::Err, err.as_fd())] {
        epoll::add(&order, pipe, epoll::EventData::new_u64(side.number()), when)?;
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustix::io::write;
    use rustix::pipe::{PipeFlags, pipe_with};
    use tokio::time::timeout;

    use super::*;

    struct Both {
        pipes: Pipes,
        ends: Option<(OwnedFd, OwnedFd)>,
    }

    impl Both {
        fn new() -> Both {
            let pipe = || pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK).unwrap();
            let ((out, out_end), (err, err_end)) = (pipe(), pipe());
            Both { pipes: Pipes::new(out, err).unwrap(), ends: Some((out_end, err_end)) }
        }

        fn write(&self, side: Side, text: &str) {
            let (out, err) = self.ends.as_ref().unwrap();
            let end = if side == Side::Out { out } else { err };
            assert_eq!(write(end, text.as_bytes()).unwrap(), text.len());
        }

        async fn next(&mut self) -> (Side, String) {
            let mut chunk = [0; 64];
            let (side, read) = self.pipes.next(&mut chunk).await;
            (side, String::from_utf8(chunk[..read].to_vec()).unwrap())
        }
    }

    #[tokio::test]
    async fn what_came_first_is_read_first() {
        let mut both = Both::new();
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        for round in 0..500 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let (first, second) = match state & 1 {
                0 => (Side::Out, Side::Err),
                _ => (Side::Err, Side::Out),
            };
            both.write(first, "a\n");
            both.write(second, "b\n");
            if state & 2 == 0 {
                // it is in the same pipe as the first: nobody knows that it came later
                both.write(first, "c\n");
                assert_eq!(both.next().await, (first, "a\nc\n".into()), "round {round}");
            } else {
                assert_eq!(both.next().await, (first, "a\n".into()), "round {round}");
                both.write(first, "d\n");
            }
            assert_eq!(both.next().await, (second, "b\n".into()), "round {round}");
            if state & 2 != 0 {
                assert_eq!(both.next().await, (first, "d\n".into()), "round {round}");
            }
        }
        both.ends = None;
        let ends = [both.next().await, both.next().await];
        assert_eq!(ends, [(Side::Out, String::new()), (Side::Err, String::new())]);
        assert!(!both.pipes.is_open());
    }

    #[tokio::test]
    async fn who_writes_much_does_not_keep_the_other_from_its_turn() {
        let mut both = Both::new();
        both.write(Side::Out, &"x".repeat(1000));
        both.write(Side::Err, "failed\n");
        assert_eq!(both.next().await.0, Side::Out);
        assert_eq!(both.next().await, (Side::Err, "failed\n".into()));
        let mut left = 1000 - 64;
        while left > 0 {
            let (side, text) = both.next().await;
            assert_eq!(side, Side::Out);
            left -= text.len();
        }
    }

    #[tokio::test]
    async fn where_the_kernel_does_not_tell_both_are_read_all_the_same() {
        let mut both = Both::new();
        both.pipes.order = None;
        both.write(Side::Err, "b\n");
        assert_eq!(both.next().await, (Side::Err, "b\n".into()));
        both.ends = None;
        let ends = [both.next().await, both.next().await];
        assert_eq!(ends.map(|(_, text)| text.len()), [0, 0]);
    }

    #[tokio::test]
    async fn who_waits_is_woken_by_what_comes_and_by_the_end() {
        let mut both = Both::new();
        let patience = Duration::from_secs(20);
        for side in [Side::Err, Side::Out, Side::Out, Side::Err] {
            let end = both.ends.as_ref().map(|(out, err)| match side {
                Side::Out => out.try_clone().unwrap(),
                Side::Err => err.try_clone().unwrap(),
            });
            // polled after who waits
            let comes = async { write(end.unwrap(), b"late\n").unwrap() };
            let (read, _) = tokio::join!(biased; timeout(patience, both.next()), comes);
            assert_eq!(read.expect("it is woken"), (side, "late\n".into()));
        }
        let ends = both.ends.take();
        let goes = async { drop(ends) };
        let (read, ()) = tokio::join!(biased; timeout(patience, both.next()), goes);
        assert_eq!(read.expect("it is woken").1, "");
        let last = timeout(patience, both.next()).await.expect("so is the other");
        assert_eq!((last.1.as_str(), both.pipes.is_open()), ("", false));
    }
}
