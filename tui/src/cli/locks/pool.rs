//! `rpa locks set` and `rpa locks drop`: pools of tokens.

use rpa_ipc::asking::PoolRequest;
use rpa_ipc::service::RpadClient;

use super::super::exit::{Exit, Failure};
use super::super::json::PoolDocument;
use super::super::session::Session;
use super::super::text::Line;
use crate::text::count;

/// Make a pool of tokens, or change its size
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A smaller size takes nothing from a step that holds tokens: new ones wait.

Examples:
  rpa locks set api 5")]
pub struct SetArgs {
    /// The pool, as rpa locks shows it, or a new one
    pub name: String,

    /// Tokens that may be held at a time
    #[arg(value_name = "SIZE", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub size: u32,
}

/// Take a pool of tokens away, which nobody holds or waits for
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa locks drop api")]
pub struct DropArgs {
    /// The pool, as rpa locks shows it
    pub name: String,
}

pub async fn set(args: SetArgs, session: &mut Session) -> Result<Exit, Failure> {
    size(args.name, Some(args.size), session).await
}

pub async fn drop(args: DropArgs, session: &mut Session) -> Result<Exit, Failure> {
    size(args.name, None, session).await
}

async fn size(name: String, size: Option<u32>, session: &mut Session) -> Result<Exit, Failure> {
    let request = PoolRequest { namespace: session.namespace.clone(), name, size };
    let call = async |rpc: &RpadClient, context| rpc.size_pool(context, request.clone()).await;
    session.link()?.call(call).await?;
    if session.json {
        session.out.document(&PoolDocument { name: &request.name, size })?;
        return Ok(Exit::OK);
    }
    let name = Line::of(&request.name);
    session.out.line(match size {
        Some(size) => name.plain(format!(" has {}", count(size.into(), "token"))),
        None => name.plain(" is no pool any more"),
    })?;
    Ok(Exit::OK)
}
