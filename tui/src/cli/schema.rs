//! `rpa schema`: the format of workflow files for editors, without the daemon.

use super::exit::{Exit, Failure};
use super::session::Session;

/// Print the JSON Schema of workflow files, for editors that complete and check YAML
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Editors with yaml-language-server take it from a file's first line:
# yaml-language-server: $schema=workflow.schema.json

Examples:
  rpa schema > workflow.schema.json
  rpa schema --tests > test.schema.json")]
pub struct Args {
    /// That of files of tests, see rpa test
    #[arg(long)]
    pub tests: bool,
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    session.out.document(&match args.tests {
        true => rpa_config::testfile::schema(),
        false => rpa_config::workflow::schema(),
    })?;
    Ok(Exit::OK)
}
