//! Reading a backup: every byte of every member against the manifest.
//!
//! A file is checked as a whole before anything is made of it: the manifest is at its end.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::{
    BadBackup, FORMAT, HEAD, Head, MANIFEST, MAX_HEAD, MAX_MANIFEST, MAX_PIECE, Manifest, Member,
    SEAL,
};

/// A backup in which nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub head: Head,
    pub manifest: Manifest,
    /// Of the whole file.
    pub bytes: u64,
}

#[derive(serde::Deserialize)]
struct Format {
    format: u32,
}

/// Looks at everything in the file at `path`.
pub fn check(path: &Path) -> Result<Checked, BadBackup> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    let mut archive = tar::Archive::new(BufReader::with_capacity(1 << 20, file));
    let mut seen: Vec<Member> = Vec::new();
    let mut rows = BTreeMap::<String, u64>::new();
    let (mut head, mut manifest, mut sealed) = (None, None, false);
    for entry in archive.entries()? {
        let last = || seen.last().map_or_else(String::new, |member| member.path.clone());
        let mut entry = entry.map_err(|_| match seen.is_empty() {
            true => BadBackup::Foreign,
            false => BadBackup::Torn(last()),
        })?;
        let path = path_of(&entry)?;
        match path.as_str() {
            _ if sealed => return Err(BadBackup::Place(path)),
            HEAD if seen.is_empty() => {
                let (text, member) = small(&mut entry, &path, MAX_HEAD)?;
                head = Some(read_head(&text)?);
                seen.push(member);
            }
            _ if seen.is_empty() => return Err(BadBackup::Foreign),
            MANIFEST => {
                let (text, member) = small(&mut entry, &path, MAX_MANIFEST)?;
                let unread = |e: serde_json::Error| BadBackup::Unreadable(path, e.to_string());
                let read: Manifest = serde_json::from_slice(&text).map_err(unread)?;
                manifest = Some((read, member.blake3));
            }
            SEAL => {
                let (text, _) = small(&mut entry, &path, MAX_HEAD)?;
                let seal = String::from_utf8_lossy(&text);
                let Some((_, hash)) = &manifest else { return Err(BadBackup::Place(path)) };
                if *seal != format!("{hash}\n") {
                    return Err(BadBackup::Content(MANIFEST.to_owned()));
                }
                sealed = true;
            }
            _ if manifest.is_some() => return Err(BadBackup::Place(path)),
            _ => match table_of(&path) {
                Some(table) => {
                    let (piece, member) = small(&mut entry, &path, MAX_PIECE)?;
                    // what cannot be counted is found by its hash
                    *rows.entry(table.to_owned()).or_default() += count(&piece).unwrap_or(0);
                    seen.push(member);
                }
                None => seen.push(large(&mut entry, &path)?),
            },
        }
    }
    let Some(head) = head else { return Err(BadBackup::Foreign) };
    let last = seen.last().map_or_else(String::new, |member| member.path.clone());
    let Some((manifest, _)) = manifest.filter(|_| sealed) else {
        return Err(BadBackup::Torn(last));
    };
    compare(&seen, &manifest.members)?;
    for (table, wanted) in &manifest.tables {
        if rows.get(table) != Some(wanted) {
            return Err(BadBackup::Content(format!("store/{table}")));
        }
    }
    Ok(Checked { head, manifest, bytes })
}

/// Gives every member of a file that [`check`] found to be good, in its order.
pub fn members<E: From<io::Error>>(
    path: &Path,
    mut each: impl FnMut(&str, u64, &mut dyn Read) -> Result<(), E>,
) -> Result<(), E> {
    let file = BufReader::with_capacity(1 << 20, File::open(path)?);
    for entry in tar::Archive::new(file).entries()? {
        let mut entry = entry?;
        // somebody may have changed the file since
        let foreign = |bad: BadBackup| io::Error::new(io::ErrorKind::InvalidData, bad.to_string());
        let name = path_of(&entry).map_err(foreign)?;
        let size = entry.size();
        each(&name, size, &mut entry)?;
    }
    Ok(())
}

fn read_head(text: &[u8]) -> Result<Head, BadBackup> {
    // of a later format not all is understood, but which one it is
    let Format { format } = serde_json::from_slice(text).map_err(|_| BadBackup::Foreign)?;
    if format != FORMAT {
        return Err(BadBackup::Format(format));
    }
    serde_json::from_slice(text).map_err(|_| BadBackup::Foreign)
}

type Entry<'a, R> = tar::Entry<'a, R>;

/// Paths of ours are plain: parts that are letters, digits and a few signs, none of
/// which leads upwards. Nothing is unpacked by them, but they are shown to people.
fn path_of<R: Read>(entry: &Entry<'_, R>) -> Result<String, BadBackup> {
    let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let parts = path
        .split('/')
        .all(|part| !part.is_empty() && part != "." && part != ".." && part.chars().all(plain));
    if !parts || entry.header().entry_type() != tar::EntryType::Regular {
        return Err(BadBackup::Place(path));
    }
    Ok(path)
}

/// The table that a member has rows of.
fn table_of(path: &str) -> Option<&str> {
    path.strip_prefix("store/")?.split('/').next()
}

fn small<R: Read>(
    entry: &mut Entry<'_, R>,
    path: &str,
    most: u64,
) -> Result<(Vec<u8>, Member), BadBackup> {
    if entry.size() > most {
        return Err(BadBackup::Content(path.to_owned()));
    }
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).map_err(|e| torn(path, &e))?;
    if bytes.len() as u64 != entry.size() {
        return Err(BadBackup::Torn(path.to_owned()));
    }
    let member = member(path, bytes.len() as u64, &blake3::hash(&bytes));
    Ok((bytes, member))
}

fn large<R: Read>(entry: &mut Entry<'_, R>, path: &str) -> Result<Member, BadBackup> {
    let mut hasher = blake3::Hasher::new();
    let mut read = 0;
    let mut buffer = vec![0; 64 << 10];
    loop {
        match entry.read(&mut buffer).map_err(|e| torn(path, &e))? {
            0 => break,
            n => {
                hasher.update(&buffer[..n]);
                read += n as u64;
            }
        }
    }
    if read != entry.size() {
        return Err(BadBackup::Torn(path.to_owned()));
    }
    Ok(member(path, read, &hasher.finalize()))
}

fn torn(path: &str, error: &io::Error) -> BadBackup {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => BadBackup::Torn(path.to_owned()),
        _ => BadBackup::Unreadable(path.to_owned(), error.to_string()),
    }
}

fn member(path: &str, bytes: u64, hash: &blake3::Hash) -> Member {
    Member { path: path.to_owned(), bytes, blake3: hash.to_hex().to_string() }
}

/// Rows of a piece; `None` when it is none.
fn count(mut rest: &[u8]) -> Option<u64> {
    let mut parts = 0;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<4>()?;
        (_, rest) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        parts += 1;
    }
    Some(parts / 2)
}

fn compare(seen: &[Member], wanted: &[Member]) -> Result<(), BadBackup> {
    for (index, wanted) in wanted.iter().enumerate() {
        match seen.get(index) {
            Some(member) if member == wanted => {}
            Some(member) if member.path == wanted.path => {
                return Err(BadBackup::Content(wanted.path.clone()));
            }
            _ => return Err(BadBackup::Missing(wanted.path.clone())),
        }
    }
    match seen.get(wanted.len()) {
        Some(more) => Err(BadBackup::Place(more.path.clone())),
        None => Ok(()),
    }
}
