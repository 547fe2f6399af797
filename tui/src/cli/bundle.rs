//! Bundles: the sources of workflows in one tar file.
//!
//! ```text
//! manifest.json                      what follows, in this order
//! workflows/NAMESPACE/NAME.yaml      a source as it was applied
//! ```
//!
//! A bundle may come from anywhere. It is read in memory and never unpacked; only
//! plain files are taken, only those that the manifest lists, at the place that
//! their name gives them, once, of the hash that is listed, and no more of them than
//! the daemon takes.

use std::collections::BTreeMap;
use std::io::{self, Read};

use rpa_config::workflow::limits::MAX_FILE_BYTES;
use rpa_engine::Label;
use rpa_ipc::catalog::{ImportFile, MAX_BUNDLE_BYTES, MAX_BUNDLE_FILES};
use rpa_ipc::fault::{Said, count, quoted};
use rpa_ipc::said;
use serde::{Deserialize, Serialize};

/// Version of the format. Another one is refused.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
/// How compressed files begin (RFC 1952, RFC 8878, and the formats' own pages), and what
/// makes a tar file of them.
const COMPRESSED: [(&[u8], &str); 4] = [
    (b"\x1f\x8b", "gunzip"),
    (b"\x28\xb5\x2f\xfd", "unzstd"),
    (b"\xfd7zXZ\0", "unxz"),
    (b"BZh", "bunzip2"),
];
/// Most bytes of a manifest: so many entries of about 300 bytes.
const MAX_MANIFEST_BYTES: usize = 512 * MAX_BUNDLE_FILES;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u32,
    /// When it was made, in RFC 3339.
    pub made: String,
    /// The instance that it comes from.
    pub instance: String,
    pub files: Vec<Item>,
}

/// One file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub path: String,
    pub namespace: String,
    pub name: String,
    /// The revision that it was.
    pub revision: u32,
    /// BLAKE3 of the source, in hex.
    pub blake3: String,
}

/// Only this of a manifest of another format is known.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

impl Manifest {
    pub fn new(made: String, instance: String, files: impl Iterator<Item = Item>) -> Manifest {
        Manifest { format: FORMAT, made, instance, files: files.collect() }
    }
}

impl Item {
    pub fn of(namespace: &str, name: &str, revision: u32, source: &str) -> Item {
        Item {
            path: path(namespace, name),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            revision,
            blake3: blake3::hash(source.as_bytes()).to_hex().to_string(),
        }
    }
}

/// Why something is no bundle.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("compressed by {0}")]
    Compressed(&'static str),
    #[error("not a tar file: {0}")]
    Tar(#[from] io::Error),
    #[error("the first entry is not the manifest")]
    NoManifest,
    #[error("the manifest cannot be read: {0}")]
    Manifest(String),
    #[error("format {0}")]
    Format(u32),
    #[error("{0}: not a plain file")]
    Kind(String),
    #[error("{0}: not listed, or not at its place")]
    Place(String),
    #[error("{0}: twice")]
    Twice(String),
    #[error("{0}: too large")]
    FileSize(String),
    #[error("{0}: other content")]
    Hash(String),
    #[error("{0}: not text")]
    Text(String),
    #[error("{0}: missing")]
    Missing(String),
    #[error("too many entries")]
    Entries,
    #[error("too large")]
    Size,
}

impl BundleError {
    /// The same as a piece of a fault's sentence.
    pub fn said(&self) -> Said {
        match self {
            BundleError::Compressed(program) => {
                said!("bundle-compressed", program = program)
            }
            BundleError::Tar(error) => said!("bundle-no-tar", error = error),
            BundleError::NoManifest => said!("bundle-no-manifest"),
            BundleError::Manifest(error) => said!("bundle-manifest", error = error),
            BundleError::Format(found) => {
                said!("bundle-format", found = found, known = FORMAT)
            }
            BundleError::Kind(path) => said!("bundle-kind", path = quoted(path)),
            BundleError::Place(path) => said!("bundle-place", path = quoted(path)),
            BundleError::Twice(path) => said!("bundle-path-twice", path = quoted(path)),
            BundleError::FileSize(path) => {
                said!("bundle-file-size", path = quoted(path), most = MAX_FILE_BYTES >> 10)
            }
            BundleError::Hash(path) => said!("bundle-hash", path = quoted(path)),
            BundleError::Text(path) => said!("bundle-text", path = quoted(path)),
            BundleError::Missing(path) => said!("bundle-missing", path = quoted(path)),
            BundleError::Entries => said!("bundle-entries", most = count(MAX_BUNDLE_FILES)),
            BundleError::Size => said!("bundle-size", most = MAX_BUNDLE_BYTES >> 20),
        }
    }
}

/// The bytes of a bundle; `sources` are those of the manifest's files, in order.
pub fn write<'a>(
    manifest: &Manifest,
    sources: impl Iterator<Item = &'a str>,
) -> io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut add = |path: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(tar::EntryType::Regular);
        // the time stands in the manifest: the same sources give the same entries
        header.set_mtime(0);
        tar.append_data(&mut header, path, bytes)
    };
    let mut json = serde_json::to_vec_pretty(manifest)?;
    json.push(b'\n');
    add(MANIFEST, &json)?;
    for (item, source) in manifest.files.iter().zip(sources) {
        add(&item.path, source.as_bytes())?;
    }
    tar.into_inner()
}

/// The files of a bundle, in the order of its manifest.
pub fn read(bytes: &[u8]) -> Result<Vec<ImportFile>, BundleError> {
    let begins = |(sign, _): &&(&[u8], &str)| bytes.starts_with(sign);
    if let Some((_, program)) = COMPRESSED.iter().find(begins) {
        return Err(BundleError::Compressed(program));
    }
    let mut archive = tar::Archive::new(bytes);
    let mut entries = archive.entries()?;
    let manifest = manifest(entries.next().transpose()?)?;
    let mut wanted: BTreeMap<&str, &Item> = BTreeMap::new();
    for item in &manifest.files {
        if item.path != path(&item.namespace, &item.name) {
            return Err(BundleError::Place(item.path.clone()));
        }
        if wanted.insert(&item.path, item).is_some() {
            return Err(BundleError::Twice(item.path.clone()));
        }
    }
    let mut found: BTreeMap<&str, String> = BTreeMap::new();
    let mut left = MAX_BUNDLE_BYTES;
    for entry in entries {
        let mut entry = entry?;
        let path = plain(&entry)?;
        let item = wanted.get(path.as_str()).ok_or_else(|| BundleError::Place(path.clone()))?;
        let most = MAX_FILE_BYTES.min(left);
        let Some(bytes) = content(&mut entry, most)? else {
            return Err(if most < MAX_FILE_BYTES {
                BundleError::Size
            } else {
                BundleError::FileSize(path)
            });
        };
        left -= bytes.len();
        if blake3::hash(&bytes).to_hex().as_str() != item.blake3 {
            return Err(BundleError::Hash(path));
        }
        let text = String::from_utf8(bytes).map_err(|_| BundleError::Text(path.clone()))?;
        if found.insert(&item.path, text).is_some() {
            return Err(BundleError::Twice(path));
        }
    }
    let files = manifest.files.iter().map(|item| {
        let place = || BundleError::Place(item.path.clone());
        let missing = || BundleError::Missing(item.path.clone());
        Ok(ImportFile {
            namespace: item.namespace.parse::<Label>().map_err(|_| place())?,
            name: item.name.parse::<Label>().map_err(|_| place())?,
            file: item.path.clone(),
            source: found.remove(item.path.as_str()).ok_or_else(missing)?,
        })
    });
    files.collect()
}

type Entry<'a> = tar::Entry<'a, &'a [u8]>;

fn manifest(entry: Option<Entry<'_>>) -> Result<Manifest, BundleError> {
    let Some(mut entry) = entry else { return Err(BundleError::NoManifest) };
    if plain(&entry)? != MANIFEST {
        return Err(BundleError::NoManifest);
    }
    let Some(bytes) = content(&mut entry, MAX_MANIFEST_BYTES)? else {
        return Err(BundleError::Entries);
    };
    let unread = |e: serde_json::Error| BundleError::Manifest(e.to_string());
    // of a later format not all is understood, but which one it is
    let Format { format } = serde_json::from_slice(&bytes).map_err(unread)?;
    if format != FORMAT {
        return Err(BundleError::Format(format));
    }
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(unread)?;
    if manifest.files.len() > MAX_BUNDLE_FILES {
        return Err(BundleError::Entries);
    }
    Ok(manifest)
}

/// The path of an entry that is a file and nothing else.
fn plain(entry: &Entry<'_>) -> Result<String, BundleError> {
    let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    match entry.header().entry_type() {
        tar::EntryType::Regular => Ok(path),
        _ => Err(BundleError::Kind(path)),
    }
}

/// The content of an entry; `None` when it is larger than `most`.
fn content(entry: &mut Entry<'_>, most: usize) -> Result<Option<Vec<u8>>, BundleError> {
    let mut bytes = Vec::new();
    entry.take(most as u64 + 1).read_to_end(&mut bytes)?;
    let whole = bytes.len() as u64 == entry.size();
    if bytes.len() > most {
        return Ok(None);
    }
    if !whole {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    Ok(Some(bytes))
}

fn path(namespace: &str, name: &str) -> String {
    format!("workflows/{namespace}/{name}.yaml")
}

#[cfg(test)]
mod tests;
