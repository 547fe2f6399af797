//! Both pipes of a command, read in the order in which something came into them.
//!
//! The kernel keeps no order between two pipes. It does keep in which order they began to
//! have something, and tells that to whoever waits for both at once; what is in one of them by
//! then is read as one piece. So lines are out of order only where the command wrote to one,
//! to the other and to the first again before it was looked at.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::io::{Errno, ioctl_fionread, read};
use tokio::io::unix::AsyncFd;

/// How often they are looked at where the kernel does not tell: it has run out of
/// descriptors, and a command that runs is no less worth for it.
const LOOK: Duration = Duration::from_millis(20);

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Out,
    Err,
}

/// Pipes whose reading ends do not block.
#[derive(Debug)]
pub(super) struct Pipes<O, E> {
    out: Option<O>,
    err: Option<E>,
    /// Tells of each when something comes into it, in that order.
    order: Option<AsyncFd<OwnedFd>>,
    /// Those to be read, the next one first.
    turn: VecDeque<Side>,
    /// The last one that was read, and may have had more than was asked for.
    unfinished: Option<Side>,
}

impl<O: AsFd, E: AsFd> Pipes<O, E> {
    pub(super) fn new(out: O, err: E) -> Pipes<O, E> {
        let order = order(out.as_fd(), err.as_fd());
        let order = order.inspect_err(|e| tracing::warn!("output is looked at in turns: {e}")).ok();
        let (out, err, turn) = (Some(out), Some(err), VecDeque::new());
        Pipes { out, err, order, turn, unfinished: None }
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
        let bytes = self.pipe(side).and_then(|pipe| ioctl_fionread(pipe).ok());
        bytes.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0)
    }

    /// Reads what comes next; nothing of it is the end of that pipe. Waits for ever when none
    /// is open. May be dropped while it waits.
    pub(super) async fn next(&mut self, chunk: &mut [u8]) -> (Side, usize) {
        loop {
            if let Some(order) = &self.order {
                let _ = arrived(order.get_ref(), &mut self.turn);
            }
            if let Some(side) = self.unfinished.take() {
                wait_its_turn(&mut self.turn, side);
            }
            while let Some(side) = self.turn.pop_front() {
                if let Some(read) = self.read(side, chunk) {
                    return (side, read);
                }
            }
            self.wait().await;
        }
    }

    /// Reads from one of them, and nothing of it is its end; `None` when it is empty for now.
    pub(super) fn read(&mut self, side: Side, chunk: &mut [u8]) -> Option<usize> {
        let pipe = self.pipe(side)?;
        let read = loop {
            match read(pipe, &mut *chunk) {
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
            // it was emptied: the kernel tells when there is more
            (_, Side::Out | Side::Err) => {}
        }
        Some(read)
    }

    async fn wait(&mut self) {
        let Some(order) = &self.order else {
            tokio::time::sleep(LOOK).await;
            self.turn.extend([Side::Out, Side::Err]);
            return;
        };
        match order.readable().await {
            Ok(mut guard) => {
                let turn = &mut self.turn;
                // without news it is the guard's to wait for more
                let _ = guard.try_io(|order| arrived(order.get_ref(), turn));
            }
            Err(error) => {
                tracing::warn!("output is looked at in turns: {error}");
                self.order = None;
            }
        }
    }

    fn pipe(&self, side: Side) -> Option<BorrowedFd<'_>> {
        match side {
            Side::Out => self.out.as_ref().map(AsFd::as_fd),
            Side::Err => self.err.as_ref().map(AsFd::as_fd),
        }
    }
}

impl Side {
    pub(super) const ALL: [Side; 2] = [Side::Out, Side::Err];

    fn number(self) -> u64 {
        self as u64
    }
}

fn order(out: BorrowedFd<'_>, err: BorrowedFd<'_>) -> io::Result<AsyncFd<OwnedFd>> {
    let order = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    // each time that something comes, not as long as something is there: what is emptied and
    // filled again takes its place behind the other
    let when = epoll::EventFlags::IN | epoll::EventFlags::ET;
    for (side, pipe) in [(Side::Out, out), (Side::Err, err)] {
        epoll::add(&order, pipe, epoll::EventData::new_u64(side.number()), when)?;
    }
    #[expect(
        deprecated,
        reason = "what stands for it is unsafe; this one owns its descriptor, and keeps it"
    )]
    AsyncFd::new(order)
}

/// Takes what the kernel tells; as an error that there is nothing.
fn arrived(order: &OwnedFd, turn: &mut VecDeque<Side>) -> io::Result<()> {
    let mut events = Vec::with_capacity(Side::ALL.len());
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    epoll::wait(order, spare_capacity(&mut events), Some(&now))?;
    let sides = events.iter().filter_map(|event: &epoll::Event| {
        let number = event.data.u64();
        Side::ALL.into_iter().find(|side| side.number() == number)
    });
    sides.for_each(|side| wait_its_turn(turn, side));
    if events.is_empty() { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(()) }
}

fn wait_its_turn(turn: &mut VecDeque<Side>, side: Side) {
    if !turn.contains(&side) {
        turn.push_back(side);
    }
}

#[cfg(test)]
mod tests {
    use rustix::io::write;
    use rustix::pipe::{PipeFlags, pipe_with};

    use super::*;

    struct Both {
        pipes: Pipes<OwnedFd, OwnedFd>,
        ends: Option<(OwnedFd, OwnedFd)>,
    }

    impl Both {
        fn new() -> Both {
            let pipe = || pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK).unwrap();
            let ((out, out_end), (err, err_end)) = (pipe(), pipe());
            Both { pipes: Pipes::new(out, err), ends: Some((out_end, err_end)) }
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
}
