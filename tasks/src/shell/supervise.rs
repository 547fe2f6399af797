//! From the start of a command to the end of its whole process group.

use std::process::ExitStatus;
use std::time::Duration;

use crate::context::Context;
use crate::process::{Group, Running};

/// How long the rest of a group may live on when its leader has exited, before it
/// is ended: enough for the last `tee` of a pipeline to write what it has.
const LINGER: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(super) enum End {
    Exited {
        status: ExitStatus,
        /// What there is to say about members that outlived the leader.
        leftovers: Option<String>,
    },
    /// By `cancel`, and seen dead.
    Stopped,
    Lost(String),
}

/// Waits for the leader, or ends the group when `cancel` fires. On return the
/// group has ended, unless the end says otherwise.
pub(super) async fn until_gone(ctx: &Context, running: &mut Running) -> End {
    tokio::select! {
        // an exit code that is there is better than "stopped"
        biased;
        status = running.child.wait() => match status {
            Ok(status) => End::Exited { status, leftovers: end_rest(ctx, &running.group).await },
            Err(e) => {
                running.group.end(ctx.grace).await;
                End::Lost(format!("the command's exit code could not be read: {e}"))
            }
        },
        () = ctx.cancel.cancelled() => {
            if !running.group.end(ctx.grace).await {
                return End::Lost(survived(&running.group));
            }
            // dead: reaping does not wait
            let _ = running.child.wait().await;
            End::Stopped
        }
    }
}

async fn end_rest(ctx: &Context, group: &Group) -> Option<String> {
    if group.ends_within(LINGER).await {
        return None;
    }
    Some(if group.end(ctx.grace).await {
        "processes that the command left in the background were ended".to_owned()
    } else {
        survived(group)
    })
}

fn survived(group: &Group) -> String {
    format!("process group {} could not be ended, even by SIGKILL", group.pgid)
}
