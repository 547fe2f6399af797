//! One daemon's connection, from its greeting to its end.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;

use super::floor::Floor;
use crate::runner::build;
use crate::runner::wire::frames::{Receiver, Sender};
use crate::runner::wire::greeting::{Hello, PROTOCOL, Verdict, Welcome};
use crate::runner::wire::{Order, Report};

/// How long a peer may take to greet.
const GREETING: Duration = Duration::from_secs(2);

/// Serves a daemon until one of both hangs up, or another daemon takes over.
pub async fn serve<R, W>(mut read: R, mut write: W, floor: Floor) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin + Send + 'static,
{
    let hello = tokio::time::timeout(GREETING, Hello::receive(&mut read)).await??;
    let taken = floor.take_over(&hello);
    let welcome = Welcome {
        protocol: PROTOCOL,
        verdict: taken.as_ref().err().copied().unwrap_or(Verdict::Go),
        epoch: floor.epoch(),
        pid: std::process::id(),
        build: build::id(),
        release: env!("CARGO_PKG_VERSION").into(),
    };
    let seat = match taken {
        Ok(seat) => seat,
        Err(verdict) => {
            tracing::warn!(?verdict, epoch = hello.epoch, "a daemon was turned away");
            return welcome.send(&mut write).await;
        }
    };
    tracing::info!(epoch = hello.epoch, "a daemon is here");
    let number = seat.number;
    let result = async {
        welcome.send(&mut write).await?;
        let writer = tokio::spawn(report(seat.reports, Sender::new(write)));
        let mut receiver = Receiver::new(read);
        let result = loop {
            tokio::select! {
                biased;
                () = seat.closed.cancelled() => break Ok(()),
                order = receiver.next::<Order>() => match order {
                    Ok(Some(order)) => floor.take(number, order),
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                },
            }
        };
        writer.abort();
        result
    }
    .await;
    floor.left(number);
    tracing::info!(epoch = hello.epoch, "a daemon has gone");
    result
}

/// Writes reports, all that wait in one go.
async fn report<W: AsyncWrite + Unpin>(
    mut reports: mpsc::UnboundedReceiver<Report>,
    mut sender: Sender<W>,
) -> io::Result<()> {
    while let Some(report) = reports.recv().await {
        sender.feed(&report).await?;
        while let Ok(report) = reports.try_recv() {
            sender.feed(&report).await?;
        }
        sender.flush().await?;
    }
    Ok(())
}
