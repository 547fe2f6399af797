//! `rpa export`: the live sources of workflows as one file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rpa_ipc::catalog::{MAX_BUNDLE_BYTES, MAX_BUNDLE_FILES, SourceView};
use rpa_ipc::fault::count;
use rpa_ipc::service::{RpadClient, WorkflowsQuery};
use rpa_ipc::{FaultCode, fault};
use serde::Serialize;

use super::bundle::{self, Item, Manifest};
use super::exit::{Exit, Failure};
use super::json::time;
use super::session::{Session, now_ms};
use super::source::fetch;
use super::text::{Line, Style, count as counted};

/// Write the live sources of workflows into one file, for `rpa import`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa export --all -o workflows.tar
  rpa export disk-report ops/backup -o some.tar
  rpa export --all -o - | ssh other rpa import -

The file is a tar file: manifest.json, then the sources as they were applied.")]
pub struct Args {
    /// Workflows: NAME or NAMESPACE/NAME
    #[arg(value_name = "NAME", required_unless_present = "all", conflicts_with = "all")]
    pub workflows: Vec<String>,

    /// All workflows of the namespace that are live and not archived
    #[arg(long)]
    pub all: bool,

    /// The file to write; - is standard output
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: String,
}

#[derive(Serialize)]
struct Document<'a> {
    file: &'a str,
    exported: &'a [Item],
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let piped = args.output == "-";
    if piped && (session.json || session.out.look.terminal()) {
        return Err(fault!(FaultCode::Usage, "bundle-to-terminal").into());
    }
    let names = if args.all { all(session).await? } else { args.workflows.clone() };
    let mut sources: Vec<SourceView> = Vec::with_capacity(names.len());
    let mut progress = session.progress();
    for (done, name) in names.iter().enumerate() {
        progress.tell(|| format!("{done} of {}", counted(names.len() as u64, "workflow")));
        let view = fetch(name, None, session).await?;
        if view.state.live.is_none() {
            let name = view.revision.workflow;
            return Err(fault!(FaultCode::NotPublished, "not-published", workflow = name).into());
        }
        // named twice, perhaps once with its namespace
        if !sources.iter().any(|seen| seen.revision.workflow == view.revision.workflow) {
            sources.push(view);
        }
    }
    drop(progress);
    let bytes: usize = sources.iter().map(|view| view.source.len()).sum();
    if sources.len() > MAX_BUNDLE_FILES || bytes > MAX_BUNDLE_BYTES {
        let (files, most) = (count(MAX_BUNDLE_FILES), MAX_BUNDLE_BYTES >> 20);
        let fault = fault!(FaultCode::BadBundle, "bundle-large", files = files, most = most);
        return Err(fault.into());
    }
    let call = async |rpc: &RpadClient, context| rpc.status(context).await;
    let instance = session.link()?.call(call).await?.instance;
    let made = time(now_ms()).unwrap_or_default();
    let files: Vec<(Item, &str)> = sources.iter().map(item).collect();
    let manifest = Manifest::new(made, instance, files.iter().map(|(item, _)| item.clone()));
    let bytes = bundle::write(&manifest, files.iter().map(|(_, source)| *source));
    let bytes = bytes.map_err(|e| unwritten(&args.output, &e))?;
    if piped {
        session.out.raw(&bytes)?;
        return Ok(Exit::OK);
    }
    save(Path::new(&args.output), &bytes).map_err(|e| unwritten(&args.output, &e))?;
    if session.json {
        session.out.document(&Document { file: &args.output, exported: &manifest.files })?;
        return Ok(Exit::OK);
    }
    for item in &manifest.files {
        let line = Line::of(format!("{}/{}", item.namespace, item.name));
        session.out.line(line.push(Style::Dim, format!(" revision {}", item.revision)))?;
    }
    Ok(Exit::OK)
}

/// The workflows of the namespace that have a live revision.
async fn all(session: &mut Session) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    let mut cursor = None;
    let mut link = session.link()?;
    loop {
        let query = WorkflowsQuery {
            namespace: session.namespace.clone(),
            tag: None,
            category: None,
            archived: false,
            limit: 1000,
            cursor,
        };
        let call = async |rpc: &RpadClient, context| rpc.workflows(context, query.clone()).await;
        let page = link.call(call).await?;
        let live = page.items.into_iter().filter(|item| item.state.live.is_some());
        names.extend(live.map(|item| item.workflow));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(names);
        }
    }
}

fn item(view: &SourceView) -> (Item, &str) {
    let full = &view.revision.workflow;
    let (namespace, name) = full.split_once('/').unwrap_or(("", full));
    (Item::of(namespace, name, view.revision.revision, &view.source), &view.source)
}

pub(super) fn unwritten(path: &str, error: &io::Error) -> Failure {
    fault!(FaultCode::Io, "file-unwritten", path = path, error = error).into()
}

/// Whole or not at all: an old bundle is there until the new one is on disk.
pub(super) fn save(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = PathBuf::from(path).into_os_string();
    draft.push(format!(".{}.new", std::process::id()));
    let draft = PathBuf::from(draft);
    let written = File::create_new(&draft).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let saved = written.and_then(|()| fs::rename(&draft, path));
    if saved.is_err() {
        let _ = fs::remove_file(&draft);
    }
    saved
}
